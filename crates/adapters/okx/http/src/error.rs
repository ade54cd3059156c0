//! What can go wrong with a request.

use std::fmt;

use okx_common::{
    error_code::{CodeKind, ErrorCode, Outcome},
    text::excerpt,
};

use crate::{
    endpoint::{ParamError, Spec},
    envelope::BodyError,
};

/// What went wrong, as far as a program must tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// OKX refused: the code says why.
    Venue,
    /// Something in front of OKX's API answered: a gateway, a proxy, a redirection.
    Gateway,
    /// No answer within the time-out.
    Timeout,
    /// The host could not be reached, or the connection broke.
    Network,
    /// The answer is not what OKX documents.
    Decode,
    /// The answer is longer than is read.
    TooLarge,
    /// The request is malformed: a fault of the caller.
    Params,
    /// The request must be signed, and there is no key.
    NoCredentials,
    /// The limits of OKX would make the request wait for too long.
    Throttled,
    /// The client was closed meanwhile.
    Closed,
    /// The client cannot be built so.
    Config,
}

impl ErrorKind {
    /// A stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Venue => "venue",
            Self::Gateway => "gateway",
            Self::Timeout => "timeout",
            Self::Network => "network",
            Self::Decode => "decode",
            Self::TooLarge => "too_large",
            Self::Params => "params",
            Self::NoCredentials => "no_credentials",
            Self::Throttled => "throttled",
            Self::Closed => "closed",
            Self::Config => "config",
        }
    }
}

/// A request failed. Holds neither keys nor signatures nor queries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpError {
    kind: ErrorKind,
    code: ErrorCode,
    message: String,
    http_status: Option<u16>,
    endpoint: Option<&'static str>,
    was_sent: bool,
}

impl HttpError {
    /// A failure of the caller's or this machine's making: nothing was sent.
    #[must_use]
    pub fn local(kind: ErrorKind, message: impl fmt::Display) -> Self {
        Self {
            kind,
            code: ErrorCode(0),
            message: message.to_string(),
            http_status: None,
            endpoint: None,
            was_sent: false,
        }
    }

    /// A failure after the request may have left.
    pub(crate) fn sent(kind: ErrorKind, message: impl fmt::Display) -> Self {
        Self { was_sent: true, ..Self::local(kind, message) }
    }

    /// A refusal by OKX.
    pub(crate) fn venue(code: ErrorCode, message: &str, http_status: u16) -> Self {
        let message = if message.is_empty() {
            code.info().map_or("no words given", |info| info.meaning)
        } else {
            message
        };
        Self { code, http_status: Some(http_status), ..Self::sent(ErrorKind::Venue, message) }
    }

    /// An answer that is none of OKX's API.
    pub(crate) fn gateway(http_status: u16, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(&body[..body.len().min(400)]);
        let text = text.trim();
        let said = if text.is_empty() { String::new() } else { format!(": {}", excerpt(text)) };
        let message = match http_status {
            300..=399 => format!("redirected (HTTP {http_status}), which would lose the signature{said}"),
            _ => format!("HTTP {http_status} without an answer of OKX's API{said}"),
        };
        Self { http_status: Some(http_status), ..Self::sent(ErrorKind::Gateway, message) }
    }

    /// An answer that cannot be read.
    pub(crate) fn decode(http_status: u16, error: &BodyError) -> Self {
        Self { http_status: Some(http_status), ..Self::sent(ErrorKind::Decode, error) }
    }

    /// The same about this endpoint.
    pub(crate) fn at(self, spec: &'static Spec) -> Self {
        Self { endpoint: Some(spec.path), ..self }
    }

    /// The same with the status of the answer whose body did not come whole.
    pub(crate) fn with_status(self, http_status: u16) -> Self {
        Self { http_status: Some(http_status), ..self }
    }

    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// OKX's code, 0 if OKX did not answer.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    /// OKX's words, or what happened instead of an answer.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The status of the HTTP answer; `None` if there was none.
    #[must_use]
    pub const fn http_status(&self) -> Option<u16> {
        self.http_status
    }

    /// The path of the endpoint after `/api/v5`.
    #[must_use]
    pub const fn endpoint(&self) -> Option<&'static str> {
        self.endpoint
    }

    /// What to do next.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self.kind {
            ErrorKind::Venue => self.code.advice(),
            ErrorKind::Gateway => match self.http_status {
                Some(403) => "the address of this machine may be blocked; check region, proxy and firewall",
                Some(404) => "check the base URL: this host has no such path",
                Some(300..=399) => "use the host it redirects to as base URL",
                Some(407) => "check the user and password of the proxy",
                _ => "wait and try again; check the proxy, and the status page of OKX",
            },
            ErrorKind::Timeout => "check the network; raise the time-out on slow lines",
            ErrorKind::Network => "check network, proxy, firewall and base URL",
            ErrorKind::Decode => {
                "check that the base URL is OKX's; else report the message, with the path it names"
            }
            ErrorKind::TooLarge => "ask for less: one family, one instrument, fewer rows",
            ErrorKind::Params => "correct the request; the message names the parameter",
            ErrorKind::NoCredentials => {
                "set the API key, secret and passphrase, in the configuration or as OKX_API_KEY, \
                 OKX_API_SECRET and OKX_API_PASSPHRASE"
            }
            ErrorKind::Throttled => {
                "send fewer requests; something else may use the limits of this address or account"
            }
            ErrorKind::Closed => {
                "the client was closed while the request was under way; ask again if still needed"
            }
            ErrorKind::Config => "correct the configuration",
        }
    }

    /// What is known of the request, if it was a command.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self.kind {
            ErrorKind::Venue => self.code.outcome(),
            _ if self.was_sent => Outcome::Unknown,
            _ => Outcome::NotExecuted,
        }
    }

    /// Whether the request was surely not executed.
    #[must_use]
    pub fn is_definitive(&self) -> bool {
        self.outcome() == Outcome::NotExecuted
    }

    /// Whether OKX asked to slow down, or this client waited too long for its limits.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.kind == ErrorKind::Throttled
            || self.http_status == Some(429)
            || (self.kind == ErrorKind::Venue && self.code.kind() == CodeKind::RateLimit)
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(endpoint) = self.endpoint {
            write!(f, "{endpoint}: ")?;
        }
        f.write_str(&self.message)?;
        match (self.kind, self.http_status) {
            (ErrorKind::Venue, Some(status)) if status != 200 => {
                write!(f, " (OKX code {}, HTTP {status})", self.code)
            }
            (ErrorKind::Venue, _) => write!(f, " (OKX code {})", self.code),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for HttpError {}

impl From<ParamError> for HttpError {
    fn from(error: ParamError) -> Self {
        Self::local(ErrorKind::Params, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::{Endpoint, market::GetTickers};

    #[test]
    fn a_refusal_speaks_with_okx_words() {
        let error =
            HttpError::venue(ErrorCode(51001), "Instrument ID doesn't exist", 200).at(GetTickers::SPEC);
        assert_eq!(error.to_string(), "/market/tickers: Instrument ID doesn't exist (OKX code 51001)");
        assert_eq!((error.code().0, error.http_status(), error.kind()), (51001, Some(200), ErrorKind::Venue));
        assert!(!error.advice().is_empty() && error.is_definitive());
        assert!(HttpError::venue(ErrorCode(50011), "", 429).is_throttled());
        assert!(!HttpError::venue(ErrorCode(50011), "", 429).message().is_empty());
    }

    #[test]
    fn what_was_sent_and_not_answered_is_unknown() {
        assert_eq!(HttpError::sent(ErrorKind::Timeout, "no answer").outcome(), Outcome::Unknown);
        assert!(HttpError::local(ErrorKind::Throttled, "later").is_definitive());
        let gateway = HttpError::gateway(503, b"<html>\n busy</html>");
        assert!(!gateway.is_definitive() && gateway.message().contains("HTTP 503"), "{gateway}");
        assert!(HttpError::gateway(500, &[0xff; 5_000]).message().len() < 500);
    }
}
