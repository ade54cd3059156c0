//! What became of the orders: commands, answers, pushes and lookups in, events out. No socket, no clock.
//!
//! Every command is recorded here before it is sent, and is then Confirmed, Rejected or Unknown. Unknown is never guessed: it is
//! looked up, with pauses that grow, until OKX's own state decides. Answers and pushes may come in any order, twice, or not at
//! all; each event comes once.
//!
//! 1. call what happened: [`OrderTracker::submit`], [`OrderTracker::reply`], [`OrderTracker::order_row`], …;
//! 2. `while let Some(output) = tracker.poll()`: pass events on, ask what is asked;
//! 3. at [`OrderTracker::next_timeout`] (monotonic nanoseconds) call [`OrderTracker::handle_timeout`].

mod algos;
mod commands;
mod config;
mod event;
mod external;
mod finish;
mod legs;
mod order;
mod outcome;
mod reconcile;
mod replies;
mod resolve;
mod rows;
mod unclaimed;

#[cfg(test)]
mod tests;

pub use commands::{CommandRefused, CommandTarget};
pub use config::TrackerConfig;
pub use event::{Ask, AskId, EventKind, External, Fill, Found, Level, Lists, OrderEvent, Output, VenueId};
pub use legs::{AttachedLeg, Leg};
pub use order::{KnownOrder, NewOrder};
pub use replies::{NotAnswered, Reply, ReplyItem};

use std::collections::{BTreeSet, VecDeque};

use okx_common::{
    clock::{NANOS_PER_SECOND, Now},
    ids::{AlgoId, ClOrdId, OrdId},
};
use rustc_hash::FxHashMap;

use external::Externals;
use order::{Order, Requests, Stage};
use reconcile::Reconciling;

use super::row::FillRow;

/// How often forgotten things are swept out.
const SWEEP_NS: u64 = 10 * NANOS_PER_SECOND;

/// See the module.
#[derive(Debug)]
pub struct OrderTracker {
    config: TrackerConfig,
    outputs: VecDeque<Output>,
    orders: FxHashMap<u64, Box<Order>>,
    by_cl: FxHashMap<ClOrdId, u64>,
    by_ord: FxHashMap<OrdId, u64>,
    by_algo: FxHashMap<AlgoId, u64>,
    /// Legs by the id of their strategy order.
    groups: FxHashMap<ClOrdId, Vec<u64>>,
    /// Legs by their entry, until it is over.
    legs: FxHashMap<ClOrdId, Vec<u64>>,
    deadlines: BTreeSet<(u64, u64)>,
    requests: Requests,
    asks: FxHashMap<AskId, u64>,
    closed: VecDeque<(u64, u64)>,
    external: Externals,
    reconciling: Reconciling,
    /// Fills of a list of which it is not known yet whose they are.
    unclaimed: Vec<FillRow>,
    link_ready: bool,
    last_fill_ms: Option<u64>,
    /// Takes every fill for a new one: to show that the simulation would notice.
    #[cfg(test)]
    counts_fills_twice: bool,
    next_order: u64,
    next_ask: u64,
    sweep_ns: u64,
}

impl OrderTracker {
    /// Knows no order yet, and takes the private stream as not ready.
    #[must_use]
    pub fn new(config: TrackerConfig) -> Self {
        Self {
            external: Externals::new(config.keep_external_max),
            config,
            outputs: VecDeque::new(),
            orders: FxHashMap::default(),
            by_cl: FxHashMap::default(),
            by_ord: FxHashMap::default(),
            by_algo: FxHashMap::default(),
            groups: FxHashMap::default(),
            legs: FxHashMap::default(),
            deadlines: BTreeSet::new(),
            requests: Requests::default(),
            asks: FxHashMap::default(),
            closed: VecDeque::new(),
            reconciling: Reconciling::default(),
            unclaimed: Vec::new(),
            link_ready: false,
            last_fill_ms: None,
            #[cfg(test)]
            counts_fills_twice: false,
            next_order: 0,
            next_ask: 0,
            sweep_ns: u64::MAX,
        }
    }

    /// What to do next; `None` when there is nothing more for now.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`Self::handle_timeout`] is due, monotonic nanoseconds.
    #[must_use]
    pub fn next_timeout(&self) -> Option<u64> {
        let orders = self.deadlines.first().map(|(at, _)| *at);
        let sweep = Some(self.sweep_ns).filter(|at| *at != u64::MAX);
        [orders, sweep, self.reconciling.deadline_ns()].into_iter().flatten().min()
    }

    /// Does what the time asks for. Harmless at any time.
    pub fn handle_timeout(&mut self, now: Now) {
        while let Some((at, no)) = self.deadlines.first().copied().filter(|(at, _)| *at <= now.mono_ns) {
            self.deadlines.remove(&(at, no));
            self.with(no, now, |tracker, order| {
                order.deadline_ns = None;
                tracker.resolve(no, order, now);
            });
        }
        self.claim_fills(now);
        self.reconcile_again(now);
        if self.sweep_ns <= now.mono_ns {
            self.sweep(now);
        }
    }

    /// How many orders are not over.
    #[must_use]
    pub fn open_count(&self) -> usize {
        self.orders.values().filter(|order| !order.is_closed()).count()
    }

    /// How many orders are known, those that are over included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.orders.len()
    }

    /// Whether none is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.orders.is_empty()
    }

    /// Our ids of the orders of which something is being resolved, for logs and for the question whether a change of back ends is
    /// safe.
    #[must_use]
    pub fn unresolved(&self) -> Vec<ClOrdId> {
        let is_open = |order: &Order| {
            order.lookup_due().is_some()
                || order.fetch_due().is_some()
                || order.ending.is_some()
                || order.vanished
        };
        self.orders.values().filter(|order| is_open(order)).map(|order| order.new.cl_ord_id.clone()).collect()
    }

    /// Takes every fill for a new one from now on.
    #[cfg(test)]
    pub(crate) const fn count_fills_twice(&mut self) {
        self.counts_fills_twice = true;
    }

    /// Works on an order, then sets its timer anew.
    fn with<R>(&mut self, no: u64, now: Now, work: impl FnOnce(&mut Self, &mut Order) -> R) -> Option<R> {
        let mut order = self.orders.remove(&no)?;
        let result = work(self, &mut order);
        self.settle(no, &mut order, now);
        self.orders.insert(no, order);
        Some(result)
    }

    /// Ends what is complete, and sets the timer.
    fn settle(&mut self, no: u64, order: &mut Order, now: Now) {
        self.try_finish(no, order, now);
        self.watch_fills(order, now);
        let deadline = self.deadline_of(order);
        if deadline != order.deadline_ns {
            if let Some(at) = order.deadline_ns {
                self.deadlines.remove(&(at, no));
            }
            if let Some(at) = deadline {
                self.deadlines.insert((at, no));
            }
            order.deadline_ns = deadline;
        }
    }

    fn emit(&mut self, order: &Order, ts_ms: Option<u64>, kind: EventKind) {
        self.outputs.push_back(Output::Event(OrderEvent {
            cl_ord_id: order.new.cl_ord_id.clone(),
            inst_id: order.new.inst_id.clone(),
            venue_id: order.venue_id(),
            ts_ms,
            kind,
        }));
    }

    fn log(&mut self, level: Level, text: impl Into<String>) {
        self.outputs.push_back(Output::Log(level, text.into()));
    }

    fn ask(&mut self, no: u64, ask: Ask) -> AskId {
        self.next_ask += 1;
        let id = AskId(self.next_ask);
        self.asks.insert(id, no);
        self.outputs.push_back(Output::Ask(id, ask));
        id
    }

    /// Forgets what can no longer matter.
    fn sweep(&mut self, now: Now) {
        let keep = self.config.keep_closed_ns;
        while let Some((at, no)) = self.closed.front().copied() {
            let is_old = now.mono_ns.saturating_sub(at) >= keep;
            if !is_old && self.closed.len() <= self.config.keep_closed_max {
                break;
            }
            self.closed.pop_front();
            self.forget(no);
        }
        // An answer that took so long says nothing that a lookup has not said better.
        let oldest = now.mono_ns.saturating_sub(keep.max(60 * NANOS_PER_SECOND));
        self.requests.retain(|_, sent| sent.at_ns > oldest);
        let is_idle = self.closed.is_empty() && self.requests.is_empty();
        self.sweep_ns = if is_idle { u64::MAX } else { now.mono_ns + SWEEP_NS };
    }

    fn forget(&mut self, no: u64) {
        let Some(order) = self.orders.remove(&no) else { return };
        if let Some(at) = order.deadline_ns {
            self.deadlines.remove(&(at, no));
        }
        self.leave(no, &order);
        let is_its = |owner: Option<&u64>| owner == Some(&no);
        if is_its(self.by_cl.get(&order.new.cl_ord_id)) {
            self.by_cl.remove(&order.new.cl_ord_id);
        }
        for id in order.ord_id.iter().chain(order.acc.iter().map(|(id, _)| id)) {
            if is_its(self.by_ord.get(id)) {
                self.by_ord.remove(id);
            }
        }
        if let Some(id) = order.algo_id.as_ref().filter(|id| is_its(self.by_algo.get(*id))) {
            self.by_algo.remove(id);
        }
    }

    fn close(&mut self, no: u64, order: &mut Order, refused: bool, now: Now) {
        order.stage = Stage::Closed { at_ns: now.mono_ns, refused };
        order.submit = None;
        order.cancel = None;
        order.amends.clear();
        order.ending = None;
        order.held = None;
        order.final_due_ns = None;
        order.doubt_due_ns = None;
        order.fills_due_ns = None;
        order.vanished = false;
        self.closed.push_back((now.mono_ns, no));
        self.entry_over(order, refused, now);
        self.sweep_soon(now);
        if self.closed.len() > self.config.keep_closed_max
            && let Some((_, oldest)) = self.closed.pop_front()
        {
            self.forget(oldest);
        }
    }

    fn sweep_soon(&mut self, now: Now) {
        if self.sweep_ns == u64::MAX {
            self.sweep_ns = now.mono_ns + SWEEP_NS;
        }
    }
}
