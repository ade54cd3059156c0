//! Trades.

use okx_common::{
    decimal::Decimal,
    enums::{OptType, Side},
};

use crate::text::Text;

/// A row of `trades` or `trades-all`.
///
/// `{"arg":{"channel":"trades","instId":"BTC-USDT-SWAP"},"data":[{"instId":"BTC-USDT-SWAP","tradeId":"2953620280",`
/// `"px":"84093.5","sz":"24.31","side":"buy","ts":"1790439596521","count":"59","source":"0","seqId":342177339042}]}`
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Trade<'a> {
    /// Instrument.
    pub inst_id: Text<'a>,
    /// Trade id; of `trades` the last one of those aggregated, the ids before it are contiguous.
    pub trade_id: Text<'a>,
    /// Price.
    pub px: Decimal,
    /// Size, in contracts (derivatives) or base currency.
    pub sz: Decimal,
    /// Side of the taker.
    pub side: Side,
    /// When it happened, Unix ms.
    pub ts_ms: u64,
    /// How many matches were aggregated; `trades` only.
    pub count: Option<u32>,
    /// `0` normal, `1` retail price improvement; empty if not sent.
    pub source: Text<'a>,
    /// Sequence relative to the books; may repeat; `trades` only.
    pub seq_id: Option<i64>,
}

row! {
    /// A row of `option-trades`.
    ///
    /// `{"arg":{"channel":"option-trades","instType":"OPTION","instFamily":"BTC-USD"},"data":[{"fillVol":"0.5066007836914062",`
    /// `"fwdPx":"16469.69928595038","idxPx":"16537.2","instFamily":"BTC-USD","instId":"BTC-USD-230224-18000-C",`
    /// `"markPx":"0.04690107010619562","optType":"C","px":"0.045","side":"sell","sz":"2","tradeId":"38","ts":"1672286551080"}]}`
    pub struct OptionTrade<'a> {
        text {
            /// Instrument.
            inst_id,
            /// Instrument family.
            inst_family,
            /// Trade id.
            trade_id,
        }
        dec {
            /// Price.
            px,
            /// Size, contracts.
            sz,
            /// Implied volatility of the trade.
            fill_vol,
            /// Forward price.
            fwd_px,
            /// Index price.
            idx_px,
            /// Mark price.
            mark_px,
        }
        ms {
            /// When it happened, Unix ms.
            #[serde(rename(deserialize = "ts"))]
            ts_ms,
        }
        opt {
            /// Side of the taker.
            side: Side,
            /// Call or put.
            opt_type: OptType,
        }
    }
}
