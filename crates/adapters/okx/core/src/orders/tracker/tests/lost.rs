//! Answers that do not come, or leave the outcome open: looked up, never guessed.

use okx_common::enums::{CancelSource, OrderState};

use super::*;

fn change(price: &str) -> ChangeDescription {
    ChangeDescription { price: Some(dec(price)), ..ChangeDescription::default() }
}

/// The link drops and comes back; what happened in between is listed.
fn reconnect(desk: &mut Desk, lists: &Lists) {
    desk.tracker.link_lost(desk.now);
    desk.drain();
    desk.pass_ms(0);
    desk.tracker.link_ready(desk.now);
    desk.drain();
    desk.answer_reconcile(lists);
}

fn lists(orders: Vec<OrderRow>, fills: Vec<FillRow>) -> Lists {
    Lists { orders, fills, ..Lists::default() }
}

#[test]
fn f10_bytes_left_then_the_link_dropped_and_the_order_was_taken() {
    let mut desk = Desk::new();
    desk.submit(&limit("a"));
    desk.tracker.link_lost(desk.now);
    desk.drain();
    assert_eq!(desk.names(), ["submitted"]);
    desk.pass_ms(0);
    desk.answer(&found(row("a", OrderState::Live)));
    assert_eq!(desk.names(), ["accepted"]);
    desk.tracker.link_ready(desk.now);
    desk.drain();
    desk.answer_reconcile(&lists(vec![row("a", OrderState::Live)], vec![]));
    assert_eq!(desk.names(), [""; 0]);
    desk.assert_settled();
}

#[test]
fn f11_f61_absence_is_believed_after_the_grace_only() {
    let mut desk = Desk::new();
    desk.submit(&limit("a"));
    reconnect(&mut desk, &Lists::default());
    let mut lookups = 0;
    // Every 51603 of the first ten seconds proves nothing.
    for _ in 0..9 {
        desk.pass_ms(1_000);
        while !desk.asks.is_empty() {
            lookups += 1;
            desk.answer(&Found::Absent);
        }
        assert_eq!(desk.names().iter().filter(|n| **n == "rejected").count(), 0);
    }
    assert!((3..=8).contains(&lookups), "{lookups} lookups in nine seconds");
    for _ in 0..12 {
        desk.pass_ms(1_000);
        while !desk.asks.is_empty() {
            desk.answer(&Found::Absent);
        }
    }
    assert!(desk.last_reason().contains("51603"), "{}", desk.last_reason());
    assert_eq!(desk.names(), ["rejected"]);
    desk.assert_settled();
}

#[test]
fn f61_an_order_that_appears_late_is_accepted() {
    let mut desk = Desk::new();
    let request = desk.submit(&limit("a"));
    desk.reply(request, &whole(50011, "Rate limit reached."));
    desk.pass_ms(0);
    desk.answer(&Found::Absent);
    desk.pass_ms(500);
    desk.answer(&Found::Absent);
    desk.pass_ms(2_000);
    desk.answer(&found(row("a", OrderState::Live)));
    assert_eq!(desk.names(), ["submitted", "accepted"]);
    desk.assert_settled();
}

#[test]
fn f11_absence_without_a_private_stream_proves_nothing() {
    let mut desk = Desk::new();
    desk.submit(&limit("a"));
    desk.tracker.link_lost(desk.now);
    desk.drain();
    for _ in 0..30 {
        desk.pass_ms(1_000);
        while !desk.asks.is_empty() {
            desk.answer(&Found::Absent);
        }
    }
    assert_eq!(desk.names(), ["submitted"]);
    assert_eq!(desk.tracker.unresolved(), ["a"]);
    desk.tracker.link_ready(desk.now);
    desk.drain();
    desk.answer_reconcile(&Lists::default());
    desk.pass_ms(10_000);
    while !desk.asks.is_empty() {
        desk.answer(&Found::Absent);
    }
    assert_eq!(desk.names(), ["rejected"]);
}

#[test]
fn f13_f14_ack_then_the_link_dropped_before_live_and_it_filled_meanwhile() {
    let mut desk = Desk::new();
    let request = desk.submit(&post_only("a"));
    desk.reply(request, &ack("a", &ord("a")));
    reconnect(&mut desk, &lists(vec![], vec![fill_row("a", "1", "2")]));
    // The list does not say that this is all of it: the order may have been amended.
    assert_eq!(desk.names(), ["submitted", "accepted"]);
    desk.pass_ms(0);
    desk.answer(&found(OrderRow { acc_fill_sz: Some(dec("2")), ..row("a", OrderState::Filled) }));
    desk.pass_ms(250);
    desk.answer_fills(&[fill_row("a", "1", "2")]);
    assert_eq!((desk.names(), desk.tracker.open_count()), (vec!["filled"], 0));
    desk.assert_settled();
}

#[test]
fn f15_a_cancellation_of_unknown_outcome() {
    // Applied.
    let mut desk = Desk::new();
    desk.resting("a");
    desk.cancel("a");
    desk.tracker.link_lost(desk.now);
    desk.drain();
    desk.pass_ms(0);
    desk.answer(&found(canceled("a", "0", CancelSource::User)));
    assert_eq!(desk.names(), ["pending_cancel", "canceled"]);
    // Not applied: open again, after a grace in which it could still come.
    let mut desk = Desk::new();
    desk.resting("a");
    desk.cancel("a");
    desk.tracker.link_lost(desk.now);
    desk.drain();
    let mut waited = 0;
    while desk.events.len() < 2 {
        desk.pass_ms(100);
        waited += 100;
        while !desk.asks.is_empty() {
            desk.answer(&found(row("a", OrderState::Live)));
        }
        assert!(waited <= 5_000, "the engine's own check comes after 5 s");
    }
    assert!(desk.last_reason().contains("still open") && desk.last_reason().contains("connection was lost"));
    assert_eq!(desk.names(), ["pending_cancel", "cancel_rejected"]);
    assert!(waited >= 3_000);
    // Partly filled.
    desk.cancel("a");
    desk.push(&filled("a", "1", "1", "1"));
    desk.push(&canceled("a", "1", CancelSource::User));
    assert_eq!(desk.names(), ["pending_cancel", "filled", "canceled"]);
    desk.assert_settled();
}

#[test]
fn f15_an_accepted_cancellation_whose_push_is_lost() {
    let mut desk = Desk::new();
    desk.resting("a");
    let request = desk.cancel("a");
    desk.reply(request, &ack("a", &ord("a")));
    desk.pass_ms(1_000);
    desk.answer(&found(canceled("a", "0", CancelSource::User)));
    assert_eq!(desk.names(), ["pending_cancel", "canceled"]);
}

#[test]
fn f16_an_amendment_of_unknown_outcome() {
    let mut desk = Desk::new();
    desk.resting("a");
    desk.amend("a", "r1", change("101"));
    desk.tracker.link_lost(desk.now);
    desk.drain();
    desk.pass_ms(0);
    let shown =
        OrderRow { px: Some(dec("101")), u_time_ms: Some(1_800_000_000_009), ..row("a", OrderState::Live) };
    desk.answer(&found(shown));
    assert_eq!(desk.names(), ["pending_update", "updated"]);
    let mut desk = Desk::new();
    desk.resting("a");
    desk.amend("a", "r1", change("101"));
    desk.tracker.link_lost(desk.now);
    desk.drain();
    for _ in 0..50 {
        desk.pass_ms(100);
        while !desk.asks.is_empty() {
            desk.answer(&found(row("a", OrderState::Live)));
        }
    }
    assert!(desk.last_reason().contains("unchanged"));
    assert_eq!(desk.names(), ["pending_update", "modify_rejected"]);
    desk.assert_settled();
}

#[test]
fn f17_a_batch_of_which_some_were_applied() {
    let mut desk = Desk::new();
    let request = desk.request();
    let ids: Vec<String> = (0..20).map(|n| format!("c{n}")).collect();
    for id in &ids {
        desk.tracker.submit(NewOrder::of(&limit(id), &InstId::new(INST)), request, true, desk.now).unwrap();
    }
    desk.drain();
    let applied: Vec<_> = ids[..12].iter().map(|id| row(id, OrderState::Live)).collect();
    reconnect(&mut desk, &lists(applied, vec![]));
    for _ in 0..20 {
        desk.pass_ms(1_000);
        while !desk.asks.is_empty() {
            desk.answer(&Found::Absent);
        }
    }
    let count = |name: &str, names: &[&str]| names.iter().filter(|n| **n == name).count();
    let names = desk.names();
    assert_eq!((count("accepted", &names), count("rejected", &names)), (12, 8));
    desk.assert_settled();
}

#[test]
fn f18_size_down_meets_fills_while_the_link_is_down() {
    let mut desk = Desk::new();
    desk.resting("a");
    let down = ChangeDescription { quantity: Some(dec("1")), ..ChangeDescription::default() };
    let request = desk.amend("a", "r1", down);
    desk.reply(request, &ack("a", &ord("a")));
    reconnect(&mut desk, &lists(vec![], vec![fill_row("a", "1", "0.4"), fill_row("a", "2", "0.6")]));
    assert_eq!(desk.names(), ["pending_update", "filled", "filled"]);
    desk.pass_ms(1_000);
    desk.answer(&found(OrderRow {
        sz: Some(dec("1")),
        acc_fill_sz: Some(dec("1")),
        ..row("a", OrderState::Filled)
    }));
    assert_eq!(desk.names(), ["canceled"], "what is left of the old size is closed");
    desk.assert_settled();
}

#[test]
fn f19_s39_fills_while_down_come_once_and_in_order() {
    let mut desk = Desk::new();
    desk.resting("a");
    let late = FillRow { ts_ms: Some(1_800_000_000_500), ..fill_row("a", "2", "0.5") };
    let early = fill_row("a", "1", "0.5");
    let open = OrderRow { acc_fill_sz: Some(dec("1")), ..row("a", OrderState::PartiallyFilled) };
    reconnect(&mut desk, &lists(vec![open], vec![late, early]));
    let trades: Vec<_> = desk
        .events
        .iter()
        .filter_map(|e| match &e.kind {
            EventKind::Filled(fill) => Some(fill.trade_id.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(trades, ["1", "2"]);
    desk.names();
    desk.push(&filled("a", "1", "2", "0.5"));
    desk.push(&filled("a", "2", "3", "1"));
    assert_eq!(desk.names(), ["filled"]);
    desk.assert_settled();
}

#[test]
fn f20_f70_cancelled_by_others_while_down() {
    let mut desk = Desk::new();
    desk.resting("a");
    reconnect(&mut desk, &Lists::default());
    desk.pass_ms(0);
    desk.answer(&found(canceled("a", "0", CancelSource::CancelAllAfter)));
    assert!(desk.last_reason().contains("20"));
    assert_eq!(desk.names(), ["canceled"]);
    let foreign =
        FillRow { ord_id: OrdId::new("555"), trade_id: TradeId::new("-1"), ..fill_row("x", "1", "1") };
    for _ in 0..2 {
        reconnect(&mut desk, &lists(vec![], vec![foreign.clone()]));
    }
    assert_eq!(desk.external.len(), 1, "a liquidation is reported once");
}

#[test]
fn f22_lookups_that_fail_go_on_with_growing_pauses() {
    let mut desk = Desk::new();
    desk.resting("a");
    desk.cancel("a");
    desk.tracker.link_lost(desk.now);
    desk.tracker.link_ready(desk.now);
    desk.drain();
    let mut lookups = 0;
    for _ in 0..60 {
        desk.pass_ms(1_000);
        for (id, ask) in std::mem::take(&mut desk.asks) {
            if matches!(ask, Ask::Reconcile { .. }) {
                desk.tracker.reconciled(id, Err("503".to_owned()), desk.now);
            } else {
                lookups += 1;
                desk.tracker.looked_up(id, &Found::Failed("503".to_owned()), desk.now);
            }
            desk.drain();
        }
    }
    assert!((8..=16).contains(&lookups), "{lookups} lookups in a minute");
    assert_eq!(desk.names(), ["pending_cancel"], "nothing is invented");
    assert!(desk.logs.iter().any(|(level, text)| *level == Level::Error && text.contains("reconciliation")));
    desk.pass_ms(10_000);
    desk.asks.retain(|(_, ask)| matches!(ask, Ask::Order { .. }));
    desk.answer(&found(canceled("a", "0", CancelSource::User)));
    assert_eq!(desk.names(), ["canceled"]);
}

#[test]
fn f60_a_duplicate_client_id_is_looked_up_by_that_id() {
    for code in [51016, 50071] {
        // Ours: an earlier copy of it was taken.
        let mut desk = Desk::new();
        let request = desk.submit(&limit("a"));
        desk.reply(request, &refusal("a", code, "Duplicated client order ID"));
        assert_eq!(desk.names(), ["submitted"]);
        desk.pass_ms(0);
        desk.answer(&found(row("a", OrderState::Live)));
        assert_eq!(desk.names(), ["accepted"]);
        // Another order, made long ago.
        let mut desk = Desk::new();
        let request = desk.submit(&limit("a"));
        desk.reply(request, &refusal("a", code, "Duplicated client order ID"));
        desk.pass_ms(0);
        desk.answer(&found(OrderRow { c_time_ms: Some(1_700_000_000_000), ..row("a", OrderState::Live) }));
        assert!(desk.last_reason().contains(&code.to_string()));
        assert_eq!(desk.names(), ["submitted", "rejected"]);
        // None at all.
        let mut desk = Desk::new();
        let request = desk.submit(&limit("a"));
        desk.reply(request, &refusal("a", code, "Duplicated client order ID"));
        for _ in 0..20 {
            desk.pass_ms(1_000);
            while !desk.asks.is_empty() {
                desk.answer(&Found::Absent);
            }
        }
        assert_eq!(desk.names(), ["submitted", "rejected"]);
        desk.assert_settled();
    }
}

#[test]
fn f62_f63_f65_answers_that_leave_the_outcome_open_reject_nothing() {
    for code in
        [50011, 50040, 50061, 60014, 60011, 50001, 50004, 50013, 50026, 50042, 51054, 51149, 51412, 64007]
    {
        for by_item in [false, true] {
            let mut desk = Desk::new();
            desk.resting("r");
            let submit = desk.submit(&limit("a"));
            let cancel = desk.cancel("r");
            let amend = desk.amend("r", "r1", change("101"));
            for (request, id) in [(submit, "a"), (cancel, "r"), (amend, "r")] {
                let reply = if by_item { refusal(id, code, "words") } else { whole(code, "words") };
                desk.reply(request, &reply);
            }
            assert_eq!(desk.names(), ["submitted", "pending_cancel", "pending_update"], "{code}");
            desk.pass_ms(0);
            assert_eq!(desk.asks.len(), 2, "{code}: looked up at once");
            assert!(desk.logs.iter().any(|(_, text)| text.contains(&code.to_string())));
        }
    }
}

#[test]
fn f62_o2_a_throttled_order_that_is_absent_is_rejected_with_the_code() {
    let mut desk = Desk::new();
    let request = desk.submit(&limit("a"));
    desk.reply(
        request,
        &whole(50011, "Rate limit reached. Please refer to API docs and throttle requests accordingly."),
    );
    for _ in 0..20 {
        desk.pass_ms(1_000);
        while !desk.asks.is_empty() {
            desk.answer(&Found::Absent);
        }
    }
    assert!(desk.last_reason().starts_with("50011"), "{}", desk.last_reason());
    assert_eq!(desk.names(), ["submitted", "rejected"]);
}

#[test]
fn f64_no_answer_at_all_and_a_late_one() {
    let mut desk = Desk::new();
    let request = desk.submit(&limit("a"));
    desk.pass_ms(1_999);
    assert_eq!(desk.asks.len(), 0);
    desk.pass_ms(1);
    desk.answer(&found(row("a", OrderState::Live)));
    assert_eq!(desk.names(), ["submitted", "accepted"]);
    desk.reply(request, &ack("a", &ord("a")));
    assert_eq!(desk.names(), [""; 0]);
    // A refusal that comes late still counts as long as nothing else is known.
    let request = desk.submit(&limit("b"));
    desk.pass_ms(5_000);
    desk.reply(request, &refusal("b", 51008, "Insufficient balance"));
    assert_eq!(desk.names(), ["submitted", "rejected"]);
}

#[test]
fn f65_an_error_without_an_id_makes_everything_under_way_doubtful() {
    let mut desk = Desk::new();
    desk.submit(&limit("a"));
    desk.submit(&limit("b"));
    desk.tracker.venue_error(None, ErrorCode(60014), "Requests too frequent", desk.now);
    desk.pass_ms(0);
    assert_eq!(desk.asks.len(), 2);
    assert_eq!(desk.names(), ["submitted", "submitted"]);
}

#[test]
fn f66_batch_answers_are_matched_by_id() {
    let mut desk = Desk::new();
    let request = desk.request();
    for id in ["a", "b", "c", "d"] {
        desk.tracker.submit(NewOrder::of(&limit(id), &InstId::new(INST)), request, true, desk.now).unwrap();
    }
    desk.drain();
    let items = vec![item("c", "", 51008, "no balance"), item("a", &ord("a"), 0, ""), item("x", "1", 0, "")];
    desk.reply(request, &Reply { code: ErrorCode(2), items, ..Reply::default() });
    let ids: Vec<_> = desk.events[4..].iter().map(|e| (e.cl_ord_id.to_string(), e.kind.name())).collect();
    assert_eq!(ids, [("a".to_owned(), "accepted"), ("c".to_owned(), "rejected")]);
    assert!(desk.logs.iter().any(|(_, text)| text.contains("not asked about")));
    desk.pass_ms(0);
    assert_eq!(desk.asks.len(), 2, "b and d are looked up");
    desk.answer(&Found::Absent);
    assert_eq!(desk.tracker.unresolved().len(), 2);
}

#[test]
fn f66_empty_answers_say_nothing() {
    let mut desk = Desk::new();
    let request = desk.submit(&limit("a"));
    desk.reply(request, &whole(0, ""));
    assert_eq!(desk.names(), ["submitted"]);
    let request = desk.submit(&limit("b"));
    let no_code = ReplyItem { cl_ord_id: "b".to_owned(), ..ReplyItem::default() };
    desk.reply(request, &Reply { items: vec![no_code], ..Reply::default() });
    assert_eq!(desk.names(), ["submitted"]);
    assert_eq!(desk.tracker.unresolved().len(), 2);
}

#[test]
fn f67_answers_to_nothing_and_second_answers_are_ignored() {
    let mut desk = Desk::new();
    let request = desk.submit(&limit("a"));
    desk.reply(request, &ack("a", &ord("a")));
    desk.reply(request, &refusal("a", 51008, "no"));
    desk.reply(RequestId(999), &refusal("a", 51008, "no"));
    assert_eq!(desk.names(), ["submitted", "accepted"]);
    assert_eq!(desk.logs.iter().filter(|(level, _)| *level == Level::Warning).count(), 2);
}

#[test]
fn a_refusal_that_contradicts_what_okx_shows_is_looked_up() {
    let mut desk = Desk::new();
    let request = desk.submit(&limit("a"));
    desk.push(&row("a", OrderState::Live));
    desk.reply(request, &refusal("a", 51008, "no"));
    assert_eq!(desk.names(), ["submitted", "accepted"]);
    desk.pass_ms(0);
    assert_eq!(desk.asks.len(), 1);
}

#[test]
fn an_accepted_order_that_okx_has_forgotten_was_cancelled() {
    let mut desk = Desk::new();
    desk.resting("a");
    reconnect(&mut desk, &Lists::default());
    for _ in 0..6 {
        desk.pass_ms(1_000);
        desk.asks.retain(|(_, ask)| matches!(ask, Ask::Order { .. }));
        while !desk.asks.is_empty() {
            desk.answer(&Found::Absent);
            desk.pass_ms(0);
            if matches!(desk.asks.last(), Some((_, Ask::Fills { .. }))) {
                desk.answer_fills(&[fill_row("a", "1", "0.5")]);
            }
        }
    }
    assert_eq!(desk.names(), ["filled", "canceled"]);
    desk.assert_settled();
}

#[test]
fn a_question_that_nobody_answers_is_asked_again() {
    let mut desk = Desk::new();
    desk.resting("a");
    desk.cancel("a");
    desk.tracker.link_lost(desk.now);
    desk.drain();
    desk.pass_ms(0);
    assert_eq!(desk.asks.len(), 1);
    desk.pass_ms(10_000);
    assert_eq!(desk.asks.len(), 2);
    // The answer to the first one is too late, and harmless.
    let (id, _) = desk.asks.remove(0);
    desk.tracker.looked_up(id, &found(canceled("a", "0", CancelSource::User)), desk.now);
    desk.drain();
    assert_eq!(desk.names(), ["pending_cancel"]);
    desk.answer(&found(canceled("a", "0", CancelSource::User)));
    assert_eq!(desk.names(), ["canceled"]);
}

#[test]
fn fills_of_one_millisecond_come_in_the_order_of_their_trades() {
    let mut desk = Desk::new();
    desk.resting("a");
    let fills = ["10", "9", "8"].map(|id| FillRow { sz: dec("0.5"), ..fill_row("a", id, "0.5") });
    reconnect(&mut desk, &lists(vec![row("a", OrderState::PartiallyFilled)], fills.to_vec()));
    let ids: Vec<_> = desk
        .events
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::Filled(fill) => Some(fill.trade_id.as_str().to_owned()),
            _ => None,
        })
        .collect();
    assert_eq!(ids, ["8", "9", "10"]);
}

/// The clock counts from the start of the process: an order of its first second is not younger than the answer.
#[test]
fn an_order_that_is_not_listed_is_looked_up_in_the_first_second_too() {
    let now = Now::new(1_000, 1_800_000_000_000_000_000);
    let mut desk = Desk { tracker: OrderTracker::new(TrackerConfig::default()), now, ..Desk::new() };
    desk.tracker.link_ready(now);
    desk.drain();
    desk.answer_reconcile(&Lists::default());
    desk.resting("a");
    desk.tracker.reconcile(desk.now);
    desk.drain();
    desk.answer_reconcile(&Lists::default());
    desk.pass_ms(0);
    desk.answer(&found(OrderRow {
        cancel_source: Some(CancelSource::User),
        ..row("a", OrderState::Canceled)
    }));
    assert_eq!(desk.names(), ["canceled"]);
}
