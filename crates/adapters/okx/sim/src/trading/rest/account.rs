//! What an account may do: leverage, sizes, rates (reference 4.5).

use serde_json::{Value, json};

use crate::trading::{
    Cx, Trading,
    draft::Draft,
    fees,
    fields::Fields,
    instrument::Instrument,
    num::Num,
    refusal::Refusal,
    row::Row,
    rows,
    words::{Kind, PosSide, Side, TdMode},
};

type Found = Result<Value, Refusal>;

/// Most instruments in one question.
const MAX_INSTRUMENTS: usize = 20;

impl Trading {
    pub(super) fn account_info(
        &self,
        who: usize,
        path: &str,
        fields: Fields<'_>,
        cx: Cx<'_>,
    ) -> Option<Found> {
        let ts = cx.ms.to_string();
        Some(match path {
            "/account/leverage-info" => self.leverage_info(who, fields, cx),
            "/account/max-size" => self.sizes(who, fields, false, cx),
            "/account/max-avail-size" => self.sizes(who, fields, true, cx),
            "/account/trade-fee" => self.trade_fee(who, fields, cx),
            "/account/max-loan" => self.max_loan(who, fields, cx),
            "/account/max-withdrawal" => Ok(self.max_withdrawal(who, fields, cx)),
            "/account/risk-state" => {
                Ok(json!([{"atRisk": false, "atRiskIdx": [], "atRiskMgn": [], "ts": ts}]))
            }
            "/account/greeks" => Ok(self.greeks(who, fields, cx)),
            "/account/interest-rate" => Ok(self.interest_rates(who, fields)),
            "/account/interest-accrued" => Ok(json!([])),
            "/account/subtypes" => Ok(subtypes()),
            _ => return None,
        })
    }

    fn leverage_info(&self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Found {
        fields.need("mgnMode")?;
        let mode = fields.word("mgnMode", TdMode::read).map_err(Refusal::whole)?.unwrap_or(TdMode::Cross);
        let holder = &self.holders[who];
        let named = fields.text("instId");
        if named.is_empty() && !fields.has("ccy") {
            return Err(Refusal::missing("instId"));
        }
        let mut rows = Vec::new();
        for id in named.split(',').filter(|id| !id.is_empty()).take(MAX_INSTRUMENTS) {
            let kind = Instrument::kind_of(cx.quotes, id).ok_or_else(|| Refusal::of(51_001).whole())?;
            let kind = if kind == Kind::Spot { Kind::Margin } else { kind };
            let inst = Instrument::find(cx.quotes, id, kind).ok_or_else(|| Refusal::of(51_001).whole())?;
            if holder.profile.acct_lv == 4 && mode == TdMode::Cross && inst.kind.is_future() {
                return Err(Refusal::of(59_111).whole());
            }
            let both = holder.is_hedged() && inst.kind.is_future();
            let sides: &[PosSide] = if both { &[PosSide::Long, PosSide::Short] } else { &[PosSide::Net] };
            for side in sides {
                let lever = holder.lever(&inst, mode, *side);
                rows.push(
                    Row::new()
                        .put("instId", id)
                        .put("ccy", "")
                        .put("mgnMode", mode)
                        .put("posSide", side)
                        .put("lever", lever)
                        .done(),
                );
            }
        }
        Ok(Value::Array(rows))
    }

    /// The largest order, or what there is to pay for one.
    fn sizes(&self, who: usize, fields: Fields<'_>, avail: bool, cx: Cx<'_>) -> Found {
        fields.need("instId")?;
        fields.need("tdMode")?;
        let td = fields.word("tdMode", TdMode::read).map_err(Refusal::whole)?.unwrap_or(TdMode::Cash);
        let holder = &self.holders[who];
        let mut rows = Vec::new();
        for id in fields.text("instId").split(',').take(MAX_INSTRUMENTS) {
            let inst = Draft { holder, fields, inst_id: id, cx }.instrument(td).map_err(Refusal::whole)?;
            let settle = inst.settle(&holder.profile.settle_ccy);
            let named = fields.number("px").map_err(Refusal::whole)?;
            let px = |side: Side| {
                named.or_else(|| cx.best(id, side == Side::Buy)).or_else(|| cx.last(id)).unwrap_or(Num::ZERO)
            };
            let (buy, sell) = if holder.pays_with(inst.kind, td) {
                let (quote, base) = (holder.spendable(&inst.quote, cx), holder.spendable(&inst.base, cx));
                if avail {
                    (quote, base)
                } else {
                    (quote.over(px(Side::Buy)).floor_to(inst.lot), base * px(Side::Sell))
                }
            } else {
                let free = holder.margin_left(&settle, cx);
                let lever = if inst.max_lever.is_positive() {
                    holder.lever(&inst, td, PosSide::Net)
                } else {
                    Num::ONE
                };
                let most = |side: Side| {
                    let (_, rate) = fees::fee(holder.profile.vip, &inst, false, Num::ONE, px(side));
                    let unit = inst.value(Num::ONE, px(side));
                    free.over(unit.over(lever) + unit * rate.abs()).floor_to(inst.lot)
                };
                if avail { (free, free) } else { (most(Side::Buy), most(Side::Sell)) }
            };
            let row = Row::new().put("instId", id);
            rows.push(if avail {
                row.put("availBuy", buy).put("availSell", sell).done()
            } else {
                row.put("ccy", if inst.kind.is_pair() { &inst.base } else { &settle })
                    .put("maxBuy", buy)
                    .put("maxSell", sell)
                    .done()
            });
        }
        Ok(Value::Array(rows))
    }

    /// `GET /account/trade-fee`.
    fn trade_fee(&self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Found {
        let kind = fields.need("instType")?;
        let kind = Kind::read(&kind).ok_or_else(|| Refusal::parameter("instType").whole())?;
        let holder = &self.holders[who];
        let vip = holder.profile.vip;
        let of_one = Instrument::find(cx.quotes, &fields.text("instId"), kind).map(|inst| inst.group);
        let wanted = of_one.unwrap_or_else(|| fields.text("groupId").into_owned());
        let groups =
            (1..=fees::LAST_GROUP).map(|g| g.to_string()).filter(|g| wanted.is_empty() || *g == wanted);
        let groups: Vec<Value> = groups
            .map(|group| {
                let (maker, taker) = fees::rates(vip, kind, &group);
                Row::new()
                    .put("groupId", group)
                    .put("maker", maker)
                    .put("taker", taker)
                    .put("rpiMaker", maker)
                    .put("elpMaker", maker)
                    .done()
            })
            .collect();
        let (maker, taker) = fees::rates(vip, kind, &wanted);
        let row = Row::new()
            .put("category", "1")
            .blank(&["delivery", "exercise", "makerU", "takerU", "makerUSDC", "takerUSDC"])
            .raw("feeGroup", Value::Array(groups))
            .raw("fiat", json!([]))
            .put("instType", kind)
            .put("level", holder.profile.level())
            .put("maker", maker)
            .put("taker", taker)
            .put("ruleType", "normal")
            .put("ts", cx.ms);
        Ok(json!([row.done()]))
    }

    fn max_loan(&self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Found {
        let mode = fields.need("mgnMode")?;
        let id = fields.need("instId")?;
        let inst =
            Instrument::find(cx.quotes, &id, Kind::Margin).ok_or_else(|| Refusal::of(54_000).whole())?;
        let holder = &self.holders[who];
        let lever = holder.lever(&inst, TdMode::Cross, PosSide::Net) - Num::ONE;
        let rows = [(&inst.base, Side::Sell), (&inst.quote, Side::Buy)].map(|(ccy, side)| {
            let loan = (holder.margin_left(&inst.quote, cx) * cx.usd(&inst.quote) * lever)
                .over(cx.usd(ccy))
                .places(8);
            Row::new()
                .put("instId", &id)
                .put("mgnMode", &mode)
                .put("mgnCcy", fields.text("mgnCcy"))
                .put("maxLoan", loan)
                .put("ccy", ccy)
                .put("side", side)
                .done()
        });
        Ok(Value::Array(rows.to_vec()))
    }

    fn max_withdrawal(&self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Value {
        let holder = &self.holders[who];
        let wanted = |ccy: &String| !fields.has("ccy") || fields.text("ccy").split(',').any(|c| c == ccy);
        let rows = holder.currencies().into_iter().filter(wanted).map(|ccy| {
            let free = holder.funds(&ccy, cx).avail_bal();
            let row = Row::new().put("ccy", &ccy).put("maxWd", free).put("maxWdEx", free);
            row.blank(&["spotOffsetMaxWd", "spotOffsetMaxWdEx"]).done()
        });
        Value::Array(rows.collect())
    }

    fn greeks(&self, who: usize, fields: Fields<'_>, cx: Cx<'_>) -> Value {
        let holder = &self.holders[who];
        let wanted = |ccy: &String| !fields.has("ccy") || *ccy == *fields.text("ccy");
        let ccys = rows::exposed(holder).into_iter().filter(wanted);
        Value::Array(ccys.map(|ccy| rows::greeks_row(holder, &ccy, cx)).collect())
    }

    fn interest_rates(&self, who: usize, fields: Fields<'_>) -> Value {
        let wanted = |ccy: &&String| !fields.has("ccy") || **ccy == *fields.text("ccy");
        let ccys = self.holders[who].cash.keys().filter(wanted);
        Value::Array(ccys.map(|ccy| json!({"ccy": ccy, "interestRate": "0.00004453"})).collect())
    }
}

/// The bill types the simulator writes (reference 4.5.5).
fn subtypes() -> Value {
    let kind = |no: &str, desc: &str, subs: &[(&str, &str)]| {
        let subs: Vec<Value> =
            subs.iter().map(|(no, desc)| json!({"subType": no, "subTypeDesc": desc})).collect();
        json!({"type": no, "typeDesc": desc, "subTypeDetails": subs})
    };
    json!([
        kind("1", "Transfer", &[("11", "Transfer in"), ("12", "Transfer out")]),
        kind(
            "2",
            "Trade",
            &[
                ("1", "Buy"),
                ("2", "Sell"),
                ("3", "Open long"),
                ("4", "Open short"),
                ("5", "Close long"),
                ("6", "Close short")
            ]
        ),
        kind("5", "Liquidation", &[("104", "Liquidation long"), ("105", "Liquidation short")]),
        kind("6", "Margin transfer", &[("160", "Manual margin increase"), ("161", "Manual margin decrease")]),
        kind("8", "Funding fee", &[("173", "Funding fee expense"), ("174", "Funding fee income")]),
        kind("9", "ADL", &[("125", "ADL close long"), ("126", "ADL close short")]),
    ])
}
