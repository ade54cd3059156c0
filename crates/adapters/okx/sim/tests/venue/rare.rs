//! Channels that speak now and then: when, and until when.

use okx_sim::{Market, Topic, Venue};
use serde_json::{Value, json};

use crate::help::{NOW, get, number, run, start, start_topic, venue, whole};

fn typed(channel: &str, kind: &str, family: &str) -> Topic {
    Topic { inst_type: kind.into(), inst_family: family.into(), ..Topic::of(channel, "") }
}

/// Rows of a channel from one time to another.
fn rows(venue: &mut Venue, channel: &str, from: u64, to: u64) -> Vec<Value> {
    let frames = run(venue, from, to, 100).into_iter().filter(|(topic, ..)| topic.channel == channel);
    frames.flat_map(|(.., frame)| frame["data"].as_array().cloned().unwrap_or_default()).collect()
}

#[test]
fn a_warning_of_deleveraging_is_said_every_second_until_it_is_over() {
    let mut venue = venue(71);
    start_topic(&mut venue, typed("adl-warning", "SWAP", "BTC-USDT"));
    start_topic(&mut venue, typed("adl-warning", "FUTURES", ""));
    assert_eq!(rows(&mut venue, "adl-warning", NOW, NOW + 3_000), Vec::<Value>::new());
    let mut command = json!({"op": "adl", "instType": "SWAP", "instFamily": "BTC-USDT", "state": "warning"});
    venue.script(&command).expect("warned");
    let said = rows(&mut venue, "adl-warning", NOW + 3_001, NOW + 6_001);
    assert_eq!(said.len(), 4, "at once, and each second: {said:?}");
    assert!(said.iter().all(|row| row["state"] == "warning" && row["instFamily"] == "BTC-USDT"));
    assert!(said.windows(2).all(|two| whole(&two[0]["ts"]) < whole(&two[1]["ts"])));
    command["state"] = json!("normal");
    venue.script(&command).expect("over");
    assert_eq!(rows(&mut venue, "adl-warning", NOW + 6_002, NOW + 9_000), Vec::<Value>::new());
}

#[test]
fn an_auction_is_told_every_second_and_ends_in_trading() {
    let mut venue = venue(72);
    start(&mut venue, "call-auction-details", "ETH-USDC");
    let command = json!({"op": "auction", "instId": "ETH-USDC", "auctionEndTime": (NOW + 5_000).to_string()});
    venue.script(&command).expect("begun");
    let said = rows(&mut venue, "call-auction-details", NOW + 1, NOW + 20_000);
    let states: Vec<_> = said.iter().map(|row| row["state"].as_str().expect("state")).collect();
    assert_eq!(states[..6], ["call_auction"; 6]);
    assert_eq!(states[6..], ["continuous_trading"], "told once");
    assert!(said.windows(2).all(|two| number(&two[0]["matchedSz"]) <= number(&two[1]["matchedSz"])));
    let asked = get(&mut venue, "/market/call-auction-details", &[("instId", "ETH-USDC")]);
    assert_eq!(asked[0], said[6]);
}

#[test]
fn prices_are_estimated_in_the_half_hour_before_a_settlement() {
    let mut venue = venue(73);
    // 2026-11-26 08:00 UTC.
    let end = 1_795_680_000_000;
    start_topic(&mut venue, typed("estimated-price", "OPTION", "BTC-USD"));
    start_topic(&mut venue, typed("estimated-price", "FUTURES", "SOL-USD_UM"));
    let topic = |row: &Value| row["settleType"].as_str().expect("type").to_owned();
    let before = rows(&mut venue, "estimated-price", end - 1_802_000, end - 1_800_200);
    assert_eq!(before, Vec::<Value>::new());
    let said = rows(&mut venue, "estimated-price", end - 1_799_900, end - 1_798_000);
    let kinds: std::collections::BTreeSet<_> = said.iter().map(topic).collect();
    assert!(kinds.contains("exercise") && kinds.contains("settlement"), "{kinds:?}");
    assert!(said.iter().all(|row| number(&row["settlePx"]) > 0.0));
    let after = rows(&mut venue, "estimated-price", end + 1_000, end + 3_000);
    assert_eq!(after, Vec::<Value>::new(), "what has settled is estimated no longer");
}

#[test]
fn event_contracts_are_told_when_they_change_and_decided_at_their_end() {
    let mut venue = venue(74);
    start_topic(&mut venue, typed("event-contract-markets", "EVENTS", ""));
    let listed =
        get(&mut venue, "/public/instruments", &[("instType", "EVENTS"), ("seriesId", "BTC-ABOVE-DAILY")]);
    let id = listed[0]["instId"].clone();
    venue.script(&json!({"op": "state", "instId": id, "state": "suspend"})).expect("changed");
    venue.script(&json!({"op": "expire", "instId": id})).expect("expired");
    let said = rows(&mut venue, "event-contract-markets", NOW + 1, NOW + 100);
    let states: Vec<_> = said.iter().map(|row| (&row["state"], &row["outcome"])).collect();
    assert_eq!(states[0], (&json!("suspend"), &json!("0")));
    assert_eq!(states[1].0, "expired");
    let won = number(&said[1]["settleValue"]) >= number(&said[1]["floorStrike"]);
    assert_eq!(said[1]["outcome"], if won { "1" } else { "2" });
}

#[test]
fn blocks_and_spreads_and_options_trade_at_a_pace_of_their_own() {
    let mut venue = venue(75);
    start(&mut venue, "public-block-trades", "BTC-USDT-SWAP");
    start(&mut venue, "public-struc-block-trades", "");
    let spread = "BTC-USDT_BTC-USDT-SWAP";
    start_topic(&mut venue, Topic { sprd_id: spread.into(), ..Topic::of("sprd-public-trades", "") });
    start_topic(&mut venue, typed("option-trades", "OPTION", "BTC-USD"));
    let frames = run(&mut venue, NOW, NOW + 60_000, 500);
    let of = |channel: &str| -> Vec<&Value> {
        frames.iter().filter(|(topic, ..)| topic.channel == channel).map(|(.., f)| &f["data"][0]).collect()
    };
    let blocks = of("public-block-trades");
    assert!((14..=16).contains(&blocks.len()), "one in four seconds: {}", blocks.len());
    assert!(
        blocks
            .iter()
            .all(|row| row["instId"] == "BTC-USDT-SWAP" && row["fillVol"] == "" && row["idxPx"] != "")
    );
    let structures = of("public-struc-block-trades");
    assert!(structures.len() > 10);
    for row in structures {
        let [one, two] = row["legs"].as_array().expect("legs").as_slice() else { panic!("{row}") };
        assert!(one["side"] != two["side"] && one["instId"] != two["instId"], "{row}");
    }
    assert_eq!(of("sprd-public-trades").len(), 1, "one a minute");
    assert!(!of("option-trades").is_empty());
    // And when somebody makes them.
    let option = get(&mut venue, "/public/opt-summary", &[("instFamily", "BTC-USD")])[0]["instId"].clone();
    venue.script(&json!({"op": "trade", "instId": option, "side": "buy", "sz": "7"})).expect("traded");
    venue.script(&json!({"op": "spread", "sprdId": spread, "side": "sell", "sz": "0.5"})).expect("traded");
    let later = run(&mut venue, NOW + 60_001, NOW + 61_001, 100);
    let has = |channel: &str, key: &str, value: &str| {
        let frames = later.iter().filter(|(topic, ..)| topic.channel == channel);
        frames.flat_map(|(.., f)| f["data"].as_array().expect("rows")).any(|row| row[key] == value)
    };
    assert!(has("option-trades", "sz", "7") && has("sprd-public-trades", "sz", "0.5"));
}
