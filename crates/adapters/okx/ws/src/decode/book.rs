//! Rows of order-book channels.

use super::{Buffers, Cursor, json::Fault};
use crate::message::{BookRow, Level};

/// What differs between book channels.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Columns {
    /// `[price, size, "0", orders]`.
    Standard,
    /// `[price, total size, size without retail price improvement, orders]`.
    Rpi,
    /// `[price, size, orders]`.
    Spread,
}

/// Reads one row into the buffers, or leaves them as they were.
pub(super) fn row(cursor: &mut Cursor<'_>, buffers: &mut Buffers, columns: Columns) -> Result<(), Fault> {
    let (levels, extras) = (buffers.levels.len(), buffers.non_rpi.len());
    match read(cursor, buffers, columns) {
        Ok(row) => {
            buffers.books.push(row);
            Ok(())
        }
        Err(fault) => {
            // Half a book is worse than none.
            buffers.levels.truncate(levels);
            buffers.non_rpi.truncate(extras);
            Err(fault)
        }
    }
}

fn read(cursor: &mut Cursor<'_>, buffers: &mut Buffers, columns: Columns) -> Result<BookRow, Fault> {
    cursor.expect(b'{', "expected an object")?;
    let mut row =
        BookRow { asks: (0, 0), bids: (0, 0), ts_ms: 0, seq_id: None, prev_seq_id: None, checksum: None };
    let (mut has_asks, mut has_bids, mut has_ts) = (false, false, false);
    let mut first = true;
    while let Some(key) = cursor.next_key(&mut first)? {
        match key.as_ref() {
            "asks" => {
                row.asks = side(cursor, buffers, columns).map_err(|f| f.within("asks"))?;
                has_asks = true;
            }
            "bids" => {
                row.bids = side(cursor, buffers, columns).map_err(|f| f.within("bids"))?;
                has_bids = true;
            }
            "ts" => {
                row.ts_ms = cursor.int().map_err(|f| f.within("ts"))?;
                has_ts = true;
            }
            "seqId" => row.seq_id = cursor.opt_int().map_err(|f| f.within("seqId"))?,
            "prevSeqId" => row.prev_seq_id = cursor.opt_int().map_err(|f| f.within("prevSeqId"))?,
            "checksum" => row.checksum = checksum(cursor)?,
            _ => cursor.skip_value()?,
        }
    }
    for (has, name) in [(has_asks, "asks"), (has_bids, "bids"), (has_ts, "ts")] {
        if !has {
            return Err(Fault::Missing.within(name));
        }
    }
    Ok(row)
}

/// Unused today, so that a malformed one must not cost the book.
fn checksum(cursor: &mut Cursor<'_>) -> Result<Option<i32>, Fault> {
    match cursor.peek() {
        b'{' | b'[' => {
            cursor.skip_value()?;
            Ok(None)
        }
        _ => Ok(cursor.text()?.parse().ok()),
    }
}

fn side(cursor: &mut Cursor<'_>, buffers: &mut Buffers, columns: Columns) -> Result<(u32, u32), Fault> {
    let from = buffers.levels.len();
    if cursor.peek() != b'[' {
        let text = cursor.text()?;
        // `""` and `null` mean absent everywhere, and a side that is absent is not an empty one.
        let fault =
            if text.is_empty() { Fault::Missing } else { Fault::value(&text, "expected a list of levels") };
        return Err(fault);
    }
    cursor.take(b'[');
    let mut first = true;
    while cursor.next_element(&mut first)? {
        level(cursor, buffers, columns)?;
    }
    // A frame has at most 16 MB, a level at least 7 bytes.
    Ok((from as u32, buffers.levels.len() as u32))
}

#[inline]
fn level(cursor: &mut Cursor<'_>, buffers: &mut Buffers, columns: Columns) -> Result<(), Fault> {
    if columns == Columns::Standard {
        let start = cursor.pos();
        if let Some(level) = usual_level(cursor) {
            buffers.levels.push(level);
            return Ok(());
        }
        cursor.set_pos(start);
    }
    level_of_any_form(cursor, buffers, columns)
}

/// `["411.8","10","0","4"]`, as OKX writes it. `None` for any other form, which is no fault.
#[inline]
fn usual_level(cursor: &mut Cursor<'_>) -> Option<Level> {
    let px = cursor.decimal_after("[")?;
    let sz = cursor.decimal_after(",")?;
    let orders = u32::try_from(cursor.int_after(r#","0","#)?).ok()?;
    cursor.take_text("]").then_some(Level { px, sz, orders })
}

fn level_of_any_form(cursor: &mut Cursor<'_>, buffers: &mut Buffers, columns: Columns) -> Result<(), Fault> {
    cursor.expect(b'[', "expected a level")?;
    let px = cursor.decimal()?;
    cursor.expect(b',', "expected a size")?;
    let sz = cursor.decimal()?;
    let mut orders = 0;
    let mut non_rpi = sz;
    let mut column = 2;
    while cursor.take(b',') {
        match (column, columns) {
            (2, Columns::Rpi) => non_rpi = cursor.decimal()?,
            (2, Columns::Spread) | (3, _) => orders = cursor.opt_int()?.unwrap_or(0),
            _ => skip_scalar(cursor)?,
        }
        column += 1;
    }
    cursor.expect(b']', "expected the end of a level")?;
    buffers.levels.push(Level { px, sz, orders });
    if columns == Columns::Rpi {
        buffers.non_rpi.push(non_rpi);
    }
    Ok(())
}

#[inline]
fn skip_scalar(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    match cursor.peek() {
        b'{' | b'[' => cursor.skip_value()?,
        _ => {
            cursor.text()?;
        }
    }
    Ok(())
}
