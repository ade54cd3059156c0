//! What a fault does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Payload;

/// What happens to the frame, request, connection or clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// CUT: ends the connection at a point of the frame or request. For class `open`: instead of accepting it.
    Cut {
        /// Where.
        #[serde(default)]
        at: CutAt,
        /// How.
        #[serde(default)]
        how: CutHow,
    },
    /// MUTE: the TCP connection stays open and nothing is sent, as when a peer has vanished. What would have been sent is lost.
    Mute {
        /// The whole connection, or the matching frames only.
        #[serde(default)]
        scope: MuteScope,
        /// Pings are still answered.
        #[serde(default)]
        pongs: bool,
        /// The server also stops reading, so that the client's writes pile up.
        #[serde(default)]
        stop_reading: bool,
    },
    /// HOLD: the frame or answer is late, lost, repeated or out of order.
    Hold {
        /// Which of these.
        how: HoldHow,
    },
    /// EDIT: the frame or body is changed, in the order of the list.
    Edit {
        /// The changes.
        changes: Vec<Change>,
    },
    /// REPLY: answers a request (class `request`) with this, while carrying it out or not.
    Reply {
        /// The request takes effect, and only its answers are replaced. Data frames still flow.
        #[serde(default)]
        apply: bool,
        /// HTTP status, for REST and for upgrades.
        #[serde(default = "ok")]
        status: u16,
        /// `code` of the answer.
        #[serde(default)]
        code: String,
        /// `msg` of the answer.
        #[serde(default)]
        msg: String,
        /// `data` of the answer; absent for none.
        #[serde(default)]
        data: Option<serde_json::Value>,
        /// The whole body or frame instead of `code`, `msg` and `data`.
        #[serde(default)]
        body: Option<Payload>,
        /// Extra HTTP headers, e.g. `retry-after`.
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    /// SEQ: breaks or bends the sequence of an order-book channel (class `snapshot` or `update`).
    Seq {
        /// How.
        how: SeqHow,
    },
    /// TIME: moves the clock of the exchange. Its markets follow; the network's time does not.
    Time {
        /// Sets the offset from the driver's clock.
        #[serde(default)]
        offset_ms: Option<i64>,
        /// Moves the clock by this much.
        #[serde(default)]
        jump_ms: i64,
    },
    /// LIM: refuses a request as too frequent: 50011 over REST, 60014 over WebSocket.
    Lim {
        /// HTTP status: 429, or 200 as OKX also does.
        #[serde(default = "too_many")]
        status: u16,
        /// Value of `Retry-After` in seconds, if any. OKX documents none; gateways send it.
        #[serde(default)]
        retry_after_s: Option<u64>,
    },
    /// Sends the upgrade notice 64008 to the connection and closes it later.
    Notice {
        /// Milliseconds until the close; 60 s as documented, 0 for at once, absent for never.
        #[serde(default = "minute")]
        close_after_ms: Option<u64>,
    },
    /// Ends a private subscription with `channel-conn-count-error` after its ack (class `ack`).
    ConnCountError {
        /// `connCount` to report.
        #[serde(default = "thirty")]
        count: u32,
    },
    /// Sends a frame nobody asked for, after the matching one or (`now`) at once.
    Inject {
        /// The frame.
        payload: Payload,
        /// As a binary frame.
        #[serde(default)]
        binary: bool,
    },
}

const fn ok() -> u16 {
    200
}

const fn too_many() -> u16 {
    429
}

const fn thirty() -> u32 {
    30
}

#[allow(clippy::unnecessary_wraps)] // the type of the field
const fn minute() -> Option<u64> {
    Some(60_000)
}

/// Where a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutAt {
    /// Before the frame is sent; before the request is carried out.
    #[default]
    Before,
    /// After the frame is sent; after the request is carried out but before any answer to it is sent.
    After,
    /// After this many bytes of the frame on the wire, its header included; of the body for REST.
    Byte(usize),
    /// After the first of two fragments of the frame.
    Fragment,
    /// After so many orders of a batch are carried out, before any answer; the others never reach the exchange.
    Item(usize),
}

/// How a connection ends.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutHow {
    /// TCP FIN without a WebSocket close frame.
    #[default]
    Fin,
    /// TCP RST.
    Rst,
    /// A WebSocket close frame, then FIN.
    Close {
        /// 1000-4999, e.g. 4005.
        code: u16,
        /// The words in the frame.
        #[serde(default)]
        reason: String,
    },
}

/// What falls silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MuteScope {
    /// The connection of the first match, until the fault ends or is removed.
    #[default]
    Connection,
    /// The matching frames.
    Matching,
}

/// How a frame is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldHow {
    /// Sent this many milliseconds later; frames behind it overtake it.
    Delay(u64),
    /// Sent when the fault is removed.
    Park,
    /// Never sent.
    Drop,
    /// Sent this many extra times.
    Repeat(usize),
    /// Sent after the next so many frames of its connection.
    Reorder(usize),
}

/// One change to the bytes of a frame or body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Other bytes instead.
    Raw(Payload),
    /// One value replaced by raw text, or a member added: path as in [`splice::find`](crate::splice::find).
    Set {
        /// Keys and indices joined by `/`.
        path: String,
        /// The new text of the value; strings with their quotes.
        raw: String,
    },
    /// One member or element removed.
    Remove {
        /// Keys and indices joined by `/`.
        path: String,
    },
    /// Only the first so many bytes.
    Truncate(usize),
    /// The bytes twice in a row.
    Double,
    /// So many random bits turned over, drawn from the seed of the exchange.
    Flip(u32),
    /// Sent as a binary frame.
    Binary,
    /// Sent in so many fragments.
    Fragments(usize),
    /// Sent compressed, marked as permessage-deflate has it (RFC 7692), though no client was ever granted that.
    Deflate,
    /// Sent gzipped with `Content-Encoding: gzip` (REST).
    Gzip,
    /// Another HTTP status (REST).
    Status(u16),
    /// One more HTTP header (REST).
    Header {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
}

/// What happens to the sequence numbers of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeqHow {
    /// The update is left out, so that the next one does not follow.
    Drop,
    /// The update is sent twice.
    Repeat,
    /// Maintenance reset: the update keeps its `prevSeqId` and gets a `seqId` lower by this much; later ones follow it.
    Lower(i64),
    /// A no-change heartbeat follows the update: no levels, `seqId` = `prevSeqId` = the last one.
    Freeze,
    /// The snapshot is never sent.
    WithholdSnapshot,
    /// The numbers jump ahead by this much with nothing left out; later ones follow the jump.
    Gap(i64),
}
