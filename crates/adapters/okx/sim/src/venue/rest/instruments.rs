//! `/public/instruments`, `/account/instruments` and the rows of the `instruments` channel (reference 4.2, 5.2).

use serde_json::{Map, Value, json};

use super::{Answer, Params, refuse, unknown};
use crate::venue::{
    Venue,
    catalogue::{Kind, Listing},
};

/// Fields of the REST row the channel does not have.
const NOT_ON_CHANNEL: &[&str] = &[
    "tradeQuoteCcyList",
    "floatPxLmtPct",
    "initPxLmtPct",
    "maxPxLmtPct",
    "rpiMinLevel",
    "rpiMinPxBand",
    "freq",
    "method",
    "longPosRemainingQuota",
    "shortPosRemainingQuota",
    "maxPlatOILmt",
    "maxPlatOICoinLmt",
    "posLmtAmt",
    "posLmtPct",
];
/// Fields only the public list has.
const NOT_ON_ACCOUNT: &[&str] = &["alias", "category", "rpiMinLevel", "rpiMinPxBand"];
const ALL: [Kind; 6] = [Kind::Spot, Kind::Margin, Kind::Swap, Kind::Futures, Kind::Option, Kind::Events];

fn without(row: &Map<String, Value>, keys: &[&str]) -> Map<String, Value> {
    row.iter().filter(|(key, _)| !keys.contains(&key.as_str())).map(|(k, v)| (k.clone(), v.clone())).collect()
}

/// An instrument as the channel pushes it.
pub(in crate::venue) fn channel_row(listing: &Listing) -> String {
    Value::Object(without(&listing.row, NOT_ON_CHANNEL)).to_string()
}

fn account_row(listing: &Listing) -> String {
    let mut row = without(&listing.row, NOT_ON_ACCOUNT);
    // No permission to make markets for retail takers.
    row.insert("rpi".to_owned(), json!("1"));
    Value::Object(row).to_string()
}

/// The list of a type.
pub(super) fn list(venue: &Venue, params: &Params<'_>, account: bool) -> Answer {
    let kind = params.kind(&ALL)?;
    let (family, id, series_id) = (params.get("instFamily"), params.get("instId"), params.get("seriesId"));
    let underlying = params.get("uly");
    match kind {
        Kind::Option if family.is_empty() && underlying.is_empty() && id.is_empty() => {
            return Err(refuse(400, "50015", "Either parameter uly or instFamily is required"));
        }
        Kind::Events if id.is_empty() => {
            params.need("seriesId")?;
        }
        _ => {}
    }
    let fits = |l: &&Listing| {
        (family.is_empty() || l.family() == family)
            && (underlying.is_empty() || l.text("uly") == underlying)
            && (id.is_empty() || l.id == id)
            && (series_id.is_empty() || l.text("seriesId") == series_id)
            && l.exp_ms > venue.now_ms()
    };
    let row = |l: &Listing| if account { account_row(l) } else { Value::Object(l.row.clone()).to_string() };
    let rows: Vec<String> = venue.catalogue.of_kind(kind).filter(fits).map(row).collect();
    if rows.is_empty() && !id.is_empty() {
        return Err(unknown());
    }
    Ok(rows.join(","))
}
