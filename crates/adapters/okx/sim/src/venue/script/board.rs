//! What was announced and can be asked for later.

use serde_json::{Map, Value, json};

use crate::{
    topic::Topic,
    venue::{
        catalogue::{Kind, Listing},
        num::Dec,
    },
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
    auctions: Vec<(String, Map<String, Value>)>,
    /// Deleveraging that goes on: type, family, row.
    adl: Vec<(String, String, Map<String, Value>)>,
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
    pub fn keep_auction(&mut self, id: &str, row: Map<String, Value>) {
        self.auctions.retain(|(other, _)| other != id);
        self.auctions.push((id.to_owned(), row));
        self.auctions.truncate(KEPT);
    }

    /// The auction details of an instrument at this time: more and more is matched until the auction is over.
    pub fn auction(&self, id: &str, ms: u64) -> Option<String> {
        let (_, row) = self.auctions.iter().find(|(other, _)| other == id)?;
        let text = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default();
        let time = |key: &str| text(key).parse::<u64>().unwrap_or(0);
        let (begin, end) = (time("ts"), time("auctionEndTime"));
        if text("state") != "call_auction" || ms < begin {
            return Some(Value::Object(row.clone()).to_string());
        }
        let mut row = row.clone();
        let at = ms.min(end);
        let matched: f64 = text("matchedSz").parse().unwrap_or(0.0);
        let share = 1.0 + (at - begin.min(at)) as f64 / 600_000.0;
        row.insert("matchedSz".to_owned(), json!(Dec::near(matched * share, 0).to_string()));
        row.insert("ts".to_owned(), json!(at.to_string()));
        if ms >= end {
            row.insert("state".to_owned(), json!("continuous_trading"));
        }
        Some(Value::Object(row).to_string())
    }

    /// Keeps a warning of deleveraging until it is taken back.
    pub fn keep_adl(&mut self, kind: &str, family: &str, row: Map<String, Value>) {
        self.adl.retain(|(k, f, _)| (k.as_str(), f.as_str()) != (kind, family));
        if row.get("state").and_then(Value::as_str) != Some("normal") {
            self.adl.push((kind.to_owned(), family.to_owned(), row));
            self.adl.truncate(KEPT);
        }
    }

    /// What a topic that speaks every second has to say.
    pub fn notices(&self, topic: &Topic, ms: u64) -> Vec<String> {
        if topic.channel == "call-auction-details" {
            return self.auction(&topic.inst_id, ms).into_iter().collect();
        }
        let fits = |kind: &str, family: &str| {
            kind == topic.inst_type && (topic.inst_family.is_empty() || family == topic.inst_family)
        };
        let there = self.adl.iter().filter(|(kind, family, _)| fits(kind, family));
        let row = there.map(|(.., row)| {
            let mut row = row.clone();
            row.insert("ts".to_owned(), json!(ms.to_string()));
            Value::Object(row).to_string()
        });
        row.collect()
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
