//! Why a cell is no date, and what to do about it.

use std::fmt;

use crate::error::Error;

/// Why a cell is no date. Small enough to travel on the hot path; the text of the cell is added by
/// [`DateError::explain`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// Not in the column's format.
    NotADate,
    /// A day that the calendar does not have, such as 31 February.
    NoSuchDay {
        /// Year as read.
        year: i32,
        /// Month as read, from 1.
        month: u32,
        /// Day of the month as read.
        day: u32,
    },
    /// A time of day that no clock shows.
    NoSuchTime,
    /// A zone abbreviation that is unknown or means several offsets.
    UnknownZone,
    /// A time stamp outside the years 1 to 9999.
    OutOfRange,
}

impl DateError {
    /// The error for people: what the cell says, why that is no date, and what to do. The caller
    /// adds the place.
    #[must_use]
    pub fn explain(self, text: &str) -> Error {
        let shown: String = text.chars().take(60).collect();
        let (code, why, remedy) = self.words();
        Error::new(code, format!("“{shown}” {why}")).remedy_is(remedy).arg("value", shown)
    }

    /// Whether a reason, behind the cell that it quotes, says that the cell is no date or time.
    #[must_use]
    pub fn is_said_in(said: &str) -> bool {
        const SAID: [&str; 5] = [
            "is not a date",
            "is no date",
            "has a time of day that no clock shows",
            "names a time zone that is unknown or means several",
            "is outside the years 1 to 9999",
        ];
        SAID.iter().any(|words| said.starts_with(words))
    }

    fn words(self) -> (&'static str, String, &'static str) {
        match self {
            Self::NotADate => (
                "time/not-a-date",
                "is not a date in the column's format".to_owned(),
                "correct the cell, or state the column's date format in the mapping",
            ),
            Self::NoSuchDay { year, month, day } => (
                "time/no-such-day",
                format!("is not a date: there is no day {day} in month {month} of {year}"),
                "correct the cell, or state the column's date format in the mapping",
            ),
            Self::NoSuchTime => (
                "time/no-such-time",
                "has a time of day that no clock shows".to_owned(),
                "correct the cell: hours go from 0 to 23, minutes and seconds to 59",
            ),
            Self::UnknownZone => (
                "time/unknown-zone",
                "names a time zone that is unknown or means several".to_owned(),
                "write the offset instead, such as +08:00, or state the zone in the mapping",
            ),
            Self::OutOfRange => (
                "time/out-of-range",
                "is outside the years 1 to 9999".to_owned(),
                "check the unit of the column: seconds and milliseconds are easily confused",
            ),
        }
    }
}

/// The sentence without the cell's text.
impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, why, remedy) = self.words();
        write!(f, "the cell {why}; {remedy}")
    }
}

impl std::error::Error for DateError {}
