//! How long a provider takes to settle, as contracts say it, and the day that it gives.

use std::fmt;

use super::Calendar;
use crate::limits::CYCLE_DAYS;
use crate::time::{Date, Weekday};

/// How long a provider takes to settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cycle {
    /// `T+n`: the n-th business day after the payment.
    Business(u16),
    /// `D+n`: n calendar days after the payment, whatever day that is.
    Calendar(u16),
    /// `weekly friday`: the next Friday after the payment, or the first business day after it.
    Weekly(Weekday),
    /// `monthly 5`: the fifth of the next month, or the first business day after it.
    Monthly(u8),
    /// `month-end`: the last business day of the month; what is paid after it waits a month.
    MonthEnd,
}

impl Cycle {
    /// A cycle as contracts write it: `T+2`, `D+1`, `weekly friday`, `monthly 5`, `month-end`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("month-end") {
            return Some(Self::MonthEnd);
        }
        if let Some((kind, when)) = text.split_once(' ') {
            let when = when.trim();
            return match kind.to_ascii_lowercase().as_str() {
                "weekly" => Weekday::from_name(when).map(Self::Weekly),
                "monthly" => number(when)
                    .filter(|day| (1..=28).contains(day))
                    .and_then(|day| u8::try_from(day).ok().map(Self::Monthly)),
                _ => None,
            };
        }
        let (kind, days) = text.split_once('+')?;
        let days = number(days).filter(|days| *days <= CYCLE_DAYS)?;
        match kind {
            "T" | "t" => Some(Self::Business(days)),
            "D" | "d" => Some(Self::Calendar(days)),
            _ => None,
        }
    }

    /// The day on which a payment of `date` is due. `T+0` is the day itself, or the next business
    /// day if it is none; `D+n` counts every day and may end on a holiday.
    #[must_use]
    pub fn due(self, date: Date, calendar: &Calendar) -> Date {
        let after = |days: i32| Date(date.0.saturating_add(days));
        match self {
            Self::Calendar(days) => after(i32::from(days)),
            Self::Business(0) => calendar.on_or_after(date),
            Self::Business(days) => calendar.add_business_days(date, days),
            Self::Weekly(day) => {
                let next = (1..=7).map(after).find(|next| next.weekday() == day);
                calendar.on_or_after(next.unwrap_or(date))
            }
            Self::Monthly(day) => {
                let (year, month, _) = first_of_next_month(date).ymd();
                let next = Date::from_ymd(year, month, u32::from(day));
                calendar.on_or_after(next.unwrap_or(date))
            }
            Self::MonthEnd => {
                let end_of = |date: Date| {
                    calendar.on_or_before(Date(first_of_next_month(date).0.saturating_sub(1)))
                };
                let end = end_of(date);
                if end >= date { end } else { end_of(first_of_next_month(date)) }
            }
        }
    }
}

/// Digits only.
fn number(text: &str) -> Option<u16> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn first_of_next_month(date: Date) -> Date {
    let (year, month, _) = date.ymd();
    let next = if month == 12 {
        Date::from_ymd(year.saturating_add(1), 1, 1)
    } else {
        Date::from_ymd(year, month.saturating_add(1), 1)
    };
    // Only the last month of the year 9999 has none.
    next.unwrap_or(date)
}

/// What [`Cycle::parse`] reads.
impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Business(days) => write!(f, "T+{days}"),
            Self::Calendar(days) => write!(f, "D+{days}"),
            Self::Weekly(day) => write!(f, "weekly {}", day.name()),
            Self::Monthly(day) => write!(f, "monthly {day}"),
            Self::MonthEnd => f.write_str("month-end"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::from_iso(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn cycles_are_read_and_written() {
        for text in
            ["T+0", "T+2", "D+1", "D+365", "weekly friday", "monthly 5", "monthly 28", "month-end"]
        {
            assert_eq!(Cycle::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Cycle::parse(" t+2 "), Some(Cycle::Business(2)));
        assert_eq!(Cycle::parse("Weekly Friday"), Some(Cycle::Weekly(Weekday::Friday)));
        for text in [
            "",
            "T",
            "T+",
            "T-1",
            "T+-1",
            "T++1",
            "2",
            "W+1",
            "T+1.5",
            "T+367",
            "T+99999",
            "weekly",
            "weekly fri",
            "monthly 0",
            "monthly 29",
            "monthly",
            "month end",
            "monthly +5",
        ] {
            assert_eq!(Cycle::parse(text), None, "{text}");
        }
    }

    #[test]
    fn weeks_and_months_end_on_business_days() {
        let plain = Calendar::default();
        let holidays = ["2026-05-01", "2026-06-05", "2026-07-31"].map(date);
        let listed =
            Calendar::new([Weekday::Saturday, Weekday::Sunday], holidays, []).expect("a calendar");
        for (calendar, from, cycle, due) in [
            // Thursday, Friday; a payment of the Friday itself waits a week.
            (&plain, "2026-06-04", "weekly friday", "2026-06-05"),
            (&plain, "2026-06-05", "weekly friday", "2026-06-12"),
            (&plain, "2026-06-06", "weekly friday", "2026-06-12"),
            // The Friday is a holiday: the Monday after it.
            (&listed, "2026-06-04", "weekly friday", "2026-06-08"),
            // A Saturday that is the day of the week: Monday.
            (&plain, "2026-06-04", "weekly saturday", "2026-06-08"),
            (&plain, "2026-01-15", "monthly 5", "2026-02-05"),
            // The fifth of July is a Sunday.
            (&plain, "2026-06-30", "monthly 5", "2026-07-06"),
            (&plain, "2026-12-31", "monthly 1", "2027-01-01"),
            (&plain, "2026-02-10", "month-end", "2026-02-27"), // the 28th is a Saturday
            (&plain, "2026-02-27", "month-end", "2026-02-27"),
            (&plain, "2026-02-28", "month-end", "2026-03-31"), // after the last business day
            (&plain, "2026-04-01", "month-end", "2026-04-30"),
            (&listed, "2026-07-01", "month-end", "2026-07-30"), // the 31st is a holiday
            (&plain, "2028-02-01", "month-end", "2028-02-29"),
            (&plain, "2026-12-31", "month-end", "2026-12-31"),
        ] {
            let got = Cycle::parse(cycle).unwrap().due(date(from), calendar);
            assert_eq!(got, date(due), "{from} {cycle}");
        }
    }
}
