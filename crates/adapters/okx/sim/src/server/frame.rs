//! WebSocket framing, the server's side (RFC 6455 section 5): every frame can be cut, fragmented or be wrong on purpose.

use bytes::{Buf as _, Bytes, BytesMut};

use crate::output::WireFrame;

const CONTINUATION: u8 = 0x0;
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xa;
const FIN: u8 = 0x80;
/// The first reserved bit, on the first frame of a message (RFC 7692, section 6).
const COMPRESSED: u8 = 0x40;
const MASKED: u8 = 0x80;
const MASK_LEN: usize = 4;
/// Longest payload of a control frame.
const MAX_CONTROL: usize = 125;

/// Close code for a client that breaks the protocol.
pub(super) const PROTOCOL_ERROR: u16 = 1002;

/// Appends a frame as it goes over the wire.
pub(super) fn encode(frame: &WireFrame, out: &mut BytesMut) {
    let start = out.len();
    let opcode = if frame.binary { BINARY } else { TEXT } | if frame.compressed { COMPRESSED } else { 0 };
    let pieces = frame.fragments.max(1);
    let size = frame.payload.len().div_ceil(pieces);
    for n in 0..pieces {
        let from = (n * size).min(frame.payload.len());
        let to = (from + size).min(frame.payload.len());
        let fin = if n + 1 == pieces { FIN } else { 0 };
        piece(fin | if n == 0 { opcode } else { CONTINUATION }, &frame.payload[from..to], out);
    }
    if let Some(cut_at) = frame.cut_at {
        out.truncate(start.saturating_add(cut_at).min(out.len()));
    }
}

/// Appends a close frame; a reason that does not fit is shortened.
pub(super) fn encode_close(code: u16, reason: &str, out: &mut BytesMut) {
    let mut end = reason.len().min(MAX_CONTROL - 2);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    let payload = [&code.to_be_bytes(), &reason.as_bytes()[..end]].concat();
    piece(FIN | CLOSE, &payload, out);
}

/// Appends a pong.
pub(super) fn encode_pong(payload: &[u8], out: &mut BytesMut) {
    piece(FIN | PONG, payload, out);
}

fn piece(first: u8, payload: &[u8], out: &mut BytesMut) {
    let len = payload.len();
    out.reserve(len + 10);
    out.extend_from_slice(&[first]);
    match (u8::try_from(len), u16::try_from(len)) {
        (Ok(short), _) if short < 126 => out.extend_from_slice(&[short]),
        (_, Ok(medium)) => {
            out.extend_from_slice(&[126]);
            out.extend_from_slice(&medium.to_be_bytes());
        }
        _ => {
            out.extend_from_slice(&[127]);
            out.extend_from_slice(&(len as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(payload);
}

/// What a client sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A message, text or binary. One beyond the limit comes as its first bytes, one more than allowed.
    Message(Bytes),
    Ping(Bytes),
    Close(Option<u16>),
}

/// The client broke the protocol.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// Takes a client's frames apart.
#[derive(Debug)]
pub(super) struct Decoder {
    /// What was read from the socket.
    pub buf: BytesMut,
    message: BytesMut,
    /// A fragmented message has begun.
    open: bool,
    limit: usize,
    /// A message was too long: what follows is not looked at, as the connection is about to end.
    over: bool,
}

struct Header {
    fin: bool,
    opcode: u8,
    /// Of the header with its mask.
    len: usize,
    mask: [u8; MASK_LEN],
    payload: u64,
}

impl Decoder {
    /// `limit` is the longest message in bytes, `read` what came with the upgrade.
    pub fn new(limit: usize, read: &[u8]) -> Self {
        Self { buf: BytesMut::from(read), message: BytesMut::new(), open: false, limit, over: false }
    }

    /// The next event, if it is complete.
    pub fn next(&mut self) -> Result<Option<Event>, Broken> {
        if self.over {
            self.buf.clear();
        }
        while let Some(header) = self.header()? {
            let room = self.limit + 1 - self.message.len().min(self.limit);
            let is_control = header.opcode & 0x8 != 0;
            let (whole, take) = match usize::try_from(header.payload) {
                Ok(len) if is_control || len < room => (true, len),
                _ => (false, room),
            };
            if self.buf.len() < header.len + take {
                return Ok(None);
            }
            self.buf.advance(header.len);
            let mut payload = self.buf.split_to(take);
            payload.iter_mut().zip(header.mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
            if is_control {
                match header.opcode {
                    CLOSE => {
                        return Ok(Some(Event::Close(payload.first_chunk().map(|c| u16::from_be_bytes(*c)))));
                    }
                    PING => return Ok(Some(Event::Ping(payload.freeze()))),
                    _ => continue,
                }
            }
            self.message.extend_from_slice(&payload);
            self.open = !header.fin;
            self.over = !whole;
            if header.fin || !whole {
                return Ok(Some(Event::Message(self.message.split().freeze())));
            }
        }
        Ok(None)
    }

    fn header(&self) -> Result<Option<Header>, Broken> {
        let [first, second, rest @ ..] = &self.buf[..] else { return Ok(None) };
        let (fin, opcode, short) = (first & FIN != 0, first & 0x0f, second & 0x7f);
        let known = match opcode {
            CONTINUATION => self.open,
            TEXT | BINARY => !self.open,
            CLOSE | PING | PONG => fin && usize::from(short) <= MAX_CONTROL,
            _ => false,
        };
        if !known || first & 0x70 != 0 || second & MASKED == 0 {
            return Err(Broken);
        }
        let (payload, rest, extra) = match short {
            126 => match rest.split_first_chunk::<2>() {
                Some((len, rest)) => (u64::from(u16::from_be_bytes(*len)), rest, 2),
                None => return Ok(None),
            },
            127 => match rest.split_first_chunk::<8>() {
                Some((len, rest)) => (u64::from_be_bytes(*len), rest, 8),
                None => return Ok(None),
            },
            short => (u64::from(short), rest, 0),
        };
        let Some(mask) = rest.first_chunk::<MASK_LEN>() else { return Ok(None) };
        Ok(Some(Header { fin, opcode, len: 2 + extra + MASK_LEN, mask: *mask, payload }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a client sends it, with the mask 1, 2, 3, 4.
    fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut plain = BytesMut::new();
        piece(first, payload, &mut plain);
        let head = plain.len() - payload.len();
        let mut out = plain[..head].to_vec();
        out[1] |= MASKED;
        out.extend_from_slice(&[1, 2, 3, 4]);
        out.extend(payload.iter().zip([1, 2, 3, 4].iter().cycle()).map(|(b, m)| b ^ m));
        out
    }

    fn all(limit: usize, bytes: &[u8]) -> Result<Vec<Event>, Broken> {
        let mut decoder = Decoder::new(limit, b"");
        let mut events = Vec::new();
        for byte in bytes {
            decoder.buf.extend_from_slice(&[*byte]);
            while let Some(event) = decoder.next()? {
                events.push(event);
            }
        }
        Ok(events)
    }

    #[test]
    fn messages_come_out_whole_whatever_the_reads() {
        let long = vec![b'x'; 70_000];
        let mut wire = masked(FIN | TEXT, b"ping");
        wire.extend(masked(TEXT, b"ab"));
        wire.extend(masked(FIN | PING, b"p"));
        wire.extend(masked(FIN | CONTINUATION, b"cd"));
        wire.extend(masked(FIN | BINARY, &long));
        wire.extend(masked(FIN | CLOSE, &1000u16.to_be_bytes()));
        let expected = [
            Event::Message(Bytes::from_static(b"ping")),
            Event::Ping(Bytes::from_static(b"p")),
            Event::Message(Bytes::from_static(b"abcd")),
            Event::Message(Bytes::from(long)),
            Event::Close(Some(1000)),
        ];
        assert_eq!(all(100_000, &wire).expect("sound"), expected);
    }

    #[test]
    fn a_message_beyond_the_limit_is_not_collected() {
        let first = masked(FIN | TEXT, &[b'x'; 300]);
        let events = all(10, &first[..60]).expect("sound");
        assert_eq!(events, [Event::Message(Bytes::from_static(&[b'x'; 11]))]);
        let exact = all(10, &masked(FIN | TEXT, &[b'x'; 10])).expect("sound");
        assert_eq!(exact, [Event::Message(Bytes::from_static(&[b'x'; 10]))]);
    }

    #[test]
    fn broken_frames_are_refused() {
        let unmasked: &[u8] = &[0x81, 1, b'x'];
        let reserved = [masked(FIN | 0x40 | TEXT, b"x"), masked(FIN | 0x3, b"x")].concat();
        let stray = masked(FIN | CONTINUATION, b"x");
        let fragmented_ping = masked(PING, b"");
        let nested = [masked(TEXT, b"a"), masked(TEXT, b"b")].concat();
        for wire in [unmasked, &reserved, &stray, &fragmented_ping, &nested] {
            assert_eq!(all(100, wire), Err(Broken), "{wire:?}");
        }
    }

    #[test]
    fn frames_are_fragmented_and_cut() {
        let mut frame = WireFrame { fragments: 2, ..WireFrame::text(Bytes::from_static(b"abcde")) };
        let mut out = BytesMut::new();
        encode(&frame, &mut out);
        assert_eq!(&out[..], b"\x01\x03abc\x80\x02de");
        frame.cut_at = Some(5);
        out.clear();
        encode(&frame, &mut out);
        assert_eq!(&out[..], b"\x01\x03abc");
        frame = WireFrame { binary: true, fragments: 9, ..WireFrame::text(Bytes::from_static(b"ab")) };
        out.clear();
        encode(&frame, &mut out);
        assert_eq!(out.len(), 9 * 2 + 2, "more fragments than bytes leave empty ones");
    }
}
