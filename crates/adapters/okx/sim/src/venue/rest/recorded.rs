//! Endpoints that answer with recorded rows, or with rules derived from the lists (reference 4.2).

use serde_json::{Map, Value, json};

use super::{Answer, Params, unknown, wrong};
use crate::{
    trading::{FIRST_TIER, TIERS},
    venue::{
        Venue,
        catalogue::{Kind, Listing},
        liquidations,
    },
};

pub(super) fn answer(venue: &Venue, path: &str, params: &Params<'_>) -> Option<Answer> {
    Some(match path {
        "/system/status" => Ok(venue.board.statuses(params.get("state"))),
        "/public/instrument-tick-bands" => bands(venue, params),
        "/public/position-tiers" => tiers(venue, params),
        "/public/interest-rate-loan-quota" => Ok(join(&recorded(venue, "loanQuota"))),
        "/public/discount-rate-interest-free-quota" => Ok(discount(venue, params)),
        "/public/economic-calendar" => Ok(join(&recorded(venue, "calendar"))),
        "/public/insurance-fund" => insurance(venue, params),
        "/public/liquidation-orders" => liquidated(venue, params),
        "/public/delta-hedge-currencies" => Ok(hedges(venue, params)),
        "/public/mm-instrument-types" => makers(venue, params),
        "/public/event-contract/series" => Ok(series(venue, params)),
        "/public/event-contract/events" => events(venue, params),
        "/public/event-contract/markets" => markets(venue, params),
        "/public/market-data-history" => Ok(format!(
            "{{\"dateAggrType\":\"{}\",\"details\":[],\"totalSizeMB\":\"0\",\"ts\":\"{}\"}}",
            if params.get("dateAggrType") == "daily" { "daily" } else { "monthly" },
            venue.now_ms(),
        )),
        _ => return None,
    })
}

fn recorded(venue: &Venue, name: &str) -> Vec<Value> {
    venue.catalogue.reference.get(name).and_then(Value::as_array).cloned().unwrap_or_default()
}

fn join(rows: &[Value]) -> String {
    rows.iter().map(Value::to_string).collect::<Vec<_>>().join(",")
}

fn text<'r>(row: &'r Value, key: &str) -> &'r str {
    row.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn bands(venue: &Venue, params: &Params<'_>) -> Answer {
    let kind = params.kind(&[Kind::Option, Kind::Events])?;
    let name = if kind == Kind::Option { "tickBands" } else { "eventBands" };
    let family = params.get("instFamily");
    let rows = recorded(venue, name)
        .into_iter()
        .filter(|row| family.is_empty() || text(row, "instFamily") == family);
    Ok(join(&rows.collect::<Vec<_>>()))
}

/// Liquidations of the last half hour by contract, the newest contract first. OKX's own reach back a day.
fn liquidated(venue: &Venue, params: &Params<'_>) -> Answer {
    const FOR_US: u64 = 30 * 60 * 1_000_000;
    let kind = params.kind(&[Kind::Margin, Kind::Swap, Kind::Futures, Kind::Option])?;
    let (id, uly, family) = (params.get("instId"), params.get("uly"), params.get("instFamily"));
    if kind != Kind::Margin && uly.is_empty() {
        params.need("instFamily")?;
    }
    if !["", "filled"].contains(&params.get("state")) {
        return Err(wrong("state"));
    }
    let (after, before) =
        (params.number("after")?.unwrap_or(u64::MAX), params.number("before")?.unwrap_or(0));
    let asked = |l: &Listing| {
        (id.is_empty() || l.id == id)
            && (family.is_empty() || l.family() == family)
            && (uly.is_empty() || l.text("uly") == uly)
    };
    let found = liquidations::past(venue, kind, FOR_US)
        .filter(|(ms, listing, _)| asked(listing) && *ms < after && *ms > before)
        .take(params.count("limit", 100, 100)?);
    let mut by_contract: Vec<(&Listing, Vec<String>)> = Vec::new();
    for (_, listing, detail) in found {
        match by_contract.iter_mut().find(|(l, _)| l.id == listing.id) {
            Some((_, details)) => details.push(detail),
            None => by_contract.push((listing, vec![detail])),
        }
    }
    let rows = by_contract.iter().map(|(listing, details)| liquidations::row(listing, &details.join(",")));
    Ok(rows.collect::<Vec<_>>().join(","))
}

/// Five tiers from the largest leverage of the instrument on: each doubles the size and halves the leverage.
fn tiers(venue: &Venue, params: &Params<'_>) -> Answer {
    let kind = params.kind(&[Kind::Margin, Kind::Swap, Kind::Futures, Kind::Option])?;
    if !["cross", "isolated"].contains(&params.need("tdMode")?) {
        return Err(wrong("tdMode"));
    }
    let (families, ids, tier) = (params.get("instFamily"), params.get("instId"), params.get("tier"));
    let key = if kind == Kind::Margin { ids } else { params.need("instFamily").map(|_| families)? };
    let named = |l: &&Listing| {
        key.split(',').any(|part| part == if kind == Kind::Margin { l.id.as_str() } else { l.family() })
    };
    let mut seen: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for listing in venue.catalogue.of_kind(kind).filter(named) {
        let name = if kind == Kind::Margin { listing.id.clone() } else { listing.family().to_owned() };
        if seen.contains(&name) {
            continue;
        }
        let most: f64 = listing.text("lever").parse().unwrap_or(10.0);
        let step: u64 = if kind == Kind::Margin { 50 } else { FIRST_TIER };
        for n in 1..=TIERS {
            let lever = (most / f64::from(1 << (n - 1))).max(1.0);
            let margin = kind == Kind::Margin;
            rows.push(json!({
                "baseMaxLoan": if margin { (step * u64::from(n)).to_string() } else { String::new() },
                "imr": trim(1.0 / lever), "instFamily": if margin { "" } else { listing.family() },
                "instId": if margin { listing.id.as_str() } else { "" }, "maxLever": trim(lever),
                "maxSz": (step << (n - 1)).to_string(), "minSz": if n == 1 { 0 } else { (step << (n - 2)) + 1 }.to_string(),
                "mmr": trim(0.4 / lever), "optMgnFactor": "0",
                "quoteMaxLoan": if margin { (step * u64::from(n) * 10_000).to_string() } else { String::new() },
                "tier": n.to_string(), "uly": if margin { "" } else { listing.text("uly") },
            }));
        }
        seen.push(name);
    }
    if rows.is_empty() {
        return Err(unknown());
    }
    rows.retain(|row| tier.is_empty() || text(row, "tier") == tier);
    Ok(join(&rows))
}

fn trim(value: f64) -> String {
    crate::venue::num::Dec::near(value, 6).to_string()
}

/// Recorded for BTC; other currencies have the first tier of it.
fn discount(venue: &Venue, params: &Params<'_>) -> String {
    let ccy = params.get("ccy");
    let rows = recorded(venue, "discount").into_iter().map(|mut row| {
        if !ccy.is_empty() && ccy != text(&row, "ccy") {
            row["ccy"] = json!(ccy);
            if let Some(details) = row.get_mut("details").and_then(Value::as_array_mut) {
                details.truncate(1);
            }
        }
        row
    });
    join(&rows.collect::<Vec<_>>())
}

fn insurance(venue: &Venue, params: &Params<'_>) -> Answer {
    let kind = params.kind(&[Kind::Margin, Kind::Swap, Kind::Futures, Kind::Option])?;
    let family = params.get("instFamily");
    let listing = venue
        .catalogue
        .of_kind(kind)
        .find(|l| family.is_empty() || l.family() == family)
        .ok_or_else(|| wrong("instFamily"))?;
    let ccy = if kind == Kind::Margin { params.get("ccy") } else { listing.text("settleCcy") };
    let day = 86_400_000;
    let newest = venue.now_ms() / day * day;
    let details: Vec<Value> = (0..10u64)
        .map(|n| {
            json!({"adlType": "", "amt": format!("{}", 100 + n), "balance": format!("{}", 3_858_000 - n * 100), "ccy": ccy,
                "decRate": "", "maxBal": "", "maxBalTs": "", "ts": (newest - n * day).to_string(), "type": "liquidation_balance_deposit"})
        })
        .collect();
    let row = json!({"details": details, "instFamily": listing.family(), "instType": kind.name(), "total": "3858000"});
    Ok(row.to_string())
}

fn hedges(venue: &Venue, params: &Params<'_>) -> String {
    let wanted = params.get("ccy");
    let known = ["BTC", "ETH", "SOL"].into_iter().filter(|ccy| wanted.is_empty() || *ccy == wanted);
    let known = known.filter(|ccy| venue.catalogue.all().any(|l| l.base == *ccy));
    join(&known.map(|ccy| json!({"ccy": ccy, "hedgeCcy": [ccy]})).collect::<Vec<_>>())
}

fn makers(venue: &Venue, params: &Params<'_>) -> Answer {
    let kind =
        if params.get("instType").is_empty() { None } else { Some(params.kind(&[Kind::Spot, Kind::Swap])?) };
    let id = params.get("instId");
    let fits = |l: &&Listing| {
        matches!(l.kind, Kind::Spot | Kind::Swap)
            && kind.is_none_or(|k| k == l.kind)
            && (id.is_empty() || l.id == id)
            && l.grid.is_some()
    };
    let row = |l: &Listing| {
        let major = ["BTC", "ETH"].contains(&l.base.as_str());
        let class = match l.text("instCategory") {
            "1" | "" if major => "A",
            "1" | "" => "B",
            _ => "B-TradFi",
        };
        json!({"instId": l.id, "instType": l.kind.name(), "pairType": class})
    };
    Ok(join(&venue.catalogue.all().filter(fits).map(row).collect::<Vec<_>>()))
}

fn series(venue: &Venue, params: &Params<'_>) -> String {
    let wanted = params.get("seriesId");
    let rows = recorded(venue, "series")
        .into_iter()
        .filter(|row| wanted.is_empty() || text(row, "seriesId") == wanted);
    join(&rows.collect::<Vec<_>>())
}

/// The event an instrument belongs to: its id without the strike.
fn event_of(id: &str) -> &str {
    id.rsplit_once('-').map_or(id, |(event, _)| event)
}

/// A market of a series, as endpoint and channel show it.
fn market_row(listing: &Listing) -> Map<String, Value> {
    let row = json!({
        "disputed": false, "eventId": event_of(&listing.id), "expTime": listing.text("expTime"), "fixTime": "",
        "floorStrike": listing.text("stk"), "instId": listing.id, "listTime": listing.text("listTime"), "outcome": "0",
        "seriesId": listing.text("seriesId"), "settleValue": "", "state": listing.state(),
    });
    row.as_object().cloned().unwrap_or_default()
}

/// A row of `event-contract-markets`. What has expired is decided by the index.
pub(in crate::venue) fn market_change(listing: &Listing, index: Option<f64>) -> String {
    let mut row = market_row(listing);
    row.insert("capStrike".to_owned(), json!(""));
    row.insert("hitDir".to_owned(), json!(""));
    if let Some(index) = index.filter(|_| listing.state() == "expired") {
        row.insert("outcome".to_owned(), json!(if index >= listing.strike() { "1" } else { "2" }));
        row.insert("settleValue".to_owned(), json!(trim(index)));
    }
    Value::Object(row).to_string()
}

/// A row of `economic-calendar`: the first recorded event. The channel has `ts` where the list has `uTime`.
pub(in crate::venue) fn calendar_row(venue: &Venue) -> Map<String, Value> {
    let rows = recorded(venue, "calendar").into_iter();
    let mut row = rows.into_iter().find_map(|row| row.as_object().cloned()).unwrap_or_default();
    row.remove("uTime");
    row.remove("dateSpan");
    row.insert("ts".to_owned(), json!(venue.now_ms().to_string()));
    row
}

fn contracts<'v>(venue: &'v Venue, params: &Params<'_>) -> Result<Vec<&'v Listing>, super::MarketError> {
    let (series, event, state) = (params.need("seriesId")?, params.get("eventId"), params.get("state"));
    let id = params.get("instId");
    let fits = |l: &&Listing| {
        l.text("seriesId") == series
            && (event.is_empty() || event_of(&l.id) == event)
            && (state.is_empty() || l.state() == state)
            && (id.is_empty() || l.id == id)
    };
    let mut found: Vec<&Listing> = venue.catalogue.of_kind(Kind::Events).filter(fits).collect();
    found.sort_by_key(|l| std::cmp::Reverse(l.exp_ms));
    Ok(found)
}

fn events(venue: &Venue, params: &Params<'_>) -> Answer {
    let mut seen: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for listing in contracts(venue, params)? {
        let event = event_of(&listing.id).to_owned();
        if !seen.contains(&event) {
            let row = json!({"eventId": event, "expTime": listing.text("expTime"), "fixTime": "",
                "seriesId": listing.text("seriesId"), "state": listing.state()});
            rows.push((listing.exp_ms, row.to_string()));
            seen.push(event);
        }
    }
    super::page(rows.into_iter(), params, 100, 100)
}

fn markets(venue: &Venue, params: &Params<'_>) -> Answer {
    let rows =
        contracts(venue, params)?.into_iter().map(|l| (l.exp_ms, Value::Object(market_row(l)).to_string()));
    super::page(rows, params, 100, 100)
}
