//! Spread trading (reference: OKX API v5, "Spread Trading"). Prices may be negative or zero.

mod market;
mod order;

pub use market::{
    GetSpreadBook, GetSpreadCandles, GetSpreadHistoryCandles, GetSpreadTicker, GetSpreadTrades, GetSpreads,
    Spread, SpreadLeg, SpreadTicker, SpreadTrade,
};
pub use order::{
    AmendSpread, CancelAfterSpread, CancelMassSpread, CancelSpread, GetSpreadFills, GetSpreadOrder,
    GetSpreadOrdersHistory, GetSpreadOrdersHistoryArchive, GetSpreadOrdersPending, PlaceSpread, SpreadFill,
    SpreadFillLeg, SpreadOrder,
};
