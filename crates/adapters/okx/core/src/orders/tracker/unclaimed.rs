//! Fills of orders that nobody here knows, yet. A stop that was triggered during a gap made an order of its own; whose it was, only the
//! strategy order tells, and that is looked up first. Reported as somebody else's before, they would count twice.

use okx_common::clock::Now;

use super::{OrderTracker, order::Order};
use crate::orders::row::FillRow;

impl OrderTracker {
    /// Passes fills of a list on: to their orders, or as somebody else's, or not before it is known whose they are.
    pub(super) fn take_fills(&mut self, mut fills: Vec<FillRow>, now: Now) {
        fills.sort_by(FillRow::by_time);
        for fill in fills {
            match self.owner_of_fill(&fill) {
                Some(no) => {
                    self.with(no, now, |tracker, order| tracker.listed_fill(no, order, &fill, now));
                }
                None if self.orders.values().any(|order| may_have_made(order, &fill)) => {
                    self.unclaimed.push(fill);
                }
                None => self.external_fill(&fill),
            }
        }
    }

    /// Looks again at the fills that wait.
    pub(super) fn claim_fills(&mut self, now: Now) {
        if !self.unclaimed.is_empty() {
            let fills = std::mem::take(&mut self.unclaimed);
            self.take_fills(fills, now);
        }
    }

    fn owner_of_fill(&self, fill: &FillRow) -> Option<u64> {
        self.by_ord.get(&fill.ord_id).copied().or_else(|| {
            let no = fill.cl_ord_id.as_ref().and_then(|id| self.by_cl.get(id)).copied()?;
            self.orders.get(&no).is_some_and(|o| !o.is_algo() && o.ord_id.is_none()).then_some(no)
        })
    }
}

/// Whether the fill may be of an order that this one has made, which a lookup that is due will tell.
fn may_have_made(order: &Order, fill: &FillRow) -> bool {
    order.is_algo()
        && !order.is_closed()
        && order.ord_id.is_none()
        && order.new.inst_id == fill.inst_id
        && fill.side.is_none_or(|side| side == order.new.side)
        && order.lookup_due().is_some()
}
