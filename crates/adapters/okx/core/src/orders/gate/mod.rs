//! The gate that order commands pass: in order, and within OKX's limits (OKX API v5, "Rate Limits").
//!
//! Commands of one instrument (options: one family) form a lane. Within a lane they keep their order, but for cancellations: they
//! have a limit of their own, so they need not wait behind orders that do, only behind commands for the same order. Lanes do not
//! wait for each other. New orders and amendments of derivatives count for the sub-account too, first come, first served.

mod lane;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use indexmap::IndexMap;
use okx_common::{
    clock::{NANOS_PER_SECOND, Now},
    enums::{InstType, OrdType},
    ids::ClOrdId,
    instrument::Instrument,
    limits::{LimitKey, RateLimiter, Rule, WaitNs, order, rule_of_path, sub_account_rule},
};
use rustc_hash::FxBuildHasher;

use lane::{Lane, Waiting};

/// What a command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommandKind {
    /// Places.
    Place,
    /// Amends.
    Amend,
    /// Cancels.
    Cancel,
}

/// A command that waits to be sent: one request, with one order or a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command<T> {
    /// What it does.
    pub kind: CommandKind,
    /// What the limit counts by: [`scope_of`] the instrument.
    pub scope: Arc<str>,
    /// The orders.
    pub cl_ord_ids: Vec<ClOrdId>,
    /// Whether it counts for the sub-account: [`counts_for_account`].
    pub counts: bool,
    /// What is sent.
    pub payload: T,
}

/// Why a command is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{waiting} commands wait for OKX's rate limits already: this one is not sent; slow down")]
pub struct Full {
    /// How many wait.
    pub waiting: usize,
}

/// How many commands wait at most, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GateConfig {
    /// Commands.
    pub waiting_max: usize,
    /// Nanoseconds. What waits longer is given back unsent.
    pub wait_max_ns: u64,
    /// The sub-account's limit in 2 s, as `GET /trade/account-rate-limit` tells it.
    pub account_limit: u32,
    /// No limits at all: for benchmarks against a simulator that has none.
    pub unlimited: bool,
}

impl Default for GateConfig {
    fn default() -> Self {
        Self {
            waiting_max: 10_000,
            wait_max_ns: 10 * NANOS_PER_SECOND,
            account_limit: 1_000,
            unlimited: false,
        }
    }
}

/// See the module.
#[derive(Debug)]
pub struct Gate<T> {
    config: GateConfig,
    limiter: RateLimiter,
    account: LimitKey,
    lanes: IndexMap<Arc<str>, Lane<T>, FxBuildHasher>,
    waiting: usize,
    next_seq: u64,
    /// When the first of those that wait can go.
    next_ns: Option<u64>,
}

/// What the limits of an instrument's orders count by: the instrument, for options their family.
#[must_use]
pub fn scope_of(instrument: &Instrument) -> Arc<str> {
    match (&instrument.inst_type, &instrument.inst_family) {
        (InstType::Option, Some(family)) => Arc::from(family.as_str()),
        _ => Arc::from(instrument.inst_id.as_str()),
    }
}

/// The scope of orders on spreads: all of them together have limits of their own.
pub const SPREADS: &str = "spreads";

/// Whether a new order or amendment on the instrument counts for the sub-account's limit: not those of pairs and under
/// market-maker protection.
#[must_use]
pub fn counts_for_account(instrument: &Instrument, ord_type: Option<&OrdType>) -> bool {
    let is_mmp = matches!(ord_type, Some(OrdType::Mmp | OrdType::MmpAndPostOnly));
    instrument.is_contract() && !is_mmp
}

impl<T> Gate<T> {
    /// Nothing waits, nothing was sent.
    #[must_use]
    pub fn new(config: GateConfig) -> Self {
        Self {
            limiter: RateLimiter::new(),
            account: LimitKey::new(sub_account_rule(config.account_limit), ""),
            config,
            lanes: IndexMap::default(),
            waiting: 0,
            next_seq: 0,
            next_ns: None,
        }
    }

    /// The sub-account's limit changed.
    pub fn set_account_limit(&mut self, limit: u32) {
        self.account = LimitKey::new(sub_account_rule(limit), "");
    }

    /// Why no command is taken at the moment.
    #[must_use]
    pub fn full(&self) -> Option<Full> {
        (self.waiting >= self.config.waiting_max).then_some(Full { waiting: self.waiting })
    }

    /// Takes a command. Call [`Self::poll`] afterwards: mostly it can go at once.
    ///
    /// # Errors
    /// If too many wait; it is not sent.
    pub fn push(&mut self, command: Command<T>, now: Now) -> Result<(), Full> {
        if let Some(full) = self.full() {
            return Err(full);
        }
        self.next_seq += 1;
        self.waiting += 1;
        let lane = self.lanes.entry(command.scope.clone()).or_default();
        lane.push(Waiting { seq: self.next_seq, since_ns: now.mono_ns, command });
        self.next_ns = Some(now.mono_ns);
        Ok(())
    }

    /// The next command that may be sent now: send it before asking for another one.
    pub fn poll(&mut self, now: Now) -> Option<Command<T>> {
        if self.waiting == 0 || self.next_ns.is_some_and(|at| at > now.mono_ns) {
            return None;
        }
        let mut candidates: Vec<(u64, usize, usize)> = Vec::new();
        for (index, lane) in self.lanes.values().enumerate() {
            candidates.extend(lane.candidates().map(|(seq, place)| (seq, index, place)));
        }
        candidates.sort_unstable();
        let mut next_ns: Option<u64> = None;
        let mut account_is_full = false;
        // In a lane only its head and what may pass it are candidates; a head that must wait keeps its place.
        for (_, index, place) in candidates {
            let Some((_, lane)) = self.lanes.get_index(index) else { continue };
            let Some(command) = lane.get(place) else { continue };
            let counts = command.counts && command.kind != CommandKind::Cancel;
            if counts && account_is_full {
                continue;
            }
            let cost = u32::try_from(command.cl_ord_ids.len()).unwrap_or(u32::MAX).max(1);
            let key =
                LimitKey { rule: rule_of(command.kind, cost, &command.scope), scope: command.scope.clone() };
            let mut wanted = vec![(&key, cost)];
            if counts {
                wanted.push((&self.account, cost));
            }
            let taken = match self.config.unlimited {
                true => Ok(()),
                false => self.limiter.try_acquire_all(&wanted, now.mono_ns),
            };
            match taken {
                Ok(()) => return self.take(index, place, now),
                Err(wait) => {
                    let at = now.mono_ns.saturating_add(wait.0);
                    next_ns = Some(next_ns.map_or(at, |next| next.min(at)));
                    // Who came first goes first: later ones must not eat what it waits for.
                    account_is_full |=
                        counts && self.limiter.wait(&self.account, cost, now.mono_ns) > WaitNs(0);
                }
            }
        }
        self.next_ns = next_ns;
        None
    }

    fn take(&mut self, index: usize, place: usize, now: Now) -> Option<Command<T>> {
        let (_, lane) = self.lanes.get_index_mut(index)?;
        let command = lane.take(place);
        if lane.is_empty() {
            self.lanes.swap_remove_index(index);
        }
        self.waiting -= usize::from(command.is_some());
        self.next_ns = (self.waiting > 0).then_some(now.mono_ns);
        command
    }

    /// When [`Self::poll`] and [`Self::expired`] are due, monotonic nanoseconds.
    #[must_use]
    pub fn next_timeout(&self) -> Option<u64> {
        let oldest = self.lanes.values().filter_map(Lane::oldest_ns).min();
        let expiry = oldest.map(|since| since.saturating_add(self.config.wait_max_ns));
        [self.next_ns.filter(|_| self.waiting > 0), expiry].into_iter().flatten().min()
    }

    /// Those that have waited too long: they were not sent, and will not be.
    pub fn expired(&mut self, now: Now) -> Vec<Command<T>> {
        let limit = now.mono_ns.saturating_sub(self.config.wait_max_ns);
        if now.mono_ns < self.config.wait_max_ns {
            return Vec::new();
        }
        self.remove(|waiting| waiting.since_ns <= limit)
    }

    /// All that wait: the connection is down. They were not sent, and must not be kept for the next one.
    pub fn clear(&mut self) -> Vec<Command<T>> {
        self.remove(|_| true)
    }

    fn remove(&mut self, is_due: impl Fn(&Waiting<T>) -> bool) -> Vec<Command<T>> {
        let mut removed: Vec<Waiting<T>> =
            self.lanes.values_mut().flat_map(|lane| lane.remove(&is_due)).collect();
        self.lanes.retain(|_, lane| !lane.is_empty());
        removed.sort_unstable_by_key(|waiting| waiting.seq);
        self.waiting -= removed.len();
        removed.into_iter().map(|waiting| waiting.command).collect()
    }

    /// OKX has throttled such a command (50011, 50061): nothing of the kind goes for a whole window.
    pub fn throttled(&mut self, kind: CommandKind, scope: &str, whole_account: bool, now: Now) {
        let window_ns = order::PLACE.window_ns();
        if whole_account {
            self.limiter.hold(&self.account, window_ns, now.mono_ns);
        }
        for cost in [1, 2] {
            let key = LimitKey::new(rule_of(kind, cost, scope), scope);
            self.limiter.hold(&key, window_ns, now.mono_ns);
        }
    }

    /// How many wait.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.waiting
    }

    /// Whether none waits.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.waiting == 0
    }
}

/// A batch of one counts as a single command. Spreads take no batches.
fn rule_of(kind: CommandKind, cost: u32, scope: &str) -> &'static Rule {
    let of_spreads = |path| (scope == SPREADS).then(|| rule_of_path("POST", path)).flatten();
    match (kind, cost) {
        (CommandKind::Place, ..=1) => of_spreads("/sprd/order").unwrap_or(&order::PLACE),
        (CommandKind::Place, _) => &order::BATCH_PLACE,
        (CommandKind::Amend, ..=1) => of_spreads("/sprd/amend-order").unwrap_or(&order::AMEND),
        (CommandKind::Amend, _) => &order::BATCH_AMEND,
        (CommandKind::Cancel, ..=1) => of_spreads("/sprd/cancel-order").unwrap_or(&order::CANCEL),
        (CommandKind::Cancel, _) => &order::BATCH_CANCEL,
    }
}
