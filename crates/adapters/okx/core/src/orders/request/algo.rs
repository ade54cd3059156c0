//! Strategy orders.

use okx_common::{
    decimal::{Decimal, DecimalError},
    enums::{TgtCcy, TriggerPxType},
    ids::AlgoClOrdId,
    instrument::Instrument,
    order::{
        AdvanceOrdType, AlgoKind, AlgoPx, AlgoSize, Distance, PlaceAlgoOrder, TpSl, TrailingStop, Trigger,
    },
};

use super::mode::Modes;
use crate::orders::{
    context::{AccountContext, Product},
    denial::Denial,
    description::OrderDescription,
    kinds::{OrderType, TimeInForce, TrailingOffsetType, TriggerType},
};

pub(super) fn algo(
    order: &OrderDescription,
    product: Product,
    instrument: &Instrument,
    account: &AccountContext,
    modes: Modes,
) -> Result<PlaceAlgoOrder, Denial> {
    let params = &order.params;
    let kind = match order.order_type {
        OrderType::TrailingStopMarket => AlgoKind::MoveOrderStop(trailing(order, instrument)?),
        _ if params.close_fraction => AlgoKind::Conditional(closing(order)?),
        _ => AlgoKind::Trigger(trigger(order)?),
    };
    let size = if params.close_fraction { AlgoSize::WholePosition } else { AlgoSize::Sz(order.quantity) };
    let mut place = PlaceAlgoOrder::new(instrument.inst_id.clone(), modes.td_mode, order.side, size, kind);
    place.algo_cl_ord_id = Some(AlgoClOrdId::new(&order.cl_ord_id));
    place.pos_side = modes.pos_side;
    place.reduce_only = modes.reduce_only;
    place.ccy = modes.ccy;
    place.tag = params.tag.clone().or_else(|| account.tag.clone());
    place.trade_quote_ccy = params.trade_quote_ccy.clone();
    // Without it a market buy would count in quote currency.
    if product == Product::Spot && order.price.is_none() {
        place.tgt_ccy = Some(TgtCcy::Base);
    }
    Ok(place)
}

fn trigger(order: &OrderDescription) -> Result<Trigger, Denial> {
    let missing = Denial::Missing(order.order_type, "trigger price");
    let mut trigger = Trigger::new(order.trigger_price.ok_or(missing)?, algo_px(order));
    trigger.trigger_px_type = trigger_px_type(order.trigger_type);
    trigger.advance_ord_type = match (order.price, order.time_in_force) {
        (Some(_), TimeInForce::Ioc) => Some(AdvanceOrdType::Ioc),
        (Some(_), TimeInForce::Fok) => Some(AdvanceOrdType::Fok),
        _ => None,
    };
    Ok(trigger)
}

/// A stop that closes the whole position: a stop loss; a touch: a take profit.
fn closing(order: &OrderDescription) -> Result<TpSl, Denial> {
    let missing = Denial::Missing(order.order_type, "trigger price");
    let trigger_px = Some(order.trigger_price.ok_or(missing)?);
    let mut legs = TpSl::new();
    let (px, by) = (Some(AlgoPx::Market), trigger_px_type(order.trigger_type));
    if order.order_type == OrderType::StopMarket {
        (legs.sl_trigger_px, legs.sl_ord_px, legs.sl_trigger_px_type) = (trigger_px, px, by);
    } else {
        (legs.tp_trigger_px, legs.tp_ord_px, legs.tp_trigger_px_type) = (trigger_px, px, by);
    }
    legs.cxl_on_close_pos = order.params.cxl_on_close_pos;
    Ok(legs)
}

fn trailing(order: &OrderDescription, instrument: &Instrument) -> Result<TrailingStop, Denial> {
    let offset = order.trailing_offset.ok_or(Denial::Missing(order.order_type, "trailing offset"))?;
    let distance = |offset_type| -> Result<Distance, DecimalError> {
        Ok(match offset_type {
            TrailingOffsetType::BasisPoints => {
                Distance::Ratio(offset.checked_mul(Decimal::new(1, 4)?)?.normalized())
            }
            TrailingOffsetType::Ticks => {
                Distance::Spread(offset.checked_mul(instrument.tick_sz)?.normalized())
            }
            _ => Distance::Spread(offset),
        })
    };
    let callback = distance(order.trailing_offset_type)
        .map_err(|_| Denial::TooLong { what: "trailing offset", number: offset })?;
    Ok(TrailingStop { callback, active_px: order.activation_price })
}

fn algo_px(order: &OrderDescription) -> AlgoPx {
    order.price.map_or(AlgoPx::Market, AlgoPx::Limit)
}

fn trigger_px_type(by: TriggerType) -> Option<TriggerPxType> {
    match by {
        TriggerType::MarkPrice => Some(TriggerPxType::Mark),
        TriggerType::IndexPrice => Some(TriggerPxType::Index),
        _ => Some(TriggerPxType::Last),
    }
}
