//! The rows of captured answers mean here what OKX wrote.

use std::{fs, path::PathBuf};

use okx_common::decimal::Decimal;
use okx_http::{
    Endpoint, decode_rows,
    endpoint::{
        account::{GetBalance, GetPositions},
        algo::{GetAlgoOrder, GetAlgosHistory, GetAlgosPending},
        spread::{GetSpreadFills, GetSpreadOrdersPending},
        trade::{GetFills, GetFillsHistory, GetOrder, GetOrdersHistory, GetOrdersPending},
    },
};
use serde_json::Value;

use crate::orders::{
    account::{BalanceRow, Direction, PositionRow},
    row::{AlgoRow, FillRow, OrderRow},
};

/// Each row of the captures of an endpoint, typed and as it was written.
fn captured<E: Endpoint>() -> Vec<(E::Row, Value)> {
    let folder =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../test_data/corpus/rest").join(E::SPEC.name);
    let mut rows = Vec::new();
    for file in fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let body = fs::read(file.unwrap().path()).unwrap();
        let raw: Value = serde_json::from_slice(&body).unwrap();
        let typed = decode_rows::<E>(&body).unwrap().rows;
        assert_eq!(typed.skipped, []);
        let raw = raw["data"].as_array().cloned().unwrap_or_default();
        assert_eq!(typed.items.len(), raw.len());
        rows.extend(typed.items.into_iter().zip(raw));
    }
    assert!(!rows.is_empty(), "{}", folder.display());
    rows
}

fn text(raw: &Value, field: &str) -> String {
    raw[field].as_str().unwrap_or_default().to_owned()
}

fn number(raw: &Value, field: &str) -> Option<Decimal> {
    raw[field].as_str().filter(|text| !text.is_empty()).map(|text| text.parse().unwrap())
}

fn time(raw: &Value, field: &str) -> Option<u64> {
    raw[field].as_str().filter(|text| !text.is_empty()).map(|text| text.parse().unwrap())
}

fn check_order(row: &OrderRow, raw: &Value) {
    let texts = [
        (&row.inst_id, "instId"),
        (&row.ord_id, "ordId"),
        (&row.cl_ord_id, "clOrdId"),
        (&row.algo_id, "algoId"),
        (&row.algo_cl_ord_id, "algoClOrdId"),
        (&row.fee_ccy, "feeCcy"),
    ];
    for (value, field) in texts {
        assert_eq!(*value, text(raw, field), "{field}");
    }
    for (value, field) in [(row.sz, "sz"), (row.px, "px"), (row.acc_fill_sz, "accFillSz"), (row.fee, "fee")] {
        assert_eq!(value, number(raw, field), "{field}");
    }
    assert_eq!(row.avg_px, number(raw, "avgPx").filter(|px| !px.is_zero()));
    assert_eq!((row.c_time_ms, row.u_time_ms), (time(raw, "cTime"), time(raw, "uTime")));
    assert_eq!(row.state.map(|state| state.to_string()).unwrap_or_default(), text(raw, "state"));
    assert_eq!(row.side.map(|side| side.to_string()).unwrap_or_default(), text(raw, "side"));
    assert_eq!(row.ord_type.as_ref().map(ToString::to_string).unwrap_or_default(), text(raw, "ordType"));
    assert_eq!(
        row.cancel_source.as_ref().map(ToString::to_string).unwrap_or_default(),
        text(raw, "cancelSource")
    );
    assert_eq!(row.reduce_only, text(raw, "reduceOnly") == "true");
}

#[test]
fn orders() {
    let rows = captured::<GetOrder>();
    let rows = rows.into_iter().chain(captured::<GetOrdersPending>()).chain(captured::<GetOrdersHistory>());
    for (row, raw) in rows {
        check_order(&OrderRow::from(&row), &raw);
    }
}

#[test]
fn orders_of_spreads() {
    for (row, raw) in captured::<GetSpreadOrdersPending>() {
        let row = OrderRow::from(&row);
        assert_eq!((row.inst_id, row.ord_id), (text(&raw, "sprdId"), text(&raw, "ordId")));
        assert_eq!((row.sz, row.acc_fill_sz), (number(&raw, "sz"), number(&raw, "accFillSz")));
        assert_eq!(row.state.map(|state| state.to_string()).unwrap_or_default(), text(&raw, "state"));
    }
}

#[test]
fn fills() {
    for (row, raw) in captured::<GetFills>().into_iter().chain(captured::<GetFillsHistory>()) {
        let row = FillRow::try_from(&row).unwrap();
        assert_eq!(row.trade_id.as_str(), text(&raw, "tradeId"));
        assert_eq!(
            (row.ord_id.as_str(), row.inst_id.as_str()),
            (&*text(&raw, "ordId"), &*text(&raw, "instId"))
        );
        assert_eq!((Some(row.px), Some(row.sz)), (number(&raw, "fillPx"), number(&raw, "fillSz")));
        // Of OKX negative is paid.
        let paid = row.commission.as_ref().map(|c| (c.amount, c.ccy.to_string()));
        let fee =
            number(&raw, "fee").map(|fee| (Decimal::ZERO.checked_sub(fee).unwrap(), text(&raw, "feeCcy")));
        assert_eq!(paid, fee.filter(|(_, ccy)| !ccy.is_empty()));
        assert_eq!(row.ts_ms, time(&raw, "fillTime").or(time(&raw, "ts")));
        let maker = row.exec_type.map(|exec| exec.to_string()).unwrap_or_default();
        assert_eq!(maker, text(&raw, "execType"));
    }
    for (row, raw) in captured::<GetSpreadFills>() {
        let row = FillRow::try_from(&row).unwrap();
        assert_eq!((row.trade_id.as_str(), Some(row.px)), (&*text(&raw, "tradeId"), number(&raw, "fillPx")));
    }
}

#[test]
fn strategy_orders() {
    let rows = captured::<GetAlgoOrder>();
    let rows = rows.into_iter().chain(captured::<GetAlgosPending>()).chain(captured::<GetAlgosHistory>());
    for (row, raw) in rows {
        let row = AlgoRow::from(&row);
        for (value, field) in [
            (&row.algo_id, "algoId"),
            (&row.algo_cl_ord_id, "algoClOrdId"),
            (&row.inst_id, "instId"),
            (&row.state_text, "state"),
            (&row.actual_side, "actualSide"),
            (&row.fail_code, "failCode"),
        ] {
            assert_eq!(*value, text(&raw, field), "{field}");
        }
        assert_eq!(row.tp, (number(&raw, "tpTriggerPx"), number(&raw, "tpOrdPx")));
        assert_eq!(row.sl, (number(&raw, "slTriggerPx"), number(&raw, "slOrdPx")));
        assert_eq!((row.sz, row.u_time_ms), (number(&raw, "sz"), time(&raw, "uTime")));
        let made = text(&raw, "ordId");
        assert!(made.is_empty() || row.ord_ids.contains(&made), "{made}");
        assert!(row.ord_ids.iter().all(|id| !id.is_empty()));
    }
}

#[test]
fn balances() {
    for (row, raw) in captured::<GetBalance>() {
        let details = raw["details"].as_array().unwrap();
        assert_eq!(row.details.len(), details.len());
        for (row, raw) in row.details.iter().zip(details) {
            let row = BalanceRow::of(row).unwrap();
            assert_eq!(row.ccy.as_str(), text(raw, "ccy"));
            for (value, field) in [
                (row.cash_bal, "cashBal"),
                (row.eq, "eq"),
                (row.avail_bal, "availBal"),
                (row.avail_eq, "availEq"),
                (row.frozen_bal, "frozenBal"),
                (row.ord_frozen, "ordFrozen"),
                (row.upl, "upl"),
                (row.liab, "liab"),
                (row.imr, "imr"),
                (row.mmr, "mmr"),
            ] {
                assert_eq!(value, number(raw, field), "{field}");
            }
            assert_eq!(row.u_time_ms, time(raw, "uTime"));
        }
    }
}

#[test]
fn positions() {
    for (row, raw) in captured::<GetPositions>() {
        let row = PositionRow::from(&row);
        assert_eq!(
            (row.inst_id.as_str(), row.pos_id.as_str()),
            (&*text(&raw, "instId"), &*text(&raw, "posId"))
        );
        assert_eq!((row.pos_ccy.as_str(), row.ccy.as_str()), (&*text(&raw, "posCcy"), &*text(&raw, "ccy")));
        for (value, field) in [
            (row.pos, "pos"),
            (row.avg_px, "avgPx"),
            (row.imr, "imr"),
            (row.margin, "margin"),
            (row.mmr, "mmr"),
            (row.lever, "lever"),
        ] {
            assert_eq!(value, number(&raw, field), "{field}");
        }
        let is_flat = number(&raw, "pos").is_none_or(Decimal::is_zero);
        assert_eq!(row.direction() == Direction::Flat, is_flat);
    }
}
