//! The days on which a provider works.

use std::collections::BTreeSet;

use crate::error::Error;
use crate::limits::CALENDAR_DAYS;
use crate::time::{Date, Weekday};

/// The business days of a provider: all but weekends and holidays, plus the weekend days on which
/// it works all the same (调休).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    weekend: BTreeSet<Weekday>,
    holidays: BTreeSet<Date>,
    working_days: BTreeSet<Date>,
}

impl Default for Calendar {
    /// Monday to Friday, without holidays.
    fn default() -> Self {
        Self {
            weekend: BTreeSet::from([Weekday::Saturday, Weekday::Sunday]),
            holidays: BTreeSet::new(),
            working_days: BTreeSet::new(),
        }
    }
}

impl Calendar {
    /// A calendar of weekly days off, holidays, and days off that are worked.
    ///
    /// # Errors
    /// `calendar/no-business-day` if every weekday is off, `calendar/too-many-days` beyond the
    /// stated limit, `calendar/both` if a day is a holiday and a working day.
    pub fn new(
        weekend: impl IntoIterator<Item = Weekday>,
        holidays: impl IntoIterator<Item = Date>,
        working_days: impl IntoIterator<Item = Date>,
    ) -> Result<Self, Error> {
        let calendar = Self {
            weekend: weekend.into_iter().collect(),
            holidays: holidays.into_iter().collect(),
            working_days: working_days.into_iter().collect(),
        };
        if calendar.weekend.len() == Weekday::ALL.len() {
            return Err(Error::new("calendar/no-business-day", "the weekend has all seven days")
                .remedy_is("leave at least one weekday out of it"));
        }
        if calendar.holidays.len().saturating_add(calendar.working_days.len()) > CALENDAR_DAYS {
            let message = format!("the calendar lists more than {CALENDAR_DAYS} days");
            return Err(Error::new("calendar/too-many-days", message)
                .remedy_is("keep the years that the files cover"));
        }
        if let Some(day) = calendar.holidays.intersection(&calendar.working_days).next() {
            let message = format!("{day} is listed as a holiday and as a working day");
            return Err(Error::new("calendar/both", message)
                .remedy_is("remove it from one of the lists")
                .arg("date", day));
        }
        Ok(calendar)
    }

    /// Whether the provider works on this day.
    #[must_use]
    pub fn is_business_day(&self, date: Date) -> bool {
        if self.weekend.contains(&date.weekday()) {
            return self.working_days.contains(&date);
        }
        !self.holidays.contains(&date)
    }

    /// The calendar with further days: what the user lists wins over what it says itself.
    ///
    /// # Errors
    /// As [`Calendar::new`].
    pub fn with(&self, holidays: &[Date], working_days: &[Date]) -> Result<Self, Error> {
        let kept = |own: &BTreeSet<Date>, against: &[Date]| -> Vec<Date> {
            own.iter().copied().filter(|day| !against.contains(day)).collect()
        };
        let mut all = kept(&self.holidays, working_days);
        all.extend(holidays);
        let mut worked = kept(&self.working_days, holidays);
        worked.extend(working_days);
        Self::new(self.weekend.iter().copied(), all, worked)
    }

    /// The same days off and worked, with another weekend.
    ///
    /// # Errors
    /// As [`Calendar::new`].
    pub fn with_weekend(&self, weekend: &[Weekday]) -> Result<Self, Error> {
        let (holidays, worked) = (self.holidays.iter(), self.working_days.iter());
        Self::new(weekend.iter().copied(), holidays.copied(), worked.copied())
    }

    /// The n-th business day after `date`.
    #[must_use]
    pub fn add_business_days(&self, date: Date, days: u16) -> Date {
        (0..days).fold(date, |day, _| self.on_or_after(Date(day.0.saturating_add(1))))
    }

    /// The first business day on or after `date`.
    #[must_use]
    pub fn on_or_after(&self, date: Date) -> Date {
        self.nearest(date, 1)
    }

    /// The last business day on or before `date`.
    #[must_use]
    pub fn on_or_before(&self, date: Date) -> Date {
        self.nearest(date, -1)
    }

    fn nearest(&self, date: Date, step: i32) -> Date {
        // One weekday is worked unless it is a listed holiday, so a week more than there are
        // holidays always holds one.
        let weeks = i32::try_from(self.holidays.len()).unwrap_or(i32::MAX).saturating_add(1);
        (0..=weeks.saturating_mul(7))
            .map(|days| Date(date.0.saturating_add(days.saturating_mul(step))))
            .find(|day| self.is_business_day(*day))
            .unwrap_or(date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Cycle;

    fn date(text: &str) -> Date {
        Date::from_iso(text).unwrap_or_else(|| panic!("{text}"))
    }

    fn dates(texts: &[&str]) -> Vec<Date> {
        texts.iter().map(|text| date(text)).collect()
    }

    #[test]
    fn due_days_by_the_calendar_on_the_wall() {
        let plain = Calendar::default();
        // Spring festival 2026 in mainland China: 15 to 23 February off, Saturday the 14th and
        // Saturday the 28th worked.
        let spring = Calendar::new(
            [Weekday::Saturday, Weekday::Sunday],
            dates(&[
                "2026-02-16",
                "2026-02-17",
                "2026-02-18",
                "2026-02-19",
                "2026-02-20",
                "2026-02-23",
            ]),
            dates(&["2026-02-14", "2026-02-28"]),
        )
        .unwrap();
        let friday_off = Calendar::new([Weekday::Friday, Weekday::Saturday], [], []).unwrap();
        for (calendar, from, cycle, due) in [
            (&plain, "2026-02-02", "T+1", "2026-02-03"), // Monday, Tuesday
            (&plain, "2026-02-05", "T+2", "2026-02-09"), // Thursday, Monday
            (&plain, "2026-02-06", "T+1", "2026-02-09"), // Friday, Monday
            (&plain, "2026-02-07", "T+1", "2026-02-09"), // Saturday counts from Monday
            (&plain, "2026-02-07", "T+2", "2026-02-10"),
            (&plain, "2026-02-08", "T+1", "2026-02-09"), // Sunday
            (&plain, "2026-02-06", "T+0", "2026-02-06"),
            (&plain, "2026-02-07", "T+0", "2026-02-09"),
            (&plain, "2026-02-27", "T+1", "2026-03-02"), // over the end of the month
            (&plain, "2028-02-28", "T+1", "2028-02-29"), // leap day, a Tuesday
            (&plain, "2026-12-31", "T+1", "2027-01-01"), // no holiday unless it is listed
            (&plain, "2026-02-02", "T+10", "2026-02-16"),
            (&plain, "2026-02-06", "D+1", "2026-02-07"),
            (&plain, "2026-02-27", "D+2", "2026-03-01"),
            (&plain, "2026-02-27", "D+0", "2026-02-27"),
            (&spring, "2026-02-13", "T+1", "2026-02-14"), // the worked Saturday
            (&spring, "2026-02-14", "T+1", "2026-02-24"), // over the whole festival
            (&spring, "2026-02-13", "T+2", "2026-02-24"),
            (&spring, "2026-02-17", "T+0", "2026-02-24"),
            (&spring, "2026-02-27", "T+1", "2026-02-28"),
            (&spring, "2026-02-14", "D+3", "2026-02-17"), // calendar days may end on a holiday
            (&friday_off, "2026-02-05", "T+1", "2026-02-08"), // Thursday, Sunday
        ] {
            let got = Cycle::parse(cycle).unwrap().due(date(from), calendar);
            assert_eq!(got, date(due), "{from} {cycle}");
        }
    }

    #[test]
    fn calendars_that_cannot_be_meant_are_refused() {
        let day = date("2026-02-17");
        let code = |calendar: Result<Calendar, Error>| calendar.unwrap_err().code();
        assert_eq!(code(Calendar::new(Weekday::ALL, [], [])), "calendar/no-business-day");
        assert_eq!(code(Calendar::new([], [day], [day])), "calendar/both");
        assert_eq!(code(Calendar::new([], (0..10_001).map(Date), [])), "calendar/too-many-days");
    }

    #[test]
    fn a_long_run_of_holidays_ends() {
        let off = Weekday::ALL.into_iter().filter(|day| *day != Weekday::Monday);
        let mondays = (0..500).map(|week| Date(4 + 7 * week)); // 1970-01-05 was a Monday
        let calendar = Calendar::new(off, mondays, []).unwrap();
        assert_eq!(Cycle::Business(1).due(Date(0), &calendar), Date(4 + 7 * 500));
    }

    #[test]
    fn what_the_user_lists_wins() {
        let own = Calendar::new(
            [Weekday::Saturday, Weekday::Sunday],
            dates(&["2026-02-16"]),
            dates(&["2026-02-14"]),
        );
        let other = own.unwrap().with(&dates(&["2026-02-14"]), &dates(&["2026-02-16"])).unwrap();
        assert!(other.is_business_day(date("2026-02-16")));
        assert!(!other.is_business_day(date("2026-02-14")), "a Saturday again");
        let fridays = other.with_weekend(&[Weekday::Friday]).unwrap();
        assert!(!fridays.is_business_day(date("2026-02-13")));
        assert!(fridays.is_business_day(date("2026-02-15")));
    }
}
