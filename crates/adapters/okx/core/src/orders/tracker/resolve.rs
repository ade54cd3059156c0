//! Finding out what became of commands: lookups with pauses that grow.

use okx_common::{
    clock::Now,
    decimal::Decimal,
    ids::{AlgoClOrdId, OrdId},
    order::{AlgoTarget, OrderTarget},
};

use super::{
    Ask, AskId, EventKind, Found, Level, OrderTracker,
    order::{End, Ending, Order},
};
use crate::orders::row::{FillRow, OrderRow};

/// Lookups of an order that should be over, until it is taken as resting.
const FINAL_LOOKUPS: u32 = 4;
/// "Does not exist" is believed when it was said so often.
const ABSENT_TIMES: u32 = 2;
/// An order that was made so much earlier than ours was sent is another one.
const CLOCK_TOLERANCE_MS: u64 = 60_000;

impl OrderTracker {
    /// When the order's timer is due.
    pub(super) fn deadline_of(&self, order: &Order) -> Option<u64> {
        let of = |due: Option<u64>, asking: &super::order::Asking| match asking.open {
            Some((_, since)) => Some(since.saturating_add(self.config.ask_wait_ns)),
            None => due.map(|due| due.max(asking.next_ns)),
        };
        let lookup = of(order.lookup_due(), &order.lookup);
        let fetch = of(order.fetch_due(), &order.fetch);
        [lookup, fetch].into_iter().flatten().min()
    }

    /// The order's timer has come.
    pub(super) fn resolve(&mut self, no: u64, order: &mut Order, now: Now) {
        let now_ns = now.mono_ns;
        let wait = self.config.ask_wait_ns;
        for asking in [&mut order.lookup, &mut order.fetch] {
            // A question that nobody answers is asked again.
            if asking.open.is_some_and(|(_, since)| since.saturating_add(wait) <= now_ns)
                && let Some((id, _)) = asking.open.take()
            {
                self.asks.remove(&id);
            }
        }
        match order.lookup_due() {
            None => order.lookup.restart(),
            Some(due) if order.lookup.open.is_none() && due.max(order.lookup.next_ns) <= now_ns => {
                let id = self.ask(no, lookup_of(order));
                self.asked(&mut order.lookup, id, now_ns);
            }
            Some(_) => {}
        }
        match order.fetch_due() {
            None => order.fetch.restart(),
            Some(due) if order.fetch.open.is_none() && due.max(order.fetch.next_ns) <= now_ns => {
                let ord_id = order.ord_id.clone();
                // Without OKX's id there are no fills to ask for; a lookup tells it.
                let Some(ord_id) = ord_id else {
                    order.fills_due_ns = None;
                    order.doubt_due_ns.get_or_insert(now_ns);
                    return;
                };
                let at_least = order.acc_of(&ord_id);
                let ask = Ask::Fills { inst_id: order.new.inst_id.clone(), ord_id, at_least };
                let id = self.ask(no, ask);
                self.asked(&mut order.fetch, id, now_ns);
            }
            Some(_) => {}
        }
    }

    fn asked(&self, asking: &mut super::order::Asking, id: AskId, now_ns: u64) {
        asking.attempts += 1;
        asking.next_ns = now_ns.saturating_add(self.config.backoff_ns(asking.attempts));
        asking.open = Some((id, now_ns));
    }

    /// The answer to [`Ask::Order`] or [`Ask::Algo`].
    pub fn looked_up(&mut self, ask: AskId, found: &Found, now: Now) {
        let Some(no) = self.asks.remove(&ask) else { return };
        self.with(no, now, |tracker, order| {
            let Some((_, asked_ns)) = order.lookup.open.take_if(|(id, _)| *id == ask) else { return };
            if order.is_closed() {
                return;
            }
            match found {
                Found::Order(row) => tracker.found(no, order, row, asked_ns, now),
                Found::Algo(row) => {
                    // The other leg is shown too; it asks for itself.
                    order.doubt_due_ns = None;
                    tracker.apply_algo(no, order, row, now);
                    // What it made is looked up next.
                    if order.waits_for_trigger() {
                        tracker.conclude(order, asked_ns, row.u_time_ms);
                    }
                }
                Found::Absent => tracker.absent(no, order, asked_ns, now),
                Found::Failed(why) => {
                    let (attempts, id) = (order.lookup.attempts, &order.new.cl_ord_id);
                    let text = format!("lookup {attempts} of order {id} failed ({why}); trying again");
                    let level = if attempts >= 3 { Level::Warning } else { Level::Info };
                    tracker.log(level, text);
                }
            }
            if order.lookup_due().is_none() {
                order.lookup.restart();
            }
        });
        self.claim_fills(now);
    }

    fn found(&mut self, no: u64, order: &mut Order, row: &OrderRow, asked_ns: u64, now: Now) {
        if !order.is_algo() && order.ord_id.as_deref().is_some_and(|id| id != row.ord_id) {
            // Another order with our id; ours is not shown.
            return;
        }
        if let Some(submit) = order.submit.as_ref().filter(|s| s.duplicate) {
            let age_ms = now.mono_ns.saturating_sub(submit.sent_ns) / 1_000_000;
            if !is_ours(order, row, now.unix_ms().saturating_sub(age_ms)) {
                let reason = submit.cause.clone().unwrap_or_default();
                let reason =
                    format!("{reason} (the order of this id at OKX, {}, is another one)", row.ord_id);
                return self.reject(no, order, reason, false, None, now);
            }
        }
        order.doubt_due_ns = None;
        self.apply(no, order, row, now);
        self.conclude(order, asked_ns, row.u_time_ms);
    }

    /// The order is shown, and still open: what was asked of it long enough ago did not happen.
    fn conclude(&mut self, order: &mut Order, asked_ns: u64, shown_ms: Option<u64>) {
        let is_stale = shown_ms.is_some_and(|at| at < order.last_u_ms);
        if order.is_closed() || order.ending.is_some() || order.doubt_due_ns.is_some() || is_stale {
            return;
        }
        let grace = self.config.change_grace_ns;
        let is_over = |sent_ns: u64| asked_ns >= sent_ns.saturating_add(grace);
        if let Some(cancel) = order.cancel.take_if(|cancel| is_over(cancel.sent_ns)) {
            let reason = format!("the order is still open at OKX{}", because(cancel.cause));
            self.emit(order, None, EventKind::CancelRejected { reason });
        }
        while let Some(index) = order.amends.iter().position(|a| is_over(a.pending.sent_ns)) {
            let amend = order.amends.remove(index);
            let reason = format!("OKX shows the order unchanged{}", because(amend.pending.cause));
            self.emit(order, None, EventKind::ModifyRejected { reason });
        }
        if order.final_due_ns.is_some() && order.lookup.attempts >= FINAL_LOOKUPS {
            // It rests after all: a market order at the edge of the price band, for one.
            order.final_due_ns = None;
            self.release(order);
        }
    }

    /// OKX says that the order does not exist.
    fn absent(&mut self, no: u64, order: &mut Order, asked_ns: u64, now: Now) {
        order.absent += 1;
        let grace = self.config.absent_grace_ns;
        let is_believed = order.absent >= ABSENT_TIMES && self.link_ready;
        if !order.accepted && !order.acc.iter().any(|(_, acc)| acc.is_positive()) {
            let Some(submit) = &order.submit else { return };
            if is_believed && asked_ns >= submit.sent_ns.saturating_add(grace) {
                let cause = submit.cause.clone().unwrap_or_else(|| "no answer".to_owned());
                let reason = format!("{cause}; OKX does not know the order (51603)");
                self.reject(no, order, reason, false, None, now);
            }
            return;
        }
        let waits_since =
            [&order.submit, &order.cancel].into_iter().flatten().map(|p| p.sent_ns).max().unwrap_or(0);
        if is_believed && asked_ns >= waits_since.saturating_add(self.config.change_grace_ns) {
            if order.waits_for_trigger() || order.ord_id.is_none() {
                order.ending = Some(gone());
            } else {
                // It was accepted and is not known any more: an order without fills that was cancelled hours ago. Its fills
                // would be known longer.
                order.vanished = true;
                order.fills_due_ns = Some(now.mono_ns);
            }
        }
    }

    /// The answer to [`Ask::Fills`].
    pub fn fills_fetched(&mut self, ask: AskId, fills: Result<&[FillRow], String>, now: Now) {
        let Some(no) = self.asks.remove(&ask) else { return };
        self.with(no, now, |tracker, order| {
            if order.fetch.open.take_if(|(id, _)| *id == ask).is_none() || order.is_closed() {
                return;
            }
            let rows = match fills {
                Ok(rows) => rows,
                Err(why) => {
                    let text = format!(
                        "fills of order {} could not be fetched ({why}); trying again",
                        order.new.cl_ord_id
                    );
                    return tracker.log(Level::Warning, text);
                }
            };
            let mut rows: Vec<_> = rows.iter().filter(|row| is_of(order, row)).collect();
            rows.sort_by(|one, other| FillRow::by_time(one, other));
            for row in rows {
                if order.vanished && !order.trades.contains(&row.trade_id) {
                    let total = order.filled.checked_add(row.sz).unwrap_or(order.filled);
                    order.note_acc(&row.ord_id, total);
                }
                tracker.fill(order, row, false, now);
            }
            if order.misses_fills() {
                let attempts = order.fetch.attempts;
                if attempts.is_multiple_of(5) {
                    let text = format!(
                        "OKX shows {} of order {} filled but lists {} only; asking again",
                        order.acc_total(),
                        order.new.cl_ord_id,
                        order.filled
                    );
                    tracker.log(Level::Warning, text);
                }
                return;
            }
            order.hinted = None;
            order.fetch.restart();
            if std::mem::take(&mut order.vanished) {
                order.ending = Some(gone());
            }
        });
    }

    /// Doubts all open commands that pass: they are looked up at once.
    pub(super) fn doubt_all(
        &mut self,
        passes: impl Fn(&super::order::Pending) -> bool,
        cause: &str,
        now: Now,
    ) {
        let mut numbers: Vec<u64> = self.orders.keys().copied().collect();
        numbers.sort_unstable();
        for no in numbers {
            let has_open = self.orders.get(&no).is_some_and(|o| {
                let commands = [&o.submit, &o.cancel].into_iter().flatten();
                commands.chain(o.amends.iter().map(|a| &a.pending)).any(&passes)
            });
            if !has_open {
                continue;
            }
            self.with(no, now, |_, order| {
                let commands = [&mut order.submit, &mut order.cancel].into_iter().flatten();
                let amends = order.amends.iter_mut().map(|a| &mut a.pending);
                for pending in commands.chain(amends).filter(|p| passes(p)) {
                    pending.due_ns = pending.due_ns.min(now.mono_ns);
                    pending.cause.get_or_insert_with(|| cause.to_owned());
                }
            });
        }
    }
}

fn because(cause: Option<String>) -> String {
    cause.map_or_else(String::new, |cause| format!(" ({cause})"))
}

fn gone() -> Ending {
    let reason = "OKX does not know the order any more (51603): cancelled without a fill".to_owned();
    Ending { how: End::Canceled(reason), ts_ms: None }
}

fn is_of(order: &Order, row: &FillRow) -> bool {
    let is_its = |id: &OrdId| *id == row.ord_id;
    order.ord_id.as_ref().is_some_and(is_its) || order.acc.iter().any(|(id, _)| is_its(id))
}

/// Whether the order with our id is the one we sent: it was made after we sent ours, and is the same.
fn is_ours(order: &Order, row: &OrderRow, sent_ms: u64) -> bool {
    let is = |want: Option<Decimal>, shown: Option<Decimal>| want.is_none() || want == shown;
    let is_late = row.c_time_ms.is_none_or(|made| made.saturating_add(CLOCK_TOLERANCE_MS) >= sent_ms);
    is_late
        && row.side == Some(order.new.side)
        && row.inst_id == *order.new.inst_id
        && row.sz == Some(order.new.quantity)
        && is(order.new.price, row.px)
}

fn lookup_of(order: &Order) -> Ask {
    let inst_id = order.new.inst_id.clone();
    if order.is_algo() && (order.ord_id.is_none() || !order.effective) {
        let by = match &order.algo_id {
            Some(id) => AlgoTarget::AlgoId(id.clone()),
            None => AlgoTarget::AlgoClOrdId(AlgoClOrdId::new(order.new.algo_cl_ord_id())),
        };
        return Ask::Algo { inst_id, by };
    }
    let by = match &order.ord_id {
        Some(id) => OrderTarget::OrdId(id.clone()),
        None => OrderTarget::ClOrdId(order.new.cl_ord_id.clone()),
    };
    Ask::Order { inst_id, by }
}
