//! What the checks hold the lines against: contract, rates, tolerance and due dates.

use crate::calendar::AccountingClock;
use crate::exceptions::{Counted, Split};
use crate::fees::Contract;
use crate::fx::Rates;
use crate::matching::{Due, Tolerance, WithoutReference};

/// What the checks hold the lines against. What is not given is not checked.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The agreement with the provider.
    pub contract: Option<Contract>,
    /// What was counted for it beforehand.
    pub counted: Counted,
    /// Reference rates by day.
    pub rates: Option<Rates>,
    /// Differences that may be let go.
    pub tolerance: Tolerance,
    /// What may be matched without a number.
    pub without_reference: WithoutReference,
    /// When money must be there.
    pub due: Due,
    /// By source: when its accounting day changes, where that is known.
    pub day_ends: Vec<Option<DayEnd>>,
    /// How payments are shared out.
    pub splits: Vec<Split>,
}

/// When the accounting day of a source changes (日切).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayEnd {
    /// So many minutes before midnight on the clock of its rows.
    Ahead(i16),
    /// By a clock of its own.
    By(AccountingClock),
}
