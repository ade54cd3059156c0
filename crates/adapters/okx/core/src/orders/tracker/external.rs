//! Orders of others: each change is reported once.

use std::{
    collections::VecDeque,
    hash::{BuildHasher, Hash},
};

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{External, OrderTracker, Output};
use crate::orders::row::{FillRow, OrderRow};

/// What was reported last, by OKX's id; the oldest are forgotten.
#[derive(Debug)]
pub(super) struct Externals {
    max: usize,
    seen: FxHashMap<String, u64>,
    order: VecDeque<String>,
}

impl Externals {
    pub fn new(max: usize) -> Self {
        Self { max, seen: FxHashMap::default(), order: VecDeque::new() }
    }

    /// Whether this is not what was seen last of the id.
    pub fn is_news(&mut self, id: &str, what: &impl Hash) -> bool {
        let hash = FxBuildHasher.hash_one(what);
        if let Some(seen) = self.seen.get_mut(id) {
            return std::mem::replace(seen, hash) != hash;
        }
        if self.order.len() >= self.max
            && let Some(oldest) = self.order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        self.order.push_back(id.to_owned());
        self.seen.insert(id.to_owned(), hash);
        true
    }
}

impl OrderTracker {
    pub(super) fn external_order(&mut self, row: &OrderRow) {
        let trade = row.fill.as_ref().map(|fill| &fill.trade_id);
        if self.external.is_news(&row.ord_id, &(row.state, row.acc_fill_sz, row.sz, row.px, trade)) {
            self.outputs.push_back(Output::External(External::Order(Box::new(row.clone()))));
        }
    }

    pub(super) fn external_fill(&mut self, row: &FillRow) {
        let id = format!("{}/{}/{}", row.inst_id, row.ord_id, row.trade_id);
        if self.external.is_news(&id, &0_u8) {
            self.outputs.push_back(Output::External(External::Fill(Box::new(row.clone()))));
        }
    }
}
