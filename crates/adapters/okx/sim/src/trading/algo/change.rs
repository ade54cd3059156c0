//! Cancelling and amending conditional orders (reference 4.6, 8.4).

use super::{Algo, AlgoType, new_leg};
use crate::trading::{
    Cx, Trading,
    draft::{MAX_CL_ID, check_price, check_size},
    fields::Fields,
    num::Num,
    refusal::Refusal,
    rows,
    words::PxType,
};

impl Trading {
    /// Cancels a waiting order: its id.
    ///
    /// # Errors
    ///
    /// 51400 if it is not waiting.
    pub(super) fn cancel_algo(&mut self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Result<u64, Refusal> {
        fields.need("instId")?;
        let id = self.waiting(who, fields, 51_400)?.id;
        self.end_algo(who, id, cx);
        Ok(id)
    }

    fn waiting(&self, who: usize, fields: Fields<'_>, code: u32) -> Result<&Algo, Refusal> {
        let (id, cl_id) = (fields.text("algoId"), fields.text("algoClOrdId"));
        if id.is_empty() && cl_id.is_empty() {
            return Err(Refusal::saying(50_015, "Either parameter algoId or algoClOrdId is required"));
        }
        let found = self.holders[who].find_algo(&id, &cl_id);
        let found = found.filter(|a| a.state == "live" && a.inst.id == *fields.text("instId"));
        found.ok_or_else(|| Refusal::of(code))
    }

    /// Amends a waiting order: its id. Trailing stops can't be amended.
    ///
    /// # Errors
    ///
    /// The rule the change breaks.
    pub(super) fn amend_algo(&mut self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Result<u64, Refusal> {
        fields.need("instId")?;
        let req_id = fields.name("reqId", MAX_CL_ID)?;
        let algo = self.waiting(who, fields, 51_503)?;
        let id = algo.id;
        match changed(algo, fields, cx) {
            Ok(changed) => {
                self.out.push_back(rows::algo_push(who, &changed, Some(&req_id), cx));
                self.holders[who].algos.insert(id, changed);
                Ok(id)
            }
            Err(refusal) => {
                if fields.flag("cxlOnFail")? {
                    self.end_algo(who, id, cx);
                }
                Err(refusal)
            }
        }
    }
}

fn changed(algo: &Algo, fields: Fields<'_>, cx: Cx<'_>) -> Result<Algo, Refusal> {
    if algo.kind == AlgoType::MoveOrderStop {
        return Err(Refusal::of(51_506));
    }
    let mut changed = algo.clone();
    let inst = &algo.inst;
    if let Some(sz) = fields.number("newSz")? {
        check_size(inst, sz)?;
        changed.sz = Some(sz);
    }
    if let Some(leg) = &mut changed.trigger {
        let (trigger, px) = (fields.number("newTriggerPx")?, fields.number("newOrdPx")?);
        leg.kind = fields.word("newTriggerPxType", PxType::read)?.unwrap_or(leg.kind);
        if let Some(trigger) = trigger {
            if !trigger.is_positive() {
                return Err(Refusal::parameter("newTriggerPx"));
            }
            leg.trigger = trigger;
            leg.rising = cx.trigger(&inst.id, leg.kind).is_none_or(|now| trigger >= now);
        }
        match px {
            Some(px) if px == Num::int(-1) => leg.px = None,
            Some(px) => {
                check_price(inst, px)?;
                leg.px = Some(px);
            }
            None => {}
        }
        if let Some(attached) = super::Attached::amended(&changed.attached, fields, inst)? {
            changed.attached = attached;
        }
    } else {
        changed.tp = new_leg(fields, "Tp", algo.tp, inst)?;
        changed.sl = new_leg(fields, "Sl", algo.sl, inst)?;
        if changed.tp.is_none() && changed.sl.is_none() {
            return Err(Refusal::of(51_500));
        }
    }
    let same = changed.sz == algo.sz
        && changed.trigger == algo.trigger
        && changed.tp == algo.tp
        && changed.sl == algo.sl;
    if same && changed.attached == algo.attached {
        return Err(Refusal::of(51_500));
    }
    changed.u_ms = cx.ms;
    Ok(changed)
}
