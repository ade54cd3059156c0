//! REST requests: from HTTP to the exchange and back, in the ways an answer can fail.

use std::{future::pending, sync::Arc};

use axum::{
    body::{Body, to_bytes},
    extract::{Extension, Request, State},
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

use okx_common::clock::NANOS_PER_MILLI;

use super::{accept::Client, core::Core};
use crate::{
    link::Peer,
    output::{Fate, RestRequest, RestResponse},
};

/// Longest body of a request: a batch of orders is a few kilobytes.
pub(super) const MAX_BODY: usize = 4 << 20;

/// Answers a request.
pub(super) async fn answer(
    State(core): State<Arc<Core>>,
    Extension(client): Extension<Client>,
    request: Request,
) -> Response {
    let Some(request) = take(request, client.peer.ip()).await else {
        return http(RestResponse::error(413, "50000", "Body too long"));
    };
    let (answer, asked) = core.with(|exchange, now| (exchange.rest(&request, now), now));
    if answer.delay_ms > 0 {
        core.wait_until(asked.plus_ns(answer.delay_ms.saturating_mul(NANOS_PER_MILLI))).await;
    }
    match answer.fate {
        Fate::Whole => http(answer.response),
        Fate::Silence => pending().await,
        Fate::Cut(None, how) => {
            client.line.end(how);
            pending().await
        }
        Fate::Cut(Some(bytes), how) => {
            client.line.cut_body(bytes, how);
            http(answer.response)
        }
    }
}

async fn take(request: Request, peer: Peer) -> Option<RestRequest> {
    let (head, body) = request.into_parts();
    let headers = head.headers.iter();
    Some(RestRequest {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: headers
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body: to_bytes(body, MAX_BODY).await.ok()?,
        peer,
    })
}

/// As HTTP. A header that HTTP cannot carry, or a status that is none, is left out.
pub(super) fn http(response: RestResponse) -> Response {
    let mut made = Response::new(Body::from(response.body));
    *made.status_mut() = response.status.try_into().unwrap_or_default();
    let headers = made.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in response.headers {
        match (HeaderName::try_from(&name), HeaderValue::try_from(&value)) {
            (Ok(name), Ok(value)) => drop(headers.insert(name, value)),
            _ => tracing::warn!("no valid HTTP header: {name}: {value}"),
        }
    }
    made
}
