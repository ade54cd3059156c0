//! How connecting succeeds and fails.

use std::time::Duration;

use okx_common::rng::SystemRng;
use okx_sim::UrlKind;
use okx_ws::{
    connect::{ConnectError, Endpoint, Stage, connect},
    pipe::{PipeError, tls_config},
};
use tokio::{io::AsyncWriteExt as _, net::TcpListener};

use crate::feed::Venue;

async fn attempt(endpoint: &Endpoint) -> Result<(), ConnectError> {
    let (stream, pipe) = connect(endpoint, Box::new(SystemRng)).await?;
    assert!(pipe.is_open());
    assert!(stream.nodelay().unwrap());
    Ok(())
}

fn endpoint(url: &str) -> Endpoint {
    Endpoint::new(url.parse().unwrap(), None)
}

#[tokio::test]
async fn plain_and_encrypted() {
    for tls in [false, true] {
        let venue = Venue::start(tls);
        for kind in UrlKind::ALL {
            assert_eq!(attempt(&venue.endpoint(kind)).await, Ok(()));
        }
    }
}

#[tokio::test]
async fn a_stranger_s_certificate_is_refused() {
    let venue = Venue::start(true);
    let mut endpoint = venue.endpoint(UrlKind::Public);
    endpoint.tls = Some(tls_config(None).unwrap());
    let error = attempt(&endpoint).await.unwrap_err();
    assert!(matches!(error, ConnectError::Pipe(PipeError::Tls(_))), "{error}");
    assert!(error.to_string().contains("CA certificate"), "{error}");
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = attempt(&endpoint(&format!("ws://127.0.0.1:{port}/"))).await.unwrap_err();
    assert!(matches!(&error, ConnectError::Tcp { host, .. } if host.contains("127.0.0.1")), "{error}");
}

#[tokio::test]
async fn a_name_that_cannot_be() {
    // A label of a name has at most 63 characters, so that no resolver is asked.
    let error = attempt(&endpoint(&format!("ws://{}.invalid/", "a".repeat(70)))).await.unwrap_err();
    assert!(matches!(error, ConnectError::Dns { .. }), "{error}");
}

#[tokio::test]
async fn a_server_that_says_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    let wait = Duration::from_millis(50);
    let error = attempt(&endpoint(&url).with_wait(wait)).await.unwrap_err();
    assert_eq!(error, ConnectError::TimedOut { stage: Stage::Upgrade, wait });
}

#[tokio::test]
async fn a_server_that_refuses() {
    for (answer, words) in [
        ("HTTP/1.1 403 Forbidden\r\n\r\nnot from here", "HTTP 403 Forbidden"),
        ("HTTP/1.1 200 OK\r\n\r\n<html>", "HTTP 200"),
        ("nonsense\r\n\r\n", "not HTTP"),
        ("", "ended the connection"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/", listener.local_addr().unwrap());
        let serve = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
            stream
        };
        let endpoint = endpoint(&url);
        let (outcome, _stream) = tokio::join!(attempt(&endpoint), serve);
        let error = outcome.unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}
