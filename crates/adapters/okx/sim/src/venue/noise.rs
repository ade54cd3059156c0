//! Chance that can be asked for any moment: everything here is a function of a seed and a place, so the past can be recomputed.

use std::cell::Cell;

/// Scrambles a word (the finalizer of SplitMix64): every bit of the input moves every bit of the output.
pub(super) const fn mix(word: u64) -> u64 {
    let mut z = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The hash of a place under a seed.
pub(super) const fn at(seed: u64, place: u64) -> u64 {
    mix(seed ^ mix(place))
}

/// The same for neighbouring places that are asked for in great numbers: half the work, and good enough for levels of a book.
pub(super) const fn near(seed: u64, place: u64) -> u64 {
    mix(seed ^ place.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// A seed of its own for a name.
pub(super) fn seed_of(seed: u64, name: &str) -> u64 {
    let mut hash = crate::hash::Fnv::default();
    hash.bytes(name.as_bytes());
    at(seed, hash.value())
}

/// A number of `0.0..1.0`.
pub(super) fn unit(hash: u64) -> f64 {
    (hash >> 11) as f64 / (1u64 << 53) as f64
}

/// A wandering line: noise of many periods on top of each other, each twice as long as the one below and √2 times as strong, as a
/// random walk has it. Between two whole minutes it is straight.
///
/// It remembers the knots it lay between last, for history is read from one minute to the next.
#[derive(Debug, Clone)]
pub(super) struct Wander {
    octaves: Vec<Octave>,
}

#[derive(Debug, Clone)]
struct Octave {
    seed: u64,
    strength: f64,
    period_ms: u64,
    /// Number of the knot on the left plus one, and the heights of both.
    last: Cell<(u64, f64, f64)>,
}

const MINUTE_MS: u64 = 60_000;

impl Wander {
    /// A line that moves about twice `strength` in a minute and goes back to 0 in the long run.
    pub fn new(seed: u64, strength: f64, octaves: u32) -> Self {
        let strengths = std::iter::successors(Some(strength), |s| Some(s * std::f64::consts::SQRT_2));
        let octave = |(no, strength): (u32, f64)| Octave {
            seed: seed ^ (u64::from(no) << 56),
            strength,
            period_ms: MINUTE_MS << no,
            last: Cell::new((0, 0.0, 0.0)),
        };
        let octaves = if strength == 0.0 { 0 } else { octaves };
        Self { octaves: (0..octaves).zip(strengths).map(octave).collect() }
    }

    /// Its height at this time.
    pub fn height(&self, ms: u64) -> f64 {
        self.octaves.iter().map(|octave| octave.height(ms)).sum()
    }

    /// The factor a price is moved by: 1 on average, never near 0.
    pub fn factor(&self, ms: u64) -> f64 {
        let height = self.height(ms).clamp(-1.5, 1.5);
        (2.0 + height) / (2.0 - height)
    }
}

impl Octave {
    fn height(&self, ms: u64) -> f64 {
        let (knot, within) = (ms / self.period_ms, (ms % self.period_ms) as f64 / self.period_ms as f64);
        let (last, mut left, mut right) = self.last.get();
        if last != knot + 1 {
            let known = last == knot;
            left = if known { right } else { unit(at(self.seed, knot)) };
            right = unit(at(self.seed, knot + 1));
            self.last.set((knot + 1, left, right));
        }
        self.strength * (2.0 * (left + (right - left) * within) - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_moves_little_in_a_minute_and_more_in_a_day() {
        let line = Wander::new(7, 0.0004, 21);
        let start = 1_790_000_000_000 / MINUTE_MS * MINUTE_MS;
        let mut most = 0.0f64;
        let (mut low, mut high) = (f64::MAX, 0.0f64);
        for minute in 0..1_440 {
            let here = line.factor(start + minute * MINUTE_MS);
            most = most.max((line.factor(start + (minute + 1) * MINUTE_MS) / here - 1.0).abs());
            (low, high) = (low.min(here), high.max(here));
        }
        assert!(most < 0.005, "{most}");
        assert!((0.004..0.2).contains(&(high / low - 1.0)), "{low} {high}");
    }
}
