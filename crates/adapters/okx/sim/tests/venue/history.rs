//! Pages of history have no gap and no double, whichever way they are read.

use okx_sim::Topic;
use serde_json::Value;

use crate::help::{NOW, get, number, refused, run, start, start_topic, venue, whole};

fn ids(rows: &Value, key: impl Fn(&Value) -> u64) -> Vec<u64> {
    rows.as_array().expect("rows").iter().map(key).collect()
}

#[test]
fn trades_page_backwards_without_a_seam() {
    for id in ["BTC-USDT", "UNI-USDT", "BTC-EUR", "BTC-USD-SWAP"] {
        let mut venue = venue(21);
        let mut after = String::new();
        let mut all = Vec::new();
        for _ in 0..20 {
            let page = get(
                &mut venue,
                "/market/history-trades",
                &[("instId", id), ("after", &after), ("limit", "37")],
            );
            let page = ids(&page, |row| whole(&row["tradeId"]));
            assert_eq!(page.len(), 37);
            after = page[36].to_string();
            all.extend(page);
        }
        assert!(all.windows(2).all(|w| w[0] == w[1] + 1), "{id}");
        // The same between two numbers.
        let (low, high) = ((all[700] - 1).to_string(), (all[650] + 1).to_string());
        let params = [("instId", id), ("after", high.as_str()), ("before", low.as_str())];
        let between = get(&mut venue, "/market/history-trades", &params);
        assert_eq!(ids(&between, |row| whole(&row["tradeId"])), &all[650..=700]);
        // `before` alone gives the newest page.
        let newest =
            get(&mut venue, "/market/history-trades", &[("instId", id), ("before", &low), ("limit", "10")]);
        assert_eq!(ids(&newest, |row| whole(&row["tradeId"])), &all[..10]);
        let recent = get(&mut venue, "/market/trades", &[("instId", id), ("limit", "500")]);
        assert_eq!(ids(&recent, |row| whole(&row["tradeId"])), &all[..500]);
    }
}

#[test]
fn trades_page_by_time() {
    let mut venue = venue(22);
    let mut after = NOW.to_string();
    let mut last = u64::MAX;
    for _ in 0..10 {
        let page = get(
            &mut venue,
            "/market/history-trades",
            &[("instId", "ETH-USDT"), ("type", "2"), ("after", &after)],
        );
        for ts in ids(&page, |row| whole(&row["ts"])) {
            assert!(ts <= last && ts < after.parse().expect("time"));
            last = ts;
        }
        after = last.to_string();
    }
    let old = (NOW - 91 * 86_400_000).to_string();
    let none =
        get(&mut venue, "/market/history-trades", &[("instId", "ETH-USDT"), ("type", "2"), ("after", &old)]);
    assert_eq!(none, Value::from(Vec::<Value>::new()), "three months are kept");
}

#[test]
fn candles_page_both_ways_without_a_seam() {
    for (bar, length) in [("1m", 60_000), ("1H", 3_600_000), ("6H", 21_600_000), ("1Dutc", 86_400_000)] {
        let mut venue = venue(23);
        let mut after = String::new();
        let mut back = Vec::new();
        for _ in 0..6 {
            let params = [("instId", "BTC-USDT"), ("bar", bar), ("after", after.as_str()), ("limit", "50")];
            let page = get(&mut venue, "/market/history-candles", &params);
            let page = page.as_array().expect("page").clone();
            assert_eq!(page.len(), 50);
            after = page[49][0].as_str().expect("start").to_owned();
            back.extend(page);
        }
        let starts: Vec<u64> = back.iter().map(|row| whole(&row[0])).collect();
        assert!(starts.windows(2).all(|w| w[0] - w[1] == length), "{bar}");
        assert!(back.iter().skip(1).all(|row| row[8] == "1"));
        // Forwards, window by window.
        let mut forth = Vec::new();
        let mut at = starts[299];
        while at <= starts[1] {
            let (before, to) = ((at - 1).to_string(), (at + 50 * length).min(starts[0]).to_string());
            let params = [
                ("instId", "BTC-USDT"),
                ("bar", bar),
                ("before", before.as_str()),
                ("after", to.as_str()),
                ("limit", "50"),
            ];
            let page = get(&mut venue, "/market/history-candles", &params);
            forth.extend(page.as_array().expect("page").iter().rev().cloned());
            at += 50 * length;
        }
        forth.reverse();
        assert_eq!(forth, back[1..], "{bar}");
        for pair in back.windows(2) {
            let (newer, older) = (&pair[0], &pair[1]);
            let apart = number(&newer[1]) / number(&older[4]) - 1.0;
            assert!(apart.abs() < 0.002, "an open near the close before it: {older} {newer}");
        }
    }
    let mut venue = venue(23);
    let recent = (NOW - 1_500 * 60_000).to_string();
    let none = get(&mut venue, "/market/candles", &[("instId", "BTC-USDT"), ("after", &recent)]);
    assert_eq!(none, Value::from(Vec::<Value>::new()), "1440 bars are kept there");
}

#[test]
fn live_trades_join_history_and_are_aggregated() {
    let mut venue = venue(24);
    start(&mut venue, "trades", "BTC-USDT-SWAP");
    start(&mut venue, "trades-all", "BTC-USDT-SWAP");
    let newest = whole(
        &get(&mut venue, "/market/trades", &[("instId", "BTC-USDT-SWAP"), ("limit", "1")])[0]["tradeId"],
    );
    let (mut single, mut orders) = (Vec::new(), Vec::new());
    for (topic, _, frame) in run(&mut venue, NOW, NOW + 60_000, 100) {
        let row = frame["data"][0].clone();
        if topic.channel == "trades" { orders.push(row) } else { single.push(row) }
    }
    assert!(single.len() > 100, "{}", single.len());
    let seen: Vec<u64> = single.iter().map(|row| whole(&row["tradeId"])).collect();
    assert_eq!(seen, (newest + 1..newest + 1 + seen.len() as u64).collect::<Vec<_>>());
    let mut next = newest + 1;
    for order in &orders {
        let (last, count) = (whole(&order["tradeId"]), whole(&order["count"]));
        assert_eq!(last + 1 - count, next, "no match is left out");
        let parts: Vec<&Value> =
            single.iter().filter(|r| (next..=last).contains(&whole(&r["tradeId"]))).collect();
        let sum: f64 = parts.iter().map(|r| number(&r["sz"])).sum();
        assert!((sum - number(&order["sz"])).abs() < 1e-9);
        assert!(
            parts
                .iter()
                .all(|r| r["px"] == order["px"] && r["side"] == order["side"] && r["ts"] == order["ts"])
        );
        next = last + 1;
    }
    let rest = get(&mut venue, "/market/history-trades", &[("instId", "BTC-USDT-SWAP"), ("limit", "100")]);
    let newest: Vec<Value> = single.iter().rev().take(100).cloned().collect();
    assert_eq!(rest, Value::from(newest));
}

#[test]
fn funding_history_pages_without_a_seam() {
    let mut venue = venue(25);
    let whole_list = get(&mut venue, "/public/funding-rate-history", &[("instId", "BTC-USDT-SWAP")]);
    let all = ids(&whole_list, |row| whole(&row["fundingTime"]));
    assert!(all.len() >= 269 && all.windows(2).all(|w| w[0] - w[1] == 8 * 3_600_000), "{}", all.len());
    let mut after = String::new();
    let mut paged = Vec::new();
    while paged.len() < all.len() {
        let page = get(
            &mut venue,
            "/public/funding-rate-history",
            &[("instId", "BTC-USDT-SWAP"), ("after", &after), ("limit", "100")],
        );
        let page = ids(&page, |row| whole(&row["fundingTime"]));
        after = page.last().expect("rows").to_string();
        paged.extend(page);
    }
    assert_eq!(paged, all);
    let now = get(&mut venue, "/public/funding-rate", &[("instId", "BTC-USDT-SWAP")])[0].clone();
    assert_eq!(now["settFundingRate"], whole_list[0]["realizedRate"]);
    assert_eq!(whole(&now["fundingTime"]) - all[0], 8 * 3_600_000);
}

#[test]
fn liquidations_that_were_pushed_are_listed() {
    let mut venue = venue(24);
    let topic = Topic { inst_type: "SWAP".into(), ..Topic::of("liquidation-orders", "") };
    start_topic(&mut venue, topic);
    let pushed = run(&mut venue, NOW, NOW + 120_000, 1_000);
    let details = |row: &Value| {
        let id = row["instId"].as_str().expect("id").to_owned();
        row["details"]
            .as_array()
            .expect("list")
            .iter()
            .map(|d| (whole(&d["ts"]), id.clone()))
            .collect::<Vec<_>>()
    };
    let mut live: Vec<_> = pushed.iter().flat_map(|(_, _, frame)| details(&frame["data"][0])).collect();
    live.retain(|(_, id)| id == "BTC-USDT-SWAP");
    live.reverse();
    assert!(live.len() > 1);
    let since = NOW.to_string();
    let asked = [("instType", "SWAP"), ("instFamily", "BTC-USDT"), ("before", since.as_str())];
    let rows = get(&mut venue, "/public/liquidation-orders", &asked);
    assert_eq!(details(&rows[0]), live);
    assert_eq!(rows.as_array().map(Vec::len), Some(1), "one contract");
    assert_eq!(refused(&mut venue, "/public/liquidation-orders", &[("instType", "SWAP")]), "50014");
}
