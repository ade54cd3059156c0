//! Values in exactly the form in which OKX writes them: keys in its order, no blanks, numbers in quotes. Whatever else comes is no
//! fault; it is left to the methods that take any form.

use okx_common::decimal::Decimal;

use super::json::Cursor;
use crate::text::Text;

/// Any digits up to this number fit a `u64`.
const FAST_DIGITS: usize = 19;

impl<'a> Cursor<'a> {
    /// Passes exactly this text, if it is next: how OKX writes something it always writes alike.
    #[inline(always)]
    pub fn take_text(&mut self, text: &'static str) -> bool {
        let is_next = self.text.as_bytes()[self.pos..].starts_with(text.as_bytes());
        if is_next {
            self.pos += text.len();
        }
        is_next
    }

    /// The string behind exactly this text, which ends with its opening quote. `None` (the cursor may have moved) if something else is
    /// next, or the string has escapes.
    #[inline(always)]
    pub fn string_after(&mut self, text: &'static str) -> Option<Text<'a>> {
        if !self.take_text(text) {
            return None;
        }
        let start = self.pos;
        self.run_to_stop();
        if self.byte() != b'"' {
            return None;
        }
        self.pos += 1;
        Some(Text::borrowed(self.slice(start, self.pos - 1)))
    }

    /// The plain number in quotes behind exactly this text, as [`Self::plain_number`] has it.
    #[inline(always)]
    pub fn number_after(&mut self, text: &'static str) -> Option<(u64, u8)> {
        if self.take_text(text) { self.plain_number() } else { None }
    }

    /// The decimal in quotes behind exactly this text.
    #[inline(always)]
    pub fn decimal_after(&mut self, text: &'static str) -> Option<Decimal> {
        let (value, places) = self.number_after(text)?;
        Decimal::new(i128::from(value), places).ok()
    }

    /// The integer in quotes behind exactly this text.
    #[inline(always)]
    pub fn int_after(&mut self, text: &'static str) -> Option<u64> {
        self.number_after(text).and_then(|(value, places)| (places == 0).then_some(value))
    }

    /// The bare integer behind exactly this text, up to 18 digits.
    #[inline(always)]
    pub fn bare_int_after(&mut self, text: &'static str) -> Option<i64> {
        if !self.take_text(text) {
            return None;
        }
        let start = self.pos;
        let mut value: i64 = 0;
        while self.byte().is_ascii_digit() && self.pos - start < FAST_DIGITS - 1 {
            value = value * 10 + i64::from(self.byte() - b'0');
            self.pos += 1;
        }
        // A leading zero is no JSON, except alone; a point or an exponent is no integer. The caller expects what comes next.
        let has_leading_zero = self.pos - start > 1 && self.text.as_bytes()[start] == b'0';
        (self.pos > start && !has_leading_zero).then_some(value)
    }

    /// Digits with at most one point, from here to a closing quote: the value and the number of places. `None` (and no move) for
    /// whatever else.
    #[inline(always)]
    pub(super) fn plain_number(&mut self) -> Option<(u64, u8)> {
        let digits = self.text.as_bytes().get(self.pos + 1..)?;
        let mut value: u64 = 0;
        let mut point = usize::MAX;
        let mut len = 0;
        loop {
            let byte = *digits.get(len)?;
            let digit = byte.wrapping_sub(b'0');
            if digit <= 9 {
                value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
            } else if byte == b'.' && point == usize::MAX && len > 0 {
                point = len;
            } else if byte == b'"' {
                break;
            } else {
                return None;
            }
            len += 1;
            if len > FAST_DIGITS {
                return None;
            }
        }
        let places = if point == usize::MAX { 0 } else { len - 1 - point };
        if len == 0 || (point != usize::MAX && places == 0) {
            return None;
        }
        self.pos += len + 2;
        Some((value, places as u8))
    }
}
