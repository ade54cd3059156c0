//! What lists still show, and how they are paged.

use serde_json::json;

use super::desk::{Desk, spot, swap};

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;

#[test]
fn unfilled_cancels_vanish_after_two_hours() {
    let mut desk = Desk::level(1);
    let unfilled = desk.placed(spot("buy", "limit", "49000", "0.1"));
    desk.cancel("BTC-USDT", &unfilled);
    let filled = desk.placed(spot("buy", "ioc", "50000.1", "0.1"));
    let partly = desk.placed(spot("buy", "ioc", "50000.1", "1.5"));
    let ids = |desk: &mut Desk, path: &str| -> Vec<String> {
        let rows = desk.get(path, json!({"instType": "SPOT"}));
        rows.iter().map(|r| r["ordId"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(ids(&mut desk, "/trade/orders-history"), [partly.clone(), filled.clone(), unfilled.clone()]);
    assert_eq!(
        ids(&mut desk, "/trade/orders-history-archive"),
        [partly.clone(), filled.clone()],
        "never archived"
    );
    desk.wait(2 * HOUR + 1);
    assert_eq!(ids(&mut desk, "/trade/orders-history"), [partly.clone(), filled.clone()]);
    assert_eq!(
        desk.rest("GET", "/trade/order", json!({"instId": "BTC-USDT", "ordId": unfilled})).code,
        51_603
    );
    assert_eq!(desk.order("BTC-USDT", &partly)["state"], "canceled");
    desk.wait(7 * DAY);
    assert!(ids(&mut desk, "/trade/orders-history").is_empty());
    assert_eq!(ids(&mut desk, "/trade/orders-history-archive").len(), 2);
    desk.wait(90 * DAY);
    assert!(ids(&mut desk, "/trade/orders-history-archive").is_empty());
}

#[test]
fn fills_are_shown_for_three_days_and_their_history_for_three_months() {
    let mut desk = Desk::level(1);
    desk.placed(spot("buy", "ioc", "50000.1", "0.1"));
    desk.wait(3 * DAY + 1);
    assert!(desk.get("/trade/fills", json!({})).is_empty());
    assert_eq!(desk.get("/trade/fills-history", json!({"instType": "SPOT"})).len(), 1);
    assert_eq!(desk.rest("GET", "/trade/fills-history", json!({})).code, 50_014);
    assert_eq!(desk.rest("GET", "/trade/orders-history", json!({})).code, 50_014);
    desk.wait(90 * DAY);
    assert!(desk.get("/trade/fills-history", json!({"instType": "SPOT"})).is_empty());
}

#[test]
fn pages_go_back_by_id() {
    let mut desk = Desk::level(1);
    let mut ids: Vec<String> = Vec::new();
    for _ in 0..250 {
        ids.push(desk.placed(spot("buy", "limit", "1000", "0.001")));
        desk.wait(1);
    }
    ids.reverse();
    let mut seen = Vec::new();
    loop {
        let after = seen.last().cloned().unwrap_or_default();
        let rows = desk.get("/trade/orders-pending", json!({"after": after, "limit": "100"}));
        if rows.is_empty() {
            break;
        }
        assert!(rows.len() <= 100);
        seen.extend(rows.iter().map(|r| r["ordId"].as_str().unwrap_or_default().to_owned()));
    }
    assert_eq!(seen, ids, "each once, newest first");
    let rows = desk.get("/trade/orders-pending", json!({"before": ids[3]}));
    assert_eq!(rows.len(), 3, "before is newer");
    let rows = desk.get("/trade/orders-pending", json!({"before": ids[9], "after": ids[4], "limit": "2"}));
    let got: Vec<_> = rows.iter().map(|r| r["ordId"].as_str().unwrap_or_default()).collect();
    assert_eq!(got, [&ids[5], &ids[6]]);
    let some_ms: u64 =
        desk.order("BTC-USDT", &ids[100])["cTime"].as_str().and_then(|t| t.parse().ok()).expect("a time");
    let rows = desk.get(
        "/trade/orders-pending",
        json!({"begin": some_ms.to_string(), "end": (some_ms + 9).to_string()}),
    );
    assert_eq!(rows.len(), 10);
    for bad in [json!({"limit": "101"}), json!({"limit": "0"}), json!({"after": "x"})] {
        assert_eq!(desk.rest("GET", "/trade/orders-pending", bad).code, 51_000);
    }
}

#[test]
fn lists_are_filtered() {
    let mut desk = Desk::level(2);
    desk.placed(spot("buy", "limit", "49000", "0.1"));
    desk.placed(swap("buy", "limit", "49000", "1"));
    desk.placed(swap("buy", "post_only", "49000", "1"));
    let count = |desk: &mut Desk, params| desk.get("/trade/orders-pending", params).len();
    assert_eq!(count(&mut desk, json!({"instType": "SWAP"})), 2);
    assert_eq!(count(&mut desk, json!({"instFamily": "BTC-USDT"})), 2);
    assert_eq!(count(&mut desk, json!({"ordType": "post_only"})), 1);
    assert_eq!(count(&mut desk, json!({"state": "partially_filled"})), 0);
    assert_eq!(count(&mut desk, json!({"instId": "BTC-USDT"})), 1);
}

#[test]
fn positions_are_listed_by_type_id_and_time() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50001", "1"));
    desk.wait(5);
    desk.placed(
        json!({"instId": "BTC-USD-SWAP", "tdMode": "cross", "side": "buy", "ordType": "market", "sz": "1"}),
    );
    let rows = desk.get("/account/positions", json!({}));
    let ids: Vec<_> = rows.iter().map(|r| r["instId"].as_str().unwrap_or_default()).collect();
    assert_eq!(ids, ["BTC-USD-SWAP", "BTC-USDT-SWAP"], "newest first");
    assert_eq!(desk.get("/account/positions", json!({"instId": "BTC-USDT-SWAP,X"})).len(), 1);
    assert_eq!(desk.get("/account/positions", json!({"posId": rows[0]["posId"]})).len(), 1);
    assert_eq!(desk.get("/account/positions", json!({"instType": "FUTURES"})).len(), 0);
    let risk = desk.get("/account/account-position-risk", json!({})).remove(0);
    assert_eq!(risk["posData"].as_array().map(Vec::len), Some(2));
}
