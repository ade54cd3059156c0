//! `POST /trade/close-position` (reference 4.4).

use serde_json::Value;

use super::{
    Cx, Trading,
    draft::Draft,
    fields::Fields,
    holder::Holder,
    position::PosKey,
    refusal::Refusal,
    row::Row,
    words::{PosSide, TdMode},
};

impl Trading {
    /// Closes a position at the market.
    ///
    /// # Errors
    ///
    /// 51023 without a position, 51115 if orders that close it are open and must not be cancelled.
    pub(super) fn close_position(
        &mut self,
        who: usize,
        fields: Fields<'_>,
        cx: Cx<'_>,
    ) -> Result<Value, Refusal> {
        let inst_id = fields.need("instId")?.into_owned();
        fields.need("mgnMode")?;
        let item = |refusal: Refusal| refusal.whole();
        let mode = fields.word("mgnMode", TdMode::read).map_err(item)?;
        let mode = mode.filter(|m| matches!(m, TdMode::Cross | TdMode::Isolated));
        let mode = mode.ok_or_else(|| Refusal::parameter("mgnMode").whole())?;
        let holder = &self.holders[who];
        let draft = Draft { holder, fields, inst_id: &inst_id, cx };
        let inst = draft.instrument(mode).map_err(item)?;
        let side = draft.pos_side(&inst).map_err(item)?;
        let key = PosKey { inst_id: inst_id.clone(), kind: inst.kind, mode, side, outcome: String::new() };
        let held = holder.held(&key);
        if held.is_zero() {
            return Err(Refusal::of(51_023).whole());
        }
        let closing = holder.orders.values().filter(|o| {
            let against = (o.side == super::words::Side::Sell) == held.is_positive();
            Holder::key_of(o) == key && against
        });
        let closing: Vec<u64> = closing.map(|o| o.id).collect();
        if !closing.is_empty() && !fields.flag("autoCxl").map_err(item)? {
            return Err(Refusal::of(51_115).whole());
        }
        let cl_id = fields.name("clOrdId", 32).map_err(item)?;
        if holder.has_open(&cl_id) {
            return Err(Refusal::of(51_016).whole());
        }
        let tag = fields.name("tag", 16).map_err(item)?;
        closing.into_iter().for_each(|id| self.end_order(who, id, "1", cx));
        let order = self.closing_order(who, &key, cx).ok_or_else(|| Refusal::of(51_023).whole())?;
        let order = super::order::Order { cl_id: cl_id.clone(), tag: tag.clone(), ..order };
        self.admit(who, order, false, cx).map_err(item)?;
        let shown = if side == PosSide::Net { "net" } else { side.word() };
        let row =
            Row::new().put("instId", inst_id).put("posSide", shown).put("clOrdId", cl_id).put("tag", tag);
        Ok(Value::Array(vec![row.done()]))
    }
}
