use super::*;

#[test]
fn f02_nothing_is_subscribed_before_the_login_and_ready_comes_last() {
    let mut bench = Bench::new(config());
    let is_login = |frames: &[(usize, Value)]| frames.iter().all(|(_, frame)| frame["op"] == "login");
    assert!(is_login(&bench.frames) && bench.frames.len() == 2, "{:?}", bench.frames);
    bench.login(PRIVATE);
    bench.login(BUSINESS);
    assert!(bench.calls.is_empty(), "asked before the subscriptions took effect");
    bench.acknowledge(PRIVATE);
    assert!(bench.paths().iter().any(|path| path.contains("/trade/orders-pending")), "{:?}", bench.paths());
    assert!(!bench.events.contains(&DeskEvent::Ready));
    bench.answer_lists();
    assert!(!bench.events.contains(&DeskEvent::Ready), "the business line is not up");
    bench.acknowledge(BUSINESS);
    assert!(!bench.events.contains(&DeskEvent::Ready), "what it may have missed is not known");
    bench.answer_lists();
    assert_eq!(bench.events.iter().filter(|event| **event == DeskEvent::Ready).count(), 1);
}

#[test]
fn a_refused_login_and_a_refused_channel_are_told() {
    let mut bench = Bench::new(config());
    let refusal = json!({"event": "error", "code": "60005", "msg": "Invalid apiKey", "connId": "a"});
    bench.push(PRIVATE, &refusal);
    let is_final = |event: &DeskEvent| matches!(event, DeskEvent::LoginFailed { line: PRIVATE, code, is_final: true, .. } if code.0 == 60005);
    assert!(bench.events.iter().any(is_final), "{:?}", bench.events);

    let mut bench = Bench::new(config());
    bench.login(PRIVATE);
    let refusal = json!({"event": "error", "code": "60018",
        "msg": "Wrong URL or channel:orders,instType:ANY doesn't exist. Please use the correct URL, channel and parameters.",
        "connId": "a"});
    bench.push(PRIVATE, &refusal);
    let refused = |event: &DeskEvent| matches!(event, DeskEvent::Refused { channel, code, .. } if channel == "orders" && code.0 == 60018);
    assert!(bench.events.iter().any(refused), "{:?}", bench.events);
}

#[test]
fn f12_while_the_line_is_down_commands_are_refused_and_none_is_kept() {
    let mut bench = Bench::ready();
    bench.submit("a");
    bench.forget();
    bench.lose(PRIVATE);
    assert!(bench.events.contains(&DeskEvent::Lost));
    bench.submit("b");
    bench.cancel("a");
    bench.desk.modify("a", ChangeDescription { price: Some(dec("49999")), ..Default::default() }, bench.now);
    bench.settle();
    assert_eq!(bench.told("b"), ["denied"]);
    assert_eq!(bench.told("a"), ["cancel_rejected", "modify_rejected"]);
    assert!(bench.reason("a").contains("not sent"), "{}", bench.reason("a"));
    bench.pass_ms(5_000);
    bench.login(PRIVATE);
    bench.acknowledge(PRIVATE);
    assert!(bench.ops(PRIVATE).is_empty(), "{:?}", bench.ops(PRIVATE));
}

#[test]
fn what_waits_for_limits_when_the_line_goes_down_is_given_back() {
    let mut bench = Bench::ready();
    for n in 0..62 {
        bench.submit(&format!("s{n}"));
    }
    bench.desk.modify(
        "s61",
        ChangeDescription { price: Some(dec("49999")), ..Default::default() },
        bench.now,
    );
    bench.settle();
    assert_eq!((bench.ops(PRIVATE).len(), bench.desk.stats().waiting), (60, 3));
    assert!(bench.told("s60").is_empty() && bench.told("s59") == ["submitted"]);
    bench.lose(PRIVATE);
    assert_eq!(bench.told("s60"), ["denied"]);
    assert_eq!(bench.told("s61"), ["denied", "unknown: modify_rejected"]);
    assert_eq!(bench.desk.stats().waiting, 0);
}

#[test]
fn an_unreadable_private_message_is_never_let_go() {
    let mut bench = Bench::ready();
    bench.raw(PRIVATE, br#"{"arg":{"channel":"orders","instType":"ANY"},"data":[{"instId":"#);
    let asked = bench.paths();
    assert!(asked.iter().any(|path| path.contains("/trade/orders-pending")), "{asked:?}");
    // Another one meanwhile: the look that is under way may be older, so it is repeated, once.
    bench.raw(PRIVATE, b"{\"arg\":[[[[");
    bench.raw(PRIVATE, b"{\"arg\":[[[[");
    assert_eq!(bench.paths().len(), asked.len());
    let calls = std::mem::take(&mut bench.calls);
    for (id, request) in calls {
        bench.answer(id, Ok(empty(&request)));
    }
    assert_eq!(bench.paths(), asked);
    bench.answer_lists();
    assert!(bench.calls.is_empty());
}

#[test]
fn a_row_that_cannot_be_read_is_asked_for() {
    let mut bench = Bench::ready();
    let push = json!({"arg": {"channel": "orders", "instType": "ANY", "uid": "1"},
        "data": [{"instId": SWAP, "ordId": "1", "clOrdId": "a", "state": "live", "sz": "x"}]});
    bench.push(PRIVATE, &push);
    assert!(!bench.calls.is_empty(), "{:?}", bench.events);
}
