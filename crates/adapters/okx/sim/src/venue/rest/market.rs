//! Tickers, books and the newest trades (reference 4.3).

use super::{Answer, Params, book_of, listing, refuse, series, unknown, wrong};
use crate::venue::{
    Venue,
    catalogue::{Kind, Listing},
    rows::{self, Side},
};

/// How many matches `/market/trades` knows.
const RECENT: usize = 500;

pub(super) fn answer(venue: &mut Venue, path: &str, params: &Params<'_>) -> Option<Answer> {
    Some(match path {
        "/market/ticker" => ticker(venue, params),
        "/market/tickers" => tickers(venue, params, false),
        "/market/block-ticker" => block(venue, params),
        "/market/block-tickers" => tickers(venue, params, true),
        "/market/books" => book(venue, params, Side::Plain),
        "/market/books-rpi" => book(venue, params, Side::Rpi),
        "/market/books-full" => book(venue, params, Side::Short),
        "/market/trades" => trades(venue, params),
        "/market/index-tickers" => index_tickers(venue, params),
        "/market/index-components" => components(venue, params),
        "/market/platform-24-volume" => platform(venue),
        "/market/exchange-rate" => Ok("{\"usdCny\":\"7.162\"}".to_owned()),
        "/market/call-auction-details" => auction(venue, params),
        _ => return None,
    })
}

fn ticker(venue: &mut Venue, params: &Params<'_>) -> Answer {
    let id = params.need("instId")?;
    let (now_us, kind) = (venue.now_us, listing(venue, id)?.kind.name());
    let open = venue.is_open(id);
    Ok(series(venue, id)?.filter(|_| open).map(|s| rows::ticker_row(s, kind, now_us)).unwrap_or_default())
}

fn block(venue: &mut Venue, params: &Params<'_>) -> Answer {
    let id = params.need("instId")?;
    let (now_us, kind) = (venue.now_us, listing(venue, id)?.kind.name());
    Ok(series(venue, id)?.map(|s| rows::block_row(s, kind, now_us)).unwrap_or_default())
}

fn tickers(venue: &mut Venue, params: &Params<'_>, block: bool) -> Answer {
    let kind = params.kind(&[Kind::Spot, Kind::Swap, Kind::Futures, Kind::Option, Kind::Events])?;
    let (family, underlying, now_us) = (params.get("instFamily"), params.get("uly"), venue.now_us);
    let fits = |l: &&Listing| {
        (family.is_empty() || l.family() == family)
            && (underlying.is_empty() || l.text("uly") == underlying)
            && l.trades_at(now_us / 1_000)
    };
    let ids: Vec<String> = venue.catalogue.of_kind(kind).filter(fits).map(|l| l.id.clone()).collect();
    let row = |id: &String| {
        let series = venue.keep(id)?;
        Some(if block {
            rows::block_row(series, kind.name(), now_us)
        } else {
            rows::ticker_row(series, kind.name(), now_us)
        })
    };
    Ok(ids.iter().filter_map(row).collect::<Vec<_>>().join(","))
}

fn book(venue: &mut Venue, params: &Params<'_>, side: Side) -> Answer {
    let id = params.need("instId")?;
    let depth = params.count("sz", 1, if side == Side::Short { 5_000 } else { 400 })?;
    series(venue, id)?;
    let Some(series) = venue.made(id) else {
        return Ok(format!("{{\"asks\":[],\"bids\":[],\"ts\":\"{}\",\"seqId\":0}}", venue.now_ms()));
    };
    let (mut book, seq) = book_of(venue, &series, depth);
    if side != Side::Rpi {
        book.asks.iter_mut().chain(&mut book.bids).for_each(|level| level.rpi = 0);
    }
    let mut out = String::from("{");
    rows::push_levels(series.steps(), &book, side, &mut out);
    let at_us = series.settled_us(venue.now_us, false);
    out.push_str(&format!(",\"ts\":\"{}\"", rows::ms(at_us)));
    if side != Side::Short {
        out.push_str(&format!(",\"seqId\":{seq}"));
    }
    out.push('}');
    Ok(out)
}

fn trades(venue: &mut Venue, params: &Params<'_>) -> Answer {
    let id = params.need("instId")?;
    let limit = params.count("limit", 100, RECENT)?;
    let now_us = venue.now_us;
    let Some(series) = series(venue, id)? else { return Ok(String::new()) };
    let newest = series.back_from(now_us, now_us).take(limit);
    Ok(newest.map(|print| rows::print_row(series, &print)).collect::<Vec<_>>().join(","))
}

fn index_tickers(venue: &Venue, params: &Params<'_>) -> Answer {
    let (pair, quote) = (params.get("instId"), params.get("quoteCcy"));
    if pair.is_empty() && quote.is_empty() {
        return Err(refuse(400, "50015", "Either parameter quoteCcy or instId is required"));
    }
    if !pair.is_empty() {
        return rows::index_row(venue, pair, venue.now_ms()).ok_or_else(unknown);
    }
    let mut pairs: Vec<String> =
        venue.catalogue.all().filter(|l| l.quote == quote).map(Listing::index).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let rows: Vec<_> = pairs.iter().filter_map(|pair| rows::index_row(venue, pair, venue.now_ms())).collect();
    if rows.is_empty() { Err(wrong("quoteCcy")) } else { Ok(rows.join(",")) }
}

fn components(venue: &Venue, params: &Params<'_>) -> Answer {
    let pair = params.need("index")?;
    let price = venue
        .index_price(pair, venue.now_ms())
        .ok_or_else(|| refuse(200, "51014", "Index doesn't exist."))?;
    let places = crate::venue::lines::places(price);
    let near = |factor: f64| crate::venue::num::Dec::near(price * factor, places);
    let symbol = pair.replace('-', "/");
    let parts = [
        ("Kraken", "0.273", 1.000_02),
        ("Bitstamp", "0.182", 0.999_97),
        ("Crypto", "0.273", 1.000_05),
        ("Coinbase", "0.272", 0.999_95),
    ];
    let parts = parts.map(|(exch, weight, factor)| {
        let px = near(factor);
        format!("{{\"symbol\":\"{symbol}\",\"symPx\":\"{px}\",\"wgt\":\"{weight}\",\"cnvPx\":\"{px}\",\"exch\":\"{exch}\"}}")
    });
    Ok(format!(
        "{{\"components\":[{}],\"last\":\"{}\",\"index\":\"{pair}\",\"ts\":\"{}\"}}",
        parts.join(","),
        near(1.0),
        venue.now_ms(),
    ))
}

/// The volume of the busiest instrument stands for the platform's: the sum over all would make every one of them.
fn platform(venue: &mut Venue) -> Answer {
    let now_us = venue.now_us;
    let mut usd = 0.0;
    for id in ["BTC-USDT-SWAP", "ETH-USDT-SWAP", "BTC-USDT"] {
        if let Some(series) = venue.keep(id) {
            let lots = series.day(now_us).map_or(0, |d| d.lots);
            usd += series.grid.lot.times_wide(lots).float() * series.usd_per_unit(now_us / 1_000);
        }
    }
    Ok(format!("{{\"volCny\":\"{:.0}\",\"volUsd\":\"{usd:.0}\",\"ts\":\"{}\"}}", usd * 7.162, venue.now_ms()))
}

fn auction(venue: &Venue, params: &Params<'_>) -> Answer {
    let id = params.need("instId")?;
    listing(venue, id)?;
    Ok(venue.board.auction(id, venue.now_ms()).unwrap_or_default())
}
