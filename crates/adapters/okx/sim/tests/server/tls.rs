//! https and wss by the server's own authority.

use std::sync::Arc;

use futures_util::{SinkExt as _, StreamExt as _};
use okx_sim::{ServerConfig, UrlKind};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use serde_json::json;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::{
    Message,
    error::{Error, ProtocolError},
};

use crate::support::{fault, soon, start, unlimited};

fn client(ca_pem: Option<&str>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    if let Some(pem) = ca_pem {
        roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).expect("PEM")).expect("a certificate");
    }
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has them")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

#[tokio::test]
async fn rest_and_websocket_over_tls() {
    let server = start(ServerConfig { tls: true, ..unlimited() });
    let trusting = client(server.ca_pem());
    let http =
        reqwest::Client::builder().tls_backend_preconfigured(trusting.clone()).build().expect("a client");
    let answer = soon(http.get(server.rest_url() + "/api/v5/public/time").send()).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let distrusting =
        reqwest::Client::builder().tls_backend_preconfigured(client(None)).build().expect("a client");
    assert!(soon(distrusting.get(server.rest_url()).send()).await.is_err(), "nobody vouches for the server");

    let tcp = soon(TcpStream::connect(server.address())).await.expect("it listens");
    let name = ServerName::try_from("localhost").expect("a name");
    let tls = soon(TlsConnector::from(Arc::new(trusting)).connect(name, tcp)).await.expect("a handshake");
    let url = server.ws_url(UrlKind::Public);
    assert!(url.starts_with("wss://127.0.0.1:"), "{url}");
    let (mut ws, _) = soon(tokio_tungstenite::client_async(url, tls)).await.expect("an upgrade");
    soon(ws.send(Message::text("ping"))).await.expect("open");
    assert_eq!(soon(ws.next()).await.expect("open").expect("a frame"), Message::text("pong"));

    // Without close_notify, as when the process dies.
    fault(&server, json!({"when": {"now": true}, "what": {"kind": "cut"}}));
    let end = soon(ws.next()).await.expect("an end").expect_err("no frame");
    let torn = match &end {
        Error::Io(io) => io.kind() == std::io::ErrorKind::UnexpectedEof,
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => true,
        _ => false,
    };
    assert!(torn, "{end:?}");
}
