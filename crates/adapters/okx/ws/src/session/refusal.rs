//! Requests that were refused, or not answered at all.

use okx_common::{
    clock::{NANOS_PER_MILLI, NANOS_PER_SECOND, Now},
    error_code::ErrorCode,
};

use super::{
    Session,
    event::{Event, LinkId, TopicId},
    link::OnLink,
    requests::{Ask, Request, SETTLE_NS, mentions},
    subscribe::PLEASE_LOG_IN,
};
use crate::{
    decode::redacted,
    message::{ConnCount, ErrorEvent},
};

/// Attempts at a topic after refusals that may pass, or no answer.
const RETRIES_MAX: u32 = 5;

/// Waits between these attempts: doubling from the first to the last.
const RETRY_MS: (u64, u64) = (2_000, 60_000);

/// "Requests too frequent": all requests of the link wait for this long.
const THROTTLE_PAUSE_NS: u64 = 5 * NANOS_PER_SECOND;

/// "Requests too frequent".
const TOO_FREQUENT: u32 = 60014;

/// Codes of refusals that may pass: too frequent, internal error.
const PASSING_CODES: [u32; 3] = [TOO_FREQUENT, 60023, 64007];

impl Session {
    /// An `error` event.
    pub(super) fn error_came(&mut self, link: LinkId, error: &ErrorEvent<'_>, now: Now) {
        if self.is_login_error(link, error.code) {
            self.login_answered(link, error.code, &error.msg, now);
            return;
        }
        if error.code.0 == TOO_FREQUENT
            && let Some(link) = self.link_mut(link)
        {
            link.flush_at_ns = link.flush_at_ns.max(now.mono_ns + THROTTLE_PAUSE_NS);
        }
        let msg = redacted(&error.msg);
        let Some(index) = self.request_of(link, error) else {
            let id = error.id.non_empty().map(str::to_owned);
            self.emit(Event::VenueError { id, code: error.code, msg });
            return;
        };
        let request = &self.requests[index];
        let topic = self.only_mentioned(&request.topics, &error.msg);
        match (topic, request.topics.as_slice()) {
            (Some(id), _) | (None, &[id]) => {
                let ask = request.ask;
                let number = request.number;
                self.answered(link, ask, Some(number), id);
                self.turned_down(link, ask, id, error.code, &msg, now);
            }
            _ => {
                let request = &mut self.requests[index];
                request.errors.push((error.code, msg));
                let is_all = request.errors.len() >= request.topics.len();
                request.deadline_ns = if is_all { now.mono_ns } else { now.mono_ns + SETTLE_NS };
            }
        }
    }

    /// The request that an error answers: by its id, by the topic that its words name, or because there is only one.
    fn request_of(&self, link: LinkId, error: &ErrorEvent<'_>) -> Option<usize> {
        if let Some(id) = error.id.non_empty() {
            let number = Request::number_of(id)?;
            return self.requests.iter().position(|r| r.number == number && r.link == link);
        }
        let on_link = || self.requests.iter().enumerate().filter(|(_, r)| r.link == link);
        let mut named = on_link().filter(|(_, r)| self.only_mentioned(&r.topics, &error.msg).is_some());
        if let (Some((index, _)), None) = (named.next(), named.next()) {
            return Some(index);
        }
        let mut all = on_link();
        match (all.next(), all.next()) {
            (Some((index, _)), None) => Some(index),
            _ => None,
        }
    }

    fn only_mentioned(&self, ids: &[TopicId], msg: &str) -> Option<TopicId> {
        let mut named = ids
            .iter()
            .copied()
            .filter(|id| self.topics.get(*id).is_some_and(|slot| mentions(msg, &slot.topic)));
        let first = named.next()?;
        named.next().is_none().then_some(first)
    }

    /// A topic of a request needs no more waiting.
    pub(super) fn answered(&mut self, link: LinkId, ask: Ask, number: Option<u64>, id: TopicId) {
        let fits = |r: &Request| r.link == link && r.ask == ask && number.is_none_or(|n| n == r.number);
        for request in self.requests.iter_mut().filter(|r| fits(r)) {
            request.topics.retain(|t| *t != id);
        }
        self.requests.retain(|r| !r.topics.is_empty());
    }

    /// Requests whose time is up.
    pub(super) fn expire_requests(&mut self, now: Now) {
        while let Some(index) = self.requests.iter().position(|r| now.mono_ns >= r.deadline_ns) {
            let request = self.requests.swap_remove(index);
            if request.errors.is_empty() {
                self.not_answered(&request, now);
            } else {
                self.settle(request, now);
            }
        }
    }

    fn not_answered(&mut self, request: &Request, now: Now) {
        for id in &request.topics {
            match request.ask {
                Ask::Unsubscribe => self.ended(request.link, *id),
                Ask::Subscribe => {
                    self.retry_or_fail(request.link, *id, ErrorCode(0), "OKX did not answer", now)
                }
            }
        }
    }

    /// Errors without a topic: they mean all that are left, or the request was refused as a whole because of some of them.
    fn settle(&mut self, request: Request, now: Now) {
        let Request { link, ask, mut topics, errors, .. } = request;
        let is_whole = errors.len() >= topics.len() || ask == Ask::Unsubscribe;
        if is_whole {
            for (i, id) in topics.into_iter().enumerate() {
                let (code, msg) = &errors[i.min(errors.len() - 1)];
                self.turned_down(link, ask, id, *code, msg, now);
            }
            return;
        }
        let rest = topics.split_off(topics.len() / 2);
        self.send_again(link, topics, now);
        self.send_again(link, rest, now);
    }

    fn turned_down(&mut self, link: LinkId, ask: Ask, id: TopicId, code: ErrorCode, msg: &str, now: Now) {
        if ask == Ask::Unsubscribe {
            // Not subscribed, most likely; then it is what was wanted.
            self.ended(link, id);
            return;
        }
        let may_log_in = code.0 == PLEASE_LOG_IN && self.relogin(link);
        if may_log_in && let Some(link) = self.link_mut(link) {
            link.set_state(id, OnLink::Absent);
            link.mark_dirty();
        } else if PASSING_CODES.contains(&code.0) {
            self.retry_or_fail(link, id, code, msg, now);
        } else {
            self.fail(link, id, code, msg);
        }
    }

    fn retry_or_fail(&mut self, link: LinkId, id: TopicId, code: ErrorCode, msg: &str, now: Now) {
        let wait_ms = |retries: u32| (RETRY_MS.0 << retries.min(10)).min(RETRY_MS.1);
        let Some(slot) = self.topics.get_mut(id) else { return };
        if slot.retries >= RETRIES_MAX {
            slot.retries = 0;
            self.fail(link, id, code, msg);
            return;
        }
        let nominal_ms = wait_ms(slot.retries);
        slot.retries += 1;
        slot.last_error = Some((code, msg.to_owned()));
        slot.not_before_ns = now.mono_ns + self.rng.between(nominal_ms / 2, nominal_ms) * NANOS_PER_MILLI;
        if let Some(link) = self.link_mut(link) {
            link.set_state(id, OnLink::Absent);
            link.mark_dirty();
        }
        self.remove_if_gone(id);
    }

    /// A topic cannot be had. One that never worked is forgotten, so that nobody waits for it; one that did is tried again on the
    /// next link.
    pub(super) fn fail(&mut self, link: LinkId, id: TopicId, code: ErrorCode, msg: &str) {
        if let Some(link) = self.link_mut(link) {
            link.set_state(id, OnLink::Refused);
        }
        let Some(slot) = self.topics.get_mut(id) else { return };
        let forgotten = !slot.was_active;
        let topic = slot.topic.clone();
        if slot.owner == Some(link) {
            slot.owner = None;
        }
        slot.refused = slot.owner.is_none();
        let is_wanted = slot.wanted;
        if forgotten {
            for link in &mut self.links {
                link.set_state(id, OnLink::Absent);
            }
            self.topics.remove(id);
        }
        if is_wanted {
            self.emit(Event::SubscribeFailed { topic, code, msg: msg.to_owned(), forgotten });
        } else if forgotten {
            self.emit(Event::Unsubscribed { topic });
        }
    }

    /// The login is refused for good: so is all that needs it.
    pub(super) fn refuse_topics_that_need_login(&mut self, link: LinkId, code: ErrorCode, msg: &str) {
        let needing: Vec<_> = self
            .topics
            .iter()
            .filter(|(_, slot)| slot.wanted && slot.topic.needs_login())
            .map(|(id, _)| id)
            .collect();
        for id in needing {
            self.fail(link, id, code, msg);
        }
    }

    /// How many connections hold a private channel; one too many ends the subscription.
    pub(super) fn conn_count_came(&mut self, link: LinkId, count: &ConnCount<'_>) {
        let channel = count.channel.to_string();
        if !count.exceeded {
            self.emit(Event::ConnCount { channel, count: count.count });
            return;
        }
        let ended: Vec<_> = self
            .topics
            .iter()
            .filter(|(_, s)| s.topic.channel.to_string() == channel)
            .map(|(id, _)| id)
            .collect();
        let msg = format!(
            "OKX ended the subscription: {} connections of this account hold {channel}, which is too many; close some",
            count.count.map_or_else(|| "too many".to_owned(), |n| n.to_string())
        );
        self.emit(Event::ConnCountError { channel, count: count.count });
        for id in ended {
            self.fail(link, id, ErrorCode(0), &msg);
        }
    }
}
