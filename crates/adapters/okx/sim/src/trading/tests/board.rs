//! A scripted market.

use std::collections::BTreeMap;

use okx_common::decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::quotes::{Funding, Level, Print, Quotes, Spread};

/// Prices and books of a handful of instruments.
#[derive(Debug, Clone, Default)]
pub struct Board {
    pub rows: Vec<Map<String, Value>>,
    pub asks: BTreeMap<String, Vec<Level>>,
    pub bids: BTreeMap<String, Vec<Level>>,
    pub last: BTreeMap<String, Decimal>,
    pub mark: BTreeMap<String, Decimal>,
    pub index: BTreeMap<String, Decimal>,
    pub limits: BTreeMap<String, (Decimal, Decimal)>,
    pub prints: BTreeMap<String, Vec<Print>>,
    pub funding: BTreeMap<String, Funding>,
    pub usd: BTreeMap<String, Decimal>,
    pub spreads_open: bool,
}

pub fn dec(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn row(kind: &str, id: &str, code: i64, more: Value) -> Map<String, Value> {
    let mut row = json!({"instType": kind, "instId": id, "instIdCode": code, "state": "live", "tickSz": "0.1", "lotSz": "1",
        "minSz": "1", "groupId": "4", "lever": "100", "ctVal": "", "ctMult": "", "ctType": "", "settleCcy": "", "uly": "",
        "instFamily": "", "maxLmtSz": "100000000", "maxMktSz": "30000", "maxLmtAmt": "20000000", "maxMktAmt": "", "expTime": "",
        "tradeQuoteCcyList": []});
    let map = row.as_object_mut().expect("an object");
    map.extend(more.as_object().expect("an object").clone());
    map.clone()
}

impl Board {
    /// Spot, margin, linear and inverse swaps, a USD-margined one, an option and an event; best prices around 50,000.
    pub fn new() -> Self {
        let pair = json!({"lotSz": "0.00000001", "minSz": "0.00001", "groupId": "12", "lever": "10", "maxMktSz": "1000000",
            "maxMktAmt": "1000000", "maxLmtSz": "9999999999.0000000000000000", "tradeQuoteCcyList": ["USDT"]});
        let linear = json!({"ctVal": "0.01", "ctMult": "1", "ctType": "linear", "settleCcy": "USDT", "uly": "BTC-USDT",
            "instFamily": "BTC-USDT"});
        let inverse = json!({"ctVal": "100", "ctMult": "1", "ctType": "inverse", "settleCcy": "BTC", "uly": "BTC-USD",
            "instFamily": "BTC-USD"});
        let dollar = json!({"ctVal": "0.0001", "ctMult": "1", "ctType": "linear", "settleCcy": "USDⓈ", "uly": "BTC-USD",
            "instFamily": "BTC-USD_UM"});
        let option = json!({"ctVal": "1", "ctMult": "0.01", "settleCcy": "BTC", "uly": "BTC-USD", "instFamily": "BTC-USD",
            "lever": "", "tickSz": "0.0001", "optType": "C", "stk": "50000", "expTime": "1800000000000", "groupId": "1"});
        let event = json!({"ctVal": "1", "ctMult": "1", "settleCcy": "USDT", "uly": "BTC-USDT", "lever": "", "tickSz": "0.01",
            "lotSz": "0.1", "minSz": "0.1", "groupId": "1", "maxLmtAmt": "0"});
        let eth = json!({"ctVal": "0.1", "ctMult": "1", "ctType": "linear", "settleCcy": "USDT", "uly": "ETH-USDT",
            "instFamily": "ETH-USDT", "tickSz": "0.01"});
        let mut board = Self {
            rows: vec![
                row("SPOT", "BTC-USDT", 3, pair.clone()),
                row("MARGIN", "BTC-USDT", 3, pair),
                row("SWAP", "BTC-USDT-SWAP", 10_459, linear),
                row("SWAP", "BTC-USD-SWAP", 10_458, inverse),
                row("SWAP", "BTC-USD_UM-SWAP", 234_926, dollar),
                row("SWAP", "ETH-USDT-SWAP", 10_461, eth),
                row("OPTION", "BTC-USD-270115-50000-C", 77, option),
                row("EVENTS", "BTC-ABOVE-DAILY-1", 88, event),
            ],
            spreads_open: true,
            ..Self::default()
        };
        for id in ["BTC-USDT", "BTC-USDT-SWAP", "BTC-USD-SWAP", "BTC-USD_UM-SWAP"] {
            board.around(id, "50000", "0.1", "1");
        }
        board.around("BTC-USDT-SWAP", "50000", "0.1", "100");
        board.around("BTC-USD-SWAP", "50000", "0.1", "1000");
        board.around("BTC-USD_UM-SWAP", "50000", "0.1", "100000");
        board.around("ETH-USDT-SWAP", "2500", "0.01", "100");
        board.around("BTC-USD-270115-50000-C", "0.05", "0.0001", "100");
        board.around("BTC-ABOVE-DAILY-1", "0.6", "0.01", "1000");
        for (ccy, usd) in
            [("BTC", "50000"), ("ETH", "2500"), ("USDT", "1"), ("USDC", "1"), ("USD", "1"), ("OKB", "80")]
        {
            board.usd.insert(ccy.into(), dec(usd));
        }
        for row in &board.rows {
            let id = row["instId"].as_str().expect("an id");
            let px = if id.starts_with("ETH") { "2500" } else { "50000" };
            board.index.insert(id.into(), dec(px));
        }
        board
    }

    /// Ten levels a side: bids below the price, asks one tick above it and up; each of one order.
    pub fn around(&mut self, id: &str, px: &str, tick: &str, sz: &str) {
        let (px, tick, sz) = (dec(px), dec(tick), dec(sz));
        let step = |n: i64| tick.checked_mul(Decimal::from_i64(n)).expect("small");
        let level = |px: Decimal| Level { px, sz, orders: 1 };
        let asks = (1..=10).map(|n| level(px.checked_add(step(n)).expect("small")));
        let bids = (0..10).map(|n| level(px.checked_sub(step(n)).expect("small")));
        self.asks.insert(id.into(), asks.collect());
        self.bids.insert(id.into(), bids.collect());
        self.last.insert(id.into(), px);
        self.mark.insert(id.into(), px);
    }

    /// Moves last, mark and index price, and the book with them.
    pub fn go(&mut self, id: &str, px: &str) {
        let sz = self.asks[id].first().map_or("1".into(), |l| l.sz.to_string());
        let tick = self.find(id)["tickSz"].as_str().expect("a tick").to_owned();
        self.around(id, px, &tick, &sz);
        self.index.insert(id.into(), dec(px));
    }

    /// One level of a side, made of so many orders.
    pub fn only(&mut self, id: &str, asks: bool, levels: &[(&str, &str, u32)]) {
        let side = levels
            .iter()
            .map(|(px, sz, orders)| Level { px: dec(px), sz: dec(sz), orders: *orders })
            .collect();
        if asks { &mut self.asks } else { &mut self.bids }.insert(id.into(), side);
    }

    pub fn print(&mut self, id: &str, ms: u64, px: &str, sz: &str, buy: bool) {
        let print = Print { ms, px: dec(px), sz: dec(sz), buy };
        self.prints.entry(id.into()).or_default().push(print);
    }

    pub fn change(&mut self, id: &str, key: &str, value: Value) {
        for row in self.rows.iter_mut().filter(|r| r["instId"] == id) {
            row.insert(key.into(), value.clone());
        }
    }

    fn find(&self, id: &str) -> &Map<String, Value> {
        self.rows.iter().find(|r| r["instId"] == id).expect("listed")
    }
}

impl Quotes for Board {
    fn row(&self, inst_id: &str, inst_type: &str) -> Option<&Map<String, Value>> {
        self.rows.iter().find(|r| r["instId"] == inst_id && r["instType"] == inst_type)
    }

    fn id_of(&self, code: i64) -> Option<String> {
        self.rows
            .iter()
            .find(|r| r["instIdCode"] == code)
            .and_then(|r| r["instId"].as_str())
            .map(str::to_owned)
    }

    fn touch(&self, inst_id: &str) -> (Option<Decimal>, Option<Decimal>) {
        let best =
            |side: &BTreeMap<String, Vec<Level>>| side.get(inst_id).and_then(|l| l.first()).map(|l| l.px);
        (best(&self.bids), best(&self.asks))
    }

    fn levels(&self, inst_id: &str, asks: bool, depth: usize) -> Vec<Level> {
        let side = if asks { &self.asks } else { &self.bids };
        side.get(inst_id).map_or_else(Vec::new, |levels| levels.iter().take(depth).copied().collect())
    }

    fn prints(&self, inst_id: &str, after_ms: u64, to_ms: u64) -> Vec<Print> {
        let all = self.prints.get(inst_id).into_iter().flatten();
        all.filter(|p| p.ms > after_ms && p.ms <= to_ms).copied().collect()
    }

    fn last(&self, inst_id: &str) -> Option<Decimal> {
        self.last.get(inst_id).copied()
    }

    fn mark(&self, inst_id: &str) -> Option<Decimal> {
        self.mark.get(inst_id).copied()
    }

    fn index(&self, inst_id: &str) -> Option<Decimal> {
        self.index.get(inst_id).copied()
    }

    fn index_of(&self, pair: &str) -> Option<Decimal> {
        self.index.iter().find(|(id, _)| id.starts_with(pair)).map(|(_, px)| *px)
    }

    fn spread(&self, sprd_id: &str) -> Option<Spread> {
        (sprd_id == "BTC-USDT_BTC-USDT-SWAP").then(|| Spread {
            tick: dec("0.1"),
            lot: dec("0.01"),
            min: dec("0.01"),
            legs: vec![("BTC-USDT".into(), false), ("BTC-USDT-SWAP".into(), true)],
            open: self.spreads_open,
        })
    }

    fn price_limit(&self, inst_id: &str) -> Option<(Decimal, Decimal)> {
        self.limits.get(inst_id).copied()
    }

    fn funding(&self, inst_id: &str) -> Option<Funding> {
        self.funding.get(inst_id).copied()
    }

    fn usd(&self, ccy: &str) -> Option<Decimal> {
        self.usd.get(ccy).copied()
    }
}
