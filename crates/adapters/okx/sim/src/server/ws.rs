//! WebSocket connections: the upgrade, and a reader and a writer for each.

use std::{future::pending, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{Extension, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::BytesMut;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use sha1::{Digest as _, Sha1};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, ReadHalf, WriteHalf},
    sync::watch,
};

use super::{
    accept::Client,
    core::Core,
    frame::{self, Decoder, Event},
    outbox::{Inbox, Item},
    rest,
    socket::Wire,
};
use crate::{
    fault::CutHow,
    link::{ConnNo, UrlKind},
    output::{Refusal, RestResponse},
};

/// What RFC 6455 adds to the key of a client.
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// Most things taken from the outbox at a time.
const BATCH: usize = 256;
/// Bytes after which a batch is written.
const WRITE_BYTES: usize = 64 << 10;
/// Room for reading.
const READ_BYTES: usize = 16 << 10;
/// How long the last bytes may take after the end of a connection was decided.
const LAST_BYTES: Duration = Duration::from_secs(5);
/// Close code of a client that closes without one.
const NORMAL: u16 = 1000;

/// Answers the upgrade request of a client.
pub(super) async fn upgrade(
    State(core): State<Arc<Core>>,
    Extension(client): Extension<Client>,
    mut request: Request,
) -> Response {
    let Some(kind) = UrlKind::from_path(request.uri().path()) else {
        return rest::http(RestResponse::json(404, r#"{"message":"no Route matched with those values"}"#));
    };
    let Some(accept) = accept_key(request.headers()) else {
        return rest::http(RestResponse::error(400, "50000", "A WebSocket upgrade is needed here"));
    };
    let (no, inbox) = match core.open(kind, client.peer.ip()) {
        Ok(opened) => opened,
        Err(Refusal::Http(response)) => return rest::http(response),
        Err(Refusal::Cut(how)) => {
            client.line.end(how);
            return pending().await;
        }
    };
    let upgraded = hyper::upgrade::on(&mut request);
    tokio::spawn(serve(core, no, inbox, upgraded));
    let response = Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_ACCEPT, accept)
        .body(Body::empty());
    response.expect("base64 is a valid header value")
}

/// `Sec-WebSocket-Accept`, if the request is an upgrade.
fn accept_key(headers: &HeaderMap) -> Option<String> {
    let has = |name, word: &str| {
        let values = headers.get_all(name).iter().filter_map(|v| v.to_str().ok());
        values.flat_map(|v| v.split(',')).any(|v| v.trim().eq_ignore_ascii_case(word))
    };
    let version_13 = headers.get(header::SEC_WEBSOCKET_VERSION).is_some_and(|v| v == "13");
    if !(version_13 && has(header::CONNECTION, "upgrade") && has(header::UPGRADE, "websocket")) {
        return None;
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY)?;
    let hash = Sha1::new().chain_update(key.as_bytes()).chain_update(GUID).finalize();
    Some(STANDARD.encode(hash))
}

async fn serve(core: Arc<Core>, no: ConnNo, inbox: Inbox, upgraded: OnUpgrade) {
    let parts = upgraded.await.ok().and_then(|u| u.downcast::<TokioIo<Wire>>().ok());
    let Some(parts) = parts else { return core.closed(no) };
    let decoder = Decoder::new(core.with(|e, _| e.config().limits.message_bytes), &parts.read_buf);
    let (mut reader, mut writer) = tokio::io::split(parts.io.into_inner());
    let Inbox { reading, .. } = &inbox;
    let reading = reading.clone();
    let end = tokio::select! {
        end = write(&mut writer, inbox) => end,
        () = read(&core, no, &mut reader, decoder, reading) => None,
    };
    let wire = reader.unsplit(writer);
    match end {
        Some(how) => wire.finish(&how).await,
        None => core.closed(no),
    }
}

/// Reads until the connection breaks.
async fn read(
    core: &Core,
    no: ConnNo,
    wire: &mut ReadHalf<Wire>,
    mut decoder: Decoder,
    mut reading: watch::Receiver<bool>,
) {
    loop {
        if reading.wait_for(|on| *on).await.is_err() {
            // The exchange has forgotten the connection: the writer ends it.
            return pending().await;
        }
        match decoder.next() {
            Ok(Some(Event::Message(text))) => core.with(|exchange, now| exchange.receive(no, &text, now)),
            Ok(Some(Event::Ping(payload))) => core.pong(no, payload),
            Ok(Some(Event::Close(code))) => {
                core.close(no, code.unwrap_or(NORMAL));
                return pending().await;
            }
            Err(frame::Broken) => {
                core.close(no, frame::PROTOCOL_ERROR);
                return pending().await;
            }
            Ok(None) => {
                decoder.buf.reserve(READ_BYTES);
                tokio::select! {
                    read = wire.read_buf(&mut decoder.buf) => if !matches!(read, Ok(1..)) { return },
                    changed = reading.changed() => if changed.is_err() { return pending().await },
                }
            }
        }
    }
}

/// Writes until the end: how the connection is to be ended, or `None` if it broke.
async fn write(wire: &mut WriteHalf<Wire>, mut inbox: Inbox) -> Option<CutHow> {
    let ending = inbox.ending.clone();
    let too_slow = async {
        ending.notified().await;
        tokio::time::sleep(LAST_BYTES).await;
    };
    tokio::select! {
        end = write_all(wire, &mut inbox) => end,
        () = too_slow => Some(CutHow::Rst),
    }
}

async fn write_all(wire: &mut WriteHalf<Wire>, inbox: &mut Inbox) -> Option<CutHow> {
    let mut items = Vec::with_capacity(BATCH);
    let mut buf = BytesMut::with_capacity(WRITE_BYTES);
    while inbox.items.recv_many(&mut items, BATCH).await > 0 {
        let mut end = None;
        let mut payload = 0;
        for item in items.drain(..) {
            match item {
                Item::Frame(frame) => {
                    frame::encode(&frame, &mut buf);
                    payload += frame.payload.len();
                }
                Item::Pong(payload) => frame::encode_pong(&payload, &mut buf),
                Item::End(how) => {
                    if let CutHow::Close { code, reason } = &how {
                        frame::encode_close(*code, reason, &mut buf);
                    }
                    end = Some(how);
                    break;
                }
            }
            if buf.len() >= WRITE_BYTES {
                wire.write_all(&buf).await.ok()?;
                buf.clear();
                inbox.sent(std::mem::take(&mut payload));
            }
        }
        wire.write_all(&buf).await.ok()?;
        wire.flush().await.ok()?;
        buf.clear();
        inbox.sent(payload);
        if end.is_some() {
            return end;
        }
    }
    // The exchange is gone.
    Some(CutHow::Fin)
}
