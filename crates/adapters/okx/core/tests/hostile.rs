//! Private messages and answers that OKX would never send: captured ones, changed at random.

#[path = "../fuzz/checks.rs"]
mod checks;

use std::{fs, path::Path};

use checks::{Bench, ORDER};
use okx_common::rng::{Rng, SeededRng};

/// Random changes; more are asked for by the environment variable `OKX_HOSTILE_ROUNDS`.
const ROUNDS: u64 = 4_000;
/// So many frames or answers come to one desk.
const TOGETHER: u64 = 10;
/// What comes on the private and business connections.
const PRIVATE: [&str; 20] = [
    "orders",
    "orders-algo",
    "algo-advance",
    "fills",
    "account",
    "positions",
    "balance_and_position",
    "liquidation-warning",
    "account-greeks",
    "sprd-orders",
    "op-order",
    "op-batch-orders",
    "op-amend-order",
    "op-cancel-order",
    "op-sprd-order",
    "_event-error",
    "_event-login",
    "_event-notice",
    "_event-subscribe",
    "_event-channel-conn-count",
];
const BODIES: [&str; 14] = [
    "trade-orders-pending",
    "trade-orders-history",
    "trade-fills",
    "trade-fills-history",
    "trade-order-get",
    "trade-order-post",
    "trade-batch-orders",
    "trade-cancel-order",
    "trade-amend-order",
    "trade-orders-algo-pending",
    "trade-order-algo-post",
    "account-balance",
    "account-positions",
    "sprd-orders-pending",
];

/// Captured texts, oldest name first, with the order's id in place of the first client order id.
fn captured(kind: &str, folders: &[&str]) -> Vec<Vec<u8>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test_data/corpus").join(kind);
    let mut paths: Vec<_> = folders
        .iter()
        .flat_map(|folder| fs::read_dir(corpus.join(folder)).unwrap_or_else(|e| panic!("{folder}: {e}")))
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut texts: Vec<_> = paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    texts.retain(|text| text.len() < 8_192);
    assert!(texts.len() > 40, "the corpus is missing");
    let ours: Vec<_> = texts.iter().filter_map(|text| as_ours(text)).collect();
    assert!(ours.len() > 10, "nothing is about an order");
    texts.into_iter().chain(ours).map(String::into_bytes).collect()
}

fn as_ours(text: &str) -> Option<String> {
    let at = text.find("\"clOrdId\":")? + "\"clOrdId\":".len();
    let from = at + text[at..].find('"')? + 1;
    let to = from + text[from..].find('"')?;
    Some(format!("{}{ORDER}{}", &text[..from], &text[to..]))
}

fn changed(texts: &[Vec<u8>], rng: &mut SeededRng) -> Vec<u8> {
    let mut text = texts[rng.below(texts.len() as u64) as usize].clone();
    for _ in 0..rng.below(5) {
        if text.is_empty() {
            break;
        }
        let at = rng.below(text.len() as u64) as usize;
        match rng.below(5) {
            0 => text[at] ^= 1 << rng.below(8),
            1 => text[at] = b"\"{}[],:0-.e\\"[rng.below(12) as usize],
            2 => drop(text.remove(at)),
            3 => text.truncate(at.max(1)),
            _ => text.insert(at, text[rng.below(text.len() as u64) as usize]),
        }
    }
    text
}

fn rounds() -> u64 {
    std::env::var("OKX_HOSTILE_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(ROUNDS)
}

#[test]
fn no_private_message_harms() {
    let texts = captured("ws", &PRIVATE);
    let mut rng = SeededRng::new(61);
    for _ in 0..rounds() / TOGETHER {
        let mut bench = Bench::new();
        for _ in 0..TOGETHER {
            bench.frame(rng.below(3) as usize / 2, &changed(&texts, &mut rng));
            bench.pass_ms(rng.below(2_000));
        }
        bench.check();
    }
}

#[test]
fn no_answer_harms() {
    let texts = captured("rest", &BODIES);
    let mut rng = SeededRng::new(62);
    for _ in 0..rounds() / TOGETHER {
        let mut bench = Bench::new();
        for _ in 0..TOGETHER {
            bench.answers(&changed(&texts, &mut rng));
            bench.pass_ms(rng.below(2_000));
        }
        bench.check();
    }
}

#[test]
fn every_changed_body_is_rows_or_one_error() {
    let texts = captured("rest", &BODIES);
    let mut rng = SeededRng::new(63);
    for _ in 0..rounds() {
        checks::body(&changed(&texts, &mut rng));
    }
}

#[test]
fn the_fuzz_targets_take_anything() {
    for data in
        [&b""[..], b"{}", b"pong", b"\xFF\xFE", b"[[[[[[", b"{\"event\":\"login\",\"code\":\"60009\"}"]
    {
        checks::private(data);
        checks::answers(data);
        checks::body(data);
    }
    checks::private(&checks::push("canceled", "9"));
}
