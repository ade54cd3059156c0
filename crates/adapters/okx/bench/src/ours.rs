//! This project: one pass from the frame to numbers, then the book's continuity, then what is handed to Nautilus.

use nautilus_model::types::fixed::FIXED_PRECISION;
use okx_common::{clock::Now, enums::Side, ids::InstId};
use okx_core::{
    book::{BookSync, Verdict, changes},
    orders::{
        description::OrderDescription,
        row::OrderRow,
        tracker::{EventKind, NewOrder, OrderTracker, Output, TrackerConfig},
    },
};
use okx_ws::{Decoder, Message, Payload, op::RequestId, session::Generation};

use crate::{Row, frames};

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

/// Order pushes.
pub struct Orders {
    decoder: Decoder,
    tracker: OrderTracker,
}

impl Orders {
    /// So many orders have been submitted.
    ///
    /// # Panics
    /// If one is refused.
    #[must_use]
    pub fn new(count: usize) -> Self {
        let mut tracker = OrderTracker::new(TrackerConfig::default());
        let number = |text: &str| text.parse().expect("a number");
        for n in 0..count {
            let order =
                OrderDescription::limit(frames::cl_ord_id(n), Side::Buy, number("0.5"), number("91250.1"));
            let new = NewOrder::of(&order, &InstId::new("BTC-USDT-SWAP"));
            tracker.submit(new, RequestId(n as u64), true, Now::default()).expect("a new order");
            while tracker.poll().is_some() {}
        }
        Self { decoder: Decoder::new(), tracker }
    }

    /// Decodes one push to what it means for the order; the number of events, and price and size of the last fill.
    ///
    /// # Panics
    /// If the frame is no push.
    pub fn take(&mut self, frame: &[u8]) -> (usize, Option<(i128, i128)>) {
        let Ok(Message::Data(data)) = self.decoder.decode(frame) else { panic!("no push") };
        let Payload::Orders(rows) = &data.payload else { panic!("no orders") };
        for row in rows {
            self.tracker.order_row(&OrderRow::from(row), Now::default());
        }
        let raw = |d: okx_common::decimal::Decimal| d.to_raw(FIXED_PRECISION).expect("it fits");
        let (mut events, mut fill) = (0, None);
        while let Some(output) = self.tracker.poll() {
            let Output::Event(event) = output else { continue };
            events += 1;
            if let EventKind::Filled(f) = event.kind {
                fill = Some((raw(f.px), raw(f.qty)));
            }
        }
        (events, fill)
    }
}
