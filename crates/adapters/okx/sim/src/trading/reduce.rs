//! Orders that may only reduce a position (reference 4.4 `reduceOnly`, 7.1 `amendSource`, 7.6).

use super::{
    Cx, Trading,
    holder::Holder,
    num::Num,
    order::Order,
    position::PosKey,
    refusal::Refusal,
    rows::Change,
    words::{PosSide, Side, State},
};

impl Trading {
    /// Checks a reducing order against the position; cuts it if older orders leave less than it asks for. True if it was cut.
    pub(super) fn fit_to_position(&self, who: usize, order: &mut Order) -> Result<bool, Refusal> {
        if order.opens() {
            return Ok(false);
        }
        let holder = &self.holders[who];
        let key = Holder::key_of(order);
        let held = holder.held(&key);
        let reduces = if order.side == Side::Buy { held.is_negative() } else { held.is_positive() };
        if held.is_zero() || !reduces {
            return Err(Refusal::of(51_169));
        }
        let size = if order.in_quote { Num::ZERO } else { order.sz };
        if order.pos_side != PosSide::Net {
            let pending: Num = holder
                .orders
                .values()
                .filter(|o| !o.opens() && Holder::key_of(o) == key)
                .map(Order::left)
                .sum();
            return if size > held.abs() - pending { Err(Refusal::of(51_112)) } else { Ok(false) };
        }
        if size > held.abs() {
            return Err(Refusal::of(51_148));
        }
        let better: Num = holder
            .orders
            .values()
            .filter(|o| {
                o.reduce_only && o.side == order.side && Holder::key_of(o) == key && !is_better(order, o)
            })
            .map(Order::left)
            .sum();
        let room = held.abs() - better;
        if size <= room {
            return Ok(false);
        }
        if !room.is_positive() {
            return Err(Refusal::of(51_148));
        }
        order.sz = room;
        Ok(true)
    }

    /// What is left of a position for a reducing order to take.
    pub(super) fn reducible(&self, who: usize, order: &Order) -> Option<Num> {
        (!order.opens()).then(|| self.holders[who].held(&Holder::key_of(order)).abs())
    }

    /// A new order came: older reduce-only orders with worse prices make room.
    pub(super) fn trim_others(&mut self, who: usize, id: u64, cx: Cx<'_>) {
        let key = self.holders[who].orders.get(&id).filter(|o| o.reduce_only).map(Holder::key_of);
        if let Some(key) = key {
            self.trim(who, &key, cx);
        }
    }

    /// Cuts reduce-only orders to what is left of the position, worst price first; with the position gone they end.
    pub(super) fn trim(&mut self, who: usize, key: &PosKey, cx: Cx<'_>) {
        let holder = &self.holders[who];
        let held = holder.held(key);
        let mut orders: Vec<&Order> =
            holder.orders.values().filter(|o| !o.opens() && Holder::key_of(o) == *key).collect();
        orders.sort_by(
            |a, b| if is_better(a, b) { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater },
        );
        let mut room = held.abs();
        let mut cuts = Vec::new();
        for order in orders {
            let reduces = if order.side == Side::Buy { held.is_negative() } else { held.is_positive() };
            let may = if reduces { order.left().min(room) } else { Num::ZERO };
            if may < order.left() {
                cuts.push((order.id, may));
            }
            room -= may;
        }
        for (id, may) in cuts.into_iter().rev() {
            if may.is_zero() {
                self.end_order(who, id, if held.is_zero() { "17" } else { "22" }, cx);
                continue;
            }
            if let Some(order) = self.holders[who].orders.get_mut(&id) {
                order.sz = order.acc + may;
                order.u_ms = cx.ms;
                debug_assert!(matches!(order.state, State::Live | State::PartiallyFilled));
            }
            self.push_order(who, id, Change::amended("4", ""), cx);
        }
    }
}

/// Whether the first order would trade before the second.
fn is_better(one: &Order, other: &Order) -> bool {
    match (one.px, other.px) {
        (None, Some(_)) => true,
        (Some(a), Some(b)) if a != b => (a > b) == (one.side == Side::Buy),
        (Some(_), None) => false,
        // An order without a rank is new.
        _ => one.rank != 0 && (other.rank == 0 || one.rank < other.rank),
    }
}
