//! Types, times in force and flags.

use okx_common::enums::{OrdType, Side, StpMode};

use crate::orders::{
    context::{AccountContext, Product},
    denial::Denial,
    description::OrderDescription,
    kinds::{OrderType, TimeInForce, TrailingOffsetType, TriggerType},
};

pub(super) fn order_type(order: &OrderDescription, product: Product) -> Result<(), Denial> {
    let kind = order.order_type;
    match kind {
        OrderType::MarketToLimit | OrderType::TrailingStopLimit => Err(Denial::OrderType(kind)),
        OrderType::Market if matches!(product, Product::Option | Product::Events) => {
            Err(Denial::NoMarket(product))
        }
        OrderType::TrailingStopMarket if product == Product::Margin => Ok(()),
        _ if kind.is_conditional() && !product.takes_triggers() => Err(Denial::OrderTypeOn(product, kind)),
        _ => Ok(()),
    }
}

pub(super) fn time_in_force(order: &OrderDescription, account: &AccountContext) -> Result<(), Denial> {
    let (kind, tif) = (order.order_type, order.time_in_force);
    match tif {
        TimeInForce::Gtd if account.gtd_as_gtc => Ok(()),
        TimeInForce::Gtd => Err(Denial::Gtd),
        TimeInForce::Day | TimeInForce::AtTheOpen | TimeInForce::AtTheClose => Err(Denial::Session(tif)),
        TimeInForce::Gtc => Ok(()),
        TimeInForce::Ioc if kind != OrderType::TrailingStopMarket => Ok(()),
        TimeInForce::Fok
            if matches!(kind, OrderType::Limit | OrderType::StopLimit | OrderType::LimitIfTouched) =>
        {
            Ok(())
        }
        TimeInForce::Ioc | TimeInForce::Fok => Err(Denial::TimeInForce(kind, tif)),
    }
}

pub(super) fn flags(order: &OrderDescription, product: Product) -> Result<(), Denial> {
    let (kind, tif) = (order.order_type, order.time_in_force);
    if order.display_qty.is_some() {
        return Err(Denial::DisplayQuantity);
    }
    if order.post_only {
        if kind != OrderType::Limit {
            return Err(Denial::PostOnly(format!("a {kind} order")));
        }
        if matches!(tif, TimeInForce::Ioc | TimeInForce::Fok) {
            return Err(Denial::PostOnly(tif.to_string()));
        }
    }
    if product == Product::Spread && tif == TimeInForce::Fok {
        return Err(Denial::TimeInForce(kind, tif));
    }
    if tif == TimeInForce::Fok && order.params.stp_mode == Some(StpMode::CancelBoth) {
        return Err(Denial::Param("stp_mode", "cancel_both does not go with FOK (54036)"));
    }
    ord_type(order, product)
}

/// `ord_type` narrows what the order is; it must not contradict it.
fn ord_type(order: &OrderDescription, product: Product) -> Result<(), Denial> {
    let Some(wanted) = &order.params.ord_type else { return Ok(()) };
    let refuse = |why| Err(Denial::OrdType(wanted.to_string(), why));
    let is_plain_limit = order.order_type == OrderType::Limit && order.time_in_force == TimeInForce::Gtc;
    match wanted {
        OrdType::OptimalLimitIoc => {
            if !matches!(product, Product::Swap | Product::Futures) {
                return refuse("it is for SWAP and FUTURES");
            }
            if order.order_type != OrderType::Market {
                return refuse("it is a market order");
            }
        }
        OrdType::Rpi if !is_plain_limit => return refuse("it is a limit order, GTC"),
        OrdType::Rpi if order.reduce_only => return refuse("it cannot be reduce-only (54039)"),
        OrdType::Mmp | OrdType::MmpAndPostOnly => {
            if product != Product::Option {
                return refuse("it is for OPTION");
            }
            if !is_plain_limit {
                return refuse("it is a limit order, GTC");
            }
            if *wanted == OrdType::Mmp && order.post_only {
                return refuse("the order is post-only: use mmp_and_post_only");
            }
        }
        _ => {}
    }
    Ok(())
}

pub(super) fn quote_quantity(order: &OrderDescription, product: Product) -> Result<(), Denial> {
    let is_market = order.order_type == OrderType::Market;
    if product == Product::Margin && is_market {
        return match (order.side, order.quote_quantity) {
            (Side::Buy, false) => Err(Denial::MarginBuyInBase),
            (Side::Sell, true) => Err(Denial::MarginSellInQuote),
            _ => Ok(()),
        };
    }
    if !order.quote_quantity {
        return Ok(());
    }
    match product {
        Product::Spot if is_market => Ok(()),
        Product::Spot | Product::Margin => Err(Denial::QuoteQuantityOfLimit),
        Product::Spread => Err(Denial::QuoteQuantity(product, "the spread's size currency")),
        _ => Err(Denial::QuoteQuantity(product, "contracts")),
    }
}

pub(super) fn trigger(order: &OrderDescription, product: Product) -> Result<(), Denial> {
    if !order.order_type.is_conditional() {
        return Ok(());
    }
    let by = order.trigger_type;
    match by {
        TriggerType::NoTrigger | TriggerType::Default | TriggerType::LastPrice => {}
        TriggerType::MarkPrice | TriggerType::IndexPrice => {
            if product == Product::Spot {
                return Err(Denial::SpotTriggerType(by));
            }
            if order.order_type == OrderType::TrailingStopMarket {
                return Err(Denial::Superfluous(order.order_type, "trigger type: OKX trails the last price"));
            }
        }
        _ => return Err(Denial::TriggerType(by)),
    }
    if order.order_type != OrderType::TrailingStopMarket {
        return Ok(());
    }
    match order.trailing_offset_type {
        TrailingOffsetType::Price | TrailingOffsetType::BasisPoints | TrailingOffsetType::Ticks => {}
        other => return Err(Denial::TrailingOffset(other)),
    }
    if order.trigger_price.is_some() {
        return Err(Denial::Superfluous(
            order.order_type,
            "trigger price: OKX computes it; activation_price says when trailing starts",
        ));
    }
    Ok(())
}
