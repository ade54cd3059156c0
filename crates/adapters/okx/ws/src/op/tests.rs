use okx_common::{
    decimal::Decimal,
    enums::{OrdType, Side, TdMode},
    ids::{ClOrdId, InstId, OrdId},
    order::{AlgoPx, Attached, Px},
};
use serde_json::{Value, json};

use super::*;

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn limit(cl_ord_id: &str) -> PlaceOrder {
    let mut order = PlaceOrder::new("BTC-USDT", TdMode::Cross, Side::Buy, OrdType::Limit, dec("1"));
    order.px = Some(Px::Px(dec("100")));
    order.cl_ord_id = Some(cl_ord_id.into());
    order
}

fn read(text: &Bytes) -> Value {
    serde_json::from_slice(text).unwrap()
}

const ID: RequestId = RequestId(1512);

#[test]
fn the_documented_request_is_written_as_documented() {
    let mut order = limit("abc123");
    order.tag = Some("5328c82e5542BCDE".to_owned());
    let text = place(ID, Some(1_597_026_383_085), &[(&order, Some(123_456))]).unwrap();
    let documented: Value = serde_json::from_str(
        r#"{"id":"op1512","op":"order","expTime":"1597026383085","args":[{"instIdCode":123456,"tdMode":"cross","side":"buy",
            "ordType":"limit","px":"100","sz":"1","clOrdId":"abc123","tag":"5328c82e5542BCDE"}]}"#,
    )
    .unwrap();
    assert_eq!(read(&text), documented);
    // The number is an integer, not text.
    assert!(text.windows(19).any(|w| w == br#""instIdCode":123456"#), "{text:?}");
}

#[test]
fn one_item_is_an_operation_and_several_are_a_batch() {
    let (a, b) = (limit("a"), limit("b"));
    let text = read(&place(ID, None, &[(&a, Some(1)), (&b, Some(2))]).unwrap());
    assert_eq!((&text["op"], text.get("expTime")), (&json!("batch-orders"), None));
    assert_eq!(text["args"].as_array().map(Vec::len), Some(2));
    assert_eq!(text["args"][1]["instIdCode"], 2);

    let cancels =
        [CancelOrder::new("BTC-USDT", OrdId::new("1")), CancelOrder::new("BTC-USDT", ClOrdId::new("b"))];
    let one = read(&cancel(ID, &[(&cancels[0], Some(7))]).unwrap());
    assert_eq!(one, json!({"id": "op1512", "op": "cancel-order", "args": [{"instIdCode": 7, "ordId": "1"}]}));
    let two = read(&cancel(ID, &[(&cancels[0], Some(7)), (&cancels[1], Some(7))]).unwrap());
    assert_eq!(two["op"], "batch-cancel-orders");
    assert_eq!(two["args"][1], json!({"instIdCode": 7, "clOrdId": "b"}));

    let mut change = AmendOrder::new("BTC-USDT", OrdId::new("1"));
    change.new_sz = Some(dec("2"));
    let one = read(&amend(ID, Some(5), &[(&change, Some(7))]).unwrap());
    assert_eq!(
        one,
        json!({"id": "op1512", "op": "amend-order", "expTime": "5", "args": [{"instIdCode": 7, "ordId": "1", "newSz": "2"}]})
    );
    let mut other = change.clone();
    other.target = OrdId::new("2").into();
    let two = read(&amend(ID, None, &[(&change, Some(7)), (&other, Some(7))]).unwrap());
    assert_eq!(two["op"], "batch-amend-orders");
    assert_eq!(
        amend(ID, None, &[(&change, Some(7)), (&change, Some(7))]),
        Err(OpError::Twice(OpKind::BatchAmendOrders))
    );
}

#[test]
fn batches_hold_at_most_twenty() {
    let orders: Vec<_> = (0..21).map(|n| limit(&format!("c{n}"))).collect();
    let items: Vec<_> = orders.iter().map(|o| (o, Some(1))).collect();
    assert!(place(ID, None, &items[..20]).is_ok());
    assert_eq!(place(ID, None, &items), Err(OpError::Count { op: OpKind::BatchOrders, count: 21 }));
    assert_eq!(place(ID, None, &[]), Err(OpError::Count { op: OpKind::BatchOrders, count: 0 }));
}

#[test]
fn requests_stay_below_64_kilobytes() {
    let mut order = limit("a");
    order.tag = Some("x".repeat(70_000));
    assert!(matches!(place(ID, None, &[(&order, Some(1))]), Err(OpError::TooLong { bytes: 70_000.., .. })));
}

#[test]
fn f68_an_instrument_without_a_number_is_not_sent() {
    let order = limit("a");
    let error = place(ID, None, &[(&order, None)]).unwrap_err();
    assert_eq!(error, OpError::Arg(okx_common::order::WsArgError::NoInstIdCode(InstId::new("BTC-USDT"))));
    let mut order = order;
    let mut stop = Attached::new();
    stop.sl_ord_px = Some(AlgoPx::Market);
    order.attach_algo_ords.push(stop);
    assert!(matches!(place(ID, None, &[(&order, Some(1))]), Err(OpError::Arg(_))));
}

#[test]
fn only_orders_and_amendments_expire() {
    for op in OpKind::ALL {
        let written = encode(op, ID, Some(1), &[json!({})]);
        assert_eq!(written.is_ok(), op.takes_exp_time(), "{op}");
        if let Err(error) = written {
            assert_eq!(error, OpError::NoExpTime(op));
        }
        assert_eq!(OpKind::parse(op.as_str()), Some(op));
        assert_eq!(op.is_business(), op.as_str().starts_with("sprd-"));
    }
    assert_eq!(OpKind::parse("subscribe"), None);
}

#[test]
fn mass_cancel_and_spreads() {
    let mut mass = MassCancel::family("BTC-USD");
    mass.lock_interval = Some(0);
    let text = read(&mass_cancel(ID, &mass).unwrap());
    assert_eq!(
        text,
        json!({"id": "op1512", "op": "mass-cancel",
            "args": [{"instType": "OPTION", "instFamily": "BTC-USD", "lockInterval": "0"}]})
    );
    let mut order = PlaceSpreadOrder::new("BTC-USDT_BTC-USDT-SWAP", Side::Buy, OrdType::Limit, dec("2"));
    order.px = Some(dec("-2.15"));
    order.cl_ord_id = Some("b15".into());
    let text = read(&place_spread(ID, &order).unwrap());
    assert_eq!(
        text,
        json!({"id": "op1512", "op": "sprd-order", "args": [{"sprdId": "BTC-USDT_BTC-USDT-SWAP", "clOrdId": "b15",
            "side": "buy", "ordType": "limit", "px": "-2.15", "sz": "2"}]})
    );
    let mut change = AmendSpreadOrder::new(OrdId::new("2510789768709120"));
    change.new_sz = Some(dec("2"));
    assert_eq!(
        read(&amend_spread(ID, &change).unwrap())["args"],
        json!([{"ordId": "2510789768709120", "newSz": "2"}])
    );
    let gone = CancelSpreadOrder::new(ClOrdId::new("b15"));
    assert_eq!(read(&cancel_spread(ID, &gone).unwrap())["args"], json!([{"clOrdId": "b15"}]));
    let all = MassCancelSpread::new();
    assert_eq!(read(&mass_cancel_spread(ID, &all).unwrap())["args"], json!([{}]));
}

#[test]
fn ids_of_requests_read_back_and_are_not_those_of_the_session() {
    assert_eq!(RequestId::parse(&RequestId(42).to_string()), Some(RequestId(42)));
    for other in ["", "op", "op0", "op01", "op-1", "op+1", "ws42", "42", "op99999999999999999999"] {
        assert_eq!(RequestId::parse(other), None, "{other}");
    }
    assert!(okx_common::order::is_legal_id(&RequestId(u64::MAX).to_string()));
}
