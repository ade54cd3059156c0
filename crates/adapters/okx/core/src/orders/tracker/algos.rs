//! Strategy orders as OKX shows them.

use okx_common::{
    clock::Now,
    decimal::Decimal,
    enums::AlgoState,
    error_code::ErrorCode,
    ids::{AlgoId, OrdId},
};

use super::{
    EventKind, External, Level, OrderTracker,
    legs::{Fate, Leg},
    order::{End, Ending, Order},
    outcome::reason,
};
use crate::orders::row::AlgoRow;

impl OrderTracker {
    /// A row of `orders-algo` or `algo-advance`.
    pub fn algo_row(&mut self, row: &AlgoRow, now: Now) {
        let owners = self.algo_owners(row);
        if owners.is_empty() {
            return self.external_algo(row);
        }
        for no in owners {
            self.with(no, now, |tracker, order| tracker.apply_algo(no, order, row, now));
        }
    }

    pub(super) fn algo_owner(&self, row: &AlgoRow) -> Option<u64> {
        self.by_algo.get(row.algo_id.as_str()).copied().or_else(|| {
            let no = self.by_cl.get(row.algo_cl_ord_id.as_str()).copied()?;
            let order = self.orders.get(&no)?;
            let same = order.algo_id.as_deref().is_none_or(|id| id == row.algo_id);
            (order.is_algo() && same).then_some(no)
        })
    }

    /// Takes what OKX shows of a strategy order.
    pub(super) fn apply_algo(&mut self, no: u64, order: &mut Order, row: &AlgoRow, now: Now) {
        if order.algo_id.is_none() && !row.algo_id.is_empty() {
            order.algo_id = Some(AlgoId::new(&row.algo_id));
            self.by_algo.entry(AlgoId::new(&row.algo_id)).or_insert(no);
        }
        if order.is_closed() {
            if row.state == Some(AlgoState::PartiallyFailed) {
                let text = format!("order {} ended in part only: {}", order.new.cl_ord_id, fail_reason(row));
                self.log(Level::Warning, text);
            }
            return;
        }
        let is_fresh = row.u_time_ms.is_none_or(|at| at >= order.last_u_ms);
        order.last_u_ms = order.last_u_ms.max(row.u_time_ms.unwrap_or(0));
        let Some(state) = row.state else {
            let text = format!(
                "OKX shows strategy order {} ({}) in state {:?}, which is not known; looking it up",
                order.new.cl_ord_id, row.algo_id, row.state_text
            );
            self.log(Level::Error, text);
            order.doubt_due_ns.get_or_insert(now.mono_ns);
            return;
        };
        order.doubt_due_ns = None;
        order.absent = 0;
        if state == AlgoState::OrderFailed && !order.accepted {
            order.ending = Some(Ending { how: End::Failed(fail_reason(row)), ts_ms: row.u_time_ms });
            return;
        }
        self.accept(order, row.u_time_ms);
        if is_fresh && !order.effective {
            self.apply_algo_change(order, row, state);
        }
        match state {
            AlgoState::Live | AlgoState::Pause => {}
            AlgoState::Effective | AlgoState::PartiallyEffective => match self.fate(order, row) {
                Fate::Mine => self.effective(no, order, row, now),
                Fate::Other => {
                    let reason = "the other leg of the bracket was triggered".to_owned();
                    self.end_algo(order, End::Canceled(reason), row);
                }
                Fate::Unclear => {
                    order.doubt_due_ns.get_or_insert(now.mono_ns.saturating_add(self.config.push_wait_ns));
                }
            },
            // Once it has made its order, that order decides.
            AlgoState::Canceled if !order.effective => {
                self.end_algo(order, End::Canceled("the strategy order was cancelled".to_owned()), row);
            }
            AlgoState::OrderFailed if !order.effective => {
                self.end_algo(order, End::Failed(fail_reason(row)), row);
            }
            AlgoState::PartiallyFailed => self.partly_failed(no, order, row, now),
            AlgoState::Canceled | AlgoState::OrderFailed => {}
        }
    }

    /// It was triggered, and a part of it came to nothing: the order of the rest decides, if there is one.
    fn partly_failed(&mut self, no: u64, order: &mut Order, row: &AlgoRow, now: Now) {
        match self.fate(order, row) {
            Fate::Other => {
                let reason = "the other leg of the bracket was triggered".to_owned();
                self.end_algo(order, End::Canceled(reason), row);
            }
            _ if row.ord_ids.is_empty() => self.end_algo(order, End::Failed(fail_reason(row)), row),
            Fate::Mine => {
                order.part_failed = Some(fail_reason(row));
                self.effective(no, order, row, now);
            }
            Fate::Unclear => {
                order.doubt_due_ns.get_or_insert(now.mono_ns.saturating_add(self.config.push_wait_ns));
            }
        }
    }

    fn end_algo(&mut self, order: &mut Order, how: End, row: &AlgoRow) {
        if order.ending.is_none() {
            order.ending = Some(Ending { how, ts_ms: row.u_time_ms });
        }
    }

    /// It was triggered: from now on the order that it made decides.
    fn effective(&mut self, no: u64, order: &mut Order, row: &AlgoRow, now: Now) {
        let is_news = !std::mem::replace(&mut order.effective, true);
        for id in &row.ord_ids {
            let id = OrdId::new(id);
            self.by_ord.insert(id.clone(), no);
            order.ord_id.get_or_insert(id);
        }
        if order.new.order_type.has_trigger_event() && !std::mem::replace(&mut order.triggered, true) {
            self.emit(order, row.u_time_ms, EventKind::Triggered);
        }
        if is_news {
            // Its order was pushed, or will be in a moment.
            order.final_due_ns.get_or_insert(now.mono_ns.saturating_add(self.config.push_wait_ns));
        }
    }

    fn apply_algo_change(&mut self, order: &mut Order, row: &AlgoRow, state: AlgoState) {
        let (trigger_px, ord_px) = prices_of(order, row);
        let mut settled = false;
        let by_id = order.amends.iter().position(|a| !row.req_id.is_empty() && a.req_id == row.req_id);
        if let Some(index) = by_id.filter(|_| row.amend_result == "-1") {
            order.amends.remove(index);
            let reason = format!("OKX did not change the strategy order: {}", fail_reason(row));
            self.emit(order, row.u_time_ms, EventKind::ModifyRejected { reason });
        } else if let Some(index) = by_id.or_else(|| {
            order.amends.iter().rposition(|a| {
                let is = |want: Option<Decimal>, shown: Option<Decimal>| want.is_none() || want == shown;
                let change = &a.change;
                is(change.quantity, row.sz)
                    && is(change.price, ord_px)
                    && is(change.trigger_price, trigger_px)
            })
        }) {
            order.amends.drain(..=index);
            settled = true;
        }
        let new = &mut order.new;
        let news = (
            row.sz.filter(|sz| sz.is_positive()).unwrap_or(new.quantity),
            ord_px.filter(|px| px.is_positive() && new.price.is_some()).or(new.price),
            trigger_px.filter(|px| px.is_positive() && new.trigger_price.is_some()).or(new.trigger_price),
        );
        let changed = news != (new.quantity, new.price, new.trigger_price);
        // An amendment can set off the order itself: it is answered all the same. Where the order ends, its end answers.
        let is_answer = settled && !matches!(state, AlgoState::Canceled | AlgoState::OrderFailed);
        if is_answer || changed && matches!(state, AlgoState::Live | AlgoState::Pause) {
            (new.quantity, new.price, new.trigger_price) = news;
            self.updated(order, row.u_time_ms, false);
        }
    }

    fn external_algo(&mut self, row: &AlgoRow) {
        if self.external.is_news(&row.algo_id, &(row.state, row.sz, row.trigger_px, row.ord_px)) {
            self.outputs.push_back(super::Output::External(External::Algo(Box::new(row.clone()))));
        }
    }
}

/// Trigger price and order price of the order, or of the leg that it is.
fn prices_of(order: &Order, row: &AlgoRow) -> (Option<Decimal>, Option<Decimal>) {
    match order.new.attached.as_ref().map(|attached| attached.leg) {
        Some(Leg::TakeProfit) => row.tp,
        Some(Leg::StopLoss) => row.sl,
        None => (row.trigger_px, row.ord_px),
    }
}

fn fail_reason(row: &AlgoRow) -> String {
    match ErrorCode::parse(&row.fail_code) {
        Some(code) => format!("the order of the strategy order failed: {}", reason(code, "")),
        None => "the order of the strategy order failed".to_owned(),
    }
}
