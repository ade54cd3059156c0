//! Orders (reference 4.4 "Order object", 5.6).

use serde_json::{Value, json};

use crate::trading::{
    Cx, PrivatePush,
    num::Num,
    order::{Order, PxKind},
    push::Item,
    row::Row,
    words::Kind,
};

/// The fill a push tells of.
#[derive(Debug, Clone)]
pub struct FillBits {
    /// Price.
    pub px: Num,
    /// Size.
    pub sz: Num,
    /// `tradeId`.
    pub trade_id: i64,
    /// Fee; negative is paid.
    pub fee: Num,
    /// Its currency.
    pub fee_ccy: String,
    /// Gained by closing.
    pub pnl: Num,
    /// `T`, `M` or empty.
    pub exec: &'static str,
    /// Index price.
    pub index: Option<Num>,
    /// Mark price.
    pub mark: Option<Num>,
    /// When.
    pub ms: u64,
}

/// What a push of an order tells beside the order.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// A fill.
    pub fill: Option<FillBits>,
    /// `amendSource`.
    pub amend_source: &'static str,
    /// `amendResult`.
    pub amend_result: &'static str,
    /// `reqId`.
    pub req_id: String,
    /// `code` and `msg`: why an amendment failed.
    pub failure: Option<(u32, String)>,
}

impl Change {
    /// A fill.
    #[must_use]
    pub fn filled(bits: FillBits) -> Self {
        Self { fill: Some(bits), ..Self::default() }
    }

    /// A successful amendment: `1` by the user, `4` by the system.
    #[must_use]
    pub fn amended(source: &'static str, req_id: &str) -> Self {
        Self { amend_source: source, amend_result: "0", req_id: req_id.to_owned(), ..Self::default() }
    }

    /// An amendment by the user that was acknowledged and failed.
    #[must_use]
    pub fn not_amended(req_id: &str, code: u32, msg: String) -> Self {
        let failure = Some((code, msg));
        Self { amend_source: "1", amend_result: "-1", req_id: req_id.to_owned(), failure, ..Self::default() }
    }
}

/// The push of an order.
#[must_use]
pub fn order_push(who: usize, order: &Order, change: &Change, cx: Cx<'_>) -> PrivatePush {
    let item = Item {
        kind: Some(order.kind()),
        family: order.inst.family.clone(),
        inst_id: order.inst.id.clone(),
        algo_id: String::new(),
        row: pushed(order, change, cx),
    };
    PrivatePush::of(who, "orders", vec![item])
}

/// What both forms have in common.
fn common(order: &Order) -> Row {
    let (px_usd, px_vol) = match order.px_kind {
        PxKind::Px => (None, None),
        PxKind::Usd => (order.px_named, None),
        PxKind::Vol => (None, order.px_named),
    };
    let option = order.kind() == Kind::Option;
    let px_type = match order.px_kind {
        _ if !option => "",
        PxKind::Px => "px",
        PxKind::Usd => "pxUsd",
        PxKind::Vol => "pxVol",
    };
    let tgt = order.tgt.map_or("", |t| t.word());
    let attached: Vec<Value> = order.attached.iter().map(super::super::algo::Attached::row).collect();
    let first_name = order.attached.first().map_or("", |a| a.cl_id.as_str());
    let px = if order.ord_type == crate::trading::words::OrdType::Market { None } else { order.px };
    Row::new()
        .put("instType", order.kind())
        .put("instId", &order.inst.id)
        .put("tgtCcy", tgt)
        .put("tradeQuoteCcy", &order.trade_quote)
        .put("ordId", order.id)
        .put("clOrdId", &order.cl_id)
        .put("algoClOrdId", &order.algo_cl_id)
        .put("algoId", if order.algo_id == 0 { String::new() } else { order.algo_id.to_string() })
        .put("tag", &order.tag)
        .opt("px", px)
        .opt("pxUsd", px_usd)
        .opt("pxVol", px_vol)
        .put("pxType", px_type)
        .put("sz", order.sz)
        .put("ordType", order.ord_type)
        .put("side", order.side)
        .put("tdMode", order.td)
        .put("accFillSz", order.acc)
        .put("state", order.state)
        .put("pnl", order.pnl)
        .put("feeCcy", &order.fee_ccy)
        .put("fee", order.fee)
        .put("rebateCcy", &order.rebate_ccy)
        .put("rebate", order.rebate)
        .put("category", order.category)
        .put("source", order.source)
        .put("reduceOnly", order.reduce_only)
        .put("cancelSource", order.cancel_source)
        .put("stpMode", order.stp)
        .put("isTpLimit", order.tp_limit)
        .put("outcome", &order.outcome)
        .put("attachAlgoClOrdId", first_name)
        .put("uTime", order.u_ms)
        .put("cTime", order.c_ms)
        .blank(&["quickMgnType", "stpId"])
        .blank(&["tpTriggerPx", "tpTriggerPxType", "tpOrdPx", "slTriggerPx", "slTriggerPxType", "slOrdPx"])
        .raw(
            "linkedAlgoOrd",
            json!({"algoId": if order.tp_limit { order.algo_id.to_string() } else { String::new() }}),
        )
        .raw("attachAlgoOrds", Value::Array(attached))
}

/// The row of REST answers.
#[must_use]
pub fn order_row(order: &Order) -> Value {
    let last = order.last_fill;
    let pair = order.kind() == Kind::Spot;
    let reason = match order.cancel_source {
        "" | "1" => "",
        "13" => "Fill-or-kill order can't be filled completely",
        "14" => "The unfilled part of an immediate-or-cancel order",
        "31" => "The post-only order would take liquidity",
        "32" => "Self-trade prevention",
        _ => "Canceled by the system",
    };
    common(order)
        .put("ccy", if pair { "" } else { &order.ccy })
        .put("posSide", order.pos_side)
        .put("lever", order.lever.map_or_else(String::new, |l| l.to_string()))
        .opt("avgPx", order.avg_px())
        .opt("fillPx", last.map(|f| f.px))
        .opt("fillSz", Some(last.map_or(Num::ZERO, |f| f.sz)))
        .put("tradeId", last.map_or_else(String::new, |f| f.trade_id.to_string()))
        .time("fillTime", last.map_or(0, |f| f.ms))
        .put("cancelSourceReason", reason)
        .done()
}

/// The row of the `orders` channel.
fn pushed(order: &Order, change: &Change, cx: Cx<'_>) -> Value {
    let pair = order.kind() == Kind::Spot;
    let last = cx.last(&order.inst.id);
    let at = order.px.or(last).unwrap_or(Num::ZERO);
    let usd = cx.usd(&order.trade_quote);
    let notional = if order.in_quote { order.sz * usd } else { cx.notional_usd(&order.inst, order.sz, at) };
    let fill = change.fill.as_ref();
    let fill_usd = fill.map(|f| cx.notional_usd(&order.inst, f.sz, f.px));
    common(order)
        .put("ccy", &order.ccy)
        .put("posSide", if pair { "" } else { order.pos_side.word() })
        .put("lever", order.lever.map_or_else(|| "0".to_owned(), |l| l.to_string()))
        .put("avgPx", order.avg_px().unwrap_or(Num::ZERO))
        .put("notionalUsd", notional.places(8))
        .opt("lastPx", last)
        .put("slippage", "0")
        .opt("fillNotionalUsd", fill_usd.map(|n| n.places(8)))
        .opt("fillPx", fill.map(|f| f.px))
        .put("fillSz", fill.map_or(Num::ZERO, |f| f.sz))
        .put("tradeId", fill.map_or_else(String::new, |f| f.trade_id.to_string()))
        .time("fillTime", fill.map_or(0, |f| f.ms))
        .put("fillPnl", fill.map_or(Num::ZERO, |f| f.pnl))
        .put("fillFee", fill.map_or(Num::ZERO, |f| f.fee))
        .put("fillFeeCcy", fill.map_or("", |f| f.fee_ccy.as_str()))
        .put("execType", fill.map_or("", |f| f.exec))
        .opt("fillIdxPx", fill.and_then(|f| f.index))
        .opt("fillMarkPx", fill.and_then(|f| f.mark))
        .blank(&["fillPxVol", "fillPxUsd", "fillMarkVol", "fillFwdPx"])
        .put("amendSource", change.amend_source)
        .put("amendResult", change.amend_result)
        .put("reqId", &change.req_id)
        .put("code", change.failure.as_ref().map_or(0, |(code, _)| *code))
        .put("msg", change.failure.as_ref().map_or("", |(_, msg)| msg.as_str()))
        .done()
}
