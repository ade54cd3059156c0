//! Past candles, trades and funding rates, and whole lists of orders and fills, page by page (reference: OKX API v5, pagination rules).
//!
//! A plan says which page to ask next and takes the answer; it neither sends nor waits. `after` asks for older rows than a time or
//! id, `before` for newer ones, both exclusive; `before` alone gives the latest page, so that walking forward bounds both sides.

mod candle;
mod drive;
mod list;
mod pages;
mod past;
#[cfg(test)]
mod tests;
mod trade;

pub use candle::{CandleKind, CandleQuery, opens_between};
pub use drive::{FundingQuery, OnProgress, TradeQuery};
pub use list::ListPages;
pub use pages::{Page, PageError, Pages, PagesConfig, Source};
pub use past::{ALGO_TYPES, AlgoFilter, PastFills, PastOrders};
pub use trade::{TradePage, TradePages};

/// From which end rows are taken, which matters with a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// From the newest back: a limit keeps the newest.
    #[default]
    Backward,
    /// From the oldest on: a limit keeps the oldest.
    Forward,
}

/// Which rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Range {
    /// Not older than this, Unix ms; open if `None`.
    pub start_ms: Option<u64>,
    /// Not newer than this, Unix ms; open if `None`.
    pub end_ms: Option<u64>,
    /// At most so many; no limit if `None`.
    pub limit: Option<usize>,
    /// Which ones if there are more.
    pub direction: Direction,
}

impl Range {
    /// Whether the time lies inside.
    #[must_use]
    pub fn holds(&self, ts_ms: u64) -> bool {
        self.start_ms.is_none_or(|start| ts_ms >= start) && self.end_ms.is_none_or(|end| ts_ms <= end)
    }
}

/// How far a plan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Progress {
    /// Pages that were read.
    pub pages: u32,
    /// Rows that are kept.
    pub rows: usize,
    /// The oldest row, Unix ms.
    pub oldest_ms: Option<u64>,
    /// The newest row, Unix ms.
    pub newest_ms: Option<u64>,
}
