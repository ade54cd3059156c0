//! Accepting a new order: counts, money, and its way to the book (reference 3.2, 4.4).

use super::{
    Cx, Trading,
    draft::Draft,
    due::Due,
    fees,
    fields::Fields,
    num::Num,
    order::Order,
    refusal::Refusal,
    rows::Change,
    words::{Kind, OrdType, Side, TdMode},
};

/// Most open orders of an account.
const MAX_OPEN: usize = 4_000;
/// Most of them in one instrument.
const MAX_OPEN_OF_ONE: usize = 500;
/// What is frozen of the quote currency above the best price for a market order, whose price is not known.
const CUSHION: &str = "1.05";
/// A maker-only order is on the book this much later, milliseconds (reference 5.6).
const ENTER_MS: u64 = 1;

impl Trading {
    /// Places an order: its id.
    ///
    /// # Errors
    ///
    /// The rule it breaks; nothing changed then.
    pub(super) fn place(
        &mut self,
        who: usize,
        fields: Fields<'_>,
        inst_id: &str,
        cx: Cx<'_>,
    ) -> Result<u64, Refusal> {
        let order = Draft { holder: &self.holders[who], fields, inst_id, cx }.order()?;
        let ban = fields.flag("banAmend")?;
        self.admit(who, order, ban, cx)
    }

    /// Takes in an order that obeys the rules of its instrument.
    pub(super) fn admit(
        &mut self,
        who: usize,
        mut order: Order,
        ban_amend: bool,
        cx: Cx<'_>,
    ) -> Result<u64, Refusal> {
        let holder = &self.holders[who];
        if self.capped && holder.orders.len() >= MAX_OPEN {
            return Err(Refusal::of(51_025));
        }
        let of_one = |o: &&Order| o.inst.id == order.inst.id;
        if self.capped && holder.orders.values().filter(of_one).count() >= MAX_OPEN_OF_ONE {
            return Err(Refusal::of(51_174));
        }
        let cut = self.fit_to_position(who, &mut order)?;
        self.check_bounds(who, &order, "1101")?;
        self.fund(who, &mut order, ban_amend, cx)?;
        let id = self.ids.next(cx.ms);
        order.id = id;
        for attached in &mut order.attached {
            attached.id = self.ids.next(cx.ms);
        }
        self.ranks += 1;
        order.rank = self.ranks;
        let holder = &mut self.holders[who];
        holder.freeze(&order.frozen_ccy, order.frozen);
        if !order.cl_id.is_empty() {
            holder.by_cl.insert(order.cl_id.clone(), id);
        }
        order.entering = order.ord_type.is_maker_only();
        let entering = order.entering;
        let inst = order.inst.clone();
        holder.orders.insert(id, order);
        if entering {
            self.plan(cx.ms + ENTER_MS, Due::Enter { who, id, cut });
        } else {
            self.announce(who, id, cut, cx);
            self.execute(who, id, cx);
        }
        self.trim_others(who, id, cx);
        self.plan_expiry(&inst, cx);
        self.plan_flush(who, cx);
        Ok(id)
    }

    /// Pushes `live`; first the size the system cut it to, if it did.
    fn announce(&mut self, who: usize, id: u64, cut: bool, cx: Cx<'_>) {
        if cut {
            self.push_order(who, id, Change::amended("4", ""), cx);
        }
        self.push_order(who, id, Change::default(), cx);
    }

    /// A maker-only order reaches the book, or would take and is cancelled without ever being `live`.
    pub(super) fn enter(&mut self, who: usize, id: u64, cut: bool, cx: Cx<'_>) {
        let Some(order) = self.holders[who].orders.get_mut(&id).filter(|o| o.entering) else { return };
        order.entering = false;
        order.u_ms = cx.ms;
        if self.would_take(who, id, cx) {
            self.end_order(who, id, "31", cx);
        } else {
            self.announce(who, id, cut, cx);
            self.rest_order(who, id, cx);
        }
        self.plan_flush(who, cx);
    }

    /// Checks that the account can afford the order and says what it freezes.
    pub(super) fn fund(
        &self,
        who: usize,
        order: &mut Order,
        ban_amend: bool,
        cx: Cx<'_>,
    ) -> Result<(), Refusal> {
        let holder = &self.holders[who];
        let (ccy, mut need) = self.cost(who, order, cx);
        let spends = holder.pays_with(order.kind(), order.td);
        let free = if spends { holder.spendable(&ccy, cx) } else { holder.margin_left(&ccy, cx) };
        if need > free {
            let shrinks =
                spends && order.ord_type == OrdType::Market && !order.in_quote && order.side == Side::Buy;
            let px = cx.best(&order.inst.id, true).unwrap_or(Num::ZERO) * Num::of(CUSHION);
            let sz = free.over(px).floor_to(order.inst.lot);
            if !shrinks || ban_amend || sz < order.inst.min {
                return Err(Refusal::funds(&ccy, if spends { "balance" } else { "margin" }));
            }
            order.sz = sz;
            need = sz * px;
        }
        order.frozen_ccy = ccy;
        order.frozen = need;
        Ok(())
    }

    /// What the open part of an order takes from the account, and in which currency.
    pub(super) fn cost(&self, who: usize, order: &Order, cx: Cx<'_>) -> (String, Num) {
        let holder = &self.holders[who];
        let inst = &order.inst;
        let left = order.left();
        let best =
            cx.best(&inst.id, order.side == Side::Buy).or_else(|| cx.last(&inst.id)).unwrap_or(Num::ZERO);
        if holder.pays_with(order.kind(), order.td) {
            return match (order.side, order.in_quote, order.px) {
                (Side::Buy, true, _) => (order.trade_quote.clone(), left),
                (Side::Buy, false, Some(px)) => (order.trade_quote.clone(), left * px),
                (Side::Buy, false, None) => (order.trade_quote.clone(), left * best * Num::of(CUSHION)),
                (Side::Sell, true, _) => (inst.base.clone(), left.over(best)),
                (Side::Sell, false, _) => (inst.base.clone(), left),
            };
        }
        let opening = self.opening_part(who, order, best);
        if opening.is_zero() {
            return (order.ccy.clone(), Num::ZERO);
        }
        let px = order.px.unwrap_or(best);
        let value = inst.value(opening, px);
        let (fee, _) = fees::fee(holder.profile.vip, inst, false, value, px);
        let margin = match (inst.kind, order.side) {
            (Kind::Option | Kind::Events, Side::Buy) => value,
            (Kind::Option, Side::Sell) => {
                let index = cx.index(inst).unwrap_or(Num::ZERO);
                let unit = if inst.settle_ccy == inst.base { Num::ONE } else { index };
                opening * inst.ct * unit * Num::of("0.15")
            }
            (Kind::Events, Side::Sell) => opening * inst.ct * (Num::ONE - px).max(Num::ZERO),
            _ => value.over(order.lever.unwrap_or(Num::ONE)),
        };
        (order.ccy.clone(), margin + fee.abs())
    }

    /// So much of the order does not close a position.
    fn opening_part(&self, who: usize, order: &Order, best: Num) -> Num {
        if !order.opens() {
            return Num::ZERO;
        }
        let left = if order.in_quote { order.left().over(best) } else { order.left() };
        let held = self.holders[who].held(&super::holder::Holder::key_of(order));
        let closes = held.is_negative() == (order.side == Side::Buy);
        if closes { (left - held.abs()).max(Num::ZERO) } else { left }
    }

    /// Whether the instrument is traded against margin of the position's own.
    pub(super) fn is_isolated(order: &Order) -> bool {
        order.td == TdMode::Isolated
    }
}
