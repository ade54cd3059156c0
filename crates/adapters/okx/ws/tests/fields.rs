//! Every field of every captured frame, one after the other, in all the forms in which a field may come: `""`, `null`, not at all, a
//! number for a string and back, a word that nobody knows.

use std::{collections::BTreeSet, fs, path::Path};

use okx_sim::splice;
use okx_ws::{Decoder, Message, Payload};

const GOOD: &[u8] = br#"{"arg":{"channel":"bbo-tbt","instId":"A-B"},"data":[{"asks":[["2","1","0","1"]],"bids":[],"ts":"1","seqId":1}]}"#;

/// Fields whose absence may be read as a zero, and why.
const MAY_BE_ZERO: &[(&str, &str)] = &[
    ("code", "an error without a code is an error all the same, and an order's answer counts item by item"),
    ("data/*/asks/*/3", "how many orders make up a level, where 0 stands for unknown"),
    ("data/*/bids/*/3", "as in asks"),
    ("data/*/asks/*/2", "as above, of spreads"),
    ("data/*/bids/*/2", "as above, of spreads"),
    ("data/*/6", "a candle that is not said to be closed is not taken for closed (spreads)"),
    ("data/*/8", "a candle that is not said to be closed is not taken for closed"),
    ("data/*/5", "a candle that is not said to be closed is not taken for closed (mark price and index)"),
];

/// A field of a captured frame.
struct Field {
    /// Where the frame comes from.
    file: String,
    frame: Vec<u8>,
    /// `data/0/px`.
    path: String,
    /// The value, as it is written.
    raw: String,
}

impl Field {
    fn set(&self, raw: &str) -> Vec<u8> {
        splice::set(&self.frame, &self.path, raw.as_bytes()).unwrap()
    }

    fn about(&self) -> String {
        format!("{} of {}, here {}", self.path, self.file, self.raw)
    }

    /// The path without the places in lists.
    fn kind(&self) -> String {
        kind(&self.path)
    }

    fn is_in_list(&self) -> bool {
        self.path.rsplit('/').next().is_some_and(|last| last.parse::<usize>().is_ok())
    }
}

fn kind(path: &str) -> String {
    let parts: Vec<_> =
        path.split('/').map(|part| if part.parse::<usize>().is_ok() { "*" } else { part }).collect();
    // The columns of rows that are lists have a meaning each.
    match (path.rsplit('/').next(), parts.len()) {
        (Some(last), 3..) if last.parse::<usize>().is_ok() => {
            format!("{}/{last}", parts[..parts.len() - 1].join("/"))
        }
        _ => parts.join("/"),
    }
}

/// All fields of all captured frames; of rows and levels that are alike the first one of each frame.
fn fields() -> Vec<Field> {
    let mut found = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test_data/corpus/ws");
    for channel in fs::read_dir(folder).unwrap() {
        for file in fs::read_dir(channel.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let frame = fs::read(&path).unwrap();
            let mut kinds = BTreeSet::new();
            for field in splice::scalar_paths(&frame) {
                if kinds.insert(kind(&field)) {
                    let raw =
                        String::from_utf8(frame[splice::find(&frame, &field).unwrap()].to_vec()).unwrap();
                    let file = path.display().to_string();
                    let file = file.rsplit("corpus/").next().unwrap_or_default().to_owned();
                    found.push(Field { file, frame: frame.clone(), path: field, raw });
                }
            }
        }
    }
    assert!(found.len() > 4_000, "the corpus is missing: {}", found.len());
    found
}

/// What a decoder makes of a frame; the frame after it is not affected.
fn told(frame: &[u8]) -> String {
    let mut decoder = Decoder::new();
    let told = match decoder.decode(frame) {
        Ok(Message::Data(data)) => {
            let left_out: Vec<_> = data.skipped.iter().map(|row| row.index).collect();
            assert!(data.skipped.iter().all(|row| !row.reason.is_empty()));
            let rows = match &data.payload {
                Payload::Raw(rows) => format!("{} rows of an unknown channel", rows.len()),
                rows => format!("{rows:?}"),
            };
            format!("{} of {:?} {rows} {:?} without {left_out:?}", data.arg, data.arg.uid(), data.page)
        }
        Ok(Message::Ack(ack)) => format!("{:?} {} of {} on {}", ack.kind, ack.id, ack.arg, ack.conn_id),
        Ok(message) => format!("{message:?}"),
        Err(error) => format!("refused: {:?}", error.kind()),
    };
    assert!(matches!(decoder.decode(GOOD), Ok(Message::Data(_))), "the next frame is lost");
    told
}

/// F83, F84: `""`, `null` and a missing key are one and the same, and not a zero.
#[test]
fn absent_is_absent_in_all_forms_and_is_no_zero() {
    let mut wrong = Vec::new();
    for field in fields() {
        let absent = told(&field.set("\"\""));
        if absent != told(&field.set("null")) {
            wrong.push(format!("null: {}", field.about()));
        }
        if !field.is_in_list() && absent != told(&splice::remove(&field.frame, &field.path).unwrap()) {
            wrong.push(format!("missing: {}", field.about()));
        }
        let is_number = field.raw.trim_matches('"').parse::<f64>().is_ok();
        let is_read = told(&field.set("\"7\"")) != told(&field.set("\"8\""));
        let may_be_zero = MAY_BE_ZERO.iter().any(|(kind, _)| *kind == field.kind());
        if is_number && is_read && !may_be_zero && absent == told(&field.set("\"0\"")) {
            wrong.push(format!("zero: {}", field.about()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// F84: a number may come as a string, and what is a string elsewhere as a number, with all of its digits.
#[test]
fn numbers_for_strings_and_back_change_nothing() {
    let (mut swapped, mut wrong) = (0, Vec::new());
    for field in fields() {
        let inner = field.raw.trim_matches('"');
        let other = match field.raw.starts_with('"') {
            true if serde_json::from_str::<serde_json::Number>(inner).is_ok() => inner.to_owned(),
            true => continue,
            false if field.raw == "null" => continue,
            false => format!("\"{inner}\""),
        };
        if told(&field.frame) != told(&field.set(&other)) {
            wrong.push(field.about());
        }
        swapped += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(swapped > 2_000, "{swapped}");
}

/// F85, F86: a word that nobody knows costs its row at most, and what is left out is named.
#[test]
fn an_unknown_word_costs_its_row_at_most() {
    let mut wrong = Vec::new();
    for field in fields().iter().filter(|field| field.path.starts_with("data/0/")) {
        let row =
            |frame: &[u8]| String::from_utf8(frame[splice::find(frame, "data/0").unwrap()].to_vec()).unwrap();
        let (good, odd) = (row(&field.frame), row(&field.set("\"sideways\"")));
        let of = |rows: &str| splice::set(&field.frame, "data", rows.as_bytes()).unwrap();
        let frame = of(&format!("[{good},{odd},{good}]"));
        let mut decoder = Decoder::new();
        let (kept, left_out) = match decoder.decode(&frame) {
            Ok(Message::Data(data)) => {
                (data.payload.len(), data.skipped.iter().map(|row| row.index).collect::<Vec<_>>())
            }
            Ok(Message::OpResponse(response)) => (response.items.len(), Vec::new()),
            // An item of an order's answer that cannot be read: what became of the orders is looked up.
            Err(_) if splice::find(&frame, "op").is_some() => continue,
            other => {
                wrong.push(format!("{}: {other:?}", field.about()));
                continue;
            }
        };
        if kept + left_out.len() != 3 || !(left_out.is_empty() || left_out == [1]) {
            wrong.push(format!("{}: {kept} kept, without {left_out:?}", field.about()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
