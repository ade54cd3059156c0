//! The candle channels (reference 5.2): at most once a second, then once with `confirm` 1.

use crate::venue::{
    Venue,
    bars::Bar,
    lines,
    rows::{self, Candle},
    series::Series,
};

/// How often a candle is looked at.
pub(super) const PUSH_US: u64 = 1_000_000;
/// After a jump in time so many closed bars are told of.
const MOST_CLOSED: usize = 300;

/// Start and row of the forming bar.
pub(super) fn forming(series: &Series, bar: Bar, us: u64) -> Option<(u64, String)> {
    let start_ms = bar.start(rows::ms(us));
    let candle = Candle::at(series, bar, start_ms, us)?;
    Some((start_ms, rows::candle_row(series, &candle)))
}

/// The rows to publish: bars that ended since the last time, and the forming one if it changed.
pub(super) fn news(series: &Series, bar: Bar, us: u64, start_ms: &mut u64, last: &mut String) -> Vec<String> {
    let closed =
        |start: u64| Candle::at(series, bar, start, us).map(|candle| rows::candle_row(series, &candle));
    let forming = forming(series, bar, us).map(|(_, row)| row);
    collect(bar, us, start_ms, last, closed, forming)
}

/// The same for a line of prices without trades.
pub(super) fn line_news(
    venue: &Venue,
    id: &str,
    (index, bar): (bool, Bar),
    us: u64,
    start_ms: &mut u64,
    last: &mut String,
) -> Vec<String> {
    let closed = |start: u64| lines::row(venue, id, index, bar, start, us);
    collect(bar, us, start_ms, last, closed, line(venue, id, index, bar, us))
}

/// The forming bar of a line.
pub(super) fn line(venue: &Venue, id: &str, index: bool, bar: Bar, us: u64) -> Option<String> {
    lines::row(venue, id, index, bar, bar.start(rows::ms(us)), us)
}

fn collect(
    bar: Bar,
    us: u64,
    start_ms: &mut u64,
    last: &mut String,
    closed: impl Fn(u64) -> Option<String>,
    forming: Option<String>,
) -> Vec<String> {
    let here = bar.start(rows::ms(us));
    let mut out = Vec::new();
    if *start_ms != 0 && *start_ms < here {
        let mut starts = Vec::new();
        let mut at = bar.previous(here);
        while at >= *start_ms && starts.len() < MOST_CLOSED {
            starts.push(at);
            at = bar.previous(at);
        }
        out.extend(starts.into_iter().rev().filter_map(closed));
    }
    *start_ms = here;
    if let Some(row) = forming.filter(|row| row != last) {
        last.clone_from(&row);
        out.push(row);
    }
    out
}
