//! Links, logins, heartbeats.

use super::*;
use okx_common::error_code::ErrorCode;

#[test]
fn nothing_is_connected_until_something_is_wanted() {
    let mut bench = Bench::public();
    bench.pass_ms(60_000);
    assert!(bench.connects.is_empty());
    bench.wants(&[books("A-B")]);
    assert_eq!(bench.connects.len(), 1);
}

#[test]
fn refused_connections_are_tried_again_with_growing_waits() {
    let mut bench = Bench::public();
    bench.wants(&[books("A-B")]);
    for _ in 0..12 {
        let link = bench.connects.last().unwrap().1;
        bench.input(Input::ConnectFailed(link, "connection refused"));
        bench.pass_until_connect(31);
    }
    let waits: Vec<u64> = bench
        .events
        .iter()
        .filter_map(|e| match e {
            Event::Reconnecting { delay_ms, .. } => Some(*delay_ms),
            _ => None,
        })
        .collect();
    assert_eq!(bench.connects.len(), 13);
    assert!(waits[0] <= 250 && waits[9] >= 15_000 && waits.iter().all(|w| *w <= 30_000), "{waits:?}");
}

#[test]
fn a_connection_that_never_opens_is_given_up() {
    let mut bench = Bench::public();
    bench.wants(&[books("A-B")]);
    bench.pass_ms(20_000);
    assert_eq!(bench.closed.len(), 1);
    assert!(bench.has_event(|e| matches!(e, Event::ConnectFailed { .. })));
    assert_eq!(bench.connects.len(), 2);
}

#[test]
fn twenty_drops_in_a_minute_never_exceed_three_connects_a_second() {
    let budget = ConnectBudget::default();
    let mut benches: Vec<_> = (0..4)
        .map(|_| Bench::new(SessionConfig::new(UrlKind::Public).with_connects(budget.clone())))
        .collect();
    let mut times = Vec::new();
    for bench in &mut benches {
        bench.wants(&[books("A-B")]);
    }
    for _ in 0..600 {
        for bench in &mut benches {
            bench.pass_ms(100);
            for (at, link) in std::mem::take(&mut bench.connects) {
                times.push(at);
                bench.input(Input::Connected(link));
                bench.input(Input::Disconnected(link, None, "reset"));
            }
        }
    }
    times.sort_unstable();
    assert!(times.len() > 20, "{}", times.len());
    assert!(times.windows(4).all(|w| w[3] - w[0] > 1_000), "{times:?}");
}

#[test]
fn login_comes_first_and_once() {
    let mut bench = Bench::private();
    bench.wants(&[Topic::plain(Channel::Account)]);
    let link = bench.accept();
    assert_eq!(bench.requests().len(), 1, "no subscription before the login is acknowledged");
    assert_eq!(bench.requests()[0].op, "login");
    assert!(
        !bench.session.is_ready() && bench.session.send_request(Bytes::from_static(b"{}")) == Err(NotReady)
    );
    bench.pass_ms(500);
    bench.ack_all(link);
    bench.pass_ms(100);
    assert_eq!(bench.requests()[0].op, "subscribe");
    assert!(bench.session.is_ready() && bench.session.send_request(Bytes::from_static(b"{}")).is_ok());
    bench.ack_all(link);
    assert!(bench.has_event(|e| matches!(e, Event::LoggedIn { .. })));
    assert!(bench.has_event(|e| matches!(e, Event::Subscribed { .. })));
}

#[test]
fn a_wrong_key_ends_the_attempt_at_once() {
    for code in [60009, 60005, 60007, 60024, 60032] {
        let mut bench = Bench::private();
        bench.wants(&[Topic::plain(Channel::Account)]);
        let link = bench.accept();
        bench.frame(link, &error("", code, "Login failed."));
        let failed =
            |e: &Event| matches!(e, Event::LoginFailed { code: c, is_final: true, .. } if c.0 == code);
        assert!(bench.has_event(failed), "{code}: {:?}", bench.events);
        assert!(bench.has_event(|e| matches!(e, Event::SubscribeFailed { forgotten: true, .. })));
        assert_eq!(bench.closed, [link]);
        bench.pass_ms(3_600_000);
        assert_eq!(bench.connects.len(), 1, "a retry storm");
    }
}

#[test]
fn a_key_refused_later_degrades_and_keeps_what_is_wanted() {
    let mut bench = Bench::private();
    let link = bench.up(&[Topic::plain(Channel::Account)]);
    bench.input(Input::Disconnected(link, Some(4007), ""));
    assert!(bench.has_event(|e| matches!(e, Event::Degraded { .. })));
    bench.pass_ms(29_000);
    assert_eq!(bench.connects.len(), 1, "4007 must not be answered at once");
    bench.pass_until_connect(35).expect("never tried again");
    let link = bench.accept();
    bench.frame(link, &error("", 60032, "API key doesn't exist"));
    assert!(bench.has_event(|e| matches!(e, Event::LoginFailed { is_final: false, .. })));
    assert_eq!(bench.session.wanted().count(), 1, "silently unsubscribed");
    bench.pass_ms(3_600_000);
    assert!((3..20).contains(&bench.connects.len()), "{}", bench.connects.len());
}

#[test]
fn a_login_that_may_work_later_is_tried_again_a_few_times() {
    for answer in [Some(63999), None] {
        let mut bench = Bench::private();
        bench.wants(&[Topic::plain(Channel::Account)]);
        for _ in 0..10 {
            let link = bench.accept();
            if let Some(code) = answer {
                bench.frame(link, &error("", code, "Internal error"));
            }
            if bench.pass_until_connect(60).is_none() {
                break;
            }
        }
        assert_eq!(bench.connects.len(), 5, "{answer:?}");
        assert!(bench.has_event(|e| matches!(e, Event::LoginFailed { is_final: true, .. })));
    }
}

#[test]
fn already_logged_in_counts_as_logged_in() {
    let mut bench = Bench::private();
    bench.wants(&[Topic::plain(Channel::Account)]);
    let link = bench.accept();
    bench.frame(link, &error("", 60031, "Multiple or repeated logins are not allowed"));
    bench.pass_ms(100);
    let ops: Vec<_> = bench.requests().into_iter().map(|r| r.op).collect();
    assert_eq!(ops, ["login", "subscribe"]);
}

#[test]
fn public_topics_survive_a_refused_login() {
    let mut bench = Bench::new(SessionConfig::new(UrlKind::Public).with_credentials(keys()));
    bench.wants(&[books("A-B"), Topic::inst(Channel::BooksL2Tbt, "A-B")]);
    let link = bench.accept();
    bench.frame(link, &error("", 60009, "Login failed."));
    bench.pass_ms(100);
    assert_eq!(bench.requests().last().unwrap().args.len(), 1);
    bench.ack_all(link);
    let refused = |e: &Event| matches!(e, Event::SubscribeFailed { topic, code: ErrorCode(60009), forgotten: true, .. } if topic.channel == Channel::BooksL2Tbt);
    assert!(bench.has_event(refused));
    assert_eq!(bench.frame(link, &book_push("A-B")), Some(1));
}

#[test]
fn the_login_is_stamped_with_okx_time() {
    let mut bench = Bench::private();
    bench.session.set_clock_offset_ms(-31_000);
    bench.wants(&[Topic::plain(Channel::Account)]);
    bench.accept();
    assert!(bench.sent[0].1.contains(r#""timestamp":"1699999969""#), "{}", bench.sent[0].1);
}

#[test]
fn a_half_open_link_is_found_in_less_than_40_s() {
    let mut bench = Bench::public();
    let link = bench.up(&[trades("A-B")]);
    let start = bench.now;
    bench.pass_ms(39_000);
    assert!(bench.has_event(|e| matches!(e, Event::Disconnected { reason: DisconnectReason::NoPong, .. })));
    assert_eq!(bench.closed, [link]);
    let reconnect = bench.connects.last().unwrap().0 - start.mono_ns / NANOS_PER_MILLI;
    assert!((20_000..30_000).contains(&reconnect), "{reconnect}");
}

#[test]
fn pongs_keep_a_quiet_link_alive() {
    let mut bench = Bench::public();
    let link = bench.up(&[trades("A-B")]);
    for _ in 0..40 {
        bench.pass_ms(16_000);
        assert_eq!(bench.sent.pop().map(|s| s.1).as_deref(), Some("ping"));
        bench.frame(link, "pong");
    }
    assert!(bench.closed.is_empty());
}

#[test]
fn close_codes_that_a_retry_does_not_heal_cause_no_hot_loop() {
    for (code, hot) in [
        (1009, true),
        (4001, false),
        (4002, true),
        (4003, false),
        (4004, true),
        (4005, true),
        (4006, true),
        (4007, false),
        (4008, false),
        (4009, false),
    ] {
        let mut bench = Bench::public();
        let link = bench.up(&[trades("A-B")]);
        bench.input(Input::Disconnected(link, Some(code), ""));
        let said = |e: &Event| matches!(e, Event::Disconnected { reason: DisconnectReason::Lost { code: Some(c), words }, .. } if *c == code && !words.is_empty());
        assert!(bench.has_event(said), "{code}");
        bench.pass_ms(29_000);
        assert_eq!(bench.connects.len() > 1, hot, "{code}");
        bench.pass_ms(120_000);
        assert!(bench.connects.len() > 1, "{code}: never tried again");
    }
}

#[test]
fn closing_ends_everything_and_opening_starts_again() {
    let mut bench = Bench::public();
    let link = bench.up(&[trades("A-B")]);
    bench.input(Input::Close);
    assert_eq!(bench.closed, [link]);
    bench.pass_ms(600_000);
    assert_eq!(bench.connects.len(), 1);
    bench.input(Input::Open);
    assert_eq!(bench.connects.len(), 2);
    let link = bench.accept();
    bench.ack_all(link);
    assert_eq!(bench.frame(link, &trade_push("A-B")), Some(2));
}

#[test]
fn a_link_without_topics_is_closed() {
    let mut bench = Bench::public();
    bench.wants(&[trades("A-B")]);
    let link = bench.accept();
    bench.ack_all(link);
    bench.input(Input::Unsubscribe(&[trades("A-B")]));
    bench.pass_ms(100);
    bench.ack_all(link);
    assert!(bench.has_event(|e| matches!(e, Event::Unsubscribed { .. })));
    assert!(bench.has_event(|e| matches!(e, Event::Disconnected { reason: DisconnectReason::Idle, .. })));
    bench.pass_ms(600_000);
    assert_eq!(bench.connects.len(), 1);
}
