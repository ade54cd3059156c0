//! Block trades: large ones, agreed on off the book (OKX API v5, "Public block trades channel", "Public structure block trades channel").

use super::{
    Venue,
    catalogue::{Kind, Listing},
    lines, noise,
    num::Dec,
    rows,
};

/// So often an instrument, or a structure of several, is traded in a block.
const SPELL_US: u64 = 4_000_000;
/// Ids of block trades are far beyond those of the book's.
const FIRST_ID: u64 = 600_000_000_000_000_000;

/// When the next one happens: of an instrument, or of structures if it has no name.
pub(super) fn next(venue: &Venue, inst_id: &str, after_us: u64) -> u64 {
    let spell = after_us / SPELL_US;
    let (now, later) = (at(venue, inst_id, spell), at(venue, inst_id, spell + 1));
    if now > after_us { now } else { later }
}

fn at(venue: &Venue, inst_id: &str, spell: u64) -> u64 {
    spell * SPELL_US + hash(venue, inst_id, spell) % SPELL_US
}

fn hash(venue: &Venue, inst_id: &str, place: u64) -> u64 {
    noise::at(noise::seed_of(venue.world.seed ^ 0xb10c, inst_id), place)
}

/// The price, size and side of a block at this time: a little off the mark.
struct Deal {
    px: Dec,
    sz: Dec,
    side: &'static str,
}

fn deal(venue: &Venue, listing: &Listing, us: u64) -> Option<Deal> {
    let series = venue.made(&listing.id)?;
    let chance = hash(venue, &listing.id, us);
    let buy = chance & 1 == 0;
    let (bid, ask) = series.touch(series.step_at(us));
    Some(Deal {
        px: series.grid.tick.times(if buy { ask } else { bid }),
        sz: series.grid.lot.times(100 + (chance >> 8) as i64 % 900),
        side: if buy { "buy" } else { "sell" },
    })
}

/// A row of `public-block-trades`.
pub(super) fn single(venue: &Venue, inst_id: &str, us: u64) -> Option<String> {
    let listing = venue.catalogue.find(inst_id).filter(|l| l.trades_at(rows::ms(us)))?;
    let series = venue.made(inst_id)?;
    let deal = deal(venue, listing, us)?;
    let ms = rows::ms(us);
    let (mut index, mut mark, mut vol, mut forward) = Default::default();
    if listing.kind.is_derivative() {
        let price = series.index(ms);
        index = Dec::near(price, lines::places(price)).to_string();
        mark = lines::mark(&series, ms).to_string();
    }
    if let Some(quote) = series.option_quote(ms) {
        vol = format!("{:.4}", quote.vol);
        forward = format!("{:.8}", quote.forward);
    }
    Some(format!(
        "{{\"fillVol\":\"{vol}\",\"fwdPx\":\"{forward}\",\"groupId\":\"\",\"idxPx\":\"{index}\",\"instId\":\"{inst_id}\",\
         \"markPx\":\"{mark}\",\"px\":\"{}\",\"side\":\"{}\",\"sz\":\"{}\",\"tradeId\":\"{}\",\"ts\":\"{ms}\"}}",
        deal.px,
        deal.side,
        deal.sz,
        FIRST_ID + us,
    ))
}

/// A row of `public-struc-block-trades`: a swap against a future, or two options of an expiry.
pub(super) fn structure(venue: &Venue, us: u64) -> Option<String> {
    let chance = hash(venue, "", us);
    let kind = if chance & 1 == 0 { Kind::Futures } else { Kind::Option };
    let traded = |l: &&Listing| l.base == "BTC" && l.trades_at(rows::ms(us));
    let found: Vec<&Listing> = venue.catalogue.of_kind(kind).filter(traded).collect();
    let first = *found.get((chance >> 8) as usize % found.len().max(1))?;
    let fits = |l: &&&Listing| l.id != first.id && l.family() == first.family() && l.exp_ms == first.exp_ms;
    let second = match found.iter().find(fits) {
        Some(other) => *other,
        None => venue.catalogue.of_kind(Kind::Swap).find(traded)?,
    };
    let legs = [first, second].into_iter().zip(1u64..).map(|(leg, n)| {
        let deal = deal(venue, leg, us)?;
        // One leg is bought, the other sold.
        let side = if (n == 1) == (chance & 4 == 0) { "buy" } else { "sell" };
        Some(format!(
            "{{\"instId\":\"{}\",\"px\":\"{}\",\"side\":\"{side}\",\"sz\":\"{}\",\"tradeId\":\"{}\"}}",
            leg.id,
            deal.px,
            deal.sz,
            FIRST_ID + us + n,
        ))
    });
    let legs: Vec<String> = legs.collect::<Option<_>>()?;
    Some(format!(
        "{{\"blockTdId\":\"{}\",\"cTime\":\"{}\",\"groupId\":\"\",\"legs\":[{}]}}",
        FIRST_ID + us,
        rows::ms(us),
        legs.join(","),
    ))
}
