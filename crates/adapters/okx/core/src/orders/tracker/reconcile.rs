//! After a gap of the private stream: one look at everything.

use okx_common::clock::Now;

use super::{
    Ask, AskId, Level, Lists, OrderTracker, Output,
    order::{Asking, Order, Stage},
};

/// An order that is younger may not be listed yet.
const YOUNG_NS: u64 = 1_000_000_000;
/// Fills are asked for from a little before the last one that was seen.
const OVERLAP_MS: u64 = 10_000;

/// The look at everything that is wanted or under way.
#[derive(Debug, Default)]
pub(super) struct Reconciling {
    wanted: bool,
    asking: Asking,
    wait_ns: u64,
}

impl Reconciling {
    pub fn deadline_ns(&self) -> Option<u64> {
        match self.asking.open {
            Some((_, since)) => Some(since.saturating_add(self.wait_ns)),
            None => self.wanted.then_some(self.asking.next_ns),
        }
    }
}

impl OrderTracker {
    /// The private stream is up: logged in and subscribed. What happened in between is asked for.
    pub fn link_ready(&mut self, now: Now) {
        self.link_ready = true;
        self.doubt_all(|_| true, "the connection was lost", now);
        self.reconcile(now);
    }

    /// The private stream is down. Commands that went over it are open; their outcome is looked up over REST.
    pub fn link_lost(&mut self, now: Now) {
        self.link_ready = false;
        self.doubt_all(|pending| pending.over_ws, "the connection was lost before OKX answered", now);
    }

    /// Whether the private stream is up.
    #[must_use]
    pub const fn is_link_ready(&self) -> bool {
        self.link_ready
    }

    /// Asks for everything: after a reconnect, or when a private message could not be read.
    pub fn reconcile(&mut self, now: Now) {
        self.reconciling.wanted = true;
        // A look that is under way began before: what it shows may be older.
        self.reconciling.asking.open = None;
        self.reconciling.asking.next_ns = now.mono_ns;
        self.reconcile_again(now);
    }

    pub(super) fn reconcile_again(&mut self, now: Now) {
        let wait = self.config.ask_wait_ns.saturating_mul(6);
        let state = &mut self.reconciling;
        state.wait_ns = wait;
        if state.asking.open.is_some_and(|(_, since)| since.saturating_add(wait) <= now.mono_ns) {
            state.asking.open = None;
        }
        if !state.wanted || state.asking.open.is_some() || state.asking.next_ns > now.mono_ns {
            return;
        }
        self.next_ask += 1;
        let id = AskId(self.next_ask);
        state.asking.attempts += 1;
        state.asking.next_ns = now.mono_ns.saturating_add(self.config.backoff_ns(state.asking.attempts));
        state.asking.open = Some((id, now.mono_ns));
        let fills_since_ms = self.last_fill_ms.map(|at| at.saturating_sub(OVERLAP_MS));
        self.outputs.push_back(Output::Ask(id, Ask::Reconcile { fills_since_ms }));
    }

    /// The answer to [`Ask::Reconcile`]. A failure is tried again.
    pub fn reconciled(&mut self, ask: AskId, lists: Result<&Lists, String>, now: Now) {
        let state = &mut self.reconciling;
        let Some((_, asked_ns)) = state.asking.open.take_if(|(id, _)| *id == ask) else { return };
        let lists = match lists {
            Ok(lists) => lists,
            Err(why) => {
                let level = if state.asking.attempts >= 3 { Level::Error } else { Level::Warning };
                return self.log(level, format!("reconciliation failed ({why}); trying again"));
            }
        };
        state.wanted = false;
        state.asking.attempts = 0;
        let mut listed = rustc_hash::FxHashSet::default();
        for row in &lists.orders {
            listed.extend(self.owner(row));
            self.order_row(row, now);
        }
        for row in &lists.algos {
            listed.extend(self.algo_owners(row));
            self.algo_row(row, now);
        }
        self.look_for_the_missing(&listed, asked_ns, now);
        let mut fills = std::mem::take(&mut self.unclaimed);
        fills.extend(lists.fills.iter().cloned());
        self.take_fills(fills, now);
    }

    /// A fill of a list: newer ones than the engine knows are passed on, the order's state is looked up.
    pub(super) fn listed_fill(
        &mut self,
        no: u64,
        order: &mut Order,
        fill: &crate::orders::row::FillRow,
        now: Now,
    ) {
        if order.trades.contains(&fill.trade_id) {
            return;
        }
        if let Stage::Closed { refused, .. } = order.stage {
            if refused {
                return self.external_fill(fill);
            }
            if order.filled >= order.new.quantity {
                return;
            }
        }
        if order.ord_id.is_none() {
            order.ord_id = Some(fill.ord_id.clone());
            self.by_ord.insert(fill.ord_id.clone(), no);
        }
        if !order.is_closed() {
            self.accept(order, fill.ts_ms);
        }
        let total = order.filled.checked_add(fill.sz).unwrap_or(order.filled);
        order.note_acc(&fill.ord_id, total);
        self.fill(order, fill, false, now);
    }

    /// Open orders that are not listed are over: how, a lookup tells.
    fn look_for_the_missing(&mut self, listed: &rustc_hash::FxHashSet<u64>, asked_ns: u64, now: Now) {
        let is_missing = |no: &u64, order: &Order| {
            let is_old = order.submit.as_ref().is_none_or(|s| s.sent_ns.saturating_add(YOUNG_NS) <= asked_ns);
            !order.is_closed()
                && !order.is_dormant()
                && order.ending.is_none()
                && is_old
                && !listed.contains(no)
        };
        let mut missing: Vec<u64> =
            self.orders.iter().filter(|(no, order)| is_missing(no, order)).map(|(no, _)| *no).collect();
        missing.sort_unstable();
        for no in missing {
            self.with(no, now, |_, order| {
                order.doubt_due_ns.get_or_insert(now.mono_ns);
            });
        }
    }
}
