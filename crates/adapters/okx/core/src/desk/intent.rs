//! Commands that wait for their turn: what is wanted, not yet what is sent, since orders get their ids meanwhile.

use okx_common::{
    ids::{ClOrdId, InstId},
    order::{PlaceAlgoOrder, PlaceOrder, PlaceSpreadOrder, Px},
};

use crate::orders::{
    context::Route,
    description::ChangeDescription,
    kinds::OrderType,
    tracker::{Leg, NewOrder},
};

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Intent {
    /// New orders of one request.
    Place(Vec<Placing>),
    /// An entry with what is attached to it.
    Bracket(Box<Placing>, Vec<Attaching>),
    /// A change.
    Amend(ClOrdId, ChangeDescription),
    /// Cancellations.
    Cancel(Vec<ClOrdId>),
}

/// A new order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placing {
    pub client_order_id: String,
    pub new: NewOrder,
    pub what: What,
    pub route: Route,
    pub inst_id_code: Option<u64>,
    pub placed: Placed,
}

/// A leg that goes out with its entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attaching {
    pub client_order_id: String,
    pub new: NewOrder,
    pub placed: Placed,
}

/// What is sent of a new order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Ordinary(Box<PlaceOrder>),
    Algo(Box<PlaceAlgoOrder>),
    Spread(Box<PlaceSpreadOrder>),
}

/// How an order was placed: what changes of it must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    /// `None`: as the account is configured (an order of an earlier process).
    pub route: Option<Route>,
    pub order_type: OrderType,
    /// The kind of price, of options.
    pub px: Option<Px>,
    pub leg: Option<Leg>,
}

impl Placed {
    /// An order of an earlier process.
    pub fn restored(order: &NewOrder) -> Self {
        let leg = order.attached.as_ref().map(|attached| attached.leg);
        Self { route: None, order_type: order.order_type, px: None, leg }
    }
}

/// A new order that is not sent yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waiting {
    pub client_order_id: String,
    pub inst_id: InstId,
}

impl Intent {
    /// The new orders: id for Nautilus, and the rest.
    pub fn new_orders(&self) -> Vec<(&String, &NewOrder)> {
        match self {
            Self::Place(orders) => orders.iter().map(|p| (&p.client_order_id, &p.new)).collect(),
            Self::Bracket(entry, legs) => {
                let legs = legs.iter().map(|leg| (&leg.client_order_id, &leg.new));
                std::iter::once((&entry.client_order_id, &entry.new)).chain(legs).collect()
            }
            Self::Amend(..) | Self::Cancel(_) => Vec::new(),
        }
    }
}
