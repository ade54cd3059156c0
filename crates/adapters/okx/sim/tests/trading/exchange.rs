//! The ways in and the channels out.

use okx_sim::{Account, ApiKey, Limits, Permission, UrlKind};
use serde_json::{Value, json};

use crate::support::{Bench, config};

fn limit(code: i64, px: &str) -> Value {
    json!([{"instIdCode": code, "tdMode": "cash", "side": "buy", "ordType": "limit", "px": px, "sz": "0.001", "clOrdId": "c1"}])
}

#[test]
fn an_order_goes_out_and_comes_back() {
    let mut bench = Bench::new();
    let conn = bench.holding(&["orders", "account", "balance_and_position"]);
    let code = bench.code("BTC-USDT", "SPOT");
    let reply = bench.op(conn, "order", limit(code, "20000")).expect("a reply");
    assert_eq!((&reply["code"], &reply["data"][0]["sCode"]), (&json!("0"), &json!("0")), "{reply}");
    assert!(reply["inTime"].as_str().is_some_and(|t| t.len() == 16));
    assert_eq!(bench.states(conn), ["live"]);
    let order = bench.rows(conn, "orders").remove(0);
    assert_eq!(order["ordId"], reply["data"][0]["ordId"]);
    let at =
        |wanted: &dyn Fn(&Value) -> bool| bench.frames.iter().position(|(_, f)| wanted(f)).expect("sent");
    assert!(at(&|f| f["op"] == "order") < at(&|f| f["arg"]["channel"] == "orders"), "the reply comes first");
    bench.wait(60);
    assert_eq!(bench.rows(conn, "account").len(), 1);
    let pending = bench.rest("GET", "/trade/orders-pending?instType=SPOT", &Value::Null);
    assert_eq!(pending["data"][0]["clOrdId"], "c1");
    let body = bench.rest(
        "POST",
        "/trade/amend-order",
        &json!({"instId": "BTC-USDT", "clOrdId": "c1", "newPx": "21000", "reqId": "a1"}),
    );
    assert_eq!(body["data"][0]["sCode"], "0", "{body}");
    let body = bench.rest("POST", "/trade/cancel-order", &json!({"instId": "BTC-USDT", "clOrdId": "c1"}));
    assert_eq!((&body["code"], &body["data"][0]["sCode"]), (&json!("0"), &json!("0")));
    assert_eq!(bench.states(conn), ["live", "live", "canceled"]);
}

#[test]
fn both_connections_of_an_account_hear_the_same_and_others_nothing() {
    let other_key = ApiKey { key: "other".into(), ..ApiKey::default() };
    let other = Account {
        uid: "2".into(),
        main_uid: "2".into(),
        keys: vec![other_key.clone()],
        ..Account::default()
    };
    let mut bench = Bench::with(config(vec![Account::default(), other]));
    let (one, two) = (bench.holding(&["orders"]), bench.holding(&["orders"]));
    let stranger = bench.login(UrlKind::Private, &other_key);
    bench.send(stranger, &json!({"op": "subscribe", "args": [{"channel": "orders", "instType": "ANY"}]}));
    bench.frames.clear();
    let order = json!({"instId": "BTC-USDT", "tdMode": "cash", "side": "buy", "ordType": "limit", "px": "20000", "sz": "0.001"});
    bench.rest("POST", "/trade/order", &order);
    assert_eq!((bench.states(one), bench.states(two)), (vec!["live".to_owned()], vec!["live".to_owned()]));
    assert!(bench.states(stranger).is_empty());
    let arg = &bench.frames[0].1["arg"];
    assert_eq!((&arg["uid"], &arg["instType"]), (&json!("44705892343619584"), &json!("ANY")));
}

#[test]
fn keys_may_do_what_they_were_made_for() {
    let reader =
        ApiKey { key: "reader".into(), permissions: vec![Permission::ReadOnly], ..ApiKey::default() };
    let account = Account { keys: vec![ApiKey::default(), reader.clone()], ..Account::default() };
    let mut bench = Bench::with(config(vec![account]));
    let order = json!({"instId": "BTC-USDT", "tdMode": "cash", "side": "buy", "ordType": "limit", "px": "20000", "sz": "0.001"});
    let (status, body) = bench.rest_as(&reader, "POST", "/trade/order", &order);
    assert_eq!((status, &body["code"]), (401, &json!("50120")));
    assert_eq!(bench.rest_as(&reader, "GET", "/trade/orders-pending", &Value::Null).1["code"], "0");
    let conn = bench.login(UrlKind::Private, &reader);
    let reply = bench.op(conn, "order", limit(3, "20000")).expect("a reply");
    assert_eq!((&reply["code"], &reply["data"]), (&json!("50120"), &json!([])));
    let config = bench.rest_as(&reader, "GET", "/account/config", &Value::Null).1;
    assert_eq!(config["data"][0]["perm"], "read_only");
}

#[test]
fn codes_are_needed_over_websocket() {
    let mut bench = Bench::new();
    let conn = bench.private();
    let order = json!([{"instId": "BTC-USDT", "tdMode": "cash", "side": "buy", "ordType": "limit", "px": "20000", "sz": "0.001"}]);
    let reply = bench.op(conn, "order", order).expect("a reply");
    assert_eq!(
        (&reply["code"], &reply["msg"], &reply["data"]),
        (&json!("50014"), &json!("Parameter instIdCode can not be empty"), &json!([]))
    );
    let reply = bench.op(conn, "order", limit(1, "20000")).expect("a reply");
    assert_eq!((&reply["code"], &reply["data"][0]["sCode"]), (&json!("1"), &json!("51001")));
}

#[test]
fn requests_have_a_deadline() {
    let mut bench = Bench::new();
    let order = json!({"instId": "BTC-USDT", "tdMode": "cash", "side": "buy", "ordType": "limit", "px": "20000", "sz": "0.001"});
    let past = (bench.now.unix_ms() - 1).to_string();
    let answer = bench.raw(&ApiKey::default(), "POST", "/trade/order", &order, &[("exptime", &past)]);
    assert!(answer.response.body.starts_with(br#"{"code":"50036""#));
    assert_eq!(bench.rest("GET", "/trade/orders-pending", &Value::Null)["data"], json!([]));
}

#[test]
fn orders_are_rate_limited_across_both_ways() {
    let mut config = config(vec![Account::default()]);
    config.limits = Limits { orders: true, ..Limits::off() };
    let mut bench = Bench::with(config);
    let conn = bench.private();
    let order = json!({"instId": "BTC-USDT", "tdMode": "cash", "side": "buy", "ordType": "limit", "px": "20000", "sz": "0.00001"});
    for _ in 0..60 {
        assert_eq!(bench.rest("POST", "/trade/order", &order)["code"], "0");
    }
    let (status, body) = bench.rest_as(&ApiKey::default(), "POST", "/trade/order", &order);
    assert_eq!((status, &body["code"], &body["data"]), (429, &json!("50011"), &json!([])));
    let code = bench.code("BTC-USDT", "SPOT");
    let reply = bench.op(conn, "order", limit(code, "20000")).expect("a reply");
    assert_eq!((&reply["code"], &reply["data"]), (&json!("50011"), &json!([])));
    bench.wait(2_000);
    assert_eq!(bench.rest("POST", "/trade/order", &order)["code"], "0");
}

#[test]
fn settings_show_in_the_config() {
    let mut bench = Bench::new();
    assert_eq!(
        bench.rest("POST", "/account/set-position-mode", &json!({"posMode": "long_short_mode"}))["code"],
        "0"
    );
    let config = bench.rest("GET", "/account/config", &Value::Null);
    assert_eq!(config["data"][0]["posMode"], "long_short_mode");
    assert_eq!(bench.rest("GET", "/account/nothing", &Value::Null)["code"], Value::Null);
}

#[test]
fn algos_live_on_the_business_url() {
    let mut bench = Bench::new();
    let conn = bench.login(UrlKind::Business, &ApiKey::default());
    for channel in ["orders-algo", "algo-advance"] {
        bench.send(conn, &json!({"op": "subscribe", "args": [{"channel": channel, "instType": "ANY"}]}));
    }
    let order = json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "trigger", "sz": "1", "triggerPx": "200000", "orderPx": "-1"});
    let body = bench.rest("POST", "/trade/order-algo", &order);
    assert_eq!(body["data"][0]["sCode"], "0", "{body}");
    assert_eq!(bench.rows(conn, "orders-algo")[0]["state"], "live");
    let trail = json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "sell", "ordType": "move_order_stop", "sz": "1", "callbackRatio": "0.05"});
    bench.rest("POST", "/trade/order-algo", &trail);
    assert_eq!(bench.rows(conn, "algo-advance").len(), 1);
    let late = bench.login(UrlKind::Business, &ApiKey::default());
    bench.send(late, &json!({"op": "subscribe", "args": [{"channel": "algo-advance", "instType": "SWAP"}]}));
    assert_eq!(bench.rows(late, "algo-advance").len(), 1, "pushed on subscribing");
}

#[test]
fn snapshots_and_extra_params() {
    let mut bench = Bench::new();
    let conn = bench.private();
    let quiet = "{\"updateInterval\":\"0\"}";
    bench.send(conn, &json!({"op": "subscribe", "args": [{"channel": "account", "extraParams": quiet}]}));
    let frames: Vec<_> = bench
        .frames
        .iter()
        .filter(|(_, f)| f["arg"]["channel"] == "account")
        .map(|(_, f)| f.clone())
        .collect();
    assert_eq!((&frames[0]["event"], &frames[0]["arg"]["extraParams"]), (&json!("subscribe"), &json!(quiet)));
    let last = frames.last().expect("a snapshot");
    assert_eq!(
        (&last["eventType"], &last["curPage"], &last["lastPage"]),
        (&json!("snapshot"), &json!(1), &json!(true))
    );
    bench.frames.clear();
    bench.wait(11_000);
    assert!(bench.rows(conn, "account").is_empty(), "events only");
    let regular = bench.holding(&["account"]);
    bench.wait(11_000);
    assert!(bench.rows(regular, "account").len() >= 2);
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let run = || {
        let mut bench = Bench::new();
        let conn = bench.holding(&["orders", "positions", "account"]);
        for n in 0..10 {
            let side = if n % 2 == 0 { "buy" } else { "sell" };
            let order = json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": side, "ordType": "market", "sz": (n + 1).to_string()});
            bench.rest("POST", "/trade/order", &order);
            bench.wait(333);
        }
        let frames: Vec<String> =
            bench.frames.iter().filter(|(no, _)| *no == conn).map(|(_, f)| f.to_string()).collect();
        (frames, bench.exchange.state_hash())
    };
    let (one, two) = (run(), run());
    assert!(one.0.len() > 20);
    assert_eq!(one, two);
}
