use okx_common::{
    decimal::Decimal,
    enums::{AcctLv, MgnMode, PosMode, Side, StpMode},
    ids::{AlgoId, OrdId},
    instrument::InstrumentRow,
    order::{rest, ws},
};
use serde_json::{Map, Value, json};

use super::{change::TargetKind, *};
use crate::orders::{
    description::ChangeDescription,
    kinds::{OrderType, TimeInForce, TrailingOffsetType, TriggerType},
    params::OrderParams,
    tracker::Leg,
};

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn instrument(json: Value) -> Instrument {
    serde_json::from_value::<InstrumentRow>(json).unwrap().ready().unwrap()
}

fn spot() -> Instrument {
    instrument(
        json!({"instType": "SPOT", "instId": "BTC-USDT", "baseCcy": "BTC", "quoteCcy": "USDT", "tickSz": "0.1",
        "lotSz": "0.00000001", "minSz": "0.00001", "maxLmtSz": "9999", "maxMktSz": "1000000", "state": "live", "instIdCode": 1}),
    )
}

fn swap() -> Instrument {
    instrument(
        json!({"instType": "SWAP", "instId": "BTC-USDT-SWAP", "uly": "BTC-USDT", "instFamily": "BTC-USDT",
        "settleCcy": "USDT", "ctVal": "0.01", "ctMult": "1", "ctValCcy": "BTC", "ctType": "linear", "tickSz": "0.1",
        "lotSz": "0.01", "minSz": "0.01", "maxLmtSz": "1000", "maxMktSz": "500", "maxTriggerSz": "800", "state": "live",
        "instIdCode": 10459}),
    )
}

fn option() -> Instrument {
    instrument(
        json!({"instType": "OPTION", "instId": "BTC-USD-261225-90000-C", "uly": "BTC-USD", "instFamily": "BTC-USD",
        "settleCcy": "BTC", "ctVal": "1", "ctMult": "0.01", "ctValCcy": "BTC", "optType": "C", "stk": "90000",
        "tickSz": "0.0001", "lotSz": "1", "minSz": "1", "state": "live", "instIdCode": 5, "expTime": "1798185600000"}),
    )
}

fn account(lv: AcctLv) -> AccountContext {
    AccountContext { acct_lv: lv, ..AccountContext::default() }
}

fn params(json: Value) -> OrderParams {
    let Value::Object(map) = json else { panic!("an object") };
    let (params, unknown) = OrderParams::from_json(&map).unwrap();
    assert_eq!(unknown, [""; 0]);
    params
}

fn wire(order: &OrderDescription, on: &Instrument, account: &AccountContext) -> Value {
    match prepare(order, on, account, None).unwrap().order {
        PreparedOrder::Ordinary(place) => serde_json::to_value(rest(&*place)).unwrap(),
        PreparedOrder::Algo(place) => serde_json::to_value(rest(&*place)).unwrap(),
    }
}

fn denied(order: &OrderDescription, on: &Instrument, account: &AccountContext) -> Denial {
    prepare(order, on, account, None).unwrap_err()
}

fn market(side: Side) -> OrderDescription {
    OrderDescription::market("c1", side, dec("1"))
}

fn limit(side: Side) -> OrderDescription {
    OrderDescription::limit("c1", side, dec("1"), dec("100.1"))
}

fn futures() -> AccountContext {
    account(AcctLv::Futures)
}

#[test]
fn tc_e01_spot_market_orders_count_in_base() {
    let json = wire(&market(Side::Buy), &spot(), &account(AcctLv::Spot));
    assert_eq!(
        json,
        json!({"instId": "BTC-USDT", "tdMode": "cash", "side": "buy", "ordType": "market", "sz": "1", "clOrdId": "c1",
            "tgtCcy": "base_ccy"})
    );
    assert_eq!(wire(&market(Side::Sell), &spot(), &futures())["tgtCcy"], "base_ccy");
    // In the multi-currency modes spot orders are cross.
    let json = wire(&market(Side::Buy), &spot(), &account(AcctLv::MultiCurrency));
    assert_eq!((&json["tdMode"], &json["tgtCcy"]), (&json!("cross"), &json!("base_ccy")));
}

#[test]
fn tc_e03_market_ioc_and_tc_e04_market_fok() {
    let ioc = OrderDescription { time_in_force: TimeInForce::Ioc, ..market(Side::Buy) };
    assert_eq!(wire(&ioc, &spot(), &futures())["ordType"], "market");
    assert_eq!(wire(&ioc, &swap(), &futures())["ordType"], "optimal_limit_ioc");
    let fok = OrderDescription { time_in_force: TimeInForce::Fok, ..market(Side::Buy) };
    assert_eq!(denied(&fok, &swap(), &futures()), Denial::TimeInForce(OrderType::Market, TimeInForce::Fok));
}

#[test]
fn tc_e05_s31_quote_quantity_is_for_spot_market_orders_and_margin_buys() {
    let quote = |side| OrderDescription { quote_quantity: true, quantity: dec("100.5"), ..market(side) };
    for side in [Side::Buy, Side::Sell] {
        let json = wire(&quote(side), &spot(), &futures());
        assert_eq!((&json["tgtCcy"], &json["sz"]), (&json!("quote_ccy"), &json!("100.5")));
        assert!(matches!(denied(&quote(side), &swap(), &futures()), Denial::QuoteQuantity(Product::Swap, _)));
    }
    let of_limit = OrderDescription { quote_quantity: true, ..limit(Side::Buy) };
    assert_eq!(denied(&of_limit, &spot(), &futures()), Denial::QuoteQuantityOfLimit);
    // With borrowed money buys count in quote and sales in base, and nothing else can be said.
    let margin = AccountContext { spot_margin: true, ..futures() };
    let json = wire(&quote(Side::Buy), &spot(), &margin);
    assert_eq!((&json["tdMode"], json.get("tgtCcy"), &json["sz"]), (&json!("cross"), None, &json!("100.5")));
    assert_eq!(denied(&market(Side::Buy), &spot(), &margin), Denial::MarginBuyInBase);
    assert_eq!(denied(&quote(Side::Sell), &spot(), &margin), Denial::MarginSellInQuote);
    assert_eq!(wire(&market(Side::Sell), &spot(), &margin)["sz"], "1");
}

#[test]
fn tc_e10_to_e16_limit_orders() {
    let json = wire(&limit(Side::Buy), &swap(), &futures());
    assert_eq!(
        json,
        json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "ordType": "limit", "sz": "1", "px": "100.1",
            "clOrdId": "c1"})
    );
    for (tif, word) in [(TimeInForce::Ioc, "ioc"), (TimeInForce::Fok, "fok"), (TimeInForce::Gtc, "limit")] {
        let order = OrderDescription { time_in_force: tif, ..limit(Side::Sell) };
        assert_eq!(wire(&order, &swap(), &futures())["ordType"], word);
    }
}

#[test]
fn tc_e17_e19_e73_s42_times_in_force_that_okx_does_not_have() {
    let with = |tif| OrderDescription { time_in_force: tif, ..limit(Side::Buy) };
    let denial = denied(&with(TimeInForce::Gtd), &swap(), &futures());
    assert!(denial == Denial::Gtd && denial.to_string().contains("strategy"), "{denial}");
    for tif in [TimeInForce::Day, TimeInForce::AtTheOpen, TimeInForce::AtTheClose] {
        assert_eq!(denied(&with(tif), &swap(), &futures()), Denial::Session(tif));
    }
    let resting = AccountContext { gtd_as_gtc: true, ..futures() };
    assert_eq!(wire(&with(TimeInForce::Gtd), &swap(), &resting)["ordType"], "limit");
}

#[test]
fn tc_e20_to_e27_stops_and_touches_are_trigger_orders() {
    let stop = OrderDescription::stop_market("c1", Side::Buy, dec("1"), dec("110"));
    assert_eq!(
        wire(&stop, &swap(), &futures()),
        json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "buy", "sz": "1", "ordType": "trigger", "triggerPx": "110",
            "orderPx": "-1", "triggerPxType": "last", "algoClOrdId": "c1"})
    );
    let touch = OrderDescription {
        order_type: OrderType::LimitIfTouched,
        price: Some(dec("99.9")),
        trigger_type: TriggerType::MarkPrice,
        time_in_force: TimeInForce::Ioc,
        ..stop.clone()
    };
    let json = wire(&touch, &swap(), &futures());
    assert_eq!(
        (&json["orderPx"], &json["triggerPxType"], &json["advanceOrdType"]),
        (&json!("99.9"), &json!("mark"), &json!("ioc"))
    );
    assert_eq!(denied(&touch, &spot(), &futures()), Denial::SpotTriggerType(TriggerType::MarkPrice));
    assert_eq!(wire(&stop, &spot(), &futures())["tgtCcy"], "base_ccy");
    let margin = AccountContext { spot_margin: true, ..account(AcctLv::MultiCurrency) };
    assert_eq!(denied(&stop, &spot(), &margin), Denial::OrderTypeOn(Product::Margin, OrderType::StopMarket));
    let by_quotes = OrderDescription { trigger_type: TriggerType::BidAsk, ..stop };
    assert_eq!(denied(&by_quotes, &swap(), &futures()), Denial::TriggerType(TriggerType::BidAsk));
}

#[test]
fn strategy_orders_go_over_rest_whatever_is_configured() {
    let stop = OrderDescription::stop_market("c1", Side::Buy, dec("1"), dec("110"));
    let prepared = prepare(&stop, &swap(), &futures(), None).unwrap();
    assert_eq!(prepared.route, Route::Http);
    let attached = OrderDescription { params: params(json!({"sl_trigger_px": "90"})), ..limit(Side::Buy) };
    let prepared = prepare(&attached, &swap(), &futures(), None).unwrap();
    assert_eq!(prepared.route, Route::Http);
    let PreparedOrder::Ordinary(place) = prepared.order else { panic!("an ordinary order") };
    assert!(ws(&*place, Some(1)).is_err());
}

#[test]
fn trailing_stops() {
    let trailing = |offset: &str, kind| OrderDescription {
        order_type: OrderType::TrailingStopMarket,
        trailing_offset: Some(dec(offset)),
        trailing_offset_type: kind,
        activation_price: Some(dec("120")),
        reduce_only: true,
        ..market(Side::Sell)
    };
    let json = wire(&trailing("50", TrailingOffsetType::BasisPoints), &swap(), &futures());
    assert_eq!(
        (&json["ordType"], &json["callbackRatio"], &json["activePx"], &json["reduceOnly"]),
        (&json!("move_order_stop"), &json!("0.005"), &json!("120"), &json!(true))
    );
    assert_eq!(
        wire(&trailing("25", TrailingOffsetType::Ticks), &swap(), &futures())["callbackSpread"],
        "2.5"
    );
    assert_eq!(wire(&trailing("7", TrailingOffsetType::Price), &swap(), &futures())["callbackSpread"], "7");
    let tiers = trailing("1", TrailingOffsetType::PriceTier);
    assert_eq!(denied(&tiers, &swap(), &futures()), Denial::TrailingOffset(TrailingOffsetType::PriceTier));
    let limit = OrderDescription { order_type: OrderType::TrailingStopLimit, ..tiers };
    assert_eq!(denied(&limit, &swap(), &futures()), Denial::OrderType(OrderType::TrailingStopLimit));
}

#[test]
fn a_stop_can_close_the_whole_position() {
    let mut stop = OrderDescription::stop_market("c1", Side::Sell, dec("1"), dec("90"));
    stop.reduce_only = true;
    stop.params = params(json!({"close_fraction": "1", "cxl_on_close_pos": true}));
    let json = wire(&stop, &swap(), &futures());
    assert_eq!(
        json,
        json!({"instId": "BTC-USDT-SWAP", "tdMode": "cross", "side": "sell", "closeFraction": "1", "ordType": "conditional",
            "slTriggerPx": "90", "slOrdPx": "-1", "slTriggerPxType": "last", "cxlOnClosePos": true, "algoClOrdId": "c1",
            "reduceOnly": true})
    );
    stop.order_type = OrderType::MarketIfTouched;
    assert_eq!(wire(&stop, &swap(), &futures())["tpTriggerPx"], "90");
    assert!(matches!(denied(&stop, &spot(), &futures()), Denial::ReduceOnly(..) | Denial::Param(..)));
}

#[test]
fn tc_e60_post_only() {
    let order = OrderDescription { post_only: true, ..limit(Side::Buy) };
    assert_eq!(wire(&order, &swap(), &futures())["ordType"], "post_only");
    let ioc = OrderDescription { time_in_force: TimeInForce::Ioc, ..order.clone() };
    assert!(matches!(denied(&ioc, &swap(), &futures()), Denial::PostOnly(_)));
    let stop = OrderDescription {
        post_only: true,
        ..OrderDescription::stop_market("c1", Side::Buy, dec("1"), dec("110"))
    };
    assert!(matches!(denied(&stop, &swap(), &futures()), Denial::PostOnly(_)));
}

#[test]
fn tc_e61_s20_reduce_only_is_on_the_wire_for_every_product_that_has_it() {
    let order = OrderDescription { reduce_only: true, ..limit(Side::Sell) };
    assert_eq!(wire(&order, &swap(), &futures())["reduceOnly"], true);
    let at_market = OrderDescription { reduce_only: true, ..market(Side::Sell) };
    assert_eq!(wire(&at_market, &swap(), &futures())["reduceOnly"], true);
    let margin = AccountContext { spot_margin: true, ..futures() };
    assert_eq!(wire(&order, &spot(), &margin)["reduceOnly"], true);
    // A sale for cash cannot do more than reduce; a purchase can.
    assert_eq!(wire(&order, &spot(), &futures()).get("reduceOnly"), None);
    let buy = OrderDescription { side: Side::Buy, ..order.clone() };
    assert!(matches!(denied(&buy, &spot(), &futures()), Denial::ReduceOnly(Product::Spot, _)));
    let on_option = OrderDescription { price: Some(dec("0.01")), ..order };
    assert!(matches!(denied(&on_option, &option(), &futures()), Denial::ReduceOnly(Product::Option, _)));
}

#[test]
fn p4_s45_in_long_short_mode_every_order_has_its_side() {
    let hedge = AccountContext { pos_mode: PosMode::LongShort, ..futures() };
    for (side, reduce_only, want) in [
        (Side::Buy, false, "long"),
        (Side::Sell, true, "long"),
        (Side::Sell, false, "short"),
        (Side::Buy, true, "short"),
    ] {
        let order = OrderDescription { reduce_only, ..limit(side) };
        let json = wire(&order, &swap(), &hedge);
        assert_eq!((&json["posSide"], json.get("reduceOnly")), (&json!(want), None), "{side} {reduce_only}");
        let stop = OrderDescription {
            reduce_only,
            ..OrderDescription::stop_market("c1", side, dec("1"), dec("110"))
        };
        assert_eq!(wire(&stop, &swap(), &hedge)["posSide"], want);
    }
    let closing = OrderDescription { params: params(json!({"pos_side": "long"})), ..limit(Side::Sell) };
    assert_eq!(wire(&closing, &swap(), &hedge)["posSide"], "long");
    let wrong = OrderDescription { params: params(json!({"pos_side": "net"})), ..limit(Side::Sell) };
    assert!(matches!(denied(&wrong, &swap(), &hedge), Denial::PosSide(_)));
    let opening = OrderDescription {
        params: params(json!({"pos_side": "short"})),
        reduce_only: true,
        ..limit(Side::Sell)
    };
    assert!(matches!(denied(&opening, &swap(), &hedge), Denial::PosSide(_)));
    assert_eq!(wire(&limit(Side::Buy), &spot(), &hedge).get("posSide"), None);
    assert!(matches!(denied(&closing, &swap(), &futures()), Denial::PosSide(_)));
}

#[test]
fn tc_e62_display_quantity() {
    let order = OrderDescription { display_qty: Some(dec("0.1")), ..limit(Side::Buy) };
    assert_eq!(denied(&order, &swap(), &futures()), Denial::DisplayQuantity);
}

#[test]
fn tc_e63_parameters_are_on_the_wire_and_bad_ones_are_named() {
    let order = OrderDescription {
        params: params(
            json!({"td_mode": "isolated", "tag": "abc", "stp_mode": "cancel_both", "px_amend_type": 1,
            "rpi_taker_access": "true"}),
        ),
        ..limit(Side::Buy)
    };
    let json = wire(&order, &swap(), &futures());
    assert_eq!(
        json,
        json!({"instId": "BTC-USDT-SWAP", "tdMode": "isolated", "side": "buy", "ordType": "limit", "sz": "1", "px": "100.1",
            "clOrdId": "c1", "tag": "abc", "stpMode": "cancel_both", "pxAmendType": "1", "rpiTakerAccess": true})
    );
    let market = OrderDescription {
        params: params(json!({"slippage_pct": "0.01", "ban_amend": true, "trade_quote_ccy": "USDC"})),
        ..market(Side::Buy)
    };
    let json = wire(&market, &spot(), &futures());
    assert_eq!(
        (&json["slippagePct"], &json["banAmend"], &json["tradeQuoteCcy"]),
        (&json!("0.01"), &json!(true), &json!("USDC"))
    );
    for (key, value) in [
        ("td_mode", json!("crosss")),
        ("tag", json!("no spaces")),
        ("slippage_pct", json!("0.06")),
        ("slippage_pct", json!("0.01234")),
        ("px_usd", json!("-1")),
        ("px_vol", json!("abc")),
        ("outcome", json!("maybe")),
        ("route", json!("pigeon")),
        ("ban_amend", json!("perhaps")),
        ("ord_type", json!("market")),
        ("tag", json!({})),
    ] {
        let error = OrderParams::from_json(&Map::from_iter([(key.to_owned(), value)])).unwrap_err();
        assert!(error.to_string().contains(key), "{error}");
    }
    let (_, unknown) = OrderParams::from_json(&Map::from_iter([
        ("colour".to_owned(), json!("red")),
        ("tag".to_owned(), json!("a")),
    ]))
    .unwrap();
    assert_eq!(unknown, ["colour"]);
}

#[test]
fn tc_e72_unsupported_types() {
    for kind in [OrderType::MarketToLimit, OrderType::TrailingStopLimit] {
        let order = OrderDescription { order_type: kind, ..limit(Side::Buy) };
        assert_eq!(denied(&order, &swap(), &futures()), Denial::OrderType(kind));
    }
}

#[test]
fn tc_e90_to_e96_options() {
    let order = OrderDescription { price: Some(dec("0.0123")), ..limit(Side::Buy) };
    let json = wire(&order, &option(), &account(AcctLv::MultiCurrency));
    assert_eq!(
        (&json["px"], &json["tdMode"], json.get("posSide")),
        (&json!("0.0123"), &json!("cross"), None)
    );
    for (params_json, field) in [(json!({"px_usd": "120.5"}), "pxUsd"), (json!({"px_vol": "0.55"}), "pxVol")]
    {
        let priced = OrderDescription { params: params(params_json), ..order.clone() };
        let json = wire(&priced, &option(), &account(AcctLv::MultiCurrency));
        assert!(json.get(field).is_some() && json.get("px").is_none(), "exactly one price: {json}");
        assert!(matches!(denied(&priced, &swap(), &futures()), Denial::Step { .. } | Denial::Param(..)));
    }
    let both = OrderDescription { params: params(json!({"px_usd": "1", "px_vol": "1"})), ..order };
    assert!(matches!(denied(&both, &option(), &futures()), Denial::Param(..)));
    assert_eq!(denied(&market(Side::Buy), &option(), &futures()), Denial::NoMarket(Product::Option));
    for kind in [
        OrderType::StopMarket,
        OrderType::StopLimit,
        OrderType::MarketIfTouched,
        OrderType::LimitIfTouched,
        OrderType::TrailingStopMarket,
    ] {
        let order = OrderDescription { order_type: kind, ..market(Side::Buy) };
        let denial = denied(&order, &option(), &futures());
        assert!(denial.to_string().contains(kind.as_str()), "{denial}");
    }
}

#[test]
fn sizes_and_prices_are_checked_against_the_instrument() {
    let sized = |sz: &str| OrderDescription { quantity: dec(sz), ..limit(Side::Buy) };
    assert!(matches!(denied(&sized("0.005"), &swap(), &futures()), Denial::Step { what: "quantity", .. }));
    assert!(matches!(denied(&sized("0"), &swap(), &futures()), Denial::NotPositive { .. }));
    assert!(matches!(denied(&sized("0.000001"), &spot(), &futures()), Denial::BelowMin { .. }));
    assert!(matches!(denied(&sized("1001"), &swap(), &futures()), Denial::AboveMax { kind: "limit", .. }));
    // S58: the most of a market order is its own, and for pairs it is in USDT.
    assert!(prepare(&sized("900"), &swap(), &futures(), None).is_ok());
    let at_market = OrderDescription::market("c1", Side::Buy, dec("900"));
    assert!(matches!(denied(&at_market, &swap(), &futures()), Denial::AboveMax { kind: "market", .. }));
    assert!(prepare(&at_market, &spot(), &futures(), None).is_ok());
    let priced = |px: &str| OrderDescription { price: Some(dec(px)), ..limit(Side::Buy) };
    assert!(matches!(denied(&priced("100.15"), &swap(), &futures()), Denial::Step { what: "price", .. }));
    assert!(matches!(denied(&priced("-1"), &swap(), &futures()), Denial::NotPositive { what: "price", .. }));
    assert!(matches!(
        denied(&priced(&format!("1.{}", "0".repeat(31))), &swap(), &futures()),
        Denial::TooLong { .. }
    ));
    let no_price = OrderDescription { price: None, ..limit(Side::Buy) };
    assert_eq!(denied(&no_price, &swap(), &futures()), Denial::Missing(OrderType::Limit, "price"));
    let band = PriceBand { buy_max: dec("100"), sell_min: dec("101") };
    let over = prepare(&limit(Side::Buy), &swap(), &futures(), Some(band)).unwrap_err();
    assert!(matches!(over, Denial::AboveBand { .. }) && over.to_string().contains("51006"));
    let under = prepare(&limit(Side::Sell), &swap(), &futures(), Some(band)).unwrap_err();
    assert!(matches!(under, Denial::BelowBand { .. }));
}

#[test]
fn f68_without_a_number_the_order_goes_over_rest_or_not_at_all() {
    let unnumbered = Instrument { inst_id_code: None, ..swap() };
    assert_eq!(
        denied(&limit(Side::Buy), &unnumbered, &futures()),
        Denial::NoInstIdCode("BTC-USDT-SWAP".to_owned())
    );
    let over_rest = OrderDescription { params: params(json!({"route": "http"})), ..limit(Side::Buy) };
    assert_eq!(prepare(&over_rest, &unnumbered, &futures(), None).unwrap().route, Route::Http);
    let zero = Instrument { inst_id_code: Some(0), ..swap() };
    assert!(matches!(denied(&limit(Side::Buy), &zero, &futures()), Denial::NoInstIdCode(_)));
}

#[test]
fn trade_modes_follow_the_account() {
    let isolated = AccountContext { margin_mode: Some(MgnMode::Isolated), ..futures() };
    assert_eq!(wire(&limit(Side::Buy), &swap(), &isolated)["tdMode"], "isolated");
    let multi = AccountContext { acct_lv: AcctLv::MultiCurrency, ..isolated };
    assert!(matches!(denied(&limit(Side::Buy), &swap(), &multi), Denial::TdMode { .. }));
    assert!(matches!(denied(&limit(Side::Buy), &swap(), &account(AcctLv::Spot)), Denial::TdMode { .. }));
    // Futures mode wants the margin currency of cross margin orders on pairs.
    let margin = AccountContext { spot_margin: true, ..futures() };
    assert_eq!(wire(&limit(Side::Buy), &spot(), &margin)["ccy"], "USDT");
    let by_param =
        OrderDescription { params: params(json!({"td_mode": "cross", "ccy": "BTC"})), ..limit(Side::Buy) };
    assert_eq!(wire(&by_param, &spot(), &futures())["ccy"], "BTC");
    let cash = OrderDescription { params: params(json!({"td_mode": "cash"})), ..limit(Side::Buy) };
    assert_eq!(wire(&cash, &spot(), &margin)["tdMode"], "cash");
    assert!(matches!(denied(&cash, &swap(), &futures()), Denial::TdMode { .. }));
    let fok = OrderDescription {
        time_in_force: TimeInForce::Fok,
        params: params(json!({"stp_mode": "cancel_both"})),
        ..limit(Side::Buy)
    };
    assert!(matches!(denied(&fok, &swap(), &futures()), Denial::Param("stp_mode", _)));
    let stp = AccountContext { stp_mode: Some(StpMode::CancelTaker), ..futures() };
    assert_eq!(wire(&limit(Side::Buy), &swap(), &stp)["stpMode"], "cancel_taker");
}

#[test]
fn tc_e30_e34_e36_amendments() {
    let target =
        |kind, target| ChangeTarget { order_type: kind, product: Product::Swap, target, px: None, leg: None };
    let plain = target(OrderType::Limit, OrdId::new("9").into());
    let wanted = ChangeDescription { quantity: Some(dec("2")), price: Some(dec("101")), trigger_price: None };
    let PreparedChange::Ordinary(amend) = change(&plain, &wanted, &swap(), "r1").unwrap() else { panic!() };
    assert_eq!(
        serde_json::to_value(ws(&*amend, Some(3)).unwrap()).unwrap(),
        json!({"instIdCode": 3, "ordId": "9", "reqId": "r1", "newSz": "2", "newPx": "101"})
    );
    let option_order = ChangeTarget {
        product: Product::Option,
        px: Some(okx_common::order::Px::Vol(dec("0.5"))),
        ..plain.clone()
    };
    let vol = ChangeDescription { price: Some(dec("0.6")), ..ChangeDescription::default() };
    let PreparedChange::Ordinary(amend) = change(&option_order, &vol, &option(), "r2").unwrap() else {
        panic!()
    };
    assert_eq!(serde_json::to_value(rest(&*amend)).unwrap()["newPxVol"], "0.6");

    let stop = target(OrderType::StopLimit, AlgoId::new("7").into());
    let moved =
        ChangeDescription { trigger_price: Some(dec("111")), price: Some(dec("112")), quantity: None };
    let PreparedChange::Algo(amend) = change(&stop, &moved, &swap(), "r3").unwrap() else { panic!() };
    assert_eq!(
        serde_json::to_value(rest(&*amend)).unwrap(),
        json!({"instId": "BTC-USDT-SWAP", "algoId": "7", "reqId": "r3", "newTriggerPx": "111", "newOrdPx": "112"})
    );
    let trailing = target(OrderType::TrailingStopMarket, AlgoId::new("7").into());
    assert_eq!(
        change(&trailing, &wanted, &swap(), "r").unwrap_err(),
        Denial::NotAmendable(OrderType::TrailingStopMarket)
    );
    let at_market = target(OrderType::StopMarket, TargetKind::from(AlgoId::new("7")));
    assert!(matches!(change(&at_market, &moved, &swap(), "r"), Err(Denial::NoSuchField(_, "price"))));
    assert!(matches!(change(&plain, &moved, &swap(), "r"), Err(Denial::NoSuchField(_, "trigger price"))));
    assert_eq!(
        change(&plain, &ChangeDescription::default(), &swap(), "r").unwrap_err(),
        Denial::NothingToChange
    );
    let odd = ChangeDescription { price: Some(dec("100.05")), ..ChangeDescription::default() };
    assert!(matches!(change(&plain, &odd, &swap(), "r"), Err(Denial::Step { .. })));
}

fn legs() -> (OrderDescription, OrderDescription) {
    let take_profit = OrderDescription {
        price: Some(dec("120")),
        reduce_only: true,
        ..OrderDescription::limit("tp1", Side::Sell, dec("1"), dec("120"))
    };
    let stop_loss = OrderDescription {
        reduce_only: true,
        trigger_type: TriggerType::MarkPrice,
        ..OrderDescription::stop_market("sl1", Side::Sell, dec("1"), dec("90"))
    };
    (take_profit, stop_loss)
}

#[test]
fn tc_e50_to_e53_s29_a_bracket_is_one_order_with_its_legs_attached() {
    let (take_profit, stop_loss) = legs();
    let entry = OrderDescription { post_only: true, ..limit(Side::Buy) };
    let ready = bracket(&entry, Some(&take_profit), Some(&stop_loss), &swap(), &futures(), None).unwrap();
    assert_eq!((ready.entry.route, ready.algo_cl_ord_id.as_str()), (Route::Http, "sl1"));
    let PreparedOrder::Ordinary(place) = &ready.entry.order else { panic!("an ordinary order") };
    let json = serde_json::to_value(rest(&**place)).unwrap();
    assert_eq!(json["ordType"], "post_only");
    assert_eq!(
        json["attachAlgoOrds"],
        json!([{"attachAlgoClOrdId": "sl1", "tpTriggerPx": "120", "tpOrdPx": "120", "tpTriggerPxType": "last",
            "slTriggerPx": "90", "slOrdPx": "-1", "slTriggerPxType": "mark"}])
    );
    assert!(ready.notes.is_empty());
    let maker = OrderDescription { post_only: true, ..take_profit.clone() };
    let ready = bracket(&entry, Some(&maker), None, &swap(), &futures(), None).unwrap();
    assert_eq!((ready.notes.len(), ready.algo_cl_ord_id.as_str()), (1, "tp1"));
    // Without a number the entry still goes: it goes over REST.
    let unnumbered = Instrument { inst_id_code: None, ..swap() };
    assert!(bracket(&entry, Some(&take_profit), Some(&stop_loss), &unnumbered, &futures(), None).is_ok());
}

#[test]
fn brackets_that_okx_would_understand_otherwise_are_denied() {
    let (take_profit, stop_loss) = legs();
    let try_legs = |tp: &OrderDescription, sl: &OrderDescription| {
        bracket(&limit(Side::Buy), Some(tp), Some(sl), &swap(), &futures(), None).unwrap_err()
    };
    let wrong_side = OrderDescription { side: Side::Buy, ..stop_loss.clone() };
    assert!(matches!(try_legs(&take_profit, &wrong_side), Denial::Bracket(_)));
    let other_size = OrderDescription { quantity: dec("2"), ..take_profit.clone() };
    assert!(matches!(try_legs(&other_size, &stop_loss), Denial::Bracket(_)));
    let day = OrderDescription { time_in_force: TimeInForce::Day, ..take_profit.clone() };
    assert!(matches!(try_legs(&day, &stop_loss), Denial::TimeInForce(..)));
    let wrong_type = OrderDescription { order_type: OrderType::TrailingStopMarket, ..stop_loss.clone() };
    assert!(matches!(try_legs(&take_profit, &wrong_type), Denial::Bracket(_)));
    let odd_price = OrderDescription { price: Some(dec("120.05")), ..take_profit.clone() };
    assert!(matches!(try_legs(&odd_price, &stop_loss), Denial::Step { .. }));
    assert!(matches!(
        bracket(&limit(Side::Buy), None, None, &swap(), &futures(), None),
        Err(Denial::Bracket(_))
    ));
    assert!(matches!(
        bracket(&limit(Side::Buy), None, Some(&stop_loss), &spot(), &futures(), None),
        Err(Denial::SpotTriggerType(_))
    ));
    let stop_entry = OrderDescription::stop_market("c1", Side::Buy, dec("1"), dec("110"));
    assert!(matches!(
        bracket(&stop_entry, Some(&take_profit), None, &swap(), &futures(), None),
        Err(Denial::Bracket(_))
    ));
}

#[test]
fn legs_are_amended_by_leg() {
    let target = |kind, leg| ChangeTarget {
        order_type: kind,
        product: Product::Swap,
        target: AlgoId::new("7").into(),
        px: None,
        leg: Some(leg),
    };
    let wire = |target: &ChangeTarget, wanted: &ChangeDescription| {
        let PreparedChange::Algo(amend) = change(target, wanted, &swap(), "r").unwrap() else {
            panic!("algo")
        };
        serde_json::to_value(rest(&*amend)).unwrap()
    };
    let price = ChangeDescription { price: Some(dec("121")), ..ChangeDescription::default() };
    let json = wire(&target(OrderType::Limit, Leg::TakeProfit), &price);
    assert_eq!((&json["newTpTriggerPx"], &json["newTpOrdPx"]), (&json!("121"), &json!("121")));
    let trigger = ChangeDescription { trigger_price: Some(dec("91")), ..ChangeDescription::default() };
    let json = wire(&target(OrderType::StopMarket, Leg::StopLoss), &trigger);
    assert_eq!((&json["newSlTriggerPx"], json.get("newTriggerPx")), (&json!("91"), None));
}

#[test]
fn p7_orders_on_spreads() {
    let spec = SpreadSpec {
        sprd_id: "BTC-USDT_BTC-USDT-SWAP".into(),
        tick_sz: dec("0.1"),
        lot_sz: dec("0.001"),
        min_sz: dec("0.001"),
    };
    let order = OrderDescription { price: Some(dec("-2.1")), ..limit(Side::Buy) };
    assert_eq!(
        serde_json::to_value(spread(&order, &spec, &futures()).unwrap()).unwrap(),
        json!({"sprdId": "BTC-USDT_BTC-USDT-SWAP", "side": "buy", "ordType": "limit", "sz": "1", "px": "-2.1", "clOrdId": "c1"})
    );
    let zero = OrderDescription { price: Some(dec("0")), post_only: true, ..order.clone() };
    assert_eq!(spread(&zero, &spec, &futures()).unwrap().ord_type.as_str(), "post_only");
    let ioc = OrderDescription { time_in_force: TimeInForce::Ioc, ..order.clone() };
    assert_eq!(spread(&ioc, &spec, &futures()).unwrap().ord_type.as_str(), "ioc");
    assert_eq!(spread(&market(Side::Sell), &spec, &futures()).unwrap().ord_type.as_str(), "market");
    let fok = OrderDescription { time_in_force: TimeInForce::Fok, ..order.clone() };
    assert!(matches!(spread(&fok, &spec, &futures()), Err(Denial::TimeInForce(..))));
    let stop = OrderDescription::stop_market("c1", Side::Buy, dec("1"), dec("1"));
    assert!(matches!(spread(&stop, &spec, &futures()), Err(Denial::OrderTypeOn(Product::Spread, _))));
    let reduce = OrderDescription { reduce_only: true, ..order.clone() };
    assert!(matches!(spread(&reduce, &spec, &futures()), Err(Denial::ReduceOnly(..))));
    let odd = OrderDescription { price: Some(dec("0.05")), ..order };
    assert!(matches!(spread(&odd, &spec, &futures()), Err(Denial::Step { .. })));
    let wanted = ChangeDescription { price: Some(dec("-3")), ..ChangeDescription::default() };
    let amend = change_spread(OrdId::new("5").into(), &wanted, &spec, "r1").unwrap();
    assert_eq!(serde_json::to_value(amend).unwrap(), json!({"ordId": "5", "reqId": "r1", "newPx": "-3"}));
}
