//! Candles are the trades summed up.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::help::{NOW, get, number, run, start, venue, whole};

/// Open, high, low, close, volume, turnover.
type Sums = [f64; 6];

fn add(sums: &mut BTreeMap<u64, Sums>, key: u64, px: f64, size: f64) {
    let sum = sums.entry(key).or_insert([px, px, px, px, 0.0, 0.0]);
    sum[1] = sum[1].max(px);
    sum[2] = sum[2].min(px);
    sum[3] = px;
    sum[4] += size;
    sum[5] += px * size;
}

fn close_to(a: f64, b: f64, share: f64) -> bool {
    (a - b).abs() <= share * a.abs().max(b.abs()) + 1e-9
}

/// Compares candles with sums over trades; the edges of the trades' span are left out.
fn compare(rows: &Value, sums: &BTreeMap<u64, Sums>, contract: f64) -> usize {
    let mut compared = 0;
    for row in rows.as_array().expect("rows") {
        let Some(sum) = sums.get(&whole(&row[0])) else { continue };
        for at in 0..4 {
            assert!(close_to(number(&row[1 + at]), sum[at], 1e-12), "column {at} of {row} is not {sum:?}");
        }
        assert!(close_to(number(&row[5]), sum[4], 1e-9), "volume of {row} is not {sum:?}");
        assert!(close_to(number(&row[7]), sum[5] * contract, 0.001), "turnover of {row} is not {sum:?}");
        compared += 1;
    }
    compared
}

#[test]
fn candles_are_the_sum_of_the_trades_of_history() {
    for (id, contract, bar, length) in [
        ("BTC-USDT", 1.0, "1m", 60_000),
        ("BTC-USDT-SWAP", 0.01, "3m", 180_000),
        ("UNI-USDT", 1.0, "1m", 60_000),
        ("BTC-EUR", 1.0, "1m", 60_000),
        ("BTC-EUR", 1.0, "15m", 900_000),
    ] {
        let mut venue = venue(11);
        let mut sums = BTreeMap::new();
        let mut after = String::new();
        let mut trades = Vec::new();
        while trades.len() < 3_000 {
            let page = get(
                &mut venue,
                "/market/history-trades",
                &[("instId", id), ("after", &after), ("limit", "100")],
            );
            let page = page.as_array().expect("page").clone();
            after = page.last().and_then(|row| row["tradeId"].as_str()).expect("id").to_owned();
            trades.extend(page);
        }
        for row in trades.iter().rev() {
            let ts = whole(&row["ts"]);
            add(&mut sums, ts - ts % length, number(&row["px"]), number(&row["sz"]));
        }
        sums.pop_first();
        let start = whole(&trades.last().expect("trades")["ts"]).to_string();
        let params = [("instId", id), ("bar", bar), ("before", start.as_str()), ("limit", "300")];
        let rows = get(&mut venue, "/market/history-candles", &params);
        assert!(compare(&rows, &sums, contract) > 3, "{id}");
    }
}

#[test]
fn larger_candles_are_the_sum_of_smaller_ones() {
    for id in ["BTC-USDT", "DOGE-USDT-SWAP", "UNI-USDT"] {
        let mut venue = venue(12);
        for (small, large, count) in [
            ("1m", "1H", 60),
            ("1H", "1Dutc", 24),
            ("1H", "6Hutc", 6),
            ("15m", "2H", 8),
            ("1Dutc", "1Wutc", 7),
            ("1Dutc", "1Mutc", 31),
        ] {
            let large_rows =
                get(&mut venue, "/market/history-candles", &[("instId", id), ("bar", large), ("limit", "3")]);
            // The one before the forming one.
            let row = &large_rows[1];
            let end = large_rows[0][0].as_str().expect("start");
            let begin = (whole(&row[0]) - 1).to_string();
            let params = [
                ("instId", id),
                ("bar", small),
                ("after", end),
                ("before", begin.as_str()),
                ("limit", "300"),
            ];
            let parts = get(&mut venue, "/market/history-candles", &params);
            let parts = parts.as_array().expect("parts");
            assert!(parts.len() == count || large == "1Mutc", "{small} {large} {}", parts.len());
            let column = |at: usize| parts.iter().map(move |p| number(&p[at]));
            assert_eq!(number(&row[1]), number(&parts[parts.len() - 1][1]), "open of {large}");
            assert_eq!(number(&row[4]), number(&parts[0][4]), "close of {large}");
            assert_eq!(number(&row[2]), column(2).fold(0.0, f64::max), "high of {large}");
            assert_eq!(number(&row[3]), column(3).fold(f64::MAX, f64::min), "low of {large}");
            assert!(close_to(number(&row[5]), column(5).sum(), 1e-9), "volume of {large}");
            assert!(close_to(number(&row[7]), column(7).sum(), 1e-3), "turnover of {large}");
        }
    }
}

#[test]
fn the_channel_confirms_every_bar_once_and_agrees_with_rest() {
    let mut venue = venue(13);
    let (_, first) = start(&mut venue, "candle1m", "ETH-USDT");
    assert_eq!(first[0]["data"][0][8], "0");
    start(&mut venue, "trades-all", "ETH-USDT");
    let (mut sums, mut confirmed) = (BTreeMap::new(), Vec::new());
    let mut forming = BTreeMap::new();
    for (topic, _, frame) in run(&mut venue, NOW, NOW + 300_000, 250) {
        for row in frame["data"].as_array().expect("rows") {
            if topic.channel == "trades-all" {
                let ts = whole(&row["ts"]);
                add(&mut sums, ts - ts % 60_000, number(&row["px"]), number(&row["sz"]));
                continue;
            }
            if row[8] == "1" {
                confirmed.push(row.clone());
            } else {
                *forming.entry(whole(&row[0])).or_insert(0) += 1;
            }
        }
    }
    assert_eq!(confirmed.len(), 5);
    let starts: Vec<u64> = confirmed.iter().map(|row| whole(&row[0])).collect();
    assert!(starts.windows(2).all(|w| w[1] - w[0] == 60_000), "{starts:?}");
    assert!(forming.values().all(|n| *n <= 61), "at most once a second: {forming:?}");
    // The first minute began before the subscription.
    sums.pop_first();
    assert_eq!(compare(&Value::from(confirmed.clone()), &sums, 1.0), 4);
    let rest = get(&mut venue, "/market/candles", &[("instId", "ETH-USDT"), ("limit", "6")]);
    let rest: Vec<_> = rest.as_array().expect("rows").iter().skip(1).rev().cloned().collect();
    assert_eq!(rest, confirmed);
}

#[test]
fn a_jump_in_time_closes_the_bars_it_passes() {
    let mut venue = venue(14);
    start(&mut venue, "candle1m", "BTC-USDT");
    run(&mut venue, NOW, NOW + 1_000, 500);
    let later = NOW + 10 * 60_000;
    let rows: Vec<_> = run(&mut venue, later, later + 1_000, 500);
    let closed = rows.iter().filter(|(_, _, f)| f["data"][0][8] == "1").count();
    assert_eq!(closed, 10);
}

#[test]
fn tickers_agree_with_trades_and_candles() {
    let mut venue = venue(15);
    for id in ["BTC-USDT", "BTC-USDT-SWAP"] {
        let ticker = get(&mut venue, "/market/ticker", &[("instId", id)])[0].clone();
        let trade = get(&mut venue, "/market/trades", &[("instId", id), ("limit", "1")])[0].clone();
        assert_eq!((&ticker["last"], &ticker["lastSz"]), (&trade["px"], &trade["sz"]));
        // 24 hours to the minute: 24 whole hours less the part of this one, in minutes.
        let minutes = get(&mut venue, "/market/history-candles", &[("instId", id), ("limit", "300")]);
        let day = get(&mut venue, "/market/candles", &[("instId", id), ("bar", "1Dutc"), ("limit", "2")]);
        let last_close = number(&day[1][4]);
        assert_eq!(number(&ticker["sodUtc0"]), last_close, "the price the UTC day began at");
        assert!(
            number(&ticker["high24h"]) >= number(&minutes[0][2])
                && number(&ticker["low24h"]) <= number(&minutes[0][3])
        );
    }
}
