//! What an account can be set to: leverage, modes, margins (reference 4.5).

use serde_json::{Value, json};

use crate::trading::{
    Cx, Trading,
    fields::Fields,
    holder::Holder,
    instrument::Instrument,
    ledger::Bill,
    num::Num,
    position::PosKey,
    refusal::Refusal,
    row::Row,
    rows,
    words::{Kind, PosSide, TdMode},
};

type Done = Result<Value, Refusal>;

impl Trading {
    pub(super) fn setting(&mut self, who: usize, path: &str, fields: Fields<'_>, cx: Cx<'_>) -> Option<Done> {
        let busy = !self.is_idle(who);
        let profile = &mut self.holders[who].profile;
        let need = |name: &str| fields.need(name).map(std::borrow::Cow::into_owned);
        Some(match path {
            "/account/set-leverage" => self.set_leverage(who, fields, cx),
            "/account/position/margin-balance" => self.move_margin(who, fields, cx),
            "/account/set-position-mode" => need("posMode").and_then(|mode| {
                match mode.as_str() {
                    "long_short_mode" if profile.acct_lv == 4 => return Err(Refusal::of(51_041).whole()),
                    "net_mode" | "long_short_mode" => {}
                    _ => return Err(Refusal::parameter("posMode").whole()),
                }
                if busy && profile.pos_mode != mode {
                    return Err(Refusal::of(59_000).whole());
                }
                profile.pos_mode.clone_from(&mode);
                Ok(json!([{"posMode": mode}]))
            }),
            "/account/set-account-level" => need("acctLv").and_then(|level| {
                let number = level.parse().ok().filter(|n| (1..=4).contains(n));
                let number: u8 = number.ok_or_else(|| Refusal::parameter("acctLv").whole())?;
                if busy && number != profile.acct_lv {
                    return Err(Refusal::of(59_000).whole());
                }
                profile.acct_lv = number;
                if number == 4 {
                    "net_mode".clone_into(&mut profile.pos_mode);
                }
                Ok(json!([{"acctLv": level}]))
            }),
            "/account/set-settle-currency" => need("settleCcy").and_then(|ccy| {
                if !profile.settle_ccy_list.contains(&ccy) {
                    return Err(Refusal::parameter("settleCcy").whole());
                }
                if busy && profile.settle_ccy != ccy {
                    return Err(Refusal::saying(
                        54_074,
                        "The settlement currency can't be changed with open orders or positions.",
                    )
                    .whole());
                }
                profile.settle_ccy.clone_from(&ccy);
                Ok(json!([{"settleCcy": ccy}]))
            }),
            "/account/set-fee-type" => need("feeType").and_then(|kind| {
                if !matches!(kind.as_str(), "0" | "1") {
                    return Err(Refusal::parameter("feeType").whole());
                }
                profile.fee_type.clone_from(&kind);
                Ok(json!([{"feeType": kind}]))
            }),
            "/account/set-auto-loan" => fields.flag("autoLoan").map_err(Refusal::whole).map(|on| {
                profile.auto_loan = on;
                json!([{"autoLoan": on}])
            }),
            "/account/set-greeks" => need("greeksType").and_then(|kind| match kind.as_str() {
                "PA" | "BS" => Ok(json!([{"greeksType": kind}])),
                _ => Err(Refusal::parameter("greeksType").whole()),
            }),
            "/account/activate-feature" => {
                Err(Refusal::saying(51_773, "The feature does not need to be activated.").whole())
            }
            _ => return None,
        })
    }

    /// No open order, conditional order or position.
    fn is_idle(&self, who: usize) -> bool {
        let holder = &self.holders[who];
        holder.orders.is_empty() && holder.positions.is_empty() && holder.algos.is_empty()
    }

    fn set_leverage(&mut self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Done {
        fields.need("lever")?;
        fields.need("mgnMode")?;
        let id = fields.need("instId")?.into_owned();
        let whole = Refusal::whole;
        let lever = fields.number("lever").map_err(whole)?.unwrap_or(Num::ZERO);
        let mode = fields.word("mgnMode", TdMode::read).map_err(whole)?;
        let mode = mode.filter(|m| matches!(m, TdMode::Cross | TdMode::Isolated));
        let mode = mode.ok_or_else(|| Refusal::parameter("mgnMode").whole())?;
        let kind = Instrument::kind_of(cx.quotes, &id).ok_or_else(|| Refusal::of(51_001).whole())?;
        let kind = if kind == Kind::Spot { Kind::Margin } else { kind };
        let inst = Instrument::find(cx.quotes, &id, kind).ok_or_else(|| Refusal::of(54_000).whole())?;
        let holder = &mut self.holders[who];
        match (holder.profile.acct_lv, mode, inst.kind.is_future()) {
            (1, ..) => return Err(Refusal::of(51_010).whole()),
            (4, TdMode::Cross, true) => return Err(Refusal::of(51_039).whole()),
            _ => {}
        }
        let named = fields.word("posSide", PosSide::read).map_err(whole)?;
        let apart = holder.is_hedged() && inst.kind.is_future() && mode == TdMode::Isolated;
        let side = match (apart, named) {
            (true, Some(side @ (PosSide::Long | PosSide::Short))) => side,
            (true, _) => return Err(Refusal::parameter("posSide").whole()),
            (false, _) => PosSide::Net,
        };
        if lever < Num::of("0.01") {
            return Err(Refusal::of(59_105).whole());
        }
        if lever > inst.max_lever {
            return Err(Refusal::of(59_102).whole());
        }
        let key = holder.lever_key(&inst, mode, side);
        let same = |i: &Instrument, m: TdMode, s: PosSide, h: &Holder| {
            m == mode && i.kind == kind && h.lever_key(i, m, s) == key
        };
        if holder.orders.values().any(|o| same(&o.inst, o.td, o.pos_side, holder)) {
            let code = if mode == TdMode::Isolated { 59_101 } else { 59_107 };
            return Err(Refusal::saying(code, crate::trading::refusal::words(59_101)).whole());
        }
        let changed: Vec<PosKey> = holder
            .positions
            .iter()
            .filter(|(k, p)| same(&p.inst, k.mode, k.side, holder))
            .map(|(k, _)| k.clone())
            .collect();
        holder.levers.insert(key, lever);
        for key in &changed {
            self.relever(who, key, lever, cx)?;
        }
        if !changed.is_empty() {
            let push = rows::changes(&self.holders[who], who, "set_leverage", &[], &changed, &[], cx);
            self.out.push_back(push);
            self.plan_flush(who, cx);
        }
        let shown = match (named, side) {
            (_, PosSide::Long | PosSide::Short) => side.word(),
            (Some(named), _) => named.word(),
            (None, _) => "",
        };
        Ok(json!([Row::new()
            .put("instId", id)
            .put("lever", lever)
            .put("mgnMode", mode)
            .put("posSide", shown)
            .done()]))
    }

    /// Gives a position its new leverage; an isolated one takes or gives back margin.
    fn relever(&mut self, who: usize, key: &PosKey, lever: Num, cx: Cx<'_>) -> Result<(), Refusal> {
        let holder = &mut self.holders[who];
        let Some(position) = holder.positions.get(key) else { return Ok(()) };
        let ccy = position.ccy.clone();
        let isolated = key.mode == TdMode::Isolated && !position.is_paid();
        let more =
            if isolated { position.value(position.avg).over(lever) - position.margin } else { Num::ZERO };
        if more.is_positive() && more > holder.margin_left(&ccy, cx) {
            return Err(Refusal::saying(59_103, "Leverage can't be lowered: not enough margin.").whole());
        }
        if let Some(position) = holder.positions.get_mut(key) {
            position.lever = lever;
            position.margin += more;
        }
        if !more.is_zero() {
            let sub_type = if more.is_positive() { 160 } else { 161 };
            let id = self.ids.next(cx.ms);
            holder.pay(
                Bill {
                    mode: Some(key.mode),
                    inst_id: key.inst_id.clone(),
                    inst_kind: Some(key.kind),
                    ..Bill::plain(6, sub_type, &ccy, -more, cx.ms)
                },
                id,
            );
        }
        holder.touch(key, cx.ms);
        Ok(())
    }

    /// `POST /account/position/margin-balance`.
    fn move_margin(&mut self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Done {
        let id = fields.need("instId")?.into_owned();
        let kind = fields.need("type")?.into_owned();
        fields.need("amt")?;
        let whole = Refusal::whole;
        let amt = fields.number("amt").map_err(whole)?.filter(|n| n.is_positive());
        let amt = amt.ok_or_else(|| Refusal::parameter("amt").whole())?;
        let side = fields.word("posSide", PosSide::read).map_err(whole)?.unwrap_or(PosSide::Net);
        let holder = &mut self.holders[who];
        let key = holder
            .positions
            .keys()
            .find(|k| k.inst_id == id && k.side == side && k.mode == TdMode::Isolated)
            .cloned();
        let key = key.ok_or_else(|| Refusal::of(51_023).whole())?;
        let change = match kind.as_str() {
            "add" => amt,
            "reduce" => -amt,
            _ => return Err(Refusal::parameter("type").whole()),
        };
        let ccy = holder.positions[&key].ccy.clone();
        let free = holder.margin_left(&ccy, cx);
        let Some(position) = holder.positions.get_mut(&key) else { return Err(Refusal::of(51_023).whole()) };
        let least = position.value(position.avg).over(position.lever);
        if change > free || position.margin + change < least.min(position.margin) {
            return Err(
                Refusal::saying(59_301, "Margin adjustment failed: the amount exceeds the limit.").whole()
            );
        }
        position.margin += change;
        let sub_type = if change.is_positive() { 160 } else { 161 };
        let bill_id = self.ids.next(cx.ms);
        holder.pay(
            Bill {
                mode: Some(key.mode),
                inst_id: id.clone(),
                inst_kind: Some(key.kind),
                ..Bill::plain(6, sub_type, &ccy, -change, cx.ms)
            },
            bill_id,
        );
        holder.touch(&key, cx.ms);
        let push =
            rows::changes(&self.holders[who], who, "adjust_margin", &[], std::slice::from_ref(&key), &[], cx);
        self.out.push_back(push);
        self.plan_flush(who, cx);
        let row = Row::new()
            .put("instId", id)
            .put("posSide", side)
            .put("amt", amt)
            .put("type", kind)
            .put("ccy", ccy);
        Ok(json!([row.put("leverage", "").done()]))
    }
}
