//! Changing open orders.

use serde_json::{Value, json};

use super::desk::{Desk, account, spot, swap, with};
use crate::{account::Account, trading::Op};

fn amend(desk: &mut Desk, id: &str, change: Value) -> String {
    let row = desk.one(Op::Amend, with(json!({"instId": "BTC-USDT", "ordId": id}), change));
    row["sCode"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn price_and_size_change_and_the_push_says_so() {
    let mut desk = Desk::level(1);
    let id = desk.placed(spot("buy", "limit", "49000", "0.1"));
    let _ = desk.pushes();
    let made = desk.ms;
    desk.wait(10);
    let row = desk.one(
        Op::Amend,
        json!({"instId": "BTC-USDT", "ordId": id, "newPx": "48000", "newSz": "0.2", "reqId": "r1"}),
    );
    assert_eq!(
        (&row["sCode"], &row["reqId"], &row["ts"]),
        (&json!("0"), &json!("r1"), &json!(made.to_string()))
    );
    let rows = desk.rows_of("orders");
    assert_eq!(rows.len(), 1);
    let told = ["state", "px", "sz", "amendSource", "amendResult", "reqId"]
        .map(|k| rows[0][k].as_str().unwrap_or_default().to_owned());
    assert_eq!(told, ["live", "48000", "0.2", "1", "0", "r1"]);
    assert_eq!(desk.balance("USDT", "ordFrozen"), "9600");
}

#[test]
fn an_amended_order_that_reaches_the_market_takes() {
    let mut desk = Desk::level(1);
    let id = desk.placed(spot("buy", "limit", "49000", "0.1"));
    let _ = desk.pushes();
    assert_eq!(amend(&mut desk, &id, json!({"newPx": "50001"})), "0");
    assert_eq!(desk.states(), ["live", "filled"]);
    assert_eq!(desk.order("BTC-USDT", &id)["avgPx"], "50000.1");
}

#[test]
fn the_new_size_is_the_total() {
    let mut desk = Desk::level(1);
    desk.board.only("BTC-USDT", true, &[("50000", "0.4", 1)]);
    let id = desk.placed(spot("buy", "limit", "50000", "1"));
    assert_eq!(amend(&mut desk, &id, json!({"newSz": "0.7"})), "0");
    let row = desk.order("BTC-USDT", &id);
    assert_eq!(
        (&row["sz"], &row["accFillSz"], &row["state"]),
        (&json!("0.7"), &json!("0.4"), &json!("partially_filled"))
    );
    let _ = desk.pushes();
    assert_eq!(amend(&mut desk, &id, json!({"newSz": "0.4", "reqId": "r"})), "0");
    let rows = desk.rows_of("orders");
    assert_eq!(
        (&rows[0]["state"], &rows[0]["amendResult"], &rows[0]["fillSz"]),
        (&json!("filled"), &json!("0"), &json!("0"))
    );
    assert_eq!(amend(&mut desk, &id, json!({"newSz": "2"})), "51503");
    assert_eq!(desk.balance("USDT", "ordFrozen"), "0");
}

#[test]
fn a_larger_size_or_another_price_goes_to_the_end_of_the_line() {
    let other = Account { uid: "2".into(), main_uid: "2".into(), ..account(1) };
    let mut desk = Desk::with(&[account(1), other]);
    desk.board.only("BTC-USDT", true, &[]);
    let first = desk.placed(spot("sell", "limit", "50000.1", "0.1"));
    let second = desk.placed(spot("sell", "limit", "50000.1", "0.1"));
    assert_eq!(amend(&mut desk, &second, json!({"newSz": "0.05"})), "0");
    assert_eq!(amend(&mut desk, &first, json!({"newSz": "0.2"})), "0");
    desk.placed_as(1, spot("buy", "limit", "50000.1", "0.05"));
    assert_eq!(desk.order("BTC-USDT", &second)["state"], "filled", "less keeps the place");
    assert_eq!(desk.order("BTC-USDT", &first)["accFillSz"], "0");
}

#[test]
fn what_a_change_can_break() {
    for (code, change) in [
        ("51500", json!({})),
        ("51000", json!({"newSz": "0"})),
        ("51020", json!({"newSz": "0.000001"})),
        ("51121", json!({"newSz": "0.123456789"})),
        ("51005", json!({"newSz": "99999999999"})),
        ("51000", json!({"newPx": "-1"})),
        ("51150", json!({"newPx": "48000.05"})),
        ("51122", json!({"newPx": "0.01"})),
        ("51514", json!({"newPx": "48000.00000000000000000000000000000"})),
        ("51000", json!({"newPxUsd": "48000"})),
        ("51502", json!({"newSz": "4"})),
        ("51000", json!({"reqId": "not-so"})),
        ("51006", json!({"newPx": "60000"})),
    ] {
        let mut desk = Desk::level(1);
        desk.board.limits.insert("BTC-USDT".into(), (super::board::dec("52000"), super::board::dec("40000")));
        let id = desk.placed(spot("buy", "limit", "49000", "0.1"));
        let _ = desk.pushes();
        assert_eq!(amend(&mut desk, &id, change.clone()), code, "{change}");
        assert!(desk.states().is_empty(), "the order stays as it was: {change}");
        assert_eq!(desk.order("BTC-USDT", &id)["px"], "49000");
        assert_eq!(amend(&mut desk, &id, with(change.clone(), json!({"cxlOnFail": true}))), code);
        let ended = if change.get("reqId").is_some() { "live" } else { "canceled" };
        assert_eq!(desk.order("BTC-USDT", &id)["state"], ended, "{change}");
    }
}

#[test]
fn a_post_only_order_must_not_be_made_to_take() {
    let mut desk = Desk::level(1);
    let id = desk.placed(spot("buy", "post_only", "49000", "0.1"));
    desk.wait(1);
    assert_eq!(amend(&mut desk, &id, json!({"newPx": "50001"})), "51511");
    assert_eq!(amend(&mut desk, &id, json!({"newPx": "49999"})), "0");
    assert_eq!(desk.order("BTC-USDT", &id)["px"], "49999");
}

#[test]
fn an_order_is_amended_once_in_a_batch() {
    let mut desk = Desk::level(1);
    let id = desk.placed(with(spot("buy", "limit", "49000", "0.1"), json!({"clOrdId": "c"})));
    let items = [
        json!({"instId": "BTC-USDT", "ordId": id, "newPx": "48000"}),
        json!({"instId": "BTC-USDT", "clOrdId": "c", "newPx": "47000"}),
    ];
    let answer = desk.request(0, Op::Amend, &items, false, true);
    assert_eq!(
        (answer.code, &answer.data[0]["sCode"], &answer.data[1]["sCode"]),
        (2, &json!("0"), &json!("51512"))
    );
    assert_eq!(desk.order("BTC-USDT", &id)["px"], "48000");
}

#[test]
fn a_reduce_only_order_can_t_grow_beyond_the_position() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50001", "3"));
    let id = desk.placed(with(swap("sell", "limit", "51000", "2"), json!({"reduceOnly": true})));
    let row = desk.one(Op::Amend, json!({"instId": "BTC-USDT-SWAP", "ordId": id, "newSz": "4"}));
    assert_eq!(row["sCode"], "51171");
    let row = desk.one(Op::Amend, json!({"instId": "BTC-USDT-SWAP", "ordId": id, "newSz": "3"}));
    assert_eq!(row["sCode"], "0");
}

#[test]
fn an_order_on_its_way_to_the_book_can_be_amended() {
    let mut desk = Desk::level(1);
    let id = desk.placed(spot("buy", "post_only", "49000", "0.1"));
    assert_eq!(amend(&mut desk, &id, json!({"newPx": "48500"})), "0");
    desk.wait(1);
    let last = desk.rows_of("orders").pop().expect("pushed");
    assert_eq!((&last["state"], &last["px"]), (&json!("live"), &json!("48500")));
}
