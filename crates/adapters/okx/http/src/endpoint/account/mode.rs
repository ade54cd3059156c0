//! Settings of the account.

use okx_common::{
    enums::{AcctLv, GreeksType, PosMode},
    ids::Ccy,
};

setting! {
    /// `POST /account/set-position-mode`: one position an instrument, or long and short apart. Needs an account without positions and
    /// open orders (59000). Signed.
    SetPositionMode = "account-set-position-mode": "/account/set-position-mode" -> Setting {
        required {
            /// The mode.
            pos_mode: PosMode = "posMode",
        }
    }
}

setting! {
    /// `POST /account/set-greeks`: shows Greeks in coins or dollars. Signed.
    SetGreeks = "account-set-greeks": "/account/set-greeks" -> Setting {
        required {
            /// The kind.
            greeks_type: GreeksType = "greeksType",
        }
    }
}

setting! {
    /// `POST /account/set-account-level`: the account mode; the first time it must be done in the app. Signed.
    SetAccountLevel = "account-set-account-level": "/account/set-account-level" -> Setting {
        required {
            /// The mode.
            acct_lv: AcctLv = "acctLv",
        }
    }
}

setting! {
    /// `POST /account/set-settle-currency`: what USD-margined contracts settle in. Signed.
    SetSettleCurrency = "account-set-settle-currency": "/account/set-settle-currency" -> Setting {
        required {
            /// Currency.
            settle_ccy: Ccy = "settleCcy",
        }
    }
}

setting! {
    /// `POST /account/set-fee-type`: in what fees are paid (spot mode). Signed.
    SetFeeType = "account-set-fee-type": "/account/set-fee-type" -> Setting {
        required {
            /// `0` the currency received, `1` the quote currency.
            fee_type: String = "feeType",
        }
    }
}

setting! {
    /// `POST /account/set-auto-loan`: whether currency is borrowed automatically. Signed.
    SetAutoLoan = "account-set-auto-loan": "/account/set-auto-loan" -> Setting {
        required {
            /// Whether it is.
            auto_loan: bool = "autoLoan",
        }
    }
}

row! {
    /// A setting that was changed: OKX answers with what it is now.
    ///
    /// `{"posMode":"long_short_mode"}`
    pub struct Setting {
        text {
            /// Isolated mode.
            iso_mode,
            /// Settlement currency.
            settle_ccy,
            /// In what fees are paid.
            fee_type,
            /// Strategy.
            stgy_type,
            /// Kind.
            setting = "type",
            /// Currency.
            ccy,
            /// Kind of risk offset.
            risk_offset_type,
            /// Whether liabilities are repaid automatically.
            auto_repay,
            /// Kind of earning.
            earn_type,
            /// Whether it was switched on or off.
            action,
        }
        dec {
            /// Spot in use.
            cl_spot_in_use_amt,
            /// Rate.
            apr,
        }
        ms {
            /// When it was done, Unix ms.
            ts_ms = "ts",
        }
        flag {
            /// Whether it was done.
            result,
            /// Whether currency is borrowed automatically.
            auto_loan,
        }
        opt {
            /// Account mode.
            acct_lv: AcctLv,
            /// Greeks in coins or dollars.
            greeks_type: GreeksType,
            /// Position mode.
            pos_mode: PosMode,
        }
    }
}
