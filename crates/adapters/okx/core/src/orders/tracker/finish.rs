//! Ending orders, once everything about them is known.

use okx_common::clock::Now;

use super::{
    EventKind, Level, OrderTracker,
    order::{End, Order},
};

impl OrderTracker {
    /// Ends the order if OKX has, and no fill is missing.
    pub(super) fn try_finish(&mut self, no: u64, order: &mut Order, now: Now) {
        if order.is_closed() || order.misses_fills() {
            return;
        }
        let Some(ending) = order.ending.take() else { return };
        let ts_ms = ending.ts_ms;
        match ending.how {
            End::Filled => {
                if order.held.is_some() {
                    order.new.quantity = order.filled;
                    order.new.quote_quantity = false;
                    self.updated(order, ts_ms, true);
                    self.release(order);
                } else if order.filled < order.new.quantity {
                    // There is no fill left that could end it: OKX completed it with less.
                    let cause = order.part_failed.take().map_or_else(String::new, |why| format!(" ({why})"));
                    let (filled, quantity) = (order.filled, order.new.quantity);
                    let reason = format!("OKX completed the order with {filled} of {quantity}{cause}");
                    self.emit(order, ts_ms, EventKind::Canceled { reason });
                }
            }
            End::Canceled(reason) => {
                self.release(order);
                self.warn_of_unknown_source(order, &reason);
                self.emit(order, ts_ms, EventKind::Canceled { reason });
            }
            End::Expired(reason) => {
                self.release(order);
                self.emit(order, ts_ms, EventKind::Expired { reason });
            }
            End::Failed(reason) => {
                self.release(order);
                if order.accepted {
                    self.emit(order, ts_ms, EventKind::Canceled { reason });
                } else {
                    return self.reject(no, order, reason, false, ts_ms, now);
                }
            }
        }
        self.close(no, order, false, now);
    }

    /// Plans to fetch fills that OKX shows and nobody has told.
    pub(super) fn watch_fills(&mut self, order: &mut Order, now: Now) {
        if order.is_closed() {
            return;
        }
        order.hinted.take_if(|trade| order.trades.contains(trade));
        if order.misses_fills() {
            order.fills_due_ns.get_or_insert(now.mono_ns.saturating_add(self.config.fill_wait_ns));
        } else if order.hinted.is_none() && !order.vanished {
            order.fills_due_ns = None;
        }
    }

    fn warn_of_unknown_source(&mut self, order: &Order, reason: &str) {
        if reason.contains("a reason that is not known") {
            let text = format!("order {} was cancelled for {reason}", order.new.cl_ord_id);
            self.log(Level::Warning, text);
        }
    }
}
