//! `nautilus-okx`: the calls that its own handler makes for the same pushes.

use nautilus_core::UnixNanos;
use nautilus_model::{
    data::Data,
    identifiers::{AccountId, ClientOrderId, InstrumentId, StrategyId, TraderId},
    instruments::InstrumentAny,
};
use nautilus_okx::{
    common::{models::OKXInstrument, parse::parse_instrument_any},
    websocket::{
        messages::{OKXOrderMsg, OKXWsFrame},
        parse::{ParsedOrderEvent, parse_book_msg_vec, parse_order_event, parse_trade_msg_vec},
    },
};

use crate::{Row, frames};

const PRICE_PRECISION: u8 = 1;
const SIZE_PRECISION: u8 = 2;

fn instrument_id() -> InstrumentId {
    InstrumentId::from("BTC-USDT-SWAP.OKX")
}

/// Book pushes.
pub struct Books(InstrumentId);

impl Books {
    /// Of one instrument.
    #[must_use]
    pub fn new() -> Self {
        Self(instrument_id())
    }

    /// Decodes one push to `OrderBookDeltas`.
    ///
    /// # Panics
    /// If the frame is no push.
    #[must_use]
    pub fn take(&self, frame: &str) -> Vec<Data> {
        let Ok(OKXWsFrame::BookData { action, data, .. }) = serde_json::from_str(frame) else {
            panic!("no book")
        };
        parse_book_msg_vec(data, &self.0, PRICE_PRECISION, SIZE_PRECISION, action, UnixNanos::default())
            .expect("a book")
    }

    /// The changes of a push.
    #[must_use]
    pub fn rows(&self, frame: &str) -> Vec<Row> {
        let mut rows = Vec::new();
        for data in self.take(frame) {
            let Data::Deltas(deltas) = data else { continue };
            for d in &deltas.deltas {
                let order = d.order;
                rows.push((
                    d.action as u8,
                    order.side as u8,
                    order.price.raw.into(),
                    order.size.raw.try_into().expect("it fits"),
                ));
            }
        }
        rows
    }
}

impl Default for Books {
    fn default() -> Self {
        Self::new()
    }
}

/// Trade pushes.
pub struct Trades(InstrumentId);

impl Trades {
    /// Of one instrument.
    #[must_use]
    pub fn new() -> Self {
        Self(instrument_id())
    }

    /// Decodes one push to trade ticks.
    ///
    /// # Panics
    /// If the frame is no push.
    #[must_use]
    pub fn take(&self, frame: &str) -> Vec<Data> {
        let Ok(OKXWsFrame::Data { data, .. }) = serde_json::from_str(frame) else { panic!("no trades") };
        parse_trade_msg_vec(data, &self.0, PRICE_PRECISION, SIZE_PRECISION, UnixNanos::default())
            .expect("trades")
    }

    /// Price and size of the trades in a push.
    #[must_use]
    pub fn numbers(&self, frame: &str) -> Vec<(i128, i128)> {
        let ticks = self.take(frame);
        ticks
            .iter()
            .filter_map(|data| match data {
                Data::Trade(t) => Some((t.price.raw.into(), t.size.raw.try_into().expect("it fits"))),
                _ => None,
            })
            .collect()
    }
}

impl Default for Trades {
    fn default() -> Self {
        Self::new()
    }
}

/// Order pushes.
pub struct Orders {
    instrument: InstrumentAny,
    account: AccountId,
    trader: TraderId,
    strategy: StrategyId,
}

impl Orders {
    /// Of one instrument.
    ///
    /// # Panics
    /// If the instrument cannot be read.
    #[must_use]
    pub fn new() -> Self {
        let row: OKXInstrument = serde_json::from_str(frames::INSTRUMENT).expect("an instrument");
        let instrument = parse_instrument_any(&row, None, None, None, None, UnixNanos::default());
        Self {
            instrument: instrument.expect("an instrument").expect("of a known kind"),
            account: AccountId::from("OKX-001"),
            trader: TraderId::from("BENCH-001"),
            strategy: StrategyId::from("BENCH-001"),
        }
    }

    /// Decodes one push to order events.
    ///
    /// # Panics
    /// If the frame is no push.
    #[must_use]
    pub fn take(&self, frame: &str) -> Vec<ParsedOrderEvent> {
        let Ok(OKXWsFrame::Data { data, .. }) = serde_json::from_str(frame) else { panic!("no push") };
        let rows: Vec<OKXOrderMsg> = serde_json::from_value(data).expect("orders");
        let events = rows.iter().map(|row| {
            parse_order_event(
                row,
                ClientOrderId::from(row.cl_ord_id.as_str()),
                self.account,
                self.trader,
                self.strategy,
                &self.instrument,
                None,
                None,
                None,
                UnixNanos::default(),
            )
        });
        events.collect::<Result<_, _>>().expect("events")
    }

    /// Price and size of the fill in a push.
    #[must_use]
    pub fn fill(&self, frame: &str) -> Option<(i128, i128)> {
        self.take(frame).into_iter().find_map(|event| match event {
            ParsedOrderEvent::Fill(fill) => {
                Some((fill.last_px.raw.into(), fill.last_qty.raw.try_into().expect("it fits")))
            }
            _ => None,
        })
    }
}

impl Default for Orders {
    fn default() -> Self {
        Self::new()
    }
}
