//! How an operation names its instrument.

use serde::Serialize;

use crate::ids::InstId;

/// An operation on an instrument.
pub trait OnInstrument: Serialize {
    /// The instrument.
    fn inst_id(&self) -> &InstId;

    /// The field that the WebSocket does not take, if one is set.
    fn rest_only(&self) -> Option<&'static str> {
        None
    }
}

/// Why an operation cannot go over the WebSocket. It can go over REST.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WsArgError {
    /// The number of the instrument is not known.
    #[error(
        "{0} has no instIdCode, which orders over the WebSocket need: OKX has not made one yet, or the instruments were \
         loaded too early; use the REST route for this order"
    )]
    NoInstIdCode(InstId),
    /// The WebSocket does not take the field.
    #[error("OKX takes {0} over REST only; use the REST route for this order")]
    RestOnly(&'static str),
}

/// An operation as REST takes it: with `instId`.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct RestArg<'a, T> {
    #[serde(rename = "instId")]
    inst_id: &'a InstId,
    #[serde(flatten)]
    value: &'a T,
}

/// An operation as the WebSocket takes it: with `instIdCode`.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct WsArg<'a, T> {
    #[serde(rename = "instIdCode")]
    inst_id_code: u64,
    #[serde(flatten)]
    value: &'a T,
}

/// The operation as REST takes it.
pub fn rest<T: OnInstrument>(value: &T) -> RestArg<'_, T> {
    RestArg { inst_id: value.inst_id(), value }
}

/// The operation as the WebSocket takes it.
///
/// `inst_id_code` is that of the instrument in the account's environment ([`crate::instrument::Instrument::inst_id_code`]).
///
/// # Errors
/// If the code is missing (a code of 0 is none), or a field is set that only REST takes.
pub fn ws<T: OnInstrument>(value: &T, inst_id_code: Option<u64>) -> Result<WsArg<'_, T>, WsArgError> {
    if let Some(field) = value.rest_only() {
        return Err(WsArgError::RestOnly(field));
    }
    match inst_id_code.filter(|code| *code != 0) {
        Some(inst_id_code) => Ok(WsArg { inst_id_code, value }),
        None => Err(WsArgError::NoInstIdCode(value.inst_id().clone())),
    }
}
