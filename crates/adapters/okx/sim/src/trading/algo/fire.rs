//! Conditional orders at work: watching prices, placing the order, ending (reference 4.6 "States").

use std::sync::Arc;

use super::{Algo, AlgoType, Leg, Trail};
use crate::trading::{
    Cx, Trading,
    holder::Holder,
    num::Num,
    order::Order,
    position::PosKey,
    rows,
    words::{Kind, OrdType, PosSide, PxType, Side, State, TdMode, Tgt},
};

/// What set an order off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shot {
    leg: Leg,
    /// `actualSide`.
    side: &'static str,
    /// `source` of the order.
    source: &'static str,
}

impl Trading {
    /// Compares all waiting orders with the prices of now.
    pub(in crate::trading) fn watch_algos(&mut self, cx: Cx<'_>) {
        for who in 0..self.holders.len() {
            let ids: Vec<u64> = self.holders[who].algos.keys().copied().collect();
            for id in ids {
                let Some(algo) = self.holders[who].algos.get_mut(&id) else { continue };
                if let Some(shot) = aim(algo, cx) {
                    self.fire(who, id, shot, cx);
                }
            }
        }
    }

    fn fire(&mut self, who: usize, id: u64, shot: Shot, cx: Cx<'_>) {
        self.end_take_profit(who, id, "36", cx);
        let Some(mut algo) = self.holders[who].algos.remove(&id) else { return };
        let order = self.child(who, &algo, shot, cx);
        algo.trigger_ms = cx.ms;
        algo.u_ms = cx.ms;
        algo.actual_side = shot.side;
        // The conditional order is heard of before the order it placed.
        let place = self.out.len();
        let placed = order.map_or_else(
            || Err(crate::trading::refusal::Refusal::of(51_169)),
            |order| {
                let (sz, px) = (order.sz, order.px);
                self.admit(who, order, false, cx).map(|id| (id, sz, px))
            },
        );
        match placed {
            Ok((ord_id, sz, px)) => {
                algo.state = "effective";
                algo.ord_id = ord_id;
                algo.actual_sz = sz;
                algo.actual_px = px.or(Some(shot.leg.trigger));
            }
            Err(refusal) => {
                algo.state = "order_failed";
                algo.fail_code = refusal.code;
            }
        }
        let push = rows::algo_push(who, &algo, None, cx);
        self.out.insert(place.min(self.out.len()), push);
        self.holders[who].past_algos.insert(id, algo);
    }

    /// It is set off and fails, but for a part of this size. `None` if it has no trigger of that side.
    pub(in crate::trading) fn fail_algo(
        &mut self,
        who: usize,
        id: u64,
        side: &str,
        fail_code: u32,
        part: Option<Num>,
        cx: Cx<'_>,
    ) -> Option<()> {
        let algo = self.holders[who].algos.get(&id)?;
        let (leg, side) = match (algo.trigger, algo.sl, algo.tp, side) {
            (Some(leg), ..) => (leg, ""),
            (_, _, Some(leg), "tp") | (_, None, Some(leg), _) => (leg, "tp"),
            (_, Some(leg), ..) => (leg, "sl"),
            (None, None, None, _) => return None,
        };
        self.end_take_profit(who, id, "36", cx);
        let mut algo = self.holders[who].algos.remove(&id)?;
        let shot = Shot { leg, side, source: if side.is_empty() { "6" } else { "7" } };
        let of_part = Algo { sz: part, ..algo.clone() };
        let place = self.out.len();
        let order = part.and_then(|_| self.child(who, &of_part, shot, cx));
        let placed = order.and_then(|order| self.admit(who, order, false, cx).ok());
        algo.state = if placed.is_some() { "partially_failed" } else { "order_failed" };
        algo.ord_id = placed.unwrap_or_default();
        algo.actual_sz = part.filter(|_| placed.is_some()).unwrap_or(Num::ZERO);
        (algo.fail_code, algo.actual_side, algo.trigger_ms, algo.u_ms) = (fail_code, side, cx.ms, cx.ms);
        let push = rows::algo_push(who, &algo, None, cx);
        self.out.insert(place.min(self.out.len()), push);
        self.holders[who].past_algos.insert(id, algo);
        Some(())
    }

    /// The order a conditional order places; none if there is no position left for it to close.
    fn child(&self, who: usize, algo: &Algo, shot: Shot, cx: Cx<'_>) -> Option<Order> {
        let holder = &self.holders[who];
        let sz = match algo.sz {
            Some(sz) => sz,
            None => {
                let held = holder.held(&position_of(algo)).abs();
                (!held.is_zero()).then_some(held)?
            }
        };
        let ord_type = match (shot.leg.px, algo.advance.as_str()) {
            (None, _) => OrdType::Market,
            (_, "fok") => OrdType::Fok,
            (_, "ioc") => OrdType::Ioc,
            _ => OrdType::Limit,
        };
        let market_buy = ord_type == OrdType::Market && algo.side == Side::Buy;
        let in_quote = algo.tgt == Some(Tgt::Quote) || (algo.inst.kind == Kind::Margin && market_buy);
        let plain = Order::plain(algo.inst.clone(), algo.td, algo.side, ord_type, sz, cx.ms);
        let order = Order {
            pos_side: algo.pos_side,
            tgt: (ord_type == OrdType::Market).then_some(algo.tgt).flatten(),
            in_quote: in_quote && ord_type == OrdType::Market,
            px: shot.leg.px,
            reduce_only: algo.reduce_only && algo.pos_side == PosSide::Net,
            source: shot.source,
            algo_id: algo.id,
            algo_cl_id: algo.cl_id.clone(),
            tag: algo.tag.clone(),
            attached: algo.attached.clone(),
            ..plain
        };
        Some(order.of(holder))
    }

    /// Places the take-profit that rests from the start (`tpOrdKind` limit).
    pub(super) fn place_take_profit(&mut self, who: usize, id: u64, tp: Leg, cx: Cx<'_>) {
        let Some(algo) = self.holders[who].algos.get(&id).cloned() else { return };
        let shot = Shot { leg: tp, side: "tp", source: "7" };
        let order = self.child(who, &algo, shot, cx).map(|order| Order { tp_limit: true, ..order });
        let placed = order.and_then(|order| self.admit(who, order, false, cx).ok());
        if let (Some(ord_id), Some(algo)) = (placed, self.holders[who].algos.get_mut(&id)) {
            algo.ord_id = ord_id;
        }
    }

    /// Cancels the resting take-profit of a conditional order.
    pub(super) fn end_take_profit(&mut self, who: usize, id: u64, source: &'static str, cx: Cx<'_>) {
        let resting = self.holders[who].orders.values().find(|o| o.tp_limit && o.algo_id == id).map(|o| o.id);
        if let Some(ord_id) = resting {
            self.end_order(who, ord_id, source, cx);
        }
    }

    /// An order ended: if it was a resting take-profit, its conditional order is done.
    pub(in crate::trading) fn after_child(&mut self, who: usize, id: u64, cx: Cx<'_>) {
        let holder = &mut self.holders[who];
        let Some(order) = holder.closed.get(&id).filter(|o| o.tp_limit && o.state == State::Filled) else {
            return;
        };
        let (algo_id, sz, px) = (order.algo_id, order.acc, order.avg_px());
        let Some(mut algo) = holder.algos.remove(&algo_id) else { return };
        algo.state = "effective";
        algo.actual_side = "tp";
        algo.actual_sz = sz;
        algo.actual_px = px;
        algo.ord_id = id;
        algo.trigger_ms = cx.ms;
        algo.u_ms = cx.ms;
        self.out.push_back(rows::algo_push(who, &algo, None, cx));
        self.holders[who].past_algos.insert(algo_id, algo);
    }

    /// An order ended: what was attached to it comes to life if it was filled.
    pub(in crate::trading) fn attach(&mut self, who: usize, id: u64, cx: Cx<'_>) {
        let holder = &self.holders[who];
        let Some(order) = holder.closed.get(&id).filter(|o| !o.attached.is_empty() && !o.acc.is_zero())
        else {
            return;
        };
        if order.state != State::Filled && !holder.profile.attach_on_partial {
            return;
        }
        let order = order.clone();
        // What a spot purchase brought is less by the fee taken from it.
        let fee = if order.kind() == Kind::Spot && order.fee_ccy == order.inst.base {
            order.fee
        } else {
            Num::ZERO
        };
        let brought = (order.acc + fee).floor_to(order.inst.lot);
        for attached in &order.attached {
            let kind = match (attached.trail, attached.tp, attached.sl) {
                (Some(_), ..) => AlgoType::MoveOrderStop,
                (_, Some(_), Some(_)) => AlgoType::Oco,
                _ => AlgoType::Conditional,
            };
            let last = cx.last(&order.inst.id);
            let trail = attached.trail.map(|t| {
                let awake = t.active.is_none();
                Trail { awake, extreme: if awake { last } else { None }, ..t }
            });
            let pair = order.kind() == Kind::Spot;
            let algo = Algo {
                id: attached.id,
                cl_id: attached.cl_id.clone(),
                tag: order.tag.clone(),
                inst: Arc::clone(&order.inst),
                kind,
                td: order.td,
                ccy: if pair { String::new() } else { order.ccy.clone() },
                side: order.side.other(),
                pos_side: order.pos_side,
                sz: Some(attached.sz.unwrap_or(brought).min(brought)),
                close_all: false,
                tgt: pair.then_some(Tgt::Base),
                trade_quote: order.trade_quote.clone(),
                reduce_only: false,
                ends_with_position: false,
                trigger: None,
                advance: String::new(),
                tp: attached.tp,
                sl: attached.sl,
                trail: trail.unwrap_or_default(),
                state: "live",
                fail_code: 0,
                ord_id: 0,
                parent: order.id,
                actual_sz: Num::ZERO,
                actual_px: None,
                actual_side: "",
                cost_px: attached.cost_px,
                attached: Vec::new(),
                lever: order.lever,
                last,
                c_ms: cx.ms,
                u_ms: cx.ms,
                trigger_ms: 0,
            };
            self.start_algo(who, algo, cx);
        }
    }

    /// Ends a waiting order.
    pub(in crate::trading) fn end_algo(&mut self, who: usize, id: u64, cx: Cx<'_>) {
        self.end_take_profit(who, id, "37", cx);
        let Some(mut algo) = self.holders[who].algos.remove(&id) else { return };
        algo.state = "canceled";
        algo.u_ms = cx.ms;
        self.out.push_back(rows::algo_push(who, &algo, None, cx));
        self.holders[who].past_algos.insert(id, algo);
    }

    /// A position is gone: the orders that were to close it end.
    pub(in crate::trading) fn end_algos_of(&mut self, who: usize, key: &PosKey, cx: Cx<'_>) {
        let hangs = |a: &&Algo| (a.close_all || a.ends_with_position) && position_of(a) == *key;
        let ids: Vec<u64> = self.holders[who].algos.values().filter(hangs).map(|a| a.id).collect();
        ids.into_iter().for_each(|id| self.end_algo(who, id, cx));
    }

    /// A market order that closes a position.
    pub(in crate::trading) fn closing_order(&self, who: usize, key: &PosKey, cx: Cx<'_>) -> Option<Order> {
        let holder = &self.holders[who];
        let position = holder.positions.get(key)?;
        let side = if position.qty.is_negative() { Side::Buy } else { Side::Sell };
        let plain =
            Order::plain(position.inst.clone(), key.mode, side, OrdType::Market, position.qty.abs(), cx.ms);
        let order = Order {
            pos_side: key.side,
            reduce_only: key.side == PosSide::Net,
            outcome: key.outcome.clone(),
            ..plain
        };
        Some(order.of(holder))
    }
}

/// The position a conditional order acts on.
fn position_of(algo: &Algo) -> PosKey {
    PosKey {
        inst_id: algo.inst.id.clone(),
        kind: algo.inst.kind,
        mode: if algo.td == TdMode::Isolated { TdMode::Isolated } else { TdMode::Cross },
        side: algo.pos_side,
        outcome: String::new(),
    }
}

/// Whether prices have reached what the order waits for.
fn aim(algo: &mut Algo, cx: Cx<'_>) -> Option<Shot> {
    if algo.kind == AlgoType::MoveOrderStop {
        let trigger = follow(&mut algo.trail, algo.side, cx.last(&algo.inst.id)?)?;
        let leg = Leg { trigger, kind: PxType::Last, px: None, resting: false, rising: false };
        return Some(Shot { leg, side: "", source: "25" });
    }
    let reached = |leg: Leg, rising: bool| {
        let px = cx.trigger(&algo.inst.id, leg.kind)?;
        (if rising { px >= leg.trigger } else { px <= leg.trigger }).then_some(leg)
    };
    if let Some(leg) = algo.trigger.and_then(|leg| reached(leg, leg.rising)) {
        return Some(Shot { leg, side: "", source: "6" });
    }
    let sells = algo.side == Side::Sell;
    let sl = algo.sl.and_then(|leg| reached(leg, !sells)).map(|leg| Shot { leg, side: "sl", source: "7" });
    let tp = algo.tp.filter(|leg| !leg.resting).and_then(|leg| reached(leg, sells));
    sl.or_else(|| tp.map(|leg| Shot { leg, side: "tp", source: "7" }))
}

/// Moves a trailing stop along with the price; its trigger if the price came back far enough.
fn follow(trail: &mut Trail, side: Side, px: Num) -> Option<Num> {
    if !trail.awake {
        let active = trail.active?;
        trail.awake = if side == Side::Sell { px >= active } else { px <= active };
        if !trail.awake {
            return None;
        }
    }
    let best = trail.extreme.map_or(px, |seen| if side == Side::Sell { seen.max(px) } else { seen.min(px) });
    trail.extreme = Some(best);
    let trigger = trail.trigger(side)?;
    (if side == Side::Sell { px <= trigger } else { px >= trigger }).then_some(trigger)
}

impl Holder {
    /// A conditional order by `algoId`, else `algoClOrdId`: waiting ones first.
    #[must_use]
    pub fn find_algo(&self, id: &str, cl_id: &str) -> Option<&Algo> {
        let named = |a: &&Algo| if id.is_empty() { a.cl_id == cl_id } else { a.id.to_string() == id };
        self.algos.values().rev().find(named).or_else(|| self.past_algos.values().rev().find(named))
    }
}
