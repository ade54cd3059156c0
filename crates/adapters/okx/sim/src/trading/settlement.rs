//! The daily settlement of futures (reference 4.5.2, 4.5.5): what cross positions gained is paid out, and they count on from there.

use std::sync::Arc;

use super::{Cx, Trading, due::Due, instrument::Instrument, ledger::Bill, num::Num, rows, words::TdMode};

const DAY_MS: u64 = 86_400_000;
const EIGHT_HOURS_MS: u64 = 8 * 3_600_000;

impl Trading {
    /// Plans the next settlement of an instrument somebody holds.
    pub(super) fn plan_settlement(&mut self, inst: &Arc<Instrument>, cx: Cx<'_>) {
        let held = self.holders.iter().any(|h| h.positions.keys().any(|k| k.inst_id == inst.id));
        if inst.settles && held && self.settlements.insert(inst.id.clone()) {
            let at = (cx.ms.saturating_sub(EIGHT_HOURS_MS) / DAY_MS + 1) * DAY_MS + EIGHT_HOURS_MS;
            self.plan(at, Due::Settlement(inst.id.clone()));
        }
    }

    /// Settles the cross positions in an instrument at a price.
    pub(super) fn settle(&mut self, inst_id: &str, px: Num, cx: Cx<'_>) {
        let mut settled = None;
        for who in 0..self.holders.len() {
            let holder = &mut self.holders[who];
            let fits = |k: &&super::position::PosKey| k.inst_id == inst_id && k.mode == TdMode::Cross;
            let keys: Vec<_> = holder.positions.keys().filter(fits).cloned().collect();
            for key in &keys {
                let Some(position) = holder.positions.get_mut(key) else { continue };
                settled = Some(position.inst.clone());
                let gained = position.settle(px);
                let bill = Bill {
                    pnl: gained,
                    sz: position.qty.abs(),
                    px: Some(px),
                    inst_kind: Some(key.kind),
                    inst_id: inst_id.to_owned(),
                    mode: Some(key.mode),
                    ..Bill::plain(34, 355, &position.ccy, gained, cx.ms)
                };
                let id = self.ids.next(cx.ms);
                holder.pay(bill, id);
                holder.touch(key, cx.ms);
            }
            if !keys.is_empty() {
                let push = rows::changes(&self.holders[who], who, "settlement", &[], &keys, &[], cx);
                self.out.push_back(push);
                self.plan_flush(who, cx);
            }
        }
        if let Some(inst) = settled {
            self.plan_settlement(&inst, cx);
        }
    }
}
