//! Candles and older trades, in pages (reference 4.1, 4.3).

use super::{Answer, Params, listing, page, series, unknown, wrong};
use crate::venue::{
    Venue,
    bars::Bar,
    catalogue::Kind,
    lines,
    rows::{self, Candle},
};

const DAY_MS: u64 = 86_400_000;
/// Trades and candles of a second are kept that long.
const QUARTER_MS: u64 = 90 * DAY_MS;
/// `/market/candles` knows so many.
const RECENT_BARS: u64 = 1_440;

pub(super) fn answer(venue: &mut Venue, path: &str, params: &Params<'_>) -> Option<Answer> {
    Some(match path {
        "/market/candles" => candles(venue, params, true),
        "/market/history-candles" => candles(venue, params, false),
        "/market/mark-price-candles" => line(venue, params, false, true),
        "/market/history-mark-price-candles" => line(venue, params, false, false),
        "/market/index-candles" => line(venue, params, true, true),
        "/market/history-index-candles" => line(venue, params, true, false),
        "/market/history-trades" => trades(venue, params),
        _ => return None,
    })
}

/// The bar of a request: the channels have some that the endpoints lack.
fn bar(params: &Params<'_>, seconds: bool) -> Result<Bar, super::MarketError> {
    let name = match params.get("bar") {
        "" => "1m",
        name => name,
    };
    let channel_only = ["5D", "5Dutc", "1Yutc"].contains(&name);
    let bar = Bar::parse(name).filter(|bar| !channel_only && (seconds || !bar.is_second()));
    bar.ok_or_else(|| wrong("bar"))
}

/// Starts of bars newest first: from the newest that is older than `after`, down to the oldest that is newer than `before`.
fn starts(
    params: &Params<'_>,
    bar: Bar,
    now_ms: u64,
    oldest_ms: u64,
) -> Result<impl Iterator<Item = u64>, super::MarketError> {
    let now = bar.start(now_ms);
    let newest = params.number("after")?.map_or(now, |after| bar.start(after.saturating_sub(1)).min(now));
    let floor = params.number("before")?.map_or(oldest_ms, |before| (before + 1).max(oldest_ms));
    let all =
        std::iter::successors(Some(newest), move |start| Some(bar.previous(*start)).filter(|p| p < start));
    Ok(all.take_while(move |start| *start >= floor))
}

fn candles(venue: &mut Venue, params: &Params<'_>, recent: bool) -> Answer {
    let id = params.need("instId")?;
    let kind = listing(venue, id)?.kind;
    let bar = bar(params, !recent && kind != Kind::Option)?;
    let limit = params.count("limit", 100, 300)?;
    let (now_us, now_ms) = (venue.now_us, venue.now_ms());
    let Some(series) = series(venue, id)? else { return Ok(String::new()) };
    let newest = bar.start(now_ms);
    let length = bar.next(newest) - newest;
    let kept = match (recent, bar.is_second()) {
        (true, _) => newest.saturating_sub((RECENT_BARS - 1) * length),
        (false, true) => now_ms.saturating_sub(QUARTER_MS),
        _ => 1,
    };
    let born = bar.start(rows::ms(series.born_us(now_us)));
    let starts = starts(params, bar, now_ms, kept.max(born).max(1))?.take(limit);
    let rows = starts.filter_map(|start| Candle::at(series, bar, start, now_us));
    Ok(rows.map(|candle| rows::candle_row(series, &candle)).collect::<Vec<_>>().join(","))
}

fn line(venue: &mut Venue, params: &Params<'_>, index: bool, recent: bool) -> Answer {
    let id = params.need("instId")?;
    if !index {
        series(venue, id)?;
    } else if !venue.catalogue.has_index(id) {
        return Err(unknown());
    }
    let bar = bar(params, false)?;
    let limit = params.count("limit", 100, 100)?;
    let now_ms = venue.now_ms();
    let newest = bar.start(now_ms);
    let length = bar.next(newest) - newest;
    let oldest = if recent {
        newest.saturating_sub((RECENT_BARS - 1) * length)
    } else {
        now_ms.saturating_sub(3 * 365 * DAY_MS)
    };
    let starts = starts(params, bar, now_ms, oldest)?.take(limit);
    let rows = starts.filter_map(|start| lines::row(venue, id, index, bar, start, venue.now_us));
    Ok(rows.collect::<Vec<_>>().join(","))
}

fn trades(venue: &mut Venue, params: &Params<'_>) -> Answer {
    let id = params.need("instId")?;
    let by_time = match params.get("type") {
        "" | "1" => false,
        "2" => true,
        _ => return Err(wrong("type")),
    };
    let (now_us, now_ms) = (venue.now_us, venue.now_ms());
    let after = params.number("after")?;
    let Some(series) = series(venue, id)? else { return Ok(String::new()) };
    let from_us = match (by_time, after) {
        (true, Some(ts)) => now_us.min(ts.saturating_mul(1_000).saturating_sub(1)),
        (false, Some(id)) => now_us.min(series.latest_us_of(id)),
        _ => now_us,
    };
    let oldest_us = now_ms.saturating_sub(QUARTER_MS) * 1_000;
    let prints = series.back_from(from_us, now_us).take_while(|p| p.us >= oldest_us);
    if by_time {
        // `before` counts by number only.
        let limit = params.count("limit", 100, 100)?;
        return Ok(prints.take(limit).map(|p| rows::print_row(series, &p)).collect::<Vec<_>>().join(","));
    }
    let before = params.number("before")?.unwrap_or(0);
    let rows =
        prints.take_while(|p| p.id > before || before == 0).map(|p| (p.id, rows::print_row(series, &p)));
    page(rows, params, 100, 100)
}
