//! What is denied before anything is sent, so that after a submission only OKX decides.

mod kind;
mod number;

use okx_common::{enums::Side, instrument::Instrument};

use super::{
    context::{AccountContext, PriceBand, Product},
    denial::Denial,
    description::OrderDescription,
    kinds::OrderType,
};

pub use number::{price, quantity_step};

/// Checks an order on an instrument.
///
/// `band` is what `price-limit` said last, if it is followed. The maximum sizes of market orders on pairs are in USDT and left to
/// OKX.
///
/// # Errors
/// The first thing that OKX would refuse, or understand otherwise than meant.
pub fn order(
    order: &OrderDescription,
    product: Product,
    instrument: &Instrument,
    account: &AccountContext,
    band: Option<PriceBand>,
) -> Result<(), Denial> {
    kind::order_type(order, product)?;
    kind::time_in_force(order, account)?;
    kind::flags(order, product)?;
    kind::quote_quantity(order, product)?;
    kind::trigger(order, product)?;
    number::quantity(order, product, instrument)?;
    number::prices(order, product, instrument)?;
    match (order.side, order.price, band) {
        (Side::Buy, Some(price), Some(band)) if price > band.buy_max => {
            Err(Denial::AboveBand { price, max: band.buy_max })
        }
        (Side::Sell, Some(price), Some(band)) if price < band.sell_min => {
            Err(Denial::BelowBand { price, min: band.sell_min })
        }
        _ => Ok(()),
    }
    .and_then(|()| limits_of_params(order, product))
}

/// Whether the order's parameters are for what it is.
fn limits_of_params(order: &OrderDescription, product: Product) -> Result<(), Denial> {
    let params = &order.params;
    let is_option_price = params.px_usd.is_some() || params.px_vol.is_some();
    if is_option_price && product != Product::Option {
        return Err(Denial::Param("px_usd, px_vol", "only options are priced so"));
    }
    if params.px_usd.is_some() && params.px_vol.is_some() {
        return Err(Denial::Param("px_usd, px_vol", "only one of them"));
    }
    if product == Product::Events && params.outcome.is_none() {
        return Err(Denial::Param("outcome", "orders on event contracts need yes or no"));
    }
    if product != Product::Events && params.outcome.is_some() {
        return Err(Denial::Param("outcome", "only for event contracts"));
    }
    let is_pair = matches!(product, Product::Spot | Product::Margin);
    let is_market = order.order_type == OrderType::Market;
    if params.slippage_pct.is_some() && !(is_pair && is_market) {
        return Err(Denial::Param("slippage_pct", "only for market orders on pairs"));
    }
    if params.ban_amend.is_some() && !(product == Product::Spot && is_market) {
        return Err(Denial::Param("ban_amend", "only for market orders on SPOT"));
    }
    if params.trade_quote_ccy.is_some() && !is_pair {
        return Err(Denial::Param("trade_quote_ccy", "only for pairs"));
    }
    if params.close_fraction && !matches!(product, Product::Swap | Product::Futures) {
        return Err(Denial::Param("close_fraction", "only for SWAP and FUTURES"));
    }
    if params.close_fraction
        && !matches!(order.order_type, OrderType::StopMarket | OrderType::MarketIfTouched)
    {
        return Err(Denial::Param("close_fraction", "only for stops and touches at the market"));
    }
    if params.cxl_on_close_pos.is_some() && !(params.close_fraction && order.reduce_only) {
        return Err(Denial::Param("cxl_on_close_pos", "needs close_fraction and a reduce-only order"));
    }
    if !params.attached.is_empty() && order.order_type.is_conditional() {
        return Err(Denial::Param("tp_…, sl_…", "can be attached to market and limit orders only"));
    }
    Ok(())
}
