//! Random faults.

use okx_common::rng::{Rng, SeededRng};
use okx_sim::{
    Action, Class, Fault, Target, When,
    fault::{Change, CutAt, CutHow, HoldHow, MuteScope, Payload, SeqHow},
};

/// A fault that some schedule may meet.
pub fn any(rng: &mut SeededRng) -> Fault {
    let when = When {
        skip: rng.below(30),
        count: Some(rng.between(1, 4)),
        after_ms: rng.below(20_000),
        ..When::default()
    };
    let on = |class| Target { class: Some(class), ..Target::default() };
    let now = When {
        now: true,
        after_ms: rng.between(1, 40_000),
        for_ms: Some(rng.between(1_000, 90_000)),
        ..When::default()
    };
    let (on, when, what) = match rng.below(12) {
        0 => (Target::default(), now, Action::Cut { at: CutAt::Before, how: how(rng) }),
        1 => (on(data(rng)), when, Action::Cut { at: place(rng), how: how(rng) }),
        2 => (
            on(Class::Ack),
            When { skip: rng.below(3), ..when },
            Action::Cut { at: place(rng), how: how(rng) },
        ),
        3 => (
            Target::default(),
            now,
            Action::Mute { scope: MuteScope::Connection, pongs: rng.one_in(3), stop_reading: false },
        ),
        4 => (
            on(data(rng)),
            When { for_ms: Some(rng.between(1_000, 100_000)), count: None, ..when },
            Action::Mute { scope: MuteScope::Matching, pongs: true, stop_reading: false },
        ),
        5 => (on(held(rng)), when, Action::Hold { how: hold(rng) }),
        6 => (on(data(rng)), when, Action::Edit { changes: vec![edit(rng)] }),
        7 => (on(Class::Update), when, Action::Seq { how: seq(rng) }),
        8 => (on(Class::Snapshot), When { skip: 0, ..when }, Action::Seq { how: SeqHow::WithholdSnapshot }),
        9 => (
            Target { op: Some("subscribe".to_owned()), ..on(Class::Request) },
            When { skip: rng.below(2), count: Some(1), ..when },
            refusal(rng),
        ),
        10 => (
            Target::default(),
            now,
            Action::Notice { close_after_ms: [Some(0), Some(5_000), Some(60_000)][rng.below(3) as usize] },
        ),
        _ => (on(Class::Open), When { skip: rng.below(2), ..when }, opening(rng)),
    };
    Fault { name: String::new(), on, when, what }
}

fn data(rng: &mut SeededRng) -> Class {
    [Class::Push, Class::Snapshot, Class::Update][rng.below(3) as usize]
}

fn held(rng: &mut SeededRng) -> Class {
    [Class::Push, Class::Snapshot, Class::Update, Class::Ack, Class::Pong][rng.below(5) as usize]
}

fn place(rng: &mut SeededRng) -> CutAt {
    [CutAt::Before, CutAt::After, CutAt::Byte(rng.below(200) as usize), CutAt::Fragment]
        [rng.below(4) as usize]
}

fn how(rng: &mut SeededRng) -> CutHow {
    let codes = [1000, 1009, 4001, 4004, 4005, 4008];
    match rng.below(3) {
        0 => CutHow::Fin,
        1 => CutHow::Rst,
        _ => CutHow::Close { code: codes[rng.below(6) as usize], reason: "as told".to_owned() },
    }
}

fn hold(rng: &mut SeededRng) -> HoldHow {
    match rng.below(5) {
        0 => HoldHow::Delay(rng.between(1, 20_000)),
        1 => HoldHow::Park,
        2 => HoldHow::Drop,
        3 => HoldHow::Repeat(rng.between(1, 2) as usize),
        _ => HoldHow::Reorder(rng.between(1, 3) as usize),
    }
}

/// Changes that a reader can notice. A bit that turns one price into another cannot be: that is TLS's matter.
fn edit(rng: &mut SeededRng) -> Change {
    match rng.below(4) {
        0 => Change::Truncate(rng.below(120) as usize),
        1 => Change::Double,
        2 => Change::Raw(Payload::text("{\"arg\":[[[[")),
        _ => Change::Set { path: "data/0/seqId".to_owned(), raw: "\"x\"".to_owned() },
    }
}

fn seq(rng: &mut SeededRng) -> SeqHow {
    let by = rng.between(1, 500).cast_signed();
    [SeqHow::Drop, SeqHow::Repeat, SeqHow::Lower(by), SeqHow::Freeze, SeqHow::Gap(by)][rng.below(5) as usize]
}

fn refusal(rng: &mut SeededRng) -> Action {
    let code = ["60018", "60014", "64007", "60012"][rng.below(4) as usize];
    Action::Reply {
        apply: false,
        status: 200,
        code: code.to_owned(),
        msg: "as told".to_owned(),
        data: None,
        body: None,
        headers: std::collections::BTreeMap::new(),
    }
}

fn opening(rng: &mut SeededRng) -> Action {
    match rng.below(3) {
        0 => Action::Lim { status: 429, retry_after_s: None },
        1 => Action::Cut { at: CutAt::Before, how: CutHow::Rst },
        _ => Action::Reply {
            apply: false,
            status: 503,
            code: "50001".to_owned(),
            msg: "Service temporarily unavailable".to_owned(),
            data: None,
            body: None,
            headers: std::collections::BTreeMap::new(),
        },
    }
}
