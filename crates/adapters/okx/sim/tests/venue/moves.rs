//! Scripted moves, expiry, and the channels that show them.

use okx_sim::{Market, Topic, Venue};
use serde_json::{Value, json};

use crate::help::{NOW, get, number, refused, run, start, start_topic, venue, whole};

fn instruments(venue: &mut Venue, kind: &str) {
    let (_, first) = start_topic(venue, Topic { inst_type: kind.into(), ..Topic::of("instruments", "") });
    assert_eq!(first, Vec::<Value>::new(), "the list is not sent on a subscription");
}

fn pushed(venue: &mut Venue, to: u64) -> Vec<(String, Value)> {
    let frames = run(venue, to, to, 1);
    frames.into_iter().map(|(topic, _, frame)| (topic.channel.clone(), frame["data"][0].clone())).collect()
}

#[test]
fn a_listing_is_announced_opens_and_trades() {
    let mut venue = venue(51);
    instruments(&mut venue, "FUTURES");
    let id = "TESTING-USDT";
    assert_eq!(get(&mut venue, "/market/books", &[("instId", id)])[0]["asks"], json!([]));
    let (_, first) = start(&mut venue, "books", id);
    assert_eq!(first, Vec::<Value>::new(), "nothing to show before there is a tick");
    let set = json!({"tickSz": "0.01", "lotSz": "1", "minSz": "1", "ctVal": "0.1", "ctMult": "1", "ctType": "linear",
        "uly": "TESTING-USDT", "settleCcy": "USDT", "ctValCcy": "TESTING", "instIdCode": 4_711});
    venue.script(&json!({"op": "change", "instId": id, "set": set})).expect("detailed");
    venue.script(&json!({"op": "state", "instId": id, "state": "live"})).expect("live");
    let rows = pushed(&mut venue, NOW + 1);
    let states: Vec<_> =
        rows.iter().filter(|(c, _)| c == "instruments").map(|(_, r)| r["state"].clone()).collect();
    assert_eq!(states, ["preopen", "live"]);
    assert_eq!(rows[1].1["instIdCode"], 4_711);
    let book = get(&mut venue, "/market/books", &[("instId", id), ("sz", "5")]);
    assert_eq!(book[0]["asks"].as_array().map(Vec::len), Some(5));
    assert!(number(&get(&mut venue, "/market/ticker", &[("instId", id)])[0]["last"]) > 0.0);
}

#[test]
fn a_new_instrument_can_be_listed() {
    let mut venue = venue(52);
    instruments(&mut venue, "SPOT");
    let set = json!({"instType": "SPOT", "baseCcy": "NEWCOIN", "quoteCcy": "USDT", "tickSz": "0.001", "lotSz": "0.01",
        "minSz": "1", "state": "live", "ruleType": "normal"});
    venue.script(&json!({"op": "list", "instId": "NEWCOIN-USDT", "set": set})).expect("listed");
    let rows = pushed(&mut venue, NOW + 1);
    assert_eq!(
        (&rows[0].1["instId"], &rows[0].1["listTime"]),
        (&json!("NEWCOIN-USDT"), &json!(NOW.to_string()))
    );
    start(&mut venue, "trades", "NEWCOIN-USDT");
    assert!(!run(&mut venue, NOW, NOW + 60_000, 500).is_empty());
    assert!(
        venue.script(&json!({"op": "list", "instId": "NEWCOIN-USDT", "set": {"instType": "SPOT"}})).is_err()
    );
    assert!(venue.script(&json!({"op": "list", "instId": "ODD", "set": {}})).is_err());
}

#[test]
fn a_suspended_instrument_is_quiet() {
    let mut venue = venue(53);
    instruments(&mut venue, "SWAP");
    start(&mut venue, "trades", "BTC-USDT-SWAP");
    start(&mut venue, "tickers", "BTC-USDT-SWAP");
    start(&mut venue, "bbo-tbt", "BTC-USDT-SWAP");
    venue.script(&json!({"op": "state", "instId": "BTC-USDT-SWAP", "state": "suspend"})).expect("suspended");
    let quiet = run(&mut venue, NOW, NOW + 20_000, 100);
    let channels: Vec<_> =
        quiet.iter().map(|(t, ..)| t.channel.as_str()).filter(|c| *c != "instruments").collect();
    assert!(channels.is_empty(), "{channels:?}");
    assert_eq!(get(&mut venue, "/public/price-limit", &[("instId", "BTC-USDT-SWAP")])[0]["enabled"], false);
    venue.script(&json!({"op": "state", "instId": "BTC-USDT-SWAP", "state": "live"})).expect("live");
    assert!(run(&mut venue, NOW + 20_000, NOW + 25_000, 100).len() > 50);
    // Nothing was traded meanwhile.
    let trades = get(&mut venue, "/market/trades", &[("instId", "BTC-USDT-SWAP"), ("limit", "500")]);
    let within = |row: &&Value| (NOW + 1..NOW + 20_000).contains(&whole(&row["ts"]));
    assert_eq!(trades.as_array().expect("rows").iter().filter(within).count(), 0);
}

#[test]
fn futures_expire_when_their_time_comes() {
    let mut venue = venue(54);
    instruments(&mut venue, "FUTURES");
    let list = get(&mut venue, "/public/instruments", &[("instType", "FUTURES"), ("instFamily", "BTC-USDT")]);
    let first =
        list.as_array().expect("rows").iter().min_by_key(|r| whole(&r["expTime"])).expect("a future").clone();
    let (id, exp) = (first["instId"].as_str().expect("id").to_owned(), whole(&first["expTime"]));
    let params = [("instId", id.as_str())];
    assert_eq!(get(&mut venue, "/public/estimated-price", &params), json!([]), "not yet");
    start(&mut venue, "books5", &id);
    venue.advance(exp - 600_000);
    while venue.poll().is_some() {}
    let estimate = get(&mut venue, "/public/estimated-price", &params);
    assert!(number(&estimate[0]["settlePx"]) > 0.0);
    let one = Topic {
        inst_type: "FUTURES".into(),
        inst_family: "BTC-USDT".into(),
        ..Topic::of("estimated-price", "")
    };
    let (_, shown) = start_topic(&mut venue, one);
    assert_eq!(shown[0]["data"][0]["settleType"], "delivery");
    assert!(venue.next_ms().is_some_and(|ms| ms <= exp));
    run(&mut venue, exp - 1_000, exp - 1, 100);
    let rows = pushed(&mut venue, exp);
    let gone: Vec<_> = rows.iter().filter(|(c, r)| c == "instruments" && r["instId"] == json!(id)).collect();
    assert_eq!(gone.len(), 1);
    assert_eq!(gone[0].1["state"], "expired");
    assert_eq!(refused(&mut venue, "/market/ticker", &params), "51001");
    assert!(!venue.knows(&Topic::of("books", &id)));
    let after = run(&mut venue, exp + 1, exp + 5_000, 100);
    assert!(after.iter().all(|(t, ..)| t.inst_id != id), "an expired instrument is silent");
    let history = get(
        &mut venue,
        "/public/delivery-exercise-history",
        &[("instType", "FUTURES"), ("instFamily", "BTC-USDT")],
    );
    assert_eq!(history[0]["details"][0]["insId"], json!(id));
}

#[test]
fn printed_trades_are_published_at_once_and_stay_in_history() {
    let mut venue = venue(55);
    for channel in ["trades", "trades-all", "candle1m"] {
        start(&mut venue, channel, "ETH-USDT");
    }
    run(&mut venue, NOW, NOW + 5_000, 100);
    let high = number(&get(&mut venue, "/market/candles", &[("instId", "ETH-USDT"), ("limit", "1")])[0][2]);
    let px = format!("{:.2}", high + 25.0);
    let command =
        json!({"op": "trade", "instId": "ETH-USDT", "side": "buy", "px": px, "sz": "1.5", "count": 2});
    let answer = venue.script(&command).expect("printed");
    let rows = pushed(&mut venue, NOW + 5_000);
    let seen: Vec<_> = rows.iter().filter(|(c, _)| c == "trades").map(|(_, r)| r.clone()).collect();
    assert!(
        seen.iter().all(|r| number(&r["px"]) == number(&json!(px)) && r["side"] == "buy" && r["sz"] == "1.5"),
        "{seen:?}"
    );
    assert_eq!(
        answer["tradeId"],
        rows.iter().rfind(|(c, _)| c == "trades-all").expect("a match").1["tradeId"]
    );
    assert_eq!(
        number(&get(&mut venue, "/market/ticker", &[("instId", "ETH-USDT")])[0]["last"]),
        number(&json!(px))
    );
    let later = run(&mut venue, NOW + 5_100, NOW + 70_000, 100);
    let candle = later
        .iter()
        .filter(|(t, ..)| t.channel == "candle1m")
        .map(|(.., f)| &f["data"][0])
        .find(|r| r[8] == "1");
    assert_eq!(number(&candle.expect("a closed bar")[2]), number(&json!(px)), "the candle saw it");
    let history = get(&mut venue, "/market/trades", &[("instId", "ETH-USDT"), ("limit", "500")]);
    let ids: Vec<u64> = history.as_array().expect("rows").iter().map(|r| whole(&r["tradeId"])).collect();
    assert!(ids.windows(2).all(|w| w[0] == w[1] + 1), "numbers have no gap and no double");
    let after = (whole(&answer["tradeId"]) + 1).to_string();
    let page = get(
        &mut venue,
        "/market/history-trades",
        &[("instId", "ETH-USDT"), ("after", &after), ("limit", "2")],
    );
    assert_eq!(page[0]["tradeId"], answer["tradeId"]);
    for wrong in
        [json!({"side": "up", "sz": 1}), json!({"side": "buy", "sz": 0}), json!({"side": "buy", "sz": "x"})]
    {
        let mut command = wrong;
        command["op"] = json!("trade");
        command["instId"] = json!("ETH-USDT");
        assert!(venue.script(&command).is_err(), "{command}");
    }
}

#[test]
fn a_currency_jumps_with_all_its_instruments() {
    let mut venue = venue(56);
    let price =
        |venue: &mut Venue, id: &str| number(&get(venue, "/market/ticker", &[("instId", id)])[0]["askPx"]);
    let index = |venue: &mut Venue| {
        number(&get(venue, "/market/index-tickers", &[("instId", "SOL-USDT")])[0]["idxPx"])
    };
    let before = [price(&mut venue, "SOL-USDT"), price(&mut venue, "SOL-USDT-SWAP"), index(&mut venue)];
    venue.script(&json!({"op": "jump", "ccy": "SOL", "factor": 0.8})).expect("jumped");
    venue.advance(NOW + 1_000);
    let after = [price(&mut venue, "SOL-USDT"), price(&mut venue, "SOL-USDT-SWAP"), index(&mut venue)];
    for (a, b) in before.iter().zip(after) {
        assert!((b / a - 0.8).abs() < 0.01, "{a} {b}");
    }
    // An instrument asked for later knows of it, and its past does not.
    let late = get(&mut venue, "/market/candles", &[("instId", "SOL-USDC"), ("limit", "2")]);
    assert!(number(&late[0][4]) < number(&late[1][4]) * 0.9);
}

#[test]
fn announcements_are_pushed_and_listed() {
    let mut venue = venue(57);
    start_topic(&mut venue, Topic::of("status", ""));
    assert_eq!(get(&mut venue, "/system/status", &[]), json!([]));
    let command = json!({"op": "status", "title": "Trading system upgrade", "begin": "1795620000000", "state": "scheduled"});
    venue.script(&command).expect("announced");
    assert_eq!(pushed(&mut venue, NOW + 1)[0].1["title"], "Trading system upgrade");
    assert_eq!(get(&mut venue, "/system/status", &[])[0]["state"], "scheduled");
    let mut over = command;
    over["state"] = json!("completed");
    venue.script(&over).expect("announced");
    assert_eq!(get(&mut venue, "/system/status", &[]), json!([]));
    assert_eq!(
        get(&mut venue, "/system/status", &[("state", "completed")]).as_array().map(Vec::len),
        Some(1)
    );
    start_topic(&mut venue, Topic::of("public-block-trades", "BTC-USDT"));
    let topic = json!({"channel": "public-block-trades", "instId": "BTC-USDT"});
    let push = json!({"op": "push", "topic": topic, "data": [{"tradeId": "1"}]});
    assert_eq!(venue.script(&push).expect("pushed"), json!({"topics": 1}));
    assert!(
        pushed(&mut venue, NOW + 2)
            .iter()
            .any(|(channel, row)| channel == "public-block-trades" && row["tradeId"] == "1")
    );
}

#[test]
fn derived_values_agree_with_each_other() {
    let mut venue = venue(58);
    for (id, kind, index) in [
        ("BTC-USDT-SWAP", "SWAP", "BTC-USDT"),
        ("BTC-USD-SWAP", "SWAP", "BTC-USD"),
        ("ADA-USDT-SWAP", "SWAP", "ADA-USDT"),
    ] {
        let ticker = get(&mut venue, "/market/ticker", &[("instId", id)])[0].clone();
        let mark = number(
            &get(&mut venue, "/public/mark-price", &[("instType", kind), ("instId", id)])[0]["markPx"],
        );
        let index = number(&get(&mut venue, "/market/index-tickers", &[("instId", index)])[0]["idxPx"]);
        let limit = get(&mut venue, "/public/price-limit", &[("instId", id)])[0].clone();
        let middle = (number(&ticker["askPx"]) + number(&ticker["bidPx"])) / 2.0;
        assert!(
            (mark / middle - 1.0).abs() < 0.005 && (index / mark - 1.0).abs() < 0.005,
            "{id} {middle} {mark} {index}"
        );
        assert!(number(&limit["sellLmt"]) < mark && mark < number(&limit["buyLmt"]));
        let interest =
            get(&mut venue, "/public/open-interest", &[("instType", kind), ("instId", id)])[0].clone();
        let usd = number(&interest["oiCcy"]) * index;
        assert!((usd / number(&interest["oiUsd"]) - 1.0).abs() < 0.01);
        let day = number(&ticker["volCcy24h"]);
        assert!(
            day > 0.0 && number(&ticker["low24h"]) <= middle && middle <= number(&ticker["high24h"]) * 1.01
        );
    }
    let rows = get(&mut venue, "/public/opt-summary", &[("instFamily", "BTC-USD")]);
    let rows = rows.as_array().expect("rows");
    assert!(rows.len() > 200);
    for row in rows {
        let (delta, call) =
            (number(&row["deltaBS"]), row["instId"].as_str().is_some_and(|id| id.ends_with("-C")));
        assert!(if call { (0.0..=1.0).contains(&delta) } else { (-1.0..=0.0).contains(&delta) }, "{row}");
        assert!(
            number(&row["gammaBS"]) >= 0.0 && number(&row["thetaBS"]) <= 0.0 && number(&row["vegaBS"]) >= 0.0,
            "{row}"
        );
        assert!(number(&row["bidVol"]) < number(&row["askVol"]));
    }
}

#[test]
fn the_whole_list_of_tickers_can_be_asked_for() {
    let mut venue = venue(59);
    for kind in ["SPOT", "SWAP", "FUTURES", "OPTION", "EVENTS"] {
        let rows = get(&mut venue, "/market/tickers", &[("instType", kind)]);
        let rows = rows.as_array().expect("rows");
        assert!(rows.len() >= 20, "{kind}: {}", rows.len());
        for row in rows {
            assert!(number(&row["bidPx"]) < number(&row["askPx"]), "{row}");
            assert!(
                number(&row["low24h"]) <= number(&row["last"])
                    && number(&row["last"]) <= number(&row["high24h"]),
                "{row}"
            );
        }
    }
}
