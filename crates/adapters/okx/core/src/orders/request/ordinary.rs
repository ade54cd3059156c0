//! Ordinary orders.

use okx_common::{
    enums::{OrdType, TgtCcy},
    instrument::Instrument,
    order::{AlgoPx, Attached, PlaceOrder, Px},
};

use super::mode::Modes;
use crate::orders::{
    context::{AccountContext, Product},
    denial::Denial,
    description::OrderDescription,
    kinds::{OrderType, TimeInForce},
    params::AttachedParams,
};

pub(super) fn ordinary(
    order: &OrderDescription,
    product: Product,
    instrument: &Instrument,
    account: &AccountContext,
    modes: Modes,
) -> Result<PlaceOrder, Denial> {
    let params = &order.params;
    let ord_type = ord_type(order, product);
    let mut place =
        PlaceOrder::new(instrument.inst_id.clone(), modes.td_mode, order.side, ord_type, order.quantity);
    place.px = px(order);
    place.cl_ord_id = Some(order.cl_ord_id.clone());
    place.pos_side = modes.pos_side;
    place.reduce_only = modes.reduce_only;
    place.ccy = modes.ccy;
    // Without it OKX counts market buys in quote currency.
    if product == Product::Spot && order.order_type == OrderType::Market {
        place.tgt_ccy = Some(if order.quote_quantity { TgtCcy::Quote } else { TgtCcy::Base });
    }
    place.tag = params.tag.clone().or_else(|| account.tag.clone());
    place.stp_mode = params.stp_mode.clone().or_else(|| account.stp_mode.clone());
    place.outcome = params.outcome;
    place.slippage_pct = params.slippage_pct;
    place.ban_amend = params.ban_amend;
    place.px_amend_type = params.px_amend_type;
    place.trade_quote_ccy = params.trade_quote_ccy.clone();
    place.rpi_taker_access = params.rpi_taker_access;
    place.rpi_px_round = params.rpi_px_round;
    place.attach_algo_ords.extend(attached(&params.attached));
    Ok(place)
}

fn ord_type(order: &OrderDescription, product: Product) -> OrdType {
    if let Some(wanted) = &order.params.ord_type {
        return wanted.clone();
    }
    let is_contract = matches!(product, Product::Swap | Product::Futures);
    match (order.order_type, order.time_in_force) {
        // A market order on contracts is a limit order at the edge of the price band; this one does not rest there.
        (OrderType::Market, TimeInForce::Ioc) if is_contract => OrdType::OptimalLimitIoc,
        (OrderType::Market, _) => OrdType::Market,
        (_, TimeInForce::Ioc) => OrdType::Ioc,
        (_, TimeInForce::Fok) => OrdType::Fok,
        _ if order.post_only => OrdType::PostOnly,
        _ => OrdType::Limit,
    }
}

fn px(order: &OrderDescription) -> Option<Px> {
    let params = &order.params;
    params.px_usd.map(Px::Usd).or_else(|| params.px_vol.map(Px::Vol)).or_else(|| order.price.map(Px::Px))
}

/// The take profit and stop loss of the parameters.
pub(super) fn attached(params: &AttachedParams) -> Option<Attached> {
    if params.is_empty() {
        return None;
    }
    let px = |px: Option<okx_common::decimal::Decimal>| match px {
        Some(px) if px.is_positive() => AlgoPx::Limit(px),
        _ => AlgoPx::Market,
    };
    let mut attached = Attached::new();
    attached.attach_algo_cl_ord_id = params.cl_ord_id.clone();
    if params.tp_trigger_px.is_some() {
        attached.tp_trigger_px = params.tp_trigger_px;
        attached.tp_trigger_px_type = params.tp_trigger_px_type.clone();
    }
    if params.tp_trigger_px.is_some() || params.tp_ord_kind.is_some() {
        attached.tp_ord_px = Some(px(params.tp_ord_px));
        attached.tp_ord_kind = params.tp_ord_kind;
    }
    if params.sl_trigger_px.is_some() {
        attached.sl_trigger_px = params.sl_trigger_px;
        attached.sl_trigger_px_type = params.sl_trigger_px_type.clone();
        attached.sl_ord_px = Some(px(params.sl_ord_px));
    }
    Some(attached)
}
