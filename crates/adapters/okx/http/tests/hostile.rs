//! Answers that no honest server sends: one clear error, no panic, nothing lost that could be read.

use okx_common::error_code::Outcome;
use okx_http::{
    Endpoint, Envelope, ErrorKind, decode_body, decode_rows,
    endpoint::{
        market::Ticker,
        trade::{GetOrdersPending, Place},
    },
    envelope,
    history::ListPages,
};
use proptest::prelude::*;

const GOOD: &str = r#"{"code":"0","msg":"","data":[{"instType":"SWAP","instId":"BTC-USDT-SWAP","last":"83789.7","ts":"1790322078168"},{"instId":"ETH-USDT-SWAP","last":""}]}"#;

fn read(body: &[u8]) -> Result<Envelope<Ticker>, envelope::BodyError> {
    envelope::read(body)
}

fn kinds() -> Vec<&'static str> {
    vec![
        "market-tickers",
        "market-candles",
        "market-books",
        "public-instruments",
        "account-balance",
        "account-positions",
        "account-bills",
        "trade-order-get",
        "trade-order-post",
        "trade-fills",
        "trade-orders-algo-pending",
        "sprd-orders-pending",
    ]
}

#[test]
fn truncated_bodies_are_errors_of_the_body() {
    assert_eq!(read(GOOD.as_bytes()).unwrap().rows.items.len(), 2);
    for end in 0..GOOD.len() {
        let error = read(&GOOD.as_bytes()[..end]).unwrap_err();
        assert_eq!(error.path, "body", "{end}");
        assert!(!decode_body(Some("market-tickers"), None, &GOOD.as_bytes()[..end]).ok);
    }
}

#[test]
fn a_truncated_answer_to_a_command_tells_nothing_of_it() {
    let placed = r#"{"code":"0","msg":"","data":[{"ordId":"5","clOrdId":"a","sCode":"0","sMsg":""}],"inTime":"1","outTime":"2"}"#;
    assert_eq!(decode_rows::<Place<'_>>(placed.as_bytes()).unwrap().rows.items.len(), 1);
    for end in 0..placed.len() {
        let error = decode_rows::<Place<'_>>(&placed.as_bytes()[..end]).unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Decode, Outcome::Unknown), "{end}");
    }
    // Success without a word on the order is no success.
    let empty = decode_rows::<Place<'_>>(br#"{"code":"0","msg":"","data":[]}"#).unwrap();
    assert!(empty.rows.items.is_empty());
    let strange = decode_rows::<Place<'_>>(br#"{"code":"0","msg":"","data":[7]}"#).unwrap();
    assert_eq!((strange.rows.items.len(), strange.rows.skipped.len()), (0, 1));
}

#[test]
fn deep_nesting_is_an_error_of_the_row_at_most() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        for body in [
            deep.clone(),
            format!(r#"{{"code":"0","data":{deep}}}"#),
            format!(r#"{{"code":"0","data":[{deep},{{"instId":"A"}}]}}"#),
            format!(r#"{{"code":"0","data":[{{"instId":"A","last":{deep}}}]}}"#),
            format!(r#"{{"code":"0","data":[{{"instId":"A","new":{deep}}}]}}"#),
            format!(r#"{{"code":{deep}}}"#),
        ] {
            for kind in kinds() {
                let report = decode_body(Some(kind), None, body.as_bytes());
                assert!(report.error.is_none_or(|e| e.len() < 500));
            }
            let _ = decode_body(None, None, body.as_bytes());
        }
    }
    let one_bad =
        format!(r#"{{"code":"0","data":[{}{},{{"instId":"A"}}]}}"#, "[".repeat(200), "]".repeat(200));
    let rows = read(one_bad.as_bytes()).unwrap().rows;
    assert_eq!((rows.items.len(), rows.skipped.len()), (1, 1));
}

#[test]
fn text_that_is_not_utf8_is_said_to_be_so() {
    let error = read(b"{\"code\":\"0\",\"msg\":\"\xff\xfe\",\"data\":[]}").unwrap_err();
    assert!(error.to_string().contains("UTF-8"), "{error}");
}

#[test]
fn wrong_types_cost_their_row_only() {
    let body = br#"{"code":0,"msg":null,"data":[1,null,"x",{"instId":["a"]},{},{"instId":"A","last":83789.700000000000000001},{"instId":"B","last":7,"ts":5}]}"#;
    let rows = read(body).unwrap().rows;
    assert_eq!(rows.items.len(), 2, "{rows:?}");
    // All of its digits: not through a float.
    let px = |at: usize| rows.items[at].last.map(|px| px.to_string());
    assert_eq!((&*rows.items[0].inst_id, px(0).as_deref()), ("A", Some("83789.700000000000000001")));
    assert_eq!((&*rows.items[1].inst_id, rows.items[1].ts_ms), ("B", Some(5)));
    let paths: Vec<_> = rows.skipped.iter().map(|s| s.path.as_str()).collect();
    assert_eq!(paths, ["data[0]", "data[1]", "data[2]", "data[3].instId", "data[4]"]);
}

#[test]
fn envelopes_in_disguise() {
    assert!(read(b"{}").unwrap_err().to_string().starts_with("code: missing"));
    assert_eq!(read(b"<html>").unwrap_err().path, "body");
    assert_eq!(read(br#"{"code":"0","data":"text"}"#).unwrap_err().path, "data");
    for nothing in ["null", r#""""#, "[]"] {
        let body = format!(r#"{{"code":"50011","msg":"Too Many Requests","data":{nothing}}}"#);
        let answer = read(body.as_bytes()).unwrap();
        assert_eq!(
            (answer.code.0, answer.msg.as_str(), answer.rows.items.len()),
            (50011, "Too Many Requests", 0)
        );
    }
    // What OKX adds to the envelope one day is no fault.
    assert!(read(br#"{"code":"0","data":[],"new":{"deep":[[[]]]}}"#).is_ok());
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::{Value, json};
    let keys =
        prop::sample::select(vec!["instId", "px", "ts", "data", "code", "details", "asks", "state", "x"]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|f| json!(f)),
        "[-0-9.eE]{0,12}".prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::hash_map(keys.clone().prop_map(str::to_owned), inner, 0..8)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Whatever comes as a page: the list goes on, ends or fails, and asks only for what is older.
    #[test]
    fn no_page_leads_astray(pages in prop::collection::vec(json(), 1..6)) {
        let mut list = ListPages::new(&GetOrdersPending { limit: Some(1), ..GetOrdersPending::new() });
        let mut asked = Vec::new();
        for data in pages {
            let Some(page) = list.next_page() else { break };
            prop_assert!(!asked.contains(&page.after));
            asked.push(page.after);
            let body = serde_json::json!({"code": "0", "msg": "", "data": data}).to_string();
            if let Err(error) = list.take(body.as_bytes()) {
                prop_assert_eq!(error.endpoint(), Some(GetOrdersPending::SPEC.path));
                break;
            }
        }
    }

    #[test]
    fn no_json_panics(data in json(), kind in prop::sample::select(kinds())) {
        let body = serde_json::json!({"code": "0", "msg": "", "data": data}).to_string();
        let report = decode_body(Some(kind), None, body.as_bytes());
        prop_assert_eq!(report.ok, report.error.is_none());
        let _ = decode_body(None, Some(kind), data.to_string().as_bytes());
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), kind in prop::sample::select(kinds())) {
        prop_assert!(!decode_body(Some(kind), None, &bytes).ok);
    }

    #[test]
    fn one_changed_byte_is_survived(at in 0..GOOD.len(), byte: u8) {
        let mut body = GOOD.as_bytes().to_vec();
        body[at] = byte;
        if let Ok(answer) = read(&body) {
            prop_assert!(answer.rows.items.len() + answer.rows.skipped.len() <= 2);
        }
        let _ = decode_body(None, None, &body);
    }
}
