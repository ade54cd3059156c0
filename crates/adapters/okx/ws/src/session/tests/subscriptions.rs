//! Subscriptions and what OKX says to them.

use super::*;
use okx_common::error_code::ErrorCode;

fn failed(topic: &Topic, code: u32, forgotten: bool) -> impl Fn(&Event) -> bool {
    let topic = topic.clone();
    move |e| matches!(e, Event::SubscribeFailed { topic: t, code: c, forgotten: f, .. } if *t == topic && c.0 == code && *f == forgotten)
}

#[test]
fn topics_share_messages_of_at_most_64_kb() {
    let topics: Vec<_> =
        (0..1_000).map(|i| Topic::inst(Channel::Tickers, format!("SOME-LONGER-NAME-{i:06}-SWAP"))).collect();
    let mut bench = Bench::public();
    bench.wants(&topics);
    for round in 0..3 {
        let link = bench.accept();
        let requests = bench.requests();
        assert!(requests.len() <= 2, "{} messages", requests.len());
        assert_eq!(requests.iter().map(|r| r.args.len()).sum::<usize>(), 1_000);
        assert!(bench.sent.iter().all(|(_, text)| text.len() <= 64 * 1024));
        bench.ack_all(link);
        let subscribed = bench.events.iter().filter(|e| matches!(e, Event::Subscribed { .. })).count();
        assert_eq!(subscribed, 1_000 * (round + 1));
        bench.input(Input::Disconnected(link, None, "reset"));
        bench.pass_ms(2_000);
    }
}

#[test]
fn subscriptions_made_in_a_row_are_collected() {
    let mut bench = Bench::public();
    let link = bench.up(&[trades("A0-B")]);
    for i in 1..50 {
        bench.wants(&[trades(&format!("A{i}-B"))]);
        bench.pass_ms(1);
    }
    bench.pass_ms(100);
    let requests = bench.requests();
    assert!(requests.len() <= 3, "{}", requests.len());
    assert_eq!(requests.iter().map(|r| r.args.len()).sum::<usize>(), 49);
    bench.ack_all(link);
}

#[test]
fn a_refusal_reaches_the_caller_and_the_topic_is_forgotten() {
    let mut bench = Bench::public();
    bench.wants(&[books("A-B")]);
    let link = bench.accept();
    let id = bench.requests()[0].id.clone();
    bench.frame(link, &error(&id, 60018, "Wrong URL or channel"));
    assert!(bench.has_event(failed(&books("A-B"), 60018, true)));
    assert_eq!(bench.session.wanted().count(), 0);
}

#[test]
fn one_bad_topic_of_many_is_named_by_okx() {
    let topics = [books("A-B"), books("A-B-SWAP"), books("C-D")];
    let mut bench = Bench::public();
    bench.wants(&topics);
    let link = bench.accept();
    let request = &bench.requests()[0];
    let (id, args) =
        (request.id.clone(), [request.args[0].get().to_owned(), request.args[2].get().to_owned()]);
    bench.frame(link, &error("", 60018, "Wrong URL or channel:books,instId:A-B-SWAP doesn't exist."));
    for arg in args {
        bench.frame(link, &format!(r#"{{"id":"{id}","event":"subscribe","arg":{arg},"connId":"a"}}"#));
    }
    assert!(bench.has_event(failed(&topics[1], 60018, true)));
    assert_eq!(bench.session.wanted().count(), 2);
    bench.pass_ms(1_000);
    assert_eq!(bench.requests().len(), 1, "nothing is asked twice");
}

#[test]
fn a_message_refused_without_a_hint_is_halved_until_the_culprit_is_found() {
    let topics: Vec<_> = (0..16).map(|i| trades(&format!("A{i}-B"))).collect();
    let mut bench = Bench::public();
    bench.wants(&topics);
    let link = bench.accept();
    for _ in 0..12 {
        for (_, text) in std::mem::take(&mut bench.sent) {
            if text == "ping" {
                bench.frame(link, "pong");
            } else if text.contains("\"A11-B\"") {
                let request: Request = serde_json::from_str(&text).unwrap();
                bench.frame(link, &error(&request.id, 60012, "Invalid request"));
            } else {
                bench.ack(link, &text);
            }
        }
        bench.pass_ms(1_500);
    }
    assert!(bench.has_event(failed(&topics[11], 60012, true)));
    let live = bench.events.iter().filter(|e| matches!(e, Event::Subscribed { .. })).count();
    assert_eq!(live, 15);
}

#[test]
fn a_topic_that_worked_is_kept_and_tried_again_on_the_next_link_only() {
    let mut bench = Bench::public();
    let link = bench.up(&[books("A-B"), trades("A-B")]);
    bench.input(Input::Disconnected(link, None, "reset"));
    bench.pass_ms(1_000);
    let link = bench.accept();
    let request = &bench.requests()[0];
    let (id, arg) = (request.id.clone(), request.args[1].get().to_owned());
    bench.frame(link, &error(&id, 60018, "Wrong URL or channel:books,instId:A-B doesn't exist."));
    bench.frame(link, &format!(r#"{{"id":"{id}","event":"subscribe","arg":{arg},"connId":"a"}}"#));
    assert!(bench.has_event(failed(&books("A-B"), 60018, false)));
    bench.sent.clear();
    for _ in 0..10 {
        bench.pass_ms(14_000);
        bench.frame(link, "pong");
    }
    assert!(bench.requests().is_empty());
    bench.input(Input::Disconnected(link, None, "reset"));
    bench.pass_ms(1_000);
    bench.accept();
    assert_eq!(bench.requests()[0].args.len(), 2);
}

#[test]
fn throttling_pauses_and_is_tried_again_in_bounds() {
    let mut bench = Bench::public();
    bench.wants(&[books("A-B")]);
    let link = bench.accept();
    let mut asked = 0;
    for _ in 0..40 {
        for (_, text) in std::mem::take(&mut bench.sent) {
            if let Ok(request) = serde_json::from_str::<Request>(&text) {
                asked += 1;
                bench.frame(link, &error(&request.id, 60014, "Requests too frequent"));
                assert!(bench.requests().is_empty());
            }
        }
        bench.frame(link, "pong");
        bench.pass_ms(10_000);
    }
    assert_eq!(asked, 6);
    assert!(bench.has_event(failed(&books("A-B"), 60014, true)));
}

#[test]
fn please_log_in_causes_one_more_login() {
    let mut bench = Bench::private();
    bench.wants(&[Topic::plain(Channel::Account)]);
    let link = bench.accept();
    bench.ack_all(link);
    bench.pass_ms(100);
    for round in 0..2 {
        let id = bench.requests().last().unwrap().id.clone();
        bench.sent.clear();
        bench.frame(link, &error(&id, 60011, "Please log in"));
        if round == 0 {
            assert_eq!(bench.requests()[0].op, "login");
            bench.ack_all(link);
            bench.pass_ms(100);
            assert_eq!(bench.requests()[0].op, "subscribe");
        }
    }
    assert!(bench.requests().is_empty());
    assert!(bench.has_event(failed(&Topic::plain(Channel::Account), 60011, true)));
}

#[test]
fn no_answer_is_tried_again_and_then_told() {
    let mut bench = Bench::public();
    bench.wants(&[books("A-B")]);
    let link = bench.accept();
    for _ in 0..60 {
        bench.pass_ms(5_000);
        bench.frame(link, "pong");
    }
    assert_eq!(bench.requests().len(), 6);
    assert!(bench.has_event(failed(&books("A-B"), 0, true)));
}

#[test]
fn wrong_url_missing_keys_and_conflicts_are_told() {
    let mut bench = Bench::public();
    let candle = Topic::inst(Channel::TradesAll, "A-B");
    let tbt = Topic::inst(Channel::BooksL2Tbt, "A-B");
    bench.wants(&[candle.clone(), tbt.clone()]);
    assert!(bench.has_event(failed(&candle, 60018, true)) && bench.has_event(failed(&tbt, 60011, true)));
    assert!(bench.connects.is_empty());
    for code in [64003, 64004] {
        let mut bench = Bench::new(SessionConfig::new(UrlKind::Public).with_credentials(keys()));
        bench.wants(std::slice::from_ref(&tbt));
        let link = bench.accept();
        bench.ack_all(link);
        bench.pass_ms(100);
        let id = bench.requests()[0].id.clone();
        bench.frame(link, &error(&id, code, "no"));
        assert!(bench.has_event(failed(&tbt, code, true)), "{code}");
    }
}

#[test]
fn late_pushes_of_an_old_subscription_are_dropped() {
    let mut bench = Bench::public();
    let topic = [books("A-B")];
    let link = bench.up(&topic);
    let push = book_push("A-B");
    assert_eq!(bench.frame(link, &push), Some(1));
    bench.input(Input::Resubscribe(&topic));
    assert_eq!(bench.frame(link, &push), None, "of the old subscription");
    bench.pass_ms(100);
    assert_eq!(bench.requests().last().unwrap().op, "unsubscribe");
    assert_eq!(bench.frame(link, &push), None);
    bench.ack_all(link);
    bench.pass_ms(100);
    assert_eq!(bench.requests().last().unwrap().op, "subscribe");
    assert_eq!(bench.frame(link, &push), Some(2), "a push may come before its acknowledgement");
    bench.ack_all(link);
    assert_eq!(bench.frame(link, &push), Some(2));
    bench.input(Input::Unsubscribe(&topic));
    assert_eq!(bench.frame(link, &push), None);
    assert_eq!(bench.frame(link, &book_push("X-Y")), None, "never asked for");
}

#[test]
fn two_hundred_gaps_at_once_cost_two_messages() {
    let topics: Vec<_> = (0..200).map(|i| books(&format!("A{i}-B"))).collect();
    let mut bench = Bench::public();
    let link = bench.up(&topics);
    for topic in &topics {
        bench.input(Input::Resubscribe(std::slice::from_ref(topic)));
    }
    let mut messages = 0;
    for _ in 0..4 {
        bench.pass_ms(100);
        messages += bench.requests().len();
        bench.ack_all(link);
    }
    assert!(messages <= 4, "{messages}");
    assert_eq!(bench.frame(link, &book_push("A7-B")).map(|g| g > 200), Some(true));
}

#[test]
fn a_gap_every_second_stays_within_480_requests_an_hour() {
    let mut bench = Bench::public();
    let topic = [books("A-B")];
    let link = bench.up(&topic);
    let mut messages = 0;
    for _ in 0..3_600 {
        bench.input(Input::Resubscribe(&topic));
        bench.pass_ms(1_000);
        messages += bench.requests().len();
        bench.ack_all(link);
        bench.frame(link, "pong");
    }
    assert!((400..=480).contains(&messages), "{messages}");
}

#[test]
fn a_silent_book_is_asked_for_again_a_few_times() {
    let mut bench = Bench::public();
    let link = bench.up(&[books("A-B")]);
    let mut asked = 0;
    let mut drive = |bench: &mut Bench, seconds: u64| {
        for _ in 0..seconds {
            bench.pass_ms(1_000);
            asked += bench.requests().iter().filter(|r| r.op == "subscribe").count();
            bench.ack_all(link);
            bench.frame(link, "pong");
        }
        std::mem::take(&mut asked)
    };
    assert_eq!(drive(&mut bench, 9), 0);
    let first_hour = drive(&mut bench, 3_600);
    assert!((3..12).contains(&first_hour), "{first_hour}");
    assert!(bench.has_event(|e| matches!(e, Event::Stale { silent_ms, .. } if *silent_ms >= 10_000)));
    bench.frame(link, &book_push("A-B"));
    assert_eq!(drive(&mut bench, 70), 0, "its heartbeat comes every 60 s");
    assert_eq!(drive(&mut bench, 15), 1);
}

#[test]
fn a_terminated_private_channel_is_told_and_not_asked_for_again() {
    let mut bench = Bench::private();
    let orders = Topic::inst_type(Channel::Orders, okx_common::enums::InstType::Any);
    let link = bench.up(std::slice::from_ref(&orders));
    bench.frame(
        link,
        r#"{"event":"channel-conn-count-error","channel":"orders","connCount":"30","connId":"a"}"#,
    );
    assert!(bench.has_event(|e| matches!(e, Event::ConnCountError { count: Some(30), .. })));
    assert!(bench.has_event(failed(&orders, 0, false)));
    for _ in 0..100 {
        bench.pass_ms(10_000);
        bench.frame(link, "pong");
    }
    assert!(bench.requests().is_empty());
}

#[test]
fn errors_without_a_request_are_told_without_secrets() {
    let mut bench = Bench::public();
    let link = bench.up(&[books("A-B")]);
    bench.frame(link, &error("77", 60012, "Invalid request: passphrase:hunter2"));
    let told = |e: &Event| matches!(e, Event::VenueError { id: Some(id), code: ErrorCode(60012), msg } if id == "77" && !msg.contains("hunter2"));
    assert!(bench.has_event(told), "{:?}", bench.events);
    bench.frame(link, r#"{"event":"brand-new"}"#);
    bench.frame(link, r#"{"event":"brand-new"}"#);
    assert_eq!(bench.events.iter().filter(|e| matches!(e, Event::Warning(_))).count(), 1);
}
