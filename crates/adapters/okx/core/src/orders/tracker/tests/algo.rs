//! Strategy orders, and the orders that they make.

use okx_common::{
    enums::{AlgoState, CancelSource, OrderState},
    order::{AlgoTarget, OrderTarget},
};

use super::*;
use crate::orders::{kinds::OrderType, request::TargetKind, row::AlgoRow};

fn stop(id: &str) -> OrderDescription {
    OrderDescription::stop_market(id, Side::Buy, dec("2"), dec("110"))
}

fn stop_limit(id: &str) -> OrderDescription {
    OrderDescription { order_type: OrderType::StopLimit, price: Some(dec("111")), ..stop(id) }
}

fn algo(id: &str, state: AlgoState) -> AlgoRow {
    AlgoRow {
        inst_id: INST.to_owned(),
        algo_id: format!("A{id}"),
        algo_cl_ord_id: id.to_owned(),
        state: Some(state),
        state_text: state.to_string(),
        sz: Some(dec("2")),
        trigger_px: Some(dec("110")),
        u_time_ms: Some(1_800_000_000_000),
        ..AlgoRow::default()
    }
}

/// The order that the strategy order has made.
fn child(id: &str, row: OrderRow) -> OrderRow {
    OrderRow {
        ord_id: ord(id),
        cl_ord_id: String::new(),
        algo_id: format!("A{id}"),
        algo_cl_ord_id: id.to_owned(),
        px: None,
        ..row
    }
}

impl Desk {
    fn algo_push(&mut self, row: &AlgoRow) {
        self.tracker.algo_row(row, self.now);
        self.drain();
    }

    fn waiting(&mut self, order: &OrderDescription) {
        let id = order.cl_ord_id.to_string();
        let request = self.submit(order);
        self.reply(request, &ack(&id, &format!("A{id}")));
        self.algo_push(&algo(&id, AlgoState::Live));
    }
}

#[test]
fn tc_e20_a_stop_is_accepted_with_its_strategy_id_and_filled_through_its_child() {
    let mut desk = Desk::new();
    desk.waiting(&stop("s"));
    let accepted = desk.events.last().unwrap();
    assert_eq!(accepted.venue_id.as_ref().map(VenueId::as_str), Some("As"));
    assert_eq!(desk.names(), ["submitted", "accepted"]);
    let done = AlgoRow { ord_ids: vec![ord("s")], ..algo("s", AlgoState::Effective) };
    desk.algo_push(&done);
    desk.push(&child("s", row("s", OrderState::Live)));
    desk.push(&child("s", filled("s", "2", "1", "2")));
    let last = desk.events.last().unwrap();
    assert_eq!(last.venue_id.as_ref().map(VenueId::as_str), Some(ord("s").as_str()));
    assert_eq!(desk.names(), ["filled"]);
    desk.assert_settled();
}

#[test]
fn tc_e22_a_stop_limit_is_triggered_once() {
    let mut desk = Desk::new();
    desk.waiting(&stop_limit("s"));
    desk.names();
    let done = AlgoRow { ord_ids: vec![ord("s")], ..algo("s", AlgoState::Effective) };
    desk.algo_push(&done);
    desk.algo_push(&done);
    desk.push(&child("s", row("s", OrderState::Live)));
    desk.push(&child("s", filled("s", "1", "1", "1")));
    assert_eq!(desk.names(), ["triggered", "filled"]);
    let target = desk.tracker.target("s").unwrap().target;
    assert_eq!(target, TargetKind::Order(OrderTarget::OrdId(OrdId::new(ord("s")))));
}

#[test]
fn f111_the_child_before_its_strategy_order() {
    let mut desk = Desk::new();
    desk.submit(&stop_limit("s"));
    desk.push(&child("s", filled("s", "1", "1", "1")));
    assert_eq!(desk.names(), ["submitted", "accepted", "triggered", "filled"]);
    desk.algo_push(&AlgoRow { ord_ids: vec![ord("s")], ..algo("s", AlgoState::Effective) });
    desk.algo_push(&algo("s", AlgoState::Live));
    desk.push(&child("s", canceled("s", "1", CancelSource::User)));
    assert_eq!(desk.names(), ["canceled"]);
    assert_eq!(desk.external, [], "one order in the engine, not two");
    desk.assert_settled();
}

#[test]
fn tc_e34_e35_amending_and_cancelling_what_waits() {
    let mut desk = Desk::new();
    desk.waiting(&stop("s"));
    desk.names();
    let change = ChangeDescription { trigger_price: Some(dec("112")), ..ChangeDescription::default() };
    let request = desk.amend("s", "r1", change);
    desk.reply(request, &ack("s", "As"));
    let moved =
        AlgoRow { trigger_px: Some(dec("112")), req_id: "r1".to_owned(), ..algo("s", AlgoState::Live) };
    desk.algo_push(&moved);
    desk.algo_push(&moved);
    let EventKind::Updated { trigger_price, .. } = &desk.events.last().unwrap().kind else {
        panic!("updated")
    };
    assert_eq!((*trigger_price, desk.names()), (Some(dec("112")), vec!["pending_update", "updated"]));
    assert_eq!(desk.tracker.target("s").unwrap().target, TargetKind::Algo(AlgoTarget::AlgoId("As".into())));
    let request = desk.cancel("s");
    desk.reply(request, &ack("s", "As"));
    desk.algo_push(&algo("s", AlgoState::Canceled));
    assert_eq!(desk.names(), ["pending_cancel", "canceled"]);
    desk.assert_settled();
}

#[test]
fn f109_a_strategy_order_of_unknown_outcome_is_looked_up_by_our_id() {
    let mut desk = Desk::new();
    let request = desk.submit(&stop("s"));
    let why = NotAnswered::Unknown("HTTP 502".to_owned());
    desk.tracker.not_answered(request, &why, desk.now);
    desk.drain();
    desk.pass_ms(0);
    let (_, ask) = desk.asks.last().unwrap();
    assert_eq!(*ask, Ask::Algo { inst_id: InstId::new(INST), by: AlgoTarget::AlgoClOrdId("s".into()) });
    desk.answer(&Found::Algo(Box::new(algo("s", AlgoState::Live))));
    assert_eq!(desk.names(), ["submitted", "accepted"]);
    let request = desk.submit(&stop("t"));
    desk.tracker.not_answered(request, &why, desk.now);
    desk.drain();
    for _ in 0..20 {
        desk.pass_ms(1_000);
        while !desk.asks.is_empty() {
            desk.answer(&Found::Absent);
        }
    }
    assert!(desk.last_reason().contains("502"));
    assert_eq!(desk.names(), ["submitted", "rejected"]);
}

#[test]
fn f110_an_item_refused_inside_a_successful_answer() {
    let mut desk = Desk::new();
    let request = desk.submit(&stop("s"));
    desk.reply(request, &Reply { items: vec![item("s", "", 51279, "trigger price")], ..Reply::default() });
    assert_eq!(desk.last_reason(), "51279: trigger price");
    assert_eq!(desk.names(), ["submitted", "rejected"]);
}

#[test]
fn f112_a_strategy_order_whose_order_fails() {
    let mut desk = Desk::new();
    desk.waiting(&stop("s"));
    desk.names();
    desk.algo_push(&AlgoRow { fail_code: "51008".to_owned(), ..algo("s", AlgoState::OrderFailed) });
    assert!(desk.last_reason().contains("51008"));
    assert_eq!(desk.names(), ["canceled"]);
    desk.submit(&stop("t"));
    desk.algo_push(&AlgoRow { fail_code: "51008".to_owned(), ..algo("t", AlgoState::OrderFailed) });
    assert_eq!(desk.names(), ["submitted", "rejected"]);
    desk.assert_settled();
}

#[test]
fn a_triggered_order_whose_pushes_are_lost_is_followed_to_its_end() {
    let mut desk = Desk::new();
    desk.waiting(&stop("s"));
    desk.names();
    desk.algo_push(&AlgoRow { ord_ids: vec![ord("s")], ..algo("s", AlgoState::Effective) });
    desk.pass_ms(1_000);
    let (_, ask) = desk.asks.last().unwrap();
    assert!(matches!(ask, Ask::Order { by: OrderTarget::OrdId(_), .. }), "{ask:?}");
    let done = OrderRow { acc_fill_sz: Some(dec("2")), ..row("s", OrderState::Filled) };
    desk.answer(&found(child("s", done)));
    desk.pass_ms(250);
    desk.answer_fills(&[fill_row("s", "1", "2")]);
    assert_eq!(desk.names(), ["filled"]);
    desk.assert_settled();
}

#[test]
fn a_resized_child_ends_the_order() {
    let mut desk = Desk::new();
    desk.waiting(&stop("s"));
    desk.names();
    let cut =
        OrderRow { sz: Some(dec("1.5")), state: Some(OrderState::Filled), ..filled("s", "1.5", "1", "1.5") };
    desk.push(&child("s", cut));
    assert_eq!(desk.names(), ["updated", "filled"]);
    assert_eq!(desk.tracker.open_count(), 0);
}

#[test]
fn strategy_orders_of_others_are_reported_once() {
    let mut desk = Desk::new();
    desk.algo_push(&algo("x", AlgoState::Live));
    desk.algo_push(&algo("x", AlgoState::Live));
    desk.algo_push(&algo("x", AlgoState::Canceled));
    assert_eq!((desk.external.len(), desk.names().len()), (2, 0));
}

/// Found by the simulation: the amendment showed only in the size of the order that the stop made, and its last fill found no room.
#[test]
fn a_stop_whose_amendment_shows_only_in_its_child_has_the_childs_size() {
    let mut desk = Desk::new();
    desk.waiting(&stop("s"));
    let change = ChangeDescription { quantity: Some(dec("3")), ..ChangeDescription::default() };
    let request = desk.amend("s", "r1", change);
    desk.reply(request, &ack("s", "As"));
    desk.names();
    let sized = |row: OrderRow| OrderRow {
        sz: Some(dec("3")),
        inst_type: Some(okx_common::enums::InstType::Swap),
        ..child("s", row)
    };
    desk.push(&sized(row("s", OrderState::Live)));
    let updated = desk.events.iter().find_map(|event| match &event.kind {
        EventKind::Updated { quantity, .. } => Some(*quantity),
        _ => None,
    });
    assert_eq!(updated, Some(dec("3")));
    let part = OrderRow { state: Some(OrderState::PartiallyFilled), ..filled("s", "2", "1", "2") };
    desk.push(&sized(part));
    desk.push(&sized(OrderRow { state: Some(OrderState::Filled), ..filled("s", "3", "2", "1") }));
    assert_eq!(desk.names(), ["updated", "filled", "filled"]);
    desk.assert_settled();
}

/// Found by the simulation: the push of the amendment was lost, and the one of the trigger answered nothing.
#[test]
fn an_amendment_that_sets_off_the_stop_is_answered() {
    let mut desk = Desk::new();
    desk.waiting(&stop("s"));
    desk.names();
    let change = ChangeDescription { trigger_price: Some(dec("101")), ..ChangeDescription::default() };
    let request = desk.amend("s", "r1", change);
    desk.reply(request, &ack("s", "As"));
    let done =
        AlgoRow { trigger_px: Some(dec("101")), ord_ids: vec![ord("s")], ..algo("s", AlgoState::Effective) };
    desk.algo_push(&done);
    desk.push(&child("s", filled("s", "2", "1", "2")));
    assert_eq!(desk.names(), ["pending_update", "updated", "filled"]);
    desk.assert_settled();
}

/// OKX cuts what a reduce-only stop makes, and counts what is bought of a pair at the market in quote currency.
#[test]
fn a_stop_does_not_take_every_size_of_its_child() {
    for (sz, inst_type) in
        [("1", okx_common::enums::InstType::Swap), ("200", okx_common::enums::InstType::Spot)]
    {
        let mut desk = Desk::new();
        desk.waiting(&stop("s"));
        desk.names();
        let live = row("s", OrderState::Live);
        desk.push(&OrderRow { sz: Some(dec(sz)), inst_type: Some(inst_type), ..child("s", live) });
        assert!(!desk.names().contains(&"updated"), "{sz}");
    }
}

/// It was triggered and filled while the stream was down: whose the fills are, the strategy order tells.
#[test]
fn f111_fills_of_a_gap_wait_for_the_strategy_order_that_made_them() {
    let strange = || FillRow { cl_ord_id: None, side: Some(Side::Buy), ..fill_row("s", "1", "2") };
    for made in [true, false] {
        let mut desk = Desk::new();
        desk.waiting(&stop("s"));
        desk.names();
        desk.pass_ms(5_000);
        desk.tracker.link_lost(desk.now);
        desk.drain();
        desk.tracker.link_ready(desk.now);
        desk.drain();
        desk.answer_reconcile(&Lists { fills: vec![strange()], ..Lists::default() });
        assert!(desk.external.is_empty(), "it is not known yet whose it is");
        desk.pass_ms(0);
        if made {
            let row = AlgoRow { ord_ids: vec![ord("s")], ..algo("s", AlgoState::Effective) };
            desk.answer(&Found::Algo(Box::new(row)));
            assert!(desk.external.is_empty(), "it is ours");
        } else {
            desk.answer(&Found::Algo(Box::new(algo("s", AlgoState::Live))));
            assert_eq!(desk.external.len(), 1, "somebody else's");
            assert_eq!(desk.names(), [""; 0]);
        }
    }
}

/// The strategy order failed with this code, but for the order that it made of a part.
fn partly_failed(id: &str, made: bool) -> AlgoRow {
    let ord_ids = if made { vec![ord(id)] } else { Vec::new() };
    AlgoRow { ord_ids, fail_code: "51008".to_owned(), ..algo(id, AlgoState::PartiallyFailed) }
}

/// The order of a part, filled.
fn part(id: &str) -> OrderRow {
    let row = filled(id, "0.5", "1", "0.5");
    child(id, OrderRow { sz: Some(dec("0.5")), state: Some(OrderState::Filled), ..row })
}

#[test]
fn f112_a_part_that_fails_ends_the_order_with_what_was_filled_and_why() {
    let mut desk = Desk::new();
    desk.waiting(&stop("s"));
    desk.algo_push(&partly_failed("s", true));
    desk.push(&part("s"));
    let last = desk.events.last().unwrap().kind.clone();
    let EventKind::Canceled { reason } = last else { panic!("{last:?}") };
    assert!(reason.contains("0.5 of 2") && reason.contains("51008"), "{reason}");
    assert_eq!(desk.names(), ["submitted", "accepted", "filled", "canceled"]);
    desk.assert_settled();
}

#[test]
fn f112_the_failure_of_a_part_is_said_when_it_comes_last() {
    let mut desk = Desk::new();
    desk.waiting(&stop("s"));
    desk.push(&part("s"));
    desk.algo_push(&partly_failed("s", true));
    assert_eq!(desk.names(), ["submitted", "accepted", "updated", "filled"]);
    assert!(desk.logs.iter().any(|(_, text)| text.contains("51008")), "{:?}", desk.logs);
    desk.assert_settled();
}

#[test]
fn f112_a_failure_without_any_order_ends_it() {
    let mut desk = Desk::new();
    desk.waiting(&stop("s"));
    desk.algo_push(&partly_failed("s", false));
    assert_eq!(desk.names(), ["submitted", "accepted", "canceled"]);
    desk.assert_settled();
}
