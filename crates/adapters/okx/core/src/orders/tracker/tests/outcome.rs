//! The outcome rules: what an answer means, and what it does not.

use okx_common::enums::{CancelSource, OrderState};

use super::{super::super::kinds::TimeInForce, *};

#[test]
fn an_accepted_order_is_accepted_once() {
    let mut desk = Desk::new();
    let request = desk.submit(&limit("a"));
    desk.reply(request, &ack("a", &ord("a")));
    desk.push(&row("a", OrderState::Live));
    desk.push(&row("a", OrderState::Live));
    assert_eq!(desk.names(), ["submitted", "accepted"]);
    desk.assert_settled();
}

#[test]
fn tc_e71_s43_a_refused_item_is_rejected_with_code_words_and_sub_code() {
    let mut desk = Desk::new();
    let request = desk.submit(&limit("a"));
    let mut reply = refusal("a", 51008, "Order failed. Insufficient USDT balance");
    reply.items[0].sub_code = "1000".to_owned();
    desk.reply(request, &reply);
    assert_eq!(desk.last_reason(), "51008: Order failed. Insufficient USDT balance (subCode 1000)");
    assert_eq!(desk.names(), ["submitted", "rejected"]);
    desk.assert_settled();
}

#[test]
fn an_item_with_a_code_that_is_not_documented_is_refused_all_the_same() {
    let mut desk = Desk::new();
    let request = desk.submit(&limit("a"));
    desk.reply(request, &refusal("a", 59_999, "something new"));
    assert_eq!(desk.names(), ["submitted", "rejected"]);
}

#[test]
fn one_command_refused_whole_is_rejected() {
    for code in [50014, 51000, 60013] {
        let mut desk = Desk::new();
        let request = desk.submit(&limit("a"));
        desk.reply(request, &whole(code, "Invalid args"));
        assert_eq!(desk.names(), ["submitted", "rejected"], "{code}");
    }
}

#[test]
fn tc_e70_s44_a_crossing_post_only_order_is_rejected_before_acceptance() {
    let mut desk = Desk::new();
    let request = desk.submit(&post_only("a"));
    desk.reply(request, &ack("a", &ord("a")));
    assert_eq!(desk.names(), ["submitted"], "the answer alone does not accept it");
    desk.push(&canceled("a", "0", CancelSource::PostOnly));
    let last = desk.events.last().unwrap();
    assert!(
        matches!(&last.kind, EventKind::Rejected { due_post_only: true, reason } if reason.contains("31"))
    );
    assert_eq!(desk.names(), ["rejected"]);
    desk.push(&canceled("a", "0", CancelSource::PostOnly));
    assert_eq!(desk.names(), [""; 0]);
    desk.assert_settled();
}

#[test]
fn tc_e60_a_post_only_order_is_accepted_when_it_rests() {
    let mut desk = Desk::new();
    let request = desk.submit(&post_only("a"));
    desk.reply(request, &ack("a", &ord("a")));
    desk.push(&row("a", OrderState::Live));
    assert_eq!(desk.names(), ["submitted", "accepted"]);
    // Once it rested, a cancellation is one, whatever the source.
    desk.push(&canceled("a", "0", CancelSource::PostOnly));
    assert_eq!(desk.names(), ["canceled"]);
}

#[test]
fn a_post_only_order_whose_push_is_lost_is_looked_up() {
    let mut desk = Desk::new();
    let request = desk.submit(&post_only("a"));
    desk.reply(request, &ack("a", &ord("a")));
    desk.pass_ms(1_000);
    desk.answer(&found(row("a", OrderState::Live)));
    assert_eq!(desk.names(), ["submitted", "accepted"]);
    desk.assert_settled();
}

#[test]
fn tc_e14_e16_what_does_not_fill_at_once_is_accepted_and_canceled() {
    for (tif, source) in [(TimeInForce::Ioc, CancelSource::Ioc), (TimeInForce::Fok, CancelSource::Fok)] {
        let mut desk = Desk::new();
        desk.submit(&OrderDescription { time_in_force: tif, ..limit("a") });
        desk.push(&canceled("a", "0", source));
        assert_eq!(desk.names(), ["submitted", "accepted", "canceled"]);
    }
}

#[test]
fn an_immediate_order_without_its_end_is_looked_up() {
    let mut desk = Desk::new();
    let request = desk.submit(&OrderDescription::market("a", Side::Buy, dec("2")));
    desk.reply(request, &ack("a", &ord("a")));
    desk.pass_ms(1_000);
    desk.answer(&found(OrderRow { acc_fill_sz: Some(dec("2")), ..row("a", OrderState::Filled) }));
    desk.pass_ms(250);
    desk.answer_fills(&[fill_row("a", "2", "1.5"), fill_row("a", "1", "0.5")]);
    assert_eq!(desk.names(), ["submitted", "accepted", "filled", "filled"]);
    desk.assert_settled();
}

#[test]
fn tc_e40_an_answer_to_a_cancellation_does_not_cancel() {
    let mut desk = Desk::new();
    desk.resting("a");
    let request = desk.cancel("a");
    desk.reply(request, &ack("a", &ord("a")));
    assert_eq!(desk.names(), ["pending_cancel"]);
    desk.push(&canceled("a", "0", CancelSource::User));
    assert_eq!(desk.last_reason(), "cancelSource 1: by the user");
    assert_eq!(desk.names(), ["canceled"]);
    desk.assert_settled();
}

#[test]
fn tc_e44_o1_a_closed_order_is_refused_here_and_nothing_is_sent() {
    let mut desk = Desk::new();
    desk.resting("a");
    desk.push(&canceled("a", "0", CancelSource::User));
    desk.names();
    let request = desk.request();
    let refused = desk.tracker.cancel("a", request, true, desk.now).unwrap_err();
    assert_eq!(refused, CommandRefused::Closed("a".into()));
    let change = ChangeDescription { price: Some(dec("101")), ..ChangeDescription::default() };
    assert!(desk.tracker.amend("a", change, "r1", request, true, desk.now).is_err());
    desk.drain();
    assert_eq!(desk.names(), ["cancel_rejected", "modify_rejected"]);
    let unknown = desk.tracker.cancel("zzz", request, true, desk.now).unwrap_err();
    assert_eq!(unknown, CommandRefused::Unknown("zzz".into()));
}

#[test]
fn tc_e78_s24_refused_items_of_a_batch_are_refused_one_by_one() {
    let mut desk = Desk::new();
    desk.resting("a");
    desk.resting("b");
    let request = desk.request();
    desk.tracker.cancel("a", request, true, desk.now).unwrap();
    desk.tracker.cancel("b", request, true, desk.now).unwrap();
    desk.drain();
    let items = vec![item("b", &ord("b"), 51403, "not cancellable"), item("a", &ord("a"), 0, "")];
    desk.reply(request, &Reply { code: ErrorCode(2), items, ..Reply::default() });
    assert_eq!(desk.events.last().unwrap().cl_ord_id, "b");
    assert_eq!(desk.names(), ["pending_cancel", "pending_cancel", "cancel_rejected"]);
    desk.push(&canceled("a", "0", CancelSource::User));
    assert_eq!(desk.names(), ["canceled"]);
    desk.assert_settled();
}

#[test]
fn tc_e77_a_batch_refused_whole_says_nothing_of_each() {
    let mut desk = Desk::new();
    let request = desk.request();
    for id in ["a", "b"] {
        let new = NewOrder::of(&limit(id), &InstId::new(INST));
        desk.tracker.submit(new, request, true, desk.now).unwrap();
    }
    desk.drain();
    desk.reply(request, &whole(60013, "Invalid args"));
    assert_eq!(desk.names(), ["submitted", "submitted"]);
    desk.pass_ms(0);
    assert_eq!(desk.asks.len(), 2, "both are looked up at once");
    desk.answer(&found(row("b", OrderState::Live)));
    assert_eq!(desk.names(), ["accepted"]);
}

#[test]
fn a_cancellation_refused_is_rejected_and_the_order_goes_on() {
    let mut desk = Desk::new();
    desk.resting("a");
    let request = desk.cancel("a");
    desk.reply(request, &refusal("a", 51404, "call auction"));
    assert_eq!(desk.names(), ["pending_cancel", "cancel_rejected"]);
    desk.push(&filled("a", "2", "1", "2"));
    assert_eq!(desk.names(), ["filled"]);
}

#[test]
fn surely_not_sent_is_rejected_at_once() {
    let mut desk = Desk::new();
    desk.resting("a");
    let why = NotAnswered::NotSent("the connection is not ready".to_owned());
    let request = desk.cancel("a");
    desk.tracker.not_answered(request, &why, desk.now);
    let change = ChangeDescription { price: Some(dec("101")), ..ChangeDescription::default() };
    let request = desk.amend("a", "r1", change);
    desk.tracker.not_answered(request, &why, desk.now);
    let request = desk.submit(&limit("b"));
    desk.tracker.not_answered(request, &why, desk.now);
    desk.drain();
    assert_eq!(
        desk.names(),
        ["pending_cancel", "cancel_rejected", "pending_update", "modify_rejected", "submitted", "rejected"]
    );
    desk.assert_settled();
}

#[test]
fn ids_are_used_once() {
    let mut desk = Desk::new();
    desk.submit(&limit("a"));
    let request = desk.request();
    let again = desk.tracker.submit(NewOrder::of(&limit("a"), &InstId::new(INST)), request, true, desk.now);
    assert_eq!(again, Err(CommandRefused::Duplicate("a".into())));
    desk.drain();
    assert_eq!(desk.names(), ["submitted"]);
}
