//! Everything that can go wrong between a request and its answer.

use std::time::Duration;

use okx_common::error_code::Outcome;
use okx_http::{ClientConfig, ErrorKind, HttpError, OkxHttpClient, endpoint::market::GetTicker};
use okx_sim::SimServer;
use serde_json::{Value, json};

use crate::support::{
    arrived, assert_no_secrets, client, config, fault, impatient, soon, start, unlimited, until_arrived,
};

const PATH: &str = "/market/ticker";

async fn ask(client: &OkxHttpClient) -> Result<usize, HttpError> {
    soon(client.get(&GetTicker::new("BTC-USDT"))).await.map(|rows| rows.items.len())
}

/// The first so many requests meet this.
fn first(server: &SimServer, count: u64, what: Value) {
    fault(server, json!({"on": {"class": "request", "path": PATH}, "when": {"count": count}, "what": what}));
}

#[tokio::test]
async fn what_passes_is_asked_again() {
    for what in [
        json!({"kind": "reply", "status": 503, "code": "50001", "msg": "Service temporarily unavailable"}),
        json!({"kind": "reply", "status": 502, "body": {"text": "<html>bad gateway</html>"}}),
        json!({"kind": "reply", "status": 500, "code": "50026", "msg": "System error"}),
        json!({"kind": "reply", "status": 429, "code": "50011", "msg": "Too Many Requests", "headers": {"retry-after": "0"}}),
        json!({"kind": "lim", "status": 200, "retry_after_s": 0}),
        json!({"kind": "cut", "at": "before", "how": "rst"}),
        json!({"kind": "cut", "at": "after", "how": "fin"}),
    ] {
        let server = start(unlimited());
        first(&server, 2, what.clone());
        assert_eq!(ask(&client(&server)).await, Ok(1), "{what}");
        assert_eq!(arrived(&server, PATH), 3, "{what}");
    }
}

#[tokio::test]
async fn what_stays_is_reported_as_it_came() {
    let server = start(unlimited());
    first(
        &server,
        99,
        json!({"kind": "reply", "status": 503, "code": "50001", "msg": "Service temporarily unavailable"}),
    );
    let error = ask(&client(&server)).await.expect_err("it never answers");
    assert_eq!((error.code().0, error.http_status(), error.kind()), (50001, Some(503), ErrorKind::Venue));
    assert_eq!(
        error.to_string(),
        "/market/ticker: Service temporarily unavailable (OKX code 50001, HTTP 503)"
    );
    assert_eq!(arrived(&server, PATH), 4, "once and three times again");
}

#[tokio::test]
async fn refusals_are_not_repeated() {
    let server = start(unlimited());
    let error = soon(client(&server).get(&GetTicker::new("NO-SUCH"))).await.expect_err("no such instrument");
    assert_eq!((error.code().0, error.kind(), error.is_definitive()), (51001, ErrorKind::Venue, true));
    assert_eq!(arrived(&server, PATH), 1);
}

#[tokio::test]
async fn strange_answers_are_named() {
    for (what, kind, status, says) in [
        (
            json!({"kind": "reply", "status": 301, "body": {"text": ""}}),
            ErrorKind::Gateway,
            301,
            "redirected",
        ),
        (
            json!({"kind": "reply", "status": 403, "body": {"text": "<html>blocked</html>"}}),
            ErrorKind::Gateway,
            403,
            "blocked",
        ),
        (
            json!({"kind": "reply", "status": 200, "body": {"text": "<html>login</html>"}}),
            ErrorKind::Decode,
            200,
            "body",
        ),
        (
            json!({"kind": "reply", "status": 200, "body": {"text": "{\"message\":\"x\"}"}}),
            ErrorKind::Decode,
            200,
            "code",
        ),
        (
            json!({"kind": "reply", "status": 200, "body": {"text": "{\"code\":\"0\",\"data\":7}"}}),
            ErrorKind::Decode,
            200,
            "data",
        ),
        (
            json!({"kind": "reply", "status": 200, "body": {"repeat": {"head": "{\"code\":\"0\",\"data\":", "text": "[", "times": 100_000}}}),
            ErrorKind::Decode,
            200,
            "body",
        ),
    ] {
        let server = start(unlimited());
        first(&server, 1, what.clone());
        let error = ask(&impatient(&server)).await.expect_err("that is no answer");
        assert_eq!((error.kind(), error.http_status()), (kind, Some(status)), "{what}");
        assert!(error.message().contains(says), "{what}: {error}");
        assert!(error.to_string().len() < 600 && !error.advice().is_empty());
        assert_eq!(arrived(&server, PATH), 1, "{what}");
    }
}

#[tokio::test]
async fn broken_connections_and_bodies_are_unknown_outcomes() {
    for what in [
        json!({"kind": "cut", "at": "before", "how": "rst"}),
        json!({"kind": "cut", "at": {"byte": 40}, "how": "fin"}),
    ] {
        let server = start(unlimited());
        let class = if what["at"] == "before" { "request" } else { "body" };
        fault(&server, json!({"on": {"class": class, "path": PATH}, "what": what}));
        let error = ask(&impatient(&server)).await.expect_err("the answer never comes whole");
        assert_eq!(
            (error.kind(), error.outcome()),
            (ErrorKind::Network, Outcome::Unknown),
            "{what}: {error}"
        );
    }
}

#[tokio::test]
async fn nobody_there_is_definitive() {
    let server = start(unlimited());
    let config = config(&server);
    drop(server);
    let retry = okx_http::RetryPolicy { max_retries: 1, ..config.retry };
    let client = OkxHttpClient::new(ClientConfig { retry, ..config }).expect("sound");
    let error = ask(&client).await.expect_err("nobody listens");
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Network, Outcome::NotExecuted));
    assert!(error.message().starts_with("cannot connect"), "{error}");
}

#[tokio::test]
async fn silence_ends_with_the_time_out() {
    let server = start(unlimited());
    fault(&server, json!({"on": {"class": "body", "path": PATH}, "what": {"kind": "hold", "how": "park"}}));
    let config = config(&server);
    let retry = okx_http::RetryPolicy { max_retries: 1, ..config.retry };
    let timeout = Duration::from_millis(200);
    let client = OkxHttpClient::new(ClientConfig { retry, timeout, ..config }).expect("sound");
    let error = ask(&client).await.expect_err("the answer is kept back");
    assert_eq!(
        (error.kind(), error.outcome(), error.http_status()),
        (ErrorKind::Timeout, Outcome::Unknown, None)
    );
    assert_eq!(arrived(&server, PATH), 2);
}

#[tokio::test]
async fn closing_ends_what_is_under_way_and_nothing_else() {
    let server = start(unlimited());
    let number = fault(
        &server,
        json!({"on": {"class": "body", "path": PATH}, "what": {"kind": "hold", "how": "park"}}),
    );
    let client = client(&server);
    let asking = tokio::spawn({
        let client = client.clone();
        async move { ask(&client).await }
    });
    until_arrived(&server, PATH, 1).await;
    client.close();
    let error = soon(asking).await.expect("no panic").expect_err("the client was closed");
    assert_eq!(error.kind(), ErrorKind::Closed);
    server.control("DELETE", &format!("/control/faults/{number}"), &Value::Null).expect("it is there");
    assert_eq!(ask(&client).await, Ok(1), "it can be used again");
}

#[tokio::test]
async fn answers_without_end_are_cut_off() {
    let server = start(unlimited());
    let body = json!({"repeat": {"head": "{\"code\":\"0\",\"data\":[", "text": "1,", "times": 100_000, "tail": "1]}"}});
    first(&server, 1, json!({"kind": "reply", "body": body}));
    let client = OkxHttpClient::new(ClientConfig { max_body: 10_000, ..config(&server) }).expect("sound");
    let error = ask(&client).await.expect_err("it is too long");
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::TooLarge, Some(200)));
    assert_eq!(arrived(&server, PATH), 1, "it would be as long again");
}

#[test]
fn bad_settings_are_refused_without_repeating_secrets() {
    let server = start(unlimited());
    let built =
        |config: ClientConfig| OkxHttpClient::new(config).map(|_| ()).expect_err("the settings are bad");
    let bases = [
        "",
        "openapi.okx.com",
        "ftp://okx.com",
        "https://user:hunter2@okx.com",
        "https://okx.com/path",
        "https://okx.com?x=1",
    ];
    for base in bases {
        let hosts = okx_common::hosts::Hosts::default().with_rest(base);
        let error = built(ClientConfig { hosts, ..config(&server) });
        assert_eq!(error.kind(), ErrorKind::Config, "{base}");
        assert!(!error.to_string().contains("hunter2"));
    }
    let error =
        built(ClientConfig { proxy_url: Some("http://user:hunter2@:bad".to_owned()), ..config(&server) });
    assert!(error.kind() == ErrorKind::Config && !error.to_string().contains("hunter2"), "{error}");
    for pem in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let error = built(ClientConfig { ca_pem: Some(pem.as_bytes().to_vec()), ..config(&server) });
        assert!(error.message().starts_with("ca_pem"), "{error}");
        assert_no_secrets(&server, &error);
    }
}

/// The most memory this process has had in use, in bytes.
#[cfg(target_os = "linux")]
fn peak_bytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("the system tells");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("with its peak");
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<usize>().ok()).expect("in kB") * 1024
}

/// A peer that answers with these headers and then this again and again, as long as somebody reads. How much it was rid of.
#[cfg(target_os = "linux")]
fn endless(headers: &'static str, piece: Vec<u8>, times: usize) -> (String, std::thread::JoinHandle<usize>) {
    use std::io::{Read, Write};

    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback can be listened on");
    let url = format!("http://{}", listener.local_addr().expect("it has an address"));
    let peer = std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().expect("the client comes");
        let mut request = [0; 4096];
        let _ = socket.read(&mut request).expect("it asks");
        socket.write_all(format!("HTTP/1.1 200 OK\r\n{headers}\r\n").as_bytes()).expect("it listens");
        (0..times).take_while(|_| socket.write_all(&piece).is_ok()).count() * piece.len()
    });
    (url, peer)
}

/// F78: what is too long is not read to its end, and what is packed is not unpacked to its end.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_answer_of_any_length_costs_no_more_than_the_limit() {
    use std::io::Write;

    use okx_common::hosts::{Environment, Hosts, Region};

    const MIB: usize = 1024 * 1024;
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![b'0'; MIB];
    (0..1024).for_each(|_| bomb.write_all(&zeros).expect("memory"));
    let bomb = bomb.finish().expect("memory");
    assert!(bomb.len() < 2 * MIB, "a gigabyte in {}", bomb.len());
    for (headers, piece, times) in [
        ("content-length: 107374182400\r\n", zeros, 100 * 1024),
        ("content-encoding: gzip\r\nconnection: close\r\n", bomb, 1),
    ] {
        let before = peak_bytes();
        let (url, peer) = endless(headers, piece, times);
        let config = ClientConfig {
            hosts: Hosts::new(Region::Global, Environment::Live).with_rest(url),
            timeout: Duration::from_secs(60),
            max_body: 8 * MIB,
            ..ClientConfig::default()
        };
        let retry = okx_http::RetryPolicy { max_retries: 0, ..config.retry };
        let client = OkxHttpClient::new(ClientConfig { retry, ..config }).expect("sound");
        let error = ask(&client).await.expect_err("too long");
        assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
        assert!(error.message().contains("longer than 8388608 bytes"), "{error}");
        drop(client);
        // The connection is let go by a task of this runtime, which must not be blocked.
        let ended = tokio::task::spawn_blocking(move || peer.join()).await.expect("no panic");
        let read = ended.expect("it ends");
        assert!(read < 64 * MIB, "{headers}: {read} bytes were taken");
        assert!(peak_bytes() - before < 48 * MIB, "{headers}: {} bytes", peak_bytes() - before);
    }
}
