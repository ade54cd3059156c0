//! WebSocket: what works without faults.

use base64::Engine as _;
use futures_util::SinkExt as _;
use hmac::{Hmac, Mac as _};
use okx_sim::{ExchangeConfig, ServerConfig, UrlKind};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_tungstenite::tungstenite::{
    Error, Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use crate::{
    market::FIRST_SEQ,
    support::{Ws, get, server, soon, start, unlimited, updates},
};

#[tokio::test]
async fn subscribers_get_ack_snapshot_and_updates_until_they_unsubscribe() {
    let server = server();
    let (mut one, mut two) = (Ws::with_books(&server).await, Ws::with_books(&server).await);
    updates(&server, 3);
    let expected: Vec<_> = (FIRST_SEQ..FIRST_SEQ + 3).map(|n| (n, n + 1)).collect();
    assert_eq!(one.sequence(3).await, expected);
    assert_eq!(two.sequence(3).await, expected);
    one.send(
        json!({"id": "7", "op": "unsubscribe", "args": [{"channel": "books", "instId": "BTC-USDT"}]})
            .to_string(),
    )
    .await;
    let ack = one.json().await;
    assert_eq!((&ack["event"], &ack["id"]), (&json!("unsubscribe"), &json!("7")));
    updates(&server, 1);
    assert_eq!(two.sequence(1).await, [(FIRST_SEQ + 3, FIRST_SEQ + 4)]);
    one.send("ping").await;
    assert_eq!(one.text().await, "pong", "no update came in between");
}

#[tokio::test]
async fn wrong_channels_and_broken_messages_are_refused() {
    let server = server();
    let mut ws = Ws::open(&server).await;
    ws.subscribe("candle1m").await;
    let refused = ws.json().await;
    assert_eq!((&refused["event"], &refused["code"]), (&json!("error"), &json!("60018")));
    let words = refused["msg"].as_str().expect("words");
    assert!(words.starts_with("Wrong URL or channel:candle1m,instId:BTC-USDT doesn't exist."), "{words}");
    ws.send("{").await;
    assert_eq!(ws.json().await["code"], "60012");
    soon(ws.0.send(Message::binary(vec![0xff, 0]))).await.expect("open");
    assert_eq!(ws.json().await["code"], "60012");
}

#[tokio::test]
async fn protocol_pings_are_answered() {
    let server = server();
    let mut ws = Ws::open(&server).await;
    soon(ws.0.send(Message::Ping("abc".into()))).await.expect("open");
    assert_eq!(ws.next().await.expect("a pong"), Message::Pong("abc".into()));
}

fn login(server: &okx_sim::SimServer, secret: &str) -> String {
    let clock = server.control("GET", "/control/time", &Value::Null).expect("a clock");
    let stamp = (clock["unix_ms"].as_u64().expect("a time") / 1_000).to_string();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
    mac.update(format!("{stamp}GET/users/self/verify").as_bytes());
    let sign = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    let key = server.key();
    let arg = json!({"apiKey": key.key, "passphrase": key.passphrase, "timestamp": stamp, "sign": sign});
    json!({"op": "login", "args": [arg]}).to_string()
}

#[tokio::test]
async fn logins_are_checked() {
    let server = server();
    let mut ws = Ws::try_open(&server, UrlKind::Private).await.expect("it opens");
    ws.send(json!({"op": "subscribe", "args": [{"channel": "account"}]}).to_string()).await;
    assert_eq!(ws.json().await["code"], "60011");
    ws.send(login(&server, "wrong")).await;
    assert_eq!(ws.json().await["code"], "60007");
    let right = login(&server, &server.key().secret);
    ws.send(right.clone()).await;
    let done = ws.json().await;
    assert_eq!((&done["event"], &done["code"]), (&json!("login"), &json!("0")));
    ws.send(right.clone()).await;
    assert_eq!(ws.json().await["code"], "60031");

    // As OKX's own Python client sends it.
    let mut with_number: Value = serde_json::from_str(&right).expect("JSON");
    let stamp = with_number["args"][0]["timestamp"].as_str().and_then(|t| t.parse::<u64>().ok());
    with_number["args"][0]["timestamp"] = json!(stamp.expect("digits"));
    let mut ws = Ws::try_open(&server, UrlKind::Private).await.expect("it opens");
    ws.send(with_number.to_string()).await;
    assert_eq!(ws.json().await["event"], "login");
    let mut ws = Ws::try_open(&server, UrlKind::Private).await.expect("it opens");
    ws.send(right.replace("timestamp", "stamp")).await;
    assert_eq!(ws.json().await["code"], "60004");
}

#[tokio::test]
async fn the_three_urls_and_no_others_upgrade() {
    let server = server();
    for kind in UrlKind::ALL {
        let mut ws = Ws::try_open(&server, kind).await.expect("it opens");
        ws.send("ping").await;
        assert_eq!(ws.text().await, "pong");
    }
    let elsewhere = format!("ws://{}/ws/v5/nowhere", server.address());
    match soon(tokio_tungstenite::connect_async(elsewhere)).await {
        Err(Error::Http(answer)) => assert_eq!(answer.status(), 404),
        other => panic!("{other:?}"),
    }
    assert_eq!(get(&server, "/ws/v5/public").await.0, 400, "no upgrade asked for");
    let with_query = format!("{}?brokerId=9999", server.ws_url(UrlKind::Public));
    soon(tokio_tungstenite::connect_async(with_query)).await.expect("a query is tolerated");
}

#[tokio::test]
async fn a_fourth_connection_in_a_second_is_refused() {
    let server = start(ServerConfig { paused: true, ..ServerConfig::default() });
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(Ws::open(&server).await);
    }
    match Ws::try_open(&server, UrlKind::Public).await {
        Err(Error::Http(answer)) => assert_eq!(answer.status(), 429),
        other => panic!("{:?}", other.map(drop)),
    }
    server.advance(1_000);
    open.push(Ws::open(&server).await);
}

#[tokio::test]
async fn silence_of_half_a_minute_ends_a_connection() {
    let server = start(ServerConfig { paused: true, ..ServerConfig::default() });
    let (mut pinging, silent) = (Ws::open(&server).await, Ws::open(&server).await);
    server.advance(29_000);
    pinging.send("ping").await;
    assert_eq!(pinging.text().await, "pong");
    server.advance(1_000);
    let frame = silent.closed().await.expect("a close frame");
    assert_eq!((u16::from(frame.code), frame.reason.as_str()), (4004, "No data received in 30s."));
    pinging.send("ping").await;
    assert_eq!(pinging.text().await, "pong");
}

#[tokio::test]
async fn a_message_that_is_too_long_ends_a_connection() {
    let server = server();
    let mut ws = Ws::open(&server).await;
    let limit = ExchangeConfig::default().limits.message_bytes;
    ws.send("x".repeat(limit)).await;
    assert_eq!(ws.json().await["code"], "60012", "this one just fits");
    ws.send("x".repeat(limit + 1)).await;
    assert_eq!(ws.closed().await.expect("a close frame").code, CloseCode::Size);
}

#[tokio::test]
async fn goodbyes_are_returned_and_forgotten() {
    let server = server();
    let mut ws = Ws::with_books(&server).await;
    let frame = CloseFrame { code: CloseCode::Away, reason: "".into() };
    soon(ws.0.close(Some(frame))).await.expect("open");
    assert_eq!(ws.closed().await.expect("a close frame").code, CloseCode::Away);
    assert!(server.with(|e, now| e.state(now)).connections.is_empty());
}

#[tokio::test]
async fn a_client_that_vanishes_is_forgotten() {
    let server = server();
    drop(Ws::with_books(&server).await);
    soon(async {
        while !server.with(|e, now| e.state(now)).connections.is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    updates(&server, 1);
}

#[tokio::test]
async fn an_unmasked_frame_ends_a_connection() {
    let server = server();
    let mut tcp = soon(TcpStream::connect(server.address())).await.expect("it listens");
    let upgrade = "GET /ws/v5/public HTTP/1.1\r\nhost: x\r\nconnection: keep-alive, Upgrade\r\nupgrade: WebSocket\r\n\
                   sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\x01\x04ping";
    soon(tcp.write_all(upgrade.as_bytes())).await.expect("it reads");
    let mut got = Vec::new();
    soon(tcp.read_to_end(&mut got)).await.expect("it ends with a FIN");
    let head_end = got.windows(4).position(|w| w == b"\r\n\r\n").expect("a head") + 4;
    let head = String::from_utf8_lossy(&got[..head_end]).to_lowercase();
    // The example of RFC 6455, section 1.3.
    assert!(head.starts_with("http/1.1 101") && head.contains("s3pplmbitxaq9kygzzhzrbk+xoo="), "{head}");
    assert_eq!(&got[head_end..], b"\x88\x02\x03\xea", "close 1002");
}

#[tokio::test]
async fn stopping_ends_connections_and_frees_the_port() {
    let mut server = start(unlimited());
    let ws = Ws::with_books(&server).await;
    let port = server.address().port();
    assert!(
        okx_sim::SimServer::start(ServerConfig { port, ..unlimited() }, crate::market::Scripted::boxed())
            .is_err()
    );
    server.stop();
    drop(ws.broken().await);
    server.stop();
    let again = start(ServerConfig { port, ..unlimited() });
    assert_eq!(again.address().port(), port);
}
