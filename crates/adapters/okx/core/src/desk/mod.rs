//! The trading path without sockets, threads and Python: commands, frames, answers and time in; bytes, requests and events out.
//!
//! Two sessions (private, business), the gate, the tracker, the account. The drivers move the bytes and the time:
//!
//! 1. call what happened: [`Desk::submit`], [`Desk::frame`], [`Desk::input`], [`Desk::answered`], …;
//! 2. `while let Some(act) = desk.poll()`: do what it says; a command leaves within the call that asked for it, unless OKX's limits
//!    make it wait;
//! 3. at [`Desk::next_timeout`] (monotonic nanoseconds) call [`Desk::handle_timeout`].
//!
//! Nothing is sent twice, and nothing is kept for a connection to come: commands that wait when it goes down are given back unsent.

mod act;
mod calls;
mod change;
mod config;
mod frames;
mod intent;
mod limits;
mod lines;
mod send;
mod spec;
mod submit;
mod told;
mod wire;

#[cfg(test)]
mod dst;
#[cfg(test)]
mod tests;

pub use act::{AccountNews, Act, CallId, DeskEvent, Greeks, NearLiquidation, Note, Totals};
pub use config::{DeskConfig, Extras};
pub use spec::{RestoredOrder, SubmitSpec};

use std::collections::{BTreeMap, VecDeque};

use okx_common::{
    clock::Now,
    enums::InstType,
    ids::{ClOrdId, InstId},
    instrument::{Instrument, InstrumentRow},
    rng::Rng,
};
use okx_ws::{Decoder, op::RequestId, session::Input};
use rustc_hash::FxHashMap;

use crate::{
    instruments::{Change, InstrumentStore},
    orders::{
        account::AccountState,
        client_id::{ClientIdError, ClientIds},
        context::AccountContext,
        gate::Gate,
        lookup::Lookup,
        request::SpreadSpec,
        tracker::{AskId, Level, OrderTracker},
    },
};
use calls::Purpose;
use intent::{Intent, Placed, Waiting};
use limits::Sent;
use lines::{Line, Readiness};

/// The line of the private URL.
pub const PRIVATE: usize = 0;
/// The line of the business URL: strategy orders and spreads.
pub const BUSINESS: usize = 1;
/// What they are called.
pub const LINES: [&str; 2] = ["private", "business"];

/// What is kept, at most, of ids that only a table can translate, once their orders are over.
const HASHED_MAX: usize = 20_000;

/// Clocks differ, and what was filled in the moment of a restart is of interest.
const FILLS_BEFORE_MS: u64 = 60_000;

/// How much there is of everything, for supervision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeskStats {
    /// Orders that are not over.
    pub open: usize,
    /// Orders that are known.
    pub known: usize,
    /// Commands that wait for OKX's limits.
    pub waiting: usize,
    /// Commands that are sent and not answered.
    pub unanswered: usize,
    /// REST requests under way.
    pub calls: usize,
    /// Orders of which something is being resolved.
    pub unresolved: usize,
    /// Commands that were sent.
    pub commands_sent: u64,
    /// Connections lost.
    pub losses: u64,
    /// Reconciliations that were completed.
    pub reconciliations: u64,
}

/// See the module.
pub struct Desk {
    config: DeskConfig,
    lines: [Line; 2],
    decoder: Decoder,
    tracker: OrderTracker,
    account: AccountState,
    ids: ClientIds,
    /// Ids in the table whose orders are over, the oldest first.
    hashed: VecDeque<ClOrdId>,
    instruments: InstrumentStore,
    kinds: FxHashMap<InstId, InstType>,
    spreads: FxHashMap<InstId, SpreadSpec>,
    gate: Gate<Intent>,
    /// New orders that wait in the gate or behind a call.
    waiting: FxHashMap<ClOrdId, Waiting>,
    /// How orders that are not over were placed.
    placed: FxHashMap<ClOrdId, Placed>,
    /// At so many of them those that are over are looked for.
    sweep_at: usize,
    /// Orders with a REST command under way, and what waits for its answer: REST does not keep the order of requests.
    busy: FxHashMap<ClOrdId, VecDeque<crate::orders::gate::Command<Intent>>>,
    /// Commands that are sent and not answered.
    sent: BTreeMap<RequestId, Sent>,
    calls: FxHashMap<CallId, Purpose>,
    /// Questions of the tracker on their way to an answer.
    lookups: FxHashMap<AskId, Lookup>,
    /// The first time this desk was opened, by OKX's clock: fills from then on are ours to know.
    fills_from_ms: Option<u64>,
    restored: Vec<RestoredOrder>,
    readiness: Readiness,
    acts: VecDeque<Act>,
    next_request: u64,
    next_call: u64,
    next_change: u64,
    /// What ids of amendments begin with: OKX tells results by them, also those of an earlier process.
    change_prefix: String,
    is_open: bool,
    clock_offset_ms: i64,
    stats: DeskStats,
    #[cfg(test)]
    mistake: Option<dst::Mistake>,
}

impl Desk {
    /// A desk that is not open yet. The generators are for the jitter of the two sessions' waits.
    #[must_use]
    pub fn new(config: DeskConfig, mut rngs: [Box<dyn Rng>; 2]) -> Self {
        let change_prefix = format!("c{:010x}", rngs[0].next_u64() & 0xff_ffff_ffff);
        Self {
            lines: lines::lines(&config, rngs),
            decoder: Decoder::new(),
            tracker: OrderTracker::new(config.tracker),
            account: AccountState::default(),
            ids: ClientIds::default(),
            hashed: VecDeque::new(),
            instruments: InstrumentStore::default(),
            kinds: FxHashMap::default(),
            spreads: FxHashMap::default(),
            gate: Gate::new(config.gate),
            waiting: FxHashMap::default(),
            placed: FxHashMap::default(),
            sweep_at: told::SWEEP_FROM,
            busy: FxHashMap::default(),
            sent: BTreeMap::new(),
            calls: FxHashMap::default(),
            lookups: FxHashMap::default(),
            fills_from_ms: None,
            restored: Vec::new(),
            readiness: Readiness::default(),
            acts: VecDeque::new(),
            next_request: 0,
            next_call: 0,
            next_change: 0,
            change_prefix,
            is_open: false,
            clock_offset_ms: 0,
            stats: DeskStats::default(),
            #[cfg(test)]
            mistake: None,
            config,
        }
    }

    /// An instrument, from a list or the `instruments` channel.
    pub fn instrument(&mut self, row: InstrumentRow) {
        let key = match &row {
            InstrumentRow::Ready(instrument) => {
                Some((instrument.inst_id.clone(), instrument.inst_type.clone()))
            }
            InstrumentRow::Incomplete(_) => None,
        };
        let change = self.instruments.merge(row);
        // SPOT and MARGIN share ids; orders on pairs are told apart by their trade mode, not by the row.
        if let Some((inst_id, kind)) = key.filter(|_| matches!(change, Change::Listed | Change::Updated)) {
            let is_margin = kind == InstType::Margin;
            if !is_margin || !self.kinds.contains_key(&inst_id) {
                self.kinds.insert(inst_id, kind);
            }
        }
    }

    /// A spread, as `/sprd/spreads` tells it.
    pub fn spread(&mut self, spec: SpreadSpec) {
        self.spreads.insert(InstId::new(spec.sprd_id.as_str()), spec);
    }

    /// The account's modes are known, or have changed.
    pub fn account(&mut self, account: AccountContext) {
        self.config.account = account;
    }

    /// The sub-account's limit in 2 s (`GET /trade/account-rate-limit`).
    pub fn set_account_limit(&mut self, limit: u32) {
        self.gate.set_account_limit(limit);
    }

    /// How far OKX's clock is ahead of this machine's, in milliseconds; logins and deadlines are stamped with it.
    pub const fn set_clock_offset_ms(&mut self, offset_ms: i64) {
        self.clock_offset_ms = offset_ms;
        self.lines[PRIVATE].session.set_clock_offset_ms(offset_ms);
        self.lines[BUSINESS].session.set_clock_offset_ms(offset_ms);
    }

    /// An order of an earlier process. Call it before [`Self::open`], in any order.
    pub fn restore(&mut self, order: RestoredOrder) {
        self.restored.push(order);
    }

    /// Connects both lines. [`DeskEvent::Ready`] follows, or [`DeskEvent::LoginFailed`].
    pub fn open(&mut self, now: Now) {
        self.is_open = true;
        let venue_ms = now.unix_ms().saturating_add_signed(self.clock_offset_ms);
        self.fills_from_ms.get_or_insert(venue_ms.saturating_sub(FILLS_BEFORE_MS));
        let mut restored = std::mem::take(&mut self.restored);
        // A leg waits for its entry, if that is known.
        restored.sort_by_key(|order| order.known.order.attached.is_some());
        for order in restored {
            self.take_back(order, now);
        }
        self.tell(PRIVATE, Input::Open, now);
        self.tell(BUSINESS, Input::Open, now);
    }

    /// An order at OKX that the engine has learnt of by asking, and now wants to change: it is followed like one of this process. One that
    /// is known already is left as it is.
    pub fn adopt(&mut self, mut order: RestoredOrder, now: Now) {
        if !self.knows(&order.client_order_id) {
            // The command that it is adopted for has not been given yet.
            (order.known.pending_cancel, order.known.pending_update) = (false, false);
            self.take_back(order, now);
            self.drain(now);
        }
    }

    /// Whether an order is followed, or waits to be sent.
    pub fn knows(&mut self, client_order_id: &str) -> bool {
        let id = self.ids.to_okx(client_order_id);
        id.is_ok_and(|id| self.waiting.contains_key(&id) || self.tracker.present(&id).is_some())
    }

    /// Follows an order that this process has not sent.
    fn take_back(&mut self, RestoredOrder { client_order_id, known }: RestoredOrder, now: Now) {
        let placed = Placed::restored(&known.order);
        match self.ids.to_okx(&client_order_id) {
            Ok(cl_ord_id) if cl_ord_id == known.order.cl_ord_id => match self.tracker.restore(known, now) {
                Ok(()) => drop(self.placed.insert(cl_ord_id, placed)),
                Err(error) => self.note(Level::Warning, "restore", error.to_string()),
            },
            Ok(other) => {
                let text = format!(
                    "order {client_order_id} is not restored: it goes to OKX as {other}, not as {}",
                    known.order.cl_ord_id
                );
                self.note(Level::Error, "restore", text);
            }
            Err(error) => {
                self.note(Level::Error, "restore", format!("order {client_order_id}: {error}"));
            }
        }
    }

    /// Whether it was opened and not closed since.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.is_open
    }

    /// Closes both lines. What waits is given back; what was sent stays open at OKX.
    pub fn close(&mut self, now: Now) {
        self.is_open = false;
        self.tell(PRIVATE, Input::Close, now);
        self.tell(BUSINESS, Input::Close, now);
    }

    /// A connection of a line: opened, failed, lost.
    pub fn input(&mut self, line: usize, input: Input<'_>, now: Now) {
        self.tell(line, input, now);
    }

    /// What to do next; `None` when there is nothing more for now.
    pub fn poll(&mut self) -> Option<Act> {
        self.acts.pop_front()
    }

    /// When [`Self::handle_timeout`] is due, monotonic nanoseconds.
    #[must_use]
    pub fn next_timeout(&self) -> Option<u64> {
        let lines = self.lines.iter().filter_map(|line| line.session.next_timeout());
        lines.chain(self.tracker.next_timeout()).chain(self.gate.next_timeout()).min()
    }

    /// Does what the time asks for. Harmless at any time.
    pub fn handle_timeout(&mut self, now: Now) {
        for line in [PRIVATE, BUSINESS] {
            self.tell(line, Input::Timeout, now);
        }
        self.tracker.handle_timeout(now);
        for command in self.gate.expired(now) {
            self.give_back(command, "not sent: it waited too long for OKX's rate limits; slow down");
        }
        self.release(now);
        self.drain(now);
    }

    /// The id that an order of this client order id has at OKX.
    ///
    /// # Errors
    /// If it cannot be used.
    pub fn okx_id(&mut self, client_order_id: &str) -> Result<ClOrdId, ClientIdError> {
        self.ids.to_okx(client_order_id)
    }

    /// The client order id of an order at OKX; `None` for the hash of one that is not known here.
    #[must_use]
    pub fn nautilus_id(&self, cl_ord_id: &str) -> Option<String> {
        self.ids.to_nautilus(cl_ord_id)
    }

    /// Client order ids of the orders of which something is being resolved.
    #[must_use]
    pub fn unresolved(&self) -> Vec<String> {
        let ids = self.tracker.unresolved();
        ids.iter().map(|id| self.ids.to_nautilus(id).unwrap_or_else(|| id.to_string())).collect()
    }

    /// The orders, as far as they are known.
    #[must_use]
    pub const fn tracker(&self) -> &OrderTracker {
        &self.tracker
    }

    /// Balances and positions, as far as they are known.
    #[must_use]
    pub const fn account_state(&self) -> &AccountState {
        &self.account
    }

    /// Whether a line is logged in and subscribed.
    #[must_use]
    pub const fn is_up(&self, line: usize) -> bool {
        self.lines[line].is_up
    }

    /// OKX's name (`connId`) for the connection of a line.
    #[must_use]
    pub fn conn_id(&self, line: usize) -> Option<&str> {
        self.lines[line].session.conn_id()
    }

    /// How much there is of everything.
    #[must_use]
    pub fn stats(&self) -> DeskStats {
        DeskStats {
            open: self.tracker.open_count(),
            known: self.tracker.len(),
            waiting: self.gate.len(),
            unanswered: self.sent.len(),
            calls: self.calls.len(),
            unresolved: self.tracker.unresolved().len(),
            ..self.stats
        }
    }

    /// Makes a mistake from now on: to show that the simulation notices.
    #[cfg(test)]
    const fn make_mistake(&mut self, mistake: dst::Mistake) {
        match mistake {
            dst::Mistake::CountsFillsTwice => self.tracker.count_fills_twice(),
            other => self.mistake = Some(other),
        }
    }

    /// What is kept when nothing is left to do must belong to open orders.
    #[cfg(test)]
    fn judge_memory(&self, open: usize) -> Result<(), String> {
        let (busy, lookups, waiting) = (self.busy.len(), self.lookups.len(), self.waiting.len());
        let (placed, sent) = (self.placed.len(), self.sent.len());
        if busy + lookups + waiting > 0 || placed > 200 + 2 * open + told::SWEEP_FROM || sent > 200 {
            return Err(format!(
                "kept for {open} open orders: {busy} busy, {lookups} lookups, {waiting} waiting, {placed} placed, {sent} sent"
            ));
        }
        Ok(())
    }

    fn listed(&self, inst_id: &InstId) -> Option<&Instrument> {
        let kind = self.kinds.get(inst_id)?;
        self.instruments.get(kind, inst_id)
    }

    fn note(&mut self, level: Level, code: &'static str, text: impl Into<String>) {
        self.event(DeskEvent::Note(Note::new(level, code, text)));
    }

    fn event(&mut self, event: DeskEvent) {
        self.acts.push_back(Act::Event(event));
    }
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk")
            .field("lines", &self.lines)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}
