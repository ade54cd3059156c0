//! Spreads (reference 11): their prices are differences of their legs' and may be negative.

use crate::venue::{
    Venue,
    bars::Bar,
    noise,
    num::{Dec, Step},
    series::{Book, Level, Series},
};

/// A spread as it is listed.
#[derive(Debug, Clone)]
pub(in crate::venue) struct Spread {
    pub id: String,
    seed: u64,
    pub legs: [Series; 2],
    pub tick: Step,
    pub lot: Step,
}

/// Finds a listed spread.
pub(in crate::venue) fn spread(venue: &Venue, id: &str) -> Option<Spread> {
    let row =
        venue.spreads().into_iter().find(|row| row.get("sprdId").and_then(|v| v.as_str()) == Some(id))?;
    let text = |key: &str| row.get(key).and_then(|v| v.as_str()).unwrap_or_default();
    let leg = |leg: &serde_json::Value| Some(venue.made(leg.get("instId")?.as_str()?)?.into_owned());
    let legs: Vec<Series> = row.get("legs")?.as_array()?.iter().filter_map(leg).collect();
    Some(Spread {
        id: id.to_owned(),
        seed: noise::seed_of(venue.world.seed, id),
        legs: legs.try_into().ok()?,
        tick: Step::parse(text("tickSz"))?,
        lot: Step::parse(text("lotSz"))?,
    })
}

impl Spread {
    /// Price at this millisecond in ticks: what the second leg costs more than the first, on a grid of one second.
    pub fn middle(&self, ms: u64) -> i64 {
        let ms = ms - ms % 1_000;
        ((self.legs[1].mark(ms) - self.legs[0].mark(ms)) / self.tick.float()).round() as i64
    }

    /// Tick and lot.
    pub const fn steps(&self) -> (Step, Step) {
        (self.tick, self.lot)
    }

    /// The book of this second.
    pub fn book(&self, ms: u64, depth: usize) -> Book {
        let middle = self.middle(ms);
        let level = |px: i64| {
            let period = (ms / 1_000 + noise::at(self.seed, px as u64) % 16) / 16;
            let hash = noise::at(self.seed ^ period, px as u64);
            Level { px, lots: 1_000 + (hash % 40_000) as i64, rpi: 0, orders: 1 + (hash % 3) as u32 }
        };
        let side = |sign: i64| (0..depth as i64).map(|n| level(middle + sign * (2 + n * 3))).collect();
        Book { asks: side(1), bids: side(-1) }
    }

    /// `seqId` of the book of this second.
    pub const fn seq(ms: u64) -> i64 {
        (ms / 1_000) as i64
    }

    /// A trade every minute: price, lots, buy, time in milliseconds.
    pub fn print(&self, minute: u64) -> (i64, i64, bool, u64) {
        let hash = noise::at(self.seed, minute);
        let ms = minute * 60_000 + hash % 50_000;
        let buy = hash & 1 == 0;
        (self.middle(ms) + if buy { 2 } else { -2 }, 1_000 + (hash % 9_000) as i64, buy, ms)
    }

    /// A row of `/sprd/public-trades` and `sprd-public-trades`.
    pub fn print_row(&self, minute: u64) -> String {
        let (px, lots, buy, ms) = self.print(minute);
        format!(
            "{{\"sprdId\":\"{}\",\"tradeId\":\"{}\",\"px\":\"{}\",\"sz\":\"{}\",\"side\":\"{}\",\"ts\":\"{ms}\"}}",
            self.id,
            3_000_000_000_000_000_000u64 + minute * 60_000,
            self.tick.times(px),
            self.lot.times(lots),
            if buy { "buy" } else { "sell" },
        )
    }

    /// `["ts","o","h","l","c","vol","confirm"]`.
    pub fn candle_row(&self, bar: Bar, start_ms: u64, now_ms: u64) -> String {
        let end_ms = bar.next(start_ms);
        let last = self.last_minute(now_ms);
        let minutes = start_ms.div_ceil(60_000)..=(end_ms - 1).div_euclid(60_000).min(last);
        let before = self.print(start_ms.div_ceil(60_000).saturating_sub(1)).0;
        let (mut sum, mut lots) = (None::<[i64; 4]>, 0i128);
        for (px, size, ..) in
            minutes.map(|minute| self.print(minute)).filter(|p| (start_ms..end_ms).contains(&p.3))
        {
            lots += i128::from(size);
            sum = Some(sum.map_or([px; 4], |[o, h, l, _]| [o, h.max(px), l.min(px), px]));
        }
        let [open, high, low, close] = sum.unwrap_or([before; 4]).map(|px| self.tick.times(px));
        let (vol, confirm) = (self.lot.times_wide(lots), u8::from(end_ms <= now_ms));
        format!("[\"{start_ms}\",\"{open}\",\"{high}\",\"{low}\",\"{close}\",\"{vol}\",\"{confirm}\"]")
    }

    /// The newest minute whose trade has happened.
    pub fn last_minute(&self, ms: u64) -> u64 {
        let minute = ms / 60_000;
        if self.print(minute).3 <= ms { minute } else { minute.saturating_sub(1) }
    }
}

/// `/market/sprd-ticker`, `sprd-tickers`.
pub(in crate::venue) fn spread_ticker(venue: &Venue, id: &str, us: u64) -> Option<String> {
    let spread = spread(venue, id)?;
    let ms = super::ms(us);
    let last = spread.last_minute(ms);
    let day: Vec<_> = (0..1_440).map(|n| spread.print(last.saturating_sub(n))).collect();
    let prices = || day.iter().map(|p| p.0);
    let (open, high, low) = (prices().next_back()?, prices().max()?, prices().min()?);
    let book = spread.book(ms, 1);
    let (ask, bid) = (book.asks.first()?, book.bids.first()?);
    let (px, lots, ..) = spread.print(last);
    let volume: i128 = day.iter().map(|p| i128::from(p.1)).sum();
    let price = |ticks: i64| spread.tick.times(ticks);
    let size = |lots: i64| spread.lot.times(lots);
    let volume: Dec = spread.lot.times_wide(volume);
    Some(format!(
        "{{\"sprdId\":\"{id}\",\"last\":\"{}\",\"lastSz\":\"{}\",\"askPx\":\"{}\",\"askSz\":\"{}\",\"bidPx\":\"{}\",\
         \"bidSz\":\"{}\",\"open24h\":\"{}\",\"high24h\":\"{}\",\"low24h\":\"{}\",\"vol24h\":\"{volume}\",\"ts\":\"{ms}\"}}",
        price(px),
        size(lots),
        price(ask.px),
        size(ask.lots),
        price(bid.px),
        size(bid.lots),
        price(open),
        price(high),
        price(low),
    ))
}
