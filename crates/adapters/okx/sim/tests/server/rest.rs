//! REST: answers, signatures, and the ways an answer fails.

use std::io::ErrorKind;

use base64::Engine as _;
use hmac::{Hmac, Mac as _};
use okx_sim::ServerConfig;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::support::{fault, get, http, journaled, server, soon, start, unlimited};

const TICKER: &str = "/api/v5/market/ticker?instId=BTC-USDT";

#[tokio::test]
async fn answers_are_the_markets_and_the_exchanges() {
    let server = server();
    let (status, body) = get(&server, TICKER).await;
    assert_eq!((status, &body["data"][0]["last"]), (200, &json!("1.5")));
    assert_eq!(get(&server, "/api/v5/market/ticker?instId=NO").await.1["code"], "51001");
    let (status, body) = get(&server, "/api/v5/no/such").await;
    assert_eq!((status, &body["message"]), (404, &json!("no Route matched with those values")));
    assert_eq!(get(&server, "/api/v5/account/config").await.1["code"], "50103");
}

#[tokio::test]
async fn a_signed_request_is_known() {
    let server = start(ServerConfig { paused: true, start_ms: Some(1_607_418_537_715), ..unlimited() });
    let stamp = "2020-12-08T09:08:57.715Z";
    let key = server.key();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key.secret.as_bytes()).expect("any length");
    mac.update(format!("{stamp}GET/api/v5/account/config").as_bytes());
    let sign = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    let request = http()
        .get(server.rest_url() + "/api/v5/account/config")
        .header("OK-ACCESS-KEY", &key.key)
        .header("OK-ACCESS-SIGN", sign)
        .header("OK-ACCESS-TIMESTAMP", stamp)
        .header("OK-ACCESS-PASSPHRASE", &key.passphrase);
    let text = soon(async { request.send().await?.text().await }).await.expect("an answer");
    assert!(text.contains(r#""acctLv":"2""#), "{text}");
}

#[tokio::test]
async fn the_limit_of_an_endpoint_is_kept() {
    let server = start(ServerConfig { paused: true, ..ServerConfig::default() });
    for _ in 0..10 {
        assert_eq!(get(&server, "/api/v5/public/time").await.0, 200);
    }
    let (status, body) = get(&server, "/api/v5/public/time").await;
    assert_eq!((status, &body["code"]), (429, &json!("50011")));
    server.advance(2_000);
    assert_eq!(get(&server, "/api/v5/public/time").await.0, 200);
}

#[tokio::test]
async fn scripted_answers_replace_the_own_one() {
    let server = server();
    fault(
        &server,
        json!({"on": {"path": "/market/*"}, "when": {"count": 1}, "what":
        {"kind": "reply", "status": 503, "code": "50001", "msg": "down", "headers": {"retry-after": "7"}}}),
    );
    let answer = soon(http().get(server.rest_url() + TICKER).send()).await.expect("an answer");
    assert_eq!(answer.headers()["retry-after"], "7");
    assert_eq!(answer.status(), 503);
    assert!(soon(answer.text()).await.expect("a body").contains("50001"));
    assert_eq!(get(&server, TICKER).await.0, 200);

    fault(
        &server,
        json!({"on": {"link": "rest"}, "when": {"count": 1}, "what": {"kind": "lim", "status": 200}}),
    );
    let (status, body) = get(&server, TICKER).await;
    assert_eq!((status, &body["code"]), (200, &json!("50011")));
}

#[tokio::test]
async fn bodies_are_edited_and_gzipped() {
    let server = server();
    fault(
        &server,
        json!({"on": {"class": "body"}, "when": {"count": 1}, "what": {"kind": "edit", "changes":
        [{"set": {"path": "data/0/last", "raw": "\"9\""}}, "gzip"]}}),
    );
    let answer = soon(http().get(server.rest_url() + TICKER).send()).await.expect("an answer");
    let text = soon(answer.text()).await.expect("gzip is undone");
    assert!(text.contains(r#""last":"9""#), "{text}");
}

#[tokio::test]
async fn a_late_answer_comes_when_its_time_has_come() {
    let server = start(ServerConfig { paused: true, ..unlimited() });
    fault(
        &server,
        json!({"on": {"class": "body", "path": "/market/ticker"}, "what": {"kind": "hold", "how": {"delay": 5000}}}),
    );
    let late = tokio::spawn(http().get(server.rest_url() + TICKER).send());
    // The journal has the answer before it leaves.
    journaled(&server, "1.5").await;
    server.advance(4_999);
    assert_eq!(get(&server, "/api/v5/public/time").await.0, 200);
    assert!(!late.is_finished());
    server.advance(1);
    let answer = soon(late).await.expect("no panic").expect("an answer");
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn a_held_answer_never_comes_while_others_do() {
    let server = server();
    fault(
        &server,
        json!({"on": {"class": "body", "path": "/market/ticker"}, "what": {"kind": "hold", "how": "drop"}}),
    );
    let lost = tokio::spawn(http().get(server.rest_url() + TICKER).send());
    journaled(&server, "Silence").await;
    assert_eq!(get(&server, "/api/v5/public/time").await.0, 200);
    assert!(!lost.is_finished());
    let mut server = server;
    server.stop();
    assert!(soon(lost).await.expect("no panic").is_err(), "stopping the server ends the wait");
}

/// Everything a bare client gets, and how it ends.
async fn raw(server: &okx_sim::SimServer) -> (String, Result<(), ErrorKind>) {
    let mut tcp = soon(TcpStream::connect(server.address())).await.expect("it listens");
    let request = format!("GET {TICKER} HTTP/1.1\r\nhost: x\r\n\r\n");
    soon(tcp.write_all(request.as_bytes())).await.expect("it reads");
    let mut got = Vec::new();
    let end = soon(tcp.read_to_end(&mut got)).await.map(drop).map_err(|e| e.kind());
    (String::from_utf8_lossy(&got).into_owned(), end)
}

#[tokio::test]
async fn connections_end_before_and_within_the_answer() {
    let server = server();
    let cut = |class: &str, at: serde_json::Value, how: serde_json::Value| {
        fault(
            &server,
            json!({"on": {"class": class, "link": "rest"}, "when": {"count": 1}, "what": {"kind": "cut", "at": at, "how": how}}),
        );
    };
    cut("request", json!("before"), json!("fin"));
    assert_eq!(raw(&server).await, (String::new(), Ok(())));
    cut("request", json!("after"), json!("rst"));
    assert_eq!(raw(&server).await, (String::new(), Err(ErrorKind::ConnectionReset)));

    cut("body", json!({"byte": 9}), json!("fin"));
    let (got, end) = raw(&server).await;
    let (head, body) = got.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("HTTP/1.1 200 OK") && head.contains("content-length: "), "{head}");
    assert_eq!((body.len(), end), (9, Ok(())), "{body}");

    cut("body", json!({"byte": 4}), json!("rst"));
    let (got, end) = raw(&server).await;
    assert_eq!(
        (got.split_once("\r\n\r\n").expect("a head").1.len(), end),
        (4, Err(ErrorKind::ConnectionReset))
    );

    cut("body", json!("after"), json!("fin"));
    let (got, end) = raw(&server).await;
    let body = got.split_once("\r\n\r\n").expect("a head").1;
    assert!(serde_json::from_str::<serde_json::Value>(body).is_ok() && end.is_ok(), "{body}");

    assert_eq!(get(&server, TICKER).await.0, 200);
}
