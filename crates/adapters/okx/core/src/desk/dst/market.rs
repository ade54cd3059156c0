//! A market that wanders: a pair and a swap around 50,000, an option and a spread, each move drawn from the seed.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use okx_common::{
    decimal::Decimal,
    rng::{Rng, SeededRng},
};
use okx_sim::{Funding, Level, Market, MarketError, Print, Push, Quotes, Spread, Topic};
use serde_json::{Map, Value, json};

pub const PAIR: &str = "BTC-USDT";
pub const SWAP: &str = "BTC-USDT-SWAP";
pub const OPTION: &str = "BTC-USD-280630-50000-C";
pub const SPREAD: &str = "BTC-USDT_BTC-USDT-SWAP";
const ALL: [&str; 4] = [PAIR, SWAP, OPTION, SPREAD];
/// Contracts enough that their own limits come to more than the account's.
pub const MANY: [&str; 12] = [
    "L00-USDT-SWAP",
    "L01-USDT-SWAP",
    "L02-USDT-SWAP",
    "L03-USDT-SWAP",
    "L04-USDT-SWAP",
    "L05-USDT-SWAP",
    "L06-USDT-SWAP",
    "L07-USDT-SWAP",
    "L08-USDT-SWAP",
    "L09-USDT-SWAP",
    "L10-USDT-SWAP",
    "L11-USDT-SWAP",
];
/// Milliseconds between two moves.
const STEP_MS: u64 = 200;
/// Trades are kept so long, milliseconds.
const KEEP_MS: u64 = 2_000;

/// Where prices wander around, in ticks.
pub fn middle_of(inst_id: &str) -> i64 {
    match inst_id {
        OPTION => 500,
        SPREAD => 0,
        _ => 500_000,
    }
}

/// So many ticks.
pub fn price_of(inst_id: &str, n: i64) -> Decimal {
    let places = if inst_id == OPTION { 4 } else { 1 };
    Decimal::new(n.into(), places).expect("a price").normalized()
}

pub fn tick_of(inst_id: &str) -> Decimal {
    price_of(inst_id, 1)
}

/// The step of sizes.
pub fn lot_of(inst_id: &str) -> Decimal {
    let (value, places) = match inst_id {
        PAIR => (1, 3),
        SPREAD => (1, 2),
        _ => (1, 0),
    };
    Decimal::new(value, places).expect("a size")
}

struct Walk {
    /// The best bid, in ticks; the best ask is one above.
    bid: i64,
    prints: VecDeque<Print>,
}

pub struct WanderingMarket {
    rng: SeededRng,
    rows: Vec<Map<String, Value>>,
    walks: BTreeMap<&'static str, Walk>,
    now_ms: u64,
    /// Nothing moves any more.
    frozen: Arc<AtomicBool>,
}

/// The row of `/public/instruments`.
pub fn row(inst_id: &str) -> Value {
    let common = json!({"instId": inst_id, "state": "live", "tickSz": "0.1", "groupId": "4", "lever": "100", "ctVal": "",
        "ctMult": "", "ctType": "", "settleCcy": "", "uly": "", "instFamily": "", "maxLmtSz": "100000000", "maxMktSz": "100000000",
        "maxLmtAmt": "100000000", "maxMktAmt": "100000000", "expTime": "", "tradeQuoteCcyList": ["USDT"], "baseCcy": "BTC",
        "quoteCcy": "USDT"});
    let code = MANY.iter().position(|many| *many == inst_id).map_or(10_459, |place| 20_000 + place);
    let more = if inst_id == OPTION {
        json!({"instType": "OPTION", "instIdCode": 77, "lotSz": "1", "minSz": "1", "ctVal": "0.01", "ctMult": "1",
            "ctValCcy": "BTC", "settleCcy": "BTC", "uly": "BTC-USD", "instFamily": "BTC-USD", "tickSz": "0.0001", "lever": "",
            "stk": "50000", "optType": "C", "expTime": "1845964800000", "baseCcy": "", "quoteCcy": ""})
    } else if inst_id.ends_with("SWAP") {
        json!({"instType": "SWAP", "instIdCode": code, "lotSz": "1", "minSz": "1", "ctVal": "0.01", "ctMult": "1",
            "ctValCcy": "BTC", "ctType": "linear", "settleCcy": "USDT", "uly": "BTC-USDT", "instFamily": "BTC-USDT", "baseCcy": "",
            "quoteCcy": ""})
    } else {
        json!({"instType": "SPOT", "instIdCode": 3, "lotSz": "0.001", "minSz": "0.001"})
    };
    let mut row = common.as_object().expect("an object").clone();
    row.extend(more.as_object().expect("an object").clone());
    Value::Object(row)
}

impl WanderingMarket {
    /// With these instruments beside the usual ones.
    pub fn new(rng: SeededRng, inst_ids: &[&'static str]) -> (Self, Arc<AtomicBool>) {
        let object = |id: &str| row(id).as_object().expect("an object").clone();
        let mut rows = [PAIR, SWAP, OPTION].map(object).to_vec();
        // The pair again, for borrowed money.
        let mut margin = object(PAIR);
        margin.insert("instType".to_owned(), json!("MARGIN"));
        rows.push(margin);
        let more = || inst_ids.iter().copied().filter(|id| !ALL.contains(id));
        rows.extend(more().map(object));
        let walk = |id: &'static str| (id, Walk { bid: middle_of(id), prints: VecDeque::new() });
        let walks = ALL.into_iter().chain(more()).map(walk).collect();
        let frozen = Arc::new(AtomicBool::new(false));
        (Self { rng, rows, walks, now_ms: 0, frozen: frozen.clone() }, frozen)
    }

    fn step(&mut self, at_ms: u64) {
        for (inst_id, walk) in &mut self.walks {
            let buy = self.rng.one_in(2);
            let size = if self.rng.one_in(20) { 60 } else { 8 };
            let by = self.rng.below(size).cast_signed();
            // It comes back, so that prices of old orders are met again.
            let to_middle = (middle_of(inst_id) - walk.bid) / 40;
            walk.bid += to_middle + if buy { by } else { -by };
            let px = price_of(inst_id, if buy { walk.bid + 1 } else { walk.bid });
            let sz = Decimal::from_i64(self.rng.between(1, 5).cast_signed());
            walk.prints.push_back(Print { ms: at_ms, px, sz, buy });
            while walk.prints.front().is_some_and(|print| print.ms + KEEP_MS < at_ms) {
                walk.prints.pop_front();
            }
        }
    }

    fn bid(&self, inst_id: &str) -> Option<i64> {
        self.walks.get(inst_id).map(|walk| walk.bid)
    }
}

impl Market for WanderingMarket {
    fn advance(&mut self, unix_ms: u64) {
        let first = if self.now_ms == 0 { unix_ms / STEP_MS } else { self.now_ms / STEP_MS };
        for step in first + 1..=unix_ms / STEP_MS {
            if !self.frozen.load(Ordering::Relaxed) {
                self.step(step * STEP_MS);
            }
        }
        self.now_ms = unix_ms;
    }

    fn next_ms(&self) -> Option<u64> {
        None
    }

    fn knows(&self, _: &Topic) -> bool {
        false
    }

    fn start(&mut self, _: &Arc<Topic>) {}

    fn stop(&mut self, _: &Topic) {}

    fn snapshot(&mut self, _: &Arc<Topic>) -> Vec<Bytes> {
        Vec::new()
    }

    fn poll(&mut self) -> Option<Push> {
        None
    }

    fn rest(&mut self, _: &str, _: &[(String, String)]) -> Option<Result<Bytes, MarketError>> {
        None
    }

    fn script(&mut self, _: &Value) -> Result<Value, String> {
        Err("this market takes no scripts".to_owned())
    }

    fn book(&self, _: &str) -> Option<Value> {
        None
    }

    fn quotes(&self) -> Option<&dyn Quotes> {
        Some(self)
    }

    fn state_hash(&self) -> u64 {
        self.walks.values().fold(self.now_ms, |hash, walk| hash.rotate_left(9) ^ walk.bid.cast_unsigned())
    }
}

impl Quotes for WanderingMarket {
    fn row(&self, inst_id: &str, inst_type: &str) -> Option<&Map<String, Value>> {
        self.rows.iter().find(|r| r["instId"] == inst_id && r["instType"] == inst_type)
    }

    fn id_of(&self, code: i64) -> Option<String> {
        let row = self.rows.iter().find(|r| r["instIdCode"] == code)?;
        row["instId"].as_str().map(str::to_owned)
    }

    fn touch(&self, inst_id: &str) -> (Option<Decimal>, Option<Decimal>) {
        let bid = self.bid(inst_id);
        (bid.map(|bid| price_of(inst_id, bid)), bid.map(|bid| price_of(inst_id, bid + 1)))
    }

    fn spread(&self, sprd_id: &str) -> Option<Spread> {
        let legs = vec![(PAIR.to_owned(), false), (SWAP.to_owned(), true)];
        let (tick, lot) = (tick_of(SPREAD), lot_of(SPREAD));
        (sprd_id == SPREAD).then_some(Spread { tick, lot, min: lot, legs, open: true })
    }

    fn levels(&self, inst_id: &str, asks: bool, depth: usize) -> Vec<Level> {
        let Some(bid) = self.bid(inst_id) else { return Vec::new() };
        let level = |n: i64| Level {
            px: price_of(inst_id, if asks { bid + 1 + n } else { bid - n }),
            sz: Decimal::from_i64(3 + n % 3),
            orders: if n % 2 == 0 { 1 } else { 2 },
        };
        (0..depth.min(40) as i64).map(level).collect()
    }

    fn prints(&self, inst_id: &str, after_ms: u64, to_ms: u64) -> Vec<Print> {
        let all = self.walks.get(inst_id).into_iter().flat_map(|walk| &walk.prints);
        all.filter(|print| print.ms > after_ms && print.ms <= to_ms).copied().collect()
    }

    fn last(&self, inst_id: &str) -> Option<Decimal> {
        let walk = self.walks.get(inst_id)?;
        Some(walk.prints.back().map_or(price_of(inst_id, walk.bid), |print| print.px))
    }

    fn mark(&self, inst_id: &str) -> Option<Decimal> {
        self.bid(inst_id).map(|bid| price_of(inst_id, bid))
    }

    fn index(&self, _: &str) -> Option<Decimal> {
        self.mark(PAIR)
    }

    fn index_of(&self, _: &str) -> Option<Decimal> {
        self.mark(PAIR)
    }

    fn price_limit(&self, _: &str) -> Option<(Decimal, Decimal)> {
        None
    }

    fn funding(&self, _: &str) -> Option<Funding> {
        None
    }

    fn usd(&self, ccy: &str) -> Option<Decimal> {
        let ticks_of = |n: i64| Some(price_of(PAIR, n));
        match ccy {
            "BTC" => ticks_of(middle_of(PAIR)),
            "USDT" | "USDC" | "USD" => ticks_of(10),
            "ETH" => ticks_of(25_000),
            "OKB" => ticks_of(800),
            _ => None,
        }
    }
}
