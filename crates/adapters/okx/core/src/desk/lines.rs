//! The two sockets: sessions, what they are subscribed to, and whether they are up.

use okx_common::{clock::Now, hosts::UrlKind, rng::Rng};
use okx_ws::{
    Channel, Topic,
    op::RequestId,
    session::{DisconnectReason, Event, Input, LoginPolicy, Output, Session, SessionConfig},
};
use rustc_hash::FxHashSet;

use super::{
    Act, BUSINESS, Desk, DeskConfig, DeskEvent, LINES, PRIVATE,
    config::{business_topics, is_optional, private_topics},
};
use crate::orders::tracker::{AskId, Level};

/// A socket.
#[derive(Debug)]
pub(super) struct Line {
    pub session: Session,
    topics: Vec<Topic>,
    /// Those that are not subscribed yet, or not any more.
    missing: FxHashSet<Topic>,
    /// Logged in and subscribed.
    pub is_up: bool,
}

/// Whether commands may be sent: what happened while nobody listened is known.
#[derive(Debug, Default)]
pub(super) struct Readiness {
    /// `Ready` was said.
    pub is_ready: bool,
    /// The look at everything that is under way.
    pub ask: Option<AskId>,
    /// Another one is wanted behind it.
    pub again: bool,
    /// One was completed since the lines came up.
    pub is_reconciled: bool,
}

/// Both lines, with everything wanted that they need.
pub(super) fn lines(config: &DeskConfig, rngs: [Box<dyn Rng>; 2]) -> [Line; 2] {
    let [first, second] = rngs;
    let line = |kind, topics: Vec<Topic>, rng| {
        let mut session = SessionConfig::new(kind)
            .with_connects(config.connects.clone())
            .with_credentials(config.credentials.clone());
        session.login = LoginPolicy::Always;
        let missing = needed(&topics);
        Line { session: Session::new(session, rng), topics, missing, is_up: false }
    };
    [
        line(UrlKind::Private, private_topics(config.extras), first),
        line(UrlKind::Business, business_topics(config.extras), second),
    ]
}

fn needed(topics: &[Topic]) -> FxHashSet<Topic> {
    topics.iter().filter(|topic| !is_optional(topic.channel)).cloned().collect()
}

impl Desk {
    /// Gives a session something and carries out what it wants.
    pub(super) fn tell(&mut self, line: usize, input: Input<'_>, now: Now) {
        let here = &mut self.lines[line];
        if matches!(input, Input::Open) {
            here.session.handle(Input::Subscribe(&here.topics), now);
        }
        here.session.handle(input, now);
        self.follow(line, now);
        self.release(now);
        self.drain(now);
    }

    /// Takes the outputs of a session.
    pub(super) fn follow(&mut self, line: usize, now: Now) {
        while let Some(output) = self.lines[line].session.poll() {
            match output {
                Output::Connect(link) => self.acts.push_back(Act::Connect(line, link)),
                Output::Transmit(link, text) => self.acts.push_back(Act::Transmit(line, link, text)),
                Output::Close(link, words) => self.acts.push_back(Act::Close(line, link, words)),
                Output::Event(event) => self.line_event(line, event, now),
            }
        }
        self.judge_line(line, now);
    }

    fn line_event(&mut self, line: usize, event: Event, now: Now) {
        let name = LINES[line];
        match event {
            Event::Connected { .. } => {
                self.note(Level::Info, "connected", format!("connected to OKX ({name})"));
            }
            Event::LoggedIn { .. } => {
                self.note(Level::Info, "logged_in", format!("logged in at OKX ({name})"));
            }
            Event::ConnectFailed { reason } => {
                let text = format!("could not connect to OKX ({name}): {reason}");
                self.note(Level::Warning, "connect_failed", text);
            }
            Event::Reconnecting { attempt, delay_ms } => {
                let text = format!("attempt {attempt} to connect to OKX ({name}) comes in {delay_ms} ms");
                self.note(Level::Info, "reconnecting", text);
            }
            Event::Disconnected { reason: DisconnectReason::Replaced, .. } => {
                // Whatever fell between the two links is asked for; answers on the old one will not come.
                self.forget_sent(line);
                self.reconcile(now);
            }
            Event::Disconnected { reason, .. } => self.line_lost(line, &reason, now),
            Event::LoginFailed { code, msg, is_final } => {
                self.event(DeskEvent::LoginFailed { line, code, msg, is_final });
            }
            Event::Subscribed { topic, .. } => drop(self.lines[line].missing.remove(&topic)),
            Event::SubscribeFailed { topic, code, msg, .. } => {
                let channel = topic.channel.to_string();
                if is_optional(topic.channel) {
                    let text = format!("OKX refused channel {channel} ({code}: {msg}); going on without it");
                    self.note(Level::Warning, "channel_refused", text);
                } else {
                    self.lines[line].missing.insert(topic);
                    self.event(DeskEvent::Refused { channel, code, msg });
                }
            }
            Event::Unsubscribed { .. } => {}
            Event::Degraded { reason } => self.note(Level::Error, "degraded", reason),
            Event::Notice { code, msg } => {
                self.note(Level::Warning, "notice", format!("OKX ({name}) announces {code}: {msg}"));
            }
            Event::ConnCount { channel, count } => {
                let count = count.map_or_else(|| "several".to_owned(), |count| count.to_string());
                let text = format!("{count} connections of this account hold channel {channel}");
                self.note(Level::Info, "conn_count", text);
            }
            Event::ConnCountError { channel, .. } => {
                let text = format!(
                    "too many connections of this account hold channel {channel}: close some of them"
                );
                self.note(Level::Error, "conn_count", text);
            }
            Event::Stale { topic, silent_ms } => {
                let text = format!("channel {} was silent for {silent_ms} ms", topic.channel);
                self.note(Level::Warning, "stale", text);
            }
            Event::VenueError { id, code, msg } => {
                let request = id.as_deref().and_then(RequestId::parse);
                let reply = crate::orders::tracker::Reply { code, msg: msg.clone(), ..Default::default() };
                if let Some(request) = request {
                    self.mind_throttling(request, &reply, now);
                }
                self.tracker.venue_error(request, code, &msg, now);
            }
            Event::Warning(text) => self.note(Level::Warning, "session", text),
            _ => {}
        }
    }

    /// A link ended that nobody wanted to end.
    fn line_lost(&mut self, line: usize, reason: &DisconnectReason, now: Now) {
        let is_wanted = *reason == DisconnectReason::Closed;
        let level = if is_wanted { Level::Info } else { Level::Warning };
        let text = format!("the connection to OKX ({}) ended: {}", LINES[line], words(reason));
        self.note(level, "disconnected", text);
        self.stats.losses += 1;
        self.forget_sent(line);
        let here = &mut self.lines[line];
        here.missing = needed(&here.topics);
        if here.session.link().is_some() {
            // The replacement has taken over early: what it was subscribed to is not known here, so it is subscribed anew.
            here.session.handle(Input::Resubscribe(&here.topics), now);
        }
        self.line_down(line, now);
    }

    fn line_down(&mut self, line: usize, now: Now) {
        self.lines[line].is_up = false;
        self.readiness.is_reconciled = false;
        if line != PRIVATE {
            return;
        }
        self.tracker.link_lost(now);
        self.account.link_lost();
        for command in self.gate.clear() {
            self.give_back(command, "not sent: the connection to OKX was lost");
        }
        if std::mem::take(&mut self.readiness.is_ready) {
            self.event(DeskEvent::Lost);
        }
    }

    /// Whether the line has come up, or has lost a channel that it needs.
    fn judge_line(&mut self, line: usize, now: Now) {
        let here = &self.lines[line];
        let is_up = here.session.is_ready() && here.missing.is_empty();
        if is_up == here.is_up {
            return;
        }
        if !is_up {
            return self.line_down(line, now);
        }
        self.lines[line].is_up = true;
        self.readiness.is_reconciled = false;
        if line == PRIVATE {
            #[cfg(test)]
            if self.mistake == Some(super::dst::Mistake::ForgetsGaps) && self.stats.reconciliations > 0 {
                self.readiness.is_reconciled = true;
                return self.say_ready();
            }
            // A look that is under way began before.
            self.readiness.ask = None;
            self.tracker.link_ready(now);
        } else {
            self.reconcile(now);
        }
    }

    /// Something may have been missed: everything is asked for, once the private line is up.
    pub(super) fn reconcile(&mut self, now: Now) {
        if !self.lines[PRIVATE].is_up {
            return;
        }
        if self.readiness.ask.is_some() {
            self.readiness.again = true;
        } else {
            self.tracker.reconcile(now);
        }
    }

    /// A look at everything is complete.
    pub(super) fn reconciled(&mut self, now: Now) {
        self.stats.reconciliations += 1;
        self.readiness.ask = None;
        if std::mem::take(&mut self.readiness.again) {
            return self.tracker.reconcile(now);
        }
        self.readiness.is_reconciled = true;
        self.say_ready();
    }

    fn say_ready(&mut self) {
        let are_up = self.lines[PRIVATE].is_up && self.lines[BUSINESS].is_up;
        if are_up && self.readiness.is_reconciled && !self.readiness.is_ready {
            self.readiness.is_ready = true;
            self.event(DeskEvent::Ready);
        }
    }

    /// A private message could not be read: what it said is asked for.
    pub(super) fn unreadable(&mut self, line: usize, what: String, now: Now) {
        self.note(
            Level::Error,
            "unreadable",
            format!("a message of OKX ({}) was not understood: {what}", LINES[line]),
        );
        self.reconcile(now);
    }

    /// Rows of a snapshot were left out: it is asked for again.
    pub(super) fn renew(&mut self, line: usize, channel: Channel, now: Now) {
        let here = &mut self.lines[line];
        let topics: Vec<Topic> = here.topics.iter().filter(|t| t.channel == channel).cloned().collect();
        here.session.handle(Input::Resubscribe(&topics), now);
    }
}

fn words(reason: &DisconnectReason) -> String {
    match reason {
        DisconnectReason::Lost { code: Some(code), words } => format!("close code {code}, {words}"),
        DisconnectReason::Lost { code: None, words } => words.clone(),
        DisconnectReason::NoPong => "no answer to a ping".to_owned(),
        DisconnectReason::NoLoginReply => "no answer to the login".to_owned(),
        DisconnectReason::LoginRefused(code) => format!("the login was refused with {code}"),
        DisconnectReason::Replaced => "replaced".to_owned(),
        DisconnectReason::Closed => "closed".to_owned(),
        DisconnectReason::Idle => "nothing was subscribed".to_owned(),
    }
}
