//! Orders of an earlier process, and orders that are over for long.

use okx_common::enums::{CancelSource, OrderState};

use super::*;

fn known(id: &str) -> KnownOrder {
    KnownOrder {
        order: NewOrder::of(&limit(id), &InstId::new(INST)),
        venue_id: Some(VenueId::Order(OrdId::new(ord(id)))),
        accepted: true,
        triggered: false,
        pending_cancel: false,
        pending_update: false,
        filled: dec("0.5"),
        trade_ids: vec![TradeId::new("1")],
    }
}

#[test]
fn s26_s27_f95_after_a_restart_a_push_without_a_fill_is_none_and_a_fill_has_its_own_fee() {
    let mut desk = Desk::new();
    desk.tracker.restore(known("a"), desk.now).unwrap();
    desk.push(&OrderRow { acc_fill_sz: Some(dec("0.5")), ..row("a", OrderState::PartiallyFilled) });
    desk.push(&filled("a", "0.5", "1", "0.5"));
    assert_eq!(desk.names(), [""; 0]);
    desk.push(&filled("a", "1", "2", "0.5"));
    let EventKind::Filled(fill) = &desk.events[0].kind else { panic!("a fill") };
    assert_eq!((fill.qty, fill.commission.as_ref().map(|c| c.amount)), (dec("0.5"), Some(dec("0.05"))));
    desk.names();
    desk.assert_settled();
}

#[test]
fn f94_a_process_that_died_between_submission_and_answer() {
    let mut desk = Desk::new();
    let open = KnownOrder {
        accepted: false,
        venue_id: None,
        filled: Decimal::ZERO,
        trade_ids: vec![],
        ..known("a")
    };
    desk.tracker.restore(open.clone(), desk.now).unwrap();
    desk.pass_ms(0);
    let (_, ask) = desk.asks.last().unwrap();
    assert_eq!(
        *ask,
        Ask::Order { inst_id: InstId::new(INST), by: okx_common::ids::ClOrdId::new("a").into() }
    );
    desk.answer(&found(row("a", OrderState::Live)));
    assert_eq!(desk.names(), ["accepted"]);
    let mut desk = Desk::new();
    desk.tracker.restore(open, desk.now).unwrap();
    for _ in 0..20 {
        desk.pass_ms(1_000);
        while !desk.asks.is_empty() {
            desk.answer(&Found::Absent);
        }
    }
    assert_eq!(desk.names(), ["rejected"]);
}

#[test]
fn f93_pending_commands_of_a_dead_process_are_resolved() {
    let mut desk = Desk::new();
    let pending = KnownOrder { pending_cancel: true, pending_update: true, ..known("a") };
    desk.tracker.restore(pending, desk.now).unwrap();
    for _ in 0..50 {
        desk.pass_ms(100);
        while !desk.asks.is_empty() {
            let shown = OrderRow { acc_fill_sz: Some(dec("0.5")), ..row("a", OrderState::PartiallyFilled) };
            desk.answer(&found(shown));
        }
    }
    assert_eq!(desk.names(), ["updated", "cancel_rejected"]);
    desk.assert_settled();
}

#[test]
fn f95_fills_while_the_process_was_down_come_once() {
    let mut desk = Desk::new();
    desk.tracker.restore(known("a"), desk.now).unwrap();
    desk.tracker.reconcile(desk.now);
    desk.drain();
    desk.answer_reconcile(&Lists {
        orders: vec![OrderRow { acc_fill_sz: Some(dec("1.5")), ..row("a", OrderState::PartiallyFilled) }],
        fills: vec![fill_row("a", "1", "0.5"), fill_row("a", "2", "1")],
        ..Lists::default()
    });
    assert_eq!(desk.names(), ["filled"]);
    desk.assert_settled();
}

#[test]
fn closed_orders_are_forgotten_by_time_and_by_count() {
    let mut desk = Desk::new();
    desk.resting("a");
    desk.push(&filled("a", "1", "1", "1"));
    desk.push(&canceled("a", "1", CancelSource::User));
    desk.names();
    // A late fill of a cancelled order is passed on.
    desk.push(&filled("a", "2", "2", "1"));
    assert_eq!(desk.names(), ["filled"]);
    assert_eq!(desk.tracker.len(), 1);
    desk.pass_ms(400_000);
    assert!(desk.tracker.is_empty() && desk.tracker.next_timeout().is_none());
    let config = TrackerConfig { keep_closed_max: 3, ..TrackerConfig::default() };
    let mut tracker = OrderTracker::new(config);
    for n in 0..10 {
        let id = format!("c{n}");
        let request = RequestId(n + 1);
        tracker.submit(NewOrder::of(&limit(&id), &InstId::new(INST)), request, true, desk.now).unwrap();
        tracker.reply(request, &refusal(&id, 51008, "no"), desk.now);
    }
    assert_eq!(tracker.len(), 3);
}

#[test]
fn a_fill_of_an_order_that_was_rejected_is_an_error_and_not_lost() {
    let mut desk = Desk::new();
    let request = desk.submit(&limit("a"));
    desk.reply(request, &refusal("a", 51008, "no"));
    desk.push(&filled("a", "1", "1", "1"));
    assert_eq!(desk.names(), ["submitted", "rejected"]);
    assert_eq!(desk.external.len(), 1);
    assert!(desk.logs.iter().any(|(level, _)| *level == Level::Error));
}
