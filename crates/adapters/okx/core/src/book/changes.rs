//! A book push as a series of changes.

use okx_common::decimal::Decimal;
use okx_ws::message::{BookMsg, Level};

use super::flags::{F_LAST, F_SNAPSHOT};

/// What a change does, with the values Nautilus gives them (`BookAction`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ChangeAction {
    /// A level of a new book.
    Add = 1,
    /// The level has this size now, whether it was there or not.
    Update = 2,
    /// The level is gone.
    Delete = 3,
    /// All levels are gone.
    Clear = 4,
}

/// Side of a level, with the values Nautilus gives them (`OrderSide`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum BookSide {
    /// Of a clear.
    None = 0,
    /// Bids.
    Buy = 1,
    /// Asks.
    Sell = 2,
}

/// One change of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// What it does.
    pub action: ChangeAction,
    /// Which side.
    pub side: BookSide,
    /// Price; 0 for a clear.
    pub px: Decimal,
    /// Size, contracts or base currency; 0 for a clear or a delete.
    pub sz: Decimal,
    /// [`F_SNAPSHOT`] and [`F_LAST`].
    pub flags: u8,
}

/// The changes that a push means: of a whole book a clear and then its levels, bids first; of an update its levels.
///
/// The last one carries [`F_LAST`]. An update without levels (the heartbeat of a quiet book) gives nothing.
pub fn changes<'a>(msg: &BookMsg<'a>, is_snapshot: bool) -> impl ExactSizeIterator<Item = Change> + use<'a> {
    let (bids, asks) = (msg.bids, msg.asks);
    let first = usize::from(is_snapshot);
    let count = first + bids.len() + asks.len();
    let base = if is_snapshot { F_SNAPSHOT } else { 0 };
    (0..count).map(move |at| {
        let flags = if at + 1 == count { base | F_LAST } else { base };
        if is_snapshot && at == 0 {
            let zero = Decimal::ZERO;
            return Change { action: ChangeAction::Clear, side: BookSide::None, px: zero, sz: zero, flags };
        }
        let at = at - first;
        let (side, level) = if at < bids.len() {
            (BookSide::Buy, &bids[at])
        } else {
            (BookSide::Sell, &asks[at - bids.len()])
        };
        Change { action: action_of(level, is_snapshot), side, px: level.px, sz: level.sz, flags }
    })
}

fn action_of(level: &Level, is_snapshot: bool) -> ChangeAction {
    match (level.sz.is_zero(), is_snapshot) {
        (true, _) => ChangeAction::Delete,
        (false, true) => ChangeAction::Add,
        (false, false) => ChangeAction::Update,
    }
}
