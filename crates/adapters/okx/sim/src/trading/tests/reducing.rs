//! Reduce-only orders and the position they hang on.

use serde_json::json;

use super::desk::{Desk, swap, with};

fn reduce(side: &str, px: &str, sz: &str) -> serde_json::Value {
    with(swap(side, "limit", px, sz), json!({"reduceOnly": true}))
}

#[test]
fn direction_and_size_must_fit() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50001", "5"));
    assert_eq!(desk.refused(reduce("buy", "49000", "1")), "51169", "it would add");
    assert_eq!(desk.refused(reduce("sell", "51000", "6")), "51148");
    let id = desk.placed(reduce("sell", "51000", "5"));
    assert_eq!(desk.order("BTC-USDT-SWAP", &id)["reduceOnly"], "true");
    assert_eq!(desk.balance("USDT", "ordFrozen"), "0", "closing needs no margin");
}

#[test]
fn it_ends_with_the_position() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50001", "5"));
    let id = desk.placed(reduce("sell", "51000", "5"));
    desk.placed(swap("sell", "ioc", "50000", "5"));
    let row = desk.order("BTC-USDT-SWAP", &id);
    assert_eq!((&row["state"], &row["cancelSource"]), (&json!("canceled"), &json!("17")));
}

#[test]
fn it_shrinks_with_the_position() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50001", "5"));
    let id = desk.placed(reduce("sell", "51000", "5"));
    let _ = desk.pushes();
    desk.placed(swap("sell", "ioc", "50000", "2"));
    let rows = desk.rows_of("orders");
    let cut = rows.iter().find(|r| r["ordId"] == json!(id)).expect("pushed");
    assert_eq!(
        (&cut["sz"], &cut["amendSource"], &cut["amendResult"]),
        (&json!("3"), &json!("4"), &json!("0"))
    );
    assert_eq!(desk.order("BTC-USDT-SWAP", &id)["sz"], "3");
}

#[test]
fn a_new_order_is_cut_by_older_better_ones_before_it_is_live() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50001", "5"));
    desk.placed(reduce("sell", "51000", "3"));
    let _ = desk.pushes();
    let id = desk.placed(with(reduce("sell", "52000", "5"), json!({"ordType": "post_only"})));
    desk.wait(1);
    let rows = desk.rows_of("orders");
    let told: Vec<_> = rows
        .iter()
        .map(|r| format!("{} {} {}", r["state"], r["sz"], r["amendSource"]).replace('"', ""))
        .collect();
    assert_eq!(told, ["live 2 4", "live 2 "], "the cut comes first");
    assert_eq!(desk.order("BTC-USDT-SWAP", &id)["sz"], "2");
    assert_eq!(desk.refused(reduce("sell", "53000", "1")), "51148", "nothing is left");
}

#[test]
fn a_better_order_replaces_older_ones() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50001", "5"));
    let far = desk.placed(reduce("sell", "53000", "2"));
    let near = desk.placed(reduce("sell", "52000", "3"));
    desk.placed(reduce("sell", "51000", "4"));
    let row = desk.order("BTC-USDT-SWAP", &far);
    assert_eq!((&row["state"], &row["cancelSource"]), (&json!("canceled"), &json!("22")));
    assert_eq!(desk.order("BTC-USDT-SWAP", &near)["sz"], "1");
}

#[test]
fn a_market_order_that_reduces_never_turns_the_position() {
    let mut desk = Desk::level(2);
    desk.placed(swap("sell", "ioc", "50000", "3"));
    let id = desk.placed(with(swap("buy", "market", "", "3"), json!({"reduceOnly": true})));
    assert_eq!(desk.order("BTC-USDT-SWAP", &id)["state"], "filled");
    assert!(desk.get("/account/positions", json!({})).is_empty());
}
