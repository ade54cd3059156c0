//! What is free, frozen and in use.

use serde_json::json;

use super::desk::{Desk, account, spot, swap};
use crate::account::Account;

#[test]
fn an_opening_order_freezes_margin_and_fee() {
    let mut desk = Desk::level(2);
    let id = desk.placed(swap("buy", "limit", "45000", "10"));
    // 4500 USDT at threefold leverage, and 2.25 of fee.
    assert_eq!(desk.balance("USDT", "ordFrozen"), "1502.25");
    assert_eq!(desk.balance("USDT", "availEq"), "98497.75");
    desk.cancel("BTC-USDT-SWAP", &id);
    assert_eq!(desk.balance("USDT", "availEq"), "100000");
}

#[test]
fn a_position_uses_margin_at_the_mark_price() {
    let mut desk = Desk::level(2);
    desk.board.only("BTC-USDT-SWAP", true, &[("50000", "100", 1)]);
    desk.placed(swap("buy", "ioc", "50000", "60"));
    let row = desk.position();
    assert_eq!((&row["imr"], &row["mmr"], &row["lever"]), (&json!("10000"), &json!("120"), &json!("3")));
    // 15 of fee were paid.
    assert_eq!(desk.balance("USDT", "availEq"), "89985");
    desk.board.go("BTC-USDT-SWAP", "53000");
    assert_eq!(desk.balance("USDT", "upl"), "1800");
    assert_eq!(desk.balance("USDT", "eq"), "101785");
    assert_eq!(desk.balance("USDT", "availEq"), "91185");
}

#[test]
fn an_order_that_closes_needs_no_margin_even_if_none_is_left() {
    let mut desk =
        Desk::new(Account { balances: [("USDT".to_owned(), "1700".to_owned())].into(), ..account(2) });
    desk.placed(swap("buy", "ioc", "50001", "10"));
    assert_eq!(desk.refused(swap("buy", "ioc", "50001", "10")), "51008");
    desk.placed(swap("sell", "ioc", "50000", "10"));
    assert!(desk.get("/account/positions", json!({})).is_empty());
}

#[test]
fn spot_and_margin_draw_on_the_same_money() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "limit", "45000", "300"));
    let free: f64 = desk.balance("USDT", "availBal").parse().expect("a number");
    assert!((free - 54_932.5).abs() < 1e-9, "{free}");
    assert_eq!(desk.refused(spot("buy", "limit", "49000", "1.2")), "51008");
    desk.placed(spot("buy", "limit", "49000", "1.1"));
}

#[test]
fn sizes_say_what_can_be_ordered() {
    let mut desk = Desk::level(2);
    let rows = desk.get("/account/max-size", json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross"}));
    let most = rows[0]["maxBuy"].as_str().expect("a size").to_owned();
    assert_eq!(most, "599", "three times 100,000 less fees, in contracts of 500");
    desk.placed(swap("buy", "limit", "50000", &most));
    let mut desk = Desk::level(1);
    let rows = desk.get("/account/max-avail-size", json!({"instId": "BTC-USDT", "tdMode": "cash"}));
    assert_eq!((&rows[0]["availBuy"], &rows[0]["availSell"]), (&json!("100000"), &json!("10")));
    let rows = desk.get("/account/max-size", json!({"instId": "BTC-USDT", "tdMode": "cash", "px": "50000"}));
    assert_eq!((&rows[0]["maxBuy"], &rows[0]["maxSell"]), (&json!("2"), &json!("500000")));
}

#[test]
fn account_modes_fill_different_fields() {
    for level in 1..=4 {
        let mut desk = Desk::level(level);
        let row = desk.get("/account/balance", json!({})).remove(0);
        let there = |name: &str| row[name] != "";
        assert_eq!((there("adjEq"), there("isoEq")), (level >= 3, level >= 2), "level {level}");
        let one = &row["details"][0];
        assert_eq!((one["availEq"] != "", one["imr"] != ""), (level >= 2, level == 2), "level {level}");
        assert_eq!(row["totalEq"], "1030000", "level {level}");
    }
}

#[test]
fn only_currencies_with_something_in_them_are_listed() {
    let mut desk = Desk::new(Account {
        balances: [("USDT".to_owned(), "10".to_owned()), ("BTC".to_owned(), "0".to_owned())].into(),
        ..account(1)
    });
    let row = desk.get("/account/balance", json!({})).remove(0);
    assert_eq!(row["details"].as_array().map(Vec::len), Some(1));
    assert_eq!(desk.get("/account/balance", json!({"ccy": "EUR"}))[0]["details"], json!([]));
}

#[test]
fn fees_follow_the_level_and_the_group() {
    let mut desk = Desk::new(Account { vip: 5, ..account(2) });
    let row = desk.get("/account/trade-fee", json!({"instType": "SWAP"})).remove(0);
    assert_eq!(
        (&row["level"], &row["maker"], &row["taker"]),
        (&json!("VIP5"), &json!("-0.0001"), &json!("-0.0003"))
    );
    let group =
        row["feeGroup"].as_array().expect("groups").iter().find(|g| g["groupId"] == "4").expect("listed");
    assert_eq!(group["taker"], "-0.0003");
    let id = desk.placed(swap("buy", "ioc", "50000.1", "10"));
    assert_eq!(desk.order("BTC-USDT-SWAP", &id)["fee"], "-1.500003");
    desk.board.change("BTC-USDT", "groupId", json!("11"));
    let free = desk.placed(spot("buy", "ioc", "50000.1", "0.1"));
    assert_eq!(desk.order("BTC-USDT", &free)["fee"], "0");
    assert_eq!(desk.rest("GET", "/account/trade-fee", json!({})).code, 50_014);
    assert_eq!(desk.rest("GET", "/account/trade-fee", json!({"instType": "X"})).code, 51_000);
}

#[test]
fn makers_of_high_levels_get_a_rebate() {
    let mut desk = Desk::new(Account { vip: 9, ..account(1) });
    let id = desk.placed(spot("sell", "limit", "51000", "0.1"));
    desk.script(json!({"op": "account.fill", "ordId": id}));
    let row = desk.order("BTC-USDT", &id);
    assert_eq!(
        (&row["rebate"], &row["rebateCcy"], &row["fee"]),
        (&json!("0.255"), &json!("USDT"), &json!("0"))
    );
    assert_eq!(desk.cash("USDT"), "105100.255");
}

#[test]
fn spot_fees_in_quote_currency_if_the_account_wants_them() {
    let mut desk = Desk::new(Account { fee_type: "1".into(), ..account(1) });
    let id = desk.placed(spot("buy", "ioc", "50000.1", "0.1"));
    let row = desk.order("BTC-USDT", &id);
    assert_eq!((&row["feeCcy"], &row["fee"]), (&json!("USDT"), &json!("-5.00001")));
    assert_eq!(desk.cash("BTC"), "10.1");
}
