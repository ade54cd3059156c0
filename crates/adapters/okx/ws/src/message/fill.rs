//! Own fills.

use okx_common::enums::{ExecType, Side};

row! {
    /// A row of `fills` (VIP4): faster than `orders`, without fees. `clOrdId` is `0` unless it is a positive 64-bit integer.
    ///
    /// `{"arg":{"channel":"fills","instId":"BTC-USDT-SWAP","uid":"614488474791111"},"data":[{"instId":"BTC-USDT-SWAP",`
    /// `"fillSz":"100","fillPx":"70000","side":"buy","ts":"1705449605015","ordId":"680800019749904384","clOrdId":"1234567890",`
    /// `"tradeId":"12345","execType":"T","count":"10"}]}`
    pub struct Fill<'a> {
        text {
            /// Instrument.
            inst_id,
            /// Order.
            ord_id,
            /// Client's order id, or `0`.
            cl_ord_id,
            /// Trade, the last one of those aggregated.
            trade_id,
        }
        dec {
            /// Size.
            fill_sz,
            /// Price.
            fill_px,
        }
        ms {
            /// When it happened, Unix ms.
            #[serde(rename(deserialize = "ts"))]
            ts_ms,
        }
        int {
            /// How many matches were aggregated.
            count,
        }
        opt {
            /// Side.
            side: Side,
            /// Maker or taker.
            exec_type: ExecType,
        }
    }
}
