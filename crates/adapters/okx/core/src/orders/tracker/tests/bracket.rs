//! Brackets: an entry, and the legs that OKX makes of it.

use okx_common::{
    enums::{AlgoState, CancelSource, OrderState},
    order::AlgoTarget,
};

use super::*;
use crate::orders::row::AlgoRow;

fn leg_of(id: &str, leg: Leg) -> NewOrder {
    let order = match leg {
        Leg::TakeProfit => OrderDescription::limit(id, Side::Sell, dec("2"), dec("120")),
        Leg::StopLoss => OrderDescription::stop_market(id, Side::Sell, dec("2"), dec("90")),
    };
    NewOrder::of(&order, &InstId::new(INST)).attached_to(AttachedLeg {
        leg,
        entry: "e".into(),
        algo_cl_ord_id: "sl".into(),
    })
}

/// Entry `e`, take profit `tp`, stop loss `sl`; the strategy order has the stop loss's id.
fn bracket() -> (Desk, RequestId) {
    let mut desk = Desk::new();
    let request = desk.submit(&limit("e"));
    desk.tracker.submit_leg(leg_of("tp", Leg::TakeProfit), desk.now).unwrap();
    desk.tracker.submit_leg(leg_of("sl", Leg::StopLoss), desk.now).unwrap();
    desk.drain();
    assert_eq!(desk.names(), ["submitted", "submitted", "submitted"]);
    (desk, request)
}

fn pair(state: AlgoState) -> AlgoRow {
    AlgoRow {
        inst_id: INST.to_owned(),
        algo_id: "A1".to_owned(),
        algo_cl_ord_id: "sl".to_owned(),
        state: Some(state),
        state_text: state.to_string(),
        sz: Some(dec("2")),
        tp: (Some(dec("120")), Some(dec("120"))),
        sl: (Some(dec("90")), Some(dec("-1"))),
        u_time_ms: Some(1_800_000_000_000),
        ..AlgoRow::default()
    }
}

fn triggered(side: &str) -> AlgoRow {
    AlgoRow { actual_side: side.to_owned(), ord_ids: vec!["555".to_owned()], ..pair(AlgoState::Effective) }
}

fn child_fill() -> OrderRow {
    let mut row = OrderRow {
        ord_id: "555".to_owned(),
        cl_ord_id: String::new(),
        algo_id: "A1".to_owned(),
        algo_cl_ord_id: "sl".to_owned(),
        side: Some(Side::Sell),
        px: Some(dec("120")),
        ..filled("x", "2", "77", "2")
    };
    let fill = row.fill.as_mut().unwrap();
    fill.ord_id = OrdId::new("555");
    fill.side = Some(Side::Sell);
    row
}

impl Desk {
    fn pair(&mut self, row: &AlgoRow) {
        self.tracker.algo_row(row, self.now);
        self.drain();
    }

    fn ids(&mut self) -> Vec<(String, &'static str)> {
        let events = std::mem::take(&mut self.events);
        events.iter().map(|e| (e.cl_ord_id.to_string(), e.kind.name())).collect()
    }
}

fn said(what: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
    what.iter().map(|(id, name)| ((*id).to_owned(), *name)).collect()
}

/// The entry is filled and both legs are alive.
fn live() -> Desk {
    let (mut desk, request) = bracket();
    desk.reply(request, &ack("e", &ord("e")));
    desk.push(&filled("e", "2", "1", "2"));
    desk.pair(&pair(AlgoState::Live));
    assert_eq!(
        desk.ids(),
        said(&[("e", "accepted"), ("e", "filled"), ("tp", "accepted"), ("sl", "accepted")])
    );
    desk
}

#[test]
fn tc_e50_o3_legs_are_accepted_when_they_come_alive() {
    let mut desk = live();
    desk.pair(&pair(AlgoState::Live));
    assert_eq!(desk.names(), [""; 0]);
    desk.assert_settled();
}

#[test]
fn tc_e50_an_entry_that_ends_without_a_fill_takes_its_legs_along() {
    let (mut desk, request) = bracket();
    desk.reply(request, &ack("e", &ord("e")));
    desk.push(&row("e", OrderState::Live));
    desk.push(&canceled("e", "0", CancelSource::User));
    assert_eq!(
        desk.ids(),
        said(&[("e", "accepted"), ("e", "canceled"), ("tp", "canceled"), ("sl", "canceled")])
    );
    desk.assert_settled();
}

#[test]
fn an_entry_that_is_refused_takes_its_legs_along() {
    let (mut desk, request) = bracket();
    desk.reply(request, &refusal("e", 51008, "Insufficient balance"));
    assert_eq!(desk.ids(), said(&[("e", "rejected"), ("tp", "rejected"), ("sl", "rejected")]));
    desk.assert_settled();
}

#[test]
fn tc_e52_one_leg_done_the_other_cancelled() {
    let mut desk = live();
    desk.pair(&triggered("tp"));
    desk.push(&child_fill());
    assert_eq!(desk.ids(), said(&[("sl", "canceled"), ("tp", "filled")]));
    assert_eq!(desk.tracker.open_count(), 0);
    let mut desk = live();
    desk.pair(&triggered("sl"));
    desk.push(&child_fill());
    assert_eq!(desk.ids(), said(&[("tp", "canceled"), ("sl", "filled")]));
    desk.assert_settled();
}

#[test]
fn f111_the_fill_of_a_leg_before_it_is_known_which_one_was_triggered() {
    let mut desk = live();
    desk.push(&child_fill());
    assert_eq!((desk.ids(), desk.external.len()), (vec![], 0), "not guessed, and nobody else's");
    desk.pass_ms(0);
    assert_eq!(desk.asks.len(), 2);
    while !desk.asks.is_empty() {
        desk.answer(&Found::Algo(Box::new(triggered("sl"))));
    }
    assert_eq!(desk.ids(), said(&[("tp", "canceled")]));
    desk.pass_ms(1_000);
    let done = OrderRow { fill: None, ..child_fill() };
    desk.answer(&found(done));
    desk.pass_ms(250);
    let fill = child_fill().fill.unwrap();
    desk.answer_fills(&[fill]);
    assert_eq!(desk.ids(), said(&[("sl", "filled")]));
    desk.assert_settled();
}

#[test]
fn a_leg_cannot_be_cancelled_before_it_is_alive_and_both_go_together_after() {
    let (mut desk, _) = bracket();
    let request = desk.request();
    let refused = desk.tracker.cancel("tp", request, false, desk.now).unwrap_err();
    assert_eq!(refused, CommandRefused::Dormant("tp".into()));
    desk.drain();
    assert_eq!(desk.ids(), said(&[("tp", "cancel_rejected")]));
    let mut desk = live();
    let request = desk.request();
    let target = desk.tracker.cancel("tp", request, false, desk.now).unwrap();
    assert_eq!(target.target, crate::orders::request::TargetKind::Algo(AlgoTarget::AlgoId("A1".into())));
    desk.drain();
    desk.pair(&pair(AlgoState::Canceled));
    assert_eq!(desk.ids(), said(&[("tp", "pending_cancel"), ("tp", "canceled"), ("sl", "canceled")]));
    desk.assert_settled();
}

#[test]
fn legs_that_do_not_come_alive_are_looked_up_and_said_to_be_missing() {
    let (mut desk, _) = bracket();
    desk.push(&filled("e", "2", "1", "2"));
    desk.ids();
    for _ in 0..20 {
        desk.pass_ms(1_000);
        while let Some((_, ask)) = desk.asks.last() {
            assert_eq!(
                *ask,
                Ask::Algo { inst_id: InstId::new(INST), by: AlgoTarget::AlgoClOrdId("sl".into()) }
            );
            desk.answer(&Found::Absent);
        }
    }
    assert!(desk.last_reason().contains("has not come alive"), "{}", desk.last_reason());
    assert_eq!(desk.names(), ["rejected", "rejected"]);
    desk.assert_settled();
}

#[test]
fn f113_an_entry_partly_filled_and_cancelled_asks_what_became_of_the_legs() {
    let (mut desk, _) = bracket();
    desk.push(&filled("e", "1", "1", "1"));
    desk.push(&canceled("e", "1", CancelSource::User));
    desk.ids();
    desk.pass_ms(1_000);
    let smaller = AlgoRow { sz: Some(dec("1")), ..pair(AlgoState::Live) };
    while !desk.asks.is_empty() {
        desk.answer(&Found::Algo(Box::new(smaller.clone())));
    }
    let mut ids = desk.ids();
    ids.sort();
    assert_eq!(ids, said(&[("sl", "accepted"), ("sl", "updated"), ("tp", "accepted"), ("tp", "updated")]));
    desk.assert_settled();
}

#[test]
fn f93_a_bracket_of_an_earlier_process_goes_on() {
    let mut desk = Desk::new();
    let known = |order: NewOrder, accepted: bool| KnownOrder {
        order,
        venue_id: None,
        accepted,
        triggered: false,
        pending_cancel: false,
        pending_update: false,
        filled: Decimal::ZERO,
        trade_ids: vec![],
    };
    let entry = NewOrder::of(&limit("e"), &InstId::new(INST));
    let with_id = KnownOrder { venue_id: Some(VenueId::Order(OrdId::new(ord("e")))), ..known(entry, true) };
    desk.tracker.restore(with_id, desk.now).unwrap();
    desk.tracker.restore(known(leg_of("tp", Leg::TakeProfit), false), desk.now).unwrap();
    desk.tracker.restore(known(leg_of("sl", Leg::StopLoss), false), desk.now).unwrap();
    desk.pass_ms(0);
    assert_eq!(desk.asks, [], "the legs wait for their entry");
    desk.push(&filled("e", "2", "1", "2"));
    desk.pair(&pair(AlgoState::Live));
    assert_eq!(desk.ids(), said(&[("e", "filled"), ("tp", "accepted"), ("sl", "accepted")]));
    desk.assert_settled();
}

#[test]
fn f112_the_partner_of_a_leg_that_fails_is_settled() {
    // Nothing came of it: neither leg is left.
    for state in [AlgoState::OrderFailed, AlgoState::PartiallyFailed] {
        let mut desk = live();
        desk.pair(&AlgoRow { actual_side: "tp".to_owned(), fail_code: "51008".to_owned(), ..pair(state) });
        assert_eq!(desk.ids(), said(&[("tp", "canceled"), ("sl", "canceled")]));
        desk.assert_settled();
    }
    // A part of the take profit was placed: it goes on with that, the stop loss is over.
    let mut desk = live();
    desk.pair(&AlgoRow { state: Some(AlgoState::PartiallyFailed), ..triggered("tp") });
    assert_eq!(desk.ids(), said(&[("sl", "canceled")]));
    desk.push(&child_fill());
    assert_eq!(desk.ids(), said(&[("tp", "filled")]));
    desk.assert_settled();
}
