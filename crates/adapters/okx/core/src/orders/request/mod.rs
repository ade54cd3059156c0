//! From what a strategy asks for to what OKX is asked for.

mod algo;
mod bracket;
mod change;
mod mode;
mod ordinary;
mod spread;

#[cfg(test)]
mod tests;

use okx_common::{
    instrument::Instrument,
    order::{PlaceAlgoOrder, PlaceOrder},
};

use super::{
    check,
    context::{AccountContext, PriceBand, Product, Route},
    denial::Denial,
    description::OrderDescription,
};

pub use bracket::{PreparedBracket, bracket};
pub use change::{ChangeTarget, PreparedChange, TargetKind, change};
pub use spread::{SpreadSpec, change_spread, spread};

/// An order ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// What is sent.
    pub order: PreparedOrder,
    /// Which way. Chosen here, once: an order is never sent a second way.
    pub route: Route,
    /// The instrument's number, for the WebSocket.
    pub inst_id_code: Option<u64>,
    /// What the order is to OKX.
    pub product: Product,
}

/// The kinds of orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PreparedOrder {
    /// An ordinary one.
    Ordinary(Box<PlaceOrder>),
    /// A strategy order; REST only.
    Algo(Box<PlaceAlgoOrder>),
}

/// Checks an order and translates it.
///
/// # Errors
/// Why the order is denied; nothing was sent.
pub fn prepare(
    order: &OrderDescription,
    instrument: &Instrument,
    account: &AccountContext,
    band: Option<PriceBand>,
) -> Result<Prepared, Denial> {
    let product = Product::of(instrument, account, &order.params);
    check::order(order, product, instrument, account, band)?;
    let modes = mode::modes(order, product, instrument, account)?;
    let (order_value, rest_only) = if order.order_type.is_conditional() {
        let value = algo::algo(order, product, instrument, account, modes)?;
        (PreparedOrder::Algo(Box::new(value)), true)
    } else {
        let value = ordinary::ordinary(order, product, instrument, account, modes)?;
        let rest_only = !value.attach_algo_ords.is_empty();
        (PreparedOrder::Ordinary(Box::new(value)), rest_only)
    };
    let wanted = order.params.route.unwrap_or(account.route);
    let route = if rest_only { Route::Http } else { wanted };
    let inst_id_code = instrument.inst_id_code.filter(|code| *code != 0);
    if route == Route::Ws && inst_id_code.is_none() {
        return Err(Denial::NoInstIdCode(instrument.inst_id.to_string()));
    }
    Ok(Prepared { order: order_value, route, inst_id_code, product })
}
