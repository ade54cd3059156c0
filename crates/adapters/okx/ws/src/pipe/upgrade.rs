//! From HTTP to WebSocket (RFC 6455, section 4).

use base64::{Engine, engine::general_purpose::STANDARD};
use okx_common::{rng::Rng, text::excerpt};
use sha1::{Digest, Sha1};

use super::{PipeError, WsUrl};

/// Bytes of the answer's head; those of real servers have less than 2 KB.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// Header fields of the answer; real servers send less than 20.
const HEADERS_MAX: usize = 64;

/// What RFC 6455 has servers append to the key.
const KEY_SUFFIX: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// An upgrade that was asked for.
#[derive(Debug)]
pub(super) struct Upgrade {
    /// The proof that the server understood.
    accept: String,
}

impl Upgrade {
    /// Appends the request.
    pub fn ask(url: &WsUrl, rng: &mut dyn Rng, out: &mut Vec<u8>) -> Self {
        let mut nonce = [0; 16];
        rng.fill(&mut nonce);
        let key = STANDARD.encode(nonce);
        let request = format!(
            "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n\
             Sec-WebSocket-Version: 13\r\nUser-Agent: okx-nt-native/{}\r\n\r\n",
            url.target(),
            url.authority(),
            env!("CARGO_PKG_VERSION"),
        );
        out.extend_from_slice(request.as_bytes());
        Self { accept: proof(&key) }
    }

    /// Reads the answer; the bytes it took, or `None` if it is not complete.
    ///
    /// # Errors
    /// If the server refused, or did not do what the standard asks.
    pub fn read(&self, bytes: &[u8]) -> Result<Option<usize>, PipeError> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
        let mut answer = httparse::Response::new(&mut headers);
        let len = match answer.parse(bytes) {
            Ok(httparse::Status::Complete(len)) => len,
            Ok(httparse::Status::Partial) if bytes.len() <= HEAD_BYTES_MAX => return Ok(None),
            Ok(httparse::Status::Partial) => return Err(PipeError::Upgrade("its head is too long")),
            Err(httparse::Error::TooManyHeaders) => {
                return Err(PipeError::Upgrade("it has too many header fields"));
            }
            Err(_) => return Err(PipeError::Upgrade("it is not HTTP")),
        };
        let status = answer.code.unwrap_or_default();
        if status != 101 {
            let body = String::from_utf8_lossy(&bytes[len..]);
            let body = if body.is_empty() { String::new() } else { format!(": {}", excerpt(&body)) };
            let words = format!("{}{body}", answer.reason.unwrap_or_default());
            return Err(PipeError::Refused { status, words });
        }
        let value = |name: &str| {
            let header = answer.headers.iter().find(|h| h.name.eq_ignore_ascii_case(name));
            header.and_then(|h| std::str::from_utf8(h.value).ok()).map(str::trim)
        };
        let holds = |name: &str, token: &str| {
            value(name).is_some_and(|v| v.split(',').any(|part| part.trim().eq_ignore_ascii_case(token)))
        };
        if !holds("upgrade", "websocket") || !holds("connection", "upgrade") {
            return Err(PipeError::Upgrade("it does not say `Upgrade: websocket`"));
        }
        if value("sec-websocket-accept") != Some(&self.accept) {
            return Err(PipeError::Upgrade("`Sec-WebSocket-Accept` does not match the key"));
        }
        if value("sec-websocket-extensions").is_some_and(|v| !v.is_empty()) {
            return Err(PipeError::Upgrade("it names an extension that nobody asked for"));
        }
        if value("sec-websocket-protocol").is_some() {
            return Err(PipeError::Upgrade("it names a protocol that nobody asked for"));
        }
        Ok(Some(len))
    }
}

/// What a server must answer to this key.
pub(super) fn proof(key: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(key.as_bytes());
    hash.update(KEY_SUFFIX);
    STANDARD.encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 6455, section 1.3.
    const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    fn read(answer: &str) -> Result<Option<usize>, PipeError> {
        Upgrade { accept: ACCEPT.to_owned() }.read(answer.as_bytes())
    }

    #[test]
    fn the_proof_is_that_of_the_standard() {
        assert_eq!(proof("dGhlIHNhbXBsZSBub25jZQ=="), ACCEPT);
    }

    #[test]
    fn a_good_answer_is_taken_and_only_that() {
        let good = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUPGRADE: WebSocket\r\nConnection: keep-alive, Upgrade\r\n\
             Sec-WebSocket-Accept: {ACCEPT}\r\n\r\n"
        );
        assert_eq!(read(&good), Ok(Some(good.len())));
        assert_eq!(read(&format!("{good}rest")), Ok(Some(good.len())));
        for n in 0..good.len() {
            assert_eq!(read(&good[..n]), Ok(None));
        }
        for (from, to, words) in [
            (ACCEPT, "nonsense", "does not match"),
            ("UPGRADE: WebSocket", "X: y", "Upgrade: websocket"),
            ("\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n", "extension"),
            ("\r\n\r\n", "\r\nSec-WebSocket-Protocol: chat\r\n\r\n", "protocol"),
            ("HTTP/1.1", "nonsense", "not HTTP"),
        ] {
            let error = read(&good.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn a_refusal_says_what_the_server_said() {
        let error = read("HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\nnot here!").unwrap_err();
        assert_eq!(error, PipeError::Refused { status: 403, words: "Forbidden: \"not here!\"".to_owned() });
    }

    #[test]
    fn heads_have_limits() {
        let long = format!("HTTP/1.1 101 x\r\nA: {}", "b".repeat(HEAD_BYTES_MAX));
        assert!(read(&long).unwrap_err().to_string().contains("too long"));
        let many = format!("HTTP/1.1 101 x\r\n{}\r\n", "A: b\r\n".repeat(HEADERS_MAX + 1));
        assert!(read(&many).unwrap_err().to_string().contains("too many"));
    }
}
