//! Reads a list of holidays and make-up working days from a file: a CSV with the columns `date` and
//! `kind` (`holiday` or `working`), in any order among others.

use crate::error::{Column, Error};
use crate::limits::CALENDAR_DAYS;
use crate::time::Date;

/// The days that a file lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Days off.
    pub holidays: Vec<Date>,
    /// Weekend days that are worked.
    pub working_days: Vec<Date>,
}

/// Reads the list.
///
/// # Errors
/// The first row that cannot be used, with its line, its column and what to do.
pub fn parse(csv: &[u8]) -> Result<Listed, Error> {
    let csv = csv.strip_prefix(b"\xef\xbb\xbf").unwrap_or(csv);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(csv);
    let header = reader.headers().map_err(|error| unreadable(1, &error))?.clone();
    let column = |name: &str| header.iter().position(|cell| cell.eq_ignore_ascii_case(name));
    let date_column = column("date").ok_or_else(|| {
        Error::new("calendar/header", "the list of holidays has no column “date”")
            .at_line(1)
            .remedy_is("its first line must name the columns: date,kind")
    })?;
    let kind_column = column("kind");
    let mut listed = Listed::default();
    for (index, record) in reader.records().enumerate() {
        let line = line_of(index);
        let record = record.map_err(|error| unreadable(line, &error))?;
        let line = record.position().map_or(line, |at| u32::try_from(at.line()).unwrap_or(line));
        if index >= CALENDAR_DAYS {
            let message = format!("the list has more than {CALENDAR_DAYS} days");
            return Err(Error::new("calendar/too-many-days", message)
                .at_line(line)
                .remedy_is("keep the years that the files cover"));
        }
        let cell = |column: usize| record.get(column).unwrap_or_default();
        let wrong = |name: &str, value: &str, why: &str, remedy: &str| {
            Error::new("calendar/value", format!("“{value}” {why}"))
                .remedy_is(remedy)
                .at_line(line)
                .at_column(Column::Name(name.to_owned()))
                .arg("value", value)
        };
        let text = cell(date_column);
        let date = Date::from_iso(text)
            .ok_or_else(|| wrong("date", text, "is no date", "write it as 2026-02-17"))?;
        match kind_column.map_or("holiday", cell) {
            "" | "holiday" => listed.holidays.push(date),
            "working" => listed.working_days.push(date),
            other => {
                let why = "is neither a holiday nor a working day";
                return Err(wrong("kind", other, why, "write holiday or working"));
            }
        }
    }
    Ok(listed)
}

fn line_of(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX).saturating_add(2)
}

fn unreadable(line: u32, error: &csv::Error) -> Error {
    let line = error.position().map_or(line, |at| u32::try_from(at.line()).unwrap_or(line));
    Error::new("calendar/row", format!("the list of holidays cannot be read: {error}"))
        .at_line(line)
        .remedy_is("write it as CSV in UTF-8 with the columns date,kind")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holidays_and_worked_days_are_read() {
        let text = "\u{feff}name,date,kind\nSpring Festival,2026-02-17,holiday\n\
                    调休,2026-02-14,working\n,2026-02-18,\n";
        let listed = parse(text.as_bytes()).unwrap();
        let shown = |days: &[Date]| days.iter().map(Date::to_string).collect::<Vec<_>>().join(" ");
        assert_eq!(shown(&listed.holidays), "2026-02-17 2026-02-18");
        assert_eq!(shown(&listed.working_days), "2026-02-14");
        // A plain list of holidays.
        assert_eq!(parse(b"date\n2026-02-17\n").unwrap().holidays.len(), 1);
    }

    #[test]
    fn errors_name_line_column_and_remedy() {
        for (text, expected) in [
            (
                "day,kind\n",
                "1: the list of holidays has no column “date”; its first line must name the columns: date,kind",
            ),
            (
                "date,kind\n2026-02-17,holiday\n17.02.2026,holiday\n",
                "3:date: “17.02.2026” is no date; write it as 2026-02-17",
            ),
            (
                "date,kind\n2026-02-30,holiday\n",
                "2:date: “2026-02-30” is no date; write it as 2026-02-17",
            ),
            (
                "date,kind\n2026-02-17,off\n",
                "2:kind: “off” is neither a holiday nor a working day; write holiday or working",
            ),
        ] {
            let error = parse(text.as_bytes()).unwrap_err().in_file("days.csv");
            assert_eq!(error.to_string(), format!("days.csv:{expected}"));
        }
    }
}
