//! Candle bars: their names, lengths and boundaries.

use crate::civil::{DAY_MS, month_start_ms, months_of};

closed_enum! {
    /// `bar`, the length of a candle. Case matters: `1m` is a minute, `1M` a month.
    ///
    /// Bars up to four hours start at multiples of their length. From six hours up, the plain names start by the day of
    /// UTC+8 and the `utc` names by the day of UTC.
    Bar {
        /// One second (history and WebSocket only, not OPTION).
        Second1 = "1s",
        /// One minute.
        Minute1 = "1m",
        /// Three minutes.
        Minute3 = "3m",
        /// Five minutes.
        Minute5 = "5m",
        /// Fifteen minutes.
        Minute15 = "15m",
        /// Thirty minutes.
        Minute30 = "30m",
        /// One hour.
        Hour1 = "1H",
        /// Two hours.
        Hour2 = "2H",
        /// Four hours.
        Hour4 = "4H",
        /// Six hours by UTC+8.
        Hour6 = "6H",
        /// Twelve hours by UTC+8.
        Hour12 = "12H",
        /// One day by UTC+8.
        Day1 = "1D",
        /// Two days by UTC+8.
        Day2 = "2D",
        /// Three days by UTC+8.
        Day3 = "3D",
        /// Five days by UTC+8 (WebSocket only).
        Day5 = "5D",
        /// One week by UTC+8, from Monday.
        Week1 = "1W",
        /// One month by UTC+8.
        Month1 = "1M",
        /// One quarter by UTC+8.
        Month3 = "3M",
        /// Six hours by UTC.
        Hour6Utc = "6Hutc",
        /// Twelve hours by UTC.
        Hour12Utc = "12Hutc",
        /// One day by UTC.
        Day1Utc = "1Dutc",
        /// Two days by UTC.
        Day2Utc = "2Dutc",
        /// Three days by UTC.
        Day3Utc = "3Dutc",
        /// Five days by UTC (WebSocket only).
        Day5Utc = "5Dutc",
        /// One week by UTC, from Monday.
        Week1Utc = "1Wutc",
        /// One month by UTC.
        Month1Utc = "1Mutc",
        /// One quarter by UTC.
        Month3Utc = "3Mutc",
        /// One year by UTC (WebSocket, mark price only).
        Year1Utc = "1Yutc",
    }
}

/// The unit of a bar, as Nautilus' bar aggregation has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BarUnit {
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Weeks, from Monday.
    Week,
    /// Calendar months.
    Month,
    /// Calendar years.
    Year,
}

/// By which day a bar of six hours or more starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BarAlignment {
    /// UTC.
    Utc,
    /// UTC+8.
    UtcPlus8,
}

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// 1970-01-01 was a Thursday; the Monday before lies three days earlier.
const MONDAY_SHIFT_DAYS: i64 = 3;

impl Bar {
    /// How many units, and which: `(15, Minute)`.
    #[must_use]
    pub const fn step(self) -> (u32, BarUnit) {
        use BarUnit::{Day, Hour, Minute, Month, Second, Week, Year};
        match self {
            Self::Second1 => (1, Second),
            Self::Minute1 => (1, Minute),
            Self::Minute3 => (3, Minute),
            Self::Minute5 => (5, Minute),
            Self::Minute15 => (15, Minute),
            Self::Minute30 => (30, Minute),
            Self::Hour1 => (1, Hour),
            Self::Hour2 => (2, Hour),
            Self::Hour4 => (4, Hour),
            Self::Hour6 | Self::Hour6Utc => (6, Hour),
            Self::Hour12 | Self::Hour12Utc => (12, Hour),
            Self::Day1 | Self::Day1Utc => (1, Day),
            Self::Day2 | Self::Day2Utc => (2, Day),
            Self::Day3 | Self::Day3Utc => (3, Day),
            Self::Day5 | Self::Day5Utc => (5, Day),
            Self::Week1 | Self::Week1Utc => (1, Week),
            Self::Month1 | Self::Month1Utc => (1, Month),
            Self::Month3 | Self::Month3Utc => (3, Month),
            Self::Year1Utc => (1, Year),
        }
    }

    /// The bar of so many units. Bars up to four hours have one alignment, which `alignment` does not change; their
    /// boundaries are the same in both.
    #[must_use]
    pub fn from_step(count: u32, unit: BarUnit, alignment: BarAlignment) -> Option<Self> {
        let of_length = |bar: &&Self| bar.step() == (count, unit);
        let mut found = Self::ALL.iter().filter(of_length);
        let first = *found.next()?;
        match found.next() {
            None if first.is_aligned_by_day() && first.alignment() != alignment => None,
            Some(second) if second.alignment() == alignment => Some(*second),
            _ => Some(first),
        }
    }

    /// By which day the bar starts; UTC for those up to four hours, which start at multiples of their length.
    #[must_use]
    pub fn alignment(self) -> BarAlignment {
        if self.is_aligned_by_day() && !self.as_str().ends_with("utc") {
            BarAlignment::UtcPlus8
        } else {
            BarAlignment::Utc
        }
    }

    /// Whether the two alignments differ for this length: from six hours up.
    const fn is_aligned_by_day(self) -> bool {
        match self.step() {
            (_, BarUnit::Second | BarUnit::Minute) => false,
            (hours, BarUnit::Hour) => hours >= 6,
            _ => true,
        }
    }

    /// The length in milliseconds; `None` for months and years.
    #[must_use]
    pub const fn fixed_ms(self) -> Option<i64> {
        let (count, unit) = self.step();
        let unit_ms = match unit {
            BarUnit::Second => SECOND_MS,
            BarUnit::Minute => MINUTE_MS,
            BarUnit::Hour => HOUR_MS,
            BarUnit::Day => DAY_MS,
            BarUnit::Week => 7 * DAY_MS,
            BarUnit::Month | BarUnit::Year => return None,
        };
        Some(unit_ms * count as i64)
    }

    /// The length in nanoseconds; `None` for months and years.
    #[must_use]
    pub fn step_ns(self) -> Option<u64> {
        self.fixed_ms().map(|ms| ms.unsigned_abs() * crate::clock::NANOS_PER_MILLI)
    }

    /// The length in calendar months; `None` for fixed lengths.
    #[must_use]
    pub const fn months(self) -> Option<i64> {
        match self.step() {
            (count, BarUnit::Month) => Some(count as i64),
            (count, BarUnit::Year) => Some(12 * count as i64),
            _ => None,
        }
    }

    /// The opening time of the bar that the time (Unix ms) falls into.
    ///
    /// Bars of 2, 3 and 5 days are counted from 1970-01-01, which OKX does not document.
    #[must_use]
    pub fn open_of(self, ts_ms: i64) -> i64 {
        let offset = self.offset_ms();
        let local = ts_ms.saturating_add(offset);
        let open = match (self.fixed_ms(), self.step().1) {
            (Some(length), BarUnit::Week) => {
                let shift = MONDAY_SHIFT_DAYS * DAY_MS;
                floor_to(local + shift, length) - shift
            }
            (Some(length), _) => floor_to(local, length),
            (None, _) => {
                let months = self.months().unwrap_or(1);
                month_start_ms(months_of(local).div_euclid(months) * months)
            }
        };
        open - offset
    }

    /// The opening time of the next bar after the one that the time (Unix ms) falls into: when that one closes.
    #[must_use]
    pub fn close_of(self, ts_ms: i64) -> i64 {
        let open = self.open_of(ts_ms);
        match self.months() {
            None => open + self.fixed_ms().unwrap_or_default(),
            Some(months) => {
                let offset = self.offset_ms();
                month_start_ms(months_of(open + offset) + months) - offset
            }
        }
    }

    /// The suffix of a candle channel: `1m` of `candle1m`.
    #[must_use]
    pub const fn as_channel_suffix(self) -> &'static str {
        self.as_str()
    }

    /// The value of the REST parameter `bar`; `None` for the bars that only the WebSocket has.
    #[must_use]
    pub const fn as_rest(self) -> Option<&'static str> {
        match self {
            Self::Day5 | Self::Day5Utc | Self::Year1Utc => None,
            _ => Some(self.as_str()),
        }
    }

    /// How far the local day runs ahead of UTC.
    fn offset_ms(self) -> i64 {
        match self.alignment() {
            BarAlignment::Utc => 0,
            BarAlignment::UtcPlus8 => 8 * HOUR_MS,
        }
    }
}

const fn floor_to(value: i64, step: i64) -> i64 {
    value.div_euclid(step) * step
}
