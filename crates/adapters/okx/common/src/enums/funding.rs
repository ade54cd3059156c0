//! Funding rates.

open_enum! {
    /// `settState` of a funding rate.
    SettState {
        /// Being settled.
        Processing = "processing",
        /// Settled.
        Settled = "settled",
    }
}

open_enum! {
    /// `method` of a funding rate.
    FundingMethod {
        /// Collected in the current period.
        CurrentPeriod = "current_period",
        /// Collected in the next period; only in old history.
        NextPeriod = "next_period",
    }
}

open_enum! {
    /// `formulaType` of a funding rate.
    FormulaType {
        /// The old formula.
        NoRate = "noRate",
        /// The formula with an interest rate.
        WithRate = "withRate",
    }
}
