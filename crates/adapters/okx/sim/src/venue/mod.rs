//! The market behind the simulated exchange: real instrument lists, prices from a seed, or recorded frames.
//!
//! * [`Venue`] implements [`Market`](crate::Market): no I/O, no clock, no threads; the same seed and calls give the same bytes.
//! * Every price, level and trade is a function of seed, instrument and time. So only instruments somebody asks for cost anything, and
//!   history of any depth agrees with what was published live: candles sum up the trades, pages of history have no seams.
//! * Differences from OKX, on purpose: a trade does not take its size out of the book; the turnover of a whole span is its volume
//!   times the average of the price path (within 0.1 % of the sum over its trades); if the clock goes back, trades come again with the
//!   numbers they had, while the numbers of books go on rising.

mod bars;
mod blocks;
mod catalogue;
mod config;
mod feed;
mod greeks;
mod lines;
mod liquidations;
mod noise;
mod num;
mod quotes;
mod rest;
mod rows;
mod script;
mod series;
mod tape;
mod world;

#[cfg(test)]
mod tests;

use std::{
    borrow::Cow,
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap, HashMap, VecDeque},
    sync::Arc,
};

use bytes::Bytes;
use serde_json::{Map, Value, json};

pub use config::{VenueConfig, VenueError};
pub use tape::Tape;

use self::{
    catalogue::{Catalogue, Kind, Listing},
    feed::Feed,
    series::Series,
    world::World,
};
use crate::{
    hash::Fnv,
    market::{Market, MarketError, Push, PushKind},
    topic::Topic,
};

/// If time jumps by more than this, what lies between is passed over but for the end of bars, microseconds.
const JUMP_US: u64 = 10_000_000;

/// A market. See the [module](self).
#[derive(Debug)]
pub struct Venue {
    catalogue: Catalogue,
    world: World,
    /// Recorded funding terms by instrument.
    funding_terms: HashMap<String, Map<String, Value>>,
    series: BTreeMap<String, Series>,
    feeds: Vec<Option<Feed>>,
    by_topic: HashMap<Arc<Topic>, usize>,
    due: BinaryHeap<Reverse<(u64, u8, usize)>>,
    now_us: u64,
    next_expiry_ms: u64,
    out: VecDeque<Push>,
    /// What scripts left behind for REST: announcements, auctions.
    board: script::Board,
    scripted: u64,
}

impl Venue {
    /// A market that has not begun: its clock starts with the first [`advance`](Market::advance).
    ///
    /// # Errors
    ///
    /// If a setting is out of range, an instrument is unknown, or recorded data cannot be read.
    pub fn new(config: VenueConfig) -> Result<Self, VenueError> {
        config.check()?;
        let catalogue = Catalogue::new(&config.instruments)?;
        let mut world = World::new(config.seed, config.rate, &catalogue);
        if let Some(tape) = &config.tape {
            let wanted =
                |id: &str| config.instruments.is_empty() || config.instruments.iter().any(|i| i == id);
            let tracks = tape.tracks(config.speed, wanted, |id| catalogue.find(id))?;
            world.tracks = tracks.into_iter().map(|(id, track)| (id, Arc::new(track))).collect();
        }
        let terms = catalogue.reference.get("funding").and_then(Value::as_array).cloned().unwrap_or_default();
        let terms = terms.into_iter().filter_map(|row| match row {
            Value::Object(row) => Some((row.get("instId")?.as_str()?.to_owned(), row)),
            _ => None,
        });
        Ok(Self {
            funding_terms: terms.collect(),
            catalogue,
            world,
            series: BTreeMap::new(),
            feeds: Vec::new(),
            by_topic: HashMap::new(),
            due: BinaryHeap::new(),
            now_us: 0,
            next_expiry_ms: 0,
            out: VecDeque::new(),
            board: script::Board::default(),
            scripted: 0,
        })
    }

    const fn now_ms(&self) -> u64 {
        self.now_us / 1_000
    }

    /// The market of an instrument, made if need be; `None` for what is not listed in detail.
    fn made(&self, id: &str) -> Option<Cow<'_, Series>> {
        if let Some(series) = self.series.get(id) {
            return Some(Cow::Borrowed(series));
        }
        Series::new(self.catalogue.find(id)?, &self.world).map(Cow::Owned)
    }

    /// The same, kept.
    fn keep(&mut self, id: &str) -> Option<&mut Series> {
        if !self.series.contains_key(id) {
            let series = Series::new(self.catalogue.find(id)?, &self.world)?;
            self.series.insert(id.to_owned(), series);
        }
        self.series.get_mut(id)
    }

    /// Whether the instrument trades now.
    fn is_open(&self, id: &str) -> bool {
        self.catalogue.find(id).is_some_and(|l| l.trades_at(self.now_ms()))
    }

    fn kind_name(&self, id: &str) -> &'static str {
        self.catalogue.find(id).map_or("", |l| l.kind.name())
    }

    /// The index price of a pair that has one.
    fn index_price(&self, pair: &str, ms: u64) -> Option<f64> {
        self.catalogue.has_index(pair).then(|| self.world.index(pair, ms))
    }

    /// The spreads of the recording, with their dates moved like those of their legs, as long as the legs are listed.
    fn spreads(&self) -> Vec<Map<String, Value>> {
        let rows = self.catalogue.reference.get("spreads").and_then(Value::as_array);
        rows.into_iter().flatten().filter_map(|row| self.spread_row(row.as_object()?)).collect()
    }

    fn spread_row(&self, recorded: &Map<String, Value>) -> Option<Map<String, Value>> {
        let mut row = recorded.clone();
        let id = self.catalogue.moved_id(row.get("sprdId")?.as_str()?);
        let mut legs = Vec::new();
        for leg in row.get("legs")?.as_array()? {
            let leg_id = self.catalogue.moved_id(leg.get("instId")?.as_str()?);
            self.catalogue.find(&leg_id)?;
            legs.push(json!({"instId": leg_id, "side": leg.get("side")?}));
        }
        for key in ["listTime", "expTime", "uTime"] {
            let moved = row
                .get(key)
                .and_then(Value::as_str)
                .and_then(|t| t.parse().ok())
                .map(|ms: i64| self.catalogue.moved_ms(ms));
            if let Some(ms) = moved {
                row.insert(key.to_owned(), json!(ms.to_string()));
            }
        }
        row.insert("sprdId".to_owned(), json!(id));
        row.insert("legs".to_owned(), json!(legs));
        Some(row)
    }

    /// The clock starts.
    fn begin(&mut self, unix_ms: u64) {
        self.catalogue.settle(unix_ms);
        self.now_us = unix_ms.saturating_mul(1_000);
        // The rest of the market is where the tape is.
        for (id, track) in self.world.tracks.clone() {
            let listing = self.catalogue.find(&id);
            let price = listing.and_then(|l| Some((l.base.clone(), track.middle()? * l.grid?.tick.float())));
            if let Some((ccy, usd)) = price {
                self.world.anchor(&ccy, usd, unix_ms);
            }
        }
    }

    /// Publishes what is due up to this microsecond.
    fn run_to(&mut self, us: u64) {
        while let Some(Reverse((at_us, rank, no))) = self.due.peek().copied().filter(|d| d.0.0 <= us) {
            self.due.pop();
            let Some(mut feed) = self.feeds.get_mut(no).and_then(Option::take) else { continue };
            if feed.next_us != at_us {
                self.feeds[no] = Some(feed);
                continue;
            }
            self.now_us = self.now_us.max(at_us);
            let mut said = Vec::new();
            feed.fire(self, &mut said);
            let push = |(kind, frame)| Push { topic: feed.topic.clone(), kind, frame };
            self.out.extend(said.into_iter().map(push));
            self.due.push(Reverse((feed.next_us, rank, no)));
            self.feeds[no] = Some(feed);
        }
        self.now_us = us;
    }

    /// Makes every feed due at its own time again.
    fn reschedule(&mut self) {
        let live = self.feeds.iter().enumerate().filter_map(|(no, feed)| Some((no, feed.as_ref()?)));
        self.due =
            live.map(|(no, feed)| Reverse((feed.next_us, feed::rank(&feed.topic.channel), no))).collect();
    }

    /// Instruments whose time is over leave the lists.
    fn expire(&mut self, ms: u64) {
        if ms < self.next_expiry_ms {
            return;
        }
        let gone: Vec<Listing> = self.catalogue.all().filter(|l| l.exp_ms <= ms).cloned().collect();
        gone.into_iter().for_each(|listing| self.bury(listing));
        self.catalogue.drop(|l| l.exp_ms <= ms);
        self.next_expiry_ms = self.catalogue.all().map(|l| l.exp_ms).min().unwrap_or(u64::MAX);
    }

    /// Takes an instrument off the lists and says so.
    fn retire(&mut self, id: &str) {
        let gone: Vec<Listing> = self.catalogue.all().filter(|l| l.id == id).cloned().collect();
        gone.into_iter().for_each(|listing| self.bury(listing));
        self.catalogue.drop(|l| l.id == id);
    }

    /// The last that is heard of an instrument.
    fn bury(&mut self, mut listing: Listing) {
        let price = self.index_price(&listing.index(), listing.exp_ms.min(self.now_ms()));
        self.board.delivered(&listing, price);
        listing.row.insert("state".to_owned(), json!("expired"));
        self.announce(&listing);
    }

    /// Pushes an instrument to whoever watches its type.
    fn announce(&mut self, listing: &Listing) {
        let kind = listing.kind.name();
        let fits = |topic: &Topic| topic.channel == "instruments" && topic.inst_type == kind;
        if self.by_topic.keys().any(|topic| fits(topic)) {
            self.say(fits, &rest::channel_row(listing));
        }
        if listing.kind == Kind::Events {
            let row = rest::market_change(listing, self.index_price(&listing.index(), self.now_ms()));
            self.say(|topic| topic.channel == "event-contract-markets", &row);
        }
    }

    /// Publishes rows to all topics that fit.
    fn say(&mut self, fits: impl Fn(&Topic) -> bool, rows: &str) {
        for feed in self.feeds.iter().flatten().filter(|f| fits(&f.topic)) {
            let push = Push { topic: feed.topic.clone(), kind: PushKind::Update, frame: feed.frame(rows) };
            self.out.push_back(push);
        }
    }
}

impl Market for Venue {
    fn advance(&mut self, unix_ms: u64) {
        let us = unix_ms.saturating_mul(1_000);
        if self.now_us == 0 {
            self.begin(unix_ms);
        }
        let from_us = self.now_us;
        if us < from_us - from_us % 1_000 {
            self.series.values_mut().for_each(|s| s.turn_back(from_us, us));
            self.feeds.iter_mut().flatten().for_each(|f| f.turn_back(us));
            self.now_us = us;
            self.next_expiry_ms = 0;
            self.reschedule();
        } else if us > from_us + JUMP_US {
            let second = us - us % 1_000_000;
            self.feeds.iter_mut().flatten().for_each(|f| f.skip_to(second));
            self.reschedule();
        }
        self.run_to(us.max(self.now_us));
        self.expire(unix_ms);
    }

    fn next_ms(&self) -> Option<u64> {
        let due = self.due.peek().map_or(u64::MAX, |d| d.0.0);
        let due = Some(due).filter(|us| *us != u64::MAX).map(|us| us.div_ceil(1_000));
        let watched = self.by_topic.keys().any(|t| t.channel == "instruments");
        let expiry = Some(self.next_expiry_ms).filter(|ms| watched && *ms != u64::MAX);
        [due, expiry].into_iter().flatten().min().map(|ms| ms.max(self.now_ms() + 1))
    }

    fn knows(&self, topic: &Topic) -> bool {
        let listed = |id: &str| self.catalogue.find(id).is_some_and(|l| l.exp_ms > self.now_ms());
        let channel = topic.channel.as_str();
        if channel == "index-tickers" || channel.starts_with("index-candle") {
            return self.catalogue.has_index(&topic.inst_id);
        }
        if channel == "funding-rate" {
            return self.catalogue.find(&topic.inst_id).is_some_and(Listing::has_funding);
        }
        if !topic.sprd_id.is_empty() {
            return rows::spread(self, &topic.sprd_id).is_some();
        }
        let family = |l: &Listing| l.family() == topic.inst_family;
        (topic.inst_id.is_empty() || listed(&topic.inst_id))
            && (topic.inst_family.is_empty() || self.catalogue.all().any(family))
    }

    fn start(&mut self, topic: &Arc<Topic>) {
        if self.by_topic.contains_key(topic) {
            return;
        }
        self.keep(&topic.inst_id);
        let feed = Feed::new(topic, self);
        let no = self.feeds.iter().position(Option::is_none).unwrap_or(self.feeds.len());
        self.due.push(Reverse((feed.next_us, feed::rank(&topic.channel), no)));
        if no == self.feeds.len() {
            self.feeds.push(None);
        }
        self.feeds[no] = Some(feed);
        self.by_topic.insert(topic.clone(), no);
    }

    fn stop(&mut self, topic: &Topic) {
        if let Some(no) = self.by_topic.remove(topic) {
            self.feeds[no] = None;
            self.reschedule();
        }
    }

    fn snapshot(&mut self, topic: &Arc<Topic>) -> Vec<Bytes> {
        let Some(no) = self.by_topic.get(topic).copied() else { return Vec::new() };
        let Some(mut feed) = self.feeds.get_mut(no).and_then(Option::take) else { return Vec::new() };
        let frames = feed.snapshot(self);
        self.feeds[no] = Some(feed);
        frames
    }

    fn poll(&mut self) -> Option<Push> {
        self.out.pop_front()
    }

    fn rest(&mut self, path: &str, params: &[(String, String)]) -> Option<Result<Bytes, MarketError>> {
        rest::answer(self, path, params)
    }

    fn script(&mut self, command: &Value) -> Result<Value, String> {
        let done = script::run(self, command)?;
        self.scripted += 1;
        Ok(done)
    }

    fn book(&self, inst_id: &str) -> Option<Value> {
        let series = self.made(inst_id)?;
        let (book, seq) = rest::book_of(self, &series, 400);
        let mut text = String::from("{");
        rows::push_levels(series.steps(), &book, rows::Side::Short, &mut text);
        text.push_str(&format!(",\"seqId\":{seq}}}"));
        let mut whole: Value = serde_json::from_str(&text).ok()?;
        for side in ["asks", "bids"] {
            let levels = whole.get_mut(side).and_then(Value::as_array_mut);
            levels.into_iter().flatten().filter_map(Value::as_array_mut).for_each(|level| level.truncate(2));
        }
        Some(whole)
    }

    fn quotes(&self) -> Option<&dyn crate::quotes::Quotes> {
        Some(self)
    }

    fn attend(&mut self, inst_id: &str) {
        self.keep(inst_id);
    }

    fn state_hash(&self) -> u64 {
        let mut hash = Fnv::default();
        hash.word(self.world.seed);
        hash.word(self.now_us);
        hash.word(self.scripted);
        for (id, series) in &self.series {
            hash.bytes(id.as_bytes());
            hash.word(series.seq(series.step_at(self.now_us)) as u64);
        }
        self.feeds.iter().flatten().for_each(|feed| feed.hash(&mut hash));
        hash.value()
    }
}

/// Whether the type of instrument of a parameter exists.
fn kind_of(name: &str) -> Option<Kind> {
    Kind::parse(name)
}
