//! What a test does to an account as the venue, or as the user of the app.

use serde_json::json;

use super::desk::{Desk, spot, swap, with};

#[test]
fn a_resting_order_is_filled_in_parts() {
    let mut desk = Desk::level(1);
    let id = desk.placed(with(spot("buy", "limit", "49000", "0.3"), json!({"clOrdId": "c"})));
    desk.script(json!({"op": "account.fill", "clOrdId": "c", "sz": "0.1"}));
    assert_eq!(desk.order("BTC-USDT", &id)["state"], "partially_filled");
    desk.script(json!({"op": "account.fill", "ordId": id}));
    let row = desk.order("BTC-USDT", &id);
    assert_eq!((&row["state"], &row["avgPx"]), (&json!("filled"), &json!("49000")));
    let command = json!({"op": "account.fill", "ordId": id});
    assert!(desk.at(|trading, cx| trading.script(&command, cx)).is_err());
}

#[test]
fn the_user_cancels_and_orders_in_the_app() {
    let mut desk = Desk::level(1);
    let id = desk.placed(spot("buy", "limit", "49000", "0.3"));
    desk.script(json!({"op": "account.cancel", "ordId": id}));
    assert_eq!(desk.order("BTC-USDT", &id)["cancelSource"], "1");
    let placed = desk.script(with(spot("buy", "limit", "49000", "0.3"), json!({"op": "account.order"})));
    let pending = desk.get("/trade/orders-pending", json!({}));
    assert_eq!(
        (pending.len(), &pending[0]["ordId"], &pending[0]["clOrdId"]),
        (1, &placed["ordId"], &json!(""))
    );
    desk.placed(spot("buy", "limit", "49000", "0.1"));
    assert_eq!(desk.script(json!({"op": "account.cancel", "cancelSource": "99"}))["canceled"], json!(2));
}

#[test]
fn a_liquidation_closes_the_position_with_a_penalty() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50000.1", "10"));
    let resting = desk.placed(swap("buy", "limit", "40000", "1"));
    let _ = desk.pushes();
    desk.board.go("BTC-USDT-SWAP", "40000");
    let done = desk.script(json!({"op": "account.liquidate", "instId": "BTC-USDT-SWAP"}));
    assert_eq!(desk.order("BTC-USDT-SWAP", &resting)["cancelSource"], "3");
    let order = desk.order("BTC-USDT-SWAP", done["ordId"].as_str().expect("an id"));
    assert_eq!(
        (&order["category"], &order["state"], &order["clOrdId"], &order["fee"]),
        (&json!("full_liquidation"), &json!("filled"), &json!(""), &json!("0"))
    );
    assert!(desk.get("/account/positions", json!({})).is_empty());
    assert_eq!(order["tradeId"], "0", "orders hide the number");
    let fill = desk.get("/trade/fills", json!({})).remove(0);
    assert!(fill["tradeId"].as_str().is_some_and(|id| id.starts_with('-')));
    assert_eq!((&fill["execType"], &fill["subType"]), (&json!(""), &json!("104")));
    let past = desk.get("/account/positions-history", json!({})).remove(0);
    assert_eq!((&past["type"], &past["liqPenalty"]), (&json!("3"), &json!("-20")));
    let bills = desk.get("/account/bills", json!({"type": "5"}));
    assert_eq!(bills.len(), 2);
}

#[test]
fn part_of_a_position_is_deleveraged() {
    let mut desk = Desk::level(2);
    desk.placed(swap("sell", "ioc", "50000", "10"));
    let done = desk.script(json!({"op": "account.adl", "instId": "BTC-USDT-SWAP", "sz": "4", "px": "49000"}));
    let order = desk.order("BTC-USDT-SWAP", done["ordId"].as_str().expect("an id"));
    assert_eq!(
        (&order["category"], &order["avgPx"], &order["accFillSz"]),
        (&json!("adl"), &json!("49000"), &json!("4"))
    );
    let row = desk.position();
    assert_eq!((&row["pos"], &row["pnl"]), (&json!("-6"), &json!("40")));
    let half = desk.script(json!({"op": "account.liquidate", "instId": "BTC-USDT-SWAP", "sz": "2"}));
    assert_eq!(
        desk.order("BTC-USDT-SWAP", half["ordId"].as_str().expect("an id"))["category"],
        "partial_liquidation"
    );
}

#[test]
fn options_expire_without_a_word() {
    let mut desk = Desk::level(3);
    let option = json!({"instId": "BTC-USD-270115-50000-C", "tdMode": "cross", "side": "buy", "ordType": "ioc", "px": "0.0501", "sz": "10"});
    desk.placed(option);
    desk.wait(100);
    let _ = desk.pushes();
    let before: f64 = desk.cash("BTC").parse().expect("a number");
    desk.script(json!({"op": "account.deliver", "instId": "BTC-USD-270115-50000-C", "px": "0.1"}));
    let after: f64 = desk.cash("BTC").parse().expect("a number");
    assert!((after - before - 0.01).abs() < 1e-9);
    desk.wait(100);
    let names: Vec<_> = desk.pushes().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["account"], "neither orders nor positions");
    assert!(desk.get("/account/positions", json!({})).is_empty());
}

#[test]
fn money_comes_and_goes() {
    let mut desk = Desk::level(1);
    desk.script(json!({"op": "account.transfer", "ccy": "USDT", "amt": "-1000"}));
    assert_eq!(desk.cash("USDT"), "99000");
    let told = desk.rows_of("balance_and_position");
    assert_eq!(
        (&told[0]["eventType"], &told[0]["balData"][0]["cashBal"]),
        (&json!("transferred"), &json!("99000"))
    );
    let bill = desk.get("/account/bills", json!({})).remove(0);
    assert_eq!(
        (&bill["type"], &bill["subType"], &bill["balChg"]),
        (&json!("1"), &json!("12"), &json!("-1000"))
    );
}

#[test]
fn two_orders_of_one_user_share_a_trade() {
    let mut desk = Desk::level(2);
    desk.placed(with(swap("buy", "limit", "49000", "3"), json!({"clOrdId": "b"})));
    desk.placed(with(swap("sell", "limit", "51000", "2"), json!({"clOrdId": "s"})));
    let _ = desk.pushes();
    let trade =
        desk.script(json!({"op": "account.cross", "clOrdId": "b", "otherClOrdId": "s", "px": "50000"}));
    let fills = desk.get("/trade/fills", json!({}));
    assert_eq!(fills.len(), 2);
    for fill in &fills {
        assert_eq!((&fill["tradeId"], &fill["fillSz"]), (&trade["tradeId"], &json!("2")));
    }
    assert_eq!(desk.states(), ["filled", "partially_filled"]);
    assert!(desk.get("/account/positions", json!({})).is_empty(), "bought and sold");
}

#[test]
fn an_amendment_fails_behind_its_acknowledgement() {
    let mut desk = Desk::level(2);
    desk.placed(with(swap("buy", "limit", "49000", "3"), json!({"clOrdId": "b"})));
    let _ = desk.pushes();
    desk.script(json!({"op": "account.amend_failed", "clOrdId": "b", "reqId": "r1", "code": "51503"}));
    let told = desk.rows_of("orders");
    let field = |name: &str| told[0][name].as_str().unwrap_or_default().to_owned();
    let found = ["state", "amendResult", "reqId", "code"].map(field);
    assert_eq!(found, ["live", "-1", "r1", "51503"]);
}

#[test]
fn a_conditional_order_fails_whole_or_in_part() {
    let stop = |id: &str| {
        json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "trigger", "sz": "5",
            "triggerPx": "60000", "orderPx": "-1", "algoClOrdId": id})
    };
    for (id, sz, state, filled) in
        [("a", json!(""), "order_failed", ""), ("b", json!("2"), "partially_failed", "2")]
    {
        let mut desk = Desk::level(2);
        desk.post("/trade/order-algo", stop(id));
        desk.script(json!({"op": "account.algo_failed", "algoClOrdId": id, "sz": sz}));
        let row = desk.get("/trade/order-algo", json!({"algoClOrdId": id})).remove(0);
        assert_eq!((&row["state"], &row["failCode"]), (&json!(state), &json!("51008")));
        let child = row["ordId"].as_str().expect("text").to_owned();
        let sz = if child.is_empty() {
            json!("")
        } else {
            desk.order("BTC-USDT-SWAP", &child)["accFillSz"].clone()
        };
        assert_eq!(sz, filled);
    }
}

#[test]
fn bad_commands_are_explained() {
    let mut desk = Desk::level(1);
    for (command, part) in [
        (json!({"op": "account.nothing"}), "no command account.nothing"),
        (json!({"op": "account.fill", "uid": "nobody"}), "no account nobody"),
        (json!({"op": "account.liquidate", "instId": "BTC-USDT-SWAP"}), "no position in BTC-USDT-SWAP"),
        (json!({"op": "account.order", "instId": "X"}), "50014"),
        (json!({"op": "account.cancel", "cancelSource": "77"}), "no cancelSource 77"),
        (json!({"op": "account.transfer", "ccy": "X", "amt": "much"}), "amt is no number"),
        (json!({"op": "account.cross", "clOrdId": "a"}), "clOrdId: no such order"),
        (json!({"op": "account.amend_failed", "clOrdId": "a"}), "no such order is open"),
        (json!({"op": "account.algo_failed", "algoId": "1"}), "no such order waits"),
    ] {
        let words = desk.at(|trading, cx| trading.script(&command, cx)).expect_err("not sound");
        assert!(words.contains(part), "{words}");
    }
}

#[test]
fn the_dump_holds_everything() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50000.1", "10"));
    desk.placed(spot("buy", "limit", "49000", "0.1"));
    desk.post("/trade/order-algo", json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "sell", "ordType": "trigger", "sz": "1", "triggerPx": "40000", "orderPx": "-1"}));
    let dump = desk.dump();
    let count = |name: &str| dump[name].as_array().map_or(0, Vec::len);
    let counts = ["orders", "closedOrders", "fills", "positions", "balances", "bills", "algos"].map(count);
    assert_eq!(counts, [1, 1, 1, 1, 5, 1, 1]);
    assert_eq!((&dump["uid"], &dump["posMode"]), (&json!("44705892343619584"), &json!("net_mode")));
}
