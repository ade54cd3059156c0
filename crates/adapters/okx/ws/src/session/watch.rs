//! Heartbeats of links and silence of topics.

use bytes::Bytes;
use okx_common::clock::{NANOS_PER_SECOND, Now};

use super::{
    Session,
    event::{DisconnectReason, Event, Output, TopicId},
    link::{Link, Login, OnLink, Phase, Role},
    topics::Slot,
};
use crate::channel::Channel;

/// A link that was silent for this long is asked with `ping`; OKX wants less than 30 s.
pub const PING_IDLE_NS: u64 = 15 * NANOS_PER_SECOND;

/// How long anything, `pong` or data, may take after a `ping`. With [`PING_IDLE_NS`] a half-open link is found in 25 s.
pub const PONG_WAIT_NS: u64 = 10 * NANOS_PER_SECOND;

/// How often topics are looked at.
const SWEEP_NS: u64 = 5 * NANOS_PER_SECOND;

/// How long the first push of a book may take after its subscription took effect.
const FIRST_PUSH_NS: u64 = 10 * NANOS_PER_SECOND;

/// How often the patience with a silent topic doubles.
const STALE_DOUBLINGS_MAX: u32 = 6;

/// How long the topics of a leaving link may go without a push on its replacement, once all are acknowledged there.
const HANDOVER_OVERLAP_NS: u64 = 2 * NANOS_PER_SECOND;

/// How long a channel may be silent: a good deal more than the interval at which OKX pushes at the latest.
const fn silence_limit_ns(channel: Channel) -> Option<u64> {
    match channel {
        // A heartbeat every 60 s.
        Channel::Books | Channel::BooksL2Tbt | Channel::Books50L2Tbt | Channel::BooksRpi => {
            Some(75 * NANOS_PER_SECOND)
        }
        // At least every 10 s.
        Channel::MarkPrice => Some(45 * NANOS_PER_SECOND),
        // At least every 60 s.
        Channel::IndexTickers => Some(150 * NANOS_PER_SECOND),
        _ => None,
    }
}

/// How long this topic may be silent from its last push (or its subscription) on.
fn patience_ns(slot: &Slot) -> Option<u64> {
    let limit = if slot.topic.channel.is_book() && !slot.has_pushed {
        FIRST_PUSH_NS
    } else {
        silence_limit_ns(slot.topic.channel)?
    };
    Some(limit << slot.stale_rounds.min(STALE_DOUBLINGS_MAX))
}

impl Session {
    /// When a link needs attention.
    pub(super) fn link_timeout(&self, link: &Link) -> Option<u64> {
        if let Phase::Connecting { deadline_ns } = link.phase {
            return Some(deadline_ns);
        }
        let beat = link.ping_sent_ns.map_or(link.last_in_ns + PING_IDLE_NS, |at| at + PONG_WAIT_NS);
        let login = match link.login {
            Login::Sent { deadline_ns } => deadline_ns,
            _ => u64::MAX,
        };
        let flush = if link.is_dirty && self.login_is_settled(link) { link.flush_at_ns } else { u64::MAX };
        Some(beat.min(login).min(flush))
    }

    pub(super) fn watch_links(&mut self, now: Now) {
        for id in self.link_ids() {
            let Some(link) = self.link_of(id) else { continue };
            match link.phase {
                Phase::Connecting { deadline_ns } if now.mono_ns >= deadline_ns => {
                    self.connect_timed_out(id, now)
                }
                Phase::Connecting { .. } => {}
                Phase::Open { .. } => {
                    if matches!(link.login, Login::Sent { deadline_ns } if now.mono_ns >= deadline_ns) {
                        self.login_timed_out(id, now);
                    } else {
                        self.beat(id, now);
                    }
                }
            }
        }
    }

    fn beat(&mut self, id: super::LinkId, now: Now) {
        let Some(link) = self.link_mut(id) else { return };
        match link.ping_sent_ns {
            Some(at) if now.mono_ns >= at + PONG_WAIT_NS => self.abandon(id, DisconnectReason::NoPong, now),
            None if now.mono_ns >= link.last_in_ns + PING_IDLE_NS => {
                link.ping_sent_ns = Some(now.mono_ns);
                self.outputs.push_back(Output::Transmit(id, Bytes::from_static(b"ping")));
            }
            _ => {}
        }
    }

    pub(super) fn watch_topics(&mut self, now: Now) {
        if self.sweep_at_ns == u64::MAX && self.topics.wanted() > 0 {
            self.sweep_at_ns = now.mono_ns + SWEEP_NS;
        }
        if now.mono_ns < self.sweep_at_ns {
            return;
        }
        self.sweep_at_ns = if self.topics.wanted() > 0 { now.mono_ns + SWEEP_NS } else { u64::MAX };
        let Some(primary) = self.by_role(Role::Primary).filter(|l| l.is_open()) else { return };
        let is_silent = |(id, slot): &(TopicId, &Slot)| {
            slot.wanted
                && primary.state(*id) == OnLink::Active
                && patience_ns(slot).is_some_and(|p| now.mono_ns >= slot.last_push_ns.saturating_add(p))
        };
        let silent: Vec<_> = self.topics.iter().filter(is_silent).map(|(id, _)| id).collect();
        for id in silent {
            let Some(slot) = self.topics.get_mut(id) else { continue };
            slot.stale_rounds = slot.stale_rounds.saturating_add(1);
            let silent_ms = (now.mono_ns - slot.last_push_ns) / 1_000_000;
            let topic = slot.topic.clone();
            self.emit(Event::Stale { topic, silent_ms });
            self.renew(id);
        }
    }

    /// Closes a leaving link once all its topics are served by the replacement.
    pub(super) fn finish_handover(&mut self, now: Now) {
        let Some(replacement) = self.by_role(Role::Replacement).filter(|l| l.is_open()) else { return };
        let (new, settled) = (replacement.id, self.login_is_settled(replacement));
        let is_done = settled
            && self
                .topics
                .iter()
                .filter(|(_, slot)| slot.wanted && !slot.refused)
                .all(|(id, _)| matches!(replacement.state(id), OnLink::Active | OnLink::Refused));
        if !is_done {
            // A topic that is being renewed meanwhile starts the overlap anew; a deadline left behind would fire without end.
            self.handover_at_ns = None;
            return;
        }
        let at = *self.handover_at_ns.get_or_insert(now.mono_ns + HANDOVER_OVERLAP_NS);
        let all_moved =
            self.topics.iter().all(|(_, slot)| !slot.wanted || slot.refused || slot.owner == Some(new));
        let Some(old) = self.by_role(Role::Primary).map(|l| l.id) else { return };
        if !all_moved && now.mono_ns < at {
            return;
        }
        let waiting: Vec<_> =
            self.topics.iter().filter(|(_, s)| s.owner == Some(old)).map(|(id, _)| id).collect();
        for id in waiting {
            self.adopt(id, new, now);
            self.announce(id);
        }
        self.drop_link(old, DisconnectReason::Replaced, Some("replaced"));
    }
}
