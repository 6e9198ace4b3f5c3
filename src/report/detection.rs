//! Decides what a person is shown of a file before it is read: how it is written, its columns with
//! a few values, and which profiles fit.

use serde::Serialize;

use crate::error::Error;
use crate::ingest::detect::{Guess, detect, unknown_layout};
use crate::ingest::encoding::OpenDecoder;
use crate::ingest::layout::Header;
use crate::ingest::profile::Profile;
use crate::ingest::proposal::proposal;
use crate::ingest::record::Rows;
use crate::ingest::shipped::{profile, profiles};
use crate::ingest::source::{Layout, Shape, sample};
use crate::report::problem::Problem;

/// Rows of the head that are looked at: the longest preamble known is 24 lines.
const SAMPLE_ROWS: usize = 64;
/// Values that are shown of a column.
const SAMPLES: usize = 5;

/// What a file looks like, from its first bytes.
#[derive(Debug)]
pub struct Detection {
    layout: Option<Layout>,
    rows: Rows,
    guesses: Vec<Guess>,
    problem: Option<Error>,
}

impl Detection {
    /// Looks at the head of a file; `complete` if that is all of it. Never fails: what is wrong
    /// with the file is part of the answer.
    pub fn of(name: &str, head: &[u8], complete: bool, open: OpenDecoder) -> Self {
        let mut found =
            Self { layout: None, rows: Rows::default(), guesses: Vec::new(), problem: None };
        if let Err(problem) = found.look(name, head, complete, open) {
            found.problem = Some(problem.in_file(name));
        }
        found
    }

    fn look(
        &mut self,
        name: &str,
        head: &[u8],
        complete: bool,
        open: OpenDecoder,
    ) -> Result<(), Error> {
        let layout = Layout::detect(name, head, complete, open)?;
        self.layout = Some(layout);
        self.rows = sample(name, head, complete, layout, SAMPLE_ROWS, open)?;
        self.guesses = detect(name, &self.rows);
        if self.guesses.is_empty() { Err(unknown_layout(name, &self.rows)) } else { Ok(()) }
    }

    /// The answer as data.
    pub fn row(&self) -> DetectionRow<'_> {
        let header_row = self.guesses.first().and_then(|guess| guess.header_row);
        let header = self.header(header_row);
        DetectionRow {
            format: self.format(),
            encoding: self.layout.map(|layout| layout.encoding.label()),
            delimiter: self.delimiter(),
            header_row,
            columns: self.columns(&header, header_row),
            guesses: self.guesses.iter().map(|guess| self.guess(guess)).collect(),
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

    /// The header at a row; where none was recognised, the widest of the first rows.
    fn header(&self, row: Option<u32>) -> Header {
        if !self.rows.columns.is_empty() {
            return Header::new(self.rows.columns.iter().map(String::as_str));
        }
        if let Some(guess) = self.guesses.iter().find(|guess| guess.header_row == Some(0)) {
            return guess.header(&self.rows);
        }
        let found = self.rows.rows.iter().find(|candidate| Some(candidate.row) == row);
        let named = || {
            let count = |cells: &[String]| cells.iter().filter(|cell| !cell.is_empty()).count();
            self.rows.rows.iter().rev().max_by_key(|row| count(&row.cells))
        };
        let cells = found.or_else(named).map(|row| row.cells.as_slice()).unwrap_or_default();
        Header::new(cells.iter().map(String::as_str))
    }

    fn columns(&self, header: &Header, header_row: Option<u32>) -> Vec<ColumnRow> {
        let body = || self.rows.rows.iter().filter(|row| Some(row.row) > header_row);
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_row: Option<u32>,
    pub columns: Vec<ColumnRow>,
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
