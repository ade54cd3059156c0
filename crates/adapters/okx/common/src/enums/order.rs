//! Orders.

closed_enum! {
    /// `state` of an order.
    OrderState {
        /// On the book.
        Live = "live",
        /// On the book, partly filled.
        PartiallyFilled = "partially_filled",
        /// Filled.
        Filled = "filled",
        /// Cancelled.
        Canceled = "canceled",
        /// Cancelled by market-maker protection.
        MmpCanceled = "mmp_canceled",
    }
}

impl OrderState {
    /// Whether nothing can happen to the order any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Filled | Self::Canceled | Self::MmpCanceled)
    }
}

open_enum! {
    /// `ordType` of an ordinary order.
    OrdType {
        /// At the market.
        Market = "market",
        /// At a limit.
        Limit = "limit",
        /// At a limit, only as a maker; cancelled with source 31 if it would cross.
        PostOnly = "post_only",
        /// All at once or not at all.
        Fok = "fok",
        /// What can be had at once.
        Ioc = "ioc",
        /// At the market within the price limit, the rest is cancelled (FUTURES, SWAP).
        OptimalLimitIoc = "optimal_limit_ioc",
        /// Under market-maker protection (OPTION).
        Mmp = "mmp",
        /// Under market-maker protection and post-only (OPTION).
        MmpAndPostOnly = "mmp_and_post_only",
        /// Fill-or-kill of simple options; in answers only.
        OpFok = "op_fok",
        /// Retail price improvement.
        Rpi = "rpi",
        /// The name of `rpi` until 2026-10-31.
        Elp = "elp",
    }
}

open_enum! {
    /// `tdMode`.
    TdMode {
        /// Without borrowing.
        Cash = "cash",
        /// Cross margin.
        Cross = "cross",
        /// Isolated margin.
        Isolated = "isolated",
        /// Isolated margin of spot copy trading.
        SpotIsolated = "spot_isolated",
    }
}

open_enum! {
    /// `tgtCcy`, the unit of the size of a spot market order.
    TgtCcy {
        /// The base currency.
        Base = "base_ccy",
        /// The quote currency.
        Quote = "quote_ccy",
    }
}

open_enum! {
    /// `stpMode` and `acctStpMode`, what self-trade prevention cancels.
    StpMode {
        /// The resting order.
        CancelMaker = "cancel_maker",
        /// The arriving order.
        CancelTaker = "cancel_taker",
        /// Both.
        CancelBoth = "cancel_both",
    }
}

open_enum! {
    /// `pxType` of an option order.
    PxType {
        /// In coin.
        Px = "px",
        /// As implied volatility.
        PxVol = "pxVol",
        /// In USD.
        PxUsd = "pxUsd",
    }
}

open_enum! {
    /// `quickMgnType`. Deprecated by OKX.
    QuickMgnType {
        /// Manual.
        Manual = "manual",
        /// Borrows by itself.
        AutoBorrow = "auto_borrow",
        /// Repays by itself.
        AutoRepay = "auto_repay",
    }
}

open_enum! {
    /// `category` of an order.
    OrderCategory {
        /// Ordinary.
        Normal = "normal",
        /// Forced repayment.
        Twap = "twap",
        /// Auto-deleveraging.
        Adl = "adl",
        /// Full liquidation.
        FullLiquidation = "full_liquidation",
        /// Partial liquidation.
        PartialLiquidation = "partial_liquidation",
        /// Delivery.
        Delivery = "delivery",
        /// Delta hedging.
        Ddh = "ddh",
        /// Automatic conversion.
        AutoConversion = "auto_conversion",
    }
}

open_enum! {
    /// `source` of an order: the strategy order that made it.
    OrderSource {
        /// Trigger.
        Trigger = "6",
        /// Take profit or stop loss.
        TpSl = "7",
        /// A strategy.
        Algo = "13",
        /// Trailing stop.
        Trailing = "25",
        /// Chase.
        Chase = "34",
    }
}

open_enum! {
    /// `amendSource`.
    AmendSource {
        /// The user.
        User = "1",
        /// The user, and the system because of reduce-only.
        UserAndReduceOnly = "2",
        /// The system because of reduce-only, on a new order; merged into 4 on 2026-07-16.
        ReduceOnlyNew = "3",
        /// The system because of reduce-only.
        ReduceOnly = "4",
        /// Drift of an option order's price, volatility or USD price.
        OptionDrift = "5",
        /// Rounding of an RPI price.
        RpiRounding = "6",
    }
}

open_enum! {
    /// `amendResult`.
    AmendResult {
        /// Failed.
        Failure = "-1",
        /// Done.
        Success = "0",
        /// The order was cancelled because the amendment failed.
        Canceled = "1",
        /// Amended by the system (options priced by volatility or USD).
        Automatic = "2",
    }
}

open_enum! {
    /// `cancelSource`.
    CancelSource {
        /// The system.
        System = "0",
        /// The user.
        User = "1",
        /// Reduce-only, insufficient margin.
        ReduceOnlyMargin = "2",
        /// Risk control, liquidation.
        Liquidation = "3",
        /// Borrowing reached its hard cap.
        BorrowCap = "4",
        /// Auto-deleveraging.
        Adl = "6",
        /// Delivery of the future.
        Delivery = "7",
        /// The balance did not cover the funding fee.
        FundingFee = "9",
        /// The option expired.
        OptionExpiry = "10",
        /// Fill-or-kill could not fill.
        Fok = "13",
        /// The rest of an immediate-or-cancel.
        Ioc = "14",
        /// The price was beyond the limit.
        PriceLimit = "15",
        /// The position was closed already.
        PositionClosed = "17",
        /// Cancel-all-after ran out.
        CancelAllAfter = "20",
        /// Take profit or stop loss: the position was closed.
        TpSlPositionClosed = "21",
        /// Reduce-only, replaced by a better priced order of the same direction.
        ReduceOnlyReplaced = "22",
        /// Reduce-only, replaced by a better priced order.
        ReduceOnlyBetterPrice = "23",
        /// The price difference was over 5 %.
        PriceDifference = "27",
        /// Post-only would have taken.
        PostOnly = "31",
        /// Self-trade prevention.
        SelfTrade = "32",
        /// It matched more than 1000 orders.
        TooManyMatches = "33",
        /// Spread order: the settlement margin did not suffice.
        SettlementMargin = "34",
        /// Take-profit limit order: the stop loss was triggered.
        TpLimitSlTriggered = "36",
        /// Take-profit limit order: the stop loss was cancelled.
        TpLimitSlCanceled = "37",
        /// The user cancelled under market-maker protection.
        MmpUser = "38",
        /// Market-maker protection was triggered.
        MmpTriggered = "39",
        /// The chase distance was reached.
        ChaseDistance = "42",
        /// The end of the pre-quote phase, price against the index.
        PreQuoteEnd = "43",
        /// Automatic conversion.
        AutoConversion = "44",
        /// The RPI price check.
        RpiPrice = "45",
        /// The system cancelled to reduce delta.
        DeltaReducing = "46",
    }
}
