//! The server's clock: the machine's, or one that stands still until it is moved.

use okx_common::clock::{Clock, Now, SystemClock, VirtualClock};

/// See the [module](self).
#[derive(Debug)]
pub(super) enum ServerClock {
    Running(SystemClock),
    Paused(VirtualClock),
}

impl ServerClock {
    /// A running clock, or one that stands at `start_ms` (at the machine's time without it).
    pub fn new(paused: bool, start_ms: Option<u64>) -> Self {
        let system = SystemClock::new();
        if !paused {
            return Self::Running(system);
        }
        let now = system.now();
        let unix_ns =
            start_ms.map_or(now.unix_ns, |ms| ms.saturating_mul(okx_common::clock::NANOS_PER_MILLI));
        Self::Paused(VirtualClock::new(Now::new(now.mono_ns, unix_ns)))
    }

    /// The clock to move by hand, if it stands still.
    pub const fn paused(&self) -> Option<&VirtualClock> {
        match self {
            Self::Running(_) => None,
            Self::Paused(clock) => Some(clock),
        }
    }
}

impl Clock for ServerClock {
    fn now(&self) -> Now {
        match self {
            Self::Running(clock) => clock.now(),
            Self::Paused(clock) => clock.now(),
        }
    }
}
