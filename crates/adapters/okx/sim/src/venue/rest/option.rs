//! Options: greeks, trades of a family (reference 4.2, 4.3).

use super::{Answer, Params, listing, refuse, unknown, wrong};
use crate::venue::{
    Venue,
    catalogue::{Kind, Listing},
    lines,
    num::Dec,
    rows,
    series::{Print, Series},
};

/// Instruments of a family that are looked through for trades, the ones nearest to expiry first.
const LOOKED_THROUGH: usize = 40;

pub(super) fn answer(venue: &mut Venue, path: &str, params: &Params<'_>) -> Option<Answer> {
    Some(match path {
        "/public/opt-summary" => summary(venue, params),
        "/public/option-trades" => trades(venue, params),
        "/market/option/instrument-family-trades" => family_trades(venue, params),
        _ => return None,
    })
}

fn summary(venue: &Venue, params: &Params<'_>) -> Answer {
    let family = match params.get("instFamily") {
        "" => params.get("uly"),
        family => family,
    };
    if family.is_empty() {
        params.need("instFamily")?;
    }
    if !venue.catalogue.of_kind(Kind::Option).any(|l| l.family() == family) {
        return Err(wrong("instFamily"));
    }
    Ok(rows::option_rows(venue, family, params.get("expTime"), venue.now_ms()).join(","))
}

/// The options of a family that trades are looked for in, of one right if given.
pub(in crate::venue) fn watched_options<'v>(venue: &'v Venue, family: &str, right: &str) -> Vec<&'v Listing> {
    let fits = |l: &&Listing| {
        l.family() == family
            && l.trades_at(venue.now_ms())
            && (right.is_empty() || l.text("optType") == right)
    };
    let mut options: Vec<&Listing> = venue.catalogue.of_kind(Kind::Option).filter(fits).collect();
    options.sort_by(|a, b| (a.exp_ms, &a.id).cmp(&(b.exp_ms, &b.id)));
    options.truncate(LOOKED_THROUGH);
    options
}

/// The newest trades of a family's options, newest first.
fn newest(venue: &Venue, family: &str, right: &str, count: usize) -> Vec<(Print, String)> {
    let mut found = Vec::new();
    for listing in watched_options(venue, family, right) {
        if let Some(series) = venue.made(&listing.id) {
            found.extend(
                series.back_from(venue.now_us, venue.now_us).take(5).map(|p| (p, listing.id.clone())),
            );
        }
    }
    found.sort_by(|a, b| (b.0.us, &b.1).cmp(&(a.0.us, &a.1)));
    found.truncate(count);
    found
}

/// A row of `/public/option-trades` and `option-trades`.
pub(in crate::venue) fn trade_row(series: &Series, listing: &Listing, print: &Print) -> String {
    let ms = rows::ms(print.us);
    let quote = series.option_quote(ms);
    let (vol, forward) = quote.map_or((0.0, 0.0), |q| (q.vol, q.forward));
    format!(
        "{{\"fillVol\":\"{vol:.16}\",\"fwdPx\":\"{forward:.11}\",\"idxPx\":\"{}\",\"instFamily\":\"{}\",\"instId\":\"{}\",\
         \"markPx\":\"{}\",\"optType\":\"{}\",\"px\":\"{}\",\"side\":\"{}\",\"sz\":\"{}\",\"tradeId\":\"{}\",\"ts\":\"{ms}\"}}",
        Dec::near(series.index(ms), lines::places(series.index(ms))),
        listing.family(),
        listing.id,
        Dec::near(series.mark(ms), 16),
        listing.text("optType"),
        series.grid.tick.times(print.px),
        if print.buy { "buy" } else { "sell" },
        series.grid.lot.times(print.lots),
        print.id,
    )
}

fn trades(venue: &Venue, params: &Params<'_>) -> Answer {
    let (id, family) = (params.get("instId"), params.get("instFamily"));
    if id.is_empty() && family.is_empty() {
        return Err(refuse(400, "50015", "Either parameter instId or instFamily is required"));
    }
    let prints = if id.is_empty() {
        newest(venue, family, params.get("optType"), 100)
    } else {
        let series = venue.made(listing(venue, id)?.id.as_str()).ok_or_else(unknown)?;
        series.back_from(venue.now_us, venue.now_us).take(100).map(|p| (p, id.to_owned())).collect()
    };
    let row = |(print, id): (Print, String)| {
        Some(trade_row(&*venue.made(&id)?, venue.catalogue.find(&id)?, &print))
    };
    Ok(prints.into_iter().filter_map(row).collect::<Vec<_>>().join(","))
}

fn family_trades(venue: &Venue, params: &Params<'_>) -> Answer {
    let family = params.need("instFamily")?;
    let right = |right: &str| {
        let prints = newest(venue, family, right, 10);
        let lots: i64 = newest(venue, family, right, 200).iter().map(|(p, _)| p.lots).sum();
        let row = |(print, id): &(Print, String)| {
            let series = venue.made(id)?;
            Some(format!(
                "{{\"instId\":\"{id}\",\"side\":\"{}\",\"sz\":\"{}\",\"px\":\"{}\",\"tradeId\":\"{}\",\"ts\":\"{}\"}}",
                if print.buy { "buy" } else { "sell" },
                series.grid.lot.times(print.lots),
                series.grid.tick.times(print.px),
                print.id,
                rows::ms(print.us),
            ))
        };
        let rows: Vec<_> = prints.iter().filter_map(row).collect();
        format!("{{\"vol24h\":\"{lots}\",\"tradeInfo\":[{}],\"optType\":\"{right}\"}}", rows.join(","))
    };
    Ok([right("C"), right("P")].join(","))
}
