//! What must hold for any bytes whatsoever. Shared by the fuzz targets and a test on the stable compiler.
#![allow(dead_code, reason = "each target uses one of them")]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use okx_common::rng::SeededRng;
use okx_ws::{
    Decoder, Message, Payload, decode_frame_report,
    pipe::{Frame, Pipe, PipeError},
};
use sha1::{Digest as _, Sha1};

const GOOD: &[u8] = br#"{"arg":{"channel":"bbo-tbt","instId":"A-B"},"data":[{"asks":[["2","1","0","1"]],"bids":[],"ts":"1","seqId":1}]}"#;

/// The longest error text; it must fit a log line.
const ERROR_BYTES_MAX: usize = 1_000;

/// A frame decodes or is refused in few words, always the same way, and the next one is not affected.
pub fn frame(data: &[u8]) {
    let mut decoder = Decoder::new();
    let refused = match decoder.decode(data) {
        Ok(Message::Data(data)) => {
            for row in &data.skipped {
                assert!(row.reason.len() + row.excerpt.len() < ERROR_BYTES_MAX, "{row:?}");
            }
            !data.skipped.is_empty() || data.arg.channel.is_none()
        }
        Ok(Message::Unknown { .. }) => true,
        Ok(_) => false,
        Err(error) => {
            let words = error.to_string();
            // The channel's name and arguments are quoted whole; the rest is bounded.
            assert!(words.len() < ERROR_BYTES_MAX + error.channel().map_or(0, str::len), "{words}");
            true
        }
    };
    assert_eq!(decode_frame_report(data).ok, !refused);
    let Ok(Message::Data(good)) = decoder.decode(GOOD) else { panic!("the next frame is lost") };
    let Payload::Books(books) = good.payload else { panic!("the next frame is another") };
    let rows: Vec<_> = books.iter().map(|b| (b.asks.len(), b.bids.len(), b.seq_id)).collect();
    assert_eq!(rows, [(1, 0, Some(1))]);
}

/// A connection yields frames or ends with one error, the same in one piece as byte by byte.
pub fn stream(data: &[u8]) {
    assert_eq!(run(data, usize::MAX), run(data, 1));
}

fn run(data: &[u8], size: usize) -> (Vec<Vec<u8>>, Option<PipeError>) {
    let url = "ws://localhost/".parse().expect("a good address");
    let mut pipe = Pipe::new(&url, None, Box::new(SeededRng::new(7))).expect("needs no TLS");
    let request = String::from_utf8_lossy(pipe.outgoing()).into_owned();
    let key = request.lines().find_map(|l| l.strip_prefix("Sec-WebSocket-Key: ")).expect("a key");
    // What RFC 6455 has servers append.
    let proof = Sha1::digest(format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
    let proof = STANDARD.encode(proof);
    let answer = format!(
        "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {proof}\r\n\r\n"
    );
    pipe.receive(answer.as_bytes());
    assert_eq!(pipe.next_frame(), Ok(Some(Frame::Open)));
    let mut frames = Vec::new();
    for chunk in data.chunks(size.min(data.len().max(1))) {
        pipe.receive(chunk);
        loop {
            match pipe.next_frame() {
                Ok(None) => break,
                Ok(Some(frame)) => frames.push(format!("{frame:?}").into_bytes()),
                Err(error) => return (frames, Some(error)),
            }
        }
    }
    (frames, None)
}
