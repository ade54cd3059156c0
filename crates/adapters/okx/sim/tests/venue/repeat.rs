//! The same seed and calls give the same bytes.

use okx_sim::{Market, Topic, Venue, VenueConfig};
use serde_json::json;

use crate::help::{NOW, start, venue};

/// A minute of everything: all bytes and the hash at the end.
fn story(seed: u64, step: u64) -> (Vec<u8>, u64) {
    let mut venue = venue(seed);
    for channel in [
        "books",
        "trades",
        "tickers",
        "bbo-tbt",
        "candle1m",
        "mark-price",
        "price-limit",
        "open-interest",
        "funding-rate",
    ] {
        start(&mut venue, channel, "BTC-USDT-SWAP");
    }
    start(&mut venue, "index-tickers", "BTC-USDT");
    let mut bytes = Vec::new();
    let mut at = NOW;
    while at <= NOW + 60_000 {
        venue.advance(at);
        if at == NOW + 30_000 {
            venue.script(&json!({"op": "jump", "instId": "BTC-USDT-SWAP", "factor": "0.97"})).expect("jump");
            venue
                .script(
                    &json!({"op": "trade", "instId": "BTC-USDT-SWAP", "side": "buy", "sz": 5, "count": 3}),
                )
                .expect("trade");
        }
        while let Some(push) = venue.poll() {
            bytes.extend_from_slice(&push.frame);
        }
        at += step;
    }
    (bytes, venue.state_hash())
}

#[test]
fn one_seed_one_story() {
    let (bytes, hash) = story(31, 100);
    assert_eq!((bytes.clone(), hash), story(31, 100));
    assert_eq!(story(31, 500).0, bytes, "however often the clock is looked at");
    assert_ne!(story(32, 100).0, bytes);
}

#[test]
fn the_next_time_is_never_missed() {
    let mut venue = venue(33);
    start(&mut venue, "trades", "BTC-USDT");
    start(&mut venue, "tickers", "UNI-USDT");
    let mut at = NOW;
    for _ in 0..500 {
        let next = venue.next_ms().expect("something is due");
        assert!(next > at);
        at = next;
        venue.advance(at);
        while venue.poll().is_some() {}
    }
    assert!(at < NOW + 120_000);
}

#[test]
fn nothing_is_made_for_nobody() {
    let mut venue = venue(34);
    assert_eq!(venue.next_ms(), None);
    venue.advance(NOW + 1_000);
    assert_eq!(venue.poll(), None);
    let (topic, _) = start(&mut venue, "books", "BTC-USDT");
    venue.stop(&topic);
    venue.advance(NOW + 2_000);
    assert_eq!((venue.poll(), venue.next_ms()), (None, None));
    assert!(venue.snapshot(&topic).is_empty());
}

#[test]
fn a_higher_rate_publishes_more() {
    let count = |rate: f64| {
        let mut venue = Venue::new(VenueConfig { rate, ..VenueConfig::default() }).expect("market");
        venue.advance(NOW);
        let topic = Topic::of("books", "BTC-USDT-SWAP").into();
        venue.start(&topic);
        let mut frames = 0;
        for ms in 0..200 {
            venue.advance(NOW + ms);
            while venue.poll().is_some() {
                frames += 1;
            }
        }
        frames
    };
    let (plain, fast) = (count(1.0), count(1_000.0));
    assert!(plain <= 3 && fast > 1_000, "{plain} {fast}");
    assert!(Venue::new(VenueConfig { rate: 0.0, ..VenueConfig::default() }).is_err());
    assert!(
        Venue::new(VenueConfig { instruments: vec!["NO-SUCH".into()], ..VenueConfig::default() }).is_err()
    );
}
