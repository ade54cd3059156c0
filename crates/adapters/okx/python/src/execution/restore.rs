//! Orders of an earlier process, as Nautilus' cache has them.

use okx_common::{
    clock::Now,
    ids::{AlgoId, ClOrdId, OrdId},
};
use okx_core::{
    desk::{Desk, RestoredOrder},
    orders::{
        client_id::ClientIdError,
        kinds::OrderType,
        params::OrderParams,
        tracker::{AttachedLeg, KnownOrder, Leg, NewOrder, VenueId},
    },
};
use pyo3::{intern, prelude::*};

use super::{
    instruments::Known,
    read::{Reader, flag, text_of},
};

/// What is known of an order, before its ids are OKX's.
pub struct Restored {
    client_order_id: String,
    known: KnownOrder,
    /// The id of a strategy order, or of the order that it made: the cache does not tell.
    unclear_id: Option<String>,
    /// For a leg of a bracket: which one, its entry, and the leg whose id the strategy order has.
    leg: Option<(Leg, String, String)>,
}

/// Reads an order of the cache.
///
/// # Errors
/// If it is no order of Nautilus.
pub fn restored(
    reader: &Reader,
    order: &Bound<'_, PyAny>,
    client_order_id: String,
    known: &Known,
) -> PyResult<Restored> {
    let py = order.py();
    let description = reader.description(order, OrderParams::default())?;
    let filled = reader.values.number(&order.getattr(intern!(py, "filled_qty"))?)?;
    let is_triggered = match description.order_type.has_trigger_event() {
        true => flag(order, intern!(py, "is_triggered"))?,
        false => false,
    };
    let leg = leg_of(order, &client_order_id, description.order_type)?;
    let venue_id = order.getattr(intern!(py, "venue_order_id"))?;
    let venue_id = if venue_id.is_none() { None } else { Some(text_of(&venue_id)?) };
    let is_algo = description.order_type.is_conditional() || leg.is_some();
    // The id of a strategy order gives way to that of the order it makes. Where the cache does not tell which it is, the order is
    // looked up by our own id.
    let mut unclear_id = None;
    let venue_id = match (is_algo, is_triggered || filled.is_positive()) {
        (false, _) | (true, true) => venue_id.map(|id| VenueId::Order(OrdId::from(id))),
        (true, false) if description.order_type.has_trigger_event() => {
            venue_id.map(|id| VenueId::Algo(AlgoId::from(id)))
        }
        (true, false) => {
            unclear_id = venue_id;
            None
        }
    };
    let mut trade_ids = Vec::new();
    for trade_id in order.getattr(intern!(py, "trade_ids"))?.try_iter()? {
        trade_ids.push(text_of(&trade_id?)?.into());
    }
    let ts_accepted: u64 = order.getattr(intern!(py, "ts_accepted"))?.extract()?;
    let known = KnownOrder {
        accepted: ts_accepted > 0 || venue_id.is_some() || filled.is_positive(),
        order: NewOrder::of(&description, &known.inst_id),
        venue_id,
        triggered: is_triggered,
        pending_cancel: flag(order, intern!(py, "is_pending_cancel"))?,
        pending_update: flag(order, intern!(py, "is_pending_update"))?,
        filled,
        trade_ids,
    };
    Ok(Restored { client_order_id, known, unclear_id, leg })
}

/// Which leg of which bracket an order is.
fn leg_of(
    order: &Bound<'_, PyAny>,
    client_order_id: &str,
    order_type: OrderType,
) -> PyResult<Option<(Leg, String, String)>> {
    let py = order.py();
    let parent = order.getattr(intern!(py, "parent_order_id"))?;
    if parent.is_none() {
        return Ok(None);
    }
    let entry = text_of(&parent)?;
    // A take profit is a limit order or waits for the price to come to it; a stop loss is a stop.
    let leg = match order_type {
        OrderType::StopMarket | OrderType::StopLimit => Leg::StopLoss,
        _ => Leg::TakeProfit,
    };
    // OKX makes one strategy order of both legs, with the id of the stop loss.
    let mut holder = client_order_id.to_owned();
    if leg == Leg::TakeProfit {
        let linked = order.getattr(intern!(py, "linked_order_ids"))?;
        if !linked.is_none() {
            for id in linked.try_iter()? {
                let id = text_of(&id?)?;
                if id != client_order_id && id != entry {
                    holder = id;
                }
            }
        }
    }
    Ok(Some((leg, entry, holder)))
}

impl Restored {
    /// Hands it over.
    ///
    /// # Errors
    /// If its id cannot be used.
    pub fn restore(self, desk: &mut Desk, now: Now) -> Result<(), ClientIdError> {
        let Self { client_order_id, mut known, unclear_id, leg } = self;
        if desk.is_open() {
            // It was found by asking for strategy orders, and may have no id of ours.
            known.venue_id = known.venue_id.or(unclear_id.map(|id| VenueId::Algo(AlgoId::from(id))));
        }
        known.order.cl_ord_id = desk.okx_id(&client_order_id)?;
        if let Some((leg, entry, holder)) = leg {
            let entry = desk.okx_id(&entry)?;
            let algo_cl_ord_id: ClOrdId = desk.okx_id(&holder)?;
            known.order = known.order.attached_to(AttachedLeg { leg, entry, algo_cl_ord_id });
        }
        let order = RestoredOrder { client_order_id, known };
        if desk.is_open() {
            desk.adopt(order, now);
        } else {
            desk.restore(order);
        }
        Ok(())
    }
}
