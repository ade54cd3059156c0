//! Exact decimal numbers, as OKX sends them.
//!
//! OKX writes prices, sizes and rates as ASCII strings. [`Decimal`] keeps such a number as an integer mantissa and a
//! scale, so that nothing is ever rounded by a binary float and trailing zeros (which tell the precision) survive.

mod arith;
mod parse;
mod wire;

#[cfg(test)]
mod tests;

pub use parse::MAX_TEXT_LEN;

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

/// The largest scale (digits after the point). `10^38` is the largest power of ten an `i128` holds.
pub const MAX_SCALE: u8 = 38;

/// The longest text that is looked at. `i128` holds 39 digits; sign, point, leading zeros and an exponent are added
/// generously. OKX refuses prices over 32 characters itself (code 51514).
pub const MAX_INPUT_LEN: usize = 128;

/// Why a number was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// The text is empty.
    #[error("empty text is not a number")]
    Empty,
    /// The text is longer than [`MAX_INPUT_LEN`].
    #[error("number text is longer than {MAX_INPUT_LEN} characters")]
    TooLong,
    /// The byte at this position does not belong into a number.
    #[error("unexpected character at position {0} of a number")]
    Malformed(usize),
    /// The number needs more than the 38 digits that are kept exactly.
    #[error("number does not fit 38 digits exactly")]
    OutOfRange,
    /// The conversion would have dropped digits that are not zero.
    #[error("number has more than {0} decimal places")]
    Inexact(u8),
    /// Division by zero, or a step of zero.
    #[error("division by zero")]
    DivisionByZero,
}

/// How to round where an exact result does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rounding {
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
    /// Towards negative infinity.
    Floor,
    /// Towards positive infinity.
    Ceiling,
    /// To the nearest, ties to the even digit.
    #[default]
    HalfEven,
    /// To the nearest, ties away from zero.
    HalfUp,
}

/// An exact decimal number: `mantissa / 10^scale`.
///
/// Equality, ordering and hashing go by value (`1.0 == 1.00`); [`fmt::Display`] writes all digits of the scale, so text
/// that OKX sent comes back unchanged (leading zeros, exponents and `-0` aside).
///
/// ```
/// use okx_common::decimal::Decimal;
/// let tick: Decimal = "0.10".parse()?;
/// assert_eq!(tick.to_string(), "0.10");
/// assert_eq!(tick, "0.1".parse()?);
/// assert_eq!(tick.to_raw(9)?, 100_000_000);
/// assert!("1234.5".parse::<Decimal>()?.is_multiple_of(tick));
/// # Ok::<(), okx_common::decimal::DecimalError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Decimal {
    mantissa: i128,
    scale: u8,
}

impl Decimal {
    /// `0`.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };
    /// `1`.
    pub const ONE: Self = Self { mantissa: 1, scale: 0 };

    /// Makes `mantissa / 10^scale`.
    ///
    /// # Errors
    /// [`DecimalError::OutOfRange`] if `scale` is over [`MAX_SCALE`], or the mantissa has 39 digits.
    pub const fn new(mantissa: i128, scale: u8) -> Result<Self, DecimalError> {
        // Below 10^38 on both sides, so that neither negation nor a comparison can overflow.
        if scale > MAX_SCALE || mantissa >= parse::POW10[38] || mantissa <= -parse::POW10[38] {
            return Err(DecimalError::OutOfRange);
        }
        Ok(Self { mantissa, scale })
    }

    /// Makes an integer.
    #[must_use]
    pub const fn from_i64(value: i64) -> Self {
        Self { mantissa: value as i128, scale: 0 }
    }

    /// Reads a number from ASCII text such as `0.0010`, `-5`, `1e-18`.
    ///
    /// Accepted is `-?digits[.digits][(e|E)[+-]digits]`, exactly, up to 38 digits. The sign of `-0` is dropped.
    ///
    /// # Errors
    /// Anything else: empty text, `NaN`, `+1`, `1,0`, `.5`, `5.`, blanks, or more digits than are kept exactly.
    pub fn parse(text: &[u8]) -> Result<Self, DecimalError> {
        parse::parse(text)
    }

    /// Writes the text that [`fmt::Display`] writes into the buffer, without a formatter, and returns it.
    pub fn write_to(self, buffer: &mut [u8; MAX_TEXT_LEN]) -> &str {
        parse::write_digits(self.mantissa, self.scale, true, buffer)
    }

    /// The digits without the point.
    #[must_use]
    pub const fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// The number of digits after the point as written (trailing zeros count).
    #[must_use]
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// The number of digits after the point that a multiple of this number can have: the scale without trailing zeros.
    ///
    /// This is what Nautilus calls a precision, for a tick of `0.10` it is 1.
    #[must_use]
    pub fn precision(self) -> u8 {
        self.normalized().scale
    }

    /// Whether the value is 0.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// Whether the value is below 0.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// Whether the value is above 0.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.mantissa > 0
    }
}

impl Default for Decimal {
    fn default() -> Self {
        Self::ZERO
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::parse(s.as_bytes())
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self::from_i64(value)
    }
}

impl From<u64> for Decimal {
    fn from(value: u64) -> Self {
        Self { mantissa: i128::from(value), scale: 0 }
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.scale == other.scale {
            return self.mantissa.cmp(&other.mantissa);
        }
        let (a, b) = (self.split(), other.split());
        // Equal integer parts: both remainders are below 10^scale, so scaling them to a common scale of at most 38
        // digits cannot overflow.
        a.0.cmp(&b.0).then_with(|| {
            let common = self.scale.max(other.scale);
            let x = a.1 * parse::pow10(common - self.scale);
            let y = b.1 * parse::pow10(common - other.scale);
            x.cmp(&y)
        })
    }
}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let n = self.normalized();
        n.mantissa.hash(state);
        n.scale.hash(state);
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = [0u8; MAX_TEXT_LEN];
        let text = parse::write_digits(self.mantissa, self.scale, false, &mut buffer);
        f.pad_integral(self.mantissa >= 0, "", text)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
