//! One WebSocket connection, as the exchange knows it.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use okx_common::clock::{NANOS_PER_SECOND, Now};

use super::deliver::Frame;
use crate::{
    fault::{CutHow, FaultId},
    link::UrlKind,
    topic::Topic,
    window::Window,
};

/// The window of the limit on operations.
const HOUR_NS: u64 = 3_600 * NANOS_PER_SECOND;

/// Who logged in: indices into the accounts and their keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct User {
    pub account: usize,
    pub key: usize,
}

/// Silence imposed by MUTE.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mute {
    pub fault: FaultId,
    pub pongs: bool,
    pub stopped_reading: bool,
}

#[derive(Debug)]
pub(super) struct Conn {
    pub kind: UrlKind,
    pub conn_id: String,
    pub user: Option<User>,
    pub topics: BTreeSet<Arc<Topic>>,
    /// Login, subscribe and unsubscribe operations of the last hour; none if unlimited.
    pub ops: Option<Window>,
    /// When the client was last given something, or the connection opened.
    pub active_mono_ns: u64,
    pub mute: Option<Mute>,
    /// Announced end, e.g. after a notice.
    pub end_at: Option<(u64, CutHow)>,
    /// Frames waiting for so many others to pass.
    pub behind: Vec<(usize, Frame)>,
    /// By how much the sequence numbers of a topic were moved by SEQ.
    pub seq_shift: HashMap<Arc<Topic>, i64>,
}

impl Conn {
    pub fn new(kind: UrlKind, conn_id: String, now: Now, ops_per_hour: usize) -> Self {
        Self {
            kind,
            conn_id,
            user: None,
            topics: BTreeSet::new(),
            ops: (ops_per_hour > 0).then(|| Window::new(ops_per_hour, HOUR_NS)),
            active_mono_ns: now.mono_ns,
            mute: None,
            end_at: None,
            behind: Vec::new(),
            seq_shift: HashMap::new(),
        }
    }
}
