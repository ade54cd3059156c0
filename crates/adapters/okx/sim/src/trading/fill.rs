//! One fill: what it does to order, balances and position (reference 4.4, 4.5).

use super::{
    Cx, Trading, fees,
    holder::Holder,
    ledger::{Bill, Fill},
    num::Num,
    order::{LastFill, Order},
    position::{PosKey, Turned},
    rows::{self, Change, FillBits},
    words::{Kind, OrdType, Side, State},
};

/// `subType` of a leg of a spread: buy, sell, open long, open short, close long, close short.
const SPREAD_SUB_TYPES: [u32; 6] = [270, 271, 272, 273, 274, 275];

/// One fill, on its way into the books.
struct Deal {
    px: Num,
    sz: Num,
    value: Num,
    fee: Num,
    rate: Num,
    trade_id: i64,
    exec: &'static str,
    bill_id: u64,
    ms: u64,
}

impl Trading {
    /// Fills so much of an open order at a price: as maker (`M`), taker (`T`), or by the system (empty).
    pub(super) fn fill(
        &mut self,
        who: usize,
        id: u64,
        (px, sz): (Num, Num),
        exec: &'static str,
        trade_id: i64,
        cx: Cx<'_>,
    ) {
        let maker = exec == "M";
        let bill_id = self.ids.next(cx.ms);
        let ids = &mut self.ids;
        let holder = &mut self.holders[who];
        let Some(mut order) = holder.orders.remove(&id) else { return };
        let inst = order.inst.clone();
        let value = inst.value(sz, px);
        let in_base = order.kind() == Kind::Spot && order.fee_ccy == inst.base;
        let amount = if in_base { sz } else { value };
        let (fee, rate) = fees::fee(holder.profile.vip, &inst, maker, amount, px);
        let fee = if exec.is_empty() { Num::ZERO } else { fee };
        let deal = Deal { px, sz, value, fee, rate, trade_id, exec, bill_id, ms: cx.ms };
        let before = order.left();
        let first = order.acc.is_zero();
        order.acc += sz;
        order.cost += sz * px;
        // What makers get back on pairs is a rebate of its own.
        if order.kind() == Kind::Spot && fee.is_positive() {
            order.rebate += fee;
            order.rebate_ccy.clone_from(&order.fee_ccy);
        } else {
            order.fee += fee;
        }
        let frozen = (order.frozen * order.left()).over(before);
        holder.freeze(&order.frozen_ccy, frozen - order.frozen);
        order.frozen = frozen;
        let (turned, key) = if holder.pays_with(order.kind(), order.td) {
            pay_spot(holder, &order, &deal, || ids.next(cx.ms));
            (Turned::default(), None)
        } else {
            let (turned, key) = turn_position(holder, &order, &deal, || ids.next(cx.ms));
            (turned, Some(key))
        };
        order.pnl += turned.pnl;
        // Orders show 0 where the fill has a number of the system (reference 4.4).
        let shown_id = trade_id.max(0);
        order.last_fill = Some(LastFill { px, sz, trade_id: shown_id, ms: cx.ms });
        order.u_ms = cx.ms;
        let whole_order = order.left().is_zero();
        // A market order of a pair that needs several fills ends with a push of its own.
        let ends_apart =
            order.ord_type == OrdType::Market && order.kind().is_pair() && (order.in_quote || !first);
        order.state = if whole_order && !ends_apart { State::Filled } else { State::PartiallyFilled };
        let filled = order.state == State::Filled;
        let record = record(&order, &deal, turned, cx);
        let bits = FillBits {
            px,
            sz,
            trade_id: shown_id,
            fee,
            fee_ccy: order.fee_ccy.clone(),
            pnl: turned.pnl,
            exec,
            index: record.index,
            mark: record.mark,
            ms: cx.ms,
        };
        holder.keep_fill(record);
        if maker {
            self.out.push_back(rows::fills_push(who, &order, px, sz, trade_id, true, 1, cx));
        }
        let ccys: Vec<String> = match &key {
            None => vec![inst.base.clone(), order.trade_quote.clone()],
            Some(_) => vec![order.ccy.clone()],
        };
        holder.orders.insert(id, order);
        self.push_order(who, id, Change::filled(bits), cx);
        let trades = [(inst.id.clone(), trade_id)];
        let keys: Vec<PosKey> = key.iter().cloned().collect();
        let push = rows::changes(&self.holders[who], who, "filled", &ccys, &keys, &trades, cx);
        self.out.push_back(push);
        if filled {
            self.after_end(who, id, cx);
        }
        if let Some(key) = key {
            self.holders[who].touch(&key, cx.ms);
            self.plan_funding(&key.inst_id, cx);
            self.plan_expiry(&inst, cx);
            self.plan_settlement(&inst, cx);
            self.after_position(who, &key, cx);
        }
        self.plan_flush(who, cx);
    }

    /// Books a fill of an order that is not an order of the instrument's own book: fee, its currency, and what closing gained.
    pub(super) fn fill_apart(
        &mut self,
        who: usize,
        order: &Order,
        (px, sz): (Num, Num),
        exec: &'static str,
        trade_id: i64,
        cx: Cx<'_>,
    ) -> (Num, String, Num) {
        let bill_id = self.ids.next(cx.ms);
        let ids = &mut self.ids;
        let holder = &mut self.holders[who];
        let value = order.inst.value(sz, px);
        let amount = if order.kind() == Kind::Spot && order.fee_ccy == order.inst.base { sz } else { value };
        let (fee, rate) = fees::fee(holder.profile.vip, &order.inst, exec == "M", amount, px);
        let deal = Deal { px, sz, value, fee, rate, trade_id, exec, bill_id, ms: cx.ms };
        let (turned, key) = if holder.pays_with(order.kind(), order.td) {
            pay_spot(holder, order, &deal, || ids.next(cx.ms));
            (Turned::default(), None)
        } else {
            let (turned, key) = turn_position(holder, order, &deal, || ids.next(cx.ms));
            (turned, Some(key))
        };
        let mut fill = record(order, &deal, turned, cx);
        fill.sub_type = SPREAD_SUB_TYPES[(fill.sub_type.saturating_sub(1) % 6) as usize];
        holder.keep_fill(fill);
        let ccys = if key.is_some() {
            vec![order.ccy.clone()]
        } else {
            vec![order.inst.base.clone(), order.trade_quote.clone()]
        };
        let keys: Vec<PosKey> = key.iter().cloned().collect();
        let trades = [(order.inst.id.clone(), trade_id)];
        let push = rows::changes(&self.holders[who], who, "filled", &ccys, &keys, &trades, cx);
        self.out.push_back(push);
        if let Some(key) = key {
            self.holders[who].touch(&key, cx.ms);
            self.plan_funding(&key.inst_id, cx);
            self.plan_expiry(&order.inst, cx);
            self.after_position(who, &key, cx);
        }
        (fee, order.fee_ccy.clone(), turned.pnl)
    }

    /// A position changed: orders and conditional orders that hang on it follow.
    pub(super) fn after_position(&mut self, who: usize, key: &PosKey, cx: Cx<'_>) {
        self.trim(who, key, cx);
        if self.holders[who].held(key).is_zero() {
            self.end_algos_of(who, key, cx);
        }
    }
}

/// Swaps one currency for the other.
fn pay_spot(holder: &mut Holder, order: &Order, deal: &Deal, mut id: impl FnMut() -> u64) {
    let inst = &order.inst;
    let sign = order.side.sign();
    let in_base = order.fee_ccy == inst.base;
    let (base_fee, quote_fee) = if in_base { (deal.fee, Num::ZERO) } else { (Num::ZERO, deal.fee) };
    let sub_type = if order.side == Side::Buy { 1 } else { 2 };
    let sides = [
        (&inst.base, deal.sz * sign + base_fee, base_fee),
        (&order.trade_quote, -(deal.value * sign) + quote_fee, quote_fee),
    ];
    for (no, (ccy, change, fee)) in sides.into_iter().enumerate() {
        let bill = Bill { fee, ..bill(order, deal, ccy, change, sub_type) };
        holder.pay(bill, if no == 0 { deal.bill_id } else { id() });
    }
}

/// Changes the position and pays what it costs or brings. A fill that turns a position ends it and opens another.
fn turn_position(
    holder: &mut Holder,
    order: &Order,
    deal: &Deal,
    mut id: impl FnMut() -> u64,
) -> (Turned, PosKey) {
    let key = Holder::key_of(order);
    let qty = deal.sz * order.side.sign();
    let held = holder.held(&key);
    let turns = !held.is_zero() && held.is_negative() != qty.is_negative() && qty.abs() > held.abs();
    let parts = if turns { vec![-held, qty + held] } else { vec![qty] };
    let (mut all, mut moved, mut fee_left) = (Turned::default(), Num::ZERO, deal.fee);
    for (no, part) in parts.iter().enumerate() {
        if no > 0 {
            holder.touch(&key, deal.ms);
        }
        let last = no + 1 == parts.len();
        let fee = if last { fee_left } else { (deal.fee * part.abs()).over(deal.sz) };
        fee_left -= fee;
        let position = holder.position(&key, &order.inst, &order.ccy, &mut id, deal.ms);
        let turned = position.turn(*part, deal.px);
        position.fee += fee;
        position.trade_id = deal.trade_id;
        let backed = Trading::is_isolated(order) && !position.is_paid();
        let margin =
            if backed { order.inst.value(turned.opened, deal.px).over(position.lever) } else { Num::ZERO };
        position.margin += margin;
        moved += turned.freed - margin;
        all.closed += turned.closed;
        all.opened += turned.opened;
        all.pnl += turned.pnl;
    }
    let paid = matches!(order.kind(), Kind::Option | Kind::Events);
    let change = if paid { -(deal.value * order.side.sign()) } else { all.pnl };
    let bill = bill(order, deal, &order.ccy, change + deal.fee, sub_type(order, all));
    holder.pay(Bill { fee: deal.fee, pnl: all.pnl, ..bill.clone() }, deal.bill_id);
    if !moved.is_zero() {
        let sub_type = if moved.is_positive() { 161 } else { 160 };
        holder.pay(Bill { kind: 6, sub_type, change: moved, ..bill }, id());
    }
    (all, key)
}

fn bill(order: &Order, deal: &Deal, ccy: &str, change: Num, sub_type: u32) -> Bill {
    let kind = match order.category {
        "full_liquidation" | "partial_liquidation" => 5,
        "adl" => 9,
        _ => 2,
    };
    Bill {
        sz: deal.sz,
        px: Some(deal.px),
        inst_kind: Some(order.kind()),
        inst_id: order.inst.id.clone(),
        mode: Some(order.td),
        ord_id: order.id,
        cl_id: order.cl_id.clone(),
        tag: order.tag.clone(),
        trade_id: deal.trade_id,
        exec: deal.exec,
        ..Bill::plain(kind, sub_type, ccy, change, deal.ms)
    }
}

/// `subType`: 1 buy, 2 sell, 3 and 4 open, 5 and 6 close.
fn sub_type(order: &Order, turned: Turned) -> u32 {
    let closes = turned.closed > turned.opened;
    match (order.category, order.kind(), closes, order.side) {
        ("full_liquidation" | "partial_liquidation", _, _, Side::Sell) => 104,
        ("full_liquidation" | "partial_liquidation", _, _, Side::Buy) => 105,
        ("adl", _, _, Side::Sell) => 125,
        ("adl", _, _, Side::Buy) => 126,
        (_, Kind::Spot | Kind::Margin, _, Side::Buy) => 1,
        (_, Kind::Spot | Kind::Margin, _, Side::Sell) => 2,
        (_, _, false, Side::Buy) => 3,
        (_, _, false, Side::Sell) => 4,
        (_, _, true, Side::Sell) => 5,
        (_, _, true, Side::Buy) => 6,
    }
}

fn record(order: &Order, deal: &Deal, turned: Turned, cx: Cx<'_>) -> Fill {
    let spot = order.kind() == Kind::Spot;
    Fill {
        bill_id: deal.bill_id,
        trade_id: deal.trade_id,
        ord_id: order.id,
        cl_id: order.cl_id.clone(),
        tag: order.tag.clone(),
        inst: order.inst.clone(),
        side: order.side,
        pos_side: order.pos_side,
        px: deal.px,
        sz: deal.sz,
        fee: deal.fee,
        fee_ccy: order.fee_ccy.clone(),
        rate: deal.rate,
        exec: deal.exec,
        pnl: turned.pnl,
        index: cx.index(&order.inst),
        mark: (!spot).then(|| cx.mark(&order.inst.id)),
        sub_type: sub_type(order, turned),
        trade_quote: order.trade_quote.clone(),
        ms: deal.ms,
    }
}
