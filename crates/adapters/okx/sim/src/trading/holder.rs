//! One account in motion: its money, orders and positions.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    sync::Arc,
};

use super::{
    algo::Algo,
    instrument::Instrument,
    ledger::{Bill, Fill, MAX_RECORDS},
    num::Num,
    order::Order,
    position::{PosKey, Position},
    spread::Spreads,
    words::{Kind, PosSide, TdMode},
};
use crate::account::Account;

/// Leverage until the client sets one.
const DEFAULT_LEVER: i64 = 3;

/// A balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cash {
    /// `cashBal`: below 0 if borrowed.
    pub bal: Num,
    /// Kept for open orders.
    pub frozen: Num,
    /// When it changed.
    pub u_ms: u64,
}

/// What leverage is set for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeverKey {
    /// Instrument, or underlying for cross futures.
    pub scope: String,
    /// Margin mode.
    pub mode: TdMode,
    /// Position side; `net` unless isolated in long/short mode.
    pub side: PosSide,
}

/// An account in motion. See the [module](self).
#[derive(Debug, Default)]
pub struct Holder {
    /// Its settings, as they are now.
    pub profile: Account,
    /// Balances by currency.
    pub cash: BTreeMap<String, Cash>,
    /// Open positions.
    pub positions: BTreeMap<PosKey, Position>,
    /// Closed positions, oldest first.
    pub past: VecDeque<Position>,
    /// `posId` of every position there ever was.
    pub pos_ids: BTreeMap<PosKey, u64>,
    /// Leverage that was set.
    pub levers: BTreeMap<LeverKey, Num>,
    /// Open orders.
    pub orders: BTreeMap<u64, Order>,
    /// Those that ended.
    pub closed: BTreeMap<u64, Order>,
    /// The latest order of a `clOrdId`.
    pub by_cl: HashMap<String, u64>,
    /// Fills, oldest first.
    pub fills: VecDeque<Fill>,
    /// Orders for spreads.
    pub spreads: Spreads,
    /// Bills, oldest first.
    pub bills: VecDeque<Bill>,
    /// Conditional orders that wait.
    pub algos: BTreeMap<u64, Algo>,
    /// Those that ended.
    pub past_algos: BTreeMap<u64, Algo>,
    /// When all orders (of a tag) are cancelled, by tag; the empty tag stands for all orders.
    pub timers: BTreeMap<String, u64>,
    /// Until when orders with market maker protection are locked, by family.
    pub locks: BTreeMap<String, u64>,
    /// Currencies whose `account` push is due.
    pub stale_ccys: BTreeSet<String>,
    /// Positions whose push is due, as they are now.
    pub stale_positions: BTreeMap<PosKey, Position>,
    /// A push of the two is planned.
    pub flush_planned: bool,
}

impl Holder {
    /// An account with its first balances.
    #[must_use]
    pub fn new(profile: &Account, ms: u64) -> Self {
        let cash = profile.balances.iter().filter_map(|(ccy, amount)| {
            let bal = Num::parse(amount)?;
            Some((ccy.clone(), Cash { bal, frozen: Num::ZERO, u_ms: ms }))
        });
        Self { cash: cash.collect(), profile: profile.clone(), ..Self::default() }
    }

    /// Whether the market has to be watched for it beside its resting orders.
    #[must_use]
    pub fn watches(&self) -> bool {
        !self.algos.is_empty() || !self.spreads.open.is_empty()
    }

    /// Whether orders and positions are kept apart by side.
    #[must_use]
    pub fn is_hedged(&self) -> bool {
        self.profile.pos_mode == "long_short_mode"
    }

    /// An order by `ordId`, else `clOrdId`; the latest of that name.
    #[must_use]
    pub fn find(&self, ord_id: &str, cl_id: &str) -> Option<&Order> {
        let id = if ord_id.is_empty() { *self.by_cl.get(cl_id)? } else { ord_id.parse().ok()? };
        self.orders.get(&id).or_else(|| self.closed.get(&id))
    }

    /// Whether an open order has this `clOrdId`.
    #[must_use]
    pub fn has_open(&self, cl_id: &str) -> bool {
        !cl_id.is_empty() && self.by_cl.get(cl_id).is_some_and(|id| self.orders.contains_key(id))
    }

    /// The key leverage is filed under.
    #[must_use]
    pub fn lever_key(&self, inst: &Instrument, mode: TdMode, side: PosSide) -> LeverKey {
        let whole = mode == TdMode::Cross && inst.kind.is_future();
        let scope = if whole { inst.family.clone() } else { inst.id.clone() };
        let side = if mode == TdMode::Isolated { side } else { PosSide::Net };
        LeverKey { scope, mode, side }
    }

    /// Leverage of an instrument.
    #[must_use]
    pub fn lever(&self, inst: &Instrument, mode: TdMode, side: PosSide) -> Num {
        let set = self.levers.get(&self.lever_key(inst, mode, side)).copied();
        let most = if inst.max_lever.is_positive() { inst.max_lever } else { Num::ONE };
        set.unwrap_or_else(|| Num::int(DEFAULT_LEVER).min(most))
    }

    /// Where the position of an order is filed.
    #[must_use]
    pub fn key_of(order: &Order) -> PosKey {
        PosKey {
            inst_id: order.inst.id.clone(),
            kind: order.inst.kind,
            mode: if order.inst.kind == Kind::Events { TdMode::Isolated } else { order.td },
            side: order.pos_side,
            outcome: order.outcome.clone(),
        }
    }

    /// The position of this key, opened if need be.
    pub fn position(
        &mut self,
        key: &PosKey,
        inst: &Arc<Instrument>,
        ccy: &str,
        id: impl FnOnce() -> u64,
        ms: u64,
    ) -> &mut Position {
        let lever = self.lever(inst, key.mode, key.side);
        let id = *self.pos_ids.entry(key.clone()).or_insert_with(id);
        self.positions
            .entry(key.clone())
            .or_insert_with(|| Position::new(id, key, inst.clone(), ccy, lever, ms))
    }

    /// Signed size of the position of this key.
    #[must_use]
    pub fn held(&self, key: &PosKey) -> Num {
        self.positions.get(key).map_or(Num::ZERO, |p| p.qty)
    }

    /// Changes a balance and writes the bill.
    pub fn pay(&mut self, mut bill: Bill, id: u64) {
        let cash = self.cash.entry(bill.ccy.clone()).or_default();
        cash.bal += bill.change;
        cash.u_ms = bill.ms;
        self.stale_ccys.insert(bill.ccy.clone());
        bill.id = id;
        bill.bal = cash.bal;
        self.bills.push_back(bill);
        if self.bills.len() > MAX_RECORDS {
            self.bills.pop_front();
        }
    }

    /// Keeps a fill.
    pub fn keep_fill(&mut self, fill: Fill) {
        self.fills.push_back(fill);
        if self.fills.len() > MAX_RECORDS {
            self.fills.pop_front();
        }
    }

    /// Freezes so much more of a currency; less if below 0.
    pub fn freeze(&mut self, ccy: &str, by: Num) {
        if by.is_zero() {
            return;
        }
        self.cash.entry(ccy.to_owned()).or_default().frozen += by;
        self.stale_ccys.insert(ccy.to_owned());
    }

    /// Marks a position for the next push; a closed one leaves the list of open ones.
    pub fn touch(&mut self, key: &PosKey, ms: u64) {
        let Some(position) = self.positions.get_mut(key) else { return };
        position.u_ms = ms;
        self.stale_positions.insert(key.clone(), position.clone());
        self.stale_ccys.insert(position.ccy.clone());
        if position.qty.is_zero() {
            let done = self.positions.remove(key);
            self.past.extend(done);
            if self.past.len() > MAX_RECORDS {
                self.past.pop_front();
            }
        }
    }

    /// Files an order that ended.
    pub fn close(&mut self, id: u64) {
        let Some(order) = self.orders.remove(&id) else { return };
        self.freeze(&order.frozen_ccy, -order.frozen);
        let order = Order { frozen: Num::ZERO, ..order };
        self.closed.insert(id, order);
        let over = self.closed.len() > MAX_RECORDS;
        if let Some((_, gone)) = over.then(|| self.closed.pop_first()).flatten()
            && self.by_cl.get(&gone.cl_id) == Some(&gone.id)
        {
            self.by_cl.remove(&gone.cl_id);
        }
    }
}
