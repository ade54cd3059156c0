//! Tickers.

use okx_common::decimal::Decimal;

use crate::text::Text;

/// A row of `tickers`. Prices and sizes are `None` where there is none (an empty side, no trade yet).
///
/// `{"arg":{"channel":"tickers","instId":"BTC-USDT"},"data":[{"instType":"SPOT","instId":"BTC-USDT","last":"63707.3",`
/// `"lastSz":"0.00164251","askPx":"63707.3","askSz":"0.15455902","bidPx":"63707.2","bidSz":"1.70080521","open24h":"63958.9",`
/// `"high24h":"64496.9","low24h":"63309.4","sodUtc0":"63484.7","sodUtc8":"63445.9","volCcy24h":"229576048.730317321",`
/// `"vol24h":"3601.1585121","ts":"1786613174873"}]}`
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Ticker<'a> {
    /// `SPOT`, `SWAP`, …
    pub inst_type: Text<'a>,
    /// Instrument.
    pub inst_id: Text<'a>,
    /// Last price.
    pub last: Option<Decimal>,
    /// Size of the last trade.
    pub last_sz: Option<Decimal>,
    /// Best ask.
    pub ask_px: Option<Decimal>,
    /// Size at the best ask.
    pub ask_sz: Option<Decimal>,
    /// Best bid.
    pub bid_px: Option<Decimal>,
    /// Size at the best bid.
    pub bid_sz: Option<Decimal>,
    /// Price 24 hours ago.
    pub open24h: Option<Decimal>,
    /// Highest price of 24 hours.
    pub high24h: Option<Decimal>,
    /// Lowest price of 24 hours.
    pub low24h: Option<Decimal>,
    /// Price at the start of the day, UTC.
    pub sod_utc0: Option<Decimal>,
    /// Price at the start of the day, UTC+8.
    pub sod_utc8: Option<Decimal>,
    /// Volume of 24 hours in quote currency (spot) or base currency (derivatives).
    pub vol_ccy24h: Option<Decimal>,
    /// Volume of 24 hours in base currency (spot) or contracts (derivatives).
    pub vol24h: Option<Decimal>,
    /// When it was generated, Unix ms.
    pub ts_ms: u64,
}
