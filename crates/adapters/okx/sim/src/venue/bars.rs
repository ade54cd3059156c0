//! Spans of candles: where they start and end (reference 7.4).

use okx_common::civil;

const SECOND_MS: u64 = 1_000;
const MINUTE_MS: u64 = 60 * SECOND_MS;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;
/// Days of OKX start at midnight in Hong Kong.
const HONG_KONG_MS: u64 = 8 * HOUR_MS;

/// A bar size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bar {
    span: Span,
    shift_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    Fixed(u64),
    Week,
    Months(i64),
}

impl Bar {
    /// Reads `1m`, `6H`, `1Dutc`, `3M` …; case counts.
    pub fn parse(name: &str) -> Option<Self> {
        let (plain, utc) = name.strip_suffix("utc").map_or((name, false), |plain| (plain, true));
        let unit = plain.chars().last()?;
        let count: u64 = plain.strip_suffix(unit)?.parse().ok()?;
        let span = match (unit, count) {
            ('s', 1) => Span::Fixed(SECOND_MS),
            ('m', 1 | 3 | 5 | 15 | 30) => Span::Fixed(count * MINUTE_MS),
            ('H', 1 | 2 | 4 | 6 | 12) => Span::Fixed(count * HOUR_MS),
            ('D', 1 | 2 | 3 | 5) => Span::Fixed(count * DAY_MS),
            ('W', 1) => Span::Week,
            ('M', 1 | 3) => Span::Months(count as i64),
            ('Y', 1) if utc => Span::Months(12),
            _ => return None,
        };
        let long = !matches!(span, Span::Fixed(ms) if ms < 6 * HOUR_MS);
        if utc && !long {
            return None;
        }
        Some(Self { span, shift_ms: if long && !utc { HONG_KONG_MS } else { 0 } })
    }

    /// Start of the bar around this millisecond.
    pub fn start(self, ms: u64) -> u64 {
        let local = ms + self.shift_ms;
        let start = match self.span {
            Span::Fixed(len) => local - local % len,
            // 1970-01-05 was a Monday.
            Span::Week => {
                let week = 7 * DAY_MS;
                let since = local.saturating_sub(4 * DAY_MS);
                since - since % week + 4 * DAY_MS
            }
            Span::Months(count) => {
                let months = civil::months_of(local as i64).div_euclid(count) * count;
                civil::month_start_ms(months).max(0) as u64
            }
        };
        start.saturating_sub(self.shift_ms)
    }

    /// Start of the bar after the one that starts here.
    pub fn next(self, start: u64) -> u64 {
        match self.span {
            Span::Fixed(len) => start + len,
            Span::Week => start + 7 * DAY_MS,
            // Long enough to lie in the next one, short enough not to leave it.
            Span::Months(count) => self.start(start + count as u64 * 31 * DAY_MS + DAY_MS),
        }
    }

    /// Start of the bar before the one that starts here; 0 before 1970.
    pub fn previous(self, start: u64) -> u64 {
        self.start(start.saturating_sub(1))
    }

    /// It is the bar of one second, which not every endpoint has.
    pub fn is_second(self) -> bool {
        self.span == Span::Fixed(SECOND_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_start_where_okx_starts_them() {
        let noon = 1_795_608_000_000; // 2026-11-25 12:00 UTC, a Wednesday
        let start = |name: &str| Bar::parse(name).expect("bar").start(noon + 123_456);
        assert_eq!(start("1m"), noon + 120_000);
        assert_eq!(start("4H"), noon);
        assert_eq!(start("6Hutc"), noon);
        assert_eq!(start("6H"), noon - 2 * HOUR_MS);
        assert_eq!(start("1Dutc"), noon - 12 * HOUR_MS);
        assert_eq!(start("1D"), noon - 20 * HOUR_MS);
        assert_eq!(start("1Wutc"), noon - 12 * HOUR_MS - 2 * DAY_MS, "Monday");
        assert_eq!(start("1Mutc"), noon - 12 * HOUR_MS - 24 * DAY_MS);
        assert_eq!(start("3Mutc"), 1_790_812_800_000, "2026-10-01");
        assert_eq!(start("1Yutc"), 1_767_225_600_000, "2026-01-01");
    }

    #[test]
    fn bars_follow_each_other_without_gaps() {
        for name in ["1s", "1m", "30m", "6H", "12Hutc", "1D", "5Dutc", "1W", "1Mutc", "3M", "1M", "1Yutc"] {
            let bar = Bar::parse(name).expect(name);
            let mut at = bar.start(1_700_000_000_000);
            for _ in 0..50 {
                let next = bar.next(at);
                assert!(next > at, "{name}");
                assert_eq!(
                    (bar.start(next), bar.start(next - 1), bar.previous(next)),
                    (next, at, at),
                    "{name}"
                );
                at = next;
            }
        }
        for wrong in ["1mutc", "7m", "1d", "1Y", "", "m", "2M"] {
            assert_eq!(Bar::parse(wrong), None, "{wrong}");
        }
    }
}
