//! Brackets: an entry with a take profit, a stop loss, or both, attached to it.

use okx_common::{
    enums::TriggerPxType,
    ids::AlgoClOrdId,
    instrument::Instrument,
    order::{AlgoPx, Attached},
};

use super::{Prepared, PreparedOrder, prepare};
use crate::orders::{
    check,
    context::{AccountContext, PriceBand, Product, Route},
    denial::Denial,
    description::OrderDescription,
    kinds::{OrderType, TimeInForce, TriggerType},
};

/// A bracket ready to be sent: one order, over REST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedBracket {
    /// The entry with what is attached to it.
    pub entry: Prepared,
    /// The client's id of the strategy order that OKX makes of the legs, once the entry is filled: the stop loss's, or that of the
    /// only leg.
    pub algo_cl_ord_id: AlgoClOrdId,
    /// What of the legs OKX cannot do, to be warned of.
    pub notes: Vec<&'static str>,
}

/// Checks a bracket and translates it.
///
/// OKX holds both legs in one strategy order: one cancels the other, and a cancellation of one takes both. A take profit LIMIT waits
/// as a trigger at its price.
///
/// # Errors
/// Why the bracket is denied; nothing was sent.
pub fn bracket(
    entry: &OrderDescription,
    take_profit: Option<&OrderDescription>,
    stop_loss: Option<&OrderDescription>,
    instrument: &Instrument,
    account: &AccountContext,
    band: Option<PriceBand>,
) -> Result<PreparedBracket, Denial> {
    if !entry.params.attached.is_empty() {
        return Err(Denial::Bracket("the entry has tp_… or sl_… parameters besides its legs"));
    }
    if entry.order_type.is_conditional() {
        return Err(Denial::Bracket("the entry must be a market or limit order"));
    }
    let unnumbered = OrderDescription { params: entry.params.clone(), ..entry.clone() };
    let over_rest = AccountContext { route: Route::Http, ..account.clone() };
    let mut prepared = prepare(&with_route(unnumbered), instrument, &over_rest, band)?;
    if matches!(prepared.product, Product::Option | Product::Events | Product::Spread) {
        return Err(Denial::Bracket("OKX attaches nothing to orders on this product"));
    }
    let id = stop_loss.or(take_profit).map(|leg| AlgoClOrdId::new(&leg.cl_ord_id));
    let algo_cl_ord_id = id.ok_or(Denial::Bracket("it has neither take profit nor stop loss"))?;
    let mut attached = Attached::new();
    attached.attach_algo_cl_ord_id = Some(algo_cl_ord_id.clone());
    let mut notes = Vec::new();
    if let Some(leg) = take_profit {
        check_leg(leg, entry, prepared.product, instrument)?;
        let (trigger, px) = match leg.order_type {
            OrderType::Limit => (leg.price, leg.price.map(AlgoPx::Limit)),
            OrderType::LimitIfTouched => (leg.trigger_price, leg.price.map(AlgoPx::Limit)),
            OrderType::MarketIfTouched => (leg.trigger_price, Some(AlgoPx::Market)),
            _ => {
                return Err(Denial::Bracket(
                    "the take profit must be LIMIT, LIMIT_IF_TOUCHED or MARKET_IF_TOUCHED",
                ));
            }
        };
        attached.tp_trigger_px = Some(trigger.ok_or(Denial::Missing(leg.order_type, "price"))?);
        attached.tp_ord_px = Some(px.ok_or(Denial::Missing(leg.order_type, "price"))?);
        attached.tp_trigger_px_type = Some(trigger_px_type(leg, prepared.product)?);
        if leg.post_only {
            notes.push("OKX's attached take profit cannot be post-only: it may take");
        }
    }
    if let Some(leg) = stop_loss {
        check_leg(leg, entry, prepared.product, instrument)?;
        let px = match leg.order_type {
            OrderType::StopMarket => Some(AlgoPx::Market),
            OrderType::StopLimit => leg.price.map(AlgoPx::Limit),
            _ => return Err(Denial::Bracket("the stop loss must be STOP_MARKET or STOP_LIMIT")),
        };
        attached.sl_trigger_px =
            Some(leg.trigger_price.ok_or(Denial::Missing(leg.order_type, "trigger price"))?);
        attached.sl_ord_px = Some(px.ok_or(Denial::Missing(leg.order_type, "price"))?);
        attached.sl_trigger_px_type = Some(trigger_px_type(leg, prepared.product)?);
    }
    let PreparedOrder::Ordinary(place) = &mut prepared.order else {
        return Err(Denial::Bracket("the entry must be a market or limit order"));
    };
    place.attach_algo_ords.push(attached);
    prepared.route = Route::Http;
    Ok(PreparedBracket { entry: prepared, algo_cl_ord_id, notes })
}

/// The entry over REST, whatever it says: only that way takes what is attached.
fn with_route(mut entry: OrderDescription) -> OrderDescription {
    entry.params.route = Some(Route::Http);
    entry
}

fn check_leg(
    leg: &OrderDescription,
    entry: &OrderDescription,
    product: Product,
    instrument: &Instrument,
) -> Result<(), Denial> {
    if leg.side == entry.side {
        return Err(Denial::Bracket("the legs must be on the other side than the entry"));
    }
    if leg.quantity != entry.quantity || leg.quote_quantity != entry.quote_quantity {
        return Err(Denial::Bracket("the legs must have the entry's quantity"));
    }
    if leg.display_qty.is_some() {
        return Err(Denial::DisplayQuantity);
    }
    match leg.time_in_force {
        TimeInForce::Gtc => {}
        TimeInForce::Gtd => return Err(Denial::Gtd),
        other => return Err(Denial::TimeInForce(leg.order_type, other)),
    }
    if let Some(px) = leg.price {
        check::price("price", px, product, instrument)?;
    }
    if let Some(px) = leg.trigger_price {
        check::price("trigger price", px, product, instrument)?;
    }
    Ok(())
}

fn trigger_px_type(leg: &OrderDescription, product: Product) -> Result<TriggerPxType, Denial> {
    let by = leg.trigger_type;
    let is_pair = matches!(product, Product::Spot | Product::Margin);
    match by {
        TriggerType::NoTrigger | TriggerType::Default | TriggerType::LastPrice => Ok(TriggerPxType::Last),
        TriggerType::MarkPrice | TriggerType::IndexPrice if is_pair => Err(Denial::SpotTriggerType(by)),
        TriggerType::MarkPrice => Ok(TriggerPxType::Mark),
        TriggerType::IndexPrice => Ok(TriggerPxType::Index),
        _ => Err(Denial::TriggerType(by)),
    }
}
