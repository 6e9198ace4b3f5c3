//! Collects what had to be taken to be so while rows were read, as counts with an example.

use std::collections::BTreeMap;

use super::report::{Assumption, Question};
use crate::entry::DamagedId;
use crate::limits;

/// Things that were assumed, each with how often and the first row.
#[derive(Debug, Default)]
pub(super) struct Assumed {
    found: BTreeMap<(String, String), Found>,
    /// What is left of damaged ids, by row.
    pub(super) damaged: Vec<(u32, DamagedId)>,
    /// Rows with an id that a spreadsheet has destroyed, in reading order.
    pub(super) spoiled: Vec<u32>,
}

#[derive(Debug)]
struct Found {
    why: String,
    rows: u64,
    first: u32,
    question: Option<Question>,
}

/// More different assumptions than this are no help to anyone.
const KEPT: usize = 200;

impl Assumed {
    /// Notes that `what` was taken to be `value` in a row; `true` if it is the first.
    #[cold]
    pub(super) fn note(&mut self, what: &str, value: &str, why: &str, row: u32) -> bool {
        let key = (what.to_owned(), value.to_owned());
        if let Some(found) = self.found.get_mut(&key) {
            found.rows = found.rows.saturating_add(1);
            found.first = found.first.min(row);
            return false;
        }
        let is_new = self.found.len() < KEPT;
        if is_new {
            let why = why.to_owned();
            self.found.insert(key, Found { why, rows: 1, first: row, question: None });
        }
        is_new
    }

    /// Keeps what is left of an id that a spreadsheet has destroyed.
    #[cold]
    pub(super) fn keep_damaged(&mut self, row: u32, left: Option<DamagedId>) {
        if self.spoiled.last() != Some(&row) {
            self.spoiled.push(row);
        }
        if self.damaged.len() < limits::DAMAGED_KEPT {
            self.damaged.extend(left.map(|left| (row, left)));
        }
    }

    /// Notes something that is true of the whole source.
    #[cold]
    pub(super) fn once(&mut self, what: &str, value: &str, why: &str) {
        let key = (what.to_owned(), value.to_owned());
        let why = why.to_owned();
        let found = Found { why, rows: 0, first: 0, question: None };
        self.found.entry(key).or_insert(found);
    }

    /// Makes a question of what was noted: its answer stands in a mapping at `path`.
    #[cold]
    pub(super) fn ask(&mut self, what: &str, value: &str, path: String, options: &[&str]) {
        if let Some(found) = self.found.get_mut(&(what.to_owned(), value.to_owned())) {
            let options = options.iter().map(|option| (*option).to_owned()).collect();
            found.question = Some(Question { path, options });
        }
    }

    /// All of them, sorted.
    pub(super) fn into_list(self) -> Vec<Assumption> {
        self.found
            .into_iter()
            .map(|((what, value), found)| {
                let why = match found.rows {
                    0 => found.why,
                    1 => format!("{}; row {}", found.why, found.first),
                    rows => format!("{}; {rows} rows, the first is {}", found.why, found.first),
                };
                Assumption { what, value, why, question: found.question, code: None }
            })
            .collect()
    }
}
