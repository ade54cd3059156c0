//! The order book: 400 levels and more on each side, every level a function of its price and the time.

use super::Series;
use crate::venue::noise;

/// One price of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::venue) struct Level {
    /// Ticks.
    pub px: i64,
    /// Lots of ordinary orders.
    pub lots: i64,
    /// Lots of orders for retail takers (RPI) on top.
    pub rpi: i64,
    /// Orders.
    pub orders: u32,
}

/// A state of the book, best prices first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::venue) struct Book {
    pub asks: Vec<Level>,
    pub bids: Vec<Level>,
}

/// What a script made of the book.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::venue) struct Shape {
    /// At most so many levels.
    pub asks: usize,
    /// At most so many levels.
    pub bids: usize,
    /// Sizes are multiplied by this.
    pub sizes: f64,
    /// Bids reach so many ticks into the asks, as before an opening.
    pub crossed: i64,
}

impl Default for Shape {
    fn default() -> Self {
        Self { asks: usize::MAX, bids: usize::MAX, sizes: 1.0, crossed: 0 }
    }
}

/// A level is empty that often, in 128.
const HOLES: u64 = 28;

impl Series {
    /// A state of the book with at most so many levels a side.
    pub fn book(&self, step: u64, depth: usize) -> Book {
        let shape = self.shape(self.step_us_of(step));
        if let Some(track) = &self.track {
            let mut book = track.book(step);
            // The whole book is what the recorded changes made of it, some levels more or less than 400.
            let depth = if depth >= 400 { usize::MAX } else { depth };
            book.asks.truncate(depth.min(shape.asks));
            book.bids.truncate(depth.min(shape.bids));
            let shrunk = book.asks.iter_mut().chain(&mut book.bids).filter(|_| shape.sizes != 1.0);
            shrunk.for_each(|level| level.lots = ((level.lots as f64 * shape.sizes) as i64).max(1));
            return book;
        }
        let (bid, ask) = self.touch(step);
        let side = |from: i64, by: i64, most: usize| {
            let mut levels = Vec::with_capacity(depth.min(most));
            let mut px = from;
            while levels.len() < depth.min(most) && px > 0 && px < self.ceiling {
                if let Some(mut level) = self.level(px, step, by > 0, px == from) {
                    if shape.sizes != 1.0 {
                        level.lots = ((level.lots as f64 * shape.sizes) as i64).max(1);
                    }
                    levels.push(level);
                }
                px += by;
            }
            levels
        };
        Book { asks: side(ask, 1, shape.asks), bids: side(bid + shape.crossed, -1, shape.bids) }
    }

    /// The level at this price; the best one is never empty and never the same in two states.
    fn level(&self, px: i64, step: u64, ask: bool, best: bool) -> Option<Level> {
        let place = noise::near(self.seed ^ u64::from(ask), px as u64);
        // Each price has a period of its own, 32 to 512 states long.
        let period = (step + (place >> 20) % 512) >> (5 + place % 5);
        let draw = noise::near(place, period);
        if !best && draw % 128 < HOLES {
            return None;
        }
        let share = noise::unit(draw);
        let heavy = if draw & 0x700 == 0 { 30.0 } else { 3.0 };
        let lots = 1 + (self.lots as f64 * heavy * share * share) as i64;
        let lots = if best { lots / 4 * 4 + 4 + (step % 4) as i64 } else { lots };
        let orders = 1 + (share * share * 14.0) as u32;
        let rpi = if draw & 0x3000 == 0 { 1 + lots / 3 } else { 0 };
        Some(Level { px, lots, rpi, orders })
    }
}

#[cfg(test)]
mod tests {
    use crate::venue::tests::series;

    #[test]
    fn books_are_deep_and_never_crossed() {
        for id in ["BTC-USDT", "BTC-USDT-SWAP", "UNI-USDT", "DOGE-EUR"] {
            let series = series(3, id);
            let mut last = None;
            for step in (0..400).map(|n| 35_912_340_000 + n) {
                let book = series.book(step, 400);
                assert_eq!((book.asks.len(), book.bids.len()), (400, 400), "{id}");
                assert!(book.bids[0].px < book.asks[0].px);
                assert!(book.asks.windows(2).all(|w| w[0].px < w[1].px));
                assert!(book.bids.windows(2).all(|w| w[0].px > w[1].px));
                assert_ne!(last, Some(book.clone()), "something changes in every state");
                last = Some(book);
            }
        }
    }
}
