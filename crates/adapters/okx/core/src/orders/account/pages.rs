//! Snapshots that come in pages.

use std::hash::Hash;

use okx_common::enums::AccountEventType;
use okx_ws::message::Page;
use rustc_hash::FxHashSet;

/// The pages of a snapshot so far.
#[derive(Debug, Clone)]
pub(super) struct Pages<K> {
    seen: FxHashSet<K>,
    next: u32,
}

impl<K> Default for Pages<K> {
    fn default() -> Self {
        Self { seen: FxHashSet::default(), next: 1 }
    }
}

/// What a push completes.
#[derive(Debug)]
pub(super) enum Step<K> {
    /// It is a change, or a page of more to come, or of a snapshot of which one is missing.
    Part,
    /// The snapshot is whole: these are all there are.
    Complete(FxHashSet<K>),
}

impl<K: Hash + Eq> Pages<K> {
    pub fn step(&mut self, page: Option<&Page>, keys: impl Iterator<Item = K>) -> Step<K> {
        let Some(page) = page.filter(|p| p.event_type == Some(AccountEventType::Snapshot)) else {
            return Step::Part;
        };
        // Without a number there is one page.
        let number = page.cur_page.unwrap_or(1);
        if number == 1 {
            *self = Self::default();
        }
        if number != self.next {
            // One is missing: nothing may be taken as gone.
            self.next = u32::MAX;
            return Step::Part;
        }
        self.next = number.saturating_add(1);
        self.seen.extend(keys);
        if !page.last_page {
            return Step::Part;
        }
        Step::Complete(std::mem::take(self).seen)
    }
}
