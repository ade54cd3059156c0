//! Pushes in any order, twice, or without what they should hold.

use okx_common::enums::{AmendResult, CancelSource, OrderState};

use super::*;
use crate::orders::row::FillHint;

fn fills(desk: &Desk) -> Vec<(String, String)> {
    let of = |event: &OrderEvent| match &event.kind {
        EventKind::Filled(fill) => Some((fill.trade_id.to_string(), fill.qty.to_string())),
        _ => None,
    };
    desk.events.iter().filter_map(of).collect()
}

#[test]
fn f50_s28_the_same_push_twice() {
    let mut desk = Desk::new();
    desk.resting("a");
    for _ in 0..2 {
        desk.push(&filled("a", "1", "1", "1"));
    }
    assert_eq!(desk.names(), ["filled"]);
    for _ in 0..3 {
        desk.push(&canceled("a", "1", CancelSource::User));
    }
    assert_eq!(desk.names(), ["canceled"]);
    desk.push(&row("a", OrderState::Live));
    desk.push(&filled("a", "1", "1", "1"));
    assert_eq!(desk.names(), [""; 0], "a replay after a reconnect");
    desk.assert_settled();
}

#[test]
fn f51_one_trade_id_on_two_own_orders_and_two_instruments() {
    let mut desk = Desk::new();
    desk.resting("a");
    desk.resting("b");
    desk.push(&filled("a", "1", "7", "1"));
    desk.push(&filled("b", "1", "7", "1"));
    assert_eq!(desk.names(), ["filled", "filled"]);
}

#[test]
fn f52_push_before_ack_and_fill_before_ack() {
    let mut desk = Desk::new();
    let request = desk.submit(&limit("a"));
    desk.push(&filled("a", "1", "1", "1"));
    assert_eq!(desk.names(), ["submitted", "accepted", "filled"]);
    desk.push(&row("a", OrderState::Live));
    desk.reply(request, &ack("a", &ord("a")));
    assert_eq!(desk.names(), [""; 0], "a late answer is harmless");
    desk.push(&filled("a", "2", "2", "1"));
    assert_eq!(desk.names(), ["filled"]);
    desk.assert_settled();
}

#[test]
fn f53_fills_out_of_order() {
    let mut desk = Desk::new();
    desk.resting("a");
    desk.push(&filled("a", "2", "2", "1.5"));
    assert_eq!(desk.names(), ["filled"]);
    desk.push(&filled("a", "0.5", "1", "0.5"));
    assert_eq!(desk.names(), ["filled"]);
    desk.assert_settled();
}

#[test]
fn f54_canceled_with_more_filled_than_was_seen_fetches_the_fills_first() {
    let mut desk = Desk::new();
    desk.resting("a");
    desk.push(&filled("a", "0.5", "1", "0.5"));
    desk.push(&canceled("a", "1.5", CancelSource::User));
    assert_eq!(desk.names(), ["filled"]);
    desk.pass_ms(250);
    desk.answer_fills(&[fill_row("a", "1", "0.5"), fill_row("a", "2", "1")]);
    assert_eq!(fills(&desk), [("2".to_owned(), "1".to_owned())]);
    assert_eq!(desk.names(), ["filled", "canceled"]);
    desk.assert_settled();
}

#[test]
fn f54_a_fill_list_that_is_behind_is_asked_for_again() {
    let mut desk = Desk::new();
    desk.resting("a");
    desk.push(&canceled("a", "1", CancelSource::User));
    desk.pass_ms(250);
    desk.answer_fills(&[]);
    assert_eq!(desk.names(), [""; 0]);
    desk.pass_ms(500);
    let (id, _) = desk.take_ask();
    desk.tracker.fills_fetched(id, Err("503".to_owned()), desk.now);
    desk.pass_ms(1_000);
    desk.answer_fills(&[fill_row("a", "1", "1")]);
    assert_eq!(desk.names(), ["filled", "canceled"]);
}

#[test]
fn f55_filled_without_a_fill_completes_and_invents_nothing() {
    let mut desk = Desk::new();
    desk.resting("a");
    let mut last = filled("a", "2", "1", "2");
    last.state = Some(OrderState::PartiallyFilled);
    last.fill.as_mut().unwrap().commission = Commission::of_fee(None, "");
    desk.push(&last);
    let EventKind::Filled(fill) = &desk.events[0].kind else { panic!("a fill") };
    assert_eq!(fill.commission, None, "no fee is not a fee of 0");
    desk.push(&OrderRow { acc_fill_sz: Some(dec("2")), ..row("a", OrderState::Filled) });
    assert_eq!(desk.names(), ["filled"]);
    assert_eq!(desk.tracker.open_count(), 0);
    desk.assert_settled();
}

#[test]
fn an_order_completed_with_less_is_closed_for_the_engine() {
    let mut desk = Desk::new();
    desk.resting("a");
    desk.push(&filled("a", "1", "1", "1"));
    desk.push(&OrderRow { acc_fill_sz: Some(dec("1")), ..row("a", OrderState::Filled) });
    assert_eq!(desk.last_reason(), "OKX completed the order with 1 of 2");
    // With the last fill at hand the quantity is corrected before it.
    desk.resting("b");
    desk.push(&OrderRow { state: Some(OrderState::Filled), ..filled("b", "1.5", "2", "1.5") });
    let quantity = match &desk.events[0].kind {
        EventKind::Updated { quantity, .. } => *quantity,
        other => panic!("{other:?}"),
    };
    assert_eq!((quantity, desk.names()), (dec("1.5"), vec!["updated", "filled"]));
}

#[test]
fn f56_a_cancellation_that_meets_a_fill() {
    let mut desk = Desk::new();
    desk.resting("a");
    let request = desk.cancel("a");
    desk.reply(request, &ack("a", &ord("a")));
    desk.push(&filled("a", "1", "1", "1"));
    desk.push(&canceled("a", "1", CancelSource::User));
    assert_eq!(desk.names(), ["pending_cancel", "filled", "canceled"]);
    // 51400: it was filled before the cancellation came.
    desk.resting("b");
    let request = desk.cancel("b");
    desk.reply(request, &refusal("b", 51400, "Cancellation failed as the order does not exist."));
    assert_eq!(desk.names(), ["pending_cancel"]);
    desk.pass_ms(0);
    desk.answer(&found(OrderRow { acc_fill_sz: Some(dec("2")), ..row("b", OrderState::Filled) }));
    desk.push(&filled("b", "2", "9", "2"));
    assert_eq!(desk.names(), ["filled"], "no CancelRejected");
    desk.assert_settled();
}

#[test]
fn tc_e30_s25_the_push_decides_an_amendment() {
    let mut desk = Desk::new();
    desk.resting("a");
    desk.push(&filled("a", "0.5", "1", "0.5"));
    desk.names();
    let change = ChangeDescription { quantity: Some(dec("3")), price: Some(dec("101")), trigger_price: None };
    let request = desk.amend("a", "r1", change);
    desk.reply(request, &ack("a", &ord("a")));
    assert_eq!(desk.names(), ["pending_update"]);
    let shown = OrderRow {
        sz: Some(dec("3")),
        px: Some(dec("101")),
        acc_fill_sz: Some(dec("0.5")),
        req_id: "r1".to_owned(),
        amend_result: Some(AmendResult::Success),
        u_time_ms: Some(1_800_000_000_005),
        ..row("a", OrderState::PartiallyFilled)
    };
    desk.push(&shown);
    desk.push(&shown);
    let EventKind::Updated { quantity, price, .. } = &desk.events[0].kind else { panic!("updated") };
    assert_eq!((*quantity, *price), (dec("3"), Some(dec("101"))));
    assert_eq!(desk.names(), ["updated"]);
    // An older push does not undo it.
    desk.push(&row("a", OrderState::Live));
    assert_eq!(desk.names(), [""; 0]);
    desk.assert_settled();
}

#[test]
fn f57_an_amendment_that_failed_after_its_ack() {
    let mut desk = Desk::new();
    desk.resting("a");
    let change = ChangeDescription { price: Some(dec("101")), ..ChangeDescription::default() };
    let request = desk.amend("a", "r1", change);
    desk.reply(request, &ack("a", &ord("a")));
    let failed = OrderRow {
        req_id: "r1".to_owned(),
        amend_result: Some(AmendResult::Failure),
        code: "51511".to_owned(),
        msg: "would take".to_owned(),
        ..row("a", OrderState::Live)
    };
    desk.push(&failed);
    desk.push(&failed);
    assert_eq!(desk.last_reason(), "51511: would take");
    assert_eq!(desk.names(), ["pending_update", "modify_rejected"]);
    desk.assert_settled();
}

#[test]
fn f57_51503_looks_up_and_shows_the_real_state() {
    let mut desk = Desk::new();
    desk.resting("a");
    let change = ChangeDescription { price: Some(dec("101")), ..ChangeDescription::default() };
    let request = desk.amend("a", "r1", change);
    desk.reply(request, &refusal("a", 51503, "already filled"));
    assert_eq!(desk.names(), ["pending_update"]);
    desk.pass_ms(0);
    desk.answer(&found(OrderRow { acc_fill_sz: Some(dec("2")), ..row("a", OrderState::Filled) }));
    desk.pass_ms(250);
    desk.answer_fills(&[fill_row("a", "1", "2")]);
    assert_eq!(desk.names(), ["filled"]);
}

#[test]
fn f57_a_size_at_or_below_what_is_filled_completes_the_order() {
    let mut desk = Desk::new();
    desk.resting("a");
    desk.push(&filled("a", "1", "1", "1"));
    desk.names();
    let change = ChangeDescription { quantity: Some(dec("1")), ..ChangeDescription::default() };
    desk.amend("a", "r1", change);
    desk.push(&OrderRow {
        sz: Some(dec("1")),
        acc_fill_sz: Some(dec("1")),
        req_id: "r1".to_owned(),
        amend_result: Some(AmendResult::Success),
        u_time_ms: Some(1_800_000_000_009),
        ..row("a", OrderState::Filled)
    });
    assert_eq!(desk.names(), ["pending_update", "canceled"]);
    assert_eq!(desk.tracker.open_count(), 0);
}

#[test]
fn f58_the_system_cuts_the_size_before_live() {
    let mut desk = Desk::new();
    let request = desk.submit(&post_only("a"));
    desk.reply(request, &ack("a", &ord("a")));
    let cut = OrderRow {
        sz: Some(dec("1")),
        amend_result: Some(AmendResult::Success),
        ..row("a", OrderState::Live)
    };
    desk.push(&cut);
    desk.push(&OrderRow { amend_result: None, ..cut });
    let EventKind::Updated { quantity, .. } = &desk.events[2].kind else { panic!("updated") };
    assert_eq!((*quantity, desk.names()), (dec("1"), vec!["submitted", "accepted", "updated"]));
}

#[test]
fn f59_the_fills_channel_is_a_hint_and_the_fee_comes_from_orders() {
    let mut desk = Desk::new();
    desk.resting("a");
    let hint = FillHint { ord_id: OrdId::new(ord("a")), trade_id: TradeId::new("1") };
    desk.tracker.fill_hint(&hint, desk.now);
    desk.drain();
    assert_eq!(desk.names(), [""; 0]);
    desk.push(&filled("a", "1", "1", "1"));
    let EventKind::Filled(fill) = &desk.events[0].kind else { panic!("a fill") };
    assert_eq!(fill.commission, Some(Commission { amount: dec("0.05"), ccy: "USDT".into() }));
    assert_eq!(desk.names(), ["filled"]);
    // A hint without its push: the push is lost.
    let hint = FillHint { ord_id: OrdId::new(ord("a")), trade_id: TradeId::new("2") };
    desk.tracker.fill_hint(&hint, desk.now);
    desk.pass_ms(1_000);
    desk.answer_fills(&[fill_row("a", "1", "1"), fill_row("a", "2", "0.5")]);
    assert_eq!(desk.names(), ["filled"]);
}

#[test]
fn fees_are_paid_and_rebates_are_earned() {
    let paid = Commission::of_fee(Some(dec("-0.02522168")), "USDT").unwrap();
    assert_eq!((paid.amount.to_string(), paid.ccy.as_str()), ("0.02522168".to_owned(), "USDT"));
    assert_eq!(Commission::of_fee(Some(dec("0.001")), "BTC").unwrap().amount, dec("-0.001"));
    assert_eq!(Commission::of_fee(Some(dec("0")), "BTC").unwrap().amount, Decimal::ZERO);
    assert_eq!(Commission::of_fee(None, "BTC"), None);
    assert_eq!(Commission::of_fee(Some(dec("1")), ""), None);
}

#[test]
fn s30_an_order_in_quote_currency_ends_with_its_quantity_in_base() {
    let mut desk = Desk::new();
    let order =
        OrderDescription { quote_quantity: true, ..OrderDescription::market("a", Side::Buy, dec("300")) };
    let request = desk.submit(&order);
    desk.reply(request, &ack("a", &ord("a")));
    let in_quote =
        |row: OrderRow, state| OrderRow { sz: Some(dec("300")), px: None, state: Some(state), ..row };
    desk.push(&in_quote(filled("a", "1", "1", "1"), OrderState::PartiallyFilled));
    desk.push(&in_quote(filled("a", "1.5", "2", "0.5"), OrderState::PartiallyFilled));
    assert_eq!(fills(&desk).len(), 1, "the last one waits until it is known to be the last");
    desk.push(&in_quote(
        OrderRow { acc_fill_sz: Some(dec("1.5")), ..row("a", OrderState::Filled) },
        OrderState::Filled,
    ));
    let EventKind::Updated { quantity, now_in_base: true, .. } = &desk.events[3].kind else {
        panic!("{:?}", desk.events[3])
    };
    assert_eq!(*quantity, dec("1.5"));
    assert_eq!(fills(&desk), [("1".to_owned(), "1".to_owned()), ("2".to_owned(), "0.5".to_owned())]);
    assert_eq!(desk.names(), ["submitted", "accepted", "filled", "updated", "filled"]);
    desk.assert_settled();
}

#[test]
fn f71_cancellations_by_the_venue_name_their_source() {
    for (source, word) in [
        ("15", "limit"),
        ("32", "self-trade"),
        ("33", "1000"),
        ("39", "market-maker"),
        ("20", "cancel-all-after"),
    ] {
        let mut desk = Desk::new();
        desk.resting("a");
        desk.push(&canceled("a", "0", CancelSource::from(source)));
        assert!(
            desk.last_reason().contains(source) && desk.last_reason().contains(word),
            "{}",
            desk.last_reason()
        );
        assert_eq!(desk.names(), ["canceled"]);
    }
    let mut desk = Desk::new();
    desk.resting("a");
    desk.push(&canceled("a", "0", CancelSource::from("99")));
    assert_eq!(desk.names(), ["canceled"]);
    assert!(desk.logs.iter().any(|(level, text)| *level == Level::Warning && text.contains("99")));
    desk.resting("b");
    desk.push(&OrderRow { cancel_source: None, ..row("b", OrderState::MmpCanceled) });
    assert_eq!(desk.names(), ["canceled"]);
    desk.resting("c");
    desk.push(&canceled("c", "0", CancelSource::OptionExpiry));
    assert_eq!(desk.names(), ["expired"]);
}

#[test]
fn f75_orders_of_others_are_reported_once_each_change() {
    let mut desk = Desk::new();
    let app = OrderRow { cl_ord_id: String::new(), ..row("app", OrderState::Live) };
    desk.push(&app);
    desk.push(&app);
    desk.push(&OrderRow { cl_ord_id: String::new(), ..filled("app", "1", "1", "1") });
    assert_eq!((desk.external.len(), desk.events.len()), (2, 0));
    let request = desk.request();
    assert!(desk.tracker.cancel("app", request, true, desk.now).is_err());
}

#[test]
fn f86_an_unknown_state_is_not_guessed() {
    let mut desk = Desk::new();
    desk.resting("a");
    desk.push(&OrderRow { state: None, u_time_ms: Some(1_800_000_000_004), ..row("a", OrderState::Live) });
    assert_eq!(desk.names(), [""; 0]);
    assert!(desk.logs.iter().any(|(level, text)| *level == Level::Error && text.contains(&ord("a"))));
    desk.pass_ms(0);
    desk.answer(&found(canceled("a", "0", CancelSource::User)));
    assert_eq!(desk.names(), ["canceled"], "what is final is so, however old");
}

#[test]
fn another_order_with_our_id_is_not_ours() {
    let mut desk = Desk::new();
    desk.resting("a");
    let other = OrderRow { ord_id: "77".to_owned(), ..canceled("a", "0", CancelSource::User) };
    desk.push(&other);
    assert_eq!((desk.names().len(), desk.external.len()), (0, 1));
}

/// Found by the simulation: for the engine the order is over with the fill that reaches its quantity, whatever OKX says later.
#[test]
fn tc_e44_a_command_for_an_order_that_is_filled_is_refused_here_though_okx_has_not_said_so() {
    let mut desk = Desk::new();
    desk.resting("a");
    let part = OrderRow { state: Some(OrderState::PartiallyFilled), ..filled("a", "2", "1", "2") };
    desk.push(&part);
    assert_eq!(desk.names(), ["filled"]);
    let request = desk.request();
    assert!(matches!(desk.tracker.cancel("a", request, true, desk.now), Err(CommandRefused::Closed(_))));
    desk.drain();
    assert_eq!(desk.names(), ["cancel_rejected"]);
}
