//! A cursor over JSON text that hands out borrowed pieces, in one pass.
//!
//! It checks everything it passes over: structure, strings, numbers, nesting. What it hands out needs no second look.

use std::borrow::Cow;

use okx_common::decimal::Decimal;

use crate::text::Text;

/// The deepest nesting that is accepted. OKX's deepest message has six levels; the stack of [`Cursor::skip_value`] is the bits of
/// one integer, so this also is its size.
pub(crate) const MAX_DEPTH: u32 = 64;

/// What is wrong, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct JsonError {
    pub what: &'static str,
    pub at: usize,
}

pub(crate) type JsonResult<T> = Result<T, JsonError>;

/// Eight bytes that all hold `byte`.
const fn all(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The bytes of `word` that end a run of plain string text: a quote, a backslash or a control character, as their top bits.
#[inline]
const fn string_stops(word: u64) -> u64 {
    const fn zero_bytes(x: u64) -> u64 {
        x.wrapping_sub(all(1)) & !x
    }
    let quotes = zero_bytes(word ^ all(b'"'));
    let backslashes = zero_bytes(word ^ all(b'\\'));
    let controls = word.wrapping_sub(all(0x20)) & !word;
    (quotes | backslashes | controls) & all(0x80)
}

/// See the module.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) pos: usize,
}

impl<'a> Cursor<'a> {
    pub const fn new(text: &'a str) -> Self {
        Self { text, pos: 0 }
    }

    /// Where it stands, for [`Self::set_pos`].
    pub const fn pos(&self) -> usize {
        self.pos
    }

    /// Goes back (or on) to a place where a value starts.
    pub const fn set_pos(&mut self, pos: usize) {
        self.pos = pos;
    }

    /// The text between two places.
    pub fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// What is left of the text.
    pub fn rest(&self) -> &'a str {
        self.text.get(self.pos..).unwrap_or_default()
    }

    const fn error<T>(&self, what: &'static str) -> JsonResult<T> {
        Err(JsonError { what, at: self.pos })
    }

    #[inline]
    pub(super) fn byte(&self) -> u8 {
        // NUL stands for the end: it is nowhere valid outside of strings, so that it fails all comparisons.
        self.text.as_bytes().get(self.pos).copied().unwrap_or(0)
    }

    /// The next byte that is not blank; 0 at the end.
    #[inline]
    pub fn peek(&mut self) -> u8 {
        loop {
            match self.byte() {
                b' ' | b'\n' | b'\r' | b'\t' => self.pos += 1,
                byte => return byte,
            }
        }
    }

    /// Passes this byte if it is next.
    #[inline]
    pub fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == byte;
        self.pos += usize::from(is_next);
        is_next
    }

    /// Passes this byte.
    #[inline]
    pub fn expect(&mut self, byte: u8, what: &'static str) -> JsonResult<()> {
        if self.take(byte) { Ok(()) } else { self.error(what) }
    }

    /// Whether only blanks follow.
    pub fn is_at_end(&mut self) -> bool {
        self.peek();
        self.pos == self.text.len()
    }

    /// The next key of an object, past its colon; `None` past the closing brace. `first` tells the first call in an object.
    #[inline]
    pub fn next_key(&mut self, first: &mut bool) -> JsonResult<Option<Cow<'a, str>>> {
        if self.take(b'}') {
            return Ok(None);
        }
        if !std::mem::take(first) {
            self.expect(b',', "expected a comma or a closing brace")?;
        }
        if self.peek() != b'"' {
            return self.error("expected a key");
        }
        let key = self.string()?;
        self.expect(b':', "expected a colon")?;
        Ok(Some(key))
    }

    /// Whether another element of an array follows, which then is next. `first` tells the first call in an array.
    #[inline]
    pub fn next_element(&mut self, first: &mut bool) -> JsonResult<bool> {
        if self.take(b']') {
            return Ok(false);
        }
        if !std::mem::take(first) {
            self.expect(b',', "expected a comma or a closing bracket")?;
        }
        Ok(true)
    }

    /// A string; the quote is next.
    #[inline]
    pub fn string(&mut self) -> JsonResult<Cow<'a, str>> {
        let start = self.pos + 1;
        self.pos = start;
        self.run_to_stop();
        if self.byte() == b'"' {
            let text = self.slice(start, self.pos);
            self.pos += 1;
            return Ok(Cow::Borrowed(text));
        }
        self.escaped_string(start)
    }

    /// Moves to the next quote, backslash or control character of a string, or to the end.
    #[inline]
    pub(super) fn run_to_stop(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(chunk) = bytes.get(self.pos..).and_then(<[u8]>::first_chunk::<8>) {
            let stops = string_stops(u64::from_le_bytes(*chunk));
            if stops != 0 {
                self.pos += (stops.trailing_zeros() / 8) as usize;
                return;
            }
            self.pos += 8;
        }
        while let Some(&byte) = bytes.get(self.pos)
            && byte != b'"'
            && byte != b'\\'
            && byte >= 0x20
        {
            self.pos += 1;
        }
    }

    #[cold]
    fn escaped_string(&mut self, start: usize) -> JsonResult<Cow<'a, str>> {
        self.pass_string_rest()?;
        let quoted = self.slice(start - 1, self.pos);
        match serde_json::from_str(quoted) {
            Ok(text) => Ok(Cow::Owned(text)),
            // Lone surrogates.
            Err(_) => Err(JsonError { what: "malformed escape in a string", at: start }),
        }
    }

    /// Passes a string whose opening quote is behind, checking escapes.
    fn pass_string_rest(&mut self) -> JsonResult<()> {
        loop {
            self.run_to_stop();
            match self.byte() {
                b'"' => {
                    self.pos += 1;
                    return Ok(());
                }
                b'\\' => self.pass_escape()?,
                _ if self.pos >= self.text.len() => return self.error("string without an end"),
                _ => return self.error("control character in a string"),
            }
        }
    }

    fn pass_escape(&mut self) -> JsonResult<()> {
        self.pos += 1;
        match self.byte() {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {
                self.pos += 1;
                Ok(())
            }
            b'u' => {
                let digits = self.text.as_bytes().get(self.pos + 1..self.pos + 5);
                if digits.is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit)) {
                    self.pos += 5;
                    Ok(())
                } else {
                    self.error("malformed escape in a string")
                }
            }
            _ => self.error("malformed escape in a string"),
        }
    }

    /// A number, `true`, `false` or `null`, as its text.
    fn token(&mut self) -> JsonResult<&'a str> {
        let start = self.pos;
        match self.byte() {
            b'-' | b'0'..=b'9' => self.pass_number()?,
            b't' => self.pass_word("true")?,
            b'f' => self.pass_word("false")?,
            b'n' => self.pass_word("null")?,
            _ => return self.error("expected a value"),
        }
        Ok(self.slice(start, self.pos))
    }

    fn pass_word(&mut self, word: &str) -> JsonResult<()> {
        if self.text.as_bytes()[self.pos..].starts_with(word.as_bytes()) {
            self.pos += word.len();
            Ok(())
        } else {
            self.error("expected a value")
        }
    }

    fn pass_number(&mut self) -> JsonResult<()> {
        self.pos += usize::from(self.byte() == b'-');
        if self.byte() == b'0' {
            self.pos += 1;
        } else {
            self.pass_digits()?;
        }
        if self.byte() == b'.' {
            self.pos += 1;
            self.pass_digits()?;
        }
        if matches!(self.byte(), b'e' | b'E') {
            self.pos += 1;
            self.pos += usize::from(matches!(self.byte(), b'+' | b'-'));
            self.pass_digits()?;
        }
        Ok(())
    }

    fn pass_digits(&mut self) -> JsonResult<()> {
        let start = self.pos;
        while self.byte().is_ascii_digit() {
            self.pos += 1;
        }
        if self.pos == start { self.error("malformed number") } else { Ok(()) }
    }

    /// Passes any value, checking it.
    pub fn skip_value(&mut self) -> JsonResult<()> {
        // One bit for each open container: 1 for an object.
        let mut stack: u64 = 0;
        let mut depth: u32 = 0;
        loop {
            match self.peek() {
                open @ (b'{' | b'[') => {
                    if depth == MAX_DEPTH {
                        return self.error("nested too deeply");
                    }
                    self.pos += 1;
                    let is_object = open == b'{';
                    stack = stack << 1 | u64::from(is_object);
                    depth += 1;
                    let is_empty = self.take(if is_object { b'}' } else { b']' });
                    if !is_empty {
                        if is_object {
                            self.skip_key()?;
                        }
                        continue;
                    }
                    stack >>= 1;
                    depth -= 1;
                }
                b'"' => {
                    self.pos += 1;
                    self.pass_string_rest()?;
                }
                _ => {
                    self.token()?;
                }
            }
            // A value has ended: close what ends with it, or go on to the next one.
            loop {
                if depth == 0 {
                    return Ok(());
                }
                let is_object = stack & 1 == 1;
                if self.take(b',') {
                    if is_object {
                        self.skip_key()?;
                    }
                    break;
                }
                let (close, what) = if is_object {
                    (b'}', "expected a comma or a closing brace")
                } else {
                    (b']', "expected a comma or a closing bracket")
                };
                self.expect(close, what)?;
                stack >>= 1;
                depth -= 1;
            }
        }
    }

    fn skip_key(&mut self) -> JsonResult<()> {
        self.expect(b'"', "expected a key")?;
        self.pass_string_rest()?;
        self.expect(b':', "expected a colon")
    }

    /// Text, or a scalar as its text; `null` is empty.
    #[inline]
    pub fn text(&mut self) -> JsonResult<Text<'a>> {
        if self.peek() == b'"' {
            return self.string().map(Text);
        }
        let token = self.token()?;
        Ok(Text::borrowed(if token == "null" { "" } else { token }))
    }

    /// A decimal, as a string or a number; `None` for `""` and `null`.
    ///
    /// # Errors
    /// Anything else: the cursor may stand anywhere within the value then.
    #[inline]
    pub fn opt_decimal(&mut self) -> Result<Option<Decimal>, Fault> {
        if self.peek() == b'"'
            && let Some((value, places)) = self.plain_number()
            && let Ok(number) = Decimal::new(i128::from(value), places)
        {
            return Ok(Some(number));
        }
        self.opt_decimal_slow()
    }

    fn opt_decimal_slow(&mut self) -> Result<Option<Decimal>, Fault> {
        let text = self.text()?;
        if text.is_empty() {
            return Ok(None);
        }
        Decimal::parse(text.as_bytes()).map(Some).map_err(|e| Fault::value(&text, e))
    }

    /// A decimal that must be there.
    #[inline]
    pub fn decimal(&mut self) -> Result<Decimal, Fault> {
        self.opt_decimal()?.ok_or(Fault::Missing)
    }

    /// An integer, as a string or a number; `None` for `""` and `null`.
    #[inline]
    pub fn opt_int<T: TryFrom<u64> + std::str::FromStr<Err = std::num::ParseIntError>>(
        &mut self,
    ) -> Result<Option<T>, Fault> {
        if self.peek() == b'"' {
            let start = self.pos;
            if let Some((value, 0)) = self.plain_number()
                && let Ok(value) = T::try_from(value)
            {
                return Ok(Some(value));
            }
            self.pos = start;
        }
        let text = self.text()?;
        if text.is_empty() {
            return Ok(None);
        }
        if text.starts_with('+') {
            return Err(Fault::value(&text, "expected an integer"));
        }
        text.parse().map(Some).map_err(|e| Fault::value(&text, e))
    }

    /// An integer that must be there.
    #[inline]
    pub fn int<T: TryFrom<u64> + std::str::FromStr<Err = std::num::ParseIntError>>(
        &mut self,
    ) -> Result<T, Fault> {
        self.opt_int()?.ok_or(Fault::Missing)
    }
}

/// Why a row cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The text is no JSON.
    Json(JsonError),
    /// A needed value is absent.
    Missing,
    /// A value is malformed.
    Value(String),
    /// Either, in this field.
    In(&'static str, Box<Fault>),
}

impl Fault {
    #[cold]
    pub fn value(text: &str, error: impl std::fmt::Display) -> Self {
        Self::Value(format!("{}: {error}", okx_common::text::excerpt(text)))
    }

    #[cold]
    pub fn within(self, field: &'static str) -> Self {
        Self::In(field, Box::new(self))
    }
}

impl From<JsonError> for Fault {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Json(error) => f.write_str(error.what),
            Self::Missing => f.write_str("missing"),
            Self::Value(text) => f.write_str(text),
            Self::In(field, fault) => write!(f, "{field}: {fault}"),
        }
    }
}
