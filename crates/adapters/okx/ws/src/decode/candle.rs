//! Rows of candle channels.

use okx_common::decimal::Decimal;

use super::{Cursor, json::Fault};
use crate::{channel::Channel, message::Candle};

/// Columns from the volumes on: how many volumes there are, before `confirm`.
pub(super) const fn volumes_of(channel: Channel) -> usize {
    match channel {
        Channel::Candle(_) => 3,
        Channel::SprdCandle(_) => 1,
        _ => 0,
    }
}

/// `[ts, open, high, low, close, volumes…, confirm]`; old recordings end earlier.
pub(super) fn row(cursor: &mut Cursor<'_>, volumes: usize) -> Result<Candle, Fault> {
    cursor.expect(b'[', "expected a list")?;
    let open_ms = cursor.int().map_err(|f| f.within("ts"))?;
    let mut price = |name| -> Result<Decimal, Fault> {
        cursor.expect(b',', "expected a price")?;
        cursor.decimal().map_err(|f| f.within(name))
    };
    let (open, high, low, close) = (price("open")?, price("high")?, price("low")?, price("close")?);
    let mut volume = [None; 3];
    let mut confirm = false;
    let mut column = 0;
    while cursor.take(b',') {
        if column < volumes {
            volume[column] = cursor.opt_decimal().map_err(|f| f.within("vol"))?;
        } else if column == volumes {
            confirm = cursor.text()? == "1";
        } else {
            cursor.skip_value()?;
        }
        column += 1;
    }
    cursor.expect(b']', "expected the end of a candle")?;
    let [volume, volume_ccy, volume_quote] = volume;
    Ok(Candle { open_ms, open, high, low, close, volume, volume_ccy, volume_quote, confirm })
}
