//! Borrowing and collateral.

use okx_common::ids::Ccy;

endpoint! {
    /// `GET /public/interest-rate-loan-quota`: interest and borrowing limits.
    GetLoanQuotas = "public-interest-rate-loan-quota": Public "/public/interest-rate-loan-quota" -> LoanQuotas {}
}

row! {
    /// Interest and borrowing limits.
    ///
    /// `{"configCcyList":[{"ccy":"USDT","rate":"0.00006864"}],"basic":[{"ccy":"USDT","quota":"5000000","rate":"0.00006864"}],`
    /// `"vip":[{"irDiscount":"","loanQuotaCoef":"13","level":"VIP 9"}],"regular":[{"irDiscount":"","loanQuotaCoef":"4","level":`
    /// `"Lv5"}],"config":[{"ccy":"USDT","level":"VIP 7","quota":"45000000","stgyType":"0"}]}`
    pub struct LoanQuotas {
        list {
            /// By currency.
            basic: CcyQuota,
            /// By VIP level.
            vip: LevelQuota,
            /// By ordinary level.
            regular: LevelQuota,
            /// By currency and level, where it differs.
            config: SpecialQuota,
            /// Currencies with a rate of their own.
            config_ccy_list: ConfiguredRate,
        }
    }
}

row! {
    /// The borrowing limit of a currency.
    pub struct CcyQuota {
        req {
            /// Currency.
            ccy: Ccy,
        }
        dec {
            /// Most that can be borrowed.
            quota,
            /// Daily interest rate.
            rate,
        }
    }
}

row! {
    /// The borrowing limit of a fee level.
    pub struct LevelQuota {
        text {
            /// Fee level: `VIP 9`, `Lv5`.
            level,
        }
        dec {
            /// Factor of the limit.
            loan_quota_coef,
            /// Discount of the interest rate; deprecated by OKX.
            ir_discount,
        }
    }
}

row! {
    /// The borrowing limit of a currency at a fee level.
    pub struct SpecialQuota {
        req {
            /// Currency.
            ccy: Ccy,
        }
        text {
            /// Fee level.
            level,
            /// Strategy: `0` general, `1` delta neutral.
            stgy_type,
        }
        dec {
            /// Most that can be borrowed.
            quota,
        }
    }
}

row! {
    /// The interest rate of a currency.
    pub struct ConfiguredRate {
        req {
            /// Currency.
            ccy: Ccy,
        }
        dec {
            /// Daily interest rate.
            rate,
        }
    }
}

endpoint! {
    /// `GET /public/discount-rate-interest-free-quota`: what a currency counts for as collateral.
    GetDiscountRates = "public-discount-rate-interest-free-quota":
        Public "/public/discount-rate-interest-free-quota" -> CcyDiscount {
        optional {
            /// One currency.
            ccy: Ccy = "ccy",
            /// Level of discount.
            discount_lv: String = "discountLv",
        }
    }
}

row! {
    /// What a currency counts for as collateral.
    ///
    /// `{"amt":"0","ccy":"BTC","collateralRestrict":false,"colRes":"0","details":[{"discountRate":"0.98","liqPenaltyRate":"0.02",`
    /// `"maxAmt":"20","minAmt":"0","tier":"1","disCcyEq":"1000"}],"discountLv":"1","minDiscountRate":"0"}`
    pub struct CcyDiscount {
        req {
            /// Currency.
            ccy: Ccy,
        }
        text {
            /// Level of discount; deprecated by OKX.
            discount_lv,
            /// Restriction of the venue on it as collateral: `0` none, `1` close, `2` reached.
            col_res,
        }
        dec {
            /// Free of interest.
            amt,
            /// Lowest rate, above the last tier.
            min_discount_rate,
        }
        flag {
            /// Whether it is restricted as collateral; deprecated by OKX.
            collateral_restrict,
        }
        list {
            /// The tiers.
            details: DiscountTier,
        }
    }
}

row! {
    /// A tier of collateral.
    pub struct DiscountTier {
        text {
            /// Number of the tier.
            tier,
        }
        dec {
            /// Rate.
            discount_rate,
            /// From this amount on.
            min_amt,
            /// Up to this amount; `None` is no end.
            max_amt,
            /// Penalty of a liquidation.
            liq_penalty_rate,
            /// What the currency counts for up to here.
            dis_ccy_eq,
        }
    }
}

endpoint! {
    /// `GET /public/delta-hedge-currencies`: what hedges what in the delta neutral mode.
    GetDeltaHedgeCurrencies = "public-delta-hedge-currencies":
        Public "/public/delta-hedge-currencies" -> DeltaHedgeCcy {
        optional {
            /// One currency.
            ccy: Ccy = "ccy",
        }
    }
}

row! {
    /// The currencies that hedge a currency: `{"ccy":"ETH","hedgeCcy":["STETH","BETH"]}`.
    pub struct DeltaHedgeCcy {
        req {
            /// Currency.
            ccy: Ccy,
        }
        list {
            /// What hedges it.
            hedge_ccy: Ccy,
        }
    }
}
