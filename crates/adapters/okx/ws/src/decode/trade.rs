//! Rows of `trades` and `trades-all`.

use okx_common::{decimal::Decimal, enums::Side};

use super::{Cursor, json::Fault};
use crate::{message::Trade, text::Text};

pub(super) fn row<'a>(cursor: &mut Cursor<'a>) -> Result<Trade<'a>, Fault> {
    cursor.expect(b'{', "expected an object")?;
    let mut inst_id = Text::default();
    let mut trade_id = Text::default();
    let mut source = Text::default();
    let (mut px, mut sz): (Option<Decimal>, Option<Decimal>) = (None, None);
    let mut side = None;
    let mut ts_ms = None;
    let mut count = None;
    let mut seq_id = None;
    let mut first = true;
    while let Some(key) = cursor.next_key(&mut first)? {
        match key.as_ref() {
            "instId" => inst_id = cursor.text()?,
            "tradeId" => trade_id = cursor.text()?,
            "px" => px = cursor.opt_decimal().map_err(|f| f.within("px"))?,
            "sz" => sz = cursor.opt_decimal().map_err(|f| f.within("sz"))?,
            "side" => side = read_side(cursor)?,
            "ts" => ts_ms = cursor.opt_int().map_err(|f| f.within("ts"))?,
            "count" => count = cursor.opt_int().map_err(|f| f.within("count"))?,
            "source" => source = cursor.text()?,
            "seqId" => seq_id = cursor.opt_int().map_err(|f| f.within("seqId"))?,
            _ => cursor.skip_value()?,
        }
    }
    fn need<T>(value: Option<T>, name: &'static str) -> Result<T, Fault> {
        value.ok_or_else(|| Fault::Missing.within(name))
    }
    Ok(Trade {
        inst_id,
        trade_id,
        px: need(px, "px")?,
        sz: need(sz, "sz")?,
        side: need(side, "side")?,
        ts_ms: need(ts_ms, "ts")?,
        count,
        source,
        seq_id,
    })
}

fn read_side(cursor: &mut Cursor<'_>) -> Result<Option<Side>, Fault> {
    let text = cursor.text()?;
    match text.as_str() {
        "buy" => Ok(Some(Side::Buy)),
        "sell" => Ok(Some(Side::Sell)),
        "" => Ok(None),
        other => Err(Fault::value(other, "unknown side").within("side")),
    }
}
