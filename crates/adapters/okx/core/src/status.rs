//! Trading states of instruments: an event for each change, none for a repetition.

use okx_common::{enums::InstState, ids::InstId};
use rustc_hash::FxHashMap;

/// The last known state of each instrument somebody watches.
///
/// ```
/// use okx_common::enums::InstState;
/// use okx_core::status::StatusBoard;
/// let mut board = StatusBoard::default();
/// assert!(board.note("BTC-USDT", &InstState::Live));
/// assert!(!board.note("BTC-USDT", &InstState::Live));
/// assert!(board.note("BTC-USDT", &InstState::Suspend));
/// ```
#[derive(Debug, Clone, Default)]
pub struct StatusBoard {
    states: FxHashMap<InstId, InstState>,
}

impl StatusBoard {
    /// Notes a state; true if it is news.
    pub fn note(&mut self, inst_id: impl Into<InstId>, state: &InstState) -> bool {
        let inst_id = inst_id.into();
        if self.states.get(&inst_id) == Some(state) {
            return false;
        }
        self.states.insert(inst_id, state.clone());
        true
    }

    /// Forgets an instrument: the next state is news again.
    pub fn forget(&mut self, inst_id: impl Into<InstId>) {
        self.states.remove(&inst_id.into());
    }
}
