//! One physical connection.

use std::collections::VecDeque;

use okx_common::clock::{NANOS_PER_MILLI, NANOS_PER_SECOND};

use super::event::{LinkId, TopicId};

/// Requests (subscribe, unsubscribe, login) that OKX accepts on a connection in an hour (reference: "WebSocket limits"), less a few
/// because OKX counts by its own clock.
const OPS_PER_HOUR: usize = 470;

/// The window of [`OPS_PER_HOUR`].
const OPS_WINDOW_NS: u64 = 3_600 * NANOS_PER_SECOND;

/// As long as less than half of the budget is used, requests are collected for this long, so that subscriptions made one after
/// the other share a message.
const COLLECT_NS: u64 = 50 * NANOS_PER_MILLI;

/// From half of the budget on, messages are spread evenly over the hour.
const SPREAD_NS: u64 = OPS_WINDOW_NS / OPS_PER_HOUR as u64;

/// What a link is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Being opened, until this time.
    Connecting { deadline_ns: u64 },
    /// Open since this time.
    Open { since_ns: u64 },
}

/// Where the login stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Login {
    /// Not sent.
    No,
    /// Sent, to be answered by this time.
    Sent { deadline_ns: u64 },
    /// Logged in.
    Done,
    /// Refused for good.
    Refused,
}

/// What the link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The link.
    Primary,
    /// Opened because OKX announced to close the primary one.
    Replacement,
}

/// A topic on one link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum OnLink {
    /// Not subscribed.
    #[default]
    Absent,
    /// Asked for.
    SubSent,
    /// Acknowledged.
    Active,
    /// To be subscribed anew: `unsubscribe` must be sent.
    Renew,
    /// `unsubscribe` is sent.
    UnsubSent,
    /// Refused.
    Refused,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Link {
    pub id: LinkId,
    pub role: Role,
    pub phase: Phase,
    pub login: Login,
    /// Logins sent beyond the first one.
    pub relogins: u32,
    /// When the last frame came.
    pub last_in_ns: u64,
    /// When the `ping` was sent that is not answered yet.
    pub ping_sent_ns: Option<u64>,
    /// OKX announced the end of this link.
    pub is_leaving: bool,
    /// Subscriptions may be missing or superfluous.
    pub is_dirty: bool,
    /// When to look for subscriptions to send.
    pub flush_at_ns: u64,
    /// OKX's name for the connection, once a message has told it.
    pub conn_id: Option<Box<str>>,
    topics: Vec<OnLink>,
    ops: VecDeque<u64>,
}

impl Link {
    pub const fn new(id: LinkId, role: Role, deadline_ns: u64) -> Self {
        Self {
            id,
            role,
            phase: Phase::Connecting { deadline_ns },
            login: Login::No,
            relogins: 0,
            last_in_ns: 0,
            ping_sent_ns: None,
            is_leaving: false,
            is_dirty: true,
            flush_at_ns: 0,
            conn_id: None,
            topics: Vec::new(),
            ops: VecDeque::new(),
        }
    }

    pub const fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Open { .. })
    }

    #[inline]
    pub fn state(&self, id: TopicId) -> OnLink {
        self.topics.get(id.0 as usize).copied().unwrap_or_default()
    }

    pub fn set_state(&mut self, id: TopicId, state: OnLink) {
        let index = id.0 as usize;
        if index >= self.topics.len() {
            self.topics.resize(index + 1, OnLink::Absent);
        }
        self.topics[index] = state;
    }

    /// Whether any topic is subscribed, or being so.
    pub fn has_topics(&self) -> bool {
        self.topics.iter().any(|state| !matches!(state, OnLink::Absent | OnLink::Refused))
    }

    /// Asks for a look at the subscriptions.
    pub fn mark_dirty(&mut self) {
        self.is_dirty = true;
    }

    /// Notes a request, and from when on the next ones may go.
    pub fn note_op(&mut self, now_ns: u64) {
        self.ops.push_back(now_ns);
        while self.ops.front().is_some_and(|at| at + OPS_WINDOW_NS <= now_ns) {
            self.ops.pop_front();
        }
        let gap = if self.ops.len() < OPS_PER_HOUR / 2 { COLLECT_NS } else { SPREAD_NS };
        self.flush_at_ns = self.flush_at_ns.max(now_ns + gap);
    }

    /// Whether one more request fits the budget; else from when on.
    pub fn op_allowed(&self, now_ns: u64) -> Result<(), u64> {
        let used = self.ops.iter().filter(|at| **at + OPS_WINDOW_NS > now_ns).count();
        if used < OPS_PER_HOUR {
            return Ok(());
        }
        Err(self.ops.iter().find(|at| **at + OPS_WINDOW_NS > now_ns).map_or(now_ns, |at| at + OPS_WINDOW_NS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_of_an_hour_holds_in_every_window() {
        let mut link = Link::new(LinkId(1), Role::Primary, 0);
        let mut sent = Vec::new();
        let mut now = 0;
        while now < 3 * OPS_WINDOW_NS {
            if now >= link.flush_at_ns && link.op_allowed(now).is_ok() {
                link.note_op(now);
                sent.push(now);
            }
            now += 40 * NANOS_PER_MILLI;
        }
        let busiest = sent
            .iter()
            .map(|from| sent.iter().filter(|at| (*from..from + OPS_WINDOW_NS).contains(at)).count())
            .max();
        assert!(busiest.is_some_and(|n| n <= 480), "{busiest:?}");
        assert!(sent.len() > 1_000, "{}", sent.len());
    }
}
