//! A small market with books that change all the time and a memory of every state they had.

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use okx_common::rng::{Rng, SeededRng};
use okx_sim::{Market, MarketError, Push, PushKind, Topic};
use serde_json::{Value, json};

/// The instruments there are.
pub const INSTRUMENTS: [&str; 4] = ["BTC-USDT", "ETH-USDT", "BTC-USDT-SWAP", "NEW-USDT"];
const MIDDLE: i64 = 1_000;
const LEVELS: i64 = 12;
/// Milliseconds without a change after which OKX sends an empty update.
const HEARTBEAT_MS: u64 = 60_000;

/// Price to size.
pub type Side = BTreeMap<i64, i64>;

/// A book as a value that can be compared.
pub type Levels = (Side, Side);

/// All states that the books ever had, by instrument.
pub type History = Arc<Mutex<HashMap<String, HashSet<Levels>>>>;

struct Book {
    bids: Side,
    asks: Side,
    seq_id: i64,
    next_ms: u64,
    is_quiet: bool,
}

impl Book {
    fn levels(&self) -> Levels {
        (self.bids.clone(), self.asks.clone())
    }
}

pub struct DstMarket {
    rng: SeededRng,
    books: BTreeMap<String, Book>,
    wanted: BTreeMap<String, Arc<Topic>>,
    history: History,
    now_ms: u64,
    out: VecDeque<Push>,
}

impl DstMarket {
    pub fn new(mut rng: SeededRng) -> (Self, History) {
        let history = History::default();
        let books = INSTRUMENTS.map(|inst_id| {
            let side = |from: i64, step: i64| (0..LEVELS).map(|n| (from + n * step, 1 + n)).collect::<Side>();
            let seq_id = rng.between(10, 1_000_000).cast_signed();
            // One book changes so seldom that its heartbeats are seen.
            let is_quiet = inst_id == "NEW-USDT";
            let book =
                Book { bids: side(MIDDLE - 1, -1), asks: side(MIDDLE + 1, 1), seq_id, next_ms: 0, is_quiet };
            (inst_id.to_owned(), book)
        });
        let market = Self {
            rng,
            books: books.into(),
            wanted: BTreeMap::new(),
            history,
            now_ms: 0,
            out: VecDeque::new(),
        };
        market.books.keys().for_each(|inst_id| market.remember(inst_id));
        let history = market.history.clone();
        (market, history)
    }

    fn remember(&self, inst_id: &str) {
        let mut history = self.history.lock().expect("one thread");
        history.entry(inst_id.to_owned()).or_default().insert(self.books[inst_id].levels());
    }

    fn step(&mut self, inst_id: &str, at_ms: u64) {
        let book = self.books.get_mut(inst_id).expect("a known book");
        let before = book.seq_id;
        let is_heartbeat = book.is_quiet && self.rng.one_in(2);
        let mut changed = (Vec::new(), Vec::new());
        if !is_heartbeat {
            book.seq_id += self.rng.between(1, 5).cast_signed();
            for _ in 0..self.rng.between(1, 4) {
                let (px, sz) = (self.rng.between(1, 20).cast_signed(), self.rng.below(4).cast_signed());
                let (side, px, out) = if self.rng.one_in(2) {
                    (&mut book.bids, MIDDLE - px, &mut changed.0)
                } else {
                    (&mut book.asks, MIDDLE + px, &mut changed.1)
                };
                if sz == 0 {
                    side.remove(&px)
                } else {
                    side.insert(px, sz)
                };
                out.push((px, sz));
            }
        }
        book.next_ms = at_ms + if book.is_quiet { HEARTBEAT_MS } else { self.rng.between(100, 400) };
        let frame = frame("update", inst_id, &changed.0, &changed.1, before, book.seq_id, at_ms);
        self.remember(inst_id);
        if let Some(topic) = self.wanted.get(inst_id) {
            self.out.push_back(Push { topic: topic.clone(), kind: PushKind::Update, frame });
        }
    }
}

fn frame(
    action: &str,
    inst_id: &str,
    bids: &[(i64, i64)],
    asks: &[(i64, i64)],
    prev: i64,
    seq: i64,
    ts: u64,
) -> Bytes {
    let rows = |levels: &[(i64, i64)]| {
        levels.iter().map(|(px, sz)| json!([px.to_string(), sz.to_string(), "0", "1"])).collect::<Vec<_>>()
    };
    let row = json!({
        "asks": rows(asks), "bids": rows(bids), "ts": ts.to_string(), "checksum": 0, "seqId": seq, "prevSeqId": prev,
    });
    let arg = json!({"channel": "books", "instId": inst_id});
    json!({"arg": arg, "action": action, "data": [row]}).to_string().into()
}

impl Market for DstMarket {
    fn advance(&mut self, unix_ms: u64) {
        let due = |books: &BTreeMap<String, Book>| {
            books.iter().map(|(id, b)| (b.next_ms, id.clone())).min().filter(|(at, _)| *at <= unix_ms)
        };
        if self.now_ms == 0 || unix_ms + HEARTBEAT_MS < self.now_ms {
            // The start, or a clock that was set back: books change from now on.
            self.books.values_mut().for_each(|b| b.next_ms = unix_ms + 100);
        }
        while let Some((at, inst_id)) = due(&self.books) {
            // After a jump ahead one step of each book is enough.
            let at = at.max(unix_ms.saturating_sub(HEARTBEAT_MS));
            self.step(&inst_id, at);
        }
        self.now_ms = unix_ms;
    }

    fn next_ms(&self) -> Option<u64> {
        self.wanted.keys().map(|inst_id| self.books[inst_id].next_ms).min()
    }

    fn knows(&self, topic: &Topic) -> bool {
        self.books.contains_key(&topic.inst_id)
    }

    fn start(&mut self, topic: &Arc<Topic>) {
        self.wanted.insert(topic.inst_id.clone(), topic.clone());
    }

    fn stop(&mut self, topic: &Topic) {
        self.wanted.remove(&topic.inst_id);
    }

    fn snapshot(&mut self, topic: &Arc<Topic>) -> Vec<Bytes> {
        let Some(book) = self.books.get(&topic.inst_id) else { return Vec::new() };
        let list = |side: &Side| side.iter().map(|(px, sz)| (*px, *sz)).collect::<Vec<_>>();
        let (mut bids, asks) = (list(&book.bids), list(&book.asks));
        bids.reverse();
        vec![frame("snapshot", &topic.inst_id, &bids, &asks, -1, book.seq_id, self.now_ms)]
    }

    fn poll(&mut self) -> Option<Push> {
        self.out.pop_front()
    }

    fn rest(&mut self, _: &str, _: &[(String, String)]) -> Option<Result<Bytes, MarketError>> {
        None
    }

    fn script(&mut self, _: &Value) -> Result<Value, String> {
        Err("this market takes no scripts".to_owned())
    }

    fn book(&self, inst_id: &str) -> Option<Value> {
        let book = self.books.get(inst_id)?;
        let list = |side: &Side| side.iter().map(|(px, sz)| [*px, *sz]).collect::<Vec<_>>();
        Some(json!({"bids": list(&book.bids), "asks": list(&book.asks), "seqId": book.seq_id}))
    }

    fn state_hash(&self) -> u64 {
        self.books.values().fold(self.now_ms, |hash, book| {
            let sides = book.bids.iter().chain(&book.asks);
            sides.fold(hash ^ book.seq_id.cast_unsigned(), |hash, (px, sz)| {
                hash.rotate_left(5).wrapping_mul(0x100_0000_01b3) ^ (px * 31 + sz).cast_unsigned()
            })
        })
    }
}
