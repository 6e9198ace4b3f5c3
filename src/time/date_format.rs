//! How a column writes its dates: decided by all of its cells together.

use std::fmt;

use super::parse::{Reader, micros_of, month_of, read_zone};
use super::{Date, DateError};
use crate::money::Seen;

/// How the cells of a column are to be read. Year-first cells and month names are understood in
/// all formats but patterns and time stamps, since they leave no choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DateFormat {
    /// Year, month, day: ISO 8601, RFC 3339 and their relatives (`2026/6/12`, `20260612`).
    #[default]
    Iso,
    /// Day, month, year: `31/12/2026`, `31-12-2026 23:59:59`.
    DayFirst,
    /// Month, day, year: `12/31/2026`, `12/31/26 11:59 PM`.
    MonthFirst,
    /// Seconds since 1970-01-01T00:00:00Z, perhaps with decimals.
    UnixSeconds,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    UnixMillis,
    /// Exactly as the pattern says.
    Pattern(Pattern),
}

impl DateFormat {
    /// A format as profiles and mappings write it: `iso`, `dmy`, `mdy`, `unix_s`, `unix_ms`, or a
    /// pattern such as `%d/%m/%Y %H:%M`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "iso" | "rfc3339" | "ymd" => Self::Iso,
            "dmy" => Self::DayFirst,
            "mdy" => Self::MonthFirst,
            "unix_s" => Self::UnixSeconds,
            "unix_ms" => Self::UnixMillis,
            pattern => Self::Pattern(Pattern::parse(pattern)?),
        })
    }

    /// Whether a year-first cell can be read without looking at the format.
    #[inline]
    pub(super) fn reads_iso(&self) -> bool {
        matches!(self, Self::Iso | Self::DayFirst | Self::MonthFirst)
    }
}

/// The name that [`DateFormat::parse`] reads.
impl fmt::Display for DateFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Iso => "iso",
            Self::DayFirst => "dmy",
            Self::MonthFirst => "mdy",
            Self::UnixSeconds => "unix_s",
            Self::UnixMillis => "unix_ms",
            Self::Pattern(pattern) => &pattern.0,
        })
    }
}

/// A date pattern: `%Y %m %d %H %M %S` and their like, everything else as it stands.
///
/// Also `%y` (20yy), `%e` and unpadded numbers, `%b` `%B` (English month), `%I` with `%p`, `%f`
/// (fraction), `%z` (offset or abbreviation, must be last), `%%`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// A pattern with a year, a month and a day, and with known fields only.
    #[must_use]
    pub fn parse(pattern: &str) -> Option<Self> {
        let mut fields = String::new();
        let mut characters = pattern.chars();
        while let Some(character) = characters.next() {
            if character == '%' {
                fields.push(characters.next().filter(|field| "YymdebBHIMSpfz%".contains(*field))?);
            }
        }
        let has = |any: &str| fields.contains(|field| any.contains(field));
        let complete = has("Yy") && has("mbB") && has("de");
        let zone_is_last = !has("z") || pattern.ends_with("%z");
        (complete && zone_is_last).then(|| Self(pattern.to_owned()))
    }

    /// Reads a whole cell.
    pub(super) fn read(&self, text: &str) -> Result<(Date, Option<i64>, Option<i16>), DateError> {
        let mut reader = Reader { rest: text };
        let mut read = Fields::default();
        let mut characters = self.0.chars();
        while let Some(character) = characters.next() {
            if character == '%' {
                read.field(characters.next().unwrap_or('%'), &mut reader)?;
            } else {
                reader.rest = reader.rest.strip_prefix(character).ok_or(DateError::NotADate)?;
            }
        }
        if !reader.rest.is_empty() {
            return Err(DateError::NotADate);
        }
        read.finish()
    }
}

#[derive(Debug, Default)]
struct Fields {
    year: u32,
    month: u32,
    day: u32,
    hour: Option<u32>,
    minute: u32,
    second: u32,
    micros: i64,
    afternoon: Option<bool>,
    offset: Option<i16>,
}

impl Fields {
    fn field(&mut self, field: char, reader: &mut Reader<'_>) -> Result<(), DateError> {
        let no = DateError::NotADate;
        let mut number = |most| reader.number(most).map(|(number, _)| number).ok_or(no);
        match field {
            'Y' => self.year = number(4)?,
            'y' => self.year = number(2)?.saturating_add(2000),
            'm' => self.month = number(2)?,
            'd' | 'e' => self.day = number(2)?,
            'H' | 'I' => self.hour = Some(number(2)?),
            'M' => self.minute = number(2)?,
            'S' => self.second = number(2)?,
            'b' | 'B' => self.month = month_of(reader.word()).ok_or(no)?,
            'p' => {
                self.afternoon = Some(match reader.word().to_ascii_lowercase().as_str() {
                    "am" => false,
                    "pm" => true,
                    _ => return Err(no),
                });
            }
            'f' => {
                let (digits, count) = reader.number(6).ok_or(no)?;
                let missing = u32::try_from(6_usize.saturating_sub(count)).unwrap_or(0);
                self.micros = i64::from(digits).saturating_mul(10_i64.saturating_pow(missing));
            }
            'z' => {
                self.offset = read_zone(reader)?;
                reader.rest = "";
            }
            _ => reader.rest = reader.rest.strip_prefix('%').ok_or(no)?,
        }
        Ok(())
    }

    fn finish(self) -> Result<(Date, Option<i64>, Option<i16>), DateError> {
        let year = i32::try_from(self.year).map_err(|_| DateError::NotADate)?;
        let (month, day) = (self.month, self.day);
        let date =
            Date::from_ymd(year, month, day).ok_or(DateError::NoSuchDay { year, month, day })?;
        let Some(hour) = self.hour else { return Ok((date, None, self.offset)) };
        let hour = match (self.afternoon, hour) {
            (None, hour) => hour,
            (Some(false), 12) => 0,
            (Some(true), 12) => 12,
            (Some(false), 1..=11) => hour,
            (Some(true), 1..=11) => hour.saturating_add(12),
            _ => return Err(DateError::NoSuchTime),
        };
        let time = micros_of(hour, self.minute, self.second).ok_or(DateError::NoSuchTime)?;
        Ok((date, Some(time.saturating_add(self.micros)), self.offset))
    }
}

/// What the cells of one column say about their format.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DateVotes {
    /// Cells that start with a year, or name the month: the same in every order.
    pub clear: Seen,
    /// Cells whose first number is above 12, so that it is the day.
    pub day_first: Seen,
    /// Cells whose second number is above 12, so that the first is the month.
    pub month_first: Seen,
    /// Cells whose two numbers can both be a month.
    pub either: Seen,
    /// Cells of 9 or 10 digits: seconds since 1970.
    pub unix_seconds: Seen,
    /// Cells of 12 or 13 digits: milliseconds since 1970.
    pub unix_millis: Seen,
    /// Cells that are no dates (empty ones are not counted).
    pub other: Seen,
}

/// The verdict on a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateDecision {
    /// One format reads every date.
    Certain {
        /// That format.
        format: DateFormat,
        /// The cells that settled it.
        evidence: Seen,
    },
    /// Day and month could be swapped in every cell that has both as numbers.
    Ambiguous {
        /// Such cells.
        either: Seen,
        /// What the first of them is, day first and month first.
        readings: [String; 2],
    },
    /// Some cells need one format, others another.
    Contradictory {
        /// One format and its cells.
        one: (DateFormat, Seen),
        /// Another format and its cells.
        other: (DateFormat, Seen),
    },
    /// No cell is a date.
    NoDates {
        /// The first cell that is none, if the column has any.
        other: Seen,
    },
}

impl DateVotes {
    /// Takes one cell into account.
    pub fn observe(&mut self, cell: &str) {
        if let [b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'-', ..] = cell.as_bytes() {
            return self.clear.add(cell);
        }
        let cell = cell.trim();
        if cell.is_empty() {
            return;
        }
        self.kind_of(cell).add(cell);
    }

    fn kind_of(&mut self, cell: &str) -> &mut Seen {
        let mut reader = Reader { rest: cell };
        let digits = cell.bytes().take_while(u8::is_ascii_digit).count();
        let whole = digits == cell.len() || cell.as_bytes().get(digits) == Some(&b'.');
        match digits {
            9 | 10 if whole => return &mut self.unix_seconds,
            12 | 13 if whole => return &mut self.unix_millis,
            8 | 14 if digits == cell.len() => return &mut self.clear,
            4 => return &mut self.clear,
            0 => {
                let named = cell.split(|c: char| !c.is_ascii_alphabetic()).find_map(month_of);
                return if named.is_some() { &mut self.clear } else { &mut self.other };
            }
            1 | 2 => {}
            _ => return &mut self.other,
        }
        let marks = &['-', '/', '.', ','];
        let Some((first, _)) = reader.number(2) else { return &mut self.other };
        reader.skip(marks);
        if reader.rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let named = month_of(reader.word()).is_some();
            return if named { &mut self.clear } else { &mut self.other };
        }
        let Some((second, _)) = reader.number(2) else { return &mut self.other };
        if !reader.skip(marks) || reader.number(4).is_none() {
            return &mut self.other;
        }
        match (first, second) {
            (1..=12, 1..=12) => &mut self.either,
            (13..=31, 1..=12) => &mut self.day_first,
            (1..=12, 13..=31) => &mut self.month_first,
            _ => &mut self.other,
        }
    }

    /// Adds what a later part of the column says.
    pub fn merge(&mut self, later: &Self) {
        self.clear.merge(&later.clear);
        self.day_first.merge(&later.day_first);
        self.month_first.merge(&later.month_first);
        self.either.merge(&later.either);
        self.unix_seconds.merge(&later.unix_seconds);
        self.unix_millis.merge(&later.unix_millis);
        self.other.merge(&later.other);
    }

    /// Decides by the cells alone.
    #[must_use]
    pub fn decide(&self) -> DateDecision {
        let mut candidates: Vec<(DateFormat, &Seen)> = [
            (DateFormat::DayFirst, &self.day_first),
            (DateFormat::MonthFirst, &self.month_first),
            (DateFormat::UnixSeconds, &self.unix_seconds),
            (DateFormat::UnixMillis, &self.unix_millis),
        ]
        .into_iter()
        .filter(|(_, seen)| seen.cells > 0)
        .collect();
        // Dates that leave no choice stand beside any order, but not beside time stamps.
        let stamps = self.unix_seconds.cells > 0 || self.unix_millis.cells > 0;
        if self.clear.cells > 0 && (stamps || candidates.is_empty()) {
            candidates.push((DateFormat::Iso, &self.clear));
        }
        match candidates.as_slice() {
            _ if self.either.cells > 0
                && !candidates.iter().any(|(format, _)| {
                    matches!(format, DateFormat::DayFirst | DateFormat::MonthFirst)
                }) =>
            {
                DateDecision::Ambiguous { either: self.either.clone(), readings: self.readings() }
            }
            [] => DateDecision::NoDates { other: self.other.clone() },
            [(format, seen)] => {
                DateDecision::Certain { format: format.clone(), evidence: (*seen).clone() }
            }
            [one, other, ..] => DateDecision::Contradictory {
                one: (one.0.clone(), one.1.clone()),
                other: (other.0.clone(), other.1.clone()),
            },
        }
    }

    fn readings(&self) -> [String; 2] {
        [DateFormat::DayFirst, DateFormat::MonthFirst].map(|format| {
            super::parse_stamp(&self.either.example, &format, &super::Zone::UTC)
                .map_or_else(|error| error.to_string(), |stamp| stamp.date.to_string())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn votes(cells: &[&str]) -> DateVotes {
        let mut votes = DateVotes::default();
        cells.iter().for_each(|cell| votes.observe(cell));
        votes
    }

    fn certain(cells: &[&str]) -> Option<String> {
        match votes(cells).decide() {
            DateDecision::Certain { format, evidence } => {
                Some(format!("{format} {}", evidence.example))
            }
            _ => None,
        }
    }

    #[test]
    fn one_clear_cell_settles_the_order_of_the_column() {
        for (cells, expected) in [
            (&["03/04/2026", "13/04/2026", ""][..], "dmy 13/04/2026"),
            (&["03/04/2026", "04/13/2026 10:00"], "mdy 04/13/2026 10:00"),
            (&["2026-02-03", "2026/2/4"], "iso 2026-02-03"),
            (&["2026-02-03", "n/a", "13.04.2026"], "dmy 13.04.2026"),
            (&["1 July 2022", "Jul 2, 2022"], "iso 1 July 2022"),
            (&["20260203", "20260203040506"], "iso 20260203"),
            (&["1770091506", "1770091507.5"], "unix_s 1770091506"),
            (&["1770091506789"], "unix_ms 1770091506789"),
        ] {
            assert_eq!(certain(cells).as_deref(), Some(expected), "{cells:?}");
        }
    }

    #[test]
    fn an_open_order_is_asked_about() {
        for cells in [&["03/04/2026", "05/06/2026"][..], &["03/04/2026", "2026-04-03"]] {
            let DateDecision::Ambiguous { readings, .. } = votes(cells).decide() else {
                panic!("{cells:?}")
            };
            assert_eq!(readings, ["2026-04-03", "2026-03-04"]);
        }
    }

    #[test]
    fn cells_that_disagree_are_both_shown() {
        for (cells, formats) in [
            (&["13/04/2026", "04/13/2026"][..], ["dmy 13/04/2026", "mdy 04/13/2026"]),
            (&["1770091506", "2026-02-03"], ["unix_s 1770091506", "iso 2026-02-03"]),
        ] {
            let DateDecision::Contradictory { one, other } = votes(cells).decide() else {
                panic!("{cells:?}")
            };
            let shown = [one, other].map(|(format, seen)| format!("{format} {}", seen.example));
            assert_eq!(shown, formats);
        }
    }

    #[test]
    fn a_column_without_dates_says_so_and_parts_add_up() {
        for cells in [&[][..], &["n/a", "45123", "1/2", "31/31/2026", "12:30"]] {
            assert!(matches!(votes(cells).decide(), DateDecision::NoDates { .. }), "{cells:?}");
        }
        let mut first = votes(&["03/04/2026"]);
        first.merge(&votes(&["13/04/2026", "x"]));
        assert_eq!(first, votes(&["03/04/2026", "13/04/2026", "x"]));
    }
}
