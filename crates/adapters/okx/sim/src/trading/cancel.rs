//! The end of orders: on request, by their type, by the system (reference 4.4, 7.6).

use serde_json::json;

use super::{
    Cx, Trading,
    due::Due,
    fields::Fields,
    num::Num,
    refusal::Refusal,
    row::Row,
    rows::Change,
    words::{OrdType, State},
};

/// Most live timers by tag.
const MAX_TAG_TIMERS: usize = 20;

impl Trading {
    /// Cancels an order on request: its id.
    ///
    /// # Errors
    ///
    /// 51400 if it is not open.
    pub(super) fn cancel(
        &mut self,
        who: usize,
        fields: Fields<'_>,
        inst_id: &str,
        cx: Cx<'_>,
    ) -> Result<u64, Refusal> {
        let (ord_id, cl_id) = (fields.text("ordId"), fields.text("clOrdId"));
        if ord_id.is_empty() && cl_id.is_empty() {
            return Err(Refusal::of(51_003));
        }
        let holder = &self.holders[who];
        let order = holder.find(&ord_id, &cl_id).filter(|o| o.is_open());
        let order = order.ok_or_else(|| Refusal::of(51_400))?;
        if order.inst.id != inst_id {
            return Err(Refusal::of(51_400));
        }
        let id = order.id;
        self.end_order(who, id, "1", cx);
        self.plan_flush(who, cx);
        Ok(id)
    }

    /// Ends an open order for a reason of OKX's list, and says so.
    pub(super) fn end_order(&mut self, who: usize, id: u64, source: &'static str, cx: Cx<'_>) {
        let Some(order) = self.holders[who].orders.get_mut(&id) else { return };
        let protected = matches!(order.ord_type, OrdType::Mmp | OrdType::MmpAndPostOnly);
        order.state =
            if protected && matches!(source, "38" | "39") { State::MmpCanceled } else { State::Canceled };
        order.cancel_source = source;
        order.u_ms = cx.ms;
        order.entering = false;
        self.push_order(who, id, Change::default(), cx);
        self.after_end(who, id, cx);
    }

    /// Files an order that reached its end, and brings to life what was attached to it.
    pub(super) fn after_end(&mut self, who: usize, id: u64, cx: Cx<'_>) {
        let Some(order) = self.holders[who].orders.get(&id) else { return };
        let inst_id = order.inst.id.clone();
        self.off_book(&inst_id, who, id);
        self.holders[who].close(id);
        self.attach(who, id, cx);
        self.after_child(who, id, cx);
        self.plan_flush(who, cx);
    }

    /// Cancels all open orders of an account, or those with a tag.
    pub(super) fn end_all(&mut self, who: usize, tag: &str, source: &'static str, cx: Cx<'_>) {
        let orders = self.holders[who].orders.values().filter(|o| tag.is_empty() || o.tag == tag);
        let ids: Vec<u64> = orders.map(|o| o.id).collect();
        ids.into_iter().for_each(|id| self.end_order(who, id, source, cx));
    }

    /// `POST /trade/cancel-all-after`.
    pub(super) fn set_timer(
        &mut self,
        who: usize,
        fields: Fields<'_>,
        cx: Cx<'_>,
    ) -> Result<serde_json::Value, Refusal> {
        fields.need("timeOut")?;
        let seconds = fields.number("timeOut").map_err(Refusal::whole)?.unwrap_or(Num::ZERO);
        let tag = fields.name("tag", 16).map_err(Refusal::whole)?;
        let in_range =
            seconds >= Num::int(10) && seconds <= Num::int(120) && seconds.is_multiple_of(Num::ONE);
        let seconds: u64 = match (seconds.is_zero(), in_range) {
            (true, _) => 0,
            (_, true) => seconds.to_string().parse().unwrap_or(0),
            _ => return Err(Refusal::parameter("timeOut").whole()),
        };
        let holder = &mut self.holders[who];
        let by_tag = holder.timers.keys().filter(|t| !t.is_empty() && **t != tag).count();
        if seconds > 0 && !tag.is_empty() && by_tag >= MAX_TAG_TIMERS {
            return Err(Refusal::of(51_071).whole());
        }
        let at_ms = cx.ms + seconds * 1_000;
        if seconds == 0 {
            holder.timers.remove(&tag);
        } else {
            holder.timers.insert(tag.clone(), at_ms);
            self.plan(at_ms, Due::Timer { who, tag: tag.clone() });
        }
        let trigger = if seconds == 0 { 0 } else { at_ms };
        Ok(json!([Row::new().put("triggerTime", trigger).put("tag", tag).put("ts", cx.ms).done()]))
    }

    /// Cancel-all-after ran out, unless it was renewed or disarmed.
    pub(super) fn run_out(&mut self, who: usize, tag: &str, cx: Cx<'_>) {
        let holder = &mut self.holders[who];
        if holder.timers.get(tag).is_none_or(|at| *at > cx.ms) {
            return;
        }
        holder.timers.remove(tag);
        self.end_all(who, tag, "20", cx);
    }

    /// `mass-cancel`: orders with market maker protection of an option family.
    pub(super) fn mass_cancel(
        &mut self,
        who: usize,
        fields: Fields<'_>,
        cx: Cx<'_>,
    ) -> Result<serde_json::Value, Refusal> {
        if &*fields.need("instType")? != "OPTION" {
            return Err(Refusal::parameter("instType").whole());
        }
        let family = fields.need("instFamily")?.into_owned();
        let lock = fields.number("lockInterval").map_err(Refusal::whole)?.unwrap_or(Num::ZERO);
        if lock.is_negative() || lock > Num::int(10_000) {
            return Err(Refusal::parameter("lockInterval").whole());
        }
        let holder = &mut self.holders[who];
        if holder.profile.acct_lv != 4 || !holder.profile.market_maker {
            return Err(Refusal::of(51_411).whole());
        }
        let lock_ms: u64 = lock.floor_to(Num::ONE).to_string().parse().unwrap_or(0);
        holder.locks.insert(family.clone(), cx.ms + lock_ms);
        let protected = |o: &&super::order::Order| {
            matches!(o.ord_type, OrdType::Mmp | OrdType::MmpAndPostOnly) && o.inst.family == family
        };
        let ids: Vec<u64> = holder.orders.values().filter(protected).map(|o| o.id).collect();
        ids.into_iter().for_each(|id| self.end_order(who, id, "38", cx));
        Ok(json!([{"result": true}]))
    }
}
