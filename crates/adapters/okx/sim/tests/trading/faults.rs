//! What can go wrong between a client and its orders.

use okx_sim::ApiKey;
use serde_json::{Value, json};

use crate::support::Bench;

fn order(cl_id: &str) -> Value {
    json!({"instId": "BTC-USDT", "tdMode": "cash", "side": "buy", "ordType": "limit", "px": "20000", "sz": "0.001", "clOrdId": cl_id})
}

fn by_code(bench: &mut Bench, cl_id: &str) -> Value {
    let code = bench.code("BTC-USDT", "SPOT");
    let mut arg = order(cl_id);
    arg["instIdCode"] = json!(code);
    json!([arg])
}

#[test]
fn an_acknowledgement_is_lost() {
    let mut bench = Bench::new();
    let conn = bench.holding(&["orders"]);
    bench.fault(
        json!({"on": {"class": "op_reply"}, "when": {"count": 1}, "what": {"kind": "hold", "how": "drop"}}),
    );
    let args = by_code(&mut bench, "c1");
    assert_eq!(bench.op(conn, "order", args), None);
    assert_eq!(bench.states(conn), ["live"], "the order is there all the same");
}

#[test]
fn a_push_overtakes_the_acknowledgement() {
    let mut bench = Bench::new();
    let conn = bench.holding(&["orders"]);
    bench.fault(json!({"on": {"class": "op_reply"}, "when": {"count": 1}, "what": {"kind": "hold", "how": {"delay": 30}}}));
    let args = by_code(&mut bench, "c1");
    bench.frames.clear();
    assert_eq!(bench.op(conn, "order", args), None);
    bench.wait(31);
    let kinds: Vec<_> =
        bench.frames.iter().map(|(_, f)| if f.get("op").is_some() { "reply" } else { "push" }).collect();
    assert_eq!(kinds, ["push", "reply"]);
}

#[test]
fn a_push_comes_twice_late_or_never() {
    for (how, seen) in [(json!({"repeat": 1}), 2), (json!("drop"), 0), (json!({"delay": 500}), 0)] {
        let mut bench = Bench::new();
        let conn = bench.holding(&["orders"]);
        bench.fault(
            json!({"on": {"class": "push", "channel": "orders"}, "what": {"kind": "hold", "how": how}}),
        );
        bench.rest("POST", "/trade/order", &order("c1"));
        assert_eq!(bench.states(conn).len(), seen, "{how}");
        if how.get("delay").is_some() {
            bench.wait(501);
            assert_eq!(bench.states(conn), ["live"]);
        }
    }
}

#[test]
fn the_gateway_fails_after_the_order_took() {
    for (apply, open) in [(true, 1), (false, 0)] {
        let mut bench = Bench::new();
        let conn = bench.holding(&["orders"]);
        bench.fault(json!({"on": {"class": "request", "path": "/trade/order"}, "when": {"count": 1},
            "what": {"kind": "reply", "apply": apply, "status": 503, "code": "50001", "msg": "Service temporarily unavailable"}}));
        let (status, body) = bench.rest_as(&ApiKey::default(), "POST", "/trade/order", &order("c1"));
        assert_eq!((status, &body["code"]), (503, &json!("50001")));
        assert_eq!(
            bench.rest("GET", "/trade/orders-pending", &Value::Null)["data"].as_array().map(Vec::len),
            Some(open)
        );
        assert_eq!(bench.states(conn).len(), open);
    }
}

#[test]
fn the_connection_ends_before_or_after_the_order_took() {
    for (at, open) in [("before", 0), ("after", 1)] {
        let mut bench = Bench::new();
        let (conn, other) = (bench.holding(&["orders"]), bench.holding(&["orders"]));
        bench.fault(json!({"on": {"class": "request", "op": "order"}, "when": {"count": 1}, "what": {"kind": "cut", "at": at, "how": "rst"}}));
        let args = by_code(&mut bench, "c1");
        assert_eq!(bench.op(conn, "order", args), None);
        assert_eq!(bench.ended, [conn]);
        assert!(bench.states(conn).is_empty(), "nothing more comes on a cut connection");
        assert_eq!(bench.states(other).len(), open, "{at}");
    }
}

#[test]
fn an_answer_of_the_test_s_own() {
    let mut bench = Bench::new();
    let conn = bench.holding(&["orders"]);
    bench.fault(json!({"on": {"class": "request", "op": "order"}, "when": {"count": 1},
        "what": {"kind": "reply", "apply": true, "code": "50011", "msg": "Rate limit reached."}}));
    let args = by_code(&mut bench, "c1");
    let reply = bench.op(conn, "order", args).expect("a reply");
    assert_eq!((&reply["code"], &reply["data"]), (&json!("50011"), &json!([])));
    assert_eq!(bench.states(conn), ["live"], "it took all the same");
}

#[test]
fn a_snapshot_loses_a_page() {
    let mut bench = Bench::new();
    let conn = bench.private();
    bench.fault(json!({"on": {"class": "snapshot", "channel": "account"}, "when": {"count": 1}, "what": {"kind": "hold", "how": "drop"}}));
    bench.send(conn, &json!({"op": "subscribe", "args": [{"channel": "account"}]}));
    assert!(bench.rows(conn, "account").is_empty());
}

#[test]
fn a_batch_takes_in_part() {
    for rest in [false, true] {
        let mut bench = Bench::new();
        let conn = bench.holding(&["orders"]);
        let code = bench.code("BTC-USDT", "SPOT");
        let orders: Vec<Value> = (0..20)
            .map(|n| {
                let mut arg = order(&format!("b{n}"));
                arg["instIdCode"] = json!(code);
                arg
            })
            .collect();
        let on = if rest {
            json!({"class": "request", "path": "/trade/batch-orders"})
        } else {
            json!({"class": "request", "op": "batch-orders"})
        };
        bench.fault(json!({"on": on, "when": {"count": 1}, "what": {"kind": "cut", "at": {"item": 12}, "how": "fin"}}));
        if rest {
            let answer = bench.raw(&ApiKey::default(), "POST", "/trade/batch-orders", &json!(orders), &[]);
            assert_ne!(answer.fate, okx_sim::Fate::Whole);
        } else {
            assert_eq!(bench.op(conn, "batch-orders", json!(orders)), None);
            assert_eq!(bench.ended, [conn]);
        }
        let open = bench.account()["orders"].as_array().map(Vec::len);
        assert_eq!(open, Some(12));
    }
}
