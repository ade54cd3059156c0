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
