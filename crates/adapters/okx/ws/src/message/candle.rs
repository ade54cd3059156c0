//! Candles.

use okx_common::decimal::Decimal;

/// A row of a candle channel.
///
/// `{"arg":{"channel":"candle1D","instId":"ETH-USDT"},"data":[["1629993600000","42500","48199.9","41006.1","41006.1",`
/// `"3587.41204591","166741046.22583129","166741046.22583129","0"]]}`
///
/// `mark-price-candle…` and `index-candle…` have no volumes: `["1597026383085","3811.31","3811.31","3811.31","3811.31","0"]`;
/// `sprd-candle…` has one: `["1597026383085","8533.02","8553.74","8527.17","8548.26","45247","0"]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Candle {
    /// When the candle opened, Unix ms.
    pub open_ms: u64,
    /// First price.
    pub open: Decimal,
    /// Highest price.
    pub high: Decimal,
    /// Lowest price.
    pub low: Decimal,
    /// Last price.
    pub close: Decimal,
    /// `vol`: contracts (derivatives) or base currency (spot).
    pub volume: Option<Decimal>,
    /// `volCcy`: base currency (derivatives) or quote currency (spot).
    pub volume_ccy: Option<Decimal>,
    /// `volCcyQuote`: quote currency.
    pub volume_quote: Option<Decimal>,
    /// `confirm`: the candle is closed. False where it is not sent.
    pub confirm: bool,
}
