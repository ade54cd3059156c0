//! How often a broken book is asked for anew.

use okx_common::clock::NANOS_PER_SECOND;

/// Wait before the second attempt; each further one waits twice as long.
pub const RETRY_FIRST_NS: u64 = NANOS_PER_SECOND;
/// The longest wait between attempts.
pub const RETRY_MAX_NS: u64 = 60 * NANOS_PER_SECOND;
/// Attempts after which the book is reported as stale. They go on, a minute apart.
pub const ATTEMPTS_CEILING: u32 = 6;
/// How long a snapshot may take after a subscription took effect.
pub const SNAPSHOT_WAIT_NS: u64 = 5 * NANOS_PER_SECOND;
/// A book that was whole for so long starts anew with its attempts.
pub const HEALTHY_NS: u64 = 60 * NANOS_PER_SECOND;

/// Attempts to get a whole book, since it was last healthy.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Recovery {
    attempts: u32,
    last_ns: u64,
    whole_since_ns: Option<u64>,
}

impl Recovery {
    /// Attempts made.
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// A whole book came.
    pub const fn whole(&mut self, now_ns: u64) {
        self.whole_since_ns = Some(now_ns);
    }

    /// The book broke: when it may be asked for anew.
    pub fn broken(&mut self, now_ns: u64) -> u64 {
        let was_healthy =
            self.whole_since_ns.take().is_some_and(|since| now_ns.saturating_sub(since) >= HEALTHY_NS);
        if was_healthy {
            self.attempts = 0;
        }
        self.next_ns().max(now_ns)
    }

    /// It is being asked for now.
    pub const fn attempt(&mut self, now_ns: u64) {
        self.attempts = self.attempts.saturating_add(1);
        self.last_ns = now_ns;
    }

    /// The earliest time of the next attempt.
    pub fn next_ns(&self) -> u64 {
        if self.attempts == 0 {
            return 0;
        }
        let doublings = (self.attempts - 1).min(u64::BITS);
        let wait = RETRY_FIRST_NS.checked_shl(doublings).filter(|w| w >> doublings == RETRY_FIRST_NS);
        self.last_ns.saturating_add(wait.unwrap_or(RETRY_MAX_NS).min(RETRY_MAX_NS))
    }
}
