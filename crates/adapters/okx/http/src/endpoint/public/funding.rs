//! Funding.

use okx_common::{
    enums::{FormulaType, FundingMethod, InstType, SettState},
    ids::InstId,
};

endpoint! {
    /// `GET /public/funding-rate`: the forecast of the running period.
    GetFundingRate = "public-funding-rate": Public "/public/funding-rate" -> FundingRate {
        required {
            /// A swap or X-Perp future, or `ANY` for all of them.
            inst_id: InstId = "instId",
        }
    }
}

row! {
    /// A funding rate. The period is `next_funding_time_ms - funding_time_ms`.
    ///
    /// `{"formulaType":"withRate","fundingRate":"-0.0002335289403350","fundingTime":"1777305600000","impactValue":`
    /// `"10000.0000000000000000","instId":"DOGE-USD_UM_XPERP-310404","instType":"FUTURES","interestRate":"0.0001000000000000",`
    /// `"maxFundingRate":"0.0075","method":"current_period","minFundingRate":"-0.0075","nextFundingRate":"","nextFundingTime":`
    /// `"1777334400000","premium":"-0.0009382145211426","prevFundingTime":"1777276800000","settFundingRate":`
    /// `"-0.0000365928423984","settState":"settled","ts":"1777284963980"}`
    pub struct FundingRate {
        req {
            /// Instrument.
            inst_id: InstId,
        }
        dec {
            /// The forecast for `funding_time_ms`; above 0 longs pay.
            funding_rate,
            /// The rate of the next period; `None` for `current_period`.
            next_funding_rate,
            /// Lower bound.
            min_funding_rate,
            /// Upper bound.
            max_funding_rate,
            /// Interest rate.
            interest_rate,
            /// Depth-weighted amount.
            impact_value,
            /// The rate being settled, or settled last.
            sett_funding_rate,
            /// Premium index.
            premium,
        }
        ms {
            /// When `funding_rate` is settled, Unix ms.
            funding_time_ms = "fundingTime",
            /// When the next one is settled, Unix ms.
            next_funding_time_ms = "nextFundingTime",
            /// When the one before was settled, Unix ms.
            prev_funding_time_ms = "prevFundingTime",
            /// When it was computed, Unix ms.
            ts_ms = "ts",
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
            /// How the rate is charged.
            method: FundingMethod,
            /// The formula.
            formula_type: FormulaType,
            /// State of the settlement.
            sett_state: SettState,
        }
    }
}

endpoint! {
    /// `GET /public/funding-rate-history`: the settled rates of three months, newest first.
    GetFundingRateHistory = "public-funding-rate-history": Public "/public/funding-rate-history" -> FundingRateRecord {
        required {
            /// A swap or X-Perp future.
            inst_id: InstId = "instId",
        }
        optional {
            /// Only newer ones than this funding time, Unix ms.
            before: u64 = "before",
            /// Only older ones than this funding time, Unix ms.
            after: u64 = "after",
            /// At most so many, up to 400; 400 if not given.
            limit: u32 = "limit",
        }
    }
}

row! {
    /// A settled rate.
    ///
    /// `{"formulaType":"noRate","fundingRate":"0.0000746604960499","fundingTime":"1703059200000","instId":"BTC-USD-SWAP",`
    /// `"instType":"SWAP","method":"next_period","realizedRate":"0.0000746572360545"}`
    pub struct FundingRateRecord {
        req {
            /// Instrument.
            inst_id: InstId,
        }
        dec {
            /// The forecast.
            funding_rate,
            /// The rate that was charged.
            realized_rate,
        }
        ms {
            /// When it was settled, Unix ms.
            funding_time_ms = "fundingTime",
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
            /// How the rate was charged.
            method: FundingMethod,
            /// The formula.
            formula_type: FormulaType,
        }
    }
}

endpoint! {
    /// `GET /public/premium-history`: the premium index of six months.
    GetPremiumHistory = "public-premium-history": Public "/public/premium-history" -> Premium {
        required {
            /// A swap.
            inst_id: InstId = "instId",
        }
        optional {
            /// Only older ones than this time, Unix ms.
            after: u64 = "after",
            /// Only newer ones than this time, Unix ms.
            before: u64 = "before",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}

row! {
    /// A premium: `{"instId":"BTC-USDT-SWAP","premium":"0.0001","ts":"1625097600000"}`.
    pub struct Premium {
        req {
            /// Instrument.
            inst_id: InstId,
        }
        dec {
            /// Premium index.
            premium,
        }
        ms {
            /// When it was computed, Unix ms.
            ts_ms = "ts",
        }
    }
}
