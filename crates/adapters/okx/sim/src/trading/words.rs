//! The enumerations of orders and positions, with OKX's words for them (reference 7).

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(clippy::enum_variant_names)] // OKX's words
        pub enum $name { $($(#[$item_doc])* $item,)+ }

        impl $name {
            /// OKX's word.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$item => $word,)+ }
            }

            /// Reads OKX's word.
            #[must_use]
            #[allow(dead_code)] // no request names some of them
            pub fn read(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$item),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

words! {
    /// Type of instrument.
    Kind {
        /// A currency pair, paid for.
        Spot = "SPOT",
        /// A currency pair, borrowed for.
        Margin = "MARGIN",
        /// A perpetual.
        Swap = "SWAP",
        /// A future.
        Futures = "FUTURES",
        /// An option.
        Option = "OPTION",
        /// An event contract.
        Events = "EVENTS",
    }
}

words! {
    /// Side of an order.
    Side {
        /// Buys.
        Buy = "buy",
        /// Sells.
        Sell = "sell",
    }
}

words! {
    /// Which of the two positions of a contract an order is for.
    PosSide {
        /// The only one.
        Net = "net",
        /// The long one.
        Long = "long",
        /// The short one.
        Short = "short",
    }
}

words! {
    /// Trade mode.
    TdMode {
        /// Paid for at once.
        Cash = "cash",
        /// Against the margin of the whole account or currency.
        Cross = "cross",
        /// Against a margin of its own.
        Isolated = "isolated",
        /// Lead trading on spot.
        SpotIsolated = "spot_isolated",
    }
}

words! {
    /// Type of order.
    OrdType {
        /// At any price.
        Market = "market",
        /// At this price or better.
        Limit = "limit",
        /// The same, as maker only.
        PostOnly = "post_only",
        /// All at once or nothing.
        Fok = "fok",
        /// What can be had at once.
        Ioc = "ioc",
        /// The same, at the edge of the price limit.
        OptimalLimitIoc = "optimal_limit_ioc",
        /// Market maker protection.
        Mmp = "mmp",
        /// Both.
        MmpAndPostOnly = "mmp_and_post_only",
        /// Retail price improvement.
        Rpi = "rpi",
    }
}

impl OrdType {
    /// It may only rest.
    #[must_use]
    pub const fn is_maker_only(self) -> bool {
        matches!(self, Self::PostOnly | Self::MmpAndPostOnly | Self::Rpi)
    }

    /// Nothing of it ever rests.
    #[must_use]
    pub const fn is_immediate(self) -> bool {
        matches!(self, Self::Market | Self::Fok | Self::Ioc | Self::OptimalLimitIoc)
    }
}

words! {
    /// State of an order.
    State {
        /// Open and untouched.
        Live = "live",
        /// Open and partly filled.
        PartiallyFilled = "partially_filled",
        /// Done.
        Filled = "filled",
        /// Ended early.
        Canceled = "canceled",
        /// Ended by market maker protection.
        MmpCanceled = "mmp_canceled",
    }
}

words! {
    /// What happens if an order would trade with another of its owner.
    Stp {
        /// The resting one is cancelled.
        CancelMaker = "cancel_maker",
        /// The new one is cancelled.
        CancelTaker = "cancel_taker",
        /// Both are.
        CancelBoth = "cancel_both",
    }
}

words! {
    /// The currency a market order's size counts in.
    Tgt {
        /// In base currency.
        Base = "base_ccy",
        /// In quote currency.
        Quote = "quote_ccy",
    }
}

words! {
    /// Which price sets off a conditional order.
    PxType {
        /// The last trade.
        Last = "last",
        /// The index.
        Index = "index",
        /// The mark price.
        Mark = "mark",
    }
}

impl Side {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }

    /// 1 for a buy, -1 for a sell.
    #[must_use]
    pub const fn sign(self) -> super::num::Num {
        super::num::Num::int(match self {
            Self::Buy => 1,
            Self::Sell => -1,
        })
    }
}

impl Kind {
    /// A currency pair.
    #[must_use]
    pub const fn is_pair(self) -> bool {
        matches!(self, Self::Spot | Self::Margin)
    }

    /// A future or perpetual.
    #[must_use]
    pub const fn is_future(self) -> bool {
        matches!(self, Self::Swap | Self::Futures)
    }
}
