//! One instrument's market: price path, trades and book, each a function of the seed and the time.
//!
//! Nothing here is stored but what scripts did, so any moment, past or present, can be asked for and answers the same.

mod bucket;
mod depth;
mod prints;
mod sum;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    sync::Arc,
};

use super::{
    catalogue::{Grid, Kind, Listing},
    greeks::Quote,
    noise::{self, Wander},
    num::Step,
    tape::Track,
    world::{Coin, World},
};
pub(super) use bucket::Bucket;
pub(super) use depth::{Book, Level, Shape};
pub(super) use prints::Print;
pub(super) use sum::Sum;

use bucket::Draw;

/// Volatility of options a year, roughly.
pub(super) const VOLATILITY: f64 = 0.48;
/// How much dated futures cost above the index, a year.
const CARRY: f64 = 0.045;
/// Currencies whose instruments are busy.
const BUSY: &[&str] = &["BTC", "ETH", "SOL", "XRP", "DOGE"];

/// A trade printed by a script.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extra {
    pub us: u64,
    pub px: i64,
    pub lots: i64,
    pub buy: bool,
}

/// The market of one instrument.
#[derive(Debug, Clone)]
pub(super) struct Series {
    /// `instId`.
    pub id: String,
    /// `instType`.
    pub kind: Kind,
    /// Tick, lot, contract.
    pub grid: Grid,
    seed: u64,
    base: Coin,
    quote: Coin,
    basis: Wander,
    /// Turns a price into ticks, for prices far too small for their tick.
    scale: f64,
    option: Option<(f64, bool)>,
    ceiling: i64,
    list_ms: u64,
    exp_ms: u64,
    bucket_us: u64,
    slots: u64,
    /// Time from one state of the book to the next, microseconds.
    pub step_us: u64,
    /// Time from one push of `books` to the next, microseconds; whole steps.
    pub push_us: u64,
    lots: i64,
    jumps: Vec<(u64, f64)>,
    halts: Vec<(u64, u64)>,
    extras: Vec<Extra>,
    shapes: Vec<(u64, Shape)>,
    seq_offset: i64,
    track: Option<Arc<Track>>,
    cached: Cell<Option<Bucket>>,
    edge: Cell<(u64, f64)>,
    day: Cell<Option<sum::Running>>,
    days: RefCell<BTreeMap<u64, Option<Sum>>>,
}

/// Length of a span in seconds, trades in it, microseconds between book states.
const fn pace(kind: Kind, busy: bool, dollar: bool) -> (u64, u64, u64) {
    match kind {
        Kind::Option | Kind::Events => (3_600, 20, 5_000_000),
        _ if busy && dollar => (60, 180, 50_000),
        _ if dollar => (300, 120, 200_000),
        _ => (900, 20, 1_000_000),
    }
}

/// A step about `rate` times shorter. Steps divide the span, and either divide 50 ms or are a multiple of it, so that the corners of a
/// path fall on them.
fn faster(step_us: u64, rate: f64, bucket_us: u64) -> u64 {
    const GRID_US: u64 = 50_000;
    let wanted = step_us as f64 / rate;
    if wanted >= GRID_US as f64 {
        let most = (wanted / GRID_US as f64) as u64;
        let grids = bucket_us / GRID_US;
        return (1..=most).rev().find(|n| grids.is_multiple_of(*n)).unwrap_or(1) * GRID_US;
    }
    let parts = (1..=GRID_US).filter(|n| GRID_US.is_multiple_of(*n));
    GRID_US / parts.into_iter().find(|n| GRID_US as f64 / *n as f64 <= wanted * 1.001).unwrap_or(GRID_US)
}

impl Series {
    /// The market of a listing; `None` while it has no tick or lot.
    pub fn new(listing: &Listing, world: &World) -> Option<Self> {
        let grid = listing.grid?;
        let seed = noise::seed_of(world.seed, &listing.id);
        let dollar = ["USDT", "USD", "USDC"].contains(&listing.quote.as_str());
        let dollar = dollar && (listing.quote != "USDC" || BUSY.contains(&listing.base.as_str()));
        let busy = BUSY.contains(&listing.base.as_str()) && listing.kind != Kind::Futures;
        let (bucket_s, trades, step_us) = pace(listing.kind, busy, dollar);
        let step_us = faster(step_us, world.rate, bucket_s * 1_000_000);
        let push_us = step_us * ((100_000.0 / world.rate / step_us as f64).ceil() as u64).max(1);
        let slots = ((trades as f64 * world.rate / 4.0).round() as u64).max(5);
        let option =
            (listing.kind == Kind::Option).then(|| (listing.strike(), listing.text("optType") != "P"));
        let ceiling =
            if listing.kind == Kind::Events { (1.0 / grid.tick.float()).round() as i64 } else { i64::MAX };
        let basis = match listing.kind {
            Kind::Spot | Kind::Margin => 0.000_01,
            _ => 0.000_03,
        };
        let mut series = Self {
            id: listing.id.clone(),
            kind: listing.kind,
            grid,
            seed,
            base: world.coin(&listing.base),
            quote: world.coin(&listing.quote),
            basis: Wander::new(noise::at(seed, 1), basis, 8),
            scale: 1.0,
            option,
            ceiling,
            list_ms: listing.list_ms,
            exp_ms: listing.exp_ms,
            bucket_us: bucket_s * 1_000_000,
            slots,
            step_us,
            push_us,
            lots: 1,
            jumps: Vec::new(),
            halts: Vec::new(),
            extras: Vec::new(),
            shapes: Vec::new(),
            seq_offset: 0,
            track: world.tracks.get(&listing.id).cloned(),
            cached: Cell::new(None),
            edge: Cell::new((0, 0.0)),
            day: Cell::new(None),
            days: RefCell::default(),
        };
        let strike = if listing.kind == Kind::Events { Some((listing.strike(), true)) } else { None };
        series.option = series.option.or(strike);
        if series.option.is_none() {
            let ticks = series.target(listing.list_ms.max(1_600_000_000_000)) / grid.tick.float();
            series.scale = if ticks < 1_500.0 { 4_000.0 / ticks } else { 1.0 };
        }
        series.edge.set((0, 0.0));
        if let Some(track) = &series.track {
            // A round is one span with one slot.
            (series.bucket_us, series.slots) = (track.len_us, 1);
        }
        series.lots = series.typical_lots(busy);
        let names = [listing.id.as_str(), listing.base.as_str()];
        series.jumps = world
            .jumps
            .iter()
            .filter(|j| names.contains(&j.whom.as_str()))
            .map(|j| (j.from_us, j.factor))
            .collect();
        Some(series)
    }

    /// A match is worth some 400 USD, on quiet instruments less.
    fn typical_lots(&self, busy: bool) -> i64 {
        let usd = if busy { 900.0 } else { 250.0 };
        let now = self.list_ms.max(1_600_000_000_000);
        let contract = self.grid.contract.float().max(1e-12);
        let worth = match (self.kind, self.grid.inverse) {
            (Kind::Option | Kind::Events, _) => return 4,
            (_, true) => contract,
            _ => self.base.usd(now) * contract,
        };
        ((usd / worth / self.grid.lot.float()) as i64).clamp(2, 1_000_000_000_000)
    }

    /// The price it wanders around at this time, in its own price unit, jumps left out.
    fn target(&self, ms: u64) -> f64 {
        let quote = self.quote.usd(ms);
        let spot = self.base.usd(ms) / quote;
        match (self.kind, self.option) {
            (Kind::Option, Some(_)) => {
                let Some(quote) = self.option_at(ms, spot) else { return spot };
                if self.grid.inverse || self.grid.tick.float() < 0.01 {
                    quote.worth() / quote.forward
                } else {
                    quote.worth()
                }
            }
            (Kind::Events, Some(_)) => self.option_at(ms, spot).map_or(0.5, |q| q.chance_above()),
            (Kind::Futures, _) => spot * (1.0 + self.carry(ms)) * self.basis.factor(ms) * self.scale,
            _ => spot * self.basis.factor(ms) * self.scale,
        }
    }

    fn carry(&self, ms: u64) -> f64 {
        let years = self.exp_ms.saturating_sub(ms) as f64 / (365.0 * 86_400_000.0);
        if years > 2.0 { 0.0 } else { years * CARRY }
    }

    fn option_at(&self, ms: u64, spot: f64) -> Option<Quote> {
        let (strike, call) = self.option.filter(|(strike, _)| *strike > 0.0)?;
        let forward = spot * (1.0 + self.carry(ms));
        Some(Quote::new(forward, strike, call, ms, self.exp_ms, VOLATILITY))
    }

    /// The option as it stands at this time: forward, volatility, years.
    pub fn option_quote(&self, ms: u64) -> Option<Quote> {
        let spot = self.base.usd(ms) / self.quote.usd(ms) * self.jumped(ms * 1_000);
        self.option_at(ms, spot)
    }

    /// Mark price at this time.
    pub fn mark(&self, ms: u64) -> f64 {
        if self.track.is_some() {
            let (bid, ask) = self.touch(self.step_at(ms * 1_000));
            return (bid + ask) as f64 / 2.0 * self.grid.tick.float();
        }
        self.target(ms) * self.jumped(self.running_us(ms * 1_000))
    }

    /// Index price at this time.
    pub fn index(&self, ms: u64) -> f64 {
        self.base.usd(ms) / self.quote.usd(ms) * self.jumped(ms * 1_000)
    }

    /// Open interest, lots.
    pub fn open_lots(&self, ms: u64) -> i64 {
        let line = Wander::new(noise::at(self.seed, 2), 0.000_2, 16);
        (self.lots as f64 * 400_000.0 * line.factor(ms)) as i64
    }

    /// Roughly how much a contract or coin is worth in USD.
    pub fn usd_per_unit(&self, ms: u64) -> f64 {
        let contract = self.grid.contract.float();
        if self.grid.inverse { contract } else { self.base.usd(ms) * contract }
    }

    /// The span around this microsecond.
    pub fn bucket_at(&self, us: u64) -> Bucket {
        self.bucket(us / self.bucket_us)
    }

    fn bucket(&self, no: u64) -> Bucket {
        if let Some(bucket) = self.cached.get().filter(|b| b.no == no) {
            return bucket;
        }
        let len_ms = self.bucket_us / 1_000;
        let tick = self.grid.tick.float();
        // The end of one span is the start of the next.
        let open = Some(self.edge.get()).filter(|(at, _)| *at == no).map(|(_, price)| price);
        let open = open.unwrap_or_else(|| self.target(no * len_ms) / tick);
        let close = self.target((no + 1) * len_ms) / tick;
        self.edge.set((no + 1, close));
        let stray = (open * 0.000_5 * (len_ms as f64 / 60_000.0).sqrt()).max(1.5);
        let bucket = Bucket::new(&Draw {
            seed: self.seed,
            no,
            len_us: self.bucket_us,
            open,
            close,
            stray,
            grid_us: self.step_us.max(50_000),
            lots: self.lots,
            ceiling: self.ceiling,
        });
        self.cached.set(Some(bucket));
        bucket
    }

    /// Halts stop the clock of the book: the last moment it ran at.
    fn running_us(&self, us: u64) -> u64 {
        self.halts.iter().find(|(from, to)| (*from..*to).contains(&us)).map_or(us, |(from, _)| *from)
    }

    fn jumped(&self, us: u64) -> f64 {
        self.jumps.iter().filter(|(from, _)| *from <= us).map(|(_, factor)| factor).product()
    }

    /// Number of the state of the book at this time.
    pub fn step_at(&self, us: u64) -> u64 {
        let us = self.running_us(us);
        self.track.as_ref().map_or_else(|| us / self.step_us, |track| track.step_at(us))
    }

    /// When a state of the book begins.
    pub fn step_us_of(&self, step: u64) -> u64 {
        self.track.as_ref().map_or_else(|| step * self.step_us, |track| track.time_of(step))
    }

    /// The last time up to this one at which a channel looks at the book: at every state, or every 100 ms.
    pub fn settled_us(&self, us: u64, fast: bool) -> u64 {
        let every = if fast { self.step_us } else { self.push_us };
        self.track.as_ref().map_or_else(|| us - us % every, |track| track.time_of(track.step_at(us)))
    }

    /// The next time after this one at which it does.
    pub fn next_look_us(&self, after_us: u64, fast: bool) -> u64 {
        let every = if fast { self.step_us } else { self.push_us };
        self.track.as_ref().map_or_else(|| (after_us / every + 1) * every, |track| track.next_us(after_us))
    }

    /// The checksum that was recorded for a state; 0, which OKX sends today, where nothing was.
    pub fn checksum(&self, step: u64) -> i64 {
        let as_recorded = self.shape(self.step_us_of(step)) == Shape::default();
        self.track.as_ref().filter(|_| as_recorded).map_or(0, |track| track.checksum(step))
    }

    /// The change a tape has for the step from the state before to this one.
    pub fn recorded_change(&self, step: u64) -> Option<&Book> {
        let as_recorded = |step: u64| self.shape(self.step_us_of(step)) == Shape::default();
        let track = self.track.as_ref()?;
        track.change(step).filter(|_| as_recorded(step) && as_recorded(step - 1))
    }

    /// 24-hour figures that were recorded.
    pub fn recorded_day(&self, us: u64) -> Option<[String; 7]> {
        self.track.as_ref()?.figures(us).cloned()
    }

    /// Tick and lot.
    pub const fn steps(&self) -> (Step, Step) {
        (self.grid.tick, self.grid.lot)
    }

    /// It plays from a tape.
    pub const fn is_taped(&self) -> bool {
        self.track.is_some()
    }

    /// Best bid and ask of a state of the book, ticks.
    pub fn touch(&self, step: u64) -> (i64, i64) {
        if let Some(track) = &self.track {
            let book = track.book(step);
            let (bid, ask) = (book.bids.first().map(|l| l.px), book.asks.first().map(|l| l.px));
            let (bid, ask) = (bid.or(ask.map(|a| a - 1)), ask.or(bid.map(|b| b + 1)));
            return bid.zip(ask).unwrap_or((1, 2));
        }
        let us = step * self.step_us;
        let bucket = self.bucket_at(us);
        let mut bid = bucket.bid(us);
        if !self.jumps.is_empty() {
            bid = ((bid as f64 * self.jumped(us)).round() as i64).clamp(1, (self.ceiling - 4).max(2));
        }
        (bid, bid + bucket.spread)
    }

    /// `seqId` of a state of the book.
    pub fn seq(&self, step: u64) -> i64 {
        (step * 4 + noise::at(self.seed, step) % 4) as i64 + self.seq_offset
    }

    /// The clock went back: the numbers of the book still rise.
    pub fn turn_back(&mut self, from_us: u64, to_us: u64) {
        let (from, to) = (self.step_at(from_us), self.step_at(to_us));
        self.seq_offset += (from.saturating_sub(to) as i64 + 1) * 4;
        self.extras.retain(|e| e.us <= to_us);
        self.forget();
    }

    /// When trading began, microseconds; 0 for instruments that are listed in the future of this clock.
    pub fn born_us(&self, now_us: u64) -> u64 {
        let listed = self.list_ms.saturating_mul(1_000);
        if listed <= now_us { listed } else { 0 }
    }

    /// Scripted: the price is multiplied from now on.
    pub fn jump(&mut self, from_us: u64, factor: f64) {
        self.jumps.push((from_us, factor));
        self.forget();
    }

    /// Scripted: no trades and no change of the book from now on.
    pub fn halt(&mut self, from_us: u64) {
        if self.halts.last().is_none_or(|(_, to)| *to != u64::MAX) {
            self.halts.push((from_us, u64::MAX));
            self.forget();
        }
    }

    /// Scripted: trading goes on.
    pub fn resume(&mut self, us: u64) {
        if let Some(last) = self.halts.last_mut().filter(|(_, to)| *to == u64::MAX) {
            last.1 = us;
            self.forget();
        }
    }

    /// Scripted: a trade.
    pub fn print(&mut self, extra: Extra) {
        self.extras.push(extra);
        self.forget();
    }

    /// Scripted: the book has another shape from this microsecond on.
    pub fn reshape(&mut self, us: u64, shape: Shape) {
        self.shapes.push((us, shape));
    }

    /// Sums that a script may have changed are made anew.
    fn forget(&mut self) {
        self.day.set(None);
        self.days.borrow_mut().clear();
    }

    fn shape(&self, us: u64) -> Shape {
        self.shapes.iter().rev().find(|(from, _)| *from <= us).map(|(_, shape)| *shape).unwrap_or_default()
    }

    fn is_plain(&self, from_us: u64, to_us: u64) -> bool {
        !self.extras.iter().any(|e| (from_us..to_us).contains(&e.us))
            && !self.jumps.iter().any(|(us, _)| (from_us..to_us).contains(us))
            && !self.halts.iter().any(|(from, to)| *from < to_us && *to > from_us)
    }
}
