//! The exchange under a lock, with its clock, its timer and the connections its outputs go to.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use okx_common::clock::{Clock as _, NANOS_PER_MILLI, Now};
use rustc_hash::FxHashMap;
use tokio::sync::Notify;

use super::{
    clock::ServerClock,
    outbox::{self, Inbox, Item, Outbox},
};
use crate::{
    config::ExchangeConfig,
    exchange::Exchange,
    fault::CutHow,
    link::{ConnNo, Peer, UrlKind},
    market::Market,
    output::{Output, Refusal},
};

/// No deadline.
const NEVER: u64 = u64::MAX;
/// Least time between two rounds of the timer.
const TICK: Duration = Duration::from_millis(1);

/// See the [module](self).
pub(super) struct Core {
    clock: ServerClock,
    state: Mutex<State>,
    /// When the exchange wants to be called next, nanoseconds of the monotonic clock.
    due: AtomicU64,
    sooner: Notify,
    moved: Notify,
}

struct State {
    exchange: Exchange,
    outboxes: FxHashMap<ConnNo, Outbox>,
}

impl State {
    /// Hands the outputs of the exchange to the connections.
    fn settle(&mut self, now: Now) {
        while let Some(output) = self.exchange.poll() {
            match output {
                Output::Send { conn, frame } => {
                    let Some(outbox) = self.outboxes.get(&conn) else { continue };
                    let unsent = outbox.push(Item::Frame(frame));
                    self.exchange.backlog(conn, unsent, now);
                }
                Output::End { conn, how } => {
                    if let Some(outbox) = self.outboxes.remove(&conn) {
                        outbox.push(Item::End(how));
                    }
                }
                Output::Reading { conn, on } => {
                    if let Some(outbox) = self.outboxes.get(&conn) {
                        outbox.set_reading(on);
                    }
                }
            }
        }
    }
}

impl Core {
    pub fn new(clock: ServerClock, config: ExchangeConfig, market: Box<dyn Market>) -> Self {
        let exchange = Exchange::new(config, market, clock.now());
        Self {
            clock,
            state: Mutex::new(State { exchange, outboxes: FxHashMap::default() }),
            due: AtomicU64::new(0),
            sooner: Notify::new(),
            moved: Notify::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the exchange, at the time it is.
    pub fn with<R>(&self, act: impl FnOnce(&mut Exchange, Now) -> R) -> R {
        self.with_state(|state, now| act(&mut state.exchange, now))
    }

    fn with_state<R>(&self, act: impl FnOnce(&mut State, Now) -> R) -> R {
        let mut state = self.lock();
        // Read under the lock, so that the exchange sees no time go back.
        let now = self.clock.now();
        let result = act(&mut state, now);
        state.settle(now);
        let due = state.exchange.next_deadline(now).unwrap_or(NEVER);
        if due < self.due.swap(due, Ordering::Relaxed) {
            self.sooner.notify_one();
        }
        result
    }

    /// A WebSocket client wants in.
    pub fn open(&self, kind: UrlKind, peer: Peer) -> Result<(ConnNo, Inbox), Refusal> {
        self.with_state(|state, now| {
            let no = state.exchange.open(kind, peer, now)?;
            let (outbox, inbox) = outbox::pair();
            state.outboxes.insert(no, outbox);
            Ok((no, inbox))
        })
    }

    /// The network or the client ended the connection without a word.
    pub fn closed(&self, no: ConnNo) {
        self.with_state(|state, now| {
            state.outboxes.remove(&no);
            state.exchange.closed(no, now);
        });
    }

    /// The client said goodbye, or broke the protocol: it gets this close frame after all that waits.
    pub fn close(&self, no: ConnNo, code: u16) {
        self.with_state(|state, now| {
            if let Some(outbox) = state.outboxes.remove(&no) {
                outbox.push(Item::End(CutHow::Close { code, reason: String::new() }));
            }
            state.exchange.closed(no, now);
        });
    }

    /// Answers a protocol-level ping, unless the connection is to be silent.
    pub fn pong(&self, no: ConnNo, payload: Bytes) {
        self.with_state(|state, _| {
            if let Some(outbox) = state.outboxes.get(&no).filter(|_| !state.exchange.is_silent(no)) {
                outbox.push(Item::Pong(payload));
            }
        });
    }

    /// Whether the clock stands still.
    pub const fn is_paused(&self) -> bool {
        self.clock.paused().is_some()
    }

    /// Moves time on by so many milliseconds. A standing clock goes from event to event; a running exchange jumps.
    pub fn advance(&self, ms: u64) {
        let Some(clock) = self.clock.paused() else {
            let jump = i64::try_from(ms).unwrap_or(i64::MAX);
            self.with(|exchange, now| exchange.set_time(None, jump, now));
            return;
        };
        let end = clock.now().plus_ns(ms.saturating_mul(NANOS_PER_MILLI));
        loop {
            let now = clock.now();
            let due = self.due.load(Ordering::Relaxed);
            if due >= end.mono_ns {
                break;
            }
            // A deadline in the past means "as soon as possible": never stand still.
            let step = due.saturating_sub(now.mono_ns).max(NANOS_PER_MILLI);
            clock.advance_ns(step.min(end.mono_ns - now.mono_ns));
            self.with(|exchange, now| exchange.advance(now));
            if clock.now().mono_ns >= end.mono_ns {
                break;
            }
        }
        clock.set(end);
        self.with(|exchange, now| exchange.advance(now));
        self.moved.notify_waiters();
    }

    /// Waits until the server's monotonic clock is there.
    pub async fn wait_until(&self, end: Now) {
        loop {
            let moved = self.moved.notified();
            let left = end.mono_ns.saturating_sub(self.clock.now().mono_ns);
            match (left, self.is_paused()) {
                (0, _) => return,
                (_, true) => moved.await,
                (_, false) => tokio::time::sleep(Duration::from_nanos(left)).await,
            }
        }
    }

    /// Calls the exchange whenever it wants to be called. Never returns.
    pub async fn run_timer(&self) {
        if self.is_paused() {
            return std::future::pending().await;
        }
        loop {
            let due = self.due.load(Ordering::Relaxed);
            let left = Duration::from_nanos(due.saturating_sub(self.clock.now().mono_ns)).max(TICK);
            tokio::select! {
                () = tokio::time::sleep(left) => self.with(|exchange, now| exchange.advance(now)),
                () = self.sooner.notified() => {}
            }
        }
    }
}
