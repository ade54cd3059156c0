//! Trades, each once.

use okx_ws::session::Generation;

/// A trade id that is further behind than this belongs to another count of ids, not to a connection that lags.
const BEHIND_MAX: u64 = 1_000_000;

/// The trades of one topic, each once, also where one connection replaces another (notice 64008): both push for a moment, and the
/// new one may be behind the old one.
///
/// Source: OKX API v5, "Trades channel": ids rise within an instrument.
///
/// ```
/// use okx_core::trades::TradeFilter;
/// use okx_ws::session::Generation;
/// let mut filter = TradeFilter::default();
/// assert!(filter.is_new(Generation(1), "7") && filter.is_new(Generation(1), "8"));
/// assert!(!filter.is_new(Generation(2), "8"));
/// assert!(filter.is_new(Generation(2), "9"));
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct TradeFilter {
    generation: Generation,
    last: Option<u64>,
    /// The last trade of the connection before, until this one has come past it.
    before: Option<u64>,
}

impl TradeFilter {
    /// Whether the trade was not handed on yet. Ids that are no numbers always are new.
    #[inline]
    pub fn is_new(&mut self, generation: Generation, trade_id: &str) -> bool {
        if generation != self.generation {
            self.generation = generation;
            self.before = self.last;
        }
        let Ok(id) = trade_id.parse::<u64>() else { return true };
        if let Some(before) = self.before {
            if id <= before && before - id < BEHIND_MAX {
                return false;
            }
            self.before = None;
        }
        self.last = Some(id);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(filter: &mut TradeFilter, generation: u64, ids: &[&str]) -> Vec<String> {
        let new = |id: &&&str| filter.is_new(Generation(generation), id);
        ids.iter().filter(new).map(|id| (*id).to_owned()).collect()
    }

    #[test]
    fn a_connection_that_lags_repeats_nothing() {
        let mut filter = TradeFilter::default();
        assert_eq!(passed(&mut filter, 1, &["10", "11", "12"]), ["10", "11", "12"]);
        assert_eq!(passed(&mut filter, 2, &["11", "12", "13", "14"]), ["13", "14"]);
        assert_eq!(passed(&mut filter, 3, &["13"]), Vec::<String>::new());
        assert_eq!(passed(&mut filter, 4, &["14", "15"]), ["15"]);
    }

    #[test]
    fn what_okx_repeats_or_counts_anew_on_one_connection_is_passed_on() {
        let mut filter = TradeFilter::default();
        assert_eq!(passed(&mut filter, 1, &["10", "10", "9", "x"]), ["10", "10", "9", "x"]);
        assert_eq!(passed(&mut filter, 1, &["5000000"]), ["5000000"]);
        assert_eq!(passed(&mut filter, 2, &["3"]), ["3"], "the count began anew");
    }
}
