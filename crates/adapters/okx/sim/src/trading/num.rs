//! Amounts: exact decimals with the four operations, so that formulas read as such.

use std::{
    fmt,
    iter::Sum,
    ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign},
};

use okx_common::decimal::{Decimal, Rounding};

/// Digits after the point that are kept. OKX prints up to about 16.
const PLACES: u8 = 18;
/// Digits kept of the operands where a result would not fit: the first that do.
const SHORTER: [u8; 3] = [9, 4, 0];
/// Digits of quotients.
const QUOTIENT_PLACES: u8 = 16;

/// An exact decimal. Results have at most 18 places, quotients 16.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Num(Decimal);

impl Num {
    /// `0`.
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// `1`.
    pub const ONE: Self = Self(Decimal::ONE);

    /// A whole number.
    #[must_use]
    pub const fn int(value: i64) -> Self {
        Self(Decimal::from_i64(value))
    }

    /// Reads what OKX would read as a number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(|d: Decimal| Self::fit(d))
    }

    /// Reads a constant of the source.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::parse(text).unwrap_or(Self::ZERO)
    }

    /// The nearest number with eight places.
    #[must_use]
    pub fn near(value: f64) -> Self {
        Self::parse(&format!("{value:.8}")).unwrap_or(Self::ZERO)
    }

    fn fit(value: Decimal) -> Self {
        if value.scale() <= PLACES {
            return Self(value);
        }
        Self(value.rounded(PLACES, Rounding::HalfEven).unwrap_or(value))
    }

    fn short(self, places: u8) -> Decimal {
        self.0.rounded(places.min(self.0.scale()), Rounding::HalfEven).map_or(self.0, Decimal::normalized)
    }

    /// Whether it is 0.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Whether it is above 0.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0.is_positive()
    }

    /// Whether it is below 0.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0.is_negative()
    }

    /// Without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// 1, 0 or -1.
    #[must_use]
    pub const fn sign(self) -> Self {
        Self::int(if self.0.is_negative() {
            -1
        } else if self.0.is_positive() {
            1
        } else {
            0
        })
    }

    /// The quotient; 0 for a divisor of 0.
    #[must_use]
    pub fn over(self, divisor: Self) -> Self {
        let exact = |a: Decimal, b: Decimal| a.checked_div(b, QUOTIENT_PLACES, Rounding::HalfEven).ok();
        exact(self.0, divisor.0)
            .or_else(|| SHORTER.into_iter().find_map(|p| exact(self.short(p), divisor.0)))
            .or_else(|| SHORTER.into_iter().find_map(|p| exact(self.short(p), divisor.short(p))))
            .map_or(Self::ZERO, |q| Self::fit(q.normalized()))
    }

    /// The largest multiple of the step that is not above it.
    #[must_use]
    pub fn floor_to(self, step: Self) -> Self {
        self.0.rounded_to(step.0, Rounding::Floor).map_or(self, Self)
    }

    /// The nearest multiple of the step, halves away from 0.
    #[must_use]
    pub fn near_to(self, step: Self) -> Self {
        self.0.rounded_to(step.0, Rounding::HalfUp).map_or(self, Self)
    }

    /// Rounded to so many places.
    #[must_use]
    pub fn places(self, places: u8) -> Self {
        if self.0.scale() <= places {
            return self;
        }
        self.0.rounded(places, Rounding::HalfEven).map_or(self, Self)
    }

    /// Whether it is a whole multiple of the step.
    #[must_use]
    pub fn is_multiple_of(self, step: Self) -> bool {
        self.0.is_multiple_of(step.0)
    }

    /// Roughly this number.
    #[must_use]
    pub fn float(self) -> f64 {
        self.0.to_f64_lossy()
    }
}

impl From<Decimal> for Num {
    fn from(value: Decimal) -> Self {
        Self::fit(value)
    }
}

impl Add for Num {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let sum = self.0.checked_add(other.0).ok();
        let sum =
            sum.or_else(|| SHORTER.into_iter().find_map(|p| self.short(p).checked_add(other.short(p)).ok()));
        // Beyond 29 digits before the point nothing is left that means money.
        sum.map_or(self, Self::fit)
    }
}

impl Sub for Num {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Num {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let product = self.0.checked_mul(other.0).ok();
        let product = product
            .or_else(|| SHORTER.into_iter().find_map(|p| self.short(p).checked_mul(other.short(p)).ok()));
        product.map_or(Self::ZERO, Self::fit)
    }
}

impl Neg for Num {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.negated())
    }
}

impl AddAssign for Num {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Num {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Num {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Num {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.normalized(), f)
    }
}

impl fmt::Debug for Num {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_exact_where_they_can_be() {
        let n = Num::of;
        assert_eq!((n("0.1") + n("0.2")).to_string(), "0.3");
        assert_eq!((n("51858.10") * n("0.00192834")).to_string(), "100.000048554");
        assert_eq!(n("1").over(n("3")).to_string(), "0.3333333333333333");
        assert_eq!(n("1").over(Num::ZERO), Num::ZERO);
        assert_eq!((-n("5")).floor_to(n("2")).to_string(), "-6");
        assert_eq!(n("7.25").near_to(n("0.1")).to_string(), "7.3");
        assert!(n("0.3").is_multiple_of(n("0.1")) && !n("0.35").is_multiple_of(n("0.1")));
    }

    #[test]
    fn what_does_not_fit_is_rounded_rather_than_lost() {
        let wide = Num::of("99999999999999.123456789012345678");
        let product = wide * wide;
        assert!(product > Num::of("9999999999999000000000000000"), "{product}");
        assert_eq!(Num::parse("1e-30"), Some(Num::ZERO));
        assert_eq!(Num::parse("x"), None);
    }
}
