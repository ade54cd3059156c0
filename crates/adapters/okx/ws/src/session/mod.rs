//! The conversation with one URL: connecting, login, subscriptions, heartbeats, reconnects. No socket, no clock.
//!
//! A driver owns a [`Session`], the sockets and the time:
//!
//! 1. `session.handle(input, now)` whenever something happened, `session.handle_frame(&mut decoder, link, frame, now)` for each text
//!    frame (`frame` is borrowed, the answer borrows from it and from the decoder, not from the session);
//! 2. `while let Some(output) = session.poll()`: do what it says;
//! 3. wait for bytes, a command, or `session.next_timeout()` (monotonic nanoseconds), then go on with 1.
//!
//! What is wanted survives reconnects. While OKX announces the end of a connection (notice 64008) there are two links: the
//! replacement is subscribed first, each topic moves over with its first push there, then the old link is closed.

mod backoff;
mod config;
mod connect;
mod event;
mod frame;
mod link;
mod login;
mod refusal;
mod requests;
mod subscribe;
mod topics;
mod watch;

#[cfg(test)]
mod tests;

pub use config::{CONNECTS_PER_SECOND, ConnectBudget, LoginPolicy, SessionConfig};
pub use event::{DisconnectReason, Event, Generation, Incoming, Input, LinkId, Output, TopicId};
pub use subscribe::ARGS_BYTES_MAX;
pub use topics::TOPICS_MAX;
pub use watch::{PING_IDLE_NS, PONG_WAIT_NS};

use std::collections::{BTreeSet, VecDeque};

use bytes::Bytes;
use okx_common::{clock::Now, rng::Rng};
use smallvec::SmallVec;

use crate::topic::Topic;
use backoff::Backoff;
use link::{Link, Role};
use requests::Request;
use topics::Topics;

/// Kinds of oddities that are reported once each; the limit bounds memory against a peer that invents new ones.
const WARNINGS_MAX: usize = 64;

/// A request cannot be sent now: there is no link, or it is not logged in. It was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the OKX connection is not ready, nothing was sent; wait for the login")]
pub struct NotReady;

/// See the module.
pub struct Session {
    config: SessionConfig,
    rng: Box<dyn Rng>,
    clock_offset_ms: i64,
    outputs: VecDeque<Output>,
    topics: Topics,
    links: SmallVec<[Link; 2]>,
    requests: Vec<Request>,
    backoff: Backoff,
    /// When to open the primary link (or its replacement).
    connect_at_ns: u64,
    /// The connection was asked for, whatever is subscribed.
    is_open: bool,
    /// Nothing happens until the next [`Input::Open`].
    is_halted: bool,
    /// The session has been logged in before.
    was_logged_in: bool,
    login_failures: u32,
    args_bytes_max: usize,
    /// When the replacement is as good as it gets.
    handover_at_ns: Option<u64>,
    sweep_at_ns: u64,
    next_link: u32,
    next_request: u64,
    next_generation: u64,
    warned: BTreeSet<String>,
}

impl Session {
    /// A session that wants nothing yet. The generator is for the jitter of waits.
    #[must_use]
    pub fn new(config: SessionConfig, rng: Box<dyn Rng>) -> Self {
        Self {
            config,
            rng,
            clock_offset_ms: 0,
            outputs: VecDeque::new(),
            topics: Topics::default(),
            links: SmallVec::new(),
            requests: Vec::new(),
            backoff: Backoff::default(),
            connect_at_ns: 0,
            is_open: false,
            is_halted: false,
            was_logged_in: false,
            login_failures: 0,
            args_bytes_max: ARGS_BYTES_MAX,
            handover_at_ns: None,
            sweep_at_ns: u64::MAX,
            next_link: 0,
            next_request: 0,
            next_generation: 0,
            warned: BTreeSet::new(),
        }
    }

    /// Takes what happened. Drain [`Self::poll`] afterwards.
    pub fn handle(&mut self, input: Input<'_>, now: Now) {
        match input {
            Input::Open => self.open(now),
            Input::Close => self.close(),
            Input::Subscribe(topics) => self.subscribe(topics, now),
            Input::Unsubscribe(topics) => self.unsubscribe(topics),
            Input::Resubscribe(topics) => self.resubscribe(topics),
            Input::Connected(link) => self.connected(link, now),
            Input::ConnectFailed(link, reason) => self.connect_failed(link, reason, now),
            Input::Disconnected(link, code, words) => self.lost(link, code, words, now),
            Input::Timeout => {}
        }
        self.advance(now);
    }

    /// What to do next; `None` when there is nothing more to do for now.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The monotonic time, in nanoseconds, at which [`Input::Timeout`] is due.
    #[must_use]
    pub fn next_timeout(&self) -> Option<u64> {
        let requests = self.requests.iter().map(|r| r.deadline_ns);
        let links = self.links.iter().filter_map(|link| self.link_timeout(link));
        let sweep = (self.sweep_at_ns != u64::MAX).then_some(self.sweep_at_ns);
        requests.chain(links).chain(self.connect_timeout()).chain(self.handover_at_ns).chain(sweep).min()
    }

    /// The topic of this id.
    #[must_use]
    pub fn topic(&self, id: TopicId) -> Option<&Topic> {
        self.topics.get(id).map(|slot| &slot.topic)
    }

    /// The id of a topic that is wanted.
    #[must_use]
    pub fn topic_id(&self, topic: &Topic) -> Option<TopicId> {
        self.topics.find_key(topic.key()).filter(|id| self.topics.get(*id).is_some_and(|slot| slot.wanted))
    }

    /// The wanted topics.
    pub fn wanted(&self) -> impl Iterator<Item = (TopicId, &Topic)> {
        self.topics.iter().filter(|(_, slot)| slot.wanted).map(|(id, slot)| (id, &slot.topic))
    }

    /// The link that requests go to, once it is open.
    #[must_use]
    pub fn link(&self) -> Option<LinkId> {
        self.links.iter().find(|l| l.role == Role::Primary && l.is_open()).map(|l| l.id)
    }

    /// OKX's name (`connId`) for the primary connection, once a message has told it.
    #[must_use]
    pub fn conn_id(&self) -> Option<&str> {
        self.by_role(Role::Primary)?.conn_id.as_deref()
    }

    /// Whether requests of this session can be sent: the link is open, and logged in where that is the policy.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.links.iter().any(|l| l.role == Role::Primary && l.is_open() && self.login_is_settled(l))
    }

    /// How far OKX's clock is ahead of this machine's, in milliseconds (REST `/public/time`); logins are stamped with it.
    pub const fn set_clock_offset_ms(&mut self, offset_ms: i64) {
        self.clock_offset_ms = offset_ms;
    }

    /// Sends a request (an order operation) on the primary link.
    ///
    /// # Errors
    /// [`NotReady`] if there is no link or it is not logged in. Nothing is kept for later.
    pub fn send_request(&mut self, text: Bytes) -> Result<LinkId, NotReady> {
        let ready = |l: &&Link| l.role == Role::Primary && l.is_open() && l.login == link::Login::Done;
        let link = self.links.iter().find(ready).map(|l| l.id).ok_or(NotReady)?;
        self.outputs.push_back(Output::Transmit(link, text));
        Ok(link)
    }

    /// Does whatever the time asks for.
    fn advance(&mut self, now: Now) {
        self.watch_links(now);
        self.expire_requests(now);
        self.watch_topics(now);
        self.finish_handover(now);
        self.ensure_links(now);
        self.login_where_needed(now);
        self.flush(now);
    }

    fn emit(&mut self, event: Event) {
        self.outputs.push_back(Output::Event(event));
    }

    /// Reports an oddity, once for each kind.
    fn warn_once(&mut self, kind: String) {
        if self.warned.len() < WARNINGS_MAX && self.warned.insert(kind.clone()) {
            self.emit(Event::Warning(kind));
        }
    }

    fn link_mut(&mut self, id: LinkId) -> Option<&mut Link> {
        self.links.iter_mut().find(|l| l.id == id)
    }

    fn link_of(&self, id: LinkId) -> Option<&Link> {
        self.links.iter().find(|l| l.id == id)
    }

    fn by_role(&self, role: Role) -> Option<&Link> {
        self.links.iter().find(|l| l.role == role)
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("url_kind", &self.config.url_kind)
            .field("wanted", &self.topics.wanted())
            .field("links", &self.links.len())
            .field("requests", &self.requests.len())
            .finish_non_exhaustive()
    }
}
