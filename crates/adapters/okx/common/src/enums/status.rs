//! Exchange status and maintenance.

open_enum! {
    /// `state` of a maintenance.
    MaintenanceState {
        /// Announced.
        Scheduled = "scheduled",
        /// On.
        Ongoing = "ongoing",
        /// Cancelling and similar are possible already.
        PreOpen = "pre_open",
        /// Over.
        Completed = "completed",
        /// Called off.
        Canceled = "canceled",
    }
}

open_enum! {
    /// `serviceType` of a maintenance.
    ServiceType {
        /// WebSocket.
        WebSocket = "0",
        /// Trading.
        Trading = "5",
        /// Block trading.
        BlockTrading = "6",
        /// Trading bots.
        TradingBot = "7",
        /// Trading, batch by batch of accounts.
        TradingByAccount = "8",
        /// Trading, batch by batch of products.
        TradingByProduct = "9",
        /// Spread trading.
        SpreadTrading = "10",
        /// Copy trading.
        CopyTrading = "11",
        /// Something else.
        Other = "99",
    }
}

open_enum! {
    /// `maintType` of a maintenance.
    MaintenanceType {
        /// Scheduled.
        Scheduled = "1",
        /// Unscheduled.
        Unscheduled = "2",
        /// A disruption.
        Disruption = "3",
    }
}

open_enum! {
    /// `env` of a maintenance.
    MaintenanceEnv {
        /// Production.
        Production = "1",
        /// Demo trading.
        Demo = "2",
    }
}
