//! What all instruments share: the prices of the currencies, from which indices and instruments take theirs.

use std::{collections::HashMap, sync::Arc};

use super::{
    catalogue::{Catalogue, Kind, Listing},
    noise::{self, Wander},
    tape::Track,
};

/// Prices in USD the lines of the larger currencies wander around.
const ANCHORS: &[(&str, f64)] = &[
    ("BTC", 77_830.0),
    ("ETH", 2_665.0),
    ("SOL", 112.0),
    ("XRP", 1.43),
    ("DOGE", 0.098),
    ("ADA", 0.26),
    ("LTC", 62.0),
    ("BCH", 480.0),
    ("LINK", 9.4),
    ("DOT", 1.35),
    ("AVAX", 9.6),
    ("TRX", 0.31),
    ("SUI", 0.97),
    ("UNI", 3.4),
    ("FIL", 0.93),
    ("ETC", 8.5),
    ("OKB", 83.0),
    ("XAU", 4_710.0),
    ("PEPE", 0.000_003_9),
    ("SHIB", 0.000_006_1),
    ("EUR", 1.17),
    ("AUD", 0.71),
    ("SGD", 0.78),
    ("BRL", 0.2),
    ("AED", 0.2723),
    ("TRY", 0.0222),
    ("USD", 1.0),
    ("USDT", 1.0),
    ("USDC", 1.0),
];
/// Currencies that hardly move.
const CALM: &[&str] = &["USD", "USDT", "USDC", "USDG", "DAI", "EUR", "AUD", "SGD", "BRL", "AED", "TRY"];

/// A scripted jump of a currency's or an instrument's price.
#[derive(Debug, Clone)]
pub(super) struct Jump {
    /// `instId`, or a currency.
    pub whom: String,
    /// From this microsecond on.
    pub from_us: u64,
    /// The price is multiplied by this.
    pub factor: f64,
}

/// A currency's price in USD over time.
#[derive(Debug, Clone)]
pub(super) struct Coin {
    anchor: f64,
    line: Wander,
}

impl Coin {
    /// The price at this time, jumps left out.
    pub fn usd(&self, ms: u64) -> f64 {
        self.anchor * self.line.factor(ms)
    }
}

/// Seed, rate, currencies and scripted jumps.
#[derive(Debug, Clone)]
pub(super) struct World {
    /// Everything random comes from it.
    pub seed: u64,
    /// How much more often books and trades move than they do by default.
    pub rate: f64,
    /// Scripted jumps in the order they were made.
    pub jumps: Vec<Jump>,
    coins: HashMap<String, Coin>,
    /// What plays from a tape.
    pub tracks: HashMap<String, Arc<Track>>,
}

impl World {
    /// The currencies of all instruments.
    pub fn new(seed: u64, rate: f64, all: &Catalogue) -> Self {
        let mut world = Self { seed, rate, jumps: Vec::new(), coins: HashMap::new(), tracks: HashMap::new() };
        // A listing against USDT says most about the size of a price, one against other currencies little.
        let rank = |l: &Listing| match (l.kind, l.quote.as_str()) {
            (Kind::Option | Kind::Events, _) => 3,
            (_, "USDT") => 0,
            (_, "USD" | "USDC") => 1,
            _ => 2,
        };
        let mut listings: Vec<&Listing> = all.all().filter(|l| l.grid.is_some()).collect();
        listings.sort_by_key(|l| rank(l));
        for listing in listings {
            world.meet(listing);
        }
        world
    }

    /// Gives the currencies of an instrument a price if they have none.
    pub fn meet(&mut self, listing: &Listing) {
        let Some(grid) = listing.grid else { return };
        for ccy in [&listing.base, &listing.quote] {
            if !self.coins.contains_key(ccy) {
                // OKX chooses ticks so that prices have four to five digits.
                let digits = 8_000 + noise::seed_of(self.seed, ccy) % 50_000;
                let coin = self.make(ccy, grid.tick.float() * digits as f64);
                self.coins.insert(ccy.clone(), coin);
            }
        }
    }

    fn make(&self, ccy: &str, guess: f64) -> Coin {
        let known = ANCHORS.iter().find(|(name, _)| *name == ccy).map(|(_, usd)| *usd);
        let calm = CALM.contains(&ccy);
        let anchor = known.unwrap_or(if calm { 1.0 } else { guess });
        let strength = match ccy {
            "USD" => 0.0,
            _ if calm => 0.000_000_6,
            "BTC" | "ETH" => 0.000_3,
            _ => 0.000_45,
        };
        Coin { anchor, line: Wander::new(noise::seed_of(self.seed, ccy), strength, 21) }
    }

    /// The price line of a currency; that of USD for one nobody trades.
    pub fn coin(&self, ccy: &str) -> Coin {
        self.coins.get(ccy).cloned().unwrap_or_else(|| self.make(ccy, 1.0))
    }

    /// Moves the price line of a currency so that it is at this price now: that of a tape.
    pub fn anchor(&mut self, ccy: &str, usd: f64, now_ms: u64) {
        let coin = self.coin(ccy);
        let anchor = usd / coin.line.factor(now_ms);
        self.coins.insert(ccy.to_owned(), Coin { anchor, ..coin });
    }

    /// All jumps of these names up to this microsecond, multiplied.
    pub fn jumped(&self, names: [&str; 2], us: u64) -> f64 {
        let hit = self.jumps.iter().filter(|j| j.from_us <= us && names.contains(&j.whom.as_str()));
        hit.map(|j| j.factor).product()
    }

    /// The index price of a pair, jumps counted in.
    pub fn index(&self, pair: &str, ms: u64) -> f64 {
        let (base, quote) = pair.split_once('-').unwrap_or((pair, "USD"));
        let usd = |ccy: &str| self.coins.get(ccy).map_or_else(|| self.coin(ccy).usd(ms), |coin| coin.usd(ms));
        let plain = usd(base) / usd(quote);
        plain * self.jumped([base, ""], ms.saturating_mul(1_000))
    }
}
