//! Greeks and volatilities (reference 4.2, `opt-summary`).

use crate::venue::{
    Venue,
    catalogue::{Kind, Listing},
    noise,
    series::Series,
};

/// Rows of `/public/opt-summary` and `opt-summary`: the traded options of a family, of one expiry if a `YYMMDD` is given.
pub(in crate::venue) fn option_rows(venue: &Venue, family: &str, expiry: &str, ms: u64) -> Vec<String> {
    let fits = |l: &&Listing| {
        l.family() == family
            && l.trades_at(ms)
            && (expiry.is_empty() || l.id.split('-').any(|part| part == expiry))
    };
    let options = venue.catalogue.of_kind(Kind::Option).filter(fits);
    options.filter_map(|l| venue.made(&l.id).and_then(|series| option_row(&series, l, ms))).collect()
}

fn option_row(series: &Series, listing: &Listing, ms: u64) -> Option<String> {
    let quote = series.option_quote(ms)?;
    let (usd, coin) = (quote.greeks(), quote.coin_greeks());
    let apart = 0.004 + 0.02 * noise::unit(noise::at(7, listing.strike() as u64));
    let lever = quote.forward * usd.delta.abs() / quote.worth().max(quote.forward * 1e-6);
    // Adding 0 makes a zero of what rounds to a negative one.
    let number = |value: f64| format!("{:.10}", (value * 1e10).round() / 1e10 + 0.0);
    let at_money = crate::venue::series::VOLATILITY;
    Some(format!(
        "{{\"askVol\":\"{}\",\"bidVol\":\"{}\",\"delta\":\"{}\",\"deltaBS\":\"{}\",\"fwdPx\":\"{:.10}\",\"gamma\":\"{}\",\
         \"gammaBS\":\"{}\",\"instId\":\"{}\",\"instType\":\"OPTION\",\"lever\":\"{:.10}\",\"markVol\":\"{}\",\"realVol\":\"0\",\
         \"theta\":\"{}\",\"thetaBS\":\"{}\",\"ts\":\"{ms}\",\"uly\":\"{}\",\"vega\":\"{}\",\"vegaBS\":\"{}\",\"volLv\":\"{}\"}}",
        number(quote.vol + apart),
        number((quote.vol - apart).max(0.0)),
        number(coin.delta),
        number(usd.delta),
        quote.forward,
        number(coin.gamma),
        format_args!("{:.16}", usd.gamma),
        listing.id,
        lever,
        number(quote.vol),
        number(coin.theta),
        number(usd.theta),
        listing.index(),
        number(coin.vega),
        number(usd.vega),
        number(at_money),
    ))
}
