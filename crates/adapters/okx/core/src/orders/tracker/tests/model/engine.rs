//! What Nautilus' engine makes of the events, with its rules for them.

use std::collections::{BTreeMap, BTreeSet};

use okx_common::{
    decimal::Decimal,
    rng::{Rng, SeededRng},
};

use super::{
    super::{EventKind, NewOrder, OrderEvent},
    venue::Venue,
};

#[derive(Debug)]
struct Known {
    quantity: Decimal,
    price: Option<Decimal>,
    filled: Decimal,
    trades: BTreeSet<String>,
    submitted: u32,
    accepted: u32,
    /// How it ended: by an event, or by the fill that reached its quantity.
    ended: Option<&'static str>,
    pending_cancel: bool,
    pending_update: bool,
}

#[derive(Debug)]
pub struct Engine {
    seed: u64,
    orders: BTreeMap<String, Known>,
}

impl Engine {
    pub const fn new(seed: u64) -> Self {
        Self { seed, orders: BTreeMap::new() }
    }

    pub fn submitted(&mut self, new: &NewOrder) {
        let known = Known {
            quantity: new.quantity,
            price: new.price,
            filled: Decimal::ZERO,
            trades: BTreeSet::new(),
            submitted: 0,
            accepted: 0,
            ended: None,
            pending_cancel: false,
            pending_update: false,
        };
        self.orders.insert(new.cl_ord_id.to_string(), known);
    }

    pub fn some_open(&self, rng: &mut SeededRng) -> Option<String> {
        let open: Vec<_> = self.orders.iter().filter(|(_, o)| o.ended.is_none()).map(|(id, _)| id).collect();
        (!open.is_empty()).then(|| open[rng.below(open.len() as u64) as usize].clone())
    }

    pub fn apply(&mut self, event: &OrderEvent) {
        let seed = self.seed;
        let id = event.cl_ord_id.as_str();
        let order = self.orders.get_mut(id).unwrap_or_else(|| panic!("seed {seed}: {event:?} of no order"));
        let name = event.kind.name();
        let is_late_fill = matches!(event.kind, EventKind::Filled(_)) && order.ended == Some("canceled");
        let is_answer =
            matches!(event.kind, EventKind::CancelRejected { .. } | EventKind::ModifyRejected { .. });
        assert!(
            order.ended.is_none() || is_late_fill || is_answer,
            "seed {seed}: {name} after the order {id} has {:?}",
            order.ended
        );
        match &event.kind {
            EventKind::Submitted => order.submitted += 1,
            EventKind::Accepted => order.accepted += 1,
            EventKind::PendingCancel => order.pending_cancel = true,
            EventKind::PendingUpdate => order.pending_update = true,
            EventKind::CancelRejected { .. } => order.pending_cancel = false,
            EventKind::ModifyRejected { .. } => order.pending_update = false,
            EventKind::Updated { quantity, price, .. } => {
                assert_eq!(order.accepted, 1, "seed {seed}: updated before it was accepted");
                assert!(*quantity >= order.filled, "seed {seed}: {id} updated below what is filled");
                order.quantity = *quantity;
                order.price = *price;
                order.pending_update = false;
            }
            EventKind::Filled(fill) => {
                assert_eq!(order.accepted, 1, "seed {seed}: filled before it was accepted");
                assert!(
                    order.trades.insert(fill.trade_id.to_string()),
                    "seed {seed}: trade {} of {id} twice",
                    fill.trade_id
                );
                order.filled = order.filled.checked_add(fill.qty).unwrap();
                assert!(order.filled <= order.quantity, "seed {seed}: {id} overfilled");
                if order.filled == order.quantity && order.ended.is_none() {
                    order.ended = Some("filled");
                }
            }
            EventKind::Rejected { .. } => {
                assert_eq!((order.accepted, order.filled), (0, Decimal::ZERO), "seed {seed}: {id} rejected");
                order.ended = Some("rejected");
            }
            EventKind::Canceled { .. } => {
                assert_eq!(order.accepted, 1, "seed {seed}: canceled before it was accepted");
                order.ended = Some("canceled");
            }
            EventKind::Expired { .. } | EventKind::Triggered => panic!("seed {seed}: {name} here"),
        }
    }

    /// All quiet: the engine must know what the venue knows.
    pub fn compare(&self, venue: &Venue) {
        let seed = self.seed;
        for (id, order) in &self.orders {
            let about = format!("seed {seed}: {id} {order:?} against {:?}", venue.by_id(id));
            assert_eq!(order.submitted, 1, "{about}");
            assert!(order.accepted <= 1, "{about}");
            let Some(real) = venue.by_id(id) else {
                assert_eq!((order.ended, order.accepted), (Some("rejected"), 0), "{about}");
                continue;
            };
            let trades: BTreeSet<_> = real.fills.iter().map(|f| f.trade_id.to_string()).collect();
            assert_eq!((&order.trades, order.filled), (&trades, real.acc), "{about}");
            assert_eq!(order.ended.is_none(), real.is_open(), "{about}");
            if real.is_open() {
                assert_eq!((order.quantity, order.price), (real.sz, Some(real.px)), "{about}");
                assert!(!order.pending_cancel && !order.pending_update, "{about}");
            }
        }
    }
}
