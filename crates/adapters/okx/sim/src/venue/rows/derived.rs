//! Mark and index prices, funding, open interest, price limits, estimated prices (reference 4.2).

use crate::{
    topic::Topic,
    venue::{
        Venue,
        bars::Bar,
        catalogue::{Kind, Listing},
        lines, noise,
        num::Dec,
        script,
        series::Series,
    },
};

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;
/// Settlement prices are estimated in the last half hour.
const ESTIMATE_MS: u64 = HOUR_MS / 2;

/// `/public/mark-price`, `mark-price`.
pub(in crate::venue) fn mark_row(series: &Series, inst_type: &str, ms: u64) -> String {
    let price = lines::mark(series, ms);
    format!(
        "{{\"instId\":\"{}\",\"instType\":\"{inst_type}\",\"markPx\":\"{price}\",\"ts\":\"{ms}\"}}",
        series.id
    )
}

/// `/market/index-tickers`, `index-tickers`.
pub(in crate::venue) fn index_row(venue: &Venue, pair: &str, ms: u64) -> Option<String> {
    let price = |ms: u64| lines::price(venue, pair, true, ms);
    let now = price(ms)?;
    let quarters = (0..=96).filter_map(|n| price(ms - ms % 60_000 - n * DAY_MS / 96));
    let all: Vec<Dec> = quarters.chain([now]).collect();
    let by_size = |a: &&Dec, b: &&Dec| a.float().total_cmp(&b.float());
    let (high, low) = (all.iter().max_by(by_size)?, all.iter().min_by(by_size)?);
    let since = |bar: &str| Bar::parse(bar).and_then(|bar| price(bar.start(ms)));
    let open = price(ms - ms % 60_000 - DAY_MS)?;
    Some(format!(
        "{{\"instId\":\"{pair}\",\"idxPx\":\"{now}\",\"open24h\":\"{open}\",\"high24h\":\"{high}\",\"low24h\":\"{low}\",\
         \"sodUtc0\":\"{}\",\"sodUtc8\":\"{}\",\"ts\":\"{ms}\"}}",
        since("1Dutc")?,
        since("1D")?,
    ))
}

/// What was recorded of an instrument's funding: hours between payments and bounds.
struct Terms {
    every_ms: u64,
    most: String,
    least: String,
    interest: String,
    impact: String,
}

fn terms(venue: &Venue, id: &str) -> Terms {
    let row = venue.funding_terms.get(id);
    let text = |key: &str| row.and_then(|r| r.get(key)?.as_str()).filter(|t| !t.is_empty());
    let number = |key: &str| text(key).and_then(|t| t.parse::<u64>().ok());
    let every_ms =
        number("nextFundingTime").zip(number("fundingTime")).map(|(next, this)| next.saturating_sub(this));
    Terms {
        every_ms: every_ms.filter(|ms| *ms >= HOUR_MS).unwrap_or(8 * HOUR_MS),
        most: text("maxFundingRate").unwrap_or("0.015").to_owned(),
        least: text("minFundingRate").unwrap_or("-0.015").to_owned(),
        interest: text("interestRate").unwrap_or("0.0001000000000000").to_owned(),
        impact: text("impactValue").unwrap_or("10000.0000000000000000").to_owned(),
    }
}

/// The rate paid at this funding time.
fn rate_at(venue: &Venue, id: &str, funding_ms: u64, terms: &Terms) -> f64 {
    let hash = noise::at(noise::seed_of(venue.world.seed, id), funding_ms);
    let bound = |text: &str, or: f64| text.parse().unwrap_or(or);
    // Mostly the interest rate, now and then what the premium adds to it.
    let base = 0.0001 * terms.every_ms as f64 / (8.0 * HOUR_MS as f64);
    let apart = (noise::unit(hash) - 0.45) * 0.000_4;
    let rate = if hash.is_multiple_of(3) { base } else { base + apart };
    rate.clamp(bound(&terms.least, -0.01), bound(&terms.most, 0.01))
}

/// The premium of an instrument at this minute.
pub(in crate::venue) fn premium(venue: &Venue, id: &str, ms: u64) -> f64 {
    let seed = noise::at(noise::seed_of(venue.world.seed, id), 77);
    let line = noise::Wander::new(seed, 0.000_02, 10);
    line.height(ms - ms % 60_000)
}

/// `/public/funding-rate`, `funding-rate`; `None` for what has no funding.
pub(in crate::venue) fn funding_row(venue: &Venue, id: &str, ms: u64) -> Option<String> {
    let listing = venue.catalogue.find(id).filter(|l| l.has_funding() && l.trades_at(ms))?;
    let terms = terms(venue, id);
    let settled = ms - ms % terms.every_ms;
    let next = settled + terms.every_ms;
    // The forecast comes closer to the rate as its time comes closer.
    let left = (next - ms) as f64 / terms.every_ms as f64;
    let drift = premium(venue, id, ms) * 0.05 * left;
    let rate = rate_at(venue, id, next, &terms) + drift;
    let state = if ms - settled < 5_000 { "processing" } else { "settled" };
    Some(format!(
        "{{\"formulaType\":\"withRate\",\"fundingRate\":\"{rate:.16}\",\"fundingTime\":\"{next}\",\"impactValue\":\"{}\",\
         \"instId\":\"{id}\",\"instType\":\"{}\",\"interestRate\":\"{}\",\"maxFundingRate\":\"{}\",\"method\":\"current_period\",\
         \"minFundingRate\":\"{}\",\"nextFundingRate\":\"\",\"nextFundingTime\":\"{}\",\"premium\":\"{:.16}\",\
         \"prevFundingTime\":\"{settled}\",\"settFundingRate\":\"{:.16}\",\"settState\":\"{state}\",\"ts\":\"{ms}\"}}",
        terms.impact,
        listing.kind.name(),
        terms.interest,
        terms.most,
        terms.least,
        next + terms.every_ms,
        premium(venue, id, ms),
        rate_at(venue, id, settled, &terms),
    ))
}

/// Rows of `/public/funding-rate-history` with their times, newest first: the payments of three months.
pub(in crate::venue) fn funding_history(venue: &Venue, listing: &Listing, ms: u64) -> Vec<(u64, String)> {
    let terms = terms(venue, &listing.id);
    let newest = ms - ms % terms.every_ms;
    let listed = if listing.list_ms > ms { 0 } else { listing.list_ms };
    let oldest = ms.saturating_sub(90 * DAY_MS).max(listed);
    let times =
        (0..).map(|n| newest.saturating_sub(n * terms.every_ms)).take_while(|at| *at >= oldest && *at > 0);
    let row = |at: u64| {
        let rate = rate_at(venue, &listing.id, at, &terms);
        format!(
            "{{\"formulaType\":\"withRate\",\"fundingRate\":\"{rate:.16}\",\"fundingTime\":\"{at}\",\"instId\":\"{}\",\
             \"instType\":\"{}\",\"method\":\"current_period\",\"realizedRate\":\"{rate:.16}\"}}",
            listing.id,
            listing.kind.name(),
        )
    };
    times.map(|at| (at, row(at))).collect()
}

/// `/public/open-interest`, `open-interest`.
pub(in crate::venue) fn interest_row(series: &Series, inst_type: &str, ms: u64) -> String {
    let lots = series.open_lots(ms - ms % 3_000);
    let oi = series.grid.lot.times(lots);
    let units = oi.times(series.grid.contract);
    let price = series.index(ms).max(1e-12);
    let (coin, usd) = match (series.kind, series.grid.inverse) {
        (Kind::Events, _) => (oi.to_string(), oi.to_string()),
        (_, true) => (Dec::near(units.float() / price, 16).to_string(), units.to_string()),
        _ => (units.to_string(), Dec::near(units.float() * price, 8).to_string()),
    };
    format!(
        "{{\"instId\":\"{}\",\"instType\":\"{inst_type}\",\"oi\":\"{oi}\",\"oiCcy\":\"{coin}\",\"oiUsd\":\"{usd}\",\"ts\":\"{ms}\"}}",
        series.id
    )
}

/// `/public/price-limit`, `price-limit`.
pub(in crate::venue) fn limit_row(series: &Series, inst_type: &str, ms: u64) -> String {
    let share = match series.kind {
        Kind::Spot | Kind::Margin => 0.05,
        Kind::Option => 0.3,
        _ => 0.01,
    };
    let tick = series.grid.tick;
    let middle = series.mark(ms) / tick.float();
    let most = if series.kind == Kind::Events { (1.0 / tick.float()).round() as i64 - 1 } else { i64::MAX };
    let near = |factor: f64| tick.times(((middle * factor).round() as i64).clamp(1, most));
    format!(
        "{{\"buyLmt\":\"{}\",\"enabled\":true,\"instId\":\"{}\",\"instType\":\"{inst_type}\",\"sellLmt\":\"{}\",\"ts\":\"{ms}\"}}",
        near(1.0 + share),
        series.id,
        near(1.0 - share),
    )
}

/// `/public/estimated-price`, `estimated-price`: instruments that settle within half an hour.
pub(in crate::venue) fn estimate_rows(venue: &Venue, topic: &Topic, ms: u64) -> Vec<String> {
    let fits = |l: &&Listing| {
        (topic.inst_id.is_empty() || l.id == topic.inst_id)
            && (topic.inst_family.is_empty() || l.family() == topic.inst_family)
            && (topic.inst_type.is_empty() || l.kind.name() == topic.inst_type)
    };
    let soon = venue.catalogue.all().filter(fits).filter(|l| l.grid.is_some() && l.kind.is_derivative());
    soon.filter_map(|l| estimate_row(venue, l, ms, true)).collect()
}

/// What an instrument does within half an hour that has a price of its own: it ends, or is settled for the day.
fn settlement(listing: &Listing, ms: u64) -> Option<&'static str> {
    if listing.exp_ms > ms && listing.exp_ms - ms <= ESTIMATE_MS {
        return Some(if listing.kind == Kind::Futures { "delivery" } else { "exercise" });
    }
    let daily = listing.row.get("futureSettlement").is_some_and(|v| v == true) && listing.exp_ms > ms;
    (daily && script::next_settlement(ms) - ms <= ESTIMATE_MS).then_some("settlement")
}

/// The estimate of one instrument, with or without `settleType`, which only the channel has; `None` if nothing settles it soon.
pub(in crate::venue) fn estimate_row(
    venue: &Venue,
    listing: &Listing,
    ms: u64,
    typed: bool,
) -> Option<String> {
    let kind = settlement(listing, ms).filter(|kind| typed || *kind != "settlement")?;
    let price = venue.index_price(&listing.index(), ms)?;
    let kind = if typed { format!("\"settleType\":\"{kind}\",") } else { String::new() };
    Some(format!(
        "{{\"instId\":\"{}\",\"instType\":\"{}\",\"settlePx\":\"{}\",{kind}\"ts\":\"{ms}\"}}",
        listing.id,
        listing.kind.name(),
        Dec::near(price, 16),
    ))
}

/// `/market/block-ticker`, `block-tickers`: large trades, which are a small part of all.
pub(in crate::venue) fn block_row(series: &Series, inst_type: &str, us: u64) -> String {
    let lots = series.day(us).map_or(0, |day| day.lots / 40);
    let vol = series.grid.lot.times_wide(lots);
    let coin = vol.times(series.grid.contract);
    let ms = super::ms(us);
    format!(
        "{{\"instId\":\"{}\",\"instType\":\"{inst_type}\",\"ts\":\"{ms}\",\"vol24h\":\"{vol}\",\"volCcy24h\":\"{coin}\"}}",
        series.id
    )
}
