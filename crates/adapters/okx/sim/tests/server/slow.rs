//! A client that does not read.

use okx_sim::{ExchangeConfig, Limits, ServerConfig};
use serde_json::json;

use crate::support::{Ws, soon, start, updates};

#[tokio::test]
async fn a_backlog_ends_in_4005() {
    let limits = Limits { backlog_bytes: 1 << 20, ..Limits::off() };
    let exchange = ExchangeConfig { limits, ..ExchangeConfig::default() };
    let server = start(ServerConfig { exchange, ..ServerConfig::default() });
    let ws = Ws::with_books(&server).await;
    server.control("POST", "/control/script", &json!({"padding": 64 << 10})).expect("it pads");
    soon(async {
        while !server.with(|e, now| e.state(now)).connections.is_empty() {
            updates(&server, 16);
            tokio::task::yield_now().await;
        }
    })
    .await;
    let ended =
        server.with(|e, _| e.journal(0, usize::MAX).any(|j| j.text().starts_with("ended: close 4005")));
    assert!(ended);
    // It reads now, and finds the reason behind everything that was sent before.
    assert_eq!(u16::from(ws.closed().await.expect("a close frame").code), 4005);
}
