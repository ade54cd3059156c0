//! Each rule an order can break, and the code it is refused with.

use serde_json::{Value, json};

use super::desk::{Desk, account, spot, swap, with};
use crate::{account::Account, trading::Op};

const OPTION: &str = "BTC-USD-270115-50000-C";

fn option(more: Value) -> Value {
    let plain = json!({"instId": OPTION, "tdMode": "cross", "side": "buy", "ordType": "limit", "px": "0.01", "sz": "1"});
    with(plain, more)
}

#[test]
fn spot_orders() {
    let base = || spot("buy", "limit", "49000", "0.1");
    for (code, order) in [
        ("51001", with(base(), json!({"instId": "NO-SUCH"}))),
        ("50014", with(base(), json!({"tdMode": ""}))),
        ("50014", with(base(), json!({"side": null}))),
        ("50014", with(base(), json!({"sz": ""}))),
        ("51000", with(base(), json!({"side": "bid"}))),
        ("51000", with(base(), json!({"ordType": "elp"}))),
        ("51000", with(base(), json!({"tdMode": "spot_isolated"}))),
        ("51000", with(base(), json!({"posSide": "long"}))),
        ("51000", with(base(), json!({"clOrdId": "with-hyphen"}))),
        ("51000", with(base(), json!({"clOrdId": "a".repeat(33)}))),
        ("51000", with(base(), json!({"tag": "a".repeat(17)}))),
        ("51000", with(base(), json!({"sz": "-1"}))),
        ("51000", with(base(), json!({"px": "0"}))),
        ("51000", with(base(), json!({"px": "1,0"}))),
        ("51000", with(base(), json!({"reduceOnly": "maybe"}))),
        ("51000", with(base(), json!({"stpMode": "none"}))),
        ("51000", with(base(), json!({"tradeQuoteCcy": "EUR"}))),
        ("51000", with(base(), json!({"pxAmendType": "2"}))),
        ("51204", with(base(), json!({"px": ""}))),
        ("51150", with(base(), json!({"px": "49000.05"}))),
        ("51122", with(base(), json!({"px": "0.01"}))),
        ("51514", with(base(), json!({"px": "49000.00000000000000000000000000000"}))),
        ("51020", with(base(), json!({"sz": "0.000001"}))),
        ("51121", with(base(), json!({"sz": "0.123456789"}))),
        ("51005", with(base(), json!({"sz": "99999999999"}))),
        ("51185", with(base(), json!({"sz": "500"}))),
        ("51008", with(base(), json!({"sz": "3"}))),
        ("51205", with(base(), json!({"reduceOnly": true}))),
        ("54070", with(base(), json!({"tpTriggerPx": "60000"}))),
        ("54084", with(base(), json!({"slippagePct": "0.06"}))),
        ("54085", with(base(), json!({"slippagePct": "0.00005"}))),
        ("54036", with(base(), json!({"ordType": "fok", "stpMode": "cancel_both"}))),
        ("51036", with(base(), json!({"ordType": "mmp"}))),
        ("54042", with(base(), json!({"ordType": "rpi"}))),
        ("51010", with(base(), json!({"tdMode": "cross"}))),
        ("51010", swap("buy", "limit", "49000", "1")),
        ("51010", option(json!({}))),
        ("51000", with(swap("buy", "limit", "49000", "1"), json!({"tdMode": "cash"}))),
        (
            "51201",
            json!({"instId": "BTC-USDT", "tdMode": "cash", "side": "buy", "ordType": "market", "sz": "2000000"}),
        ),
        (
            "51020",
            json!({"instId": "BTC-USDT", "tdMode": "cash", "side": "buy", "ordType": "market", "sz": "0.1"}),
        ),
        (
            "51008",
            json!({"instId": "BTC-USDT", "tdMode": "cash", "side": "sell", "ordType": "market", "sz": "11"}),
        ),
    ] {
        let mut desk = Desk::level(1);
        assert_eq!(desk.refused(order.clone()), code, "{order}");
        assert!(desk.pushes().is_empty(), "nothing happened: {order}");
        assert_eq!(desk.balance("USDT", "ordFrozen"), "0");
    }
}

#[test]
fn orders_against_margin() {
    let base = || swap("buy", "limit", "49000", "1");
    for (level, code, order) in [
        (2, "51000", with(base(), json!({"posSide": "long"}))),
        (2, "51007", with(base(), json!({"sz": "0.5"}))),
        (2, "51121", with(base(), json!({"sz": "1.5"}))),
        (2, "51005", with(swap("buy", "market", "", "1"), json!({"sz": "30001"}))),
        (2, "59110", with(swap("buy", "market", "", "1"), json!({"tgtCcy": "quote_ccy"}))),
        (2, "51008", with(base(), json!({"sz": "1000"}))),
        (2, "51169", with(base(), json!({"reduceOnly": true}))),
        (2, "51066", option(json!({"ordType": "market"}))),
        (2, "51205", option(json!({"reduceOnly": true}))),
        (3, "51008", option(json!({"px": "9", "sz": "1000"}))),
        (2, "51019", option(json!({}))),
        (3, "50072", with(base(), json!({"tdMode": "isolated"}))),
        (3, "50072", with(spot("buy", "limit", "49000", "0.1"), json!({"tdMode": "isolated"}))),
        (3, "51000", spot("buy", "limit", "49000", "0.1")),
        (
            3,
            "51133",
            with(spot("buy", "limit", "49000", "0.1"), json!({"tdMode": "cross", "reduceOnly": true})),
        ),
        (3, "51008", with(spot("buy", "limit", "49000", "3"), json!({"tdMode": "cross"}))),
        (4, "51000", with(base(), json!({"posSide": "short"}))),
    ] {
        let mut desk = Desk::level(level);
        assert_eq!(desk.refused(order.clone()), code, "{order}");
        assert!(desk.pushes().is_empty(), "{order}");
    }
}

#[test]
fn the_words_name_what_is_wrong() {
    let mut desk = Desk::level(1);
    let row = desk.place(with(spot("buy", "limit", "49000", "3"), json!({"clOrdId": "x1", "tag": "t"})));
    assert_eq!(row["sMsg"], "Order failed. Insufficient USDT balance in account");
    assert_eq!(
        (&row["subCode"], &row["clOrdId"], &row["tag"], &row["ordId"]),
        (&json!("1000"), &json!("x1"), &json!("t"), &json!(""))
    );
    let row = desk.place(with(spot("buy", "limit", "49000", "3"), json!({"side": "x"})));
    assert_eq!(row["sMsg"], "Parameter side error");
    desk.board.limits.insert("BTC-USDT".into(), (super::board::dec("51000"), super::board::dec("48000")));
    let row = desk.place(spot("buy", "limit", "51001", "0.1"));
    assert_eq!(row["sCode"], "51006");
    assert_eq!(
        row["sMsg"],
        "Order price is not within the price limit (max buy price: 51000 min sell price: 48000)"
    );
    assert_eq!(desk.refused(spot("sell", "limit", "47000", "0.1")), "51006");
    let clamped = desk.placed(with(spot("buy", "post_only", "60000", "0.1"), json!({"pxAmendType": "1"})));
    assert_eq!(desk.order("BTC-USDT", &clamped)["px"], "51000");
}

#[test]
fn states_of_an_instrument() {
    for (state, code) in [
        ("preopen", "51021"),
        ("suspend", "51022"),
        ("rebase", "51022"),
        ("expired", "51027"),
        ("settling", "51029"),
    ] {
        let mut desk = Desk::level(1);
        desk.board.change("BTC-USDT", "state", json!(state));
        assert_eq!(desk.refused(spot("buy", "limit", "49000", "0.1")), code, "{state}");
    }
    let mut desk = Desk::level(1);
    desk.board.change("BTC-USDT", "state", json!("post_only"));
    assert_eq!(desk.refused(spot("buy", "limit", "49000", "0.1")), "51022");
    desk.placed(spot("buy", "post_only", "49000", "0.1"));
    let mut desk = Desk::level(2);
    let exp = desk.ms;
    desk.board.change(OPTION, "expTime", json!(exp.to_string()));
    assert_eq!(desk.refused(option(json!({}))), "51027");
    desk.board.change("BTC-USDT-SWAP", "tickSz", json!(""));
    assert_eq!(desk.refused(swap("buy", "limit", "49000", "1")), "51021", "announced without details");
}

#[test]
fn hedged_accounts_name_the_position() {
    let mut desk = Desk::hedged();
    assert_eq!(desk.refused(swap("buy", "limit", "49000", "1")), "51000");
    assert_eq!(desk.refused(with(swap("buy", "limit", "49000", "1"), json!({"posSide": "net"}))), "51000");
    assert_eq!(desk.refused(with(swap("sell", "limit", "51000", "1"), json!({"posSide": "long"}))), "51169");
    desk.placed(with(swap("buy", "ioc", "50001", "2"), json!({"posSide": "long"})));
    assert_eq!(desk.refused(with(swap("sell", "limit", "51000", "3"), json!({"posSide": "long"}))), "51112");
    desk.placed(with(swap("sell", "limit", "51000", "2"), json!({"posSide": "long"})));
    assert_eq!(
        desk.refused(with(swap("sell", "limit", "52000", "1"), json!({"posSide": "long"}))),
        "51112",
        "all of it is on offer"
    );
    let option = option(json!({"tdMode": "isolated"}));
    desk.placed(option);
}

#[test]
fn open_orders_are_limited() {
    let mut desk = Desk::level(1);
    for _ in 0..500 {
        desk.placed(spot("buy", "limit", "1000", "0.001"));
    }
    assert_eq!(desk.refused(spot("buy", "limit", "1000", "0.001")), "51174");
}

#[test]
fn cancels_and_amendments_of_what_is_not_there() {
    let mut desk = Desk::level(1);
    let of = |desk: &mut Desk, op, arg| desk.one(op, arg)["sCode"].as_str().unwrap_or_default().to_owned();
    assert_eq!(of(&mut desk, Op::Cancel, json!({"instId": "BTC-USDT"})), "51003");
    assert_eq!(of(&mut desk, Op::Cancel, json!({"ordId": "1"})), "50014");
    assert_eq!(of(&mut desk, Op::Cancel, json!({"instId": "BTC-USDT", "ordId": "1"})), "51400");
    assert_eq!(of(&mut desk, Op::Cancel, json!({"instId": "BTC-USDT", "clOrdId": "nobody"})), "51400");
    assert_eq!(of(&mut desk, Op::Amend, json!({"instId": "BTC-USDT", "newPx": "1"})), "51003");
    assert_eq!(of(&mut desk, Op::Amend, json!({"instId": "BTC-USDT", "ordId": "1", "newPx": "1"})), "51503");
    let id = desk.placed(spot("buy", "limit", "49000", "0.1"));
    assert_eq!(
        of(&mut desk, Op::Cancel, json!({"instId": "ETH-USDT", "ordId": id})),
        "51400",
        "another instrument"
    );
    let answer = desk.rest("GET", "/trade/order", json!({"instId": "BTC-USDT", "ordId": "1"}));
    assert_eq!((answer.code, answer.data), (51_603, json!([])));
    assert_eq!(desk.rest("GET", "/trade/order", json!({"instId": "BTC-USDT"})).code, 51_003);
    assert_eq!(desk.rest("GET", "/trade/order", json!({"ordId": id})).code, 50_014);
    assert_eq!(desk.rest("GET", "/trade/order", json!({"instId": "ETH-USDT", "ordId": id})).code, 51_603);
}

#[test]
fn over_websocket_instruments_go_by_their_code() {
    let mut desk = Desk::level(1);
    let order = with(spot("buy", "limit", "49000", "0.1"), json!({"instIdCode": 3}));
    let answer = desk.request(0, Op::Place, &[order], true, false);
    assert_eq!(
        (answer.code, &answer.data[0]["sCode"], &answer.data[0]["subCode"]),
        (0, &json!("0"), &json!(""))
    );
    let answer = desk.request(0, Op::Place, &[spot("buy", "limit", "49000", "0.1")], true, false);
    assert_eq!(
        (answer.code, answer.msg.as_str(), answer.data),
        (50_014, "Parameter instIdCode can not be empty", json!([]))
    );
    let answer = desk.request(
        0,
        Op::Place,
        &[with(spot("buy", "limit", "49000", "0.1"), json!({"instIdCode": 999}))],
        true,
        false,
    );
    assert_eq!((answer.code, &answer.data[0]["sCode"]), (1, &json!("51001")));
    let answer = desk.request(
        0,
        Op::Place,
        &[with(spot("buy", "limit", "49000", "0.1"), json!({"instIdCode": "3"}))],
        true,
        false,
    );
    assert_eq!(answer.code, 60_013);
    let swap = with(swap("buy", "limit", "49000", "1"), json!({"instIdCode": 3, "tdMode": "cash"}));
    let answer = desk.request(0, Op::Place, &[swap], true, false);
    assert_eq!(answer.code, 0, "the code wins over the id");
    assert_eq!(desk.get("/trade/orders-pending", json!({"instId": "BTC-USDT"})).len(), 2);
}

#[test]
fn batches_answer_item_by_item() {
    let mut desk = Desk::level(1);
    let good = |n: usize| with(spot("buy", "limit", "49000", "0.01"), json!({"clOrdId": format!("n{n}")}));
    let answer = desk.request(
        0,
        Op::Place,
        &[good(1), with(good(2), json!({"px": ""})), good(1), good(3)],
        false,
        true,
    );
    let codes: Vec<_> = answer
        .data
        .as_array()
        .expect("rows")
        .iter()
        .map(|r| r["sCode"].as_str().unwrap_or_default())
        .collect();
    assert_eq!((answer.code, codes), (2, vec!["0", "51204", "51016", "0"]));
    assert_eq!(answer.data[1]["clOrdId"], "n2", "items are told apart by name");
    let answer = desk.request(
        0,
        Op::Cancel,
        &[json!({"instId": "BTC-USDT", "clOrdId": "x"}), json!({"instId": "BTC-USDT", "clOrdId": "y"})],
        true,
        true,
    );
    assert_eq!(answer.code, 50_014, "over WebSocket the code is missing");
    let answer = desk.request(
        0,
        Op::Cancel,
        &[json!({"instId": "BTC-USDT", "clOrdId": "x"}), json!({"instId": "BTC-USDT", "clOrdId": "y"})],
        false,
        true,
    );
    assert_eq!((answer.code, answer.msg.as_str()), (1, "All operations failed"));
    let answer = desk.request(
        0,
        Op::Cancel,
        &[json!({"instId": "BTC-USDT", "clOrdId": "n1"}), json!({"instId": "BTC-USDT", "clOrdId": "n3"})],
        false,
        true,
    );
    assert_eq!(answer.code, 0);
    let many: Vec<_> = (10..31).map(good).collect();
    assert_eq!(desk.request(0, Op::Place, &many, false, true).code, 51_111);
    assert_eq!(desk.request(0, Op::Cancel, &many, false, true).code, 51_406);
    assert_eq!(desk.request(0, Op::Amend, &many, false, true).code, 51_501);
    assert_eq!(desk.rest("POST", "/trade/batch-orders", json!({"instId": "BTC-USDT"})).code, 50_002);
}

#[test]
fn in_portfolio_margin_one_bad_order_spoils_a_batch() {
    let mut desk = Desk::level(4);
    let orders = [swap("buy", "limit", "49000", "1"), swap("buy", "limit", "49000.05", "1")];
    let answer = desk.request(0, Op::Place, &orders, false, true);
    let codes: Vec<_> = answer
        .data
        .as_array()
        .expect("rows")
        .iter()
        .map(|r| r["sCode"].as_str().unwrap_or_default())
        .collect();
    assert_eq!((answer.code, codes), (1, vec!["54004", "51150"]));
    assert!(desk.get("/trade/orders-pending", json!({})).is_empty());
    assert_eq!(desk.request(0, Op::Place, &orders[..1], false, true).code, 0);
}

#[test]
fn rates_are_shared_by_both_ways_in() {
    let mut desk =
        Desk::new(Account { balances: [("USDT".to_owned(), "100000000".to_owned())].into(), ..account(1) });
    desk.mono_ns = Some(0);
    for n in 0..60 {
        let order = with(spot("buy", "limit", "1000", "0.001"), json!({"instIdCode": 3}));
        assert_eq!(desk.request(0, Op::Place, &[order], n % 2 == 0, false).code, 0, "{n}");
    }
    let answer = desk.request(
        0,
        Op::Place,
        &[with(spot("buy", "limit", "1000", "0.001"), json!({"instIdCode": 3}))],
        true,
        false,
    );
    assert_eq!((answer.code, answer.data), (50_011, json!([])));
    desk.mono_ns = Some(2_000_000_000);
    assert_eq!(desk.request(0, Op::Place, &[spot("buy", "limit", "1000", "0.001")], false, false).code, 0);
}

#[test]
fn a_short_market_buy_is_shrunk_unless_that_is_forbidden() {
    let order = |more| {
        with(
            json!({"instId": "BTC-USDT", "tdMode": "cash", "side": "buy", "ordType": "market", "sz": "5", "tgtCcy": "base_ccy"}),
            more,
        )
    };
    let mut desk = Desk::level(1);
    desk.board.only("BTC-USDT", true, &[("50000", "9", 1)]);
    assert_eq!(desk.refused(order(json!({"banAmend": true}))), "51008");
    let id = desk.placed(order(json!({})));
    let row = desk.order("BTC-USDT", &id);
    assert_eq!((&row["state"], &row["sz"]), (&json!("filled"), &json!("1.9047619")));
}
