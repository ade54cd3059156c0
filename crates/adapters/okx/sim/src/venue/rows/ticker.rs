//! Tickers and trades (reference 4.3, 5.2).

use super::{figures, ms};
use crate::venue::{
    bars::Bar,
    series::{Print, Series},
};

/// The ticker of an instrument as of a state of its book; `inst_type` because MARGIN shares ids with SPOT.
pub(in crate::venue) fn ticker_row(series: &Series, inst_type: &str, us: u64) -> String {
    let grid = series.grid;
    let book = series.book(series.step_at(us), 1);
    let last = series.last_print(us);
    let day = series.day(us);
    let price = |px: Option<i64>| px.map(|px| grid.tick.times(px).to_string()).unwrap_or_default();
    let size = |lots: Option<i64>| lots.map(|lots| grid.lot.times(lots).to_string()).unwrap_or_default();
    let (ask, bid) = (book.asks.first(), book.bids.first());
    let since = |bar: &str| {
        let start = Bar::parse(bar).map_or(0, |bar| bar.start(ms(us)));
        series.last_print((start * 1_000).saturating_sub(1)).map(|p| p.px)
    };
    let [mut vol, mut coin, _] =
        day.map_or_else(|| figures(series, 0, 0), |d| figures(series, d.lots, d.turnover));
    let mut range = [day.map(|d| d.open), day.map(|d| d.high), day.map(|d| d.low)].map(price);
    let mut starts = [price(since("1Dutc")), price(since("1D"))];
    if let Some([open, high, low, utc, hong_kong, recorded, recorded_coin]) = series.recorded_day(us) {
        (range, starts, vol, coin) = ([open, high, low], [utc, hong_kong], recorded, recorded_coin);
    }
    format!(
        "{{\"instType\":\"{inst_type}\",\"instId\":\"{}\",\"last\":\"{}\",\"lastSz\":\"{}\",\"askPx\":\"{}\",\"askSz\":\"{}\",\
         \"bidPx\":\"{}\",\"bidSz\":\"{}\",\"open24h\":\"{}\",\"high24h\":\"{}\",\"low24h\":\"{}\",\"sodUtc0\":\"{}\",\
         \"sodUtc8\":\"{}\",\"volCcy24h\":\"{coin}\",\"vol24h\":\"{vol}\",\"ts\":\"{}\"}}",
        series.id,
        price(last.map(|p| p.px)),
        size(last.map(|p| p.lots)),
        price(ask.map(|l| l.px)),
        size(ask.map(|l| l.lots)),
        price(bid.map(|l| l.px)),
        size(bid.map(|l| l.lots)),
        range[0],
        range[1],
        range[2],
        starts[0],
        starts[1],
        ms(us),
    )
}

/// A match: a row of `trades-all` and of the REST endpoints.
pub(in crate::venue) fn print_row(series: &Series, print: &Print) -> String {
    format!(
        "{{\"instId\":\"{}\",\"tradeId\":\"{}\",\"px\":\"{}\",\"sz\":\"{}\",\"side\":\"{}\",\"source\":\"0\",\"ts\":\"{}\"}}",
        series.id,
        print.id,
        series.grid.tick.times(print.px),
        series.grid.lot.times(print.lots),
        side(print.buy),
        ms(print.us),
    )
}

/// The matches of one taker order: a row of `trades`.
pub(in crate::venue) fn order_row(series: &Series, last: &Print, lots: i64) -> String {
    format!(
        "{{\"instId\":\"{}\",\"tradeId\":\"{}\",\"px\":\"{}\",\"sz\":\"{}\",\"side\":\"{}\",\"ts\":\"{}\",\"count\":\"{}\",\
         \"source\":\"0\",\"seqId\":{}}}",
        series.id,
        last.id,
        series.grid.tick.times(last.px),
        series.grid.lot.times(lots),
        side(last.buy),
        ms(last.us),
        last.nth,
        series.seq(series.step_at(last.us)),
    )
}

const fn side(buy: bool) -> &'static str {
    if buy { "buy" } else { "sell" }
}
