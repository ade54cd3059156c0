//! A recorded tape in a loop: real changes, a whole chain, the exchange's own checksums.

use std::{fs, io::Read as _};

use okx_sim::{Market, Tape, Venue, VenueConfig};
use serde_json::{Value, json};

use crate::help::{NOW, Rebuilt, get, number, run, start, whole};

fn venue(speed: f64) -> Venue {
    let tape = Some(Tape::builtin().expect("tape"));
    let mut venue = Venue::new(VenueConfig { tape, speed, ..VenueConfig::default() }).expect("market");
    venue.advance(NOW);
    venue
}

/// CRC-32 of the best 25 levels, as OKX computed it: bid and ask in turn.
fn checksum(book: &Rebuilt) -> i32 {
    let mut parts = Vec::new();
    let (asks, bids): (Vec<_>, Vec<_>) = (book.asks.values().collect(), book.bids.values().rev().collect());
    for at in 0..25 {
        for (px, size) in [bids.get(at), asks.get(at)].into_iter().flatten() {
            parts.push(format!("{px}:{size}"));
        }
    }
    let mut crc = u32::MAX;
    for byte in parts.join(":").bytes() {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc as i32
}

#[test]
fn three_rounds_keep_the_chain_and_every_checksum() {
    for id in ["BTC-USDT", "UNI-USD-SWAP"] {
        let mut venue = venue(1.0);
        let (_, frames) = start(&mut venue, "books", id);
        let mut book = Rebuilt::default();
        let mut updates = 0;
        let frames =
            frames.into_iter().chain(run(&mut venue, NOW, NOW + 33_000, 10).into_iter().map(|(.., f)| f));
        let mut newest = 0;
        for frame in frames {
            book.apply(&frame);
            assert!(!book.crossed());
            let sent = frame["data"][0]["checksum"].as_i64().expect("checksum");
            assert_eq!(sent, i64::from(checksum(&book)), "{id} after {updates} updates");
            let ts = whole(&frame["data"][0]["ts"]);
            assert!(ts >= newest && ts <= NOW + 33_000 && ts + 11_000 >= NOW, "times are those of the clock");
            newest = ts;
            updates += 1;
        }
        assert!(updates > 3 * 90, "{id}: {updates}");
        book.assert_is(&venue.book(id).expect("book"));
    }
}

#[test]
fn what_is_recorded_is_what_is_sent() {
    let lines = include_str!("../../../test_data/tape/okx-public-2022-05-13.jsonl");
    let frames: Vec<Value> =
        lines.lines().map(|l| serde_json::from_str::<Value>(l).expect("line")["frame"].clone()).collect();
    let updates: Vec<&Value> = frames
        .iter()
        .filter(|f| {
            f["arg"]["channel"] == "books" && f["arg"]["instId"] == "BTC-USDT" && f["action"] == "update"
        })
        .collect();
    let mut venue = venue(1.0);
    start(&mut venue, "books", "BTC-USDT");
    let sent: Vec<Value> = run(&mut venue, NOW, NOW + 12_000, 10).into_iter().map(|(.., f)| f).collect();
    // One round, from wherever it was joined: every recorded change is among them, level by level.
    let key = |f: &Value| {
        let mut side: Vec<String> =
            f["data"][0]["asks"].as_array().expect("asks").iter().map(Value::to_string).collect();
        side.sort();
        (side, f["data"][0]["checksum"].as_i64())
    };
    let sent: Vec<_> = sent.iter().map(key).collect();
    let found = updates.iter().filter(|u| sent.contains(&key(u))).count();
    assert!(
        found * 10 >= updates.len() * 9,
        "{found} of {} recorded changes were sent unchanged",
        updates.len()
    );
}

#[test]
fn trades_and_tickers_play_and_the_rest_of_the_market_follows() {
    let mut venue = venue(2.0);
    start(&mut venue, "trades", "BTC-USDT");
    start(&mut venue, "tickers", "BTC-USDT");
    start(&mut venue, "bbo-tbt", "BTC-USDT");
    let mut last = 0;
    let (mut trades, mut tickers) = (0, 0);
    for (topic, _, frame) in run(&mut venue, NOW, NOW + 12_000, 10) {
        let row = &frame["data"][0];
        match topic.channel.as_str() {
            "trades" => {
                let id = whole(&row["tradeId"]);
                assert!(last == 0 || id == last + 1, "{id} after {last}");
                last = id;
                trades += 1;
            }
            "tickers" => {
                assert!(number(&row["bidPx"]) < number(&row["askPx"]));
                assert!(
                    (29_000.0..32_000.0).contains(&number(&row["last"]))
                        && number(&row["open24h"]) > 29_000.0
                );
                tickers += 1;
            }
            _ => assert!(number(&row["asks"][0][0]) > number(&row["bids"][0][0])),
        }
    }
    // Twice the speed: two rounds of 69 trades, give or take the ends.
    assert!((100..=160).contains(&trades) && tickers > 30, "{trades} {tickers}");
    let swap = get(&mut venue, "/market/ticker", &[("instId", "BTC-USDT-SWAP")]);
    let index = get(&mut venue, "/market/index-tickers", &[("instId", "BTC-USDT")]);
    for price in [number(&swap[0]["last"]), number(&index[0]["idxPx"])] {
        assert!((price / 30_230.0 - 1.0).abs() < 0.02, "{price}");
    }
    let history = get(&mut venue, "/market/history-trades", &[("instId", "BTC-USDT"), ("limit", "100")]);
    let ids: Vec<u64> = history.as_array().expect("rows").iter().map(|r| whole(&r["tradeId"])).collect();
    assert!(ids.windows(2).all(|w| w[0] == w[1] + 1));
    let candles = get(&mut venue, "/market/candles", &[("instId", "BTC-USDT"), ("limit", "3")]);
    assert_eq!(candles.as_array().map(Vec::len), Some(3));
    assert!(venue.script(&json!({"op": "jump", "instId": "BTC-USDT", "factor": 2})).is_err());
}

#[test]
fn tapes_are_checked() {
    let tape = Tape::builtin().expect("tape");
    assert_eq!(tape.instruments().collect::<Vec<_>>(), ["BTC-USDT", "UNI-USD-SWAP"]);
    let folder = std::env::temp_dir().join(format!("okx_sim_tape_{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("folder");
    for (no, (text, wrong)) in [
        ("", "no snapshot"),
        ("{\"recv_us\":1}", "no frame"),
        ("nonsense", "line 1"),
        ("{\"recv_us\":2,\"frame\":{}}\n{\"recv_us\":1,\"frame\":{}}", "goes back"),
    ]
    .into_iter()
    .enumerate()
    {
        let path = folder.join(format!("{no}.jsonl"));
        std::fs::write(&path, text).expect("written");
        let error = Tape::open(&path).expect_err("refused").to_string();
        assert!(error.contains(wrong), "{error}");
    }
    assert!(Tape::open(folder.join("none.jsonl")).is_err());
    std::fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn a_tape_in_several_files_is_one() {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/data/tape.jsonl.gz");
    let mut text = String::new();
    flate2::read::GzDecoder::new(fs::File::open(data).expect("the data are there"))
        .read_to_string(&mut text)
        .expect("it is text");
    let half = text[..text.len() / 2].rfind('\n').expect("many lines") + 1;
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let parts = ["first.jsonl", "second.jsonl"].map(|name| folder.join(name));
    fs::write(&parts[0], &text[..half]).expect("it can be written");
    fs::write(&parts[1], &text[half..]).expect("it can be written");
    let whole = format!("{:?}", Tape::builtin().expect("tape"));
    assert_eq!(format!("{:?}", Tape::open_all(&parts).expect("tape")), whole);
    let [first, second] = &parts;
    let error = Tape::open_all(&[second, first]).expect_err("refused").to_string();
    assert!(error.contains("first.jsonl: line 1: recv_us goes back"), "{error}");
}
