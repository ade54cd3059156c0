//! The instruments OKX lists, kept up to date by what the `instruments` channel pushes.

use indexmap::IndexMap;
use okx_common::{
    enums::{InstState, InstType},
    ids::{InstFamily, InstId},
    instrument::{Instrument, InstrumentRow},
};
use rustc_hash::FxBuildHasher;

/// SPOT and MARGIN share ids: the kind is part of the key.
type Key = (InstType, InstId);

/// What a row did to the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// An instrument that was not there.
    Listed,
    /// It was there and differs now.
    Updated,
    /// Nothing differs.
    Unchanged,
    /// It is gone (`expired`), or was announced as gone without ever being there.
    Expired,
    /// The row is not complete: an announcement of a listing, or malformed. What was there stays.
    Incomplete(String),
}

/// Instruments by kind and id.
///
/// The channel pushes the rows that changed, not the list (OKX API v5, "Instruments channel"): each replaces the one of its id.
/// Announced listings come with most fields empty; the row that completes them lists them.
#[derive(Debug, Clone, Default)]
pub struct InstrumentStore {
    instruments: IndexMap<Key, Instrument, FxBuildHasher>,
}

impl InstrumentStore {
    /// Takes a row of a list or of the channel.
    pub fn merge(&mut self, row: InstrumentRow) -> Change {
        let instrument = match row {
            InstrumentRow::Incomplete(row) => {
                if row.state == Some(InstState::Expired) && !row.inst_id.is_empty() {
                    if let Some(inst_type) = row.inst_type {
                        self.instruments.shift_remove(&(inst_type, InstId::new(&row.inst_id)));
                    }
                    return Change::Expired;
                }
                return Change::Incomplete(row.to_string());
            }
            InstrumentRow::Ready(instrument) => *instrument,
        };
        let key = (instrument.inst_type.clone(), instrument.inst_id.clone());
        if instrument.state == InstState::Expired {
            self.instruments.shift_remove(&key);
            return Change::Expired;
        }
        match self.instruments.get_mut(&key) {
            Some(known) if *known == instrument => Change::Unchanged,
            Some(known) => {
                *known = instrument;
                Change::Updated
            }
            None => {
                self.instruments.insert(key, instrument);
                Change::Listed
            }
        }
    }

    /// Takes a whole list of one kind: what it does not have is gone. Returns the ids that are gone and the rows that were
    /// incomplete.
    pub fn replace(&mut self, inst_type: &InstType, rows: Vec<InstrumentRow>) -> (Vec<InstId>, Vec<String>) {
        let mut before: IndexMap<InstId, (), FxBuildHasher> =
            self.of_type(inst_type).map(|i| (i.inst_id.clone(), ())).collect();
        let mut incomplete = Vec::new();
        for row in rows {
            before.swap_remove(&InstId::new(row.inst_id()));
            if let Change::Incomplete(what) = self.merge(row) {
                incomplete.push(what);
            }
        }
        let gone: Vec<InstId> = before.into_keys().collect();
        for inst_id in &gone {
            self.instruments.shift_remove(&(inst_type.clone(), inst_id.clone()));
        }
        (gone, incomplete)
    }

    /// The instrument of this kind and id.
    #[must_use]
    pub fn get(&self, inst_type: &InstType, inst_id: &str) -> Option<&Instrument> {
        self.instruments.get(&(inst_type.clone(), InstId::new(inst_id)))
    }

    /// All of one kind.
    pub fn of_type(&self, inst_type: &InstType) -> impl Iterator<Item = &Instrument> {
        let inst_type = inst_type.clone();
        self.instruments.values().filter(move |i| i.inst_type == inst_type)
    }

    /// All of one family.
    pub fn of_family<'a>(&'a self, family: &'a InstFamily) -> impl Iterator<Item = &'a Instrument> {
        self.instruments.values().filter(move |i| i.inst_family.as_ref() == Some(family))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.instruments.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.instruments.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(state: &str, tick: &str) -> InstrumentRow {
        let json = format!(
            r#"{{"instType":"SPOT","instId":"NEW-USDT","baseCcy":"NEW","quoteCcy":"USDT","tickSz":"{tick}","lotSz":"0.1",
                "minSz":"1","state":"{state}","instIdCode":77}}"#
        );
        serde_json::from_str(&json).expect("a row")
    }

    #[test]
    fn an_announced_listing_becomes_tradable_by_the_row_that_completes_it() {
        let mut store = InstrumentStore::default();
        assert!(matches!(store.merge(row("preopen", "")), Change::Incomplete(_)));
        assert!(store.is_empty());
        assert_eq!(store.merge(row("live", "0.01")), Change::Listed);
        assert_eq!(store.merge(row("live", "0.01")), Change::Unchanged);
        assert_eq!(store.merge(row("live", "0.001")), Change::Updated);
        assert_eq!(store.get(&InstType::Spot, "NEW-USDT").map(|i| i.price_precision()), Some(3));
        assert_eq!(store.get(&InstType::Margin, "NEW-USDT"), None);
    }

    #[test]
    fn an_incomplete_row_does_not_destroy_what_is_known() {
        let mut store = InstrumentStore::default();
        store.merge(row("live", "0.01"));
        assert!(matches!(store.merge(row("live", "")), Change::Incomplete(_)));
        assert_eq!(store.len(), 1);
    }

    #[test]
    fn expired_instruments_and_those_missing_from_a_whole_list_are_gone() {
        let mut store = InstrumentStore::default();
        store.merge(row("live", "0.01"));
        assert_eq!(store.merge(row("expired", "0.01")), Change::Expired);
        assert!(store.is_empty());
        store.merge(row("live", "0.01"));
        let (gone, incomplete) = store.replace(&InstType::Spot, Vec::new());
        assert_eq!((gone.len(), incomplete.len(), store.len()), (1, 0, 0));
    }
}
