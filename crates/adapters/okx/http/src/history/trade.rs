//! Pages of trades, several of which may have the same time: after the first page they are told apart by their ids.

use std::collections::BTreeMap;

use super::{Direction, PageError, Progress, Range};
use crate::endpoint::market::Trade;

/// The most rows of `/market/trades`, which has no pages.
const RECENT_LIMIT: u32 = 500;
/// The most rows of a page of `/market/history-trades`.
const PAGE_LIMIT: u32 = 100;
/// Rows of one request at most: some hundred bytes each.
const MAX_ROWS: usize = 2_000_000;
/// How many trades come where neither a start nor a limit is given.
const DEFAULT_LIMIT: usize = RECENT_LIMIT as usize;

/// A page to ask for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TradePage {
    /// `/market/trades`: the latest.
    Recent {
        /// At most so many.
        limit: u32,
    },
    /// `/market/history-trades` by time.
    BeforeTime {
        /// Only older ones than this, Unix ms.
        ts_ms: u64,
        /// At most so many.
        limit: u32,
    },
    /// `/market/history-trades` by id.
    BeforeId {
        /// Only older ones than this trade.
        trade_id: String,
        /// At most so many.
        limit: u32,
    },
}

/// The place of a trade: ids are numbers of any length as text.
type Key = (u64, usize, String);

/// A plan. Trades can only be read backward; forward keeps the oldest of all.
#[derive(Debug)]
pub struct TradePages {
    range: Range,
    rows: BTreeMap<Key, Trade>,
    next: Option<TradePage>,
    pages: u32,
}

impl TradePages {
    /// A plan for a range.
    #[must_use]
    pub fn new(mut range: Range) -> Self {
        if range.start_ms.is_none() {
            range.limit.get_or_insert(DEFAULT_LIMIT);
        }
        let mut plan = Self { range, rows: BTreeMap::new(), next: None, pages: 0 };
        let is_empty = range.limit == Some(0)
            || matches!((range.start_ms, range.end_ms), (Some(start), Some(end)) if start > end);
        if !is_empty {
            plan.next = Some(match range.end_ms {
                None => TradePage::Recent { limit: plan.wanted(RECENT_LIMIT) },
                Some(end) => {
                    TradePage::BeforeTime { ts_ms: end.saturating_add(1), limit: plan.wanted(PAGE_LIMIT) }
                }
            });
        }
        plan
    }

    /// The page to ask for next; `None` when there is enough.
    #[must_use]
    pub const fn next_page(&self) -> Option<&TradePage> {
        self.next.as_ref()
    }

    /// Takes the rows of the page asked for last. Those without a time are left out.
    ///
    /// # Errors
    /// If the answer leads nowhere, or there are too many.
    pub fn take(&mut self, rows: Vec<Trade>) -> Result<Progress, PageError> {
        self.pages += 1;
        let asked = self.next.take();
        let keyed = rows.into_iter().filter_map(|trade| Some((key_of(&trade)?, trade)));
        let mut oldest: Option<Key> = None;
        for (key, trade) in keyed {
            if oldest.as_ref().is_none_or(|oldest| key < *oldest) {
                oldest = Some(key.clone());
            }
            if self.range.holds(key.0) {
                self.rows.insert(key, trade);
            }
        }
        if self.rows.len() > MAX_ROWS {
            return Err(PageError::TooManyRows(MAX_ROWS));
        }
        let Some((ts_ms, _, trade_id)) = oldest else { return Ok(self.progress()) };
        if matches!(&asked, Some(TradePage::BeforeId { trade_id: before, .. }) if !is_older(&trade_id, before))
        {
            return Err(PageError::Stuck(ts_ms));
        }
        // Of the first millisecond wanted there may be more on the next page.
        let is_past_start = self.range.start_ms.is_some_and(|start| ts_ms < start);
        let is_enough = self.range.direction == Direction::Backward
            && self.range.limit.is_some_and(|limit| self.rows.len() >= limit);
        if !is_past_start && !is_enough {
            self.next = Some(TradePage::BeforeId { trade_id, limit: self.wanted(PAGE_LIMIT) });
        }
        Ok(self.progress())
    }

    fn wanted(&self, page_limit: u32) -> u32 {
        if self.range.direction == Direction::Forward {
            return page_limit;
        }
        let missing = self.range.limit.map(|limit| limit.saturating_sub(self.rows.len()));
        missing.and_then(|missing| u32::try_from(missing).ok()).unwrap_or(page_limit).min(page_limit)
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress {
            pages: self.pages,
            rows: self.rows.len(),
            oldest_ms: self.rows.first_key_value().map(|(key, _)| key.0),
            newest_ms: self.rows.last_key_value().map(|(key, _)| key.0),
        }
    }

    /// The trades, oldest first, no more than the limit.
    #[must_use]
    pub fn finish(self) -> Vec<Trade> {
        let limit = self.range.limit.unwrap_or(usize::MAX);
        let skip = match self.range.direction {
            Direction::Backward => self.rows.len().saturating_sub(limit),
            Direction::Forward => 0,
        };
        self.rows.into_values().skip(skip).take(limit).collect()
    }
}

fn key_of(trade: &Trade) -> Option<Key> {
    Some((trade.ts_ms?, trade.trade_id.len(), trade.trade_id.to_string()))
}

fn is_older(id: &str, than: &str) -> bool {
    (id.len(), id) < (than.len(), than)
}
