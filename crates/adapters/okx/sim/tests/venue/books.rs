//! Books: rebuilt from frames they are the market's own, in every channel, and never crossed.

use okx_sim::{Market, Topic};
use serde_json::json;

use crate::help::{NOW, Rebuilt, get, number, refused, run, start, venue};

#[test]
fn a_rebuilt_book_is_the_markets_own() {
    for (seed, id) in [(1, "BTC-USDT"), (2, "BTC-USDT-SWAP"), (3, "UNI-USDT"), (4, "BTC-EUR")] {
        let mut venue = venue(seed);
        let (_, frames) = start(&mut venue, "books", id);
        let mut book = Rebuilt::default();
        book.apply(&frames[0]);
        assert_eq!((book.asks.len(), book.bids.len()), (400, 400), "{id}");
        book.assert_is(&venue.book(id).expect("book"));
        let mut updates = 0;
        for second in 0..30 {
            for (_, _, frame) in run(&mut venue, NOW + second * 1_000, NOW + (second + 1) * 1_000, 20) {
                assert_eq!(frame["action"], "update");
                assert_eq!(frame["data"][0]["checksum"], 0);
                book.apply(&frame);
                assert!(!book.crossed());
                updates += 1;
            }
            book.assert_is(&venue.book(id).expect("book"));
            let rest = get(&mut venue, "/market/books", &[("instId", id), ("sz", "400")]);
            assert_eq!(rest[0]["seqId"].as_i64(), Some(book.seq));
            assert_eq!(rest[0]["asks"].as_array().map(Vec::len), Some(book.asks.len()));
            assert_eq!(rest[0]["asks"][0][0].as_str(), book.asks.values().next().map(|l| l.0.as_str()));
        }
        assert!(updates >= 29, "{id}: {updates}");
    }
}

#[test]
fn ten_thousand_updates_are_never_crossed_and_have_no_gap() {
    for seed in [1, 7, 99] {
        let mut venue = venue(seed);
        let (_, frames) = start(&mut venue, "books-l2-tbt", "ETH-USDT-SWAP");
        let mut book = Rebuilt::default();
        book.apply(&frames[0]);
        let (mut updates, mut at) = (0, NOW);
        while updates < 10_000 {
            for (_, _, frame) in run(&mut venue, at, at + 9_000, 3_000) {
                book.apply(&frame);
                assert!(!book.crossed(), "after {updates} updates of seed {seed}");
                updates += 1;
            }
            at += 9_000;
        }
        assert!(book.asks.len() == 400 && book.bids.len() == 400);
        assert_eq!(book.strange, 0);
    }
}

#[test]
fn a_late_subscriber_joins_the_chain() {
    let mut venue = venue(5);
    let (topic, frames) = start(&mut venue, "books", "BTC-USDT");
    let mut first = Rebuilt::default();
    first.apply(&frames[0]);
    run(&mut venue, NOW, NOW + 3_333, 7).iter().for_each(|(_, _, frame)| first.apply(frame));
    let mut second = Rebuilt::default();
    second.apply(&crate::help::json(&venue.snapshot(&topic)[0]));
    assert_eq!(first, second);
    for (_, _, frame) in run(&mut venue, NOW + 3_333, NOW + 5_000, 11) {
        first.apply(&frame);
        second.apply(&frame);
    }
    assert_eq!(first, second);
}

#[test]
fn all_channels_show_one_book() {
    let mut venue = venue(6);
    for channel in ["books", "books5", "bbo-tbt", "books50-l2-tbt", "books-rpi", "tickers"] {
        start(&mut venue, channel, "SOL-USDT");
    }
    let (mut books, mut fifty, mut order) = (Rebuilt::default(), Rebuilt::default(), Vec::new());
    for (channel, book) in [("books", &mut books), ("books50-l2-tbt", &mut fifty)] {
        let frames = venue.snapshot(&Topic::of(channel, "SOL-USDT").into());
        book.apply(&crate::help::json(&frames[0]));
    }
    for (topic, _, frame) in run(&mut venue, NOW, NOW + 2_000, 1) {
        let row = &frame["data"][0];
        order.push((row["ts"].as_str().unwrap_or_default().to_owned(), topic.channel.clone()));
        match topic.channel.as_str() {
            "books" => books.apply(&frame),
            "books50-l2-tbt" => fifty.apply(&frame),
            "books5" => {
                assert!(
                    frame.get("action").is_none()
                        && row.get("prevSeqId").is_none()
                        && row.get("checksum").is_none()
                );
                assert_eq!(row["seqId"].as_i64(), Some(books.seq));
                let best: Vec<_> = books.asks.values().take(5).map(|l| l.1.as_str()).collect();
                let seen: Vec<_> =
                    row["asks"].as_array().expect("asks").iter().filter_map(|l| l[1].as_str()).collect();
                assert_eq!(best, seen);
            }
            "books-rpi" => {
                assert!(row.get("checksum").is_none());
                for level in row["asks"].as_array().expect("asks") {
                    assert!(number(&level[1]) >= number(&level[2]), "the total has the RPI in it: {level}");
                }
            }
            "bbo-tbt" => assert_eq!(row["asks"].as_array().map(Vec::len), Some(1)),
            "tickers" => {
                let (ask, bid) = (books.asks.values().next(), books.bids.values().next_back());
                assert_eq!(row["askPx"].as_str(), ask.map(|l| l.0.as_str()));
                assert_eq!(row["bidSz"].as_str(), bid.map(|l| l.1.as_str()));
            }
            other => panic!("{other}"),
        }
    }
    let same: Vec<_> =
        order.iter().filter(|(ts, _)| *ts == order[order.len() - 1].0).map(|(_, c)| c.as_str()).collect();
    let at = |channel: &str| same.iter().position(|c| *c == channel);
    assert!(at("bbo-tbt") < at("books50-l2-tbt") && at("books50-l2-tbt") < at("books"), "{same:?}");
    assert!(at("books") < at("books-rpi") && at("books-rpi") < at("books5"), "{same:?}");
}

#[test]
fn a_halted_book_says_that_it_is_alive() {
    let mut venue = venue(8);
    let (_, frames) = start(&mut venue, "books", "BTC-USDT");
    let mut book = Rebuilt::default();
    book.apply(&frames[0]);
    venue.script(&json!({"op": "halt", "instId": "BTC-USDT"})).expect("halted");
    let frames: Vec<_> = run(&mut venue, NOW, NOW + 130_000, 500).into_iter().map(|(_, _, f)| f).collect();
    let beats: Vec<_> = frames.iter().filter(|f| f["data"][0]["asks"] == json!([])).collect();
    assert_eq!(beats.len(), 2, "one a minute");
    frames.iter().for_each(|frame| book.apply(frame));
    assert_eq!(beats[0]["data"][0]["seqId"], beats[0]["data"][0]["prevSeqId"]);
    venue.script(&json!({"op": "resume", "instId": "BTC-USDT"})).expect("resumed");
    let later = run(&mut venue, NOW + 130_000, NOW + 132_000, 100);
    assert!(later.len() > 10);
    later.iter().for_each(|(_, _, frame)| book.apply(frame));
    assert!(!book.crossed());
}

#[test]
fn scripts_reshape_a_book_without_a_gap() {
    let mut venue = venue(9);
    let (_, frames) = start(&mut venue, "books", "XRP-USDT-SWAP");
    let mut book = Rebuilt::default();
    book.apply(&frames[0]);
    let mut at = NOW;
    let mut step = |venue: &mut okx_sim::Venue, book: &mut Rebuilt| {
        run(venue, at, at + 1_000, 50).iter().for_each(|(_, _, frame)| book.apply(frame));
        at += 1_000;
        book.assert_is(&venue.book("XRP-USDT-SWAP").expect("book"));
    };
    venue.script(&json!({"op": "thin", "instId": "XRP-USDT-SWAP", "asks": 2, "bids": 0})).expect("thinned");
    step(&mut venue, &mut book);
    assert_eq!((book.asks.len(), book.bids.len()), (2, 0));
    venue.script(&json!({"op": "cross", "instId": "XRP-USDT-SWAP", "ticks": 4})).expect("crossed");
    step(&mut venue, &mut book);
    assert!(book.crossed());
    venue.script(&json!({"op": "whole", "instId": "XRP-USDT-SWAP"})).expect("whole");
    step(&mut venue, &mut book);
    assert!(!book.crossed() && book.asks.len() == 400);
    let before = number(&get(&mut venue, "/market/ticker", &[("instId", "XRP-USDT-SWAP")])[0]["askPx"]);
    venue.script(&json!({"op": "jump", "instId": "XRP-USDT-SWAP", "factor": 1.1})).expect("jumped");
    step(&mut venue, &mut book);
    let after = number(&get(&mut venue, "/market/ticker", &[("instId", "XRP-USDT-SWAP")])[0]["askPx"]);
    assert!((after / before - 1.1).abs() < 0.01, "{before} {after}");
}

#[test]
fn the_clock_may_go_back_and_jump() {
    let mut venue = venue(10);
    let (_, frames) = start(&mut venue, "books", "BTC-USDT");
    let mut book = Rebuilt::default();
    book.apply(&frames[0]);
    run(&mut venue, NOW, NOW + 2_000, 50).iter().for_each(|(_, _, f)| book.apply(f));
    for hour in [NOW - 3_600_000, NOW + 7_200_000] {
        let seq = book.seq;
        run(&mut venue, hour, hour + 2_000, 50).iter().for_each(|(_, _, f)| book.apply(f));
        assert!(book.seq > seq && !book.crossed());
        book.assert_is(&venue.book("BTC-USDT").expect("book"));
    }
}

#[test]
fn unknown_instruments_are_refused() {
    let mut venue = venue(1);
    assert!(!venue.knows(&Topic::of("books", "NO-SUCH")));
    assert!(!venue.knows(&Topic::of("index-tickers", "NO-SUCH")));
    assert!(!venue.knows(&Topic::of("funding-rate", "BTC-USDT")));
    assert!(venue.knows(&Topic::of("index-tickers", "BTC-USDT")));
    for path in
        ["/market/books", "/market/ticker", "/market/trades", "/market/candles", "/public/funding-rate"]
    {
        assert_eq!(refused(&mut venue, path, &[("instId", "NO-SUCH")]), "51001", "{path}");
        assert_eq!(refused(&mut venue, path, &[]), "50014", "{path}");
    }
    assert_eq!(refused(&mut venue, "/market/candles", &[("instId", "BTC-USDT"), ("bar", "7m")]), "51000");
    assert_eq!(refused(&mut venue, "/public/instruments", &[("instType", "OPTION")]), "50015");
    assert!(venue.rest("/public/nothing", &[]).is_none());
    assert!(venue.script(&json!({"op": "fly"})).is_err());
}
