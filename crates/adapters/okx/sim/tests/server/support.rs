//! A server on the scripted market, and clients for it.

use std::{future::Future, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _};
use okx_sim::{ExchangeConfig, Fault, Limits, ServerConfig, SimServer, UrlKind};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, Message, error::Error, protocol::CloseFrame},
};

use crate::market::{INST_ID, Scripted};

/// Far more than anything here takes; only reached when a test fails.
const DEADLINE: Duration = Duration::from_secs(20);

/// What has to happen before the deadline.
pub(crate) async fn soon<F: Future>(what: F) -> F::Output {
    tokio::time::timeout(DEADLINE, what).await.expect("it happens before the deadline")
}

/// Without the limits on frequency, so that tests need not pace themselves.
pub(crate) fn unlimited() -> ServerConfig {
    let exchange = ExchangeConfig { limits: Limits::off(), ..ExchangeConfig::default() };
    ServerConfig { exchange, ..ServerConfig::default() }
}

pub(crate) fn start(config: ServerConfig) -> SimServer {
    SimServer::start(config, Scripted::boxed()).expect("loopback can be listened on")
}

pub(crate) fn server() -> SimServer {
    start(unlimited())
}

/// Adds a fault and returns its number.
pub(crate) fn fault(server: &SimServer, fault: Value) -> u64 {
    let fault: Fault = serde_json::from_value(fault).expect("the fault is sound");
    server.with(|exchange, now| exchange.add_fault(fault, now)).expect("there is room for it").0
}

/// Lets the market publish so many updates of each topic.
pub(crate) fn updates(server: &SimServer, count: u64) {
    server.control("POST", "/control/script", &json!({"updates": count})).expect("the market publishes");
}

/// An HTTP client that keeps to this machine.
pub(crate) fn http() -> reqwest::Client {
    // Already installed by another test of this process: the same.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder().no_proxy().build().expect("the provider is installed")
}

/// Waits until the journal has an entry with this text.
pub(crate) async fn journaled(server: &SimServer, text: &str) {
    soon(async {
        while !server.with(|e, _| e.journal(0, usize::MAX).any(|entry| entry.text().contains(text))) {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// A body and its status.
pub(crate) async fn get(server: &SimServer, path: &str) -> (u16, Value) {
    let answer = soon(http().get(server.rest_url() + path).send()).await.expect("the server answers");
    let status = answer.status().as_u16();
    let text = soon(answer.text()).await.expect("the body comes whole");
    (status, serde_json::from_str(&text).expect("the body is JSON"))
}

/// A WebSocket client.
pub(crate) struct Ws(pub WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Ws {
    pub(crate) async fn try_open(server: &SimServer, kind: UrlKind) -> Result<Self, Error> {
        soon(connect_async(server.ws_url(kind))).await.map(|(stream, _)| Self(stream))
    }

    pub(crate) async fn open(server: &SimServer) -> Self {
        Self::try_open(server, UrlKind::Public).await.expect("the server takes the connection")
    }

    /// A client that holds `books` and has read the ack and the snapshot.
    pub(crate) async fn with_books(server: &SimServer) -> Self {
        let mut ws = Self::open(server).await;
        ws.subscribe("books").await;
        assert_eq!(ws.json().await["event"], "subscribe");
        assert_eq!(ws.json().await["action"], "snapshot");
        ws
    }

    pub(crate) async fn send(&mut self, text: impl Into<String>) {
        soon(self.0.send(Message::text(text.into()))).await.expect("the connection is open");
    }

    pub(crate) async fn subscribe(&mut self, channel: &str) {
        self.send(json!({"op": "subscribe", "args": [{"channel": channel, "instId": INST_ID}]}).to_string())
            .await;
    }

    pub(crate) async fn next(&mut self) -> Result<Message, Error> {
        soon(self.0.next()).await.unwrap_or(Err(Error::ConnectionClosed))
    }

    pub(crate) async fn text(&mut self) -> String {
        self.next().await.expect("a message comes").into_text().expect("it is text").to_string()
    }

    pub(crate) async fn json(&mut self) -> Value {
        serde_json::from_str(&self.text().await).expect("it is JSON")
    }

    /// The sequence numbers of so many updates.
    pub(crate) async fn sequence(&mut self, count: usize) -> Vec<(i64, i64)> {
        let mut pairs = Vec::new();
        for _ in 0..count {
            let frame = self.json().await;
            let number = |key: &str| frame["data"][0][key].as_i64().unwrap_or(i64::MIN);
            pairs.push((number("prevSeqId"), number("seqId")));
        }
        pairs
    }

    /// The close frame, if the connection ends with one.
    pub(crate) async fn closed(mut self) -> Option<CloseFrame> {
        loop {
            match self.next().await {
                Ok(Message::Close(frame)) => return frame,
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    /// How the connection breaks without a close frame.
    pub(crate) async fn broken(mut self) -> Error {
        loop {
            match self.next().await {
                Ok(Message::Close(frame)) => panic!("a close frame: {frame:?}"),
                Ok(_) => {}
                Err(error) => return error,
            }
        }
    }
}

/// The network reset the connection.
pub(crate) fn is_reset(error: &Error) -> bool {
    match error {
        Error::Io(io) => io.kind() == std::io::ErrorKind::ConnectionReset,
        Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake) => false,
        _ => false,
    }
}
