//! Deterministic simulation of trading: the desk (both sessions, gate, tracker, account, lookups) against the exchange's state machine,
//! in virtual time, through a network with delays, under random strategies, random faults and restarts of the client.
//!
//! One seed is one schedule. `SEED=7 cargo nextest run -p okx_core desk::dst::one_seed --no-capture` replays it with its
//! log; `SEEDS=10000` runs more of them.

#![allow(clippy::print_stdout, reason = "a replayed schedule prints its log")]

mod engine;
mod faults;
mod judge;
mod market;
mod network;
mod profile;
mod run;
mod strategy;

use std::env;

pub(super) use market::row;
use profile::PROFILES;
use run::{Outcome, run};

/// A mistake built in on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    /// Every fill is taken for a new one.
    CountsFillsTwice,
    /// One request in seven is sent twice.
    SendsTwice,
    /// What happened while the connection was down is not asked for.
    ForgetsGaps,
}

/// Schedules that every test run takes, over all its parts.
const SEEDS: u64 = 2_000;
/// Broken schedules that are shown.
const SHOWN: usize = 8;
/// Parts that run at the same time.
const PARTS: u64 = 4;

fn number(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

fn check(seed: u64) -> Outcome {
    run(seed, None, false).unwrap_or_else(|broken| {
        panic!(
            "{broken}\nSEED={seed}\nreplay: SEED={seed} cargo nextest run -p okx_core desk::dst::one_seed --no-capture"
        )
    })
}

fn part(no: u64) {
    let mut total = Outcome::default();
    let mut broken = Vec::new();
    for seed in (0..number("SEEDS").unwrap_or(SEEDS)).filter(|seed| seed % PARTS == no) {
        match run(seed, None, false) {
            Ok(outcome) => total.add(&outcome),
            Err(error) => broken.push(format!("SEED={seed}: {error}")),
        }
    }
    println!("{total:?}");
    assert!(
        broken.is_empty(),
        "{} schedule(s) broke:\n{}\nreplay: SEED=… cargo nextest run -p okx_core desk::dst::one_seed --no-capture",
        broken.len(),
        broken.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n")
    );
    // The schedules must reach what they are about.
    let came = |name: &str| total.events.get(name).copied().unwrap_or_default();
    for name in ["submitted", "accepted", "filled", "canceled", "rejected", "updated", "denied", "triggered"]
    {
        assert!(came(name) > 20, "{name}: {total:?}");
    }
    assert!(came("cancel_rejected") > 20 && came("modify_rejected") > 20, "{total:?}");
    assert!(total.reconnects > 100 && total.calls > 1_000 && total.faults > 500, "{total:?}");
    assert!(total.leg_fills > 20, "{total:?}");
    for profile in PROFILES {
        for inst_id in profile.inst_ids {
            let count = total.fills.get(&(profile.name, (*inst_id).to_owned())).copied().unwrap_or_default();
            assert!(count > 10, "{} of {inst_id} filled: {total:?}", profile.name);
        }
    }
}

#[test]
fn orders_survive_every_schedule_0() {
    part(0);
}

#[test]
fn orders_survive_every_schedule_1() {
    part(1);
}

#[test]
fn orders_survive_every_schedule_2() {
    part(2);
}

#[test]
fn orders_survive_every_schedule_3() {
    part(3);
}

#[test]
fn one_seed() {
    let seed = number("SEED").unwrap_or(1);
    match run(seed, None, env::var_os("SEED").is_some()) {
        Ok(outcome) => println!("{outcome:?}"),
        Err(broken) => panic!("{broken}\nSEED={seed}"),
    }
}

#[test]
fn a_seed_ends_in_the_same_state_each_time() {
    for seed in [3, 79, 1_000_004] {
        assert_eq!(check(seed).state_hash, check(seed).state_hash, "SEED={seed}");
    }
    assert_ne!(check(3).state_hash, check(79).state_hash);
}

/// A harness that finds nothing proves nothing: each of these mistakes must be found within a few schedules.
#[test]
fn seeded_mistakes_are_found() {
    for mistake in [Mistake::CountsFillsTwice, Mistake::SendsTwice, Mistake::ForgetsGaps] {
        let found = (0..200).find(|seed| run(*seed, Some(mistake), false).is_err());
        assert!(found.is_some(), "{mistake:?} was not found");
    }
}
