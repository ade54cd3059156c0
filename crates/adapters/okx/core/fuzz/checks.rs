//! What must hold whatever comes on a private connection or as the answer to a request. Shared by the fuzz targets and a test on
//! the stable compiler.
#![allow(dead_code, reason = "each target uses some of them")]

use std::collections::{BTreeMap, BTreeSet};

use okx_common::{
    clock::{NANOS_PER_MILLI, Now},
    credentials::Credentials,
    enums::Side,
    error_code::Outcome,
    ids::ClOrdId,
    rng::SeededRng,
};
use okx_core::{
    desk::{Act, CallId, Desk, DeskConfig, DeskEvent, SubmitSpec},
    orders::{description::OrderDescription, tracker::EventKind},
};
use okx_http::{
    ErrorKind, Request, decode_body, decode_rows,
    endpoint::{
        Paged,
        account::{GetBalance, GetPositions},
        algo::{CancelAlgos, GetAlgosPending, PlaceAlgo},
        spread::{GetSpreadFills, GetSpreadOrdersPending, PlaceSpread},
        trade::{Amend, Cancel, CancelBatch, GetFills, GetOrder, GetOrdersPending, Place, PlaceBatch},
    },
    history::ListPages,
};
use okx_ws::session::{Input, LinkId};

/// The order that stands while all that comes; it is the client's own id that OKX is given.
pub const ORDER: &str = "a1";
const LINES: usize = 2;
/// The longest text of a note, an error or a reason; it must fit a log line.
const WORDS_MAX: usize = 4_000;
const SWAP: &str = r#"{"instType":"SWAP","instId":"BTC-USDT-SWAP","instIdCode":10459,"state":"live","tickSz":"0.1","lotSz":"1",
    "minSz":"1","ctVal":"0.01","ctMult":"1","ctValCcy":"BTC","ctType":"linear","settleCcy":"USDT","uly":"BTC-USDT",
    "instFamily":"BTC-USDT","baseCcy":"","quoteCcy":"","groupId":"4","lever":"100","maxLmtSz":"100000000",
    "maxMktSz":"100000000","maxLmtAmt":"100000000","maxMktAmt":"","expTime":"","tradeQuoteCcyList":[]}"#;

/// A desk that is ready and has one order at OKX, and the engine's laws for what is told of it.
pub struct Bench {
    desk: Desk,
    now: Now,
    links: [Option<LinkId>; LINES],
    calls: Vec<(CallId, Request)>,
    subscriptions: Vec<(usize, serde_json::Value)>,
    told: BTreeMap<&'static str, u64>,
    trades: BTreeSet<String>,
    is_ready: bool,
}

impl Default for Bench {
    fn default() -> Self {
        Self::new()
    }
}

impl Bench {
    /// Connected, logged in, subscribed, reconciled; the order is acknowledged and shown as live.
    pub fn new() -> Self {
        let mut config = DeskConfig::new(Credentials::new("key", "secret", "phrase").expect("sound"));
        config.extras.spreads = true;
        let mut desk = Desk::new(config, [Box::new(SeededRng::new(1)), Box::new(SeededRng::new(2))]);
        desk.instrument(serde_json::from_str(SWAP).expect("an instrument"));
        let now = Now::new(1_000_000_000, 1_800_000_000_000_000_000);
        desk.open(now);
        let mut bench = Self {
            desk,
            now,
            links: [None; LINES],
            calls: Vec::new(),
            subscriptions: Vec::new(),
            told: BTreeMap::new(),
            trades: BTreeSet::new(),
            is_ready: false,
        };
        bench.settle();
        bench.come_up();
        assert!(bench.is_ready, "the desk does not come up");
        let number = |text: &str| text.parse().expect("a number");
        let order = OrderDescription::limit(ClOrdId::new(""), Side::Buy, number("2"), number("50000"));
        bench.desk.submit(SubmitSpec::new(ORDER, "BTC-USDT-SWAP", order), bench.now);
        bench.settle();
        bench.frame(0, &push("live", "7"));
        assert_eq!(bench.count("accepted"), 1, "{:?}", bench.told);
        bench
    }

    /// Logs in, acknowledges and answers whatever is asked, until nothing is.
    fn come_up(&mut self) {
        for line in 0..LINES {
            self.frame(line, br#"{"event":"login","code":"0","msg":"","connId":"a"}"#);
        }
        for (line, request) in std::mem::take(&mut self.subscriptions) {
            for arg in request["args"].as_array().into_iter().flatten() {
                let ack =
                    serde_json::json!({"id": request["id"], "event": "subscribe", "arg": arg, "connId": "a"});
                self.frame(line, ack.to_string().as_bytes());
            }
        }
        while !self.calls.is_empty() {
            for (id, request) in std::mem::take(&mut self.calls) {
                let body: &[u8] = if request.target().starts_with("/api/v5/account/balance") {
                    br#"{"code":"0","msg":"","data":[{"totalEq":"0","details":[],"uTime":"1800000000000"}]}"#
                } else {
                    br#"{"code":"0","msg":"","data":[]}"#
                };
                self.answer(id, body);
            }
        }
    }

    /// Something comes on a line, if it is still connected.
    pub fn frame(&mut self, line: usize, data: &[u8]) {
        if let Some(link) = self.links[line % LINES] {
            self.desk.frame(line % LINES, link, data, self.now);
            self.settle();
        }
    }

    /// A request is answered with this.
    pub fn answer(&mut self, id: CallId, body: &[u8]) {
        self.desk.answered(id, Ok(body), self.now);
        self.settle();
    }

    /// All open requests are answered with this, after something unreadable has made the desk ask for everything.
    pub fn answers(&mut self, body: &[u8]) {
        self.frame(0, br#"{"arg":{"channel":"orders"},"data":[{"#);
        for (id, _) in std::mem::take(&mut self.calls) {
            self.answer(id, body);
        }
    }

    /// Time passes; what is due is done.
    pub fn pass_ms(&mut self, ms: u64) {
        self.now = self.now.plus_ns(ms * NANOS_PER_MILLI);
        for _ in 0..100 {
            if self.desk.next_timeout().is_none_or(|at| at > self.now.mono_ns) {
                return;
            }
            self.desk.handle_timeout(self.now);
            self.settle();
        }
        panic!("a deadline that does not pass");
    }

    fn count(&self, name: &str) -> u64 {
        self.told.get(name).copied().unwrap_or_default()
    }

    fn settle(&mut self) {
        while let Some(act) = self.desk.poll() {
            match act {
                Act::Connect(line, link) => {
                    self.links[line] = Some(link);
                    self.desk.input(line, Input::Connected(link), self.now);
                }
                Act::Transmit(line, _, text) => {
                    let request: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
                    if request["op"] == "subscribe" {
                        self.subscriptions.push((line, request));
                    }
                }
                Act::Close(line, ..) => self.links[line] = None,
                Act::Rest(id, request) => self.calls.push((id, request)),
                Act::Event(event) => self.event(event),
            }
        }
        self.subscriptions.truncate(100);
    }

    fn event(&mut self, event: DeskEvent) {
        match event {
            DeskEvent::Ready => self.is_ready = true,
            DeskEvent::Lost => self.is_ready = false,
            DeskEvent::Note(note) => assert!(note.text.len() < WORDS_MAX, "{note:?}"),
            DeskEvent::Order { client_order_id, event } => {
                assert_eq!(client_order_id, ORDER);
                let name = event.kind.name();
                *self.told.entry(name).or_default() += 1;
                let is_over = self.count("canceled") + self.count("rejected") > 0;
                match &event.kind {
                    EventKind::Filled(fill) => {
                        assert!(self.trades.insert(fill.trade_id.to_string()), "twice: {fill:?}");
                    }
                    EventKind::Rejected { .. } => panic!("an accepted order was rejected: {event:?}"),
                    EventKind::CancelRejected { .. } | EventKind::ModifyRejected { .. } => {}
                    _ => assert!(!is_over || self.count(name) == 1, "after its end: {event:?}"),
                }
                for once in ["submitted", "accepted", "canceled"] {
                    assert!(self.count(once) <= 1, "{once} again: {event:?}");
                }
            }
            _ => {}
        }
    }

    /// Nothing is kept of what nobody asked for.
    pub fn check(&self) {
        let stats = self.desk.stats();
        assert!(stats.open <= 1 && stats.known <= 1, "{stats:?}");
    }
}

/// A push of the order that stands.
pub fn push(state: &str, u_time: &str) -> Vec<u8> {
    let row = serde_json::json!({"instType": "SWAP", "instId": "BTC-USDT-SWAP", "ordId": "77", "clOrdId": ORDER, "px": "50000",
        "sz": "2", "ordType": "limit", "side": "buy", "posSide": "net", "tdMode": "cross", "state": state, "accFillSz": "0",
        "fillSz": "0", "fillPx": "", "tradeId": "", "avgPx": "0", "fee": "0", "feeCcy": "USDT", "cTime": "1", "uTime": u_time});
    let push =
        serde_json::json!({"arg": {"channel": "orders", "instType": "ANY", "uid": "1"}, "data": [row]});
    push.to_string().into_bytes()
}

/// Any bytes on the private connection, then as the business one's, then time passes.
pub fn private(data: &[u8]) {
    let mut bench = Bench::new();
    for line in 0..LINES {
        bench.frame(line, data);
    }
    bench.pass_ms(3_000);
    bench.check();
}

/// Any bytes as the answer to everything that a desk asks for.
pub fn answers(data: &[u8]) {
    let mut bench = Bench::new();
    bench.answers(data);
    bench.pass_ms(3_000);
    bench.answers(data);
    bench.check();
}

/// Any bytes as the answer to each request about orders and the account: rows, or one error in few words; of a command that
/// leaves open what became of it.
pub fn body(data: &[u8]) {
    macro_rules! rows {
        ($($endpoint:ty),+) => {
            $(if let Err(error) = decode_rows::<$endpoint>(data) {
                assert!(error.to_string().len() < WORDS_MAX, "{error}");
            })+
        };
    }
    macro_rules! commands {
        ($($endpoint:ty),+) => {
            $(match decode_rows::<$endpoint>(data) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::Decode => assert_eq!(error.outcome(), Outcome::Unknown, "{error}"),
                Err(error) => assert!(error.to_string().len() < WORDS_MAX, "{error}"),
            })+
        };
    }
    rows!(
        GetOrder,
        GetOrdersPending,
        GetFills,
        GetAlgosPending,
        GetSpreadOrdersPending,
        GetSpreadFills,
        GetBalance,
        GetPositions
    );
    commands!(
        Place<'_>,
        PlaceBatch<'_>,
        Amend<'_>,
        Cancel<'_>,
        CancelBatch<'_>,
        PlaceAlgo<'_>,
        CancelAlgos<'_>,
        PlaceSpread<'_>
    );
    list(&GetOrdersPending { limit: Some(1), ..GetOrdersPending::new() }, data);
    list(&GetFills { limit: Some(1), ..GetFills::new() }, data);
    list(&GetAlgosPending { limit: Some(1), ..GetAlgosPending::new("trigger") }, data);
    let report = decode_body(Some("trade-orders-pending"), None, data);
    assert_eq!(report.ok, report.error.is_none());
}

/// The same page again and again: the list ends, or fails.
fn list<E: Paged>(endpoint: &E, data: &[u8]) {
    let mut pages = ListPages::new(endpoint);
    for _ in 0..3 {
        if pages.next_page().is_none() || pages.take(data).is_err() {
            return;
        }
    }
    panic!("{} goes on with the same page", E::SPEC.path);
}
