//! Frames that OKX would never send, and connections that nobody should keep.

#[path = "../fuzz/checks.rs"]
mod checks;

use std::{fs, path::Path};

use okx_common::rng::{Rng, SeededRng};
use okx_ws::{DecodeErrorKind, Decoder, Message};
use proptest::prelude::*;

/// Random changes of captured frames in each of eight tests, which run side by side; more are asked for by the environment variable
/// `OKX_HOSTILE_ROUNDS`.
const ROUNDS: u64 = 125_000;

/// Captured pushes whose `arg` comes first, as OKX sends it, with that `arg` as an error names it.
fn pushes() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test_data/corpus/ws");
    for channel in fs::read_dir(folder).unwrap() {
        for file in fs::read_dir(channel.unwrap().path()).unwrap() {
            let frame = fs::read_to_string(file.unwrap().path()).unwrap().trim().to_owned();
            let mut decoder = Decoder::new();
            let name = match decoder.decode(frame.as_bytes()) {
                Ok(Message::Data(data)) => data.arg.to_string(),
                _ => continue,
            };
            if frame.find("\"arg\"") < frame.find("\"data\"") {
                found.push((frame, name));
            }
        }
    }
    found.sort();
    assert!(found.len() > 150, "the corpus is missing");
    found
}

/// Where `data` of a push begins.
fn data_at(frame: &str) -> usize {
    let key = frame.find("\"data\"").expect("a push has rows");
    key + frame[key..].find(':').expect("a value") + 1
}

/// Decodes a frame that must be refused, then a good one; the refusal names the channel.
fn refused(bytes: &[u8], channel: &str, good: &str) -> DecodeErrorKind {
    let mut decoder = Decoder::new();
    let error = decoder.decode(bytes).expect_err("must be refused");
    assert_eq!(error.channel(), Some(channel), "{error}");
    let kind = error.kind();
    let Ok(Message::Data(data)) = decoder.decode(good.as_bytes()) else {
        panic!("the next frame of {channel} is lost")
    };
    assert_eq!(data.skipped, []);
    kind
}

#[test]
fn every_truncation_is_one_error_that_names_the_channel() {
    for (frame, channel) in pushes() {
        // From within the rows on.
        let from = data_at(&frame) + frame[data_at(&frame)..].find('[').unwrap() + 1;
        let to = frame.len() - 1;
        let step = ((to - from) / 40).max(1);
        for at in (from..to).step_by(step).filter(|at| frame.is_char_boundary(*at)) {
            assert_eq!(refused(&frame.as_bytes()[..at], &channel, &frame), DecodeErrorKind::NotJson);
        }
    }
}

#[test]
fn bytes_that_are_no_text_are_one_error_that_names_the_channel() {
    for (frame, channel) in pushes() {
        let at = data_at(&frame) + 1;
        let bytes = [&frame.as_bytes()[..at], b"\"\xFF\xFE\"", &frame.as_bytes()[at..]].concat();
        assert_eq!(refused(&bytes, &channel, &frame), DecodeErrorKind::NotUtf8);
    }
}

#[test]
fn rows_of_the_wrong_kind_are_one_error_or_one_skipped_row() {
    for (frame, channel) in pushes() {
        let head = &frame[..data_at(&frame)];
        for data in ["{}", "7", "true", "\"rows\"", "{\"a\":[1]}"] {
            let bad = format!("{head}{data}}}");
            assert_eq!(refused(bad.as_bytes(), &channel, &frame), DecodeErrorKind::Shape, "{bad}");
        }
        let deep = format!("{head}{}", "[".repeat(100_000));
        assert_eq!(refused(deep.as_bytes(), &channel, &frame), DecodeErrorKind::NotJson);
        let bad = format!("{head}[7]}}");
        let mut decoder = Decoder::new();
        let Ok(Message::Data(data)) = decoder.decode(bad.as_bytes()) else { panic!("{bad}") };
        // A list of instruments keeps what it cannot use, as an incomplete row.
        let expected = if channel.starts_with("instruments") { (1, 0) } else { (0, 1) };
        assert_eq!((data.payload.len(), data.skipped.len()), expected, "{bad}");
    }
}

#[test]
fn a_value_of_a_megabyte_costs_at_most_its_row() {
    for (frame, _) in pushes() {
        let head = &frame[..data_at(&frame)];
        let long = "9".repeat(1 << 20);
        checks::frame(
            format!("{head}[{{\"ts\":\"{long}\",\"px\":\"{long}\",\"asks\":\"{long}\"}}]}}").as_bytes(),
        );
    }
}

macro_rules! random_changes {
    ($($name:ident $seed:literal)+) => {
        $(#[test]
        fn $name() {
            random_changes_of_captured_frames_never_harm($seed);
        })+
    };
}

/// F92.
mod random_changes_of_captured_frames_never_harm {
    use super::random_changes_of_captured_frames_never_harm;

    random_changes! { first 92 second 93 third 94 fourth 95 fifth 96 sixth 97 seventh 98 eighth 99 }
}

fn random_changes_of_captured_frames_never_harm(seed: u64) {
    let rounds = std::env::var("OKX_HOSTILE_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(ROUNDS);
    let mut rng = SeededRng::new(seed);
    // Of long frames the beginning: most changes should hit what matters.
    let frames: Vec<_> =
        pushes().into_iter().map(|(frame, _)| frame.into_bytes()).filter(|f| f.len() < 4_096).collect();
    for _ in 0..rounds {
        let mut frame = frames[rng.below(frames.len() as u64) as usize].clone();
        for _ in 0..=rng.below(4) {
            let at = rng.below(frame.len() as u64) as usize;
            match rng.below(4) {
                0 => frame[at] ^= 1 << rng.below(8),
                1 => frame[at] = b"\"{}[],:0-.e\\"[rng.below(12) as usize],
                2 => drop(frame.remove(at)),
                _ => frame.insert(at, frame[rng.below(frame.len() as u64) as usize]),
            }
        }
        checks::frame(&frame);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_a_frame_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        checks::frame(&bytes);
    }

    #[test]
    fn any_bytes_are_a_stream_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        checks::stream(&bytes);
    }

    #[test]
    fn anything_like_json_is_a_frame_or_an_error(text in r#"(\{"(arg|data|event|op|a)":|\[|\]|\}|,|"[a-z\\]{0,4}"|-?[0-9.e]{1,5}|null){0,40}"#) {
        checks::frame(text.as_bytes());
    }
}
