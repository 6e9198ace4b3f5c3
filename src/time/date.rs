//! A calendar day without a time or a zone.

use std::fmt;

/// A day of the proleptic Gregorian calendar, as the number of days since 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub i32);

/// A day of the week; ordered from Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the seven names say it all")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// All seven, from Monday.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The English name in lower case, as contracts write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Tuesday => "tuesday",
            Self::Wednesday => "wednesday",
            Self::Thursday => "thursday",
            Self::Friday => "friday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }

    /// The weekday of an English name, in any case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|day| day.name().eq_ignore_ascii_case(name))
    }
}

impl Date {
    /// The day of a year (1 to 9999), month (1 to 12) and day of the month; `None` if the calendar
    /// has no such day.
    #[inline]
    #[must_use]
    pub const fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        if year < 1 || year > 9999 || month < 1 || month > 12 {
            return None;
        }
        if day < 1 || day > days_in_month(year, month) {
            return None;
        }
        // Years start in March here, so that the leap day is the last one
        // (Howard Hinnant, "chrono-compatible low-level date algorithms").
        let (month, day) = (month as i32, day as i32);
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(Self(era * 146_097 + day_of_era - 719_468))
    }

    /// Year, month (1 to 12) and day of the month.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "below 13, 32 and 6 million years")]
    pub const fn ymd(self) -> (i32, u32, u32) {
        let days = self.0 as i64 + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * shifted + 2) / 5 + 1) as u32;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year as i32, month as u32, day)
    }

    /// The day of the week.
    #[must_use]
    pub const fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        match (self.0 as i64 + 3).rem_euclid(7) {
            0 => Weekday::Monday,
            1 => Weekday::Tuesday,
            2 => Weekday::Wednesday,
            3 => Weekday::Thursday,
            4 => Weekday::Friday,
            5 => Weekday::Saturday,
            _ => Weekday::Sunday,
        }
    }

    /// The day `days` later, or earlier if negative; `None` beyond the range of days.
    #[must_use]
    pub const fn add_days(self, days: i32) -> Option<Self> {
        match self.0.checked_add(days) {
            Some(day) => Some(Self(day)),
            None => None,
        }
    }

    /// Days from `earlier` to `self`, negative if it is the later one.
    #[must_use]
    pub const fn days_since(self, earlier: Self) -> i64 {
        self.0 as i64 - earlier.0 as i64
    }

    /// The day of an ISO text `YYYY-MM-DD`; `None` for anything else.
    #[must_use]
    pub fn from_iso(text: &str) -> Option<Self> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0_u32, |number, digit| {
                digit.is_ascii_digit().then(|| number * 10 + u32::from(digit & 0x0f))
            })
        };
        let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok()?;
        Self::from_ymd(year, number(&[m1, m2])?, number(&[d1, d2])?)
    }
}

/// Number of days of a month (1 to 12).
#[must_use]
pub const fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// ISO 8601: `2026-02-03`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, NaiveDate};

    #[test]
    fn every_day_of_four_centuries_agrees_with_chrono() {
        let first = NaiveDate::from_ymd_opt(1801, 1, 1).unwrap();
        for day in first.iter_days().take(146_097 + 400) {
            let date = Date::from_ymd(day.year(), day.month(), day.day()).unwrap();
            assert_eq!(
                i64::from(date.0),
                day.signed_duration_since(NaiveDate::default()).num_days()
            );
            assert_eq!(date.ymd(), (day.year(), day.month(), day.day()));
            assert_eq!(date.weekday() as u32, day.weekday().num_days_from_monday());
        }
    }

    #[test]
    fn days_the_calendar_does_not_have_are_refused() {
        for (year, month, day) in [
            (2026, 2, 29),
            (2100, 2, 29),
            (2026, 2, 31),
            (2026, 4, 31),
            (2026, 0, 1),
            (2026, 13, 1),
            (2026, 1, 0),
            (2026, 1, 32),
            (0, 1, 1),
            (10_000, 1, 1),
        ] {
            assert_eq!(Date::from_ymd(year, month, day), None, "{year}-{month}-{day}");
        }
        for (year, month, day) in [(2024, 2, 29), (2000, 2, 29), (1, 1, 1), (9999, 12, 31)] {
            assert_eq!(Date::from_ymd(year, month, day).unwrap().ymd(), (year, month, day));
        }
    }

    #[test]
    fn iso_text_round_trips_and_near_misses_do_not_parse() {
        for text in ["1970-01-01", "2026-02-03", "0001-01-01", "9999-12-31"] {
            assert_eq!(Date::from_iso(text).unwrap().to_string(), text);
        }
        for text in
            ["2026-2-3", "2026-02-30", "2026/02/03", "20260203", "2026-02-03 ", "+026-02-03"]
        {
            assert_eq!(Date::from_iso(text), None, "{text:?}");
        }
    }

    #[test]
    fn steps_count_days_and_stop_at_the_ends() {
        let date = Date::from_iso("2026-02-27").unwrap();
        assert_eq!(date.add_days(3).unwrap().to_string(), "2026-03-02");
        assert_eq!(date.add_days(3).unwrap().days_since(date), 3);
        assert_eq!(Date(i32::MAX).add_days(1), None);
        assert_eq!(Date(-1).weekday(), Weekday::Wednesday);
    }
}
