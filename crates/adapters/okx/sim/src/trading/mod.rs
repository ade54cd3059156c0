//! The trading side of the exchange: accounts in motion, matching, conditional orders, and what is pushed about them.
//!
//! * [`Trading`] is a state machine next to the [market](crate::market): no I/O and no clock. Its market comes in as
//!   [`Quotes`](crate::quotes::Quotes), the time in milliseconds of the exchange's clock; pushes are polled.
//! * A taker meets the market's book and the resting orders of all accounts by price and time, and gets one fill for each maker. A
//!   resting order is filled by the market's trades once those ahead of it are served, or when the market crosses it.
//! * Differences from OKX, on purpose: what takers take is not missing from the published book, own orders are not shown in it, and
//!   the gains of margin positions are settled in the quote currency whichever currency serves as margin.

mod algo;
mod amend;
mod answer;
mod black;
mod bounds;
mod cancel;
mod closing;
mod cx;
mod draft;
mod due;
pub mod dump;
mod execute;
mod expiry;
mod fees;
mod fields;
mod fill;
mod funds;
mod history;
mod holder;
mod ids;
mod instrument;
mod ledger;
mod look;
mod mishap;
mod num;
mod offers;
mod order;
mod place;
mod position;
mod push;
mod rate;
mod reduce;
mod refusal;
mod request;
mod rest;
mod row;
mod rows;
mod settlement;
mod snapshot;
mod spread;
mod words;

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

pub use answer::Answer;
pub(crate) use bounds::{FIRST_TIER, TIERS};
pub use cx::Cx;
pub use fields::Fields;
pub use push::PrivatePush;
pub use request::{Op, Way};
pub use rest::Ask;

use self::{due::Due, holder::Holder, ids::Ids, instrument::Instrument, rate::Rates};
use crate::{account::Account, hash::Fnv};

/// Time between two looks at the market for resting and conditional orders, milliseconds.
const LOOK_MS: u64 = 50;
/// First trade id of an instrument.
const FIRST_TRADE: i64 = 1_000_000_000;

/// The trading side of an exchange. See the [module](self).
#[derive(Debug, Default)]
pub struct Trading {
    holders: Vec<Holder>,
    ids: Ids,
    trade_ids: BTreeMap<String, i64>,
    ranks: u64,
    /// Resting orders by instrument: account and order.
    resting: BTreeMap<String, BTreeSet<(usize, u64)>>,
    due: BTreeMap<(u64, u64), Due>,
    due_no: u64,
    out: VecDeque<PrivatePush>,
    looked_ms: u64,
    /// Instruments whose next funding is planned.
    funding: BTreeSet<String>,
    /// Accounts that get regular pushes.
    regular: BTreeSet<usize>,
    /// Accounts whose greeks somebody has asked for.
    greeks: BTreeSet<usize>,
    rates: Rates,
    page_rows: usize,
    /// Open orders are limited in number.
    capped: bool,
    /// Instruments whose end is planned.
    endings: BTreeSet<String>,
    /// Instruments whose next daily settlement is planned.
    settlements: BTreeSet<String>,
}

impl Trading {
    /// The accounts with what they start with.
    #[must_use]
    pub fn new(accounts: &[Account], page_rows: usize, ms: u64) -> Self {
        Self {
            holders: accounts.iter().map(|account| Holder::new(account, ms)).collect(),
            page_rows: page_rows.max(1),
            capped: true,
            looked_ms: ms,
            ..Self::default()
        }
    }

    /// Settings of an account as they are now.
    #[must_use]
    pub fn profile(&self, who: usize) -> Option<&Account> {
        self.holders.get(who).map(|holder| &holder.profile)
    }

    /// Whether the number of open orders is limited.
    pub fn set_capped(&mut self, capped: bool) {
        self.capped = capped;
    }

    /// The next push.
    pub fn poll(&mut self) -> Option<PrivatePush> {
        self.out.pop_front()
    }

    /// Brings it to the time of `cx`: timers, resting orders, conditional orders.
    pub fn advance(&mut self, cx: Cx<'_>) {
        while let Some(entry) = self.due.first_entry().filter(|e| e.key().0 <= cx.ms) {
            let ((at, _), due) = entry.remove_entry();
            self.happen(due, Cx { ms: at, ..cx });
        }
        // The clock may have been set back.
        self.looked_ms = self.looked_ms.min(cx.ms);
        if self.next_look().is_some_and(|at| at <= cx.ms) {
            self.look(cx);
        }
    }

    /// When [`advance`](Self::advance) has something to do, milliseconds of the exchange's clock.
    #[must_use]
    pub fn next_ms(&self) -> Option<u64> {
        let due = self.due.keys().next().map(|(at, _)| *at);
        [due, self.next_look()].into_iter().flatten().min()
    }

    fn next_look(&self) -> Option<u64> {
        let watches = !self.resting.is_empty() || self.holders.iter().any(Holder::watches);
        watches.then(|| (self.looked_ms / LOOK_MS + 1) * LOOK_MS)
    }

    /// A hash over accounts, orders and positions.
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        let mut hash = Fnv::default();
        hash.word(self.ids.last());
        hash.word(self.ranks);
        for holder in &self.holders {
            for (ccy, cash) in &holder.cash {
                hash.bytes(format!("{ccy} {} {}", cash.bal, cash.frozen).as_bytes());
            }
            for position in holder.positions.values() {
                let text = format!("{} {} {} {}", position.id, position.qty, position.avg, position.margin);
                hash.bytes(text.as_bytes());
            }
            for order in holder.orders.values().chain(holder.closed.values()) {
                let text = format!("{} {} {} {:?} {}", order.id, order.state, order.acc, order.px, order.sz);
                hash.bytes(text.as_bytes());
            }
            for algo in holder.algos.values().chain(holder.past_algos.values()) {
                hash.bytes(format!("{} {} {:?}", algo.id, algo.state, algo.trail).as_bytes());
            }
            hash.word(holder.fills.len() as u64);
            hash.word(holder.bills.len() as u64);
            for order in holder.spreads.open.values().chain(holder.spreads.closed.values()) {
                hash.bytes(format!("{} {} {}", order.id, order.state, order.acc).as_bytes());
            }
        }
        self.due.keys().for_each(|(at, no)| hash.word(at ^ no));
        hash.value()
    }

    /// The number of the next trade of an instrument.
    fn trade_id(&mut self, inst_id: &str) -> i64 {
        let last = self.trade_ids.entry(inst_id.to_owned()).or_insert(FIRST_TRADE);
        *last += 1;
        *last
    }

    /// Whether two accounts belong to the same master, so that they must not trade with each other.
    fn same_master(&self, one: usize, other: usize) -> bool {
        self.holders[one].profile.main_uid == self.holders[other].profile.main_uid
    }

    fn rest_on_book(&mut self, inst: &Arc<Instrument>, who: usize, id: u64) {
        self.resting.entry(inst.id.clone()).or_default().insert((who, id));
    }

    fn off_book(&mut self, inst_id: &str, who: usize, id: u64) {
        if let Some(orders) = self.resting.get_mut(inst_id) {
            orders.remove(&(who, id));
            if orders.is_empty() {
                self.resting.remove(inst_id);
            }
        }
    }
}
