//! Orders as OKX shows them: pushed, looked up, or listed.

use okx_common::{
    clock::Now,
    decimal::Decimal,
    enums::{AmendResult, CancelSource, InstType, OrderState, Side},
    ids::{AlgoId, OrdId},
};

use super::{
    EventKind, External, Fill, Level, OrderTracker, Output,
    order::{Amend, End, Ending, Order, Stage},
    outcome::reason,
};
use crate::orders::{
    lookup::is_spread,
    row::{FillHint, FillRow, OrderRow},
};

/// A fill beyond the quantity is believed when it was listed so often.
const FETCHES_UNTIL_BELIEVED: u32 = 4;

impl OrderTracker {
    /// A row of the `orders` (or `sprd-orders`) channel.
    pub fn order_row(&mut self, row: &OrderRow, now: Now) {
        match self.owner(row) {
            Some(no) => {
                self.with(no, now, |tracker, order| tracker.apply(no, order, row, now));
            }
            None => match self.undecided(row).cloned() {
                // One of two legs has traded. Which, the strategy order tells; the fills are fetched then.
                Some(legs) => {
                    for no in legs {
                        self.with(no, now, |_, order| {
                            if !order.is_closed() {
                                order.doubt_due_ns.get_or_insert(now.mono_ns);
                            }
                        });
                    }
                }
                None => self.external_order(row),
            },
        }
    }

    /// A row of the `fills` channel: fills that do not come on `orders` too are fetched.
    pub fn fill_hint(&mut self, hint: &FillHint, now: Now) {
        let Some(no) = self.by_ord.get(&hint.ord_id).copied() else { return };
        let wait = self.config.push_wait_ns;
        self.with(no, now, |_, order| {
            if !order.is_closed() && !order.trades.contains(&hint.trade_id) {
                order.hinted = Some(hint.trade_id.clone());
                order.fills_due_ns.get_or_insert(now.mono_ns.saturating_add(wait));
            }
        });
    }

    /// Whose row it is: by OKX's id, then by ours, then by the strategy order that made it.
    pub(super) fn owner(&self, row: &OrderRow) -> Option<u64> {
        if let Some(no) = self.by_ord.get(row.ord_id.as_str()) {
            return Some(*no);
        }
        let of_client = row.client_id().and_then(|id| self.by_cl.get(id)).copied().filter(|no| {
            // OKX takes an id again once its order is over: another order may have had it, or have it now.
            self.orders.get(no).is_some_and(|order| {
                !order.is_algo() && order.ord_id.as_deref().is_none_or(|id| id == row.ord_id)
            })
        });
        if of_client.is_none() && self.undecided(row).is_some() {
            return self.triggered_leg(row);
        }
        let of_algo = || self.by_algo.get(row.algo_id.as_str()).copied();
        let of_algo_client = || {
            let no = self.by_cl.get(row.algo_cl_ord_id.as_str()).copied()?;
            let order = self.orders.get(&no)?;
            let same = order.algo_id.as_deref().is_none_or(|id| id == row.algo_id);
            (order.is_algo() && same).then_some(no)
        };
        of_client.or_else(of_algo).or_else(of_algo_client)
    }

    /// Takes what OKX shows.
    pub(super) fn apply(&mut self, no: u64, order: &mut Order, row: &OrderRow, now: Now) {
        self.link(no, order, row);
        if let Some(acc) = row.acc_fill_sz {
            order.note_acc(&row.ord_id, acc);
        }
        if let Stage::Closed { refused, .. } = order.stage {
            return self.late(order, row, refused, now);
        }
        // What is filled never goes back: that tells rows of one millisecond apart.
        let shows_all = row.acc_fill_sz.is_none_or(|acc| acc >= order.acc_of(&row.ord_id));
        let is_fresh = shows_all && row.u_time_ms.is_none_or(|at| at >= order.last_u_ms);
        let is_tie = row.u_time_ms == Some(order.last_u_ms);
        order.last_u_ms = order.last_u_ms.max(row.u_time_ms.unwrap_or(0));
        let Some(state) = row.state else {
            let text = format!(
                "OKX shows order {} ({}) in a state that is not known; looking it up",
                order.new.cl_ord_id, row.ord_id
            );
            self.log(Level::Error, text);
            order.doubt_due_ns.get_or_insert(now.mono_ns);
            return;
        };
        if is_fresh && !is_tie {
            order.doubt_due_ns = None;
        }
        order.absent = 0;
        if is_refused_post_only(order, row, state) {
            let reason = cancel_reason(row);
            return self.reject(no, order, reason, true, row.u_time_ms, now);
        }
        self.accept(order, row.c_time_ms.or(row.u_time_ms));
        if order.new.immediate && !state.is_final() {
            order.final_due_ns.get_or_insert(now.mono_ns.saturating_add(self.config.push_wait_ns));
        }
        if order.is_algo() && order.new.order_type.has_trigger_event() && !order.triggered {
            order.triggered = true;
            self.emit(order, row.c_time_ms.or(row.u_time_ms), EventKind::Triggered);
        }
        if state.is_final() && order.ending.is_none() {
            order.ending = Some(Ending { how: end_of(row, state), ts_ms: row.u_time_ms });
        }
        if is_fresh {
            self.apply_change(order, row, state, is_tie, now);
        }
        if let Some(fill) = &row.fill {
            self.fill(order, fill, true, now);
        }
    }

    /// Connects the row's ids to the order.
    fn link(&mut self, no: u64, order: &mut Order, row: &OrderRow) {
        if row.ord_id.is_empty() {
            return;
        }
        if order.is_algo() {
            order.effective = true;
            if order.algo_id.is_none() && !row.algo_id.is_empty() {
                order.algo_id = Some(AlgoId::new(&row.algo_id));
                self.by_algo.entry(AlgoId::new(&row.algo_id)).or_insert(no);
            }
        }
        if order.ord_id.as_deref() != Some(row.ord_id.as_str()) {
            let id = OrdId::new(&row.ord_id);
            self.by_ord.insert(id.clone(), no);
            order.ord_id = Some(id);
        }
    }

    /// Something comes of an order that is over for the engine.
    fn late(&mut self, order: &mut Order, row: &OrderRow, refused: bool, now: Now) {
        let Some(fill) = row.fill.as_ref().filter(|fill| !order.trades.contains(&fill.trade_id)) else {
            return;
        };
        if refused {
            let text = format!(
                "order {} was rejected here, yet OKX shows it traded ({}): reported as an order of somebody else",
                order.new.cl_ord_id, row.ord_id
            );
            self.log(Level::Error, text);
            order.trades.insert(fill.trade_id.clone());
            self.outputs.push_back(Output::External(External::Order(Box::new(row.clone()))));
            return;
        }
        // The engine takes a fill of a cancelled order.
        self.fill(order, fill, true, now);
    }

    /// Amendments, and changes that OKX made by itself.
    fn apply_change(&mut self, order: &mut Order, row: &OrderRow, state: OrderState, is_tie: bool, now: Now) {
        let settled = self.settle_amends(order, row);
        let quantity = row.sz.filter(|sz| {
            // The size of an order in quote currency is not a quantity. That of an order that is over matters only if the fills
            // to come need the room.
            let is_more = *sz > order.new.quantity;
            // OKX may cut what it makes of a strategy order, but more than it had is there only after an amendment.
            let is_meant = !order.is_algo_market() || settled || (is_more && counts_in_base(row));
            !order.new.quote_quantity && is_meant && sz.is_positive() && (!state.is_final() || is_more)
        });
        // 0 is no price, except of a spread.
        let is_price = |px: &Decimal| !px.is_zero() || is_spread(&order.new.inst_id);
        let price = row.px.filter(|px| order.new.price.is_some() && is_price(px));
        let changed = quantity.is_some_and(|q| q != order.new.quantity)
            || price.is_some_and(|p| Some(p) != order.new.price);
        if !(settled || changed) || (state.is_final() && quantity.is_none()) {
            return;
        }
        if changed && is_tie {
            // Two forms in one millisecond: a lookup tells which is the later one.
            order.doubt_due_ns = Some(now.mono_ns.saturating_add(self.config.push_wait_ns));
        }
        order.new.quantity = quantity.unwrap_or(order.new.quantity);
        order.new.price = price.or(order.new.price);
        if order.filled >= order.new.quantity && !order.new.quote_quantity {
            // For the engine it is over.
            return;
        }
        self.updated(order, row.u_time_ms, false);
    }

    pub(super) fn updated(&mut self, order: &Order, ts_ms: Option<u64>, now_in_base: bool) {
        let NewFields { quantity, price, trigger_price } = fields(order);
        self.emit(order, ts_ms, EventKind::Updated { quantity, price, trigger_price, now_in_base });
    }

    /// Whether an amendment has taken effect. Those that failed are reported.
    fn settle_amends(&mut self, order: &mut Order, row: &OrderRow) -> bool {
        let by_id = order.amends.iter().position(|a| !row.req_id.is_empty() && a.req_id == row.req_id);
        if let Some(index) = by_id {
            let applied = shows(&order.amends[index], row);
            match row.amend_result {
                Some(AmendResult::Success | AmendResult::Automatic) => {}
                Some(AmendResult::Canceled) => {
                    order.amends.remove(index);
                    return false;
                }
                // Without a result the values tell.
                Some(AmendResult::Unknown(_)) | None if applied => {}
                _ => {
                    order.amends.remove(index);
                    let code = okx_common::error_code::ErrorCode::parse(&row.code).unwrap_or_default();
                    let reason = if code.is_success() {
                        format!("OKX did not change the order: {}", row.msg)
                    } else {
                        reason(code, &row.msg)
                    };
                    self.emit(order, row.u_time_ms, EventKind::ModifyRejected { reason });
                    return false;
                }
            }
            order.amends.drain(..=index);
            return true;
        }
        // The push with the result may have been lost: what is shown has it. Earlier ones are overtaken by it.
        let Some(index) = order.amends.iter().rposition(|a| shows(a, row)) else { return false };
        order.amends.drain(..=index);
        true
    }

    /// Passes a fill on, unless it was passed on before.
    ///
    /// `sized`: it came with the order as it is now, its size included.
    pub(super) fn fill(&mut self, order: &mut Order, row: &FillRow, sized: bool, now: Now) {
        #[cfg(test)]
        if self.counts_fills_twice {
            order.trades.remove(&row.trade_id);
        }
        if order.trades.contains(&row.trade_id) {
            return;
        }
        let Ok(after) = order.filled.checked_add(row.sz) else { return };
        // A list does not tell the size of the order, which may have been amended.
        let is_last = !sized && order.ending.is_none() && after == order.new.quantity;
        if (is_last || after > order.new.quantity) && self.must_wait(order, now) {
            return;
        }
        if after > order.new.quantity && !order.new.quote_quantity && !order.is_closed() {
            if order.filled >= order.new.quantity {
                return self.beyond(order, row, after);
            }
            order.new.quantity = after;
            self.updated(order, None, false);
        }
        order.trades.insert(row.trade_id.clone());
        order.note_acc_of_fill(&row.ord_id, after);
        order.filled = after;
        self.last_fill_ms = self.last_fill_ms.max(row.ts_ms);
        let fill = Fill {
            ord_id: row.ord_id.clone(),
            trade_id: row.trade_id.clone(),
            side: row.side.unwrap_or(order.new.side),
            px: row.px,
            qty: row.sz,
            commission: row.commission.clone(),
            exec_type: row.exec_type,
        };
        if order.new.quote_quantity && !order.is_closed() {
            // Only when the order is over its quantity in base currency is known; the last fill must find it set.
            self.release(order);
            order.held = Some((fill, row.ts_ms));
            return;
        }
        if let Some(Ending { how: End::Filled, .. }) = order.ending
            && order.filled >= order.acc_total()
            && order.new.quantity != order.filled
            && order.part_failed.is_none()
        {
            // The last fill must meet the quantity, or the engine would hold the order open.
            order.new.quantity = order.filled;
            self.updated(order, row.ts_ms, false);
        }
        self.emit(order, row.ts_ms, EventKind::Filled(fill));
    }

    /// A fill that reaches the quantity, or goes beyond: the order may have been amended, and nobody has told yet. What it is now
    /// is looked up first, or the engine would close the order too early. OKX's word on the size counts for so long; after that the fill does.
    fn must_wait(&mut self, order: &mut Order, now: Now) -> bool {
        if order.new.quote_quantity || order.is_closed() {
            return false;
        }
        if order.fetch.attempts < FETCHES_UNTIL_BELIEVED {
            order.doubt_due_ns.get_or_insert(now.mono_ns);
            return true;
        }
        false
    }

    /// A fill of an order that the engine has closed as filled: it takes no more of it, so it is reported beside.
    fn beyond(&mut self, order: &mut Order, row: &FillRow, after: Decimal) {
        let text = format!(
            "order {} of {} is filled, yet OKX lists trade {} of {} more: reported as an order of somebody else",
            order.new.cl_ord_id, order.new.quantity, row.trade_id, row.sz
        );
        self.log(Level::Error, text);
        order.trades.insert(row.trade_id.clone());
        order.note_acc_of_fill(&row.ord_id, after);
        order.filled = after;
        self.external_fill(row);
    }

    /// Passes on the fill that was held.
    pub(super) fn release(&mut self, order: &mut Order) {
        if let Some((fill, ts_ms)) = order.held.take() {
            self.emit(order, ts_ms, EventKind::Filled(fill));
        }
    }
}

impl Order {
    /// A strategy order that trades at the market: OKX may resize what it makes of it.
    fn is_algo_market(&self) -> bool {
        self.is_algo() && self.new.price.is_none()
    }

    fn note_acc_of_fill(&mut self, ord_id: &OrdId, total: Decimal) {
        if self.acc_total() < total {
            let known = self.acc.iter().find(|(id, _)| id == ord_id).map_or(Decimal::ZERO, |(_, acc)| *acc);
            let missing = total.checked_sub(self.acc_total()).unwrap_or(Decimal::ZERO);
            self.note_acc(ord_id, known.checked_add(missing).unwrap_or(known));
        }
    }
}

/// Whether the size is contracts or base currency: of a pair OKX may count what is bought at the market in quote currency.
fn counts_in_base(row: &OrderRow) -> bool {
    row.side == Some(Side::Sell) || !matches!(row.inst_type, None | Some(InstType::Spot | InstType::Margin))
}

struct NewFields {
    quantity: Decimal,
    price: Option<Decimal>,
    trigger_price: Option<Decimal>,
}

fn fields(order: &Order) -> NewFields {
    let new = &order.new;
    NewFields { quantity: new.quantity, price: new.price, trigger_price: new.trigger_price }
}

/// Whether the order is shown as the amendment wants it.
fn shows(amend: &Amend, row: &OrderRow) -> bool {
    let is = |want: Option<Decimal>, shown: Option<Decimal>| want.is_none() || want == shown;
    is(amend.change.quantity, row.sz)
        && is(amend.change.price, row.px)
        && amend.change.trigger_price.is_none()
}

fn is_refused_post_only(order: &Order, row: &OrderRow, state: OrderState) -> bool {
    state == OrderState::Canceled
        && row.cancel_source == Some(CancelSource::PostOnly)
        && !order.accepted
        && !row.has_fills()
}

fn end_of(row: &OrderRow, state: OrderState) -> End {
    match (state, &row.cancel_source) {
        (OrderState::Filled, _) => End::Filled,
        (_, Some(CancelSource::OptionExpiry | CancelSource::Delivery)) => End::Expired(cancel_reason(row)),
        _ => End::Canceled(cancel_reason(row)),
    }
}

/// Who cancelled, and why.
pub(super) fn cancel_reason(row: &OrderRow) -> String {
    let said = |text: &str| if text.is_empty() { String::new() } else { format!(": {text}") };
    let source = match &row.cancel_source {
        None if row.state == Some(OrderState::MmpCanceled) => {
            return "market-maker protection was triggered".to_owned();
        }
        None => return format!("cancelled{}", said(&row.cancel_reason)),
        Some(source) => source,
    };
    let words = match source {
        CancelSource::System => "by OKX",
        CancelSource::User => "by the user",
        CancelSource::ReduceOnlyMargin => "reduce-only, insufficient margin",
        CancelSource::Liquidation => "risk control or liquidation",
        CancelSource::BorrowCap => "borrowing reached its cap",
        CancelSource::Adl => "auto-deleveraging",
        CancelSource::Delivery => "delivery of the future",
        CancelSource::FundingFee => "the balance did not cover the funding fee",
        CancelSource::OptionExpiry => "the option expired",
        CancelSource::Fok => "fill-or-kill could not be filled",
        CancelSource::Ioc => "the rest of an immediate-or-cancel order",
        CancelSource::PriceLimit => "the price was beyond the limit",
        CancelSource::PositionClosed => "the position was closed",
        CancelSource::CancelAllAfter => "cancel-all-after ran out",
        CancelSource::TpSlPositionClosed => "take profit or stop loss of a closed position",
        CancelSource::ReduceOnlyReplaced | CancelSource::ReduceOnlyBetterPrice => {
            "reduce-only, replaced by an order at a better price"
        }
        CancelSource::PriceDifference => "the price moved by more than 5 %",
        CancelSource::PostOnly => "post-only would have taken",
        CancelSource::SelfTrade => "self-trade prevention",
        CancelSource::TooManyMatches => "it matched more than 1000 orders",
        CancelSource::SettlementMargin => "insufficient margin for settlement",
        CancelSource::TpLimitSlTriggered => "take-profit limit, the stop loss was triggered",
        CancelSource::TpLimitSlCanceled => "take-profit limit, the stop loss was cancelled",
        CancelSource::MmpUser => "market-maker protection, by the user",
        CancelSource::MmpTriggered => "market-maker protection was triggered",
        CancelSource::ChaseDistance => "the chase distance was reached",
        CancelSource::PreQuoteEnd => "end of the pre-quote phase",
        CancelSource::AutoConversion => "automatic conversion",
        CancelSource::RpiPrice => "RPI price check",
        CancelSource::DeltaReducing => "delta reducing",
        _ => "a reason that is not known",
    };
    format!("cancelSource {source}: {words}{}", said(&row.cancel_reason))
}
