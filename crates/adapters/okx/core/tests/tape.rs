//! The real tape: OKX's own checksums judge the books.

use std::{collections::BTreeMap, fs, path::PathBuf};

use okx_core::book::{BookSync, Verdict};
use okx_ws::{Decoder, Message, Payload, message::BookAction, session::Generation};

#[derive(serde::Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    frame: &'a serde_json::value::RawValue,
}

#[test]
fn all_real_checksums_match() {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../test_data/tape/okx-public-2022-05-13.jsonl");
    let text = fs::read_to_string(path).expect("the tape");
    let mut decoder = Decoder::default();
    let mut books: BTreeMap<String, BookSync> = BTreeMap::new();
    let (mut updates, mut snapshots) = (0, 0);
    for line in text.lines() {
        let line: Line<'_> = serde_json::from_str(line).expect("a line of the tape");
        let Ok(Message::Data(data)) = decoder.decode(line.frame.get().as_bytes()) else { continue };
        let Payload::Books(rows) = &data.payload else { continue };
        let book = books.entry(data.arg.inst_id.to_string()).or_insert_with(|| {
            let mut book = BookSync::incremental();
            book.keep_ladder();
            book
        });
        for msg in rows.iter() {
            assert!(msg.checksum.is_some_and(|sum| sum != 0) && msg.seq_id.is_none());
            // A wrong checksum would be a gap.
            match book.handle(Generation(1), &msg, 0) {
                Verdict::Snapshot { recovered: false } if msg.action == BookAction::Snapshot => {
                    snapshots += 1
                }
                Verdict::Update { .. } => updates += 1,
                other => panic!("{} {other:?}", &*data.arg.inst_id),
            }
            let ladder = book.ladder().expect("a whole book");
            assert_eq!(Some(ladder.checksum()), msg.checksum);
            assert!(!ladder.is_crossed());
        }
    }
    assert_eq!((books.len(), snapshots + updates), (2, 191));
}
