//! Opening, losing and replacing links.

use okx_common::{
    clock::{NANOS_PER_MILLI, NANOS_PER_SECOND, Now},
    error_code::lookup_close,
};

use super::{
    Session,
    event::{DisconnectReason, Event, LinkId, Output},
    link::{Link, OnLink, Phase, Role},
};

/// DNS, TCP, TLS and upgrade together; far beyond what they take when they work.
const CONNECT_WAIT_NS: u64 = 15 * NANOS_PER_SECOND;

/// The smallest subscribe message after OKX found one too long (close code 1009).
const ARGS_BYTES_FLOOR: usize = 4 * 1024;

/// Close codes after which an immediate return would be refused again: login failed, too many subscriptions of the key, key changed,
/// too many channels.
const SLOW_CLOSE_CODES: [u16; 5] = [4001, 4003, 4007, 4008, 4009];

/// The close code for a message that is too long.
const CLOSE_TOO_LONG: u16 = 1009;

/// The close code for a link without data.
const CLOSE_NO_DATA: u16 = 4004;

impl Session {
    pub(super) fn open(&mut self, now: Now) {
        self.is_open = true;
        self.is_halted = false;
        self.login_failures = 0;
        if self.links.is_empty() {
            self.backoff.reset();
            self.connect_at_ns = now.mono_ns;
        }
    }

    pub(super) fn close(&mut self) {
        self.is_open = false;
        self.is_halted = true;
        for id in self.link_ids() {
            self.drop_link(id, DisconnectReason::Closed, Some("closed by the user"));
        }
    }

    pub(super) fn link_ids(&self) -> Vec<LinkId> {
        self.links.iter().map(|l| l.id).collect()
    }

    /// Whether there should be a link.
    fn wants_link(&self) -> bool {
        !self.is_halted && (self.is_open || self.topics.wanted() > 0)
    }

    /// When the next attempt to connect is due.
    pub(super) fn connect_timeout(&self) -> Option<u64> {
        self.missing_role().map(|_| self.connect_at_ns)
    }

    /// The link that should be there and is not.
    fn missing_role(&self) -> Option<Role> {
        if !self.wants_link() {
            return None;
        }
        match (self.by_role(Role::Primary), self.by_role(Role::Replacement)) {
            (None, _) => Some(Role::Primary),
            (Some(primary), None) if primary.is_leaving => Some(Role::Replacement),
            _ => None,
        }
    }

    /// Opens the link that is missing, when it is time and the budget allows it; closes the one that nobody needs.
    pub(super) fn ensure_links(&mut self, now: Now) {
        if !self.wants_link() {
            for link in self.link_ids() {
                let is_idle = self.link_of(link).is_some_and(|l| !l.has_topics());
                if is_idle {
                    self.drop_link(link, DisconnectReason::Idle, Some("nothing is subscribed"));
                }
            }
            return;
        }
        let Some(role) = self.missing_role() else { return };
        if now.mono_ns < self.connect_at_ns {
            return;
        }
        if let Err(at) = self.config.connects.try_take(now.mono_ns) {
            self.connect_at_ns = at;
            return;
        }
        self.next_link += 1;
        let id = LinkId(self.next_link);
        self.links.push(Link::new(id, role, now.mono_ns + CONNECT_WAIT_NS));
        self.outputs.push_back(Output::Connect(id));
    }

    pub(super) fn connected(&mut self, id: LinkId, now: Now) {
        let Some(link) = self.link_mut(id) else {
            // Given up meanwhile.
            self.outputs.push_back(Output::Close(id, "no longer wanted"));
            return;
        };
        link.phase = Phase::Open { since_ns: now.mono_ns };
        link.last_in_ns = now.mono_ns;
        link.mark_dirty();
        link.flush_at_ns = now.mono_ns;
        self.emit(Event::Connected { link: id });
    }

    pub(super) fn connect_failed(&mut self, id: LinkId, reason: &str, now: Now) {
        if self.link_of(id).is_none() {
            return;
        }
        self.links.retain(|l| l.id != id);
        self.emit(Event::ConnectFailed { reason: reason.to_owned() });
        self.schedule_connect(now);
    }

    pub(super) fn connect_timed_out(&mut self, id: LinkId, now: Now) {
        self.outputs.push_back(Output::Close(id, "connecting took too long"));
        let seconds = CONNECT_WAIT_NS / NANOS_PER_SECOND;
        self.connect_failed(
            id,
            &format!("no connection within {seconds} s; check network, proxy and address"),
            now,
        );
    }

    /// An open link has ended by itself.
    pub(super) fn lost(&mut self, id: LinkId, code: Option<u16>, words: &str, now: Now) {
        let Some(link) = self.link_of(id) else { return };
        if !link.is_open() {
            self.connect_failed(id, words, now);
            return;
        }
        self.forgive(id, now);
        let words = match code.and_then(lookup_close) {
            Some(info) if words.is_empty() => info.meaning.to_owned(),
            _ => words.to_owned(),
        };
        self.drop_link(id, DisconnectReason::Lost { code, words }, None);
        self.judge_close_code(code);
        if code == Some(CLOSE_NO_DATA) && self.topics.wanted() == 0 {
            // Nothing was subscribed, so the next link would end the same way.
            self.is_open = false;
        }
        self.schedule_connect(now);
    }

    fn judge_close_code(&mut self, code: Option<u16>) {
        let Some(code) = code else { return };
        if code == CLOSE_TOO_LONG {
            self.args_bytes_max = (self.args_bytes_max / 2).max(ARGS_BYTES_FLOOR);
        }
        if SLOW_CLOSE_CODES.contains(&code) {
            self.backoff.be_slow();
            let info = lookup_close(code);
            let (meaning, advice) = info.map_or(("", ""), |i| (i.meaning, i.advice));
            self.emit(Event::Degraded {
                reason: format!("OKX closed the connection with {code}, {meaning}: {advice}"),
            });
        }
    }

    /// Ends a link for a reason of our own.
    pub(super) fn abandon(&mut self, id: LinkId, reason: DisconnectReason, now: Now) {
        self.forgive(id, now);
        self.drop_link(id, reason, Some("given up"));
        self.schedule_connect(now);
    }

    fn forgive(&mut self, id: LinkId, now: Now) {
        if let Some(Phase::Open { since_ns }) = self.link_of(id).map(|l| l.phase) {
            self.backoff.forgive(now.mono_ns.saturating_sub(since_ns));
        }
    }

    fn schedule_connect(&mut self, now: Now) {
        if self.missing_role().is_none() {
            return;
        }
        let (attempt, delay_ms) = self.backoff.next(&mut *self.rng);
        self.connect_at_ns = now.mono_ns + delay_ms * NANOS_PER_MILLI;
        self.emit(Event::Reconnecting { attempt, delay_ms });
    }

    /// Forgets a link and what was known of it; its replacement takes over.
    pub(super) fn drop_link(&mut self, id: LinkId, reason: DisconnectReason, close: Option<&'static str>) {
        let Some(link) = self.link_of(id) else { return };
        let was_open = link.is_open();
        let role = link.role;
        self.links.retain(|l| l.id != id);
        self.requests.retain(|r| r.link != id);
        if let Some(words) = close {
            self.outputs.push_back(Output::Close(id, words));
        }
        if was_open {
            self.emit(Event::Disconnected { link: id, reason });
        }
        if role == Role::Primary {
            self.promote_replacement();
        } else {
            self.handover_at_ns = None;
        }
        self.release_topics(id);
    }

    fn promote_replacement(&mut self) {
        self.handover_at_ns = None;
        if let Some(link) = self.links.iter_mut().find(|l| l.role == Role::Replacement) {
            link.role = Role::Primary;
        }
    }

    /// Topics lose a link: those that nobody wants are gone, the others wait for the next one.
    fn release_topics(&mut self, lost: LinkId) {
        let is_last = self.links.is_empty();
        let ids: Vec<_> = self.topics.ids().collect();
        for id in ids {
            let elsewhere = self.links.iter().any(|l| l.state(id) != OnLink::Absent);
            let Some(slot) = self.topics.get_mut(id) else { continue };
            if slot.owner == Some(lost) {
                slot.owner = None;
            }
            if is_last {
                slot.refused = false;
                slot.not_before_ns = 0;
            }
            if !slot.wanted
                && !elsewhere
                && let Some(topic) = self.topics.remove(id)
            {
                self.emit(Event::Unsubscribed { topic });
            }
        }
    }
}
