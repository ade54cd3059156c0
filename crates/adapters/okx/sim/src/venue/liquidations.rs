//! Who is liquidated: `liquidation-orders`, live and as history.

use super::{
    Venue,
    catalogue::{Kind, Listing},
    noise, rows,
};

/// Somebody is liquidated so often.
const SPELL_US: u64 = 7_000_000;

/// When the next one of a type happens.
pub(super) fn next(venue: &Venue, kind: Option<Kind>, after_us: u64) -> u64 {
    if matches!(kind, Some(Kind::Swap | Kind::Futures)) {
        at(venue, after_us / SPELL_US + 1)
    } else {
        u64::MAX
    }
}

/// When the one of a spell happens.
fn at(venue: &Venue, spell: u64) -> u64 {
    spell * SPELL_US + noise::at(venue.world.seed, spell) % (SPELL_US / 2)
}

/// One of them: its contract, and an element of `details`. Somebody on one of the largest contracts, a little beyond the price.
pub(super) fn one(venue: &Venue, kind: Kind, us: u64) -> Option<(&Listing, String)> {
    let hash = noise::at(venue.world.seed ^ 0x11, us);
    let large = |l: &&Listing| ["BTC", "ETH", "SOL"].contains(&l.base.as_str()) && l.trades_at(rows::ms(us));
    let listings: Vec<&Listing> = venue.catalogue.of_kind(kind).filter(large).collect();
    let listing = *listings.get((hash % listings.len().max(1) as u64) as usize)?;
    let series = venue.made(&listing.id)?;
    let long = hash & (1 << 40) == 0;
    let (bid, ask) = series.touch(series.step_at(us));
    let px = if long { bid - bid / 500 } else { ask + ask / 500 };
    let (side, pos) = if long { ("sell", "long") } else { ("buy", "short") };
    let detail = format!(
        "{{\"bkLoss\":\"0\",\"bkPx\":\"{}\",\"ccy\":\"\",\"posSide\":\"{pos}\",\"side\":\"{side}\",\"sz\":\"{}\",\"ts\":\"{}\"}}",
        series.grid.tick.times(px),
        series.grid.lot.times(1 + (hash % 900) as i64),
        rows::ms(us),
    );
    Some((listing, detail))
}

/// A row of the channel and of the history.
pub(super) fn row(listing: &Listing, details: &str) -> String {
    format!(
        "{{\"details\":[{details}],\"instFamily\":\"{}\",\"instId\":\"{}\",\"instType\":\"{}\",\"uly\":\"{}\"}}",
        listing.family(),
        listing.id,
        listing.kind.name(),
        listing.text("uly"),
    )
}

/// Those of the last while, newest first.
pub(super) fn past(venue: &Venue, kind: Kind, for_us: u64) -> impl Iterator<Item = (u64, &Listing, String)> {
    let last = venue.now_us / SPELL_US;
    let spells = if matches!(kind, Kind::Swap | Kind::Futures) { for_us / SPELL_US } else { 0 };
    (last.saturating_sub(spells)..=last).rev().filter_map(move |spell| {
        let us = at(venue, spell);
        if spells == 0 || us > venue.now_us {
            return None;
        }
        one(venue, kind, us).map(|(listing, detail)| (rows::ms(us), listing, detail))
    })
}
