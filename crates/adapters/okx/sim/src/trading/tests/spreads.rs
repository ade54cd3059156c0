//! Spread orders.

use serde_json::{Value, json};

use super::desk::{Desk, with};
use crate::trading::Fields;

const SPREAD: &str = "BTC-USDT_BTC-USDT-SWAP";

fn order(side: &str, kind: &str, px: &str, sz: &str) -> Value {
    json!({"sprdId": SPREAD, "side": side, "ordType": kind, "px": px, "sz": sz})
}

/// A desk whose spread trades at two above and two below 10.
fn desk() -> Desk {
    let mut desk = Desk::level(2);
    desk.board.only(SPREAD, true, &[("12", "1", 1), ("13", "5", 1)]);
    desk.board.only(SPREAD, false, &[("8", "1", 1), ("-7", "5", 1)]);
    desk
}

fn op(desk: &mut Desk, name: &str, arg: Value) -> Value {
    let map = arg.as_object().expect("an object").clone();
    let answer = desk.at(|trading, cx| trading.spread_op(0, name, Fields(&map), cx));
    answer.data.get(0).cloned().unwrap_or_else(|| json!({"sCode": answer.code.to_string()}))
}

fn placed(desk: &mut Desk, arg: Value) -> String {
    let row = op(desk, "order", arg);
    assert_eq!(row["sCode"], "0", "{row}");
    row["ordId"].as_str().expect("an id").to_owned()
}

fn found(desk: &mut Desk, id: &str) -> Value {
    desk.get("/sprd/order", json!({"ordId": id})).remove(0)
}

#[test]
fn a_limit_rests_and_is_cancelled() {
    let mut desk = desk();
    let id = placed(&mut desk, with(order("buy", "limit", "-5", "0.5"), json!({"clOrdId": "b1"})));
    let told = desk.rows_of("sprd-orders");
    assert_eq!(
        (&told[0]["state"], &told[0]["pendingFillSz"], &told[0]["px"]),
        (&json!("live"), &json!("0.5"), &json!("-5"))
    );
    assert_eq!(desk.get("/sprd/orders-pending", json!({"sprdId": SPREAD})).len(), 1);
    let row =
        op(&mut desk, "amend-order", json!({"clOrdId": "b1", "newPx": "-6", "newSz": "0.6", "reqId": "r"}));
    assert_eq!((&row["sCode"], &row["reqId"]), (&json!("0"), &json!("r")));
    let told = desk.rows_of("sprd-orders");
    assert_eq!(
        (&told[0]["px"], &told[0]["amendResult"], &told[0]["reqId"]),
        (&json!("-6"), &json!("0"), &json!("r"))
    );
    assert_eq!(op(&mut desk, "cancel-order", json!({"ordId": id}))["sCode"], "0");
    let row = found(&mut desk, &id);
    assert_eq!(
        (&row["state"], &row["cancelSource"], &row["canceledSz"]),
        (&json!("canceled"), &json!("1"), &json!("0.6"))
    );
    assert_eq!(op(&mut desk, "cancel-order", json!({"ordId": id}))["sCode"], "51400");
    assert_eq!(desk.get("/sprd/orders-history", json!({})).len(), 1);
    assert!(desk.get("/sprd/orders-history-archive", json!({})).is_empty(), "it was never filled");
}

#[test]
fn both_legs_trade() {
    let mut desk = desk();
    let id = placed(&mut desk, order("buy", "ioc", "12", "0.5"));
    let row = found(&mut desk, &id);
    assert_eq!(
        (&row["state"], &row["avgPx"], &row["accFillSz"]),
        (&json!("filled"), &json!("12"), &json!("0.5"))
    );
    let pushes = desk.pushes();
    let trade = pushes
        .iter()
        .find(|(name, _)| name == "sprd-trades")
        .map(|(_, f)| f["data"][0].clone())
        .expect("pushed");
    let legs = trade["legs"].as_array().expect("legs");
    let told: Vec<_> = legs
        .iter()
        .map(|l| format!("{} {} {} {}", l["instId"], l["side"], l["px"], l["szCont"]).replace('"', ""))
        .collect();
    assert_eq!(told, ["BTC-USDT sell 50000 0.5", "BTC-USDT-SWAP buy 50012 50"]);
    assert!(legs.iter().all(|l| l["fee"].as_str().is_some_and(|f| f.starts_with('-'))));
    assert_eq!(desk.position()["pos"], "50");
    assert_eq!(desk.cash("BTC"), "9.5");
    let kinds: Vec<_> = desk.get("/trade/fills", json!({})).iter().map(|f| f["subType"].clone()).collect();
    assert_eq!(kinds, [json!("272"), json!("271")]);
    assert_eq!(desk.get("/sprd/trades", json!({"ordId": id})).len(), 1);
    assert!(!pushes.iter().any(|(name, _)| name == "orders"), "legs are no orders of their own");
}

#[test]
fn what_does_not_fill_ends_by_its_type() {
    let mut desk = desk();
    let ioc = placed(&mut desk, order("buy", "ioc", "12", "1.5"));
    let row = found(&mut desk, &ioc);
    assert_eq!(
        (&row["state"], &row["cancelSource"], &row["accFillSz"], &row["canceledSz"]),
        (&json!("canceled"), &json!("14"), &json!("1"), &json!("0.5"))
    );
    let _ = desk.pushes();
    let crossing = placed(&mut desk, order("sell", "post_only", "8", "0.1"));
    assert_eq!(found(&mut desk, &crossing)["cancelSource"], "31");
    assert_eq!(desk.rows_of("sprd-orders").len(), 1, "only cancelled");
    let market = placed(&mut desk, order("sell", "market", "", "0.5"));
    assert_eq!(
        (&found(&mut desk, &market)["avgPx"], &found(&mut desk, &market)["px"]),
        (&json!("8"), &json!(""))
    );
    let resting = placed(&mut desk, order("buy", "limit", "5", "0.1"));
    desk.board.only(SPREAD, true, &[("4", "1", 1)]);
    desk.wait(50);
    let row = found(&mut desk, &resting);
    assert_eq!((&row["state"], &row["avgPx"]), (&json!("filled"), &json!("5")), "a maker gets its price");
}

#[test]
fn rules_of_spread_orders() {
    let mut desk = desk();
    for (code, arg) in [
        ("50014", json!({"side": "buy"})),
        ("50014", order("buy", "limit", "5", "")),
        ("51001", with(order("buy", "limit", "5", "0.1"), json!({"sprdId": "A_B"}))),
        ("51000", order("bid", "limit", "5", "0.1")),
        ("51000", order("buy", "fok", "5", "0.1")),
        ("51204", order("buy", "limit", "", "0.1")),
        ("75003", order("buy", "limit", "5.05", "0.1")),
        ("51020", order("buy", "limit", "5", "0.001")),
        ("51121", order("buy", "limit", "5", "0.015")),
        ("51000", with(order("buy", "limit", "5", "0.1"), json!({"clOrdId": "x-y"}))),
        ("51008", order("buy", "limit", "5", "100")),
    ] {
        assert_eq!(op(&mut desk, "order", arg.clone())["sCode"], code, "{arg}");
        assert!(desk.pushes().is_empty());
    }
    placed(&mut desk, with(order("buy", "limit", "0", "0.1"), json!({"clOrdId": "same"})));
    assert_eq!(
        op(&mut desk, "order", with(order("buy", "limit", "5", "0.1"), json!({"clOrdId": "same"})))["sCode"],
        "51016"
    );
    assert_eq!(op(&mut desk, "cancel-order", json!({}))["sCode"], "51003");
    assert_eq!(op(&mut desk, "amend-order", json!({"clOrdId": "same"}))["sCode"], "51500");
    assert_eq!(op(&mut desk, "amend-order", json!({"clOrdId": "other", "newSz": "1"}))["sCode"], "51503");
    assert_eq!(desk.rest("GET", "/sprd/order", json!({"ordId": "1"})).code, 51_603);
    assert_eq!(desk.rest("GET", "/sprd/order", json!({})).code, 51_003);
    desk.board.spreads_open = false;
    assert_eq!(op(&mut desk, "order", order("buy", "limit", "5", "0.1"))["sCode"], "75002");
    let mut spot = Desk::level(1);
    assert_eq!(op(&mut spot, "order", order("buy", "limit", "5", "0.1"))["sCode"], "51010");
}

#[test]
fn all_are_cancelled_at_once_or_after_a_time() {
    let mut desk = desk();
    let one = placed(&mut desk, order("buy", "limit", "5", "0.1"));
    assert_eq!(op(&mut desk, "mass-cancel", json!({"sprdId": "OTHER"}))["result"], json!(true));
    assert_eq!(found(&mut desk, &one)["state"], "live");
    op(&mut desk, "mass-cancel", json!({}));
    assert_eq!(found(&mut desk, &one)["state"], "canceled");
    let two = placed(&mut desk, order("buy", "limit", "5", "0.1"));
    assert_eq!(desk.post("/sprd/cancel-all-after", json!({"timeOut": "10"})).0, 0);
    assert_eq!(desk.post("/trade/cancel-all-after", json!({"timeOut": "10"})).0, 0);
    desk.wait(10_000);
    assert_eq!(found(&mut desk, &two)["cancelSource"], "20");
    assert_eq!(desk.post("/sprd/cancel-all-after", json!({"timeOut": "5"})).0, 51_000);
}

#[test]
fn pages_go_by_their_own_names() {
    let mut desk = desk();
    let ids: Vec<String> = (0..5).map(|_| placed(&mut desk, order("buy", "limit", "5", "0.1"))).collect();
    let list = |desk: &mut Desk, params| -> Vec<String> {
        let rows = desk.get("/sprd/orders-pending", params);
        rows.iter().map(|r| r["ordId"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(list(&mut desk, json!({"endId": ids[2]})), [ids[1].clone(), ids[0].clone()]);
    assert_eq!(list(&mut desk, json!({"beginId": ids[2], "limit": "1"})), [ids[4].clone()]);
    assert_eq!(desk.rest("GET", "/sprd/orders-pending", json!({"limit": "500"})).code, 51_000);
}
