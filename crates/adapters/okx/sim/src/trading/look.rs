//! A look at the market: what it did to resting orders and conditional orders since the last one.

use super::{Cx, Trading, num::Num, offers::ALL_LEVELS, order::Order, words::Side};

/// A piece of the market that a resting order may meet.
struct Wave {
    /// When it came; crossing books count as now.
    ms: u64,
    /// Its price.
    px: Num,
    /// What is left of it.
    sz: Num,
    /// It is a trade, so orders at its price wait for those ahead of them.
    print: bool,
}

impl Trading {
    /// Looks at every instrument with resting orders, then at conditional orders.
    pub(super) fn look(&mut self, cx: Cx<'_>) {
        let since_ms = std::mem::replace(&mut self.looked_ms, cx.ms);
        let instruments: Vec<String> = self.resting.keys().cloned().collect();
        for inst_id in instruments {
            self.serve(&inst_id, Side::Buy, since_ms, cx);
            self.serve(&inst_id, Side::Sell, since_ms, cx);
        }
        self.watch_algos(cx);
        self.look_at_spreads(cx);
    }

    /// Fills the resting orders of one side that the market reached.
    fn serve(&mut self, inst_id: &str, side: Side, since_ms: u64, cx: Cx<'_>) {
        let mut queue = self.queue(inst_id, side);
        if queue.is_empty() {
            return;
        }
        // Nothing but the best of them can be reached first.
        let best =
            queue.iter().map(|o| o.2).reduce(|a, b| if side == Side::Buy { a.max(b) } else { a.min(b) });
        let Some(best) = best else { return };
        let reaches = |px: Num| if side == Side::Buy { px <= best } else { px >= best };
        let mut waves = Vec::new();
        for print in cx.quotes.prints(inst_id, since_ms, cx.ms) {
            let px = Num::from(print.px);
            if print.buy == (side == Side::Sell) && reaches(px) {
                waves.push(Wave { ms: print.ms, px, sz: Num::from(print.sz), print: true });
            }
        }
        if cx.best(inst_id, side == Side::Buy).is_some_and(reaches) {
            let levels = cx.quotes.levels(inst_id, side == Side::Buy, ALL_LEVELS);
            let crossing =
                levels.iter().map(|l| (Num::from(l.px), Num::from(l.sz))).take_while(|(px, _)| reaches(*px));
            waves.extend(crossing.map(|(px, sz)| Wave { ms: u64::MAX, px, sz, print: false }));
        }
        for wave in &mut waves {
            for (who, id, ..) in &queue {
                self.meet(*who, *id, wave, cx);
            }
            queue.retain(|(who, id, _)| self.holders[*who].orders.contains_key(id));
        }
    }

    /// Resting orders of one side, first in line first: account, order, price.
    fn queue(&self, inst_id: &str, side: Side) -> Vec<(usize, u64, Num)> {
        let Some(resting) = self.resting.get(inst_id) else { return Vec::new() };
        let orders = resting.iter().filter_map(|(who, id)| Some((*who, self.holders[*who].orders.get(id)?)));
        // Orders on the other outcome of an event see a mirrored market; they wait for takers of ours.
        let mine = orders.filter(|(_, o)| o.side == side && o.outcome != "no");
        let mut queue: Vec<_> = mine.filter_map(|(who, o)| Some((who, o.id, o.px?, o.rank))).collect();
        queue.sort_by(|a, b| {
            let by_px = if side == Side::Buy { b.2.cmp(&a.2) } else { a.2.cmp(&b.2) };
            by_px.then(a.3.cmp(&b.3))
        });
        queue.into_iter().map(|(who, id, px, _)| (who, id, px)).collect()
    }

    fn meet(&mut self, who: usize, id: u64, wave: &mut Wave, cx: Cx<'_>) {
        let Some(order) = self.holders[who].orders.get_mut(&id) else { return };
        let Some(px) = order.px.filter(|px| reached(order, *px, wave)) else { return };
        if wave.print && px == wave.px {
            // Those ahead are served first.
            let served = order.ahead.min(wave.sz);
            order.ahead -= served;
            wave.sz -= served;
        }
        let order = &self.holders[who].orders[&id];
        let left = self.reducible(who, order).map_or(order.left(), |held| held.min(order.left()));
        let sz = left.min(wave.sz).floor_to(order.inst.lot);
        if !sz.is_positive() {
            return;
        }
        wave.sz -= sz;
        let inst_id = order.inst.id.clone();
        let trade_id = self.trade_id(&inst_id);
        self.fill(who, id, (px, sz), "M", trade_id, cx);
    }
}

/// Whether the wave comes to an order at this price that was there before it.
fn reached(order: &Order, px: Num, wave: &Wave) -> bool {
    let at_price = if order.side == Side::Buy { wave.px <= px } else { wave.px >= px };
    at_price && wave.ms > order.rest_ms && wave.sz.is_positive()
}
