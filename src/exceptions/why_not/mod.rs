//! Decides why an open payment is in no match: which row of the other side comes nearest, what keeps
//! the two apart, and the smallest change of the rules that would join them.
//!
//! The answer is an answer about [M060](crate::matching::rules::m060_amount_and_time) and
//! [M070](crate::matching::rules::m070_amount_within_tolerance): whatever shares a number is in a
//! match already, or has an exception that says why not. A change is named only where the two rows
//! would have no other partner under it, so that a run with the changed rules does match them; and
//! it is always said how many other rows the change reaches.

mod pool;
mod search;
mod touched;
mod words;

pub use search::Search;
pub use words::words;

use crate::ids::EntryId;
use crate::money::{Amount, Currency};

/// Why an open payment is in no match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WhyNot {
    /// The row that comes nearest; `None` where none is near.
    pub nearest: Option<EntryId>,
    /// The two name different numbers: nothing but a person joins them.
    pub other_number: bool,
    /// What the line has more than the order, where they differ by more than the tolerance.
    pub difference: Option<(Amount, Currency)>,
    /// By how many days the line's date is after the order's, where that is outside the window.
    pub days: Option<i32>,
    /// The rules only suggest pairs that have no number.
    pub suggested: bool,
    /// Other rows that either of the two could be matched with as well.
    pub rivals: u32,
    /// What would match the two.
    pub change: Option<Change>,
}

impl WhyNot {
    /// Nothing is near.
    const NOTHING: Self = Self {
        nearest: None,
        other_number: false,
        difference: None,
        days: None,
        suggested: false,
        rivals: 0,
        change: None,
    };
}

/// The smallest change of the rules that would match two rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whether pairs without a number must be matched, and not only suggested.
    pub automatic: bool,
    /// What else has to be wider.
    pub wider: Option<Wider>,
    /// How many other rows of the currency could be matched in another way with it.
    pub touches: u32,
    /// The currency of the two rows.
    pub currency: Currency,
}

/// A limit of the rules with its new value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wider {
    /// How many days before its order a line may be dated.
    DaysBefore(u16),
    /// How many days after the order is due.
    DaysAfter(u16),
    /// The largest difference in a currency.
    Tolerance(Amount, Currency),
}

impl Change {
    /// The settings of `rules.toml` with their new values, as they are written there.
    pub fn settings(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        if self.automatic {
            all.push(("without_reference.match".to_owned(), "automatic".to_owned()));
        }
        all.extend(self.wider.map(|wider| match wider {
            Wider::DaysBefore(days) => {
                ("without_reference.days_before".to_owned(), days.to_string())
            }
            Wider::DaysAfter(days) => ("without_reference.days_after".to_owned(), days.to_string()),
            Wider::Tolerance(amount, currency) => {
                (format!("tolerance.absolute.{}", currency.code()), amount.format(currency))
            }
        }));
        all
    }
}
