//! Why an order is denied before anything is sent.

use okx_common::{decimal::Decimal, order::PX_TEXT_MAX};

use super::{
    context::Product,
    kinds::{OrderType, TimeInForce, TrailingOffsetType, TriggerType},
};

/// Why an order, or a change of one, is denied before anything is sent. The words are for the trader.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Denial {
    #[error("OKX has no {0} orders")]
    OrderType(OrderType),
    #[error("OKX takes no {1} orders on {0}")]
    OrderTypeOn(Product, OrderType),
    #[error("OKX has no market orders on {0} (51066): use a limit order, IOC if it must not rest")]
    NoMarket(Product),
    #[error("OKX has no {1} for {0} orders")]
    TimeInForce(OrderType, TimeInForce),
    #[error(
        "OKX has no GTD orders: submit GTC and let the strategy cancel (manage_gtd_expiry with the option to rest GTD as GTC), \
         or use IOC"
    )]
    Gtd,
    #[error("OKX trades around the clock and has no {0} orders: use GTC or IOC")]
    Session(TimeInForce),
    #[error("a post-only order rests: it cannot be {0}")]
    PostOnly(String),
    #[error("OKX has no display quantity: its iceberg orders are strategy orders with another meaning")]
    DisplayQuantity,
    #[error(
        "{0} orders count in {1}, not in quote currency: give the quantity in {1} (quote_quantity=False)"
    )]
    QuoteQuantity(Product, &'static str),
    #[error("only market orders can count in quote currency: a limit order counts in base currency")]
    QuoteQuantityOfLimit,
    #[error(
        "OKX counts a market buy with borrowed money in quote currency: submit it with quote_quantity=True, or as an IOC limit \
         order"
    )]
    MarginBuyInBase,
    #[error(
        "OKX counts a market sale with borrowed money in base currency: submit it with quote_quantity=False"
    )]
    MarginSellInQuote,
    #[error("a {0} order needs a {1}")]
    Missing(OrderType, &'static str),
    #[error("a {0} order takes no {1}")]
    Superfluous(OrderType, &'static str),
    #[error("the {what} {number} is not above 0")]
    NotPositive { what: &'static str, number: Decimal },
    #[error("the {what} {number} is not a multiple of {step}, the step of the instrument")]
    Step { what: &'static str, number: Decimal, step: Decimal },
    #[error("the {what} {number} is written with more than {PX_TEXT_MAX} characters (51514)")]
    TooLong { what: &'static str, number: Decimal },
    #[error("the quantity {quantity} is below {min}, the least of the instrument")]
    BelowMin { quantity: Decimal, min: Decimal },
    #[error("the quantity {quantity} is above {max}, the most of one {kind} order on the instrument")]
    AboveMax { quantity: Decimal, max: Decimal, kind: &'static str },
    #[error("the buy price {price} is above {max}, the highest that OKX takes at the moment (51006)")]
    AboveBand { price: Decimal, max: Decimal },
    #[error("the sell price {price} is below {min}, the lowest that OKX takes at the moment (51006)")]
    BelowBand { price: Decimal, min: Decimal },
    #[error("OKX cannot trigger by {0}: use LAST_PRICE, MARK_PRICE or INDEX_PRICE")]
    TriggerType(TriggerType),
    #[error("OKX triggers orders on SPOT by the last price only, not by {0}")]
    SpotTriggerType(TriggerType),
    #[error("OKX takes the distance of a trailing stop as PRICE, TICKS or BASIS_POINTS, not as {0}")]
    TrailingOffset(TrailingOffsetType),
    #[error("OKX has no reduce-only for {0} orders: {1}")]
    ReduceOnly(Product, &'static str),
    #[error("td_mode {mode} is not possible for {product} here: {why}")]
    TdMode { product: Product, mode: String, why: &'static str },
    #[error("pos_side: {0}")]
    PosSide(&'static str),
    #[error("ord_type {0} does not fit the order: {1}")]
    OrdType(String, &'static str),
    #[error("order parameter {0}: {1}")]
    Param(&'static str, &'static str),
    #[error(
        "{0} has no instIdCode yet, which orders over the WebSocket need: submit it with params={{\"route\": \"http\"}}, or later"
    )]
    NoInstIdCode(String),
    #[error("bracket: {0}")]
    Bracket(&'static str),
    #[error("nothing of the order would change")]
    NothingToChange,
    #[error("OKX cannot amend {0} orders: cancel it and submit a new one")]
    NotAmendable(OrderType),
    #[error("a {0} order has no {1} that could be changed")]
    NoSuchField(OrderType, &'static str),
}
