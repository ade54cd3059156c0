//! Balances and positions of the account, from snapshots, pushes and lists (OKX API v5, `account`, `positions`,
//! `balance_and_position`, `/account/balance`, `/account/positions`).
//!
//! Pushes hold what changed; snapshots hold all, over several pages. What a complete snapshot does not hold is gone; what an
//! incomplete one does not hold stays.

mod balance;
mod pages;
mod position;

#[cfg(test)]
mod tests;

pub use balance::{BalanceRow, CcyState};
pub use position::{Direction, PositionKey, PositionRow, PositionState};

use indexmap::IndexMap;
use okx_common::ids::Ccy;
use okx_ws::message::Page;
use rustc_hash::FxBuildHasher;

use pages::{Pages, Step};

/// What rows have changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Balances as they are now; those that are gone are 0.
    pub balances: Vec<CcyState>,
    /// Positions as they are now; those that are closed are 0.
    pub positions: Vec<PositionState>,
}

impl Changes {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.balances.is_empty() && self.positions.is_empty()
    }
}

/// See the module.
#[derive(Debug, Clone, Default)]
pub struct AccountState {
    balances: IndexMap<Ccy, CcyState, FxBuildHasher>,
    positions: IndexMap<PositionKey, PositionState, FxBuildHasher>,
    balance_pages: Pages<Ccy>,
    position_pages: Pages<PositionKey>,
}

impl AccountState {
    /// A push of `account`. `page` is that of the push.
    pub fn balances(&mut self, rows: &[BalanceRow], page: Option<&Page>) -> Changes {
        let keys = rows.iter().map(|row| row.ccy.clone());
        let step = self.balance_pages.step(page, keys);
        let mut changes = Changes::default();
        for row in rows {
            changes.balances.extend(self.balance(row));
        }
        if let Step::Complete(all) = step {
            for (ccy, known) in &mut self.balances {
                if !all.contains(ccy) && known.clear() {
                    changes.balances.push(known.clone());
                }
            }
        }
        changes
    }

    /// The whole of `/account/balance`: what is not in it is 0.
    pub fn all_balances(&mut self, rows: &[BalanceRow]) -> Changes {
        self.balance_pages = Pages::default();
        self.balances(rows, Some(&whole()))
    }

    /// A push of `positions`.
    pub fn positions(&mut self, rows: &[PositionRow], page: Option<&Page>) -> Changes {
        let keys = rows.iter().map(PositionRow::key);
        let step = self.position_pages.step(page, keys);
        let mut changes = Changes::default();
        for row in rows {
            changes.positions.extend(self.position(row));
        }
        if let Step::Complete(all) = step {
            let gone = |key: &PositionKey| !all.contains(key);
            for (_, position) in self.positions.extract_if(.., |key, _| gone(key)) {
                changes.positions.push(position.closed());
            }
        }
        changes
    }

    /// The whole of `/account/positions`: what is not in it is closed.
    pub fn all_positions(&mut self, rows: &[PositionRow]) -> Changes {
        self.position_pages = Pages::default();
        self.positions(rows, Some(&whole()))
    }

    /// A push of `balance_and_position`: cash and positions, earlier than the other channels.
    pub fn cash_and_positions(&mut self, cash: &[BalanceRow], positions: &[PositionRow]) -> Changes {
        let mut changes = Changes::default();
        for row in cash {
            changes.balances.extend(self.balance(row));
        }
        for row in positions {
            changes.positions.extend(self.position(row));
        }
        changes
    }

    /// The link is down: pages of an interrupted snapshot do not belong to the next one.
    pub fn link_lost(&mut self) {
        self.balance_pages = Pages::default();
        self.position_pages = Pages::default();
    }

    /// The balances, in the order they came.
    pub fn balance_states(&self) -> impl Iterator<Item = &CcyState> {
        self.balances.values()
    }

    /// The open positions, in the order they came.
    pub fn position_states(&self) -> impl Iterator<Item = &PositionState> {
        self.positions.values()
    }

    fn balance(&mut self, row: &BalanceRow) -> Option<CcyState> {
        let known = self.balances.entry(row.ccy.clone()).or_insert_with(|| CcyState::new(row.ccy.clone()));
        known.apply(row).then(|| known.clone())
    }

    fn position(&mut self, row: &PositionRow) -> Option<PositionState> {
        let key = row.key();
        match self.positions.get_mut(&key) {
            Some(known) => {
                if !known.apply(row) {
                    return None;
                }
                let state = known.clone();
                if state.quantity.is_zero() {
                    self.positions.shift_remove(&key);
                }
                Some(state)
            }
            // A close of what is not known changes nothing here.
            None if row.pos.is_none_or(okx_common::decimal::Decimal::is_zero) => None,
            None => {
                let state = PositionState::new(row);
                self.positions.insert(key, state.clone());
                Some(state)
            }
        }
    }
}

fn whole() -> Page {
    Page {
        event_type: Some(okx_common::enums::AccountEventType::Snapshot),
        cur_page: Some(1),
        last_page: true,
    }
}
