//! What OKX sends.
//!
//! All times end in `_ms` (Unix milliseconds, OKX's clock) or `_us`. Numbers are exact decimals; a number that OKX sent as `""`
//! is `None`. Text is empty where OKX sent `""`, `null` or nothing.

#[macro_use]
mod rows;

mod account;
mod algo;
mod book;
mod candle;
mod control;
mod event;
mod fill;
mod order;
mod position;
mod reference;
mod spread;
mod ticker;
mod trade;

pub use account::{
    AccountBalance, AccountGreeks, BalanceAndPosition, BalanceChange, CcyBalance, PositionChange, TradeRef,
};
pub use algo::{AlgoOrder, AttachAlgoOrd};
pub(crate) use book::BookRow;
pub use book::{BookAction, BookMsg, Books, Level};
pub use candle::Candle;
pub use control::{Ack, AckKind, ConnCount, ErrorEvent, Login, Notice, OpItem, OpResponse};
pub use event::EventMarket;
pub use fill::Fill;
pub use order::{LinkedAlgoOrd, LinkedOrd, OrderUpdate};
pub use position::{CloseOrderAlgo, LiquidationWarning, Position};
pub use reference::{
    AdlWarning, CallAuction, EstimatedPrice, FundingRate, IndexTicker, Liquidation, LiquidationDetail,
    MarkPrice, OpenInterest, OptSummary, PriceLimit, Status,
};
pub use spread::{SprdLeg, SprdOrder, SprdTicker, SprdTrade, SprdTradeFill};
pub use ticker::Ticker;
pub use trade::{OptionTrade, Trade};

use okx_common::{enums::AccountEventType, instrument::InstrumentRow};
use smallvec::SmallVec;

use crate::{text::Text, topic::Arg};

/// Rows of a kind that nearly always comes alone.
pub type FewRows<T> = SmallVec<[T; 1]>;

/// One frame, decoded.
#[derive(Debug, Clone, PartialEq)]
pub enum Message<'a> {
    /// A push of a channel.
    Data(Data<'a>),
    /// `subscribe` or `unsubscribe` was acknowledged.
    Ack(Ack<'a>),
    /// A request was refused.
    Error(ErrorEvent<'a>),
    /// A login succeeded or failed.
    Login(Login<'a>),
    /// The connection will be closed (64008).
    Notice(Notice<'a>),
    /// How many connections hold a private channel; `exceeded` if that was one too many.
    ConnCount(ConnCount<'a>),
    /// The answer to an order request.
    OpResponse(OpResponse<'a>),
    /// The answer to `ping`.
    Pong,
    /// Well-formed, but of a kind that is not known: ignore it, say so once.
    Unknown {
        /// `event`, or what else tells the kind.
        kind: Text<'a>,
    },
}

/// A push: `{"arg":{…},"data":[…]}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Data<'a> {
    /// What was subscribed.
    pub arg: Arg<'a>,
    /// The rows.
    pub payload: Payload<'a>,
    /// Rows that could not be read and were left out.
    pub skipped: Vec<SkippedRow>,
    /// Pages of private snapshots; absent for the others.
    pub page: Option<Page>,
}

/// A row that was left out because it could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedRow {
    /// Its place in `data`.
    pub index: usize,
    /// What is wrong with it.
    pub reason: String,
    /// Its beginning.
    pub excerpt: String,
}

/// The envelope of `account` and `positions`: `"eventType":"snapshot","curPage":1,"lastPage":true`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// `eventType`.
    pub event_type: Option<AccountEventType>,
    /// `curPage`, from 1; snapshots only.
    pub cur_page: Option<u32>,
    /// `lastPage`; true where it is absent, because then there is one page.
    pub last_page: bool,
}

/// The rows of a push, by kind.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Payload<'a> {
    /// All order-book channels.
    Books(Books<'a>),
    /// `trades`, `trades-all`.
    Trades(FewRows<Trade<'a>>),
    /// `option-trades`.
    OptionTrades(Vec<OptionTrade<'a>>),
    /// `tickers`.
    Tickers(Vec<Ticker<'a>>),
    /// `candle…`, `mark-price-candle…`, `index-candle…`, `sprd-candle…`.
    Candles(&'a [Candle]),
    /// `mark-price`.
    MarkPrices(FewRows<MarkPrice<'a>>),
    /// `index-tickers`.
    IndexTickers(Vec<IndexTicker<'a>>),
    /// `instruments`.
    Instruments(Vec<InstrumentRow>),
    /// `funding-rate`.
    FundingRates(Vec<FundingRate<'a>>),
    /// `open-interest`.
    OpenInterests(Vec<OpenInterest<'a>>),
    /// `price-limit`.
    PriceLimits(Vec<PriceLimit<'a>>),
    /// `opt-summary`.
    OptSummaries(Vec<OptSummary<'a>>),
    /// `estimated-price`.
    EstimatedPrices(Vec<EstimatedPrice<'a>>),
    /// `liquidation-orders`.
    Liquidations(Vec<Liquidation<'a>>),
    /// `adl-warning`.
    AdlWarnings(Vec<AdlWarning<'a>>),
    /// `status`.
    Statuses(Vec<Status<'a>>),
    /// `call-auction-details`.
    CallAuctions(Vec<CallAuction<'a>>),
    /// `event-contract-markets`.
    EventMarkets(Vec<EventMarket<'a>>),
    /// `orders`.
    Orders(Vec<OrderUpdate<'a>>),
    /// `fills`.
    Fills(Vec<Fill<'a>>),
    /// `account`.
    Account(Vec<AccountBalance<'a>>),
    /// `positions`.
    Positions(Vec<Position<'a>>),
    /// `balance_and_position`.
    BalanceAndPosition(Vec<BalanceAndPosition<'a>>),
    /// `liquidation-warning`.
    LiquidationWarnings(Vec<LiquidationWarning<'a>>),
    /// `account-greeks`.
    AccountGreeks(Vec<AccountGreeks<'a>>),
    /// `orders-algo`, `algo-advance`.
    AlgoOrders(Vec<AlgoOrder<'a>>),
    /// `sprd-tickers`.
    SprdTickers(Vec<SprdTicker<'a>>),
    /// `sprd-public-trades`.
    SprdPublicTrades(Vec<SprdTrade<'a>>),
    /// `sprd-orders`.
    SprdOrders(Vec<SprdOrder<'a>>),
    /// `sprd-trades`.
    SprdTrades(Vec<SprdTradeFill<'a>>),
    /// A channel whose rows are not modelled (block trading, grid bots, deposits, economic calendar) or not known: the JSON
    /// text of each row.
    Raw(Vec<&'a str>),
}

impl Payload<'_> {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Books(rows) => rows.len(),
            Self::Trades(rows) => rows.len(),
            Self::OptionTrades(rows) => rows.len(),
            Self::Tickers(rows) => rows.len(),
            Self::Candles(rows) => rows.len(),
            Self::MarkPrices(rows) => rows.len(),
            Self::IndexTickers(rows) => rows.len(),
            Self::Instruments(rows) => rows.len(),
            Self::FundingRates(rows) => rows.len(),
            Self::OpenInterests(rows) => rows.len(),
            Self::PriceLimits(rows) => rows.len(),
            Self::OptSummaries(rows) => rows.len(),
            Self::EstimatedPrices(rows) => rows.len(),
            Self::Liquidations(rows) => rows.len(),
            Self::AdlWarnings(rows) => rows.len(),
            Self::Statuses(rows) => rows.len(),
            Self::CallAuctions(rows) => rows.len(),
            Self::EventMarkets(rows) => rows.len(),
            Self::Orders(rows) => rows.len(),
            Self::Fills(rows) => rows.len(),
            Self::Account(rows) => rows.len(),
            Self::Positions(rows) => rows.len(),
            Self::BalanceAndPosition(rows) => rows.len(),
            Self::LiquidationWarnings(rows) => rows.len(),
            Self::AccountGreeks(rows) => rows.len(),
            Self::AlgoOrders(rows) => rows.len(),
            Self::SprdTickers(rows) => rows.len(),
            Self::SprdPublicTrades(rows) => rows.len(),
            Self::SprdOrders(rows) => rows.len(),
            Self::SprdTrades(rows) => rows.len(),
            Self::Raw(rows) => rows.len(),
        }
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
