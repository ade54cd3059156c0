//! What a tape has of one instrument, in ticks and lots, on an endless line of time.

use serde_json::Value;

use super::{Raw, decimal};
use crate::venue::{
    catalogue::Grid,
    series::{Book, Level},
};

/// A whole state is kept every so many changes; states between are put together.
const EVERY: usize = 64;

/// One recorded frame of a book.
#[derive(Debug, Clone)]
struct Change {
    at_us: u64,
    whole: bool,
    book: Book,
    checksum: i64,
}

/// A recorded match.
#[derive(Debug, Clone, Copy)]
pub(in crate::venue) struct Trade {
    /// Microseconds since the beginning of the round.
    pub at_us: u64,
    pub px: i64,
    pub lots: i64,
    pub buy: bool,
}

/// Figures of a recorded ticker: open, high, low of 24 hours, both day starts, volume, volume in coin or quote.
pub(in crate::venue) type Figures = [String; 7];

/// One instrument of a tape, in rounds of the same length.
#[derive(Debug, Clone)]
pub(in crate::venue) struct Track {
    /// Length of a round at the speed it is played.
    pub len_us: u64,
    changes: Vec<Change>,
    kept: Vec<Book>,
    /// Matches of a round.
    pub trades: Vec<Trade>,
    tickers: Vec<(u64, Figures)>,
}

impl Track {
    pub(super) fn new(raw: &Raw, grid: Grid, len_us: u64, speed: f64) -> Result<Self, String> {
        let scaled = |us: u64| (us as f64 / speed) as u64;
        let len_us = scaled(len_us).max(1_000);
        let mut changes = Vec::new();
        for (at_us, frame) in &raw.books {
            changes.push(change(frame, grid, scaled(*at_us).min(len_us - 1))?);
        }
        let mut trades = Vec::new();
        for (at_us, frame) in &raw.trades {
            for row in frame.get("data").and_then(Value::as_array).into_iter().flatten() {
                let px = grid.tick.count(decimal(row.get("px"))?).ok_or("a price is off the tick")?;
                let lots = grid.lot.count(decimal(row.get("sz"))?).ok_or("a size is off the lot")?;
                let buy = row.get("side").is_some_and(|side| side == "buy");
                trades.push(Trade { at_us: scaled(*at_us).min(len_us - 1), px, lots, buy });
            }
        }
        let tickers = raw.tickers.iter().filter_map(|(at_us, frame)| {
            let row = frame.pointer("/data/0")?;
            let text = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let keys = ["open24h", "high24h", "low24h", "sodUtc0", "sodUtc8", "vol24h", "volCcy24h"];
            Some((scaled(*at_us).min(len_us - 1), keys.map(text)))
        });
        let mut track = Self { len_us, tickers: tickers.collect(), changes, kept: Vec::new(), trades };
        // The first state stands at the beginning of the round.
        track.changes[0].at_us = 0;
        let mut state = Book::default();
        for (no, change) in track.changes.iter().enumerate() {
            apply(&mut state, change);
            if state.asks.first().zip(state.bids.first()).is_some_and(|(ask, bid)| ask.px <= bid.px) {
                return Err(format!("the book is crossed after frame {no}"));
            }
            if no % EVERY == 0 {
                track.kept.push(state.clone());
            }
        }
        Ok(track)
    }

    fn count(&self) -> u64 {
        self.changes.len() as u64
    }

    /// Number of the last change up to this microsecond, over all rounds.
    pub fn step_at(&self, us: u64) -> u64 {
        let (round, within) = (us / self.len_us, us % self.len_us);
        let done = self.changes.partition_point(|change| change.at_us <= within) as u64;
        round * self.count() + done.max(1) - 1
    }

    /// When a change happens.
    pub fn time_of(&self, step: u64) -> u64 {
        step / self.count() * self.len_us + self.changes[(step % self.count()) as usize].at_us
    }

    /// When the first change after this microsecond happens.
    pub fn next_us(&self, after_us: u64) -> u64 {
        let mut step = self.step_at(after_us) + 1;
        while self.time_of(step) <= after_us {
            step += 1;
        }
        self.time_of(step)
    }

    /// The state after a change.
    pub fn book(&self, step: u64) -> Book {
        let no = (step % self.count()) as usize;
        let mut state = self.kept[no / EVERY].clone();
        for change in &self.changes[no / EVERY * EVERY + 1..=no.max(no / EVERY * EVERY)] {
            apply(&mut state, change);
        }
        state
    }

    /// The levels a change was recorded with; `None` for a whole book. OKX's own changes repeat levels that did not change and
    /// delete levels nobody knew.
    pub fn change(&self, step: u64) -> Option<&Book> {
        let change = &self.changes[(step % self.count()) as usize];
        (!change.whole).then_some(&change.book)
    }

    /// The recorded checksum of a state.
    pub fn checksum(&self, step: u64) -> i64 {
        self.changes[(step % self.count()) as usize].checksum
    }

    /// The recorded 24-hour figures at this microsecond: those of the end of the round before its first ones.
    pub fn figures(&self, us: u64) -> Option<&Figures> {
        let done = self.tickers.partition_point(|(at_us, _)| *at_us <= us % self.len_us);
        done.checked_sub(1).map_or(self.tickers.last(), |no| self.tickers.get(no)).map(|(_, figures)| figures)
    }

    /// The middle of the first recorded book, ticks.
    pub fn middle(&self) -> Option<f64> {
        let book = self.kept.first()?;
        Some((book.asks.first()?.px + book.bids.first()?.px) as f64 / 2.0)
    }
}

fn change(frame: &Value, grid: Grid, at_us: u64) -> Result<Change, String> {
    let row = frame.pointer("/data/0").ok_or("a book frame without data")?;
    let side = |name: &str| {
        let levels = row.get(name).and_then(Value::as_array).ok_or("a book frame without levels")?;
        let mut out = Vec::with_capacity(levels.len());
        for level in levels {
            let px = grid.tick.count(decimal(level.get(0))?).ok_or("a price is off the tick")?;
            let lots = grid.lot.count(decimal(level.get(1))?).ok_or("a size is off the lot")?;
            let orders = level.get(3).and_then(Value::as_str).and_then(|n| n.parse().ok()).unwrap_or(0);
            out.push(Level { px, lots, rpi: 0, orders });
        }
        Ok::<_, String>(out)
    };
    Ok(Change {
        at_us,
        whole: frame.get("action").is_some_and(|action| action == "snapshot"),
        book: Book { asks: side("asks")?, bids: side("bids")? },
        checksum: row.get("checksum").and_then(Value::as_i64).unwrap_or(0),
    })
}

fn apply(state: &mut Book, change: &Change) {
    if change.whole {
        state.clone_from(&change.book);
        return;
    }
    merge(&mut state.asks, &change.book.asks, 1);
    merge(&mut state.bids, &change.book.bids, -1);
}

fn merge(side: &mut Vec<Level>, changes: &[Level], sign: i64) {
    for level in changes {
        match (side.binary_search_by_key(&(level.px * sign), |l| l.px * sign), level.lots) {
            (Ok(at), 0) => {
                side.remove(at);
            }
            (Ok(at), _) => side[at] = *level,
            (Err(_), 0) => {}
            (Err(at), _) => side.insert(at, *level),
        }
    }
}
