//! Rows of `trades` and `trades-all`.

use okx_common::{decimal::Decimal, enums::Side};

use super::{Cursor, json::Fault};
use crate::{message::Trade, text::Text};

pub(super) fn row<'a>(cursor: &mut Cursor<'a>) -> Result<Trade<'a>, Fault> {
    let start = cursor.pos();
    if let Some(trade) = in_usual_order(cursor) {
        return Ok(trade);
    }
    cursor.set_pos(start);
    in_any_order(cursor)
}

/// A row as OKX writes it: these fields in this order without blanks, which saves looking for keys. `None` for any other form, which
/// is no fault.
#[inline]
pub(super) fn in_usual_order<'a>(cursor: &mut Cursor<'a>) -> Option<Trade<'a>> {
    let inst_id = cursor.string_after(r#"{"instId":""#)?;
    let trade_id = cursor.string_after(r#","tradeId":""#)?;
    let px = cursor.decimal_after(r#","px":"#)?;
    let sz = cursor.decimal_after(r#","sz":"#)?;
    let side = match cursor.string_after(r#","side":""#)?.as_str() {
        "buy" => Side::Buy,
        "sell" => Side::Sell,
        _ => return None,
    };
    let ts_ms = cursor.int_after(r#","ts":"#)?;
    let mut trade =
        Trade { inst_id, trade_id, px, sz, side, ts_ms, count: None, source: Text::default(), seq_id: None };
    if !cursor.take_text("}") {
        trade.count = Some(u32::try_from(cursor.int_after(r#","count":"#)?).ok()?);
        trade.source = cursor.string_after(r#","source":""#)?;
        trade.seq_id = Some(cursor.bare_int_after(r#","seqId":"#)?);
        if !cursor.take_text("}") {
            return None;
        }
    }
    Some(trade)
}

fn in_any_order<'a>(cursor: &mut Cursor<'a>) -> Result<Trade<'a>, Fault> {
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
