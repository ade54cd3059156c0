//! Random faults.

use std::collections::BTreeMap;

use okx_common::rng::{Rng, SeededRng};
use okx_sim::{
    Action, Class, Fault, Target, When,
    fault::{Change, CutAt, CutHow, HoldHow, MuteScope, Payload},
    link::Link,
};

/// Operations on orders over the WebSocket.
const OPS: [&str; 6] =
    ["order", "batch-orders", "cancel-order", "batch-cancel-orders", "amend-order", "batch-amend-orders"];
/// The same over REST, and what is asked there.
const PATHS: [&str; 10] = [
    "/trade/order",
    "/trade/batch-orders",
    "/trade/cancel-order",
    "/trade/order-algo",
    "/trade/cancel-algos",
    "/trade/amend-algos",
    "/trade/orders-pending",
    "/trade/orders-algo-pending",
    "/trade/fills",
    "/trade/*",
];
const CHANNELS: [&str; 6] =
    ["orders", "orders", "orders-algo", "account", "positions", "balance_and_position"];
/// The same of spreads.
const SPREAD_OPS: [&str; 3] = ["sprd-order", "sprd-cancel-order", "sprd-amend-order"];
const SPREAD_PATHS: [&str; 3] = ["/sprd/orders-pending", "/sprd/order", "/sprd/trades"];
const SPREAD_CHANNELS: [&str; 1] = ["sprd-orders"];

/// A fault that some schedule may meet; one in three is about spreads where there are any.
pub fn any(rng: &mut SeededRng, has_spreads: bool) -> Fault {
    let words = if has_spreads && rng.one_in(3) {
        Words { ops: &SPREAD_OPS, paths: &SPREAD_PATHS, channels: &SPREAD_CHANNELS }
    } else {
        Words { ops: &OPS, paths: &PATHS, channels: &CHANNELS }
    };
    let words = &words;
    let when = When {
        skip: rng.below(4),
        count: Some(rng.between(1, 3)),
        for_ms: Some(rng.between(1_000, 20_000)),
        ..When::default()
    };
    let at_once = When { now: true, for_ms: Some(rng.between(1_000, 30_000)), ..When::default() };
    let (on, when, what) = match rng.below(17) {
        0 => (link(rng), at_once, Action::Cut { at: CutAt::Before, how: how(rng) }),
        1 | 2 => (op(rng, words, Class::Request), when, Action::Cut { at: place(rng), how: how(rng) }),
        3 => (op(rng, words, Class::OpReply), when, Action::Hold { how: hold(rng) }),
        4 | 5 => (push(rng, words), when, Action::Hold { how: hold(rng) }),
        6 => (push(rng, words), When { count: Some(1), ..when }, Action::Edit { changes: vec![edit(rng)] }),
        7 => (op(rng, words, Class::Request), when, refusal(rng)),
        8 => (path(rng, words, Class::Request), when, gateway(rng)),
        9 => (path(rng, words, Class::Request), when, rest_cut(rng)),
        10 => (path(rng, words, Class::Body), when, Action::Hold { how: rest_hold(rng) }),
        11 => (path(rng, words, Class::Request), when, Action::Lim { status: 429, retry_after_s: None }),
        12 => {
            let mute =
                Action::Mute { scope: MuteScope::Connection, pongs: rng.one_in(3), stop_reading: false };
            (link(rng), at_once, mute)
        }
        13 => (on(Class::Login), when, Action::Hold { how: hold(rng) }),
        14 => (
            on([Class::Ack, Class::Login][rng.below(2) as usize]),
            when,
            Action::Cut { at: CutAt::After, how: how(rng) },
        ),
        15 => {
            let subscribe = Target { op: Some("subscribe".to_owned()), ..on(Class::Request) };
            (subscribe, when, reply(false, 200, "64007", None))
        }
        _ => {
            let notice = Action::Notice { close_after_ms: [Some(0), Some(3_000)][rng.below(2) as usize] };
            (link(rng), at_once, notice)
        }
    };
    Fault { name: String::new(), on, when, what }
}

/// What faults are about.
struct Words {
    ops: &'static [&'static str],
    paths: &'static [&'static str],
    channels: &'static [&'static str],
}

fn pick<'a>(rng: &mut SeededRng, words: &[&'a str]) -> &'a str {
    words[rng.below(words.len() as u64) as usize]
}

fn on(class: Class) -> Target {
    Target { class: Some(class), ..Target::default() }
}

fn link(rng: &mut SeededRng) -> Target {
    let link = if rng.one_in(3) { Link::Business } else { Link::Private };
    Target { link: Some(link), ..Target::default() }
}

fn op(rng: &mut SeededRng, words: &Words, class: Class) -> Target {
    Target { class: Some(class), op: Some(pick(rng, words.ops).to_owned()), ..Target::default() }
}

fn push(rng: &mut SeededRng, words: &Words) -> Target {
    Target {
        class: Some(Class::Push),
        channel: Some(pick(rng, words.channels).to_owned()),
        ..Target::default()
    }
}

fn path(rng: &mut SeededRng, words: &Words, class: Class) -> Target {
    Target { class: Some(class), path: Some(pick(rng, words.paths).to_owned()), ..Target::default() }
}

fn place(rng: &mut SeededRng) -> CutAt {
    match rng.below(5) {
        0 | 1 => CutAt::Before,
        2 => CutAt::Item(rng.between(1, 3) as usize),
        _ => CutAt::After,
    }
}

fn how(rng: &mut SeededRng) -> CutHow {
    match rng.below(3) {
        0 => CutHow::Fin,
        1 => CutHow::Rst,
        _ => CutHow::Close { code: [1000, 1001, 4005][rng.below(3) as usize], reason: "as told".to_owned() },
    }
}

fn hold(rng: &mut SeededRng) -> HoldHow {
    match rng.below(5) {
        0 => HoldHow::Delay(rng.between(1, 8_000)),
        1 => HoldHow::Park,
        2 => HoldHow::Drop,
        3 => HoldHow::Repeat(rng.between(1, 2) as usize),
        _ => HoldHow::Reorder(rng.between(1, 3) as usize),
    }
}

fn rest_hold(rng: &mut SeededRng) -> HoldHow {
    if rng.one_in(2) { HoldHow::Delay(rng.between(1, 15_000)) } else { HoldHow::Drop }
}

/// Changes that a reader can notice: a bit that turns one price into another is TLS's matter.
fn edit(rng: &mut SeededRng) -> Change {
    match rng.below(3) {
        0 => Change::Truncate(rng.below(200) as usize),
        1 => Change::Double,
        _ => Change::Raw(Payload::text("{\"arg\":[[[[")),
    }
}

/// OKX's own refusals of a whole request that leave open what became of it, and throttling.
fn refusal(rng: &mut SeededRng) -> Action {
    let codes = ["50011", "50061", "50004", "50026", "51149", "64007"];
    reply(rng.one_in(2), 200, pick(rng, &codes), None)
}

/// Something in front of OKX answers.
fn gateway(rng: &mut SeededRng) -> Action {
    match rng.below(3) {
        0 => reply(rng.one_in(2), 503, "", Some("<html>busy</html>")),
        1 => reply(rng.one_in(2), 500, "50026", None),
        _ => reply(rng.one_in(2), 200, "", Some("{\"code\":\"0\",\"da")),
    }
}

fn rest_cut(rng: &mut SeededRng) -> Action {
    Action::Cut { at: place(rng), how: CutHow::Rst }
}

fn reply(apply: bool, status: u16, code: &str, body: Option<&str>) -> Action {
    // What was not carried out must be said by a code that does not claim otherwise.
    let (code, msg) =
        if apply && code.starts_with("500") && code != "50026" { ("50004", "") } else { (code, "") };
    Action::Reply {
        apply,
        status,
        code: code.to_owned(),
        msg: msg.to_owned(),
        data: None,
        body: body.map(Payload::text),
        headers: BTreeMap::new(),
    }
}
