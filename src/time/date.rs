//! A calendar day without a time or a zone.

use std::fmt;

use chrono::{Datelike, NaiveDate};

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
        if year < 1 || year > 9999 {
            return None;
        }
        match NaiveDate::from_ymd_opt(year, month, day) {
            Some(date) => Some(Self(date.to_epoch_days())),
            None => None,
        }
    }

    /// Year, month (1 to 12) and day of the month; days more than 260,000 years away, which no
    /// file can state, are shown as the last that the calendar has.
    #[must_use]
    pub fn ymd(self) -> (i32, u32, u32) {
        let last = if self.0 < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
        let date = NaiveDate::from_epoch_days(self.0).unwrap_or(last);
        (date.year(), date.month(), date.day())
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
    #[test]
    fn days_count_from_1970_and_weeks_from_monday() {
        for (text, days, weekday) in [
            ("1969-12-31", -1, Weekday::Wednesday),
            ("1970-01-01", 0, Weekday::Thursday),
            ("2000-02-29", 11_016, Weekday::Tuesday),
            ("2026-02-03", 20_487, Weekday::Tuesday),
            ("2026-11-22", 20_779, Weekday::Sunday),
        ] {
            let date = Date::from_iso(text).unwrap();
            assert_eq!(
                (date, date.weekday(), date.to_string()),
                (Date(days), weekday, text.into())
            );
        }
        for end in [i32::MIN, i32::MAX] {
            assert!(Date(end).ymd().0.abs() > 260_000);
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
