//! What the driver writes and `stats()` reads, whichever threads they are on.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::Relaxed},
};

use okx_common::hosts::UrlKind;
use okx_core::latency::Latency;
use okx_ws::Topic;

/// The two sockets.
pub const LINES: [UrlKind; 2] = [UrlKind::Public, UrlKind::Business];

/// Place of an address among [`LINES`].
#[must_use]
pub const fn line_of(kind: UrlKind) -> Option<usize> {
    match kind {
        UrlKind::Public => Some(0),
        UrlKind::Business => Some(1),
        UrlKind::Private => None,
    }
}

/// State of a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum LineState {
    /// Not wanted.
    Closed,
    /// Being opened, or waiting for the next attempt.
    Connecting,
    /// Open.
    Open,
}

impl LineState {
    /// As Python sees it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Connecting => "connecting",
            Self::Open => "open",
        }
    }
}

/// Figures of one socket.
#[derive(Debug, Default)]
pub struct LineStats {
    state: AtomicU8,
    /// Connections made.
    pub connects: AtomicU64,
    /// Text frames received.
    pub frames: AtomicU64,
    /// Bytes received, as the socket counts them.
    pub bytes: AtomicU64,
    conn_id: Mutex<Option<String>>,
}

impl LineStats {
    /// Sets the state.
    pub fn set_state(&self, state: LineState) {
        self.state.store(state as u8, Relaxed);
    }

    /// OKX's name for the connection, as far as it is known.
    pub fn conn_id(&self) -> MutexGuard<'_, Option<String>> {
        self.conn_id.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state.
    pub fn state(&self) -> LineState {
        match self.state.load(Relaxed) {
            0 => LineState::Closed,
            1 => LineState::Connecting,
            _ => LineState::Open,
        }
    }
}

/// Kinds of objects, in the order of [`Counts`].
pub const KINDS: [&str; 11] = [
    "deltas", "depth10", "quotes", "trades", "bars", "marks", "indexes", "fundings", "statuses", "greeks",
    "rows",
];

/// Place of a kind in [`KINDS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Kind {
    Deltas,
    Depth10,
    Quote,
    Trade,
    Bar,
    Mark,
    Index,
    Funding,
    Status,
    Greeks,
    Row,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Shared {
    /// Objects handed over, by [`Kind`].
    pub counts: [AtomicU64; KINDS.len()],
    /// Books found broken.
    pub gaps_detected: AtomicU64,
    /// Broken books that are whole again.
    pub gaps_recovered: AtomicU64,
    /// Books whose checksum was wrong.
    pub checksum_failures: AtomicU64,
    /// Frames that could not be read.
    pub decode_errors: AtomicU64,
    /// Rows that could not be used.
    pub rows_skipped: AtomicU64,
    /// Objects the mailbox had no room for.
    pub dropped: AtomicU64,
    /// Messages that nobody had registered for.
    pub unregistered: AtomicU64,
    /// Read to callback.
    pub latency: Latency,
    /// The sockets, as [`LINES`].
    pub lines: [LineStats; 2],
    /// Nothing is called back any more.
    pub is_closed: AtomicBool,
    topics: Mutex<Vec<Topic>>,
}

impl Shared {
    /// The wire topics that are wanted.
    pub fn topics(&self) -> MutexGuard<'_, Vec<Topic>> {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
