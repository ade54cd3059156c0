//! What a taker meets: the market's book and the resting orders of all accounts, by price and time.

use super::{
    Cx, Trading,
    num::Num,
    order::Order,
    words::{Kind, Side},
};

/// Levels looked at first; the whole book follows if they do not suffice.
pub const FIRST_LEVELS: usize = 20;
/// Levels of the whole book.
pub const ALL_LEVELS: usize = 400;

/// One maker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Its price.
    pub px: Num,
    /// Its size.
    pub sz: Num,
    /// Account and order, if it is one of ours.
    pub own: Option<(usize, u64)>,
}

impl Trading {
    /// Makers against an order at its price or better, best first. True if the book may hold more than was looked at.
    pub(super) fn offers(&self, order: &Order, depth: usize, cx: Cx<'_>) -> (Vec<Offer>, bool) {
        let inst = &order.inst;
        let mirrored = inst.kind == Kind::Events && order.outcome == "no";
        let asks = (order.side == Side::Buy) != mirrored;
        let levels = cx.quotes.levels(&inst.id, asks, depth);
        let more = levels.len() >= depth;
        let edge = self.edge(order, cx);
        let fits = |px: Num| {
            order.takes(px)
                && edge.is_none_or(|edge| if order.side == Side::Buy { px <= edge } else { px >= edge })
        };
        let mut own = self.own_offers(order);
        own.retain(|(px, ..)| fits(*px));
        let mut offers = Vec::new();
        let mut own = own.into_iter().peekable();
        let worse = |a: Num, b: Num| if order.side == Side::Buy { a > b } else { a < b };
        for level in levels {
            let px = Num::from(level.px);
            let px = if mirrored { Num::ONE - px } else { px };
            if !fits(px) {
                break;
            }
            while let Some((own_px, _, sz, who)) = own.next_if(|(own_px, ..)| worse(px, *own_px)) {
                offers.push(Offer { px: own_px, sz, own: Some(who) });
            }
            let mut before = Num::ZERO;
            for sz in split(Num::from(level.sz), level.orders, inst.lot) {
                while let Some((own_px, _, sz, who)) =
                    own.next_if(|(own_px, ahead, ..)| *own_px == px && *ahead <= before)
                {
                    offers.push(Offer { px: own_px, sz, own: Some(who) });
                }
                offers.push(Offer { px, sz, own: None });
                before += sz;
            }
        }
        offers.extend(own.map(|(px, _, sz, who)| Offer { px, sz, own: Some(who) }));
        (offers, more)
    }

    /// The worst price a market order takes: futures have the price limit, currency pairs none.
    fn edge(&self, order: &Order, cx: Cx<'_>) -> Option<Num> {
        if order.px.is_some() || !order.inst.kind.is_future() {
            return None;
        }
        let (most, least) = cx.quotes.price_limit(&order.inst.id)?;
        Some(Num::from(if order.side == Side::Buy { most } else { least }))
    }

    /// Resting orders of the other side: price, size of the market before it, size, account and order.
    fn own_offers(&self, taker: &Order) -> Vec<(Num, Num, Num, (usize, u64))> {
        let Some(resting) = self.resting.get(&taker.inst.id) else { return Vec::new() };
        let orders = resting.iter().filter_map(|(who, id)| Some((*who, self.holders[*who].orders.get(id)?)));
        let against =
            orders.filter(|(_, o)| o.side != taker.side && o.outcome == taker.outcome && o.id != taker.id);
        let mut found: Vec<_> = against
            .filter_map(|(who, o)| {
                let left = self.reducible(who, o).map_or(o.left(), |held| held.min(o.left()));
                Some((o.px?, o.rank, o.ahead, left, (who, o.id)))
            })
            .filter(|(_, _, _, left, _)| left.is_positive())
            .collect();
        found.sort_by(|a, b| {
            let by_px = if taker.side == Side::Buy { a.0.cmp(&b.0) } else { b.0.cmp(&a.0) };
            by_px.then(a.1.cmp(&b.1))
        });
        found.into_iter().map(|(px, _, ahead, left, who)| (px, ahead, left, who)).collect()
    }
}

/// The sizes of the orders a level is made of.
fn split(sz: Num, orders: u32, lot: Num) -> Vec<Num> {
    let part = sz.over(Num::int(i64::from(orders.max(1)))).floor_to(lot);
    if orders <= 1 || !part.is_positive() {
        return vec![sz];
    }
    let mut parts = vec![part; orders as usize - 1];
    parts.push(sz - part * Num::int(i64::from(orders) - 1));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_split_without_loss() {
        let lot = Num::of("0.01");
        let parts = split(Num::of("1"), 3, lot);
        assert_eq!(parts.iter().map(ToString::to_string).collect::<Vec<_>>(), ["0.33", "0.33", "0.34"]);
        assert_eq!(split(Num::of("0.02"), 5, lot), [Num::of("0.02")], "less than a lot each");
        assert_eq!(split(Num::of("7"), 1, lot), [Num::of("7")]);
    }
}
