//! What the client's task leaves for the loop.

use std::{
    collections::VecDeque,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use okx_common::{clock::Now, hosts::UrlKind};
use okx_ws::{
    DecodeError, Handler, Topic,
    client::Command,
    session::{Event, Incoming, LinkId},
};
use rustc_hash::FxHashMap;
use tokio::sync::oneshot;

use crate::{
    bridge::Source,
    errors::{Class, Failure},
    stream::{Level, Note, note_of},
};

/// Events that wait for the loop; more than a storm of reconnects makes in the time a loop may be blocked.
const EVENTS_MAX: usize = 10_000;

/// Who waits for the outcome of something.
pub(super) type Waiter = oneshot::Sender<Result<(), Failure>>;

/// A subscription as Python sees it.
#[derive(Default)]
struct Subscription {
    is_active: bool,
    waiters: Vec<Waiter>,
    leavers: Vec<Waiter>,
}

#[derive(Default)]
struct State {
    frames: VecDeque<Bytes>,
    events: VecDeque<Note>,
    /// Frames that were left out since the loop last looked.
    dropped: u64,
    links: usize,
    is_ready: bool,
    is_closed: bool,
    last_failure: Option<Failure>,
    ready_waiters: Vec<Waiter>,
    subscriptions: FxHashMap<Topic, Subscription>,
}

/// What the loop takes in one turn.
pub(super) struct Taken {
    pub frames: Vec<Bytes>,
    pub events: Vec<Note>,
    /// More frames wait.
    pub has_more: bool,
    pub is_closed: bool,
}

/// Shared between the task and the loop. No lock is held while Python runs.
pub(super) struct Inbox {
    state: Mutex<State>,
    frames_max: usize,
    /// `connect` waits for the login.
    needs_login: bool,
    kind: UrlKind,
}

impl Inbox {
    pub fn new(kind: UrlKind, frames_max: usize, needs_login: bool) -> Arc<Self> {
        Arc::new(Self { state: Mutex::default(), frames_max, needs_login, kind })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn is_connected(&self) -> bool {
        self.state().links > 0
    }

    pub fn is_closed(&self) -> bool {
        self.state().is_closed
    }

    /// Why there is no connection.
    pub fn last_failure(&self) -> Option<Failure> {
        self.state().last_failure.clone()
    }

    /// Told once the connection can be used.
    pub fn when_ready(&self) -> oneshot::Receiver<Result<(), Failure>> {
        let (sender, receiver) = oneshot::channel();
        let mut state = self.state();
        if state.is_ready {
            // The receiver is at hand.
            let _ = sender.send(Ok(()));
        } else {
            state.ready_waiters.push(sender);
        }
        receiver
    }

    /// Told once the topic is subscribed; whether the client must be asked for it.
    pub fn when_subscribed(&self, topic: &Topic) -> (oneshot::Receiver<Result<(), Failure>>, bool) {
        let (sender, receiver) = oneshot::channel();
        let mut state = self.state();
        let is_new = !state.subscriptions.contains_key(topic);
        let subscription = state.subscriptions.entry(topic.clone()).or_default();
        let is_leaving = !subscription.leavers.is_empty();
        if subscription.is_active && !is_leaving {
            let _ = sender.send(Ok(()));
        } else {
            subscription.waiters.push(sender);
        }
        (receiver, is_new || is_leaving)
    }

    /// Told once the topic is unsubscribed; `None` if it is not subscribed.
    pub fn when_unsubscribed(&self, topic: &Topic) -> Option<oneshot::Receiver<Result<(), Failure>>> {
        let (sender, receiver) = oneshot::channel();
        self.state().subscriptions.get_mut(topic)?.leavers.push(sender);
        Some(receiver)
    }

    /// The next frame.
    pub fn pop(&self) -> Option<Bytes> {
        self.state().frames.pop_front()
    }

    /// All events, and at most so many frames.
    pub fn take(&self, frames_max: usize) -> Taken {
        let mut state = self.state();
        let count = frames_max.min(state.frames.len());
        let frames = state.frames.drain(..count).collect();
        let dropped = mem::take(&mut state.dropped);
        let mut events: Vec<_> = state.events.drain(..).collect();
        if dropped > 0 {
            let message = format!(
                "{dropped} messages were dropped, the oldest first, because more than {} waited; take them faster or \
                 subscribe to less",
                self.frames_max
            );
            events.push(Note::new("warning", Level::Error, message));
        }
        Taken { frames, events, has_more: !state.frames.is_empty(), is_closed: state.is_closed }
    }

    fn add(&self, batch: &mut Vec<Bytes>) {
        let mut state = self.state();
        state.frames.extend(batch.drain(..));
        while state.frames.len() > self.frames_max {
            state.frames.pop_front();
            state.dropped += 1;
        }
    }

    fn note(&self, event: &Event) {
        let mut state = self.state();
        match event {
            Event::Connected { .. } => {
                state.links += 1;
                if !self.needs_login {
                    state.become_ready();
                }
            }
            Event::LoggedIn { .. } => state.become_ready(),
            Event::Disconnected { .. } => {
                state.links = state.links.saturating_sub(1);
                state.is_ready = state.is_ready && state.links > 0;
            }
            Event::ConnectFailed { reason } => {
                state.last_failure = Some(Failure::new(Class::Connection, "network", reason.clone()));
            }
            Event::LoginFailed { code, msg, is_final } => {
                let failure = Failure::new(Class::Connection, "authentication", msg.clone()).code(*code);
                if *is_final {
                    answer(&mut state.ready_waiters, &Err(failure.clone()));
                }
                state.last_failure = Some(failure);
            }
            Event::Subscribed { topic, .. } => {
                if let Some(subscription) = state.subscriptions.get_mut(topic) {
                    subscription.is_active = true;
                    answer(&mut subscription.waiters, &Ok(()));
                }
            }
            Event::SubscribeFailed { topic, code, msg, forgotten: true } => {
                let failure =
                    Failure::new(Class::Subscription, "subscription", msg.clone()).code(*code).topic(topic);
                if let Some(mut gone) = state.subscriptions.remove(topic) {
                    answer(&mut gone.waiters, &Err(failure));
                    answer(&mut gone.leavers, &Ok(()));
                }
            }
            Event::Unsubscribed { topic } => state.left(topic),
            _ => {}
        }
        state.push(note_of(self.kind, event));
    }

    /// The task has ended: nobody waits any longer.
    fn end(&self) {
        let mut state = self.state();
        state.is_closed = true;
        (state.is_ready, state.links) = (false, 0);
        let closed = Failure::new(Class::Connection, "closed", "the client was closed");
        answer(&mut state.ready_waiters, &Err(closed.clone()));
        for (_, mut subscription) in state.subscriptions.drain() {
            answer(&mut subscription.waiters, &Err(closed.clone()));
            answer(&mut subscription.leavers, &Ok(()));
        }
        state.push(Note::new("closed", Level::Info, "the client is closed"));
    }
}

impl State {
    fn push(&mut self, event: Note) {
        if self.events.len() >= EVENTS_MAX {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }

    fn become_ready(&mut self) {
        self.is_ready = true;
        self.last_failure = None;
        answer(&mut self.ready_waiters, &Ok(()));
    }

    fn left(&mut self, topic: &Topic) {
        let Some(mut gone) = self.subscriptions.remove(topic) else { return };
        answer(&mut gone.leavers, &Ok(()));
        if !gone.waiters.is_empty() {
            // Wanted again meanwhile.
            let waiters = gone.waiters;
            self.subscriptions.insert(topic.clone(), Subscription { waiters, ..Subscription::default() });
        }
    }
}

fn answer(waiters: &mut Vec<Waiter>, outcome: &Result<(), Failure>) {
    for waiter in waiters.drain(..) {
        // Whoever was cancelled no longer listens.
        let _ = waiter.send(outcome.clone());
    }
}

/// The task's end of an [`Inbox`].
pub(super) struct Sink {
    inbox: Arc<Inbox>,
    source: Source,
    batch: Vec<Bytes>,
    is_dirty: bool,
}

impl Sink {
    pub const fn new(inbox: Arc<Inbox>, source: Source) -> Self {
        Self { inbox, source, batch: Vec::new(), is_dirty: false }
    }
}

impl Handler for Sink {
    fn incoming(&mut self, _: Incoming<'_>, frame: &[u8], _: Now) {
        self.batch.push(Bytes::copy_from_slice(frame));
    }

    fn event(&mut self, event: Event) {
        self.inbox.note(&event);
        self.is_dirty = true;
    }

    fn undecodable(&mut self, _: LinkId, error: &DecodeError) {
        self.inbox.state().push(Note::new("decode_error", Level::Error, error.to_string()));
        self.is_dirty = true;
    }

    fn batch_end(&mut self, _: &mut Vec<Command>) {
        if !self.batch.is_empty() {
            self.inbox.add(&mut self.batch);
            self.is_dirty = true;
        }
        if mem::take(&mut self.is_dirty) {
            self.source.wake();
        }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.inbox.add(&mut self.batch);
        self.inbox.end();
        self.source.wake();
    }
}
