//! The tokio client.

use okx_common::{credentials::Credentials, enums::InstType, hosts};
use okx_sim::fault::{Change, CutAt, CutHow, Payload as FaultPayload};
use okx_sim::{Action, Class, Fault, UrlKind};
use okx_ws::{
    Channel, OkxWebSocketClient, Topic,
    client::{Command, CommandError},
    session::{DisconnectReason, Event, SessionConfig},
};
use tokio::{net::TcpListener, runtime::Handle};

use crate::{
    feed::Venue,
    watcher::{Note, Notes, watcher},
};

fn trades(inst_id: &str) -> Topic {
    Topic::inst(Channel::Trades, inst_id)
}

fn start(venue: &Venue) -> (OkxWebSocketClient, Notes) {
    let (handler, notes) = watcher();
    let config = SessionConfig::new(hosts::UrlKind::Public);
    let client =
        OkxWebSocketClient::start(&Handle::current(), config, venue.endpoint(UrlKind::Public), handler);
    (client, notes)
}

fn start_private(venue: &Venue, passphrase: &str) -> (OkxWebSocketClient, Notes) {
    let (handler, notes) = watcher();
    let key = venue.0.key();
    let keys = Credentials::new(&key.key, &key.secret, passphrase).unwrap();
    let config = SessionConfig::new(hosts::UrlKind::Private).with_credentials(keys);
    let client =
        OkxWebSocketClient::start(&Handle::current(), config, venue.endpoint(UrlKind::Private), handler);
    (client, notes)
}

/// Takes trades until this many have come; their ids.
async fn take(notes: &mut Notes, count: usize) -> Vec<u64> {
    let mut ids = Vec::new();
    while ids.len() < count {
        ids.extend(notes.trades().await.0);
    }
    ids
}

#[tokio::test]
async fn what_is_published_arrives_once_and_in_order() {
    for tls in [false, true] {
        let venue = Venue::start(tls);
        let (client, mut notes) = start(&venue);
        client.subscribe(vec![trades("A-B"), trades("C-D")]).unwrap();
        notes.subscribed().await;
        notes.subscribed().await;
        for inst in ["A-B", "C-D", "E-F"] {
            venue.publish(inst, 2_000);
        }
        assert_eq!(take(&mut notes, 4_000).await, (1..=4_000).collect::<Vec<_>>());
        client.stop().await;
        assert!(notes.next().await.is_some_and(|n| matches!(n, Note::Event(Event::Disconnected { .. }))));
        assert!(notes.next().await.is_none(), "the handler is gone");
    }
}

#[tokio::test]
async fn a_drop_is_repaired() {
    let venue = Venue::start(false);
    let (client, mut notes) = start(&venue);
    client.subscribe(vec![trades("A-B")]).unwrap();
    notes.subscribed().await;
    venue.publish("A-B", 1);
    let (_, before) = notes.trades().await;
    for (at, how) in [
        (CutAt::Byte(40), CutHow::Rst),
        (CutAt::Fragment, CutHow::Fin),
        (CutAt::Before, CutHow::Close { code: 4006, reason: "abnormal".to_owned() }),
    ] {
        venue.fault(Fault::new(Class::Push, Action::Cut { at, how: how.clone() }).once());
        venue.publish("A-B", 1);
        let lost = notes.event(|e| matches!(e, Event::Disconnected { .. })).await;
        let Event::Disconnected { reason: DisconnectReason::Lost { code, .. }, .. } = lost else {
            panic!("{lost:?}")
        };
        assert_eq!(code, matches!(how, CutHow::Close { .. }).then_some(4006));
        notes.subscribed().await;
    }
    venue.publish("A-B", 1);
    let (ids, after) = notes.trades().await;
    assert_eq!(ids, [5], "what was cut is lost, what comes later is not");
    assert!(after > before);
    client.stop().await;
}

#[tokio::test]
async fn an_announced_end_interrupts_nothing() {
    let venue = Venue::start(false);
    let (client, mut notes) = start(&venue);
    client.subscribe(vec![trades("A-B")]).unwrap();
    notes.subscribed().await;
    venue.fault(Fault::now(Action::Notice { close_after_ms: Some(60_000) }).once());
    notes.event(|e| matches!(e, Event::Notice { .. })).await;
    notes.event(|e| matches!(e, Event::Connected { .. })).await;
    // Both links serve meanwhile. The new one may be behind and repeat a trade, but none may be missing: each is published once
    // the one before has come.
    let (mut last, mut reason) = (0, None);
    while reason.is_none() {
        last += 1;
        venue.publish("A-B", 1);
        loop {
            match notes.next().await.expect("the client has ended") {
                Note::Trades(ids, _) if ids == [last] => break,
                Note::Trades(ids, _) => assert!(ids.iter().all(|id| *id < last), "{ids:?} before {last}"),
                Note::Event(Event::Disconnected { reason: why, .. }) => reason = Some(why),
                Note::Event(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(reason, Some(DisconnectReason::Replaced));
    venue.publish("A-B", 1);
    while notes.trades().await.0 != [last + 1] {}
    client.stop().await;
}

#[tokio::test]
async fn logins_and_refusals_reach_the_handler() {
    let venue = Venue::start(true);
    let passphrase = venue.0.key().passphrase.clone();
    let (client, mut notes) = start_private(&venue, &passphrase);
    client.subscribe(vec![Topic::inst_type(Channel::Orders, InstType::Any)]).unwrap();
    notes.event(|e| matches!(e, Event::LoggedIn { .. })).await;
    notes.subscribed().await;
    client.stop().await;

    let (client, mut notes) = start_private(&venue, "wrong");
    client.open().unwrap();
    let failed = notes.event(|e| matches!(e, Event::LoginFailed { .. })).await;
    assert!(
        matches!(failed, Event::LoginFailed { code, is_final: true, .. } if code.0 == 60024),
        "{failed:?}"
    );
    client.send(Command::Request { number: 7, text: "{}".into() }).unwrap();
    let number = notes.find(|n| if let Note::Unsent(number) = n { Some(number) } else { None }).await;
    assert_eq!(number, 7);
    client.stop().await;

    let (client, mut notes) = start(&venue);
    client.subscribe(vec![trades("NO-SUCH"), trades("A-B")]).unwrap();
    let failed = notes.event(|e| matches!(e, Event::SubscribeFailed { .. })).await;
    assert!(matches!(failed, Event::SubscribeFailed { code, forgotten: true, .. } if code.0 == 60018));
    client.stop().await;
}

#[tokio::test]
async fn a_frame_that_cannot_be_read_costs_itself_only() {
    let venue = Venue::start(false);
    let (client, mut notes) = start(&venue);
    client.subscribe(vec![trades("A-B")]).unwrap();
    notes.subscribed().await;
    let edits = [
        vec![Change::Truncate(70)],
        vec![Change::Double],
        vec![Change::Raw(FaultPayload::Text("<html>".to_owned()))],
        vec![Change::Raw(FaultPayload::Text("[".repeat(100_000)))],
    ];
    let count = edits.len() as u64;
    for changes in edits {
        venue.fault(Fault::new(Class::Push, Action::Edit { changes }).once());
        venue.publish("A-B", 1);
        let words = notes.find(|n| if let Note::Undecodable(words) = n { Some(words) } else { None }).await;
        assert!(words.len() < 400, "{words}");
    }
    venue.fault(
        Fault::new(Class::Push, Action::Edit { changes: vec![Change::Fragments(5), Change::Binary] }).once(),
    );
    venue.publish("A-B", 2);
    assert_eq!(take(&mut notes, 2).await, [count + 1, count + 2]);
    assert_eq!(venue.topics().len(), 1, "the connection was kept");
    client.stop().await;
}

#[tokio::test]
async fn stopping_leaves_nothing_open_at_any_moment() {
    let venue = Venue::start(false);
    let (client, mut notes) = start(&venue);
    client.subscribe(vec![trades("A-B")]).unwrap();
    notes.event(|e| matches!(e, Event::Connected { .. })).await;
    client.stop().await;
    while notes.next().await.is_some() {}

    // While nobody answers the upgrade.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/", silent.local_addr().unwrap());
    let (handler, mut notes) = watcher();
    let endpoint = okx_ws::connect::Endpoint::new(url.parse().unwrap(), None);
    let config = SessionConfig::new(hosts::UrlKind::Public);
    let client = OkxWebSocketClient::start(&Handle::current(), config, endpoint, handler);
    client.open().unwrap();
    let (mut stream, _) = silent.accept().await.unwrap();
    client.stop().await;
    while notes.next().await.is_some() {}
    let mut rest = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut rest).await.unwrap();
    assert!(rest.starts_with(b"GET /"), "the attempt was given up and its socket closed");
}

#[tokio::test]
async fn dropping_ends_the_task_too() {
    let venue = Venue::start(false);
    let (client, mut notes) = start(&venue);
    client.subscribe(vec![trades("A-B")]).unwrap();
    notes.subscribed().await;
    drop(client);
    while notes.next().await.is_some() {}
    assert_eq!(CommandError::Stopped.to_string(), "the OKX WebSocket client was stopped");
}

#[tokio::test]
async fn a_reconnect_on_demand() {
    let venue = Venue::start(false);
    let (client, mut notes) = start(&venue);
    client.subscribe(vec![trades("A-B")]).unwrap();
    notes.subscribed().await;
    client.send(Command::Reconnect).unwrap();
    notes.event(|e| matches!(e, Event::Disconnected { .. })).await;
    notes.subscribed().await;
    venue.clear_faults();
    venue.publish("A-B", 1);
    assert_eq!(notes.trades().await.0, [1]);
    client.stop().await;
}
