//! Exact decimals as OKX prints them: no exponent, no trailing zeros.

use std::fmt;

/// `m / 10^scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Dec {
    /// The digits.
    pub m: i128,
    /// How many of them stand behind the point.
    pub scale: u32,
}

impl Dec {
    /// A whole number.
    pub const fn whole(m: i128) -> Self {
        Self { m, scale: 0 }
    }

    /// Reads `-12.50`; `None` for anything else, the empty text included.
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (int, frac) = digits.split_once('.').unwrap_or((digits, ""));
        let all = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if int.is_empty() || !all(int) || !all(frac) || int.len() + frac.len() > 36 {
            return None;
        }
        let m: i128 = format!("{int}{frac}").parse().ok()?;
        Some(Self { m: sign * m, scale: frac.len() as u32 })
    }

    /// The nearest number with so many places; 0 for what is no number.
    pub fn near(value: f64, scale: u32) -> Self {
        Self { m: (value * 10f64.powi(scale as i32)).round() as i128, scale }
    }

    /// The product.
    pub const fn times(self, other: Self) -> Self {
        Self { m: self.m * other.m, scale: self.scale + other.scale }
    }

    /// Roughly this number.
    pub fn float(self) -> f64 {
        self.m as f64 / 10f64.powi(self.scale as i32)
    }
}

impl fmt::Display for Dec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.m < 0 {
            f.write_str("-")?;
        }
        let (mut abs, mut scale) = (self.m.unsigned_abs(), self.scale);
        while scale > 0 && abs.is_multiple_of(10) {
            abs /= 10;
            scale -= 1;
        }
        if scale == 0 {
            return write!(f, "{abs}");
        }
        let unit = 10u128.pow(scale);
        write!(f, "{}.{:0width$}", abs / unit, abs % unit, width = scale as usize)
    }
}

/// A tick or lot: prices and sizes are whole numbers of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    m: i64,
    scale: u32,
}

impl Step {
    /// Reads `0.05`; `None` unless it is a positive number of at most 18 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let Dec { mut m, mut scale } = Dec::parse(text)?;
        while scale > 0 && m % 10 == 0 {
            m /= 10;
            scale -= 1;
        }
        let m = i64::try_from(m).ok().filter(|m| *m > 0)?;
        (scale <= 18).then_some(Self { m, scale })
    }

    /// So many of it.
    pub const fn times(self, n: i64) -> Dec {
        Dec { m: self.m as i128 * n as i128, scale: self.scale }
    }

    /// So many of it, for sums.
    pub const fn times_wide(self, n: i128) -> Dec {
        Dec { m: self.m as i128 * n, scale: self.scale }
    }

    /// How many of it a number is; `None` if it does not fit.
    pub fn count(self, value: Dec) -> Option<i64> {
        let scale = self.scale.max(value.scale);
        let raised = |m: i128, from: u32| m.checked_mul(10i128.checked_pow(scale - from)?);
        let (value, step) = (raised(value.m, value.scale)?, raised(i128::from(self.m), self.scale)?);
        (value % step == 0).then(|| i64::try_from(value / step).ok())?
    }

    /// Roughly its size.
    pub fn float(self) -> f64 {
        self.times(1).float()
    }

    /// Appends so many of it, in quotes: books are made of this.
    pub fn push(self, n: i64, out: &mut String) {
        let Some(value) = n.checked_mul(self.m).filter(|v| *v >= 0) else {
            out.push_str(&format!("\"{}\"", self.times(n)));
            return;
        };
        let (mut value, mut scale) = (value as u64, self.scale);
        while scale > 0 && value.is_multiple_of(10) {
            value /= 10;
            scale -= 1;
        }
        let mut digits = [b'0'; 40];
        let mut at = digits.len();
        let mut written = 0;
        while value > 0 || written <= scale {
            if written == scale && scale > 0 {
                at -= 1;
                digits[at] = b'.';
            }
            at -= 1;
            digits[at] = b'0' + (value % 10) as u8;
            value /= 10;
            written += 1;
        }
        out.push('"');
        out.push_str(std::str::from_utf8(&digits[at..]).unwrap_or("0"));
        out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_as_okx_prints_them() {
        for (text, out) in
            [("0.10", "0.1"), ("100", "100"), ("-0.050", "-0.05"), ("0", "0"), ("12.000", "12")]
        {
            assert_eq!(Dec::parse(text).expect("number").to_string(), out);
        }
        assert_eq!(Dec::parse(""), None);
        assert_eq!(Dec::parse("1e5"), None);
        assert_eq!(Dec::parse("0.1").unwrap().times(Dec::whole(25)).to_string(), "2.5");
        assert_eq!(Dec::near(0.123_456, 4).to_string(), "0.1235");
    }

    #[test]
    fn both_ways_of_printing_agree() {
        for step in ["0.1", "0.05", "1", "10", "0.00000001", "0.5", "0.000000000001"] {
            let step = Step::parse(step).expect("step");
            for n in [0, 1, 2, 9, 10, 11, 100, 105, 12_345_678, 1_000_000_000] {
                let mut text = String::new();
                step.push(n, &mut text);
                assert_eq!(text, format!("\"{}\"", step.times(n)));
            }
        }
        assert_eq!(Step::parse(""), None);
        assert_eq!(Step::parse("0"), None);
    }
}
