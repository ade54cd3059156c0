//! The numbers the exchange gives out.

/// Where the time in an id counts from, milliseconds since 1970: ids of 2025 and 2026 captures fit it.
const EPOCH_MS: u64 = 1_672_502_400_000;
/// An id is its millisecond shifted by this, plus a count.
const SHIFT: u32 = 25;

/// Ids of orders, algos, bills and positions: they rise with time, as OKX's do.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ids(u64);

impl Ids {
    /// The next one.
    pub fn next(&mut self, ms: u64) -> u64 {
        let by_time = ms.saturating_sub(EPOCH_MS).min(1 << 37) << SHIFT;
        self.0 = by_time.max(self.0 + 1);
        self.0
    }

    /// The last one, for state hashes.
    #[must_use]
    pub const fn last(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_even_if_the_clock_does_not() {
        let mut ids = Ids::default();
        let first = ids.next(1_788_998_855_547);
        assert_eq!(first.to_string().len(), 19);
        assert_eq!(ids.next(1_788_998_855_547), first + 1);
        assert_eq!(ids.next(0), first + 2);
        assert!(ids.next(u64::MAX) < i64::MAX as u64);
    }
}
