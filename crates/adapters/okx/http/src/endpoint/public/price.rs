//! Mark prices and price limits.

use okx_common::{
    enums::InstType,
    ids::{InstFamily, InstId},
};

endpoint! {
    /// `GET /public/mark-price`: mark prices.
    GetMarkPrice = "public-mark-price": Public "/public/mark-price" -> MarkPrice {
        required {
            /// MARGIN, SWAP, FUTURES, OPTION or EVENTS.
            inst_type: InstType = "instType",
        }
        optional {
            /// Instrument family.
            inst_family: InstFamily = "instFamily",
            /// One instrument.
            inst_id: InstId = "instId",
        }
    }
}

row! {
    /// A mark price: `{"instId":"BTC-USDT-SWAP","instType":"SWAP","markPx":"83792.5","ts":"1790322100602"}`.
    pub struct MarkPrice {
        req {
            /// Instrument.
            inst_id: InstId,
        }
        dec {
            /// Mark price.
            mark_px,
        }
        ms {
            /// When it was computed, Unix ms.
            ts_ms = "ts",
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
        }
    }
}

endpoint! {
    /// `GET /public/price-limit`: the highest price of buy orders and the lowest of sell orders.
    GetPriceLimit = "public-price-limit": Public "/public/price-limit" -> PriceLimit {
        required {
            /// Instrument.
            inst_id: InstId = "instId",
        }
    }
}

row! {
    /// Price limits.
    ///
    /// `{"instType":"SWAP","instId":"BTC-USDT-SWAP","buyLmt":"17057.9","sellLmt":"16388.9","ts":"1597026383085","enabled":true}`
    pub struct PriceLimit {
        req {
            /// Instrument.
            inst_id: InstId,
        }
        dec {
            /// The highest price of a buy order; `None` where no limit is in force.
            buy_lmt,
            /// The lowest price of a sell order; `None` where no limit is in force.
            sell_lmt,
        }
        ms {
            /// When it was computed, Unix ms.
            ts_ms = "ts",
        }
        flag {
            /// Whether the limits are in force.
            enabled,
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
        }
    }
}
