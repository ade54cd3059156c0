//! The control endpoint: faults, time, scripts, and looking inside. For clients on the same machine only.
//!
//! | Request | Body | Answer |
//! |---|---|---|
//! | `POST /control/faults` (or `/control/fault`) | a [`Fault`] | `{"id":1}` |
//! | `GET /control/faults` | | the faults in place and how often they acted |
//! | `DELETE /control/faults` or `/control/faults/1` | | `{"removed":true}` |
//! | `GET /control/journal?from=1&limit=100` | | what went over the wire |
//! | `GET /control/book?instId=BTC-USDT` | | the book as the exchange has it |
//! | `GET /control/account?uid=1` | | orders, fills, positions, balances of an account; the first one without `uid` |
//! | `GET /control/state` | | connections, subscriptions, clock, hash |
//! | `GET /control/time` | | the clock |
//! | `POST /control/time` | `{"offset_ms":0,"jump_ms":1000}` | the clock, after it was moved |
//! | `POST /control/advance` | `{"ms":1000}` | the same; a paused server goes from event to event |
//! | `POST /control/limits` | the [`Limits`] | `{}` |
//! | `POST /control/script` | a command of the market, or `account.…` of trading | what it says |

use std::sync::Arc;

use axum::{
    body::to_bytes,
    extract::{Extension, Request, State},
    http::{Method, header},
    response::Response,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{accept::Client, core::Core, rest};
use crate::{
    config::Limits,
    fault::{Fault, FaultId},
    output::{RestRequest, RestResponse},
};

/// Why a control request was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ControlError {
    /// HTTP status.
    pub status: u16,
    /// What is wrong with the request.
    pub message: String,
}

impl ControlError {
    fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    ms: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveTime {
    #[serde(default)]
    offset_ms: Option<i64>,
    #[serde(default)]
    jump_ms: i64,
}

/// A control request over HTTP.
pub(super) async fn serve(
    State(core): State<Arc<Core>>,
    Extension(client): Extension<Client>,
    request: Request,
) -> Response {
    let done = match read(&client, request).await {
        Ok((method, target, body)) => handle(&core, &method, &target, &body),
        Err(refused) => Err(refused),
    };
    let response = match done {
        Ok(value) => RestResponse::json(200, value.to_string()),
        Err(refused) => RestResponse::json(refused.status, json!({"error": refused.message}).to_string()),
    };
    rest::http(response)
}

async fn read(client: &Client, request: Request) -> Result<(Method, String, Value), ControlError> {
    if !client.peer.ip().to_canonical().is_loopback() {
        return Err(ControlError::new(403, "control requests are taken from this machine only"));
    }
    let (head, body) = request.into_parts();
    let target = head.uri.path_and_query().map_or("", |t| t.as_str()).to_owned();
    let body = to_bytes(body, rest::MAX_BODY).await.map_err(|e| ControlError::new(413, e.to_string()))?;
    if body.is_empty() {
        return Ok((head.method, target, Value::Null));
    }
    // Web pages cannot send this type to another origin unasked.
    let is_json =
        head.headers.get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"application/json"));
    if !is_json {
        return Err(ControlError::new(415, "send the body as application/json"));
    }
    let body = serde_json::from_slice(&body).map_err(|e| ControlError::new(400, format!("not JSON: {e}")))?;
    Ok((head.method, target, body))
}

/// Carries out a control request.
pub(super) fn handle(
    core: &Core,
    method: &Method,
    target: &str,
    body: &Value,
) -> Result<Value, ControlError> {
    let request = RestRequest::get(target);
    let path = request.path.strip_prefix("/control/").unwrap_or(&request.path);
    let steps: Vec<_> = path.split('/').collect();
    match (method.as_str(), &steps[..]) {
        ("POST", ["faults" | "fault"]) => {
            let fault: Fault = parse(body)?;
            let id = core.with(|exchange, now| exchange.add_fault(fault, now));
            let id = id.ok_or_else(|| ControlError::new(409, "too many faults are in place: remove some"))?;
            Ok(json!({"id": id}))
        }
        ("GET", ["faults"]) => Ok(json!(core.with(|exchange, _| exchange.faults()))),
        ("DELETE", ["faults"]) => {
            core.with(|exchange, now| exchange.clear_faults(now));
            Ok(json!({"removed": true}))
        }
        ("DELETE", ["faults", id]) => {
            let id: u64 =
                id.parse().map_err(|_| ControlError::new(400, format!("no number of a fault: {id}")))?;
            let removed = core.with(|exchange, now| exchange.remove_fault(FaultId(id), now));
            if removed {
                Ok(json!({"removed": true}))
            } else {
                Err(ControlError::new(404, format!("no fault {id}")))
            }
        }
        ("GET", ["journal"]) => {
            let (from, limit) = (number(&request, "from", 0)?, number(&request, "limit", u64::MAX)?);
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            Ok(core.with(|exchange, _| exchange.journal(from, limit).map(|entry| entry.json()).collect()))
        }
        ("GET", ["book"]) => {
            let inst_id =
                request.param("instId").ok_or_else(|| ControlError::new(400, "instId is missing"))?;
            let book = core.with(|exchange, _| exchange.book(&inst_id));
            book.ok_or_else(|| ControlError::new(404, format!("no book of {inst_id}")))
        }
        ("GET", ["account"]) => {
            let uid = request.param("uid").unwrap_or_default();
            let account = core.with(|exchange, now| exchange.account(&uid, now));
            account.ok_or_else(|| ControlError::new(404, format!("no account {uid}, or no trading")))
        }
        ("GET", ["state"]) => Ok(json!(core.with(|exchange, now| exchange.state(now)))),
        ("GET", ["time"]) => Ok(time(core)),
        ("POST", ["time"]) => {
            let MoveTime { offset_ms, jump_ms } = parse(body)?;
            core.with(|exchange, now| exchange.set_time(offset_ms, jump_ms, now));
            Ok(time(core))
        }
        ("POST", ["advance"]) => {
            core.advance(parse::<Advance>(body)?.ms);
            Ok(time(core))
        }
        ("POST", ["limits"]) => {
            let limits: Limits = parse(body)?;
            core.with(|exchange, _| exchange.set_limits(limits));
            Ok(json!({}))
        }
        ("POST", ["script"]) => core
            .with(|exchange, now| exchange.script(body, now))
            .map_err(|words| ControlError::new(400, words)),
        _ => Err(ControlError::new(404, format!("no control request {method} {}", request.path))),
    }
}

fn parse<T: DeserializeOwned>(body: &Value) -> Result<T, ControlError> {
    T::deserialize(body).map_err(|e| ControlError::new(400, e.to_string()))
}

fn number(request: &RestRequest, name: &str, default: u64) -> Result<u64, ControlError> {
    let text = request.param(name);
    text.map_or(Ok(default), |t| {
        t.parse().map_err(|_| ControlError::new(400, format!("{name} is no number: {t}")))
    })
}

fn time(core: &Core) -> Value {
    let (unix_ms, mono_ns) = core.with(|exchange, now| (exchange.time(now).unix_ms(), now.mono_ns));
    json!({"unix_ms": unix_ms, "mono_ns": mono_ns, "paused": core.is_paused()})
}
