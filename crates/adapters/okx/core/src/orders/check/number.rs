//! Quantities and prices against the instrument.

use okx_common::{decimal::Decimal, instrument::Instrument, order::PX_TEXT_MAX};

use crate::orders::{context::Product, denial::Denial, description::OrderDescription, kinds::OrderType};

pub(super) fn quantity(
    order: &OrderDescription,
    product: Product,
    instrument: &Instrument,
) -> Result<(), Denial> {
    let quantity = order.quantity;
    if order.quote_quantity {
        // Any amount of quote currency; OKX has a least order value.
        return positive("quantity", quantity);
    }
    quantity_step(quantity, instrument)?;
    if quantity < instrument.min_sz {
        return Err(Denial::BelowMin { quantity, min: instrument.min_sz });
    }
    let is_pair = matches!(product, Product::Spot | Product::Margin);
    let (max, kind) = match order.order_type {
        OrderType::Market if is_pair => (None, ""),
        OrderType::Market => (instrument.max_mkt_sz, "market"),
        kind if kind.is_conditional() => (instrument.max_trigger_sz, "trigger"),
        _ => (instrument.max_lmt_sz, "limit"),
    };
    match max.filter(|max| quantity > *max) {
        Some(max) => Err(Denial::AboveMax { quantity, max, kind }),
        None => Ok(()),
    }
}

/// Checks that a quantity is above 0 and a multiple of the lot.
///
/// # Errors
/// If it is not.
pub fn quantity_step(quantity: Decimal, instrument: &Instrument) -> Result<(), Denial> {
    positive("quantity", quantity)?;
    step("quantity", quantity, instrument.lot_sz)
}

pub(super) fn prices(
    order: &OrderDescription,
    product: Product,
    instrument: &Instrument,
) -> Result<(), Denial> {
    let kind = order.order_type;
    let needs_price = matches!(kind, OrderType::Limit | OrderType::StopLimit | OrderType::LimitIfTouched);
    let needs_trigger = kind.is_conditional() && kind != OrderType::TrailingStopMarket;
    match order.price {
        Some(px) if needs_price => price("price", px, product, instrument)?,
        Some(_) => return Err(Denial::Superfluous(kind, "price")),
        None if needs_price && order.params.px_usd.is_none() && order.params.px_vol.is_none() => {
            return Err(Denial::Missing(kind, "price"));
        }
        None => {}
    }
    match order.trigger_price {
        Some(px) if needs_trigger => price("trigger price", px, product, instrument)?,
        Some(_) => return Err(Denial::Superfluous(kind, "trigger price")),
        None if needs_trigger => return Err(Denial::Missing(kind, "trigger price")),
        None => {}
    }
    if kind == OrderType::TrailingStopMarket {
        let offset = order.trailing_offset.ok_or(Denial::Missing(kind, "trailing offset"))?;
        positive("trailing offset", offset)?;
        if let Some(px) = order.activation_price {
            price("activation price", px, product, instrument)?;
        }
    }
    for px in [order.params.px_usd, order.params.px_vol].into_iter().flatten() {
        text_len("price", px)?;
    }
    Ok(())
}

/// Checks a price: above 0 (spreads aside), a multiple of the tick, not too long. OKX rounds prices of options itself, since their
/// tick depends on the price.
///
/// # Errors
/// If it is not.
pub fn price(
    what: &'static str,
    px: Decimal,
    product: Product,
    instrument: &Instrument,
) -> Result<(), Denial> {
    if product != Product::Spread {
        positive(what, px)?;
    }
    if !matches!(product, Product::Option | Product::Events) {
        step(what, px, instrument.tick_sz)?;
    }
    text_len(what, px)
}

fn positive(what: &'static str, number: Decimal) -> Result<(), Denial> {
    if number.is_positive() { Ok(()) } else { Err(Denial::NotPositive { what, number }) }
}

fn step(what: &'static str, number: Decimal, step: Decimal) -> Result<(), Denial> {
    if number.is_multiple_of(step) { Ok(()) } else { Err(Denial::Step { what, number, step }) }
}

fn text_len(what: &'static str, number: Decimal) -> Result<(), Denial> {
    if number.to_string().len() <= PX_TEXT_MAX { Ok(()) } else { Err(Denial::TooLong { what, number }) }
}
