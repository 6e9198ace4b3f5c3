//! Collects what had to be taken to be so while rows were read, as counts with an example.

use std::collections::BTreeMap;

use super::report::Assumption;

/// Things that were assumed, each with how often and the first row.
#[derive(Debug, Default)]
pub(super) struct Assumed {
    found: BTreeMap<(String, String), Found>,
}

#[derive(Debug)]
struct Found {
    why: String,
    rows: u64,
    first: u32,
}

/// More different assumptions than this are no help to anyone.
const KEPT: usize = 200;

impl Assumed {
    /// Notes that `what` was taken to be `value` in a row.
    #[cold]
    pub(super) fn note(&mut self, what: &str, value: &str, why: &str, row: u32) {
        let key = (what.to_owned(), value.to_owned());
        if let Some(found) = self.found.get_mut(&key) {
            found.rows = found.rows.saturating_add(1);
            found.first = found.first.min(row);
        } else if self.found.len() < KEPT {
            self.found.insert(key, Found { why: why.to_owned(), rows: 1, first: row });
        }
    }

    /// Notes something that is true of the whole source.
    #[cold]
    pub(super) fn once(&mut self, what: &str, value: &str, why: &str) {
        let key = (what.to_owned(), value.to_owned());
        self.found.entry(key).or_insert_with(|| Found { why: why.to_owned(), rows: 0, first: 0 });
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
                Assumption { what, value, why }
            })
            .collect()
    }
}
