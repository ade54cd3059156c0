//! Commands: sent once, with a signed body.

use okx_common::{
    enums::{OrdType, Side, TdMode},
    error_code::Outcome,
    ids::ClOrdId,
    order::{CancelOrder, OrderTarget, PlaceOrder, Px},
};
use okx_http::{
    ErrorKind, decode_rows,
    endpoint::{
        Endpoint,
        trade::{Cancel, Place, PlaceBatch},
    },
};
use serde_json::json;

use crate::support::{client, fault, posted, soon, start, unlimited};

fn order(cl_ord_id: &str) -> PlaceOrder {
    PlaceOrder {
        px: Some(Px::Px("1000".parse().expect("a number"))),
        cl_ord_id: Some(ClOrdId::new(cl_ord_id)),
        ..PlaceOrder::new(
            "BTC-USDT",
            TdMode::Cash,
            Side::Buy,
            OrdType::Limit,
            "0.01".parse::<okx_common::decimal::Decimal>().expect("a number"),
        )
    }
}

#[tokio::test]
async fn an_order_is_placed_and_cancelled() {
    let server = start(unlimited());
    let client = client(&server);
    let body = soon(client.send(&Place(&order("a1")).to_request())).await.expect("an answer");
    let answer = decode_rows::<Place<'_>>(&body).expect("it is one of OKX");
    let ack = &answer.rows.items[0];
    assert_eq!((ack.s_code.as_deref(), ack.cl_ord_id.as_deref()), (Some("0"), Some("a1")), "{ack:?}");
    assert!(ack.ord_id.is_some() && answer.out_time_us.is_some());

    let cancel = CancelOrder::new("BTC-USDT", OrderTarget::ClOrdId(ClOrdId::new("a1")));
    let acks = soon(client.get(&Cancel(&cancel))).await.expect("an answer").items;
    assert_eq!(acks[0].s_code.as_deref(), Some("0"));
    // Once more: the order is gone, which its item says, not an error.
    let acks = soon(client.get(&Cancel(&cancel))).await.expect("an answer").items;
    assert_ne!(acks[0].s_code.as_deref(), Some("0"), "{acks:?}");
    assert!(acks[0].s_msg.is_some());
}

#[tokio::test]
async fn each_order_of_a_batch_has_its_own_answer() {
    let server = start(unlimited());
    let bad = PlaceOrder { sz: "0".parse().expect("a number"), ..order("b2") };
    let orders = [order("b1"), bad, order("b3")];
    let acks = soon(client(&server).get(&PlaceBatch(&orders))).await.expect("an answer").items;
    let codes: Vec<_> =
        acks.iter().map(|a| (a.cl_ord_id.as_deref(), a.s_code.as_deref() == Some("0"))).collect();
    assert_eq!(codes, [(Some("b1"), true), (Some("b2"), false), (Some("b3"), true)]);
}

#[tokio::test]
async fn a_command_is_never_sent_again() {
    let busy =
        json!({"kind": "reply", "status": 503, "code": "50001", "msg": "Service temporarily unavailable"});
    let gone = json!({"kind": "cut", "at": "after", "how": "rst"});
    let half = json!({"kind": "reply", "code": "0", "body": {"text": "{\"code\":\"0\",\"da"}});
    let page = json!({"kind": "reply", "status": 502, "body": {"text": "<html>bad gateway</html>"}});
    for (what, kind) in [
        (busy, None),
        (gone, Some(ErrorKind::Network)),
        (half, Some(ErrorKind::Decode)),
        (page, Some(ErrorKind::Gateway)),
    ] {
        let server = start(unlimited());
        fault(&server, json!({"on": {"class": "request", "path": "/trade/order"}, "what": what}));
        let result = soon(client(&server).send(&Place(&order("c1")).to_request())).await;
        let error = match &result {
            Ok(body) => decode_rows::<Place<'_>>(body).expect_err("it was refused"),
            Err(error) => error.clone(),
        };
        assert_eq!(error.kind(), kind.unwrap_or(ErrorKind::Venue), "{error}");
        assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
        assert_eq!(error.endpoint(), Some("/trade/order"));
        assert_eq!(posted(&server, "/trade/order"), 1, "{error}");
    }
}

#[tokio::test]
async fn a_refused_command_comes_with_the_answer() {
    let server = start(unlimited());
    fault(
        &server,
        json!({"on": {"path": "/trade/order"}, "what": {"kind": "reply", "apply": false, "status": 400,
            "code": "1", "data": [{"clOrdId": "d1", "ordId": "", "sCode": "51000", "sMsg": "Parameter sz error"}]}}),
    );
    let body = soon(client(&server).send(&Place(&order("d1")).to_request())).await.expect("an answer");
    let ack = &decode_rows::<Place<'_>>(&body).expect("the item tells").rows.items[0];
    assert_eq!(ack.s_msg.as_deref(), Some("Parameter sz error"));
}

#[tokio::test]
async fn an_order_that_comes_too_late_is_dropped() {
    let server = start(unlimited());
    let request = Place(&order("e1")).to_request().with_exp_time(1_000);
    let body = soon(client(&server).send(&request)).await.expect("an answer");
    let code = match decode_rows::<Place<'_>>(&body) {
        Ok(answer) => answer.rows.items[0].s_code.clone().unwrap_or_default(),
        Err(error) => error.code().to_string(),
    };
    assert_eq!(code, "50036");
}
