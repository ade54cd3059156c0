//! Pages of rows that have one time each: candles, funding rates.

use std::collections::BTreeMap;

use super::{Direction, Progress, Range};

/// Pages of one request at most: at 300 rows that is six years of minutes. More is a mistake, or a server that does not end.
const MAX_PAGES: u32 = 10_000;

/// Empty windows are passed in ever longer strides, up to this many pages at once.
const MAX_STRIDE: u64 = 1 << 20;

/// Which of the two endpoints has a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// The one of the latest rows.
    Recent,
    /// The one of all.
    Archive,
}

/// A page to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Page {
    /// Where.
    pub source: Source,
    /// Only older rows than this, Unix ms.
    pub after: Option<u64>,
    /// Only newer rows than this, Unix ms.
    pub before: Option<u64>,
    /// At most so many.
    pub limit: u32,
}

/// Why a plan cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// More pages than any request should need.
    #[error("more than {MAX_PAGES} pages; ask for a shorter range")]
    TooManyPages,
    /// More rows than are kept in memory.
    #[error("more than {0} rows; ask for a shorter range")]
    TooManyRows(usize),
    /// The answer is no further than the one before.
    #[error("the page after {0} came again: the exchange does not page as documented")]
    Stuck(u64),
}

/// What a plan needs to know of its rows.
#[derive(Debug, Clone, Copy)]
pub struct PagesConfig<T> {
    /// The time of a row, Unix ms.
    pub key: fn(&T) -> u64,
    /// Whether a row is final. Others only stand in where no final one is, and only if they are wanted.
    pub is_final: fn(&T) -> bool,
    /// Whether rows are wanted that are not final.
    pub keep_open: bool,
    /// The most rows of a page.
    pub page_limit: u32,
    /// The shortest time between two rows, ms.
    pub step_ms: u64,
    /// From when on the endpoint of the latest rows has all of them, Unix ms; `None` if there is none.
    pub recent_from_ms: Option<u64>,
    /// OKX's clock, Unix ms.
    pub now_ms: u64,
}

/// A plan.
#[derive(Debug)]
pub struct Pages<T> {
    config: PagesConfig<T>,
    range: Range,
    rows: BTreeMap<u64, T>,
    /// Backward: rows older than this come next. Forward: rows from this on come next.
    cursor: Option<u64>,
    source: Source,
    /// Forward: how many pages' time the next window spans.
    stride: u64,
    pages: u32,
    is_done: bool,
}

impl<T> Pages<T> {
    /// A plan for a range. Forward without a start begins at `now`, since nothing tells how far back rows go.
    #[must_use]
    pub fn new(config: PagesConfig<T>, range: Range) -> Self {
        let source = if config.recent_from_ms.is_some() { Source::Recent } else { Source::Archive };
        let cursor = match range.direction {
            Direction::Backward => range.end_ms.map(|end| end.saturating_add(1)),
            Direction::Forward => Some(range.start_ms.unwrap_or(config.now_ms)),
        };
        let is_empty = range.limit == Some(0)
            || matches!((range.start_ms, range.end_ms), (Some(start), Some(end)) if start > end);
        Self { config, range, rows: BTreeMap::new(), cursor, source, stride: 1, pages: 0, is_done: is_empty }
            .settled()
    }

    /// Leaves out the latest rows' endpoint where it cannot have any.
    fn settled(mut self) -> Self {
        if self.range.direction == Direction::Backward
            && let (Some(cursor), Some(from)) = (self.cursor, self.config.recent_from_ms)
            && cursor <= from
        {
            self.source = Source::Archive;
        }
        self
    }

    /// The page to ask for next; `None` when there is enough.
    #[must_use]
    pub fn next_page(&self) -> Option<Page> {
        if self.is_done {
            return None;
        }
        Some(match self.range.direction {
            Direction::Backward => {
                Page { source: self.source, after: self.cursor, before: None, limit: self.wanted() }
            }
            Direction::Forward => {
                let (source, from, to) = self.window()?;
                Page { source, after: Some(to), before: from.checked_sub(1), limit: self.config.page_limit }
            }
        })
    }

    /// Takes the rows of the page asked for last.
    ///
    /// # Errors
    /// If the answer leads nowhere.
    pub fn take(&mut self, rows: Vec<T>) -> Result<Progress, PageError> {
        self.pages += 1;
        match self.range.direction {
            Direction::Backward => self.take_backward(rows)?,
            Direction::Forward => self.take_forward(rows),
        }
        self.is_done = self.is_done || self.range.limit.is_some_and(|limit| self.rows.len() >= limit);
        if !self.is_done && self.pages >= MAX_PAGES {
            return Err(PageError::TooManyPages);
        }
        Ok(self.progress())
    }

    fn take_backward(&mut self, rows: Vec<T>) -> Result<(), PageError> {
        let older = |ts: &u64| self.cursor.is_none_or(|cursor| *ts < cursor);
        let (count, oldest) = (rows.len(), rows.iter().map(self.config.key).filter(older).min());
        self.keep(rows);
        let Some(oldest) = oldest else {
            match (self.source, count, self.cursor) {
                (Source::Recent, ..) => self.source = Source::Archive,
                (Source::Archive, 1.., Some(cursor)) => return Err(PageError::Stuck(cursor)),
                (Source::Archive, ..) => self.is_done = true,
            }
            return Ok(());
        };
        self.cursor = Some(oldest);
        if self.range.start_ms.is_some_and(|start| oldest <= start) {
            self.is_done = true;
        } else if self.config.recent_from_ms.is_some_and(|from| oldest <= from) {
            self.source = Source::Archive;
        }
        Ok(())
    }

    fn take_forward(&mut self, rows: Vec<T>) {
        let Some((_, _, to)) = self.window() else {
            self.is_done = true;
            return;
        };
        let is_full = rows.len() >= self.config.page_limit as usize;
        if is_full && self.stride > 1 {
            // The page holds the newest rows of the window; older ones of it may be missing.
            self.stride = (self.stride / 2).max(1);
            return;
        }
        self.stride = if rows.is_empty() { (self.stride * 2).min(MAX_STRIDE) } else { 1 };
        self.keep(rows);
        self.cursor = Some(to);
        self.is_done = self.window().is_none();
    }

    /// Forward: where the next rows are, from when on, and before when.
    fn window(&self) -> Option<(Source, u64, u64)> {
        let from = self.cursor?;
        let end = self.range.end_ms.unwrap_or(u64::MAX).min(self.config.now_ms).saturating_add(1);
        if from >= end {
            return None;
        }
        let span =
            self.config.step_ms.saturating_mul(u64::from(self.config.page_limit)).saturating_mul(self.stride);
        let to = from.saturating_add(span.max(1)).min(end);
        Some(match self.config.recent_from_ms {
            Some(recent) if from >= recent => (Source::Recent, from, to),
            Some(recent) => (Source::Archive, from, to.min(recent)),
            None => (Source::Archive, from, to),
        })
    }

    /// How many rows to ask for: no more than can be used. One may be open, and left out.
    fn wanted(&self) -> u32 {
        let missing = self.range.limit.map(|limit| limit.saturating_sub(self.rows.len()).saturating_add(1));
        let missing = missing.and_then(|missing| u32::try_from(missing).ok());
        missing.unwrap_or(u32::MAX).min(self.config.page_limit)
    }

    fn keep(&mut self, rows: Vec<T>) {
        for row in rows {
            let (ts_ms, is_final) = ((self.config.key)(&row), (self.config.is_final)(&row));
            let is_wanted = self.range.holds(ts_ms) && (is_final || self.config.keep_open);
            if is_wanted && (is_final || !self.rows.contains_key(&ts_ms)) {
                self.rows.insert(ts_ms, row);
            }
        }
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress {
            pages: self.pages,
            rows: self.rows.len(),
            oldest_ms: self.rows.first_key_value().map(|(ts, _)| *ts),
            newest_ms: self.rows.last_key_value().map(|(ts, _)| *ts),
        }
    }

    /// The rows, oldest first, no more than the limit.
    #[must_use]
    pub fn finish(self) -> Vec<T> {
        let limit = self.range.limit.unwrap_or(usize::MAX);
        let skip = match self.range.direction {
            Direction::Backward => self.rows.len().saturating_sub(limit),
            Direction::Forward => 0,
        };
        self.rows.into_values().skip(skip).take(limit).collect()
    }
}
