//! Conditional orders.

use serde_json::{Value, json};

use super::desk::{Desk, account, spot, swap, with};
use crate::account::Account;

const SWAP: &str = "BTC-USDT-SWAP";

fn algo(kind: &str, side: &str, more: Value) -> Value {
    with(json!({"instId": SWAP, "tdMode": "cross", "side": side, "ordType": kind, "sz": "5"}), more)
}

fn placed(desk: &mut Desk, order: Value) -> String {
    let (code, rows) = desk.post("/trade/order-algo", order);
    assert_eq!((code, &rows[0]["sCode"]), (0, &json!("0")), "{rows}");
    rows[0]["algoId"].as_str().expect("an id").to_owned()
}

fn refused(desk: &mut Desk, order: Value) -> String {
    let (code, rows) = desk.post("/trade/order-algo", order);
    if code != 0 {
        return code.to_string();
    }
    rows[0]["sCode"].as_str().unwrap_or_default().to_owned()
}

fn found(desk: &mut Desk, id: &str) -> Value {
    desk.get("/trade/order-algo", json!({"algoId": id})).remove(0)
}

#[test]
fn a_trigger_places_its_order_when_the_price_gets_there() {
    let mut desk = Desk::level(2);
    let id = placed(
        &mut desk,
        algo(
            "trigger",
            "buy",
            json!({"triggerPx": "50500", "orderPx": "-1", "algoClOrdId": "stop1", "tag": "t"}),
        ),
    );
    assert_eq!(found(&mut desk, &id)["state"], "live");
    let told = desk.rows_of("orders-algo");
    assert_eq!(
        (told.len(), &told[0]["state"], &told[0]["triggerPx"], &told[0]["ordPx"]),
        (1, &json!("live"), &json!("50500"), &json!("-1"))
    );
    desk.board.go(SWAP, "50499.9");
    desk.wait(50);
    assert!(desk.pushes().is_empty());
    desk.board.go(SWAP, "50500");
    desk.wait(50);
    let pushes = desk.pushes();
    let names: Vec<_> =
        pushes.iter().map(|(name, f)| format!("{name} {}", f["data"][0]["state"]).replace('"', "")).collect();
    assert_eq!(
        names[..3],
        ["orders-algo effective", "orders live", "orders filled"],
        "the conditional order is heard of first"
    );
    let row = found(&mut desk, &id);
    let child = desk.order(SWAP, row["ordId"].as_str().expect("an id"));
    assert_eq!(
        (&child["algoId"], &child["algoClOrdId"], &child["source"], &child["clOrdId"]),
        (&json!(id), &json!("stop1"), &json!("6"), &json!(""))
    );
    assert_eq!(
        (&row["state"], &row["actualSz"], &child["state"], &child["tag"]),
        (&json!("effective"), &json!("5"), &json!("filled"), &json!("t"))
    );
}

#[test]
fn a_trigger_below_the_price_waits_for_a_fall() {
    let mut desk = Desk::level(2);
    let id = placed(&mut desk, algo("trigger", "buy", json!({"triggerPx": "49000", "orderPx": "48900"})));
    desk.board.go(SWAP, "60000");
    desk.wait(50);
    assert_eq!(found(&mut desk, &id)["state"], "live");
    desk.board.go(SWAP, "48950");
    desk.wait(50);
    let row = found(&mut desk, &id);
    let child = desk.order(SWAP, row["ordId"].as_str().expect("an id"));
    assert_eq!(
        (&child["state"], &child["px"], &child["ordType"]),
        (&json!("live"), &json!("48900"), &json!("limit"))
    );
}

#[test]
fn triggers_watch_the_price_they_name() {
    for (kind, move_mark, move_index) in [("mark", true, false), ("index", false, true)] {
        let mut desk = Desk::level(2);
        let id = placed(
            &mut desk,
            algo("trigger", "buy", json!({"triggerPx": "50500", "orderPx": "-1", "triggerPxType": kind})),
        );
        desk.board.last.insert(SWAP.into(), super::board::dec("51000"));
        desk.wait(50);
        assert_eq!(found(&mut desk, &id)["state"], "live", "{kind}");
        if move_mark {
            desk.board.mark.insert(SWAP.into(), super::board::dec("51000"));
        }
        if move_index {
            desk.board.index.insert(SWAP.into(), super::board::dec("51000"));
        }
        desk.wait(50);
        assert_eq!(found(&mut desk, &id)["state"], "effective", "{kind}");
    }
}

#[test]
fn stop_loss_and_take_profit() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50001", "5"));
    let sl = placed(
        &mut desk,
        algo("conditional", "sell", json!({"slTriggerPx": "49000", "slOrdPx": "-1", "reduceOnly": true})),
    );
    let tp =
        placed(&mut desk, algo("conditional", "sell", json!({"tpTriggerPx": "52000", "tpOrdPx": "51990"})));
    desk.board.go(SWAP, "48900");
    desk.wait(50);
    let row = found(&mut desk, &sl);
    assert_eq!((&row["state"], &row["actualSide"]), (&json!("effective"), &json!("sl")));
    let child = desk.order(SWAP, row["ordId"].as_str().expect("an id"));
    assert_eq!(
        (&child["source"], &child["reduceOnly"], &child["state"]),
        (&json!("7"), &json!("true"), &json!("filled"))
    );
    desk.board.go(SWAP, "52000");
    desk.wait(50);
    let row = found(&mut desk, &tp);
    assert_eq!(
        (&row["state"], &row["actualSide"], &row["actualPx"]),
        (&json!("effective"), &json!("tp"), &json!("51990"))
    );
}

#[test]
fn of_two_legs_one_ends_the_other() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50001", "5"));
    let legs = json!({"tpTriggerPx": "52000", "tpOrdPx": "-1", "slTriggerPx": "49000", "slOrdPx": "-1"});
    let id = placed(&mut desk, algo("oco", "sell", legs.clone()));
    desk.board.go(SWAP, "52100");
    desk.wait(50);
    desk.board.go(SWAP, "40000");
    desk.wait(50);
    let row = found(&mut desk, &id);
    assert_eq!((&row["state"], &row["actualSide"]), (&json!("effective"), &json!("tp")));
    assert_eq!(desk.get("/trade/fills", json!({})).len(), 2, "the other leg did not trade");
    let both = placed(
        &mut desk,
        algo(
            "conditional",
            "sell",
            json!({"tpTriggerPx": "41000", "tpOrdPx": "-1", "slTriggerPx": "39000", "slOrdPx": "-1"}),
        ),
    );
    assert_eq!(found(&mut desk, &both)["tpTriggerPx"], "", "a one-way order uses the stop-loss");
}

#[test]
fn a_trailing_stop_follows_and_fires() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50001", "5"));
    let id = placed(
        &mut desk,
        algo("move_order_stop", "sell", json!({"callbackRatio": "0.01", "reduceOnly": true})),
    );
    assert_eq!(desk.rows_of("algo-advance").len(), 1, "trailing stops have a channel of their own");
    for (px, trigger) in [("51000", "50490"), ("50600", "50490"), ("52000", "51480")] {
        desk.board.go(SWAP, px);
        desk.wait(50);
        assert_eq!(found(&mut desk, &id)["moveTriggerPx"], trigger, "at {px}");
    }
    desk.board.go(SWAP, "51480");
    desk.wait(50);
    let row = found(&mut desk, &id);
    let child = desk.order(SWAP, row["ordId"].as_str().expect("an id"));
    assert_eq!(
        (&row["state"], &child["source"], &child["ordType"]),
        (&json!("effective"), &json!("25"), &json!("market"))
    );
    assert!(desk.get("/account/positions", json!({})).is_empty());
}

#[test]
fn a_trailing_stop_sleeps_until_its_price() {
    let mut desk = Desk::level(2);
    let id = placed(
        &mut desk,
        algo("move_order_stop", "buy", json!({"callbackSpread": "100", "activePx": "49000"})),
    );
    desk.board.go(SWAP, "49500");
    desk.wait(50);
    desk.board.go(SWAP, "49800");
    desk.wait(50);
    assert_eq!(
        (&found(&mut desk, &id)["state"], &found(&mut desk, &id)["moveTriggerPx"]),
        (&json!("live"), &json!(""))
    );
    desk.board.go(SWAP, "48900");
    desk.wait(50);
    assert_eq!(found(&mut desk, &id)["moveTriggerPx"], "49000");
    desk.board.go(SWAP, "49000");
    desk.wait(50);
    assert_eq!(found(&mut desk, &id)["state"], "effective");
}

#[test]
fn the_whole_position_is_closed_and_the_order_ends_with_it() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50001", "7"));
    let whole = |more| {
        with(
            json!({"instId": SWAP, "tdMode": "cross", "side": "sell", "ordType": "conditional", "closeFraction": "1", "reduceOnly": true, "slTriggerPx": "49000", "slOrdPx": "-1"}),
            more,
        )
    };
    let id = placed(&mut desk, whole(json!({})));
    assert_eq!(
        (&found(&mut desk, &id)["sz"], &found(&mut desk, &id)["closeFraction"]),
        (&json!(""), &json!("1"))
    );
    assert_eq!(desk.position()["closeOrderAlgo"][0]["algoId"], json!(id));
    desk.board.go(SWAP, "48000");
    desk.wait(50);
    assert_eq!(found(&mut desk, &id)["actualSz"], "7");
    desk.placed(swap("buy", "ioc", "48001", "7"));
    let again = placed(&mut desk, whole(json!({"slTriggerPx": "40000"})));
    desk.placed(swap("sell", "ioc", "48000", "7"));
    assert_eq!(found(&mut desk, &again)["state"], "canceled");
    for (code, more) in [
        ("51328", json!({"reduceOnly": false})),
        ("51330", json!({"slOrdPx": "48000"})),
        ("51000", json!({"closeFraction": "0.5"})),
        ("51327", json!({"instId": "BTC-USDT", "tdMode": "cash", "reduceOnly": false})),
    ] {
        let order = with(whole(json!({"slTriggerPx": "40000"})), more.clone());
        assert_eq!(refused(&mut desk, order), code, "{more}");
    }
    let mut portfolio = Desk::level(4);
    assert_eq!(refused(&mut portfolio, whole(json!({}))), "51331");
}

#[test]
fn an_order_that_can_t_be_placed_fails_the_algo() {
    let mut desk =
        Desk::new(Account { balances: [("USDT".to_owned(), "10".to_owned())].into(), ..account(2) });
    let id = placed(&mut desk, algo("trigger", "buy", json!({"triggerPx": "50500", "orderPx": "-1"})));
    desk.board.go(SWAP, "50600");
    desk.wait(50);
    let row = found(&mut desk, &id);
    assert_eq!(
        (&row["state"], &row["failCode"], &row["ordId"]),
        (&json!("order_failed"), &json!("51008"), &json!(""))
    );
}

#[test]
fn what_is_attached_lives_once_the_order_is_filled() {
    let mut desk = Desk::level(2);
    let attached = json!({"attachAlgoOrds": [{"attachAlgoClOrdId": "tpsl", "tpTriggerPx": "52000", "tpOrdPx": "-1", "slTriggerPx": "48000", "slOrdPx": "-1", "slTriggerPxType": "mark"}]});
    let id = desk.placed(with(swap("buy", "limit", "49500", "5"), attached.clone()));
    let row = desk.order(SWAP, &id);
    let algo_id = row["attachAlgoOrds"][0]["attachAlgoId"].as_str().expect("an id").to_owned();
    assert_eq!(
        (&row["attachAlgoClOrdId"], &row["attachAlgoOrds"][0]["slTriggerPxType"]),
        (&json!("tpsl"), &json!("mark"))
    );
    desk.script(json!({"op": "account.fill", "ordId": id, "sz": "2"}));
    assert!(
        desk.get("/trade/orders-algo-pending", json!({"ordType": "conditional,oco"})).is_empty(),
        "not for a part"
    );
    desk.script(json!({"op": "account.fill", "ordId": id}));
    let row = found(&mut desk, &algo_id);
    assert_eq!(
        (&row["algoClOrdId"], &row["ordType"], &row["side"], &row["sz"]),
        (&json!("tpsl"), &json!("oco"), &json!("sell"), &json!("5"))
    );
    assert_eq!(row["linkedOrd"]["ordId"], json!(id));
    desk.board.go(SWAP, "47900");
    desk.wait(50);
    assert_eq!(found(&mut desk, &algo_id)["actualSide"], "sl");
    assert!(desk.get("/account/positions", json!({})).is_empty());
}

#[test]
fn what_is_attached_dies_with_an_unfilled_order() {
    for (partial, lives) in [(false, false), (true, true)] {
        let mut desk = Desk::new(Account { attach_on_partial: partial, ..account(2) });
        let attached = json!({"attachAlgoOrds": [{"slTriggerPx": "48000", "slOrdPx": "-1"}]});
        let untouched = desk.placed(with(swap("buy", "limit", "49500", "5"), attached.clone()));
        desk.cancel(SWAP, &untouched);
        let part = desk.placed(with(swap("buy", "limit", "49500", "5"), attached.clone()));
        desk.script(json!({"op": "account.fill", "ordId": part, "sz": "2"}));
        desk.cancel(SWAP, &part);
        let pending = desk.get("/trade/orders-algo-pending", json!({"ordType": "conditional"}));
        assert_eq!(pending.len(), usize::from(lives));
        assert!(pending.iter().all(|a| a["sz"] == "2"));
    }
}

#[test]
fn attached_orders_of_spot_sell_what_was_bought() {
    let mut desk = Desk::level(1);
    let attached = json!({"attachAlgoOrds": [{"slTriggerPx": "48000", "slOrdPx": "-1"}]});
    desk.placed(with(spot("buy", "ioc", "50000.1", "0.5"), attached));
    let row = desk.get("/trade/orders-algo-pending", json!({"ordType": "conditional"})).remove(0);
    assert_eq!(
        (&row["sz"], &row["side"], &row["instType"]),
        (&json!("0.4995"), &json!("sell"), &json!("SPOT"))
    );
}

#[test]
fn attached_orders_can_be_amended_and_trail() {
    let mut desk = Desk::level(2);
    let attached = json!({"attachAlgoOrds": [{"attachAlgoClOrdId": "x", "tpTriggerPx": "52000", "tpOrdPx": "-1", "slTriggerPx": "48000", "slOrdPx": "-1"}]});
    let id = desk.placed(with(swap("buy", "limit", "49500", "5"), attached));
    let change = json!({"instId": SWAP, "ordId": id, "attachAlgoOrds": [{"attachAlgoClOrdId": "x", "newSlTriggerPx": "48500", "newTpTriggerPx": "0"}]});
    assert_eq!(desk.one(crate::trading::Op::Amend, change)["sCode"], "0");
    let row = desk.order(SWAP, &id);
    assert_eq!(
        (&row["attachAlgoOrds"][0]["slTriggerPx"], &row["attachAlgoOrds"][0]["tpTriggerPx"]),
        (&json!("48500"), &json!(""))
    );
    let bad = json!({"instId": SWAP, "ordId": id, "attachAlgoOrds": [{"attachAlgoClOrdId": "y", "newSlTriggerPx": "48500"}]});
    assert_eq!(desk.one(crate::trading::Op::Amend, bad)["sCode"], "51000");
    let trail = desk.placed(with(
        swap("buy", "ioc", "50001", "5"),
        json!({"attachAlgoOrds": [{"callbackRatio": "0.02"}]}),
    ));
    assert_eq!(desk.order(SWAP, &trail)["state"], "filled");
    assert_eq!(desk.get("/trade/orders-algo-pending", json!({"ordType": "move_order_stop"})).len(), 1);
}

#[test]
fn a_limit_take_profit_rests_from_the_start() {
    let mut desk = Desk::level(2);
    desk.placed(swap("buy", "ioc", "50001", "5"));
    let order = algo(
        "oco",
        "sell",
        json!({"tpOrdKind": "limit", "tpOrdPx": "52000", "slTriggerPx": "49000", "slOrdPx": "-1"}),
    );
    let id = placed(&mut desk, order.clone());
    let resting = desk.get("/trade/orders-pending", json!({})).remove(0);
    assert_eq!(
        (&resting["isTpLimit"], &resting["px"], &resting["linkedAlgoOrd"]["algoId"]),
        (&json!("true"), &json!("52000"), &json!(id))
    );
    desk.script(json!({"op": "account.fill", "ordId": resting["ordId"]}));
    let row = found(&mut desk, &id);
    assert_eq!(
        (&row["state"], &row["actualSide"], &row["actualSz"]),
        (&json!("effective"), &json!("tp"), &json!("5"))
    );
    desk.placed(swap("buy", "ioc", "50001", "5"));
    let second = placed(&mut desk, order.clone());
    let resting = desk.get("/trade/orders-pending", json!({})).remove(0);
    desk.board.go(SWAP, "48900");
    desk.wait(50);
    assert_eq!(desk.order(SWAP, resting["ordId"].as_str().expect("an id"))["cancelSource"], "36");
    assert_eq!(found(&mut desk, &second)["actualSide"], "sl");
    desk.board.go(SWAP, "50000");
    let third = placed(&mut desk, order);
    let resting = desk.get("/trade/orders-pending", json!({})).remove(0);
    let (_, rows) = desk.post("/trade/cancel-algos", json!([{"instId": SWAP, "algoId": third}]));
    assert_eq!(rows[0]["sCode"], "0");
    assert_eq!(desk.order(SWAP, resting["ordId"].as_str().expect("an id"))["cancelSource"], "37");
}

#[test]
fn rules_of_conditional_orders() {
    let mut desk = Desk::level(2);
    for (code, order) in [
        ("51001", algo("trigger", "buy", json!({"instId": "NO"}))),
        ("50014", algo("trigger", "buy", json!({"sz": "", "triggerPx": "51000", "orderPx": "-1"}))),
        ("50014", algo("trigger", "buy", json!({"orderPx": "-1"}))),
        ("50014", algo("trigger", "buy", json!({"triggerPx": "51000"}))),
        ("51000", algo("trigger", "buy", json!({"triggerPx": "0", "orderPx": "-1"}))),
        (
            "51000",
            algo("trigger", "buy", json!({"triggerPx": "51000", "orderPx": "-1", "triggerPxType": "best"})),
        ),
        (
            "51000",
            algo("trigger", "buy", json!({"triggerPx": "51000", "orderPx": "-1", "advanceOrdType": "gtd"})),
        ),
        ("51000", algo("twap", "buy", json!({}))),
        (
            "51000",
            algo(
                "trigger",
                "buy",
                json!({"instId": "BTC-USD-270115-50000-C", "triggerPx": "1", "orderPx": "-1"}),
            ),
        ),
        ("51150", algo("trigger", "buy", json!({"triggerPx": "51000", "orderPx": "51000.05"}))),
        ("51121", algo("trigger", "buy", json!({"sz": "1.5", "triggerPx": "51000", "orderPx": "-1"}))),
        (
            "51317",
            algo(
                "trigger",
                "buy",
                json!({"instId": "BTC-USDT", "tdMode": "cross", "triggerPx": "51000", "orderPx": "-1"}),
            ),
        ),
        (
            "51000",
            with(
                algo(
                    "trigger",
                    "buy",
                    json!({"instId": "BTC-USDT", "tdMode": "cash", "sz": "100", "triggerPx": "51000", "orderPx": "-1"}),
                ),
                json!({"triggerPxType": "mark"}),
            ),
        ),
        ("51279", algo("conditional", "sell", json!({}))),
        ("51279", algo("conditional", "sell", json!({"slTriggerPx": "49000"}))),
        ("51279", algo("oco", "sell", json!({"slTriggerPx": "49000", "slOrdPx": "-1"}))),
        ("51280", algo("conditional", "sell", json!({"slTriggerPx": "51000", "slOrdPx": "-1"}))),
        ("51277", algo("conditional", "sell", json!({"tpTriggerPx": "49000", "tpOrdPx": "-1"}))),
        ("51280", algo("conditional", "buy", json!({"slTriggerPx": "49000", "slOrdPx": "-1"}))),
        ("50014", algo("move_order_stop", "sell", json!({}))),
        ("51000", algo("move_order_stop", "sell", json!({"callbackRatio": "0.1", "callbackSpread": "5"}))),
        ("51300", algo("move_order_stop", "sell", json!({"callbackRatio": "2"}))),
        ("51302", algo("move_order_stop", "sell", json!({"callbackRatio": "0.1", "activePx": "40000"}))),
        (
            "51205",
            json!({"instId": "BTC-USDT", "tdMode": "cash", "side": "sell", "ordType": "conditional", "sz": "1", "slTriggerPx": "49000", "slOrdPx": "-1", "reduceOnly": true}),
        ),
        (
            "51000",
            algo("trigger", "buy", json!({"triggerPx": "51000", "orderPx": "-1", "algoClOrdId": "a-b"})),
        ),
        (
            "51000",
            algo("trigger", "buy", json!({"triggerPx": "51000", "orderPx": "-1", "attachAlgoOrds": [{}]})),
        ),
    ] {
        assert_eq!(refused(&mut desk, order.clone()), code, "{order}");
        assert!(desk.pushes().is_empty());
    }
    let named = algo("trigger", "buy", json!({"triggerPx": "51000", "orderPx": "-1", "algoClOrdId": "once"}));
    placed(&mut desk, named.clone());
    assert_eq!(refused(&mut desk, named), "51065");
    let attached =
        json!({"attachAlgoOrds": [{"attachAlgoClOrdId": "taken", "slTriggerPx": "48000", "slOrdPx": "-1"}]});
    desk.placed(with(swap("buy", "limit", "49500", "5"), attached));
    assert_eq!(
        refused(
            &mut desk,
            algo("trigger", "buy", json!({"triggerPx": "51000", "orderPx": "-1", "algoClOrdId": "taken"}))
        ),
        "51068"
    );
    for _ in 0..50 {
        placed(&mut desk, algo("move_order_stop", "sell", json!({"callbackRatio": "0.1"})));
    }
    assert_eq!(refused(&mut desk, algo("move_order_stop", "sell", json!({"callbackRatio": "0.1"}))), "51261");
}

#[test]
fn attached_orders_have_rules_of_their_own() {
    let mut desk = Desk::level(2);
    let two = |more: Value| json!({"attachAlgoOrds": [with(json!({"tpTriggerPx": "52000", "tpOrdPx": "-1"}), more.clone()), with(json!({"tpTriggerPx": "53000", "tpOrdPx": "-1"}), more)]});
    assert_eq!(desk.refused(with(swap("buy", "limit", "49500", "5"), two(json!({})))), "51089");
    assert_eq!(desk.refused(with(swap("buy", "limit", "49500", "5"), two(json!({"sz": "2"})))), "51083");
    desk.placed(with(swap("buy", "limit", "49500", "4"), two(json!({"sz": "2"}))));
    assert_eq!(desk.refused(with(spot("buy", "limit", "49500", "0.1"), two(json!({"sz": "0.05"})))), "51077");
    let limit = json!({"attachAlgoOrds": [{"tpOrdKind": "limit", "tpOrdPx": "52000"}]});
    assert_eq!(desk.refused(with(spot("buy", "limit", "49500", "0.1"), limit)), "51094");
    let minus = json!({"attachAlgoOrds": [{"tpOrdKind": "limit", "tpOrdPx": "-1"}]});
    assert_eq!(desk.refused(with(swap("buy", "limit", "49500", "5"), minus)), "51093");
    assert_eq!(
        desk.refused(with(
            swap("buy", "limit", "49500", "5"),
            json!({"attachAlgoOrds": [{"tpTriggerPx": "52000"}]})
        )),
        "51279"
    );
    assert_eq!(
        desk.refused(with(swap("buy", "limit", "49500", "5"), json!({"attachAlgoOrds": "x"}))),
        "51000"
    );
}

#[test]
fn conditional_orders_are_cancelled_and_amended() {
    let mut desk = Desk::level(2);
    let id = placed(
        &mut desk,
        algo("trigger", "buy", json!({"triggerPx": "51000", "orderPx": "-1", "algoClOrdId": "c1"})),
    );
    let _ = desk.pushes();
    let change = json!({"instId": SWAP, "algoId": id, "newTriggerPx": "52000", "newSz": "3", "newOrdPx": "52010", "reqId": "r"});
    let (_, rows) = desk.post("/trade/amend-algos", change);
    assert_eq!((&rows[0]["sCode"], &rows[0]["reqId"]), (&json!("0"), &json!("r")));
    let told = desk.rows_of("orders-algo").remove(0);
    assert_eq!(
        (&told["triggerPx"], &told["sz"], &told["ordPx"], &told["amendResult"], &told["reqId"]),
        (&json!("52000"), &json!("3"), &json!("52010"), &json!("0"), &json!("r"))
    );
    let oco = placed(
        &mut desk,
        algo(
            "oco",
            "sell",
            json!({"tpTriggerPx": "52000", "tpOrdPx": "-1", "slTriggerPx": "49000", "slOrdPx": "-1"}),
        ),
    );
    let (_, rows) = desk.post(
        "/trade/amend-algos",
        json!({"instId": SWAP, "algoId": oco, "newSlTriggerPx": "48000", "newTpTriggerPx": "0"}),
    );
    assert_eq!(rows[0]["sCode"], "0");
    assert_eq!(
        (&found(&mut desk, &oco)["slTriggerPx"], &found(&mut desk, &oco)["tpTriggerPx"]),
        (&json!("48000"), &json!(""))
    );
    let trailing = placed(&mut desk, algo("move_order_stop", "sell", json!({"callbackRatio": "0.1"})));
    let amend = |desk: &mut Desk, more| {
        desk.post("/trade/amend-algos", with(json!({"instId": SWAP}), more)).1[0]["sCode"].clone()
    };
    assert_eq!(amend(&mut desk, json!({"algoId": trailing, "newSz": "3"})), "51506");
    assert_eq!(amend(&mut desk, json!({"algoId": id})), "51500");
    assert_eq!(amend(&mut desk, json!({"algoId": "1", "newSz": "3"})), "51503");
    assert_eq!(amend(&mut desk, json!({"newSz": "3"})), "50015");
    assert_eq!(amend(&mut desk, json!({"algoId": id, "newTriggerPx": "-5", "cxlOnFail": true})), "51000");
    assert_eq!(found(&mut desk, &id)["state"], "canceled");
    let cancels = json!([{"instId": SWAP, "algoId": oco}, {"instId": SWAP, "algoClOrdId": "c1"}, {"instId": SWAP, "algoId": trailing}]);
    let (code, rows) = desk.post("/trade/cancel-algos", cancels);
    let codes: Vec<_> =
        rows.as_array().expect("rows").iter().map(|r| r["sCode"].as_str().unwrap_or_default()).collect();
    assert_eq!((code, codes), (2, vec!["0", "51400", "0"]));
    let many: Vec<_> = (0..11).map(|n| json!({"instId": SWAP, "algoId": n.to_string()})).collect();
    assert_eq!(desk.post("/trade/cancel-algos", json!(many)).0, 51_406);
}

#[test]
fn queries_name_one_type() {
    let mut desk = Desk::level(2);
    placed(&mut desk, algo("trigger", "buy", json!({"triggerPx": "51000", "orderPx": "-1"})));
    let oco = placed(
        &mut desk,
        algo(
            "oco",
            "sell",
            json!({"tpTriggerPx": "52000", "tpOrdPx": "-1", "slTriggerPx": "49000", "slOrdPx": "-1"}),
        ),
    );
    placed(&mut desk, algo("conditional", "sell", json!({"slTriggerPx": "49000", "slOrdPx": "-1"})));
    let pending = |desk: &mut Desk, params| desk.rest("GET", "/trade/orders-algo-pending", params);
    let count = |desk: &mut Desk, params| pending(desk, params).data.as_array().map_or(0, Vec::len);
    assert_eq!(count(&mut desk, json!({"ordType": "trigger"})), 1);
    assert_eq!(count(&mut desk, json!({"ordType": "conditional,oco"})), 2);
    assert_eq!(count(&mut desk, json!({"ordType": "conditional,oco", "instType": "FUTURES"})), 0);
    assert_eq!(count(&mut desk, json!({"ordType": "iceberg"})), 0);
    assert_eq!(pending(&mut desk, json!({"ordType": "trigger,oco"})).code, 51_000);
    assert_eq!(pending(&mut desk, json!({"ordType": "x"})).code, 51_000);
    assert_eq!(pending(&mut desk, json!({})).code, 50_014);
    desk.post("/trade/cancel-algos", json!([{"instId": SWAP, "algoId": oco}]));
    let history = |desk: &mut Desk, params| desk.rest("GET", "/trade/orders-algo-history", params);
    assert_eq!(history(&mut desk, json!({"ordType": "oco"})).code, 50_015);
    assert_eq!(
        history(&mut desk, json!({"ordType": "oco", "state": "canceled"})).data.as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(history(&mut desk, json!({"ordType": "oco", "state": "effective"})).data, json!([]));
    assert_eq!(desk.rest("GET", "/trade/order-algo", json!({"algoId": "1"})).code, 51_603);
    assert_eq!(desk.rest("GET", "/trade/order-algo", json!({})).code, 50_015);
}
