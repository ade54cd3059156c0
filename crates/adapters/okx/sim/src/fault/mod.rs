//! Faults as data: what goes wrong, on which frame or request, and how often.
//!
//! The same [`Fault`] works in the pure [`Exchange`](crate::Exchange) and over `POST /control/fault`. One fault is a target,
//! a condition and an action; the codes of the acceptance text (CUT, MUTE, HOLD, EDIT, REPLY, SEQ, TIME, LIM) are the
//! actions of the same names.

mod action;
mod armed;
mod payload;
mod target;
mod when;

pub use action::{Action, Change, CutAt, CutHow, HoldHow, MuteScope, SeqHow};
pub use armed::{FaultReport, Faults, Fired};
pub use payload::Payload;
pub use target::{Class, Subject, Target};
pub use when::When;

use serde::{Deserialize, Serialize};

/// Names a fault that was put in place: counts from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FaultId(pub u64);

/// One thing that goes wrong.
///
/// ```
/// use okx_sim::Fault;
/// // Drop the connection in the middle of the third book update of BTC-USDT.
/// let fault: Fault = serde_json::from_str(r#"{
///     "on": {"class": "update", "channel": "books", "instId": "BTC-USDT"},
///     "when": {"skip": 2, "count": 1},
///     "what": {"kind": "cut", "at": {"byte": 40}, "how": "rst"}
/// }"#).unwrap();
/// assert_eq!(fault.when.skip, 2);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// A name for reports; may be empty.
    #[serde(default)]
    pub name: String,
    /// What it applies to; everything by default.
    #[serde(default)]
    pub on: Target,
    /// On which of the matches it acts; on all by default.
    #[serde(default)]
    pub when: When,
    /// What happens.
    pub what: Action,
}

impl Fault {
    /// A fault that acts on every frame or request of the class.
    #[must_use]
    pub fn new(class: Class, what: Action) -> Self {
        Self {
            name: String::new(),
            on: Target { class: Some(class), ..Target::default() },
            when: When::default(),
            what,
        }
    }

    /// A fault that acts at once, on all connections.
    #[must_use]
    pub fn now(what: Action) -> Self {
        Self { name: String::new(), on: Target::default(), when: When { now: true, ..When::default() }, what }
    }

    /// Acts on one match only.
    #[must_use]
    pub fn once(mut self) -> Self {
        self.when.count = Some(1);
        self
    }

    /// Lets the first `n` matches pass.
    #[must_use]
    pub fn skip(mut self, n: u64) -> Self {
        self.when.skip = n;
        self
    }

    /// Acts on frames of this channel only; a trailing `*` stands for any rest.
    #[must_use]
    pub fn channel(mut self, channel: &str) -> Self {
        self.on.channel = Some(channel.to_owned());
        self
    }

    /// Acts on frames of this instrument only.
    #[must_use]
    pub fn inst_id(mut self, inst_id: &str) -> Self {
        self.on.inst_id = Some(inst_id.to_owned());
        self
    }

    /// Acts on requests with this `op`, and on their replies, only.
    #[must_use]
    pub fn op(mut self, op: &str) -> Self {
        self.on.op = Some(op.to_owned());
        self
    }

    /// Acts on requests of this REST path only, without `/api/v5`; a trailing `*` stands for any rest.
    #[must_use]
    pub fn path(mut self, path: &str) -> Self {
        self.on.path = Some(path.to_owned());
        self
    }
}
