//! What the sessions say.

use okx_common::{clock::Now, error_code::ErrorCode};
use okx_core::choice::fallback;
use okx_ws::{
    Topic,
    session::{DisconnectReason, Event},
};

use super::{Engine, Wait};
use crate::{
    errors::{Class, Failure},
    stream::{
        item::Sink,
        note::{Level, Note},
        route::{Conventions, Route, User},
        shared::LINES,
        told::note_of,
    },
};

impl Engine {
    pub(super) fn event(&mut self, line: usize, event: Event, now: Now, sink: &mut impl Sink) {
        if !matches!(event, Event::SubscribeFailed { .. }) {
            sink.note(note_of(LINES[line], &event).link(LINES[line]));
        }
        match event {
            Event::Connected { .. } if line == 0 => {
                self.answer_all(sink, |wait| *wait == Wait::Open, || Ok(None));
            }
            Event::Subscribed { topic, id, generation } => {
                if let Some(route) = self.lines[line].routes.get_mut(id.0 as usize) {
                    route.subscribed(generation, now.mono_ns);
                }
                let channel = topic.channel.to_string();
                let is_meant = |wait: &Wait| matches!(wait, Wait::Subscribed(t, _) if *t == topic);
                self.answer_all(sink, is_meant, || Ok(Some(channel.clone())));
            }
            Event::SubscribeFailed { topic, code, msg, forgotten } => {
                self.refused(line, &topic, code, &msg, forgotten, now, sink);
            }
            Event::Unsubscribed { topic } => {
                let is_meant = |wait: &Wait| matches!(wait, Wait::Unsubscribed(t) if *t == topic);
                self.answer_all(sink, is_meant, || Ok(None));
            }
            Event::Disconnected { reason, .. } => self.disconnected(line, &reason, now, sink),
            _ => {}
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one event")]
    fn refused(
        &mut self,
        line: usize,
        topic: &Topic,
        code: ErrorCode,
        msg: &str,
        forgotten: bool,
        now: Now,
        sink: &mut impl Sink,
    ) {
        let text = format!("OKX refused {topic}: {code} {msg}");
        if forgotten && let Some(route) = self.route_of(line, topic) {
            *route = Route::default();
        }
        let note = |level| {
            Note::new("subscription_failed", level, text.clone()).link(LINES[line]).topic(topic).code(code)
        };
        if !forgotten {
            sink.note(note(Level::Error));
            return;
        }
        if let Some(channel) = fallback(topic.channel, code) {
            sink.note(note(Level::Warning).advice(format!("taking {channel} instead")));
            self.move_to(topic, &Topic { channel, ..topic.clone() }, now, sink);
            return;
        }
        let users: Vec<User> = self.wanted.forget(topic);
        for user in &users {
            self.uses.remove(user);
        }
        self.row_uses.remove(topic);
        self.publish_topics();
        let has_waiting =
            self.waiting.iter().any(|w| matches!(&w.what, Wait::Subscribed(t, _) if t == topic));
        if !has_waiting {
            // Nobody gets an exception who could tell.
            sink.note(note(Level::Error));
        }
        let failure = Failure::new(Class::Subscription, "rejected", msg).topic(topic).code(code);
        let is_meant = |wait: &Wait| matches!(wait, Wait::Subscribed(t, _) if t == topic);
        self.answer_all(sink, is_meant, || Err(failure.clone()));
    }

    /// The users of a refused topic take another one.
    fn move_to(&mut self, old: &Topic, new: &Topic, now: Now, sink: &mut impl Sink) {
        for user in self.wanted.forget(old) {
            self.uses.remove(&user);
            let waits = |w: &super::Waiting| w.what == Wait::Subscribed(old.clone(), user);
            // Somebody waits: a topic that never worked is refused while it is being subscribed.
            while let Some(at) = self.waiting.iter().position(waits) {
                let ticket = self.waiting.swap_remove(at).ticket;
                self.subscribe(ticket, user, new.clone(), Conventions::BOTH, now, sink);
            }
        }
        self.publish_topics();
    }

    fn disconnected(&mut self, line: usize, reason: &DisconnectReason, now: Now, sink: &mut impl Sink) {
        if let DisconnectReason::Lost { words, .. } = reason {
            self.lines[line].failure = Some(words.clone());
        }
        let is_interrupted =
            *reason != DisconnectReason::Replaced && self.lines[line].session.link().is_none();
        if is_interrupted {
            self.clear_books(line, now, sink);
        }
    }
}
