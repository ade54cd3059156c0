//! Amendments.

use okx_common::{
    ids::{AlgoId, OrdId},
    instrument::Instrument,
    order::{AlgoPx, AlgoTarget, AmendAlgoOrder, AmendOrder, NewPx, OrderTarget, Px},
};

use crate::orders::{
    check, context::Product, denial::Denial, description::ChangeDescription, kinds::OrderType, tracker::Leg,
};

/// The order to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeTarget {
    /// Its type.
    pub order_type: OrderType,
    /// What it is to OKX.
    pub product: Product,
    /// Which order: the ordinary one (of a strategy order, once it is triggered), or the strategy order.
    pub target: TargetKind,
    /// The kind of price it was placed with, for options.
    pub px: Option<Px>,
    /// Which leg of a strategy order it is: of a bracket, or of one that closes a position.
    pub leg: Option<Leg>,
}

/// An ordinary order or one that waits for a trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetKind {
    /// Ordinary.
    Order(OrderTarget),
    /// Waiting.
    Algo(AlgoTarget),
}

impl From<OrdId> for TargetKind {
    fn from(id: OrdId) -> Self {
        Self::Order(id.into())
    }
}

impl From<AlgoId> for TargetKind {
    fn from(id: AlgoId) -> Self {
        Self::Algo(id.into())
    }
}

/// A change ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PreparedChange {
    /// Of an ordinary order.
    Ordinary(Box<AmendOrder>),
    /// Of a strategy order; REST only.
    Algo(Box<AmendAlgoOrder>),
}

/// Checks a change and translates it. `req_id` is unique for each change: OKX tells the result by it.
///
/// # Errors
/// Why the change is refused; nothing was sent.
pub fn change(
    order: &ChangeTarget,
    change: &ChangeDescription,
    instrument: &Instrument,
    req_id: &str,
) -> Result<PreparedChange, Denial> {
    if change.is_empty() {
        return Err(Denial::NothingToChange);
    }
    if let Some(quantity) = change.quantity {
        check::quantity_step(quantity, instrument)?;
    }
    if let Some(price) = change.price {
        check::price("price", price, order.product, instrument)?;
    }
    if let Some(price) = change.trigger_price {
        check::price("trigger price", price, order.product, instrument)?;
    }
    let kind = order.order_type;
    match &order.target {
        TargetKind::Order(target) => {
            if kind == OrderType::Market {
                return Err(Denial::NotAmendable(kind));
            }
            if change.trigger_price.is_some() {
                return Err(Denial::NoSuchField(kind, "trigger price"));
            }
            let mut amend = AmendOrder::new(instrument.inst_id.clone(), target.clone());
            amend.req_id = Some(req_id.to_owned());
            amend.new_sz = change.quantity;
            amend.new_px = change.price.map(|px| match order.px {
                Some(Px::Usd(_)) => NewPx::Usd(px),
                Some(Px::Vol(_)) => NewPx::Vol(px),
                _ => NewPx::Px(px),
            });
            Ok(PreparedChange::Ordinary(Box::new(amend)))
        }
        TargetKind::Algo(target) => {
            if kind == OrderType::TrailingStopMarket {
                return Err(Denial::NotAmendable(kind));
            }
            let has_price =
                matches!(kind, OrderType::StopLimit | OrderType::LimitIfTouched | OrderType::Limit);
            if change.trigger_price.is_some() && kind == OrderType::Limit {
                return Err(Denial::NoSuchField(kind, "trigger price"));
            }
            if change.price.is_some() && !has_price {
                return Err(Denial::NoSuchField(kind, "price"));
            }
            let mut amend = AmendAlgoOrder::new(instrument.inst_id.clone(), target.clone());
            amend.req_id = Some(req_id.to_owned());
            amend.new_sz = change.quantity;
            let px = change.price.map(AlgoPx::Limit);
            match order.leg {
                None => (amend.new_trigger_px, amend.new_ord_px) = (change.trigger_price, px),
                Some(Leg::StopLoss) => {
                    (amend.new_sl_trigger_px, amend.new_sl_ord_px) = (change.trigger_price, px);
                }
                Some(Leg::TakeProfit) => {
                    // A take profit LIMIT waits as a trigger at its price.
                    let trigger = if kind == OrderType::Limit { change.price } else { change.trigger_price };
                    (amend.new_tp_trigger_px, amend.new_tp_ord_px) = (trigger, px);
                }
            }
            Ok(PreparedChange::Algo(Box::new(amend)))
        }
    }
}
