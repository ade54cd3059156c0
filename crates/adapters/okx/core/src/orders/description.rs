//! What a strategy asks for.

use okx_common::{decimal::Decimal, enums::Side, ids::ClOrdId};

use super::{
    kinds::{OrderType, TimeInForce, TrailingOffsetType, TriggerType},
    params::OrderParams,
};

/// An order in Nautilus' terms.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderDescription {
    /// The id that goes to OKX ([`super::client_id`]).
    pub cl_ord_id: ClOrdId,
    /// Side.
    pub side: Side,
    /// Type.
    pub order_type: OrderType,
    /// Quantity: contracts, or base currency; quote currency with `quote_quantity`.
    pub quantity: Decimal,
    /// Whether the quantity is in quote currency.
    pub quote_quantity: bool,
    /// How long it lives.
    pub time_in_force: TimeInForce,
    /// Limit price.
    pub price: Option<Decimal>,
    /// Trigger price.
    pub trigger_price: Option<Decimal>,
    /// Which price triggers.
    pub trigger_type: TriggerType,
    /// Distance of a trailing stop.
    pub trailing_offset: Option<Decimal>,
    /// How the distance is meant.
    pub trailing_offset_type: TrailingOffsetType,
    /// Price at which a trailing stop becomes active.
    pub activation_price: Option<Decimal>,
    /// Only as a maker.
    pub post_only: bool,
    /// Only reducing a position.
    pub reduce_only: bool,
    /// The part to show.
    pub display_qty: Option<Decimal>,
    /// What else was said about this order.
    pub params: OrderParams,
}

impl OrderDescription {
    /// An order at the market, good till cancelled, with nothing special about it.
    #[must_use]
    pub fn market(cl_ord_id: impl Into<ClOrdId>, side: Side, quantity: Decimal) -> Self {
        Self {
            cl_ord_id: cl_ord_id.into(),
            side,
            order_type: OrderType::Market,
            quantity,
            quote_quantity: false,
            time_in_force: TimeInForce::Gtc,
            price: None,
            trigger_price: None,
            trigger_type: TriggerType::Default,
            trailing_offset: None,
            trailing_offset_type: TrailingOffsetType::NoOffset,
            activation_price: None,
            post_only: false,
            reduce_only: false,
            display_qty: None,
            params: OrderParams::default(),
        }
    }

    /// An order at a limit.
    #[must_use]
    pub fn limit(cl_ord_id: impl Into<ClOrdId>, side: Side, quantity: Decimal, price: Decimal) -> Self {
        Self { order_type: OrderType::Limit, price: Some(price), ..Self::market(cl_ord_id, side, quantity) }
    }

    /// A stop at the market.
    #[must_use]
    pub fn stop_market(
        cl_ord_id: impl Into<ClOrdId>,
        side: Side,
        quantity: Decimal,
        trigger: Decimal,
    ) -> Self {
        Self {
            order_type: OrderType::StopMarket,
            trigger_price: Some(trigger),
            ..Self::market(cl_ord_id, side, quantity)
        }
    }
}

/// What a strategy wants to change of an order. What is `None` stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChangeDescription {
    /// New total quantity, what is filled included.
    pub quantity: Option<Decimal>,
    /// New limit price.
    pub price: Option<Decimal>,
    /// New trigger price.
    pub trigger_price: Option<Decimal>,
}

impl ChangeDescription {
    /// Whether nothing changes.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.quantity.is_none() && self.price.is_none() && self.trigger_price.is_none()
    }
}
