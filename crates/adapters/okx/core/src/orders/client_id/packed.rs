//! Ids packed into letters and digits, reversibly.
//!
//! A text over an alphabet of `n` characters is read as a number in bijective base `n`, so that texts of any length have numbers of
//! their own; the number is written in letters and digits. A digit in front says how to read it.

use super::{MARKER, number::Number};

/// What fits behind the marker and the digit of the form.
const PACKED_MAX: usize = okx_common::order::CL_ORD_ID_MAX - MARKER.len() - 1;

/// The characters that ids are usually made of.
const USUAL: &[u8; 64] = b"-_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Half of the digits of a date and time.
const HALF: u32 = 10_000_000;

/// How an id is packed; the first that takes it and fits is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `O-20261125-145318-` and then usual characters: the default of Nautilus.
    Dated,
    /// A UUID in lower case.
    Uuid,
    /// Usual characters.
    Usual,
    /// Any.
    Bytes,
}

const FORMS: [(char, Form); 4] =
    [('1', Form::Dated), ('2', Form::Uuid), ('3', Form::Usual), ('4', Form::Bytes)];

/// The packed text, if it fits.
pub(super) fn pack(text: &str) -> Option<String> {
    FORMS.iter().find_map(|(digit, form)| {
        let packed = number_of(*form, text)?.to_base62();
        (packed.len() <= PACKED_MAX).then(|| format!("{digit}{packed}"))
    })
}

/// The text that was packed so; `None` if nothing is packed so.
pub(super) fn unpack(packed: &str) -> Option<String> {
    let digit = packed.chars().next()?;
    let (_, form) = FORMS.iter().find(|(d, _)| *d == digit)?;
    let text = text_of(*form, Number::from_base62(&packed[1..])?)?;
    // The same text may be written by several forms, or with zeros in front: only one of them is ours.
    (pack(&text).as_deref() == Some(packed)).then_some(text)
}

fn number_of(form: Form, text: &str) -> Option<Number> {
    match form {
        Form::Dated => {
            let (digits, rest) = split_dated(text)?;
            let (high, low) = digits.split_at(7);
            let number = bijective(rest, USUAL)?.times_plus(HALF, high.parse().ok()?);
            Some(number.times_plus(HALF, low.parse().ok()?))
        }
        Form::Uuid => {
            let hex: String = text.split('-').collect();
            let is_uuid = text.len() == 36 && with_hyphens(&hex).as_deref() == Some(text);
            let value = u128::from_str_radix(&hex, 16).ok().filter(|_| is_uuid)?;
            Some(Number::from_bytes(&value.to_be_bytes()))
        }
        Form::Usual => bijective(text, USUAL),
        Form::Bytes => Some(text.bytes().fold(Number::default(), |n, b| n.times_plus(256, u32::from(b) + 1))),
    }
}

fn text_of(form: Form, mut number: Number) -> Option<String> {
    match form {
        Form::Dated => {
            let low = number.divide(HALF);
            let high = number.divide(HALF);
            let digits = format!("{high:07}{low:07}");
            let rest =
                String::from_utf8(from_bijective(number, 64).iter().map(|d| USUAL[*d as usize]).collect());
            Some(format!("O-{}-{}-{}", &digits[..8], &digits[8..], rest.ok()?))
        }
        Form::Uuid => {
            let mut hex = Vec::with_capacity(32);
            for _ in 0..32 {
                hex.push(char::from_digit(number.divide(16), 16)?);
            }
            number.is_zero().then(|| with_hyphens(&hex.iter().rev().collect::<String>())).flatten()
        }
        Form::Usual => {
            String::from_utf8(from_bijective(number, 64).iter().map(|d| USUAL[*d as usize]).collect()).ok()
        }
        Form::Bytes => String::from_utf8(from_bijective(number, 256).iter().map(|d| *d as u8).collect()).ok(),
    }
}

/// `O-20261125-145318-001-000-1` as `20261125145318` and `001-000-1`.
fn split_dated(text: &str) -> Option<(String, &str)> {
    let (date, rest) = text.strip_prefix("O-")?.split_once('-')?;
    let (time, rest) = rest.split_once('-')?;
    let is_dated = date.len() == 8 && time.len() == 6;
    let digits = format!("{date}{time}");
    let is_dated = is_dated && !rest.is_empty();
    (is_dated && digits.bytes().all(|b| b.is_ascii_digit())).then_some((digits, rest))
}

fn with_hyphens(hex: &str) -> Option<String> {
    let is_hex = hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    is_hex.then(|| format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]))
}

fn bijective(text: &str, alphabet: &[u8]) -> Option<Number> {
    let base = u32::try_from(alphabet.len()).ok()?;
    text.bytes().try_fold(Number::default(), |number, byte| {
        let digit = alphabet.iter().position(|b| *b == byte)?;
        Some(number.times_plus(base, u32::try_from(digit).ok()? + 1))
    })
}

fn from_bijective(mut number: Number, base: u32) -> Vec<u32> {
    let mut digits = Vec::new();
    while !number.is_zero() {
        number.decrement();
        digits.push(number.divide(base));
    }
    digits.reverse();
    digits
}
