//! Settings of the account.

use okx_common::enums::{AcctLv, GreeksType, PosMode};

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
