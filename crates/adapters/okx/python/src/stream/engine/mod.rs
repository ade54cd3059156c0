//! The market-data path without sockets, threads and Python: commands, frames and time in; structs, events and bytes out.
//!
//! Two sessions (public, business), one decoder, and for each wire topic a [`Route`] that says what its pushes become. The drivers
//! move the bytes and the time, and hand what the [`Sink`] gets to Python.

mod commands;
mod convert;
mod data;
mod events;

pub use commands::Command;

use std::{
    collections::VecDeque,
    sync::{Arc, atomic::Ordering::Relaxed},
};

use okx_common::{
    clock::{NANOS_PER_SECOND, Now},
    credentials::Credentials,
    rng::{Rng, SystemRng},
};
use okx_core::{reports::Reports, wanted::Wanted};
use okx_ws::{
    Decoder, Topic,
    session::{ConnectBudget, Input, LinkId, LoginPolicy, Output, Session, SessionConfig},
};
use rustc_hash::FxHashMap;

use super::{
    item::{Sink, Ticket},
    note::{Level, Note},
    route::{Route, User},
    shared::{LINES, LineState, Shared},
    spec::{Numbers, Spec},
};
use crate::errors::{Class, Failure};

/// What an engine is told at its start.
pub struct Options {
    /// For topics that need a login.
    pub credentials: Option<Credentials>,
    /// Fee tier of the account.
    pub vip_level: u8,
    /// Bars carry the end of their interval instead of its start.
    pub bars_on_close: bool,
    /// How long a subscription may wait for its acknowledgement, ns.
    pub ack_wait_ns: u64,
    /// New connections of both sockets, shared with others to the same host.
    pub connects: ConnectBudget,
    /// Number format of the wheel.
    pub numbers: Numbers,
}

/// One of the two sockets.
struct Line {
    session: Session,
    /// By the places of the topics in the session.
    routes: Vec<Route>,
    /// Somebody asked for the connection itself.
    is_asked: bool,
    /// Why the last attempt failed.
    failure: Option<String>,
}

/// Somebody who waits.
struct Waiting {
    ticket: Ticket,
    deadline_ns: u64,
    what: Wait,
}

/// What for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wait {
    /// The public socket to be open.
    Open,
    /// A topic to be subscribed.
    Subscribed(Topic, User),
    /// A topic to be unsubscribed.
    Unsubscribed(Topic),
}

/// What the driver has to do.
#[derive(Debug)]
pub enum Act {
    /// Connect to the address of the line, and answer with [`Engine::connected`] or [`Engine::connect_failed`].
    Connect(usize, LinkId),
    /// Send a text.
    Transmit(usize, LinkId, bytes::Bytes),
    /// Close the connection, or give the attempt up, without an answer.
    Close(usize, LinkId, &'static str),
    /// Drop this line's connections as if the network had, and tell [`Engine::lost`].
    Drop(usize),
}

/// See the module.
pub struct Engine {
    lines: [Line; 2],
    decoder: Decoder,
    instruments: Vec<Option<Spec>>,
    options: Options,
    has_login: bool,
    wanted: Wanted<Topic, User>,
    /// The topic of each wish.
    uses: FxHashMap<User, Topic>,
    row_uses: FxHashMap<Topic, u32>,
    waiting: Vec<Waiting>,
    acts: VecDeque<Act>,
    /// A deadline may have come nearer.
    is_timer_stale: bool,
    shared: Arc<Shared>,
    reports: Reports,
}

impl Engine {
    /// An engine that wants nothing yet.
    #[must_use]
    pub fn new(options: Options, shared: Arc<Shared>) -> Self {
        let line = |kind| {
            let mut config = SessionConfig::new(kind).with_connects(options.connects.clone());
            config.login = LoginPolicy::WhenNeeded;
            if let Some(credentials) = &options.credentials {
                config = config.with_credentials(credentials.clone());
            }
            let rng: Box<dyn Rng> = Box::new(SystemRng);
            Line { session: Session::new(config, rng), routes: Vec::new(), is_asked: false, failure: None }
        };
        Self {
            lines: LINES.map(line),
            decoder: Decoder::new(),
            instruments: Vec::new(),
            has_login: options.credentials.is_some(),
            options,
            wanted: Wanted::default(),
            uses: FxHashMap::default(),
            row_uses: FxHashMap::default(),
            waiting: Vec::new(),
            acts: VecDeque::new(),
            is_timer_stale: false,
            shared,
            reports: Reports::default(),
        }
    }

    /// What to do next; `None` when there is nothing more to do for now.
    pub fn poll(&mut self) -> Option<Act> {
        self.acts.pop_front()
    }

    /// Whether a deadline may be nearer than when [`Self::next_timeout`] was last asked. Data only moves deadlines away, so that
    /// pushes need no new timer: one that fires early finds nothing due.
    pub fn take_timer_stale(&mut self) -> bool {
        std::mem::take(&mut self.is_timer_stale)
    }

    /// When [`Self::timeout`] is due, monotonic ns.
    #[must_use]
    pub fn next_timeout(&self) -> Option<u64> {
        let sessions = self.lines.iter().filter_map(|line| line.session.next_timeout());
        let books = self.lines.iter().flat_map(|line| line.routes.iter().filter_map(Route::next_timeout));
        let waiting = self.waiting.iter().map(|w| w.deadline_ns);
        sessions.chain(books).chain(waiting).min()
    }

    /// The time of [`Self::next_timeout`] has come. Harmless at any time.
    pub fn timeout(&mut self, now: Now, sink: &mut impl Sink) {
        self.is_timer_stale = true;
        for line in 0..LINES.len() {
            self.tell(line, Input::Timeout, now, sink);
            self.books_overdue(line, now, sink);
        }
        self.waiting_overdue(now, sink);
    }

    /// A connection is open.
    pub fn connected(&mut self, line: usize, link: LinkId, now: Now, sink: &mut impl Sink) {
        self.shared.lines[line].connects.fetch_add(1, Relaxed);
        self.lines[line].failure = None;
        self.tell(line, Input::Connected(link), now, sink);
    }

    /// A connection could not be opened.
    pub fn connect_failed(
        &mut self,
        line: usize,
        link: LinkId,
        reason: &str,
        now: Now,
        sink: &mut impl Sink,
    ) {
        self.lines[line].failure = Some(reason.to_owned());
        self.tell(line, Input::ConnectFailed(link, reason), now, sink);
    }

    /// An open connection has ended.
    pub fn lost(
        &mut self,
        line: usize,
        link: LinkId,
        code: Option<u16>,
        words: &str,
        now: Now,
        sink: &mut impl Sink,
    ) {
        self.tell(line, Input::Disconnected(link, code, words), now, sink);
    }

    /// Gives the session something and carries out what it wants.
    fn tell(&mut self, line: usize, input: Input<'_>, now: Now, sink: &mut impl Sink) {
        self.lines[line].session.handle(input, now);
        self.drain(line, now, sink);
    }

    /// Takes the outputs of a session; nearly always there are none.
    #[inline]
    fn drain(&mut self, line: usize, now: Now, sink: &mut impl Sink) {
        let Some(first) = self.lines[line].session.poll() else { return };
        let mut next = Some(first);
        while let Some(output) = next {
            self.is_timer_stale = true;
            match output {
                Output::Connect(link) => {
                    self.acts.push_back(Act::Connect(line, link));
                    sink.note(
                        Note::new("connecting", Level::Debug, format!("connecting to OKX ({})", LINES[line]))
                            .link(LINES[line]),
                    );
                }
                Output::Transmit(link, text) => self.acts.push_back(Act::Transmit(line, link, text)),
                Output::Close(link, words) => self.acts.push_back(Act::Close(line, link, words)),
                Output::Event(event) => self.event(line, event, now, sink),
            }
            next = self.lines[line].session.poll();
        }
        let state = if self.lines[line].session.link().is_some() {
            LineState::Open
        } else if self.lines[line].is_asked || self.lines[line].session.wanted().next().is_some() {
            LineState::Connecting
        } else {
            LineState::Closed
        };
        self.shared.lines[line].set_state(state);
        let conn_id = self.lines[line].session.conn_id();
        let mut shown = self.shared.lines[line].conn_id();
        if shown.as_deref() != conn_id {
            *shown = conn_id.map(str::to_owned);
        }
    }

    /// Whoever has waited too long.
    fn waiting_overdue(&mut self, now: Now, sink: &mut impl Sink) {
        while let Some(at) = self.waiting.iter().position(|w| now.mono_ns >= w.deadline_ns) {
            let Waiting { ticket, what, .. } = self.waiting.swap_remove(at);
            match what {
                Wait::Open => {
                    self.lines[0].is_asked = false;
                    self.tell(0, Input::Close, now, sink);
                    let failure = self.lines[0].failure.take();
                    let reason = failure
                        .unwrap_or_else(|| "OKX did not answer in time, and no attempt failed".to_owned());
                    let failure = Failure::new(Class::Connection, "network", reason)
                        .advice("check address, network, proxy and firewall, then connect again");
                    sink.answer(ticket, Err(failure));
                }
                Wait::Subscribed(topic, user) => {
                    let line = super::shared::line_of(topic.url_kind()).unwrap_or(0);
                    let failure = self.lines[line].failure.clone();
                    let secs = self.options.ack_wait_ns / NANOS_PER_SECOND;
                    let mut text = format!("no acknowledgement within {secs} s");
                    if let Some(failure) = failure {
                        text += &format!("; the connection failed: {failure}");
                    }
                    self.release(&topic, user, now, sink);
                    let failure = Failure::new(Class::Subscription, "timeout", text)
                        .topic(&topic)
                        .advice("check the connection, then subscribe again");
                    sink.answer(ticket, Err(failure));
                }
                // OKX may go on sending for a while; nobody gets it.
                Wait::Unsubscribed(_) => sink.answer(ticket, Ok(None)),
            }
        }
    }

    /// Answers all who wait for what `matches`.
    fn answer_all(
        &mut self,
        sink: &mut impl Sink,
        matches: impl Fn(&Wait) -> bool,
        answer: impl Fn() -> super::item::Answer,
    ) {
        let mut at = 0;
        while at < self.waiting.len() {
            if matches(&self.waiting[at].what) {
                let waiting = self.waiting.swap_remove(at);
                sink.answer(waiting.ticket, answer());
            } else {
                at += 1;
            }
        }
    }

    /// Shows the wanted topics to `subscriptions()`.
    fn publish_topics(&self) {
        let mut topics = self.shared.topics();
        topics.clear();
        topics.extend(self.wanted.topics().cloned());
    }
}
