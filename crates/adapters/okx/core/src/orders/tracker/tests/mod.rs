mod algo;
mod bracket;
mod lost;
mod model;
mod outcome;
mod push;
mod restart;

use okx_common::{
    clock::{NANOS_PER_MILLI, Now},
    decimal::Decimal,
    enums::{CancelSource, OrderState, Side},
    error_code::ErrorCode,
    ids::{InstId, OrdId, TradeId},
};
use okx_ws::op::RequestId;

use super::*;
use crate::orders::{
    description::{ChangeDescription, OrderDescription},
    row::{Commission, FillRow, OrderRow},
};

pub(super) const INST: &str = "BTC-USDT-SWAP";

pub(super) fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// A tracker, its clock, and what came out.
pub(super) struct Desk {
    pub tracker: OrderTracker,
    pub now: Now,
    requests: u64,
    pub events: Vec<OrderEvent>,
    pub asks: Vec<(AskId, Ask)>,
    pub logs: Vec<(Level, String)>,
    pub external: Vec<External>,
}

impl Desk {
    pub fn new() -> Self {
        let now = Now::new(1_000_000_000, 1_800_000_000_000_000_000);
        let mut desk = Self {
            tracker: OrderTracker::new(TrackerConfig::default()),
            now,
            requests: 0,
            events: Vec::new(),
            asks: Vec::new(),
            logs: Vec::new(),
            external: Vec::new(),
        };
        desk.tracker.link_ready(now);
        desk.drain();
        desk.answer_reconcile(&Lists::default());
        desk
    }

    pub fn drain(&mut self) {
        while let Some(output) = self.tracker.poll() {
            match output {
                Output::Event(event) => self.events.push(event),
                Output::Ask(id, ask) => self.asks.push((id, ask)),
                Output::Log(level, text) => self.logs.push((level, text)),
                Output::External(external) => self.external.push(external),
            }
        }
    }

    pub fn request(&mut self) -> RequestId {
        self.requests += 1;
        RequestId(self.requests)
    }

    /// Lets time pass, with every timer on the way.
    pub fn pass_ms(&mut self, ms: u64) {
        let end = self.now.plus_ns(ms * NANOS_PER_MILLI);
        while let Some(at) = self.tracker.next_timeout().filter(|at| *at <= end.mono_ns) {
            self.now = self.now.plus_ns(at.saturating_sub(self.now.mono_ns));
            self.tracker.handle_timeout(self.now);
            self.drain();
        }
        self.now = end;
    }

    pub fn submit(&mut self, order: &OrderDescription) -> RequestId {
        let request = self.request();
        let new = NewOrder::of(order, &InstId::new(INST));
        self.tracker.submit(new, request, true, self.now).unwrap();
        self.drain();
        request
    }

    pub fn cancel(&mut self, id: &str) -> RequestId {
        let request = self.request();
        self.tracker.cancel(id, request, true, self.now).unwrap();
        self.drain();
        request
    }

    pub fn amend(&mut self, id: &str, req_id: &str, change: ChangeDescription) -> RequestId {
        let request = self.request();
        self.tracker.amend(id, change, req_id, request, true, self.now).unwrap();
        self.drain();
        request
    }

    pub fn reply(&mut self, request: RequestId, reply: &Reply) {
        self.tracker.reply(request, reply, self.now);
        self.drain();
    }

    pub fn push(&mut self, row: &OrderRow) {
        self.tracker.order_row(row, self.now);
        self.drain();
    }

    /// A limit order that rests: acknowledged and pushed.
    pub fn resting(&mut self, id: &str) {
        let request = self.submit(&limit(id));
        self.reply(request, &ack(id, &ord(id)));
        self.push(&row(id, OrderState::Live));
        self.events.clear();
    }

    /// The newest open question, taken.
    pub fn take_ask(&mut self) -> (AskId, Ask) {
        assert!(!self.asks.is_empty(), "nothing is asked");
        self.asks.remove(self.asks.len() - 1)
    }

    pub fn answer(&mut self, found: &Found) {
        let (id, ask) = self.take_ask();
        assert!(matches!(ask, Ask::Order { .. } | Ask::Algo { .. }), "{ask:?}");
        self.tracker.looked_up(id, found, self.now);
        self.drain();
    }

    pub fn answer_fills(&mut self, fills: &[FillRow]) {
        let (id, ask) = self.take_ask();
        assert!(matches!(ask, Ask::Fills { .. }), "{ask:?}");
        self.tracker.fills_fetched(id, Ok(fills), self.now);
        self.drain();
    }

    pub fn answer_reconcile(&mut self, lists: &Lists) {
        let at = self.asks.iter().position(|(_, ask)| matches!(ask, Ask::Reconcile { .. }));
        let (id, _) = self.asks.remove(at.expect("a reconciliation is asked for"));
        self.tracker.reconciled(id, Ok(lists), self.now);
        self.drain();
    }

    /// The names of the events so far, taken.
    pub fn names(&mut self) -> Vec<&'static str> {
        std::mem::take(&mut self.events).iter().map(|event| event.kind.name()).collect()
    }

    pub fn last_reason(&self) -> &str {
        match &self.events.last().expect("an event").kind {
            EventKind::Rejected { reason, .. }
            | EventKind::Canceled { reason }
            | EventKind::Expired { reason }
            | EventKind::CancelRejected { reason }
            | EventKind::ModifyRejected { reason } => reason,
            other => panic!("{other:?} has no reason"),
        }
    }

    /// Nothing is open, and nothing will be asked.
    pub fn assert_settled(&mut self) {
        assert_eq!(self.tracker.unresolved(), [""; 0]);
        self.asks.clear();
        self.pass_ms(60_000);
        assert_eq!(self.asks, [], "a question long after everything is settled");
    }
}

pub(super) fn limit(id: &str) -> OrderDescription {
    OrderDescription::limit(id, Side::Buy, dec("2"), dec("100"))
}

pub(super) fn post_only(id: &str) -> OrderDescription {
    OrderDescription { post_only: true, ..limit(id) }
}

/// OKX's id of the order with this id of ours.
pub(super) fn ord(id: &str) -> String {
    format!("9{}", id.bytes().map(|b| b.to_string()).collect::<String>())
}

pub(super) fn ack(id: &str, ord_id: &str) -> Reply {
    Reply { items: vec![item(id, ord_id, 0, "")], ..Reply::default() }
}

pub(super) fn item(id: &str, ord_id: &str, code: u32, msg: &str) -> ReplyItem {
    ReplyItem {
        cl_ord_id: id.to_owned(),
        ord_id: ord_id.to_owned(),
        code: Some(ErrorCode(code)),
        msg: msg.to_owned(),
        ..ReplyItem::default()
    }
}

pub(super) fn refusal(id: &str, code: u32, msg: &str) -> Reply {
    Reply { code: ErrorCode(1), items: vec![item(id, "", code, msg)], ..Reply::default() }
}

/// A refusal of the whole, without items.
pub(super) fn whole(code: u32, msg: &str) -> Reply {
    Reply { code: ErrorCode(code), msg: msg.to_owned(), ..Reply::default() }
}

/// The order of [`limit`] in this state, without fills.
pub(super) fn row(id: &str, state: OrderState) -> OrderRow {
    OrderRow {
        inst_id: INST.to_owned(),
        ord_id: ord(id),
        cl_ord_id: id.to_owned(),
        side: Some(Side::Buy),
        state: Some(state),
        sz: Some(dec("2")),
        px: Some(dec("100")),
        acc_fill_sz: Some(Decimal::ZERO),
        c_time_ms: Some(1_800_000_000_000),
        u_time_ms: Some(1_800_000_000_000),
        ..OrderRow::default()
    }
}

pub(super) fn fill_row(id: &str, trade_id: &str, sz: &str) -> FillRow {
    FillRow {
        inst_id: InstId::new(INST),
        ord_id: OrdId::new(ord(id)),
        cl_ord_id: None,
        trade_id: TradeId::new(trade_id),
        side: Some(Side::Buy),
        px: dec("100"),
        sz: dec(sz),
        commission: Commission::of_fee(Some(dec("-0.05")), "USDT"),
        exec_type: None,
        ts_ms: Some(1_800_000_000_001),
    }
}

/// The order after a fill: its total, and the fill itself.
pub(super) fn filled(id: &str, acc: &str, trade_id: &str, sz: &str) -> OrderRow {
    let state = if acc == "2" { OrderState::Filled } else { OrderState::PartiallyFilled };
    OrderRow {
        acc_fill_sz: Some(dec(acc)),
        fill: Some(fill_row(id, trade_id, sz)),
        u_time_ms: Some(1_800_000_000_001),
        ..row(id, state)
    }
}

pub(super) fn canceled(id: &str, acc: &str, source: CancelSource) -> OrderRow {
    OrderRow {
        acc_fill_sz: Some(dec(acc)),
        cancel_source: Some(source),
        u_time_ms: Some(1_800_000_000_002),
        ..row(id, OrderState::Canceled)
    }
}

pub(super) fn found(row: OrderRow) -> Found {
    Found::Order(Box::new(row))
}
