//! Contract terms.

open_enum! {
    /// `ctType`.
    CtType {
        /// Paid in the quote currency; a contract is a quantity of the base.
        Linear = "linear",
        /// Paid in the base currency; a contract is a quantity of USD.
        Inverse = "inverse",
    }
}

closed_enum! {
    /// `optType`.
    OptType {
        /// A call.
        Call = "C",
        /// A put.
        Put = "P",
    }
}

open_enum! {
    /// `type` of the delivery and exercise history.
    DeliveryType {
        /// A future was delivered.
        Delivery = "delivery",
        /// An option was exercised.
        Exercised = "exercised",
        /// An option expired out of the money.
        ExpiredOtm = "expired_otm",
    }
}

open_enum! {
    /// `settleType` of an estimated price.
    SettleType {
        /// Daily settlement.
        Settlement = "settlement",
        /// Delivery of a future.
        Delivery = "delivery",
        /// Exercise of an option.
        Exercise = "exercise",
    }
}
