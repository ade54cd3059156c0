//! Captured and documented answers: all of them decode, and no field is unknown.

use std::{collections::BTreeMap, fs, path::PathBuf};

use okx_common::rng::{Rng, SeededRng};
use okx_http::decode_body;

struct Capture {
    name: String,
    folder: String,
    body: Vec<u8>,
}

fn captures() -> Vec<Capture> {
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../test_data/corpus/rest");
    let mut captures = Vec::new();
    for folder in fs::read_dir(corpus).unwrap() {
        let folder = folder.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        for file in fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            captures.push(Capture {
                name: format!("{name}/{file}"),
                folder: name.clone(),
                body: fs::read(path).unwrap(),
            });
        }
    }
    captures.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(captures.len() > 250, "the corpus is missing");
    captures
}

/// How many rows the answer has, told without the types under test.
fn rows_of(body: &[u8]) -> usize {
    let value: serde_json::Value = serde_json::from_slice(body).unwrap();
    match value.get("data") {
        Some(serde_json::Value::Array(rows)) => rows.len(),
        Some(serde_json::Value::Object(_)) => 1,
        _ => 0,
    }
}

#[test]
fn every_captured_answer_decodes_and_no_field_is_unknown() {
    let mut by_kind = BTreeMap::<String, usize>::new();
    for capture in captures() {
        let report = decode_body(None, Some(&capture.folder), &capture.body);
        assert_eq!(report.error, None, "{}", capture.name);
        assert!(report.ok, "{}", capture.name);
        assert_eq!(report.items, rows_of(&capture.body), "{}", capture.name);
        assert_eq!(report.unknown_fields, [""; 0], "{}", capture.name);
        if capture.folder != "_errors" {
            assert_eq!(report.kind, capture.folder, "{}", capture.name);
        }
        *by_kind.entry(report.kind).or_default() += 1;
    }
    assert_eq!(by_kind["error"], 3);
    assert_eq!(by_kind["gateway-error"], 1);
    assert!(by_kind.len() > 150, "{by_kind:?}");
}

#[test]
fn a_hint_wins_over_the_folder() {
    let capture = captures().into_iter().find(|c| c.folder == "public-time").unwrap();
    let report = decode_body(Some("public-time"), Some("market-tickers"), &capture.body);
    assert_eq!((report.kind.as_str(), report.ok, report.items), ("public-time", true, 1));
    let report = decode_body(Some("public-tim"), None, &capture.body);
    assert!(report.error.unwrap().contains("public-tim"));
}

/// Rows of several endpoints look alike; what is guessed must at least read the answer as well as the right one.
#[test]
fn without_a_hint_the_shape_tells() {
    let mut guessed = BTreeMap::new();
    for capture in captures() {
        let report = decode_body(None, None, &capture.body);
        let told = decode_body(None, Some(&capture.folder), &capture.body);
        assert_eq!(
            (report.ok, report.items, &report.unknown_fields),
            (true, told.items, &told.unknown_fields),
            "{}",
            capture.name
        );
        guessed.insert(capture.folder, report.kind);
    }
    for folder in [
        "account-balance",
        "account-config",
        "account-positions",
        "account-trade-fee",
        "market-books",
        "market-candles",
        "market-index-tickers",
        "market-trades",
        "public-event-contract-markets",
        "public-funding-rate",
        "public-funding-rate-history",
        "public-instruments",
        "public-mark-price",
        "public-open-interest",
        "public-opt-summary",
        "public-price-limit",
        "public-time",
        "sprd-spreads",
        "trade-fills",
    ] {
        assert_eq!(guessed[folder], folder);
    }
    assert_eq!(guessed["market-ticker"], "market-tickers", "their rows are the same");
}

#[test]
fn unknown_and_bad_fields_are_named() {
    let body = br#"{"code":"0","msg":"","data":[{"instId":"A","markPx":"1","new":{"x":1}},{"instId":"B","old":0,"new":[]}]}"#;
    let report = decode_body(None, Some("public-mark-price"), body);
    assert_eq!((report.ok, report.items), (true, 2));
    assert_eq!(report.unknown_fields, ["new", "old"]);

    let body =
        br#"{"code":"0","data":[{"instId":"A","markPx":"1"},{"instId":"B","markPx":"one"},{"instId":"C"}]}"#;
    let report = decode_body(None, Some("public-mark-price"), body);
    assert_eq!((report.ok, report.items), (false, 2));
    let error = report.error.unwrap();
    assert!(error.starts_with("data[1].markPx: ") && error.contains("\"one\""), "{error}");
}

/// Real answers, damaged: whatever comes of it is a report that agrees with itself.
#[test]
fn damaged_captures_are_reported_not_fatal() {
    let mut rng = SeededRng::new(20_261_122);
    for capture in captures() {
        for round in 0..30 {
            let mut body = capture.body.clone();
            for _ in 0..=rng.below(3) {
                let at = rng.below(body.len() as u64) as usize;
                match rng.below(4) {
                    0 => body.truncate(at.max(1)),
                    1 => body[at] = rng.next_u64() as u8,
                    // The marks of JSON do the most damage.
                    2 => body[at] = b"{}[]\",:-0e"[rng.below(10) as usize],
                    _ => {
                        body.remove(at);
                        body.push(b' ');
                    }
                }
            }
            let report = decode_body(None, Some(&capture.folder), &body);
            let name = format!("{} round {round}", capture.name);
            assert_eq!(report.ok, report.error.is_none(), "{name}");
            assert!(report.items <= 10 * rows_of(&capture.body).max(1), "{name}");
            assert!(report.error.is_none_or(|e| !e.is_empty() && e.len() < 1_000), "{name}");
        }
    }
}
