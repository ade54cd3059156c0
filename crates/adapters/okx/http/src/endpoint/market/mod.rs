//! Market data (reference: OKX API v5, "Order Book Trading / Market Data").

mod book;
mod candle;
mod candle_requests;
mod index;
mod ticker;
mod trade;
mod venue;

pub use book::{Book, BookLevel, FullBook, GetBooks, GetBooksFull, GetBooksRpi, RpiBook, RpiLevel};
pub use candle::Candle;
pub use candle_requests::{
    GetCandles, GetHistoryCandles, GetHistoryIndexCandles, GetHistoryMarkPriceCandles, GetIndexCandles,
    GetMarkPriceCandles,
};
pub use index::{
    ExchangeRate, GetExchangeRate, GetIndexComponents, GetIndexTickers, IndexComponent, IndexComponents,
    IndexTicker,
};
pub use ticker::{GetTicker, GetTickers, Ticker};
pub use trade::{FamilyTrade, FamilyTrades, GetFamilyTrades, GetHistoryTrades, GetTrades, PageBy, Trade};
pub use venue::{
    BlockTicker, CallAuction, GetBlockTicker, GetBlockTickers, GetCallAuction, GetPlatformVolume,
    PlatformVolume,
};
