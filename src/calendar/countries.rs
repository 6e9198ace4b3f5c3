//! Which days are weekends, public holidays and make-up working days (调休) in a country, as far as
//! its government or central bank has announced them.
//!
//! The table `countries.txt` was written by hand from the announcements that it names. It ends with
//! the last year that was announced in full: of later days only the weekends are known, and a run
//! that needs them says so. A file of the user's own (`--calendar`) adds to it.

use crate::calendar::Calendar;
use crate::error::Error;
use crate::time::{Date, Weekday};

const TEXT: &str = include_str!("countries.txt");

/// What is known of a country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Country {
    /// Its code: ISO 3166, or `EU` for the payment system of the euro.
    pub code: &'static str,
    /// Its days.
    pub calendar: Calendar,
    /// First and last year whose holidays are known; `None`: only its weekend is.
    pub years: Option<(i32, i32)>,
}

/// The codes of all countries in the table.
pub fn known() -> impl Iterator<Item = &'static str> {
    blocks().map(|(code, _, _)| code)
}

impl Country {
    /// The calendar of a country.
    ///
    /// # Errors
    /// `calendar/unknown` for a country that the table has not, with what it has.
    pub fn find(code: &str) -> Result<Self, Error> {
        let mut found = blocks().filter(|(known, _, _)| known.eq_ignore_ascii_case(code.trim()));
        let block = found.next().ok_or_else(|| unknown(code))?;
        Self::read(block)
    }

    fn read((code, weekend, years): (&'static str, &str, &str)) -> Result<Self, Error> {
        let weekend: Vec<Weekday> = weekend.split(' ').filter_map(Weekday::from_name).collect();
        let (mut holidays, mut worked) = (Vec::new(), Vec::new());
        let mut known: Option<(i32, i32)> = None;
        for line in years.lines() {
            let mut words = line.split_whitespace();
            let Some(year) = words.next().and_then(|year| year.parse::<i32>().ok()) else {
                continue;
            };
            known =
                Some(known.map_or((year, year), |(first, last)| (first.min(year), last.max(year))));
            for word in words {
                match word.strip_prefix('+') {
                    Some(day) => worked.extend(days(year, day)),
                    None => holidays.extend(days(year, word)),
                }
            }
        }
        let calendar = Calendar::new(weekend, holidays, worked)?;
        Ok(Self { code, calendar, years: known })
    }

    /// Whether the holidays of a day's year are known.
    #[must_use]
    pub fn knows(&self, date: Date) -> bool {
        let (year, _, _) = date.ymd();
        self.years.is_some_and(|(first, last)| (first..=last).contains(&year))
    }
}

/// Each block of the table: code, weekend, and its years. A block begins with `CODE | weekend | …`.
fn blocks() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let blocks = TEXT.split("\n\n").filter(|block| !block.starts_with('#'));
    blocks.filter_map(|block| {
        let block = block.trim_start();
        let (head, years) = block.split_once('\n').unwrap_or((block, ""));
        let mut cells = head.split('|').map(str::trim);
        Some((cells.next()?, cells.next()?, years))
    })
}

/// The days of `0215` or `0215-0223`.
fn days(year: i32, word: &str) -> impl Iterator<Item = Date> + use<> {
    let day = |text: &str| {
        let (month, day) = text.split_at_checked(2)?;
        Date::from_ymd(year, month.parse().ok()?, day.parse().ok()?)
    };
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    let range = day(first).zip(day(last));
    range.into_iter().flat_map(|(first, last)| (first.0..=last.0).map(Date))
}

fn unknown(code: &str) -> Error {
    let all: Vec<&str> = known().collect();
    Error::new("calendar/unknown", format!("the holidays of {code} are not known"))
        .remedy_is(format!(
            "name one of {}, or list the weekend and the holidays yourself",
            all.join(", ")
        ))
        .arg("country", code)
        .arg("countries", all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::from_iso(text).unwrap()
    }

    #[test]
    fn every_country_of_the_table_is_read_whole() {
        let mut codes: Vec<&str> = known().collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), known().count(), "each once");
        for line in TEXT.lines().filter(|line| line.starts_with("20")) {
            for word in line.split(' ').skip(1) {
                let year = line[..4].parse().unwrap();
                assert!(days(year, word.trim_start_matches('+')).count() > 0, "{line}: {word}");
            }
        }
        for code in codes {
            let country = Country::find(code).unwrap();
            let weekend = ["2024-06-07", "2024-06-08", "2024-06-09"];
            let worked = weekend.iter().all(|day| country.calendar.is_business_day(date(day)));
            assert!(!worked, "{code} has a weekend");
        }
    }

    #[test]
    fn weekends_holidays_and_make_up_days_are_those_of_the_announcements() {
        for (code, day, works) in [
            ("CN", "2025-01-26", true), // a worked Sunday before the Spring Festival
            ("CN", "2025-02-04", false),
            ("CN", "2025-02-08", true),
            ("CN", "2026-10-07", false),
            ("CN", "2026-10-10", true),
            ("CN", "2026-10-11", false),
            ("HK", "2026-04-07", false), // the day following Easter Monday
            ("GB", "2026-12-28", false), // for the 26th, a Saturday
            ("US", "2026-07-03", true),  // the Federal Reserve does not move a Saturday
            ("US", "2027-07-05", false), // but a Sunday
            ("EU", "2026-05-01", false),
            ("KE", "2025-06-02", false), // for the 1st, a Sunday
            ("SA", "2026-02-06", false), // a Friday
            ("SA", "2026-02-08", true),  // a Sunday
            ("cn", "2026-02-14", true),
        ] {
            let country = Country::find(code).unwrap();
            assert_eq!(country.calendar.is_business_day(date(day)), works, "{code} {day}");
        }
        let china = Country::find("CN").unwrap();
        assert!(china.knows(date("2026-12-31")) && !china.knows(date("2027-01-01")));
        assert!(!Country::find("SA").unwrap().knows(date("2026-01-01")));
        let error = Country::find("XX").unwrap_err();
        assert_eq!(error.code(), "calendar/unknown");
        assert!(error.to_string().contains("CN, DZ, EG"), "{error}");
    }
}
