//! Which channels hear of what, in which order.

use serde_json::{Value, json};

use super::desk::{Desk, account, spot, swap, with};
use crate::{account::Account, topic::Topic};

fn topic(channel: &str) -> Topic {
    Topic { channel: channel.into(), inst_type: "ANY".into(), ..Topic::default() }
}

fn snapshot(desk: &mut Desk, topic: &Topic) -> Vec<Value> {
    let topic = topic.clone();
    let frames = desk.at(|trading, cx| trading.snapshot(0, &topic, cx));
    frames.iter().map(|f| serde_json::from_slice(f).expect("JSON")).collect()
}

#[test]
fn a_fill_is_heard_of_on_every_channel_that_it_concerns() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50000.1", "10"));
    let names: Vec<_> = desk.pushes().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["orders", "orders", "balance_and_position", "fills"]);
    desk.wait(49);
    assert!(desk.pushes().is_empty(), "account and positions are gathered for 50 ms");
    desk.wait(1);
    let pushes = desk.pushes();
    let names: Vec<_> = pushes
        .iter()
        .map(|(name, frame)| format!("{name} {}", frame["eventType"]).replace('"', ""))
        .collect();
    assert_eq!(names, ["account event_update", "positions event_update"]);
    assert!(pushes[0].1.get("curPage").is_none(), "pages are for snapshots");
    assert_eq!(pushes[0].1["data"][0]["details"].as_array().map(Vec::len), Some(1), "only what changed");
    assert_eq!(pushes[1].1["data"][0]["pos"], "10");
}

#[test]
fn balance_and_position_tells_only_what_changed() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50000.1", "10"));
    let row = desk.rows_of("balance_and_position").remove(0);
    assert_eq!(row["eventType"], "filled");
    assert_eq!(
        (row["balData"].as_array().map(Vec::len), row["posData"].as_array().map(Vec::len)),
        (Some(1), Some(1))
    );
    assert_eq!((&row["balData"][0]["ccy"], &row["posData"][0]["pos"]), (&json!("USDT"), &json!("10")));
    assert_eq!(row["trades"][0]["instId"], "BTC-USDT-SWAP");
    desk.placed(swap("sell", "ioc", "50000", "10"));
    let row = desk.rows_of("balance_and_position").remove(0);
    assert_eq!(row["posData"][0]["pos"], "0", "the end of a position is told once");
    desk.wait(60);
    assert_eq!(desk.rows_of("positions").last().map(|p| p["pos"].clone()), Some(json!("0")));
    desk.placed(spot("buy", "ioc", "50000.1", "0.1"));
    let row = desk.rows_of("balance_and_position").remove(0);
    assert_eq!((row["balData"].as_array().map(Vec::len), &row["posData"]), (Some(2), &json!([])));
}

#[test]
fn the_fills_channel_joins_takers_and_hides_names() {
    let mut desk = Desk::level(1);
    desk.board.only("BTC-USDT", true, &[("50000", "0.3", 3), ("50001", "1", 1)]);
    desk.placed(with(spot("buy", "limit", "50001", "0.5"), json!({"clOrdId": "abc"})));
    let rows = desk.rows_of("fills");
    let told: Vec<_> = rows
        .iter()
        .map(|r| format!("{} {} {} {}", r["fillPx"], r["fillSz"], r["count"], r["clOrdId"]).replace('"', ""))
        .collect();
    assert_eq!(told, ["50000 0.3 3 0", "50001 0.2 1 0"]);
    desk.placed(with(spot("buy", "limit", "50001", "0.1"), json!({"clOrdId": "1234567890"})));
    assert_eq!(desk.rows_of("fills")[0]["clOrdId"], "1234567890");
    let maker = desk.placed(spot("sell", "limit", "51000", "0.2"));
    desk.script(json!({"op": "account.fill", "ordId": maker, "sz": "0.1"}));
    let row = desk.rows_of("fills").remove(0);
    assert_eq!((&row["execType"], &row["count"]), (&json!("M"), &json!("1")));
}

#[test]
fn rows_of_orders_tell_of_this_fill_only() {
    let mut desk = Desk::level(1);
    let id = desk.placed(spot("sell", "limit", "51000", "0.2"));
    desk.script(json!({"op": "account.fill", "ordId": id, "sz": "0.05"}));
    desk.script(json!({"op": "account.fill", "ordId": id, "sz": "0.1", "px": "51000"}));
    let rows = desk.rows_of("orders");
    let told: Vec<_> = rows
        .iter()
        .map(|r| format!("{} {} {} {}", r["fillSz"], r["accFillSz"], r["fillFee"], r["fee"]).replace('"', ""))
        .collect();
    assert_eq!(told, ["0 0 0 0", "0.05 0.05 -2.04 -2.04", "0.1 0.15 -4.08 -6.12"]);
    assert_eq!(
        (&rows[0]["avgPx"], &rows[0]["posSide"], &rows[0]["lever"], &rows[0]["tradeId"]),
        (&json!("0"), &json!(""), &json!("0"), &json!(""))
    );
    desk.cancel("BTC-USDT", &id);
    let last = desk.rows_of("orders").remove(0);
    assert_eq!(
        (&last["state"], &last["fillSz"], &last["accFillSz"], &last["cancelSource"]),
        (&json!("canceled"), &json!("0"), &json!("0.15"), &json!("1"))
    );
}

#[test]
fn snapshots_come_in_pages() {
    let balances = (0..45).map(|n| (format!("C{n:02}"), "1".to_owned())).collect();
    let mut desk = Desk::new(Account { balances, ..account(2) });
    let frames = snapshot(&mut desk, &topic("account"));
    let pages: Vec<_> = frames
        .iter()
        .map(|f| {
            (
                f["curPage"].clone(),
                f["lastPage"].clone(),
                f["data"][0]["details"].as_array().map_or(0, Vec::len),
            )
        })
        .collect();
    assert_eq!(
        pages,
        [(json!(1), json!(false), 20), (json!(2), json!(false), 20), (json!(3), json!(true), 5)]
    );
    assert!(frames.iter().all(|f| f["eventType"] == "snapshot" && f["arg"]["uid"] == "44705892343619584"));
    let one = Topic { ccy: "C07".into(), ..topic("account") };
    assert_eq!(snapshot(&mut desk, &one)[0]["data"][0]["details"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_new_subscription_gets_what_there_is() {
    let mut desk = Desk::level(2);
    let empty = snapshot(&mut desk, &topic("positions"));
    assert_eq!((empty.len(), &empty[0]["data"], &empty[0]["lastPage"]), (1, &json!([]), &json!(true)));
    desk.placed(swap("buy", "ioc", "50000.1", "10"));
    assert_eq!(snapshot(&mut desk, &topic("positions"))[0]["data"][0]["pos"], "10");
    let futures = Topic { inst_type: "FUTURES".into(), ..topic("positions") };
    assert_eq!(snapshot(&mut desk, &futures)[0]["data"], json!([]));
    let both = snapshot(&mut desk, &Topic { channel: "balance_and_position".into(), ..Topic::default() });
    assert_eq!(
        (&both[0]["data"][0]["eventType"], both[0]["data"][0]["balData"].as_array().map(Vec::len)),
        (&json!("snapshot"), Some(5))
    );
    assert!(snapshot(&mut desk, &topic("orders")).is_empty(), "orders have no snapshot");
    assert_eq!(snapshot(&mut desk, &topic("account-greeks"))[0]["data"].as_array().map(Vec::len), Some(5));
}

#[test]
fn greeks_come_at_once_with_changes_and_regularly() {
    let mut desk = Desk::level(2);
    let delta = |frame: &Value| {
        let rows = frame["data"].as_array().expect("rows");
        let row = rows.iter().find(|row| row["ccy"] == "BTC").expect("BTC");
        row["deltaBS"].as_str().and_then(|text| text.parse::<f64>().ok()).expect("a number")
    };
    let before = delta(&snapshot(&mut desk, &topic("account-greeks"))[0]);
    desk.placed(swap("buy", "ioc", "50000.1", "10"));
    desk.wait(50);
    let greeks = |desk: &mut Desk| -> Vec<f64> {
        let all = desk.pushes().into_iter().filter(|(name, _)| name == "account-greeks");
        all.map(|(_, frame)| delta(&frame)).collect()
    };
    let after = greeks(&mut desk);
    assert!(
        after.len() == 1 && (after[0] - before - 0.1).abs() < 1e-9,
        "10 contracts of 0.01: {before} {after:?}"
    );
    desk.wait(5_000);
    assert_eq!(greeks(&mut desk), after, "and every five seconds");
}

#[test]
fn account_and_positions_come_regularly_while_somebody_listens() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50000.1", "10"));
    desk.wait(100);
    let _ = desk.pushes();
    let _ = snapshot(&mut desk, &topic("positions"));
    desk.wait(5_000);
    let names: Vec<_> = desk
        .pushes()
        .into_iter()
        .map(|(name, frame)| format!("{name} {}", frame["eventType"]).replace('"', ""))
        .collect();
    assert_eq!(names, ["account snapshot", "positions snapshot"]);
    desk.trading.stop_regular(0);
    desk.wait(20_000);
    assert!(desk.pushes().is_empty());
}

#[test]
fn accounts_hear_of_their_own_only() {
    let other = Account { uid: "2".into(), main_uid: "2".into(), ..account(1) };
    let mut desk = Desk::with(&[account(1), other]);
    desk.placed_as(1, spot("buy", "limit", "49000", "0.1"));
    desk.wait(100);
    let mut whom = Vec::new();
    while let Some(push) = desk.trading.poll() {
        whom.push(push.who);
    }
    assert!(!whom.is_empty() && whom.iter().all(|who| *who == 1));
}
