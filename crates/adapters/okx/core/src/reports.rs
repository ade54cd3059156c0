//! Reports of oddities, thinned out.

use rustc_hash::FxHashMap;

/// Reports of a kind that are passed on, each.
const FIRST: u64 = 5;
/// After those, every so many.
const EVERY: u64 = 1_000;
/// Kinds that are kept; a peer that invents more of them is not reported further.
const KINDS_MAX: usize = 256;

/// Counts oddities by kind, so that a broken feed cannot fill the log.
///
/// ```
/// let mut reports = okx_core::reports::Reports::default();
/// assert_eq!(reports.note("unreadable trades"), Some(1));
/// ```
#[derive(Debug, Default)]
pub struct Reports {
    seen: FxHashMap<String, u64>,
}

impl Reports {
    /// Notes one; if it is to be reported, how many there were.
    pub fn note(&mut self, kind: &str) -> Option<u64> {
        if !self.seen.contains_key(kind) {
            if self.seen.len() >= KINDS_MAX {
                return None;
            }
            self.seen.insert(kind.to_owned(), 0);
        }
        let count = self.seen.get_mut(kind)?;
        *count += 1;
        (*count <= FIRST || count.is_multiple_of(EVERY)).then_some(*count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_thinned_out() {
        let mut reports = Reports::default();
        let said = (0..2_000).filter_map(|_| reports.note("a")).collect::<Vec<_>>();
        assert_eq!(said, [1, 2, 3, 4, 5, 1_000, 2_000]);
        assert_eq!(reports.note("b"), Some(1));
    }
}
