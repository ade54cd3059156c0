//! Drops at each point of a connection's life, and what must hold at any time: wanted topics are subscribed once, pauses hurt nobody.

use super::*;

fn orders() -> Topic {
    Topic::inst_type(Channel::Orders, okx_common::enums::InstType::Any)
}

/// `args` of the subscribe requests that a link got.
fn subscribed(bench: &Bench, link: LinkId) -> Vec<String> {
    let requests = bench.sent.iter().filter(|(to, _)| *to == link);
    let requests = requests.filter_map(|(_, text)| serde_json::from_str::<Request>(text).ok());
    let args = requests.filter(|r| r.op == "subscribe").flat_map(|r| r.args);
    args.map(|arg| arg.get().to_owned()).collect()
}

/// The link ends, and the next one is open.
fn drop_and_accept(bench: &mut Bench, link: LinkId) -> LinkId {
    bench.input(Input::Disconnected(link, None, "reset"));
    let next = bench.pass_until_connect(60).expect("it reconnects");
    bench.input(Input::Connected(next));
    next
}

#[test]
fn nothing_private_is_sent_before_the_login_ack_also_on_the_next_link() {
    let mut bench = Bench::private();
    bench.wants(&[orders()]);
    bench.input(Input::Open);
    let mut link = bench.accept();
    for _ in 0..3 {
        bench.pass_ms(1_000);
        assert!(subscribed(&bench, link).is_empty());
        assert!(bench.session.send_request("{}".into()).is_err(), "no order before the ack");
        link = drop_and_accept(&mut bench, link);
    }
    bench.ack_all(link);
    bench.pass_ms(100);
    assert_eq!(subscribed(&bench, link), [orders().to_arg()]);
}

#[test]
fn a_drop_before_or_between_the_acks_replays_each_topic_once() {
    let mut bench = Bench::public();
    let topics: Vec<_> = (0..20).map(|i| trades(&format!("A{i}-B"))).collect();
    bench.wants(&topics);
    let mut link = bench.accept();
    bench.pass_ms(100);
    for acked in [0, 7, 19] {
        let requests: Vec<_> = bench.sent.drain(..).map(|(_, text)| text).collect();
        let request: Request = serde_json::from_str(&requests[0]).unwrap();
        for arg in request.args.iter().take(acked) {
            let ack =
                format!(r#"{{"id":"{}","event":"subscribe","arg":{},"connId":"a"}}"#, request.id, arg.get());
            bench.frame(link, &ack);
        }
        link = drop_and_accept(&mut bench, link);
        bench.pass_ms(100);
        let mut again = subscribed(&bench, link);
        again.sort();
        let mut expected: Vec<_> = topics.iter().map(Topic::to_arg).collect();
        expected.sort();
        assert_eq!(again, expected);
    }
}

#[test]
fn a_thousand_topics_survive_two_reconnects_within_the_limits() {
    let mut bench = Bench::public();
    let topics: Vec<_> = (0..1_000).map(|i| books(&format!("INSTRUMENT{i}-USDT-SWAP"))).collect();
    let mut link = bench.up(&topics);
    for _ in 0..2 {
        bench.sent.clear();
        link = drop_and_accept(&mut bench, link);
        for _ in 0..10 {
            bench.pass_ms(100);
        }
        assert_eq!(subscribed(&bench, link).len(), topics.len());
        for (_, text) in &bench.sent {
            assert!(text.len() <= 64 * 1024, "{}", text.len());
        }
        bench.ack_all(link);
    }
    assert_eq!(bench.session.wanted().count(), topics.len());
    assert!(!bench.has_event(|e| matches!(e, Event::SubscribeFailed { .. })));
}

#[test]
fn acks_of_another_request_or_link_settle_nothing() {
    let mut bench = Bench::public();
    bench.wants(&[trades("A-B")]);
    let link = bench.accept();
    bench.pass_ms(100);
    let ack = |id: &str, inst: &str| {
        format!(
            r#"{{"id":"{id}","event":"subscribe","arg":{{"channel":"trades","instId":"{inst}"}},"connId":"a"}}"#
        )
    };
    bench.frame(link, &ack("ws999", "C-D"));
    bench.frame(LinkId(99), &ack("ws1", "A-B"));
    assert!(!bench.has_event(|e| matches!(e, Event::Subscribed { .. })));
    bench.ack_all(link);
    assert!(bench.has_event(|e| matches!(e, Event::Subscribed { .. })));
    assert_eq!(bench.frame(LinkId(99), &trade_push("A-B")), None, "a link that is gone is not believed");
}

#[test]
fn a_machine_that_slept_connects_anew_and_sends_nothing_stale() {
    let mut bench = Bench::public();
    let link = bench.up(&[trades("A-B")]);
    bench.sent.clear();
    // Stopped for 90 s: no timer ran, then all are due at once.
    bench.now = bench.now.plus_ns(90_000 * NANOS_PER_MILLI);
    bench.input(Input::Timeout);
    assert_eq!(bench.sent, [(link, "ping".to_owned())], "the link may still live");
    bench.pass_ms(20_000);
    assert_eq!(bench.closed, [link]);
    let next = bench.pass_until_connect(60).expect("it reconnects");
    bench.input(Input::Connected(next));
    bench.pass_ms(100);
    assert_eq!(subscribed(&bench, next), [trades("A-B").to_arg()]);
}

#[test]
fn what_nobody_knows_is_told_once_for_each_kind() {
    let mut bench = Bench::public();
    let link = bench.up(&[trades("A-B")]);
    for _ in 0..5 {
        bench.frame(link, r#"{"arg":{"channel":"brand-new","instId":"A-B"},"data":[{"x":"1"}]}"#);
        bench.frame(link, r#"{"event":"brand-new-event","msg":"hello"}"#);
    }
    let warnings = bench.events.iter().filter(|e| matches!(e, Event::Warning(_))).count();
    assert_eq!(warnings, 2);
    assert!(bench.frame(link, &trade_push("A-B")).is_some());
}
