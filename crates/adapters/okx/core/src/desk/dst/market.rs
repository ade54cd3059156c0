//! A market that wanders: a pair and a swap around 50,000, each move drawn from the seed.

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

/// Pairs, then contracts.
pub const INSTRUMENTS: [&str; 2] = ["BTC-USDT", "BTC-USDT-SWAP"];
/// Milliseconds between two moves.
const STEP_MS: u64 = 200;
/// Trades are kept so long, milliseconds.
const KEEP_MS: u64 = 2_000;
/// Ticks of 0.1.
const START: i64 = 500_000;

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

pub fn ticks(n: i64) -> Decimal {
    Decimal::new(n.into(), 1).expect("a price").normalized()
}

/// The row of `/public/instruments`.
pub fn row(inst_id: &str) -> Value {
    let common = json!({"instId": inst_id, "state": "live", "tickSz": "0.1", "groupId": "4", "lever": "100", "ctVal": "",
        "ctMult": "", "ctType": "", "settleCcy": "", "uly": "", "instFamily": "", "maxLmtSz": "100000000", "maxMktSz": "100000000",
        "maxLmtAmt": "100000000", "maxMktAmt": "100000000", "expTime": "", "tradeQuoteCcyList": ["USDT"], "baseCcy": "BTC",
        "quoteCcy": "USDT"});
    let more = if inst_id.ends_with("SWAP") {
        json!({"instType": "SWAP", "instIdCode": 10_459, "lotSz": "1", "minSz": "1", "ctVal": "0.01", "ctMult": "1",
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
    pub fn new(rng: SeededRng) -> (Self, Arc<AtomicBool>) {
        let rows = INSTRUMENTS.map(|id| row(id).as_object().expect("an object").clone()).to_vec();
        let walks = INSTRUMENTS.map(|id| (id, Walk { bid: START, prints: VecDeque::new() })).into();
        let frozen = Arc::new(AtomicBool::new(false));
        (Self { rng, rows, walks, now_ms: 0, frozen: frozen.clone() }, frozen)
    }

    fn step(&mut self, at_ms: u64) {
        for walk in self.walks.values_mut() {
            let buy = self.rng.one_in(2);
            let size = if self.rng.one_in(20) { 60 } else { 8 };
            let by = self.rng.below(size).cast_signed();
            // It comes back, so that prices of old orders are met again.
            let to_middle = (START - walk.bid) / 40;
            walk.bid += to_middle + if buy { by } else { -by };
            let px = ticks(if buy { walk.bid + 1 } else { walk.bid });
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
        (bid.map(ticks), bid.map(|bid| ticks(bid + 1)))
    }

    fn spread(&self, _: &str) -> Option<Spread> {
        None
    }

    fn levels(&self, inst_id: &str, asks: bool, depth: usize) -> Vec<Level> {
        let Some(bid) = self.bid(inst_id) else { return Vec::new() };
        let level = |n: i64| Level {
            px: ticks(if asks { bid + 1 + n } else { bid - n }),
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
        self.walks.get(inst_id).map(|walk| walk.prints.back().map_or(ticks(walk.bid), |print| print.px))
    }

    fn mark(&self, inst_id: &str) -> Option<Decimal> {
        self.bid(inst_id).map(ticks)
    }

    fn index(&self, inst_id: &str) -> Option<Decimal> {
        self.bid(inst_id).map(ticks)
    }

    fn index_of(&self, _: &str) -> Option<Decimal> {
        self.bid(INSTRUMENTS[0]).map(ticks)
    }

    fn price_limit(&self, _: &str) -> Option<(Decimal, Decimal)> {
        None
    }

    fn funding(&self, _: &str) -> Option<Funding> {
        None
    }

    fn usd(&self, ccy: &str) -> Option<Decimal> {
        let ticks_of = |n: i64| Some(ticks(n));
        match ccy {
            "BTC" => ticks_of(START),
            "USDT" | "USDC" | "USD" => ticks_of(10),
            "ETH" => ticks_of(25_000),
            "OKB" => ticks_of(800),
            _ => None,
        }
    }
}
