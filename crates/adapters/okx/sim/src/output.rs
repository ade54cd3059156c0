//! What the exchange wants done, and the REST messages it takes and gives.

use bytes::Bytes;

use crate::{
    fault::CutHow,
    link::{ConnNo, Peer},
};

/// One message for a WebSocket connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireFrame {
    /// The payload.
    pub payload: Bytes,
    /// A binary frame; text otherwise.
    pub binary: bool,
    /// Into how many fragments to cut it; 1 for a plain frame.
    pub fragments: usize,
    /// Marked as compressed (RFC 7692), whether it is or not.
    pub compressed: bool,
    /// Only this many bytes of its encoding may leave; an [`Output::End`] for the connection follows.
    pub cut_at: Option<usize>,
}

impl WireFrame {
    /// A plain text frame.
    #[must_use]
    pub const fn text(payload: Bytes) -> Self {
        Self { payload, binary: false, fragments: 1, compressed: false, cut_at: None }
    }
}

/// One thing for the driver to do, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Send a message.
    Send {
        /// To this connection.
        conn: ConnNo,
        /// This message.
        frame: WireFrame,
    },
    /// End the connection once everything before is sent. The exchange has forgotten it already: no `closed` is due.
    End {
        /// This one.
        conn: ConnNo,
        /// In this way.
        how: CutHow,
    },
    /// Stop or resume reading from the connection's socket.
    Reading {
        /// This one.
        conn: ConnNo,
        /// Whether to read.
        on: bool,
    },
}

/// Why a connection was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Answer the upgrade with this.
    Http(RestResponse),
    /// End the TCP connection without an answer.
    Cut(CutHow),
}

/// A REST request as it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// The path with `/api/v5`, without the query.
    pub path: String,
    /// The query as sent, without `?`.
    pub query: String,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as sent.
    pub body: Bytes,
    /// Who asks.
    pub peer: Peer,
}

impl RestRequest {
    /// A GET without headers from loopback. `target` is the path and query.
    #[must_use]
    pub fn get(target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: Vec::new(),
            body: Bytes::new(),
            peer: Peer::from([127, 0, 0, 1]),
        }
    }

    /// The value of a header, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The decoded value of a query parameter.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<String> {
        self.params().into_iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// All query parameters, decoded.
    #[must_use]
    pub fn params(&self) -> Vec<(String, String)> {
        let pairs = self.query.split('&').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(n, v)| (decode(n), decode(v)))
            .collect()
    }

    /// Path and query, as the signature covers them.
    #[must_use]
    pub fn target(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }
}

/// Percent-decodes; what is no valid escape stays as it is.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|h| u8::from_str_radix(h, 16).ok());
        match (bytes[at], hex) {
            (_, Some(byte)) => {
                out.push(byte);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A REST response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestResponse {
    /// HTTP status.
    pub status: u16,
    /// Headers beside `content-type: application/json`.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

impl RestResponse {
    /// A JSON body.
    #[must_use]
    pub fn json(status: u16, body: impl Into<Bytes>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }
    }

    /// `{"code":…,"msg":…,"data":[]}`.
    #[must_use]
    pub fn error(status: u16, code: &str, msg: &str) -> Self {
        let (code, msg) = (serde_json::Value::from(code), serde_json::Value::from(msg));
        Self::json(status, format!(r#"{{"code":{code},"msg":{msg},"data":[]}}"#))
    }
}

/// What to do with a REST request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestAnswer {
    /// The response, if one is due.
    pub response: RestResponse,
    /// Send it this much later, milliseconds.
    pub delay_ms: u64,
    /// How it reaches the client.
    pub fate: Fate,
}

/// How the answer to a REST request ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Whole.
    Whole,
    /// The connection ends after so many bytes of the body; `None` for before the status line.
    Cut(Option<usize>, CutHow),
    /// Never, while the connection stays open.
    Silence,
}

impl From<RestResponse> for RestAnswer {
    fn from(response: RestResponse) -> Self {
        Self { response, delay_ms: 0, fate: Fate::Whole }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded() {
        let request =
            RestRequest::get("/api/v5/market/books?instId=BTC-USDT&sz=5&x=a%2Cb+c%zz&flag&u=%E2%93%88");
        assert_eq!(request.param("instId").as_deref(), Some("BTC-USDT"));
        assert_eq!(request.param("x").as_deref(), Some("a,b c%zz"));
        assert_eq!(request.param("flag").as_deref(), Some(""));
        assert_eq!(request.param("u").as_deref(), Some("Ⓢ"));
        assert_eq!(
            request.target(),
            "/api/v5/market/books?instId=BTC-USDT&sz=5&x=a%2Cb+c%zz&flag&u=%E2%93%88"
        );
    }
}
