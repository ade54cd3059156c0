//! OKX's enumerations (reference: OKX API v5, one file per family).
//!
//! Descriptive enumerations are open: a value that is not known yet becomes `Unknown` and keeps its text. Those that
//! decide what happened to an order or position are closed: an unknown value is an error for that one item.

#[macro_use]
mod macros;

mod account;
mod algo;
mod bar;
mod contract;
mod event;
mod funding;
mod instrument;
mod order;
mod status;
mod trade;

pub use account::*;
pub use algo::*;
pub use bar::{Bar, BarAlignment, BarUnit};
pub use contract::*;
pub use event::*;
pub use funding::*;
pub use instrument::*;
pub use macros::UnknownValue;
pub use order::*;
pub use status::*;
pub use trade::*;

#[cfg(test)]
mod tests;
