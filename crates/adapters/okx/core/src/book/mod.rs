//! Order books from pushes: continuity, recovery, the ladder, the changes to hand on.
//!
//! Source: OKX API v5, "Order book channel" and "Sequence" (`seqId`, `prevSeqId`).

mod changes;
mod checksum;
mod flags;
mod ladder;
mod recovery;
mod sync;
#[cfg(test)]
mod tests;

pub use changes::{BookSide, Change, ChangeAction, changes};
pub use flags::{F_LAST, F_SNAPSHOT};
pub use ladder::{Ladder, SIDE_LEVELS_MAX, Touched};
pub use recovery::{ATTEMPTS_CEILING, HEALTHY_NS, RETRY_FIRST_NS, RETRY_MAX_NS, SNAPSHOT_WAIT_NS};
pub use sync::{BookSync, GapReason, Ignored, Overdue, SILENCE_NS, Verdict};
