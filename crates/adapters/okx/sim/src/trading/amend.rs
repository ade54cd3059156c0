//! Changing an open order (reference 4.4 "Amend semantics", 8.4).

use super::{
    Cx, Trading,
    draft::{Draft, MAX_CL_ID, MAX_PX, check_price, check_size, within_limits},
    fields::Fields,
    num::Num,
    order::{Order, PxKind},
    refusal::Refusal,
    rows::Change,
    words::{Kind, OrdType, State},
};

impl Trading {
    /// Amends an order on request: its id.
    ///
    /// # Errors
    ///
    /// The rule the change breaks; the order stays as it was unless `cxlOnFail` ends it.
    pub(super) fn amend(
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
        let req_id = fields.name("reqId", MAX_CL_ID)?;
        let end_on_failure = fields.flag("cxlOnFail")?;
        let order = self.holders[who].find(&ord_id, &cl_id).filter(|o| o.is_open() && o.inst.id == inst_id);
        let id = order.ok_or_else(|| Refusal::of(51_503))?.id;
        let done = self.change(who, id, fields, &req_id, cx);
        if done.is_err() && end_on_failure {
            self.end_order(who, id, "1", cx);
        }
        self.plan_flush(who, cx);
        done.map(|()| id)
    }

    fn change(
        &mut self,
        who: usize,
        id: u64,
        fields: Fields<'_>,
        req_id: &str,
        cx: Cx<'_>,
    ) -> Result<(), Refusal> {
        let holder = &self.holders[who];
        let order = holder.orders.get(&id).ok_or_else(|| Refusal::of(51_503))?;
        let mut changed = order.clone();
        if order.ord_type.is_immediate() {
            return Err(Refusal::of(51_506));
        }
        let new_sz = fields.number("newSz")?;
        let new_px = self.new_px(who, order, fields, cx)?;
        let attached = super::algo::Attached::amended(&order.attached, fields, &order.inst)?;
        if new_sz.is_none() && new_px.is_none() && attached.is_none() {
            return Err(Refusal::of(51_500));
        }
        if let Some(sz) = new_sz {
            if !sz.is_positive() {
                return Err(Refusal::parameter("newSz"));
            }
            check_size(&order.inst, sz)?;
            if order.inst.max_lmt_sz.is_some_and(|most| sz > most) {
                return Err(Refusal::of(51_005));
            }
            changed.sz = sz;
        }
        if let Some((px, named)) = new_px {
            changed.px = Some(px);
            changed.px_named = named;
        }
        if let Some(attached) = attached {
            changed.attached = attached;
        }
        if changed.sz <= order.acc {
            return self.complete(who, id, req_id, cx);
        }
        if !order.opens() {
            let held = holder.held(&super::holder::Holder::key_of(order)).abs();
            if changed.left() > held {
                return Err(Refusal::saying(
                    51_171,
                    "The changed reduce-only order would exceed the position.",
                ));
            }
        }
        self.check_bounds(who, &changed, "1111")?;
        self.refund(who, order, &mut changed, cx)?;
        if order.ord_type.is_maker_only() && !order.entering && !self.offers(&changed, 1, cx).0.is_empty() {
            return Err(Refusal::of(51_511));
        }
        self.replace(who, changed, req_id, cx);
        Ok(())
    }

    /// The price asked for, in the kind the order was placed with.
    fn new_px(
        &self,
        who: usize,
        order: &Order,
        fields: Fields<'_>,
        cx: Cx<'_>,
    ) -> Result<Option<(Num, Option<Num>)>, Refusal> {
        let name = match order.px_kind {
            PxKind::Px => "newPx",
            PxKind::Usd => "newPxUsd",
            PxKind::Vol => "newPxVol",
        };
        let others = ["newPx", "newPxUsd", "newPxVol"].into_iter().filter(|n| *n != name);
        if let Some(other) = others.into_iter().find(|n| fields.has(n)) {
            return Err(Refusal::parameter(other));
        }
        if fields.text(name).len() > MAX_PX {
            return Err(Refusal::of(51_514));
        }
        let Some(value) = fields.number(name)? else { return Ok(None) };
        if !value.is_positive() {
            return Err(Refusal::parameter(name));
        }
        let inst = &order.inst;
        let draft = Draft { holder: &self.holders[who], fields, inst_id: &inst.id, cx };
        let (px, named) = match order.px_kind {
            PxKind::Px => (value, None),
            kind => (draft.option_px(inst, kind, value)?, Some(value)),
        };
        let px = if inst.kind == Kind::Option { px.near_to(inst.tick).max(inst.tick) } else { px };
        check_price(inst, px)?;
        let clamp = &*fields.text("pxAmendType") == "1";
        Ok(Some((within_limits(cx, inst, order.side, px, clamp)?, named)))
    }

    /// Checks that the account can afford the changed order, its own frozen money counted in.
    fn refund(&self, who: usize, order: &Order, changed: &mut Order, cx: Cx<'_>) -> Result<(), Refusal> {
        let holder = &self.holders[who];
        let (ccy, need) = self.cost(who, changed, cx);
        let more = need - order.frozen;
        let spends = holder.pays_with(order.kind(), order.td);
        let free = if spends { holder.spendable(&ccy, cx) } else { holder.margin_left(&ccy, cx) };
        if more.is_positive() && more > free {
            let what = if spends { "balance" } else { "margin" };
            let (sub, name) = if spends { ("1030", &ccy) } else { ("1031", &ccy) };
            return Err(Refusal::saying(
                51_502,
                format!("Order modification failed. Insufficient {name} {what} in account"),
            )
            .sub(sub));
        }
        changed.frozen = need;
        changed.frozen_ccy = ccy;
        Ok(())
    }

    /// The new size is filled already: the order is done.
    fn complete(&mut self, who: usize, id: u64, req_id: &str, cx: Cx<'_>) -> Result<(), Refusal> {
        if let Some(order) = self.holders[who].orders.get_mut(&id) {
            order.sz = order.acc;
            order.state = if order.acc.is_zero() { State::Canceled } else { State::Filled };
            order.u_ms = cx.ms;
        }
        self.push_order(who, id, Change::amended("1", req_id), cx);
        self.after_end(who, id, cx);
        Ok(())
    }

    /// Puts the changed order in place of the old one. A new price or a larger size goes to the end of the line.
    fn replace(&mut self, who: usize, mut changed: Order, req_id: &str, cx: Cx<'_>) {
        let id = changed.id;
        let Some(old) = self.holders[who].orders.get(&id) else { return };
        let back = changed.px != old.px || changed.sz > old.sz;
        let entering = old.entering;
        let freed = (old.frozen_ccy.clone(), -old.frozen);
        let inst_id = old.inst.id.clone();
        changed.u_ms = cx.ms;
        if back {
            self.ranks += 1;
            changed.rank = self.ranks;
        }
        let holder = &mut self.holders[who];
        holder.freeze(&freed.0, freed.1);
        holder.freeze(&changed.frozen_ccy, changed.frozen);
        holder.orders.insert(id, changed);
        self.push_order(who, id, Change::amended("1", req_id), cx);
        if back && !entering {
            self.off_book(&inst_id, who, id);
            if self.holders[who]
                .orders
                .get(&id)
                .is_some_and(|o| o.ord_type == OrdType::Limit || o.ord_type == OrdType::Mmp)
            {
                self.execute(who, id, cx);
            } else {
                self.rest_order(who, id, cx);
            }
        }
        self.trim_others(who, id, cx);
    }
}
