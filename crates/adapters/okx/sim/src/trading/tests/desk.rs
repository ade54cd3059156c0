//! A trading state with its board and clock, spoken to in JSON.

use serde_json::{Map, Value, json};

use super::board::Board;
use crate::{
    account::Account,
    topic::Topic,
    trading::{Answer, Ask, Cx, Op, Trading, Way},
};

/// When tests begin.
pub const START_MS: u64 = 1_795_600_000_000;

/// See the [module](self).
pub struct Desk {
    pub trading: Trading,
    pub board: Board,
    pub ms: u64,
    pub mono_ns: Option<u64>,
}

pub fn account(level: u8) -> Account {
    Account { acct_lv: level, ..Account::default() }
}

impl Desk {
    pub fn new(account: Account) -> Self {
        Self::with(&[account])
    }

    pub fn level(level: u8) -> Self {
        Self::new(account(level))
    }

    pub fn hedged() -> Self {
        Self::new(Account { pos_mode: "long_short_mode".into(), ..account(2) })
    }

    pub fn with(accounts: &[Account]) -> Self {
        Self {
            trading: Trading::new(accounts, 20, START_MS),
            board: Board::new(),
            ms: START_MS,
            mono_ns: None,
        }
    }

    /// Does something with the market and the time.
    pub fn at<R>(&mut self, act: impl FnOnce(&mut Trading, Cx<'_>) -> R) -> R {
        let cx = Cx { quotes: &self.board, ms: self.ms };
        act(&mut self.trading, cx)
    }

    /// Time passes.
    pub fn wait(&mut self, ms: u64) {
        let end = self.ms + ms;
        while let Some(at) = self.trading.next_ms().filter(|at| *at <= end) {
            self.ms = self.ms.max(at);
            self.at(|trading, cx| trading.advance(cx));
        }
        self.ms = end;
        self.at(|trading, cx| trading.advance(cx));
    }

    pub fn request(&mut self, who: usize, op: Op, args: &[Value], ws: bool, batch: bool) -> Answer {
        let args: Vec<&Map<String, Value>> = args.iter().map(|a| a.as_object().expect("an object")).collect();
        let way = Way { ws, batch, mono_ns: self.mono_ns };
        self.at(|trading, cx| trading.request(who, op, &args, way, cx))
    }

    /// Places an order over REST; its row in the answer.
    pub fn place(&mut self, order: Value) -> Value {
        self.place_as(0, order)
    }

    pub fn place_as(&mut self, who: usize, order: Value) -> Value {
        let answer = self.request(who, Op::Place, &[order], false, false);
        answer
            .data
            .get(0)
            .cloned()
            .unwrap_or_else(|| json!({"sCode": answer.code.to_string(), "sMsg": answer.msg}))
    }

    /// Places an order that has to be accepted: its `ordId`.
    pub fn placed(&mut self, order: Value) -> String {
        self.placed_as(0, order)
    }

    pub fn placed_as(&mut self, who: usize, order: Value) -> String {
        let row = self.place_as(who, order);
        assert_eq!(row["sCode"], "0", "{row}");
        row["ordId"].as_str().expect("an id").to_owned()
    }

    /// The code an order is refused with.
    pub fn refused(&mut self, order: Value) -> String {
        let row = self.place(order);
        assert_eq!(row["ordId"].as_str().unwrap_or_default(), "", "{row}");
        row["sCode"].as_str().expect("a code").to_owned()
    }

    pub fn one(&mut self, op: Op, arg: Value) -> Value {
        let answer = self.request(0, op, &[arg], false, false);
        answer
            .data
            .get(0)
            .cloned()
            .unwrap_or_else(|| json!({"sCode": answer.code.to_string(), "sMsg": answer.msg}))
    }

    pub fn cancel(&mut self, inst_id: &str, ord_id: &str) -> Value {
        self.one(Op::Cancel, json!({"instId": inst_id, "ordId": ord_id}))
    }

    pub fn rest(&mut self, method: &str, path: &str, body: Value) -> Answer {
        let ask = Ask { method, path, body: &body, mono_ns: None };
        self.at(|trading, cx| trading.rest(0, ask, cx)).unwrap_or_else(|| panic!("{path} is not served"))
    }

    /// The rows of a GET that has to succeed.
    pub fn get(&mut self, path: &str, params: Value) -> Vec<Value> {
        let answer = self.rest("GET", path, params);
        assert_eq!(answer.code, 0, "{path}: {}", answer.msg);
        answer.data.as_array().expect("rows").clone()
    }

    /// The result of a POST: code and data.
    pub fn post(&mut self, path: &str, body: Value) -> (u32, Value) {
        let answer = self.rest("POST", path, body);
        (answer.code, answer.data)
    }

    pub fn order(&mut self, inst_id: &str, ord_id: &str) -> Value {
        self.get("/trade/order", json!({"instId": inst_id, "ordId": ord_id})).remove(0)
    }

    pub fn script(&mut self, command: Value) -> Value {
        self.at(|trading, cx| trading.script(&command, cx)).expect("a sound command")
    }

    pub fn dump(&mut self) -> Value {
        self.at(|trading, cx| trading.dump(0, cx))
    }

    /// Balance of a currency.
    pub fn cash(&mut self, ccy: &str) -> String {
        self.balance(ccy, "cashBal")
    }

    pub fn balance(&mut self, ccy: &str, field: &str) -> String {
        let rows = self.get("/account/balance", json!({"ccy": ccy}));
        rows[0]["details"][0][field].as_str().unwrap_or_default().to_owned()
    }

    /// The only position.
    pub fn position(&mut self) -> Value {
        let mut rows = self.get("/account/positions", json!({}));
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows.remove(0)
    }

    /// Everything pushed so far, as a subscriber of everything sees it: channel and frame.
    pub fn pushes(&mut self) -> Vec<(String, Value)> {
        self.pushes_to(0)
    }

    pub fn pushes_to(&mut self, who: usize) -> Vec<(String, Value)> {
        let mut out = Vec::new();
        while let Some(push) = self.trading.poll() {
            if push.who != who {
                continue;
            }
            let topic =
                Topic { channel: push.channel.to_owned(), inst_type: "ANY".to_owned(), ..Topic::default() };
            if let Some(frame) = push.frame(&topic, "7") {
                out.push((push.channel.to_owned(), serde_json::from_slice(&frame).expect("JSON")));
            }
        }
        out
    }

    /// The rows of one channel pushed so far; those of the others are lost.
    pub fn rows_of(&mut self, channel: &str) -> Vec<Value> {
        let pushes = self.pushes().into_iter().filter(|(name, _)| name == channel);
        pushes.flat_map(|(_, frame)| frame["data"].as_array().expect("rows").clone()).collect()
    }

    /// The states the orders channel told of.
    pub fn states(&mut self) -> Vec<String> {
        self.rows_of("orders").iter().map(|row| row["state"].as_str().expect("a state").to_owned()).collect()
    }
}

/// A spot order.
pub fn spot(side: &str, ord_type: &str, px: &str, sz: &str) -> Value {
    json!({"instId": "BTC-USDT", "tdMode": "cash", "side": side, "ordType": ord_type, "px": px, "sz": sz})
}

/// An order for the linear swap, cross.
pub fn swap(side: &str, ord_type: &str, px: &str, sz: &str) -> Value {
    json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": side, "ordType": ord_type, "px": px, "sz": sz})
}

/// An order with more fields.
pub fn with(mut order: Value, more: Value) -> Value {
    order.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    order
}
