//! Matching an order that came in or was amended (reference 3.2, 4.4, 7.2, 7.6).

use super::{
    Cx, Trading,
    num::Num,
    offers::{ALL_LEVELS, FIRST_LEVELS, Offer},
    order::Order,
    rows::{self, Change},
    words::{OrdType, State, Stp},
};

/// Most makers one order meets.
const MAX_MAKERS: usize = 1_000;

/// How a round of matching ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Round {
    /// The order is filled, or nothing is left that it takes.
    Done,
    /// The levels looked at are used up.
    More,
    /// The order is ended for this reason.
    End(&'static str),
}

impl Trading {
    /// Takes what the order can have, then lets it rest or ends it, as its type says.
    pub(super) fn execute(&mut self, who: usize, id: u64, cx: Cx<'_>) {
        let Some(order) = self.holders[who].orders.get(&id) else { return };
        if order.ord_type == OrdType::Fok && !self.can_fill(who, id, cx) {
            return self.end_order(who, id, "13", cx);
        }
        let mut taken = Vec::new();
        let mut round = self.round(who, id, FIRST_LEVELS, &mut taken, cx);
        if round == Round::More {
            round = self.round(who, id, ALL_LEVELS, &mut taken, cx);
        }
        self.push_taken(who, id, &taken, cx);
        if let Round::End(source) = round {
            return self.end_order(who, id, source, cx);
        }
        self.settle_rest(who, id, !taken.is_empty(), cx);
    }

    /// What becomes of the part that was not filled.
    fn settle_rest(&mut self, who: usize, id: u64, took: bool, cx: Cx<'_>) {
        let Some(order) = self.holders[who].orders.get(&id) else { return };
        match order.ord_type {
            OrdType::Market => {
                let best = cx.last(&order.inst.id).unwrap_or(Num::ZERO);
                let dust = if order.in_quote { order.inst.lot * best } else { Num::ZERO };
                let reduced = self.reducible(who, order).is_some_and(Num::is_zero);
                if (took && order.left() <= dust) || order.left().is_zero() {
                    self.finish(who, id, cx);
                } else {
                    self.end_order(who, id, if reduced { "17" } else { "0" }, cx);
                }
            }
            OrdType::Ioc | OrdType::OptimalLimitIoc => self.end_order(who, id, "14", cx),
            OrdType::Fok => self.end_order(who, id, "13", cx),
            _ => self.rest_order(who, id, cx),
        }
    }

    /// A market order of a pair is complete: `filled` without a trade (reference 5.6).
    fn finish(&mut self, who: usize, id: u64, cx: Cx<'_>) {
        if let Some(order) = self.holders[who].orders.get_mut(&id) {
            order.state = State::Filled;
            order.u_ms = cx.ms;
            self.push_order(who, id, Change::default(), cx);
            self.after_end(who, id, cx);
        }
    }

    /// Puts an open order on the book behind what is there at its price.
    pub(super) fn rest_order(&mut self, who: usize, id: u64, cx: Cx<'_>) {
        let Some(order) = self.holders[who].orders.get(&id) else { return };
        let (inst, Some(px)) = (order.inst.clone(), order.px) else { return };
        let asks = order.side == super::words::Side::Sell;
        let levels = cx.quotes.levels(&inst.id, asks, FIRST_LEVELS);
        let there = levels.iter().find(|l| Num::from(l.px) == px).map_or(Num::ZERO, |l| Num::from(l.sz));
        if let Some(order) = self.holders[who].orders.get_mut(&id) {
            order.ahead = there;
            order.rest_ms = cx.ms;
        }
        if self.resting.is_empty() {
            self.looked_ms = cx.ms;
        }
        self.rest_on_book(&inst, who, id);
    }

    /// Whether a maker-only order would take.
    pub(super) fn would_take(&self, who: usize, id: u64, cx: Cx<'_>) -> bool {
        self.holders[who].orders.get(&id).is_some_and(|order| !self.offers(order, 1, cx).0.is_empty())
    }

    /// Whether the whole order can be had at once, self-trades left out.
    fn can_fill(&self, who: usize, id: u64, cx: Cx<'_>) -> bool {
        let Some(order) = self.holders[who].orders.get(&id) else { return false };
        let (offers, _) = self.offers(order, ALL_LEVELS, cx);
        let others = offers.iter().filter(|o| o.own.is_none_or(|(maker, _)| !self.same_master(who, maker)));
        let sizes = others.take(MAX_MAKERS).map(|o| o.sz);
        sizes.sum::<Num>() >= order.left()
    }

    fn round(
        &mut self,
        who: usize,
        id: u64,
        depth: usize,
        taken: &mut Vec<(Num, Num, i64)>,
        cx: Cx<'_>,
    ) -> Round {
        let Some(order) = self.holders[who].orders.get(&id) else { return Round::Done };
        let (mut offers, more) = self.offers(order, depth, cx);
        // The first round may have been through the first levels already.
        skip_taken(&mut offers, taken);
        for offer in offers {
            if taken.len() >= MAX_MAKERS {
                return Round::End("33");
            }
            let Some(order) = self.holders[who].orders.get(&id) else { return Round::Done };
            let most = self.most(who, order, offer.px).min(offer.sz);
            if !most.is_positive() {
                return Round::Done;
            }
            if let Some((maker, maker_id)) = offer.own.filter(|(maker, _)| self.same_master(who, *maker)) {
                let stp = order.stp;
                if stp != Stp::CancelTaker {
                    self.end_order(maker, maker_id, "32", cx);
                }
                if stp != Stp::CancelMaker {
                    return Round::End("32");
                }
                continue;
            }
            let inst_id = order.inst.id.clone();
            let trade_id = self.trade_id(&inst_id);
            self.fill(who, id, (offer.px, most), "T", trade_id, cx);
            taken.push((offer.px, most, trade_id));
            if let Some((maker, maker_id)) = offer.own {
                self.fill(maker, maker_id, (offer.px, most), "M", trade_id, cx);
            }
        }
        let open = self.holders[who].orders.get(&id).is_some_and(|o| !o.left().is_zero());
        if open && more { Round::More } else { Round::Done }
    }

    /// The largest size an order can take at a price.
    fn most(&self, who: usize, order: &Order, px: Num) -> Num {
        let left = if order.in_quote { order.left().over(px).floor_to(order.inst.lot) } else { order.left() };
        self.reducible(who, order).map_or(left, |held| held.min(left))
    }

    /// The `fills` channel joins what a taker got at one price (reference 5.7).
    fn push_taken(&mut self, who: usize, id: u64, taken: &[(Num, Num, i64)], cx: Cx<'_>) {
        for part in taken.chunk_by(|a, b| a.0 == b.0) {
            let sz = part.iter().map(|(_, sz, _)| *sz).sum();
            let (px, last) = (part[0].0, part[part.len() - 1].2);
            let holder = &self.holders[who];
            if let Some(order) = holder.orders.get(&id).or_else(|| holder.closed.get(&id)) {
                let push = rows::fills_push(who, order, px, sz, last, false, part.len(), cx);
                self.out.push_back(push);
            }
        }
    }
}

/// Takes out of the offers what was taken of the market before.
fn skip_taken(offers: &mut Vec<Offer>, taken: &[(Num, Num, i64)]) {
    let mut before: std::collections::BTreeMap<Num, Num> = std::collections::BTreeMap::new();
    for (px, sz, _) in taken {
        *before.entry(*px).or_default() += *sz;
    }
    for offer in offers.iter_mut().filter(|o| o.own.is_none()) {
        if let Some(gone) = before.get_mut(&offer.px) {
            let part = offer.sz.min(*gone);
            offer.sz -= part;
            *gone -= part;
        }
    }
    offers.retain(|o| o.sz.is_positive());
}
