use okx_common::{error_code::ErrorCode, limits::DEFAULT_MARGIN_MS, rng::SeededRng};
use proptest::prelude::*;

use super::*;
use crate::endpoint::{
    Auth, Endpoint, Method, Query, Spec,
    account::GetAccountConfig,
    market::{GetExchangeRate, GetTicker},
    system::GetStatus,
};

const MS: u64 = NANOS_PER_MILLI;

static PLACE: Spec = Spec {
    name: "trade-order-post",
    method: Method::Post,
    path: "/trade/order",
    auth: Auth::Signed,
    params: &[],
};

fn policy() -> RetryPolicy {
    RetryPolicy::default()
}

fn ticker() -> Request {
    GetTicker::new("BTC-USDT").to_request()
}

fn command() -> Request {
    Request::new(&PLACE, Query::default())
}

/// A call on a clock that only moves when it waits.
struct Bench {
    limiter: RateLimiter,
    rng: SeededRng,
    now_ns: u64,
}

impl Bench {
    fn new() -> Self {
        Self { limiter: RateLimiter::new(), rng: SeededRng::new(1), now_ns: 1_000 }
    }

    /// Waits until the call is sent; answers when.
    fn send(&mut self, call: &mut Call) -> u64 {
        loop {
            match call.step(&mut self.limiter, self.now_ns).unwrap() {
                Step::Wait(until) => {
                    assert!(until > self.now_ns, "a wait that is over");
                    self.now_ns = until;
                }
                Step::Send => return self.now_ns,
            }
        }
    }

    fn fail(&mut self, call: &mut Call, error: &HttpError, retry_after_ms: Option<u64>) -> Verdict {
        call.failed(error, retry_after_ms, &mut self.limiter, &mut self.rng, self.now_ns)
    }
}

fn timeout() -> HttpError {
    HttpError::sent(ErrorKind::Timeout, "no answer")
}

fn damaged() -> HttpError {
    HttpError::sent(ErrorKind::Decode, "half a body")
}

fn venue(code: u32, status: u16) -> HttpError {
    HttpError::venue(ErrorCode(code), "", status)
}

#[test]
fn reads_are_repeated_with_growing_pauses_then_given_up() {
    let mut bench = Bench::new();
    let mut call = Call::new(&ticker(), policy());
    let mut pauses = Vec::new();
    let mut sent = bench.send(&mut call);
    while bench.fail(&mut call, &timeout(), None) == Verdict::Again {
        let next = bench.send(&mut call);
        pauses.push((next - sent) / MS);
        sent = next;
    }
    assert_eq!(call.retries(), 3);
    let bounds = [(100, 200), (200, 400), (400, 800)];
    assert!(pauses.iter().zip(bounds).all(|(p, (low, high))| (low..=high).contains(p)), "{pauses:?}");
    assert_eq!(pauses.len(), bounds.len());
}

#[test]
fn a_read_whose_answer_was_damaged_is_repeated() {
    let mut bench = Bench::new();
    let mut call = Call::new(&ticker(), policy());
    bench.send(&mut call);
    assert_eq!(bench.fail(&mut call, &damaged(), None), Verdict::Again);
}

#[test]
fn commands_are_never_repeated_unless_the_clock_was_wrong() {
    for error in [timeout(), damaged(), venue(50001, 503), venue(50011, 429), HttpError::gateway(502, b"")] {
        let mut bench = Bench::new();
        let mut call = Call::new(&command(), policy());
        bench.send(&mut call);
        assert_eq!(bench.fail(&mut call, &error, None), Verdict::GiveUp, "{error}");
    }
    let mut bench = Bench::new();
    let mut call = Call::new(&command(), policy());
    bench.send(&mut call);
    assert_eq!(bench.fail(&mut call, &venue(50102, 401), None), Verdict::SyncClock);
    bench.send(&mut call);
    assert_eq!(bench.fail(&mut call, &venue(50102, 401), None), Verdict::GiveUp, "once is enough");
}

#[test]
fn the_clock_is_synchronised_once_and_costs_no_retry() {
    let mut bench = Bench::new();
    let mut call = Call::new(&GetAccountConfig::new().to_request(), policy());
    bench.send(&mut call);
    assert_eq!(bench.fail(&mut call, &venue(50102, 401), None), Verdict::SyncClock);
    assert_eq!(call.retries(), 0);
    bench.send(&mut call);
    assert_eq!(bench.fail(&mut call, &timeout(), None), Verdict::Again);
    bench.send(&mut call);
    assert_eq!(bench.fail(&mut call, &venue(50102, 401), None), Verdict::GiveUp);
}

#[test]
fn what_would_fail_again_is_not_repeated() {
    let refused = [
        venue(51001, 200),
        venue(50111, 401),
        venue(99999, 200),
        HttpError::gateway(403, b""),
        HttpError::gateway(301, b""),
    ];
    for error in refused {
        let mut bench = Bench::new();
        let mut call = Call::new(&ticker(), policy());
        bench.send(&mut call);
        assert_eq!(bench.fail(&mut call, &error, None), Verdict::GiveUp, "{error}");
    }
}

#[test]
fn a_refusal_for_speed_holds_all_requests_of_the_key() {
    let mut bench = Bench::new();
    let (mut first, mut second) = (Call::new(&ticker(), policy()), Call::new(&ticker(), policy()));
    let sent = bench.send(&mut first);
    assert_eq!(second.step(&mut bench.limiter, bench.now_ns), Ok(Step::Send), "there is room for many");
    assert_eq!(bench.fail(&mut first, &venue(50011, 429), None), Verdict::Again);
    let mut third = Call::new(&ticker(), policy());
    let resumed = bench.send(&mut third);
    assert!(resumed - sent >= 2_000 * MS, "the window of two seconds has passed");
    let mut other = Call::new(&GetExchangeRate::new().to_request(), policy());
    let before = bench.now_ns;
    assert_eq!(bench.send(&mut other), before, "another endpoint is not held");
}

#[test]
fn a_request_that_waits_already_is_held_too() {
    let mut bench = Bench::new();
    // One request in five seconds: the second has its place when the first is refused.
    let request = GetStatus::new().to_request();
    let (mut first, mut second) = (Call::new(&request, policy()), Call::new(&request, policy()));
    bench.send(&mut first);
    let Ok(Step::Wait(place)) = second.step(&mut bench.limiter, bench.now_ns) else { panic!("no place") };
    assert_eq!(bench.fail(&mut first, &venue(50011, 200), Some(20_000)), Verdict::Again);
    let refused = bench.now_ns;
    bench.now_ns = place;
    let sent = bench.send(&mut second);
    assert!(sent - refused >= 20_000 * MS, "{}", (sent - refused) / MS);
}

#[test]
fn retry_after_is_kept_within_reason() {
    for (asked_ms, at_least_ms, at_most_ms) in [(3_000, 3_000, 3_500), (86_400_000, 60_000, 60_500)] {
        let mut bench = Bench::new();
        let mut call = Call::new(&ticker(), RetryPolicy { max_wait_ms: 120_000, ..policy() });
        let sent = bench.send(&mut call);
        assert_eq!(bench.fail(&mut call, &HttpError::gateway(503, b""), Some(asked_ms)), Verdict::Again);
        let waited = (bench.send(&mut call) - sent) / MS;
        assert!((at_least_ms..=at_most_ms).contains(&waited), "{waited}");
    }
}

#[test]
fn a_wait_beyond_the_allowed_is_refused_at_once() {
    let mut bench = Bench::new();
    let request = GetStatus::new().to_request();
    let policy = RetryPolicy { max_wait_ms: 6_000, ..policy() };
    let mut calls: Vec<_> = (0..3).map(|_| Call::new(&request, policy)).collect();
    assert_eq!(calls[0].step(&mut bench.limiter, bench.now_ns), Ok(Step::Send));
    assert!(matches!(calls[1].step(&mut bench.limiter, bench.now_ns), Ok(Step::Wait(_))));
    let Err(WaitNs(wait)) = calls[2].step(&mut bench.limiter, bench.now_ns) else {
        panic!("it waits too long")
    };
    assert!(wait > 6_000 * MS);
}

proptest! {
    /// A venue that counts exactly never refuses, whatever fails and whenever: no window holds more than allowed.
    #[test]
    fn the_limit_holds_through_failures(
        seed: u64,
        arrivals in prop::collection::vec((0u64..3_000, prop::option::of(0u8..4)), 1..80),
    ) {
        let mut limiter = RateLimiter::new();
        let mut rng = SeededRng::new(seed);
        let policy = RetryPolicy { max_wait_ms: u64::MAX / 4 / MS, ..policy() };
        let mut calls: Vec<_> = arrivals
            .iter()
            .map(|(at, fault)| (at * MS, *fault, Call::new(&GetAccountConfig::new().to_request(), policy)))
            .collect();
        let mut sent = Vec::new();
        // The next call that has something to do, until none has.
        while let Some(index) = (0..calls.len()).min_by_key(|i| calls[*i].0).filter(|i| calls[*i].0 < u64::MAX) {
            let (now, fault, call) = &mut calls[index];
            match call.step(&mut limiter, *now).unwrap() {
                Step::Wait(until) => {
                    prop_assert!(until > *now);
                    *now = until;
                }
                Step::Send => {
                    sent.push(*now);
                    let error = match fault.take() {
                        None => { *now = u64::MAX; continue; }
                        Some(0) => timeout(),
                        Some(1) => venue(50011, 429),
                        Some(2) => venue(50102, 401),
                        Some(_) => HttpError::gateway(503, b""),
                    };
                    prop_assert!(call.failed(&error, None, &mut limiter, &mut rng, *now) != Verdict::GiveUp);
                }
            }
        }
        prop_assert!(sent.len() >= arrivals.len());
        let rule = GetAccountConfig::new().to_request().limit_key().rule;
        let window = rule.window_ns() + DEFAULT_MARGIN_MS * MS;
        for (index, at) in sent.iter().enumerate() {
            let in_window = sent[index..].iter().take_while(|later| *later - at < window).count();
            prop_assert!(in_window <= rule.limit as usize, "{in_window} in a window from {at}");
        }
    }
}
