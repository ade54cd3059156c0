//! Helpers and tests over the whole market.

use super::*;

/// The market of one instrument under a seed.
pub(super) fn series(seed: u64, id: &str) -> Series {
    let catalogue = Catalogue::new(&[]).expect("catalogue");
    let world = World::new(seed, 1.0, &catalogue);
    Series::new(catalogue.find(id).expect("listed"), &world).expect("detailed")
}
