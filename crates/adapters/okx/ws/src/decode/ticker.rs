//! Rows of `tickers`.

use super::{Cursor, json::Fault};
use crate::message::Ticker;

pub(super) fn row<'a>(cursor: &mut Cursor<'a>) -> Result<Ticker<'a>, Fault> {
    cursor.expect(b'{', "expected an object")?;
    let mut row = Ticker::default();
    let mut has_ts = false;
    let mut first = true;
    while let Some(key) = cursor.next_key(&mut first)? {
        let (field, name) = match key.as_ref() {
            "instType" => {
                row.inst_type = cursor.text()?;
                continue;
            }
            "instId" => {
                row.inst_id = cursor.text()?;
                continue;
            }
            "ts" => {
                row.ts_ms = cursor.int().map_err(|f| f.within("ts"))?;
                has_ts = true;
                continue;
            }
            "last" => (&mut row.last, "last"),
            "lastSz" => (&mut row.last_sz, "lastSz"),
            "askPx" => (&mut row.ask_px, "askPx"),
            "askSz" => (&mut row.ask_sz, "askSz"),
            "bidPx" => (&mut row.bid_px, "bidPx"),
            "bidSz" => (&mut row.bid_sz, "bidSz"),
            "open24h" => (&mut row.open24h, "open24h"),
            "high24h" => (&mut row.high24h, "high24h"),
            "low24h" => (&mut row.low24h, "low24h"),
            "sodUtc0" => (&mut row.sod_utc0, "sodUtc0"),
            "sodUtc8" => (&mut row.sod_utc8, "sodUtc8"),
            "volCcy24h" => (&mut row.vol_ccy24h, "volCcy24h"),
            "vol24h" => (&mut row.vol24h, "vol24h"),
            _ => {
                cursor.skip_value()?;
                continue;
            }
        };
        *field = cursor.opt_decimal().map_err(|f| f.within(name))?;
    }
    if has_ts { Ok(row) } else { Err(Fault::Missing.within("ts")) }
}
