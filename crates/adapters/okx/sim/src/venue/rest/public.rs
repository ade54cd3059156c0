//! Public data of the market's own making (reference 4.2).

use super::{Answer, Params, instruments, listing, page, series, unknown, wrong};
use crate::venue::{
    Venue,
    catalogue::{Kind, Listing},
    num::Dec,
    rows, script,
    series::Series,
};

const DERIVATIVES: [Kind; 4] = [Kind::Swap, Kind::Futures, Kind::Option, Kind::Events];

pub(super) fn answer(venue: &mut Venue, path: &str, params: &Params<'_>) -> Option<Answer> {
    Some(match path {
        "/public/time" => Ok(format!("{{\"ts\":\"{}\"}}", venue.now_ms())),
        "/public/instruments" => instruments::list(venue, params, false),
        "/account/instruments" => instruments::list(venue, params, true),
        "/public/mark-price" => {
            let kinds = [Kind::Margin, Kind::Swap, Kind::Futures, Kind::Option, Kind::Events];
            per_instrument(venue, params, &kinds, rows::mark_row)
        }
        "/public/open-interest" => per_instrument(venue, params, &DERIVATIVES, |series, kind, ms| {
            rows::interest_row(series, kind, ms)
        }),
        "/public/price-limit" => limit(venue, params),
        "/public/funding-rate" => funding(venue, params),
        "/public/funding-rate-history" => funding_history(venue, params),
        "/public/premium-history" => premium(venue, params),
        "/public/underlying" => underlying(venue, params),
        "/public/estimated-price" => estimate(venue, params),
        "/public/estimated-settlement-info" => settlement_info(venue, params),
        "/public/delivery-exercise-history" => {
            page(venue.board.deliveries(params.get("instFamily")), params, 100, 100)
        }
        "/public/settlement-history" => settlements(venue, params),
        "/public/convert-contract-coin" => convert(venue, params),
        _ => return None,
    })
}

/// One row for each instrument that fits, or for the one that is named.
fn per_instrument(
    venue: &mut Venue,
    params: &Params<'_>,
    kinds: &[Kind],
    row: impl Fn(&Series, &str, u64) -> String,
) -> Answer {
    let kind = params.kind(kinds)?;
    let (id, family, underlying, ms) =
        (params.get("instId"), params.get("instFamily"), params.get("uly"), venue.now_ms());
    let fits = |l: &&Listing| {
        (id.is_empty() || l.id == id)
            && (family.is_empty() || l.family() == family)
            && (underlying.is_empty() || l.text("uly") == underlying)
            && l.trades_at(ms)
    };
    let ids: Vec<String> = venue.catalogue.of_kind(kind).filter(fits).map(|l| l.id.clone()).collect();
    if ids.is_empty() && !id.is_empty() {
        return Err(unknown());
    }
    Ok(ids.iter().filter_map(|id| Some(row(venue.keep(id)?, kind.name(), ms))).collect::<Vec<_>>().join(","))
}

fn limit(venue: &mut Venue, params: &Params<'_>) -> Answer {
    let id = params.need("instId")?;
    let (kind, ms) = (listing(venue, id)?.kind.name(), venue.now_ms());
    let closed = format!(
        "{{\"buyLmt\":\"\",\"enabled\":false,\"instId\":\"{id}\",\"instType\":\"{kind}\",\"sellLmt\":\"\",\"ts\":\"{ms}\"}}"
    );
    let open = venue.is_open(id);
    Ok(series(venue, id)?.filter(|_| open).map_or(closed, |s| rows::limit_row(s, kind, ms)))
}

fn funding(venue: &Venue, params: &Params<'_>) -> Answer {
    let (id, ms) = (params.need("instId")?, venue.now_ms());
    if id == "ANY" {
        let all = venue.catalogue.all().filter(|l| l.has_funding());
        return Ok(all.filter_map(|l| rows::funding_row(venue, &l.id, ms)).collect::<Vec<_>>().join(","));
    }
    rows::funding_row(venue, id, ms).ok_or_else(unknown)
}

fn funding_history(venue: &Venue, params: &Params<'_>) -> Answer {
    let listing = listing(venue, params.need("instId")?)?;
    if !listing.has_funding() {
        return Err(wrong("instId"));
    }
    page(rows::funding_history(venue, listing, venue.now_ms()).into_iter(), params, 400, 400)
}

fn premium(venue: &Venue, params: &Params<'_>) -> Answer {
    let id = params.need("instId")?;
    if listing(venue, id)?.kind != Kind::Swap {
        return Err(wrong("instId"));
    }
    let now = venue.now_ms() / 60_000;
    let row = |minute: u64| {
        let ms = minute * 60_000;
        (
            ms,
            format!(
                "{{\"instId\":\"{id}\",\"premium\":\"{:.16}\",\"ts\":\"{ms}\"}}",
                rows::premium(venue, id, ms)
            ),
        )
    };
    // Six months, a minute each.
    let newest = params.number("after")?.map_or(now, |after| now.min(after.saturating_sub(1) / 60_000));
    page((now.saturating_sub(180 * 1_440)..=newest).rev().map(row), params, 100, 100)
}

fn underlying(venue: &Venue, params: &Params<'_>) -> Answer {
    let kind = params.kind(&[Kind::Swap, Kind::Futures, Kind::Option])?;
    let mut names: Vec<&str> =
        venue.catalogue.of_kind(kind).map(|l| l.text("uly")).filter(|u| !u.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    let names: Vec<_> = names.into_iter().map(rows::quoted).collect();
    Ok(format!("[{}]", names.join(",")))
}

fn estimate(venue: &Venue, params: &Params<'_>) -> Answer {
    let id = params.need("instId")?;
    Ok(rows::estimate_row(venue, listing(venue, id)?, venue.now_ms(), false).unwrap_or_default())
}

fn settlement_info(venue: &Venue, params: &Params<'_>) -> Answer {
    let id = params.need("instId")?;
    let listing = listing(venue, id)?;
    if listing.kind != Kind::Futures {
        return Err(wrong("instId"));
    }
    let ms = venue.now_ms();
    let price = venue.index_price(&listing.index(), ms).map(|p| Dec::near(p, 16)).unwrap_or_default();
    Ok(format!(
        "{{\"estSettlePx\":\"{price}\",\"instId\":\"{id}\",\"nextSettleTime\":\"{}\",\"ts\":\"{ms}\"}}",
        script::next_settlement(ms),
    ))
}

/// Daily settlements at 08:00 UTC of the futures that have them.
fn settlements(venue: &Venue, params: &Params<'_>) -> Answer {
    const DAY_MS: u64 = 86_400_000;
    let family = params.need("instFamily")?;
    let ms = venue.now_ms();
    let futures: Vec<&Listing> = venue
        .catalogue
        .of_kind(Kind::Futures)
        .filter(|l| l.family() == family && l.row.get("futureSettlement").is_some_and(|v| v == true))
        .collect();
    let row = |at: u64| {
        let detail = |l: &&Listing| {
            let price = venue.made(&l.id).map(|s| Dec::near(s.mark(at), 8)).unwrap_or_default();
            format!("{{\"instId\":\"{}\",\"settlePx\":\"{price}\"}}", l.id)
        };
        let there = futures.iter().filter(|l| l.list_ms <= at).map(detail).collect::<Vec<_>>();
        (at, format!("{{\"details\":[{}],\"ts\":\"{at}\"}}", there.join(",")))
    };
    let newest = script::next_settlement(ms) - DAY_MS;
    let days = if futures.is_empty() { 0 } else { 90 };
    page((0..days).map(|n| row(newest - n * DAY_MS)), params, 100, 100)
}

fn convert(venue: &mut Venue, params: &Params<'_>) -> Answer {
    let id = params.need("instId")?;
    let size: f64 = params.need("sz")?.parse().map_err(|_| wrong("sz"))?;
    let back = match params.get("type") {
        "" | "1" => false,
        "2" => true,
        _ => return Err(wrong("type")),
    };
    let usd = match params.get("unit") {
        "" | "coin" => false,
        "usds" => true,
        _ => return Err(wrong("unit")),
    };
    let now_ms = venue.now_ms();
    let Some(series) = series(venue, id)? else { return Err(unknown()) };
    let price = match params.get("px") {
        "" => series.mark(now_ms),
        text => text.parse().map_err(|_| wrong("px"))?,
    };
    let contract = series.grid.contract.float();
    // Coins, or dollars, in one contract.
    let each = match (series.grid.inverse, usd) {
        (true, true) | (false, false) => contract,
        (true, false) => contract / price,
        (false, true) => contract * price,
    };
    let result = if back { Dec::near(size * each, 8) } else { Dec::near((size / each).round(), 0) };
    Ok(format!(
        "{{\"instId\":\"{id}\",\"px\":\"{}\",\"sz\":\"{result}\",\"type\":\"{}\",\"unit\":\"{}\"}}",
        params.get("px"),
        if back { "2" } else { "1" },
        if usd { "usds" } else { "coin" },
    ))
}
