//! What the engine makes, and who takes it.

use okx_common::{decimal::Decimal, enums::InstState};

use super::{note::Note, spec::Slot};
use crate::{
    errors::Failure,
    handover::{BarRow, Delta, Depth10, Greeks, PriceUpdate, Quote, Trade},
};

/// An object about to be handed over, without any Python in it.
#[derive(Debug, Clone)]
pub enum Object {
    /// `QuoteTick`.
    Quote(Quote),
    /// `TradeTick`.
    Trade(Trade),
    /// `MarkPriceUpdate`.
    Mark(PriceUpdate),
    /// `IndexPriceUpdate`.
    Index(PriceUpdate),
    /// `Bar` of the bar type at this place.
    Bar(u32, BarRow),
    /// `FundingRateUpdate`.
    Funding(Funding),
    /// `InstrumentStatus`.
    Status {
        /// The new state.
        state: InstState,
        /// When it came, Unix ns: OKX gives no time.
        ts_ns: u64,
    },
    /// `OptionGreeks`.
    Greeks {
        /// The values.
        greeks: Greeks,
        /// Venue time, Unix ns.
        ts_event: u64,
        /// Time of making, Unix ns.
        ts_init: u64,
    },
}

/// A funding rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Funding {
    /// The rate of the running period.
    pub rate: Decimal,
    /// Minutes between two fundings.
    pub interval_mins: Option<u64>,
    /// When the rate is charged, Unix ns.
    pub next_ns: Option<u64>,
    /// Venue time, Unix ns.
    pub ts_event: u64,
    /// Time of making, Unix ns.
    pub ts_init: u64,
}

/// Somebody who waits for an answer.
pub type Ticket = u64;

/// The answer to a [`Ticket`]: a text (the channel) or nothing.
pub type Answer = Result<Option<String>, Failure>;

/// Takes what the engine makes, in the order of the wire.
pub trait Sink {
    /// Space for the changes of a book, empty.
    fn rows(&mut self) -> &mut Vec<Delta>;

    /// Hands over the changes in [`Self::rows`] as one `OrderBookDeltas`. False if there is no room for it; with `must`, room is
    /// made.
    fn deltas(&mut self, slot: Slot, must: bool) -> bool;

    /// Hands over an `OrderBookDepth10`. False if there is no room for it.
    fn depth10(&mut self, slot: Slot, row: &Depth10) -> bool;

    /// Hands over an object. False if there is no room for it.
    fn object(&mut self, slot: Slot, object: Object) -> bool;

    /// Hands over the rows of a frame as dicts.
    fn raw_rows(&mut self, channel: &str, frame: &[u8]);

    /// Tells what happened.
    fn note(&mut self, note: Note);

    /// Answers somebody.
    fn answer(&mut self, ticket: Ticket, answer: Answer);
}
