//! Whatever answers a lookup: an order is absent only if OKX says so, and a list is whole or a failure.

use okx_common::ids::ClOrdId;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Answer, Ask, Bench, LookupConfig};
use crate::orders::tracker::Found;

fn json_value() -> impl Strategy<Value = Value> {
    let keys =
        prop::sample::select(vec!["ordId", "state", "code", "data", "tradeId", "fillSz", "fillPx", "instId"]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[0-9]{0,6}".prop_map(Value::from),
        prop::sample::select(vec!["live", "filled", "51603", "0", ""]).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(keys.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Whether OKX says that the order does not exist.
fn says_absent(body: &Value) -> bool {
    let code = body["code"].as_str();
    let is_empty = match &body["data"] {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(rows) => rows.is_empty(),
        _ => false,
    };
    code == Some("51603") || (code == Some("0") && is_empty)
}

proptest! {
    #[test]
    fn no_answer_makes_an_order_absent_by_mistake(
        code in prop::sample::select(vec!["0", "1", "51603", "50011", "51001", "x", ""]),
        data in json_value(),
    ) {
        let body = json!({"code": code, "msg": "", "data": data});
        let ask = Ask::Order { inst_id: "BTC-USDT".into(), by: ClOrdId::new("a").into() };
        let mut bench = Bench::new(&ask, LookupConfig::default());
        let answer = bench.give_body("/trade/order", &body.to_string());
        match answer {
            Some(Answer::Found(Found::Absent)) => prop_assert!(says_absent(&body), "{body}"),
            Some(Answer::Found(Found::Order(row))) => prop_assert!(!row.ord_id.is_empty()),
            Some(Answer::Found(Found::Failed(why))) => prop_assert!(!why.is_empty()),
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn no_list_lets_a_row_fall(rows in prop::collection::vec(json_value(), 0..5)) {
        let count = rows.len();
        let ask = Ask::Fills { inst_id: "BTC-USDT-SWAP".into(), ord_id: "7".into(), at_least: okx_common::decimal::Decimal::ZERO };
        let mut bench = Bench::new(&ask, LookupConfig::default());
        match bench.give("/trade/fills", Value::Array(rows)) {
            Some(Answer::Fills(Ok(fills))) => prop_assert!(fills.len() <= count && !fills.is_empty()),
            Some(Answer::Fills(Err(why))) => prop_assert!(!why.is_empty()),
            // There are none: the history is asked.
            None => prop_assert_eq!(count, 0),
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn no_bytes_are_an_answer(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let ask = Ask::Reconcile { fills_since_ms: Some(1) };
        let mut bench = Bench::new(&ask, LookupConfig { account: true, spreads: true, fills_from_ms: None });
        let part = bench.open_part("/account/balance");
        prop_assert!(matches!(bench.lookup.take(part, Ok(&body)), Some(Answer::All(Err(_)))));
    }
}
