//! How patient the tracker is.

use okx_common::clock::{NANOS_PER_MILLI, NANOS_PER_SECOND};

/// Waits and bounds; all times in nanoseconds. The defaults settle cancels and amendments well before Nautilus' own check of
/// in-flight orders (5 s after the last event) could end them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrackerConfig {
    /// A command that is not answered so long is looked up.
    pub reply_wait_ns: u64,
    /// An answered command whose effect does not show so long is looked up.
    pub push_wait_ns: u64,
    /// Fills that are known to be missing are fetched after so long: they may only be late.
    pub fill_wait_ns: u64,
    /// "Does not exist" (51603) proves nothing until the order was sent so long ago.
    pub absent_grace_ns: u64,
    /// An order that is still as it was proves nothing until the cancellation or amendment was sent so long ago.
    pub change_grace_ns: u64,
    /// The pause after the first lookup; it doubles.
    pub backoff_min_ns: u64,
    /// The longest pause.
    pub backoff_max_ns: u64,
    /// A question that is not answered so long is asked again.
    pub ask_wait_ns: u64,
    /// Closed orders are known so long, for late pushes.
    pub keep_closed_ns: u64,
    /// So many closed orders are known at most.
    pub keep_closed_max: usize,
    /// So many orders of others are remembered, so that each change of theirs is reported once.
    pub keep_external_max: usize,
}

impl Default for TrackerConfig {
    fn default() -> Self {
        Self {
            reply_wait_ns: 2 * NANOS_PER_SECOND,
            push_wait_ns: NANOS_PER_SECOND,
            fill_wait_ns: 250 * NANOS_PER_MILLI,
            absent_grace_ns: 10 * NANOS_PER_SECOND,
            change_grace_ns: 3 * NANOS_PER_SECOND,
            backoff_min_ns: 500 * NANOS_PER_MILLI,
            backoff_max_ns: 8 * NANOS_PER_SECOND,
            ask_wait_ns: 10 * NANOS_PER_SECOND,
            keep_closed_ns: 300 * NANOS_PER_SECOND,
            keep_closed_max: 10_000,
            keep_external_max: 10_000,
        }
    }
}

impl TrackerConfig {
    /// The pause after so many attempts.
    pub(super) fn backoff_ns(&self, attempts: u32) -> u64 {
        let doubled = 1_u64.checked_shl(attempts.saturating_sub(1)).unwrap_or(u64::MAX);
        self.backoff_min_ns.saturating_mul(doubled).min(self.backoff_max_ns)
    }
}
