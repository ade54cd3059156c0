use serde_json::{Value, json};

use super::*;
use crate::{
    decimal::Decimal,
    enums::{MgnMode, OrdType, PosSide, Side, StpMode, TdMode, TgtCcy, TriggerPxType},
    ids::{AlgoClOrdId, AlgoId, ClOrdId, InstId, OrdId},
};

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn limit() -> PlaceOrder {
    let mut order = PlaceOrder::new("BTC-USDT-SWAP", TdMode::Cross, Side::Buy, OrdType::Limit, dec("1"));
    order.px = Some(Px::Px(dec("100.10")));
    order.cl_ord_id = Some("abc123".into());
    order
}

fn value(arg: impl serde::Serialize) -> Value {
    serde_json::to_value(arg).unwrap()
}

#[test]
fn the_documented_order_is_written_as_documented() {
    let mut order = PlaceOrder::new("BTC-USDT", TdMode::Cross, Side::Buy, OrdType::Limit, dec("1"));
    order.px = Some(Px::Px(dec("100")));
    order.cl_ord_id = Some("abc123".into());
    order.tag = Some("5328c82e5542BCDE".to_owned());
    let documented: Value = serde_json::from_str(
        r#"{"instIdCode":123456,"tdMode":"cross","side":"buy","ordType":"limit","px":"100","sz":"1","clOrdId":"abc123",
            "tag":"5328c82e5542BCDE"}"#,
    )
    .unwrap();
    assert_eq!(value(ws(&order, Some(123_456)).unwrap()), documented);
}

#[test]
fn rest_names_the_instrument_and_the_websocket_numbers_it() {
    let order = limit();
    assert_eq!(value(rest(&order))["instId"], "BTC-USDT-SWAP");
    let over_ws = value(ws(&order, Some(7)).unwrap());
    assert_eq!((over_ws["instIdCode"].as_u64(), over_ws.get("instId")), (Some(7), None));
}

#[test]
fn a_missing_number_is_an_error_and_never_zero() {
    let order = limit();
    for code in [None, Some(0)] {
        let error = ws(&order, code).unwrap_err();
        assert_eq!(error, WsArgError::NoInstIdCode(InstId::new("BTC-USDT-SWAP")));
        assert!(error.to_string().contains("instIdCode") && error.to_string().contains("REST"));
    }
}

#[test]
fn decimals_keep_their_digits_and_flags_are_native() {
    let mut order = limit();
    order.reduce_only = Some(true);
    order.pos_side = Some(PosSide::Net);
    order.stp_mode = Some(StpMode::CancelBoth);
    order.px_amend_type = Some(PxAmendType::Clamp);
    let json = value(rest(&order));
    assert_eq!(json["px"], "100.10");
    assert_eq!(json["reduceOnly"], true);
    assert_eq!(json["stpMode"], "cancel_both");
    assert_eq!(json["pxAmendType"], "1");
    assert!(json.get("tgtCcy").is_none() && json.get("attachAlgoOrds").is_none(), "{json}");
}

#[test]
fn every_documented_parameter_of_an_order_has_its_name() {
    let mut order = PlaceOrder::new("BTC-USDT", TdMode::Cash, Side::Buy, OrdType::Market, dec("5"));
    order.px = Some(Px::Vol(dec("0.5")));
    order.cl_ord_id = Some("a1".into());
    order.pos_side = Some(PosSide::Long);
    order.reduce_only = Some(false);
    order.tgt_ccy = Some(TgtCcy::Quote);
    order.ccy = Some("USDT".into());
    order.tag = Some("t".to_owned());
    order.ban_amend = Some(true);
    order.px_amend_type = Some(PxAmendType::Refuse);
    order.trade_quote_ccy = Some("USDC".into());
    order.slippage_pct = Some(dec("0.01"));
    order.stp_mode = Some(StpMode::CancelMaker);
    order.outcome = Some(EventSide::Yes);
    order.rpi_taker_access = Some(true);
    order.rpi_px_round = Some(true);
    order.attach_algo_ords = vec![Attached::new()];
    let json = value(rest(&order));
    let names: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let mut documented = vec![
        "instId",
        "tdMode",
        "ccy",
        "clOrdId",
        "tag",
        "side",
        "posSide",
        "ordType",
        "sz",
        "pxVol",
        "outcome",
        "reduceOnly",
        "tgtCcy",
        "banAmend",
        "pxAmendType",
        "tradeQuoteCcy",
        "slippagePct",
        "stpMode",
        "rpiTakerAccess",
        "rpiPxRound",
        "attachAlgoOrds",
    ];
    let mut names = names;
    names.sort_unstable();
    documented.sort_unstable();
    assert_eq!(names, documented);
}

#[test]
fn attached_orders_go_over_rest_only() {
    let mut order = limit();
    let mut stop = Attached::new();
    stop.attach_algo_cl_ord_id = Some("sl1".into());
    stop.sl_trigger_px = Some(dec("90"));
    stop.sl_ord_px = Some(AlgoPx::Market);
    stop.sl_trigger_px_type = Some(TriggerPxType::Mark);
    order.attach_algo_ords.push(stop);
    assert_eq!(ws(&order, Some(7)).unwrap_err(), WsArgError::RestOnly("attachAlgoOrds"));
    assert_eq!(
        value(rest(&order))["attachAlgoOrds"],
        json!([{"attachAlgoClOrdId": "sl1", "slTriggerPx": "90", "slOrdPx": "-1", "slTriggerPxType": "mark"}])
    );
}

#[test]
fn amendments_and_cancellations_name_one_order_by_one_id() {
    let mut amend = AmendOrder::new("BTC-USDT", OrdId::new("590909145319051111"));
    amend.new_sz = Some(dec("2"));
    assert_eq!(
        value(ws(&amend, Some(123_456)).unwrap()),
        json!({"instIdCode": 123_456, "ordId": "590909145319051111", "newSz": "2"})
    );
    let mut amend = AmendOrder::new("BTC-USD-221230-4000-C", ClOrdId::new("c1"));
    amend.new_px = Some(NewPx::Usd(dec("12.5")));
    amend.req_id = Some("r1".to_owned());
    amend.cxl_on_fail = Some(false);
    assert_eq!(
        value(rest(&amend)),
        json!({"instId": "BTC-USD-221230-4000-C", "clOrdId": "c1", "newPxUsd": "12.5", "reqId": "r1", "cxlOnFail": false})
    );
    let cancel = CancelOrder::new("BTC-USDT", OrdId::new("2510789768709120"));
    assert_eq!(
        value(ws(&cancel, Some(123_456)).unwrap()),
        json!({"instIdCode": 123_456, "ordId": "2510789768709120"})
    );
}

fn algo(kind: AlgoKind) -> PlaceAlgoOrder {
    PlaceAlgoOrder::new("BTC-USDT-SWAP", TdMode::Cross, Side::Sell, AlgoSize::Sz(dec("2")), kind)
}

#[test]
fn strategy_orders_are_written_by_kind() {
    let mut trigger = Trigger::new(dec("25920"), AlgoPx::Market);
    trigger.trigger_px_type = Some(TriggerPxType::Last);
    assert_eq!(
        value(rest(&algo(AlgoKind::Trigger(trigger)))),
        json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "sell", "sz": "2", "ordType": "trigger",
            "triggerPx": "25920", "orderPx": "-1", "triggerPxType": "last"})
    );
    let mut stop = TpSl::new();
    stop.sl_trigger_px = Some(dec("90"));
    stop.sl_ord_px = Some(AlgoPx::Limit(dec("89.5")));
    let mut order = algo(AlgoKind::Conditional(stop));
    order.size = AlgoSize::WholePosition;
    order.reduce_only = Some(true);
    assert_eq!(
        value(rest(&order)),
        json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "sell", "closeFraction": "1", "ordType": "conditional",
            "slTriggerPx": "90", "slOrdPx": "89.5", "reduceOnly": true})
    );
    let trailing = TrailingStop { callback: Distance::Ratio(dec("0.05")), active_px: Some(dec("100")) };
    let json = value(rest(&algo(AlgoKind::MoveOrderStop(trailing))));
    assert_eq!(
        (&json["ordType"], &json["callbackRatio"], &json["activePx"]),
        (&json!("move_order_stop"), &json!("0.05"), &json!("100"))
    );
    assert!(json.get("callbackSpread").is_none());
    let twap = Twap {
        distance: Distance::Spread(dec("10")),
        sz_limit: dec("1"),
        px_limit: dec("100"),
        time_interval_secs: 10,
    };
    let json = value(rest(&algo(AlgoKind::Twap(twap))));
    assert_eq!((&json["pxSpread"], &json["timeInterval"]), (&json!("10"), &json!("10")));
    for (kind, name) in [
        (AlgoKind::Oco(TpSl::new()), "oco"),
        (AlgoKind::Chase(Chase::new()), "chase"),
        (AlgoKind::SmartIceberg(SmartIceberg::new(dec("1"), "4", "mid", dec("100"))), "smart_iceberg"),
    ] {
        assert_eq!(value(rest(&algo(kind)))["ordType"], name);
    }
}

#[test]
fn strategy_orders_have_no_websocket_operation() {
    let order = algo(AlgoKind::Trigger(Trigger::new(dec("1"), AlgoPx::Market)));
    assert!(matches!(ws(&order, Some(7)), Err(WsArgError::RestOnly(_))));
    let cancel = CancelAlgoOrder::new("BTC-USDT", AlgoId::new("590919993110396111"));
    assert!(matches!(ws(&cancel, Some(7)), Err(WsArgError::RestOnly(_))));
    assert_eq!(value(rest(&cancel)), json!({"instId": "BTC-USDT", "algoId": "590919993110396111"}));
    let mut amend = AmendAlgoOrder::new("BTC-USDT", AlgoClOrdId::new("a1"));
    amend.new_trigger_px = Some(dec("101"));
    amend.new_ord_px = Some(AlgoPx::Market);
    assert_eq!(
        value(rest(&amend)),
        json!({"instId": "BTC-USDT", "algoClOrdId": "a1", "newTriggerPx": "101", "newOrdPx": "-1"})
    );
}

#[test]
fn the_rest_of_the_operations() {
    let mut mass = MassCancel::family("BTC-USD");
    mass.lock_interval = Some(1_000);
    assert_eq!(value(&mass), json!({"instType": "OPTION", "instFamily": "BTC-USD", "lockInterval": "1000"}));
    assert_eq!(value(MassCancel::family("BTC-USD")), json!({"instType": "OPTION", "instFamily": "BTC-USD"}));
    let mut close = ClosePosition::new("BTC-USDT-SWAP", MgnMode::Cross);
    close.auto_cxl = Some(true);
    assert_eq!(value(rest(&close)), json!({"instId": "BTC-USDT-SWAP", "mgnMode": "cross", "autoCxl": true}));
    assert_eq!(value(CancelAllAfter::arm(10).unwrap()), json!({"timeOut": "10"}));
    assert_eq!(value(CancelAllAfter::disarm()), json!({"timeOut": "0"}));
    assert!(
        CancelAllAfter::arm(9).is_err()
            && CancelAllAfter::arm(121).is_err()
            && CancelAllAfter::arm(300).is_err()
    );
    let mut spread = PlaceSpreadOrder::new("BTC-USDT_BTC-USDT-SWAP", Side::Buy, OrdType::Limit, dec("2"));
    spread.px = Some(dec("-2.15"));
    assert_eq!(
        value(&spread),
        json!({"sprdId": "BTC-USDT_BTC-USDT-SWAP", "side": "buy", "ordType": "limit", "sz": "2", "px": "-2.15"})
    );
}

#[test]
fn ids_and_tags_are_letters_and_digits() {
    assert!(is_legal_id("abcABC123") && is_legal_id(&"a".repeat(32)));
    assert!(!is_legal_id("") && !is_legal_id(&"a".repeat(33)) && !is_legal_id("a-b") && !is_legal_id("é"));
    assert!(is_legal_tag("") && is_legal_tag(&"a".repeat(16)) && !is_legal_tag(&"a".repeat(17)));
}
