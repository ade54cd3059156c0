//! The layout of WebSocket frames (RFC 6455, section 5).

use super::PipeError;

/// Payload bytes of control frames (section 5.5).
pub(super) const CONTROL_BYTES_MAX: usize = 125;

/// What a frame is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opcode {
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

impl Opcode {
    const fn is_control(self) -> bool {
        self as u8 >= 8
    }
}

/// The head of a frame that a server sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub is_last: bool,
    pub opcode: Opcode,
    /// Bytes of the head.
    pub len: usize,
    /// Bytes of the payload.
    pub payload: u64,
}

impl Head {
    /// Reads a head; `None` if it is not complete.
    ///
    /// # Errors
    /// If a server must not send this.
    #[inline]
    pub fn read(bytes: &[u8]) -> Result<Option<Self>, PipeError> {
        let &[first, second, ref rest @ ..] = bytes else { return Ok(None) };
        if first & 0x70 != 0 {
            return Err(PipeError::Protocol("a frame with reserved bits, though no extension was agreed on"));
        }
        let opcode = match first & 0x0F {
            0 => Opcode::Continuation,
            1 => Opcode::Text,
            2 => Opcode::Binary,
            8 => Opcode::Close,
            9 => Opcode::Ping,
            10 => Opcode::Pong,
            _ => return Err(PipeError::Protocol("a frame with an undefined opcode")),
        };
        if second & 0x80 != 0 {
            return Err(PipeError::Protocol("a masked frame, which only clients send"));
        }
        let is_last = first & 0x80 != 0;
        let (len, payload) = match second {
            126 => {
                let Some(size) = rest.first_chunk::<2>() else { return Ok(None) };
                (4, u64::from(u16::from_be_bytes(*size)))
            }
            127 => {
                let Some(size) = rest.first_chunk::<8>() else { return Ok(None) };
                (10, u64::from_be_bytes(*size))
            }
            size => (2, u64::from(size)),
        };
        if opcode.is_control() && (!is_last || payload > CONTROL_BYTES_MAX as u64) {
            return Err(PipeError::Protocol("a control frame in parts or longer than 125 bytes"));
        }
        Ok(Some(Self { is_last, opcode, len, payload }))
    }
}

/// Appends a whole message in one masked frame, as a client sends it.
pub(super) fn write(out: &mut Vec<u8>, opcode: Opcode, payload: &[u8], key: [u8; 4]) {
    out.reserve(14 + payload.len());
    out.push(0x80 | opcode as u8);
    match payload.len() {
        len @ 0..=125 => out.push(0x80 | len as u8),
        len @ 126..=0xFFFF => {
            out.push(0x80 | 126);
            out.extend_from_slice(&(len as u16).to_be_bytes());
        }
        len => {
            out.push(0x80 | 127);
            out.extend_from_slice(&(len as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(&key);
    let from = out.len();
    out.extend_from_slice(payload);
    mask(&mut out[from..], key);
}

/// Masks or unmasks (section 5.3), eight bytes at a time, which the compiler makes wider still.
pub(super) fn mask(bytes: &mut [u8], key: [u8; 4]) {
    let [a, b, c, d] = key;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (words, rest) = bytes.as_chunks_mut::<8>();
    for word in words {
        *word = (u64::from_ne_bytes(*word) ^ wide).to_ne_bytes();
    }
    for (byte, key) in rest.iter_mut().zip([a, b, c, d].into_iter().cycle()) {
        *byte ^= key;
    }
}

/// The payload of a close frame: a code and words, if any (section 5.5.1).
///
/// # Errors
/// If there is half a code, a code that must not be sent, or the words are not UTF-8.
pub(super) fn read_close(payload: &[u8]) -> Result<(Option<u16>, &str), PipeError> {
    let Some((code, words)) = payload.split_first_chunk::<2>() else {
        return match payload {
            [] => Ok((None, "")),
            _ => Err(PipeError::Protocol("a close frame with half a code")),
        };
    };
    let code = u16::from_be_bytes(*code);
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(PipeError::Protocol("a close frame with a code that must not be sent"));
    }
    let words = std::str::from_utf8(words)
        .map_err(|_| PipeError::Protocol("a close frame whose words are not UTF-8"))?;
    Ok((Some(code), words))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 6455, section 5.7.
    #[test]
    fn the_examples_of_the_standard() {
        let mut out = Vec::new();
        write(&mut out, Opcode::Text, b"Hello", [0x37, 0xfa, 0x21, 0x3d]);
        assert_eq!(out, [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]);
        let head = |bytes: &[u8]| Head::read(bytes).unwrap().unwrap();
        assert_eq!(head(&[0x81, 0x05]), Head { is_last: true, opcode: Opcode::Text, len: 2, payload: 5 });
        assert_eq!(head(&[0x01, 0x03]), Head { is_last: false, opcode: Opcode::Text, len: 2, payload: 3 });
        assert_eq!(
            head(&[0x82, 0x7E, 0x01, 0x00]),
            Head { is_last: true, opcode: Opcode::Binary, len: 4, payload: 256 }
        );
        assert_eq!(
            head(&[0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0]),
            Head { is_last: true, opcode: Opcode::Binary, len: 10, payload: 65536 }
        );
    }

    #[test]
    fn masking_is_the_plain_definition() {
        for len in 0..40 {
            let plain: Vec<u8> = (0..len).map(|i| (i * 7) as u8).collect();
            let key = [1, 2, 3, 4];
            let mut masked = plain.clone();
            mask(&mut masked, key);
            let expected: Vec<u8> = plain.iter().enumerate().map(|(i, b)| b ^ key[i % 4]).collect();
            assert_eq!(masked, expected);
        }
    }

    #[test]
    fn closes_are_read() {
        assert_eq!(read_close(b""), Ok((None, "")));
        assert_eq!(read_close(&[0x0F, 0xA4, b'x']), Ok((Some(4004), "x")));
        for bad in [&[3][..], &[3, 237], &[0, 0], &[3, 232, 0xFF]] {
            assert!(matches!(read_close(bad), Err(PipeError::Protocol(_))), "{bad:?}");
        }
    }
}
