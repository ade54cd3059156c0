//! Conditional orders (reference 4.6 "Algo object", 4.7).

use serde_json::{Value, json};

use crate::trading::{
    Cx, PrivatePush,
    algo::{Algo, AlgoType, Attached, legs},
    num::Num,
    push::Item,
    row::Row,
};

const UNUSED: [&str; 18] = [
    "pxVar",
    "pxSpread",
    "szLimit",
    "pxLimit",
    "timeInterval",
    "quickMgnType",
    "chaseType",
    "chaseVal",
    "maxChaseType",
    "maxChaseVal",
    "lmtOrderNumber",
    "aggressiveness",
    "clOrdId",
    "isTradeBorrowMode",
    "callbackRatio",
    "callbackSpread",
    "activePx",
    "moveTriggerPx",
];

fn common(algo: &Algo) -> Row {
    let id = |n: u64| if n == 0 { String::new() } else { n.to_string() };
    let attached: Vec<Value> = algo.attached.iter().map(Attached::row).collect();
    let ids: Vec<String> = (algo.ord_id != 0).then(|| algo.ord_id.to_string()).into_iter().collect();
    let trigger = algo.trigger;
    let ord_px = trigger.map(|t| t.px.unwrap_or_else(|| Num::int(-1)));
    let row = Row::new()
        .put("instType", algo.inst.kind)
        .put("instId", &algo.inst.id)
        .put("ccy", &algo.ccy)
        .put("algoId", algo.id)
        .put("algoClOrdId", &algo.cl_id)
        .put("tag", &algo.tag)
        .put("ordId", id(algo.ord_id))
        .raw("ordIdList", json!(ids))
        .opt("sz", algo.sz)
        .put("closeFraction", if algo.close_all { "1" } else { "" })
        .put("ordType", algo.kind.word())
        .put("side", algo.side)
        .put("posSide", algo.pos_side)
        .put("tdMode", algo.td)
        .put("tgtCcy", algo.tgt.map_or("", |t| t.word()))
        .put("tradeQuoteCcy", &algo.trade_quote)
        .put("state", algo.state)
        .put("lever", algo.lever.map_or_else(String::new, |l| l.to_string()))
        .put("reduceOnly", algo.reduce_only)
        .opt("triggerPx", trigger.map(|t| t.trigger))
        .put("triggerPxType", trigger.map_or("", |t| t.kind.word()))
        .opt("ordPx", ord_px)
        .put("advanceOrdType", &algo.advance)
        .put("actualSz", algo.actual_sz)
        .opt("actualPx", algo.actual_px)
        .put("actualSide", algo.actual_side)
        .time("triggerTime", algo.trigger_ms)
        .opt("last", algo.last)
        .put("failCode", algo.fail_code)
        .put("amendPxOnTriggerType", if algo.cost_px { "1" } else { "0" })
        .raw("attachAlgoOrds", Value::Array(attached))
        .raw("linkedOrd", json!({"ordId": id(algo.parent)}))
        .put("cTime", algo.c_ms)
        .put("uTime", algo.u_ms)
        .blank(&UNUSED);
    let row = if algo.kind == AlgoType::MoveOrderStop {
        row.opt("callbackRatio", algo.trail.ratio)
            .opt("callbackSpread", algo.trail.spread)
            .opt("activePx", algo.trail.active)
            .opt("moveTriggerPx", algo.trail.trigger(algo.side))
    } else {
        row
    };
    legs(row, algo.tp, algo.sl, true)
}

/// The row of REST answers.
#[must_use]
pub fn algo_row(algo: &Algo) -> Value {
    common(algo).raw("triggerParams", json!([])).done()
}

/// The push of `orders-algo` or `algo-advance`.
#[must_use]
pub fn algo_push(who: usize, algo: &Algo, amend: Option<&str>, cx: Cx<'_>) -> PrivatePush {
    let px = algo.trigger.and_then(|t| t.px).or(algo.last).unwrap_or(Num::ZERO);
    let notional = algo.sz.map(|sz| cx.notional_usd(&algo.inst, sz, px).places(8));
    let row = common(algo).opt("notionalUsd", notional);
    let row = if algo.kind == AlgoType::MoveOrderStop {
        row.put("count", "1").put("pTime", cx.ms)
    } else {
        row.put("reqId", amend.unwrap_or_default()).put("amendResult", if amend.is_some() { "0" } else { "" })
    };
    let item = Item {
        kind: Some(algo.inst.kind),
        family: algo.inst.family.clone(),
        inst_id: algo.inst.id.clone(),
        algo_id: algo.id.to_string(),
        row: row.done(),
    };
    PrivatePush::of(who, algo.kind.channel(), vec![item])
}
