//! Decides the days of the sample month: the seller's clock (UTC+8), the provider's clock (UTC),
//! business days, and when a payment is due.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike as _, Timelike as _};

/// Days since 1970-01-01.
pub(super) type Day = i64;
/// Seconds since 1970-01-01T00:00:00Z.
pub(super) type Seconds = i64;

/// 2026-02-01.
pub(super) const FIRST_DAY: Day = 20_485;
/// The last local date that the run looks at; also the last day of the month.
pub(super) const AS_OF_DAY: Day = FIRST_DAY + 27;
pub(super) const AS_OF: &str = "2026-02-28";
pub(super) const TIMEZONE: &str = "Asia/Shanghai";
/// Days on which the provider does not settle, besides weekends.
pub(super) const HOLIDAYS: [(Day, &str); 2] =
    [(FIRST_DAY + 16, "2026-02-17"), (FIRST_DAY + 17, "2026-02-18")];
/// Business days from a payment to its settlement.
pub(super) const CYCLE: u32 = 2;

pub(super) const DAY: Seconds = 86_400;
const SELLER_OFFSET: Seconds = 8 * 3_600;

/// The instant of a time of day (in seconds) on a date of the seller.
pub(super) fn at_seller(day: Day, second: Seconds) -> Seconds {
    day * DAY + second - SELLER_OFFSET
}

pub(super) fn seller_day(instant: Seconds) -> Day {
    (instant + SELLER_OFFSET).div_euclid(DAY)
}

pub(super) fn utc_day(instant: Seconds) -> Day {
    instant.div_euclid(DAY)
}

pub(super) fn is_weekend(day: Day) -> bool {
    // 1970-01-01 was a Thursday.
    matches!((day + 3).rem_euclid(7), 5 | 6)
}

/// The `count`-th business day after `day`.
pub(super) fn add_business_days(day: Day, count: u32) -> Day {
    let mut day = day;
    for _ in 0..count {
        day += 1;
        while is_weekend(day) || HOLIDAYS.iter().any(|(holiday, _)| *holiday == day) {
            day += 1;
        }
    }
    day
}

/// `2026-02-03`.
pub(super) fn push_date(out: &mut String, day: Day) {
    let date = calendar(day * DAY);
    let _ = write!(out, "{}-{:02}-{:02}", date.year(), date.month(), date.day());
}

/// The seller's clock: `2026-02-03 12:05:06 +0800`.
pub(super) fn push_seller_time(out: &mut String, instant: Seconds) {
    push_time(out, instant + SELLER_OFFSET, ' ', " +0800");
}

/// The provider's clock: `2026-02-03T04:05:06Z`.
pub(super) fn push_utc_time(out: &mut String, instant: Seconds) {
    push_time(out, instant, 'T', "Z");
}

fn push_time(out: &mut String, instant: Seconds, between: char, zone: &str) {
    push_date(out, instant.div_euclid(DAY));
    let time = calendar(instant);
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    let _ = write!(out, "{between}{hour:02}:{minute:02}:{second:02}{zone}");
}

fn calendar(instant: Seconds) -> DateTime<chrono::Utc> {
    DateTime::from_timestamp(instant, 0).expect("invariant: the sample month is in chrono's range")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(day: Day) -> String {
        let mut out = String::new();
        push_date(&mut out, day);
        out
    }

    #[test]
    fn the_constants_are_the_dates_they_say() {
        assert_eq!(date(FIRST_DAY), "2026-02-01");
        assert_eq!(date(AS_OF_DAY), AS_OF);
        assert!(HOLIDAYS.iter().all(|(day, text)| date(*day) == *text));
    }

    #[test]
    fn business_days_skip_weekends_and_holidays() {
        // (date, two business days later), by the calendar on the wall.
        let cases =
            [(1, 3), (2, 4), (5, 9), (6, 10), (7, 10), (13, 19), (16, 20), (25, 27), (26, 30)];
        for (from, to) in cases {
            let day = add_business_days(FIRST_DAY + from - 1, 2);
            assert_eq!(day, FIRST_DAY + to - 1, "2026-02-{from:02} + 2");
        }
    }

    #[test]
    fn both_clocks_are_written_as_their_files_write_them() {
        let instant = at_seller(FIRST_DAY + 2, 6 * 3_600 + 65);
        let (mut seller, mut provider) = (String::new(), String::new());
        push_seller_time(&mut seller, instant);
        push_utc_time(&mut provider, instant);
        assert_eq!(seller, "2026-02-03 06:01:05 +0800");
        assert_eq!(provider, "2026-02-02T22:01:05Z");
        assert_eq!(seller_day(instant), utc_day(instant) + 1);
    }
}
