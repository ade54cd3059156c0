//! Why a frame was refused.

use std::fmt;

/// What is wrong with a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DecodeErrorKind {
    /// It is empty.
    Empty,
    /// It is not UTF-8.
    NotUtf8,
    /// It is not JSON, or more than one JSON value, or nested too deeply.
    NotJson,
    /// It is JSON, but not in the form of its kind of message.
    Shape,
}

/// A frame that could not be decoded. The next frame is not affected.
///
/// The text names the channel (if that could be read), the place, and a short excerpt, which never holds keys or signatures.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct DecodeError {
    pub(crate) kind: DecodeErrorKind,
    pub(crate) channel: Option<Box<str>>,
    pub(crate) reason: Box<str>,
    pub(crate) at: usize,
    pub(crate) len: usize,
    pub(crate) excerpt: Box<str>,
}

impl DecodeError {
    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> DecodeErrorKind {
        self.kind
    }

    /// The channel with its arguments, if that could be read: its books can no longer be trusted.
    #[must_use]
    pub fn channel(&self) -> Option<&str> {
        self.channel.as_deref()
    }

    /// The byte where it went wrong.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.at
    }

    /// What is wrong, in words.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot read a frame")?;
        if let Some(channel) = &self.channel {
            write!(f, " of {channel}")?;
        }
        write!(f, ": {} at byte {} of {}: {}", self.reason, self.at, self.len, self.excerpt)
    }
}

/// Bytes shown before and after the place of an error.
const EXCERPT_BEFORE: usize = 24;
const EXCERPT_AFTER: usize = 40;

/// Words that announce a secret, in lower case. OKX's error messages echo requests, and a login is one.
const SECRET_WORDS: [&str; 4] = ["passphrase", "sign", "apikey", "secret"];

/// The surroundings of a place, as printable text without secrets.
pub(crate) fn excerpt_at(frame: &[u8], at: usize) -> String {
    let from = at.saturating_sub(EXCERPT_BEFORE);
    let to = frame.len().min(at.saturating_add(EXCERPT_AFTER));
    let around = frame.get(from.min(to)..to).unwrap_or_default();
    redacted(&okx_common::text::excerpt(&String::from_utf8_lossy(around)))
}

/// The text, cut where it mentions a secret.
#[must_use]
pub(crate) fn redacted(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    match SECRET_WORDS.iter().filter_map(|word| lower.find(word)).min() {
        None => text.to_owned(),
        Some(at) => format!("{}[redacted]", text.get(..at).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_cut_from_what_okx_echoes() {
        let echo = r#"Invalid request: {"op":"login","args":[{"apiKey":"k","passphrase":"p","sign":"s"}]}"#;
        let cut = redacted(echo);
        assert!(cut.ends_with("[redacted]") && !cut.contains("\"p\"") && !cut.contains("\"k\""), "{cut}");
        assert_eq!(redacted("Invalid channel"), "Invalid channel");
    }
}
