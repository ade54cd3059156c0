//! Why a request cannot be written. Nothing was sent.

use okx_common::{limits::ws::MAX_REQUEST_BYTES, order::WsArgError};

use super::kind::OpKind;

/// Why a request cannot be written. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpError {
    /// None or too many.
    #[error("{op} takes 1 to {} items, not {count}", op.max_args())]
    Count {
        /// The operation.
        op: OpKind,
        /// How many were given.
        count: usize,
    },
    /// `expTime` bounds orders and amendments only.
    #[error("OKX takes no expTime with {0}")]
    NoExpTime(OpKind),
    /// OKX refuses a batch of amendments that holds an order twice (51512).
    #[error("{0} holds the same order twice: amend it once, or in two requests")]
    Twice(OpKind),
    /// An item cannot go over the WebSocket.
    #[error(transparent)]
    Arg(WsArgError),
    /// OKX closes the connection on longer ones.
    #[error(
        "{op} of {bytes} bytes is over the {MAX_REQUEST_BYTES} that OKX takes: send fewer items at a time"
    )]
    TooLong {
        /// The operation.
        op: OpKind,
        /// The length.
        bytes: usize,
    },
    /// A value has no JSON form.
    #[error("the request cannot be written as JSON: {0}")]
    Json(String),
}
