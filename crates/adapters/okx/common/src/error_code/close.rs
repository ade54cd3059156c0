//! Codes of WebSocket close frames.

use super::Retry;

/// What is documented about the code of a close frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CloseInfo {
    /// The code.
    pub code: u16,
    /// What it means.
    pub meaning: &'static str,
    /// Whether a new connection would fare better.
    pub retry: Retry,
    /// What to do next.
    pub advice: &'static str,
}

const CODES: &[CloseInfo] = &[
    CloseInfo {
        code: 1009,
        meaning: "frame too long",
        retry: Retry::Never,
        advice: "a request may hold 64 KB of arguments; send smaller ones",
    },
    CloseInfo {
        code: 4001,
        meaning: "login failed",
        retry: Retry::Never,
        advice: "check key, secret and passphrase, the site they belong to, and live against demo",
    },
    CloseInfo {
        code: 4002,
        meaning: "invalid request",
        retry: Retry::Never,
        advice: "correct the request that was sent last",
    },
    CloseInfo {
        code: 4003,
        meaning: "more than 100 subscriptions of this API key",
        retry: Retry::Never,
        advice: "subscribe less with this key, or spread over several keys",
    },
    CloseInfo {
        code: 4004,
        meaning: "no data was received for 30 s",
        retry: Retry::Reconnect,
        advice: "reconnect; send the text ping when nothing has arrived for less than 30 s",
    },
    CloseInfo {
        code: 4005,
        meaning: "buffer full: the client reads too slowly",
        retry: Retry::Reconnect,
        advice: "reconnect; read faster or subscribe less on one connection",
    },
    CloseInfo {
        code: 4006,
        meaning: "abnormal disconnection",
        retry: Retry::Reconnect,
        advice: "reconnect and subscribe again",
    },
    CloseInfo {
        code: 4007,
        meaning: "the API key was changed or deleted",
        retry: Retry::Never,
        advice: "reconnect with the new key",
    },
    CloseInfo {
        code: 4008,
        meaning: "too many channels are subscribed",
        retry: Retry::Never,
        advice: "subscribe less, or spread over several connections",
    },
    CloseInfo {
        code: 4009,
        meaning: "too many channels are subscribed on this connection",
        retry: Retry::Never,
        advice: "spread over several connections",
    },
];

/// What is documented about the code of a close frame; `None` for codes of the WebSocket protocol itself and unknown ones.
#[must_use]
pub fn lookup_close(code: u16) -> Option<&'static CloseInfo> {
    CODES.iter().find(|info| info.code == code)
}
