//! What is published to the subscribers of a topic, and when.

mod bars;
mod books;
mod gauge;
mod options;
mod spreads;
mod trades;

use std::sync::Arc;

use bytes::Bytes;

use super::{Venue, bars::Bar, blocks, catalogue::Kind, liquidations};
use crate::{market::PushKind, topic::Topic};

use self::{books::BookFeed, gauge::Gauge, spreads::SpreadFeed};

/// How often what is said again and again is said (reference 5.2), microseconds.
const NOTICE_US: u64 = 1_000_000;

/// A topic somebody holds.
#[derive(Debug, Clone)]
pub(super) struct Feed {
    /// The subscription.
    pub topic: Arc<Topic>,
    /// Its JSON, as it stands in every frame.
    pub arg: String,
    /// When it has something to say next, microseconds; `u64::MAX` if only events make it speak.
    pub next_us: u64,
    state: State,
}

#[derive(Debug, Clone)]
enum State {
    /// Books, of every depth and pace.
    Book(BookFeed),
    /// `trades` and `trades-all`: the last microsecond published.
    Trades { all: bool, upto_us: u64 },
    /// `tickers`: the last row.
    Ticker { last: String },
    /// `candle…`: the start of the bar that was published last, and its row.
    Candles { bar: Bar, start_ms: u64, last: String },
    /// `mark-price-candle…` and `index-candle…`.
    Lines { bar: Bar, index: bool, start_ms: u64, last: String },
    /// One value that is looked at every so often.
    Gauge { what: Gauge, last: String, said_us: u64 },
    /// `sprd-…` books, trades and candles.
    Spread(Box<SpreadFeed>),
    /// `option-trades`: the last microsecond published.
    Options { upto_us: u64 },
    /// `liquidation-orders`.
    Liquidations,
    /// `public-block-trades`, `public-struc-block-trades`.
    Blocks,
    /// `adl-warning`, `call-auction-details`: said every second as long as there is a reason; the last row.
    Notice { last: String },
    /// Only events make it speak.
    Events,
}

/// Publishing in the order OKX has for one instrument (reference 5.3): earlier first.
pub(super) fn rank(channel: &str) -> u8 {
    match channel {
        "trades" | "trades-all" => 0,
        "bbo-tbt" => 1,
        "books-l2-tbt" => 2,
        "books50-l2-tbt" => 3,
        "books" => 4,
        "books-rpi" => 5,
        "books5" => 6,
        "tickers" => 7,
        _ => 8,
    }
}

impl Feed {
    /// The feed of a topic from now on. The venue knows the topic.
    pub fn new(topic: &Arc<Topic>, venue: &Venue) -> Self {
        let now_us = venue.now_us;
        let channel = topic.channel.as_str();
        let series = venue.series.get(&topic.inst_id);
        let bar = |prefix: &str| channel.strip_prefix(prefix).and_then(Bar::parse);
        let (state, next_us) = if let Some(book) = BookFeed::new(channel, series, now_us) {
            let next_us = book.next_us(series, now_us);
            (State::Book(book), next_us)
        } else if let Some(bar) = bar("candle") {
            (State::Candles { bar, start_ms: 0, last: String::new() }, now_us)
        } else if let Some(bar) = bar("mark-price-candle") {
            (State::Lines { bar, index: false, start_ms: 0, last: String::new() }, now_us)
        } else if let Some(bar) = bar("index-candle") {
            (State::Lines { bar, index: true, start_ms: 0, last: String::new() }, now_us)
        } else if let Some(spread) = SpreadFeed::new(channel, &topic.sprd_id, venue) {
            (State::Spread(Box::new(spread)), next(spreads::LOOK_US, now_us))
        } else if let Some(what) = Gauge::of(channel) {
            (State::Gauge { what, last: String::new(), said_us: 0 }, now_us)
        } else {
            match channel {
                "trades" | "trades-all" => {
                    let next_us = series.map_or(u64::MAX, |s| s.next_trade_us(now_us));
                    (State::Trades { all: channel == "trades-all", upto_us: now_us }, next_us)
                }
                "tickers" => (
                    State::Ticker { last: String::new() },
                    series.map_or(u64::MAX, |s| next(s.push_us, now_us)),
                ),
                "option-trades" => (State::Options { upto_us: now_us }, next(options::LOOK_US, now_us)),
                "liquidation-orders" => {
                    (State::Liquidations, liquidations::next(venue, Kind::parse(&topic.inst_type), now_us))
                }
                "public-block-trades" | "public-struc-block-trades" => {
                    (State::Blocks, blocks::next(venue, &topic.inst_id, now_us))
                }
                "adl-warning" | "call-auction-details" => {
                    (State::Notice { last: String::new() }, next(NOTICE_US, now_us))
                }
                _ => (State::Events, u64::MAX),
            }
        };
        Self { topic: topic.clone(), arg: topic.json(), next_us, state }
    }

    /// What a new subscriber gets at once.
    pub fn snapshot(&mut self, venue: &Venue) -> Vec<Bytes> {
        let series = venue.series.get(&self.topic.inst_id);
        let row = match &mut self.state {
            State::Book(book) => return series.map(|s| book.snapshot(s, &self.arg)).into_iter().collect(),
            State::Ticker { last } => {
                let Some(series) = series.filter(|_| venue.is_open(&self.topic.inst_id)) else {
                    return Vec::new();
                };
                *last = super::rows::ticker_row(series, venue.kind_name(&self.topic.inst_id), venue.now_us);
                last.clone()
            }
            State::Candles { bar, .. } => match series.and_then(|s| bars::forming(s, *bar, venue.now_us)) {
                Some((_, row)) => row,
                None => return Vec::new(),
            },
            State::Lines { bar, index, .. } => {
                match bars::line(venue, &self.topic.inst_id, *index, *bar, venue.now_us) {
                    Some(row) => row,
                    None => return Vec::new(),
                }
            }
            State::Gauge { what, .. } => match what.row(venue, &self.topic, venue.now_us) {
                Some(row) => row,
                None => return Vec::new(),
            },
            // The last trade, as OKX has it in its cache.
            State::Trades { all: false, .. } => match series.and_then(|s| trades::last(s, venue.now_us)) {
                Some(row) => row,
                None => return Vec::new(),
            },
            State::Spread(spread) => return spread.snapshot(&self.arg, venue.now_us),
            State::Trades { all: true, .. } | State::Options { .. } | State::Liquidations => {
                return Vec::new();
            }
            State::Blocks | State::Notice { .. } | State::Events => return Vec::new(),
        };
        vec![self.frame(&row)]
    }

    /// `{"arg":…,"data":[row]}`.
    pub fn frame(&self, rows: &str) -> Bytes {
        Bytes::from(format!("{{\"arg\":{},\"data\":[{rows}]}}", self.arg))
    }

    /// Says what is due at `next_us` and decides when the next time is.
    pub fn fire(&mut self, venue: &Venue, out: &mut Vec<(PushKind, Bytes)>) {
        let at_us = self.next_us;
        let series = venue.series.get(&self.topic.inst_id);
        let open = venue.is_open(&self.topic.inst_id);
        let mut rows = Vec::new();
        match &mut self.state {
            State::Book(book) => {
                let Some(series) = series else {
                    self.next_us = u64::MAX;
                    return;
                };
                if let Some(frame) = book.fire(series, &self.arg, at_us, open) {
                    out.push((PushKind::Update, frame));
                }
                self.next_us = book.next_us(Some(series), at_us);
                return;
            }
            State::Trades { all, upto_us } => {
                self.next_us = series.map_or(u64::MAX, |s| s.next_trade_us(at_us));
                if let Some(series) = series.filter(|_| open) {
                    rows = trades::rows(series, *all, *upto_us, at_us);
                }
                *upto_us = at_us;
            }
            State::Ticker { last } => {
                self.next_us = series.map_or(u64::MAX, |s| next(s.push_us, at_us));
                if let Some(series) = series.filter(|_| open) {
                    let row = super::rows::ticker_row(series, venue.kind_name(&self.topic.inst_id), at_us);
                    if trades::without_ts(&row) != trades::without_ts(last) {
                        rows.push(row.clone());
                    }
                    *last = row;
                }
            }
            State::Candles { bar, start_ms, last } => {
                self.next_us = next(bars::PUSH_US, at_us);
                if let Some(series) = series.filter(|_| open) {
                    rows = bars::news(series, *bar, at_us, start_ms, last);
                }
            }
            State::Lines { bar, index, start_ms, last } => {
                self.next_us = next(bars::PUSH_US, at_us);
                rows = bars::line_news(venue, &self.topic.inst_id, (*index, *bar), at_us, start_ms, last);
            }
            State::Gauge { what, last, said_us } => {
                self.next_us = next(what.look_us(), at_us);
                let row = what.row(venue, &self.topic, at_us).unwrap_or_default();
                let changed = trades::without_ts(&row) != trades::without_ts(last);
                if !row.is_empty() && (changed || at_us - *said_us >= what.repeat_us()) {
                    rows.push(row.clone());
                    *said_us = at_us;
                    *last = row;
                }
            }
            State::Spread(spread) => {
                self.next_us = next(spreads::LOOK_US, at_us);
                out.extend(spread.fire(&self.arg, at_us).into_iter().map(|frame| (PushKind::Update, frame)));
                return;
            }
            State::Options { upto_us } => {
                self.next_us = next(options::LOOK_US, at_us);
                rows = options::trades(venue, &self.topic, *upto_us, at_us);
                *upto_us = at_us;
            }
            State::Liquidations => {
                let kind = Kind::parse(&self.topic.inst_type);
                self.next_us = liquidations::next(venue, kind, at_us);
                let one = kind.and_then(|kind| liquidations::one(venue, kind, at_us));
                rows.extend(one.map(|(listing, detail)| liquidations::row(listing, &detail)));
            }
            State::Blocks => {
                self.next_us = blocks::next(venue, &self.topic.inst_id, at_us);
                rows.extend(match self.topic.inst_id.as_str() {
                    "" => blocks::structure(venue, at_us),
                    id => blocks::single(venue, id, at_us),
                });
            }
            State::Notice { last } => {
                self.next_us = next(NOTICE_US, at_us);
                let news = venue.board.notices(&self.topic, super::rows::ms(at_us)).join(",");
                if !news.is_empty() && news != *last {
                    rows.push(news.clone());
                }
                *last = news;
            }
            State::Events => self.next_us = u64::MAX,
        }
        let frames: Vec<_> = rows.iter().map(|row| (PushKind::Update, self.frame(row))).collect();
        out.extend(frames);
    }

    /// Time jumped ahead: what lies between is passed over, but for the end of bars.
    pub fn skip_to(&mut self, us: u64) {
        if self.next_us < us {
            self.next_us = us;
        }
        if let State::Trades { upto_us, .. } = &mut self.state {
            *upto_us = (*upto_us).max(us.saturating_sub(1_000_000));
        }
    }

    /// Time went back: everything starts over from here.
    pub fn turn_back(&mut self, us: u64) {
        if self.next_us != u64::MAX {
            self.next_us = us;
        }
        match &mut self.state {
            State::Trades { upto_us, .. } | State::Options { upto_us } => *upto_us = us,
            State::Candles { start_ms, .. } | State::Lines { start_ms, .. } => *start_ms = 0,
            State::Gauge { said_us, .. } => *said_us = (*said_us).min(us),
            State::Book(book) => book.turn_back(us),
            State::Ticker { .. } | State::Spread(_) | State::Liquidations | State::Events => {}
            State::Blocks | State::Notice { .. } => {}
        }
    }

    /// Something was traded: trades, and what shows the last one, are looked at again.
    pub fn wake(&mut self, us: u64) {
        if matches!(self.state, State::Trades { .. } | State::Ticker { .. }) {
            self.next_us = self.next_us.min(us);
        }
    }

    /// Mixes the state in.
    pub fn hash(&self, hash: &mut crate::hash::Fnv) {
        hash.bytes(self.arg.as_bytes());
        hash.word(self.next_us);
        match &self.state {
            State::Book(book) => hash.word(book.seq() as u64),
            State::Trades { upto_us, .. } | State::Options { upto_us } => hash.word(*upto_us),
            State::Spread(spread) => hash.word(spread.seq() as u64),
            State::Ticker { last } | State::Gauge { last, .. } | State::Notice { last } => {
                hash.bytes(last.as_bytes());
            }
            State::Candles { last, .. } | State::Lines { last, .. } => hash.bytes(last.as_bytes()),
            State::Liquidations | State::Blocks | State::Events => {}
        }
    }
}

/// The next multiple of a period after this time.
pub(super) const fn next(every_us: u64, after_us: u64) -> u64 {
    (after_us / every_us + 1) * every_us
}
