//! Order operations as values (reference: OKX API v5, "Order Book Trading", "Algo Trading", "Spread Trading").
//!
//! A value names its instrument by `instId`. What is sent depends on the way: REST wants that text, the WebSocket wants the
//! number `instIdCode` instead. [`rest`] and [`ws`] put the right one in front; the rest of the JSON is the same.

#[macro_use]
mod macros;

mod address;
mod algo;
mod algo_amend;
mod algo_kind;
mod amend;
mod attach;
mod cancel;
mod place;
mod position;
mod spread;
mod target;

#[cfg(test)]
mod tests;

pub use address::{OnInstrument, RestArg, WsArg, WsArgError, rest, ws};
pub use algo::{AlgoSize, PlaceAlgoOrder};
pub use algo_amend::{AmendAlgoOrder, AmendChase, CancelAlgoOrder};
pub use algo_kind::{
    AdvanceOrdType, AlgoKind, AlgoPx, Chase, ChaseBy, Distance, SmartIceberg, TpSl, TrailingStop, Trigger,
    Twap,
};
pub use amend::{AmendOrder, NewPx};
pub use attach::{AmendAttached, Attached, TpOrdKind};
pub use cancel::{CancelOrder, MassCancel};
pub use place::{EventSide, PlaceOrder, Px, PxAmendType};
pub use position::{CancelAllAfter, ClosePosition};
pub use spread::{AmendSpreadOrder, CancelSpreadOrder, MassCancelSpread, PlaceSpreadOrder};
pub use target::{AlgoTarget, OrderTarget};

/// The most order operations of one request.
pub const BATCH_MAX: usize = 20;
/// The most strategy orders that one request cancels.
pub const ALGO_CANCEL_MAX: usize = 10;
/// The longest client order id.
pub const CL_ORD_ID_MAX: usize = 32;
/// The longest tag.
pub const TAG_MAX: usize = 16;
/// The longest text of a price (code 51514).
pub const PX_TEXT_MAX: usize = 32;

/// Whether OKX takes the text as a client order id, a request id or the like: 1 to 32 letters and digits.
#[must_use]
pub fn is_legal_id(text: &str) -> bool {
    (1..=CL_ORD_ID_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Whether OKX takes the text as a tag: up to 16 letters and digits.
#[must_use]
pub fn is_legal_tag(text: &str) -> bool {
    text.len() <= TAG_MAX && text.bytes().all(|b| b.is_ascii_alphanumeric())
}
