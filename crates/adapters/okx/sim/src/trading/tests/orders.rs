//! Each type of order, how it fills and how it ends.

use serde_json::json;

use super::desk::{Desk, account, spot, swap, with};
use crate::{account::Account, trading::Op};

#[test]
fn a_limit_order_off_the_market_rests() {
    let mut desk = Desk::level(1);
    let id = desk.placed(with(spot("buy", "limit", "49000", "0.1"), json!({"clOrdId": "a1", "tag": "t"})));
    assert_eq!(desk.states(), ["live"]);
    let row = desk.order("BTC-USDT", &id);
    assert_eq!((&row["state"], &row["clOrdId"], &row["tag"]), (&json!("live"), &json!("a1"), &json!("t")));
    assert_eq!(
        (&row["accFillSz"], &row["avgPx"], &row["px"], &row["instType"]),
        (&json!("0"), &json!(""), &json!("49000"), &json!("SPOT"))
    );
    assert_eq!(desk.balance("USDT", "ordFrozen"), "4900");
    assert_eq!(desk.balance("USDT", "availBal"), "95100");
    assert_eq!(desk.get("/trade/orders-pending", json!({})).len(), 1);
}

#[test]
fn a_crossing_limit_takes_level_by_level_and_rests_with_the_remainder() {
    let mut desk = Desk::level(1);
    desk.board.only("BTC-USDT", true, &[("50000", "0.2", 1), ("50000.1", "0.3", 2), ("50010", "5", 1)]);
    let id = desk.placed(spot("buy", "limit", "50000.1", "0.7"));
    let rows = desk.rows_of("orders");
    let told: Vec<_> = rows
        .iter()
        .map(|r| format!("{} {} {}", r["state"], r["fillSz"], r["accFillSz"]).replace('"', ""))
        .collect();
    assert_eq!(
        told,
        ["live 0 0", "partially_filled 0.2 0.2", "partially_filled 0.15 0.35", "partially_filled 0.15 0.5"]
    );
    let row = desk.order("BTC-USDT", &id);
    assert_eq!(row["avgPx"], "50000.06");
    assert_eq!(row["fee"], "-0.0005", "a tenth of a percent of what was bought");
    assert_eq!(row["feeCcy"], "BTC");
    assert_eq!(desk.cash("BTC"), "10.4995");
    assert_eq!(desk.cash("USDT"), "74999.97");
    assert_eq!(desk.balance("USDT", "ordFrozen"), "10000.02");
    let fills = desk.get("/trade/fills", json!({"ordId": id}));
    assert_eq!(fills.len(), 3, "one for each maker");
    let ids: std::collections::BTreeSet<_> = fills.iter().map(|f| f["tradeId"].to_string()).collect();
    assert_eq!(ids.len(), 3);
    assert_eq!(fills[0]["fillPx"], "50000.1", "newest first");
}

#[test]
fn a_market_buy_counts_in_quote_currency_and_ends_without_a_trade() {
    let mut desk = Desk::level(1);
    desk.board.only("BTC-USDT", true, &[("50000", "0.001", 1), ("60000", "1", 1)]);
    let order =
        json!({"instId": "BTC-USDT", "tdMode": "cash", "side": "buy", "ordType": "market", "sz": "110"});
    let id = desk.placed(order);
    let rows = desk.rows_of("orders");
    let last = rows.last().expect("pushed");
    assert_eq!(
        rows.iter().map(|r| r["state"].as_str().unwrap_or_default()).collect::<Vec<_>>(),
        ["live", "partially_filled", "partially_filled", "filled"]
    );
    assert_eq!(
        (&last["tradeId"], &last["fillSz"], &last["accFillSz"]),
        (&json!(""), &json!("0"), &json!("0.002"))
    );
    let row = desk.order("BTC-USDT", &id);
    assert_eq!(
        (&row["tgtCcy"], &row["sz"], &row["accFillSz"], &row["px"]),
        (&json!("quote_ccy"), &json!("110"), &json!("0.002"), &json!(""))
    );
    assert_eq!(desk.cash("USDT"), "99890");
    assert_eq!(desk.balance("USDT", "ordFrozen"), "0");
}

#[test]
fn a_market_sell_counts_in_base_currency() {
    let mut desk = Desk::level(1);
    let id = desk.placed(
        json!({"instId": "BTC-USDT", "tdMode": "cash", "side": "sell", "ordType": "market", "sz": "0.5"}),
    );
    assert_eq!(desk.states(), ["live", "filled"], "one fill carries the end itself");
    let row = desk.order("BTC-USDT", &id);
    assert_eq!(
        (&row["tgtCcy"], &row["feeCcy"], &row["fee"]),
        (&json!("base_ccy"), &json!("USDT"), &json!("-25"))
    );
    assert_eq!((desk.cash("BTC"), desk.cash("USDT")), ("9.5".into(), "124975".into()));
}

#[test]
fn a_market_order_takes_what_there_is_and_the_rest_is_cancelled() {
    let mut desk = Desk::level(2);
    desk.board.only("BTC-USDT-SWAP", true, &[("50000", "3", 1)]);
    let id = desk.placed(
        json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "market", "sz": "5"}),
    );
    let row = desk.order("BTC-USDT-SWAP", &id);
    assert_eq!((&row["state"], &row["accFillSz"]), (&json!("canceled"), &json!("3")));
    desk.board.only("BTC-USDT-SWAP", true, &[]);
    let none = desk.placed(
        json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "market", "sz": "5"}),
    );
    assert_eq!(desk.order("BTC-USDT-SWAP", &none)["accFillSz"], "0");
}

#[test]
fn a_futures_market_order_stops_at_the_price_limit() {
    let mut desk = Desk::level(2);
    desk.board
        .limits
        .insert("BTC-USDT-SWAP".into(), (super::board::dec("50000.2"), super::board::dec("49000")));
    let id = desk.placed(json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "market", "sz": "250"}));
    let row = desk.order("BTC-USDT-SWAP", &id);
    assert_eq!((&row["accFillSz"], &row["state"]), (&json!("200"), &json!("canceled")));
}

#[test]
fn ioc_takes_and_cancels_the_rest() {
    let mut desk = Desk::level(1);
    let id = desk.placed(spot("buy", "ioc", "50000.1", "1.5"));
    let row = desk.order("BTC-USDT", &id);
    assert_eq!(
        (&row["state"], &row["accFillSz"], &row["cancelSource"]),
        (&json!("canceled"), &json!("1"), &json!("14"))
    );
    let off = desk.placed(spot("buy", "ioc", "40000", "1"));
    assert_eq!(desk.states(), ["live", "partially_filled", "canceled", "live", "canceled"]);
    assert_eq!(desk.order("BTC-USDT", &off)["cancelSource"], "14");
    assert_eq!(desk.balance("USDT", "ordFrozen"), "0");
}

#[test]
fn optimal_limit_ioc_goes_to_the_edge_of_the_limits() {
    let mut desk = Desk::level(2);
    desk.board
        .limits
        .insert("BTC-USDT-SWAP".into(), (super::board::dec("50000.3"), super::board::dec("49000")));
    let order = json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "optimal_limit_ioc", "sz": "500"});
    let id = desk.placed(order);
    let row = desk.order("BTC-USDT-SWAP", &id);
    assert_eq!(
        (&row["accFillSz"], &row["cancelSource"], &row["px"]),
        (&json!("300"), &json!("14"), &json!("50000.3"))
    );
    assert_eq!(desk.refused(json!({"instId": "BTC-USDT", "tdMode": "cash", "side": "buy", "ordType": "optimal_limit_ioc", "sz": "1"})), "51000");
}

#[test]
fn fok_is_all_or_nothing() {
    let mut desk = Desk::level(1);
    desk.board.only("BTC-USDT", true, &[("50000", "0.9", 3), ("50001", "1", 1)]);
    let id = desk.placed(spot("buy", "fok", "50000", "0.9"));
    assert_eq!(desk.states(), ["live", "partially_filled", "partially_filled", "filled"], "three makers");
    assert_eq!(desk.order("BTC-USDT", &id)["accFillSz"], "0.9");
    let short = desk.placed(spot("buy", "fok", "50000", "0.91"));
    assert_eq!(desk.states(), ["live", "canceled"]);
    let row = desk.order("BTC-USDT", &short);
    assert_eq!((&row["accFillSz"], &row["cancelSource"]), (&json!("0"), &json!("13")));
}

#[test]
fn post_only_is_live_once_it_rests() {
    let mut desk = Desk::level(1);
    let id = desk.placed(spot("buy", "post_only", "49999", "0.1"));
    assert_eq!(desk.states(), [""; 0], "not before it is on the book");
    assert_eq!(desk.order("BTC-USDT", &id)["state"], "live");
    desk.wait(1);
    assert_eq!(desk.states(), ["live"]);
}

#[test]
fn post_only_that_would_take_is_only_cancelled() {
    let mut desk = Desk::level(1);
    let id = desk.placed(spot("buy", "post_only", "50000.1", "0.1"));
    desk.wait(1);
    let rows = desk.rows_of("orders");
    assert_eq!(rows.len(), 1, "accepted, yet never live");
    assert_eq!(
        (&rows[0]["state"], &rows[0]["cancelSource"], &rows[0]["ordId"]),
        (&json!("canceled"), &json!("31"), &json!(id))
    );
    assert_eq!(desk.balance("USDT", "ordFrozen"), "0");
}

#[test]
fn a_post_only_order_cancelled_on_its_way_was_never_live() {
    let mut desk = Desk::level(1);
    let id = desk.placed(spot("buy", "post_only", "49999", "0.1"));
    assert_eq!(desk.cancel("BTC-USDT", &id)["sCode"], "0");
    desk.wait(5);
    assert_eq!(desk.states(), ["canceled"]);
}

#[test]
fn the_market_fills_a_resting_order_when_it_crosses_it() {
    let mut desk = Desk::level(1);
    let id = desk.placed(spot("buy", "limit", "49000", "0.1"));
    desk.wait(1_000);
    assert_eq!(desk.states(), ["live"]);
    desk.board.go("BTC-USDT", "48000");
    desk.wait(50);
    let rows = desk.rows_of("orders");
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0]["state"], &rows[0]["fillPx"], &rows[0]["execType"]),
        (&json!("filled"), &json!("49000"), &json!("M"))
    );
    assert_eq!(rows[0]["fillFee"], "-0.00008", "as maker");
    assert_eq!(desk.order("BTC-USDT", &id)["state"], "filled");
}

#[test]
fn trades_fill_a_resting_order_after_those_ahead_of_it() {
    let mut desk = Desk::level(1);
    // At the best bid, where 1 BTC waits already.
    let id = desk.placed(spot("buy", "limit", "50000", "0.5"));
    let now = desk.ms;
    desk.board.print("BTC-USDT", now + 10, "50000", "0.8", false);
    desk.wait(50);
    assert_eq!(desk.order("BTC-USDT", &id)["accFillSz"], "0", "the queue is served first");
    desk.board.print("BTC-USDT", now + 60, "50000", "0.5", false);
    desk.board.print("BTC-USDT", now + 61, "50000", "9", true);
    desk.wait(50);
    assert_eq!(desk.order("BTC-USDT", &id)["accFillSz"], "0.3", "a buyer's trade is no seller");
    desk.board.print("BTC-USDT", now + 110, "49999", "9", false);
    desk.wait(50);
    assert_eq!(desk.order("BTC-USDT", &id)["state"], "filled", "a trade at a worse price passed it");
}

#[test]
fn trades_from_before_the_order_do_not_fill_it() {
    let mut desk = Desk::level(1);
    desk.board.print("BTC-USDT", desk.ms, "40000", "9", false);
    let id = desk.placed(spot("buy", "limit", "49000", "0.5"));
    desk.wait(100);
    assert_eq!(desk.order("BTC-USDT", &id)["accFillSz"], "0");
}

#[test]
fn own_orders_come_by_price_and_time_before_the_market_behind_them() {
    let other = Account { uid: "2".into(), main_uid: "2".into(), ..account(1) };
    let third = Account { uid: "3".into(), main_uid: "3".into(), ..account(1) };
    let mut desk = Desk::with(&[account(1), other, third]);
    desk.board.only("BTC-USDT", true, &[("50002", "1", 1)]);
    let later_better = spot("sell", "limit", "50000.5", "0.1");
    let first = desk.placed_as(1, spot("sell", "limit", "50001", "0.1"));
    let second = desk.placed_as(2, spot("sell", "limit", "50001", "0.1"));
    let best = desk.placed_as(2, later_better);
    let _ = desk.pushes();
    let taker = desk.placed(spot("buy", "limit", "50001", "0.25"));
    let px: Vec<_> = desk
        .get("/trade/fills", json!({"ordId": taker}))
        .iter()
        .map(|f| f["fillPx"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(px, ["50001", "50001", "50000.5"], "newest first");
    let filled = |desk: &mut Desk, who: usize, id: &str| {
        let dump = desk.at(|trading, cx| trading.dump(who, cx));
        let all = [dump["orders"].as_array().cloned(), dump["closedOrders"].as_array().cloned()];
        let row = all.into_iter().flatten().flatten().find(|o| o["ordId"] == id).expect("known");
        row["accFillSz"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(filled(&mut desk, 2, &best), "0.1");
    assert_eq!(filled(&mut desk, 1, &first), "0.1", "the earlier one of two at a price is filled first");
    assert_eq!(filled(&mut desk, 2, &second), "0.05");
}

#[test]
fn self_trade_prevention_in_its_three_modes() {
    for (mode, maker, taker) in [
        ("cancel_maker", "canceled", "live"),
        ("cancel_taker", "live", "canceled"),
        ("cancel_both", "canceled", "canceled"),
    ] {
        let mut desk = Desk::level(1);
        desk.board.only("BTC-USDT", true, &[("50002", "1", 1)]);
        desk.board.only("BTC-USDT", false, &[("49000", "1", 1)]);
        let resting = desk.placed(spot("sell", "limit", "50000", "0.1"));
        let incoming = desk.placed(with(spot("buy", "limit", "50001", "0.1"), json!({"stpMode": mode})));
        assert_eq!(desk.order("BTC-USDT", &resting)["state"], maker, "{mode}");
        assert_eq!(desk.order("BTC-USDT", &incoming)["state"], taker, "{mode}");
        let ended = if maker == "canceled" { &resting } else { &incoming };
        assert_eq!(desk.order("BTC-USDT", ended)["cancelSource"], "32");
        assert!(desk.get("/trade/fills", json!({})).is_empty());
    }
}

#[test]
fn sub_accounts_of_one_master_do_not_trade_with_each_other() {
    let sub = Account { uid: "2".into(), ..account(1) };
    let mut desk = Desk::with(&[account(1), sub]);
    desk.board.only("BTC-USDT", true, &[]);
    desk.placed_as(1, spot("sell", "limit", "50000", "0.1"));
    let id = desk.placed(spot("buy", "limit", "50001", "0.1"));
    assert_eq!(desk.order("BTC-USDT", &id)["accFillSz"], "0");
}

#[test]
fn no_more_than_a_thousand_makers() {
    let mut desk =
        Desk::new(Account { balances: [("USDT".to_owned(), "1000000".to_owned())].into(), ..account(2) });
    desk.board.only("BTC-USDT-SWAP", true, &[("50000", "1500", 1_500)]);
    let id = desk.placed(swap("buy", "limit", "50000", "1200"));
    let row = desk.order("BTC-USDT-SWAP", &id);
    assert_eq!((&row["accFillSz"], &row["cancelSource"]), (&json!("1000"), &json!("33")));
}

#[test]
fn a_cancel_ends_an_order_once() {
    let mut desk = Desk::level(1);
    let id = desk.placed(with(spot("buy", "limit", "49000", "0.1"), json!({"clOrdId": "c1"})));
    let made = desk.ms;
    desk.wait(500);
    let row = desk.one(Op::Cancel, json!({"instId": "BTC-USDT", "clOrdId": "c1"}));
    assert_eq!(
        (&row["sCode"], &row["ordId"], &row["ts"]),
        (&json!("0"), &json!(id), &json!(made.to_string())),
        "ts is the order's own"
    );
    let rows = desk.rows_of("orders");
    assert_eq!(
        rows.last().map(|r| (r["state"].clone(), r["cancelSource"].clone())),
        Some((json!("canceled"), json!("1")))
    );
    assert_eq!(desk.cancel("BTC-USDT", &id)["sCode"], "51400");
    assert_eq!(desk.balance("USDT", "ordFrozen"), "0");
}

#[test]
fn a_name_is_free_again_once_its_order_ended() {
    let mut desk = Desk::level(1);
    let named = with(spot("buy", "limit", "49000", "0.1"), json!({"clOrdId": "same"}));
    let first = desk.placed(named.clone());
    assert_eq!(desk.refused(named.clone()), "51016");
    desk.cancel("BTC-USDT", &first);
    let second = desk.placed(named);
    let found = desk.get("/trade/order", json!({"instId": "BTC-USDT", "clOrdId": "same"}));
    assert_eq!(found[0]["ordId"], json!(second), "the latest of the name");
}

#[test]
fn cancel_all_after_counts_down_per_account_and_per_tag() {
    let mut desk = Desk::level(1);
    let tagged = desk.placed(with(spot("buy", "limit", "49000", "0.1"), json!({"tag": "x"})));
    let plain = desk.placed(spot("buy", "limit", "49000", "0.1"));
    let (code, rows) = desk.post("/trade/cancel-all-after", json!({"timeOut": "10", "tag": "x"}));
    assert_eq!((code, &rows[0]["triggerTime"]), (0, &json!((desk.ms + 10_000).to_string())));
    desk.post("/trade/cancel-all-after", json!({"timeOut": "30"}));
    desk.wait(10_000);
    assert_eq!(desk.order("BTC-USDT", &tagged)["cancelSource"], "20");
    assert_eq!(desk.order("BTC-USDT", &plain)["state"], "live");
    desk.post("/trade/cancel-all-after", json!({"timeOut": "30"}));
    desk.wait(25_000);
    assert_eq!(desk.order("BTC-USDT", &plain)["state"], "live", "it was armed anew");
    assert_eq!(desk.post("/trade/cancel-all-after", json!({"timeOut": "0"})).1[0]["triggerTime"], "0");
    desk.wait(60_000);
    assert_eq!(desk.order("BTC-USDT", &plain)["state"], "live", "it was disarmed");
    for bad in ["9", "121", "10.5", "x"] {
        assert_eq!(desk.post("/trade/cancel-all-after", json!({"timeOut": bad})).0, 51_000, "{bad}");
    }
    for n in 0..20 {
        assert_eq!(
            desk.post("/trade/cancel-all-after", json!({"timeOut": "60", "tag": format!("t{n}")})).0,
            0
        );
    }
    assert_eq!(desk.post("/trade/cancel-all-after", json!({"timeOut": "60", "tag": "t20"})).0, 51_071);
}

#[test]
fn options_are_priced_in_coin_in_dollars_or_by_volatility() {
    let mut desk = Desk::level(3);
    let order = |more| {
        with(
            json!({"instId": "BTC-USD-270115-50000-C", "tdMode": "cross", "side": "buy", "ordType": "limit", "sz": "1"}),
            more,
        )
    };
    let coin = desk.placed(order(json!({"px": "0.04004"})));
    assert_eq!(desk.order("BTC-USD-270115-50000-C", &coin)["px"], "0.04", "rounded to the tick");
    let dollar = desk.placed(order(json!({"pxUsd": "2000"})));
    let row = desk.order("BTC-USD-270115-50000-C", &dollar);
    assert_eq!(
        (&row["px"], &row["pxUsd"], &row["pxType"]),
        (&json!("0.04"), &json!("2000"), &json!("pxUsd"))
    );
    let vol = desk.placed(order(json!({"pxVol": "0.2"})));
    let row = desk.order("BTC-USD-270115-50000-C", &vol);
    assert_eq!((&row["pxVol"], &row["pxType"]), (&json!("0.2"), &json!("pxVol")));
    assert_eq!(desk.refused(order(json!({"px": "0.04", "pxVol": "0.5"}))), "51176");
    assert_eq!(desk.refused(order(json!({}))), "51204");
    let fok = desk.placed(with(order(json!({"px": "0.0501"})), json!({"ordType": "fok"})));
    assert_eq!(desk.order("BTC-USD-270115-50000-C", &fok)["state"], "filled");
    assert_eq!(desk.position()["pos"], "1");
}

#[test]
fn event_contracts_trade_both_outcomes() {
    let mut desk = Desk::level(2);
    let order = |side: &str, outcome: &str, px: &str| json!({"instId": "BTC-ABOVE-DAILY-1", "tdMode": "isolated", "side": side, "ordType": "limit", "px": px, "sz": "10", "outcome": outcome});
    let yes = desk.placed(order("buy", "yes", "0.61"));
    assert_eq!(desk.order("BTC-ABOVE-DAILY-1", &yes)["state"], "filled");
    let no = desk.placed(order("buy", "no", "0.4"));
    let row = desk.order("BTC-ABOVE-DAILY-1", &no);
    assert_eq!(
        (&row["state"], &row["avgPx"], &row["outcome"]),
        (&json!("filled"), &json!("0.4"), &json!("no")),
        "the other side of the bid at 0.6"
    );
    assert_eq!(desk.refused(order("buy", "maybe", "0.4")), "51000");
    assert_eq!(desk.refused(with(order("buy", "yes", "0.4"), json!({"tdMode": "cross"}))), "51000");
    assert_eq!(desk.get("/account/positions", json!({"instType": "EVENTS"})).len(), 2);
}

#[test]
fn market_maker_protection_is_for_those_who_have_it() {
    let mut desk = Desk::new(Account { market_maker: true, ..account(4) });
    let order = json!({"instId": "BTC-USD-270115-50000-C", "tdMode": "cross", "side": "buy", "ordType": "mmp", "px": "0.01", "sz": "1"});
    let id = desk.placed(order.clone());
    let protected = desk.placed(with(order.clone(), json!({"ordType": "mmp_and_post_only"})));
    desk.wait(1);
    desk.script(json!({"op": "account.mmp", "instFamily": "BTC-USD"}));
    let row = desk.order("BTC-USD-270115-50000-C", &id);
    assert_eq!((&row["state"], &row["cancelSource"]), (&json!("mmp_canceled"), &json!("39")));
    assert_eq!(desk.order("BTC-USD-270115-50000-C", &protected)["state"], "mmp_canceled");
    let third = desk.placed(order.clone());
    let answer = desk.request(
        0,
        Op::MassCancel,
        &[json!({"instType": "OPTION", "instFamily": "BTC-USD", "lockInterval": "1000"})],
        true,
        false,
    );
    assert_eq!((answer.code, &answer.data[0]["result"]), (0, &json!(true)));
    assert_eq!(desk.order("BTC-USD-270115-50000-C", &third)["cancelSource"], "38");
    assert_eq!(desk.refused(order.clone()), "54008");
    desk.wait(1_001);
    desk.placed(order.clone());
    let mut plain = Desk::level(4);
    assert_eq!(plain.refused(order.clone()), "51035");
    let answer = plain.request(
        0,
        Op::MassCancel,
        &[json!({"instType": "OPTION", "instFamily": "BTC-USD"})],
        true,
        false,
    );
    assert_eq!(answer.code, 51_411);
    assert_eq!(Desk::level(3).refused(order), "51036");
    let swap = plain.request(
        0,
        Op::MassCancel,
        &[json!({"instType": "SWAP", "instFamily": "BTC-USD"})],
        true,
        false,
    );
    assert_eq!(swap.code, 51_000);
}
