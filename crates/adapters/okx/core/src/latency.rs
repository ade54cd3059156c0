//! How long messages take, as a histogram of log-linear buckets.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Buckets per doubling: results are right to 1/16.
const STEPS: u64 = 16;
const STEP_BITS: u32 = STEPS.trailing_zeros();
const BUCKETS: usize = ((64 - STEP_BITS as usize) + 1) * STEPS as usize;

/// Counts of durations. One writer, any number of readers.
///
/// ```
/// let latency = okx_core::latency::Latency::default();
/// latency.note(1_500);
/// assert_eq!(latency.summary().max_ns, 1_500);
/// ```
#[derive(Debug)]
pub struct Latency {
    buckets: Box<[AtomicU64]>,
    count: AtomicU64,
    max_ns: AtomicU64,
}

impl Default for Latency {
    fn default() -> Self {
        Self {
            buckets: (0..BUCKETS).map(|_| AtomicU64::new(0)).collect(),
            count: AtomicU64::new(0),
            max_ns: AtomicU64::new(0),
        }
    }
}

/// What [`Latency::summary`] answers, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Durations noted.
    pub count: u64,
    /// Half of them are at most this.
    pub p50_ns: u64,
    /// Nine tenths of them are at most this.
    pub p90_ns: u64,
    /// All but a hundredth of them are at most this.
    pub p99_ns: u64,
    /// The longest.
    pub max_ns: u64,
}

impl Latency {
    /// Notes a duration.
    #[inline]
    pub fn note(&self, ns: u64) {
        add(&self.buckets[bucket_of(ns)], 1);
        add(&self.count, 1);
        if ns > self.max_ns.load(Relaxed) {
            self.max_ns.store(ns, Relaxed);
        }
    }

    /// Starts anew.
    pub fn reset(&self) {
        for bucket in &self.buckets {
            bucket.store(0, Relaxed);
        }
        self.count.store(0, Relaxed);
        self.max_ns.store(0, Relaxed);
    }

    /// The result so far; zeros before the first duration. Percentiles are the upper bounds of their buckets.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let counts: Vec<u64> = self.buckets.iter().map(|bucket| bucket.load(Relaxed)).collect();
        let count = counts.iter().sum();
        let max_ns = self.max_ns.load(Relaxed);
        let quantile = |percent: u64| {
            let rank = (u128::from(count) * u128::from(percent)).div_ceil(100) as u64;
            let mut seen = 0;
            let found = counts.iter().position(|n| {
                seen += n;
                seen >= rank.max(1)
            });
            found.map_or(0, |bucket| upper_bound(bucket).min(max_ns))
        };
        Summary { count, p50_ns: quantile(50), p90_ns: quantile(90), p99_ns: quantile(99), max_ns }
    }
}

/// Adds where there is one writer, without the cost of an atomic addition.
#[inline]
pub fn add(counter: &AtomicU64, n: u64) {
    counter.store(counter.load(Relaxed).wrapping_add(n), Relaxed);
}

#[inline]
fn bucket_of(ns: u64) -> usize {
    if ns < STEPS {
        return ns as usize;
    }
    let doublings = ns.ilog2() - STEP_BITS;
    // The top bit is implied; the next STEP_BITS choose the step within the doubling.
    let step = (ns >> doublings) - STEPS;
    ((u64::from(doublings) + 1) * STEPS + step) as usize
}

fn upper_bound(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    if bucket < STEPS {
        return bucket;
    }
    let (doublings, step) = (bucket / STEPS - 1, bucket % STEPS);
    ((u128::from(STEPS + step + 1) << doublings) - 1) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_hold_what_they_say() {
        for ns in [0, 1, 15, 16, 17, 31, 32, 999, 1_000, 123_456, u64::MAX / 3, u64::MAX] {
            let bucket = bucket_of(ns);
            assert!(ns <= upper_bound(bucket), "{ns}");
            assert!(bucket == 0 || ns > upper_bound(bucket - 1), "{ns}");
            assert!(bucket < BUCKETS);
        }
    }

    #[test]
    fn percentiles_are_right_to_a_sixteenth() {
        let latency = Latency::default();
        (1..=1_000).for_each(|us| latency.note(us * 1_000));
        let summary = latency.summary();
        assert_eq!((summary.count, summary.max_ns), (1_000, 1_000_000));
        for (got, want) in [(summary.p50_ns, 500_000), (summary.p99_ns, 990_000)] {
            assert!(got >= want && got <= want + want / 16 + 1, "{got} for {want}");
        }
        latency.reset();
        assert_eq!(latency.summary().count, 0);
    }
}
