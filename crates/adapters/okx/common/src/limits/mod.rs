//! Rate limits (reference: OKX API v5, "Rate Limits"), kept on the client so that OKX need not refuse.
//!
//! A [`Rule`] allows so many requests in any window of so long. [`RateLimiter`] remembers the requests of the last window
//! of each key, so that no window, wherever it starts, holds more than allowed. It takes the time as an argument and
//! never waits itself.

mod rules;
#[cfg(test)]
mod tests;

pub use rules::{Rule, Scope, UNLISTED, all_rules, order, rule_of_path, sub_account_rule, ws};

use std::{collections::VecDeque, sync::Arc};

use rustc_hash::FxHashMap;

use crate::clock::NANOS_PER_MILLI;

/// Added to each window. OKX counts arrivals: two requests may arrive closer together than they were sent.
pub const DEFAULT_MARGIN_MS: u64 = 50;

/// When so many keys are known, those without a request in their window are forgotten. There are some ten thousand
/// instruments; a key is a few hundred bytes.
const PRUNE_AT_KEYS: usize = 16_384;

/// What a limit is counted by: the rule, and the value of the scope that the rule names (`BTC-USDT`, `SWAP`, a connection).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LimitKey {
    /// The rule.
    pub rule: &'static Rule,
    /// What the rule is counted by; empty if it has one count for all.
    pub scope: Arc<str>,
}

impl LimitKey {
    /// A key of a rule.
    #[must_use]
    pub fn new(rule: &'static Rule, scope: impl AsRef<str>) -> Self {
        Self { rule, scope: Arc::from(scope.as_ref()) }
    }
}

/// How long to wait, in nanoseconds, until the request may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WaitNs(pub u64);

/// The requests of the last windows.
#[derive(Debug)]
pub struct RateLimiter {
    buckets: FxHashMap<LimitKey, Bucket>,
    margin_ns: u64,
    prune_at: usize,
}

impl Default for RateLimiter {
    fn default() -> Self {
        Self::new()
    }
}

impl RateLimiter {
    /// Nothing has been sent yet.
    #[must_use]
    pub fn new() -> Self {
        Self::with_margin_ms(DEFAULT_MARGIN_MS)
    }

    /// The same with another margin than [`DEFAULT_MARGIN_MS`].
    #[must_use]
    pub fn with_margin_ms(margin_ms: u64) -> Self {
        Self {
            buckets: FxHashMap::default(),
            margin_ns: margin_ms * NANOS_PER_MILLI,
            prune_at: PRUNE_AT_KEYS,
        }
    }

    /// Takes `cost` of the limit if it is there.
    ///
    /// A cost above the limit counts as the whole limit, since it could never be had otherwise.
    ///
    /// # Errors
    /// How long to wait before asking again. Others may be faster then: a caller that must not starve uses
    /// [`Self::reserve`].
    pub fn try_acquire(&mut self, key: &LimitKey, cost: u32, mono_ns: u64) -> Result<(), WaitNs> {
        self.try_acquire_all(&[(key, cost)], mono_ns)
    }

    /// Takes from several limits, all or nothing: an order counts for its instrument and for the account.
    ///
    /// # Errors
    /// The longest of the waits.
    pub fn try_acquire_all(&mut self, wanted: &[(&LimitKey, u32)], mono_ns: u64) -> Result<(), WaitNs> {
        let margin_ns = self.margin_ns;
        let ready = |(key, cost): &(&LimitKey, u32)| {
            self.buckets.get(*key).map_or(mono_ns, |b| b.ready_at(key.rule, *cost, mono_ns, margin_ns))
        };
        let ready_at = wanted.iter().map(ready).max().unwrap_or(mono_ns);
        if ready_at > mono_ns {
            return Err(WaitNs(ready_at - mono_ns));
        }
        for (key, cost) in wanted {
            self.bucket(key, mono_ns).push(mono_ns, key.rule.clamp(*cost));
        }
        Ok(())
    }

    /// How long until `cost` of the limit would be there, taking nothing; 0 if it is.
    #[must_use]
    pub fn wait(&self, key: &LimitKey, cost: u32, mono_ns: u64) -> WaitNs {
        let ready_at =
            self.buckets.get(key).map_or(mono_ns, |b| b.ready_at(key.rule, cost, mono_ns, self.margin_ns));
        WaitNs(ready_at.saturating_sub(mono_ns))
    }

    /// Takes `cost` of the limit now or as soon as it is there, after all that was reserved before (first come, first
    /// served). Answers the time (`mono_ns`) at which the request must be sent.
    ///
    /// # Errors
    /// The wait, if it is longer than `max_wait_ns`; nothing is taken then.
    pub fn reserve(
        &mut self,
        key: &LimitKey,
        cost: u32,
        mono_ns: u64,
        max_wait_ns: u64,
    ) -> Result<u64, WaitNs> {
        let margin_ns = self.margin_ns;
        let bucket = self.bucket(key, mono_ns);
        let ready_at = bucket.ready_at(key.rule, cost, mono_ns, margin_ns);
        let wait = ready_at - mono_ns;
        if wait > max_wait_ns {
            return Err(WaitNs(wait));
        }
        bucket.push(ready_at, key.rule.clamp(cost));
        Ok(ready_at)
    }

    /// Lets nothing through for this key for some time, since OKX has refused (50011) or asked to wait (`Retry-After`).
    pub fn hold(&mut self, key: &LimitKey, for_ns: u64, mono_ns: u64) {
        let bucket = self.bucket(key, mono_ns);
        bucket.held_until_ns = bucket.held_until_ns.max(mono_ns.saturating_add(for_ns));
    }

    /// Whether the key is [held](Self::hold).
    #[must_use]
    pub fn is_held(&self, key: &LimitKey, mono_ns: u64) -> bool {
        self.buckets.get(key).is_some_and(|bucket| bucket.held_until_ns > mono_ns)
    }

    /// How many keys are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.buckets.len()
    }

    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.buckets.is_empty()
    }

    /// The bucket of a key, without what has left its window.
    fn bucket(&mut self, key: &LimitKey, mono_ns: u64) -> &mut Bucket {
        if self.buckets.len() >= self.prune_at && !self.buckets.contains_key(key) {
            let margin_ns = self.margin_ns;
            self.buckets.retain(|key, bucket| {
                bucket.forget(key.rule, mono_ns, margin_ns);
                !bucket.sent.is_empty() || bucket.held_until_ns > mono_ns
            });
            // If all of them are in use, looking again at each new key would take quadratic time.
            self.prune_at = PRUNE_AT_KEYS.max(2 * self.buckets.len());
        }
        let bucket = self.buckets.entry(key.clone()).or_default();
        bucket.forget(key.rule, mono_ns, self.margin_ns);
        bucket
    }
}

/// The requests of one key: when, and how much. In order of time; some may lie in the future (reserved).
#[derive(Debug, Default)]
struct Bucket {
    sent: VecDeque<(u64, u32)>,
    held_until_ns: u64,
}

impl Bucket {
    /// The first time from `mono_ns` on at which the cost fits into the window before.
    fn ready_at(&self, rule: &Rule, cost: u32, mono_ns: u64, margin_ns: u64) -> u64 {
        let window_ns = rule.window_ns() + margin_ns;
        let free = rule.limit - rule.clamp(cost);
        let mut at = mono_ns.max(self.held_until_ns);
        let mut used = 0;
        // From the newest back: the first one that does not fit beside the newer ones must have left the window.
        for (when, cost) in self.sent.iter().rev() {
            at = at.max(*when);
            used += cost;
            if used > free {
                return at.max(when + window_ns);
            }
        }
        at
    }

    fn push(&mut self, at: u64, cost: u32) {
        match self.sent.back_mut() {
            // One entry a moment: a burst of single requests stays as short as one batch.
            Some((last, sum)) if *last == at => *sum += cost,
            _ => self.sent.push_back((at, cost)),
        }
    }

    fn forget(&mut self, rule: &Rule, mono_ns: u64, margin_ns: u64) {
        let window_ns = rule.window_ns() + margin_ns;
        while self.sent.front().is_some_and(|(when, _)| when + window_ns <= mono_ns) {
            self.sent.pop_front();
        }
    }
}
