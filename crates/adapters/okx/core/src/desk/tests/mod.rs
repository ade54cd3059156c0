mod commands;
mod fields;
mod lines;

use bytes::Bytes;
use okx_common::{
    clock::{NANOS_PER_MILLI, Now},
    credentials::Credentials,
    decimal::Decimal,
    enums::Side,
    ids::{ClOrdId, SprdId},
    rng::SeededRng,
};
use okx_http::{HttpError, Request};
use okx_ws::session::LinkId;
use serde_json::{Value, json};

use super::*;
use crate::orders::{
    description::{ChangeDescription, OrderDescription},
    gate::GateConfig,
    tracker::EventKind,
};

const SWAP: &str = "BTC-USDT-SWAP";
const SPREAD: &str = "BTC-USDT_BTC-USDT-SWAP";

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// A desk, its clock, and a peer that answers by hand.
struct Bench {
    desk: Desk,
    now: Now,
    links: [Option<LinkId>; 2],
    /// What left, oldest first.
    frames: Vec<(usize, Value)>,
    calls: Vec<(CallId, Request)>,
    events: Vec<DeskEvent>,
}

fn config() -> DeskConfig {
    let mut config = DeskConfig::new(Credentials::new("key", "secret", "phrase").unwrap());
    config.extras.spreads = true;
    config
}

impl Bench {
    fn new(config: DeskConfig) -> Self {
        let mut desk = Desk::new(config, [Box::new(SeededRng::new(1)), Box::new(SeededRng::new(2))]);
        for inst_id in [SWAP, "BTC-USDT"] {
            desk.instrument(serde_json::from_value(super::dst::row(inst_id)).unwrap());
        }
        desk.spread(SpreadSpec {
            sprd_id: SprdId::new(SPREAD),
            tick_sz: dec("0.1"),
            lot_sz: dec("0.01"),
            min_sz: dec("0.01"),
        });
        let now = Now::new(1_000_000_000, 1_800_000_000_000_000_000);
        let mut bench =
            Self { desk, now, links: [None; 2], frames: Vec::new(), calls: Vec::new(), events: Vec::new() };
        bench.desk.open(bench.now);
        bench.settle();
        bench
    }

    /// A desk that is ready.
    fn ready() -> Self {
        Self::ready_with(config())
    }

    fn ready_with(config: DeskConfig) -> Self {
        let mut bench = Self::new(config);
        for line in [PRIVATE, BUSINESS] {
            bench.login(line);
            bench.acknowledge(line);
        }
        bench.answer_lists();
        assert!(bench.events.contains(&DeskEvent::Ready), "{:?}", bench.events);
        bench.forget();
        bench
    }

    fn settle(&mut self) {
        while let Some(act) = self.desk.poll() {
            match act {
                Act::Connect(line, link) => {
                    self.links[line] = Some(link);
                    self.desk.input(line, Input::Connected(link), self.now);
                }
                Act::Transmit(line, _, text) => {
                    self.frames.push((line, serde_json::from_slice(&text).unwrap_or_default()));
                }
                Act::Close(line, ..) => self.links[line] = None,
                Act::Rest(id, request) => self.calls.push((id, request)),
                Act::Event(event) => self.events.push(event),
            }
        }
    }

    fn forget(&mut self) {
        self.frames.clear();
        self.calls.clear();
        self.events.clear();
    }

    fn push(&mut self, line: usize, frame: &Value) {
        self.raw(line, frame.to_string().as_bytes());
    }

    fn raw(&mut self, line: usize, frame: &[u8]) {
        let link = self.links[line].unwrap();
        self.desk.frame(line, link, frame, self.now);
        self.settle();
    }

    fn login(&mut self, line: usize) {
        self.push(line, &json!({"event": "login", "code": "0", "msg": "", "connId": "a4d3ae55"}));
    }

    /// Acknowledges the subscriptions of a line that were sent last.
    fn acknowledge(&mut self, line: usize) {
        let is_subscribe = |(l, frame): &&(usize, Value)| *l == line && frame["op"] == "subscribe";
        let frame = self.frames.iter().rfind(is_subscribe).unwrap().1.clone();
        for arg in frame["args"].as_array().unwrap() {
            self.push(
                line,
                &json!({"id": frame["id"], "event": "subscribe", "arg": arg, "connId": "a4d3ae55"}),
            );
        }
    }

    /// Answers all requests with empty lists.
    fn answer_lists(&mut self) {
        while !self.calls.is_empty() {
            for (id, request) in std::mem::take(&mut self.calls) {
                self.answer(id, Ok(empty(&request)));
            }
        }
    }

    fn answer(&mut self, id: CallId, body: Result<&str, HttpError>) {
        self.desk.answered(id, body.map(str::as_bytes), self.now);
        self.settle();
    }

    fn pass_ms(&mut self, ms: u64) {
        let end = self.now.plus_ns(ms * NANOS_PER_MILLI);
        while let Some(at) = self.desk.next_timeout().filter(|at| *at <= end.mono_ns) {
            self.now = self.now.plus_ns(at.saturating_sub(self.now.mono_ns));
            self.desk.handle_timeout(self.now);
            self.settle();
        }
        self.now = end;
    }

    fn lose(&mut self, line: usize) {
        let link = self.links[line].take().unwrap();
        self.desk.input(line, Input::Disconnected(link, Some(1001), "gone"), self.now);
        self.settle();
    }

    fn submit(&mut self, id: &str) {
        self.desk.submit(limit(id), self.now);
        self.settle();
    }

    fn cancel(&mut self, id: &str) {
        self.desk.cancel(id, self.now);
        self.settle();
    }

    /// The operations on orders that left over a line.
    fn ops(&self, line: usize) -> Vec<&Value> {
        let is_op = |frame: &Value| frame["id"].as_str().is_some_and(|id| id.starts_with("op"));
        self.frames.iter().filter(|(l, frame)| *l == line && is_op(frame)).map(|(_, frame)| frame).collect()
    }

    fn paths(&self) -> Vec<String> {
        self.calls.iter().map(|(_, request)| request.target().to_owned()).collect()
    }

    /// The names of what happened to an order.
    fn told(&self, id: &str) -> Vec<&'static str> {
        let of = |event: &DeskEvent| match event {
            DeskEvent::Order { client_order_id, event } if client_order_id == id => Some(event.kind.name()),
            DeskEvent::Denied { client_order_id, .. } if client_order_id == id => Some("denied"),
            DeskEvent::Unknown { client_order_id, kind } if client_order_id == id => Some(match kind {
                EventKind::CancelRejected { .. } => "unknown: cancel_rejected",
                _ => "unknown: modify_rejected",
            }),
            _ => None,
        };
        self.events.iter().filter_map(of).collect()
    }

    fn reason(&self, id: &str) -> String {
        let found = self.events.iter().rev().find_map(|event| match event {
            DeskEvent::Denied { client_order_id, reason, .. } if client_order_id == id => {
                Some(reason.clone())
            }
            DeskEvent::Order { client_order_id, event } if client_order_id == id => match &event.kind {
                EventKind::Rejected { reason, .. }
                | EventKind::CancelRejected { reason }
                | EventKind::ModifyRejected { reason } => Some(reason.clone()),
                _ => None,
            },
            _ => None,
        });
        found.unwrap_or_default()
    }
}

/// An answer without anything in it. There is always a balance.
fn empty(request: &Request) -> &'static str {
    if request.target().starts_with("/api/v5/account/balance") {
        r#"{"code":"0","msg":"","data":[{"totalEq":"0","details":[],"uTime":"1800000000000"}]}"#
    } else {
        r#"{"code":"0","msg":"","data":[]}"#
    }
}

fn limit(id: &str) -> SubmitSpec {
    let order = OrderDescription::limit(ClOrdId::new(""), Side::Buy, dec("2"), dec("50000"));
    SubmitSpec::new(id, SWAP, order)
}

fn body(request: &Request) -> Value {
    let body: Option<&Bytes> = request.body();
    serde_json::from_slice(body.unwrap()).unwrap()
}
