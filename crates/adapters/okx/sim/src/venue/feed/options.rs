//! `option-trades`.

use crate::{
    topic::Topic,
    venue::{
        Venue,
        catalogue::{Kind, Listing},
        rest, rows,
    },
};

/// How often trades of options are looked for.
pub(super) const LOOK_US: u64 = 500_000;

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
