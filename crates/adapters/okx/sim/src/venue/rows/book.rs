//! Levels and books (reference 5.3, 5.4).

use crate::venue::{
    num::Step,
    series::{Book, Level},
};

/// What a channel shows of a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::venue) enum Side {
    /// `[price, size, "0", orders]`.
    Plain,
    /// `[price, all, without RPI, orders]`.
    Rpi,
    /// `[price, size, orders]`.
    Short,
}

/// Appends a level.
fn level((tick, lot): (Step, Step), level: &Level, side: Side, out: &mut String) {
    out.push('[');
    tick.push(level.px, out);
    out.push(',');
    let orders = if level.lots + level.rpi == 0 { 0 } else { level.orders };
    match side {
        Side::Plain => {
            lot.push(level.lots, out);
            out.push_str(",\"0\"");
        }
        Side::Rpi => {
            lot.push(level.lots + level.rpi, out);
            out.push(',');
            lot.push(level.lots, out);
        }
        Side::Short => lot.push(level.lots, out),
    }
    out.push_str(&format!(",\"{orders}\"]"));
}

/// Appends `"asks":[…],"bids":[…]`.
pub(in crate::venue) fn push_levels(steps: (Step, Step), book: &Book, side: Side, out: &mut String) {
    for (name, levels) in [("\"asks\":[", &book.asks), ("],\"bids\":[", &book.bids)] {
        out.push_str(name);
        for (at, one) in levels.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            level(steps, one, side, out);
        }
    }
    out.push(']');
}

/// What turns one state into another: new and changed levels as they are, gone ones with size 0.
pub(in crate::venue) fn changed_sides(old: &Book, new: &Book) -> Book {
    Book {
        asks: changed(&old.asks, &new.asks, |a, b| a < b),
        bids: changed(&old.bids, &new.bids, |a, b| a > b),
    }
}

fn changed(old: &[Level], new: &[Level], better: impl Fn(i64, i64) -> bool) -> Vec<Level> {
    let mut out = Vec::new();
    let (mut a, mut b) = (old.iter().peekable(), new.iter().peekable());
    loop {
        match (a.peek(), b.peek()) {
            (None, None) => return out,
            (Some(was), is) if is.is_none_or(|is| better(was.px, is.px)) => {
                out.push(Level { lots: 0, rpi: 0, orders: 0, ..**was });
                a.next();
            }
            (Some(was), Some(is)) if was.px == is.px => {
                if was != is {
                    out.push(**is);
                }
                a.next();
                b.next();
            }
            (_, Some(is)) => {
                out.push(**is);
                b.next();
            }
            (Some(_), None) => return out,
        }
    }
}

/// Time and numbers of a frame.
#[derive(Debug, Clone, Copy)]
pub(in crate::venue) struct Stamp {
    pub ms: u64,
    /// Absent on channels that never had one.
    pub checksum: Option<i64>,
    pub seq: i64,
    pub prev: i64,
}

/// The checksum as OKX computed it: CRC-32 over the best 25 levels, bid and ask in turn.
pub(in crate::venue) fn checksum((tick, lot): (Step, Step), book: &Book) -> i64 {
    let mut parts = Vec::new();
    for at in 0..25 {
        for level in [book.bids.get(at), book.asks.get(at)].into_iter().flatten() {
            parts.push(format!("{}:{}", tick.times(level.px), lot.times(level.lots)));
        }
    }
    i64::from(crc32fast::hash(parts.join(":").as_bytes()) as i32)
}

/// A whole frame of an incremental channel. Those that had a `checksum` before 2026-06-23 still have the field.
pub(in crate::venue) fn book_frame(
    steps: (Step, Step),
    arg: &str,
    action: &str,
    book: &Book,
    side: Side,
    Stamp { ms, checksum, seq, prev }: Stamp,
) -> String {
    let mut out = String::with_capacity(200 + 48 * (book.asks.len() + book.bids.len()));
    out.push_str(&format!("{{\"arg\":{arg},\"action\":\"{action}\",\"data\":[{{"));
    push_levels(steps, book, side, &mut out);
    let checksum = checksum.map_or_else(String::new, |sum| format!(",\"checksum\":{sum}"));
    out.push_str(&format!(",\"ts\":\"{ms}\"{checksum},\"seqId\":{seq},\"prevSeqId\":{prev}}}]}}"));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(list: &[(i64, i64)]) -> Vec<Level> {
        list.iter().map(|(px, lots)| Level { px: *px, lots: *lots, rpi: 0, orders: 1 }).collect()
    }

    #[test]
    fn changes_name_new_changed_and_gone_levels() {
        let old = Book { asks: levels(&[(10, 1), (11, 2), (13, 3)]), bids: levels(&[(9, 1), (8, 2)]) };
        let new = Book { asks: levels(&[(11, 2), (12, 5), (13, 4)]), bids: levels(&[(9, 1), (7, 7)]) };
        let found = changed_sides(&old, &new);
        let pairs = |side: &[Level]| side.iter().map(|l| (l.px, l.lots)).collect::<Vec<_>>();
        assert_eq!(pairs(&found.asks), [(10, 0), (12, 5), (13, 4)]);
        assert_eq!(pairs(&found.bids), [(8, 0), (7, 7)]);
        assert_eq!(changed_sides(&old, &old), Book::default());
    }
}
