//! Tickers.

use okx_common::{
    enums::InstType,
    ids::{InstFamily, InstId},
};

endpoint! {
    /// `GET /market/tickers`: the tickers of a kind of instrument.
    GetTickers = "market-tickers": Public "/market/tickers" -> Ticker {
        required {
            /// SPOT, SWAP, FUTURES, OPTION or EVENTS; not MARGIN.
            inst_type: InstType = "instType",
        }
        optional {
            /// Instrument family (SWAP, FUTURES, OPTION).
            inst_family: InstFamily = "instFamily",
        }
    }
}

endpoint! {
    /// `GET /market/ticker`: the ticker of one instrument.
    GetTicker = "market-ticker": Public "/market/ticker" -> Ticker {
        required {
            /// Instrument.
            inst_id: InstId = "instId",
        }
    }
}

row! {
    /// A ticker. Prices and sizes are `None` where there is none (an empty side, no trade yet).
    ///
    /// `{"instType":"SWAP","instId":"BTC-USDT-SWAP","last":"83789.7","lastSz":"0.1","askPx":"83789.7","askSz":"11",`
    /// `"bidPx":"83789.6","bidSz":"5","open24h":"84390","high24h":"84931.3","low24h":"82812.5","volCcy24h":"90477.2008",`
    /// `"vol24h":"9047720.08","ts":"1790322078168","sodUtc0":"84369.4","sodUtc8":"84383.2"}`
    pub struct Ticker {
        req {
            /// Instrument.
            inst_id: InstId,
        }
        dec {
            /// Last price.
            last,
            /// Size of the last trade.
            last_sz,
            /// Best ask.
            ask_px,
            /// Size at the best ask.
            ask_sz,
            /// Best bid.
            bid_px,
            /// Size at the best bid.
            bid_sz,
            /// Price 24 hours ago.
            open24h,
            /// Highest price of 24 hours.
            high24h,
            /// Lowest price of 24 hours.
            low24h,
            /// Volume of 24 hours in quote currency (spot) or base currency (derivatives).
            vol_ccy24h,
            /// Volume of 24 hours in base currency (spot) or contracts (derivatives).
            vol24h,
            /// Price at the start of the day, UTC.
            sod_utc0,
            /// Price at the start of the day, UTC+8.
            sod_utc8,
        }
        ms {
            /// When it was made, Unix ms.
            ts_ms = "ts",
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
        }
    }
}
