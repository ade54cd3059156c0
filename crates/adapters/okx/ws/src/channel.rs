//! The channels of OKX's WebSocket API (reference: OKX API v5, "WebSocket channels").

use std::fmt;

use okx_common::{enums::Bar, hosts::UrlKind};

/// Whether a channel can be subscribed without a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LoginNeed {
    /// Anyone may subscribe.
    None,
    /// Only after a login; otherwise OKX answers 60011.
    Required,
}

macro_rules! channels {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $url:ident, $login:ident;)+) => {
        /// A channel, without its arguments.
        ///
        /// ```
        /// use okx_common::{enums::Bar, hosts::UrlKind};
        /// use okx_ws::Channel;
        /// assert_eq!(Channel::parse("candle1Dutc"), Some(Channel::Candle(Bar::Day1Utc)));
        /// assert_eq!(Channel::Candle(Bar::Day1Utc).to_string(), "candle1Dutc");
        /// assert_eq!(Channel::TradesAll.url_kind(), UrlKind::Business);
        /// assert!(Channel::BooksL2Tbt.needs_login());
        /// assert_eq!(Channel::parse("no-such-channel"), None);
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Channel {
            $($(#[$doc])* #[doc = concat!("On the wire `", $name, "`.")] $variant,)+
            /// Candles of an instrument, at most one push a second. On the wire `candle{bar}`.
            Candle(Bar),
            /// Candles of the mark price. On the wire `mark-price-candle{bar}`.
            MarkPriceCandle(Bar),
            /// Candles of an index. On the wire `index-candle{bar}`.
            IndexCandle(Bar),
            /// Candles of a spread. On the wire `sprd-candle{bar}`.
            SprdCandle(Bar),
        }

        impl Channel {
            /// All channels without a bar.
            pub const PLAIN: &'static [Self] = &[$(Self::$variant),+];

            /// The name; candle channels also have [`Self::bar`] behind it.
            #[must_use]
            pub const fn base_name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                    Self::Candle(_) => CANDLE,
                    Self::MarkPriceCandle(_) => MARK_PRICE_CANDLE,
                    Self::IndexCandle(_) => INDEX_CANDLE,
                    Self::SprdCandle(_) => SPRD_CANDLE,
                }
            }

            /// The URL that serves it; another one answers 60018.
            #[must_use]
            pub const fn url_kind(self) -> UrlKind {
                match self {
                    $(Self::$variant => UrlKind::$url,)+
                    Self::Candle(_) | Self::MarkPriceCandle(_) | Self::IndexCandle(_) | Self::SprdCandle(_) => UrlKind::Business,
                }
            }

            /// Whether a login must come first.
            #[must_use]
            pub const fn login(self) -> LoginNeed {
                match self {
                    $(Self::$variant => LoginNeed::$login,)+
                    Self::Candle(_) | Self::MarkPriceCandle(_) | Self::IndexCandle(_) | Self::SprdCandle(_) => LoginNeed::None,
                }
            }

            /// The channel of this name; `None` for names that are not in the documentation.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)+
                    _ => Self::parse_candle(name),
                }
            }
        }
    };
}

const CANDLE: &str = "candle";
const MARK_PRICE_CANDLE: &str = "mark-price-candle";
const INDEX_CANDLE: &str = "index-candle";
const SPRD_CANDLE: &str = "sprd-candle";

channels! {
    /// Order book of 400 levels, a snapshot and then changes, 100 ms.
    Books = "books", Public, None;
    /// Order book of 5 levels, each push whole, 100 ms.
    Books5 = "books5", Public, None;
    /// Best bid and offer, each push whole, 10 ms.
    BboTbt = "bbo-tbt", Public, None;
    /// Order book of 400 levels, 10 ms; login and VIP4 (else 64003).
    BooksL2Tbt = "books-l2-tbt", Public, Required;
    /// Order book of 50 levels, 10 ms; login and VIP4 (else 64003).
    Books50L2Tbt = "books50-l2-tbt", Public, Required;
    /// Order book of 400 levels with retail price improvement orders, 100 ms.
    BooksRpi = "books-rpi", Public, None;
    /// Enhanced liquidity book; announced to end on 2026-10-31.
    BooksElp = "books-elp", Public, None;
    /// Trades, aggregated by taker order, price and source.
    Trades = "trades", Public, None;
    /// Trades, one message a match.
    TradesAll = "trades-all", Business, None;
    /// Trades of options.
    OptionTrades = "option-trades", Public, None;
    /// Last price, best bid and offer and statistics of the day, at most one push in 100 ms.
    Tickers = "tickers", Public, None;
    /// Changes of the instrument list.
    Instruments = "instruments", Public, None;
    /// Mark price, 200 ms.
    MarkPrice = "mark-price", Public, None;
    /// Index price, 100 ms.
    IndexTickers = "index-tickers", Public, None;
    /// Funding rate, every 30 to 90 s.
    FundingRate = "funding-rate", Public, None;
    /// Open interest, every 3 s.
    OpenInterest = "open-interest", Public, None;
    /// The highest buying and the lowest selling price allowed.
    PriceLimit = "price-limit", Public, None;
    /// Greeks and volatilities of options.
    OptSummary = "opt-summary", Public, None;
    /// Estimated delivery, exercise or settlement price.
    EstimatedPrice = "estimated-price", Public, None;
    /// A sample of liquidations.
    LiquidationOrders = "liquidation-orders", Public, None;
    /// Auto-deleveraging warnings.
    AdlWarning = "adl-warning", Public, None;
    /// Maintenance.
    Status = "status", Public, None;
    /// Call auctions before an instrument opens.
    CallAuctionDetails = "call-auction-details", Public, None;
    /// Markets of event contracts.
    EventContractMarkets = "event-contract-markets", Public, None;
    /// Economic calendar; login and VIP1.
    EconomicCalendar = "economic-calendar", Business, Required;
    /// Tickers of block trading.
    BlockTickers = "block-tickers", Business, None;
    /// Public multi-leg block trades.
    PublicStrucBlockTrades = "public-struc-block-trades", Business, None;
    /// Public single-leg block trades.
    PublicBlockTrades = "public-block-trades", Business, None;
    /// Own orders. No snapshot.
    Orders = "orders", Private, Required;
    /// Own fills; VIP4.
    Fills = "fills", Private, Required;
    /// Balances.
    Account = "account", Private, Required;
    /// Positions.
    Positions = "positions", Private, Required;
    /// Balances and positions, the fastest source.
    BalanceAndPosition = "balance_and_position", Private, Required;
    /// Positions near liquidation.
    LiquidationWarning = "liquidation-warning", Private, Required;
    /// Greeks of the account.
    AccountGreeks = "account-greeks", Private, Required;
    /// Strategy orders: trigger, oco, conditional, chase. No snapshot.
    OrdersAlgo = "orders-algo", Business, Required;
    /// Strategy orders: iceberg, TWAP, trailing. Pushed on subscribing.
    AlgoAdvance = "algo-advance", Business, Required;
    /// Spot grid bots.
    GridOrdersSpot = "grid-orders-spot", Business, Required;
    /// Contract grid bots.
    GridOrdersContract = "grid-orders-contract", Business, Required;
    /// Positions of grid bots.
    GridPositions = "grid-positions", Business, Required;
    /// Orders of grid bots.
    GridSubOrders = "grid-sub-orders", Business, Required;
    /// Deposits.
    DepositInfo = "deposit-info", Business, Required;
    /// Withdrawals.
    WithdrawalInfo = "withdrawal-info", Business, Required;
    /// Requests for quotes of block trading.
    Rfqs = "rfqs", Business, Required;
    /// Quotes of block trading.
    Quotes = "quotes", Business, Required;
    /// Own block trades.
    StrucBlockTrades = "struc-block-trades", Business, Required;
    /// Best bid and offer of a spread, 10 ms.
    SprdBboTbt = "sprd-bbo-tbt", Business, None;
    /// Order book of a spread, 5 levels, each push whole.
    SprdBooks5 = "sprd-books5", Business, None;
    /// Order book of a spread, 400 levels, 10 ms.
    SprdBooksL2Tbt = "sprd-books-l2-tbt", Business, None;
    /// Tickers of spreads.
    SprdTickers = "sprd-tickers", Business, None;
    /// Trades of spreads.
    SprdPublicTrades = "sprd-public-trades", Business, None;
    /// Own spread orders.
    SprdOrders = "sprd-orders", Business, Required;
    /// Own spread trades.
    SprdTrades = "sprd-trades", Business, Required;
}

impl Channel {
    fn parse_candle(name: &str) -> Option<Self> {
        let of = |prefix, make: fn(Bar) -> Self| Some(make(name.strip_prefix(prefix)?.parse().ok()?));
        of(CANDLE, Self::Candle)
            .or_else(|| of(MARK_PRICE_CANDLE, Self::MarkPriceCandle))
            .or_else(|| of(INDEX_CANDLE, Self::IndexCandle))
            .or_else(|| of(SPRD_CANDLE, Self::SprdCandle))
    }

    /// The bar of a candle channel.
    #[must_use]
    pub const fn bar(self) -> Option<Bar> {
        match self {
            Self::Candle(b) | Self::MarkPriceCandle(b) | Self::IndexCandle(b) | Self::SprdCandle(b) => {
                Some(b)
            }
            _ => None,
        }
    }

    /// Whether a login must come first.
    #[must_use]
    pub const fn needs_login(self) -> bool {
        matches!(self.login(), LoginNeed::Required)
    }

    /// Whether the pushes are order books.
    #[must_use]
    pub const fn is_book(self) -> bool {
        self.is_incremental_book()
            || matches!(self, Self::Books5 | Self::BboTbt | Self::SprdBooks5 | Self::SprdBboTbt)
    }

    /// Whether the pushes are a snapshot and then changes, chained by `prevSeqId`.
    #[must_use]
    pub const fn is_incremental_book(self) -> bool {
        matches!(
            self,
            Self::Books
                | Self::BooksL2Tbt
                | Self::Books50L2Tbt
                | Self::BooksRpi
                | Self::BooksElp
                | Self::SprdBooksL2Tbt
        )
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base_name())?;
        self.bar().map_or(Ok(()), |bar| f.write_str(bar.as_channel_suffix()))
    }
}

impl serde::Serialize for Channel {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for channel in Channel::PLAIN {
            assert_eq!(Channel::parse(&channel.to_string()), Some(*channel));
        }
        for bar in Bar::ALL {
            for make in [Channel::Candle, Channel::MarkPriceCandle, Channel::IndexCandle, Channel::SprdCandle]
            {
                assert_eq!(Channel::parse(&make(*bar).to_string()), Some(make(*bar)));
                assert_eq!(make(*bar).url_kind(), UrlKind::Business);
            }
        }
        for bad in ["", "candle", "candle2m", "book", "candle1m ", "index-candle", "Books"] {
            assert_eq!(Channel::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn private_channels_need_a_login() {
        for channel in Channel::PLAIN {
            assert!(channel.url_kind() != UrlKind::Private || channel.needs_login(), "{channel}");
            assert!(!channel.is_incremental_book() || channel.is_book(), "{channel}");
        }
    }
}
