//! Decides what a file is taken for where a person has said something of it: which line is its
//! header, whose view it gives, by which profile it is read, or which mappings were saved.

use super::detect::{Guess, choose, detect, header_for};
use super::found::{header_printed, named, not_of};
use super::layout::Header;
use super::profile::Tested;
use super::record::Rows;
use super::shipped;
use crate::entry::Side;
use crate::error::Error;

/// What was said of a file; nothing of it: it is recognised by its columns alone.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The side for which it is read.
    pub side: Option<Side>,
    /// The name of a shipped profile.
    pub profile: Option<String>,
    /// The row of its header; what stands above it is no part of the table.
    pub header_row: Option<u32>,
    /// The fingerprints of saved mappings, the best first.
    pub fingerprints: Vec<String>,
}

/// What a file is taken for.
#[derive(Debug, Default)]
pub struct Taken {
    /// The profiles that fit, the best first.
    pub guesses: Vec<Guess>,
    /// Which of the saved mappings is for this file, by its place in the list.
    pub saved: Option<usize>,
    /// The row of the header, where it was said or is that of a saved mapping.
    pub header_row: Option<u32>,
}

impl Wanted {
    /// What the file is taken for.
    ///
    /// # Errors
    /// `ingest/unknown-profile`; `ingest/not-of-profile` where the file has no column of the profile
    /// that was asked for.
    pub fn take(&self, name: &str, head: &Rows) -> Result<Taken, Error> {
        let fits = |print: &String| !print.is_empty() && is_printed(print, head);
        let saved = self.fingerprints.iter().position(fits);
        let print = saved.and_then(|index| self.fingerprints.get(index));
        let printed = || print.and_then(|print| header_printed(print, head));
        let header_row = self.header_row.or_else(printed);
        let guesses = match (&self.profile, header_row) {
            (Some(profile), _) => vec![self.of_profile(profile, name, head)?],
            (None, Some(row)) if row > 0 => self.of_header(row, name, head),
            _ => self.of_columns(name, head),
        };
        Ok(Taken { guesses, saved, header_row })
    }

    fn of_profile(&self, wanted: &str, name: &str, head: &Rows) -> Result<Guess, Error> {
        let profile = named(wanted)?;
        let own = profile.side.as_deref().and_then(Side::from_name);
        let header_row = match self.header_row {
            Some(row) => Some(row),
            None => header_for(name, profile, head).map_err(|error| not_of(wanted, &error))?,
        };
        Ok(Guess {
            profile: &profile.name,
            side: own.or(self.side).unwrap_or(Side::Orders),
            certain: profile.status != Tested::Generic,
            why: String::new(),
            header_row,
        })
    }

    /// The guesses whose header is this row; where its names say nothing, the generic profile.
    fn of_header(&self, row: u32, name: &str, head: &Rows) -> Vec<Guess> {
        let mut below = Rows::default();
        below.rows = head.rows.iter().filter(|found| found.row >= row).cloned().collect();
        let mut found = self.of_columns(name, &below);
        found.retain(|guess| guess.header_row == Some(row));
        if found.is_empty() {
            let side = self.side.unwrap_or(Side::Orders);
            found.push(Guess {
                profile: &shipped::generic(side).name,
                side,
                certain: false,
                why: String::new(),
                header_row: Some(row),
            });
        }
        found
    }

    /// Those that the columns speak for; of the side that was asked for, if there is one.
    fn of_columns(&self, name: &str, head: &Rows) -> Vec<Guess> {
        let found = detect(name, head);
        if self.side.is_none() || found.iter().all(|guess| Some(guess.side) == self.side) {
            return found;
        }
        choose(name, head, self.side).map_or(found, |guess| vec![guess])
    }
}

/// Whether a table has a header of this fingerprint.
pub(super) fn is_printed(print: &str, head: &Rows) -> bool {
    let columns = Header::new(head.columns.iter().map(String::as_str)).fingerprint();
    columns == print || header_printed(print, head).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::Row;

    fn head(lines: &[&str]) -> Rows {
        let mut head = Rows::up_to(lines.len());
        let row = |(line, row): (&&str, u32)| Row {
            row,
            offset: 0,
            raw: (*line).to_owned(),
            cells: line.split(',').map(str::to_owned).collect(),
        };
        head.rows = lines.iter().zip(1..).map(row).collect();
        head
    }

    fn taken(wanted: &Wanted, lines: &[&str]) -> Vec<(&'static str, Option<u32>)> {
        let taken = wanted.take("x.csv", &head(lines)).unwrap();
        taken.guesses.iter().map(|guess| (guess.profile, guess.header_row)).collect()
    }

    const TWO: [&str; 4] =
        ["Order ID,Date,Total,Currency", "1,2026-01-01,5.00,USD", "ref,when,sum,money", "2,x,y,z"];

    #[test]
    fn the_line_that_a_person_names_is_the_header() {
        let at = |row| Wanted { header_row: row, ..Wanted::default() };
        assert_eq!(taken(&at(None), &TWO), [("generic-orders", Some(1))]);
        assert_eq!(taken(&at(Some(1)), &TWO), [("generic-orders", Some(1))]);
        assert_eq!(taken(&at(Some(3)), &TWO), [("generic-orders", Some(3))]);
        let odd = ["a,b,c", "Order ID,Date,Total,Currency", "1,2026-01-01,5.00,USD"];
        assert_eq!(taken(&at(Some(1)), &odd), [("generic-orders", Some(1))], "though line 2 fits");
        let settlement = Wanted { side: Some(Side::Settlement), ..at(Some(1)) };
        assert_eq!(taken(&settlement, &odd), [("generic-settlement", Some(1))]);
    }

    #[test]
    fn a_side_and_a_profile_are_taken_at_their_word() {
        let side = Wanted { side: Some(Side::Settlement), ..Wanted::default() };
        assert_eq!(taken(&side, &TWO), [("generic-settlement", Some(1))]);
        let profile = |name: &str| Wanted { profile: Some(name.to_owned()), ..Wanted::default() };
        assert_eq!(taken(&profile("generic-settlement"), &TWO), [("generic-settlement", Some(1))]);
        for (name, code) in
            [("shopify-payouts", "ingest/not-of-profile"), ("nothing", "ingest/unknown-profile")]
        {
            let wrong = profile(name).take("x.csv", &head(&["a,b", "1,2"]));
            assert_eq!(wrong.unwrap_err().code(), code);
        }
    }

    #[test]
    fn a_saved_mapping_is_found_by_its_header_wherever_that_stands() {
        let print = Header::new(["ref", "when", "sum", "money"].into_iter()).fingerprint();
        let saved = Wanted {
            fingerprints: vec![String::new(), "other,names".to_owned(), print],
            ..Wanted::default()
        };
        let found = saved.take("x.csv", &head(&TWO)).unwrap();
        assert_eq!((found.saved, found.header_row), (Some(2), Some(3)));
        assert_eq!(found.guesses[0].header_row, Some(3));
        let none = saved.take("x.csv", &head(&TWO[..2])).unwrap();
        assert_eq!((none.saved, none.header_row), (None, None));
    }
}
