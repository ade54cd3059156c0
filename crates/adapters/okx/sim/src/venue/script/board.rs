//! What was announced and can be asked for later.

use serde_json::{Map, Value, json};

use crate::venue::{
    catalogue::{Kind, Listing},
    num::Dec,
};

const DAY_MS: u64 = 86_400_000;
const EIGHT_HOURS_MS: u64 = 8 * 3_600_000;
/// Announcements, deliveries and auctions that are kept.
const KEPT: usize = 2_000;

/// The next 08:00 UTC.
pub(in crate::venue) const fn next_settlement(ms: u64) -> u64 {
    (ms.saturating_sub(EIGHT_HOURS_MS) / DAY_MS + 1) * DAY_MS + EIGHT_HOURS_MS
}

/// Announcements of maintenance, auctions, deliveries.
#[derive(Debug, Clone, Default)]
pub(in crate::venue) struct Board {
    statuses: Vec<Map<String, Value>>,
    auctions: Vec<(String, String)>,
    /// Time, family, row of `details`.
    deliveries: Vec<(u64, String, String)>,
}

impl Board {
    /// Keeps an announcement; one of the same title and begin is replaced.
    pub fn announce(&mut self, row: Map<String, Value>) {
        let same = |other: &Map<String, Value>| {
            ["title", "begin"].iter().all(|key| other.get(*key) == row.get(*key))
        };
        self.statuses.retain(|other| !same(other));
        self.statuses.push(row);
        self.statuses.truncate(KEPT);
    }

    /// Rows of `/system/status`: of one state, or of all that are not over.
    pub fn statuses(&self, state: &str) -> String {
        let shown = |row: &&Map<String, Value>| {
            let own = row.get("state").and_then(Value::as_str).unwrap_or_default();
            if state.is_empty() { ["scheduled", "ongoing", "pre_open"].contains(&own) } else { own == state }
        };
        let rows = self.statuses.iter().filter(shown).map(|row| {
            let mut row = row.clone();
            row.remove("ts");
            Value::Object(row).to_string()
        });
        rows.collect::<Vec<_>>().join(",")
    }

    /// Keeps the auction details of an instrument.
    pub fn keep_auction(&mut self, id: &str, row: String) {
        self.auctions.retain(|(other, _)| other != id);
        self.auctions.push((id.to_owned(), row));
        self.auctions.truncate(KEPT);
    }

    /// The last auction details of an instrument.
    pub fn auction(&self, id: &str) -> Option<String> {
        self.auctions.iter().find(|(other, _)| other == id).map(|(_, row)| row.clone())
    }

    /// Keeps the delivery or exercise of what expired.
    pub fn delivered(&mut self, listing: &Listing, index: Option<f64>) {
        let Some(index) = index else { return };
        let (kind, px) = match listing.kind {
            Kind::Futures => ("delivery", index),
            Kind::Option => {
                let call = listing.text("optType") == "C";
                let worth = if call { index - listing.strike() } else { listing.strike() - index };
                let kind = if worth > 0.0 { "exercised" } else { "expired_otm" };
                (kind, (worth / index).max(0.0))
            }
            _ => return,
        };
        let row = json!({"insId": listing.id, "px": Dec::near(px, 8).to_string(), "type": kind});
        if self.deliveries.len() < KEPT {
            self.deliveries.push((listing.exp_ms, listing.family().to_owned(), row.to_string()));
        }
    }

    /// Rows of `/public/delivery-exercise-history` with their times, newest first.
    pub fn deliveries(&self, family: &str) -> impl Iterator<Item = (u64, String)> {
        let mut times: Vec<u64> = self.deliveries.iter().filter(|d| d.1 == family).map(|d| d.0).collect();
        times.sort_unstable_by(|a, b| b.cmp(a));
        times.dedup();
        let rows = times.into_iter().map(|at| {
            let there = self.deliveries.iter().filter(|d| d.0 == at && d.1 == family).map(|d| d.2.as_str());
            (at, format!("{{\"details\":[{}],\"ts\":\"{at}\"}}", there.collect::<Vec<_>>().join(",")))
        });
        rows.collect::<Vec<_>>().into_iter()
    }
}
