//! Index prices.

use okx_common::ids::InstId;

endpoint! {
    /// `GET /market/index-tickers`: index prices, of one index or of all with a quote currency. Give one of the two.
    GetIndexTickers = "market-index-tickers": Public "/market/index-tickers" -> IndexTicker {
        optional {
            /// Quote currency: `USD`, `USDT`, `BTC`, `USDC`.
            quote_ccy: String = "quoteCcy",
            /// Index: `BTC-USD`.
            inst_id: InstId = "instId",
        }
    }
}

row! {
    /// The price of an index.
    ///
    /// `{"instId":"BTC-USDT","idxPx":"83832.3","high24h":"84936.7","low24h":"82879.9","open24h":"84436.1","sodUtc0":"84369.4",`
    /// `"sodUtc8":"84383.2","ts":"1790322100538"}`
    pub struct IndexTicker {
        req {
            /// Index: `BTC-USD`.
            inst_id: InstId,
        }
        dec {
            /// Index price.
            idx_px,
            /// Price 24 hours ago.
            open24h,
            /// Highest price of 24 hours.
            high24h,
            /// Lowest price of 24 hours.
            low24h,
            /// Price at the start of the day, UTC.
            sod_utc0,
            /// Price at the start of the day, UTC+8.
            sod_utc8,
        }
        ms {
            /// When it was computed, Unix ms.
            ts_ms = "ts",
        }
    }
}

endpoint! {
    /// `GET /market/index-components`: what an index is made of.
    GetIndexComponents = "market-index-components": Public "/market/index-components" -> IndexComponents {
        required {
            /// Index: `BTC-USD`.
            index: InstId = "index",
        }
    }
}

row! {
    /// What an index is made of. `data` is a lone object here.
    ///
    /// `{"components":[{"symbol":"BTC/USD","symPx":"77832.4","wgt":"0.273","cnvPx":"77832.4","exch":"Kraken"}],"last":"77830.4",`
    /// `"index":"BTC-USD","ts":"1777284904811"}`
    pub struct IndexComponents {
        req {
            /// The index.
            index: InstId,
        }
        dec {
            /// Index price.
            last,
        }
        ms {
            /// When it was computed, Unix ms.
            ts_ms = "ts",
        }
        list {
            /// The components.
            components: IndexComponent,
        }
    }
}

row! {
    /// A component of an index.
    pub struct IndexComponent {
        text {
            /// Exchange.
            exch,
            /// Pair there: `BTC/USD`.
            symbol,
        }
        dec {
            /// Price there.
            sym_px,
            /// Weight.
            wgt,
            /// Price in the index' quote currency.
            cnv_px,
        }
    }
}

endpoint! {
    /// `GET /market/exchange-rate`: the exchange rate of the last two weeks, averaged.
    GetExchangeRate = "market-exchange-rate": Public "/market/exchange-rate" -> ExchangeRate {}
}

row! {
    /// The exchange rate of the dollar: `{"usdCny":"7.162"}`.
    pub struct ExchangeRate {
        dec {
            /// Yuan for a dollar.
            usd_cny,
        }
    }
}
