//! The path of a price through one span of time: from an opening to a closing price by way of a high and a low.
//!
//! A whole span can be summed up without looking at its trades, because one trade is placed at the high and one at the low.

use crate::venue::noise;

/// The middle price moves on this grid at most.
const STEP_US: u64 = 50_000;
/// Small moves around the path change this often.
const RIPPLE_US: u64 = 250_000;

/// A span with its prices in ticks. Times are microseconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(in crate::venue) struct Bucket {
    /// Its number: spans since 1970.
    pub no: u64,
    /// Where it starts.
    pub start_us: u64,
    /// How long it is.
    pub len_us: u64,
    /// Best bid at its start, its highest and lowest, at its end.
    pub open: i64,
    pub high: i64,
    pub low: i64,
    pub close: i64,
    /// When the highest and the lowest are reached.
    pub high_us: u64,
    pub low_us: u64,
    /// Best ask less best bid.
    pub spread: i64,
    /// Average size of a match, lots.
    pub lots: i64,
    seed: u64,
}

/// What a span is drawn from.
#[derive(Debug, Clone, Copy)]
pub(in crate::venue) struct Draw {
    pub seed: u64,
    pub no: u64,
    pub len_us: u64,
    /// Prices at both ends, ticks.
    pub open: f64,
    pub close: f64,
    /// How far it strays beyond them, ticks.
    pub stray: f64,
    /// Grid the extremes lie on, microseconds: a multiple of the steps of the book.
    pub grid_us: u64,
    /// Typical size of a match, lots.
    pub lots: i64,
    /// Highest price, for contracts on probabilities.
    pub ceiling: i64,
}

impl Bucket {
    pub fn new(draw: &Draw) -> Self {
        let seed = noise::at(draw.seed, draw.no);
        let start_us = draw.no * draw.len_us;
        let ceiling = (draw.ceiling - 4).max(2);
        let bounded = |price: f64| (price.round() as i64).clamp(1, ceiling);
        let (open, close) = (bounded(draw.open), bounded(draw.close));
        let part = |salt: u64| noise::unit(noise::at(seed, salt));
        let beyond = |salt: u64| (part(salt) * part(salt + 1) * draw.stray).round() as i64;
        let high = (open.max(close) + beyond(10)).min(ceiling);
        let low = (open.min(close) - beyond(20)).max(1);
        let snap = |share: f64| start_us + (share * draw.len_us as f64) as u64 / draw.grid_us * draw.grid_us;
        let (first, second) = (snap(0.05 + 0.35 * part(30)), snap(0.6 + 0.35 * part(31)));
        let up_first = if close > open { part(32) < 0.3 } else { part(32) < 0.7 };
        let (high_us, low_us) = if up_first { (first, second) } else { (second, first) };
        let spread = match noise::at(seed, 33) % 10 {
            0..7 => 1,
            7..9 => 2,
            _ => 3,
        };
        let lots = ((draw.lots as f64 * (0.4 + 1.6 * part(34) * part(35))) as i64).max(1);
        Self {
            no: draw.no,
            start_us,
            len_us: draw.len_us,
            open,
            high,
            low,
            close,
            high_us,
            low_us,
            spread,
            lots,
            seed,
        }
    }

    /// Where it ends.
    pub const fn end_us(&self) -> u64 {
        self.start_us + self.len_us
    }

    /// A hash of a place in it.
    pub const fn hash(&self, place: u64) -> u64 {
        noise::at(self.seed, place)
    }

    /// Times and prices of the four corners.
    fn corners(&self) -> [(u64, i64); 4] {
        let mut mid = [(self.high_us, self.high), (self.low_us, self.low)];
        mid.sort_unstable();
        [(self.start_us, self.open), mid[0], mid[1], (self.end_us(), self.close)]
    }

    /// Best bid at this time, ticks.
    pub fn bid(&self, us: u64) -> i64 {
        let us = us - us % STEP_US;
        let us = us.clamp(self.start_us, self.end_us());
        let corners = self.corners();
        let leg = corners.windows(2).find(|leg| us <= leg[1].0);
        let Some([(from, here), (to, there)]) = leg.and_then(|leg| <[_; 2]>::try_from(leg).ok()) else {
            return self.close;
        };
        let span = (to - from).max(1) as i128;
        let gone = (us - from) as i128;
        let line = here + (i128::from(there - here) * gone / span) as i64;
        // The ripple dies out at the corners, so that they stay the extremes.
        let near = (us - from).min(to - us).min(2_000_000) as i64;
        let reach = (self.high - self.low) / 16 + 1;
        let ripple = self.hash(1_000 + us / RIPPLE_US) % (2 * reach as u64 + 1);
        let ripple = (ripple as i64 - reach) * near / 2_000_000;
        (line + ripple).clamp(self.low, self.high)
    }

    /// Twice the average best bid, ticks.
    pub fn mean2(&self) -> i64 {
        let area: i128 = self
            .corners()
            .windows(2)
            .map(|leg| i128::from(leg[0].1 + leg[1].1) * i128::from(leg[1].0 - leg[0].0))
            .sum();
        (area / i128::from(self.len_us)) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_are_where_they_are_said_to_be() {
        for no in 28_000_000..28_000_200 {
            let draw = Draw {
                seed: 5,
                no,
                len_us: 60_000_000,
                open: 778_300.0,
                close: 778_250.0 + (no % 100) as f64,
                stray: 200.0,
                grid_us: 50_000,
                lots: 1_000,
                ceiling: i64::MAX,
            };
            let bucket = Bucket::new(&draw);
            let bids = (0..1_200).map(|i| bucket.bid(bucket.start_us + i * 50_000));
            let (low, high) = bids.fold((i64::MAX, 0), |(l, h), bid| (l.min(bid), h.max(bid)));
            assert_eq!((low, high), (bucket.low, bucket.high));
            assert_eq!(bucket.bid(bucket.high_us), bucket.high);
            assert_eq!(bucket.bid(bucket.low_us), bucket.low);
            assert_eq!(bucket.bid(bucket.start_us), bucket.open);
        }
    }
}
