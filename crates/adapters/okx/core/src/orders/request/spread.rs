//! Orders on spreads.

use okx_common::{
    decimal::Decimal,
    enums::OrdType,
    ids::SprdId,
    order::{AmendSpreadOrder, OrderTarget, PX_TEXT_MAX, PlaceSpreadOrder},
};

use crate::orders::{
    context::{AccountContext, Product},
    denial::Denial,
    description::{ChangeDescription, OrderDescription},
    kinds::{OrderType, TimeInForce},
};

/// What orders on a spread must keep to (`/sprd/spreads`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpreadSpec {
    /// Spread.
    pub sprd_id: SprdId,
    /// Price step.
    pub tick_sz: Decimal,
    /// Size step.
    pub lot_sz: Decimal,
    /// Smallest size.
    pub min_sz: Decimal,
}

/// Checks an order on a spread and translates it. Prices may be negative or zero.
///
/// # Errors
/// Why the order is denied; nothing was sent.
pub fn spread(
    order: &OrderDescription,
    spec: &SpreadSpec,
    account: &AccountContext,
) -> Result<PlaceSpreadOrder, Denial> {
    let (kind, tif) = (order.order_type, order.time_in_force);
    let ord_type = match (kind, tif) {
        (OrderType::Market | OrderType::Limit, TimeInForce::Gtd) if !account.gtd_as_gtc => {
            return Err(Denial::Gtd);
        }
        (_, TimeInForce::Day | TimeInForce::AtTheOpen | TimeInForce::AtTheClose) => {
            return Err(Denial::Session(tif));
        }
        (OrderType::Market | OrderType::Limit, TimeInForce::Fok) => {
            return Err(Denial::TimeInForce(kind, tif));
        }
        (OrderType::Market, _) => OrdType::Market,
        (OrderType::Limit, TimeInForce::Ioc) if order.post_only => {
            return Err(Denial::PostOnly(tif.to_string()));
        }
        (OrderType::Limit, TimeInForce::Ioc) => OrdType::Ioc,
        (OrderType::Limit, _) if order.post_only => OrdType::PostOnly,
        (OrderType::Limit, _) => OrdType::Limit,
        _ => return Err(Denial::OrderTypeOn(Product::Spread, kind)),
    };
    if order.post_only && kind == OrderType::Market {
        return Err(Denial::PostOnly(format!("a {kind} order")));
    }
    if order.reduce_only {
        return Err(Denial::ReduceOnly(Product::Spread, "submit it without the flag"));
    }
    if order.quote_quantity {
        return Err(Denial::QuoteQuantity(Product::Spread, "the spread's size currency"));
    }
    if order.display_qty.is_some() {
        return Err(Denial::DisplayQuantity);
    }
    size(order.quantity, spec)?;
    if order.quantity < spec.min_sz {
        return Err(Denial::BelowMin { quantity: order.quantity, min: spec.min_sz });
    }
    let px = match (kind, order.price) {
        (OrderType::Market, None) => None,
        (OrderType::Market, Some(_)) => return Err(Denial::Superfluous(kind, "price")),
        (_, None) => return Err(Denial::Missing(kind, "price")),
        (_, Some(px)) => Some(price(px, spec)?),
    };
    let mut place = PlaceSpreadOrder::new(spec.sprd_id.clone(), order.side, ord_type, order.quantity);
    place.px = px;
    place.cl_ord_id = Some(order.cl_ord_id.clone());
    place.tag = order.params.tag.clone().or_else(|| account.tag.clone());
    Ok(place)
}

/// Checks a change of an order on a spread and translates it.
///
/// # Errors
/// Why the change is refused; nothing was sent.
pub fn change_spread(
    target: OrderTarget,
    change: &ChangeDescription,
    spec: &SpreadSpec,
    req_id: &str,
) -> Result<AmendSpreadOrder, Denial> {
    if change.is_empty() {
        return Err(Denial::NothingToChange);
    }
    if change.trigger_price.is_some() {
        return Err(Denial::NoSuchField(OrderType::Limit, "trigger price"));
    }
    if let Some(quantity) = change.quantity {
        size(quantity, spec)?;
    }
    let mut amend = AmendSpreadOrder::new(target);
    amend.req_id = Some(req_id.to_owned());
    amend.new_sz = change.quantity;
    amend.new_px = change.price.map(|px| price(px, spec)).transpose()?;
    Ok(amend)
}

fn size(quantity: Decimal, spec: &SpreadSpec) -> Result<(), Denial> {
    if !quantity.is_positive() {
        return Err(Denial::NotPositive { what: "quantity", number: quantity });
    }
    if !quantity.is_multiple_of(spec.lot_sz) {
        return Err(Denial::Step { what: "quantity", number: quantity, step: spec.lot_sz });
    }
    Ok(())
}

fn price(px: Decimal, spec: &SpreadSpec) -> Result<Decimal, Denial> {
    if !px.is_multiple_of(spec.tick_sz) {
        return Err(Denial::Step { what: "price", number: px, step: spec.tick_sz });
    }
    if px.to_string().len() > PX_TEXT_MAX {
        return Err(Denial::TooLong { what: "price", number: px });
    }
    Ok(px)
}
