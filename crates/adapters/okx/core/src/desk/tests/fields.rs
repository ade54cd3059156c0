//! F83 to F86 for private messages: whatever a field is, the engine ends with what the exchange has, and nothing counts as zero
//! because OKX did not say it.

use okx_sim::splice;

use super::*;
use crate::orders::account::Direction;

const ORD_ID: &str = "452197707845865472";
const AT_MS: &str = "1800000000500";

/// An order that is filled, with all the fields that OKX documents.
const FILLED: &str = r#"{"instType":"SWAP","instId":"BTC-USDT-SWAP","ccy":"","ordId":"452197707845865472","clOrdId":"?","tag":"",
    "px":"50000","sz":"2","notionalUsd":"1000","ordType":"limit","side":"buy","posSide":"net","tdMode":"cross","tgtCcy":"",
    "fillPx":"49999.5","tradeId":"242589207","fillSz":"2","fillPnl":"0","fillTime":"1800000000500","fillFee":"-0.25",
    "fillFeeCcy":"USDT","fillPxVol":"","fillPxUsd":"","fillMarkVol":"","fillFwdPx":"","fillMarkPx":"50000","execType":"T",
    "accFillSz":"2","fillNotionalUsd":"1000","avgPx":"49999.5","state":"filled","lever":"3","pnl":"0","feeCcy":"USDT","fee":"-0.25",
    "rebateCcy":"USDT","rebate":"0","category":"normal","uTime":"1800000000500","cTime":"1800000000100","source":"",
    "reduceOnly":"false","cancelSource":"","quickMgnType":"","stpId":"","stpMode":"cancel_maker","attachAlgoClOrdId":"",
    "lastPx":"50000","isTpLimit":"false","slTriggerPx":"","slTriggerPxType":"","tpOrdPx":"","tpTriggerPx":"","tpTriggerPxType":"",
    "slOrdPx":"","code":"0","msg":"","amendResult":"","reqId":"","amendSource":"","algoClOrdId":"","algoId":"",
    "cancelSourceReason":"","tradeQuoteCcy":"","linkedAlgoOrd":{"algoId":""}}"#;

fn filled(cl_ord_id: &str) -> Value {
    serde_json::from_str(&FILLED.replace('?', cl_ord_id)).unwrap()
}

/// An exchange that has the order filled and the account as below, whenever it is asked.
fn answer_truly(bench: &mut Bench, cl_ord_id: &str) {
    while !bench.calls.is_empty() {
        for (id, request) in std::mem::take(&mut bench.calls) {
            let path = request
                .target()
                .split('?')
                .next()
                .unwrap_or_default()
                .trim_start_matches("/api/v5")
                .to_owned();
            let rows = match path.as_str() {
                "/trade/order" => json!([filled(cl_ord_id)]),
                "/trade/fills" => {
                    json!([{"instType": "SWAP", "instId": SWAP, "tradeId": "242589207", "ordId": ORD_ID,
                    "clOrdId": cl_ord_id, "billId": "1", "tag": "", "fillPx": "49999.5", "fillSz": "2", "side": "buy", "posSide": "net",
                    "execType": "T", "feeCcy": "USDT", "fee": "-0.25", "ts": AT_MS, "fillTime": AT_MS}])
                }
                "/account/balance" => {
                    json!([{"totalEq": "7", "uTime": AT_MS, "details": [balance("USDT", "1000"), balance("BTC", "5")]}])
                }
                "/account/positions" => json!([position("3")]),
                _ => json!([]),
            };
            // Lists go on until a page is empty.
            let is_next_page = request.target().contains("after=");
            let rows = if is_next_page { json!([]) } else { rows };
            bench.answer(id, Ok(&json!({"code": "0", "msg": "", "data": rows}).to_string()));
        }
    }
}

fn balance(ccy: &str, cash: &str) -> Value {
    json!({"ccy": ccy, "cashBal": cash, "eq": cash, "availBal": cash, "availEq": cash, "frozenBal": "0", "ordFrozen": "0", "upl": "0",
        "liab": "", "imr": "0", "mmr": "0", "disEq": cash, "uTime": AT_MS})
}

fn position(pos: &str) -> Value {
    json!({"instType": "SWAP", "instId": SWAP, "mgnMode": "cross", "posId": "307173036051017730", "posSide": "net", "pos": pos,
        "posCcy": "", "availPos": "", "avgPx": "50000", "upl": "1", "lever": "3", "liqPx": "1", "markPx": "50001", "imr": "10",
        "margin": "", "mgnRatio": "11", "mmr": "1", "interest": "0", "tradeId": "1", "notionalUsd": "1500", "adl": "1", "ccy": "USDT",
        "last": "50000", "cTime": AT_MS, "uTime": AT_MS})
}

/// The frame with one of its fields in every other form, after what the form is.
fn variants(frame: &Value) -> Vec<(String, Vec<u8>)> {
    let text = frame.to_string().into_bytes();
    let mut found = Vec::new();
    for path in splice::scalar_paths(&text) {
        for raw in ["\"\"", "null", "\"sideways\"", "[]", "{}"] {
            let set = splice::set(&text, &path, raw.as_bytes()).unwrap();
            found.push((format!("{path} is {raw}"), set));
        }
        found.push((format!("{path} is missing"), splice::remove(&text, &path).unwrap()));
    }
    found
}

fn cl_ord_id(bench: &Bench) -> String {
    bench.ops(PRIVATE)[0]["args"][0]["clOrdId"].as_str().unwrap().to_owned()
}

#[test]
fn whatever_a_field_of_an_orders_push_is_its_fill_is_told_once_and_right() {
    let mut bench = Bench::ready();
    bench.submit("a");
    let known = cl_ord_id(&bench);
    let frame =
        json!({"arg": {"channel": "orders", "instType": "ANY", "uid": "44"}, "data": [filled(&known)]});
    let variants = variants(&frame);
    assert!(variants.len() > 400);
    // Another id is another order.
    for (what, frame) in variants.into_iter().filter(|(what, _)| what != "data/0/ordId is \"sideways\"") {
        let mut bench = Bench::ready();
        bench.submit("a");
        let sent = bench.ops(PRIVATE)[0]["id"].clone();
        assert_eq!(cl_ord_id(&bench), known, "ids start over");
        bench.push(
            PRIVATE,
            &json!({"id": sent, "op": "order", "code": "0", "msg": "", "data": [{"ordId": ORD_ID, "clOrdId": known, "sCode": "0",
                "sMsg": "", "tag": ""}]}),
        );
        bench.raw(PRIVATE, &frame);
        for _ in 0..60 {
            answer_truly(&mut bench, &known);
            bench.pass_ms(1_000);
            if bench.told("a").last() == Some(&"filled") {
                break;
            }
        }
        assert_eq!(bench.told("a"), ["submitted", "accepted", "filled"], "{what}");
        let fill = bench.events.iter().find_map(|event| match event {
            DeskEvent::Order { event, .. } => match &event.kind {
                EventKind::Filled(fill) => Some(fill.clone()),
                _ => None,
            },
            _ => None,
        });
        let fill = fill.unwrap();
        assert_eq!((fill.qty, fill.px, fill.side), (dec("2"), dec("49999.5"), Side::Buy), "{what}");
        let paid = fill.commission.map(|paid| (paid.amount, paid.ccy.to_string()));
        // What OKX says of the fee, or nothing: never another amount.
        let told_otherwise =
            what.contains("fillFee") && paid.as_ref().is_none_or(|paid| paid.0 == dec("0.25"));
        assert!(told_otherwise || paid == Some((dec("0.25"), "USDT".to_owned())), "{what}: {paid:?}");
    }
}

/// Balances and positions as they were told, one after the other.
fn account_told(bench: &Bench) -> Vec<String> {
    let mut told = Vec::new();
    for event in &bench.events {
        if let DeskEvent::Account(news) = event {
            for state in &news.changes.balances {
                told.push(format!("{} {}", state.row.ccy, state.total()));
            }
            for state in &news.changes.positions {
                let flat = if state.direction == Direction::Flat { " flat" } else { "" };
                told.push(format!("{} {}{flat}", state.row.inst_id, state.quantity));
            }
        }
    }
    told
}

#[test]
fn whatever_a_field_of_an_account_push_is_no_balance_or_position_is_lost() {
    let page = |channel: &str, row: Value| {
        json!({"arg": {"channel": channel, "uid": "44", "instType": "ANY"}, "eventType": "snapshot", "curPage": 1, "lastPage": true,
            "data": row})
    };
    let account = json!([{"totalEq": "7", "adjEq": "7", "imr": "1", "mmr": "1", "mgnRatio": "", "notionalUsd": "1", "ordFroz": "0",
        "upl": "1", "uTime": AT_MS, "details": [balance("USDT", "1000"), balance("BTC", "5")]}]);
    let both = json!([{"pTime": AT_MS, "eventType": "filled", "balData": [{"ccy": "BTC", "cashBal": "5", "uTime": AT_MS}],
        "posData": [{"posId": "307173036051017730", "tradeId": "1", "instId": SWAP, "instType": "SWAP", "mgnMode": "cross",
            "posSide": "net", "pos": "3", "ccy": "USDT", "posCcy": "", "avgPx": "50000", "uTime": AT_MS}]}]);
    let frames = [
        page("account", account),
        page("positions", json!([position("3")])),
        json!({"arg": {"channel": "balance_and_position", "uid": "44"}, "data": both}),
    ];
    let truth = ["USDT 1000", "BTC 5", "BTC-USDT-SWAP 3"];
    // Another name is another thing.
    let is_another = |what: &str| {
        what.ends_with("\"sideways\"")
            && ["ccy", "instId", "mgnMode"].iter().any(|name| what.contains(&format!("/{name} ")))
    };
    for (what, frame) in frames.iter().flat_map(variants).filter(|(what, _)| !is_another(what)) {
        let mut bench = Bench::ready();
        for frame in &frames {
            bench.push(PRIVATE, frame);
        }
        bench.raw(PRIVATE, &frame);
        bench.pass_ms(1_000);
        answer_truly(&mut bench, "");
        bench.pass_ms(1_000);
        let told = account_told(&bench);
        assert!(truth.iter().all(|is| told.iter().any(|told| told == is)), "{what}: {told:?}");
        let wrong: Vec<_> = told.iter().filter(|told| !truth.contains(&told.as_str())).collect();
        assert!(wrong.is_empty(), "{what}: {wrong:?}");
    }
}

#[test]
fn a_private_message_that_cannot_be_told_apart_is_looked_into() {
    let frame = json!({"arg": {"channel": "orders", "instType": "ANY", "uid": "44"}, "data": [filled("a")]});
    for (what, raw) in [
        ("arg", "null"),
        ("arg", "{}"),
        ("arg/channel", "\"\""),
        ("arg/channel", "\"new-orders\""),
        ("data", "7"),
    ] {
        let mut bench = Bench::ready();
        let frame = splice::set(frame.to_string().as_bytes(), what, raw.as_bytes()).unwrap();
        bench.raw(PRIVATE, &frame);
        let asked = bench.paths();
        assert!(
            asked.iter().any(|path| path.contains("/trade/orders-pending")),
            "{what} is {raw}: {asked:?}"
        );
    }
}
