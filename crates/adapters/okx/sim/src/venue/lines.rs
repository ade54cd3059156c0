//! Candles of mark and index prices: six columns, no volume (reference 4.3).

use super::{Venue, bars::Bar, num::Dec};

/// A line is looked at so often within a bar.
const LOOKS: u64 = 48;
const SECOND_MS: u64 = 1_000;

/// The places index and mark prices of this size are printed with.
pub(super) fn places(price: f64) -> u32 {
    match price {
        p if p >= 1_000.0 => 1,
        p if p >= 100.0 => 2,
        p if p >= 1.0 => 4,
        p if p >= 0.01 => 6,
        p if p > 0.0 => (8.0 - p.log10().floor()).clamp(6.0, 18.0) as u32,
        _ => 6,
    }
}

/// Index or mark price at this millisecond; `None` if there is none.
pub(super) fn price(venue: &Venue, id: &str, index: bool, ms: u64) -> Option<Dec> {
    if index {
        let price = venue.index_price(id, ms)?;
        return Some(Dec::near(price, places(price)));
    }
    let series = venue.series.get(id)?;
    Some(mark(series, ms))
}

/// Mark price: finer than the tick.
pub(super) fn mark(series: &super::series::Series, ms: u64) -> Dec {
    let scale = series.grid.tick.times(1).scale + 1;
    Dec::near(series.mark(ms).max(0.0), scale)
}

/// `["ts","o","h","l","c","confirm"]`. Prices are taken every second of a short bar, and at 48 places of a long one; what is still
/// to come is left out.
pub(super) fn row(
    venue: &Venue,
    id: &str,
    index: bool,
    bar: Bar,
    start_ms: u64,
    now_us: u64,
) -> Option<String> {
    let (now_ms, end_ms) = (now_us / 1_000, bar.next(start_ms));
    let every = ((end_ms - start_ms) / LOOKS / SECOND_MS).max(1) * SECOND_MS;
    let last_ms = now_ms.min(end_ms);
    let mut times: Vec<u64> = (start_ms..last_ms).step_by(every as usize).collect();
    times.push(last_ms);
    let prices: Vec<Dec> = times.into_iter().filter_map(|ms| price(venue, id, index, ms)).collect();
    let (open, close) = (prices.first()?, prices.last()?);
    let by_size = |a: &&Dec, b: &&Dec| a.float().total_cmp(&b.float());
    let (high, low) = (prices.iter().max_by(by_size)?, prices.iter().min_by(by_size)?);
    let confirmed = u8::from(end_ms <= now_ms);
    Some(format!("[\"{start_ms}\",\"{open}\",\"{high}\",\"{low}\",\"{close}\",\"{confirmed}\"]"))
}
