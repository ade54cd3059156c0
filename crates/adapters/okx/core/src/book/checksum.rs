//! OKX's checksum of a book. Constant 0 on the live exchange since 2026-06-23; real in older recordings and on spreads.

use crc32fast::Hasher;
use okx_common::decimal::MAX_TEXT_LEN;
use okx_ws::message::Level;

use super::ladder::Ladder;

/// Levels of each side that count.
const CHECKSUM_LEVELS: usize = 25;

/// CRC32 over `bid:size:ask:size:…` of the best 25 levels as OKX wrote them, as a signed number. A side that ends earlier is left
/// out from there on.
pub(super) fn checksum(ladder: &Ladder) -> i32 {
    let mut text = Text { hasher: Hasher::new(), is_first: true };
    let (mut bids, mut asks) = (ladder.bids(), ladder.asks());
    for _ in 0..CHECKSUM_LEVELS {
        bids.next().into_iter().chain(asks.next()).for_each(|level| text.level(level));
    }
    text.hasher.finalize().cast_signed()
}

struct Text {
    hasher: Hasher,
    is_first: bool,
}

impl Text {
    fn level(&mut self, level: &Level) {
        let mut buffer = [0; MAX_TEXT_LEN];
        for number in [level.px, level.sz] {
            if !std::mem::take(&mut self.is_first) {
                self.hasher.update(b":");
            }
            self.hasher.update(number.write_to(&mut buffer).as_bytes());
        }
    }
}
