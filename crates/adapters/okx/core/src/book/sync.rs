//! Whether a push continues the book before it.

use okx_common::clock::NANOS_PER_SECOND;
use okx_ws::{
    message::{BookAction, BookMsg},
    session::Generation,
};

use super::{
    ladder::{Ladder, Touched},
    recovery::{ATTEMPTS_CEILING, Recovery, SNAPSHOT_WAIT_NS},
};

/// Silence after which an incremental book is asked for anew: OKX sends an empty update after 60 s without a change.
pub const SILENCE_NS: u64 = 75 * NANOS_PER_SECOND;

/// What to do with a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A whole book: hand it on in place of the old one.
    Snapshot {
        /// It ends a gap that was reported.
        recovered: bool,
    },
    /// Changes: hand them on. `touched` tells how near to the top, if a ladder is kept.
    Update {
        /// See [`Ladder::apply`].
        touched: Touched,
    },
    /// Nothing to hand on.
    Ignore(Ignored),
    /// The book is broken: hand nothing on until the next snapshot.
    Gap {
        /// What is wrong.
        reason: GapReason,
        /// Subscribe anew now. False if the last attempt is too recent: [`BookSync::handle_timeout`] will say when.
        resubscribe: bool,
    },
}

/// Why a push is not handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ignored {
    /// No change for a minute.
    Heartbeat,
    /// The update came twice.
    Duplicate,
    /// It belongs to an older subscription.
    Late,
    /// The book is not whole yet: the snapshot is still to come.
    Waiting,
}

/// Why a book is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GapReason {
    /// An update is missing.
    #[error("prevSeqId {got} does not follow seqId {want}")]
    Sequence {
        /// The last `seqId`.
        want: i64,
        /// The `prevSeqId` that came.
        got: i64,
    },
    /// The ladder does not have OKX's checksum.
    #[error("the checksum is {got}, OKX says {want}")]
    Checksum {
        /// OKX's.
        want: i32,
        /// Ours.
        got: i32,
    },
    /// A push could not be read.
    #[error("a push could not be read")]
    Unreadable,
    /// A push lacks `seqId` or `prevSeqId`, or the one before it did.
    #[error("a push has no place in the sequence")]
    Unnumbered,
}

/// What is due when time has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overdue {
    /// The wait after the last attempt is over.
    Retry {
        /// Attempts so far, this one included.
        attempts: u32,
        /// So many that the book is to be reported as stale, once.
        stale: bool,
    },
    /// The subscription is acknowledged, but no snapshot came.
    NoSnapshot {
        /// Attempts so far, this one included.
        attempts: u32,
        /// So many that the book is to be reported as stale, once.
        stale: bool,
    },
    /// Nothing came for [`SILENCE_NS`], not even the empty update.
    Silent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Not subscribed yet.
    Idle,
    /// Subscribed; the snapshot is due at this time.
    Waiting { until_ns: u64 },
    /// Broken; ask anew at this time.
    Broken { retry_ns: u64 },
    /// Asked anew; the acknowledgement is the session's matter.
    Asked,
    /// Whole.
    Synced,
}

/// One book of a subscription: tells continuous pushes from gaps, paces recovery.
///
/// Call [`Self::subscribed`] when the session says so, [`Self::handle`] for each push, [`Self::handle_timeout`] at
/// [`Self::next_timeout`]. Times are monotonic nanoseconds. A lost link needs no call: the session subscribes anew, and the new
/// generation is what tells the book.
///
/// ```
/// use okx_core::book::BookSync;
/// let book = BookSync::incremental();
/// assert!(!book.is_synced());
/// assert_eq!(book.next_timeout(), None);
/// ```
#[derive(Debug, Clone)]
pub struct BookSync {
    is_incremental: bool,
    state: State,
    generation: Generation,
    last_seq_id: Option<i64>,
    last_prev_seq_id: Option<i64>,
    last_push_ns: u64,
    gap_open: bool,
    recovery: Recovery,
    ladder: Option<Box<Ladder>>,
}

impl BookSync {
    /// A book of a channel that sends a snapshot and then changes (`books`, `books-l2-tbt`, `books50-l2-tbt`, `books-rpi`).
    #[must_use]
    pub fn incremental() -> Self {
        Self {
            is_incremental: true,
            state: State::Idle,
            generation: Generation::default(),
            last_seq_id: None,
            last_prev_seq_id: None,
            last_push_ns: 0,
            gap_open: false,
            recovery: Recovery::default(),
            ladder: None,
        }
    }

    /// A book of a channel whose pushes are whole (`books5`, `bbo-tbt`).
    #[must_use]
    pub fn whole() -> Self {
        Self { is_incremental: false, ..Self::incremental() }
    }

    /// Keeps the levels from the next snapshot on. If the book is synced already, a snapshot is needed: returns true if the topic
    /// must be subscribed anew.
    pub fn keep_ladder(&mut self) -> bool {
        if self.ladder.is_some() {
            return false;
        }
        self.ladder = Some(Box::default());
        self.is_incremental && self.state == State::Synced
    }

    /// The levels, if they are kept and the book is whole.
    #[must_use]
    pub fn ladder(&self) -> Option<&Ladder> {
        self.ladder.as_deref().filter(|_| self.is_synced())
    }

    /// Whether the book is whole.
    #[must_use]
    pub fn is_synced(&self) -> bool {
        self.state == State::Synced
    }

    /// `seqId` of the last push taken.
    #[must_use]
    pub const fn seq_id(&self) -> Option<i64> {
        self.last_seq_id
    }

    /// The subscription took effect (again): a snapshot is due.
    pub fn subscribed(&mut self, generation: Generation, now_ns: u64) {
        // The first push may come before the acknowledgement.
        if generation > self.generation || !self.is_synced() {
            self.adopt(generation, now_ns);
        }
    }

    /// The user wants a snapshot: the topic is being subscribed anew.
    pub fn resubscribing(&mut self) {
        self.state = State::Asked;
        self.forget_sequence();
    }

    /// A push of this book could not be read: if it was a change, it is lost.
    pub fn unreadable(&mut self, now_ns: u64) -> Option<Verdict> {
        (self.is_incremental && self.is_synced()).then(|| self.gap(GapReason::Unreadable, now_ns))
    }

    /// Takes a push.
    pub fn handle(&mut self, generation: Generation, msg: &BookMsg<'_>, now_ns: u64) -> Verdict {
        if generation != self.generation {
            if generation < self.generation {
                return Verdict::Ignore(Ignored::Late);
            }
            self.adopt(generation, now_ns);
        }
        self.last_push_ns = now_ns;
        if !self.is_incremental || msg.action == BookAction::Snapshot {
            return self.snapshot(msg, now_ns);
        }
        self.update(msg, now_ns)
    }

    /// When [`Self::handle_timeout`] is due, monotonic nanoseconds.
    #[must_use]
    pub const fn next_timeout(&self) -> Option<u64> {
        match self.state {
            State::Waiting { until_ns } => Some(until_ns),
            State::Broken { retry_ns } => Some(retry_ns),
            State::Synced if self.is_incremental => Some(self.last_push_ns.saturating_add(SILENCE_NS)),
            State::Synced | State::Idle | State::Asked => None,
        }
    }

    /// What is due by now. Whatever it is, the topic must be subscribed anew.
    pub fn handle_timeout(&mut self, now_ns: u64) -> Option<Overdue> {
        if self.next_timeout().is_none_or(|due| now_ns < due) {
            return None;
        }
        let state = self.state;
        if state == State::Synced {
            self.recovery.broken(now_ns);
        }
        self.ask(now_ns);
        let attempts = self.recovery.attempts();
        let stale = attempts == ATTEMPTS_CEILING;
        Some(match state {
            State::Waiting { .. } => Overdue::NoSnapshot { attempts, stale },
            State::Synced => Overdue::Silent,
            _ => Overdue::Retry { attempts, stale },
        })
    }

    fn adopt(&mut self, generation: Generation, now_ns: u64) {
        self.generation = generation;
        self.forget_sequence();
        // Waits longer with each attempt, so that a venue that sends no snapshots is not asked every few seconds.
        let until_ns = now_ns.saturating_add(SNAPSHOT_WAIT_NS).max(self.recovery.next_ns());
        self.state = State::Waiting { until_ns };
    }

    fn snapshot(&mut self, msg: &BookMsg<'_>, now_ns: u64) -> Verdict {
        if let Some(ladder) = &mut self.ladder {
            ladder.replace(msg);
            if let Some(reason) = wrong_checksum(ladder, msg) {
                return self.gap(reason, now_ns);
            }
        }
        self.follow(msg);
        if self.state != State::Synced {
            self.state = State::Synced;
            self.recovery.whole(now_ns);
        }
        Verdict::Snapshot { recovered: std::mem::take(&mut self.gap_open) }
    }

    fn update(&mut self, msg: &BookMsg<'_>, now_ns: u64) -> Verdict {
        // An update ahead of its snapshot needs no attempt: should the snapshot be older than it, the sequence will tell.
        if !self.is_synced() {
            return Verdict::Ignore(Ignored::Waiting);
        }
        // Recordings from before 2023 carry no sequence: their checksums tell. One that has ended is as bad as one that is broken.
        let numbers = [self.last_seq_id, msg.prev_seq_id, msg.seq_id];
        if numbers.iter().any(Option::is_some) && numbers.iter().any(Option::is_none) {
            return self.gap(GapReason::Unnumbered, now_ns);
        }
        if let (Some(want), Some(got)) = (self.last_seq_id, msg.prev_seq_id) {
            if got != want {
                if msg.seq_id == self.last_seq_id && msg.prev_seq_id == self.last_prev_seq_id {
                    return Verdict::Ignore(Ignored::Duplicate);
                }
                return self.gap(GapReason::Sequence { want, got }, now_ns);
            }
            // A lower seqId after the right prevSeqId is a reset at maintenance; an equal one with nothing in it the heartbeat.
            if msg.seq_id == Some(want) && msg.asks.is_empty() && msg.bids.is_empty() {
                return Verdict::Ignore(Ignored::Heartbeat);
            }
        }
        let mut touched = None;
        if let Some(ladder) = &mut self.ladder {
            touched = ladder.apply(msg);
            if let Some(reason) = wrong_checksum(ladder, msg) {
                return self.gap(reason, now_ns);
            }
        }
        self.follow(msg);
        if msg.asks.is_empty() && msg.bids.is_empty() {
            return Verdict::Ignore(Ignored::Heartbeat);
        }
        Verdict::Update { touched }
    }

    const fn follow(&mut self, msg: &BookMsg<'_>) {
        self.last_seq_id = msg.seq_id;
        self.last_prev_seq_id = msg.prev_seq_id;
    }

    fn gap(&mut self, reason: GapReason, now_ns: u64) -> Verdict {
        self.gap_open = true;
        let retry_ns = self.recovery.broken(now_ns);
        let resubscribe = retry_ns <= now_ns;
        if resubscribe {
            self.ask(now_ns);
        } else {
            self.state = State::Broken { retry_ns };
            self.forget_sequence();
        }
        Verdict::Gap { reason, resubscribe }
    }

    fn ask(&mut self, now_ns: u64) {
        self.recovery.attempt(now_ns);
        self.gap_open = true;
        self.resubscribing();
    }

    fn forget_sequence(&mut self) {
        self.last_seq_id = None;
        self.last_prev_seq_id = None;
        if let Some(ladder) = &mut self.ladder {
            ladder.clear();
        }
    }
}

/// Compares with OKX's checksum where it means something: it is constant 0 since 2026-06-23, and where pushes are numbered the
/// sequence decides. That leaves recordings from before 2023.
fn wrong_checksum(ladder: &Ladder, msg: &BookMsg<'_>) -> Option<GapReason> {
    let want = msg.checksum.filter(|sum| *sum != 0 && msg.seq_id.is_none())?;
    let got = ladder.checksum();
    (got != want).then_some(GapReason::Checksum { want, got })
}
