//! Orders in Nautilus' terms, as plain values.

use std::{fmt, str::FromStr};

/// A word that is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} {word:?} is not known")]
pub struct UnknownWord {
    what: &'static str,
    word: String,
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$vmeta])* $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name that Nautilus gives it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|v| v.as_str() == word)
                    .ok_or_else(|| UnknownWord { what: stringify!($name), word: word.to_owned() })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

words! {
    /// The type of an order.
    OrderType {
        /// At the market.
        Market = "MARKET",
        /// At a limit.
        Limit = "LIMIT",
        /// At the market when the price moves against it.
        StopMarket = "STOP_MARKET",
        /// At a limit when the price moves against it.
        StopLimit = "STOP_LIMIT",
        /// At the market, the rest at a limit.
        MarketToLimit = "MARKET_TO_LIMIT",
        /// At the market when the price comes to it.
        MarketIfTouched = "MARKET_IF_TOUCHED",
        /// At a limit when the price comes to it.
        LimitIfTouched = "LIMIT_IF_TOUCHED",
        /// A stop at the market that follows the price.
        TrailingStopMarket = "TRAILING_STOP_MARKET",
        /// A stop at a limit that follows the price.
        TrailingStopLimit = "TRAILING_STOP_LIMIT",
    }
}

impl OrderType {
    /// Whether the order waits for a trigger: a strategy order of OKX.
    #[must_use]
    pub const fn is_conditional(self) -> bool {
        !matches!(self, Self::Market | Self::Limit | Self::MarketToLimit)
    }

    /// Whether Nautilus knows a triggered state of it: what is placed then is a limit order.
    #[must_use]
    pub const fn has_trigger_event(self) -> bool {
        matches!(self, Self::StopLimit | Self::LimitIfTouched | Self::TrailingStopLimit)
    }
}

words! {
    /// How long an order lives.
    TimeInForce {
        /// Until cancelled.
        Gtc = "GTC",
        /// What can be had at once.
        Ioc = "IOC",
        /// All at once or not at all.
        Fok = "FOK",
        /// Until a time.
        Gtd = "GTD",
        /// Until the end of the day.
        Day = "DAY",
        /// In the opening auction.
        AtTheOpen = "AT_THE_OPEN",
        /// In the closing auction.
        AtTheClose = "AT_THE_CLOSE",
    }
}

words! {
    /// Which price triggers.
    TriggerType {
        /// None.
        NoTrigger = "NO_TRIGGER",
        /// The venue's default.
        Default = "DEFAULT",
        /// The last trade.
        LastPrice = "LAST_PRICE",
        /// The mark price.
        MarkPrice = "MARK_PRICE",
        /// The index.
        IndexPrice = "INDEX_PRICE",
        /// The best bid and ask.
        BidAsk = "BID_ASK",
        /// Two trades.
        DoubleLast = "DOUBLE_LAST",
        /// Two quotes.
        DoubleBidAsk = "DOUBLE_BID_ASK",
        /// The last trade, or the best bid and ask.
        LastOrBidAsk = "LAST_OR_BID_ASK",
        /// Between the best bid and ask.
        MidPoint = "MID_POINT",
    }
}

words! {
    /// How the distance of a trailing stop is meant.
    TrailingOffsetType {
        /// Not at all.
        NoOffset = "NO_TRAILING_OFFSET",
        /// A difference of prices.
        Price = "PRICE",
        /// Hundredths of a percent.
        BasisPoints = "BASIS_POINTS",
        /// Price steps.
        Ticks = "TICKS",
        /// Price tiers.
        PriceTier = "PRICE_TIER",
    }
}
