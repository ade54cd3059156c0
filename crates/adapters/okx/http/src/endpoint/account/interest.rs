//! Borrowing and interest.

use okx_common::{
    enums::{MgnMode, Side},
    ids::{Ccy, InstId},
};

endpoint! {
    /// `GET /account/interest-rate`: the hourly rates of borrowing. Signed.
    GetInterestRate = "account-interest-rate": Signed "/account/interest-rate" -> InterestRate {
        optional {
            /// Currency.
            ccy: Ccy = "ccy",
        }
    }
}

row! {
    /// An hourly rate of borrowing.
    ///
    /// `{"ccy":"USDC","interestRate":"0.00004453"}`
    pub struct InterestRate {
        text {
            /// Currency.
            ccy,
        }
        dec {
            /// Rate an hour.
            interest_rate,
        }
    }
}

endpoint! {
    /// `GET /account/interest-accrued`: interest of the last year, newest first. Signed.
    GetInterestAccrued = "account-interest-accrued": Signed "/account/interest-accrued" -> InterestAccrued {
        optional {
            /// Kind: 2 is market loans.
            loan_type: String = "type",
            /// Currency.
            ccy: Ccy = "ccy",
            /// Instrument.
            inst_id: InstId = "instId",
            /// Cross or isolated.
            mgn_mode: MgnMode = "mgnMode",
            /// Only older ones than this, Unix ms.
            after: u64 = "after",
            /// Only newer ones than this, Unix ms.
            before: u64 = "before",
            /// At most so many, up to 100.
            limit: u32 = "limit",
        }
    }
}

row! {
    /// Interest that was charged.
    ///
    /// `{"ccy":"USDT","instId":"","interest":"0.0003960833333334","interestRate":"0.0000040833333333","liab":"97","mgnMode":"",`
    /// `"ts":"1637312400000","type":"1"}`
    pub struct InterestAccrued {
        text {
            /// Currency.
            ccy,
            /// Instrument.
            inst_id,
            /// Kind.
            loan_type = "type",
        }
        dec {
            /// Interest.
            interest,
            /// Rate an hour.
            interest_rate,
            /// Liability that it is of.
            liab,
            /// All liabilities of the account.
            total_liab,
            /// What of them is free of interest.
            interest_free_liab,
        }
        ms {
            /// When it was charged, Unix ms.
            ts_ms = "ts",
        }
        opt {
            /// Cross or isolated.
            mgn_mode: MgnMode,
        }
    }
}

endpoint! {
    /// `GET /account/max-loan`: the most that can be borrowed. Signed.
    GetMaxLoan = "account-max-loan": Signed "/account/max-loan" -> MaxLoan {
        required {
            /// Cross or isolated.
            mgn_mode: MgnMode = "mgnMode",
        }
        optional {
            /// Instruments, up to 5, separated by commas.
            inst_id: String = "instId",
            /// Currency.
            ccy: Ccy = "ccy",
            /// Margin currency.
            mgn_ccy: Ccy = "mgnCcy",
            /// What a SPOT order is paid in.
            trade_quote_ccy: Ccy = "tradeQuoteCcy",
        }
    }
}

row! {
    /// The most that can be borrowed for a side.
    ///
    /// `{"instId":"BTC-USDT","mgnMode":"isolated","mgnCcy":"","maxLoan":"0.1","ccy":"BTC","side":"sell"}`
    pub struct MaxLoan {
        text {
            /// Instrument.
            inst_id,
            /// Margin currency.
            mgn_ccy,
            /// Currency.
            ccy,
        }
        dec {
            /// The most.
            max_loan,
        }
        opt {
            /// Cross or isolated.
            mgn_mode: MgnMode,
            /// Side.
            side: Side,
        }
    }
}
