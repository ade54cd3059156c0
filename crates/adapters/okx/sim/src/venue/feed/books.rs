//! The book channels (reference 5.3, 5.4).

use bytes::Bytes;

use crate::venue::{
    rows::{self, Side},
    series::{Book, Series},
};

/// After so long without a change an incremental channel says that it is alive.
const HEARTBEAT_US: u64 = 60_000_000;

/// How a channel shows the book.
#[derive(Debug, Clone, Copy)]
struct Look {
    depth: usize,
    side: Side,
    /// Snapshot, then changes; the others send the whole window each time.
    incremental: bool,
    /// With every state of the book rather than every 100 ms.
    fast: bool,
}

fn look(channel: &str) -> Option<Look> {
    let look = |depth, side, incremental, fast| Some(Look { depth, side, incremental, fast });
    match channel {
        "books" => look(400, Side::Plain, true, false),
        "books-rpi" => look(400, Side::Rpi, true, false),
        "books-l2-tbt" => look(400, Side::Plain, true, true),
        "books50-l2-tbt" => look(50, Side::Plain, true, true),
        "books5" => look(5, Side::Plain, false, false),
        "bbo-tbt" => look(1, Side::Plain, false, true),
        _ => None,
    }
}

/// One book channel of one instrument.
#[derive(Debug, Clone)]
pub(super) struct BookFeed {
    look: Look,
    book: Book,
    step: u64,
    seq: i64,
    checksum: i64,
    at_us: u64,
    said_us: u64,
}

impl BookFeed {
    /// The channel as of the last state it would have published.
    pub fn new(channel: &str, series: Option<&Series>, now_us: u64) -> Option<Self> {
        let look = look(channel)?;
        let mut feed = Self {
            look,
            book: Book::default(),
            step: 0,
            seq: 1,
            checksum: 0,
            at_us: now_us,
            said_us: now_us,
        };
        if let Some(series) = series {
            let at_us = series.settled_us(now_us, look.fast);
            let step = series.step_at(at_us);
            feed.book = feed.cut(series, step);
            feed.step = step;
            (feed.seq, feed.at_us, feed.checksum) = (series.seq(step), at_us, series.checksum(step));
        }
        Some(feed)
    }

    /// When it is looked at next.
    pub fn next_us(&self, series: Option<&Series>, after_us: u64) -> u64 {
        series.map_or(u64::MAX, |s| s.next_look_us(after_us, self.look.fast))
    }

    fn cut(&self, series: &Series, step: u64) -> Book {
        let mut book = series.book(step, self.look.depth);
        if self.look.side == Side::Plain {
            // Channels without RPI do not see it change either.
            book.asks.iter_mut().chain(&mut book.bids).for_each(|level| level.rpi = 0);
        }
        book
    }

    /// The first frame of a subscriber: the state the others have.
    pub fn snapshot(&self, series: &Series, arg: &str) -> Bytes {
        if self.look.incremental {
            return self.frame(series, arg, "snapshot", &self.book, -1);
        }
        self.whole(series, arg)
    }

    fn whole(&self, series: &Series, arg: &str) -> Bytes {
        let mut out = format!("{{\"arg\":{arg},\"data\":[{{");
        rows::push_levels(series.steps(), &self.book, self.look.side, &mut out);
        if self.look.depth == 5 {
            out.push_str(&format!(",\"instId\":\"{}\"", series.id));
        }
        out.push_str(&format!(",\"ts\":\"{}\",\"seqId\":{}}}]}}", rows::ms(self.at_us), self.seq));
        out.into()
    }

    /// What to publish at this time.
    pub fn fire(&mut self, series: &Series, arg: &str, at_us: u64, open: bool) -> Option<Bytes> {
        let step = series.step_at(at_us);
        let seq = series.seq(step);
        let book = if open && seq != self.seq { self.cut(series, step) } else { self.book.clone() };
        if book == self.book {
            if !self.look.incremental || at_us.saturating_sub(self.said_us) < HEARTBEAT_US {
                return None;
            }
            self.said_us = at_us;
            self.at_us = at_us;
            return Some(self.frame(series, arg, "update", &Book::default(), self.seq));
        }
        let before = std::mem::replace(&mut self.step, step);
        let whole = self.look.incremental && self.look.depth == 400 && self.look.side == Side::Plain;
        let recorded = series.recorded_change(step).filter(|_| whole && step == before + 1);
        let changes = recorded.cloned().unwrap_or_else(|| rows::changed_sides(&self.book, &book));
        let prev = std::mem::replace(&mut self.seq, seq);
        self.book = book;
        self.checksum = series.checksum(step);
        (self.at_us, self.said_us) = (at_us, at_us);
        if !self.look.incremental {
            return Some(self.whole(series, arg));
        }
        Some(self.frame(series, arg, "update", &changes, prev))
    }

    fn frame(&self, series: &Series, arg: &str, action: &str, book: &Book, prev: i64) -> Bytes {
        let checksum = (self.look.side == Side::Plain).then_some(self.checksum);
        let stamp = rows::Stamp { ms: rows::ms(self.at_us), checksum, seq: self.seq, prev };
        rows::book_frame(series.steps(), arg, action, book, self.look.side, stamp).into()
    }

    /// The clock went back.
    pub fn turn_back(&mut self, us: u64) {
        self.said_us = self.said_us.min(us);
    }

    /// `seqId` of the state it published last.
    pub const fn seq(&self) -> i64 {
        self.seq
    }
}
