use super::*;
use crate::orders::{
    context::Route,
    kinds::OrderType,
    tracker::{KnownOrder, NewOrder, VenueId},
};

fn stop(id: &str) -> SubmitSpec {
    let order = OrderDescription::stop_market(ClOrdId::new(""), Side::Sell, dec("2"), dec("49000"));
    SubmitSpec::new(id, SWAP, order)
}

const ALGO_ACK: &str =
    r#"{"code":"0","msg":"","data":[{"algoId":"77","algoClOrdId":"stop1","sCode":"0","sMsg":""}]}"#;

#[test]
fn an_order_leaves_within_the_call_before_the_engine_hears_of_it() {
    let mut bench = Bench::ready();
    bench.desk.submit(limit("O-20261125-145318-001-000-1"), bench.now);
    let first = bench.desk.poll();
    let Some(Act::Transmit(PRIVATE, _, text)) = first else { panic!("{first:?}") };
    let frame: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!((&frame["op"], &frame["args"][0]["instIdCode"]), (&json!("order"), &json!(10_459)));
    let okx_id = frame["args"][0]["clOrdId"].as_str().unwrap().to_owned();
    assert_eq!(bench.desk.nautilus_id(&okx_id).as_deref(), Some("O-20261125-145318-001-000-1"));
    bench.settle();
    assert_eq!(bench.told("O-20261125-145318-001-000-1"), ["submitted"]);
}

#[test]
fn f68_no_order_without_the_number_of_its_instrument() {
    let mut bench = Bench::ready();
    let mut row = super::super::dst::row("ETH-USDT");
    row["instIdCode"] = Value::Null;
    bench.desk.instrument(serde_json::from_value(row).unwrap());
    let spec = |id: &str| SubmitSpec { inst_id: "ETH-USDT".into(), ..limit(id) };
    bench.desk.submit(spec("a"), bench.now);
    let mut over_rest = spec("b");
    over_rest.order.params.route = Some(Route::Http);
    bench.desk.submit(over_rest, bench.now);
    bench.desk.submit(SubmitSpec { inst_id: "NO-SUCH".into(), ..limit("c") }, bench.now);
    bench.settle();
    assert!(bench.ops(PRIVATE).is_empty());
    assert_eq!(
        (bench.told("a"), bench.told("b"), bench.told("c")),
        (vec!["denied"], vec!["submitted"], vec!["denied"])
    );
    assert_eq!(bench.paths(), ["/api/v5/trade/order"]);
}

#[test]
fn f93_an_order_that_was_found_at_okx_is_changed_like_ones_own() {
    let mut bench = Bench::ready();
    let mut order = limit("a").order;
    order.cl_ord_id = bench.desk.okx_id("a").unwrap();
    let known = KnownOrder {
        order: NewOrder::of(&order, &InstId::new(SWAP)),
        venue_id: Some(VenueId::Order("555".into())),
        accepted: true,
        triggered: false,
        // What the engine has noted before it gives the command.
        pending_cancel: true,
        pending_update: false,
        filled: dec("0.5"),
        trade_ids: vec!["7".into()],
    };
    assert!(!bench.desk.knows("a"));
    let found = RestoredOrder { client_order_id: "a".to_owned(), known };
    for _ in 0..2 {
        bench.desk.adopt(found.clone(), bench.now);
    }
    bench.settle();
    assert!(bench.desk.knows("a") && bench.events.is_empty() && bench.calls.is_empty(), "{:?}", bench.events);
    bench.cancel("a");
    let frame = bench.ops(PRIVATE)[0];
    assert_eq!((&frame["op"], &frame["args"][0]["ordId"]), (&json!("cancel-order"), &json!("555")));
    bench.submit("b");
    assert!(bench.desk.knows("b") && !bench.desk.knows("c"));
}

#[test]
fn an_id_is_used_once() {
    let mut bench = Bench::ready();
    bench.submit("a");
    bench.submit("a");
    assert_eq!(bench.told("a"), ["submitted", "denied"]);
    bench.desk.submit_list(vec![limit("b"), limit("b")], bench.now);
    bench.settle();
    assert_eq!(bench.told("b"), ["denied", "submitted"]);
    assert_eq!(bench.ops(PRIVATE).len(), 2);
}

#[test]
fn lists_and_cancellations_go_in_batches_of_twenty() {
    let mut bench = Bench::ready();
    let specs: Vec<_> = (0..25).map(|n| limit(&format!("s{n}"))).collect();
    bench.desk.submit_list(specs, bench.now);
    bench.settle();
    let sizes = |bench: &Bench| {
        let ops = bench.ops(PRIVATE);
        ops.iter()
            .map(|f| (f["op"].as_str().unwrap().to_owned(), f["args"].as_array().unwrap().len()))
            .collect::<Vec<_>>()
    };
    assert_eq!(sizes(&bench), [("batch-orders".to_owned(), 20), ("batch-orders".to_owned(), 5)]);
    bench.forget();
    let ids: Vec<_> = (0..21).map(|n| format!("s{n}")).collect();
    bench.desk.cancel_batch(&ids, bench.now);
    bench.settle();
    assert_eq!(sizes(&bench), [("batch-cancel-orders".to_owned(), 20), ("cancel-order".to_owned(), 1)]);
}

#[test]
fn strategy_orders_go_over_rest_and_what_follows_waits_for_the_answer() {
    let mut bench = Bench::ready();
    bench.desk.submit(stop("stop1"), bench.now);
    bench.cancel("stop1");
    assert_eq!(bench.paths(), ["/api/v5/trade/order-algo"]);
    assert_eq!(body(&bench.calls[0].1)["algoClOrdId"], "stop1");
    let id = bench.calls[0].0;
    bench.answer(id, Ok(ALGO_ACK));
    assert_eq!(bench.paths(), ["/api/v5/trade/order-algo", "/api/v5/trade/cancel-algos"]);
    assert_eq!(body(&bench.calls[1].1), json!([{"instId": SWAP, "algoId": "77"}]));
    assert_eq!(bench.told("stop1"), ["submitted", "accepted", "pending_cancel"]);
}

#[test]
fn a_command_that_surely_was_not_sent_is_rejected_and_an_unknown_one_is_looked_up() {
    let mut bench = Bench::ready();
    bench.desk.submit(stop("stop1"), bench.now);
    bench.desk.submit(stop("stop2"), bench.now);
    bench.settle();
    let (first, second) = (bench.calls[0].0, bench.calls[1].0);
    bench.answer(first, Err(HttpError::local(okx_http::ErrorKind::Throttled, "the limits are used up")));
    assert_eq!(bench.told("stop1"), ["submitted", "rejected"]);
    bench.calls.clear();
    bench.answer(second, Ok("<html>bad gateway</html>"));
    assert_eq!(bench.told("stop2"), ["submitted"]);
    bench.pass_ms(10);
    assert_eq!(bench.paths(), ["/api/v5/trade/order-algo?algoClOrdId=stop2"]);
}

#[test]
fn a_bracket_is_one_order_over_rest() {
    let mut bench = Bench::ready();
    let profit = OrderDescription::limit(ClOrdId::new(""), Side::Sell, dec("2"), dec("51000"));
    let list = vec![
        limit("entry"),
        stop("sl").with_parent("entry"),
        SubmitSpec::new("tp", SWAP, profit).with_parent("entry"),
    ];
    bench.desk.submit_list(list, bench.now);
    bench.settle();
    assert_eq!(bench.paths(), ["/api/v5/trade/order"]);
    let attached = &body(&bench.calls[0].1)["attachAlgoOrds"][0];
    assert_eq!((&attached["tpTriggerPx"], &attached["slTriggerPx"]), (&json!("51000"), &json!("49000")));
    for id in ["entry", "sl", "tp"] {
        assert_eq!(bench.told(id), ["submitted"], "{id}");
    }
    bench.desk.submit_list(vec![limit("x"), limit("y").with_parent("z")], bench.now);
    bench.settle();
    assert_eq!((bench.told("x"), bench.told("y")), (vec!["denied"], vec!["denied"]));
}

#[test]
fn f62_after_too_many_requests_the_gate_waits_a_window() {
    let mut bench = Bench::ready();
    bench.submit("a");
    let answer = json!({"id": bench.ops(PRIVATE)[0]["id"], "op": "order", "code": "50011", "msg": "Too Many Requests", "data": []});
    bench.push(PRIVATE, &answer);
    assert_eq!(bench.told("a"), ["submitted"], "nothing is known of it");
    bench.submit("b");
    assert!(bench.told("b").is_empty());
    bench.pass_ms(1_900);
    assert!(bench.told("b").is_empty());
    bench.pass_ms(200);
    assert_eq!(bench.told("b"), ["submitted"]);
}

#[test]
fn what_waits_too_long_is_denied() {
    let gate = GateConfig { waiting_max: 2, ..GateConfig::default() };
    let mut bench = Bench::ready_with(DeskConfig { gate, ..config() });
    for n in 0..63 {
        bench.submit(&format!("s{n}"));
    }
    assert_eq!(bench.told("s62"), ["denied"], "two wait already");
    assert!(bench.reason("s62").contains("slow down"), "{}", bench.reason("s62"));
}

#[test]
fn commands_for_unknown_and_for_closed_orders_are_answered_here() {
    let mut bench = Bench::ready();
    bench.cancel("nobody");
    assert_eq!(bench.told("nobody"), ["unknown: cancel_rejected"]);
    bench.submit("a");
    let refusal = json!({"id": bench.ops(PRIVATE)[0]["id"], "op": "order", "code": "1", "msg": "All operations failed",
        "data": [{"clOrdId": "a", "ordId": "", "sCode": "51008", "sMsg": "Insufficient balance", "subCode": ""}]});
    bench.push(PRIVATE, &refusal);
    bench.cancel("a");
    assert_eq!(bench.told("a"), ["submitted", "rejected", "cancel_rejected"]);
    assert_eq!(bench.ops(PRIVATE).len(), 1);
}

#[test]
fn deadlines_go_with_orders_and_amendments_only() {
    let mut bench = Bench::ready_with(DeskConfig { exp_time_ms: Some(500), ..config() });
    bench.submit("a");
    bench.cancel("a");
    let ops = bench.ops(PRIVATE);
    let due = (bench.now.unix_ms() + 500).to_string();
    assert_eq!((&ops[0]["expTime"], ops[1].get("expTime")), (&json!(due), None));
}

#[test]
fn orders_on_spreads_go_over_the_business_line() {
    let mut bench = Bench::ready();
    let order = OrderDescription::limit(ClOrdId::new(""), Side::Sell, dec("0.5"), dec("-2.1"));
    bench.desk.submit(SubmitSpec::new("spread1", SPREAD, order), bench.now);
    bench.settle();
    let op = bench.ops(BUSINESS)[0].clone();
    assert_eq!((&op["op"], &op["args"][0]["sprdId"]), (&json!("sprd-order"), &json!(SPREAD)));
    let ack = json!({"id": op["id"], "op": "sprd-order", "code": "0", "msg": "",
        "data": [{"clOrdId": "spread1", "ordId": "9", "sCode": "0", "sMsg": ""}]});
    bench.push(BUSINESS, &ack);
    let change = ChangeDescription { price: Some(dec("-2")), ..ChangeDescription::default() };
    bench.desk.modify("spread1", change, bench.now);
    bench.cancel("spread1");
    let names: Vec<_> = bench.ops(BUSINESS).iter().map(|op| op["op"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names, ["sprd-order", "sprd-amend-order", "sprd-cancel-order"]);
    assert!(bench.ops(PRIVATE).is_empty());
    bench.lose(BUSINESS);
    bench.cancel("spread1");
    assert_eq!(bench.told("spread1").last(), Some(&"cancel_rejected"));
}

#[test]
fn orders_on_spreads_have_a_limit_of_their_own() {
    let mut bench = Bench::ready();
    for n in 0..21 {
        let order = OrderDescription::limit(ClOrdId::new(""), Side::Sell, dec("0.5"), dec("-2.1"));
        bench.desk.submit(SubmitSpec::new(format!("spread{n}"), SPREAD, order), bench.now);
    }
    bench.settle();
    assert_eq!((bench.ops(BUSINESS).len(), bench.desk.stats().waiting), (20, 1));
}

#[test]
fn amendments_of_strategy_orders_go_over_rest_and_what_okx_cannot_change_is_refused_here() {
    let mut bench = Bench::ready();
    bench.desk.submit(stop("stop1"), bench.now);
    bench.settle();
    let id = bench.calls[0].0;
    bench.answer(id, Ok(ALGO_ACK));
    bench.forget();
    let change = ChangeDescription { trigger_price: Some(dec("49100")), ..ChangeDescription::default() };
    bench.desk.modify("stop1", change, bench.now);
    bench.settle();
    assert_eq!(bench.paths(), ["/api/v5/trade/amend-algos"]);
    let sent = body(&bench.calls[0].1);
    assert_eq!((&sent["newTriggerPx"], &sent["algoId"]), (&json!("49100"), &json!("77")));
    let mut market = limit("market1");
    market.order.order_type = OrderType::Market;
    market.order.price = None;
    bench.desk.submit(market, bench.now);
    bench.desk.modify(
        "market1",
        ChangeDescription { quantity: Some(dec("3")), ..Default::default() },
        bench.now,
    );
    bench.settle();
    assert_eq!(bench.told("market1"), ["submitted", "modify_rejected"]);
}
