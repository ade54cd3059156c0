//! This project: one pass from the frame to numbers, then the book's continuity, then what is handed to Nautilus.

use nautilus_model::types::fixed::FIXED_PRECISION;
use okx_core::book::{BookSync, Verdict, changes};
use okx_ws::{Decoder, Message, Payload, session::Generation};

use crate::Row;

/// Book pushes.
pub struct Books {
    decoder: Decoder,
    book: BookSync,
    rows: Vec<Row>,
}

impl Books {
    /// Nothing subscribed yet.
    #[must_use]
    pub fn new() -> Self {
        Self { decoder: Decoder::new(), book: BookSync::incremental(), rows: Vec::new() }
    }

    /// Decodes one push, checks that it continues the book, and leaves its changes in [`Self::rows`].
    ///
    /// # Panics
    /// If the frame is no push, or breaks the book.
    pub fn take(&mut self, frame: &[u8]) {
        let Ok(Message::Data(data)) = self.decoder.decode(frame) else { panic!("no push") };
        let Payload::Books(books) = data.payload else { panic!("no book") };
        for msg in books.iter() {
            let is_snapshot = match self.book.handle(Generation(1), &msg, 0) {
                Verdict::Snapshot { .. } => true,
                Verdict::Update { .. } => false,
                other => panic!("{other:?}"),
            };
            self.rows.clear();
            self.rows.extend(changes(&msg, is_snapshot).map(|c| {
                let raw = |d: okx_common::decimal::Decimal| d.to_raw(FIXED_PRECISION).expect("it fits");
                (c.action as u8, c.side as u8, raw(c.px), raw(c.sz))
            }));
        }
    }

    /// The changes of the last push.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}

impl Default for Books {
    fn default() -> Self {
        Self::new()
    }
}

/// Trade pushes.
#[derive(Default)]
pub struct Trades {
    decoder: Decoder,
}

impl Trades {
    /// Nothing subscribed yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Price and size of the trade in a push.
    ///
    /// # Panics
    /// If there is none.
    pub fn take(&mut self, frame: &[u8]) -> (i128, i128) {
        let Ok(Message::Data(data)) = self.decoder.decode(frame) else { panic!("no push") };
        let Payload::Trades(trades) = data.payload else { panic!("no trades") };
        let raw = |d: okx_common::decimal::Decimal| d.to_raw(FIXED_PRECISION).expect("it fits");
        (raw(trades[0].px), raw(trades[0].sz))
    }
}
