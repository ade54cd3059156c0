use proptest::prelude::*;

use super::*;

const SECOND: u64 = 1_000_000_000;

static THREE_A_SECOND: Rule = Rule { name: "test", limit: 3, window_ms: 1_000, scope: Scope::Ip };

fn key(scope: &str) -> LimitKey {
    LimitKey::new(&THREE_A_SECOND, scope)
}

#[test]
fn refuses_the_fourth_and_says_when_it_fits() {
    let mut limiter = RateLimiter::with_margin_ms(0);
    let a = key("a");
    for at in [0, 10, 20] {
        assert_eq!(limiter.try_acquire(&a, 1, at), Ok(()));
    }
    assert_eq!(limiter.try_acquire(&a, 1, 30), Err(WaitNs(SECOND - 30)));
    assert_eq!(limiter.try_acquire(&a, 2, 30), Err(WaitNs(SECOND + 10 - 30)));
    assert_eq!(limiter.try_acquire(&key("b"), 3, 30), Ok(()), "another scope has a count of its own");
    assert_eq!(limiter.try_acquire(&a, 1, SECOND), Ok(()));
    assert_eq!(limiter.try_acquire(&a, 1, SECOND), Err(WaitNs(10)));
}

#[test]
fn a_cost_above_the_limit_takes_all_of_it() {
    let mut limiter = RateLimiter::with_margin_ms(0);
    assert_eq!(limiter.try_acquire(&key(""), 50, 0), Ok(()));
    assert_eq!(limiter.try_acquire(&key(""), 1, 1), Err(WaitNs(SECOND - 1)));
}

#[test]
fn several_limits_are_taken_all_or_nothing() {
    let mut limiter = RateLimiter::with_margin_ms(0);
    let (a, b) = (key("a"), key("b"));
    assert_eq!(limiter.try_acquire(&b, 3, 0), Ok(()));
    assert_eq!(limiter.try_acquire_all(&[(&a, 1), (&b, 1)], 5), Err(WaitNs(SECOND - 5)));
    assert_eq!(limiter.try_acquire(&a, 3, 6), Ok(()), "nothing was taken from a");
}

#[test]
fn reservations_are_served_in_order() {
    let mut limiter = RateLimiter::with_margin_ms(0);
    let a = key("a");
    let times: Vec<_> = (0..7).map(|_| limiter.reserve(&a, 1, 0, 10 * SECOND).unwrap()).collect();
    assert_eq!(times, [0, 0, 0, SECOND, SECOND, SECOND, 2 * SECOND]);
    assert_eq!(limiter.try_acquire(&a, 1, SECOND), Err(WaitNs(SECOND)), "not before those who wait");
    assert_eq!(limiter.reserve(&a, 3, SECOND, SECOND), Err(WaitNs(2 * SECOND)));
}

#[test]
fn a_hold_stops_everything_for_its_time() {
    let mut limiter = RateLimiter::new();
    limiter.hold(&key("a"), 2 * SECOND, 5);
    limiter.hold(&key("a"), 1, 6);
    assert!(limiter.is_held(&key("a"), 2 * SECOND + 4) && !limiter.is_held(&key("b"), 6));
    assert!(!limiter.is_held(&key("a"), 2 * SECOND + 5));
    assert_eq!(limiter.try_acquire(&key("a"), 1, 10), Err(WaitNs(2 * SECOND - 5)));
    assert_eq!(limiter.try_acquire(&key("a"), 1, 2 * SECOND + 5), Ok(()));
}

#[test]
fn forgotten_keys_free_their_memory() {
    let mut limiter = RateLimiter::new();
    for i in 0..3 * PRUNE_AT_KEYS {
        limiter.try_acquire(&key(&i.to_string()), 1, i as u64 * SECOND).unwrap();
    }
    assert!(limiter.len() <= PRUNE_AT_KEYS, "{} keys", limiter.len());
    assert!(!limiter.is_empty());
}

#[test]
fn published_limits_are_found() {
    let rule = |m, p| rule_of_path(m, p).map(|r| (r.limit, r.window_ms, r.scope));
    assert_eq!(rule("GET", "/api/v5/public/instruments"), Some((20, 2_000, Scope::IpInstType)));
    assert_eq!(rule("GET", "/market/books"), Some((40, 2_000, Scope::Ip)));
    assert_eq!(rule("GET", "/api/v5/market/history-index-candles"), Some((10, 2_000, Scope::Ip)));
    assert_eq!(rule("GET", "/system/status"), Some((1, 5_000, Scope::Ip)));
    assert_eq!(rule("POST", "/trade/batch-orders"), Some((300, 2_000, Scope::UidInst)));
    assert_eq!(rule("GET", "/public/discount-rate-interest-free-quota"), None, "no limit is published");
    // Reading an order and placing one are counted apart.
    assert!(std::ptr::eq(rule_of_path("POST", "/trade/order").unwrap(), &order::PLACE));
    assert_eq!(rule_of_path("GET", "/trade/order").unwrap().name, "GET /trade/order");
    assert_eq!(rule("POST", "/account/mmp-config"), Some((2, 10_000, Scope::Uid)));
    assert_eq!(rule("GET", "/account/mmp-config"), Some((5, 2_000, Scope::Uid)));
    assert_eq!((ws::CONNECT.limit, ws::OPS.limit, ws::OPS.window_ms), (3, 480, 3_600_000));
    assert_eq!([0, 1_000, 1_600, 99_999].map(|n| sub_account_rule(n).limit), [1_000, 1_000, 1_500, 10_000]);
    let mut names: Vec<_> = all_rules().map(|r| r.name).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|w| w[0] != w[1]), "a limit stands twice in the table");
}

/// The most that any window holds.
fn worst_window(sent: &[(u64, u32)], window_ns: u64) -> u32 {
    let within = |start: u64| {
        sent.iter().filter(|(t, _)| (start..start + window_ns).contains(t)).map(|(_, c)| c).sum()
    };
    sent.iter().map(|(start, _)| within(*start)).max().unwrap_or(0)
}

proptest! {
    /// Whatever is asked, and whenever: no window of the published length holds more than the limit.
    #[test]
    fn no_window_holds_more_than_the_limit(
        asks in prop::collection::vec((0u64..700_000_000, 1u32..5, any::<bool>()), 1..120),
        margin_ms in 0u64..100,
    ) {
        let mut limiter = RateLimiter::with_margin_ms(margin_ms);
        let (a, mut now, mut sent) = (key("a"), 0, Vec::new());
        for (gap, cost, reserve) in asks {
            now += gap;
            let cost_taken = cost.min(3);
            if reserve {
                if let Ok(at) = limiter.reserve(&a, cost, now, 3 * SECOND) {
                    prop_assert!(at >= now && at <= now + 3 * SECOND);
                    sent.push((at, cost_taken));
                }
            } else if limiter.try_acquire(&a, cost, now).is_ok() {
                sent.push((now, cost_taken));
            }
        }
        prop_assert!(sent.is_sorted_by_key(|(t, _)| *t), "first come, first served");
        prop_assert!(worst_window(&sent, SECOND + margin_ms * 1_000_000) <= 3);
    }

    /// Who waits as long as told is served, and no sooner than needed.
    #[test]
    fn the_wait_is_enough_and_not_too_long(
        before in prop::collection::vec((0u64..900_000_000, 1u32..4), 0..40),
        cost in 1u32..4,
    ) {
        let mut limiter = RateLimiter::with_margin_ms(0);
        let (a, mut now, mut sent) = (key("a"), 0, Vec::new());
        for (gap, cost) in before {
            now += gap;
            if limiter.try_acquire(&a, cost, now).is_ok() {
                sent.push((now, cost));
            }
        }
        let told = limiter.wait(&a, cost, now);
        if let Err(WaitNs(wait)) = limiter.try_acquire(&a, cost, now) {
            prop_assert_eq!(told, WaitNs(wait));
            prop_assert!(wait <= SECOND);
            prop_assert!(limiter.try_acquire(&a, cost, now + wait - 1).is_err());
            prop_assert!(limiter.try_acquire(&a, cost, now + wait).is_ok());
            sent.push((now + wait - 1, cost));
            prop_assert!(worst_window(&sent, SECOND) > 3, "a moment earlier it would not have fitted");
        }
    }

    /// However many small requests come in between, a big reservation is served after what came before it.
    #[test]
    fn nobody_starves(rivals in 1usize..200) {
        let mut limiter = RateLimiter::with_margin_ms(0);
        let a = key("a");
        limiter.try_acquire(&a, 3, 0).unwrap();
        let big = limiter.reserve(&a, 3, 1, 10 * SECOND).unwrap();
        prop_assert_eq!(big, SECOND);
        for i in 0..rivals {
            let at = 2 + i as u64;
            prop_assert!(limiter.try_acquire(&a, 1, at).is_err());
            if let Ok(at) = limiter.reserve(&a, 1, at, 100 * SECOND) {
                prop_assert!(at >= big + SECOND);
            }
        }
    }
}
