//! Rows of `mark-price` and `index-tickers`.

use okx_common::decimal::Decimal;

use super::{Cursor, json::Fault};
use crate::{
    message::{IndexTicker, MarkPrice},
    text::Text,
};

pub(super) fn mark_price<'a>(cursor: &mut Cursor<'a>) -> Result<MarkPrice<'a>, Fault> {
    cursor.expect(b'{', "expected an object")?;
    let mut row =
        MarkPrice { inst_type: Text::default(), inst_id: Text::default(), mark_px: Decimal::ZERO, ts_ms: 0 };
    let (mut has_px, mut has_ts) = (false, false);
    let mut first = true;
    while let Some(key) = cursor.next_key(&mut first)? {
        match key.as_ref() {
            "instType" => row.inst_type = cursor.text()?,
            "instId" => row.inst_id = cursor.text()?,
            "markPx" => {
                row.mark_px = cursor.decimal().map_err(|f| f.within("markPx"))?;
                has_px = true;
            }
            "ts" => {
                row.ts_ms = cursor.int().map_err(|f| f.within("ts"))?;
                has_ts = true;
            }
            _ => cursor.skip_value()?,
        }
    }
    needed(&[(has_px, "markPx"), (has_ts, "ts")])?;
    Ok(row)
}

pub(super) fn index_ticker<'a>(cursor: &mut Cursor<'a>) -> Result<IndexTicker<'a>, Fault> {
    cursor.expect(b'{', "expected an object")?;
    let mut row = IndexTicker {
        inst_id: Text::default(),
        idx_px: Decimal::ZERO,
        open24h: None,
        high24h: None,
        low24h: None,
        sod_utc0: None,
        sod_utc8: None,
        ts_ms: 0,
    };
    let (mut has_px, mut has_ts) = (false, false);
    let mut first = true;
    while let Some(key) = cursor.next_key(&mut first)? {
        match key.as_ref() {
            "instId" => row.inst_id = cursor.text()?,
            "idxPx" => {
                row.idx_px = cursor.decimal().map_err(|f| f.within("idxPx"))?;
                has_px = true;
            }
            "ts" => {
                row.ts_ms = cursor.int().map_err(|f| f.within("ts"))?;
                has_ts = true;
            }
            "open24h" => row.open24h = cursor.opt_decimal().map_err(|f| f.within("open24h"))?,
            "high24h" => row.high24h = cursor.opt_decimal().map_err(|f| f.within("high24h"))?,
            "low24h" => row.low24h = cursor.opt_decimal().map_err(|f| f.within("low24h"))?,
            "sodUtc0" => row.sod_utc0 = cursor.opt_decimal().map_err(|f| f.within("sodUtc0"))?,
            "sodUtc8" => row.sod_utc8 = cursor.opt_decimal().map_err(|f| f.within("sodUtc8"))?,
            _ => cursor.skip_value()?,
        }
    }
    needed(&[(has_px, "idxPx"), (has_ts, "ts")])?;
    Ok(row)
}

fn needed(fields: &[(bool, &'static str)]) -> Result<(), Fault> {
    match fields.iter().find(|(has, _)| !has) {
        None => Ok(()),
        Some((_, name)) => Err(Fault::Missing.within(name)),
    }
}
