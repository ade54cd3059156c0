use okx_common::{
    decimal::Decimal,
    enums::{OrdType, Side, TdMode},
    ids::{ClOrdId, OrdId},
    order::{CancelOrder, OrderTarget, PlaceOrder, Px},
};

use super::*;
use crate::{
    ErrorKind, decode_rows,
    endpoint::{
        Endpoint,
        trade::{CancelBatch, Place, PlaceBatch},
    },
};

fn order(inst_id: &str) -> PlaceOrder {
    let sz: Decimal = "1.5".parse().unwrap();
    PlaceOrder {
        px: Some(Px::Px("100".parse().unwrap())),
        cl_ord_id: Some(ClOrdId::new("b15")),
        ..PlaceOrder::new(inst_id, TdMode::Cross, Side::Buy, OrdType::Limit, sz)
    }
}

#[test]
fn a_command_has_its_body_and_its_limit() {
    let request = Place(&order("BTC-USDT-SWAP")).to_request();
    assert_eq!(request.target(), "/api/v5/trade/order");
    assert_eq!(
        request.body().map(|b| std::str::from_utf8(b).unwrap()),
        Some(
            r#"{"instId":"BTC-USDT-SWAP","tdMode":"cross","side":"buy","ordType":"limit","sz":"1.5","px":"100","clOrdId":"b15"}"#
        )
    );
    assert!(request.is_signed() && !request.is_idempotent());
    let [(key, 1)] = request.limits() else { panic!("{:?}", request.limits()) };
    assert_eq!((key.rule.name, key.rule.limit, &*key.scope), ("/trade/order", 60, "BTC-USDT-SWAP"));
    assert_eq!(request.exp_time_ms(), None);
    assert_eq!(request.with_exp_time(17).exp_time_ms(), Some(17));
}

#[test]
fn a_batch_counts_orders_for_each_instrument_and_one_alone_as_one() {
    let [btc, eth] = ["BTC-USDT-SWAP", "ETH-USDT-SWAP"];
    let orders = [order(btc), order(eth), order(btc)];
    let request = PlaceBatch(&orders).to_request();
    let counts: Vec<_> = request.limits().iter().map(|(k, n)| (k.rule.name, &*k.scope, *n)).collect();
    assert_eq!(counts, [("/trade/batch-orders", btc, 2), ("/trade/batch-orders", eth, 1)]);
    let body: serde_json::Value = serde_json::from_slice(request.body().unwrap()).unwrap();
    assert_eq!((body.as_array().map(Vec::len), &body[1]["instId"]), (Some(3), &eth.into()));

    let cancel = CancelOrder::new(btc, OrderTarget::OrdId(OrdId::new("7")));
    let request = CancelBatch(&[cancel]).to_request();
    let [(key, 1)] = request.limits() else { panic!("{:?}", request.limits()) };
    assert_eq!(key.rule.name, "/trade/cancel-order");
    assert_eq!(&request.body().unwrap()[..], br#"[{"instId":"BTC-USDT-SWAP","ordId":"7"}]"#);
}

#[test]
fn options_count_by_their_family() {
    assert_eq!(scope_of("BTC-USD-261225-100000-C"), "BTC-USD");
    assert_eq!(scope_of("BTC-USD_UM-261225-100000-P"), "BTC-USD_UM");
    assert_eq!(scope_of("BTC-USD-261225"), "BTC-USD-261225");
    assert_eq!(scope_of("BTC-USDT"), "BTC-USDT");
}

#[test]
fn the_items_of_a_refused_command_tell() {
    let body = br#"{"code":"1","msg":"All operations failed","inTime":"5","outTime":"9","data":[
        {"clOrdId":"b15","ordId":"","tag":"","ts":"1","sCode":"51008","sMsg":"Insufficient balance","subCode":"1000"}]}"#;
    let answer = decode_rows::<Place<'_>>(body).unwrap();
    assert_eq!((answer.code.0, answer.in_time_us, answer.out_time_us), (1, Some(5), Some(9)));
    let ack = &answer.rows.items[0];
    assert_eq!((ack.s_code.as_deref(), ack.sub_code.as_deref()), (Some("51008"), Some("1000")));
    assert_eq!((ack.s_msg.as_deref(), ack.ord_id.as_deref()), (Some("Insufficient balance"), None));
}

#[test]
fn a_refusal_of_the_whole_is_an_error() {
    let error =
        decode_rows::<Place<'_>>(br#"{"code":"50011","msg":"Too Many Requests","data":[]}"#).unwrap_err();
    assert_eq!(
        (error.kind(), error.code().0, error.message()),
        (ErrorKind::Venue, 50011, "Too Many Requests")
    );
    let error = decode_rows::<Place<'_>>(b"<html>").unwrap_err();
    assert_eq!((error.kind(), error.is_definitive()), (ErrorKind::Decode, false));
    let error = decode_rows::<Place<'_>>(br#"{"code":"1","msg":"","data":[]}"#).unwrap_err();
    assert_eq!(error.code().0, 1);
}
