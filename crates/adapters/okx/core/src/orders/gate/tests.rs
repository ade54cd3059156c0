use okx_common::clock::NANOS_PER_MILLI;
use proptest::prelude::*;

use super::*;

fn at(ms: u64) -> Now {
    Now::new(1_000_000_000 + ms * NANOS_PER_MILLI, 0)
}

fn command(kind: CommandKind, scope: &str, ids: &[&str], payload: u32) -> Command<u32> {
    Command {
        kind,
        scope: Arc::from(scope),
        cl_ord_ids: ids.iter().map(ClOrdId::new).collect(),
        counts: true,
        payload,
    }
}

fn place(scope: &str, id: u32) -> Command<u32> {
    command(CommandKind::Place, scope, &[&format!("c{id}")], id)
}

fn drain(gate: &mut Gate<u32>, now: Now) -> Vec<u32> {
    std::iter::from_fn(|| gate.poll(now).map(|c| c.payload)).collect()
}

#[test]
fn f73_commands_go_in_the_order_they_came() {
    let mut gate = Gate::new(GateConfig::default());
    for id in 0..40 {
        gate.push(place(["A", "B"][id as usize % 2], id), at(0)).unwrap();
    }
    gate.push(command(CommandKind::Cancel, "A", &["c0"], 100), at(0)).unwrap();
    let mut want: Vec<u32> = (0..40).collect();
    want.push(100);
    assert_eq!(drain(&mut gate, at(0)), want);
    assert_eq!((gate.next_timeout(), gate.is_empty()), (None, true));
}

#[test]
fn f102_sixty_in_two_seconds_an_instrument_and_cancellations_are_not_held_back() {
    let mut gate = Gate::new(GateConfig::default());
    for id in 0..100 {
        gate.push(place("A", id), at(0)).unwrap();
    }
    for id in 200..220 {
        gate.push(place("B", id), at(0)).unwrap();
    }
    let sent = drain(&mut gate, at(0));
    assert_eq!(sent.iter().filter(|id| **id < 100).count(), 60);
    assert_eq!(sent.iter().filter(|id| **id >= 200).count(), 20, "the other instrument does not wait");
    // Of an order that is out: at once. Of one that waits: never before it.
    gate.push(command(CommandKind::Cancel, "A", &["c99"], 1_099), at(1)).unwrap();
    gate.push(command(CommandKind::Cancel, "A", &["c5"], 1_005), at(1)).unwrap();
    assert_eq!(drain(&mut gate, at(1)), [1_005]);
    let next = gate.next_timeout().unwrap();
    assert_eq!(drain(&mut gate, Now::new(next - 1, 0)), [0; 0]);
    let rest = drain(&mut gate, Now::new(next, 0));
    assert_eq!(rest, (60..100).chain([1_099]).collect::<Vec<_>>());
}

#[test]
fn f103_the_sub_account_has_a_limit_of_its_own() {
    let mut gate = Gate::new(GateConfig::default());
    let mut id = 0;
    for inst in 0..30 {
        for _ in 0..50 {
            id += 1;
            gate.push(place(&format!("I{inst}"), id), at(0)).unwrap();
        }
    }
    assert_eq!(drain(&mut gate, at(0)), (1..=1_000).collect::<Vec<_>>());
    // Cancellations and orders on pairs do not count.
    gate.push(command(CommandKind::Cancel, "I0", &["c1"], 5_000), at(1)).unwrap();
    gate.push(Command { counts: false, ..place("SPOT", 5_001) }, at(1)).unwrap();
    assert_eq!(drain(&mut gate, at(1)), [5_000, 5_001]);
    assert_eq!(drain(&mut gate, at(2_050)), (1_001..=1_500).collect::<Vec<_>>());
    assert_eq!(sub_account_rule(2_100).limit, 2_000);
}

#[test]
fn batches_have_a_limit_of_their_own_counted_in_orders() {
    let mut gate = Gate::new(GateConfig::default());
    for batch in 0..16_u32 {
        let ids: Vec<String> = (0..20).map(|n| format!("b{batch}n{n}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        gate.push(command(CommandKind::Place, "A", &ids, batch), at(0)).unwrap();
    }
    assert_eq!(drain(&mut gate, at(0)).len(), 15);
    gate.push(place("A", 99), at(0)).unwrap();
    assert_eq!(drain(&mut gate, at(0)), [0; 0], "a single order keeps its place behind the batch");
    assert_eq!(drain(&mut gate, at(2_050)), [15, 99]);
}

#[test]
fn f12_what_waits_when_the_link_drops_is_given_back() {
    let mut gate = Gate::new(GateConfig { waiting_max: 70, ..GateConfig::default() });
    for id in 0..70 {
        gate.push(place("A", id), at(0)).unwrap();
    }
    assert_eq!(gate.push(place("A", 70), at(0)), Err(Full { waiting: 70 }));
    assert_eq!(drain(&mut gate, at(0)).len(), 60);
    let back: Vec<u32> = gate.clear().into_iter().map(|c| c.payload).collect();
    assert_eq!((back, gate.len()), ((60..70).collect(), 0));
    assert_eq!(drain(&mut gate, at(5_000)), [0; 0]);
}

#[test]
fn what_waits_too_long_is_given_back() {
    let mut gate = Gate::new(GateConfig { wait_max_ns: 1_000 * NANOS_PER_MILLI, ..GateConfig::default() });
    for id in 0..61 {
        gate.push(place("A", id), at(0)).unwrap();
    }
    drain(&mut gate, at(0));
    assert!(gate.expired(at(999)).is_empty());
    let late: Vec<u32> = gate.expired(at(1_000)).into_iter().map(|c| c.payload).collect();
    assert_eq!((late, gate.is_empty()), (vec![60], true));
}

#[test]
fn a_throttled_kind_waits_for_a_window() {
    let mut gate = Gate::new(GateConfig::default());
    gate.throttled(CommandKind::Place, "A", false, at(0));
    gate.push(place("A", 1), at(0)).unwrap();
    gate.push(place("B", 2), at(0)).unwrap();
    gate.push(command(CommandKind::Cancel, "A", &["c9"], 3), at(0)).unwrap();
    assert_eq!(drain(&mut gate, at(0)), [2, 3]);
    assert_eq!(drain(&mut gate, at(2_000)), [1]);
}

#[test]
fn without_limits_nothing_waits() {
    let mut gate = Gate::new(GateConfig { unlimited: true, ..GateConfig::default() });
    for id in 0..1_000 {
        gate.push(place("A", id), at(0)).unwrap();
    }
    assert_eq!(drain(&mut gate, at(0)), (0..1_000).collect::<Vec<_>>());
}

proptest! {
    /// Whatever comes: no window holds more than allowed, nothing is lost, orders of an instrument keep their order, and no
    /// command passes another one of the same order.
    #[test]
    fn limits_and_order_hold(steps in prop::collection::vec((0..3_u8, 0..3_u8, 0..40_u16, 0..120_u64), 1..400)) {
        let mut gate = Gate::new(GateConfig { wait_max_ns: u64::MAX, ..GateConfig::default() });
        let mut ms = 0;
        let mut pushed: Vec<(CommandKind, String, String)> = Vec::new();
        let mut sent: Vec<(u64, usize)> = Vec::new();
        for (kind, inst, id, pause) in steps {
            ms += if pause > 100 { pause } else { 0 };
            let kind = [CommandKind::Place, CommandKind::Amend, CommandKind::Cancel][kind as usize];
            let (scope, id) = (format!("I{inst}"), format!("I{inst}c{id}"));
            gate.push(command(kind, &scope, &[&id], pushed.len() as u32), at(ms)).unwrap();
            pushed.push((kind, scope, id));
            sent.extend(drain(&mut gate, at(ms)).into_iter().map(|n| (ms, n as usize)));
        }
        while let Some(next) = gate.next_timeout().filter(|_| !gate.is_empty()) {
            ms = ms.max((next - 1_000_000_000).div_ceil(NANOS_PER_MILLI));
            sent.extend(drain(&mut gate, at(ms)).into_iter().map(|n| (ms, n as usize)));
        }
        prop_assert_eq!(sent.len(), pushed.len());
        for (i, (when, n)) in sent.iter().enumerate() {
            let (kind, scope, id) = &pushed[*n];
            let in_window = sent[..=i].iter().filter(|(w, m)| {
                *w + 2_000 > *when && pushed[*m].0 == *kind && pushed[*m].1 == *scope
            });
            prop_assert!(in_window.count() <= 60);
            for (_, later) in &sent[i + 1..] {
                let (other_kind, other_scope, other_id) = &pushed[*later];
                if later < n {
                    // Something older was passed: only a cancellation may, and not a command for its own order.
                    prop_assert!(other_scope != scope || *kind == CommandKind::Cancel);
                    prop_assert!(other_id != id);
                    let _ = other_kind;
                }
            }
        }
    }
}
