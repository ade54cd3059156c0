use okx_common::{clock::NANOS_PER_SECOND, decimal::Decimal};
use okx_ws::{
    message::{BookAction, BookMsg, Level},
    session::Generation,
};
use proptest::prelude::*;

use super::*;

const G1: Generation = Generation(1);
const G2: Generation = Generation(2);

fn level(px: i64, sz: i64) -> Level {
    Level { px: Decimal::from_i64(px), sz: Decimal::from_i64(sz), orders: 1 }
}

fn msg<'a>(action: BookAction, prev: i64, seq: i64, bids: &'a [Level], asks: &'a [Level]) -> BookMsg<'a> {
    BookMsg {
        action,
        asks,
        bids,
        asks_non_rpi: &[],
        bids_non_rpi: &[],
        ts_ms: 0,
        seq_id: Some(seq),
        prev_seq_id: Some(prev),
        checksum: Some(0),
    }
}

fn snapshot<'a>(seq: i64, bids: &'a [Level], asks: &'a [Level]) -> BookMsg<'a> {
    msg(BookAction::Snapshot, -1, seq, bids, asks)
}

fn update<'a>(prev: i64, seq: i64, bids: &'a [Level]) -> BookMsg<'a> {
    msg(BookAction::Update, prev, seq, bids, &[])
}

fn synced(seq: i64) -> BookSync {
    let mut book = BookSync::incremental();
    book.subscribed(G1, 0);
    assert_eq!(book.handle(G1, &snapshot(seq, &[], &[]), 0), Verdict::Snapshot { recovered: false });
    book
}

#[test]
fn the_example_chain_of_the_documentation_is_continuous() {
    let mut book = synced(10);
    let one = [level(1, 1)];
    assert_eq!(book.handle(G1, &update(10, 15, &one), 1), Verdict::Update { touched: None });
    assert_eq!(book.handle(G1, &update(15, 15, &[]), 2), Verdict::Ignore(Ignored::Heartbeat));
    assert_eq!(book.handle(G1, &update(15, 3, &one), 3), Verdict::Update { touched: None });
    assert_eq!(book.handle(G1, &update(3, 5, &one), 4), Verdict::Update { touched: None });
    assert_eq!(book.seq_id(), Some(5));
}

/// F46: where pushes are numbered their numbers decide, as OKX wants it since 2026-06-23.
#[test]
fn a_checksum_counts_only_where_it_is_not_zero_and_there_are_no_numbers() {
    let one = [level(1, 1)];
    for checksum in [Some(0), Some(12_345), None] {
        let mut book = synced(10);
        book.keep_ladder();
        book.subscribed(G2, 1);
        let whole = BookMsg { checksum, ..snapshot(10, &one, &[]) };
        assert_eq!(book.handle(G2, &whole, 1), Verdict::Snapshot { recovered: false }, "{checksum:?}");
        let change = BookMsg { checksum, ..update(10, 11, &one) };
        assert!(matches!(book.handle(G2, &change, 2), Verdict::Update { .. }), "{checksum:?}");
        // As recorded before there were numbers.
        let old = |msg| BookMsg { seq_id: None, prev_seq_id: None, checksum, ..msg };
        let verdict = book.handle(G2, &old(snapshot(0, &one, &[])), 3);
        let is_wrong = checksum == Some(12_345);
        assert_eq!(
            matches!(verdict, Verdict::Gap { reason: GapReason::Checksum { .. }, resubscribe: true }),
            is_wrong
        );
        // One attempt, and the next one after a pause: no storm.
        let verdict = book.handle(G2, &old(snapshot(0, &one, &[])), 4);
        assert_eq!(matches!(verdict, Verdict::Gap { resubscribe: false, .. }), is_wrong, "{verdict:?}");
    }
}

/// F83, F84: a push whose place cannot be told may hide a gap.
#[test]
fn a_push_without_numbers_breaks_a_book_that_has_them() {
    let one = [level(1, 1)];
    let gap = Verdict::Gap { reason: GapReason::Unnumbered, resubscribe: true };
    let no_seq = BookMsg { seq_id: None, ..update(10, 11, &one) };
    let no_prev = BookMsg { prev_seq_id: None, ..update(10, 11, &one) };
    for push in [no_seq, no_prev] {
        assert_eq!(synced(10).handle(G1, &push, 1), gap);
    }
    let mut book = BookSync::incremental();
    book.subscribed(G1, 0);
    let whole = BookMsg { seq_id: None, ..snapshot(10, &one, &[]) };
    assert_eq!(book.handle(G1, &whole, 0), Verdict::Snapshot { recovered: false });
    assert_eq!(book.handle(G1, &update(10, 11, &one), 1), gap, "what it follows is not known");
}

#[test]
fn a_gap_is_asked_for_once_and_nothing_is_handed_on_until_the_snapshot() {
    let mut book = synced(10);
    let one = [level(1, 1)];
    let gap = Verdict::Gap { reason: GapReason::Sequence { want: 10, got: 11 }, resubscribe: true };
    assert_eq!(book.handle(G1, &update(11, 12, &one), 1), gap);
    assert_eq!(book.handle(G1, &update(12, 13, &one), 2), Verdict::Ignore(Ignored::Waiting));
    book.subscribed(G2, 3);
    assert_eq!(book.handle(G1, &update(13, 14, &one), 4), Verdict::Ignore(Ignored::Late));
    assert_eq!(book.handle(G2, &snapshot(20, &one, &[]), 5), Verdict::Snapshot { recovered: true });
    assert_eq!(book.handle(G2, &update(20, 21, &one), 6), Verdict::Update { touched: None });
}

#[test]
fn a_repeated_update_is_no_gap() {
    let mut book = synced(10);
    let one = [level(1, 1)];
    book.handle(G1, &update(10, 11, &one), 1);
    assert_eq!(book.handle(G1, &update(10, 11, &one), 2), Verdict::Ignore(Ignored::Duplicate));
    assert_eq!(book.handle(G1, &update(11, 12, &one), 3), Verdict::Update { touched: None });
}

#[test]
fn the_first_push_may_come_before_the_acknowledgement() {
    let mut book = BookSync::incremental();
    assert_eq!(book.handle(G1, &snapshot(1, &[], &[]), 0), Verdict::Snapshot { recovered: false });
    book.subscribed(G1, 1);
    assert!(book.is_synced());
}

#[test]
fn a_snapshot_nobody_asked_for_replaces_the_book() {
    let mut book = synced(10);
    assert_eq!(book.handle(G1, &snapshot(99, &[], &[]), 1), Verdict::Snapshot { recovered: false });
    let one = [level(1, 1)];
    assert_eq!(book.handle(G1, &update(99, 100, &one), 2), Verdict::Update { touched: None });
}

#[test]
fn gaps_each_second_do_not_make_a_storm_of_subscriptions() {
    let mut book = synced(10);
    let (mut asked_at, mut stale_at, mut generation, mut seq) = (Vec::new(), Vec::new(), 1, 10);
    for second in 1..=600 {
        let now = second * NANOS_PER_SECOND;
        let mut asked = matches!(
            book.handle(Generation(generation), &update(seq + 1, seq + 2, &[level(1, 1)]), now),
            Verdict::Gap { resubscribe: true, .. }
        );
        match book.handle_timeout(now) {
            Some(Overdue::Retry { stale, .. } | Overdue::NoSnapshot { stale, .. }) => {
                asked = true;
                if stale {
                    stale_at.push(second);
                }
            }
            Some(Overdue::Silent) => panic!("the book is never whole for so long"),
            None => {}
        }
        if asked {
            asked_at.push(second);
            generation += 1;
            seq += 100;
            book.subscribed(Generation(generation), now);
            book.handle(Generation(generation), &snapshot(seq, &[], &[]), now);
        }
    }
    assert!(asked_at.len() <= 16, "{asked_at:?}");
    assert_eq!(asked_at[..4], [1, 2, 4, 8]);
    assert_eq!(stale_at.len(), 1, "reported as stale once: {stale_at:?}");
    assert!(asked_at.windows(2).all(|pair| pair[1] - pair[0] <= RETRY_MAX_NS / NANOS_PER_SECOND + 1));
}

#[test]
fn a_healthy_minute_forgets_the_attempts() {
    let mut book = synced(10);
    let gap = |book: &mut BookSync, g, prev, now| {
        book.handle(Generation(g), &update(prev, prev + 1, &[level(1, 1)]), now)
    };
    assert!(matches!(gap(&mut book, 1, 50, 0), Verdict::Gap { resubscribe: true, .. }));
    book.handle(G2, &snapshot(60, &[], &[]), 1);
    assert!(matches!(gap(&mut book, 2, 70, HEALTHY_NS + 1), Verdict::Gap { resubscribe: true, .. }));
}

#[test]
fn a_snapshot_that_never_comes_is_asked_for_a_few_times() {
    let mut book = BookSync::incremental();
    book.subscribed(G1, 0);
    let mut generation = 1;
    let mut asked = Vec::new();
    while let Some(due) = book.next_timeout().filter(|due| *due < 300 * NANOS_PER_SECOND) {
        assert!(matches!(book.handle_timeout(due), Some(Overdue::NoSnapshot { .. })));
        assert_eq!(book.handle_timeout(due), None, "asked once");
        asked.push(due / NANOS_PER_SECOND);
        generation += 1;
        book.subscribed(Generation(generation), due);
    }
    assert!((5..=14).contains(&asked.len()), "{asked:?}");
}

#[test]
fn a_silent_book_is_asked_for_anew() {
    let mut book = synced(10);
    assert_eq!(book.next_timeout(), Some(SILENCE_NS));
    assert_eq!(book.handle_timeout(SILENCE_NS - 1), None);
    assert_eq!(book.handle_timeout(SILENCE_NS), Some(Overdue::Silent));
}

#[test]
fn whole_books_have_no_sequence_to_break() {
    let mut book = BookSync::whole();
    book.subscribed(G1, 0);
    for seq in [5, 3, 9] {
        assert_eq!(book.handle(G1, &snapshot(seq, &[], &[]), 0), Verdict::Snapshot { recovered: false });
    }
    assert_eq!(book.next_timeout(), None);
}

#[test]
fn an_unreadable_push_breaks_a_whole_book_only_once() {
    let mut book = synced(10);
    assert_eq!(book.unreadable(1), Some(Verdict::Gap { reason: GapReason::Unreadable, resubscribe: true }));
    assert_eq!(book.unreadable(2), None);
    assert_eq!(BookSync::whole().unreadable(1), None);
}

#[test]
fn a_new_subscription_after_a_lost_link_is_no_gap() {
    let mut book = synced(10);
    book.subscribed(G2, 5);
    assert!(!book.is_synced());
    assert_eq!(book.handle(G2, &snapshot(1, &[], &[]), 6), Verdict::Snapshot { recovered: false });
}

#[test]
fn snapshots_are_a_clear_and_adds_and_only_the_last_change_ends_the_event() {
    let (bids, asks) = ([level(9, 1), level(8, 1)], [level(10, 2)]);
    let seen: Vec<_> =
        changes(&snapshot(1, &bids, &asks), true).map(|c| (c.action, c.side, c.flags)).collect();
    assert_eq!(
        seen,
        [
            (ChangeAction::Clear, BookSide::None, F_SNAPSHOT),
            (ChangeAction::Add, BookSide::Buy, F_SNAPSHOT),
            (ChangeAction::Add, BookSide::Buy, F_SNAPSHOT),
            (ChangeAction::Add, BookSide::Sell, F_SNAPSHOT | F_LAST),
        ]
    );
    let empty: Vec<_> = changes(&snapshot(1, &[], &[]), true).map(|c| (c.action, c.flags)).collect();
    assert_eq!(empty, [(ChangeAction::Clear, F_SNAPSHOT | F_LAST)]);
    let bids = [level(9, 0), level(8, 3)];
    let seen: Vec<_> = changes(&update(1, 2, &bids), false).map(|c| (c.action, c.flags)).collect();
    assert_eq!(seen, [(ChangeAction::Delete, 0), (ChangeAction::Update, F_LAST)]);
    assert_eq!(changes(&update(1, 1, &[]), false).len(), 0);
}

#[test]
fn the_ladder_tells_how_near_to_the_top_something_changed() {
    let mut ladder = Ladder::default();
    ladder.replace(&snapshot(1, &[level(9, 1), level(8, 1), level(7, 1)], &[level(10, 1), level(11, 1)]));
    assert_eq!(ladder.apply(&update(1, 2, &[level(7, 5)])), Some(2));
    assert_eq!(ladder.apply(&update(1, 2, &[level(7, 5)])), None, "the same again");
    assert_eq!(ladder.apply(&update(1, 2, &[level(9, 0)])), Some(0));
    assert_eq!(ladder.apply(&update(1, 2, &[level(5, 0)])), None, "not there");
    assert_eq!(ladder.best_bid(), Some(&level(8, 1)));
    assert_eq!(ladder.apply(&update(1, 2, &[level(20, 1)])), Some(0));
    assert!(ladder.is_crossed());
}

#[test]
fn the_ladder_is_bounded() {
    let mut ladder = Ladder::default();
    for px in 1..=(SIDE_LEVELS_MAX as i64 + 50) {
        ladder.apply(&update(1, 2, &[level(px, 1)]));
    }
    assert_eq!(ladder.bids().len(), SIDE_LEVELS_MAX);
    assert_eq!(ladder.best_bid(), Some(&level(SIDE_LEVELS_MAX as i64 + 50, 1)), "the worst level gives way");
}

proptest! {
    /// The ladder is what a sorted map would be, whatever is set and removed.
    #[test]
    fn the_ladder_is_a_sorted_map(sets in prop::collection::vec((any::<bool>(), 0..30_i64, 0..3_i64), 0..200)) {
        let mut ladder = Ladder::default();
        let (mut bids, mut asks) = (std::collections::BTreeMap::new(), std::collections::BTreeMap::new());
        for (is_bid, px, sz) in sets {
            let levels = [level(px, sz)];
            let (b, a): (&[Level], &[Level]) = if is_bid { (&levels, &[]) } else { (&[], &levels) };
            ladder.apply(&msg(BookAction::Update, 0, 0, b, a));
            let side = if is_bid { &mut bids } else { &mut asks };
            if sz == 0 { side.remove(&px); } else { side.insert(px, sz); }
        }
        let model: Vec<Level> = bids.iter().rev().map(|(px, sz)| level(*px, *sz)).collect();
        prop_assert_eq!(ladder.bids().copied().collect::<Vec<_>>(), model);
        let model: Vec<Level> = asks.iter().map(|(px, sz)| level(*px, *sz)).collect();
        prop_assert_eq!(ladder.asks().copied().collect::<Vec<_>>(), model);
    }

    /// No series of pushes, generations and times panics, and a book is only ever handed on whole: an update is handed on only if it
    /// continues what was handed on before.
    #[test]
    fn only_continuous_updates_are_handed_on(
        pushes in prop::collection::vec((0..3_u8, 0..6_i64, 0..6_i64, 0..3_u64, 0..40_u64), 0..120),
    ) {
        let mut book = BookSync::incremental();
        let (mut handed, mut generation, mut now) = (None, 1_u64, 0_u64);
        for (kind, prev, seq, step, seconds) in pushes {
            now += seconds * NANOS_PER_SECOND;
            if book.handle_timeout(now).is_some() { handed = None; }
            generation += u64::from(step == 2);
            let one = [level(1, 1)];
            let push = if kind == 0 { snapshot(seq, &one, &[]) } else { update(prev, seq, &one) };
            match book.handle(Generation(generation), &push, now) {
                Verdict::Snapshot { .. } => handed = Some((generation, seq)),
                Verdict::Update { .. } => {
                    prop_assert_eq!(handed, Some((generation, prev)));
                    handed = Some((generation, seq));
                }
                Verdict::Gap { .. } => { prop_assert!(handed.is_some()); handed = None; }
                Verdict::Ignore(Ignored::Waiting) => { prop_assert!(handed.is_none_or(|(g, _)| g != generation)); handed = None; }
                Verdict::Ignore(_) => {}
            }
        }
    }
}
