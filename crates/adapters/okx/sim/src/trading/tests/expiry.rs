//! What becomes of positions and orders when a contract ends.

use serde_json::json;

use super::{
    board::dec,
    desk::{Desk, swap},
};

const OPTION: &str = "BTC-USD-270115-50000-C";

#[test]
fn options_are_exercised_at_the_index() {
    for (index, gain) in [("62500", "0.02"), ("40000", "0")] {
        let mut desk = Desk::level(3);
        let end = desk.ms + 1_000;
        desk.board.change(OPTION, "expTime", json!(end.to_string()));
        let order = |px: &str, sz: &str| json!({"instId": OPTION, "tdMode": "cross", "side": "buy", "ordType": "limit", "px": px, "sz": sz});
        desk.placed(order("0.0501", "10"));
        let resting = desk.placed(order("0.01", "1"));
        desk.wait(900);
        let _ = desk.pushes();
        let before = crate::trading::num::Num::of(&desk.cash("BTC"));
        for row in desk.board.index.values_mut() {
            *row = dec(index);
        }
        desk.wait(200);
        assert!(desk.get("/account/positions", json!({})).is_empty());
        let got = crate::trading::num::Num::of(&desk.cash("BTC")) - before;
        assert_eq!(got.to_string(), gain, "10 contracts of 0.01 BTC");
        assert_eq!(desk.order(OPTION, &resting)["cancelSource"], "10");
        let names: Vec<_> = desk.pushes().into_iter().map(|(name, _)| name).collect();
        assert!(!names.contains(&"positions".to_owned()), "{names:?}");
        let bill = desk.get("/account/bills", json!({"type": "3"})).remove(0);
        assert_eq!((&bill["subType"], &bill["balChg"]), (&json!("112"), &json!(gain)));
    }
}

#[test]
fn futures_are_delivered_and_say_so() {
    let mut desk = Desk::level(2);
    let end = desk.ms + 1_000;
    desk.board.change("BTC-USDT-SWAP", "expTime", json!(end.to_string()));
    desk.placed(swap("buy", "ioc", "50000.1", "10"));
    desk.placed(swap("buy", "limit", "40000", "1"));
    desk.wait(500);
    let _ = desk.pushes();
    desk.board.index.insert("BTC-USDT".into(), dec("51000"));
    desk.board.index.insert("BTC-USDT-SWAP".into(), dec("51000"));
    desk.wait(600);
    let pushes = desk.pushes();
    let both = pushes.iter().find(|(name, _)| name == "balance_and_position").expect("pushed");
    assert_eq!(
        (&both.1["data"][0]["eventType"], &both.1["data"][0]["posData"][0]["pos"]),
        (&json!("delivered"), &json!("0"))
    );
    assert_eq!(desk.get("/account/positions-history", json!({}))[0]["pnl"], "99.99");
    assert!(desk.get("/trade/orders-pending", json!({})).is_empty());
}

#[test]
fn events_are_worth_one_or_nothing() {
    let mut desk = Desk::level(2);
    let end = desk.ms + 1_000;
    desk.board.change("BTC-ABOVE-DAILY-1", "expTime", json!(end.to_string()));
    desk.board.change("BTC-ABOVE-DAILY-1", "stk", json!("49000"));
    let order = |outcome: &str, px: &str| json!({"instId": "BTC-ABOVE-DAILY-1", "tdMode": "isolated", "side": "buy", "ordType": "limit", "px": px, "sz": "10", "outcome": outcome});
    desk.placed(order("yes", "0.61"));
    desk.placed(order("no", "0.4"));
    desk.wait(1_100);
    assert!(desk.get("/account/positions", json!({})).is_empty());
    let bills = desk.get("/account/bills", json!({"type": "3"}));
    let mut paid: Vec<_> = bills.iter().map(|b| b["balChg"].as_str().unwrap_or_default()).collect();
    paid.sort_unstable();
    assert_eq!(paid, ["0", "10"]);
}

#[test]
fn a_warning_names_the_position() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50000.1", "10"));
    desk.script(json!({"op": "account.warn", "instId": "BTC-USDT-SWAP"}));
    let row = desk.rows_of("liquidation-warning").remove(0);
    assert_eq!(
        (&row["instId"], &row["pos"], &row["mgnMode"]),
        (&json!("BTC-USDT-SWAP"), &json!("10"), &json!("cross"))
    );
}

#[test]
fn a_daily_settlement_pays_out_and_the_position_counts_on_from_there() {
    let mut desk = Desk::level(2);
    desk.board.change("BTC-USDT-SWAP", "futureSettlement", json!(true));
    desk.placed(swap("buy", "ioc", "50000.1", "10"));
    desk.wait(100);
    let _ = desk.pushes();
    let before = crate::trading::num::Num::of(&desk.cash("USDT"));
    desk.script(json!({"op": "account.settle", "instId": "BTC-USDT-SWAP", "px": "51000.1"}));
    let got = crate::trading::num::Num::of(&desk.cash("USDT")) - before;
    assert_eq!(got.to_string(), "100", "10 contracts of 0.01 BTC gained 1,000 each BTC");
    let row = desk.rows_of("balance_and_position").remove(0);
    assert_eq!((&row["eventType"], &row["posData"][0]["pos"]), (&json!("settlement"), &json!("10")));
    let position = desk.get("/account/positions", json!({})).remove(0);
    let shown = ["pos", "avgPx", "nonSettleAvgPx", "settledPnl"].map(|key| position[key].clone());
    assert_eq!(shown, ["10", "51000.1", "50000.1", "100"].map(|text| json!(text)));
    let bill = desk.get("/account/bills", json!({"type": "34"})).remove(0);
    assert_eq!((&bill["subType"], &bill["pnl"]), (&json!("355"), &json!("100")));
    // What it gains afterwards counts from the settlement.
    desk.placed(swap("sell", "ioc", "50000", "10"));
    let past = desk.get("/account/positions-history", json!({})).remove(0);
    assert_eq!(past["pnl"], "-100.01");
    assert!(desk.get("/account/positions", json!({})).is_empty());
}

#[test]
fn settlements_come_every_day_at_eight_as_long_as_there_is_a_position() {
    let mut desk = Desk::level(2);
    desk.board.change("BTC-USDT-SWAP", "futureSettlement", json!(true));
    desk.placed(swap("buy", "ioc", "50000.1", "10"));
    let bills = |desk: &mut Desk| desk.get("/account/bills", json!({"type": "34"})).len();
    desk.wait(86_400_000);
    assert_eq!(bills(&mut desk), 1);
    desk.wait(86_400_000);
    assert_eq!(bills(&mut desk), 2);
    desk.placed(swap("sell", "ioc", "50000", "10"));
    desk.wait(2 * 86_400_000);
    assert!(bills(&mut desk) <= 3);
}
