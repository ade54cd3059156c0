//! Arithmetic and fixed-point conversion, exact or refused.

use super::{Decimal, DecimalError, MAX_SCALE, Rounding, parse::pow10};

impl Decimal {
    /// The value as `raw / 10^fixed_precision`, exactly. Nautilus objects are made of such raw integers.
    ///
    /// # Errors
    /// [`DecimalError::Inexact`] if digits would be lost, [`DecimalError::OutOfRange`] if it does not fit.
    #[inline]
    pub fn to_raw(self, fixed_precision: u8) -> Result<i128, DecimalError> {
        if fixed_precision > MAX_SCALE {
            return Err(DecimalError::OutOfRange);
        }
        if self.scale <= fixed_precision {
            return self
                .mantissa
                .checked_mul(pow10(fixed_precision - self.scale))
                .ok_or(DecimalError::OutOfRange);
        }
        let divisor = pow10(self.scale - fixed_precision);
        if self.mantissa % divisor == 0 {
            Ok(self.mantissa / divisor)
        } else {
            Err(DecimalError::Inexact(fixed_precision))
        }
    }

    /// The value as `raw / 10^fixed_precision`, rounded where it has more digits.
    ///
    /// # Errors
    /// [`DecimalError::OutOfRange`] if it does not fit.
    pub fn to_raw_rounded(self, fixed_precision: u8, rounding: Rounding) -> Result<i128, DecimalError> {
        if self.scale <= fixed_precision {
            return self.to_raw(fixed_precision);
        }
        let divisor = pow10(self.scale - fixed_precision);
        Ok(round_quotient(self.mantissa, divisor, rounding))
    }

    /// The number `raw / 10^fixed_precision`, written with `precision` digits after the point if that is exact.
    ///
    /// # Errors
    /// [`DecimalError::Inexact`] or [`DecimalError::OutOfRange`].
    pub fn from_raw(raw: i128, fixed_precision: u8, precision: u8) -> Result<Self, DecimalError> {
        Self::new(raw, fixed_precision)?.rescaled(precision)
    }

    /// The same value with trailing zeros after the point removed.
    #[must_use]
    pub fn normalized(self) -> Self {
        if self.mantissa == 0 {
            return Self::ZERO;
        }
        let Self { mut mantissa, mut scale } = self;
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Self { mantissa, scale }
    }

    /// The same value written with exactly `scale` digits after the point.
    ///
    /// # Errors
    /// [`DecimalError::Inexact`] or [`DecimalError::OutOfRange`].
    pub fn rescaled(self, scale: u8) -> Result<Self, DecimalError> {
        Self::new(self.to_raw(scale)?, scale)
    }

    /// The value rounded to `scale` digits after the point.
    ///
    /// # Errors
    /// [`DecimalError::OutOfRange`] if it does not fit.
    pub fn rounded(self, scale: u8, rounding: Rounding) -> Result<Self, DecimalError> {
        Self::new(self.to_raw_rounded(scale, rounding)?, scale)
    }

    /// The value rounded to a multiple of `step`.
    ///
    /// # Errors
    /// [`DecimalError::DivisionByZero`] for a step of 0, [`DecimalError::OutOfRange`] if it does not fit.
    pub fn rounded_to(self, step: Self, rounding: Rounding) -> Result<Self, DecimalError> {
        let (a, b, scale) = self.common(step)?;
        if b == 0 {
            return Err(DecimalError::DivisionByZero);
        }
        // A negative step means the same multiples as the positive one.
        let b = b.abs();
        let multiple = round_quotient(a, b, rounding).checked_mul(b).ok_or(DecimalError::OutOfRange)?;
        Self::new(multiple, scale)
    }

    /// Whether the value is a whole multiple of `step` (a tick or lot). False for a step of 0.
    #[must_use]
    pub fn is_multiple_of(self, step: Self) -> bool {
        let (value, step) = (self.normalized(), step.normalized());
        if step.mantissa == 0 {
            return false;
        }
        if value.mantissa == 0 {
            return true;
        }
        if value.scale <= step.scale {
            // value = mantissa * 10^up / 10^step.scale: reduce stepwise so that nothing can overflow.
            let modulus = step.mantissa.unsigned_abs();
            let mut rest = value.mantissa.unsigned_abs() % modulus;
            for _ in 0..step.scale - value.scale {
                rest = mul10_mod(rest, modulus);
            }
            rest == 0
        } else {
            // Both are normalized: the value's last digit lies behind the step's last place, where no multiple has one.
            false
        }
    }

    /// `self + other`, exactly.
    ///
    /// # Errors
    /// [`DecimalError::OutOfRange`] if it does not fit.
    pub fn checked_add(self, other: Self) -> Result<Self, DecimalError> {
        let (a, b, scale) = self.common(other)?;
        Self::new(a.checked_add(b).ok_or(DecimalError::OutOfRange)?, scale)
    }

    /// `self - other`, exactly.
    ///
    /// # Errors
    /// [`DecimalError::OutOfRange`] if it does not fit.
    pub fn checked_sub(self, other: Self) -> Result<Self, DecimalError> {
        self.checked_add(other.negated())
    }

    /// `self * other`, exactly.
    ///
    /// # Errors
    /// [`DecimalError::OutOfRange`] if it does not fit.
    pub fn checked_mul(self, other: Self) -> Result<Self, DecimalError> {
        let product = |a: Self, b: Self| {
            let scale = a.scale + b.scale; // at most 76
            let mantissa = a.mantissa.checked_mul(b.mantissa)?;
            (scale <= MAX_SCALE).then(|| Self::new(mantissa, scale).ok()).flatten()
        };
        product(self, other)
            .or_else(|| product(self.normalized(), other.normalized()))
            .ok_or(DecimalError::OutOfRange)
    }

    /// `self / other` with `scale` digits after the point.
    ///
    /// # Errors
    /// [`DecimalError::DivisionByZero`], or [`DecimalError::OutOfRange`] if an operand or the result does not fit.
    pub fn checked_div(self, other: Self, scale: u8, rounding: Rounding) -> Result<Self, DecimalError> {
        if other.mantissa == 0 {
            return Err(DecimalError::DivisionByZero);
        }
        let (a, b) = (self.normalized(), other.normalized());
        // a.m / 10^a.s / (b.m / 10^b.s) * 10^scale = a.m * 10^(scale + b.s - a.s) / b.m
        let shift = i32::from(scale) + i32::from(b.scale) - i32::from(a.scale);
        let power = u8::try_from(shift.unsigned_abs()).ok().filter(|p| *p <= MAX_SCALE);
        let power = pow10(power.ok_or(DecimalError::OutOfRange)?);
        let (n, d) = if shift >= 0 {
            (a.mantissa.checked_mul(power), Some(b.mantissa))
        } else {
            (Some(a.mantissa), b.mantissa.checked_mul(power))
        };
        let (n, d) = n.zip(d).ok_or(DecimalError::OutOfRange)?;
        // Both within ±i128::MAX and not MIN: mantissas are below 10^38 and products are checked.
        let (n, d) = if d < 0 { (n.checked_neg(), d.checked_neg()) } else { (Some(n), Some(d)) };
        let (n, d) = n.zip(d).ok_or(DecimalError::OutOfRange)?;
        Self::new(round_quotient(n, d, rounding), scale)
    }

    /// `-self`.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self { mantissa: -self.mantissa, scale: self.scale }
    }

    /// The value without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self { mantissa: self.mantissa.abs(), scale: self.scale }
    }

    /// The nearest binary float, for display and statistics only.
    #[must_use]
    pub fn to_f64_lossy(self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The integer part and what is left, both towards zero.
    pub(super) const fn split(self) -> (i128, i128) {
        let unit = pow10(self.scale);
        (self.mantissa / unit, self.mantissa % unit)
    }

    /// Both mantissas at one scale.
    fn common(self, other: Self) -> Result<(i128, i128, u8), DecimalError> {
        let at_common = |a: Self, b: Self| {
            let scale = a.scale.max(b.scale);
            Some((a.to_raw(scale).ok()?, b.to_raw(scale).ok()?, scale))
        };
        at_common(self, other)
            .or_else(|| at_common(self.normalized(), other.normalized()))
            .ok_or(DecimalError::OutOfRange)
    }
}

impl std::ops::Neg for Decimal {
    type Output = Self;

    fn neg(self) -> Self {
        self.negated()
    }
}

/// `value * 10 % modulus` without overflow, for `value < modulus < 10^38`.
const fn mul10_mod(value: u128, modulus: u128) -> u128 {
    // value * 10 < 10^39 does not fit u128 (3.4 * 10^38), so in two steps: 2 * v < 2 * 10^38, then 5 * that in halves.
    let double = (value * 2) % modulus;
    let quadruple = (double * 2) % modulus;
    let octuple = (quadruple * 2) % modulus;
    (octuple + double) % modulus
}

/// `value / divisor` rounded; the divisor is positive.
fn round_quotient(value: i128, divisor: i128, rounding: Rounding) -> i128 {
    let quotient = value / divisor;
    let rest = value % divisor;
    if rest == 0 {
        return quotient;
    }
    let away = if value < 0 { -1 } else { 1 };
    let rest = rest.unsigned_abs();
    let half = (rest).cmp(&(divisor.unsigned_abs() - rest));
    let up = match rounding {
        Rounding::Down => false,
        Rounding::Up => true,
        Rounding::Floor => value < 0,
        Rounding::Ceiling => value > 0,
        Rounding::HalfUp => half.is_ge(),
        Rounding::HalfEven => half.is_gt() || (half.is_eq() && quotient % 2 != 0),
    };
    if up { quotient + away } else { quotient }
}
