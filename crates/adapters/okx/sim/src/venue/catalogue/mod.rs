//! The instruments: OKX's own lists as they were recorded, brought to the clock of the simulator.
//!
//! The lists of `data/instruments.json.gz` are of 2026-04-26. What expires is moved by whole weeks (event contracts by whole days),
//! in its times and in the date of its id, so that the lists look at any time as they looked then: futures and options still expire on
//! Fridays. Perpetual futures (`…XPERP-310404`), whose date is years away, and everything without a date stay as they are.

mod listing;

use std::{
    collections::{HashMap, HashSet},
    io::Read as _,
    sync::OnceLock,
};

use flate2::read::GzDecoder;
use okx_common::civil;
use serde_json::{Map, Value, json};

pub(super) use listing::{Grid, Kind, Listing};

use super::VenueError;

/// When the lists were recorded.
const RECORDED_MS: i64 = 1_777_200_000_000;
const DAY_MS: i64 = 86_400_000;
/// What expires later than this after the recording is not moved.
const FAR_MS: i64 = 3 * 365 * DAY_MS;
const LISTS: &[u8] = include_bytes!("../../../data/instruments.json.gz");
const REFERENCE: &[u8] = include_bytes!("../../../data/reference.json.gz");

/// Everything that is listed, expired instruments included until they are dropped.
#[derive(Debug, Clone)]
pub(super) struct Catalogue {
    listings: Vec<Listing>,
    by_id: HashMap<String, usize>,
    pairs: HashSet<String>,
    /// Recorded reference data: spreads, tick bands, event series and so on.
    pub reference: Map<String, Value>,
    days: i64,
    settled: bool,
}

fn unpack(bytes: &[u8]) -> Result<Value, VenueError> {
    let mut text = String::new();
    let broken = |e: &dyn std::fmt::Display| VenueError::Data(e.to_string());
    GzDecoder::new(bytes).read_to_string(&mut text).map_err(|e| broken(&e))?;
    serde_json::from_str(&text).map_err(|e| broken(&e))
}

/// What is compiled in, unpacked once.
struct Recorded {
    listings: Vec<Listing>,
    reference: Map<String, Value>,
}

fn recorded() -> Result<&'static Recorded, VenueError> {
    static UNPACKED: OnceLock<Recorded> = OnceLock::new();
    if let Some(done) = UNPACKED.get() {
        return Ok(done);
    }
    let (Value::Array(rows), Value::Object(reference)) = (unpack(LISTS)?, unpack(REFERENCE)?) else {
        return Err(VenueError::Data("lists have another shape".to_owned()));
    };
    let rows = rows.into_iter().filter_map(|row| match row {
        Value::Object(row) => Listing::read(complete(row)),
        _ => None,
    });
    let unpacked = Recorded { listings: rows.collect(), reference };
    Ok(UNPACKED.get_or_init(|| unpacked))
}

impl Catalogue {
    /// The recorded lists; only these ids, unless there are none.
    pub fn new(only: &[String]) -> Result<Self, VenueError> {
        let recorded = recorded()?;
        if let Some(missing) = only.iter().find(|id| !recorded.listings.iter().any(|l| l.id == **id)) {
            return Err(VenueError::UnknownInstrument(missing.clone()));
        }
        let named = |l: &&Listing| only.is_empty() || only.contains(&l.id);
        let mut made = Self {
            listings: recorded.listings.iter().filter(named).cloned().collect(),
            by_id: HashMap::new(),
            pairs: HashSet::new(),
            reference: recorded.reference.clone(),
            days: 0,
            settled: false,
        };
        made.index();
        Ok(made)
    }

    /// Brings the dates to this time, once.
    pub fn settle(&mut self, now_ms: u64) {
        if self.settled {
            return;
        }
        self.settled = true;
        self.days = (now_ms as i64 - RECORDED_MS).div_euclid(DAY_MS);
        for listing in self.listings.iter_mut().filter(|l| l.exp_ms != u64::MAX) {
            if let Some(moved) = Listing::read(moved(std::mem::take(&mut listing.row), self.days)) {
                *listing = moved;
            }
        }
        self.index();
    }

    fn index(&mut self) {
        self.by_id.clear();
        self.pairs = self.listings.iter().map(Listing::index).collect();
        for (at, listing) in self.listings.iter().enumerate() {
            self.by_id.entry(listing.id.clone()).or_insert(at);
        }
    }

    /// Days the dated instruments were moved by; the weeks among them hold for futures and options.
    pub const fn days(&self) -> i64 {
        self.days
    }

    /// The instrument whose market the id names; SPOT where MARGIN shares the id.
    pub fn find(&self, id: &str) -> Option<&Listing> {
        self.by_id.get(id).map(|at| &self.listings[*at])
    }

    /// Every row of this type.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Listing> {
        self.listings.iter().filter(move |l| l.kind == kind)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Listing> {
        self.listings.iter()
    }

    /// Whether somebody trades this pair, so that it has an index.
    pub fn has_index(&self, pair: &str) -> bool {
        self.pairs.contains(pair)
    }

    /// Changes fields of an instrument, in all rows of its id, or lists a new one. Returns the rows.
    pub fn change(&mut self, id: &str, fields: &Map<String, Value>) -> Result<Vec<Listing>, String> {
        let mut changed = Vec::new();
        for listing in self.listings.iter_mut().filter(|l| l.id == id) {
            let mut row = listing.row.clone();
            row.extend(fields.clone());
            *listing = Listing::read(row).ok_or("instType is unknown")?;
            changed.push(listing.clone());
        }
        if changed.is_empty() {
            let mut row = complete(blank());
            row.insert("instId".to_owned(), json!(id));
            row.extend(fields.clone());
            let listing = Listing::read(row).ok_or("a new instrument needs an instType")?;
            self.listings.push(listing.clone());
            changed.push(listing);
        }
        self.index();
        Ok(changed)
    }

    /// Takes instruments off the lists.
    pub fn drop(&mut self, gone: impl Fn(&Listing) -> bool) {
        self.listings.retain(|l| !gone(l));
        self.index();
    }

    /// A date of an id as of the recording, moved like the instruments.
    pub fn moved_id(&self, id: &str) -> String {
        id.split('_').map(|leg| moved_id(leg, self.days().div_euclid(7) * 7)).collect::<Vec<_>>().join("_")
    }

    /// A time as of the recording, moved like futures and options.
    pub fn moved_ms(&self, ms: i64) -> i64 {
        ms + self.days().div_euclid(7) * 7 * DAY_MS
    }
}

/// A row with every field empty.
fn blank() -> Map<String, Value> {
    const EMPTY: [&str; 45] = [
        "alias",
        "auctionEndTime",
        "baseCcy",
        "category",
        "contTdSwTime",
        "ctMult",
        "ctType",
        "ctVal",
        "ctValCcy",
        "expTime",
        "freq",
        "groupId",
        "instCategory",
        "instFamily",
        "instId",
        "instType",
        "lever",
        "listTime",
        "longPosRemainingQuota",
        "lotSz",
        "maxIcebergSz",
        "maxLmtAmt",
        "maxLmtSz",
        "maxMktAmt",
        "maxMktSz",
        "maxPlatOILmt",
        "maxStopSz",
        "maxTriggerSz",
        "maxTwapSz",
        "method",
        "minSz",
        "openType",
        "optType",
        "posLmtAmt",
        "posLmtPct",
        "preMktSwTime",
        "quoteCcy",
        "ruleType",
        "seriesId",
        "settleCcy",
        "shortPosRemainingQuota",
        "state",
        "stk",
        "tickSz",
        "uly",
    ];
    let mut row: Map<String, Value> = EMPTY.iter().map(|key| ((*key).to_owned(), json!(""))).collect();
    row.insert("futureSettlement".to_owned(), json!(false));
    row.insert("instIdCode".to_owned(), Value::Null);
    row.insert("tradeQuoteCcyList".to_owned(), json!([]));
    row.insert("upcChg".to_owned(), json!([]));
    row
}

/// Adds the fields OKX added after the recording, with the values they had in captures of 2026-09 where there is one.
fn complete(mut row: Map<String, Value>) -> Map<String, Value> {
    let kind = row.get("instType").and_then(Value::as_str).unwrap_or_default();
    let bare = row.get("tickSz") == Some(&json!(""));
    let added: [&str; 6] = match kind {
        _ if bare => ["", "", "", "", "", ""],
        "SPOT" | "MARGIN" => ["0.1", "0.005", "0.01", "", "3", "20"],
        "SWAP" | "FUTURES" => ["0.02", "0.005", "0.01", "", "2", "20"],
        _ => ["", "", "", "", "", ""],
    };
    let keys =
        ["initPxLmtPct", "floatPxLmtPct", "maxPxLmtPct", "maxPlatOICoinLmt", "rpiMinLevel", "rpiMinPxBand"];
    for (key, value) in keys.iter().zip(added) {
        row.entry(*key).or_insert_with(|| json!(value));
    }
    row
}

fn moved(mut row: Map<String, Value>, days: i64) -> Map<String, Value> {
    let number = |row: &Map<String, Value>, key: &str| row.get(key)?.as_str()?.parse::<i64>().ok();
    let Some(exp) = number(&row, "expTime").filter(|exp| exp - RECORDED_MS < FAR_MS) else { return row };
    let days = if row.get("instType") == Some(&json!("EVENTS")) { days } else { days.div_euclid(7) * 7 };
    row.insert("expTime".to_owned(), json!((exp + days * DAY_MS).to_string()));
    if let Some(listed) = number(&row, "listTime") {
        row.insert("listTime".to_owned(), json!((listed + days * DAY_MS).to_string()));
    }
    if let Some(id) = row.get("instId").and_then(Value::as_str) {
        let id = moved_id(id, days);
        row.insert("instId".to_owned(), json!(id));
    }
    row
}

/// Moves the `YYMMDD` of an id; a strike of six digits after it is none.
pub(super) fn moved_id(id: &str, days: i64) -> String {
    let mut found = false;
    let parts = id.split('-').map(|part| {
        let digits = !found && part.len() == 6 && part.bytes().all(|b| b.is_ascii_digit());
        let two = |at: usize| part.get(at..at + 2).and_then(|d| d.parse::<i64>().ok());
        match (digits, two(0), two(2), two(4)) {
            (true, Some(year), Some(month @ 1..=12), Some(day @ 1..=31)) => {
                found = true;
                let (y, m, d) = civil::date_of_days(civil::days_of_date(2000 + year, month, day) + days);
                format!("{:02}{m:02}{d:02}", y.rem_euclid(100))
            }
            _ => part.to_owned(),
        }
    });
    parts.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_move_with_the_clock() {
        let mut all = Catalogue::new(&[]).expect("catalogue");
        let rows = all.all().count();
        assert!(rows > 2_600, "{rows}");
        all.settle(1_795_617_000_000); // 2026-11-25
        let now = 1_795_617_000_000;
        for kind in [Kind::Futures, Kind::Option, Kind::Events] {
            let alive = all.of_kind(kind).filter(|l| l.exp_ms > now).count();
            assert!(alive * 2 > all.of_kind(kind).count(), "{kind:?}: {alive}");
        }
        let future = all.find("BTC-USD-261127").expect("moved by 30 weeks");
        assert_eq!(future.exp_ms, 1_795_766_400_000, "Friday 08:00 UTC");
        assert!(all.find("BTC-USD_UM_XPERP-310328").is_some());
        assert_eq!(moved_id("BTC-USD-261225-100000-C", 7), "BTC-USD-270101-100000-C");
    }

    #[test]
    fn announced_instruments_are_there_without_a_market() {
        let all = Catalogue::new(&[]).expect("catalogue");
        let announced = all.find("TESTING-USDT").expect("announced");
        assert!(announced.grid.is_none() && announced.row["instIdCode"].is_null());
        assert_eq!(announced.state(), "preopen");
    }
}
