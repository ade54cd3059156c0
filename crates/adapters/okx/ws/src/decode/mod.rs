//! Frames to [`Message`]s, in one pass and without copying.
//!
//! The channels that carry the load (books, trades, tickers, candles, mark and index prices) are read by hand from a borrowed
//! cursor, digits going straight into integers. The others are read by serde, row by row. A row that cannot be read is left out and
//! reported; a frame that cannot be read is an error that affects no other frame.

mod book;
mod candle;
mod control;
mod envelope;
mod error;
mod json;
mod price;
mod rows;
mod source;
mod ticker;
mod trade;
mod usual;

#[cfg(test)]
mod tests;

pub(crate) use control::NAMELESS;
pub(crate) use error::redacted;
pub use error::{DecodeError, DecodeErrorKind};

use okx_common::decimal::Decimal;

use crate::message::{BookAction, BookRow, Books, Candle, Level, Message, Payload};
use error::excerpt_at;
use json::{Cursor, JsonError};

/// Levels (and candles) whose buffers are kept for the next frame; 400-level snapshots of both sides fit well. Buffers that
/// an unusual frame grew beyond are released.
const KEPT_ROWS_MAX: usize = 4096;

/// Decodes frames. Keeps the buffers that hold the levels of books and the rows of candles, so that frames need no allocation.
///
/// ```
/// use okx_ws::{Decoder, Message, Payload};
/// let mut decoder = Decoder::new();
/// let frame = br#"{"arg":{"channel":"bbo-tbt","instId":"BTC-USDT"},"data":[{"asks":[["2.5","4","0","1"]],"bids":[],"ts":"7","seqId":9}]}"#;
/// let Message::Data(data) = decoder.decode(frame)? else { panic!("not a push") };
/// let Payload::Books(books) = data.payload else { panic!("not a book") };
/// let book = books.iter().next().expect("one row");
/// assert_eq!((book.asks[0].px.to_string(), book.bids.len(), book.seq_id), ("2.5".to_owned(), 0, Some(9)));
/// # Ok::<(), okx_ws::DecodeError>(())
/// ```
#[derive(Debug, Default)]
pub struct Decoder {
    buffers: Buffers,
    /// A frame with numbers in quotes that came without, where that makes a difference: rare.
    requoted: String,
}

/// What hot rows are decoded into.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    books: Vec<BookRow>,
    levels: Vec<Level>,
    non_rpi: Vec<Decimal>,
    candles: Vec<Candle>,
}

impl Buffers {
    fn clear(&mut self) {
        fn reset<T>(rows: &mut Vec<T>) {
            rows.clear();
            if rows.capacity() > KEPT_ROWS_MAX {
                rows.shrink_to(KEPT_ROWS_MAX);
            }
        }
        reset(&mut self.books);
        reset(&mut self.levels);
        reset(&mut self.non_rpi);
        reset(&mut self.candles);
    }
}

/// The rows of a push, some of them still in the buffers.
#[expect(clippy::large_enum_variant, reason = "short-lived, and a box would cost an allocation a message")]
enum Staged<'a> {
    Books,
    Candles,
    Ready(Payload<'a>),
}

impl<'a> Staged<'a> {
    fn finish(self, action: BookAction, buffers: &'a Buffers) -> Payload<'a> {
        match self {
            Self::Books => Payload::Books(Books {
                action,
                rows: &buffers.books,
                levels: &buffers.levels,
                non_rpi: &buffers.non_rpi,
            }),
            Self::Candles => Payload::Candles(&buffers.candles),
            Self::Ready(payload) => payload,
        }
    }
}

impl Decoder {
    /// A decoder with empty buffers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Decodes one text frame.
    ///
    /// # Errors
    /// If the frame is not a message of OKX's form. Rows that cannot be read are no error: see
    /// [`Data::skipped`](crate::message::Data::skipped).
    pub fn decode<'a>(&'a mut self, frame: &'a [u8]) -> Result<Message<'a>, DecodeError> {
        if frame == b"pong" {
            return Ok(Message::Pong);
        }
        self.buffers.clear();
        if !self.requoted.is_empty() {
            self.requoted = String::new();
        }
        match std::str::from_utf8(frame) {
            Ok(text) => envelope::decode(&mut self.buffers, &mut self.requoted, text),
            Err(error) => Err(self.not_utf8(frame, error.valid_up_to())),
        }
    }

    #[cold]
    fn not_utf8(&mut self, frame: &[u8], at: usize) -> DecodeError {
        let before = std::str::from_utf8(&frame[..at]).unwrap_or_default();
        let channel = envelope::channel_of(&mut self.buffers, before);
        refuse(DecodeErrorKind::NotUtf8, frame, channel, JsonError { what: "not UTF-8", at })
    }
}

#[cold]
fn refuse(kind: DecodeErrorKind, frame: &[u8], channel: Option<String>, error: JsonError) -> DecodeError {
    DecodeError {
        kind,
        channel: channel.map(Into::into),
        reason: error.what.into(),
        at: error.at,
        len: frame.len(),
        excerpt: excerpt_at(frame, error.at).into(),
    }
}
