//! Text to [`Decimal`] and back.

use super::{Decimal, DecimalError, MAX_INPUT_LEN, MAX_SCALE};

/// 38 digits, the sign, the point, and the zero before it.
pub const MAX_TEXT_LEN: usize = 41;

/// Texts up to this length take the `u64` loop: any 19 digits fit a `u64`.
const FAST_LEN: usize = 19;

/// Powers of ten from `10^0` to `10^38`.
pub(super) const POW10: [i128; 39] = {
    let mut table = [1i128; 39];
    let mut i = 1;
    while i < 39 {
        table[i] = table[i - 1] * 10;
        i += 1;
    }
    table
};

/// `10^exponent`; the exponent is a scale or a difference of scales, hence at most [`MAX_SCALE`].
pub(super) const fn pow10(exponent: u8) -> i128 {
    POW10[exponent as usize]
}

#[inline]
pub(super) fn parse(text: &[u8]) -> Result<Decimal, DecimalError> {
    let (negative, start) = match text.first() {
        None => return Err(DecimalError::Empty),
        Some(b'-') => (true, 1),
        Some(_) => (false, 0),
    };
    if text.len() - start <= FAST_LEN
        && let Some(d) = parse_short(&text[start..], negative)
    {
        return Ok(d);
    }
    parse_any(text, start, negative)
}

/// The hot path: plain digits with at most one inner point. `None` for whatever else, which the slow path judges.
#[inline]
fn parse_short(digits: &[u8], negative: bool) -> Option<Decimal> {
    let mut value: u64 = 0;
    let mut point = usize::MAX;
    for (i, &byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            value = value * 10 + u64::from(digit);
        } else if byte == b'.' && point == usize::MAX && i > 0 {
            point = i;
        } else {
            return None;
        }
    }
    let scale = if point == usize::MAX {
        if digits.is_empty() {
            return None;
        }
        0
    } else {
        let after = digits.len() - 1 - point;
        if after == 0 {
            return None;
        }
        after as u8
    };
    let mantissa = i128::from(value);
    Some(Decimal { mantissa: if negative { -mantissa } else { mantissa }, scale })
}

/// Everything: up to 38 significant digits, exponents, and the error that says what is wrong.
#[cold]
fn parse_any(text: &[u8], start: usize, negative: bool) -> Result<Decimal, DecimalError> {
    if text.len() > MAX_INPUT_LEN {
        return Err(DecimalError::TooLong);
    }
    let mut at = start;
    let mut mantissa: i128 = 0;
    let mut places: i32 = 0;
    let integer_digits = take_digits(text, &mut at, &mut mantissa)?;
    if integer_digits == 0 {
        return Err(DecimalError::Malformed(at));
    }
    if text.get(at) == Some(&b'.') {
        at += 1;
        let fraction_digits = take_digits(text, &mut at, &mut mantissa)?;
        if fraction_digits == 0 {
            return Err(DecimalError::Malformed(at));
        }
        places = fraction_digits as i32; // at most MAX_INPUT_LEN
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        at += 1;
        places -= take_exponent(text, &mut at)?;
    }
    if at != text.len() {
        return Err(DecimalError::Malformed(at));
    }
    if negative {
        mantissa = -mantissa;
    }
    with_places(mantissa, places)
}

/// Adds the digits from `at` on to `mantissa`; answers how many there were.
fn take_digits(text: &[u8], at: &mut usize, mantissa: &mut i128) -> Result<usize, DecimalError> {
    let from = *at;
    while let Some(byte) = text.get(*at)
        && byte.is_ascii_digit()
    {
        // Ten times 38 digits is more than an i128 holds.
        let next = mantissa.checked_mul(10).and_then(|m| m.checked_add(i128::from(byte - b'0')));
        *mantissa = next.filter(|next| *next < POW10[38]).ok_or(DecimalError::OutOfRange)?;
        *at += 1;
    }
    Ok(*at - from)
}

/// Reads `[+-]digits` after the `e`.
fn take_exponent(text: &[u8], at: &mut usize) -> Result<i32, DecimalError> {
    let negative = match text.get(*at) {
        Some(b'-') => true,
        Some(b'+') => false,
        _ => {
            *at = at.wrapping_sub(1);
            false
        }
    };
    *at = at.wrapping_add(1);
    let from = *at;
    let mut value: i32 = 0;
    while let Some(byte) = text.get(*at)
        && byte.is_ascii_digit()
    {
        // Saturating: an exponent this large is out of range anyway, unless the mantissa is 0.
        value = value.saturating_mul(10).saturating_add(i32::from(byte - b'0')).min(1_000_000);
        *at += 1;
    }
    if *at == from {
        return Err(DecimalError::Malformed(*at));
    }
    Ok(if negative { -value } else { value })
}

/// `mantissa / 10^places` for any sign of `places`.
fn with_places(mut mantissa: i128, mut places: i32) -> Result<Decimal, DecimalError> {
    if mantissa == 0 {
        return Ok(Decimal { mantissa: 0, scale: places.clamp(0, i32::from(MAX_SCALE)) as u8 });
    }
    while places > i32::from(MAX_SCALE) && mantissa % 10 == 0 {
        mantissa /= 10;
        places -= 1;
    }
    if places > i32::from(MAX_SCALE) || places < -i32::from(MAX_SCALE) {
        return Err(DecimalError::OutOfRange);
    }
    if places >= 0 {
        return Decimal::new(mantissa, places as u8);
    }
    let factor = pow10((-places) as u8);
    Decimal::new(mantissa.checked_mul(factor).ok_or(DecimalError::OutOfRange)?, 0)
}

/// Writes `mantissa / 10^scale`, with or without the sign, at the end of `buffer` and returns that part.
pub(super) fn write_digits(mantissa: i128, scale: u8, sign: bool, buffer: &mut [u8; MAX_TEXT_LEN]) -> &str {
    let mut value = mantissa.unsigned_abs();
    let mut at = buffer.len();
    let mut written = 0u8;
    while value != 0 || written <= scale {
        if written == scale && scale != 0 {
            at -= 1;
            buffer[at] = b'.';
        }
        at -= 1;
        buffer[at] = b'0' + (value % 10) as u8;
        value /= 10;
        written += 1;
    }
    if sign && mantissa < 0 {
        at -= 1;
        buffer[at] = b'-';
    }
    std::str::from_utf8(&buffer[at..]).expect("only digits and a point were written")
}
