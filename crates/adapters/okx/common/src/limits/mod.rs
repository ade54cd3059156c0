//! Rate limits (reference: OKX API v5, "Rate Limits"), kept on the client so that OKX need not refuse.
//!
//! A rule allows so many requests in any window of so long. [`RateLimiter`] keeps the times of the last requests of each
//! key, which never lets more through in any window, wherever it starts; it takes the time as an argument.

mod rules;
#[cfg(test)]
mod tests;

pub use rules::{Rule, Scope, rule_of_path, ws};

use std::{collections::VecDeque, sync::Arc};

use rustc_hash::FxHashMap;

/// What a limit is counted by: the rule, and the scope that the rule names (`BTC-USDT`, an instrument type, a connection).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LimitKey {
    /// The rule.
    pub rule: &'static Rule,
    /// What the rule is counted by; empty if it has one count for all.
    pub scope: Arc<str>,
}

impl LimitKey {
    /// A key of a rule that is counted by something.
    #[must_use]
    pub fn new(rule: &'static Rule, scope: impl AsRef<str>) -> Self {
        Self { rule, scope: Arc::from(scope.as_ref()) }
    }
}

/// How long to wait, in nanoseconds, until the request may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WaitNs(pub u64);
