//! Orders as the engine hands them over.

use okx_common::ids::InstId;

use crate::orders::{description::OrderDescription, tracker::KnownOrder};

/// An order to be submitted.
#[derive(Debug, Clone, PartialEq)]
pub struct SubmitSpec {
    /// The id as Nautilus knows it. The one that goes to OKX is made from it; `order.cl_ord_id` is not read.
    pub client_order_id: String,
    /// Instrument, or spread.
    pub inst_id: InstId,
    /// The order.
    pub order: OrderDescription,
    /// In a list: the entry of the bracket that this order is a leg of, as Nautilus knows it.
    pub parent: Option<String>,
}

impl SubmitSpec {
    /// An order that stands for itself.
    #[must_use]
    pub fn new(
        client_order_id: impl Into<String>,
        inst_id: impl Into<InstId>,
        order: OrderDescription,
    ) -> Self {
        Self { client_order_id: client_order_id.into(), inst_id: inst_id.into(), order, parent: None }
    }

    /// The same as a leg of a bracket.
    #[must_use]
    pub fn with_parent(self, client_order_id: impl Into<String>) -> Self {
        Self { parent: Some(client_order_id.into()), ..self }
    }
}

/// An order of an earlier process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoredOrder {
    /// The id as Nautilus knows it.
    pub client_order_id: String,
    /// The order. Its ids (`cl_ord_id`, and `entry` and `algo_cl_ord_id` of a leg) are those of OKX: [`Desk::okx_id`](super::Desk::okx_id).
    pub known: KnownOrder,
}
