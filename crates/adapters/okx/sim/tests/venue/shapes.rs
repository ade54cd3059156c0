//! Every frame and body has the keys and types of what OKX sent, or of its documentation where nothing was captured.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use okx_sim::{Market, Topic, Venue};
use serde_json::{Value, json};

use crate::help::{NOW, json as parse, run, start_topic, venue};

/// Types by path; an index of a list is `*`. Lists of lists of texts also count their columns.
type Shape = BTreeMap<String, BTreeSet<String>>;

fn shape(value: &Value, path: &str, into: &mut Shape) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    };
    into.entry(path.to_owned()).or_default().insert(kind.to_owned());
    match value {
        Value::Object(map) => map.iter().for_each(|(key, v)| shape(v, &format!("{path}/{key}"), into)),
        Value::Array(list) => {
            if !list.is_empty() && list.iter().all(Value::is_string) {
                into.entry(format!("{path} columns")).or_default().insert(list.len().to_string());
            }
            list.iter().for_each(|v| shape(v, &format!("{path}/*"), into));
        }
        _ => {}
    }
}

fn corpus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../test_data/corpus")
}

fn recorded(name: &str) -> Value {
    let text = fs::read(corpus().join(format!("{name}.json"))).unwrap_or_else(|e| panic!("{name}: {e}"));
    parse(&text)
}

/// Differences that are known, and why. The first part of a path may be shortened to its end.
const EXPLAINED: &[(&str, &str, &str)] = &[
    ("*", "/msg", "an empty text wherever there is an envelope"),
    // Frames.
    ("ws/trades-all", "/data/*/source", "documented since; the capture is of 2023"),
    ("ws/mark-price-candle", "/data/* columns", "a column was added after the sample"),
    ("ws/index-candle", "/data/* columns", "a column was added after the sample"),
    ("ws/index-candle", "/arg/instType", "the sample's own argument"),
    ("ws/price-limit", "/data/*/instType", "documented; the sample leaves it out"),
    ("ws/opt-summary", "/arg/uly", "subscriptions by uly ended in 2023"),
    ("ws/opt-summary", "/arg/instFamily", "subscriptions by uly ended in 2023"),
    ("ws/opt-summary", "/data/*/volLv", "documented; the sample leaves it out"),
    ("ws/adl-warning", "/data/*/decRate", "documented; the sample leaves it out"),
    ("ws/adl-warning", "/data/*/adlRate", "documented; the sample leaves it out"),
    ("ws/adl-warning", "/data/*/adlRecRate", "documented; the sample leaves it out"),
    ("ws/status", "/data/*/env", "added after the capture of 2021"),
    ("ws/status", "/data/*/maintType", "added after the capture of 2021"),
    ("ws/status", "/data/*/preOpenBegin", "added after the capture of 2021"),
    (
        "ws/event-contract-markets",
        "/arg/instType",
        "asked for by the table of parameters, missing in the sample",
    ),
    ("ws/instruments", "/data/*/seriesId", "documented; the sample is of a spot pair"),
    ("ws/instruments", "/data/*/upcChg/*", "nothing is announced"),
    ("ws/sprd-books5", "/data/*/seqId", "added after the sample of 2022"),
    // Bodies.
    ("rest/market-books", "/data/*/seqId", "added after the captures; in the documentation"),
    ("rest/market-ticker", "/data/*/askSz", "cut from the capture by its source"),
    ("rest/market-ticker", "/data/*/bidSz", "cut from the capture by its source"),
    ("rest/market-index-tickers", "/data/*/sodUtc0", "cut from the capture by its source"),
    ("rest/market-index-tickers", "/data/*/sodUtc8", "cut from the capture by its source"),
    ("rest/public-underlying", "/data/* columns", "as many as there are"),
];

/// Which explanation holds for a difference, if any.
fn explanation(group: &str, path: &str) -> Option<usize> {
    let fits = |p: &str| path == p || path.starts_with(&format!("{p}/"));
    EXPLAINED.iter().position(|(g, p, _)| (*g == "*" || *g == group) && fits(p))
}

/// What was compared so far.
#[derive(Default)]
struct Report {
    wrong: Vec<String>,
    used: BTreeSet<usize>,
}

impl Report {
    fn note(&mut self, group: &str, path: &str, what: String) {
        match explanation(group, path) {
            Some(no) => {
                self.used.insert(no);
            }
            None => self.wrong.push(format!("{group}: {path} {what}")),
        }
    }

    /// Compares what is sent with a recorded payload: the same paths, and of each a type that was recorded.
    fn compare(&mut self, group: &str, sent: &Value, file: &str) {
        self.compare_with(group, sent, &recorded(file), file);
    }

    fn compare_with(&mut self, group: &str, sent: &Value, known: &Value, file: &str) {
        let (mut own, mut theirs) = (Shape::new(), Shape::new());
        shape(sent, "", &mut own);
        shape(known, "", &mut theirs);
        for (path, kinds) in &own {
            match theirs.get(path) {
                None => self.note(group, path, format!("is not in {file}")),
                Some(known) if !kinds.is_subset(known) => {
                    self.note(group, path, format!("is {kinds:?}, in {file} {known:?}"));
                }
                _ => {}
            }
        }
        for path in theirs.keys().filter(|path| !own.contains_key(*path)) {
            self.note(group, path, format!("of {file} is missing"));
        }
    }

    /// Nothing is wrong, and no explanation of these groups is out of date.
    fn assert_clean(&self, prefix: &str) {
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        let needless = EXPLAINED
            .iter()
            .enumerate()
            .filter(|(no, (group, ..))| group.starts_with(prefix) && !self.used.contains(no));
        assert_eq!(needless.map(|(_, row)| row).collect::<Vec<_>>(), Vec::<&(&str, &str, &str)>::new());
    }
}

/// The first frame of a topic, at once or when something happens.
fn frame(venue: &mut Venue, topic: Topic, script: Option<Value>) -> Value {
    let (topic, first) = start_topic(venue, topic);
    let mut frames = first;
    if let Some(command) = script {
        venue.script(&command).unwrap_or_else(|e| panic!("{command}: {e}"));
    }
    let mut at = venue_now(venue);
    for _ in 0..400 {
        if !frames.is_empty() {
            break;
        }
        at += 500;
        frames.extend(run(venue, at, at, 1).into_iter().filter(|(t, ..)| *t == topic).map(|(.., f)| f));
    }
    venue.stop(&topic);
    frames.into_iter().next().unwrap_or_else(|| panic!("nothing on {}", topic.json()))
}

fn venue_now(venue: &mut Venue) -> u64 {
    let time = venue.rest("/public/time", &[]).expect("served").expect("answered");
    crate::help::whole(&parse(&time)["data"][0]["ts"])
}

fn of(channel: &str, key: &str, value: &str) -> Topic {
    let mut topic = Topic::of(channel, "");
    match key {
        "instId" => topic.inst_id = value.to_owned(),
        "instType" => topic.inst_type = value.to_owned(),
        "instFamily" => topic.inst_family = value.to_owned(),
        "sprdId" => topic.sprd_id = value.to_owned(),
        _ => {}
    }
    topic
}

#[test]
fn frames_have_the_recorded_shape() {
    let mut venue = venue(41);
    let swap = "BTC-USDT-SWAP";
    let spread = "BTC-USDT_BTC-USDT-SWAP";
    let own = |t: Topic| (t, None);
    let one = |channel: &str, id: &str| own(Topic::of(channel, id));
    let option = option(&mut venue);
    let family = Topic { inst_type: "OPTION".into(), ..of("option-trades", "instFamily", "BTC-USD") };
    let adl = Topic { inst_family: "BTC-USDT".into(), ..of("adl-warning", "instType", "FUTURES") };
    let ending = listed(&mut venue, &[("instType", "FUTURES"), ("instFamily", "BTC-USD")]);
    let ends = json!({"op": "change", "instId": ending, "set": {"expTime": (NOW + 1_200_000).to_string()}});
    let estimate = Topic { inst_type: "FUTURES".into(), ..of("estimated-price", "instFamily", "BTC-USD") };
    let cases = [
        ("tickers", "ws/tickers/ccxt__1", one("tickers", "BTC-USDT")),
        ("tickers", "ws/tickers/ccxt__2", one("tickers", swap)),
        ("trades", "ws/trades/fastmm__2", one("trades", swap)),
        ("trades-all", "ws/trades-all/jq_cta__1", one("trades-all", swap)),
        ("books", "ws/books/roq-okx__1", one("books", "NEAR-USDT")),
        ("books5", "ws/books5/ccxt__2", one("books5", swap)),
        ("bbo-tbt", "ws/bbo-tbt/fastmm__2", one("bbo-tbt", swap)),
        ("candle", "ws/candle/roq-okx__1", one("candle1m", "BTC-USDT")),
        ("mark-price", "ws/mark-price/fastmm__1", one("mark-price", swap)),
        ("mark-price-candle", "ws/mark-price-candle/gocryptotrader__1", one("mark-price-candle1m", swap)),
        ("index-candle", "ws/index-candle/gocryptotrader__2", one("index-candle1m", "BTC-USDT")),
        ("index-tickers", "ws/index-tickers/fastmm__2", one("index-tickers", "ETH-USDT")),
        ("funding-rate", "ws/funding-rate/fastmm__1", one("funding-rate", swap)),
        ("open-interest", "ws/open-interest/fastmm__1", one("open-interest", swap)),
        ("price-limit", "ws/price-limit/jkorf__1", one("price-limit", swap)),
        ("opt-summary", "ws/opt-summary/gocryptotrader__1", own(of("opt-summary", "instFamily", "BTC-USD"))),
        ("option-trades", "ws/option-trades/gocryptotrader__1", own(family)),
        ("estimated-price", "ws/estimated-price/okx-docs-2026-08__1", (estimate, Some(ends))),
        (
            "liquidation-orders",
            "ws/liquidation-orders/index__3",
            own(of("liquidation-orders", "instType", "SWAP")),
        ),
        (
            "adl-warning",
            "ws/adl-warning/okx-docs-2026-03__1",
            (adl, Some(json!({"op": "adl", "instType": "FUTURES", "instFamily": "BTC-USDT"}))),
        ),
        ("status", "ws/status/roq-okx__2", (Topic::of("status", ""), Some(json!({"op": "status"})))),
        (
            "call-auction-details",
            "ws/call-auction-details/okx-docs-2026-08__1",
            (
                Topic::of("call-auction-details", "ETH-USDC"),
                Some(json!({"op": "auction", "instId": "ETH-USDC"})),
            ),
        ),
        (
            "event-contract-markets",
            "ws/event-contract-markets/okx-docs-2026-08__1",
            (
                of("event-contract-markets", "instType", "EVENTS"),
                Some(json!({"op": "event", "instId": event(&mut venue)})),
            ),
        ),
        (
            "instruments",
            "ws/instruments/okx-docs-2026-08__1",
            (
                of("instruments", "instType", "SPOT"),
                Some(json!({"op": "state", "instId": "SOL-USDT", "state": "suspend"})),
            ),
        ),
        ("sprd-books5", "ws/sprd-books5/gocryptotrader__1", own(of("sprd-books5", "sprdId", spread))),
        ("sprd-candle", "ws/sprd-candle/okx-docs-2026-08__1", own(of("sprd-candle1D", "sprdId", spread))),
        (
            "sprd-public-trades",
            "ws/sprd-public-trades/gocryptotrader__1",
            own(of("sprd-public-trades", "sprdId", spread)),
        ),
        ("sprd-tickers", "ws/sprd-tickers/gocryptotrader__1", own(of("sprd-tickers", "sprdId", spread))),
    ];
    let mut report = Report::default();
    for (group, file, (topic, script)) in cases {
        let sent = frame(&mut venue, topic, script);
        report.compare(&format!("ws/{group}"), &sent, file);
    }
    report.assert_clean("ws/");
    assert!(option.starts_with("BTC-USD-"));
}

/// Nothing of these was captured; the fields are those of the tables and samples of the documentation.
#[test]
fn frames_without_a_capture_have_the_documented_shape() {
    let mut venue = venue(44);
    let option = option(&mut venue);
    let text = |names: &[&str]| Value::Object(names.iter().map(|n| ((*n).to_owned(), json!(""))).collect());
    let trade =
        ["fillVol", "fwdPx", "groupId", "idxPx", "instId", "markPx", "px", "side", "sz", "tradeId", "ts"];
    let calendar = [
        "calendarId",
        "date",
        "region",
        "category",
        "event",
        "refDate",
        "actual",
        "previous",
        "forecast",
        "importance",
        "prevInitial",
        "ccy",
        "unit",
        "ts",
    ];
    let mut structure = text(&["cTime", "blockTdId", "groupId"]);
    structure["legs"] = json!([text(&["px", "sz", "instId", "side", "tradeId"])]);
    let cases = [
        (Topic::of("public-block-trades", &option), None, text(&trade)),
        (Topic::of("public-block-trades", "BTC-USDT"), None, text(&trade)),
        (Topic::of("public-struc-block-trades", ""), None, structure),
        (
            Topic::of("economic-calendar", ""),
            Some(json!({"op": "calendar", "actual": "49.2"})),
            text(&calendar),
        ),
    ];
    let mut report = Report::default();
    for (topic, script, row) in cases {
        let (name, arg) = (topic.channel.clone(), parse(topic.json().as_bytes()));
        let sent = frame(&mut venue, topic, script);
        report.compare_with(&name, &sent, &json!({"arg": arg, "data": [row]}), "the documentation");
    }
    assert_eq!(report.wrong, Vec::<String>::new());
}

/// An option and an event contract as they are listed at [`NOW`].
fn option(venue: &mut Venue) -> String {
    listed(venue, &[("instType", "OPTION"), ("instFamily", "BTC-USD")])
}

fn event(venue: &mut Venue) -> String {
    listed(venue, &[("instType", "EVENTS"), ("seriesId", "BTC-ABOVE-DAILY")])
}

fn listed(venue: &mut Venue, params: &[(&str, &str)]) -> String {
    let rows = crate::help::get(venue, "/public/instruments", params);
    let live = rows.as_array().expect("rows").iter().find(|row| row["state"] == "live").expect("a live one");
    live["instId"].as_str().expect("id").to_owned()
}

/// Parameters of a request.
type Params<'a> = Vec<(&'a str, &'a str)>;

#[test]
fn bodies_have_the_recorded_shape() {
    let mut venue = venue(42);
    let future = listed(&mut venue, &[("instType", "FUTURES"), ("instFamily", "BTC-USDT")]);
    let family = listed(&mut venue, &[("instType", "FUTURES"), ("instFamily", "SOL-USD_UM")]);
    assert!(family.starts_with("SOL-USD_UM-"));
    venue.script(&json!({"op": "auction", "instId": "ETH-USDC"})).expect("auction");
    venue.script(&json!({"op": "expire", "instId": future})).expect("expired");
    let next = listed(&mut venue, &[("instType", "FUTURES"), ("instFamily", "BTC-USDT")]);
    let swap = [("instId", "BTC-USDT-SWAP")];
    let spot = [("instId", "BTC-USDT")];
    let spread = [("sprdId", "BTC-USDT_BTC-USDT-SWAP")];
    let series = [("seriesId", "BTC-ABOVE-DAILY")];
    let options = [("instFamily", "BTC-USD")];
    let cases: Vec<(&str, &str, Params<'_>)> = vec![
        ("/market/ticker", "market-ticker/jkorf__1", swap.to_vec()),
        ("/market/ticker", "market-ticker/index__1", swap.to_vec()),
        ("/market/tickers", "market-tickers/okx-docs-2025-07__1", vec![("instType", "SWAP")]),
        ("/market/books", "market-books/okx-docs-2026-08__1", spot.to_vec()),
        ("/market/books", "market-books/ccxt__2", spot.to_vec()),
        ("/market/books-full", "market-books-full/okx-docs-2026-08__1", spot.to_vec()),
        ("/market/books-rpi", "market-books-rpi/okx-docs-2026-08__1", spot.to_vec()),
        ("/market/trades", "market-trades/okx-docs-2026-08__1", spot.to_vec()),
        ("/market/history-trades", "market-history-trades/okx-docs-2026-08__1", spot.to_vec()),
        ("/market/candles", "market-candles/roq-okx__1", spot.to_vec()),
        ("/market/history-candles", "market-history-candles/jkorf__1", spot.to_vec()),
        ("/market/mark-price-candles", "market-mark-price-candles/jkorf__1", swap.to_vec()),
        (
            "/market/history-mark-price-candles",
            "market-history-mark-price-candles/okx-docs-2026-08__1",
            swap.to_vec(),
        ),
        ("/market/index-candles", "market-index-candles/jkorf__1", spot.to_vec()),
        ("/market/history-index-candles", "market-history-index-candles/okx-docs-2026-08__1", spot.to_vec()),
        ("/market/index-tickers", "market-index-tickers/index__1", spot.to_vec()),
        ("/market/index-components", "market-index-components/burakoner-prod__1", vec![("index", "BTC-USD")]),
        ("/market/platform-24-volume", "market-platform-24-volume/jkorf__1", vec![]),
        ("/market/exchange-rate", "market-exchange-rate/okx-docs-2026-08__1", vec![]),
        ("/market/block-ticker", "market-block-ticker/jkorf__1", swap.to_vec()),
        ("/market/block-tickers", "market-block-tickers/jkorf__1", vec![("instType", "FUTURES")]),
        (
            "/market/call-auction-details",
            "market-call-auction-details/okx-docs-2026-08__1",
            vec![("instId", "ETH-USDC")],
        ),
        (
            "/market/option/instrument-family-trades",
            "market-option-instrument-family-trades/okx-docs-2026-08__1",
            options.to_vec(),
        ),
        ("/public/time", "public-time/ccxt__1", vec![]),
        ("/public/mark-price", "public-mark-price/index__1", vec![("instType", "SWAP"), swap[0]]),
        ("/public/funding-rate", "public-funding-rate/burakoner-prod__1", vec![("instId", "ANY")]),
        ("/public/funding-rate-history", "public-funding-rate-history/burakoner-prod__1", swap.to_vec()),
        (
            "/public/open-interest",
            "public-open-interest/burakoner-prod__1",
            vec![("instType", "SWAP"), swap[0]],
        ),
        ("/public/price-limit", "public-price-limit/jkorf__1", swap.to_vec()),
        ("/public/opt-summary", "public-opt-summary/jkorf__1", options.to_vec()),
        ("/public/option-trades", "public-option-trades/okx-docs-2026-08__1", options.to_vec()),
        (
            "/public/position-tiers",
            "public-position-tiers/jkorf__1",
            vec![("instType", "MARGIN"), ("tdMode", "cross"), spot[0]],
        ),
        ("/public/underlying", "public-underlying/burakoner-prod__1", vec![("instType", "FUTURES")]),
        (
            "/public/estimated-settlement-info",
            "public-estimated-settlement-info/jkorf__1",
            vec![("instId", next.as_str())],
        ),
        (
            "/public/delivery-exercise-history",
            "public-delivery-exercise-history/jkorf__1",
            vec![("instType", "FUTURES"), ("instFamily", "BTC-USDT")],
        ),
        (
            "/public/settlement-history",
            "public-settlement-history/jkorf__1",
            vec![("instFamily", "SOL-USD_UM")],
        ),
        (
            "/public/instrument-tick-bands",
            "public-instrument-tick-bands/burakoner-prod__1",
            vec![("instType", "OPTION")],
        ),
        (
            "/public/convert-contract-coin",
            "public-convert-contract-coin/jkorf__1",
            vec![("instId", "BTC-USD-SWAP"), ("px", "35000"), ("sz", "0.888")],
        ),
        ("/public/premium-history", "public-premium-history/jkorf__1", swap.to_vec()),
        ("/public/insurance-fund", "public-insurance-fund/burakoner-prod__1", vec![("instType", "SWAP")]),
        ("/public/interest-rate-loan-quota", "public-interest-rate-loan-quota/burakoner-prod__1", vec![]),
        (
            "/public/discount-rate-interest-free-quota",
            "public-discount-rate-interest-free-quota/burakoner-prod__1",
            vec![("ccy", "BTC")],
        ),
        ("/public/mm-instrument-types", "public-mm-instrument-types/okx-docs-2026-08__1", vec![]),
        ("/public/event-contract/series", "public-event-contract-series/burakoner-prod__1", vec![]),
        ("/public/event-contract/events", "public-event-contract-events/burakoner-prod__1", series.to_vec()),
        (
            "/public/event-contract/markets",
            "public-event-contract-markets/burakoner-prod__1",
            series.to_vec(),
        ),
        ("/public/market-data-history", "public-market-data-history/okx-docs-2026-08__2", vec![]),
        ("/sprd/spreads", "sprd-spreads/burakoner-prod__1", vec![]),
        ("/sprd/books", "sprd-books/burakoner-prod__1", spread.to_vec()),
        ("/sprd/public-trades", "sprd-public-trades/burakoner-prod__1", spread.to_vec()),
        ("/market/sprd-ticker", "market-sprd-ticker/burakoner-prod__1", spread.to_vec()),
        ("/market/sprd-candles", "market-sprd-candles/burakoner-prod__1", spread.to_vec()),
        ("/market/sprd-history-candles", "market-sprd-history-candles/burakoner-prod__1", spread.to_vec()),
    ];
    let mut report = Report::default();
    for (path, file, params) in cases {
        let params: Vec<_> = params.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
        let body = venue.rest(path, &params).unwrap_or_else(|| panic!("{path} is not served"));
        let body = parse(&body.unwrap_or_else(|e| panic!("{path}: {e:?}")));
        assert!(!body["data"].as_array().is_some_and(Vec::is_empty), "{path} is empty");
        let group = file.split_once('/').expect("group").0;
        report.compare(&format!("rest/{group}"), &body, &format!("rest/{file}"));
    }
    report.assert_clean("rest/");
}

#[test]
fn instrument_lists_are_the_recorded_ones() {
    let mut venue = venue(43);
    for (file, params) in [
        ("burakoner-prod__5", vec![("instType", "SPOT")]),
        ("burakoner-prod__3", vec![("instType", "MARGIN")]),
        ("burakoner-prod__6", vec![("instType", "SWAP")]),
    ] {
        let mut rows = crate::help::get(&mut venue, "/public/instruments", &params);
        let known = recorded(&format!("rest/public-instruments/{file}"))["data"].clone();
        let added = [
            "initPxLmtPct",
            "floatPxLmtPct",
            "maxPxLmtPct",
            "maxPlatOICoinLmt",
            "rpiMinLevel",
            "rpiMinPxBand",
        ];
        for row in rows.as_array_mut().expect("rows").iter_mut().filter_map(Value::as_object_mut) {
            added.iter().for_each(|key| assert!(row.remove(*key).is_some_and(|v| v.is_string())));
        }
        assert_eq!(rows, known, "{file}");
    }
    let params =
        [("instType".to_owned(), "SWAP".to_owned()), ("instId".to_owned(), "BTC-USD-SWAP".to_owned())];
    let body = parse(&venue.rest("/public/instruments", &params).expect("served").expect("answered"));
    let mut report = Report::default();
    report.compare("rest/public-instruments", &body, "rest/public-instruments/fastmm__1");
    assert_eq!(report.wrong, Vec::<String>::new());
    for (kind, more, count) in [
        ("FUTURES", ("instFamily", ""), 20),
        ("OPTION", ("instFamily", "BTC-USD"), 300),
        ("EVENTS", ("seriesId", "BTC-ABOVE-DAILY"), 80),
    ] {
        let rows = crate::help::get(&mut venue, "/public/instruments", &[("instType", kind), more]);
        let rows = rows.as_array().expect("rows");
        assert!(rows.len() >= count, "{kind}: {}", rows.len());
        let times = rows.iter().filter_map(|row| row["expTime"].as_str()?.parse::<u64>().ok());
        assert!(times.into_iter().all(|exp| exp > NOW), "nothing that has expired is listed");
    }
}
