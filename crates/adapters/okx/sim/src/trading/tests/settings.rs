//! Leverage, modes and other settings.

use serde_json::json;

use super::desk::{Desk, account, spot, swap, with};
use crate::account::Account;

#[test]
fn leverage_is_set_for_the_underlying_or_the_instrument() {
    let mut desk = Desk::level(2);
    let set = |lever: &str, more| {
        with(json!({"instId": "BTC-USDT-SWAP", "mgnMode": "cross", "lever": lever}), more)
    };
    let (code, rows) = desk.post("/account/set-leverage", set("10", json!({})));
    assert_eq!((code, &rows[0]["lever"], &rows[0]["posSide"]), (0, &json!("10"), &json!("")));
    let info = desk
        .get("/account/leverage-info", json!({"instId": "BTC-USDT-SWAP,ETH-USDT-SWAP", "mgnMode": "cross"}));
    assert_eq!((&info[0]["lever"], &info[1]["lever"]), (&json!("10"), &json!("3")));
    desk.placed(swap("buy", "limit", "45000", "10"));
    assert_eq!(desk.balance("USDT", "ordFrozen"), "452.25");
    assert_eq!(desk.post("/account/set-leverage", set("20", json!({}))).0, 59_107, "an order is open");
    for (code, body) in [
        (59_102, set("101", json!({"instId": "ETH-USDT-SWAP"}))),
        (59_105, set("0.001", json!({"instId": "ETH-USDT-SWAP"}))),
        (51_001, set("5", json!({"instId": "NO"}))),
        (51_000, set("5", json!({"mgnMode": "cash"}))),
        (50_014, set("", json!({}))),
    ] {
        assert_eq!(desk.post("/account/set-leverage", body.clone()).0, code, "{body}");
    }
    assert_eq!(Desk::level(1).post("/account/set-leverage", set("5", json!({}))).0, 51_010);
    assert_eq!(Desk::level(4).post("/account/set-leverage", set("5", json!({}))).0, 51_039);
    assert_eq!(
        Desk::level(4)
            .rest("GET", "/account/leverage-info", json!({"instId": "BTC-USDT-SWAP", "mgnMode": "cross"}))
            .code,
        59_111
    );
}

#[test]
fn isolated_leverage_of_hedged_accounts_is_per_side() {
    let mut desk = Desk::hedged();
    let set = |more| with(json!({"instId": "BTC-USDT-SWAP", "mgnMode": "isolated", "lever": "5"}), more);
    assert_eq!(desk.post("/account/set-leverage", set(json!({}))).0, 51_000);
    assert_eq!(desk.post("/account/set-leverage", set(json!({"posSide": "long"}))).1[0]["posSide"], "long");
    let info = desk.get("/account/leverage-info", json!({"instId": "BTC-USDT-SWAP", "mgnMode": "isolated"}));
    let levers: Vec<_> =
        info.iter().map(|r| format!("{} {}", r["posSide"], r["lever"]).replace('"', "")).collect();
    assert_eq!(levers, ["long 5", "short 3"]);
}

#[test]
fn new_leverage_reaches_open_positions() {
    let mut desk = Desk::level(2);
    desk.board.only("BTC-USDT-SWAP", true, &[("50000", "100", 1)]);
    desk.placed(with(swap("buy", "ioc", "50000", "12"), json!({"tdMode": "isolated"})));
    let _ = desk.pushes();
    let set = json!({"instId": "BTC-USDT-SWAP", "mgnMode": "isolated", "lever": "6"});
    assert_eq!(desk.post("/account/set-leverage", set).0, 0);
    let row = desk.position();
    assert_eq!((&row["lever"], &row["margin"]), (&json!("6"), &json!("1000")));
    assert_eq!(desk.cash("USDT"), "98997");
    let told = desk.rows_of("balance_and_position");
    assert_eq!(told[0]["eventType"], "set_leverage");
}

#[test]
fn position_mode_needs_an_idle_account() {
    let mut desk = Desk::level(2);
    let mode = |m: &str| json!({"posMode": m});
    assert_eq!(desk.post("/account/set-position-mode", mode("both")).0, 51_000);
    desk.placed(swap("buy", "limit", "45000", "1"));
    assert_eq!(desk.post("/account/set-position-mode", mode("long_short_mode")).0, 59_000);
    assert_eq!(desk.post("/account/set-position-mode", mode("net_mode")).0, 0, "it is that already");
    desk.trading
        .script(&json!({"op": "account.cancel"}), crate::trading::Cx { quotes: &desk.board, ms: desk.ms })
        .expect("sound");
    assert_eq!(desk.post("/account/set-position-mode", mode("long_short_mode")).0, 0);
    assert_eq!(desk.trading.profile(0).map(|p| p.pos_mode.as_str()), Some("long_short_mode"));
    assert_eq!(Desk::level(4).post("/account/set-position-mode", mode("long_short_mode")).0, 51_041);
}

#[test]
fn account_level_fee_type_loans_and_currency() {
    let mut desk = Desk::level(1);
    assert_eq!(desk.post("/account/set-account-level", json!({"acctLv": "2"})).1, json!([{"acctLv": "2"}]));
    desk.placed(swap("buy", "limit", "45000", "1"));
    assert_eq!(desk.post("/account/set-account-level", json!({"acctLv": "3"})).0, 59_000);
    assert_eq!(desk.post("/account/set-account-level", json!({"acctLv": "5"})).0, 51_000);
    assert_eq!(desk.post("/account/set-fee-type", json!({"feeType": "1"})).0, 0);
    assert_eq!(desk.post("/account/set-fee-type", json!({"feeType": "2"})).0, 51_000);
    assert_eq!(desk.post("/account/set-auto-loan", json!({"autoLoan": true})).1, json!([{"autoLoan": true}]));
    assert_eq!(desk.post("/account/set-settle-currency", json!({"settleCcy": "USD"})).0, 54_074);
    assert_eq!(desk.post("/account/set-settle-currency", json!({"settleCcy": "EUR"})).0, 51_000);
    let mut idle = Desk::level(2);
    assert_eq!(idle.post("/account/set-settle-currency", json!({"settleCcy": "USD"})).0, 0);
    assert_eq!(idle.post("/account/activate-feature", json!({"feature": "1"})).0, 51_773);
    assert_eq!(idle.post("/account/set-greeks", json!({"greeksType": "BS"})).0, 0);
}

#[test]
fn precheck_is_for_joint_margin() {
    let order = with(swap("buy", "limit", "45000", "1"), json!({}));
    assert_eq!(Desk::level(2).post("/trade/order-precheck", order.clone()).0, 51_010);
    let mut desk = Desk::level(3);
    let (code, rows) = desk.post("/trade/order-precheck", order);
    assert_eq!(code, 0);
    assert!(rows[0]["imrChg"].as_str().is_some_and(|n| n.starts_with("150.")), "{rows}");
    assert!(desk.get("/trade/orders-pending", json!({})).is_empty(), "nothing was placed");
    assert_eq!(desk.post("/trade/order-precheck", swap("buy", "limit", "45000.05", "1")).0, 51_150);
}

#[test]
fn the_smaller_questions_are_answered() {
    let mut desk =
        Desk::new(Account { balances: [("USDT".to_owned(), "100".to_owned())].into(), ..account(2) });
    assert_eq!(desk.get("/account/max-withdrawal", json!({}))[0]["maxWd"], "100");
    assert_eq!(desk.get("/account/risk-state", json!({}))[0]["atRisk"], json!(false));
    assert_eq!(desk.get("/account/greeks", json!({}))[0]["ccy"], "USDT");
    assert_eq!(desk.get("/account/interest-rate", json!({"ccy": "USDT"})).len(), 1);
    assert!(desk.get("/account/interest-accrued", json!({})).is_empty());
    assert!(desk.get("/account/subtypes", json!({})).iter().any(|t| t["type"] == "8"));
    assert_eq!(desk.get("/trade/account-rate-limit", json!({}))[0]["accRateLimit"], "1000");
    let loan = desk.get("/account/max-loan", json!({"instId": "BTC-USDT", "mgnMode": "cross"}));
    assert_eq!((&loan[1]["ccy"], &loan[1]["maxLoan"]), (&json!("USDT"), &json!("200")));
    desk.placed(spot("buy", "limit", "1000", "0.01"));
    assert_eq!(desk.get("/account/max-withdrawal", json!({}))[0]["maxWd"], "90");
}
