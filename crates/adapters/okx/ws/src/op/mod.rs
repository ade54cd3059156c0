//! Order operations over the WebSocket (reference: OKX API v5, "WebSocket / Trade"): from values to the text of a request.
//!
//! The text goes to [`Session::send_request`](crate::session::Session::send_request); the answer, with the same `id`, comes as an
//! [`OpResponse`](crate::message::OpResponse).

mod error;
mod kind;
mod request_id;

#[cfg(test)]
mod tests;

pub use error::OpError;
pub use kind::OpKind;
pub use request_id::RequestId;

use bytes::Bytes;
use okx_common::{
    limits::ws::MAX_REQUEST_BYTES,
    order::{
        AmendOrder, AmendSpreadOrder, CancelOrder, CancelSpreadOrder, MassCancel, MassCancelSpread,
        OnInstrument, PlaceOrder, PlaceSpreadOrder, WsArg, ws,
    },
};
use serde::{Serialize, Serializer};

/// An operation with the `instIdCode` of its instrument, as the account's environment numbers it.
pub type Numbered<'a, T> = (&'a T, Option<u64>);

/// Writes a request.
///
/// `exp_time_ms` is Unix milliseconds by OKX's clock; a request that is handled later is refused (50037).
///
/// # Errors
/// No item or too many, an `expTime` where OKX takes none, or a request that is too long.
pub fn encode<T: Serialize>(
    op: OpKind,
    id: RequestId,
    exp_time_ms: Option<u64>,
    args: &[T],
) -> Result<Bytes, OpError> {
    if args.is_empty() || args.len() > op.max_args() {
        return Err(OpError::Count { op, count: args.len() });
    }
    if exp_time_ms.is_some() && !op.takes_exp_time() {
        return Err(OpError::NoExpTime(op));
    }
    let request = Request { id, op, exp_time: exp_time_ms, args };
    let mut text = Vec::with_capacity(96 + 224 * args.len());
    serde_json::to_writer(&mut text, &request).map_err(|e| OpError::Json(e.to_string()))?;
    if text.len() > MAX_REQUEST_BYTES {
        return Err(OpError::TooLong { op, bytes: text.len() });
    }
    Ok(Bytes::from(text))
}

/// `order`, or `batch-orders` for several: at most 20, executed in sequence.
///
/// # Errors
/// Those of [`encode`]; an instrument without `instIdCode`; attached orders, which go over REST only.
pub fn place(
    id: RequestId,
    exp_time_ms: Option<u64>,
    orders: &[Numbered<'_, PlaceOrder>],
) -> Result<Bytes, OpError> {
    let op = if orders.len() == 1 { OpKind::Order } else { OpKind::BatchOrders };
    encode(op, id, exp_time_ms, &numbered(orders)?)
}

/// `amend-order`, or `batch-amend-orders` for several: at most 20, each order once.
///
/// # Errors
/// Those of [`place`].
pub fn amend(
    id: RequestId,
    exp_time_ms: Option<u64>,
    orders: &[Numbered<'_, AmendOrder>],
) -> Result<Bytes, OpError> {
    let op = if orders.len() == 1 { OpKind::AmendOrder } else { OpKind::BatchAmendOrders };
    for (index, (order, _)) in orders.iter().enumerate() {
        if orders[..index].iter().any(|(other, _)| other.target == order.target) {
            return Err(OpError::Twice(op));
        }
    }
    encode(op, id, exp_time_ms, &numbered(orders)?)
}

/// `cancel-order`, or `batch-cancel-orders` for several: at most 20.
///
/// # Errors
/// Those of [`encode`]; an instrument without `instIdCode`.
pub fn cancel(id: RequestId, orders: &[Numbered<'_, CancelOrder>]) -> Result<Bytes, OpError> {
    let op = if orders.len() == 1 { OpKind::CancelOrder } else { OpKind::BatchCancelOrders };
    encode(op, id, None, &numbered(orders)?)
}

/// `mass-cancel`: the market-maker-protected orders of an option family.
///
/// # Errors
/// Those of [`encode`].
pub fn mass_cancel(id: RequestId, what: &MassCancel) -> Result<Bytes, OpError> {
    encode(OpKind::MassCancel, id, None, &[what])
}

/// `sprd-order`, on the business URL.
///
/// # Errors
/// Those of [`encode`].
pub fn place_spread(id: RequestId, order: &PlaceSpreadOrder) -> Result<Bytes, OpError> {
    encode(OpKind::SprdOrder, id, None, &[order])
}

/// `sprd-amend-order`, on the business URL.
///
/// # Errors
/// Those of [`encode`].
pub fn amend_spread(id: RequestId, order: &AmendSpreadOrder) -> Result<Bytes, OpError> {
    encode(OpKind::SprdAmendOrder, id, None, &[order])
}

/// `sprd-cancel-order`, on the business URL.
///
/// # Errors
/// Those of [`encode`].
pub fn cancel_spread(id: RequestId, order: &CancelSpreadOrder) -> Result<Bytes, OpError> {
    encode(OpKind::SprdCancelOrder, id, None, &[order])
}

/// `sprd-mass-cancel`, on the business URL.
///
/// # Errors
/// Those of [`encode`].
pub fn mass_cancel_spread(id: RequestId, what: &MassCancelSpread) -> Result<Bytes, OpError> {
    encode(OpKind::SprdMassCancel, id, None, &[what])
}

fn numbered<'a, T: OnInstrument>(orders: &[Numbered<'a, T>]) -> Result<Vec<WsArg<'a, T>>, OpError> {
    orders.iter().map(|(order, code)| ws(*order, *code).map_err(OpError::Arg)).collect()
}

#[derive(Serialize)]
struct Request<'a, T> {
    id: RequestId,
    op: OpKind,
    #[serde(rename = "expTime", skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    exp_time: Option<u64>,
    args: &'a [T],
}

#[expect(clippy::ref_option, reason = "the signature is serde's")]
fn as_text<S: Serializer>(ms: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    match ms {
        Some(ms) => serializer.serialize_str(itoa::Buffer::new().format(*ms)),
        None => serializer.serialize_none(),
    }
}
