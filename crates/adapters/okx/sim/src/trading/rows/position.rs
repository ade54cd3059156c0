//! Positions (reference 4.5.2, 5.9).

use serde_json::{Value, json};

use crate::trading::{
    Cx, PrivatePush,
    algo::AlgoType,
    holder::Holder,
    num::Num,
    position::Position,
    push::{Body, Item},
    row::Row,
    words::{Kind, PosSide, TdMode},
};

const UNUSED: [&str; 22] = [
    "baseBal",
    "quoteBal",
    "baseBorrowed",
    "baseInterest",
    "quoteBorrowed",
    "quoteInterest",
    "spotInUseAmt",
    "spotInUseCcy",
    "clSpotInUseAmt",
    "maxSpotInUseAmt",
    "bizRefId",
    "bizRefType",
    "hedgedPos",
    "deltaBS",
    "deltaPA",
    "gammaBS",
    "gammaPA",
    "thetaBS",
    "thetaPA",
    "vegaBS",
    "vegaPA",
    "pendingCloseOrdLiabVal",
];

/// `pos` and `posCcy` as OKX shows them: margin positions in the currency held.
pub(super) fn shown(position: &Position) -> (Num, String) {
    let inst = &position.inst;
    match (inst.kind, position.side, position.qty.is_negative()) {
        (Kind::Margin, _, false) => (position.qty, inst.base.clone()),
        (Kind::Margin, _, true) => ((position.qty.abs() * position.avg).places(16), inst.quote.clone()),
        (_, PosSide::Net, _) => (position.qty, String::new()),
        _ => (position.qty.abs(), String::new()),
    }
}

fn ratio(upl: Num, position: &Position) -> Num {
    (upl * position.lever).over(position.value(position.avg))
}

/// The row of `/account/positions` and of the `positions` channel, which adds `pTime`.
#[must_use]
pub fn position_row(holder: &Holder, position: &Position, push: bool, cx: Cx<'_>) -> Value {
    let inst = &position.inst;
    let (mark, last) = (cx.mark(&inst.id), cx.last(&inst.id));
    let index = cx.index(inst);
    let (pos, pos_ccy) = shown(position);
    let (upl, upl_last) = (position.upl(mark), last.map_or(Num::ZERO, |px| position.upl(px)));
    let cross = position.mode == TdMode::Cross;
    let (imr, mmr) = (position.imr(mark, index.unwrap_or(mark)), position.mmr(mark, index.unwrap_or(mark)));
    let future = inst.kind.is_future();
    let liab = match (inst.kind, position.qty.is_negative()) {
        (Kind::Margin, false) => Some((-(position.qty * position.avg), inst.quote.clone())),
        (Kind::Margin, true) => Some((position.qty, inst.base.clone())),
        _ => None,
    };
    let closing: Num = holder
        .orders
        .values()
        .filter(|o| !o.opens() && Holder::key_of(o) == position.key())
        .map(super::super::order::Order::left)
        .sum();
    let avail = (pos.abs() - closing).max(Num::ZERO);
    let closers: Vec<Value> = holder
        .algos
        .values()
        .filter(|a| {
            a.close_all && a.inst.id == inst.id && a.pos_side == position.side && a.kind != AlgoType::Trigger
        })
        .map(|a| {
            let row = Row::new().put("algoId", a.id).put("closeFraction", "1");
            crate::trading::algo::legs(row, a.tp, a.sl, true).done()
        })
        .collect();
    let eq = if cross {
        if holder.profile.acct_lv < 3 {
            holder.funds(&position.ccy, cx).cross_eq()
        } else {
            holder.whole(cx).adj
        }
    } else {
        position.margin + upl
    };
    let all_mmr = match (cross, holder.profile.acct_lv < 3) {
        (true, true) => holder.funds(&position.ccy, cx).mmr,
        (true, false) => holder.whole(cx).mmr,
        (false, _) => mmr,
    };
    let row = Row::new()
        .put("instType", inst.kind)
        .put("instId", &inst.id)
        .put("posId", position.id)
        .put("posSide", position.side)
        .put("mgnMode", position.mode)
        .put("pos", pos)
        .put("posCcy", pos_ccy)
        .opt(
            "availPos",
            (inst.kind == Kind::Margin || inst.kind == Kind::Option || position.side != PosSide::Net)
                .then_some(avail),
        )
        .put("ccy", &position.ccy)
        .put("avgPx", if position.qty.is_zero() { String::new() } else { position.avg.to_string() })
        .put("markPx", mark)
        .opt("last", last)
        .opt("idxPx", index)
        .put("usdPx", cx.usd(&position.ccy))
        .opt("bePx", future.then(|| break_even(position)))
        .put("upl", upl)
        .put("uplRatio", ratio(upl, position))
        .put("uplLastPx", upl_last)
        .put("uplRatioLastPx", ratio(upl_last, position))
        .put("lever", if position.is_paid() { String::new() } else { position.lever.to_string() })
        .opt("liqPx", position.liq_px().map(|px| px.places(16)))
        .opt("imr", cross.then_some(imr))
        .opt("margin", (!cross).then_some(position.margin))
        .put("mgnRatio", eq.over(all_mmr))
        .put("mmr", mmr)
        .opt("liab", liab.as_ref().map(|l| l.0))
        .put("liabCcy", liab.map_or_else(String::new, |l| l.1))
        .put("interest", if inst.kind == Kind::Margin { "0" } else { "" })
        .put("tradeId", if position.trade_id == 0 { String::new() } else { position.trade_id.to_string() })
        .opt("optVal", (inst.kind == Kind::Option).then(|| position.value(mark) * position.qty.sign()))
        .put("notionalUsd", cx.notional_usd(inst, position.qty.abs(), mark).places(8))
        .put("adl", if position.is_paid() { "" } else { "1" })
        .put("realizedPnl", position.realized())
        .put("pnl", position.pnl)
        .put("fee", position.fee)
        .put("fundingFee", position.funding)
        .put("liqPenalty", position.penalty)
        .opt("nonSettleAvgPx", position.non_settle_avg)
        .opt("settledPnl", position.non_settle_avg.map(|_| position.settled))
        .blank(&UNUSED)
        .raw("closeOrderAlgo", Value::Array(closers))
        .put("cTime", position.c_ms)
        .put("uTime", position.u_ms);
    if push { row.put("pTime", cx.ms).done() } else { row.done() }
}

/// The price at which the fees so far and those of closing are earned.
fn break_even(position: &Position) -> Num {
    let fees = position.fee.abs() * Num::int(2);
    let by = fees.over(position.inst.value(position.qty, position.avg)) * position.avg;
    (position.avg + by).places(16)
}

/// A push of positions.
#[must_use]
pub fn positions_push(
    who: usize,
    holder: &Holder,
    positions: &[Position],
    event: &'static str,
    page: Option<(usize, bool)>,
    cx: Cx<'_>,
) -> PrivatePush {
    let items = positions.iter().map(|p| Item {
        kind: Some(p.inst.kind),
        family: p.inst.family.clone(),
        inst_id: p.inst.id.clone(),
        algo_id: String::new(),
        row: position_row(holder, p, true, cx),
    });
    PrivatePush {
        event: Some(event),
        page,
        body: Body::Items(items.collect()),
        ..PrivatePush::of(who, "positions", Vec::new())
    }
}

/// The row of `/account/positions-history`.
#[must_use]
pub fn past_row(position: &Position) -> Value {
    let closed_all = position.qty.is_zero();
    let kind = match (position.penalty.is_zero(), closed_all) {
        (true, true) => "2",
        (true, false) => "1",
        (false, true) => "3",
        (false, false) => "4",
    };
    // The sign of what is left, or of what was earned, tells the direction of a net position that is gone.
    let direction = match position.side {
        PosSide::Long => "long",
        PosSide::Short => "short",
        PosSide::Net if position.was_short => "short",
        PosSide::Net => "long",
    };
    Row::new()
        .put("instType", position.inst.kind)
        .put("instId", &position.inst.id)
        .put("uly", &position.inst.uly)
        .put("mgnMode", position.mode)
        .put("type", kind)
        .put("posId", position.id)
        .put("posSide", position.side)
        .put("direction", direction)
        .put("ccy", &position.ccy)
        .put("lever", format!("{:.1}", position.lever.float()))
        .put("openAvgPx", position.avg)
        .put("closeAvgPx", position.closed_cost.over(position.closed))
        .put("openMaxPos", position.most)
        .put("closeTotalPos", position.closed)
        .put("realizedPnl", position.realized())
        .put("pnl", position.pnl)
        .put(
            "pnlRatio",
            (position.realized() * position.lever).over(position.inst.value(position.most, position.avg)),
        )
        .put("fee", position.fee)
        .put("fundingFee", position.funding)
        .put("liqPenalty", position.penalty)
        .blank(&["triggerPx", "nonSettleAvgPx", "settledPnl"])
        .put("cTime", position.c_ms)
        .put("uTime", position.u_ms)
        .done()
}

/// The row of `/account/account-position-risk`.
#[must_use]
pub fn risk_row(holder: &Holder, cx: Cx<'_>) -> Value {
    let balances: Vec<Value> = holder
        .currencies()
        .iter()
        .map(|ccy| {
            let eq = holder.funds(ccy, cx).eq();
            let dis = eq * cx.usd(ccy) * crate::trading::funds::discount(ccy);
            Row::new().put("ccy", ccy).put("eq", eq).put("disEq", dis).done()
        })
        .collect();
    let positions: Vec<Value> = holder
        .positions
        .values()
        .map(|p| {
            let mark = cx.mark(&p.inst.id);
            let (pos, pos_ccy) = shown(p);
            Row::new()
                .put("instType", p.inst.kind)
                .put("mgnMode", p.mode)
                .put("posId", p.id)
                .put("instId", &p.inst.id)
                .put("pos", pos)
                .put("posSide", p.side)
                .put("posCcy", pos_ccy)
                .put("ccy", &p.ccy)
                .put("notionalCcy", p.value(mark))
                .put("notionalUsd", cx.notional_usd(&p.inst, p.qty.abs(), mark))
                .blank(&["baseBal", "quoteBal"])
                .done()
        })
        .collect();
    let adj = if holder.profile.acct_lv < 3 { String::new() } else { holder.whole(cx).adj.to_string() };
    json!({"adjEq": adj, "balData": balances, "posData": positions, "ts": cx.ms.to_string()})
}
