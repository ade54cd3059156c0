//! Bytes written in JSON: as text, as base64 where they are no text, or as a pattern where they are too many.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// The longest payload a pattern may expand to: above the 100 MB case of the acceptance text, below what hurts the machine.
const MAX_EXPANDED_BYTES: usize = 256 << 20;

/// Raw bytes of a frame or body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payload {
    /// UTF-8 text, JSON or not.
    Text(String),
    /// Any bytes.
    Base64(String),
    /// `head`, then `text` that many times, then `tail`: large or deeply nested messages without sending them twice.
    Repeat {
        /// What comes first.
        #[serde(default)]
        head: String,
        /// The pattern.
        text: String,
        /// How often.
        times: usize,
        /// What comes last.
        #[serde(default)]
        tail: String,
    },
}

impl Payload {
    /// Text as it is.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// The bytes meant. Text that is not base64 gives no bytes; patterns stop at 256 MB.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        match self {
            Self::Text(text) => Bytes::copy_from_slice(text.as_bytes()),
            Self::Base64(text) => STANDARD.decode(text).map_or_else(|_| Bytes::new(), Bytes::from),
            Self::Repeat { head, text, times, tail } => {
                let fits = MAX_EXPANDED_BYTES / text.len().max(1);
                let mut out = head.clone().into_bytes();
                out.extend_from_slice(text.repeat((*times).min(fits)).as_bytes());
                out.extend_from_slice(tail.as_bytes());
                Bytes::from(out)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_give_their_bytes() {
        assert_eq!(Payload::text("x").bytes(), "x");
        assert_eq!(Payload::Base64("/wA=".into()).bytes(), &[0xff, 0][..]);
        assert_eq!(Payload::Base64("?".into()).bytes(), "");
        let nested = Payload::Repeat { head: "<".into(), text: "[".into(), times: 3, tail: ">".into() };
        assert_eq!(nested.bytes(), "<[[[>");
    }
}
