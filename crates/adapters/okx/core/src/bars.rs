//! Closed bars, each once.

use okx_common::enums::Bar;
use okx_ws::message::Candle;

/// What a candle push means for somebody who wants closed bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BarVerdict {
    /// A closed bar that was not handed on yet.
    Closed {
        /// Bars between it and the one before that were never seen closed; OKX sends none for a time without a push. They can be
        /// asked for by REST.
        missing: u32,
    },
    /// Still forming.
    Forming,
    /// Closed and handed on before, or older than that.
    Repeated,
}

/// The closed bars of one candle topic, each once and in order of time.
///
/// Source: OKX API v5, "Candlesticks channel": a candle is pushed while it forms, and once with `confirm` 1.
///
/// ```
/// use okx_common::{decimal::Decimal, enums::Bar};
/// use okx_core::bars::{BarFilter, BarVerdict};
/// use okx_ws::message::Candle;
/// let one = Decimal::ONE;
/// let candle = |open_ms, confirm| Candle {
///     open_ms, open: one, high: one, low: one, close: one, volume: None, volume_ccy: None, volume_quote: None, confirm,
/// };
/// let mut filter = BarFilter::new(Bar::Minute1);
/// assert_eq!(filter.offer(&candle(0, false)), BarVerdict::Forming);
/// assert_eq!(filter.offer(&candle(0, true)), BarVerdict::Closed { missing: 0 });
/// assert_eq!(filter.offer(&candle(0, true)), BarVerdict::Repeated);
/// assert_eq!(filter.offer(&candle(180_000, true)), BarVerdict::Closed { missing: 2 });
/// ```
#[derive(Debug, Clone, Copy)]
pub struct BarFilter {
    bar: Bar,
    last_open_ms: Option<u64>,
}

impl BarFilter {
    /// A filter that has seen nothing.
    #[must_use]
    pub const fn new(bar: Bar) -> Self {
        Self { bar, last_open_ms: None }
    }

    /// Judges a push.
    pub fn offer(&mut self, candle: &Candle) -> BarVerdict {
        if self.last_open_ms.is_some_and(|last| candle.open_ms <= last) {
            return BarVerdict::Repeated;
        }
        if !candle.confirm {
            return BarVerdict::Forming;
        }
        let last = self.last_open_ms.replace(candle.open_ms);
        BarVerdict::Closed { missing: last.map_or(0, |last| self.bars_between(last, candle.open_ms)) }
    }

    /// Bars strictly between two opening times.
    fn bars_between(&self, from_ms: u64, to_ms: u64) -> u32 {
        let steps = match (self.bar.fixed_ms(), self.bar.months()) {
            (Some(step), _) => (to_ms - from_ms) / step.unsigned_abs().max(1),
            (None, Some(months)) => {
                let month = |ms: u64| okx_common::civil::months_of(ms.cast_signed());
                ((month(to_ms) - month(from_ms)) / months.max(1)).unsigned_abs()
            }
            (None, None) => 1,
        };
        u32::try_from(steps.saturating_sub(1)).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use okx_common::decimal::Decimal;

    use super::*;

    fn candle(open_ms: u64, confirm: bool) -> Candle {
        let one = Decimal::ONE;
        Candle {
            open_ms,
            open: one,
            high: one,
            low: one,
            close: one,
            volume: None,
            volume_ccy: None,
            volume_quote: None,
            confirm,
        }
    }

    #[test]
    fn a_revision_after_the_close_is_not_a_second_bar() {
        let mut filter = BarFilter::new(Bar::Minute1);
        assert_eq!(filter.offer(&candle(60_000, true)), BarVerdict::Closed { missing: 0 });
        assert_eq!(filter.offer(&candle(60_000, false)), BarVerdict::Repeated);
        assert_eq!(filter.offer(&candle(0, true)), BarVerdict::Repeated);
        assert_eq!(filter.offer(&candle(120_000, false)), BarVerdict::Forming);
        assert_eq!(filter.offer(&candle(120_000, true)), BarVerdict::Closed { missing: 0 });
    }

    #[test]
    fn months_are_counted_by_the_calendar() {
        let mut filter = BarFilter::new(Bar::Month1);
        let start = |month| okx_common::civil::month_start_ms(month).unsigned_abs();
        let january = 55 * 12;
        assert_eq!(filter.offer(&candle(start(january), true)), BarVerdict::Closed { missing: 0 });
        assert_eq!(filter.offer(&candle(start(january + 1), true)), BarVerdict::Closed { missing: 0 });
        assert_eq!(filter.offer(&candle(start(january + 4), true)), BarVerdict::Closed { missing: 2 });
    }
}
