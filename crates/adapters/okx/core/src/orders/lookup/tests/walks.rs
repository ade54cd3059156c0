use okx_common::{decimal::Decimal, ids::ClOrdId, order::AlgoTarget};
use okx_http::ErrorKind;
use serde_json::{Value, json};

use super::{Answer, Ask, Bench, HttpError, LookupConfig, NOW_MS};
use crate::orders::{
    lookup::list::{inst_types, is_spread},
    tracker::Found,
};

const SWAP: &str = "BTC-USDT-SWAP";

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn order_ask(inst_id: &str) -> Ask {
    Ask::Order { inst_id: inst_id.into(), by: ClOrdId::new("a1").into() }
}

fn fills_ask(inst_id: &str, at_least: &str) -> Ask {
    Ask::Fills { inst_id: inst_id.into(), ord_id: "77".into(), at_least: dec(at_least) }
}

fn found(answer: Option<Answer>) -> Found {
    match answer {
        Some(Answer::Found(found)) => found,
        other => panic!("{other:?}"),
    }
}

fn fills(answer: Option<Answer>) -> Result<Vec<(String, String)>, String> {
    match answer {
        Some(Answer::Fills(rows)) => {
            rows.map(|rows| rows.iter().map(|row| (row.trade_id.to_string(), row.sz.to_string())).collect())
        }
        other => panic!("{other:?}"),
    }
}

fn fill(no: u64, sz: &str) -> Value {
    json!({"instId": SWAP, "ordId": "77", "tradeId": no.to_string(), "billId": (1_000 + no).to_string(), "fillPx": "100",
        "fillSz": sz, "fee": "-0.1", "feeCcy": "USDT", "side": "buy", "execType": "M", "fillTime": no.to_string(), "ts": "9"})
}

#[test]
fn an_order_is_found_by_its_id() {
    let mut bench = Bench::new(&order_ask(SWAP), LookupConfig::default());
    assert_eq!(bench.targets(), ["/trade/order?instId=BTC-USDT-SWAP&clOrdId=a1"]);
    let row = json!({"instId": SWAP, "ordId": "5", "clOrdId": "a1", "state": "partially_filled", "accFillSz": "0.5", "avgPx": "3"});
    let Found::Order(row) = found(bench.give("/trade/order", json!([row]))) else { panic!("not found") };
    assert_eq!((row.ord_id.as_str(), row.acc_fill_sz, row.fill), ("5", Some(dec("0.5")), None));
    assert!(bench.targets().is_empty());
}

#[test]
fn only_okx_makes_an_order_absent() {
    let missing = r#"{"code":"51603","msg":"Order does not exist","data":[]}"#;
    for (body, absent) in [
        (missing, true),
        (r#"{"code":"0","msg":"","data":[]}"#, true),
        (r#"{"code":"50011","msg":"Too Many Requests","data":[]}"#, false),
        (r#"{"code":"51001","msg":"Instrument ID does not exist","data":[]}"#, false),
        (r#"{"code":"0","msg":"","data":[{"ordId":"5","state":"frozen"}]}"#, false),
        (r#"{"code":"0","msg":"","data":[{"state":"live"}]}"#, false),
        ("<html>", false),
        ("", false),
    ] {
        let mut bench = Bench::new(&order_ask(SWAP), LookupConfig::default());
        match found(bench.give_body("/trade/order", body)) {
            Found::Absent => assert!(absent, "{body}"),
            Found::Failed(why) => assert!(!absent && !why.is_empty(), "{body}"),
            other => panic!("{body}: {other:?}"),
        }
    }
    let mut bench = Bench::new(&order_ask(SWAP), LookupConfig::default());
    let error = HttpError::local(ErrorKind::Timeout, "no connection");
    assert_eq!(found(bench.fail("/trade/order", &error)), Found::Failed("no connection".to_owned()));
}

#[test]
fn strategy_orders_and_spreads_have_their_own_endpoints() {
    let by = AlgoTarget::AlgoClOrdId("s1".into());
    let mut bench = Bench::new(&Ask::Algo { inst_id: SWAP.into(), by }, LookupConfig::default());
    assert_eq!(bench.targets(), ["/trade/order-algo?algoClOrdId=s1"]);
    let row =
        json!({"algoId": "8", "algoClOrdId": "s1", "state": "effective", "ordIdList": ["9"], "ordId": "9"});
    let Found::Algo(row) = found(bench.give("/trade/order-algo", json!([row]))) else { panic!("not found") };
    assert_eq!(
        (row.algo_id.as_str(), row.ord_ids.as_slice(), row.state_text.as_str()),
        ("8", &["9".to_owned()][..], "effective")
    );

    let bench = Bench::new(&order_ask("BTC-USDT_BTC-USDT-SWAP"), LookupConfig::default());
    assert_eq!(bench.targets(), ["/sprd/order?clOrdId=a1"]);
    let bench = Bench::new(&order_ask("BTC-USD_UM-SWAP"), LookupConfig::default());
    assert_eq!(bench.targets(), ["/trade/order?instId=BTC-USD_UM-SWAP&clOrdId=a1"]);
}

#[test]
fn the_recent_fills_are_enough_if_they_are_all() {
    let mut bench = Bench::new(&fills_ask(SWAP, "3"), LookupConfig::default());
    assert_eq!(bench.targets(), ["/trade/fills?instId=BTC-USDT-SWAP&ordId=77&limit=100"]);
    let rows = fills(bench.give("/trade/fills", json!([fill(2, "2"), fill(1, "1")]))).unwrap();
    assert_eq!(rows, [("2".to_owned(), "2".to_owned()), ("1".to_owned(), "1".to_owned())]);
}

#[test]
fn fills_of_long_ago_are_asked_for_when_some_are_missing() {
    let mut bench = Bench::new(&fills_ask("BTC-USDT", "3"), LookupConfig::default());
    assert_eq!(bench.give("/trade/fills?", json!([fill(2, "2")])), None);
    let kinds = ["SPOT", "MARGIN"]
        .map(|kind| format!("/trade/fills-history?instType={kind}&instId=BTC-USDT&ordId=77&limit=100"));
    assert_eq!(bench.targets(), kinds);
    assert_eq!(bench.give(&kinds[0], json!([fill(2, "2"), fill(1, "1")])), None);
    let rows = fills(bench.give(&kinds[1], json!([]))).unwrap();
    assert_eq!(rows.len(), 2, "each once: {rows:?}");
}

#[test]
fn a_missing_page_of_fills_is_a_failure() {
    let many: Vec<_> = (1..=100).rev().map(|no| fill(no, "1")).collect();
    let mut bench = Bench::new(&fills_ask(SWAP, "150"), LookupConfig::default());
    assert_eq!(bench.give("/trade/fills?", json!(many)), None);
    assert_eq!(bench.targets(), ["/trade/fills?instId=BTC-USDT-SWAP&ordId=77&after=1001&limit=100"]);
    let error = HttpError::local(ErrorKind::Throttled, "later");
    assert_eq!(fills(bench.fail("/trade/fills?", &error)), Err("later".to_owned()));
    assert!(bench.targets().is_empty());

    let mut bench = Bench::new(&fills_ask(SWAP, "0"), LookupConfig::default());
    let no_price = json!({"instId": SWAP, "ordId": "77", "tradeId": "4", "fillSz": "1"});
    let why = fills(bench.give("/trade/fills", json!([no_price]))).unwrap_err();
    assert_eq!(why, "a fill of order 77 has no price");
}

#[test]
fn a_look_at_everything_asks_for_every_list_at_once() {
    let config = LookupConfig { account: true, spreads: true, fills_from_ms: None };
    let since = NOW_MS - 60_000;
    let mut bench = Bench::new(&Ask::Reconcile { fills_since_ms: Some(since) }, config);
    let fills = format!("/trade/fills?begin={since}&limit=100");
    let spread_fills = format!("/sprd/trades?begin={since}&limit=100");
    assert_eq!(
        bench.targets(),
        [
            "/trade/orders-pending?limit=100",
            "/trade/orders-algo-pending?ordType=conditional%2Coco&limit=100",
            "/trade/orders-algo-pending?ordType=trigger&limit=100",
            "/trade/orders-algo-pending?ordType=move_order_stop&limit=100",
            "/trade/orders-algo-pending?ordType=twap&limit=100",
            "/trade/orders-algo-pending?ordType=chase&limit=100",
            "/trade/orders-algo-pending?ordType=smart_iceberg&limit=100",
            "/sprd/orders-pending?limit=100",
            &fills,
            &spread_fills,
            "/account/balance",
            "/account/positions",
        ]
    );
    let order = |no: u64| json!({"instId": SWAP, "ordId": no.to_string(), "state": "live", "sz": "1"});
    let first: Vec<_> = (101..=200).rev().map(order).collect();
    assert_eq!(bench.give("/trade/orders-pending", json!(first)), None);
    assert_eq!(bench.give("/trade/orders-pending?after=101", json!([order(7)])), None);
    assert_eq!(bench.give("/trade/fills", json!([fill(3, "1")])), None);
    assert_eq!(
        bench.give("/trade/orders-algo-pending?ordType=twap", json!([{"algoId": "4", "state": "live"}])),
        None
    );
    let balance = json!([{"totalEq": "10", "details": [{"ccy": "USDT", "cashBal": "10", "availBal": "9"}]}]);
    assert_eq!(bench.give("/account/balance", balance), None);
    let Some(Answer::All(Ok(all))) = bench.give_nothing() else { panic!("not complete") };
    assert_eq!((all.lists.orders.len(), all.lists.algos.len(), all.lists.fills.len()), (101, 1, 1));
    let balances = all.balances.unwrap();
    assert_eq!((balances.rows[0].ccy.as_str(), balances.rows[0].avail_bal), ("USDT", Some(dec("9"))));
    assert_eq!(balances.totals.total_eq, Some(dec("10")));
    assert_eq!(all.positions, Some(Vec::new()));
}

#[test]
fn a_look_at_everything_fails_whole() {
    let order = |no: u64| json!({"instId": SWAP, "ordId": no.to_string(), "state": "live"});
    let page: Vec<_> = (101..=200).rev().map(order).collect();
    let mut bench = Bench::new(&Ask::Reconcile { fills_since_ms: None }, LookupConfig::default());
    assert_eq!(bench.targets().len(), 7, "without a time there are no fills to ask for");
    assert_eq!(bench.give("/trade/orders-pending", json!(page)), None);
    let busy = r#"{"code":"50026","msg":"System error","data":[]}"#;
    let Some(Answer::All(Err(why))) = bench.give_body("/trade/orders-pending?after=101", busy) else {
        panic!("page 2 of 3 is missing")
    };
    assert!(why.contains("50026") && why.contains("/trade/orders-pending"), "{why}");
    // What comes late changes nothing.
    let (part, _) = bench.open.pop().unwrap();
    assert_eq!(bench.lookup.take(part, Ok(br#"{"code":"0","data":[]}"#)), None);
    assert!(bench.lookup.next().is_none());
}

#[test]
fn fills_of_a_long_gap_come_from_the_history_too() {
    let since = NOW_MS - 80 * 3_600_000;
    let config = LookupConfig { fills_from_ms: Some(since), ..LookupConfig::default() };
    let mut bench = Bench::new(&Ask::Reconcile { fills_since_ms: None }, config);
    let old: Vec<_> = bench.targets().into_iter().filter(|t| t.starts_with("/trade/fills-history")).collect();
    assert_eq!(old.len(), 5, "{old:?}");
    bench.give("/trade/fills?", json!([fill(3, "1")]));
    bench.give("/trade/fills-history?instType=SWAP", json!([fill(3, "1"), fill(2, "1")]));
    let Some(Answer::All(Ok(all))) = bench.give_nothing() else { panic!("not complete") };
    assert_eq!(all.lists.fills.len(), 2);
}

#[test]
fn an_account_without_a_row_is_no_balance() {
    let config = LookupConfig { account: true, ..LookupConfig::default() };
    let mut bench = Bench::new(&Ask::Reconcile { fills_since_ms: None }, config);
    assert!(matches!(bench.give_nothing(), Some(Answer::All(Err(why))) if why.contains("/account/balance")));
}

#[test]
fn ids_tell_kinds() {
    assert!(is_spread("BTC-USDT_BTC-USDT-SWAP") && is_spread("BTC-USD_UM-SWAP_BTC-USDT"));
    assert!(!is_spread("BTC-USD_UM-SWAP") && !is_spread("BTC-USDT") && !is_spread(""));
    let words = |id: &str| inst_types(id).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!(words("BTC-USDT"), "SPOT MARGIN");
    assert_eq!(words("BTC-USDT-SWAP"), "SWAP");
    assert_eq!(words("BTC-USD_UM-261225"), "FUTURES");
    assert_eq!(words("BTC-USD-261225-100000-C"), "OPTION");
}
