//! Whatever happens, the books add up.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::desk::{Desk, account, spot, swap, with};
use crate::{account::Account, trading::Op};

/// One thing a trader, the market or the venue does.
#[derive(Debug, Clone)]
enum Step {
    Spot(bool, u8, u16, u16),
    Swap(bool, u8, u16, u16, bool),
    Algo(bool, u16),
    Cancel(u8),
    Amend(u8, u16, u16),
    Move(u16),
    Print(bool, u16, u16),
    Funding(i8),
    Liquidate,
    Wait(u16),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (any::<bool>(), 0u8..6, 0u16..40, 1u16..200).prop_map(|(b, t, p, s)| Step::Spot(b, t, p, s)),
        5 => (any::<bool>(), 0u8..6, 0u16..40, 1u16..60, any::<bool>()).prop_map(|(b, t, p, s, r)| Step::Swap(b, t, p, s, r)),
        1 => (any::<bool>(), 0u16..40).prop_map(|(b, p)| Step::Algo(b, p)),
        2 => any::<u8>().prop_map(Step::Cancel),
        2 => (any::<u8>(), 0u16..40, 1u16..100).prop_map(|(n, p, s)| Step::Amend(n, p, s)),
        2 => (0u16..40).prop_map(Step::Move),
        2 => (any::<bool>(), 0u16..40, 1u16..100).prop_map(|(b, p, s)| Step::Print(b, p, s)),
        1 => any::<i8>().prop_map(Step::Funding),
        1 => Just(Step::Liquidate),
        3 => (0u16..300).prop_map(Step::Wait),
    ]
}

const TYPES: [&str; 6] = ["limit", "market", "ioc", "fok", "post_only", "limit"];

fn px(place: u16) -> String {
    (49_980 + u32::from(place)).to_string()
}

fn carry_out(desk: &mut Desk, step: &Step) {
    let side = |buy: bool| if buy { "buy" } else { "sell" };
    let open = |desk: &mut Desk, n: u8| -> Option<Value> {
        let rows = desk.get("/trade/orders-pending", json!({}));
        (!rows.is_empty()).then(|| rows[usize::from(n) % rows.len()].clone())
    };
    match step {
        Step::Spot(buy, kind, place, sz) => {
            let kind = TYPES[usize::from(*kind)];
            let sz = if kind == "market" && *buy { format!("{sz}0") } else { format!("0.{sz:03}") };
            let at = if kind == "market" { String::new() } else { px(*place) };
            desk.place(spot(side(*buy), kind, &at, &sz));
        }
        Step::Swap(buy, kind, place, sz, reduce) => {
            let kind = TYPES[usize::from(*kind)];
            let at = if kind == "market" { String::new() } else { px(*place) };
            let hedged = desk.trading.profile(0).is_some_and(|p| p.pos_mode == "long_short_mode");
            let more = match (hedged, *buy == *reduce) {
                (false, _) => json!({"reduceOnly": reduce}),
                (true, true) => json!({"posSide": "short"}),
                (true, false) => json!({"posSide": "long"}),
            };
            let td = if sz % 3 == 0 { json!({"tdMode": "isolated"}) } else { json!({}) };
            desk.place(with(with(swap(side(*buy), kind, &at, &sz.to_string()), more), td));
        }
        Step::Algo(buy, place) => {
            let order = json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": side(*buy), "ordType": "trigger", "sz": "3", "posSide": if *buy { "long" } else { "short" }, "triggerPx": px(*place), "orderPx": "-1"});
            desk.post("/trade/order-algo", order);
        }
        Step::Cancel(n) => {
            if let Some(row) = open(desk, *n) {
                desk.one(Op::Cancel, json!({"instId": row["instId"], "ordId": row["ordId"]}));
            }
        }
        Step::Amend(n, place, sz) => {
            if let Some(row) = open(desk, *n) {
                let sz = if row["instId"] == "BTC-USDT" { format!("0.{sz:03}") } else { sz.to_string() };
                desk.one(
                    Op::Amend,
                    json!({"instId": row["instId"], "ordId": row["ordId"], "newPx": px(*place), "newSz": sz}),
                );
            }
        }
        Step::Move(place) => {
            for id in ["BTC-USDT", "BTC-USDT-SWAP"] {
                desk.board.go(id, &px(*place));
            }
        }
        Step::Print(buy, place, sz) => {
            let ms = desk.ms + 1;
            desk.board.print("BTC-USDT-SWAP", ms, &px(*place), &sz.to_string(), *buy);
            desk.board.print("BTC-USDT", ms, &px(*place), &format!("0.{sz:03}"), *buy);
            desk.wait(50);
        }
        Step::Funding(rate) => {
            desk.script(
                json!({"op": "account.funding", "instId": "BTC-USDT-SWAP", "rate": format!("{}e-5", rate)}),
            );
        }
        Step::Liquidate => {
            let command = json!({"op": "account.liquidate", "instId": "BTC-USDT-SWAP"});
            let _ = desk.at(|trading, cx| trading.script(&command, cx));
        }
        Step::Wait(ms) => desk.wait(u64::from(*ms)),
    }
}

fn number(value: &Value) -> crate::trading::num::Num {
    let text = value.as_str().unwrap_or_default();
    if text.is_empty() {
        crate::trading::num::Num::ZERO
    } else {
        crate::trading::num::Num::parse(text).expect(text)
    }
}

fn words(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Everything that has to hold at any time.
fn check(desk: &mut Desk, start: &BTreeMap<String, String>) {
    use crate::trading::num::Num;
    let dump = desk.dump();
    let rows = |name: &str| dump[name].as_array().expect("rows").clone();
    // Each balance is what there was at first and what the bills say.
    for row in rows("balances") {
        let ccy = row["ccy"].as_str().unwrap_or_default();
        let first = start.get(ccy).map_or(Num::ZERO, |s| Num::of(s));
        let bills: Num = rows("bills").iter().filter(|b| b["ccy"] == ccy).map(|b| number(&b["balChg"])).sum();
        assert_eq!(number(&row["cashBal"]), first + bills, "{ccy}");
    }
    let (open, closed) = (rows("orders"), rows("closedOrders"));
    let mut seen = std::collections::BTreeSet::new();
    for order in open.iter().chain(&closed) {
        assert!(seen.insert(order["ordId"].to_string()), "open and closed: {order}");
        // What is filled is the sum of the fills, and so is the fee.
        let fills: Vec<Value> = rows("fills").into_iter().filter(|f| f["ordId"] == order["ordId"]).collect();
        let filled: Num = fills.iter().map(|f| number(&f["fillSz"])).sum();
        assert_eq!(number(&order["accFillSz"]), filled, "{order}");
        let fees: Num = fills.iter().map(|f| number(&f["fee"])).sum();
        assert_eq!(number(&order["fee"]) + number(&order["rebate"]), fees, "{order}");
        if order["tgtCcy"] != "quote_ccy" {
            assert!(filled <= number(&order["sz"]), "{order}");
        }
    }
    for order in &open {
        assert!(matches!(order["state"].as_str(), Some("live" | "partially_filled")), "{order}");
    }
    for order in &closed {
        assert!(matches!(order["state"].as_str(), Some("filled" | "canceled")), "{order}");
    }
    // What is frozen for open orders is never negative, and nothing is frozen without them.
    for row in rows("balances") {
        let frozen = number(&row["frozen"]);
        assert!(!frozen.is_negative(), "{row}");
        assert!(!open.is_empty() || frozen.is_zero(), "{row}");
    }
    // A position is the sum of its fills.
    let mut held: BTreeMap<(String, String), Num> = BTreeMap::new();
    let fills = rows("fills");
    for fill in fills.iter().filter(|f| f["instType"] == "SWAP") {
        let order = open.iter().chain(&closed).find(|o| o["ordId"] == fill["ordId"]).expect("known");
        let sign = if fill["side"] == "buy" { Num::ONE } else { -Num::ONE };
        let key = (words(&order["tdMode"]), words(&fill["posSide"]));
        *held.entry(key).or_default() += number(&fill["fillSz"]) * sign;
    }
    for ((mode, side), qty) in held {
        let fits = |p: &Value| p["mgnMode"] == mode.as_str() && p["posSide"] == side.as_str();
        let row = rows("positions").into_iter().find(fits);
        let shown = row.map_or(Num::ZERO, |p| number(&p["pos"]));
        let shown = if side == "short" { -shown } else { shown };
        assert_eq!(shown, qty, "{mode} {side}");
    }
    // Trades have numbers of their own.
    let ids: std::collections::BTreeSet<_> =
        fills.iter().map(|f| format!("{}{}", f["instId"], f["tradeId"])).collect();
    assert_eq!(ids.len(), fills.len());
}

/// The orders channel alone tells what became of each order.
fn replay(told: &[Value], dump: &Value) {
    let mut last: BTreeMap<String, Value> = BTreeMap::new();
    for row in told {
        let id = row["ordId"].to_string();
        if let Some(before) = last.get(&id) {
            assert!(
                matches!(before["state"].as_str(), Some("live" | "partially_filled")),
                "after its end: {row}"
            );
            assert!(number(&row["accFillSz"]) >= number(&before["accFillSz"]), "{row}");
        }
        last.insert(id, row.clone());
    }
    for name in ["orders", "closedOrders"] {
        for order in dump[name].as_array().expect("rows") {
            let Some(row) = last.get(&order["ordId"].to_string()) else { continue };
            for field in ["state", "accFillSz", "sz", "px", "fee", "pnl", "cancelSource"] {
                assert_eq!(row[field], order[field], "{field} of {order}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_books_add_up(hedged in any::<bool>(), steps in prop::collection::vec(step(), 1..60)) {
        let profile = Account { pos_mode: if hedged { "long_short_mode" } else { "net_mode" }.into(), ..account(2) };
        let start = profile.balances.clone();
        let mut desk = Desk::new(profile);
        let mut told = Vec::new();
        for step in &steps {
            carry_out(&mut desk, step);
            told.extend(desk.rows_of("orders"));
            check(&mut desk, &start);
        }
        desk.wait(2);
        told.extend(desk.rows_of("orders"));
        let dump = desk.dump();
        replay(&told, &dump);
    }

    #[test]
    fn the_same_requests_give_the_same_bytes(steps in prop::collection::vec(step(), 1..30)) {
        let run = || {
            let mut desk = Desk::level(2);
            let mut frames = Vec::new();
            for step in &steps {
                carry_out(&mut desk, step);
                frames.extend(desk.pushes().into_iter().map(|(_, f)| f.to_string()));
            }
            (frames, desk.trading.state_hash())
        };
        prop_assert_eq!(run(), run());
    }
}
