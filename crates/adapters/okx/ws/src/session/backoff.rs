//! How long to wait before the next attempt.

use okx_common::{clock::NANOS_PER_MILLI, rng::Rng};

/// First and longest wait after losing a link. Short at first: most losses are single ones, and OKX restarts gateways one by one.
const NORMAL_MS: (u64, u64) = (250, 30_000);

/// First and longest wait after a loss that a retry alone does not heal: wrong key, too many subscriptions. OKX counts attempts.
const SLOW_MS: (u64, u64) = (60_000, 600_000);

/// A link that lived this long was a success: the waits start over. Longer than the time in which OKX drops a link without
/// subscription (30 s).
const STABLE_NS: u64 = 45_000 * NANOS_PER_MILLI;

/// A link that lived shorter makes up for one attempt in this time. So losses that come now and then never add up to a long wait,
/// however many there are, and those that follow each other quickly do.
const FORGIVE_NS: u64 = 5_000 * NANOS_PER_MILLI;

/// Growing waits with jitter.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    attempts: u32,
    slow: bool,
}

impl Backoff {
    /// Starts over.
    pub const fn reset(&mut self) {
        self.attempts = 0;
        self.slow = false;
    }

    /// A link has ended that lived this long.
    pub fn forgive(&mut self, lived_ns: u64) {
        if lived_ns >= STABLE_NS {
            self.reset();
        } else if !self.slow {
            let made_up = u32::try_from(lived_ns / FORGIVE_NS).unwrap_or(u32::MAX);
            self.attempts = self.attempts.saturating_sub(made_up);
        }
    }

    /// From now on wait long, until [`Self::reset`].
    pub const fn be_slow(&mut self) {
        if !self.slow {
            self.attempts = 0;
            self.slow = true;
        }
    }

    /// The number of the next attempt and its wait in milliseconds: between half of the nominal one and all of it, so that many
    /// clients do not come back at once.
    pub fn next(&mut self, rng: &mut dyn Rng) -> (u32, u64) {
        let (first, longest) = if self.slow { SLOW_MS } else { NORMAL_MS };
        let nominal = first.saturating_mul(1 << self.attempts.min(20)).min(longest);
        self.attempts = self.attempts.saturating_add(1);
        (self.attempts, rng.between(nominal / 2, nominal))
    }
}

#[cfg(test)]
mod tests {
    use okx_common::rng::SeededRng;

    use super::*;

    #[test]
    fn waits_grow_to_a_ceiling_and_start_over() {
        let mut rng = SeededRng::new(1);
        let mut backoff = Backoff::default();
        for attempt in 1..100u32 {
            let (number, wait) = backoff.next(&mut rng);
            let nominal = (250u64 << (attempt - 1).min(20)).min(30_000);
            assert_eq!(number, attempt);
            assert!((nominal / 2..=nominal).contains(&wait), "{attempt}: {wait}");
        }
        backoff.be_slow();
        assert!(backoff.next(&mut rng).1 >= 30_000);
        backoff.be_slow();
        assert!(backoff.next(&mut rng).1 >= 60_000, "asking again must not start over");
        backoff.reset();
        assert!(backoff.next(&mut rng).1 <= 250);
    }

    #[test]
    fn losses_now_and_then_do_not_add_up_and_quick_ones_do() {
        let mut rng = SeededRng::new(1);
        let mut backoff = Backoff::default();
        for _ in 0..50 {
            backoff.forgive(12_000 * NANOS_PER_MILLI);
            assert!(backoff.next(&mut rng).1 <= 500);
        }
        for _ in 0..50 {
            backoff.forgive(3_000 * NANOS_PER_MILLI);
            backoff.next(&mut rng);
        }
        assert!(backoff.next(&mut rng).1 >= 15_000);
        backoff.be_slow();
        backoff.forgive(12_000 * NANOS_PER_MILLI);
        assert!(
            backoff.next(&mut rng).1 >= 30_000,
            "what a retry does not heal is not forgiven by a short life"
        );
        backoff.forgive(STABLE_NS);
        assert!(backoff.next(&mut rng).1 <= 250);
    }
}
