//! Risk and what can be moved out.

use okx_common::ids::Ccy;

endpoint! {
    /// `GET /account/risk-state`: whether the account is at risk (portfolio margin). Signed.
    GetRiskState = "account-risk-state": Signed "/account/risk-state" -> RiskState {}
}

row! {
    /// Whether the account is at risk.
    ///
    /// `{"atRisk":false,"atRiskIdx":[],"atRiskMgn":[],"ts":"1635745078794"}`
    pub struct RiskState {
        ms {
            /// When it was found, Unix ms.
            ts_ms = "ts",
        }
        flag {
            /// Whether it is.
            at_risk,
        }
        list {
            /// Derivatives groups that are.
            at_risk_idx: String,
            /// Margin groups that are.
            at_risk_mgn: String,
        }
    }
}

endpoint! {
    /// `GET /account/greeks`: the Greeks by currency. Signed.
    GetGreeks = "account-greeks": Signed "/account/greeks" -> Greeks {
        optional {
            /// Currency.
            ccy: Ccy = "ccy",
        }
    }
}

row! {
    /// The Greeks of a currency.
    ///
    /// `{"thetaBS":"","thetaPA":"","deltaBS":"","deltaPA":"","gammaBS":"","gammaPA":"","vegaBS":"","vegaPA":"","ccy":"BTC",`
    /// `"ts":"1620282889345"}`
    pub struct Greeks {
        text {
            /// Currency.
            ccy,
        }
        dec {
            /// Delta, dollars.
            delta_bs = "deltaBS",
            /// Delta, coins.
            delta_pa = "deltaPA",
            /// Gamma, dollars.
            gamma_bs = "gammaBS",
            /// Gamma, coins.
            gamma_pa = "gammaPA",
            /// Theta, dollars.
            theta_bs = "thetaBS",
            /// Theta, coins.
            theta_pa = "thetaPA",
            /// Vega, dollars.
            vega_bs = "vegaBS",
            /// Vega, coins.
            vega_pa = "vegaPA",
        }
        ms {
            /// When they were computed, Unix ms.
            ts_ms = "ts",
        }
    }
}

endpoint! {
    /// `GET /account/max-withdrawal`: the most that can be moved out of the trading account. Signed.
    GetMaxWithdrawal = "account-max-withdrawal": Signed "/account/max-withdrawal" -> MaxWithdrawal {
        optional {
            /// Currencies, up to 20, separated by commas.
            ccy: String = "ccy",
        }
    }
}

row! {
    /// The most that can be moved out.
    ///
    /// `{"ccy":"BTC","maxWd":"124","maxWdEx":"125","spotOffsetMaxWd":"","spotOffsetMaxWdEx":""}`
    pub struct MaxWithdrawal {
        text {
            /// Currency.
            ccy,
        }
        dec {
            /// Without borrowed currency.
            max_wd,
            /// With borrowed currency.
            max_wd_ex,
            /// The same where spot offsets risk.
            spot_offset_max_wd,
            /// The same with borrowed currency.
            spot_offset_max_wd_ex,
        }
    }
}
