//! What Nautilus' engine makes of the events, with its rules for them. It outlives the client's processes, as a cache does.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    desk::{RestoredOrder, SubmitSpec},
    orders::tracker::{AttachedLeg, EventKind, KnownOrder, NewOrder, OrderEvent, VenueId},
};
use okx_common::{
    decimal::Decimal,
    ids::{InstId, TradeId},
    rng::{Rng, SeededRng},
};

use super::run::Broken;

/// An order of the cache.
#[derive(Debug, Clone)]
pub struct Known {
    pub spec: SubmitSpec,
    /// Its id at OKX.
    pub okx_id: String,
    pub attached: Option<AttachedLeg>,
    pub quantity: Decimal,
    pub price: Option<Decimal>,
    pub trigger: Option<Decimal>,
    pub venue_id: Option<VenueId>,
    pub filled: Decimal,
    pub trades: BTreeSet<String>,
    pub submitted: bool,
    pub accepted: bool,
    pub triggered: bool,
    pub pending_cancel: bool,
    pub pending_update: bool,
    /// How it ended: by an event, or by the fill that reached its quantity.
    pub ended: Option<&'static str>,
}

impl Known {
    pub fn is_open(&self) -> bool {
        self.submitted && self.ended.is_none()
    }

    pub fn is_algo(&self) -> bool {
        self.spec.order.order_type.is_conditional() || self.attached.is_some()
    }
}

#[derive(Debug, Default)]
pub struct Engine {
    pub orders: BTreeMap<String, Known>,
    /// How often each event came.
    pub events: BTreeMap<&'static str, u64>,
}

fn broken<T>(text: String) -> Result<T, Broken> {
    Err(Broken(text))
}

impl Engine {
    /// The strategy makes an order.
    pub fn made(&mut self, spec: SubmitSpec, okx_id: String, attached: Option<AttachedLeg>) {
        let known = Known {
            quantity: spec.order.quantity,
            price: spec.order.price,
            trigger: spec.order.trigger_price,
            okx_id,
            attached,
            venue_id: None,
            filled: Decimal::ZERO,
            trades: BTreeSet::new(),
            submitted: false,
            accepted: false,
            triggered: false,
            pending_cancel: false,
            pending_update: false,
            ended: None,
            spec,
        };
        self.orders.insert(known.spec.client_order_id.clone(), known);
    }

    pub fn some_open(&self, rng: &mut SeededRng) -> Option<String> {
        let open: Vec<_> = self.orders.iter().filter(|(_, o)| o.is_open()).map(|(id, _)| id).collect();
        (!open.is_empty()).then(|| open[rng.below(open.len() as u64) as usize].clone())
    }

    pub fn all_open(&self) -> Vec<String> {
        self.orders.iter().filter(|(_, o)| o.is_open()).map(|(id, _)| id.clone()).collect()
    }

    fn note(&mut self, name: &'static str) {
        *self.events.entry(name).or_default() += 1;
    }

    pub fn denied(&mut self, id: &str, reason: &str) -> Result<(), Broken> {
        self.note("denied");
        match self.orders.get_mut(id) {
            Some(order) if !order.submitted && order.ended.is_none() => order.ended = Some("denied"),
            other => return broken(format!("{id} denied ({reason}), but it is {other:?}")),
        }
        Ok(())
    }

    /// A command for an order that the client does not know: it is over here, or was never submitted.
    pub fn unknown(&mut self, id: &str, kind: &EventKind) -> Result<(), Broken> {
        self.note("unknown");
        match self.orders.get_mut(id) {
            Some(order) if order.is_open() => {
                broken(format!("{id} is not known to the client any more ({kind:?}), but is open: {order:?}"))
            }
            _ => Ok(()),
        }
    }

    pub fn apply(&mut self, id: &str, event: &OrderEvent) -> Result<(), Broken> {
        let name = event.kind.name();
        self.note(name);
        let Some(order) = self.orders.get_mut(id) else { return broken(format!("{event:?} of no order")) };
        if *event.cl_ord_id != *order.okx_id {
            return broken(format!("{id} has the id {} at OKX, not {}", order.okx_id, event.cl_ord_id));
        }
        let is_answer =
            matches!(event.kind, EventKind::CancelRejected { .. } | EventKind::ModifyRejected { .. });
        let is_late_fill = matches!(event.kind, EventKind::Filled(_)) && order.ended == Some("canceled");
        if order.ended.is_some() && !is_late_fill && !is_answer {
            return broken(format!("{name} after {id} has {:?}: {event:?}", order.ended));
        }
        if !order.submitted && event.kind != EventKind::Submitted {
            return broken(format!("{name} of {id}, which was not submitted"));
        }
        if event.venue_id.is_some() {
            order.venue_id.clone_from(&event.venue_id);
        }
        let needs_accepted =
            matches!(event.kind, EventKind::Updated { .. } | EventKind::Filled(_) | EventKind::Triggered);
        // A leg that never came alive is cancelled without having been accepted.
        let is_canceled = matches!(event.kind, EventKind::Canceled { .. }) && order.attached.is_none();
        if (needs_accepted || is_canceled) && !order.accepted {
            return broken(format!("{name} before {id} was accepted: {event:?}"));
        }
        match &event.kind {
            EventKind::Submitted => {
                if std::mem::replace(&mut order.submitted, true) {
                    return broken(format!("{id} submitted twice"));
                }
            }
            EventKind::Accepted => {
                if std::mem::replace(&mut order.accepted, true) {
                    return broken(format!("{id} accepted twice"));
                }
            }
            EventKind::Triggered => {
                if std::mem::replace(&mut order.triggered, true) {
                    return broken(format!("{id} triggered twice"));
                }
            }
            EventKind::PendingCancel => order.pending_cancel = true,
            EventKind::PendingUpdate => order.pending_update = true,
            EventKind::CancelRejected { .. } => order.pending_cancel = false,
            EventKind::ModifyRejected { .. } => order.pending_update = false,
            EventKind::Updated { quantity, price, trigger_price, .. } => {
                if *quantity < order.filled {
                    return broken(format!("{id} updated below what is filled: {event:?} {order:?}"));
                }
                (order.quantity, order.price, order.trigger) = (*quantity, *price, *trigger_price);
                order.pending_update = false;
            }
            EventKind::Filled(fill) => {
                if !order.trades.insert(fill.trade_id.to_string()) {
                    return broken(format!("trade {} of {id} twice", fill.trade_id));
                }
                order.filled = order.filled.checked_add(fill.qty).map_err(|e| Broken(e.to_string()))?;
                if order.filled > order.quantity {
                    return broken(format!("{id} overfilled: {order:?}"));
                }
                if order.filled == order.quantity && order.ended.is_none() {
                    order.ended = Some("filled");
                }
            }
            EventKind::Rejected { .. } => {
                if order.accepted {
                    return broken(format!("{id} rejected after it was accepted: {event:?}"));
                }
                order.ended = Some("rejected");
            }
            EventKind::Canceled { .. } => order.ended = Some("canceled"),
            EventKind::Expired { .. } => return broken(format!("{id} expired here: {event:?}")),
        }
        Ok(())
    }

    /// The open orders, as the cache hands them to a new process. What was made and never submitted is gone.
    pub fn restart(&mut self) -> Vec<RestoredOrder> {
        self.orders.retain(|_, order| order.submitted || order.ended.is_some());
        let open = self.orders.values().filter(|order| order.is_open());
        let restored = open.map(|order| {
            let mut description = order.spec.order.clone();
            description.cl_ord_id = order.okx_id.as_str().into();
            let new = NewOrder::of(&description, &InstId::new(order.spec.inst_id.as_str()));
            let new = match &order.attached {
                Some(leg) => new.attached_to(leg.clone()),
                None => new,
            };
            let new = NewOrder {
                quantity: order.quantity,
                price: order.price,
                trigger_price: order.trigger,
                ..new
            };
            RestoredOrder {
                client_order_id: order.spec.client_order_id.clone(),
                known: KnownOrder {
                    order: new,
                    venue_id: order.venue_id.clone(),
                    accepted: order.accepted,
                    triggered: order.triggered,
                    pending_cancel: order.pending_cancel,
                    pending_update: order.pending_update,
                    filled: order.filled,
                    trade_ids: order.trades.iter().map(TradeId::new).collect(),
                },
            }
        });
        restored.collect()
    }
}
