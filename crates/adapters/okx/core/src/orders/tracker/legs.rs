//! Legs of brackets: take profits and stop losses that OKX makes one strategy order of, once their entry is filled.

use okx_common::{clock::Now, ids::ClOrdId};

use super::{
    EventKind, OrderTracker,
    commands::CommandRefused,
    order::{End, Ending, NewOrder, Order, Pending},
};
use crate::orders::row::{AlgoRow, OrderRow};

/// Which leg of a strategy order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Leg {
    /// The take profit.
    TakeProfit,
    /// The stop loss.
    StopLoss,
}

impl Leg {
    /// OKX's word in `actualSide`.
    const fn word(self) -> &'static str {
        match self {
            Self::TakeProfit => "tp",
            Self::StopLoss => "sl",
        }
    }
}

/// To what a leg belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedLeg {
    /// Which leg it is.
    pub leg: Leg,
    /// The entry.
    pub entry: ClOrdId,
    /// `attachAlgoClOrdId`, which the strategy order has as `algoClOrdId`; the same for both legs.
    pub algo_cl_ord_id: ClOrdId,
}

/// What an effective strategy order means for one of its legs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// This one was triggered.
    Mine,
    /// The other one was.
    Other,
    /// OKX does not say.
    Unclear,
}

impl OrderTracker {
    /// Legs go out with their entry: call it right after [`Self::submit`] of the entry, once for each. They come alive when it is
    /// filled, and end with it if it is not.
    ///
    /// # Errors
    /// If the id is known already.
    pub fn submit_leg(&mut self, leg: NewOrder, now: Now) -> Result<(), CommandRefused> {
        if self.by_cl.contains_key(&leg.cl_ord_id) {
            return Err(CommandRefused::Duplicate(leg.cl_ord_id));
        }
        let order = Order::new(leg);
        self.emit(&order, None, EventKind::Submitted);
        let no = self.add(order);
        self.with(no, now, |_, _| ());
        Ok(())
    }

    /// Notes to what the order belongs, if it is a leg.
    pub(super) fn join(&mut self, no: u64, order: &Order) {
        let Some(attached) = &order.new.attached else { return };
        self.groups.entry(attached.algo_cl_ord_id.clone()).or_default().push(no);
        self.legs.entry(attached.entry.clone()).or_default().push(no);
    }

    /// Forgets to what the order belongs.
    pub(super) fn leave(&mut self, no: u64, order: &Order) {
        let Some(attached) = &order.new.attached else { return };
        for (map, key) in [(&mut self.groups, &attached.algo_cl_ord_id), (&mut self.legs, &attached.entry)] {
            if let Some(members) = map.get_mut(key) {
                members.retain(|member| *member != no);
                if members.is_empty() {
                    map.remove(key);
                }
            }
        }
    }

    /// The orders that the strategy order stands for: one, or the legs of a bracket.
    pub(super) fn algo_owners(&self, row: &AlgoRow) -> Vec<u64> {
        let by_id = self.by_algo.get(row.algo_id.as_str()).copied();
        let of_group = |no: u64| {
            let attached = self.orders.get(&no)?.new.attached.as_ref()?;
            self.groups.get(&attached.algo_cl_ord_id).cloned()
        };
        if let Some(no) = by_id {
            return of_group(no).unwrap_or_else(|| vec![no]);
        }
        if let Some(members) = self.groups.get(row.algo_cl_ord_id.as_str()) {
            return members.clone();
        }
        self.algo_owner(row).into_iter().collect()
    }

    /// The legs of which one has made this order, while it is not known which: its pushes cannot be used yet.
    pub(super) fn undecided(&self, row: &OrderRow) -> Option<&Vec<u64>> {
        if row.algo_id.is_empty() && row.algo_cl_ord_id.is_empty() {
            return None;
        }
        let by_group = || self.groups.get(row.algo_cl_ord_id.as_str());
        let by_id = || {
            let no = self.by_algo.get(row.algo_id.as_str())?;
            let attached = self.orders.get(no)?.new.attached.as_ref()?;
            self.groups.get(&attached.algo_cl_ord_id)
        };
        by_group().or_else(by_id)
    }

    /// The leg that was triggered, if it is known: the orders of the strategy order are its.
    pub(super) fn triggered_leg(&self, row: &OrderRow) -> Option<u64> {
        let members = self.undecided(row)?;
        let is_effective = |no: &&u64| self.orders.get(no).is_some_and(|order| order.effective);
        members.iter().find(is_effective).copied().or(match members.as_slice() {
            [only] => Some(*only),
            _ => None,
        })
    }

    /// Whether the effective strategy order has triggered this order.
    pub(super) fn fate(&self, order: &Order, row: &AlgoRow) -> Fate {
        let Some(attached) = &order.new.attached else { return Fate::Mine };
        let is_pair = self.groups.get(&attached.algo_cl_ord_id).is_some_and(|members| members.len() > 1);
        match row.actual_side.as_str() {
            _ if !is_pair => Fate::Mine,
            side if side == attached.leg.word() => Fate::Mine,
            "tp" | "sl" => Fate::Other,
            _ => Fate::Unclear,
        }
    }

    /// An entry is over: its legs come alive, or die with it.
    pub(super) fn entry_over(&mut self, entry: &Order, refused: bool, now: Now) {
        let Some(legs) = self.legs.remove(&entry.new.cl_ord_id) else { return };
        let has_filled = entry.filled.is_positive();
        let wait = self.config.push_wait_ns;
        for no in legs {
            self.with(no, now, |tracker, leg| {
                if leg.is_closed() || leg.accepted {
                    return;
                }
                if refused {
                    let reason = "the entry of the bracket was refused".to_owned();
                    tracker.reject(no, leg, reason, false, None, now);
                } else if has_filled {
                    let mut pending = Pending::new(false, now.mono_ns, wait);
                    pending.cause = Some("the entry is filled, but this leg has not come alive".to_owned());
                    leg.submit.get_or_insert(pending);
                } else {
                    let reason = "the entry of the bracket ended without a fill".to_owned();
                    leg.ending = Some(Ending { how: End::Canceled(reason), ts_ms: None });
                }
            });
        }
    }
}

impl Order {
    /// A leg that OKX has not made an order of yet.
    pub(super) const fn is_dormant(&self) -> bool {
        self.new.attached.is_some() && !self.accepted && self.submit.is_none()
    }
}
