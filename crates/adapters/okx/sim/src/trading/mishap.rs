//! Scripted: what happens at the exchange by no rule that a request could break.

use serde_json::{Value, json};

use super::{Cx, Trading, dump::number, fields::Fields, refusal::Refusal, rows::Change};

/// The code of a failed amendment, unless the script names another one.
const AMEND_CODE: u32 = 51_503;
/// The code of a failed conditional order, unless the script names another one.
const ALGO_CODE: u32 = 51_008;

impl Trading {
    /// Two resting orders of one user meet. Self-trade prevention keeps that from happening; trades of a user with himself are on
    /// record all the same.
    pub(super) fn script_cross(
        &mut self,
        who: usize,
        fields: Fields<'_>,
        cx: Cx<'_>,
    ) -> Result<Value, String> {
        let holder = &self.holders[who];
        let resting = |name: &str| {
            let found = holder.find("", &fields.text(name)).filter(|o| o.is_open() && !o.entering);
            found.ok_or_else(|| format!("{name}: no such order is on the book"))
        };
        let (one, other) = (resting("clOrdId")?, resting("otherClOrdId")?);
        if one.inst.id != other.inst.id || one.side == other.side {
            return Err("two orders of different sides in one instrument can meet".to_owned());
        }
        let px = number(fields, "px")?.or(one.px).ok_or("px is missing")?;
        let most = one.left().min(other.left());
        let sz = number(fields, "sz")?.unwrap_or(most).min(most);
        let (maker, taker, inst_id) = (one.id, other.id, one.inst.id.clone());
        let trade_id = self.trade_id(&inst_id);
        self.fill(who, taker, (px, sz), "T", trade_id, cx);
        self.fill(who, maker, (px, sz), "M", trade_id, cx);
        Ok(json!({"tradeId": trade_id.to_string()}))
    }

    pub(super) fn script_amend_failed(
        &mut self,
        who: usize,
        fields: Fields<'_>,
        cx: Cx<'_>,
    ) -> Result<Value, String> {
        let found = self.holders[who].find(&fields.text("ordId"), &fields.text("clOrdId"));
        let id = found.filter(|o| o.is_open()).map(|o| o.id).ok_or("no such order is open")?;
        let refusal = Refusal::of(code(fields, "code", AMEND_CODE)?);
        if let Some(order) = self.holders[who].orders.get_mut(&id) {
            order.u_ms = cx.ms;
        }
        let change = Change::not_amended(&fields.text("reqId"), refusal.code, refusal.msg);
        self.push_order(who, id, change, cx);
        Ok(json!({"done": true}))
    }

    pub(super) fn script_algo_failed(
        &mut self,
        who: usize,
        fields: Fields<'_>,
        cx: Cx<'_>,
    ) -> Result<Value, String> {
        let found = self.holders[who].find_algo(&fields.text("algoId"), &fields.text("algoClOrdId"));
        let id =
            found.filter(|algo| algo.state == "live").map(|algo| algo.id).ok_or("no such order waits")?;
        let fail_code = code(fields, "failCode", ALGO_CODE)?;
        let done = self.fail_algo(who, id, &fields.text("side"), fail_code, number(fields, "sz")?, cx);
        done.ok_or("it has no such trigger")?;
        Ok(json!({"done": true}))
    }
}

fn code(fields: Fields<'_>, name: &str, otherwise: u32) -> Result<u32, String> {
    let text = fields.text(name);
    if text.is_empty() { Ok(otherwise) } else { text.parse().map_err(|_| format!("{name} is no code")) }
}
