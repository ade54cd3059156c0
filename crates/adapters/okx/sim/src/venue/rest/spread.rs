//! Spread trading (reference 11).

use serde_json::Value;

use super::{Answer, Params, page, unknown, wrong};
use crate::venue::{
    Venue,
    bars::Bar,
    rows::{self, Side},
};

pub(super) fn answer(venue: &Venue, path: &str, params: &Params<'_>) -> Option<Answer> {
    Some(match path {
        "/sprd/spreads" => list(venue, params),
        "/sprd/books" => book(venue, params),
        "/sprd/public-trades" => trades(venue, params),
        "/market/sprd-ticker" => params
            .need("sprdId")
            .and_then(|id| rows::spread_ticker(venue, id, venue.now_us).ok_or_else(unknown)),
        "/market/sprd-candles" => candles(venue, params, 300),
        "/market/sprd-history-candles" => candles(venue, params, 100),
        _ => return None,
    })
}

fn list(venue: &Venue, params: &Params<'_>) -> Answer {
    let wanted = ["baseCcy", "sprdId", "state"].map(|key| (key, params.get(key)));
    let leg = params.get("instId");
    let all = venue.spreads().into_iter().filter(|row| {
        let same = |(key, value): &(&str, &str)| {
            value.is_empty() || row.get(*key).and_then(Value::as_str) == Some(value)
        };
        let legs = row.get("legs").and_then(Value::as_array);
        let has_leg =
            || legs.into_iter().flatten().any(|l| l.get("instId").and_then(Value::as_str) == Some(leg));
        wanted.iter().all(same) && (leg.is_empty() || has_leg())
    });
    Ok(all.map(|row| Value::Object(row).to_string()).collect::<Vec<_>>().join(","))
}

fn book(venue: &Venue, params: &Params<'_>) -> Answer {
    let spread = rows::spread(venue, params.need("sprdId")?).ok_or_else(unknown)?;
    let (depth, ms) = (params.count("sz", 5, 400)?, venue.now_ms());
    let mut out = String::from("{");
    rows::push_levels(spread.steps(), &spread.book(ms, depth), Side::Short, &mut out);
    out.push_str(&format!(",\"ts\":\"{ms}\"}}"));
    Ok(out)
}

fn trades(venue: &Venue, params: &Params<'_>) -> Answer {
    let spread = rows::spread(venue, params.need("sprdId")?).ok_or_else(unknown)?;
    let last = spread.last_minute(venue.now_ms());
    Ok((0..500).map(|n| spread.print_row(last.saturating_sub(n))).collect::<Vec<_>>().join(","))
}

fn candles(venue: &Venue, params: &Params<'_>, most: usize) -> Answer {
    let spread = rows::spread(venue, params.need("sprdId")?).ok_or_else(unknown)?;
    let name = params.get("bar");
    let bar = Bar::parse(if name.is_empty() { "1m" } else { name }).ok_or_else(|| wrong("bar"))?;
    let now = bar.start(venue.now_ms());
    let newest = params.number("after")?.map_or(now, |after| bar.start(after.saturating_sub(1)).min(now));
    let starts =
        std::iter::successors(Some(newest), |start| Some(bar.previous(*start)).filter(|p| p < start));
    let rows = starts.take(most * 5).map(|start| (start, spread.candle_row(bar, start, venue.now_ms())));
    page(rows, params, 100, most)
}
