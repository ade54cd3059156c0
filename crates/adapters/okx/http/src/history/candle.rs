//! Plans of candles.

use okx_common::{enums::Bar, ids::InstId};

use super::{Pages, PagesConfig, Range};
use crate::endpoint::market::Candle;

/// How many of the latest bars the endpoints without `history` in their name have.
const RECENT_BARS: u64 = 1_440;
/// How many of those are not counted on: one is forming, and time passes between planning and asking.
const RECENT_MARGIN: u64 = 10;

/// Whose prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CandleKind {
    /// Last trades.
    #[default]
    Last,
    /// Mark prices.
    Mark,
    /// Index prices; the instrument is an index then: `BTC-USD`.
    Index,
}

impl CandleKind {
    /// The most rows of a page.
    #[must_use]
    pub const fn page_limit(self) -> u32 {
        match self {
            Self::Last => 300,
            Self::Mark | Self::Index => 100,
        }
    }
}

/// Which candles are wanted. The range is of opening times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandleQuery {
    /// The instrument, or the index.
    pub inst_id: InstId,
    /// The length.
    pub bar: Bar,
    /// Whose prices.
    pub kind: CandleKind,
    /// When.
    pub range: Range,
    /// Whether the bar that is forming is wanted too.
    pub include_forming: bool,
    /// Prices of equity perpetuals adjusted forward (last prices only).
    pub is_adjusted: bool,
}

impl CandleQuery {
    /// Closed bars of last prices.
    #[must_use]
    pub fn new(inst_id: impl Into<InstId>, bar: Bar, range: Range) -> Self {
        let (kind, include_forming, is_adjusted) = (CandleKind::Last, false, false);
        Self { inst_id: inst_id.into(), bar, kind, range, include_forming, is_adjusted }
    }

    /// The plan at this time of OKX's clock.
    #[must_use]
    pub fn plan(&self, now_ms: u64) -> Pages<Candle> {
        let step_ms = shortest_ms(self.bar);
        // There are no recent bars of a second.
        let has_recent = self.bar != Bar::Second1;
        let back_ms = step_ms.saturating_mul(RECENT_BARS - RECENT_MARGIN);
        let config = PagesConfig {
            key: |candle: &Candle| candle.open_ms,
            is_final: |candle| candle.confirm,
            keep_open: self.include_forming,
            page_limit: self.kind.page_limit(),
            step_ms,
            recent_from_ms: has_recent.then(|| now_ms.saturating_sub(back_ms)),
            now_ms,
        };
        Pages::new(config, self.range)
    }
}

/// The shortest that a bar can be: months have 28 days at least.
fn shortest_ms(bar: Bar) -> u64 {
    const DAY_MS: i64 = 86_400_000;
    let ms = bar.fixed_ms().unwrap_or_else(|| bar.months().unwrap_or(1) * 28 * DAY_MS);
    ms.unsigned_abs().max(1)
}

/// The opening times of the bars whose time lies between two times, both inclusive; a bar's time is that of its close or its
/// opening.
///
/// ```
/// use okx_common::enums::Bar;
/// use okx_http::history::opens_between;
/// assert_eq!(opens_between(Bar::Minute1, Some(60_000), Some(120_000), true), (Some(0), Some(60_000)));
/// assert_eq!(opens_between(Bar::Minute1, Some(60_001), Some(179_999), true), (Some(60_000), Some(60_000)));
/// assert_eq!(opens_between(Bar::Minute1, Some(60_001), None, false), (Some(60_001), None));
/// ```
#[must_use]
pub fn opens_between(
    bar: Bar,
    start_ms: Option<u64>,
    end_ms: Option<u64>,
    on_close: bool,
) -> (Option<u64>, Option<u64>) {
    if !on_close {
        return (start_ms, end_ms);
    }
    let open_of = |ts_ms: u64| bar.open_of(i64::try_from(ts_ms).unwrap_or(i64::MAX / 2));
    // A bar closes at `start` or later if it holds the millisecond before; it closes by `end` if it opened before the one that
    // holds `end`.
    let start = start_ms.map(|start| open_of(start.saturating_sub(1)).max(0).unsigned_abs());
    match end_ms.map(|end| bar.open_of(open_of(end).saturating_sub(1))) {
        None => (start, None),
        Some(end) => match u64::try_from(end) {
            Ok(end) => (start, Some(end)),
            // None closes so early: an empty range.
            Err(_) => (Some(1), Some(0)),
        },
    }
}
