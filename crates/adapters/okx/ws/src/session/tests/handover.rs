//! Connections that OKX announced to close.

use super::*;

const NOTICE: &str = r#"{"event":"notice","code":"64008","msg":"The connection will soon be closed for a service upgrade.","connId":"a"}"#;

#[test]
fn the_replacement_is_ready_before_the_old_link_ends() {
    let mut bench = Bench::public();
    let topics = [books("A-B"), trades("A-B")];
    let old = bench.up(&topics);
    assert!(bench.frame(old, &book_push("A-B")).is_some());
    bench.frame(old, NOTICE);
    let new = bench.accept();
    assert_ne!(old, new);
    assert!(bench.closed.is_empty());
    let before = bench.frame(old, &trade_push("A-B")).expect("the old link still serves");
    bench.ack_all(new);
    assert_eq!(bench.frame(old, &trade_push("A-B")), Some(before), "until the new one has pushed");
    let book = bench.frame(new, &book_push("A-B")).expect("the first push of the new link");
    assert!(book > before);
    assert_eq!(bench.frame(old, &book_push("A-B")), None, "the old link is no longer believed");
    assert!(bench.closed.is_empty());
    bench.pass_ms(3_000);
    assert_eq!(bench.closed, [old], "after the overlap the rest moves too");
    assert!(bench.frame(new, &trade_push("A-B")).is_some());
    assert!(bench.has_event(|e| matches!(e, Event::Disconnected { reason: DisconnectReason::Replaced, .. })));
    assert!(!bench.has_event(|e| matches!(e, Event::Reconnecting { .. })));
    bench.pass_ms(10_000);
    assert_eq!(bench.connects.len(), 2);
}

#[test]
fn the_old_link_may_end_first() {
    let mut bench = Bench::private();
    let old = bench.up(&[Topic::plain(Channel::Account)]);
    bench.frame(old, NOTICE);
    bench.input(Input::Disconnected(old, None, "closed"));
    let new = bench.accept();
    bench.ack_all(new);
    bench.pass_ms(100);
    bench.ack_all(new);
    let push = r#"{"arg":{"channel":"account","uid":"1"},"eventType":"snapshot","curPage":1,"lastPage":true,"data":[{"totalEq":"1","details":[]}]}"#;
    assert!(bench.frame(new, push).is_some());
    assert_eq!(bench.connects.len(), 2);
    bench.pass_ms(10_000);
    assert_eq!(bench.connects.len(), 2);
}

#[test]
fn a_replacement_that_fails_is_tried_again_while_the_old_link_serves() {
    let mut bench = Bench::public();
    let old = bench.up(&[trades("A-B")]);
    bench.frame(old, NOTICE);
    for _ in 0..3 {
        let link = bench.connects.last().unwrap().1;
        bench.input(Input::ConnectFailed(link, "refused"));
        bench.pass_ms(2_000);
        assert!(bench.frame(old, &trade_push("A-B")).is_some());
    }
    let new = bench.accept();
    bench.ack_all(new);
    bench.frame(new, &trade_push("A-B"));
    assert_eq!(bench.closed, [old]);
}

#[test]
fn a_topic_wanted_meanwhile_is_subscribed_on_both() {
    let mut bench = Bench::public();
    let old = bench.up(&[trades("A-B")]);
    bench.frame(old, NOTICE);
    let new = bench.accept();
    bench.wants(&[trades("C-D")]);
    bench.pass_ms(100);
    assert_eq!(bench.requests().iter().filter(|r| r.args.iter().any(|a| a.get().contains("C-D"))).count(), 2);
    bench.ack_all(new);
    bench.pass_ms(5_000);
    assert_eq!(bench.closed, [old]);
    assert!(bench.frame(new, &trade_push("C-D")).is_some());
}
