//! Public data of spreads.

use okx_common::{
    decimal::Decimal,
    enums::{Bar, Side},
    ids::{Ccy, InstId, SprdId, TradeId},
};

use super::super::market::{Candle, FullBook};

endpoint! {
    /// `GET /sprd/spreads`: the spreads that can be traded.
    GetSpreads = "sprd-spreads": Public "/sprd/spreads" -> Spread {
        optional {
            /// Base currency.
            base_ccy: Ccy = "baseCcy",
            /// Instrument of a leg.
            inst_id: InstId = "instId",
            /// One spread.
            sprd_id: SprdId = "sprdId",
            /// `live`, `suspend` or `expired`.
            state: String = "state",
        }
    }
}

row! {
    /// A spread.
    ///
    /// `{"sprdId":"BTC-USDT_BTC-USDT-SWAP","sprdType":"linear","state":"live","baseCcy":"BTC","szCcy":"BTC","quoteCcy":"USDT",`
    /// `"tickSz":"0.0001","minSz":"0.001","lotSz":"0.001","listTime":"1597026383085","expTime":"1597029999085","uTime":`
    /// `"1597028888085","legs":[{"instId":"BTC-USDT","side":"sell"},{"instId":"BTC-USDT-SWAP","side":"buy"}]}`
    pub struct Spread {
        req {
            /// Spread.
            sprd_id: SprdId,
        }
        text {
            /// `linear`, `inverse` or `hybrid`.
            sprd_type,
            /// `live`, `suspend` or `expired`.
            state,
            /// Base currency.
            base_ccy,
            /// Currency of sizes.
            sz_ccy,
            /// Quote currency.
            quote_ccy,
        }
        dec {
            /// Price step.
            tick_sz,
            /// Smallest size.
            min_sz,
            /// Size step.
            lot_sz,
        }
        ms {
            /// When it was listed, Unix ms.
            list_time_ms = "listTime",
            /// When it expires, Unix ms.
            exp_time_ms = "expTime",
            /// When it changed, Unix ms.
            u_time_ms = "uTime",
        }
        list {
            /// The legs.
            legs: SpreadLeg,
        }
    }
}

row! {
    /// A leg of a [`Spread`].
    pub struct SpreadLeg {
        req {
            /// Instrument.
            inst_id: InstId,
        }
        opt {
            /// Side of the leg when the spread is bought.
            side: Side,
        }
    }
}

endpoint! {
    /// `GET /sprd/books`: the book of a spread.
    GetSpreadBook = "sprd-books": Public "/sprd/books" -> FullBook {
        required {
            /// Spread.
            sprd_id: SprdId = "sprdId",
        }
        optional {
            /// Levels a side, 1 to 400; 5 if not given.
            sz: u32 = "sz",
        }
    }
}

endpoint! {
    /// `GET /market/sprd-ticker`: the ticker of a spread.
    GetSpreadTicker = "market-sprd-ticker": Public "/market/sprd-ticker" -> SpreadTicker {
        required {
            /// Spread.
            sprd_id: SprdId = "sprdId",
        }
    }
}

row! {
    /// A ticker of a spread.
    ///
    /// `{"sprdId":"BTC-USDT_BTC-USDT-SWAP","last":"-79","lastSz":"100","askPx":"-8.8","askSz":"1.8909","bidPx":"-78.9","bidSz":`
    /// `"0.4353","open24h":"-79","high24h":"-79","low24h":"-79","vol24h":"0","ts":"1777286820834"}`
    pub struct SpreadTicker {
        req {
            /// Spread.
            sprd_id: SprdId,
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
            /// Volume of 24 hours.
            vol24h,
        }
        ms {
            /// When it was made, Unix ms.
            ts_ms = "ts",
        }
    }
}

endpoint! {
    /// `GET /sprd/public-trades`: the last trades of a spread, or of all.
    GetSpreadTrades = "sprd-public-trades": Public "/sprd/public-trades" -> SpreadTrade {
        optional {
            /// Spread.
            sprd_id: SprdId = "sprdId",
        }
    }
}

row! {
    /// A trade of a spread.
    ///
    /// `{"sprdId":"BTC-USDT_BTC-USDT-SWAP","tradeId":"3214424661836611584","px":"-26.5","sz":"0.1045","side":"sell","ts":`
    /// `"1768352169052"}`
    pub struct SpreadTrade {
        req {
            /// Spread.
            sprd_id: SprdId,
            /// Trade id.
            trade_id: TradeId,
            /// Price.
            px: Decimal,
            /// Size.
            sz: Decimal,
            /// Side of the taker.
            side: Side,
        }
        ms {
            /// When it happened, Unix ms.
            ts_ms = "ts",
        }
    }
}

endpoint! {
    /// `GET /market/sprd-candles`: the latest 1,440 candles of a spread.
    GetSpreadCandles = "market-sprd-candles": Public "/market/sprd-candles" -> Candle {
        required {
            /// Spread.
            sprd_id: SprdId = "sprdId",
        }
        optional {
            /// Length; one minute if not given.
            bar: Bar = "bar",
            /// Only older ones than this opening time, Unix ms.
            after: u64 = "after",
            /// Only newer ones than this opening time, Unix ms.
            before: u64 = "before",
            /// At most so many, up to 300.
            limit: u32 = "limit",
        }
    }
}

endpoint! {
    /// `GET /market/sprd-history-candles`: candles of a spread of years.
    GetSpreadHistoryCandles = "market-sprd-history-candles": Public "/market/sprd-history-candles" -> Candle {
        required {
            /// Spread.
            sprd_id: SprdId = "sprdId",
        }
        optional {
            /// Length; one minute if not given.
            bar: Bar = "bar",
            /// Only older ones than this opening time, Unix ms.
            after: u64 = "after",
            /// Only newer ones than this opening time, Unix ms.
            before: u64 = "before",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}
