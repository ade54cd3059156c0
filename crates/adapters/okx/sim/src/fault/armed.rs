//! The faults in place, and the decision which of them act.

use okx_common::{
    clock::{NANOS_PER_MILLI, Now},
    rng::{Rng as _, SeededRng},
};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{Action, Class, Fault, FaultId, Subject};

/// How many faults may be in place at once; each one costs a comparison per frame.
pub const MAX_FAULTS: usize = 1_000;

/// A fault that acts on the subject at hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Fired {
    /// Which one.
    pub id: FaultId,
    /// What it does.
    pub what: Action,
}

/// How a fault has done so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FaultReport {
    /// Its number.
    pub id: FaultId,
    /// The fault as given.
    pub fault: Fault,
    /// Frames and requests its target held for.
    pub matched: u64,
    /// How often it acted.
    pub fired: u64,
}

#[derive(Debug)]
struct Armed {
    report: FaultReport,
    start_mono_ns: u64,
    end_mono_ns: u64,
    /// A `now` fault that has not acted yet.
    waiting: bool,
}

impl Armed {
    /// Whether it will act again, or its effect ends only with it: a mute, a parked frame.
    fn lasts(&self, now: Now) -> bool {
        let held = matches!(
            self.report.fault.what,
            Action::Mute { .. } | Action::Hold { how: super::HoldHow::Park }
        );
        let over = now.mono_ns >= self.end_mono_ns;
        let done = self.spent(now) || (self.report.fault.when.now && !self.waiting);
        !over && (held || !done)
    }

    fn spent(&self, now: Now) -> bool {
        now.mono_ns >= self.end_mono_ns
            || self.report.fault.when.count.is_some_and(|n| self.report.fired >= n)
    }
}

/// All faults in place, in the order they were put there.
#[derive(Debug)]
pub struct Faults {
    list: Vec<Armed>,
    next_id: u64,
    rng: SeededRng,
}

impl Faults {
    /// None in place; chances are drawn from `rng`.
    #[must_use]
    pub fn new(rng: SeededRng) -> Self {
        Self { list: Vec::new(), next_id: 1, rng }
    }

    /// Puts a fault in place. `None` if there are too many.
    pub fn add(&mut self, fault: Fault, now: Now) -> Option<FaultId> {
        if self.list.len() >= MAX_FAULTS {
            self.list.retain(|armed| armed.lasts(now));
        }
        if self.list.len() >= MAX_FAULTS {
            return None;
        }
        let id = FaultId(self.next_id);
        self.next_id += 1;
        let start_mono_ns = now.mono_ns.saturating_add(fault.when.after_ms.saturating_mul(NANOS_PER_MILLI));
        let end_mono_ns = fault
            .when
            .for_ms
            .map_or(u64::MAX, |ms| start_mono_ns.saturating_add(ms.saturating_mul(NANOS_PER_MILLI)));
        let waiting = fault.when.now;
        let report = FaultReport { id, fault, matched: 0, fired: 0 };
        self.list.push(Armed { report, start_mono_ns, end_mono_ns, waiting });
        Some(id)
    }

    /// Takes one away; false if there is none of this number.
    pub fn remove(&mut self, id: FaultId) -> bool {
        let before = self.list.len();
        self.list.retain(|armed| armed.report.id != id);
        self.list.len() < before
    }

    /// Takes all away.
    pub fn clear(&mut self) {
        self.list.clear();
    }

    /// True if nothing can go wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether the fault is in place and its time has not run out.
    #[must_use]
    pub fn alive(&self, id: FaultId, now: Now) -> bool {
        self.list.iter().any(|armed| armed.report.id == id && now.mono_ns < armed.end_mono_ns)
    }

    /// What is in place.
    #[must_use]
    pub fn reports(&self) -> Vec<FaultReport> {
        self.list.iter().map(|armed| armed.report.clone()).collect()
    }

    /// Those that act on the subject, counted.
    pub fn on(&mut self, subject: &Subject<'_>, now: Now) -> SmallVec<[Fired; 2]> {
        let mut fired = SmallVec::new();
        for armed in &mut self.list {
            let when = &armed.report.fault.when;
            if when.now
                || armed.start_mono_ns > now.mono_ns
                || armed.spent(now)
                || !fits(&armed.report.fault, subject)
            {
                continue;
            }
            armed.report.matched += 1;
            let nth = armed.report.matched;
            let past = nth.checked_sub(when.skip + 1);
            let due = past.is_some_and(|n| when.every.is_none_or(|every| n % every.max(1) == 0));
            if due && when.per_mille.is_none_or(|chance| self.rng.below(1_000) < chance) {
                armed.report.fired += 1;
                fired.push(Fired { id: armed.report.id, what: armed.report.fault.what.clone() });
            }
        }
        fired
    }

    /// Those that wait for no match and whose time has come, with their target; each comes once.
    pub fn due(&mut self, now: Now) -> Vec<(Fired, super::Target)> {
        let mut due = Vec::new();
        for armed in self.list.iter_mut().filter(|a| a.waiting && a.start_mono_ns <= now.mono_ns) {
            armed.waiting = false;
            armed.report.fired += 1;
            let fault = &armed.report.fault;
            due.push((Fired { id: armed.report.id, what: fault.what.clone() }, fault.on.clone()));
        }
        due
    }

    /// When [`due`](Self::due) or the end of a fault has to be looked at next.
    #[must_use]
    pub fn next_deadline(&self, now: Now) -> Option<u64> {
        let starts = self.list.iter().filter(|a| a.waiting).map(|a| a.start_mono_ns);
        let ends =
            self.list.iter().map(|a| a.end_mono_ns).filter(|end| *end != u64::MAX && *end > now.mono_ns);
        starts.chain(ends).min()
    }

    /// Random numbers for faults that need them.
    pub fn rng(&mut self) -> &mut SeededRng {
        &mut self.rng
    }
}

/// Whether the target holds and the action makes sense there: a target without a class would else act on a request and again on
/// its answer.
fn fits(fault: &Fault, subject: &Subject<'_>) -> bool {
    let inbound = matches!(subject.class, Class::Open | Class::Request);
    let sensible = match &fault.what {
        Action::Reply { .. } | Action::Lim { .. } => inbound,
        Action::Hold { .. } | Action::Edit { .. } | Action::Inject { .. } => !inbound,
        Action::Seq { .. } => matches!(subject.class, Class::Snapshot | Class::Update),
        Action::ConnCountError { .. } => subject.class == Class::Ack,
        Action::Cut { .. } | Action::Mute { .. } | Action::Time { .. } | Action::Notice { .. } => {
            fault.on.class.is_some() || !inbound
        }
    };
    sensible && fault.on.matches(subject)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::{MuteScope, Payload};

    #[test]
    fn faults_that_are_over_make_room() {
        let mut faults = Faults::new(SeededRng::new(1));
        let now = Now::default();
        let mute = Action::Mute { scope: MuteScope::Connection, pongs: false, stop_reading: false };
        let kept = faults.add(Fault::now(mute), now).expect("room");
        let inject = || Fault::now(Action::Inject { payload: Payload::text("x"), binary: false });
        for _ in 0..2 * MAX_FAULTS {
            faults.add(inject(), now).expect("what acted makes room");
            faults.due(now);
        }
        assert!(faults.alive(kept, now), "the mute is still on");
        let lasting =
            || Fault::new(Class::Update, Action::Inject { payload: Payload::text("x"), binary: false });
        while faults.add(lasting(), now).is_some() {}
        assert_eq!(faults.reports().len(), MAX_FAULTS);
    }
}
