//! Calendar arithmetic (proleptic Gregorian, after Howard Hinnant's algorithms), so that no date library is needed.

/// Milliseconds of a day; Unix time has no leap seconds.
pub const DAY_MS: i64 = 86_400_000;

/// Year, month (1-12) and day (1-31) of the day that lies so many days after 1970-01-01.
#[must_use]
pub const fn date_of_days(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

/// Days from 1970-01-01 to the date.
#[must_use]
pub const fn days_of_date(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Months since 1970-01 of a Unix time in milliseconds.
#[must_use]
pub const fn months_of(ms: i64) -> i64 {
    let (year, month, _) = date_of_days(ms.div_euclid(DAY_MS));
    (year - 1970) * 12 + month - 1
}

/// The first millisecond of the month that lies so many months after 1970-01.
#[must_use]
pub const fn month_start_ms(months: i64) -> i64 {
    days_of_date(1970 + months.div_euclid(12), months.rem_euclid(12) + 1, 1) * DAY_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_eight_centuries_round_trips_and_follows_the_last() {
        let (mut year, mut month, mut day) = date_of_days(-146_097);
        assert_eq!((year, month, day), (1570, 1, 1));
        for days in -146_097..146_097 {
            let date = date_of_days(days);
            assert_eq!(date, (year, month, day));
            assert_eq!(days_of_date(year, month, day), days);
            let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            let last =
                [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month as usize - 1];
            day += 1;
            if day > last {
                (day, month) = (1, month + 1);
            }
            if month > 12 {
                (month, year) = (1, year + 1);
            }
        }
    }
}
