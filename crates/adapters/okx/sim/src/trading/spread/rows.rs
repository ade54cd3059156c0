//! Rows of spread orders and trades.

use serde_json::Value;

use super::{SpreadOrder, SpreadTrade};
use crate::trading::{PrivatePush, num::Num, push::Item, row::Row};

fn common(order: &SpreadOrder) -> Row {
    let last = order.last;
    Row::new()
        .put("sprdId", &order.sprd_id)
        .put("ordId", order.id)
        .put("clOrdId", &order.cl_id)
        .put("tag", &order.tag)
        .opt("px", order.px)
        .put("sz", order.sz)
        .put("ordType", order.ord_type)
        .put("side", order.side)
        .put("fillSz", last.map_or(Num::ZERO, |l| l.1))
        .opt("fillPx", last.map(|l| l.0))
        .put("tradeId", last.map_or_else(String::new, |l| l.2.to_string()))
        .put("accFillSz", order.acc)
        .put("pendingFillSz", order.left())
        .put("pendingSettleSz", "0")
        .put("canceledSz", order.canceled)
        .put("state", order.state)
        .put("avgPx", order.cost.over(order.acc))
        .put("cancelSource", order.cancel_source)
        .put("uTime", order.u_ms)
        .put("cTime", order.c_ms)
}

/// The row of REST answers.
pub(in crate::trading) fn order_row(order: &SpreadOrder) -> Value {
    common(order).done()
}

fn item(sprd_id: &str, row: Value) -> Item {
    Item { kind: None, family: String::new(), inst_id: sprd_id.to_owned(), algo_id: String::new(), row }
}

/// The push of `sprd-orders`.
pub(super) fn order_push(who: usize, order: &SpreadOrder, req_id: &str, amended: bool) -> PrivatePush {
    let row = common(order)
        .put("code", "")
        .put("msg", "")
        .put("reqId", req_id)
        .put("amendResult", if amended { "0" } else { "" });
    PrivatePush::of(who, "sprd-orders", vec![item(&order.sprd_id, row.done())])
}

/// The row of `/sprd/trades` and `sprd-trades`.
pub(in crate::trading) fn trade_row(trade: &SpreadTrade) -> Value {
    let legs = trade.legs.iter().map(|leg| {
        Row::new()
            .put("instId", &leg.inst_id)
            .put("px", leg.px)
            .put("sz", leg.sz)
            .put("szCont", leg.contracts)
            .put("side", leg.side)
            .put("fillPnl", leg.pnl)
            .put("fee", leg.fee)
            .put("feeCcy", &leg.fee_ccy)
            .put("tradeId", leg.trade_id)
            .done()
    });
    Row::new()
        .put("sprdId", &trade.sprd_id)
        .put("tradeId", trade.id)
        .put("ordId", trade.ord_id)
        .put("clOrdId", &trade.cl_id)
        .put("tag", &trade.tag)
        .put("fillPx", trade.px)
        .put("fillSz", trade.sz)
        .put("state", "filled")
        .put("side", trade.side)
        .put("execType", trade.exec)
        .put("ts", trade.ms)
        .raw("legs", Value::Array(legs.collect()))
        .put("code", "")
        .put("msg", "")
        .done()
}

/// The push of `sprd-trades`.
pub(super) fn trade_push(who: usize, trade: &SpreadTrade) -> PrivatePush {
    PrivatePush::of(who, "sprd-trades", vec![item(&trade.sprd_id, trade_row(trade))])
}
