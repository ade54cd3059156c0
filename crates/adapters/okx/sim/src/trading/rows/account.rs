//! Balances (reference 4.5.1, 5.8, 5.10).

use serde_json::{Map, Value, json};

use super::position::shown;
use crate::trading::{
    Cx, PrivatePush,
    funds::discount,
    holder::Holder,
    num::Num,
    position::{PosKey, Position},
    push::{Body, Item},
    row::Row,
};

const UNUSED: [&str; 16] = [
    "spotInUseAmt",
    "clSpotInUseAmt",
    "notionalLever",
    "spotBal",
    "openAvgPx",
    "accAvgPx",
    "spotUpl",
    "spotUplRatio",
    "totalPnl",
    "totalPnlRatio",
    "isoLiab",
    "interest",
    "maxLoan",
    "uplLiab",
    "borrowFroz",
    "crossLiab",
];

/// A number where the account mode has one.
fn some(row: Row, name: &str, there: bool, value: Num) -> Row {
    row.opt(name, there.then_some(value))
}

/// The fields of the account as a whole.
fn head(holder: &Holder, cx: Cx<'_>) -> Row {
    let level = holder.profile.acct_lv;
    let whole = holder.whole(cx);
    let joint = level >= 3;
    let row = Row::new().put("uTime", cx.ms).put("totalEq", whole.total.places(12));
    let row = some(row, "isoEq", level >= 2, whole.iso.places(12));
    let row = some(row, "adjEq", joint, whole.adj.places(12));
    let row = some(row, "availEq", joint, whole.avail().places(12));
    let row = some(row, "imr", joint, whole.imr.places(12));
    let row = some(row, "mmr", joint, whole.mmr.places(12));
    let row = some(row, "ordFroz", joint, whole.frozen.places(12));
    let row = some(row, "notionalUsd", joint, whole.notional.places(12));
    let row = some(row, "upl", joint, whole.upl.places(12));
    let ratio = (joint && whole.mmr.is_positive()).then(|| whole.adj.over(whole.mmr));
    row.opt("mgnRatio", ratio).blank(&[
        "borrowFroz",
        "notionalUsdForBorrow",
        "notionalUsdForSwap",
        "notionalUsdForFutures",
        "notionalUsdForOption",
        "delta",
        "deltaLever",
        "deltaNeutralStatus",
    ])
}

/// One currency. Pushes name a limit otherwise than REST does, and add the price of the currency.
fn detail(holder: &Holder, ccy: &str, push: bool, cx: Cx<'_>) -> Value {
    let level = holder.profile.acct_lv;
    let (funds, usd) = (holder.funds(ccy, cx), cx.usd(ccy));
    let u_ms = holder.cash.get(ccy).map_or(cx.ms, |c| c.u_ms);
    let eq_usd = funds.eq() * usd;
    let owed = (-funds.cash).max(Num::ZERO);
    let margin = level == 2;
    let row = Row::new()
        .put("ccy", ccy)
        .put("uTime", u_ms)
        .put("eq", funds.eq())
        .put("cashBal", funds.cash)
        .put("eqUsd", eq_usd.places(12))
        .put("disEq", (eq_usd * if eq_usd.is_negative() { Num::ONE } else { discount(ccy) }).places(12))
        .put("availBal", funds.avail_bal())
        .put("frozenBal", funds.in_use() + (funds.iso_eq - funds.iso_upl))
        .put("ordFrozen", funds.frozen)
        .put("fixedBal", "0")
        .put("rewardBal", "0")
        .put("stgyEq", "0")
        .put("twap", "0")
        .put("frpType", "0")
        .put("smtSyncEq", "0")
        .put("spotCopyTradingEq", "0")
        .put("spotIsoBal", "0")
        .put("colRes", "0")
        .put("colBorrAutoConversion", "0")
        .put("autoLendStatus", "off")
        .put("autoLendMtAmt", "0")
        .raw("collateralEnabled", json!(false))
        .raw("collateralRestrict", json!(false))
        .blank(&UNUSED)
        .put(if push { "maxSpotInUseAmt" } else { "maxSpotInUse" }, "");
    let row = some(row, "availEq", level >= 2, funds.avail_eq());
    let row = some(row, "isoEq", level >= 2, funds.iso_eq);
    let row = some(row, "isoUpl", level >= 2, funds.iso_upl);
    let row = some(row, "upl", level >= 2, funds.upl + funds.iso_upl);
    let row = some(row, "imr", margin, funds.imr);
    let row = some(row, "mmr", margin, funds.mmr);
    let row = some(row, "liab", level >= 3, owed);
    let row =
        row.opt("mgnRatio", (margin && funds.mmr.is_positive()).then(|| funds.cross_eq().over(funds.mmr)));
    if push { row.put("coinUsdPrice", usd).done() } else { row.done() }
}

/// The row of `/account/balance`; `only` some currencies unless it is empty.
#[must_use]
pub fn balance_row(holder: &Holder, only: &str, cx: Cx<'_>) -> Value {
    let wanted = |ccy: &String| only.is_empty() || only.split(',').any(|c| c == ccy);
    let details = holder.currencies().into_iter().filter(wanted).map(|ccy| detail(holder, &ccy, false, cx));
    head(holder, cx).raw("details", Value::Array(details.collect())).done()
}

/// The push of some currencies.
#[must_use]
pub fn account_push(
    who: usize,
    holder: &Holder,
    ccys: &[String],
    event: &'static str,
    cx: Cx<'_>,
) -> PrivatePush {
    let details = ccys.iter().map(|ccy| (ccy.clone(), detail(holder, ccy, true, cx))).collect();
    let head = match head(holder, cx).done() {
        Value::Object(head) => head,
        _ => Map::new(),
    };
    PrivatePush {
        event: Some(event),
        body: Body::Account { head, details },
        ..PrivatePush::of(who, "account", Vec::new())
    }
}

/// The pushes of a snapshot, one for each page of so many rows. An empty account has one empty page.
#[must_use]
pub fn snapshot_pages<T: Clone>(
    rows: &[T],
    page_rows: usize,
    make: impl Fn(&[T], (usize, bool)) -> PrivatePush,
) -> Vec<PrivatePush> {
    if rows.is_empty() {
        return vec![make(&[], (1, true))];
    }
    let pages = rows.len().div_ceil(page_rows);
    rows.chunks(page_rows).enumerate().map(|(no, part)| make(part, (no + 1, no + 1 == pages))).collect()
}

/// The push of `balance_and_position`: only what changed.
#[must_use]
pub fn changes(
    holder: &Holder,
    who: usize,
    event: &str,
    ccys: &[String],
    positions: &[PosKey],
    trades: &[(String, i64)],
    cx: Cx<'_>,
) -> PrivatePush {
    let mut ccys = ccys.to_vec();
    let find = |key: &PosKey| holder.positions.get(key).or_else(|| holder.stale_positions.get(key));
    ccys.extend(positions.iter().filter_map(find).map(|p| p.ccy.clone()));
    ccys.sort();
    ccys.dedup();
    let balances: Vec<Value> = ccys
        .iter()
        .map(|ccy| {
            let cash = holder.cash.get(ccy).copied().unwrap_or_default();
            Row::new().put("ccy", ccy).put("cashBal", cash.bal).put("uTime", cash.u_ms).done()
        })
        .collect();
    let positions: Vec<Value> = positions.iter().filter_map(find).map(|p| short(p, cx)).collect();
    let trades: Vec<Value> =
        trades.iter().map(|(id, no)| json!({"instId": id, "tradeId": no.to_string()})).collect();
    let row = json!({"pTime": cx.ms.to_string(), "eventType": event, "balData": balances, "posData": positions, "trades": trades});
    let item =
        Item { kind: None, family: String::new(), inst_id: String::new(), algo_id: String::new(), row };
    PrivatePush::of(who, "balance_and_position", vec![item])
}

fn short(position: &Position, cx: Cx<'_>) -> Value {
    let (pos, pos_ccy) = shown(position);
    Row::new()
        .put("posId", position.id)
        .put("tradeId", if position.trade_id == 0 { String::new() } else { position.trade_id.to_string() })
        .put("instId", &position.inst.id)
        .put("instType", position.inst.kind)
        .put("mgnMode", position.mode)
        .put("posSide", position.side)
        .put("pos", pos)
        .put("ccy", &position.ccy)
        .put("posCcy", pos_ccy)
        .put("avgPx", if position.qty.is_zero() { String::new() } else { position.avg.to_string() })
        .opt("nonSettleAvgPx", position.non_settle_avg)
        .opt("settledPnl", position.non_settle_avg.map(|_| position.settled))
        .put("uTime", cx.ms)
        .done()
}
