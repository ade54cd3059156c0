use super::*;

#[test]
fn open_enums_keep_unknown_values() {
    let state: InstState = serde_json::from_str("\"halted\"").unwrap();
    assert_eq!(state, InstState::Unknown("halted".into()));
    assert!(!state.is_known());
    assert_eq!(serde_json::to_string(&state).unwrap(), "\"halted\"");
    for text in InstState::WIRE {
        assert_eq!(InstState::from(*text).as_str(), *text);
    }
    let native: ServiceType = serde_json::from_str("5").unwrap();
    assert_eq!(native, ServiceType::Trading);
    let negative: AmendResult = serde_json::from_str("-1").unwrap();
    assert_eq!(negative, AmendResult::Failure);
}

#[test]
fn closed_enums_refuse_unknown_values() {
    let error = serde_json::from_str::<OrderState>("\"haltéd\"").unwrap_err().to_string();
    assert!(error.contains("OrderState") && error.contains("haltéd"), "{error}");
    assert!("".parse::<Side>().is_err());
    for state in OrderState::ALL {
        assert_eq!(state.as_str().parse(), Ok(*state));
    }
    assert!(OrderState::MmpCanceled.is_final() && !OrderState::PartiallyFilled.is_final());
}

#[test]
fn vip_levels() {
    let of = VipLevel::from_level;
    assert_eq!(
        [of("Lv1"), of("Lv5"), of("VIP4"), of("5"), of(""), of("VIP")].map(|v| v.0),
        [0, 0, 4, 5, 0, 0]
    );
    assert!(of("VIP5") > of("VIP4"));
    assert_eq!((of("VIP4").to_string(), of("Lv1").to_string()), ("VIP4".into(), "regular user".into()));
}

mod bars {
    use super::{Bar, BarAlignment, BarUnit};

    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;
    /// 2024-02-29 13:45:07.891 UTC, a Thursday.
    const T: i64 = 1_709_214_307_891;
    /// 2024-02-29 00:00 UTC.
    const MIDNIGHT: i64 = 1_709_164_800_000;

    #[test]
    fn short_bars_start_at_multiples() {
        assert_eq!(Bar::Second1.open_of(T), 1_709_214_307_000);
        assert_eq!(Bar::Minute15.open_of(T), MIDNIGHT + 13 * HOUR + 45 * 60_000);
        assert_eq!(Bar::Hour4.open_of(T), MIDNIGHT + 12 * HOUR);
        assert_eq!(Bar::Hour4.close_of(T), MIDNIGHT + 16 * HOUR);
    }

    #[test]
    fn long_bars_start_by_utc_plus_8_unless_named_utc() {
        // 21:45 in UTC+8: six-hour bars started at 18:00 there, which is 10:00 UTC.
        assert_eq!(Bar::Hour6.open_of(T), MIDNIGHT + 10 * HOUR);
        assert_eq!(Bar::Hour6Utc.open_of(T), MIDNIGHT + 12 * HOUR);
        assert_eq!(Bar::Day1.open_of(T), MIDNIGHT - 8 * HOUR);
        assert_eq!(Bar::Day1.open_of(MIDNIGHT + 16 * HOUR), MIDNIGHT + 16 * HOUR);
        assert_eq!(Bar::Day1Utc.open_of(T), MIDNIGHT);
    }

    #[test]
    fn weeks_start_on_monday() {
        let monday = MIDNIGHT - 3 * DAY;
        assert_eq!(Bar::Week1Utc.open_of(T), monday);
        assert_eq!(Bar::Week1.open_of(T), monday - 8 * HOUR);
        assert_eq!(Bar::Week1Utc.open_of(monday - 1), monday - 7 * DAY);
        assert_eq!(Bar::Week1.close_of(T), monday - 8 * HOUR + 7 * DAY);
    }

    #[test]
    fn months_and_years_follow_the_calendar() {
        let february = MIDNIGHT - 28 * DAY;
        assert_eq!(Bar::Month1Utc.open_of(T), february);
        assert_eq!(Bar::Month1Utc.close_of(T), february + 29 * DAY, "2024 is a leap year");
        assert_eq!(Bar::Month1.open_of(T), february - 8 * HOUR);
        // 2024-02-29 20:00 UTC is March in UTC+8.
        assert_eq!(Bar::Month1.open_of(MIDNIGHT + 20 * HOUR), MIDNIGHT + 16 * HOUR);
        let january = february - 31 * DAY;
        assert_eq!(Bar::Month3Utc.open_of(T), january);
        assert_eq!(Bar::Month3Utc.close_of(T), january + 91 * DAY);
        assert_eq!(Bar::Year1Utc.open_of(T), january);
        assert_eq!(Bar::Year1Utc.close_of(T), january + 366 * DAY);
        assert_eq!(Bar::Month1Utc.open_of(-1), -31 * DAY, "December 1969");
    }

    #[test]
    fn every_bar_contains_the_time_and_follows_on_itself() {
        for bar in Bar::ALL {
            let mut ts = T;
            for _ in 0..50 {
                let (open, close) = (bar.open_of(ts), bar.close_of(ts));
                assert!(open <= ts && ts < close, "{bar}: {open} {ts} {close}");
                assert_eq!(bar.open_of(open), open, "{bar}");
                assert_eq!(bar.open_of(close), close, "{bar}");
                assert_eq!(bar.open_of(close - 1), open, "{bar}");
                ts = close + 12_345 % (close - open);
            }
            assert_eq!(bar.fixed_ms().is_some(), bar.months().is_none(), "{bar}");
        }
    }

    #[test]
    fn steps_name_each_bar() {
        for bar in Bar::ALL {
            let (count, unit) = bar.step();
            assert_eq!(Bar::from_step(count, unit, bar.alignment()), Some(*bar));
        }
        assert_eq!(Bar::from_step(1, BarUnit::Minute, BarAlignment::UtcPlus8), Some(Bar::Minute1));
        assert_eq!(Bar::from_step(1, BarUnit::Year, BarAlignment::UtcPlus8), None);
        assert_eq!(Bar::from_step(7, BarUnit::Minute, BarAlignment::Utc), None);
        assert_eq!("1m".parse(), Ok(Bar::Minute1));
        assert_eq!("1M".parse(), Ok(Bar::Month1));
        assert_eq!(Bar::Day5.as_rest(), None);
        assert_eq!(Bar::Day1Utc.as_channel_suffix(), "1Dutc");
        assert_eq!(Bar::Minute1.step_ns(), Some(60_000_000_000));
    }
}
