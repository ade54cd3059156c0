//! The rows of OKX's answers and frames, as JSON text. REST and WebSocket share them.

mod book;
mod candle;
mod derived;
mod option;
mod spread;
mod ticker;

pub(super) use book::{Side, Stamp, book_frame, changed_sides, checksum, push_levels};
pub(super) use candle::{Candle, candle_row, figures};
pub(super) use derived::{
    block_row, estimate_row, estimate_rows, funding_history, funding_row, index_row, interest_row, limit_row,
    mark_row, premium,
};
pub(super) use option::option_rows;
pub(super) use spread::{Spread, spread, spread_ticker};
pub(super) use ticker::{order_row, print_row, ticker_row};

/// Quotes a text that needs no escaping.
pub(super) fn quoted(text: impl std::fmt::Display) -> String {
    format!("\"{text}\"")
}

/// Milliseconds of a time in microseconds.
pub(super) const fn ms(us: u64) -> u64 {
    us / 1_000
}
