//! Pipes against a peer that the tests play.

use okx_common::rng::SeededRng;
use proptest::prelude::*;
use rcgen::CertifiedKey;
use rustls_pki_types::PrivateKeyDer;

use super::*;

const URL: &str = "ws://ws.okx.com/ws/v5/public";

fn fresh() -> Pipe {
    Pipe::new(&URL.parse().unwrap(), None, Box::new(SeededRng::new(7))).unwrap()
}

/// The answer to the upgrade request that waits to be sent.
fn answer(request: &[u8]) -> String {
    let request = std::str::from_utf8(request).unwrap();
    let key = request.lines().find_map(|l| l.strip_prefix("Sec-WebSocket-Key: ")).expect("a key");
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n\r\n",
        upgrade::proof(key)
    )
}

fn open() -> Pipe {
    let mut pipe = fresh();
    let answer = answer(pipe.outgoing());
    pipe.consumed(usize::MAX);
    pipe.receive(answer.as_bytes());
    assert_eq!(pipe.next_frame(), Ok(Some(Frame::Open)));
    assert!(pipe.is_open());
    pipe
}

/// A frame as a server sends it.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![first];
    match payload.len() {
        len @ 0..=125 => out.push(len as u8),
        len @ 126..=0xFFFF => {
            out.push(126);
            out.extend_from_slice(&(len as u16).to_be_bytes());
        }
        len => {
            out.push(127);
            out.extend_from_slice(&(len as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(payload);
    out
}

/// What the pipe has to send, unmasked: opcodes and payloads.
fn sent(pipe: &mut Pipe) -> Vec<(u8, Vec<u8>)> {
    let frames = unmask(pipe.outgoing());
    pipe.consumed(usize::MAX);
    frames
}

fn unmask(mut bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut frames = Vec::new();
    while let [first, second, rest @ ..] = bytes {
        assert_eq!(second & 0x80, 0x80, "clients mask");
        let (len, rest) = match second & 0x7F {
            126 => (usize::from(u16::from_be_bytes([rest[0], rest[1]])), &rest[2..]),
            127 => (u64::from_be_bytes(rest[..8].try_into().unwrap()) as usize, &rest[8..]),
            len => (usize::from(len), rest),
        };
        let mut payload = rest[4..4 + len].to_vec();
        frame::mask(&mut payload, rest[..4].try_into().unwrap());
        frames.push((first & 0x0F, payload));
        bytes = &rest[4 + len..];
    }
    frames
}

/// A frame that outlives the pipe's buffer.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Owned {
    Open,
    Text(Vec<u8>),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Option<u16>, String),
}

impl From<Frame<'_>> for Owned {
    fn from(frame: Frame<'_>) -> Self {
        match frame {
            Frame::Open => Self::Open,
            Frame::Text(b) => Self::Text(b.to_vec()),
            Frame::Binary(b) => Self::Binary(b.to_vec()),
            Frame::Ping(b) => Self::Ping(b.to_vec()),
            Frame::Pong(b) => Self::Pong(b.to_vec()),
            Frame::Close { code, reason } => Self::Close(code, reason.to_owned()),
        }
    }
}

/// Everything that is readable now.
fn drain(pipe: &mut Pipe) -> Result<Vec<Owned>, PipeError> {
    let mut frames = Vec::new();
    while let Some(frame) = pipe.next_frame()? {
        let is_close = matches!(frame, Frame::Close { .. });
        frames.push(frame.into());
        if is_close {
            break;
        }
    }
    Ok(frames)
}

fn error_of(bytes: &[u8]) -> PipeError {
    let mut pipe = open();
    pipe.receive(bytes);
    let error = drain(&mut pipe).expect_err("must be refused");
    assert_eq!(drain(&mut pipe), Err(PipeError::Ended));
    assert!(!pipe.is_open());
    error
}

#[test]
fn the_request_names_host_and_path() {
    let pipe = fresh();
    let request = String::from_utf8(pipe.outgoing().to_vec()).unwrap();
    assert!(request.starts_with("GET /ws/v5/public HTTP/1.1\r\nHost: ws.okx.com\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\n") && !request.contains("Extensions"), "{request}");
}

#[test]
fn frames_behind_the_answer_in_the_same_packet_count() {
    let mut pipe = fresh();
    let mut bytes = answer(pipe.outgoing()).into_bytes();
    bytes.extend(frame(0x81, b"first"));
    pipe.receive(&bytes);
    assert_eq!(drain(&mut pipe), Ok(vec![Owned::Open, Owned::Text(b"first".to_vec())]));
}

#[test]
fn text_goes_out_masked_and_whole() {
    let mut pipe = open();
    let long = vec![b'x'; 70_000];
    for text in [&b"ping"[..], b"", &[b'y'; 300], &long] {
        pipe.send_text(text).unwrap();
        assert_eq!(sent(&mut pipe), [(1, text.to_vec())]);
    }
    pipe.send_text(b"ab").unwrap();
    let (first, rest) = pipe.outgoing().split_at(3);
    let whole = [first, rest].concat();
    pipe.consumed(3);
    assert_eq!(pipe.outgoing(), &whole[3..], "a socket may take a part");
}

#[test]
fn pings_are_answered_and_a_flood_of_them_is_not() {
    let mut pipe = open();
    pipe.receive(&frame(0x89, b"are you there"));
    assert_eq!(drain(&mut pipe), Ok(vec![Owned::Ping(b"are you there".to_vec())]));
    assert_eq!(sent(&mut pipe), [(10, b"are you there".to_vec())]);
    for _ in 0..100_000 {
        pipe.receive(&frame(0x89, &[0; 125]));
        pipe.next_frame().unwrap();
    }
    assert!(pipe.outgoing().len() < 2 * OUTGOING_BYTES_FOR_PONG);
}

#[test]
fn fragments_are_joined_and_may_hold_control_frames() {
    let mut pipe = open();
    for bytes in
        [frame(0x01, b"a"), frame(0x8A, b"p"), frame(0x00, b"b"), frame(0x80, b"c"), frame(0x81, b"d")]
    {
        pipe.receive(&bytes);
    }
    let expected = [Owned::Pong(b"p".to_vec()), Owned::Text(b"abc".to_vec()), Owned::Text(b"d".to_vec())];
    assert_eq!(drain(&mut pipe), Ok(expected.to_vec()));
}

#[test]
fn closes_are_answered_and_end_everything() {
    let mut pipe = open();
    let payload = [&4004u16.to_be_bytes()[..], b"No data received in 30s."].concat();
    pipe.receive(&frame(0x88, &payload));
    pipe.receive(&frame(0x81, b"late"));
    let expected = Owned::Close(Some(4004), "No data received in 30s.".to_owned());
    assert_eq!(drain(&mut pipe), Ok(vec![expected]));
    assert_eq!(sent(&mut pipe), [(8, 4004u16.to_be_bytes().to_vec())]);
    assert_eq!(drain(&mut pipe), Err(PipeError::Ended));
    assert_eq!(pipe.send_text(b"x"), Err(PipeError::NotOpen));
}

#[test]
fn our_own_close_is_sent_once_and_the_answer_is_read() {
    let mut pipe = open();
    pipe.send_close(1000, &"é".repeat(100));
    let frames = sent(&mut pipe);
    assert_eq!(frames[0].1[..2], 1000u16.to_be_bytes());
    assert!(frames[0].1.len() <= 125 && std::str::from_utf8(&frames[0].1[2..]).is_ok());
    assert_eq!(pipe.send_text(b"x"), Err(PipeError::NotOpen));
    pipe.receive(&frame(0x81, b"still on its way"));
    pipe.receive(&frame(0x88, &1000u16.to_be_bytes()));
    let expected = [Owned::Text(b"still on its way".to_vec()), Owned::Close(Some(1000), String::new())];
    assert_eq!(drain(&mut pipe), Ok(expected.to_vec()));
    assert!(pipe.outgoing().is_empty());
}

#[test]
fn what_a_server_must_not_send_is_refused_by_name() {
    for (bytes, words) in [
        (vec![0x81, 0x80, 1, 2, 3, 4], "masked"),
        (vec![0x83, 0], "undefined opcode"),
        (vec![0xC1, 0], "reserved bits"),
        (vec![0x09, 0], "control frame"),
        (vec![0x89, 126, 0, 200], "control frame"),
        (frame(0x80, b"x"), "continuation of no message"),
        ([frame(0x01, b"x"), frame(0x81, b"y")].concat(), "within a fragmented one"),
        (frame(0x88, &[3]), "half a code"),
        (frame(0x88, &[3, 237]), "must not be sent"),
        (frame(0x88, &[3, 232, 0xFF]), "not UTF-8"),
    ] {
        let error = error_of(&bytes);
        assert!(matches!(error, PipeError::Protocol(w) if w.contains(words)), "{error}");
    }
}

#[test]
fn a_message_beyond_the_limit_is_refused_from_its_head() {
    let mut head = vec![0x82, 127];
    head.extend_from_slice(&(100u64 << 20).to_be_bytes());
    let max = MESSAGE_BYTES_MAX as u64;
    assert_eq!(error_of(&head), PipeError::TooLong { bytes: 100 << 20, max });
    let mut pipe = open();
    pipe.receive(&head);
    assert!(drain(&mut pipe).is_err());
    assert_eq!(sent(&mut pipe), [(8, 1009u16.to_be_bytes().to_vec())], "the peer is told");
    assert!(pipe.read_buffer().len() < 1024 * 1024, "nothing was reserved for it");
    let mut pipe = open();
    let part = vec![b'x'; MESSAGE_BYTES_MAX / 2 + 1];
    pipe.receive(&frame(0x01, &part));
    assert_eq!(drain(&mut pipe), Ok(vec![]));
    pipe.receive(&frame(0x80, &part));
    assert!(matches!(drain(&mut pipe), Err(PipeError::TooLong { .. })), "fragments count together");
}

#[test]
fn a_peer_that_does_not_read_is_noticed() {
    let mut pipe = open();
    let text = vec![b'x'; 64 * 1024];
    let sent = (0..1_000).take_while(|_| pipe.send_text(&text).is_ok()).count();
    assert_eq!(sent, OUTGOING_BYTES_MAX / (text.len() + 14));
    assert_eq!(pipe.send_text(&text), Err(PipeError::OutgoingFull));
}

#[test]
fn the_end_of_the_stream_comes_after_what_was_received() {
    let mut pipe = open();
    pipe.receive(&frame(0x81, b"last words"));
    pipe.received(0);
    assert_eq!(pipe.next_frame(), Ok(Some(Frame::Text(b"last words"))));
    assert_eq!(pipe.next_frame(), Err(PipeError::Ended));
    let mut pipe = fresh();
    pipe.received(0);
    assert_eq!(pipe.next_frame(), Err(PipeError::Ended));
}

fn any_frame() -> impl Strategy<Value = (Vec<u8>, Vec<Owned>)> {
    let payload = || prop::collection::vec(any::<u8>(), 0..300);
    let small = || prop::collection::vec(any::<u8>(), 0..126);
    prop_oneof![
        4 => payload().prop_map(|p| (frame(0x81, &p), vec![Owned::Text(p)])),
        1 => payload().prop_map(|p| (frame(0x82, &p), vec![Owned::Binary(p)])),
        1 => prop::collection::vec(any::<u8>(), 65_000..70_000).prop_map(|p| (frame(0x81, &p), vec![Owned::Text(p)])),
        1 => small().prop_map(|p| (frame(0x89, &p), vec![Owned::Ping(p)])),
        1 => small().prop_map(|p| (frame(0x8A, &p), vec![Owned::Pong(p)])),
        2 => (payload(), payload(), small(), payload()).prop_map(|(a, b, ping, c)| {
            let bytes = [frame(0x01, &a), frame(0x00, &b), frame(0x89, &ping), frame(0x80, &c)].concat();
            (bytes, vec![Owned::Ping(ping), Owned::Text([a, b, c].concat())])
        }),
    ]
}

/// Feeds bytes in pieces of these sizes, by the same calls as a driver.
fn feed(pipe: &mut Pipe, mut bytes: &[u8], sizes: &[usize]) -> Result<Vec<Owned>, PipeError> {
    let mut frames = Vec::new();
    let mut sizes = sizes.iter().copied().cycle();
    while !bytes.is_empty() {
        let space = pipe.read_buffer();
        let n = sizes.next().unwrap_or(1).clamp(1, bytes.len().min(space.len()));
        space[..n].copy_from_slice(&bytes[..n]);
        bytes = &bytes[n..];
        pipe.received(n);
        frames.extend(drain(pipe)?);
    }
    Ok(frames)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_chunking_gives_the_same_frames(
        frames in prop::collection::vec(any_frame(), 1..12),
        sizes in prop::collection::vec(1usize..5_000, 1..20),
    ) {
        let mut pipe = fresh();
        let mut bytes = answer(pipe.outgoing()).into_bytes();
        let mut expected = vec![Owned::Open];
        for (wire, owned) in frames {
            bytes.extend(wire);
            expected.extend(owned);
        }
        prop_assert_eq!(feed(&mut pipe, &bytes, &sizes).unwrap(), expected.clone());
        let mut pipe = fresh();
        prop_assert_eq!(feed(&mut pipe, &bytes, &[usize::MAX]).unwrap(), expected);
    }

    #[test]
    fn hostile_bytes_end_in_frames_or_an_error(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        sizes in prop::collection::vec(1usize..50, 1..5),
        is_open in any::<bool>(),
    ) {
        let mut pipe = if is_open { open() } else { fresh() };
        let frames = feed(&mut pipe, &bytes, &sizes);
        prop_assert!(frames.is_err() || frames.unwrap().len() <= bytes.len() / 2 + 1);
    }
}

/// A TLS server in memory, with a certificate of its own for this host, and the client's configuration that trusts it.
fn tls_server(host: &str) -> (rustls::ServerConnection, Arc<ClientConfig>) {
    let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed([host.to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let server =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
    let client = tls_config(Some(cert.pem().as_bytes())).unwrap();
    let mut server = rustls::ServerConnection::new(Arc::new(server)).unwrap();
    server.set_buffer_limit(None);
    (server, client)
}

/// Moves bytes both ways, in pieces of this size, until nothing moves. What the server got in the clear is added to `heard`.
fn exchange(
    pipe: &mut Pipe,
    server: &mut rustls::ServerConnection,
    heard: &mut Vec<u8>,
    size: usize,
) -> Result<Vec<Owned>, PipeError> {
    use std::io::Read as _;
    let mut frames = Vec::new();
    loop {
        let mut has_moved = false;
        while !pipe.outgoing().is_empty() {
            let mut bytes = &pipe.outgoing()[..size.min(pipe.outgoing().len())];
            let n = server.read_tls(&mut bytes).unwrap();
            pipe.consumed(n);
            // A refused handshake shows on the client's side.
            drop(server.process_new_packets());
            let _ = server.reader().read_to_end(heard);
            has_moved = true;
        }
        let mut wire = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut wire).unwrap();
        }
        has_moved |= !wire.is_empty();
        frames.extend(feed(pipe, &wire, &[size])?);
        if !has_moved {
            return Ok(frames);
        }
    }
}

#[test]
fn the_same_over_tls_in_any_chunking() {
    use std::io::Write as _;
    for size in [1, 7, 1_000, usize::MAX] {
        let (mut server, config) = tls_server("localhost");
        let url = "wss://localhost:9/x".parse().unwrap();
        let mut pipe = Pipe::new(&url, Some(&config), Box::new(SeededRng::new(1))).unwrap();
        let mut heard = Vec::new();
        assert_eq!(exchange(&mut pipe, &mut server, &mut heard, size), Ok(vec![]));
        server.writer().write_all(answer(&heard).as_bytes()).unwrap();
        let long = vec![b'z'; 100_000];
        for bytes in [frame(0x81, b"hello"), frame(0x89, b"?"), frame(0x81, &long)] {
            server.writer().write_all(&bytes).unwrap();
            heard.clear();
        }
        let expected =
            [Owned::Open, Owned::Text(b"hello".to_vec()), Owned::Ping(b"?".to_vec()), Owned::Text(long)];
        assert_eq!(exchange(&mut pipe, &mut server, &mut heard, size), Ok(expected.to_vec()));
        pipe.send_text(b"out").unwrap();
        exchange(&mut pipe, &mut server, &mut heard, size).unwrap();
        assert_eq!(unmask(&heard), [(10, b"?".to_vec()), (1, b"out".to_vec())]);
        server.send_close_notify();
        assert_eq!(exchange(&mut pipe, &mut server, &mut heard, size), Err(PipeError::Ended));
    }
}

#[test]
fn certificates_are_checked() {
    let (mut server, _) = tls_server("localhost");
    let url = "wss://localhost/x".parse().unwrap();
    let stranger = tls_config(None).unwrap();
    let mut pipe = Pipe::new(&url, Some(&stranger), Box::new(SeededRng::new(1))).unwrap();
    let error = exchange(&mut pipe, &mut server, &mut Vec::new(), 1_000).unwrap_err();
    assert!(matches!(error, PipeError::Tls(rustls::Error::InvalidCertificate(_))), "{error}");
    assert!(!pipe.outgoing().is_empty(), "an alert tells the peer");

    let (mut server, config) = tls_server("somebody.else");
    let mut pipe = Pipe::new(&url, Some(&config), Box::new(SeededRng::new(1))).unwrap();
    let error = exchange(&mut pipe, &mut server, &mut Vec::new(), 1_000).unwrap_err();
    assert!(matches!(error, PipeError::Tls(_)), "{error}");

    assert_eq!(Pipe::new(&url, None, Box::new(SeededRng::new(1))).unwrap_err(), PipeError::NoTls);
}
