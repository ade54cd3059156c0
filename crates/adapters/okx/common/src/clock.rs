//! The only place that reads the clock of the machine.
//!
//! State machines take a [`Now`] as an argument; drivers take a [`Clock`], so that tests and simulations run on virtual time.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Instant, SystemTime, UNIX_EPOCH},
};

/// Nanoseconds of one millisecond.
pub const NANOS_PER_MILLI: u64 = 1_000_000;
/// Nanoseconds of one second.
pub const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// One reading of both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Now {
    /// Nanoseconds of a clock that never goes back; its zero is arbitrary. For waits and time-outs.
    pub mono_ns: u64,
    /// Nanoseconds since 1970-01-01 UTC. For timestamps in messages and signatures; may jump.
    pub unix_ns: u64,
}

impl Now {
    /// Both clocks from their values.
    #[must_use]
    pub const fn new(mono_ns: u64, unix_ns: u64) -> Self {
        Self { mono_ns, unix_ns }
    }

    /// Milliseconds since 1970-01-01 UTC, as OKX's timestamps.
    #[must_use]
    pub const fn unix_ms(self) -> u64 {
        self.unix_ns / NANOS_PER_MILLI
    }

    /// Seconds since 1970-01-01 UTC, as the WebSocket login wants them.
    #[must_use]
    pub const fn unix_secs(self) -> u64 {
        self.unix_ns / NANOS_PER_SECOND
    }

    /// Both clocks, later by `ns`.
    #[must_use]
    pub const fn plus_ns(self, ns: u64) -> Self {
        Self { mono_ns: self.mono_ns.saturating_add(ns), unix_ns: self.unix_ns.saturating_add(ns) }
    }
}

/// A source of [`Now`].
pub trait Clock: Send + Sync {
    /// Reads both clocks.
    fn now(&self) -> Now;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Now {
        (**self).now()
    }
}

/// The clocks of the machine. All of a process share one zero, so that their times can be compared: budgets are shared between
/// connections that have clocks of their own.
#[derive(Debug, Clone)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// The monotonic clock starts at 0 with the first one of the process.
    #[must_use]
    pub fn new() -> Self {
        static ZERO: OnceLock<Instant> = OnceLock::new();
        Self { start: *ZERO.get_or_init(Instant::now) }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Now {
        // u64 nanoseconds last for 584 years. A clock set before 1970 reads as 1970.
        let mono_ns = self.start.elapsed().as_nanos() as u64;
        let unix_ns = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as u64);
        Now { mono_ns, unix_ns }
    }
}

/// A clock that stands still until it is moved. Clones share the time.
#[derive(Debug, Clone, Default)]
pub struct VirtualClock {
    times: Arc<(AtomicU64, AtomicU64)>,
}

impl VirtualClock {
    /// Starts at the given time.
    #[must_use]
    pub fn new(start: Now) -> Self {
        let clock = Self::default();
        clock.set(start);
        clock
    }

    /// Moves both clocks on.
    pub fn advance_ns(&self, ns: u64) {
        self.times.0.fetch_add(ns, Ordering::Relaxed);
        self.times.1.fetch_add(ns, Ordering::Relaxed);
    }

    /// Moves both clocks on.
    pub fn advance_ms(&self, ms: u64) {
        self.advance_ns(ms.saturating_mul(NANOS_PER_MILLI));
    }

    /// Sets both clocks; the wall clock may go back, the monotonic one stays if it would.
    pub fn set(&self, now: Now) {
        self.times.0.fetch_max(now.mono_ns, Ordering::Relaxed);
        self.times.1.store(now.unix_ns, Ordering::Relaxed);
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Now {
        Now { mono_ns: self.times.0.load(Ordering::Relaxed), unix_ns: self.times.1.load(Ordering::Relaxed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_clock_never_goes_back_and_knows_the_year() {
        let clock = SystemClock::new();
        let a = clock.now();
        let b = clock.now();
        assert!(b.mono_ns >= a.mono_ns);
        assert!(a.unix_ms() > 1_700_000_000_000, "the wall clock of this machine is before 2023");
        assert_eq!(a.unix_secs(), a.unix_ms() / 1000);
    }

    #[test]
    fn system_clocks_can_be_compared() {
        let first = SystemClock::new();
        // Until a zero of its own would show.
        while first.now().mono_ns < NANOS_PER_MILLI {}
        let before = first.now();
        assert!(SystemClock::new().now().mono_ns >= before.mono_ns);
    }

    #[test]
    fn virtual_clock_moves_only_by_hand_and_is_shared_by_clones() {
        let clock = VirtualClock::new(Now::new(5, 1_000_000_000));
        let same = clock.clone();
        assert_eq!(clock.now(), Now::new(5, 1_000_000_000));
        same.advance_ms(2);
        assert_eq!(clock.now(), Now::new(2_000_005, 1_002_000_000));
        clock.set(Now::new(1, 7));
        assert_eq!(clock.now(), Now::new(2_000_005, 7), "the monotonic clock must not go back");
    }
}
