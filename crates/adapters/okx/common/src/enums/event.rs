//! Event contracts.

open_enum! {
    /// `freq` of an event-contract series.
    EventFreq {
        /// Every five minutes.
        FiveMin = "five_min",
        /// Every fifteen minutes.
        FifteenMin = "fifteen_min",
        /// Every hour.
        Hourly = "hourly",
        /// Every day.
        Daily = "daily",
        /// Every month.
        Monthly = "monthly",
    }
}

open_enum! {
    /// `settlement.method` of an event-contract series.
    EventMethod {
        /// Up or down against the start.
        PriceUpDown = "price_up_down",
        /// Above a level at the end.
        PriceAbove = "price_above",
        /// A level is touched.
        Hit = "hit",
        /// Between two levels at the end.
        Between = "between",
    }
}

open_enum! {
    /// `state` of an event or its markets.
    EventState {
        /// Announced.
        Preopen = "preopen",
        /// Trading.
        Live = "live",
        /// Being settled.
        Settling = "settling",
        /// Over.
        Expired = "expired",
    }
}

open_enum! {
    /// `outcome` of a settled market.
    EventOutcome {
        /// Not settled yet.
        NotAvailable = "0",
        /// Yes.
        Yes = "1",
        /// No.
        No = "2",
    }
}

open_enum! {
    /// `hitDir` of a market that settles by touching a level.
    HitDirection {
        /// From below.
        Up = "up",
        /// From above.
        Down = "dn",
    }
}
