//! Small helpers for text in messages.

/// The longest piece of foreign text that an error message or log line quotes.
pub const EXCERPT_LEN: usize = 80;

/// The beginning of `text`, quoted and with control characters escaped, for error messages.
#[must_use]
pub fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT_LEN) {
        None => format!("{text:?}"),
        Some((end, _)) => format!("{:?}…", &text[..end]),
    }
}

/// Digits of a number that surely fits an integer.
const INTEGER_DIGITS: usize = 18;

/// The JSON text with all numbers in quotes that a JSON reader would pass through a binary float: those with a point, an exponent
/// or very many digits. `None` if there are none. In quotes, as OKX writes nearly all numbers, they keep their digits.
///
/// ```
/// use okx_common::text::with_quoted_fractions;
/// assert_eq!(with_quoted_fractions(r#"{"px":0.10,"n":7,"t":"1.5"}"#).as_deref(), Some(r#"{"px":"0.10","n":7,"t":"1.5"}"#));
/// assert_eq!(with_quoted_fractions(r#"{"px":"0.1"}"#), None);
/// ```
#[must_use]
pub fn with_quoted_fractions(json: &str) -> Option<String> {
    let bytes = json.as_bytes();
    let mut out = String::new();
    let (mut at, mut copied) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_string(bytes, at),
            b'-' | b'0'..=b'9' => {
                let is_part = |byte: &&u8| matches!(**byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
                let end = at + bytes[at..].iter().take_while(is_part).count();
                let number = &json[at..end];
                if number.len() > INTEGER_DIGITS || number.contains(['.', 'e', 'E']) {
                    out.extend([&json[copied..at], "\"", number, "\""]);
                    copied = end;
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    (copied > 0).then(|| out + &json[copied..])
}

/// The place behind the string that begins here.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_outside_of_strings_are_quoted() {
        let quoted = |json: &str| with_quoted_fractions(json).unwrap_or_else(|| "as it is".to_owned());
        assert_eq!(quoted(r#"[1,-2,true,null,"3.5","a\\",{"k.5":6}]"#), "as it is");
        assert_eq!(quoted("[-1.50,2e-7,1E3]"), r#"["-1.50","2e-7","1E3"]"#);
        assert_eq!(quoted("[1234567890123456789]"), r#"["1234567890123456789"]"#);
        assert_eq!(quoted(r#"{"a\"1.5":1.5,"Ⓢ":2.5}"#), r#"{"a\"1.5":"1.5","Ⓢ":"2.5"}"#);
        for cut in [r#"{"a"#, r#"{"a":"\"#, "[1.", "-", ""] {
            let _ = quoted(cut);
        }
    }
}
