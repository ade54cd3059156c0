//! Candles (reference 4.3, `Candle row`).

use crate::venue::{
    bars::Bar,
    catalogue::Kind,
    num::Dec,
    series::{Series, Sum},
};

/// A candle that may still be forming.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::venue) struct Candle {
    /// Start, milliseconds.
    pub start_ms: u64,
    /// Its trades; where there were none, the last price before it and no volume.
    pub sum: Sum,
    /// It is over.
    pub confirmed: bool,
}

impl Candle {
    /// The candle that starts here, seen at this microsecond; `None` before the first trade.
    pub fn at(series: &Series, bar: Bar, start_ms: u64, now_us: u64) -> Option<Self> {
        let end_us = bar.next(start_ms) * 1_000;
        let from_us = (start_ms * 1_000).max(series.born_us(now_us));
        if from_us >= end_us {
            return None;
        }
        let sum = series.sum(from_us, end_us.min(now_us + 1));
        let still = || {
            let last = series.last_print(from_us.checked_sub(1)?)?;
            Some(Sum { lots: 0, turnover: 0, ..Sum::of(last.px, 0) })
        };
        let sum = sum.or_else(still)?;
        Some(Self { start_ms, sum, confirmed: end_us <= now_us })
    }
}

/// Volume, volume in coin, volume in the quote currency.
pub(in crate::venue) fn figures(series: &Series, lots: i128, turnover: i128) -> [String; 3] {
    let (tick, lot, contract) = (series.grid.tick, series.grid.lot, series.grid.contract);
    let vol = lot.times_wide(lots);
    let value = tick.times_wide(turnover).times(lot.times(1));
    let own = vol.times(contract);
    let [coin, quote] = match series.kind {
        Kind::Spot | Kind::Margin => [value, value],
        Kind::Events => [vol, vol],
        _ if series.grid.inverse => {
            let mean = if lots == 0 { 1.0 } else { tick.float() * turnover as f64 / lots as f64 };
            [Dec::near(own.float() / mean, 4), own]
        }
        _ => [own, value.times(contract)],
    };
    [vol.to_string(), coin.to_string(), quote.to_string()]
}

/// `["ts","o","h","l","c","vol","volCcy","volCcyQuote","confirm"]`.
pub(in crate::venue) fn candle_row(series: &Series, candle: &Candle) -> String {
    let Candle { start_ms, sum, confirmed } = candle;
    let mut out = format!("[\"{start_ms}\"");
    for px in [sum.open, sum.high, sum.low, sum.close] {
        out.push(',');
        series.grid.tick.push(px, &mut out);
    }
    let [vol, coin, quote] = figures(series, sum.lots, sum.turnover);
    out.push_str(&format!(",\"{vol}\",\"{coin}\",\"{quote}\",\"{}\"]", u8::from(*confirmed)));
    out
}
