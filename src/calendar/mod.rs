//! Which day money is due on: so many business or calendar days after the payment.

use std::collections::BTreeSet;
use std::fmt;

use crate::error::Error;
use crate::limits::{CALENDAR_DAYS, CYCLE_DAYS};
use crate::time::{Date, Weekday};

/// How long a provider takes to settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cycle {
    /// `T+n`: the n-th business day after the payment.
    Business(u16),
    /// `D+n`: n calendar days after the payment, whatever day that is.
    Calendar(u16),
}

impl Cycle {
    /// A cycle as contracts write it: `T+2`, `D+1`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, days) = text.trim().split_once('+')?;
        if days.is_empty() || !days.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let days = days.parse().ok().filter(|days| *days <= CYCLE_DAYS)?;
        match kind {
            "T" | "t" => Some(Self::Business(days)),
            "D" | "d" => Some(Self::Calendar(days)),
            _ => None,
        }
    }
}

/// What [`Cycle::parse`] reads.
impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Business(days) => write!(f, "T+{days}"),
            Self::Calendar(days) => write!(f, "D+{days}"),
        }
    }
}

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

    /// The day on which a payment of `date` is due. `T+0` is the day itself, or the next business
    /// day if it is none; `D+n` counts every day and may end on a holiday.
    #[must_use]
    pub fn due(&self, date: Date, cycle: &Cycle) -> Date {
        match *cycle {
            Cycle::Calendar(days) => Date(date.0.saturating_add(i32::from(days))),
            Cycle::Business(0) => self.business_day_from(date),
            Cycle::Business(days) => {
                (0..days).fold(date, |day, _| self.business_day_from(Date(day.0.saturating_add(1))))
            }
        }
    }

    /// The first business day on or after `date`.
    fn business_day_from(&self, date: Date) -> Date {
        // One weekday is worked unless it is a listed holiday, so a week more than there are
        // holidays always holds one.
        let weeks = i32::try_from(self.holidays.len()).unwrap_or(i32::MAX).saturating_add(1);
        (0..=weeks.saturating_mul(7))
            .map(|days| Date(date.0.saturating_add(days)))
            .find(|day| self.is_business_day(*day))
            .unwrap_or(date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::from_iso(text).unwrap_or_else(|| panic!("{text}"))
    }

    fn dates(texts: &[&str]) -> Vec<Date> {
        texts.iter().map(|text| date(text)).collect()
    }

    #[test]
    fn cycles_are_read_and_written() {
        for text in ["T+0", "T+2", "D+1", "D+365"] {
            assert_eq!(Cycle::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Cycle::parse(" t+2 "), Some(Cycle::Business(2)));
        for text in ["", "T", "T+", "T-1", "T+-1", "T++1", "2", "W+1", "T+1.5", "T+367", "T+99999"]
        {
            assert_eq!(Cycle::parse(text), None, "{text}");
        }
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
            let got = calendar.due(date(from), &Cycle::parse(cycle).unwrap());
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
        assert_eq!(calendar.due(Date(0), &Cycle::Business(1)), Date(4 + 7 * 500));
    }
}
