//! What is sent has the fields and types of real and documented payloads.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::{Value, json};

use super::desk::{Desk, account, spot, swap, with};
use crate::account::Account;

fn corpus(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test_data/corpus").join(name);
    let text = fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&text).expect("JSON")
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

/// Fields of the example that are missing here or of another type, and fields here that no example has.
fn differences(ours: &Value, theirs: &[Value], unknown: &[&str], ignored: &[&str]) -> Vec<String> {
    let mut known: BTreeMap<&str, &'static str> = BTreeMap::new();
    for row in theirs {
        known.extend(row.as_object().expect("an object").iter().map(|(k, v)| (k.as_str(), kind(v))));
    }
    let ours = ours.as_object().expect("an object");
    let mut found = Vec::new();
    for (name, want) in known.iter().filter(|(name, _)| !ignored.contains(name)) {
        match ours.get(*name).map(kind) {
            None => found.push(format!("no {name}")),
            Some(have) if have != *want => found.push(format!("{name} is {have}, not {want}")),
            Some(_) => {}
        }
    }
    let extra = ours.keys().filter(|k| !known.contains_key(k.as_str()) && !unknown.contains(&k.as_str()));
    found.extend(extra.map(|name| format!("{name} is unknown")));
    found
}

fn row(name: &str) -> Value {
    corpus(name)["data"][0].clone()
}

#[test]
fn orders() {
    let mut desk = Desk::level(2);
    let id = desk.placed(with(swap("buy", "limit", "50000.1", "10"), json!({"clOrdId": "a"})));
    let rest = desk.order("BTC-USDT-SWAP", &id);
    let examples = [
        row("rest/trade-order-get/index__1.json"),
        row("rest/trade-order-get/jkorf__1.json"),
        row("rest/trade-orders-pending/nautilus__1.json"),
    ];
    assert_eq!(differences(&rest, &examples, &["tradeQuoteCcy", "outcome"], &[]), [""; 0]);
    let pushed = desk.rows_of("orders");
    let examples = [
        row("ws/orders/vidulum-C__008.json"),
        row("ws/orders/tradebot__1.json"),
        row("ws/orders/vidulum-A__000.json"),
    ];
    for ours in &pushed {
        assert_eq!(differences(ours, &examples, &[], &[]), [""; 0]);
    }
    let mut spot_desk = Desk::level(1);
    spot_desk.placed(spot("buy", "market", "", "100"));
    for ours in spot_desk.rows_of("orders") {
        assert_eq!(differences(&ours, &examples, &[], &[]), [""; 0]);
    }
}

#[test]
fn fills_and_bills() {
    let mut desk = Desk::level(1);
    desk.placed(spot("buy", "ioc", "50000.1", "0.1"));
    let fill = desk.get("/trade/fills", json!({})).remove(0);
    assert_eq!(
        differences(&fill, &[row("rest/trade-fills/jkorf__1.json")], &["subType", "tradeQuoteCcy"], &[]),
        [""; 0]
    );
    let bill = desk.get("/account/bills", json!({})).remove(0);
    assert_eq!(
        differences(&bill, &[row("rest/account-bills/jkorf__1.json")], &["earnAmt", "earnApr"], &[]),
        [""; 0]
    );
    let pushed = desk.rows_of("fills").remove(0);
    assert_eq!(differences(&pushed, &[row("ws/fills/jkorf__1.json")], &["clOrdId"], &[]), [""; 0]);
}

#[test]
fn balances() {
    let mut desk = Desk::level(2);
    let rest = desk.get("/account/balance", json!({})).remove(0);
    let theirs = row("rest/account-balance/nautilus__1.json");
    // Fields of the reference of 2026-08 that the older capture has not, and WebSocket's name of a limit in it.
    let new = ["delta", "deltaLever", "deltaNeutralStatus", "availEq"];
    assert_eq!(differences(&rest, std::slice::from_ref(&theirs), &new, &[]), [""; 0]);
    let detail = &rest["details"][0];
    let new = [
        "autoLendStatus",
        "autoLendMtAmt",
        "colRes",
        "colBorrAutoConversion",
        "collateralRestrict",
        "frpType",
        "maxSpotInUse",
    ];
    assert_eq!(differences(detail, &[theirs["details"][0].clone()], &new, &["maxSpotInUseAmt"]), [""; 0]);
    desk.placed(swap("buy", "ioc", "50000.1", "10"));
    desk.wait(60);
    let pushed = desk.rows_of("account").remove(0);
    let theirs = row("ws/account/fastmm__1.json");
    assert_eq!(differences(&pushed, std::slice::from_ref(&theirs), &[], &[]), [""; 0]);
    // Staking fields that no reference has.
    assert_eq!(
        differences(
            &pushed["details"][0],
            &[theirs["details"][0].clone()],
            &[],
            &["autoLendAmt", "autoStakingStatus"]
        ),
        [""; 0]
    );
}

#[test]
fn positions() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50000.1", "10"));
    let rest = desk.position();
    let theirs =
        [row("rest/account-positions/okx-docs-2026-08__1.json"), row("rest/account-positions/ccxt__2.json")];
    assert_eq!(differences(&rest, &theirs, &["maxSpotInUseAmt"], &[]), [""; 0]);
    desk.wait(60);
    let pushed = desk.rows_of("positions").remove(0);
    let new =
        ["baseBal", "quoteBal", "hedgedPos", "usdPx", "bePx", "nonSettleAvgPx", "settledPnl", "bizRefId"];
    assert_eq!(differences(&pushed, &[row("ws/positions/jkorf__1.json")], &new, &[]), [""; 0]);
    desk.placed(swap("sell", "ioc", "50000", "10"));
    let past = desk.get("/account/positions-history", json!({})).remove(0);
    assert_eq!(
        differences(
            &past,
            &[row("rest/account-positions-history/ccxt__1.json")],
            &["posSide", "nonSettleAvgPx", "settledPnl"],
            &[]
        ),
        [""; 0]
    );
    let both = desk.rows_of("balance_and_position").pop().expect("pushed");
    let theirs = row("ws/balance_and_position/jkorf__1.json");
    assert_eq!(differences(&both, std::slice::from_ref(&theirs), &[], &[]), [""; 0]);
    assert_eq!(
        differences(
            &both["posData"][0],
            &[theirs["posData"][0].clone()],
            &["nonSettleAvgPx", "settledPnl"],
            &[]
        ),
        [""; 0]
    );
    assert_eq!(differences(&both["balData"][0], &[theirs["balData"][0].clone()], &[], &[]), [""; 0]);
}

#[test]
fn conditional_orders() {
    let mut desk = Desk::level(2);
    let order = json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "sell", "ordType": "conditional", "sz": "5", "slTriggerPx": "49000", "slOrdPx": "-1"});
    desk.post("/trade/order-algo", order.clone());
    let rest = desk.get("/trade/orders-algo-pending", json!({"ordType": "conditional"})).remove(0);
    let theirs = [
        row("rest/trade-orders-algo-pending/tradebot__1.json"),
        row("rest/trade-order-algo-get/jkorf__1.json"),
    ];
    assert_eq!(differences(&rest, &theirs, &["tpOrdKind"], &[]), [""; 0]);
    let pushed = desk.rows_of("orders-algo").remove(0);
    let new = [
        "activePx",
        "advanceOrdType",
        "aggressiveness",
        "callbackRatio",
        "callbackSpread",
        "chaseType",
        "chaseVal",
        "isTradeBorrowMode",
        "linkedOrd",
        "lmtOrderNumber",
        "maxChaseType",
        "maxChaseVal",
        "moveTriggerPx",
        "pxLimit",
        "pxSpread",
        "pxVar",
        "szLimit",
        "timeInterval",
        "tpOrdKind",
        "tradeQuoteCcy",
        "triggerPxType",
        "uTime",
    ];
    assert_eq!(
        differences(
            &pushed,
            &[row("ws/orders-algo/okx-docs-2025-07__1.json"), row("ws/orders-algo/jkorf__1.json")],
            &new,
            &[]
        ),
        [""; 0]
    );
}

#[test]
fn spreads() {
    let mut desk = Desk::level(2);
    desk.board.only("BTC-USDT_BTC-USDT-SWAP", true, &[("12", "1", 1)]);
    let order = json!({"sprdId": "BTC-USDT_BTC-USDT-SWAP", "side": "buy", "ordType": "limit", "px": "12", "sz": "1.5"});
    let (_, placed) = desk.post("/sprd/order", order);
    let theirs = row("rest/sprd-order/okx-docs-2026-08__1.json");
    assert_eq!(differences(&placed[0], &[theirs], &[], &[]), [""; 0]);
    let pushes = desk.pushes();
    let pushed = |channel: &str| {
        pushes.iter().find(|(name, _)| name == channel).map(|(_, f)| f["data"][0].clone()).expect("pushed")
    };
    assert_eq!(
        differences(&pushed("sprd-orders"), &[row("ws/sprd-orders/nautilus__1.json")], &[], &[]),
        [""; 0]
    );
    let trade = pushed("sprd-trades");
    let theirs = row("rest/sprd-trades/okx-docs-2026-08__1.json");
    assert_eq!(differences(&trade, std::slice::from_ref(&theirs), &[], &[]), [""; 0]);
    assert_eq!(differences(&trade["legs"][0], &[theirs["legs"][0].clone()], &[], &[]), [""; 0]);
    let pending = desk.get("/sprd/orders-pending", json!({})).remove(0);
    assert_eq!(
        differences(&pending, &[row("rest/sprd-orders-pending/okx-docs-2026-08__1.json")], &[], &[]),
        [""; 0]
    );
}

#[test]
fn answers() {
    let mut desk = Desk::new(Account { market_maker: true, ..account(4) });
    let (placed, _) =
        (desk.request(0, crate::trading::Op::Place, &[swap("buy", "limit", "49000", "1")], false, false), ());
    assert_eq!(
        differences(&placed.data[0], &[row("rest/trade-order-post/pycex__1.json")], &[], &[]),
        [""; 0]
    );
    let body: Value = serde_json::from_str(&placed.body(1)).expect("JSON");
    assert_eq!(differences(&body, &[corpus("rest/trade-order-post/pycex__1.json")], &[], &[]), [""; 0]);
    let id = placed.data[0]["ordId"].clone();
    let amended =
        desk.one(crate::trading::Op::Amend, json!({"instId": "BTC-USDT-SWAP", "ordId": id, "newSz": "2"}));
    assert_eq!(
        differences(&amended, &[row("ws/op-amend-order/okx-docs-2026-08__1.json")], &[], &[]),
        [""; 0]
    );
    let canceled = desk.one(crate::trading::Op::Cancel, json!({"instId": "BTC-USDT-SWAP", "ordId": id}));
    assert_eq!(differences(&canceled, &[row("rest/trade-cancel-order/pycex__1.json")], &[], &[]), [""; 0]);
    let refused =
        desk.request(0, crate::trading::Op::Place, &[swap("buy", "limit", "49000.05", "1")], false, false);
    assert_eq!(refused.msg, corpus("rest/trade-order-post/index__1.json")["msg"]);
    let (_, rows) = desk.post("/trade/order-algo", json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "trigger", "sz": "1", "triggerPx": "51000", "orderPx": "-1"}));
    assert_eq!(differences(&rows[0], &[row("rest/trade-order-algo-post/ccxt__1.json")], &[], &[]), [""; 0]);
    let (_, rows) =
        desk.post("/trade/cancel-algos", json!([{"instId": "BTC-USDT-SWAP", "algoId": rows[0]["algoId"]}]));
    assert_eq!(differences(&rows[0], &[row("rest/trade-cancel-algos/ccxt__1.json")], &[], &[]), [""; 0]);
}

#[test]
fn what_accounts_are_told_about_themselves() {
    let mut desk = Desk::level(2);
    let get = |desk: &mut Desk, path: &str, params| desk.get(path, params).remove(0);
    let swap_cross = json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "mgnMode": "cross"});
    let cases = [
        ("/account/max-size", swap_cross.clone(), "rest/account-max-size/jkorf__1.json", &[][..]),
        ("/account/max-avail-size", swap_cross.clone(), "rest/account-max-avail-size/jkorf__1.json", &[]),
        ("/account/leverage-info", swap_cross, "rest/account-leverage-info/jkorf__1.json", &["ccy"]),
        (
            "/account/trade-fee",
            json!({"instType": "SWAP"}),
            "rest/account-trade-fee/okx-docs-2026-08__1.json",
            &[],
        ),
        ("/account/greeks", json!({}), "rest/account-greeks/jkorf__1.json", &[]),
        ("/account/risk-state", json!({}), "rest/account-risk-state/okx-docs-2026-08__1.json", &[]),
        ("/account/max-withdrawal", json!({}), "rest/account-max-withdrawal/jkorf__1.json", &[]),
        (
            "/account/max-loan",
            json!({"instId": "BTC-USDT", "mgnMode": "cross"}),
            "rest/account-max-loan/jkorf__1.json",
            &[],
        ),
        (
            "/account/account-position-risk",
            json!({}),
            "rest/account-account-position-risk/jkorf__1.json",
            &[],
        ),
        ("/trade/account-rate-limit", json!({}), "rest/trade-account-rate-limit/jkorf__1.json", &[]),
        ("/account/subtypes", json!({}), "rest/account-subtypes/okx-docs-2026-08__1.json", &[]),
        ("/account/interest-rate", json!({}), "rest/account-interest-rate/ccxt__1.json", &[]),
    ];
    for (path, params, example, unknown) in cases {
        let ours = get(&mut desk, path, params);
        assert_eq!(differences(&ours, &[row(example)], unknown, &[]), [""; 0], "{path}");
    }
    let (_, rows) = desk
        .post("/account/set-leverage", json!({"instId": "BTC-USDT-SWAP", "mgnMode": "cross", "lever": "5"}));
    assert_eq!(differences(&rows[0], &[row("rest/account-set-leverage/pycex__1.json")], &[], &[]), [""; 0]);
    let (_, rows) = Desk::level(3).post("/trade/order-precheck", swap("buy", "limit", "45000", "1"));
    assert_eq!(differences(&rows[0], &[row("rest/trade-order-precheck/jkorf__1.json")], &[], &[]), [""; 0]);
    desk.placed(swap("buy", "ioc", "50001", "1"));
    let (_, rows) =
        desk.post("/trade/close-position", json!({"instId": "BTC-USDT-SWAP", "mgnMode": "cross"}));
    assert_eq!(differences(&rows[0], &[row("rest/trade-close-position/jkorf__1.json")], &[], &[]), [""; 0]);
}
