//! Sizes of contracts and positions.

use okx_common::{
    decimal::Decimal,
    enums::{InstType, TdMode},
    ids::InstId,
};

endpoint! {
    /// `GET /public/position-tiers`: margin by size of position.
    GetPositionTiers = "public-position-tiers": Public "/public/position-tiers" -> PositionTier {
        required {
            /// MARGIN, SWAP, FUTURES or OPTION.
            inst_type: InstType = "instType",
            /// Cross or isolated.
            td_mode: TdMode = "tdMode",
        }
        optional {
            /// Up to five instrument families, separated by commas; derivatives cannot do without.
            inst_family: String = "instFamily",
            /// Up to five instruments, separated by commas (MARGIN).
            inst_id: String = "instId",
            /// Currency (MARGIN, cross).
            ccy: String = "ccy",
            /// One tier.
            tier: u32 = "tier",
        }
    }
}

row! {
    /// A tier of positions.
    ///
    /// `{"baseMaxLoan":"50","imr":"0.1","instId":"BTC-USDT","maxLever":"10","maxSz":"50","minSz":"0","mmr":"0.03",`
    /// `"optMgnFactor":"0","quoteMaxLoan":"500000","tier":"1","uly":"","instFamily":""}`
    pub struct PositionTier {
        text {
            /// Underlying.
            uly,
            /// Instrument family.
            inst_family,
            /// Instrument.
            inst_id,
            /// Number of the tier.
            tier,
        }
        dec {
            /// Smallest size.
            min_sz,
            /// Largest size.
            max_sz,
            /// Maintenance margin rate.
            mmr,
            /// Initial margin rate.
            imr,
            /// Largest leverage.
            max_lever,
            /// Margin factor (OPTION).
            opt_mgn_factor,
            /// Most that can be borrowed in quote currency (MARGIN).
            quote_max_loan,
            /// Most that can be borrowed in base currency (MARGIN).
            base_max_loan,
        }
    }
}

endpoint! {
    /// `GET /public/convert-contract-coin`: contracts to currency and back.
    ConvertContract = "public-convert-contract-coin": Public "/public/convert-contract-coin" -> ContractConversion {
        required {
            /// Instrument.
            inst_id: InstId = "instId",
            /// What is converted: currency or contracts.
            sz: Decimal = "sz",
        }
        optional {
            /// `1` currency to contracts (the default), `2` back.
            direction: String = "type",
            /// Price; inverse contracts and USD amounts cannot do without.
            px: Decimal = "px",
            /// `coin` or `usds`.
            unit: String = "unit",
            /// `open` rounds down, `close` rounds to the nearest.
            op_type: String = "opType",
        }
    }
}

row! {
    /// A conversion: `{"instId":"BTC-USD-SWAP","px":"35000","sz":"311","type":"1","unit":"coin"}`.
    pub struct ContractConversion {
        req {
            /// Instrument.
            inst_id: InstId,
        }
        text {
            /// `1` currency to contracts, `2` back.
            direction = "type",
            /// `coin` or `usds`.
            unit,
        }
        dec {
            /// Price.
            px,
            /// The result.
            sz,
        }
    }
}
