//! Orders against the seeded venue.

use serde_json::{Value, json};

use crate::support::Bench;

#[test]
fn a_market_order_fills_at_the_published_prices() {
    let mut bench = Bench::new();
    let conn = bench.holding(&["orders", "positions", "balance_and_position"]);
    let (_, ask) = bench.touch("BTC-USDT-SWAP");
    let body = bench.rest("POST", "/trade/order", &json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "market", "sz": "0.01"}));
    assert_eq!(body["data"][0]["sCode"], "0", "{body}");
    assert_eq!(bench.states(conn), ["live", "filled"]);
    assert_eq!(bench.rows(conn, "orders")[1]["avgPx"], json!(ask));
    bench.wait(60);
    assert_eq!(bench.rows(conn, "positions")[0]["pos"], "0.01");
    let body =
        bench.rest("POST", "/trade/close-position", &json!({"instId": "BTC-USDT-SWAP", "mgnMode": "cross"}));
    assert_eq!(body["code"], "0", "{body}");
    assert_eq!(bench.rest("GET", "/account/positions", &Value::Null)["data"], json!([]));
}

#[test]
fn a_resting_order_waits_for_the_market_to_come() {
    let mut bench = Bench::new();
    let conn = bench.holding(&["orders"]);
    let (bid, _) = bench.touch("BTC-USDT");
    let order = json!({"instId": "BTC-USDT", "tdMode": "cash", "side": "buy", "ordType": "post_only", "px": bid, "sz": "0.001"});
    bench.rest("POST", "/trade/order", &order);
    bench.wait(1);
    assert_eq!(bench.states(conn), ["live"]);
    bench
        .exchange
        .script(&json!({"op": "jump", "instId": "BTC-USDT", "factor": 0.99}), bench.now)
        .expect("a sound command");
    bench.wait(300);
    assert_eq!(bench.states(conn), ["live", "filled"]);
    let order = bench.rows(conn, "orders").remove(1);
    assert_eq!((&order["fillPx"], &order["execType"]), (&json!(bid), &json!("M")));
}

#[test]
fn what_crosses_is_not_post_only() {
    let mut bench = Bench::new();
    let conn = bench.holding(&["orders"]);
    let (_, ask) = bench.touch("BTC-USDT");
    let order = json!({"instId": "BTC-USDT", "tdMode": "cash", "side": "buy", "ordType": "post_only", "px": ask, "sz": "0.001"});
    assert_eq!(bench.rest("POST", "/trade/order", &order)["data"][0]["sCode"], "0");
    bench.wait(1);
    assert_eq!(bench.states(conn), ["canceled"]);
    assert_eq!(bench.rows(conn, "orders")[0]["cancelSource"], "31");
}

#[test]
fn a_halted_market_fills_nothing() {
    let mut bench = Bench::new();
    bench
        .exchange
        .script(&json!({"op": "state", "instId": "BTC-USDT", "state": "suspend"}), bench.now)
        .expect("a sound command");
    bench.wait(10);
    let order =
        json!({"instId": "BTC-USDT", "tdMode": "cash", "side": "buy", "ordType": "market", "sz": "100"});
    assert_eq!(bench.rest("POST", "/trade/order", &order)["data"][0]["sCode"], "51022");
}

#[test]
fn funding_comes_at_its_time() {
    let mut bench = Bench::new();
    bench.rest(
        "POST",
        "/trade/order",
        &json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "market", "sz": "1"}),
    );
    let row = bench.rest("GET", "/public/funding-rate?instId=BTC-USDT-SWAP", &Value::Null);
    let due: u64 = row["data"][0]["fundingTime"].as_str().and_then(|t| t.parse().ok()).expect("a time");
    bench.exchange.set_time(None, (due - bench.now.unix_ms()) as i64 - 2_000, bench.now);
    bench.wait(3_000);
    let account = bench.account();
    let bills: Vec<_> =
        account["bills"].as_array().expect("bills").iter().filter(|b| b["type"] == "8").collect();
    assert_eq!(bills.len(), 1);
    assert_eq!(bills[0]["balChg"], account["positions"][0]["fundingFee"]);
}

#[test]
fn scripts_reach_trading_and_the_market() {
    let mut bench = Bench::new();
    let conn = bench.holding(&["orders"]);
    let order = json!({"instId": "BTC-USDT", "tdMode": "cash", "side": "buy", "ordType": "limit", "px": "20000", "sz": "0.01", "clOrdId": "c"});
    bench.rest("POST", "/trade/order", &order);
    bench
        .exchange
        .script(&json!({"op": "account.fill", "clOrdId": "c", "sz": "0.004"}), bench.now)
        .expect("sound");
    bench.exchange.script(&json!({"op": "account.cancel", "clOrdId": "c"}), bench.now).expect("sound");
    bench.settle();
    assert_eq!(bench.states(conn), ["live", "partially_filled", "canceled"]);
    assert!(bench.exchange.script(&json!({"op": "account.nothing"}), bench.now).is_err());
    assert_eq!(bench.account()["closedOrders"][0]["accFillSz"], "0.004");
}

#[test]
fn the_commands_of_the_guide_exist() {
    const GUIDE: &str = include_str!("../../../../../../docs/simulator.md");
    let commands: Vec<_> =
        GUIDE.split('`').skip(1).step_by(2).filter(|c| c.contains(r#"{"op": "account."#)).collect();
    assert_eq!(commands.len(), 13, "{commands:?}");
    let mut bench = Bench::new();
    for command in commands {
        let command: Value = serde_json::from_str(command).unwrap_or_else(|e| panic!("{command}: {e}"));
        if let Err(words) = bench.exchange.script(&command, bench.now) {
            assert!(!words.contains("no command"), "{words}");
        }
    }
}

#[test]
fn spreads_trade_on_the_business_url() {
    let mut bench = Bench::whole();
    let conn = bench.login(okx_sim::UrlKind::Business, &okx_sim::ApiKey::default());
    for channel in ["sprd-orders", "sprd-trades"] {
        bench.send(conn, &json!({"op": "subscribe", "args": [{"channel": channel}]}));
    }
    let spreads = bench.rest("GET", "/sprd/spreads?state=live", &Value::Null);
    let rows = spreads["data"].as_array().expect("spreads").clone();
    let linear = rows.iter().find(|r| r["sprdId"] == "BTC-USDT_BTC-USDT-SWAP").expect("listed");
    let book = bench.rest("GET", "/sprd/books?sprdId=BTC-USDT_BTC-USDT-SWAP&sz=1", &Value::Null);
    let ask = book["data"][0]["asks"][0][0].clone();
    let order = json!([{"sprdId": linear["sprdId"], "side": "buy", "ordType": "ioc", "px": ask, "sz": linear["minSz"]}]);
    let reply = bench.op(conn, "sprd-order", order).expect("a reply");
    assert_eq!((&reply["code"], reply.get("inTime")), (&json!("0"), None), "{reply}");
    let states: Vec<_> = bench.rows(conn, "sprd-orders").iter().map(|r| r["state"].clone()).collect();
    assert_eq!(states, [json!("live"), json!("filled")]);
    let trade = bench.rows(conn, "sprd-trades").remove(0);
    assert_eq!(trade["legs"].as_array().map(Vec::len), Some(2));
}
