//! Faults of WebSocket connections, as a client sees them.

use okx_sim::{ServerConfig, SimServer, UrlKind};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Error, Message, error::ProtocolError};

use crate::{
    market::FIRST_SEQ,
    support::{Ws, fault, is_reset, server, start, unlimited, updates},
};

/// On updates of books.
fn on_update(server: &SimServer, when: Value, what: Value) -> u64 {
    fault(server, json!({"on": {"class": "update", "channel": "books"}, "when": when, "what": what}))
}

fn once() -> Value {
    json!({"count": 1})
}

/// So many pairs that follow one another, from the one after the snapshot on.
fn chain(from: i64, count: i64) -> Vec<(i64, i64)> {
    (from..from + count).map(|n| (n, n + 1)).collect()
}

#[tokio::test]
async fn cut_ends_the_connection_in_each_way() {
    let server = server();
    let cut = |at: Value, how: Value| {
        on_update(&server, json!({"count": 1, "skip": 1}), json!({"kind": "cut", "at": at, "how": how}))
    };

    let mut ws = Ws::with_books(&server).await;
    cut(json!("before"), json!("fin"));
    updates(&server, 3);
    assert_eq!(ws.sequence(1).await, chain(FIRST_SEQ, 1));
    let end = ws.broken().await;
    assert!(matches!(end, Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)), "{end:?}");

    let mut ws = Ws::with_books(&server).await;
    cut(json!("after"), json!("rst"));
    updates(&server, 3);
    assert_eq!(ws.sequence(2).await, chain(FIRST_SEQ + 3, 2));
    let end = ws.broken().await;
    assert!(is_reset(&end), "{end:?}");

    let mut ws = Ws::with_books(&server).await;
    cut(json!("before"), json!({"close": {"code": 4005, "reason": "Buffer is full"}}));
    updates(&server, 3);
    assert_eq!(ws.sequence(1).await, chain(FIRST_SEQ + 6, 1));
    let frame = ws.closed().await.expect("a close frame");
    assert_eq!((u16::from(frame.code), frame.reason.as_str()), (4005, "Buffer is full"));

    for at in [json!({"byte": 40}), json!({"byte": 1}), json!("fragment")] {
        let mut ws = Ws::with_books(&server).await;
        cut(at, json!("fin"));
        updates(&server, 3);
        ws.sequence(1).await;
        let end = ws.broken().await;
        assert!(matches!(end, Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)), "{end:?}");
    }
}

#[tokio::test]
async fn cut_at_once_and_at_a_request() {
    let server = server();
    let ws = Ws::with_books(&server).await;
    fault(&server, json!({"when": {"now": true}, "what": {"kind": "cut", "how": "rst"}}));
    assert!(is_reset(&ws.broken().await));

    for (at, applied) in [("before", 0), ("after", 1)] {
        let number = fault(
            &server,
            json!({"on": {"class": "request", "op": "subscribe"}, "what": {"kind": "cut", "at": at}}),
        );
        let mut ws = Ws::open(&server).await;
        ws.subscribe("books").await;
        drop(ws.broken().await);
        server.control("DELETE", &format!("/control/faults/{number}"), &Value::Null).expect("it is there");
        let state = server.with(|e, now| e.state(now));
        assert!(state.connections.is_empty(), "{at}, {applied}");
    }
}

#[tokio::test]
async fn openings_are_refused() {
    let server = server();
    let open =
        |what: Value| fault(&server, json!({"on": {"class": "open"}, "when": {"count": 1}, "what": what}));
    open(json!({"kind": "reply", "status": 503, "body": {"text": "upgrade later"}}));
    match Ws::try_open(&server, UrlKind::Public).await {
        Err(Error::Http(answer)) => {
            assert_eq!(answer.status(), 503);
            assert_eq!(answer.body().as_deref(), Some(&b"upgrade later"[..]));
        }
        other => panic!("{:?}", other.map(drop)),
    }
    open(json!({"kind": "lim"}));
    assert!(matches!(Ws::try_open(&server, UrlKind::Public).await, Err(Error::Http(a)) if a.status() == 429));
    open(json!({"kind": "cut", "how": "rst"}));
    let end = Ws::try_open(&server, UrlKind::Public).await.map(drop).expect_err("no connection");
    assert!(is_reset(&end), "{end:?}");
    open(json!({"kind": "cut"}));
    assert!(Ws::try_open(&server, UrlKind::Public).await.is_err());
    Ws::open(&server).await;
}

#[tokio::test]
async fn mute_loses_what_is_sent_until_it_ends() {
    let server = server();
    let mut ws = Ws::with_books(&server).await;
    let number = fault(&server, json!({"when": {"now": true}, "what": {"kind": "mute", "pongs": true}}));
    updates(&server, 2);
    ws.send("ping").await;
    assert_eq!(ws.text().await, "pong", "pongs pass, updates do not");
    server.control("DELETE", &format!("/control/faults/{number}"), &Value::Null).expect("it is there");
    updates(&server, 1);
    assert_eq!(ws.sequence(1).await, chain(FIRST_SEQ + 2, 1));
}

#[tokio::test]
async fn mute_stops_reading_and_protocol_pongs() {
    use futures_util::SinkExt as _;
    let server = server();
    let mut ws = Ws::with_books(&server).await;
    let number =
        fault(&server, json!({"when": {"now": true}, "what": {"kind": "mute", "stop_reading": true}}));
    ws.0.send(Message::Ping("x".into())).await.expect("open");
    ws.send("ping").await;
    let read = || server.with(|e, _| e.journal(0, usize::MAX).filter(|j| j.text() == "ping").count());
    updates(&server, 1);
    assert_eq!(read(), 0);
    server.control("DELETE", &format!("/control/faults/{number}"), &Value::Null).expect("it is there");
    assert_eq!(ws.next().await.expect("what waited is read now"), Message::Pong("x".into()));
    assert_eq!(ws.text().await, "pong");
    assert_eq!(read(), 1);
}

#[tokio::test]
async fn hold_drops_repeats_reorders_parks_and_delays() {
    let server = start(ServerConfig { paused: true, ..unlimited() });
    let mut ws = Ws::with_books(&server).await;
    let mut at = FIRST_SEQ;
    let mut hold = async |how: Value| {
        let number = on_update(&server, once(), json!({"kind": "hold", "how": how}));
        updates(&server, 3);
        at += 3;
        (number, at - 3)
    };
    let (_, n) = hold(json!("drop")).await;
    assert_eq!(ws.sequence(2).await, [(n + 1, n + 2), (n + 2, n + 3)]);
    let (_, n) = hold(json!({"repeat": 1})).await;
    assert_eq!(ws.sequence(4).await, [(n, n + 1), (n, n + 1), (n + 1, n + 2), (n + 2, n + 3)]);
    let (_, n) = hold(json!({"reorder": 1})).await;
    assert_eq!(ws.sequence(3).await, [(n + 1, n + 2), (n, n + 1), (n + 2, n + 3)]);
    let (number, n) = hold(json!("park")).await;
    assert_eq!(ws.sequence(2).await, chain(n + 1, 2));
    server.control("DELETE", &format!("/control/faults/{number}"), &Value::Null).expect("it is there");
    assert_eq!(ws.sequence(1).await, chain(n, 1));
    let (_, n) = hold(json!({"delay": 1_000})).await;
    assert_eq!(ws.sequence(2).await, chain(n + 1, 2));
    server.advance(1_000);
    assert_eq!(ws.sequence(1).await, chain(n, 1));
}

#[tokio::test]
async fn seq_breaks_the_chain() {
    let server = server();
    let mut ws = Ws::with_books(&server).await;
    on_update(&server, once(), json!({"kind": "seq", "how": "drop"}));
    updates(&server, 2);
    assert_eq!(ws.sequence(1).await, chain(FIRST_SEQ + 1, 1));
    on_update(&server, once(), json!({"kind": "seq", "how": {"lower": 5}}));
    updates(&server, 2);
    assert_eq!(ws.sequence(2).await, [(12, 7), (7, 8)]);
    fault(
        &server,
        json!({"on": {"class": "snapshot"}, "when": once(), "what": {"kind": "seq", "how": "withhold_snapshot"}}),
    );
    let mut late = Ws::open(&server).await;
    late.subscribe("books").await;
    assert_eq!(late.json().await["event"], "subscribe");
    updates(&server, 1);
    assert_eq!(late.json().await["action"], "update");
}

#[tokio::test]
async fn edit_changes_frames() {
    let server = server();
    let mut ws = Ws::with_books(&server).await;
    let edit = |changes: Value| {
        on_update(&server, once(), json!({"kind": "edit", "changes": changes}));
        updates(&server, 1);
    };
    edit(json!([{"raw": {"text": "{\"half\":"}}]));
    assert_eq!(ws.text().await, "{\"half\":");
    edit(json!([{"raw": {"text": "x"}}, "binary"]));
    assert_eq!(ws.next().await.expect("a frame"), Message::Binary("x".into()));
    edit(json!([{"fragments": 5}]));
    assert_eq!(ws.sequence(1).await, chain(FIRST_SEQ + 2, 1), "put together by the client");
    edit(json!([{"raw": {"repeat": {"text": "0123456789", "times": 1_000_000}}}]));
    assert_eq!(ws.text().await.len(), 10_000_000);
    edit(json!([{"raw": {"base64": "/w=="}}]));
    let end = ws.next().await.expect_err("no UTF-8");
    assert!(matches!(end, Error::Utf8(_)), "{end:?}");
}

#[tokio::test]
async fn replies_limits_notices_and_injected_frames() {
    let server = server();
    let mut ws = Ws::open(&server).await;
    fault(
        &server,
        json!({"on": {"op": "subscribe", "class": "request"}, "when": once(), "what": {"kind": "reply", "code": "60018", "msg": "no"}}),
    );
    ws.subscribe("books").await;
    assert_eq!(ws.json().await["msg"], "no");
    fault(&server, json!({"on": {"class": "request"}, "when": once(), "what": {"kind": "lim"}}));
    ws.subscribe("books").await;
    assert_eq!(ws.json().await["code"], "60014");
    fault(&server, json!({"when": {"now": true}, "what": {"kind": "inject", "payload": {"text": "hello"}}}));
    assert_eq!(ws.text().await, "hello");
    fault(&server, json!({"when": {"now": true}, "what": {"kind": "notice", "close_after_ms": 0}}));
    assert_eq!(ws.json().await["code"], "64008");
    assert_eq!(u16::from(ws.closed().await.expect("a close frame").code), 1001);
}

#[tokio::test]
async fn time_moves_for_the_exchange_alone() {
    let server = start(ServerConfig { paused: true, start_ms: Some(1_700_000_000_000), ..unlimited() });
    let mut ws = Ws::with_books(&server).await;
    server.control("POST", "/control/script", &json!({"at_ms": 1_700_000_060_000_u64})).expect("planned");
    fault(&server, json!({"when": {"now": true}, "what": {"kind": "time", "jump_ms": 60_000}}));
    server.with(|e, now| e.advance(now));
    assert_eq!(ws.json().await["data"][0]["ts"], "1700000060000");
}
