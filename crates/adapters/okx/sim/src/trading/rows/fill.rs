//! Fills and bills (reference 4.4 "Fill object", 4.5.5, 5.7).

use serde_json::Value;

use crate::trading::{
    Cx, PrivatePush,
    ledger::{Bill, Fill},
    num::Num,
    order::Order,
    push::Item,
    row::Row,
};

/// The row of `/trade/fills`.
#[must_use]
pub fn fill_row(fill: &Fill) -> Value {
    let pair = fill.inst.kind.is_pair();
    Row::new()
        .put("instType", fill.inst.kind)
        .put("instId", &fill.inst.id)
        .put("tradeId", fill.trade_id)
        .put("ordId", if fill.ord_id == 0 { String::new() } else { fill.ord_id.to_string() })
        .put("clOrdId", &fill.cl_id)
        .put("billId", fill.bill_id)
        .put("subType", fill.sub_type)
        .put("tag", &fill.tag)
        .put("fillPx", fill.px)
        .put("fillSz", fill.sz)
        .opt("fillIdxPx", fill.index)
        .opt("fillMarkPx", fill.mark)
        .put("fillPnl", fill.pnl)
        .blank(&["fillPxVol", "fillPxUsd", "fillMarkVol", "fillFwdPx"])
        .put("side", fill.side)
        .put("posSide", fill.pos_side)
        .put("execType", fill.exec)
        .put("feeCcy", &fill.fee_ccy)
        .put("fee", fill.fee)
        .opt("feeRate", pair.then_some(fill.rate))
        .put("tradeQuoteCcy", &fill.trade_quote)
        .put("ts", fill.ms)
        .put("fillTime", fill.ms)
        .done()
}

/// The row of `/account/bills`.
#[must_use]
pub fn bill_row(bill: &Bill) -> Value {
    let id = |n: u64| if n == 0 { String::new() } else { n.to_string() };
    Row::new()
        .put("billId", bill.id)
        .put("type", bill.kind)
        .put("subType", bill.sub_type)
        .put("ts", bill.ms)
        .put("ccy", &bill.ccy)
        .put("balChg", bill.change)
        .put("bal", bill.bal)
        .put("posBalChg", "0")
        .put("posBal", "0")
        .put("pnl", bill.pnl)
        .put("fee", bill.fee)
        .put("sz", bill.sz)
        .opt("px", bill.px)
        .put("instType", bill.inst_kind.map_or("", |k| k.word()))
        .put("instId", &bill.inst_id)
        .put("mgnMode", bill.mode.map_or("", |m| m.word()))
        .put("ordId", id(bill.ord_id))
        .put("clOrdId", &bill.cl_id)
        .put("tag", &bill.tag)
        .put("tradeId", if bill.trade_id == 0 { String::new() } else { bill.trade_id.to_string() })
        .put("execType", bill.exec)
        .time("fillTime", if bill.trade_id == 0 { 0 } else { bill.ms })
        .put("interest", "0")
        .blank(&["from", "to", "notes", "earnAmt", "earnApr"])
        .blank(&["fillIdxPx", "fillMarkPx", "fillPxVol", "fillPxUsd", "fillMarkVol", "fillFwdPx"])
        .done()
}

/// The push of the `fills` channel. Names of orders come back only if they are positive 64-bit integers.
#[must_use]
#[allow(clippy::too_many_arguments)] // the fields of the row
pub fn fills_push(
    who: usize,
    order: &Order,
    px: Num,
    sz: Num,
    trade_id: i64,
    maker: bool,
    count: usize,
    cx: Cx<'_>,
) -> PrivatePush {
    let is_number = order.cl_id.parse::<i64>().is_ok_and(|n| n > 0);
    let row = Row::new()
        .put("instId", &order.inst.id)
        .put("fillSz", sz)
        .put("fillPx", px)
        .put("side", order.side)
        .put("ts", cx.ms)
        .put("ordId", order.id)
        .put("clOrdId", if is_number { &order.cl_id } else { "0" })
        .put("tradeId", trade_id)
        .put("execType", if maker { "M" } else { "T" })
        .put("count", count);
    let item = Item {
        kind: None,
        family: String::new(),
        inst_id: order.inst.id.clone(),
        algo_id: String::new(),
        row: row.done(),
    };
    PrivatePush::of(who, "fills", vec![item])
}
