//! What the adapter knows beyond the wire: books, bars, subscriptions, instruments. No socket, no clock, no thread.
//!
//! Everything here is a value or a state machine that is told what came and what time it is, so that the same code serves the
//! Python driver, the tokio driver and the simulation in virtual time.

pub mod bars;
pub mod book;
pub mod choice;
pub mod desk;
pub mod instruments;
pub mod latency;
pub mod orders;
pub mod reports;
pub mod status;
pub mod trades;
pub mod wanted;
