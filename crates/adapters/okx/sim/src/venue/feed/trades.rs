//! `trades` and `trades-all`.

use crate::venue::{rows, series::Series};

/// Everything traded after one microsecond up to another: one row per taker order, or per match.
pub(super) fn rows(series: &Series, all: bool, after_us: u64, to_us: u64) -> Vec<String> {
    let mut lots = 0;
    let mut out = Vec::new();
    for print in series.orders_between(after_us, to_us) {
        if all {
            out.push(rows::print_row(series, &print));
            continue;
        }
        lots = if print.nth == 1 { print.lots } else { lots + print.lots };
        if print.last {
            out.push(rows::order_row(series, &print, lots));
        }
    }
    out
}

/// The last taker order.
pub(super) fn last(series: &Series, us: u64) -> Option<String> {
    let last = series.last_print(us)?;
    let from = series.orders_between(last.us - 1, last.us);
    let begin = from.iter().rposition(|p| p.nth == 1)?;
    let lots = from[begin..].iter().map(|p| p.lots).sum();
    Some(rows::order_row(series, from.last()?, lots))
}

/// A row up to its time stamp, which alone makes no news. The stamp is the last field of the rows this is used for, or any field of
/// a fixed length.
pub(super) fn without_ts(row: &str) -> (&str, &str) {
    let Some(at) = row.find("\"ts\":\"") else { return (row, "") };
    let rest = &row[at + 6..];
    (&row[..at], rest.split_once('"').map_or("", |(_, rest)| rest))
}
