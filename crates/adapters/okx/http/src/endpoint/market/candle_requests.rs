//! Requests of candles. They come newest first.

use okx_common::{enums::Bar, ids::InstId};

use super::candle::Candle;

endpoint! {
    /// `GET /market/candles`: candles of last prices, the latest 1,440 bars; the newest may be forming. No `1s` bars.
    GetCandles = "market-candles": Public "/market/candles" -> Candle {
        required {
            /// Instrument.
            inst_id: InstId = "instId",
        }
        optional {
            /// Length; one minute if not given. Those of six hours and more are aligned by UTC+8 unless named `utc`.
            bar: Bar = "bar",
            /// Only older ones than this opening time, Unix ms.
            after: u64 = "after",
            /// Only newer ones than this opening time, Unix ms. Alone it gives the latest page, not the adjacent one.
            before: u64 = "before",
            /// At most so many, up to 300; 100 if not given.
            limit: u32 = "limit",
            /// `forward`: prices of equity perpetuals adjusted for dividends and splits.
            adjust: String = "adjust",
        }
    }
}

endpoint! {
    /// `GET /market/history-candles`: candles of last prices of years; `1s` bars of three months (not OPTION).
    GetHistoryCandles = "market-history-candles": Public "/market/history-candles" -> Candle {
        required {
            /// Instrument.
            inst_id: InstId = "instId",
        }
        optional {
            /// Length; one minute if not given. Those of six hours and more are aligned by UTC+8 unless named `utc`.
            bar: Bar = "bar",
            /// Only older ones than this opening time, Unix ms.
            after: u64 = "after",
            /// Only newer ones than this opening time, Unix ms. Alone it gives the latest page, not the adjacent one.
            before: u64 = "before",
            /// At most so many, up to 300; 100 if not given.
            limit: u32 = "limit",
            /// `forward`: prices of equity perpetuals adjusted for dividends and splits.
            adjust: String = "adjust",
        }
    }
}

endpoint! {
    /// `GET /market/mark-price-candles`: candles of mark prices, the latest 1,440 bars.
    GetMarkPriceCandles = "market-mark-price-candles": Public "/market/mark-price-candles" -> Candle {
        required {
            /// Instrument.
            inst_id: InstId = "instId",
        }
        optional {
            /// Length; one minute if not given. Those of six hours and more are aligned by UTC+8 unless named `utc`.
            bar: Bar = "bar",
            /// Only older ones than this opening time, Unix ms.
            after: u64 = "after",
            /// Only newer ones than this opening time, Unix ms. Alone it gives the latest page, not the adjacent one.
            before: u64 = "before",
            /// At most so many, up to 100; 100 if not given.
            limit: u32 = "limit",
        }
    }
}

endpoint! {
    /// `GET /market/history-mark-price-candles`: candles of mark prices of years.
    GetHistoryMarkPriceCandles = "market-history-mark-price-candles": Public "/market/history-mark-price-candles" -> Candle {
        required {
            /// Instrument.
            inst_id: InstId = "instId",
        }
        optional {
            /// Length; one minute if not given. Those of six hours and more are aligned by UTC+8 unless named `utc`.
            bar: Bar = "bar",
            /// Only older ones than this opening time, Unix ms.
            after: u64 = "after",
            /// Only newer ones than this opening time, Unix ms. Alone it gives the latest page, not the adjacent one.
            before: u64 = "before",
            /// At most so many, up to 100; 100 if not given.
            limit: u32 = "limit",
        }
    }
}

endpoint! {
    /// `GET /market/index-candles`: candles of index prices, the latest 1,440 bars.
    GetIndexCandles = "market-index-candles": Public "/market/index-candles" -> Candle {
        required {
            /// Index: `BTC-USD`.
            inst_id: InstId = "instId",
        }
        optional {
            /// Length; one minute if not given. Those of six hours and more are aligned by UTC+8 unless named `utc`.
            bar: Bar = "bar",
            /// Only older ones than this opening time, Unix ms.
            after: u64 = "after",
            /// Only newer ones than this opening time, Unix ms. Alone it gives the latest page, not the adjacent one.
            before: u64 = "before",
            /// At most so many, up to 100; 100 if not given.
            limit: u32 = "limit",
        }
    }
}

endpoint! {
    /// `GET /market/history-index-candles`: candles of index prices of years.
    GetHistoryIndexCandles = "market-history-index-candles": Public "/market/history-index-candles" -> Candle {
        required {
            /// Index: `BTC-USD`.
            inst_id: InstId = "instId",
        }
        optional {
            /// Length; one minute if not given. Those of six hours and more are aligned by UTC+8 unless named `utc`.
            bar: Bar = "bar",
            /// Only older ones than this opening time, Unix ms.
            after: u64 = "after",
            /// Only newer ones than this opening time, Unix ms. Alone it gives the latest page, not the adjacent one.
            before: u64 = "before",
            /// At most so many, up to 100; 100 if not given.
            limit: u32 = "limit",
        }
    }
}
