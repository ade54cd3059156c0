//! Answers that were received elsewhere: read without a client.

use okx_common::error_code::CodeKind;

use crate::{
    endpoint::{Endpoint, Method},
    envelope::{Envelope, read},
    error::HttpError,
};

/// Reads the answer to a request of this endpoint.
///
/// An answer to a command that has rows is no error whatever its code says (1: all failed, 2: some failed): each row has a code of
/// its own. A refusal of the whole request has none.
///
/// # Errors
/// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if it is no answer of OKX, [`ErrorKind::Venue`](crate::ErrorKind::Venue) with
/// OKX's code and words if the request was refused as a whole. Bad rows are in [`Rows::skipped`](crate::Rows::skipped).
pub fn decode_rows<E: Endpoint>(body: &[u8]) -> Result<Envelope<E::Row>, HttpError> {
    let answer = read::<E::Row>(body).map_err(|error| HttpError::decode(200, &error).at(E::SPEC))?;
    let has_rows = !(answer.rows.items.is_empty() && answer.rows.skipped.is_empty());
    let is_told_by_rows =
        has_rows && (E::SPEC.method == Method::Post || answer.code.kind() == CodeKind::PerItem);
    if answer.code.is_success() || is_told_by_rows {
        return Ok(answer);
    }
    Err(HttpError::venue(answer.code, &answer.msg, 200).at(E::SPEC))
}
