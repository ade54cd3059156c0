//! Open interest.

use okx_common::{
    enums::InstType,
    ids::{InstFamily, InstId},
};

endpoint! {
    /// `GET /public/open-interest`: open contracts.
    GetOpenInterest = "public-open-interest": Public "/public/open-interest" -> OpenInterest {
        required {
            /// SWAP, FUTURES, OPTION or EVENTS.
            inst_type: InstType = "instType",
        }
        optional {
            /// Instrument family; OPTION cannot do without.
            inst_family: InstFamily = "instFamily",
            /// One instrument.
            inst_id: InstId = "instId",
        }
    }
}

row! {
    /// Open contracts.
    ///
    /// `{"instId":"BTC-USDT-SWAP","instType":"SWAP","oi":"2663107.29999999861","oiCcy":"26631.0729999999861",`
    /// `"oiUsd":"1676426045.349999124995","ts":"1728728314766"}`
    pub struct OpenInterest {
        req {
            /// Instrument.
            inst_id: InstId,
        }
        dec {
            /// In contracts.
            oi,
            /// In currency.
            oi_ccy,
            /// In USD.
            oi_usd,
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
