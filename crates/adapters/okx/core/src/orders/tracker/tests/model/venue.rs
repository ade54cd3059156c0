//! A small model of OKX's order handling, as its documentation describes it. It shares no code with the tracker.

use okx_common::{
    clock::Now,
    decimal::Decimal,
    enums::{AmendResult, CancelSource, OrderState, Side},
    error_code::ErrorCode,
    ids::{InstId, OrdId, TradeId},
    order::OrderTarget,
    rng::{Rng, SeededRng},
};

use super::{
    super::{Found, INST, Lists, Reply, ReplyItem},
    net::Request,
};
use crate::orders::{
    description::{ChangeDescription, OrderDescription},
    kinds::TimeInForce,
    row::{FillRow, OrderRow},
};

#[derive(Debug, Clone)]
pub struct Order {
    pub id: String,
    pub ord_id: String,
    pub px: Decimal,
    pub sz: Decimal,
    pub acc: Decimal,
    pub state: OrderState,
    pub fills: Vec<FillRow>,
    post_only: bool,
    ioc: bool,
    source: Option<CancelSource>,
    c_ms: u64,
    u_ms: u64,
}

impl Order {
    pub fn new(order: &OrderDescription) -> Self {
        Self {
            id: order.cl_ord_id.to_string(),
            ord_id: String::new(),
            px: order.price.unwrap(),
            sz: order.quantity,
            acc: Decimal::ZERO,
            state: OrderState::Live,
            fills: Vec::new(),
            post_only: order.post_only,
            ioc: order.time_in_force == TimeInForce::Ioc,
            source: None,
            c_ms: 0,
            u_ms: 0,
        }
    }

    pub const fn is_open(&self) -> bool {
        !self.state.is_final()
    }

    /// The order as REST shows it.
    fn row(&self) -> OrderRow {
        OrderRow {
            inst_id: INST.to_owned(),
            ord_id: self.ord_id.clone(),
            cl_ord_id: self.id.clone(),
            side: Some(Side::Buy),
            state: Some(self.state),
            sz: Some(self.sz),
            px: Some(self.px),
            acc_fill_sz: Some(self.acc),
            cancel_source: self.source.clone(),
            c_time_ms: Some(self.c_ms),
            u_time_ms: Some(self.u_ms),
            ..OrderRow::default()
        }
    }
}

#[derive(Debug, Default)]
pub struct Venue {
    orders: Vec<Order>,
    count: u64,
    clock_ms: u64,
}

impl Venue {
    pub fn by_id(&self, id: &str) -> Option<&Order> {
        self.orders.iter().find(|o| o.id == id)
    }

    pub fn open_count(&self) -> usize {
        self.orders.iter().filter(|o| o.is_open() && !o.id.is_empty()).count()
    }

    pub fn find(&self, by: &OrderTarget) -> Found {
        let found = match by {
            OrderTarget::OrdId(id) => self.orders.iter().find(|o| *id == o.ord_id.as_str()),
            OrderTarget::ClOrdId(id) => self.orders.iter().find(|o| *id == o.id.as_str()),
        };
        found.map_or(Found::Absent, |order| Found::Order(Box::new(order.row())))
    }

    pub fn fills_of(&self, ord_id: &OrdId) -> Vec<FillRow> {
        self.orders.iter().filter(|o| *ord_id == o.ord_id.as_str()).flat_map(|o| o.fills.clone()).collect()
    }

    pub fn lists(&self) -> Lists {
        Lists {
            orders: self.orders.iter().filter(|o| o.is_open()).map(Order::row).collect(),
            fills: self.orders.iter().flat_map(|o| o.fills.clone()).collect(),
            algos: Vec::new(),
        }
    }

    /// Times of updates rise, mostly.
    fn tick(&mut self, now: Now) -> u64 {
        self.clock_ms = self.clock_ms.max(now.unix_ms());
        self.clock_ms
    }

    pub fn handle(
        &mut self,
        request: Request,
        rng: &mut SeededRng,
        stormy: bool,
        now: Now,
    ) -> (Reply, Vec<OrderRow>) {
        if stormy && rng.one_in(25) {
            // Throttled: not looked at.
            return (whole(50011, "Rate limit reached."), Vec::new());
        }
        let hides_outcome = stormy && rng.one_in(25);
        let (reply, pushes) = match request {
            Request::Place(orders) => self.place(orders, rng, now),
            Request::Cancel(id) => self.cancel(&id, now),
            Request::Amend(id, req_id, change) => self.amend(&id, &req_id, change, rng, now),
        };
        if hides_outcome { (whole(50026, "System error."), pushes) } else { (reply, pushes) }
    }

    fn place(&mut self, orders: Vec<Order>, rng: &mut SeededRng, now: Now) -> (Reply, Vec<OrderRow>) {
        let (mut items, mut pushes) = (Vec::new(), Vec::new());
        for mut order in orders {
            if rng.one_in(12) {
                items.push(item(&order.id, "", 51008, "Insufficient balance"));
                continue;
            }
            self.count += 1;
            order.ord_id = format!("{}", 7_000_000 + self.count);
            order.c_ms = self.tick(now);
            order.u_ms = order.c_ms;
            items.push(item(&order.id, &order.ord_id, 0, ""));
            self.orders.push(order);
            let last = self.orders.len() - 1;
            pushes.extend(self.arrive(last, rng, now));
        }
        // Now and then an item is missing, or all of them come in another order.
        if items.len() > 1 && rng.one_in(4) {
            items.reverse();
            items.truncate(items.len() - rng.below(2) as usize);
        }
        let failed = items.iter().filter(|i| i.code != Some(ErrorCode(0))).count();
        let code = if failed == 0 {
            0
        } else if failed == items.len() {
            1
        } else {
            2
        };
        (Reply { code: ErrorCode(code), items, ..Reply::default() }, pushes)
    }

    /// What the book makes of a new order.
    fn arrive(&mut self, index: usize, rng: &mut SeededRng, now: Now) -> Vec<OrderRow> {
        let mut pushes = Vec::new();
        let crosses = rng.one_in(3);
        let order = &mut self.orders[index];
        if order.post_only {
            if crosses {
                order.state = OrderState::Canceled;
                order.source = Some(CancelSource::PostOnly);
            }
            return vec![order.row()];
        }
        pushes.push(order.row());
        if crosses {
            pushes.extend(self.fill(index, rng, now));
        }
        let order = &mut self.orders[index];
        if order.ioc && order.is_open() {
            order.state = OrderState::Canceled;
            order.source = Some(CancelSource::Ioc);
            pushes.push(order.row());
        }
        pushes
    }

    /// Some fills of an order; now and then its end comes in a push of its own.
    fn fill(&mut self, index: usize, rng: &mut SeededRng, now: Now) -> Vec<OrderRow> {
        let mut pushes = Vec::new();
        for _ in 0..rng.between(1, 3) {
            let u_ms = self.tick(now);
            self.count += 1;
            let trade = self.count;
            let order = &mut self.orders[index];
            let left = order.sz.checked_sub(order.acc).unwrap();
            if !order.is_open() || !left.is_positive() {
                break;
            }
            let half = Decimal::new(5, 1).unwrap();
            let sz = if rng.one_in(2) { left } else { half.min(left) };
            order.acc = order.acc.checked_add(sz).unwrap();
            order.u_ms = u_ms;
            let fill = FillRow {
                inst_id: InstId::new(INST),
                ord_id: OrdId::new(&order.ord_id),
                cl_ord_id: None,
                trade_id: TradeId::from(trade.to_string()),
                side: Some(Side::Buy),
                px: order.px,
                sz,
                commission: None,
                exec_type: None,
                ts_ms: Some(u_ms),
            };
            order.fills.push(fill.clone());
            let is_done = order.acc == order.sz;
            let apart = is_done && rng.one_in(6);
            order.state = if is_done && !apart { OrderState::Filled } else { OrderState::PartiallyFilled };
            pushes.push(OrderRow { fill: Some(fill), ..order.row() });
            if apart {
                order.state = OrderState::Filled;
                pushes.push(order.row());
            }
        }
        pushes
    }

    fn cancel(&mut self, id: &str, now: Now) -> (Reply, Vec<OrderRow>) {
        let u_ms = self.tick(now);
        let Some(order) = self.orders.iter_mut().find(|o| o.id == id && o.is_open()) else {
            return (
                refusal(
                    id,
                    51400,
                    "Cancellation failed as the order has been filled, canceled or does not exist.",
                ),
                Vec::new(),
            );
        };
        order.state = OrderState::Canceled;
        order.source = Some(CancelSource::User);
        order.u_ms = u_ms;
        (ok(id, &order.ord_id), vec![order.row()])
    }

    fn amend(
        &mut self,
        id: &str,
        req_id: &str,
        change: ChangeDescription,
        rng: &mut SeededRng,
        now: Now,
    ) -> (Reply, Vec<OrderRow>) {
        let u_ms = self.tick(now);
        let Some(order) = self.orders.iter_mut().find(|o| o.id == id && o.is_open()) else {
            return (
                refusal(id, 51503, "The order has been filled, canceled or does not exist."),
                Vec::new(),
            );
        };
        if rng.one_in(8) {
            return (refusal(id, 51506, "Order modification unavailable"), Vec::new());
        }
        order.u_ms = u_ms;
        let reply = ok(id, &order.ord_id);
        if rng.one_in(8) {
            let failed = OrderRow {
                req_id: req_id.to_owned(),
                amend_result: Some(AmendResult::Failure),
                code: "51511".to_owned(),
                ..order.row()
            };
            return (reply, vec![failed]);
        }
        order.px = change.price.unwrap_or(order.px);
        if let Some(sz) = change.quantity {
            order.sz = sz.max(order.acc);
            if order.sz == order.acc && order.acc.is_positive() {
                order.state = OrderState::Filled;
            }
        }
        let done =
            OrderRow { req_id: req_id.to_owned(), amend_result: Some(AmendResult::Success), ..order.row() };
        (reply, vec![done])
    }

    fn some_open(&self, rng: &mut SeededRng) -> Option<usize> {
        let open: Vec<usize> =
            self.orders.iter().enumerate().filter(|(_, o)| o.is_open()).map(|(i, _)| i).collect();
        (!open.is_empty()).then(|| open[rng.below(open.len() as u64) as usize])
    }

    /// The market trades against an order.
    pub fn trade(&mut self, rng: &mut SeededRng, now: Now) -> Vec<OrderRow> {
        self.some_open(rng).map_or_else(Vec::new, |index| self.fill(index, rng, now))
    }

    /// OKX cancels an order by itself.
    pub fn cancel_some(&mut self, rng: &mut SeededRng, now: Now) -> Vec<OrderRow> {
        let u_ms = self.tick(now);
        let Some(index) = self.some_open(rng) else { return Vec::new() };
        let order = &mut self.orders[index];
        order.state = OrderState::Canceled;
        order.source = Some(CancelSource::SelfTrade);
        order.u_ms = u_ms;
        vec![order.row()]
    }

    /// The app places an order.
    pub fn foreign(&mut self, rng: &mut SeededRng, now: Now) -> Vec<OrderRow> {
        let mut order =
            Order::new(&OrderDescription::limit("x", Side::Buy, Decimal::ONE, Decimal::from(99_u64)));
        order.id = String::new();
        self.count += 1;
        order.ord_id = format!("{}", 7_000_000 + self.count);
        order.c_ms = self.tick(now);
        self.orders.push(order);
        let last = self.orders.len() - 1;
        self.arrive(last, rng, now)
    }
}

fn item(id: &str, ord_id: &str, code: u32, msg: &str) -> ReplyItem {
    super::super::item(id, ord_id, code, msg)
}

fn ok(id: &str, ord_id: &str) -> Reply {
    super::super::ack(id, ord_id)
}

fn refusal(id: &str, code: u32, msg: &str) -> Reply {
    super::super::refusal(id, code, msg)
}

fn whole(code: u32, msg: &str) -> Reply {
    super::super::whole(code, msg)
}
