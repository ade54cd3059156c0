//! The levels of a book, kept.

use okx_common::decimal::Decimal;
use okx_ws::message::{BookMsg, Level};

use super::checksum::checksum;

/// Most levels a side keeps; OKX's deepest channel has 400. Beyond it the worst level is dropped, so that a peer that never deletes
/// cannot fill the memory.
pub const SIDE_LEVELS_MAX: usize = 1_000;

/// How near to the top a push changed the ladder: 0 for the best level of a side. `None` if nothing changed.
pub type Touched = Option<usize>;

/// Both sides of a book, levels by price.
///
/// ```
/// use okx_core::book::Ladder;
/// let ladder = Ladder::default();
/// assert_eq!(ladder.bids().count(), 0);
/// assert!(!ladder.is_crossed());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ladder {
    // The best level is the last one of each side: most changes are near the top, where they move little.
    bids: Vec<Level>,
    asks: Vec<Level>,
}

impl Ladder {
    /// Takes a whole book in place of this one.
    pub fn replace(&mut self, msg: &BookMsg<'_>) {
        self.bids.clear();
        self.asks.clear();
        self.apply(msg);
    }

    /// Takes changes; size 0 removes. Returns how near to the top something changed.
    pub fn apply(&mut self, msg: &BookMsg<'_>) -> Touched {
        let bids =
            msg.bids.iter().filter_map(|level| set(&mut self.bids, level, |have, new| have < new)).min();
        let asks =
            msg.asks.iter().filter_map(|level| set(&mut self.asks, level, |have, new| have > new)).min();
        match (bids, asks) {
            (Some(b), Some(a)) => Some(b.min(a)),
            (one, other) => one.or(other),
        }
    }

    /// Forgets all levels.
    pub fn clear(&mut self) {
        self.bids.clear();
        self.asks.clear();
    }

    /// Bids, best first.
    pub fn bids(&self) -> impl ExactSizeIterator<Item = &Level> {
        self.bids.iter().rev()
    }

    /// Asks, best first.
    pub fn asks(&self) -> impl ExactSizeIterator<Item = &Level> {
        self.asks.iter().rev()
    }

    /// The highest bid.
    #[must_use]
    pub fn best_bid(&self) -> Option<&Level> {
        self.bids.last()
    }

    /// The lowest ask.
    #[must_use]
    pub fn best_ask(&self) -> Option<&Level> {
        self.asks.last()
    }

    /// Whether the best bid is at or above the best ask. Normal only before an instrument opens.
    #[must_use]
    pub fn is_crossed(&self) -> bool {
        matches!((self.best_bid(), self.best_ask()), (Some(bid), Some(ask)) if bid.px >= ask.px)
    }

    /// OKX's checksum of the best 25 levels of each side, as a signed number.
    #[must_use]
    pub fn checksum(&self) -> i32 {
        checksum(self)
    }
}

/// Sets one level; returns its distance from the best one if something changed.
fn set(side: &mut Vec<Level>, level: &Level, is_worse: impl Fn(Decimal, Decimal) -> bool) -> Touched {
    let at = side.partition_point(|have| is_worse(have.px, level.px));
    let rank = side.len().saturating_sub(at);
    let found = side.get(at).is_some_and(|have| have.px == level.px);
    match (found, level.sz.is_zero()) {
        (true, true) => {
            side.remove(at);
            Some(rank - 1)
        }
        (true, false) => {
            if side[at] == *level {
                return None;
            }
            side[at] = *level;
            Some(rank - 1)
        }
        // A delete of a level that is not there: nothing to do (the depth of the channel may have hidden it).
        (false, true) => None,
        (false, false) => {
            side.insert(at, *level);
            if side.len() > SIDE_LEVELS_MAX {
                side.remove(0);
            }
            Some(rank)
        }
    }
}
