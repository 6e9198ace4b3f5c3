//! Decides how a row that is no movement writes the figures that it states: a balance, a total, or
//! a count that its reader has already compared.
//!
//! Readers of bank statements put them into one cell, as `opening=12.50 on 2026-01-01; credits=5.00
//! x2; check of records=14 found 14`; [`Stated::parse`] reads that cell back.

use std::fmt::Write as _;

use crate::entry::named;

named! {
    /// What a stated figure is.
    What {
        /// The booked balance before the movements.
        Opening = "opening",
        /// The booked balance after them.
        Closing = "closing",
        /// A booked balance at a time that is stated with it.
        Balance = "balance",
        /// What can be spent.
        Available = "available",
        /// What is held back.
        Frozen = "frozen",
        /// The sum of the movements that add.
        Credits = "credits",
        /// The sum, without a sign, of the movements that take away.
        Debits = "debits",
        /// The sum of all movements.
        Net = "net",
        /// A figure that the reader has recomputed itself.
        Check = "check",
    }
}

/// One stated figure, borrowed from its cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stated<'a> {
    /// What it is.
    pub what: What,
    /// Of a check: what was compared; empty otherwise.
    pub name: &'a str,
    /// The figure as it is written, a count in a check.
    pub value: &'a str,
    /// How many movements it sums up, where that is stated.
    pub count: Option<&'a str>,
    /// Its ISO date, where one is stated.
    pub on: Option<&'a str>,
    /// Of a check: what was found.
    pub found: Option<&'a str>,
}

impl<'a> Stated<'a> {
    /// A figure of which only this is said.
    #[must_use]
    pub fn new(what: What, value: &'a str) -> Self {
        Self { what, name: "", value, count: None, on: None, found: None }
    }

    /// Appends it to a cell.
    pub fn write(&self, cell: &mut String) {
        if !cell.is_empty() {
            cell.push_str("; ");
        }
        cell.push_str(self.what.name());
        if !self.name.is_empty() {
            let _ = write!(cell, " of {}", plain(self.name));
        }
        let _ = write!(cell, "={}", plain(self.value));
        for (word, part) in [(" x", self.count), (" on ", self.on), (" found ", self.found)] {
            if let Some(part) = part {
                let _ = write!(cell, "{word}{}", plain(part));
            }
        }
    }

    /// The figures of a cell; parts that are none are left out.
    pub fn parse(cell: &'a str) -> impl Iterator<Item = Stated<'a>> {
        cell.split("; ").filter_map(Self::one)
    }

    fn one(text: &'a str) -> Option<Self> {
        let (head, rest) = text.split_once('=')?;
        let (what, name) = head.split_once(" of ").unwrap_or((head, ""));
        let (rest, found) = cut(rest, " found ");
        let (rest, on) = cut(rest, " on ");
        let (value, count) = cut(rest, " x");
        Some(Self { what: What::from_name(what)?, name, value, count, on, found })
    }
}

fn cut<'a>(text: &'a str, word: &str) -> (&'a str, Option<&'a str>) {
    match text.split_once(word) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// A part without the characters that separate parts.
fn plain(part: &str) -> String {
    part.replace(['=', ';'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let figures = [
            Stated { on: Some("2026-01-01"), ..Stated::new(What::Opening, "-12.50") },
            Stated { count: Some("2"), ..Stated::new(What::Credits, "5.00") },
            Stated { name: "records", found: Some("13"), ..Stated::new(What::Check, "14") },
        ];
        let mut cell = String::new();
        figures.iter().for_each(|figure| figure.write(&mut cell));
        assert_eq!(
            cell,
            "opening=-12.50 on 2026-01-01; credits=5.00 x2; check of records=14 found 13"
        );
        assert_eq!(Stated::parse(&cell).collect::<Vec<_>>(), figures);
    }

    #[test]
    fn what_is_no_figure_is_left_out() {
        for cell in ["", "opening", "unknown=5", "; ; =", "opening 5"] {
            assert_eq!(Stated::parse(cell).count(), 0, "{cell:?}");
        }
        let odd = Stated::new(What::Closing, "1=2; 3");
        let mut cell = String::new();
        odd.write(&mut cell);
        assert_eq!(cell, "closing=1 2 3");
    }
}
