//! Tunnels.

use okx_common::rng::SystemRng;
use okx_sim::UrlKind;
use okx_ws::connect::{ConnectError, ProxyError, connect};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::feed::Venue;

/// Serves one tunnel, for this user only; answers the request it got.
async fn proxy(authorization: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let task = tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            client.read_buf(&mut request).await.unwrap();
        }
        let request = String::from_utf8(request).unwrap();
        if !request.contains(authorization) {
            client.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await.unwrap();
            return request;
        }
        let target = request.split(' ').nth(1).unwrap().to_owned();
        let mut server = TcpStream::connect(target).await.unwrap();
        client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
        // Ends with the test's connection.
        let _ = copy_bidirectional(&mut client, &mut server).await;
        request
    });
    (address, task)
}

#[tokio::test]
async fn tls_goes_through_a_tunnel() {
    let venue = Venue::start(true);
    let (address, task) = proxy("Basic bWU6aHVzaA==").await;
    let proxy = format!("http://me:hush@{address}").parse().unwrap();
    let endpoint = venue.endpoint(UrlKind::Public).with_proxy(Some(proxy));
    let (stream, pipe) = connect(&endpoint, Box::new(SystemRng)).await.unwrap();
    assert!(pipe.is_open());
    drop(stream);
    let target = format!("CONNECT {} HTTP/1.1\r\n", venue.0.address());
    assert!(task.await.unwrap().starts_with(&target));
}

#[tokio::test]
async fn a_refusal_is_told_without_the_password() {
    let venue = Venue::start(true);
    let (address, task) = proxy("Basic somebody-else").await;
    let proxy = format!("http://me:hush@{address}").parse().unwrap();
    let endpoint = venue.endpoint(UrlKind::Public).with_proxy(Some(proxy));
    let error = connect(&endpoint, Box::new(SystemRng)).await.map(drop).unwrap_err();
    assert!(matches!(error, ConnectError::Proxy(ProxyError::Refused { status: 407, .. })), "{error}");
    assert!(!format!("{error} {error:?}").contains("hush"));
    task.await.unwrap();
}
