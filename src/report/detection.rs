//! Decides what a person is shown of a file before it is read: how it is written, its columns with
//! a few values, and which profiles fit.

use serde::Serialize;

use crate::error::Error;
use crate::ingest::detect::{Guess, unknown_layout};
use crate::ingest::encoding::OpenDecoder;
use crate::ingest::layout::Header;
use crate::ingest::profile::Profile;
use crate::ingest::proposal::proposal;
use crate::ingest::record::{Row, Rows};
use crate::ingest::shipped::{profile, profiles};
use crate::ingest::source::{Layout, Shape, sample};
use crate::ingest::wanted::{Taken, Wanted};
use crate::report::problem::Problem;

/// Rows of the head that are looked at: the longest preamble known is 24 lines.
const SAMPLE_ROWS: usize = 64;
/// Rows that are shown as they are, so that a person can point at the header.
const PREVIEW_ROWS: usize = 40;
/// Values that are shown of a column.
const SAMPLES: usize = 5;

/// What a file looks like, from its first bytes.
#[derive(Debug)]
pub struct Detection {
    layout: Option<Layout>,
    rows: Rows,
    taken: Taken,
    problem: Option<Error>,
}

impl Detection {
    /// Looks at the head of a file; `complete` if that is all of it. Never fails: what is wrong
    /// with the file is part of the answer.
    pub fn of(name: &str, head: &[u8], complete: bool, open: OpenDecoder) -> Self {
        Self::as_wanted(name, head, complete, &Wanted::default(), open)
    }

    /// The same for a file of which a person has said something.
    pub fn as_wanted(
        name: &str,
        head: &[u8],
        complete: bool,
        wanted: &Wanted,
        open: OpenDecoder,
    ) -> Self {
        let mut found =
            Self { layout: None, rows: Rows::default(), taken: Taken::default(), problem: None };
        if let Err(problem) = found.look(name, head, complete, wanted, open) {
            found.problem = Some(problem.in_file(name));
        }
        found
    }

    fn look(
        &mut self,
        name: &str,
        head: &[u8],
        complete: bool,
        wanted: &Wanted,
        open: OpenDecoder,
    ) -> Result<(), Error> {
        let layout = Layout::detect(name, head, complete, open)?;
        self.layout = Some(layout);
        self.rows = sample(name, head, complete, layout, SAMPLE_ROWS, open)?;
        self.taken = wanted.take(name, &self.rows)?;
        if self.taken.guesses.is_empty() {
            return Err(unknown_layout(name, &self.rows));
        }
        Ok(())
    }

    /// The answer as data.
    pub fn row(&self) -> DetectionRow<'_> {
        let (header_row, header) = self.header();
        let body = header_row.unwrap_or_default();
        DetectionRow {
            format: self.format(),
            encoding: self.layout.map(|layout| layout.encoding.label()),
            delimiter: self.delimiter(),
            header_row,
            columns: self.columns(&header, body),
            fingerprint: header.fingerprint(),
            saved: self.taken.saved,
            rows: self.rows.rows.iter().take(PREVIEW_ROWS).map(PreviewRow::of).collect(),
            guesses: self.taken.guesses.iter().map(|guess| self.guess(guess)).collect(),
            problems: self.problem.iter().map(Problem::from).collect(),
        }
    }

    fn format(&self) -> &'static str {
        match self.layout.map(|layout| layout.shape) {
            None => "unknown",
            Some(Shape::Json) => "json",
            Some(Shape::Delimited(_)) => "csv",
            Some(Shape::Prepared(origin)) => origin.name(),
            Some(Shape::FixedWidth(_)) => "fixed-width",
        }
    }

    fn delimiter(&self) -> Option<char> {
        match self.layout?.shape {
            Shape::Json | Shape::Prepared(_) | Shape::FixedWidth(_) => None,
            Shape::Delimited(dialect) => Some(char::from(dialect.delimiter)),
        }
    }

    /// The header and its row; where none was recognised, the widest of the first rows. No row in
    /// JSON, and 0 where the table has no header.
    fn header(&self) -> (Option<u32>, Header) {
        if !self.rows.columns.is_empty() {
            return (None, Header::new(self.rows.columns.iter().map(String::as_str)));
        }
        if let Some(guess) = self.taken.guesses.first() {
            return (guess.header_row, guess.header(&self.rows));
        }
        let count = |cells: &[String]| cells.iter().filter(|cell| !cell.is_empty()).count();
        let named = |row: u32| self.rows.rows.iter().find(|found| found.row == row);
        let widest = || self.rows.rows.iter().rev().max_by_key(|row| count(&row.cells));
        let found = self.taken.header_row.and_then(named).or_else(widest);
        let cells = found.map(|row| row.cells.as_slice()).unwrap_or_default();
        (found.map(|row| row.row), Header::new(cells.iter().map(String::as_str)))
    }

    fn columns(&self, header: &Header, header_row: u32) -> Vec<ColumnRow> {
        let body = || self.rows.rows.iter().filter(|row| row.row > header_row);
        let column = |(index, name): (usize, &str)| {
            let cells = body().filter_map(|row| row.cells.get(index));
            let filled =
                cells.map(|cell| cell.trim()).filter(|cell| !cell.is_empty() && *cell != name);
            ColumnRow {
                name: name.to_owned(),
                samples: filled.take(SAMPLES).map(str::to_owned).collect(),
            }
        };
        header.names().take(header.width()).enumerate().map(column).collect()
    }

    fn guess(&self, guess: &Guess) -> GuessRow<'_> {
        let header = guess.header(&self.rows);
        let known = profile(guess.profile);
        GuessRow {
            profile: guess.profile,
            title: known.map(TitleRow::of),
            side: guess.side.name(),
            basis: if guess.certain { "signature" } else { "synonyms" },
            mapping: proposal(guess, &self.rows, &[]),
            columns: guess
                .fields(&self.rows)
                .into_iter()
                .map(|(field, column)| [field.name().to_owned(), header.name(column).to_owned()])
                .collect(),
        }
    }
}

/// What a file looks like, as data.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct DetectionRow<'d> {
    pub format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    #[serde(rename = "headerRow", skip_serializing_if = "Option::is_none")]
    pub header_row: Option<u32>,
    pub columns: Vec<ColumnRow>,
    pub fingerprint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saved: Option<usize>,
    pub rows: Vec<PreviewRow<'d>>,
    pub guesses: Vec<GuessRow<'d>>,
    pub problems: Vec<Problem<'d>>,
}

/// A column with a few of its values.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct ColumnRow {
    pub name: String,
    pub samples: Vec<String>,
}

/// One of the first rows, as it is cut into cells.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct PreviewRow<'d> {
    pub row: u32,
    pub cells: &'d [String],
}

impl<'d> PreviewRow<'d> {
    fn of(row: &'d Row) -> Self {
        Self { row: row.row, cells: &row.cells }
    }
}

/// A profile that fits.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct GuessRow<'d> {
    pub profile: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<TitleRow<'d>>,
    pub side: &'static str,
    pub basis: &'static str,
    pub mapping: String,
    pub columns: Vec<[String; 2]>,
}

/// A name for people.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields are named after the languages")]
pub struct TitleRow<'d> {
    pub en: &'d str,
    #[serde(rename = "zh-Hans")]
    pub zh: &'d str,
}

impl<'d> TitleRow<'d> {
    fn of(profile: &'d Profile) -> Self {
        Self { en: &profile.title.en, zh: &profile.title.zh_hans }
    }
}

/// A profile that comes with the program.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct ProfileRow<'d> {
    pub name: &'d str,
    pub title: TitleRow<'d>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<&'d str>,
    pub status: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub source: &'d str,
}

/// Every profile that comes with the program, by name.
pub fn profile_rows() -> Vec<ProfileRow<'static>> {
    let row = |profile: &'static Profile| ProfileRow {
        name: &profile.name,
        title: TitleRow::of(profile),
        side: profile.side.as_deref(),
        status: profile.status.name(),
        source: &profile.source,
    };
    profiles().iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::encoding::native_decoder;
    use serde_json::{Value, json};

    fn detected(name: &str, text: &str) -> Value {
        let found = Detection::of(name, text.as_bytes(), true, native_decoder);
        serde_json::to_value(found.row()).unwrap()
    }

    #[test]
    fn a_known_file_shows_its_columns_and_its_profile() {
        let files = crate::demo::generate(&crate::demo::Options { seed: 7, orders: 20 });
        let text = String::from_utf8(files.settlement_csv).unwrap();
        let found = detected("mfs.csv", &text);
        assert_eq!(found["guesses"][0]["profile"], "mfs-africa-settlement");
        assert_eq!(found["guesses"][0]["basis"], "signature");
        assert_eq!(found["guesses"][0]["side"], "settlement");
        let mapping = found["guesses"][0]["mapping"].as_str().unwrap();
        let mapping: Value = serde_json::from_str(mapping).unwrap();
        assert_eq!(mapping["base"], "mfs-africa-settlement");
        assert_eq!(found["format"], "csv");
        assert_eq!(found["delimiter"], ",");
        assert_eq!(found["problems"], json!([]));
        let first = &found["columns"][0];
        let header = text.lines().next().and_then(|line| line.split(',').next());
        assert_eq!(first["name"].as_str(), header);
        assert_eq!(first["samples"].as_array().map(Vec::len), Some(SAMPLES));
    }

    #[test]
    fn an_unknown_file_still_shows_its_columns() {
        let found = detected("x.csv", "when;what\n1;a\n2;b\n");
        assert_eq!(found["problems"][0]["code"], "ingest/unknown-layout");
        assert_eq!(found["problems"][0]["source"], "x.csv");
        assert_eq!(
            found["columns"],
            json!([
                {"name": "when", "samples": ["1", "2"]}, {"name": "what", "samples": ["a", "b"]},
            ])
        );
        assert_eq!(found["guesses"], json!([]));
        assert_eq!((&found["headerRow"], &found["fingerprint"]), (&json!(1), &json!("when,what")));
        let rows = json!([
            {"row": 1, "cells": ["when", "what"]}, {"row": 2, "cells": ["1", "a"]},
            {"row": 3, "cells": ["2", "b"]},
        ]);
        assert_eq!(found["rows"], rows);
    }

    #[test]
    fn what_a_person_says_of_a_file_counts() {
        let text = "Statement of May\nwhen;what\n1;a\n";
        let wanted = Wanted {
            header_row: Some(2),
            side: Some(crate::entry::Side::Orders),
            fingerprints: vec!["when,what".to_owned()],
            ..Wanted::default()
        };
        let found = Detection::as_wanted("x.csv", text.as_bytes(), true, &wanted, native_decoder);
        let found = serde_json::to_value(found.row()).unwrap();
        assert_eq!(found["problems"], json!([]));
        assert_eq!((&found["headerRow"], &found["saved"]), (&json!(2), &json!(0)));
        assert_eq!(found["columns"][1], json!({"name": "what", "samples": ["a"]}));
        assert_eq!(found["guesses"][0]["profile"], "generic-orders");
        let mapping = found["guesses"][0]["mapping"].as_str().unwrap();
        assert!(mapping.contains("\"fingerprint\": \"when,what\""), "{mapping}");
    }

    #[test]
    fn what_is_no_table_is_said_and_nothing_else() {
        for (name, bytes, code) in [
            ("empty.csv", &b""[..], "ingest/empty"),
            ("photo.csv", &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], "ingest/not-a-table"),
        ] {
            let found = Detection::of(name, bytes, true, native_decoder);
            let found = serde_json::to_value(found.row()).unwrap();
            assert_eq!(found["problems"][0]["code"], code);
            assert_eq!(found["format"], "unknown");
        }
    }
}
