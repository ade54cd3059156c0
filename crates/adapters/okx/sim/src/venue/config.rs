//! How a market is set up.

use super::Tape;

/// Everything a market starts from. The same configuration and the same calls give the same bytes.
#[derive(Debug, Clone)]
pub struct VenueConfig {
    /// Seed of prices, books and trades.
    pub seed: u64,
    /// Recorded frames for the instruments they cover; everything else is made from the seed.
    pub tape: Option<Tape>,
    /// How much faster the tape plays than it was recorded; 1 for its own pace.
    pub speed: f64,
    /// How much more often books and trades move than by default. At 1 a busy instrument has 20 book changes and some 3 trades a
    /// second; 1000 makes it a load test. The channels' smallest intervals shrink with it.
    pub rate: f64,
    /// Only these instruments; all recorded ones if empty.
    pub instruments: Vec<String>,
}

impl Default for VenueConfig {
    fn default() -> Self {
        Self { seed: 1, tape: None, speed: 1.0, rate: 1.0, instruments: Vec::new() }
    }
}

/// Why a market could not be made.
#[derive(Debug, thiserror::Error)]
pub enum VenueError {
    /// `speed` or `rate` is no positive number, or too large to keep order.
    #[error("{name} is {value}: it must be between {low} and {high}")]
    Range {
        /// The setting.
        name: &'static str,
        /// What it was.
        value: f64,
        /// The smallest.
        low: f64,
        /// The largest.
        high: f64,
    },
    /// An id of `instruments` is not among the recorded ones.
    #[error("instrument {0} is not among the recorded ones")]
    UnknownInstrument(String),
    /// The compiled-in data is damaged.
    #[error("recorded data cannot be read: {0}")]
    Data(String),
    /// A tape cannot be read or makes no whole book.
    #[error("tape: {0}")]
    Tape(String),
}

impl VenueConfig {
    /// Checks the ranges.
    pub(super) fn check(&self) -> Result<(), VenueError> {
        for (name, value) in [("speed", self.speed), ("rate", self.rate)] {
            let (low, high) = (0.01, 2_000.0);
            if !(low..=high).contains(&value) {
                return Err(VenueError::Range { name, value, low, high });
            }
        }
        Ok(())
    }
}
