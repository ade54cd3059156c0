//! The only place that draws random numbers.

use rand::{RngCore, SeedableRng};

/// A source of random bits. Everything that is random takes one, so that a seed replays it.
pub trait Rng: Send {
    /// 64 random bits.
    fn next_u64(&mut self) -> u64;

    /// A number below `bound` (0 for a bound of 0), without bias that matters: the error is below `bound / 2^64`.
    fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next_u64()) * u128::from(bound)) >> 64) as u64
    }

    /// A number of the range `low..=high`.
    fn between(&mut self, low: u64, high: u64) -> u64 {
        match high.saturating_sub(low).checked_add(1) {
            Some(span) => low + self.below(span),
            None => self.next_u64(),
        }
    }

    /// A number of `0.0..1.0`.
    fn unit(&mut self) -> f64 {
        // 53 bits are what an f64 holds.
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True once in `n` draws on average; never for 0.
    fn one_in(&mut self, n: u64) -> bool {
        n != 0 && self.below(n) == 0
    }

    /// Fills the bytes.
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let bits = self.next_u64().to_le_bytes();
            chunk.copy_from_slice(&bits[..chunk.len()]);
        }
    }
}

impl<R: Rng + ?Sized> Rng for Box<R> {
    fn next_u64(&mut self) -> u64 {
        (**self).next_u64()
    }
}

/// Random bits from the operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRng;

impl Rng for SystemRng {
    fn next_u64(&mut self) -> u64 {
        rand::rng().next_u64()
    }
}

/// Reproducible random bits. Clones repeat the same sequence.
#[derive(Debug, Clone)]
pub struct SeededRng(rand_chacha::ChaCha8Rng);

impl SeededRng {
    /// The generator of this seed. The sequence is stable across versions and machines.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(rand_chacha::ChaCha8Rng::seed_from_u64(seed))
    }

    /// An independent generator for one part of a simulation, so that parts do not disturb each other's draws.
    #[must_use]
    pub fn fork(&mut self) -> Self {
        Self::new(self.next_u64())
    }
}

impl Rng for SeededRng {
    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_one_sequence() {
        let draw = |seed| {
            let mut rng = SeededRng::new(seed);
            [rng.next_u64(), rng.between(3, 9), rng.fork().next_u64()]
        };
        assert_eq!(draw(42), draw(42));
        assert_ne!(draw(42), draw(43));
        assert_eq!(
            SeededRng::new(1).next_u64(),
            7_424_550_030_962_593_201,
            "the sequence of a seed must not change"
        );
    }

    #[test]
    fn ranges_hold() {
        let mut rng = SeededRng::new(7);
        let mut seen = [false; 7];
        for _ in 0..1_000 {
            seen[(rng.between(3, 9) - 3) as usize] = true;
            assert!((0.0..1.0).contains(&rng.unit()));
        }
        assert!(seen.iter().all(|s| *s));
        assert_eq!(rng.below(0), 0);
        assert!(!rng.one_in(0));
        assert!(rng.one_in(1));
        assert_eq!(rng.between(5, 5), 5);
        let mut bytes = [0u8; 11];
        rng.fill(&mut bytes);
        assert_ne!(bytes, [0u8; 11]);
        assert_ne!(SystemRng.next_u64(), SystemRng.next_u64());
    }
}
