//! Positions in swaps and options.

use serde_json::json;

use super::desk::{Desk, account, swap, with};
use crate::{account::Account, trading::Op};

#[test]
fn a_net_position_opens_grows_shrinks_and_turns() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50000.1", "10"));
    desk.board.go("BTC-USDT-SWAP", "51000");
    desk.placed(swap("buy", "ioc", "51000.1", "10"));
    let row = desk.position();
    assert_eq!(
        (&row["pos"], &row["avgPx"], &row["posSide"], &row["mgnMode"]),
        (&json!("20"), &json!("50500.1"), &json!("net"), &json!("cross"))
    );
    assert_eq!(row["upl"], "99.98", "20 contracts of 0.01 BTC from 50500.1 to the mark at 51000");
    desk.placed(swap("sell", "ioc", "51000", "5"));
    let row = desk.position();
    assert_eq!(
        (&row["pos"], &row["pnl"], &row["avgPx"]),
        (&json!("15"), &json!("24.995"), &json!("50500.1"))
    );
    desk.placed(swap("sell", "ioc", "51000", "25"));
    let row = desk.position();
    assert_eq!((&row["pos"], &row["avgPx"], &row["pnl"]), (&json!("-10"), &json!("51000"), &json!("0")));
    let past = desk.get("/account/positions-history", json!({}));
    assert_eq!(past.len(), 1);
    assert_eq!(
        (&past[0]["pnl"], &past[0]["direction"], &past[0]["closeTotalPos"], &past[0]["type"]),
        (&json!("99.98"), &json!("long"), &json!("20"), &json!("2"))
    );
    assert_eq!(
        (&past[0]["openAvgPx"], &past[0]["closeAvgPx"], &past[0]["openMaxPos"]),
        (&json!("50500.1"), &json!("51000"), &json!("20"))
    );
}

#[test]
fn gains_and_fees_go_to_the_balance() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50000.1", "10"));
    // 10 contracts are 0.1 BTC: 5000.01 USDT at 0.05 %.
    assert_eq!(desk.cash("USDT"), "99997.499995");
    desk.board.go("BTC-USDT-SWAP", "52000");
    let id = desk.placed(swap("sell", "ioc", "52000", "10"));
    let row = desk.order("BTC-USDT-SWAP", &id);
    assert_eq!(
        (&row["pnl"], &row["fee"], &row["feeCcy"]),
        (&json!("199.99"), &json!("-2.6"), &json!("USDT"))
    );
    assert_eq!(desk.cash("USDT"), "100194.889995");
    let bills = desk.get("/account/bills", json!({"ccy": "USDT"}));
    assert_eq!(
        (&bills[0]["balChg"], &bills[0]["pnl"], &bills[0]["fee"], &bills[0]["subType"]),
        (&json!("197.39"), &json!("199.99"), &json!("-2.6"), &json!("5"))
    );
    assert_eq!(bills[1]["subType"], "3", "opened long");
    assert!(desk.get("/account/positions", json!({})).is_empty());
}

#[test]
fn inverse_swaps_settle_in_coin() {
    let mut desk = Desk::level(2);
    let order = |side: &str, px: &str| json!({"instId": "BTC-USD-SWAP", "tdMode": "cross", "side": side, "ordType": "ioc", "px": px, "sz": "100"});
    desk.board.only("BTC-USD-SWAP", true, &[("50000", "1000", 1)]);
    let id = desk.placed(order("buy", "50000"));
    let row = desk.order("BTC-USD-SWAP", &id);
    assert_eq!((&row["fee"], &row["feeCcy"]), (&json!("-0.0001"), &json!("BTC")), "10,000 USD are 0.2 BTC");
    desk.board.go("BTC-USD-SWAP", "100000");
    let row = desk.position();
    assert_eq!(
        (&row["upl"], &row["ccy"], &row["notionalUsd"]),
        (&json!("0.1"), &json!("BTC"), &json!("10000"))
    );
    desk.placed(order("sell", "100000"));
    assert_eq!(desk.cash("BTC"), "10.09985");
}

#[test]
fn usd_margined_swaps_settle_in_the_account_s_currency() {
    let mut desk = Desk::level(2);
    let id = desk.placed(json!({"instId": "BTC-USD_UM-SWAP", "tdMode": "cross", "side": "buy", "ordType": "market", "sz": "100"}));
    let row = desk.order("BTC-USD_UM-SWAP", &id);
    assert_eq!(
        (&row["feeCcy"], &row["ccy"], &row["state"]),
        (&json!("USDC"), &json!("USDC"), &json!("filled"))
    );
    assert_eq!(desk.position()["ccy"], "USDC");
    assert_eq!(desk.cash("USDC"), "99999.7499995");
}

#[test]
fn hedged_accounts_hold_both_sides() {
    let mut desk = Desk::hedged();
    let order = |side: &str, pos: &str, sz: &str| with(swap(side, "market", "", sz), json!({"posSide": pos}));
    desk.placed(order("buy", "long", "5"));
    desk.placed(order("sell", "short", "3"));
    let rows = desk.get("/account/positions", json!({"instType": "SWAP"}));
    let mut sides: Vec<_> =
        rows.iter().map(|r| format!("{} {}", r["posSide"], r["pos"]).replace('"', "")).collect();
    sides.sort();
    assert_eq!(sides, ["long 5", "short 3"], "sizes have no sign");
    desk.placed(order("buy", "short", "3"));
    desk.placed(order("sell", "long", "2"));
    let row = desk.position();
    assert_eq!((&row["posSide"], &row["pos"], &row["availPos"]), (&json!("long"), &json!("3"), &json!("3")));
    let bills = desk.get("/account/bills", json!({}));
    let kinds: Vec<_> = bills.iter().rev().map(|b| b["subType"].as_str().unwrap_or_default()).collect();
    assert_eq!(kinds, ["3", "4", "6", "5"]);
}

#[test]
fn an_isolated_position_has_its_own_margin() {
    let mut desk = Desk::level(2);
    desk.board.only("BTC-USDT-SWAP", true, &[("50000", "100", 1)]);
    let order =
        |side: &str, px: &str, sz: &str| with(swap(side, "ioc", px, sz), json!({"tdMode": "isolated"}));
    desk.placed(order("buy", "50000", "12"));
    // 0.12 BTC are 6000 USDT at threefold leverage, and 3 USDT of fee.
    let row = desk.position();
    assert_eq!(
        (&row["margin"], &row["lever"], &row["mgnMode"], &row["imr"]),
        (&json!("2000"), &json!("3"), &json!("isolated"), &json!(""))
    );
    assert_eq!(desk.cash("USDT"), "97997");
    assert_eq!(desk.balance("USDT", "isoEq"), "2000");
    assert_eq!(desk.balance("USDT", "eq"), "99997");
    assert!(row["liqPx"].as_str().is_some_and(|px| px.starts_with("3353")), "{}", row["liqPx"]);
    desk.board.go("BTC-USDT-SWAP", "51000");
    desk.placed(order("sell", "51000", "6"));
    assert_eq!(desk.position()["margin"], "1000");
    assert_eq!(desk.cash("USDT"), "99055.47", "1000 of margin and 60 of gain came back, less 1.53");
    desk.post(
        "/account/position/margin-balance",
        json!({"instId": "BTC-USDT-SWAP", "posSide": "net", "type": "add", "amt": "500"}),
    );
    assert_eq!(desk.position()["margin"], "1500");
    assert_eq!(
        desk.post(
            "/account/position/margin-balance",
            json!({"instId": "BTC-USDT-SWAP", "posSide": "net", "type": "reduce", "amt": "1400"})
        )
        .0,
        59_301
    );
}

#[test]
fn options_are_paid_for() {
    let mut desk = Desk::level(3);
    let order = |side: &str, px: &str| json!({"instId": "BTC-USD-270115-50000-C", "tdMode": "cross", "side": side, "ordType": "ioc", "px": px, "sz": "10"});
    let id = desk.placed(order("buy", "0.0501"));
    // 10 contracts of 0.01 BTC at 0.0501, and a fee of 0.03 %.
    assert_eq!(desk.cash("BTC"), "9.994988497");
    let row = desk.position();
    assert_eq!(
        (&row["pos"], &row["optVal"], &row["instType"]),
        (&json!("10"), &json!("0.005"), &json!("OPTION"))
    );
    assert_eq!(desk.order("BTC-USD-270115-50000-C", &id)["state"], "filled");
    desk.placed(order("sell", "0.05"));
    assert!(desk.get("/account/positions", json!({})).is_empty());
    assert_eq!(desk.cash("BTC"), "9.999986997", "lost a tick and two fees");
}

#[test]
fn margin_positions_show_what_is_held_and_owed() {
    let mut desk = Desk::level(2);
    let order = |side: &str, sz: &str| json!({"instId": "BTC-USDT", "tdMode": "cross", "ccy": "USDT", "side": side, "ordType": "limit", "px": if side == "buy" { "50000.1" } else { "50000" }, "sz": sz});
    desk.placed(order("buy", "0.5"));
    let row = desk.position();
    assert_eq!(
        (&row["instType"], &row["pos"], &row["posCcy"], &row["liab"], &row["liabCcy"]),
        (&json!("MARGIN"), &json!("0.5"), &json!("BTC"), &json!("-25000.05"), &json!("USDT"))
    );
    let market = json!({"instId": "BTC-USDT", "tdMode": "cross", "ccy": "USDT", "side": "buy", "ordType": "market", "sz": "5000.01"});
    let id = desk.placed(market);
    assert_eq!(
        desk.order("BTC-USDT", &id)["accFillSz"],
        "0.1",
        "a market buy on margin counts in quote currency"
    );
    desk.placed(order("sell", "0.8"));
    let row = desk.position();
    assert_eq!(
        (&row["posCcy"], &row["liab"], &row["liabCcy"]),
        (&json!("USDT"), &json!("-0.2"), &json!("BTC"))
    );
    assert_eq!(row["pos"], "10000", "a short one shows what was sold for");
}

#[test]
fn close_position_closes_at_the_market() {
    let mut desk = Desk::level(2);
    let close = |more| with(json!({"instId": "BTC-USDT-SWAP", "mgnMode": "cross"}), more);
    assert_eq!(desk.post("/trade/close-position", close(json!({}))).0, 51_023);
    desk.placed(swap("sell", "ioc", "50000", "4"));
    desk.placed(with(swap("buy", "limit", "49000", "4"), json!({"reduceOnly": true})));
    assert_eq!(desk.post("/trade/close-position", close(json!({}))).0, 51_115);
    let (code, rows) =
        desk.post("/trade/close-position", close(json!({"autoCxl": true, "clOrdId": "bye", "tag": "t"})));
    assert_eq!((code, &rows[0]["clOrdId"], &rows[0]["posSide"]), (0, &json!("bye"), &json!("net")));
    assert!(desk.get("/account/positions", json!({})).is_empty());
    let order = desk.get("/trade/order", json!({"instId": "BTC-USDT-SWAP", "clOrdId": "bye"})).remove(0);
    assert_eq!(
        (&order["ordType"], &order["state"], &order["side"]),
        (&json!("market"), &json!("filled"), &json!("buy"))
    );
    assert_eq!(desk.post("/trade/close-position", close(json!({"mgnMode": "cash"}))).0, 51_000);
    let mut hedged = Desk::hedged();
    hedged.placed(with(swap("buy", "market", "", "2"), json!({"posSide": "long"})));
    assert_eq!(hedged.post("/trade/close-position", close(json!({}))).0, 51_000, "posSide is needed");
    assert_eq!(hedged.post("/trade/close-position", close(json!({"posSide": "long"}))).0, 0);
    assert!(hedged.get("/account/positions", json!({})).is_empty());
}

#[test]
fn multi_currency_accounts_pay_from_the_whole() {
    let mut desk = Desk::new(Account {
        balances: [("BTC".to_owned(), "1".to_owned())].into(),
        auto_loan: true,
        ..account(3)
    });
    // No USDT at all, yet BTC counts as margin.
    desk.placed(swap("buy", "ioc", "50000.1", "10"));
    assert_eq!(desk.position()["pos"], "10");
    assert!(desk.cash("USDT").starts_with("-2.5"), "the fee is owed");
    let order = json!({"instId": "BTC-USDT", "tdMode": "cross", "side": "buy", "ordType": "limit", "px": "50000.1", "sz": "0.1"});
    let id = desk.placed(order);
    let row = desk.order("BTC-USDT", &id);
    assert_eq!(
        (&row["instType"], &row["tdMode"], &row["state"]),
        (&json!("SPOT"), &json!("cross"), &json!("filled"))
    );
    assert!(desk.balance("USDT", "liab").starts_with("5002."), "{}", desk.balance("USDT", "liab"));
    let rows = desk.get("/account/balance", json!({}));
    assert!(rows[0]["adjEq"].as_str().is_some_and(|a| !a.is_empty()) && rows[0]["mgnRatio"] != "");
}

#[test]
fn a_position_is_bounded_by_its_tier() {
    let rich = Account { balances: [("USDT".into(), "100000000".into())].into(), ..account(2) };
    let mut desk = Desk::new(rich);
    desk.post("/account/set-leverage", json!({"instId": "BTC-USDT-SWAP", "mgnMode": "cross", "lever": "50"}));
    // 10,000 contracts at 50 times: three quarters rest, then half of it more.
    let rest = desk.placed(swap("buy", "limit", "40000", "7500"));
    assert_eq!(desk.refused(swap("buy", "limit", "40000", "2501")), "51004");
    desk.placed(swap("sell", "limit", "60000", "2501"));
    let fits = desk.placed(swap("buy", "limit", "40000", "2500"));
    let amend = json!({"instId": "BTC-USDT-SWAP", "ordId": fits, "newSz": "2501"});
    let row = desk.one(Op::Amend, amend);
    assert_eq!((&row["sCode"], &row["subCode"]), (&json!("51004"), &json!("1111")));
    desk.one(Op::Cancel, json!({"instId": "BTC-USDT-SWAP", "ordId": rest}));
    desk.placed(swap("buy", "limit", "40000", "7500"));
}

#[test]
fn long_options_need_their_own_margin_in_futures_mode() {
    let order = |side: &str, td: &str| json!({"instId": "BTC-USD-270115-50000-C", "tdMode": td, "side": side, "ordType": "limit", "px": "0.05", "sz": "1"});
    assert_eq!(Desk::level(2).refused(order("buy", "cross")), "51019");
    Desk::level(2).placed(order("buy", "isolated"));
    Desk::level(2).placed(order("sell", "cross"));
    Desk::level(3).placed(order("buy", "cross"));
}
