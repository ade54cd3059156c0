//! EDIT: changes the bytes of a frame or body.

use std::io::Write as _;

use bytes::Bytes;
use okx_common::rng::{Rng as _, SeededRng};

use super::deliver::Frame;
use crate::{fault::Change, output::RestResponse, splice};

/// Changes a frame; changes that concern HTTP leave it alone.
pub(super) fn frame(frame: &mut Frame, changes: &[Change], rng: &mut SeededRng) {
    for change in changes {
        match change {
            Change::Binary => frame.binary = true,
            Change::Fragments(n) => frame.fragments = (*n).max(1),
            Change::Deflate => {
                frame.bytes = deflate(&frame.bytes);
                frame.compressed = true;
            }
            other => frame.bytes = bytes(&frame.bytes, other, rng),
        }
    }
}

/// Changes a REST response; changes that concern frames leave it alone.
pub(super) fn response(response: &mut RestResponse, changes: &[Change], rng: &mut SeededRng) {
    for change in changes {
        match change {
            Change::Status(status) => response.status = *status,
            Change::Header { name, value } => response.headers.push((name.clone(), value.clone())),
            Change::Gzip => {
                response.body = gzip(&response.body);
                response.headers.push(("content-encoding".to_owned(), "gzip".to_owned()));
            }
            other => response.body = bytes(&response.body, other, rng),
        }
    }
}

fn bytes(old: &Bytes, change: &Change, rng: &mut SeededRng) -> Bytes {
    let spliced = match change {
        Change::Raw(payload) => return payload.bytes(),
        Change::Truncate(n) => return old.slice(..(*n).min(old.len())),
        Change::Double => return Bytes::from([&old[..], &old[..]].concat()),
        Change::Flip(bits) => return flip(old, *bits, rng),
        Change::Set { path, raw } => splice::set(old, path, raw.as_bytes()),
        Change::Remove { path } => splice::remove(old, path),
        Change::Binary
        | Change::Fragments(_)
        | Change::Deflate
        | Change::Gzip
        | Change::Status(_)
        | Change::Header { .. } => None,
    };
    spliced.map_or_else(|| old.clone(), Bytes::from)
}

fn flip(old: &Bytes, bits: u32, rng: &mut SeededRng) -> Bytes {
    let mut new = old.to_vec();
    for _ in 0..bits {
        if !new.is_empty() {
            let at = rng.below(new.len() as u64) as usize;
            new[at] ^= 1 << rng.below(8);
        }
    }
    Bytes::from(new)
}

/// A message of permessage-deflate: without the empty block at its end (RFC 7692, section 7.2.1).
fn deflate(message: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(message.len() / 2 + 64);
    let mut compress = flate2::Compress::new(flate2::Compression::best(), false);
    // Writing to memory fails only without any.
    let mut at = 0;
    while at < message.len() || out.len() == out.capacity() {
        out.reserve(message.len() / 2 + 64);
        let done = compress.compress_vec(&message[at..], &mut out, flate2::FlushCompress::Sync);
        at = usize::try_from(compress.total_in()).unwrap_or(message.len());
        if done.is_err() {
            return Bytes::copy_from_slice(message);
        }
    }
    out.truncate(out.len().saturating_sub(4));
    Bytes::from(out)
}

fn gzip(body: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    // Writing to memory fails only without any.
    let done = encoder.write_all(body).and_then(|()| encoder.finish());
    done.map_or_else(|_| Bytes::copy_from_slice(body), Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::{Class, Payload};

    fn edited(text: &str, changes: &[Change]) -> Frame {
        let mut made = Frame::new(Class::Update, text.to_owned());
        frame(&mut made, changes, &mut SeededRng::new(7));
        made
    }

    #[test]
    fn changes_do_what_they_say() {
        let text = r#"{"data":[{"px":"1"}]}"#;
        let set = Change::Set { path: "data/0/px".into(), raw: "\"\"".into() };
        assert_eq!(
            edited(text, &[set.clone(), Change::Double]).bytes,
            r#"{"data":[{"px":""}]}{"data":[{"px":""}]}"#
        );
        assert_eq!(edited(text, &[Change::Remove { path: "data/0/px".into() }]).bytes, r#"{"data":[{}]}"#);
        assert_eq!(edited(text, &[Change::Truncate(5)]).bytes, r#"{"dat"#);
        assert_eq!(edited(text, &[Change::Raw(Payload::text("x"))]).bytes, "x");
        let odd = edited(
            text,
            &[Change::Binary, Change::Fragments(3), Change::Set { path: "no/way".into(), raw: "1".into() }],
        );
        assert!(odd.binary && odd.fragments == 3 && odd.bytes == text);
    }

    #[test]
    fn deflates_as_the_extension_has_it() {
        let old = "abc".repeat(50_000);
        let made = edited(&old, &[Change::Deflate]);
        assert!(made.compressed && made.bytes.len() < 2_000);
        let whole = [&made.bytes[..], &[0, 0, 0xff, 0xff]].concat();
        let mut text = Vec::with_capacity(old.len() + 1);
        let mut inflate = flate2::Decompress::new(false);
        inflate.decompress_vec(&whole, &mut text, flate2::FlushDecompress::Sync).expect("sound");
        assert_eq!(text, old.as_bytes());
    }

    #[test]
    fn flips_so_many_bits() {
        let old = "a".repeat(1000);
        let new = edited(&old, &[Change::Flip(5)]).bytes;
        let turned: u32 = new.iter().map(|b| (b ^ b'a').count_ones()).sum();
        assert!(turned == 5 || turned == 3, "a bit may be hit twice: {turned}");
    }

    #[test]
    fn bodies_get_status_headers_and_gzip() {
        let mut body = RestResponse::json(200, "{}");
        let changes = [
            Change::Raw(Payload::Repeat {
                head: String::new(),
                text: "0".into(),
                times: 1 << 20,
                tail: String::new(),
            }),
            Change::Gzip,
            Change::Status(503),
            Change::Header { name: "retry-after".into(), value: "1".into() },
        ];
        response(&mut body, &changes, &mut SeededRng::new(7));
        assert!(body.status == 503 && body.headers.len() == 2 && body.body.len() < 10_000);
    }
}
