//! Making the subscriptions at OKX those that are wanted.

use bytes::Bytes;
use okx_common::{
    clock::Now,
    error_code::{ErrorCode, lookup},
};

use super::{
    Session,
    event::{Event, Generation, LinkId, Output, TopicId},
    link::{Login, OnLink},
    requests::{ACK_WAIT_NS, Ask, Request},
    topics::TOPICS_MAX,
};
use crate::{
    message::{Ack, AckKind},
    topic::Topic,
};

/// Bytes of `args` in one request. OKX refuses more than 64 KB; the rest is room for the frame around them.
pub const ARGS_BYTES_MAX: usize = 60 * 1024;

/// "Please log in".
pub(super) const PLEASE_LOG_IN: u32 = 60011;

/// "Wrong URL or channel".
const WRONG_URL: u32 = 60018;

impl Session {
    pub(super) fn subscribe(&mut self, topics: &[Topic], now: Now) {
        for topic in topics {
            if topic.url_kind() != self.config.url_kind {
                let msg = format!("{topic} is served by the {} URL", topic.url_kind());
                self.refused_here(topic, WRONG_URL, msg);
            } else if topic.needs_login() && self.config.credentials.is_none() {
                self.refused_here(
                    topic,
                    PLEASE_LOG_IN,
                    format!("{topic} needs API keys, and none are configured"),
                );
            } else if self.topics.want(topic).is_none() {
                self.refused_here(topic, 0, format!("more than {TOPICS_MAX} topics on one connection"));
            }
        }
        self.mark_dirty();
        if self.links.is_empty() && self.connect_at_ns < now.mono_ns {
            self.connect_at_ns = now.mono_ns;
        }
    }

    /// Refused without asking OKX.
    fn refused_here(&mut self, topic: &Topic, code: u32, msg: String) {
        let code = ErrorCode(code);
        let msg = lookup(code.0).map_or(msg.clone(), |info| format!("{msg}: {}", info.advice));
        self.emit(Event::SubscribeFailed { topic: topic.clone(), code, msg, forgotten: true });
    }

    pub(super) fn unsubscribe(&mut self, topics: &[Topic]) {
        for topic in topics {
            let Some(id) = self.topics.find_key(topic.key()) else { continue };
            self.topics.unwant(id);
            self.remove_if_gone(id);
        }
        self.mark_dirty();
    }

    pub(super) fn resubscribe(&mut self, topics: &[Topic]) {
        for topic in topics {
            if let Some(id) = self.topic_id(topic) {
                self.renew(id);
            }
        }
    }

    /// Subscribes a topic anew; what still comes of the old subscription is dropped.
    pub(super) fn renew(&mut self, id: TopicId) {
        for link in &mut self.links {
            match link.state(id) {
                OnLink::Active => link.set_state(id, OnLink::Renew),
                OnLink::Refused => link.set_state(id, OnLink::Absent),
                OnLink::Absent | OnLink::SubSent | OnLink::Renew | OnLink::UnsubSent => continue,
            }
            link.mark_dirty();
        }
        if let Some(slot) = self.topics.get_mut(id) {
            slot.owner = None;
            slot.refused = false;
        }
    }

    pub(super) fn mark_dirty(&mut self) {
        for link in &mut self.links {
            link.mark_dirty();
        }
    }

    /// Frees a topic that is neither wanted nor subscribed anywhere.
    pub(super) fn remove_if_gone(&mut self, id: TopicId) {
        let is_wanted = self.topics.get(id).is_none_or(|slot| slot.wanted);
        let is_somewhere =
            self.links.iter().any(|l| !matches!(l.state(id), OnLink::Absent | OnLink::Refused));
        if is_wanted || is_somewhere {
            return;
        }
        for link in &mut self.links {
            link.set_state(id, OnLink::Absent);
        }
        if let Some(topic) = self.topics.remove(id) {
            self.emit(Event::Unsubscribed { topic });
        }
    }

    /// Sends what is missing and takes back what is superfluous.
    pub(super) fn flush(&mut self, now: Now) {
        for id in self.link_ids() {
            let is_due = self.link_of(id).is_some_and(|l| {
                l.is_open() && l.is_dirty && now.mono_ns >= l.flush_at_ns && self.login_is_settled(l)
            });
            if is_due {
                self.flush_link(id, now);
            }
        }
    }

    fn flush_link(&mut self, link_id: LinkId, now: Now) {
        let Some(link) = self.link_mut(link_id) else { return };
        link.is_dirty = false;
        let (drop, add) = self.differences(link_id, now);
        let is_sent = self.send_in_batches(link_id, Ask::Unsubscribe, drop, now)
            && self.send_in_batches(link_id, Ask::Subscribe, add, now);
        if !is_sent && let Some(link) = self.link_mut(link_id) {
            link.is_dirty = true;
            link.flush_at_ns = link.op_allowed(now.mono_ns).err().unwrap_or(link.flush_at_ns);
        }
    }

    /// The topics to unsubscribe and to subscribe on a link now.
    fn differences(&mut self, link_id: LinkId, now: Now) -> (Vec<TopicId>, Vec<TopicId>) {
        let Some(link) = self.links.iter_mut().find(|l| l.id == link_id) else { return Default::default() };
        let (mut drop, mut add) = (Vec::new(), Vec::new());
        let mut later: Option<u64> = None;
        for (id, slot) in self.topics.iter() {
            match link.state(id) {
                OnLink::Renew => drop.push(id),
                OnLink::Active | OnLink::SubSent if !slot.wanted => drop.push(id),
                OnLink::Absent if slot.wanted && !slot.refused => {
                    if slot.topic.needs_login() && link.login != Login::Done {
                        // Asked for again when the login is answered.
                    } else if now.mono_ns < slot.not_before_ns {
                        later = Some(later.map_or(slot.not_before_ns, |at| at.min(slot.not_before_ns)));
                    } else {
                        add.push(id);
                    }
                }
                _ => {}
            }
        }
        if let Some(at) = later {
            link.is_dirty = true;
            link.flush_at_ns = link.flush_at_ns.max(at);
        }
        (drop, add)
    }

    /// Sends the topics in as few requests as their size allows; false if the budget of requests is used up.
    fn send_in_batches(&mut self, link: LinkId, ask: Ask, ids: Vec<TopicId>, now: Now) -> bool {
        let mut batch = Vec::new();
        let mut args = String::new();
        for id in ids {
            let Some(arg) = self.topics.get(id).map(|slot| slot.topic.to_arg()) else { continue };
            let is_full = !args.is_empty() && args.len() + arg.len() + 1 > self.args_bytes_max;
            if is_full && !self.send(link, ask, std::mem::take(&mut batch), &std::mem::take(&mut args), now) {
                return false;
            }
            if !args.is_empty() {
                args.push(',');
            }
            args.push_str(&arg);
            batch.push(id);
        }
        batch.is_empty() || self.send(link, ask, batch, &args, now)
    }

    /// Sends a request again for some of its topics.
    pub(super) fn send_again(&mut self, link: LinkId, ids: Vec<TopicId>, now: Now) {
        for id in &ids {
            if let Some(link) = self.link_mut(link) {
                link.set_state(*id, OnLink::Absent);
            }
        }
        if !self.send_in_batches(link, Ask::Subscribe, ids, now) {
            self.mark_dirty();
        }
    }

    fn send(&mut self, link_id: LinkId, ask: Ask, ids: Vec<TopicId>, args: &str, now: Now) -> bool {
        let number = self.next_request + 1;
        let Some(link) = self.link_mut(link_id) else { return true };
        if link.op_allowed(now.mono_ns).is_err() {
            return false;
        }
        link.note_op(now.mono_ns);
        let (op, state) = match ask {
            Ask::Subscribe => ("subscribe", OnLink::SubSent),
            Ask::Unsubscribe => ("unsubscribe", OnLink::UnsubSent),
        };
        for id in &ids {
            link.set_state(*id, state);
        }
        self.next_request = number;
        if ask == Ask::Unsubscribe {
            for id in &ids {
                self.disown(*id, link_id);
            }
        }
        let text = format!(r#"{{"id":"{}","op":"{op}","args":[{args}]}}"#, Request::id(number));
        self.outputs.push_back(Output::Transmit(link_id, Bytes::from(text)));
        let deadline_ns = now.mono_ns + ACK_WAIT_NS;
        self.requests.push(Request {
            number,
            link: link_id,
            ask,
            topics: ids,
            errors: Vec::new(),
            deadline_ns,
        });
        true
    }

    fn disown(&mut self, id: TopicId, link: LinkId) {
        if let Some(slot) = self.topics.get_mut(id)
            && slot.owner == Some(link)
        {
            slot.owner = None;
        }
    }

    /// A subscription or its end was acknowledged.
    pub(super) fn acknowledged(&mut self, link_id: LinkId, ack: &Ack<'_>, now: Now) {
        let Some(id) = self.topics.find_arg(&ack.arg) else { return };
        let ask = match ack.kind {
            AckKind::Subscribe => Ask::Subscribe,
            AckKind::Unsubscribe => Ask::Unsubscribe,
        };
        self.answered(link_id, ask, Request::number_of(&ack.id), id);
        let Some(link) = self.link_mut(link_id) else { return };
        match (ask, link.state(id)) {
            (Ask::Subscribe, OnLink::SubSent) => {
                link.set_state(id, OnLink::Active);
                self.took_effect(link_id, id, now);
            }
            (Ask::Unsubscribe, OnLink::UnsubSent) => self.ended(link_id, id),
            // Late, or repeated.
            _ => {}
        }
    }

    fn took_effect(&mut self, link: LinkId, id: TopicId, now: Now) {
        let Some(slot) = self.topics.get_mut(id) else { return };
        slot.was_active = true;
        slot.retries = 0;
        slot.last_error = None;
        let owner = slot.owner;
        if owner.is_none() {
            self.adopt(id, link, now);
        }
        if owner.is_none() || owner == Some(link) {
            self.announce(id);
        }
    }

    /// A topic is not subscribed on the link any more.
    pub(super) fn ended(&mut self, link_id: LinkId, id: TopicId) {
        if let Some(link) = self.link_mut(link_id) {
            link.set_state(id, OnLink::Absent);
            link.mark_dirty();
        }
        self.remove_if_gone(id);
    }

    /// From now on the pushes of this link count, as a new generation.
    pub(super) fn adopt(&mut self, id: TopicId, link: LinkId, now: Now) {
        self.next_generation += 1;
        let generation = Generation(self.next_generation);
        if let Some(slot) = self.topics.get_mut(id) {
            slot.owner = Some(link);
            slot.generation = generation;
            slot.last_push_ns = now.mono_ns;
            slot.has_pushed = false;
        }
    }

    pub(super) fn announce(&mut self, id: TopicId) {
        if let Some(slot) = self.topics.get(id)
            && slot.wanted
        {
            let event = Event::Subscribed { topic: slot.topic.clone(), id, generation: slot.generation };
            self.emit(event);
        }
    }
}
