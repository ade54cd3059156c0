//! The price of an option from its volatility, for orders that name `pxVol`.

/// Price by the formula of Black: forward, strike, volatility (1 is 100 %), years to go.
#[must_use]
pub fn price(forward: f64, strike: f64, vol: f64, years: f64, put: bool) -> f64 {
    let intrinsic = if put { strike - forward } else { forward - strike };
    let width = vol * years.sqrt();
    if width <= 0.0 || forward <= 0.0 || strike <= 0.0 {
        return intrinsic.max(0.0);
    }
    let d1 = (forward / strike).ln() / width + width / 2.0;
    let call = forward * normal(d1) - strike * normal(d1 - width);
    if put { call - forward + strike } else { call }
}

/// The standard normal distribution, to about seven digits (Abramowitz and Stegun 26.2.17).
fn normal(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let poly = t
        * (0.319_381_53
            + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let tail = (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() * poly;
    if x >= 0.0 { 1.0 - tail } else { tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        let at_the_money = price(100.0, 100.0, 0.2, 1.0, false);
        assert!((at_the_money - 7.9656).abs() < 1e-3, "{at_the_money}");
        let put = price(100.0, 110.0, 0.2, 1.0, true);
        let call = price(100.0, 110.0, 0.2, 1.0, false);
        assert!((put - call - 10.0).abs() < 1e-6, "parity");
        assert!((price(120.0, 100.0, 0.0, 1.0, false) - 20.0).abs() < 1e-9);
    }
}
