//! What can be traded, and in which state it is.

open_enum! {
    /// `instType`, the kind of an instrument.
    InstType {
        /// Spot pairs.
        Spot = "SPOT",
        /// Spot pairs traded with borrowed money; the ids are those of SPOT.
        Margin = "MARGIN",
        /// Perpetual contracts.
        Swap = "SWAP",
        /// Contracts with an expiry, X-Perps included.
        Futures = "FUTURES",
        /// Options.
        Option = "OPTION",
        /// Event contracts.
        Events = "EVENTS",
        /// All kinds, in subscriptions of private channels only.
        Any = "ANY",
    }
}

open_enum! {
    /// `state` of an instrument.
    InstState {
        /// Trading.
        Live = "live",
        /// Trading is suspended.
        Suspend = "suspend",
        /// Being rebased, cannot be traded.
        Rebase = "rebase",
        /// Only post-only orders (SWAP).
        PostOnly = "post_only",
        /// Announced; most fields may still be empty.
        Preopen = "preopen",
        /// A test pair, cannot be traded.
        Test = "test",
        /// Being settled (EVENTS).
        Settling = "settling",
        /// Gone (WebSocket only).
        Expired = "expired",
    }
}

open_enum! {
    /// `ruleType`, the trading rules of an instrument.
    RuleType {
        /// Ordinary rules.
        Normal = "normal",
        /// Pre-market trading.
        PreMarket = "pre_market",
        /// A contract that is rebased.
        RebaseContract = "rebase_contract",
        /// An X-Perp: a future with a far expiry and funding.
        Xperp = "xperp",
    }
}

open_enum! {
    /// `openType`, how trading of a pair opens (SPOT, MARGIN).
    OpenType {
        /// At a fixed price.
        FixPrice = "fix_price",
        /// After a phase of quotes.
        PreQuote = "pre_quote",
        /// By a call auction.
        CallAuction = "call_auction",
    }
}

open_enum! {
    /// `instCategory`, the asset class of the base.
    InstCategory {
        /// Crypto.
        Crypto = "1",
        /// Stocks.
        Stocks = "3",
        /// Commodities.
        Commodities = "4",
        /// Foreign exchange.
        Forex = "5",
        /// Bonds.
        Bonds = "6",
    }
}

open_enum! {
    /// `alias` of a dated future. Deprecated by OKX: use the expiry time.
    Alias {
        /// Expires this week.
        ThisWeek = "this_week",
        /// Expires next week.
        NextWeek = "next_week",
        /// Expires this month.
        ThisMonth = "this_month",
        /// Expires next month.
        NextMonth = "next_month",
        /// Expires this quarter.
        Quarter = "quarter",
        /// Expires next quarter.
        NextQuarter = "next_quarter",
        /// Expires the quarter after the next.
        ThirdQuarter = "third_quarter",
        /// The current five-year X-Perp.
        ThisFiveYears = "this_five_years",
        /// The following five-year X-Perp.
        NextFiveYears = "next_five_years",
    }
}

open_enum! {
    /// `state` of a call auction (`call-auction-details`).
    AuctionState {
        /// The auction is on.
        CallAuction = "call_auction",
        /// The auction is over.
        ContinuousTrading = "continuous_trading",
    }
}

open_enum! {
    /// `upcChg[].param`, a parameter of an instrument whose change is announced.
    UpcomingParam {
        /// Price tick.
        TickSz = "tickSz",
        /// Smallest order; the lot changes with it for FUTURES and SWAP.
        MinSz = "minSz",
        /// Largest market order.
        MaxMktSz = "maxMktSz",
    }
}
