//! The rows of REST answers and pushes: one file for each kind of thing.

mod account;
mod algo;
mod fill;
mod greeks;
mod order;
mod position;

pub use account::{account_push, balance_row, changes, snapshot_pages};
pub use algo::{algo_push, algo_row};
pub use fill::{bill_row, fill_row, fills_push};
pub use greeks::{exposed, greeks_push, greeks_row};
pub use order::{Change, FillBits, order_push, order_row};
pub use position::{past_row, position_row, positions_push, risk_row};

use super::{Cx, Trading};

impl Trading {
    /// Pushes an order to the `orders` channel.
    pub(super) fn push_order(&mut self, who: usize, id: u64, change: Change, cx: Cx<'_>) {
        let holder = &self.holders[who];
        if let Some(order) = holder.orders.get(&id).or_else(|| holder.closed.get(&id)) {
            let push = order_push(who, order, &change, cx);
            self.out.push_back(push);
        }
    }
}
