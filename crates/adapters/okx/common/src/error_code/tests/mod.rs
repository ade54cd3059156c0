mod reference;

use super::*;
use reference::{Class, REFERENCE};

/// Every code of the reference's tables is known, with the class that the reference gives it.
#[test]
fn every_code_of_the_reference_is_there() {
    let mut faults = Vec::new();
    for (first, last, class, http) in REFERENCE {
        for code in *first..=*last {
            match lookup(code) {
                None => faults.push(format!("{code} is missing")),
                Some(info) => {
                    // A range of the reference may hold a code that it describes apart.
                    let described_apart = first != last && info.code == info.last && info.code != *first;
                    if !described_apart && !fits(info, *class) {
                        faults.push(format!("{code} is {class:?} in the reference, {:?} here", info.kind));
                    }
                    if *http != 0 && !described_apart && info.http != *http {
                        faults.push(format!(
                            "{code} comes with HTTP {http} in the reference, {} here",
                            info.http
                        ));
                    }
                }
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

fn fits(info: &CodeInfo, class: Class) -> bool {
    use CodeKind::*;
    let kind = info.kind;
    let unknown = info.outcome == Outcome::Unknown;
    match class {
        Class::Bug => kind == BadRequest || (kind == Clock && info.code == 50036),
        Class::Fatal => {
            matches!(kind, Authentication | Permission) || (info.code == 50047 && kind == Rejected)
        }
        Class::Gone => kind == Gone,
        Class::Reject => matches!(kind, Rejected | Duplicate | BadRequest | Permission),
        Class::Retry => !matches!(info.retry, Retry::Never | Retry::SlowDown),
        Class::RetryUnknown => kind == Unavailable && info.retry == Retry::BackOff && unknown,
        Class::Throttle => kind == RateLimit && info.retry == Retry::SlowDown,
        Class::Unknown => kind == OutcomeUnknown && info.retry == Retry::Never && unknown,
        Class::Other => true,
    }
}

/// Nothing is in the catalogue that the reference does not have.
#[test]
fn no_code_is_invented() {
    // Named in the text of the reference outside its tables.
    let elsewhere = [(59691, 59693)];
    for info in catalogue() {
        for code in [info.code, info.last] {
            let known = REFERENCE.iter().any(|(first, last, ..)| (*first..=*last).contains(&code))
                || elsewhere.iter().any(|(first, last)| (*first..=*last).contains(&code));
            assert!(known, "{code}");
        }
    }
}

#[test]
fn the_catalogue_is_sorted_and_complete_in_its_words() {
    for family in FAMILIES {
        assert!(family.windows(2).all(|w| w[0].code < w[1].code), "not sorted near {}", family[0].code);
        for (at, info) in family.iter().enumerate() {
            assert!(!info.meaning.is_empty() && !info.advice.is_empty(), "{}", info.code);
            assert!(!info.meaning.ends_with('.') && !info.advice.ends_with('.'), "{}", info.code);
            assert!(info.code <= info.last && (200..600).contains(&info.http), "{}", info.code);
            let inside = family[at + 1..].iter().take_while(|other| other.code <= info.last).count();
            assert!(inside < MAX_CODES_IN_RANGE, "range {}", info.code);
        }
    }
    for (i, family) in FAMILIES.iter().enumerate() {
        for other in &FAMILIES[i + 1..] {
            let twice = family.iter().find(|a| other.iter().any(|b| a.code == b.code));
            assert_eq!(twice, None, "one code in two families");
        }
    }
}

/// The codes that adapters are known to map wrongly (reference, 8.7).
#[test]
fn codes_that_others_map_wrongly() {
    let of = |code| {
        let info = lookup(code).unwrap();
        (info.kind, info.retry)
    };
    assert_eq!(of(60005), (CodeKind::Authentication, Retry::Never), "an invalid key, not an idle connection");
    assert_eq!(lookup_close(4004).unwrap().retry, Retry::Reconnect, "the idle connection");
    assert_eq!(lookup(60001), None, "not in OKX's tables");
    assert_eq!(of(50113), (CodeKind::Authentication, Retry::Never), "an invalid signature, not a rate limit");
    assert_eq!(of(50005), (CodeKind::Permission, Retry::Never), "a retired endpoint");
    assert_eq!(lookup(50005).unwrap().http, 410);
    assert!(lookup(51019).unwrap().meaning.contains("net long"), "an options rule, not post-only");
    assert!(lookup(51511).unwrap().meaning.contains("post-only"), "the amendment that would take");
    assert_eq!(of(54084), (CodeKind::BadRequest, Retry::Never), "a parameter, not slippage");
    assert_eq!(of(54085), (CodeKind::BadRequest, Retry::Never));
    assert_eq!(
        [51016, 50071].map(|c| of(c).0),
        [CodeKind::Duplicate; 2],
        "an order of this id may be on the book"
    );
    assert_eq!(of(51000).0, CodeKind::BadRequest, "a wrong parameter, not a duplicate id");
    for code in [50061, 50040, 51149, 51054, 51412, 64007, 63999, 54047, 54048] {
        assert!(lookup(code).is_some(), "{code}");
    }
}

/// The codes after which the outcome of a command must be queried (acceptance, outcome rules).
#[test]
fn unknown_outcomes() {
    let unknown = [50001, 50004, 50013, 50026, 50042, 51054, 51149, 51412, 64007];
    let throttled = [50011, 50040, 50061, 60014];
    let duplicates = [51016, 50071];
    for code in unknown.into_iter().chain(throttled).chain(duplicates) {
        assert_eq!(ErrorCode(code).outcome(), Outcome::Unknown, "{code}");
    }
    for code in [51400, 51401, 51402, 51405, 51410, 51416, 51503, 51603] {
        assert_eq!(ErrorCode(code).kind(), CodeKind::Gone, "{code}");
    }
    for code in [51008, 51121, 51006, 50014, 51000, 60013, 50102, 50037] {
        assert_eq!(ErrorCode(code).outcome(), Outcome::NotExecuted, "{code}");
    }
    assert_eq!(ErrorCode(99_999).outcome(), Outcome::Unknown, "not in the tables");
    assert_eq!([ErrorCode(0).outcome(), ErrorCode(1).outcome()], [Outcome::Done, Outcome::PerItem]);
}

#[test]
fn a_single_code_wins_over_its_range() {
    assert_eq!(lookup(51178).unwrap().code, 51178);
    assert_eq!(lookup(51179).unwrap().code, 51175);
    assert_eq!(lookup(51773).unwrap().advice, "nothing to do");
    assert_eq!(lookup(51774).unwrap().code, 51763);
    assert_eq!(lookup(51183), None);
    assert_eq!(lookup(70518).unwrap().code, 70000);
    assert_eq!((lookup(3), lookup(u32::MAX)), (None, None));
}

#[test]
fn codes_are_read_with_their_sub_code_and_natively() {
    assert_eq!(ErrorCode::parse("51008_1000"), Some(ErrorCode(51008)));
    assert_eq!(ErrorCode::parse("0"), Some(ErrorCode(0)));
    for bad in ["", "_1", "-1", "+1", "1e3", "99999999999", "abc"] {
        assert_eq!(ErrorCode::parse(bad), None, "{bad:?}");
    }
    assert_eq!(serde_json::from_str::<ErrorCode>("\"60012\"").unwrap(), ErrorCode(60012));
    assert_eq!(serde_json::from_str::<ErrorCode>("60012").unwrap(), ErrorCode(60012));
    assert!(serde_json::from_str::<ErrorCode>("\"x\"").is_err());
    assert_eq!(serde_json::to_string(&ErrorCode(1)).unwrap(), "\"1\"");
    assert!(ErrorCode(0).is_success() && !ErrorCode(1).is_success());
}

#[test]
fn all_close_codes() {
    for code in [1009, 4001, 4002, 4003, 4004, 4005, 4006, 4007, 4008, 4009] {
        assert_eq!(lookup_close(code).unwrap().code, code);
    }
    assert_eq!(lookup_close(1000), None);
    assert_eq!(lookup_close(4001).unwrap().retry, Retry::Never);
}
