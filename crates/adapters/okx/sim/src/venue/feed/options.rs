//! `option-trades` and `liquidation-orders`.

use crate::{
    topic::Topic,
    venue::{
        Venue,
        catalogue::{Kind, Listing},
        noise, rest, rows,
    },
};

/// How often trades of options are looked for.
pub(super) const LOOK_US: u64 = 500_000;
/// Somebody is liquidated so often.
const LIQUIDATION_US: u64 = 7_000_000;

/// Trades of the instrument or family after one microsecond, up to another, oldest first.
pub(super) fn trades(venue: &Venue, topic: &Topic, after_us: u64, to_us: u64) -> Vec<String> {
    let options: Vec<&Listing> = if topic.inst_id.is_empty() {
        rest::watched_options(venue, &topic.inst_family, "")
    } else {
        venue.catalogue.find(&topic.inst_id).into_iter().collect()
    };
    let mut found = Vec::new();
    for listing in options.into_iter().filter(|l| l.kind == Kind::Option && l.trades_at(rows::ms(to_us))) {
        if let Some(series) = venue.made(&listing.id) {
            let prints = series.orders_between(after_us, to_us);
            found.extend(prints.iter().map(|p| (p.us, rest::option_trade_row(&series, listing, p))));
        }
    }
    found.sort();
    found.into_iter().map(|(_, row)| row).collect()
}

/// When the next liquidation of a type is published.
pub(super) fn next_liquidation(venue: &Venue, topic: &Topic, after_us: u64) -> u64 {
    let busy = ["SWAP", "FUTURES"].contains(&topic.inst_type.as_str());
    let spell = after_us / LIQUIDATION_US + 1;
    let hash = noise::at(venue.world.seed, spell);
    if busy { spell * LIQUIDATION_US + hash % (LIQUIDATION_US / 2) } else { u64::MAX }
}

/// A liquidation at this time: somebody on one of the largest contracts, a little beyond the price.
pub(super) fn liquidation(venue: &Venue, topic: &Topic, us: u64) -> Option<String> {
    let hash = noise::at(venue.world.seed ^ 0x11, us);
    let kind = Kind::parse(&topic.inst_type)?;
    let large = |l: &&Listing| ["BTC", "ETH", "SOL"].contains(&l.base.as_str()) && l.trades_at(rows::ms(us));
    let listings: Vec<&Listing> = venue.catalogue.of_kind(kind).filter(large).collect();
    let listing = listings.get((hash % listings.len().max(1) as u64) as usize)?;
    let series = venue.made(&listing.id)?;
    let long = hash & (1 << 40) == 0;
    let (bid, ask) = series.touch(series.step_at(us));
    let px = if long { bid - bid / 500 } else { ask + ask / 500 };
    let (side, pos) = if long { ("sell", "long") } else { ("buy", "short") };
    Some(format!(
        "{{\"details\":[{{\"bkLoss\":\"0\",\"bkPx\":\"{}\",\"ccy\":\"\",\"posSide\":\"{pos}\",\"side\":\"{side}\",\"sz\":\"{}\",\
         \"ts\":\"{}\"}}],\"instFamily\":\"{}\",\"instId\":\"{}\",\"instType\":\"{}\",\"uly\":\"{}\"}}",
        series.grid.tick.times(px),
        series.grid.lot.times(1 + (hash % 900) as i64),
        rows::ms(us),
        listing.family(),
        listing.id,
        kind.name(),
        listing.text("uly"),
    ))
}
