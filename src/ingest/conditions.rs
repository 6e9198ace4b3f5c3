//! Decides whether a row is one that a profile speaks of, by the texts of its cells (`where`).
//!
//! A condition is a table of columns and the words that they may hold; all columns have to fit.
//! Words are compared folded (see [`fold`]); `*` at an end of a word stands for anything, and an
//! empty word for an empty cell. Names of a column that mean the same stand between `|`. A condition
//! on a column that the header lacks fits no row.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::cells::tidy;
use super::fold::fold;
use super::layout::Header;
use super::record::Record;
use super::rule::names;

/// The words that a cell may hold: one or a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Any(pub Vec<String>);

impl<'de> Deserialize<'de> for Any {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        names(deserializer).map(Self)
    }
}

/// Columns and the words that their cells may hold, as a profile states them.
pub type Where = BTreeMap<String, Any>;

/// A condition that met a header.
#[derive(Clone, Debug, Default)]
pub(super) struct Condition {
    columns: Vec<(usize, Vec<Word>)>,
    never: bool,
}

#[derive(Clone, Debug)]
struct Word {
    written: String,
    folded: String,
    /// Whether anything may stand before it, and behind it.
    open: (bool, bool),
}

impl Condition {
    pub(super) fn new(stated: &Where, header: &Header) -> Self {
        let column = |(names, any): (&String, &Any)| {
            let column = names.split('|').find_map(|name| header.find(name))?;
            Some((column, any.0.iter().map(|word| Word::new(word)).collect()))
        };
        let columns: Vec<(usize, Vec<Word>)> = stated.iter().filter_map(column).collect();
        Self { never: columns.len() < stated.len(), columns }
    }

    /// The condition, or none at all where the header lacks one of its columns.
    pub(super) fn if_any(stated: &Where, header: &Header) -> Self {
        let condition = Self::new(stated, header);
        if condition.never { Self::default() } else { condition }
    }

    /// Whether nothing is asked.
    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty() && !self.never
    }

    /// Whether a row fits.
    #[inline]
    pub(super) fn fits(&self, record: &Record<'_>) -> bool {
        let fits = |(column, words): &(usize, Vec<Word>)| {
            let cell = tidy(record.get(*column).unwrap_or_default());
            words.iter().any(|word| word.written == cell)
                || (!cell.is_empty() && Word::any_fits(words, cell))
        };
        !self.never && self.columns.iter().all(fits)
    }
}

impl Word {
    fn new(stated: &str) -> Self {
        let open = (stated.starts_with('*'), stated.len() > 1 && stated.ends_with('*'));
        let written = stated.trim_matches('*').to_owned();
        Self { folded: fold(&written), written, open }
    }

    fn any_fits(words: &[Self], cell: &str) -> bool {
        let cell = fold(cell);
        words.iter().any(|word| word.fits(&cell))
    }

    fn fits(&self, cell: &str) -> bool {
        let word = self.folded.as_str();
        if word.is_empty() {
            return self.written.is_empty() && self.open.0;
        }
        match self.open {
            (false, false) => cell == word,
            (false, true) => cell.starts_with(word),
            (true, false) => cell.ends_with(word),
            (true, true) => cell.contains(word),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::Span;

    #[test]
    fn words_are_folded_and_stars_stand_for_anything() {
        for (words, cell, fits) in [
            (&["支出"][..], "支出", true),
            (&["支出"], " 支出\t", true),
            (&["支出"], "支出退回", false),
            (&["/"], "/", true),
            (&["/"], "收入", false),
            (&["total*"], "Total of the day", true),
            (&["total*"], "Grand total", false),
            (&["*charge"], "Pay Bill Charge", true),
            (&["*charge"], "Pay Bill Charges", false),
            (&["*charge*"], "Customer Transfer of Funds\nCharge", true),
            (&["a", "b"], "B", true),
            (&[""], " ", true),
            (&[""], "x", false),
            (&["*"], "x", true),
            (&["*"], "", true),
        ] {
            let stated = Where::from([(
                "c".to_owned(),
                Any(words.iter().map(|word| (*word).to_owned()).collect()),
            )]);
            let condition = Condition::new(&stated, &Header::new(["c"].into_iter()));
            let span: [Span; 1] = [(0, u32::try_from(cell.len()).unwrap())];
            let record = Record::new(1, 0, cell, cell, &span);
            assert_eq!(condition.fits(&record), fits, "{words:?} {cell:?}");
        }
    }

    #[test]
    fn a_column_that_is_missing_fits_no_row() {
        let stated = Where::from([("other".to_owned(), Any(vec![String::new()]))]);
        let condition = Condition::new(&stated, &Header::new(["c"].into_iter()));
        assert!(!condition.fits(&Record::new(1, 0, "", "", &[(0, 0)])));
        assert!(!condition.is_empty());
    }
}
