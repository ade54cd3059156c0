//! OKX's error codes: what each one means, whether the outcome is known, and what to do (reference: OKX API v5, "Error Code").

mod account;
mod authentication;
mod close;
mod general;
mod manage;
mod place;
mod trade;
mod websocket;

#[cfg(test)]
mod tests;

pub use close::{CloseInfo, lookup_close};

use std::fmt;

/// A code as OKX sent it, known or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ErrorCode(pub u32);

/// What kind of answer a code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeKind {
    /// Done.
    Success,
    /// Each item has a code of its own: look there.
    PerItem,
    /// The request is malformed: a fault of the caller.
    BadRequest,
    /// Key, secret, passphrase, signature or environment are wrong.
    Authentication,
    /// The clock of this machine is wrong, or the request arrived too late.
    Clock,
    /// The key, account, region or fee tier may not do this.
    Permission,
    /// Too many requests.
    RateLimit,
    /// OKX is busy or down for the moment.
    Unavailable,
    /// Neither success nor failure is implied.
    OutcomeUnknown,
    /// Refused for a business reason: balance, size, price, state of the market.
    Rejected,
    /// The target of a cancellation, amendment or query is final or does not exist.
    Gone,
    /// An order of this id exists already.
    Duplicate,
    /// The connection needs something: a login, a reconnect.
    Connection,
}

/// Whether the same request can be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Retry {
    /// It would fail again.
    Never,
    /// After a pause that grows.
    BackOff,
    /// After waiting for the rate limit.
    SlowDown,
    /// After correcting the clock.
    AfterClockSync,
    /// After a login.
    AfterLogin,
    /// On a new connection.
    Reconnect,
}

/// What is known of the command that was answered so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was executed.
    Done,
    /// It was not executed, surely.
    NotExecuted,
    /// It may have been executed: query before doing anything else.
    Unknown,
    /// Each item has an outcome of its own.
    PerItem,
}

/// What is documented about a code, or a range of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeInfo {
    /// The code, or the first one of a range.
    pub code: u32,
    /// The last one of a range, else the code.
    pub last: u32,
    /// The HTTP status that comes with it.
    pub http: u16,
    /// What it means.
    pub meaning: &'static str,
    /// The kind.
    pub kind: CodeKind,
    /// Whether the same request can be sent again.
    pub retry: Retry,
    /// What is known of an order command that was answered so.
    pub outcome: Outcome,
    /// What to do next.
    pub advice: &'static str,
}

/// The families, each sorted by code.
const FAMILIES: [&[CodeInfo]; 7] = [
    general::CODES,
    authentication::CODES,
    place::CODES,
    manage::CODES,
    trade::CODES,
    account::CODES,
    websocket::CODES,
];

/// All documented codes, family by family.
pub fn catalogue() -> impl Iterator<Item = &'static CodeInfo> {
    FAMILIES.into_iter().flatten()
}

/// What is documented about a code; `None` for codes that are not in OKX's tables.
///
/// A single code wins over a range that holds it.
#[must_use]
pub fn lookup(code: u32) -> Option<&'static CodeInfo> {
    let mut in_range = None;
    for family in FAMILIES {
        let end = family.partition_point(|info| info.code <= code);
        // Ranges are few and do not overlap each other, so the nearest one that starts before the code decides.
        for info in family[..end].iter().rev().take(MAX_CODES_IN_RANGE) {
            if info.code == code && info.last == code {
                return Some(info);
            }
            if code <= info.last {
                in_range = Some(info);
                break;
            }
        }
    }
    in_range
}

/// The most codes that stand in the table between the first code of a range and its last one; a test checks it.
const MAX_CODES_IN_RANGE: usize = 24;

impl ErrorCode {
    /// Reads the code as OKX sends it: text of digits, or of digits and a sub-code (`51008_1000`).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let code = text.split_once('_').map_or(text, |(code, _)| code);
        if code.is_empty() || !code.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        code.parse().ok().map(Self)
    }

    /// What is documented about it.
    #[must_use]
    pub fn info(self) -> Option<&'static CodeInfo> {
        lookup(self.0)
    }

    /// The kind; an undocumented code counts as a refusal.
    #[must_use]
    pub fn kind(self) -> CodeKind {
        self.info().map_or(CodeKind::Rejected, |i| i.kind)
    }

    /// Whether the same request can be sent again; not, if the code is undocumented.
    #[must_use]
    pub fn retry(self) -> Retry {
        self.info().map_or(Retry::Never, |i| i.retry)
    }

    /// What is known of an order command that was answered so. Nothing, if the code is undocumented: the answer is an error,
    /// but what kind of error cannot be told.
    #[must_use]
    pub fn outcome(self) -> Outcome {
        self.info().map_or(Outcome::Unknown, |i| i.outcome)
    }

    /// What to do next.
    #[must_use]
    pub fn advice(self) -> &'static str {
        self.info()
            .map_or("the code is not in OKX's tables; read the message, and query before trying again", |i| {
                i.advice
            })
    }

    /// Whether it stands for success.
    #[must_use]
    pub const fn is_success(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl From<u32> for ErrorCode {
    fn from(code: u32) -> Self {
        Self(code)
    }
}

impl serde::Serialize for ErrorCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for ErrorCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = crate::de::Text::deserialize(deserializer)?.0;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format_args!("not an error code: {}", crate::text::excerpt(&text)))
        })
    }
}

impl CodeKind {
    /// Whether the same request can be sent again, if the code says nothing else.
    const fn retry(self) -> Retry {
        match self {
            Self::RateLimit => Retry::SlowDown,
            Self::Unavailable => Retry::BackOff,
            Self::Clock => Retry::AfterClockSync,
            Self::Connection => Retry::Reconnect,
            _ => Retry::Never,
        }
    }

    /// What is known of the command, if the code says nothing else.
    const fn outcome(self) -> Outcome {
        match self {
            Self::Success => Outcome::Done,
            Self::PerItem => Outcome::PerItem,
            // A throttled command counts as unknown too: OKX does not say that it refuses before acting.
            Self::OutcomeUnknown | Self::Duplicate | Self::Unavailable | Self::RateLimit => Outcome::Unknown,
            _ => Outcome::NotExecuted,
        }
    }

    /// What to do next, if the code says nothing else.
    const fn advice(self) -> &'static str {
        match self {
            Self::Success => "nothing to do",
            Self::PerItem => "look at the code of each item",
            Self::BadRequest => "correct the request; the message names the parameter",
            Self::Authentication => {
                "check key, secret and passphrase, the site they belong to, and live against demo"
            }
            Self::Clock => "synchronise the clock of this machine with a time server, then send again",
            Self::Permission => {
                "the account or key may not do this; check its permissions and settings at OKX"
            }
            Self::RateLimit => "wait for the limit of the endpoint, then send again; send fewer requests",
            Self::Unavailable => "wait and try again; query an order before sending it again",
            Self::OutcomeUnknown => {
                "query by client order id before doing anything else; the command may have worked"
            }
            Self::Rejected => "the order was refused; the message says why",
            Self::Gone => "the order is final or unknown; query its state and drop it from the open orders",
            Self::Duplicate => "an order of this id exists; query it instead of sending again",
            Self::Connection => "reconnect and subscribe again",
        }
    }
}

impl CodeInfo {
    /// One code, with what its kind implies.
    const fn new(code: u32, kind: CodeKind, meaning: &'static str) -> Self {
        let (retry, outcome, advice) = (kind.retry(), kind.outcome(), kind.advice());
        Self { code, last: code, http: 200, meaning, kind, retry, outcome, advice }
    }

    /// A range of codes, both ends included.
    const fn range(code: u32, last: u32, kind: CodeKind, meaning: &'static str) -> Self {
        Self { last, ..Self::new(code, kind, meaning) }
    }

    const fn http(self, http: u16) -> Self {
        Self { http, ..self }
    }

    const fn retry(self, retry: Retry) -> Self {
        Self { retry, ..self }
    }

    const fn outcome(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }

    const fn advice(self, advice: &'static str) -> Self {
        Self { advice, ..self }
    }
}
