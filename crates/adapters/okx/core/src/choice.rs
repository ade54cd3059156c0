//! Which channel serves a book.

use okx_common::error_code::ErrorCode;
use okx_ws::Channel;

/// The account level from which OKX serves the tick-by-tick books.
pub const TBT_VIP_LEVEL: u8 = 4;
/// Deepest book of `books50-l2-tbt`.
pub const SHALLOW_DEPTH: u32 = 50;
/// Deepest book OKX serves on a channel.
pub const DEEPEST: u32 = 400;

/// Code of "only for VIP4 and above".
const VIP_NEEDED: u32 = 64003;
/// Code of "the two tick-by-tick books of an instrument exclude each other".
const TBT_CONFLICT: u32 = 64004;

/// The incremental channel for a book: the fastest that serves the depth to this account.
///
/// `depth` in levels a side, 0 for as deep as there is. The tick-by-tick channels (10 ms instead of 100 ms) need a login and VIP4
/// (OKX API v5, "Order book channel").
///
/// ```
/// use okx_core::choice::book_channel;
/// use okx_ws::Channel;
/// assert_eq!(book_channel(0, 0, false), Channel::Books);
/// assert_eq!(book_channel(50, 5, true), Channel::Books50L2Tbt);
/// assert_eq!(book_channel(400, 4, true), Channel::BooksL2Tbt);
/// assert_eq!(book_channel(50, 9, false), Channel::Books);
/// ```
#[must_use]
pub const fn book_channel(depth: u32, vip_level: u8, has_login: bool) -> Channel {
    if vip_level < TBT_VIP_LEVEL || !has_login {
        Channel::Books
    } else if depth > 0 && depth <= SHALLOW_DEPTH {
        Channel::Books50L2Tbt
    } else {
        Channel::BooksL2Tbt
    }
}

/// The channel to take instead after OKX refused one with this code: `books`, for a tick-by-tick channel that this account may not
/// have. Otherwise the refusal stands.
#[must_use]
pub fn fallback(refused: Channel, code: ErrorCode) -> Option<Channel> {
    let is_tbt = matches!(refused, Channel::BooksL2Tbt | Channel::Books50L2Tbt);
    (is_tbt && matches!(code.0, VIP_NEEDED | TBT_CONFLICT)).then_some(Channel::Books)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refused_tick_by_tick_book_falls_back_and_only_once() {
        assert_eq!(fallback(Channel::BooksL2Tbt, ErrorCode(64003)), Some(Channel::Books));
        assert_eq!(fallback(Channel::Books50L2Tbt, ErrorCode(64004)), Some(Channel::Books));
        assert_eq!(fallback(Channel::Books50L2Tbt, ErrorCode(60018)), None);
        assert_eq!(fallback(Channel::Books, ErrorCode(64003)), None);
    }
}
