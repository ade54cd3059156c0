//! What commands have in common.

use bytes::Bytes;
use serde::Serialize;

/// A command as JSON.
pub(super) fn json(value: &impl Serialize) -> Bytes {
    // Texts, numbers and lists of them: nothing that JSON could not hold.
    serde_json::to_vec(value).expect("commands can be written as JSON").into()
}

/// What orders of an instrument are counted by: the instrument, of options the family (`BTC-USD` of `BTC-USD-261225-100000-C`).
pub(super) fn scope_of(inst_id: &str) -> &str {
    let is_option = (inst_id.ends_with("-C") || inst_id.ends_with("-P")) && inst_id.matches('-').count() == 4;
    match inst_id.match_indices('-').nth(1) {
        Some((end, _)) if is_option => &inst_id[..end],
        _ => inst_id,
    }
}

#[cfg(test)]
mod tests;
