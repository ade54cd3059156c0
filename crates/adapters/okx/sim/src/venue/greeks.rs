//! What an option is worth (Black and Scholes, no interest): prices, greeks, volatilities.

/// Milliseconds of a year of 365 days.
const YEAR_MS: f64 = 365.0 * 86_400_000.0;

/// An option at a moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quote {
    /// Forward price in the currency of the strike.
    pub forward: f64,
    /// Strike.
    pub strike: f64,
    /// Call rather than put.
    pub call: bool,
    /// Years to expiry.
    pub years: f64,
    /// Volatility a year.
    pub vol: f64,
}

/// Greeks of one contract on one coin, in USD per USD, and the coin's version of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Greeks {
    pub delta: f64,
    pub gamma: f64,
    pub vega: f64,
    pub theta: f64,
}

/// The share of a normal distribution below `x` (Abramowitz and Stegun 26.2.17; error below 1e-7).
pub(super) fn below(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let poly = t
        * (0.319_381_53
            + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let tail = density(x) * poly;
    if x >= 0.0 { 1.0 - tail } else { tail }
}

fn density(x: f64) -> f64 {
    (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

impl Quote {
    /// An option that expires then, seen now; the volatility smiles around the forward.
    pub fn new(forward: f64, strike: f64, call: bool, now_ms: u64, exp_ms: u64, level: f64) -> Self {
        let years = (exp_ms.saturating_sub(now_ms) as f64 / YEAR_MS).max(1.0 / (365.0 * 24.0 * 60.0));
        let away = (strike / forward).ln() / years.sqrt().max(0.05);
        let vol = level * (1.0 + (0.05 * away * away).min(1.2));
        Self { forward, strike, call, years, vol }
    }

    fn d1(&self) -> f64 {
        let spread = self.vol * self.years.sqrt();
        (self.forward / self.strike).ln() / spread + spread / 2.0
    }

    /// Worth in the currency of the strike.
    pub fn worth(&self) -> f64 {
        let d1 = self.d1();
        let d2 = d1 - self.vol * self.years.sqrt();
        let value = if self.call {
            self.forward * below(d1) - self.strike * below(d2)
        } else {
            self.strike * below(-d2) - self.forward * below(-d1)
        };
        value.max(0.0)
    }

    /// How likely the price ends above the strike.
    pub fn chance_above(&self) -> f64 {
        below(self.d1() - self.vol * self.years.sqrt())
    }

    /// In USD (`deltaBS` and so on).
    pub fn greeks(&self) -> Greeks {
        let d1 = self.d1();
        let root = self.years.sqrt();
        let pdf = density(d1);
        Greeks {
            delta: if self.call { below(d1) } else { below(d1) - 1.0 },
            gamma: pdf / (self.forward * self.vol * root),
            vega: self.forward * pdf * root / 100.0,
            theta: -self.forward * pdf * self.vol / (2.0 * root) / 365.0,
        }
    }

    /// In the coin (`delta` and so on): the worth in coin is the worth in USD over the price, so the delta loses that worth.
    pub fn coin_greeks(&self) -> Greeks {
        let usd = self.greeks();
        let worth = self.worth() / self.forward;
        Greeks {
            delta: usd.delta - worth,
            gamma: usd.gamma * self.forward - usd.delta + worth,
            vega: usd.vega / self.forward,
            theta: usd.theta / self.forward,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_puts_are_worth_the_forward_together() {
        for strike in [50_000.0, 78_000.0, 120_000.0] {
            let call = Quote::new(78_000.0, strike, true, 0, 30 * 86_400_000, 0.5);
            let put = Quote { call: false, ..call };
            assert!(
                (call.worth() - put.worth() - (78_000.0 - strike)).abs() < 0.05,
                "put-call parity at {strike}"
            );
            let (c, p) = (call.greeks(), put.greeks());
            assert!((c.delta - p.delta - 1.0).abs() < 1e-6 && c.gamma > 0.0 && c.theta < 0.0);
        }
        assert!((below(1.96) - 0.975).abs() < 1e-4 && (below(-1.96) - 0.025).abs() < 1e-4);
    }
}
