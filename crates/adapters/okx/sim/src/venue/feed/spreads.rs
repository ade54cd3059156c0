//! The channels of spread trading (reference 11).

use bytes::Bytes;

use crate::venue::{
    Venue,
    bars::Bar,
    rows::{self, Side, Spread},
    series::Book,
};

/// How often a spread is looked at: its book changes every second.
pub(super) const LOOK_US: u64 = 1_000_000;

/// What of it.
#[derive(Debug, Clone, PartialEq)]
enum What {
    /// The book: depth, and whether it is sent whole.
    Book(usize, bool),
    Trades,
    Candles(Bar),
}

/// One channel of one spread.
#[derive(Debug, Clone)]
pub(super) struct SpreadFeed {
    spread: Spread,
    what: What,
    book: Book,
    ms: u64,
    last: String,
}

impl SpreadFeed {
    /// The channel as of now; `None` for other channels. `sprd-tickers` is one of the values that are looked at.
    pub fn new(channel: &str, id: &str, venue: &Venue) -> Option<Self> {
        let what = match channel {
            "sprd-books5" => What::Book(5, true),
            "sprd-bbo-tbt" => What::Book(1, true),
            "sprd-books-l2-tbt" => What::Book(400, false),
            "sprd-public-trades" => What::Trades,
            _ => What::Candles(Bar::parse(channel.strip_prefix("sprd-candle")?)?),
        };
        let spread = rows::spread(venue, id)?;
        let ms = rows::ms(venue.now_us) / 1_000 * 1_000;
        let book = if let What::Book(depth, _) = what { spread.book(ms, depth) } else { Book::default() };
        Some(Self { spread, what, book, ms, last: String::new() })
    }

    /// What a new subscriber gets at once.
    pub fn snapshot(&self, arg: &str, us: u64) -> Vec<Bytes> {
        match self.what {
            What::Book(_, true) => vec![self.whole(arg)],
            What::Book(_, false) => vec![self.frame(arg, "snapshot", &self.book, -1)],
            What::Trades => Vec::new(),
            What::Candles(bar) => {
                let ms = rows::ms(us);
                vec![data(arg, &self.spread.candle_row(bar, bar.start(ms), ms))]
            }
        }
    }

    /// What is new at this time.
    pub fn fire(&mut self, arg: &str, us: u64) -> Option<Bytes> {
        let (before, ms) = (self.ms, rows::ms(us) / 1_000 * 1_000);
        self.ms = ms;
        match self.what {
            What::Book(depth, whole) => {
                let book = self.spread.book(ms, depth);
                let changes = rows::changed_sides(&self.book, &book);
                if changes == Book::default() {
                    self.ms = before;
                    return None;
                }
                self.book = book;
                Some(if whole {
                    self.whole(arg)
                } else {
                    self.frame(arg, "update", &changes, Spread::seq(before))
                })
            }
            What::Trades => {
                let minute = self.spread.last_minute(ms);
                (self.spread.last_minute(before) != minute).then(|| data(arg, &self.spread.print_row(minute)))
            }
            What::Candles(bar) => {
                let start = bar.start(ms);
                let ended = bar.start(before) != start;
                let row = self.spread.candle_row(bar, if ended { bar.previous(start) } else { start }, ms);
                let news = row != self.last;
                self.last.clone_from(&row);
                news.then(|| data(arg, &row))
            }
        }
    }

    fn whole(&self, arg: &str) -> Bytes {
        let mut row = String::from("{");
        rows::push_levels(self.spread.steps(), &self.book, Side::Short, &mut row);
        row.push_str(&format!(",\"ts\":\"{}\",\"seqId\":{}}}", self.ms, self.seq()));
        data(arg, &row)
    }

    fn frame(&self, arg: &str, action: &str, book: &Book, prev: i64) -> Bytes {
        let checksum = Some(rows::checksum(self.spread.steps(), &self.book));
        let stamp = rows::Stamp { ms: self.ms, checksum, seq: self.seq(), prev };
        rows::book_frame(self.spread.steps(), arg, action, book, Side::Short, stamp).into()
    }

    /// `seqId` of the book it published last.
    pub const fn seq(&self) -> i64 {
        Spread::seq(self.ms)
    }
}

fn data(arg: &str, row: &str) -> Bytes {
    Bytes::from(format!("{{\"arg\":{arg},\"data\":[{row}]}}"))
}
