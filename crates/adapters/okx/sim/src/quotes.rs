//! What trading needs of the market: instruments, the book to match against, and the prices triggers and margins go by.

use okx_common::decimal::Decimal;
use serde_json::{Map, Value};

/// One price of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// The price.
    pub px: Decimal,
    /// The whole size there, in base currency or contracts.
    pub sz: Decimal,
    /// How many orders it is made of; a taker gets one fill for each of them.
    pub orders: u32,
}

/// A trade of the market.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Print {
    /// When, milliseconds since 1970.
    pub ms: u64,
    /// At this price.
    pub px: Decimal,
    /// So much, in base currency or contracts.
    pub sz: Decimal,
    /// The taker bought.
    pub buy: bool,
}

/// The next funding payment of an instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Funding {
    /// Above 0 the longs pay.
    pub rate: Decimal,
    /// When it is due, milliseconds since 1970.
    pub due_ms: u64,
}

/// A spread: two instruments traded at the difference of their prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    /// Price step.
    pub tick: Decimal,
    /// Size step.
    pub lot: Decimal,
    /// Smallest size.
    pub min: Decimal,
    /// Instruments, and whether a buyer of the spread buys them.
    pub legs: Vec<(String, bool)>,
    /// It takes orders now.
    pub open: bool,
}

/// The market as trading sees it, at the time the [`Market`](crate::Market) was last advanced to.
pub trait Quotes {
    /// The row of `/public/instruments` with this id and type (SPOT and MARGIN share ids).
    fn row(&self, inst_id: &str, inst_type: &str) -> Option<&Map<String, Value>>;

    /// The id an `instIdCode` stands for.
    fn id_of(&self, code: i64) -> Option<String>;

    /// Best bid and best ask; `None` for an empty side.
    fn touch(&self, inst_id: &str) -> (Option<Decimal>, Option<Decimal>);

    /// A spread; its book is found under its id like any other.
    fn spread(&self, _sprd_id: &str) -> Option<Spread> {
        None
    }

    /// One side of the book, best price first.
    fn levels(&self, inst_id: &str, asks: bool, depth: usize) -> Vec<Level>;

    /// Trades after the one time up to the other, oldest first.
    fn prints(&self, inst_id: &str, after_ms: u64, to_ms: u64) -> Vec<Print>;

    /// Price of the last trade.
    fn last(&self, inst_id: &str) -> Option<Decimal>;

    /// Mark price.
    fn mark(&self, inst_id: &str) -> Option<Decimal>;

    /// Price of the index the instrument follows.
    fn index(&self, inst_id: &str) -> Option<Decimal>;

    /// Price of an index by its own name, e.g. `BTC-USD`, which outlives the instruments that follow it.
    fn index_of(&self, pair: &str) -> Option<Decimal>;

    /// Highest price of a buy and lowest price of a sell; `None` without limits.
    fn price_limit(&self, inst_id: &str) -> Option<(Decimal, Decimal)>;

    /// The next funding payment; `None` for what has no funding.
    fn funding(&self, inst_id: &str) -> Option<Funding>;

    /// Price of a currency in USD; `None` for an unknown one.
    fn usd(&self, ccy: &str) -> Option<Decimal>;
}
