//! Trade mode, side of the position, reduce-only, margin currency.

use okx_common::{
    enums::{AcctLv, MgnMode, PosMode, PosSide, Side, TdMode},
    ids::Ccy,
    instrument::Instrument,
};

use crate::orders::{
    context::{AccountContext, Product},
    denial::Denial,
    description::OrderDescription,
};

/// What the account's modes make of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Modes {
    pub td_mode: TdMode,
    pub pos_side: Option<PosSide>,
    pub reduce_only: Option<bool>,
    pub ccy: Option<Ccy>,
}

pub(super) fn modes(
    order: &OrderDescription,
    product: Product,
    instrument: &Instrument,
    account: &AccountContext,
) -> Result<Modes, Denial> {
    let td_mode = td_mode(order, product, account)?;
    let pos_side = pos_side(order, product, account)?;
    let reduce_only = reduce_only(order, product, &td_mode, pos_side)?;
    let ccy = ccy(order, product, instrument, account, &td_mode);
    Ok(Modes { td_mode, pos_side, reduce_only, ccy })
}

fn td_mode(order: &OrderDescription, product: Product, account: &AccountContext) -> Result<TdMode, Denial> {
    let configured = match account.margin_mode {
        Some(MgnMode::Isolated) => TdMode::Isolated,
        _ => TdMode::Cross,
    };
    let is_multi = matches!(account.acct_lv, AcctLv::MultiCurrency | AcctLv::Portfolio);
    let default = match product {
        Product::Spread | Product::Spot if is_multi => TdMode::Cross,
        Product::Spread | Product::Spot => TdMode::Cash,
        Product::Option if account.acct_lv == AcctLv::Spot => TdMode::Cash,
        Product::Events => TdMode::Isolated,
        _ => configured,
    };
    let mode = order.params.td_mode.clone().unwrap_or(default);
    let refuse = |why| Err(Denial::TdMode { product, mode: mode.to_string(), why });
    match (product, &mode) {
        (Product::Events, TdMode::Isolated) => {}
        (Product::Events, _) => return refuse("OKX takes isolated only"),
        (Product::Margin | Product::Swap | Product::Futures, _) if account.acct_lv == AcctLv::Spot => {
            return refuse("the account is in spot mode; switch it to futures mode or above at OKX");
        }
        (Product::Spot, TdMode::Cash | TdMode::SpotIsolated) if is_multi && mode == TdMode::Cash => {
            return refuse("in multi-currency and portfolio margin spot orders are cross");
        }
        (_, TdMode::Isolated) if is_multi => {
            return refuse("multi-currency and portfolio margin have no isolated margin (50072)");
        }
        (Product::Margin | Product::Swap | Product::Futures, TdMode::Cash | TdMode::SpotIsolated) => {
            return refuse("it needs cross or isolated");
        }
        _ => {}
    }
    Ok(mode)
}

fn pos_side(
    order: &OrderDescription,
    product: Product,
    account: &AccountContext,
) -> Result<Option<PosSide>, Denial> {
    let has_side = matches!(product, Product::Swap | Product::Futures);
    let given = order.params.pos_side;
    if account.pos_mode != PosMode::LongShort || !has_side {
        return match given {
            None => Ok(None),
            Some(PosSide::Net) if product.is_derivative() => Ok(Some(PosSide::Net)),
            Some(_) if has_side => {
                Err(Denial::PosSide("the account is in net mode, where positions have no side"))
            }
            Some(_) => Err(Denial::PosSide("only orders on SWAP and FUTURES have it")),
        };
    }
    match given {
        Some(PosSide::Net) => {
            Err(Denial::PosSide("the account is in long/short mode: long or short is needed"))
        }
        Some(side) => Ok(Some(side)),
        // A buy opens a long position or closes a short one.
        None => Ok(Some(match (order.side, order.reduce_only) {
            (Side::Buy, false) | (Side::Sell, true) => PosSide::Long,
            (Side::Sell, false) | (Side::Buy, true) => PosSide::Short,
        })),
    }
}

fn reduce_only(
    order: &OrderDescription,
    product: Product,
    td_mode: &TdMode,
    pos_side: Option<PosSide>,
) -> Result<Option<bool>, Denial> {
    if !order.reduce_only {
        return Ok(None);
    }
    let sided = matches!(pos_side, Some(PosSide::Long | PosSide::Short));
    match product {
        // In long/short mode an order against the side of its position closes it and can do nothing else; OKX knows the flag in
        // net mode only.
        Product::Swap | Product::Futures if sided => match (order.side, pos_side) {
            (Side::Buy, Some(PosSide::Long)) | (Side::Sell, Some(PosSide::Short)) => {
                Err(Denial::PosSide("the order would open, not reduce, the position of this side"))
            }
            _ => Ok(None),
        },
        Product::Swap | Product::Futures | Product::Margin => Ok(Some(true)),
        // Nobody can sell for cash what is not there.
        Product::Spot if *td_mode == TdMode::Cash && order.side == Side::Sell => Ok(None),
        Product::Spot => Err(Denial::ReduceOnly(
            product,
            "there is no position (51205); sales for cash cannot exceed the balance",
        )),
        Product::Option | Product::Events | Product::Spread => {
            Err(Denial::ReduceOnly(product, "submit it without the flag, in the size of the position"))
        }
    }
}

fn ccy(
    order: &OrderDescription,
    product: Product,
    instrument: &Instrument,
    account: &AccountContext,
    td_mode: &TdMode,
) -> Option<Ccy> {
    if order.params.ccy.is_some() {
        return order.params.ccy.clone();
    }
    let is_needed =
        product == Product::Margin && *td_mode == TdMode::Cross && account.acct_lv == AcctLv::Futures;
    let chosen = || account.margin_ccy.clone().or_else(|| instrument.quote_ccy.clone());
    is_needed.then(chosen).flatten()
}
