//! Decides how a profile states totals: those that a file prints, those that must tie, and equations
//! within a row. They are parts of a [`Profile`](super::profile::Profile).

use std::collections::BTreeMap;

use serde::Deserialize;

use super::conditions::Where;
use super::rule::names;

/// A printed total: a number in the file, and what it must be.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printed {
    /// In a summary: its column. In a footer: the words directly before the number.
    #[serde(default, deserialize_with = "names")]
    pub at: Vec<String>,
    /// It counts the rows.
    #[serde(default)]
    pub count: bool,
    /// It is the sum of the first of these columns that the header has.
    #[serde(default, deserialize_with = "names")]
    pub sum: Vec<String>,
    /// The rows that it is about; none: all.
    #[serde(default, rename = "where")]
    pub condition: Where,
    /// Its name for people, where `at` is none.
    #[serde(default)]
    pub name: Option<String>,
    /// The sum is rounded half up to the currency's decimals, where the column has more of them.
    #[serde(default)]
    pub rounded: bool,
    /// It is printed without the sign that the column has.
    #[serde(default)]
    pub unsigned: bool,
}

/// A summary: a header of its own and a row of totals under it, or one row of totals that stand
/// under the columns of the table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// The first cell of the summary's header.
    #[serde(default)]
    pub header: String,
    /// Which row holds the totals, if the summary has no header of its own.
    #[serde(default, rename = "where")]
    pub condition: Where,
    /// What it prints.
    pub totals: Vec<Printed>,
}

/// A comment line, or a line above the header, that prints totals.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Footer {
    /// How the line starts.
    pub prefix: String,
    /// The kinds of rows that it is about; none: all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// What it prints.
    pub totals: Vec<Printed>,
}

/// Totals that must tie, per batch and currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tie {
    /// Σ net of the credits = Σ net of the debits, payouts included.
    ZeroSum,
    /// The payouts = Σ net of the other rows, where there is a payout.
    Payout,
    /// Σ stated net = Σ amount + Σ fee + Σ tax.
    Net,
}

/// An equation that holds within each row.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What it says, for people.
    pub name: String,
    /// The column on the left …
    pub left: String,
    /// … equals Σ these columns …
    #[serde(default, deserialize_with = "names")]
    pub plus: Vec<String>,
    /// … less these,
    #[serde(default, deserialize_with = "names")]
    pub minus: Vec<String>,
    /// or the number of elements of this column's JSON list, where there is one.
    #[serde(default)]
    pub count_of: Option<String>,
}

/// Totals that the records of a code print.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeTotals {
    /// The code of the records.
    pub code: String,
    /// Whether they speak of the section before them only.
    #[serde(default)]
    pub section: bool,
    /// The cell (from 1) that names their currency; none: the file's only one.
    #[serde(default)]
    pub currency: Option<usize>,
    /// In which cell (from 1; from -1 at the end) which total stands.
    #[serde(default)]
    pub cells: BTreeMap<Total, i32>,
}

/// What a printed total adds up. Credits are amounts above zero, debits below (printed unsigned).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Total {
    /// The number of rows.
    Rows,
    /// The number of rows that are no payouts.
    Movements,
    /// The number of payouts.
    Payouts,
    /// Σ amount above zero.
    Credits,
    /// Σ amount below zero.
    Debits,
    /// Σ fee above zero: fees that were given back.
    FeeCredits,
    /// Σ fee below zero.
    FeeDebits,
    /// Σ amount of the rows that are no payouts.
    Amount,
    /// Σ amount of the payouts, as a positive number.
    Payout,
    /// The balance before the rows; a sign (`CR` or `DR`) may stand in the cell before it.
    Opening,
    /// The balance after them: opening + Σ amount + Σ fee.
    Closing,
}
