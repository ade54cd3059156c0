//! Rows to the structs of the hand-over, on the runtime's threads.

use okx_common::{
    decimal::Decimal,
    enums::{Bar, Side},
};
use okx_core::book::{BookSide, ChangeAction, F_LAST, F_SNAPSHOT};
use okx_http::endpoint::{
    market::{Book, BookLevel, Candle, Trade as WireTrade},
    public::FundingRateRecord,
};

use super::known::Known;
use crate::{
    handover::{BarRow, BookOrder, Delta, Price, Quantity, Trade, TradeId},
    stream::spec::{Numbers, nanos},
};

/// A settled funding rate.
pub(super) struct Funding {
    pub(super) rate: Decimal,
    pub(super) interval_mins: Option<u64>,
    pub(super) ts_event: u64,
}

/// The longest funding period; a longer distance of two records is a gap.
const MAX_PERIOD_MS: u64 = 24 * 3_600_000;
const MINUTE_MS: u64 = 60_000;

/// A candle as a bar.
///
/// # Errors
/// Why the wheel cannot hold it.
pub(super) fn bar(
    candle: &Candle,
    bar: Bar,
    on_close: bool,
    known: &Known,
    numbers: &Numbers,
    ts_init: u64,
) -> Result<BarRow, String> {
    let open_ms = i64::try_from(candle.open_ms).map_err(text)?;
    let at_ms = if on_close { bar.close_of(open_ms) } else { open_ms };
    let ts_event = nanos(at_ms.max(0).unsigned_abs()).map_err(text)?;
    if candle.low > candle.open.min(candle.close) || candle.high < candle.open.max(candle.close) {
        return Err("high or low is on the wrong side of open or close".to_owned());
    }
    let price = |px| numbers.price(px, known.price_precision).map_err(text);
    let parts = [price(candle.open)?, price(candle.high)?, price(candle.low)?, price(candle.close)?];
    let volume = numbers.quantity(candle.volume.unwrap_or_default(), known.size_precision).map_err(text)?;
    let price_precision = parts.iter().map(|p| p.precision).max().unwrap_or(known.price_precision);
    let [open, high, low, close] = parts.map(|p| p.raw);
    let (volume, size_precision) = (volume.raw, volume.precision);
    Ok(BarRow { open, high, low, close, price_precision, volume, size_precision, ts_event, ts_init })
}

/// A trade.
///
/// # Errors
/// Why the wheel cannot hold it.
pub(super) fn trade(
    row: &WireTrade,
    known: &Known,
    numbers: &Numbers,
    ts_init: u64,
) -> Result<Trade, String> {
    let size = numbers.quantity(row.sz, known.size_precision).map_err(text)?;
    if size.raw == 0 {
        return Err("the size of a trade is 0".to_owned());
    }
    Ok(Trade {
        instrument: known.reference.key(),
        price: numbers.price(row.px, known.price_precision).map_err(text)?,
        size,
        aggressor: match row.side {
            Side::Buy => 1,
            Side::Sell => 2,
        },
        trade_id: TradeId::new(&row.trade_id).ok_or("the trade id is empty or too long")?,
        ts_event: nanos(row.ts_ms.ok_or("no time")?).map_err(text)?,
        ts_init,
    })
}

/// Settled rates, oldest first, with the distance to the one before as their interval.
pub(super) fn fundings(records: &[FundingRateRecord]) -> Vec<Result<Funding, String>> {
    let time = |at: usize| records.get(at).and_then(|record| record.funding_time_ms);
    let period = |from: Option<u64>, to: Option<u64>| {
        let ms = to?.checked_sub(from?)?;
        (ms > 0 && ms <= MAX_PERIOD_MS).then_some(ms / MINUTE_MS)
    };
    let one = |(at, record): (usize, &FundingRateRecord)| {
        let before = at.checked_sub(1).and_then(time);
        Ok(Funding {
            rate: record.realized_rate.or(record.funding_rate).ok_or("no funding rate")?,
            interval_mins: period(before, time(at)).or_else(|| period(time(at), time(at + 1))),
            ts_event: nanos(record.funding_time_ms.ok_or("no time")?).map_err(text)?,
        })
    };
    records.iter().enumerate().map(one).collect()
}

/// A book as a clear and its levels, bids first.
///
/// # Errors
/// Why the wheel cannot hold it: half a book is worse than none.
pub(super) fn snapshot(
    book: &Book,
    known: &Known,
    numbers: &Numbers,
    ts_init: u64,
) -> Result<Vec<Delta>, String> {
    let instrument = known.reference.key();
    let ts_event = nanos(book.ts_ms.ok_or("no time")?).map_err(text)?;
    let sequence = book.seq_id.unwrap_or_default().max(0).unsigned_abs();
    let delta = |action: ChangeAction, order: BookOrder| Delta {
        instrument,
        action: action as i32,
        order,
        flags: F_SNAPSHOT,
        sequence,
        ts_event,
        ts_init,
    };
    let nothing = BookOrder {
        side: BookSide::None as i32,
        price: Price { raw: 0, precision: known.price_precision },
        size: Quantity { raw: 0, precision: known.size_precision },
        order_id: 0,
    };
    let mut rows = Vec::with_capacity(1 + book.bids.len() + book.asks.len());
    rows.push(delta(ChangeAction::Clear, nothing));
    let mut add = |side: BookSide, level: &BookLevel| -> Result<(), String> {
        // The wheel refuses additions of nothing.
        if level.sz.is_zero() {
            return Ok(());
        }
        let price = numbers.price(level.px, known.price_precision).map_err(text)?;
        let size = numbers.quantity(level.sz, known.size_precision).map_err(text)?;
        rows.push(delta(ChangeAction::Add, BookOrder { side: side as i32, price, size, order_id: 0 }));
        Ok(())
    };
    for level in &book.bids {
        add(BookSide::Buy, level)?;
    }
    for level in &book.asks {
        add(BookSide::Sell, level)?;
    }
    if let Some(last) = rows.last_mut() {
        last.flags |= F_LAST;
    }
    Ok(rows)
}

fn text(error: impl ToString) -> String {
    error.to_string()
}
