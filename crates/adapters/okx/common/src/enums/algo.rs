//! Strategy (algo) orders.

closed_enum! {
    /// `state` of a strategy order.
    AlgoState {
        /// Waiting.
        Live = "live",
        /// Paused.
        Pause = "pause",
        /// Partly effective.
        PartiallyEffective = "partially_effective",
        /// Effective: its order was sent.
        Effective = "effective",
        /// Cancelled.
        Canceled = "canceled",
        /// Its order failed.
        OrderFailed = "order_failed",
        /// Its orders failed in part.
        PartiallyFailed = "partially_failed",
    }
}

open_enum! {
    /// `ordType` of a strategy order.
    AlgoOrdType {
        /// One take profit or stop loss.
        Conditional = "conditional",
        /// Take profit and stop loss, one cancels the other.
        Oco = "oco",
        /// Trigger.
        Trigger = "trigger",
        /// Trailing stop.
        MoveOrderStop = "move_order_stop",
        /// Time-weighted.
        Twap = "twap",
        /// Follows the best price.
        Chase = "chase",
        /// Hides its size.
        SmartIceberg = "smart_iceberg",
        /// Hides its size (legacy).
        Iceberg = "iceberg",
    }
}

open_enum! {
    /// `slTriggerPxType` and similar: which price triggers.
    TriggerPxType {
        /// Last trade.
        Last = "last",
        /// Index.
        Index = "index",
        /// Mark.
        Mark = "mark",
    }
}
