//! Funding payments.

use serde_json::json;

use super::{
    board::dec,
    desk::{Desk, swap, with},
};
use crate::quotes::Funding;

#[test]
fn longs_pay_shorts_at_a_positive_rate() {
    let mut desk = Desk::hedged();
    let due_ms = desk.ms + 60_000;
    desk.board.funding.insert("BTC-USDT-SWAP".into(), Funding { rate: dec("0.0001"), due_ms });
    desk.placed(with(swap("buy", "market", "", "10"), json!({"posSide": "long"})));
    desk.placed(with(swap("sell", "market", "", "4"), json!({"posSide": "short"})));
    let before: f64 = desk.cash("USDT").parse().expect("a number");
    desk.wait(59_000);
    let _ = desk.pushes();
    desk.wait(2_000);
    let after: f64 = desk.cash("USDT").parse().expect("a number");
    assert!((before - after - 0.3).abs() < 1e-9, "0.5 paid, 0.2 got: {before} {after}");
    let rows = desk.get("/account/positions", json!({}));
    let fee = |side: &str| rows.iter().find(|r| r["posSide"] == side).map(|r| r["fundingFee"].clone());
    assert_eq!((fee("long"), fee("short")), (Some(json!("-0.5")), Some(json!("0.2"))));
    let bills = desk.get("/account/bills", json!({"type": "8"}));
    let kinds: Vec<_> = bills.iter().map(|b| b["subType"].as_str().unwrap_or_default()).collect();
    assert_eq!(kinds, ["174", "173"]);
}

#[test]
fn it_comes_again_and_tells_the_account() {
    let mut desk = Desk::level(2);
    let hour = 3_600_000;
    let first = desk.ms + 1_000;
    desk.board.funding.insert("BTC-USDT-SWAP".into(), Funding { rate: dec("-0.0002"), due_ms: first });
    desk.placed(swap("buy", "ioc", "50001", "10"));
    let _ = desk.pushes();
    desk.wait(999);
    // The market moves on to the next period as the first one ends.
    desk.board.funding.insert("BTC-USDT-SWAP".into(), Funding { rate: dec("0.0001"), due_ms: first + hour });
    desk.wait(2);
    let pushes = desk.pushes();
    let told: Vec<_> = pushes
        .iter()
        .filter(|(c, _)| c == "balance_and_position")
        .map(|(_, f)| f["data"][0]["eventType"].clone())
        .collect();
    assert_eq!(told, [json!("funding_fee")]);
    assert_eq!(desk.position()["fundingFee"], "1", "the rate as it was before the turn");
    desk.wait(hour);
    assert_eq!(desk.position()["fundingFee"], "0.5");
}

#[test]
fn an_isolated_position_pays_from_its_margin() {
    let mut desk = Desk::level(2);
    desk.placed(with(swap("buy", "ioc", "50000.1", "3"), json!({"tdMode": "isolated"})));
    let (margin, cash) = (desk.position()["margin"].clone(), desk.cash("USDT"));
    desk.script(json!({"op": "account.funding", "instId": "BTC-USDT-SWAP", "rate": "0.001"}));
    assert_eq!(desk.cash("USDT"), cash);
    let (before, after): (f64, f64) = (
        margin.as_str().and_then(|m| m.parse().ok()).expect("a number"),
        desk.position()["margin"].as_str().and_then(|m| m.parse().ok()).expect("a number"),
    );
    assert!((before - after - 1.5).abs() < 1e-9, "{before} {after}");
}
