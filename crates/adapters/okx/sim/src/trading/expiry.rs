//! The end of dated contracts: futures are delivered, options exercised, events decided (reference 5.6, 7.6, 9).

use std::sync::Arc;

use super::push::PrivatePush;
use super::{
    Cx, Trading, due::Due, instrument::Instrument, ledger::Bill, num::Num, position::PosKey, push::Item,
    row::Row, rows, words::Kind,
};

impl Trading {
    /// Plans the end of an instrument somebody holds or has orders for.
    pub(super) fn plan_expiry(&mut self, inst: &Arc<Instrument>, cx: Cx<'_>) {
        let ends = inst.exp_ms != u64::MAX && inst.exp_ms > cx.ms && !inst.kind.is_pair();
        if ends && self.endings.insert(inst.id.clone()) {
            self.plan(inst.exp_ms, Due::Expiry(inst.id.clone()));
        }
    }

    /// An instrument came to its end: orders are cancelled, positions closed at the price that settles it.
    pub(super) fn expire(&mut self, inst_id: &str, cx: Cx<'_>) {
        self.endings.remove(inst_id);
        for who in 0..self.holders.len() {
            let holder = &self.holders[who];
            let of_order = holder.orders.values().find(|o| o.inst.id == inst_id).map(|o| o.kind());
            if let Some(kind) = of_order {
                self.cancel_for_delivery(who, inst_id, kind, cx);
            }
            let keys: Vec<PosKey> =
                self.holders[who].positions.keys().filter(|k| k.inst_id == inst_id).cloned().collect();
            for key in keys {
                let inst = self.holders[who].positions[&key].inst.clone();
                let px = settle_px(&inst, &key, cx);
                self.deliver(who, &key, px, cx);
            }
        }
    }

    pub(super) fn cancel_for_delivery(&mut self, who: usize, inst_id: &str, kind: Kind, cx: Cx<'_>) {
        let orders = self.holders[who].orders.values().filter(|o| o.inst.id == inst_id);
        let ids: Vec<u64> = orders.map(|o| o.id).collect();
        let source = if kind == Kind::Option { "10" } else { "7" };
        ids.into_iter().for_each(|id| self.end_order(who, id, source, cx));
    }

    /// Closes a position at the price that settles its contract, without any push of an order: what it gained.
    pub(super) fn deliver(&mut self, who: usize, key: &PosKey, px: Num, cx: Cx<'_>) -> Num {
        let holder = &mut self.holders[who];
        let Some(position) = holder.positions.get_mut(key) else { return Num::ZERO };
        let (held, ccy) = (position.qty, position.ccy.clone());
        let turned = position.turn(-held, px);
        let change = if position.is_paid() {
            position.inst.value(held.abs(), px) * held.sign()
        } else {
            turned.pnl + turned.freed
        };
        let sub_type = if held.is_negative() { 113 } else { 112 };
        let id = self.ids.next(cx.ms);
        let bill = Bill {
            pnl: turned.pnl,
            sz: held.abs(),
            px: Some(px),
            inst_kind: Some(key.kind),
            inst_id: key.inst_id.clone(),
            mode: Some(key.mode),
            ..Bill::plain(3, sub_type, &ccy, change, cx.ms)
        };
        holder.pay(bill, id);
        holder.touch(key, cx.ms);
        // Options leave without a push; whoever holds them has to ask.
        if key.kind == Kind::Option {
            holder.stale_positions.remove(key);
        } else {
            let push =
                rows::changes(&self.holders[who], who, "delivered", &[], std::slice::from_ref(key), &[], cx);
            self.out.push_back(push);
        }
        self.after_position(who, key, cx);
        self.plan_flush(who, cx);
        turned.pnl
    }

    /// Pushes `liquidation-warning` for a position.
    pub(super) fn warn(&mut self, who: usize, key: &PosKey, cx: Cx<'_>) {
        let holder = &self.holders[who];
        let Some(position) = holder.positions.get(key) else { return };
        let full = rows::position_row(holder, position, true, cx);
        let names = [
            "cTime", "ccy", "instId", "instType", "lever", "markPx", "mgnMode", "mgnRatio", "pTime", "pos",
            "posCcy", "posId", "posSide", "uTime",
        ];
        let row = names.into_iter().fold(Row::new(), |row, name| row.raw(name, full[name].clone()));
        let item = Item {
            kind: Some(key.kind),
            family: position.inst.family.clone(),
            inst_id: key.inst_id.clone(),
            algo_id: String::new(),
            row: row.done(),
        };
        self.out.push_back(PrivatePush::of(who, "liquidation-warning", vec![item]));
    }
}

/// The price a contract ends at: the index for futures, what an option is worth then, 1 or 0 for an event.
fn settle_px(inst: &Instrument, key: &PosKey, cx: Cx<'_>) -> Num {
    let index = cx.quotes.index_of(&inst.index_id()).map(Num::from);
    let index = index.or_else(|| cx.index(inst)).unwrap_or_else(|| cx.mark(&inst.id));
    match inst.kind {
        Kind::Option => {
            let worth = if inst.put { inst.strike - index } else { index - inst.strike };
            let worth = worth.max(Num::ZERO);
            if inst.settle_ccy == inst.base { worth.over(index) } else { worth }
        }
        Kind::Events => {
            let yes = index >= inst.strike;
            if yes == (key.outcome != "no") { Num::ONE } else { Num::ZERO }
        }
        _ => index,
    }
}
