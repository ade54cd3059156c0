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
    },
};

impl Engine {
    pub(super) fn event(&mut self, line: usize, event: Event, now: Now, sink: &mut impl Sink) {
        let kind = LINES[line];
        let note = |kind_of, level, text: String| Note::new(kind_of, level, text).link(kind);
        match event {
            Event::Connected { .. } => {
                sink.note(note("connected", Level::Info, format!("connected to OKX ({kind})")));
                if line == 0 {
                    self.answer_all(sink, |wait| *wait == Wait::Open, || Ok(None));
                }
            }
            Event::ConnectFailed { reason } => {
                sink.note(note(
                    "disconnected",
                    Level::Warning,
                    format!("no connection to OKX ({kind}): {reason}"),
                ));
            }
            Event::LoggedIn { .. } => {
                sink.note(note("logged_in", Level::Info, format!("logged in at OKX ({kind})")));
            }
            Event::LoginFailed { code, msg, is_final } => {
                let level = if is_final { Level::Error } else { Level::Warning };
                let text = format!("OKX refused the login ({kind}): {code} {msg}");
                sink.note(note("login_failed", level, text).code(code));
            }
            Event::Subscribed { topic, id, generation } => {
                if let Some(route) = self.lines[line].routes.get_mut(id.0 as usize) {
                    route.subscribed(generation, now.mono_ns);
                }
                sink.note(note("subscribed", Level::Debug, format!("subscribed {topic}")).topic(&topic));
                let channel = topic.channel.to_string();
                let is_meant = |wait: &Wait| matches!(wait, Wait::Subscribed(t, _) if *t == topic);
                self.answer_all(sink, is_meant, || Ok(Some(channel.clone())));
            }
            Event::SubscribeFailed { topic, code, msg, forgotten } => {
                self.refused(line, &topic, code, &msg, forgotten, now, sink);
            }
            Event::Unsubscribed { topic } => {
                sink.note(note("unsubscribed", Level::Debug, format!("unsubscribed {topic}")).topic(&topic));
                let is_meant = |wait: &Wait| matches!(wait, Wait::Unsubscribed(t) if *t == topic);
                self.answer_all(sink, is_meant, || Ok(None));
            }
            Event::Disconnected { reason, .. } => self.disconnected(line, &reason, now, sink),
            Event::Reconnecting { attempt, delay_ms } => {
                let text = format!("connecting to OKX ({kind}) again in {delay_ms} ms, attempt {attempt}");
                sink.note(note("reconnecting", Level::Info, text));
            }
            Event::Degraded { reason } => sink.note(note("warning", Level::Error, reason)),
            Event::Notice { code, msg } => {
                sink.note(note("notice", Level::Warning, format!("OKX announces: {code} {msg}")).code(code));
            }
            Event::ConnCount { channel, count } => {
                let text = format!("{} connections hold {channel}", shown(count));
                sink.note(note("connection_count", Level::Debug, text));
            }
            Event::ConnCountError { channel, count } => {
                let text = format!("too many connections hold {channel}: {}", shown(count));
                let note = note("connection_count", Level::Error, text);
                sink.note(note.advice("close other connections of this account, then subscribe again"));
            }
            Event::Stale { topic, silent_ms } => {
                let text = format!("{topic} is silent for {silent_ms} ms; subscribing anew");
                sink.note(note("stale", Level::Warning, text).topic(&topic));
            }
            Event::VenueError { code, msg, .. } => {
                sink.note(note("warning", Level::Warning, format!("OKX says: {code} {msg}")).code(code));
            }
            Event::Warning(text) => sink.note(note("warning", Level::Warning, text)),
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
        let kind = LINES[line];
        let (level, why) = match reason {
            DisconnectReason::Lost { code: Some(code), words } => {
                let meaning = okx_common::error_code::lookup_close(*code).map_or("", |info| info.meaning);
                (Level::Warning, format!("close code {code} {words} {meaning}").trim_end().to_owned())
            }
            DisconnectReason::Lost { code: None, words } => (Level::Warning, words.clone()),
            DisconnectReason::NoPong => (Level::Warning, "no answer to the heartbeat".to_owned()),
            DisconnectReason::NoLoginReply => (Level::Warning, "no answer to the login".to_owned()),
            DisconnectReason::LoginRefused(code) => {
                (Level::Error, format!("the login was refused with code {code}"))
            }
            DisconnectReason::Replaced => (Level::Info, "the replacement has taken over".to_owned()),
            DisconnectReason::Closed => (Level::Info, "closed".to_owned()),
            DisconnectReason::Idle => (Level::Info, "nothing is subscribed any more".to_owned()),
        };
        if let DisconnectReason::Lost { words, .. } = reason {
            self.lines[line].failure = Some(words.clone());
        }
        sink.note(
            Note::new("disconnected", level, format!("connection to OKX ({kind}) ended: {why}")).link(kind),
        );
        let is_interrupted =
            *reason != DisconnectReason::Replaced && self.lines[line].session.link().is_none();
        if is_interrupted {
            self.clear_books(line, now, sink);
        }
    }
}

fn shown(count: Option<u32>) -> String {
    count.map_or_else(|| "too many".to_owned(), |n| n.to_string())
}
