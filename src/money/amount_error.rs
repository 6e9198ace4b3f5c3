//! Why a cell is no exact amount, and what to do about it.

use std::fmt;

use super::{Currency, MoneyError, NumberFormat};
use crate::error::Error;

/// Why a cell is no exact amount. Small enough to travel on the hot path; the text of the cell is
/// added by [`AmountError::explain`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountError {
    /// Not a number.
    NotANumber,
    /// Scientific notation, the trace of a spreadsheet that has dropped digits.
    Scientific,
    /// More decimals than the column may have.
    TooFine {
        /// Decimals written, without trailing zeros.
        decimals: u32,
        /// Decimals that the column may have.
        allowed: u32,
    },
    /// Marks that do not fit the format of the column, such as `1,23` where `,` groups thousands.
    Marks(NumberFormat),
    /// More than one sign, or unclosed parentheses.
    Signs,
    /// A currency sign or code that does not belong to the row's currency.
    OtherCurrency(Currency),
    /// More digits than an amount can hold.
    OutOfRange,
}

const TOO_FINE: &str = "decimals, but this column can have";

impl AmountError {
    /// The error for people: what the cell says, why that is no amount, and what to do. The caller
    /// adds the place.
    #[must_use]
    pub fn explain(self, text: &str) -> Error {
        let shown: String = text.chars().take(60).collect();
        let (code, why, remedy) = self.words();
        Error::new(code, format!("“{shown}” {why}")).remedy_is(remedy).arg("value", shown)
    }

    /// Whether a reason, behind the cell that it quotes, says that there are too many decimals.
    #[must_use]
    pub fn says_too_fine(said: &str) -> bool {
        said.starts_with("has ") && said.contains(TOO_FINE)
    }

    fn words(self) -> (&'static str, String, String) {
        match self {
            Self::NotANumber => (
                "money/not-a-number",
                "is not an amount".to_owned(),
                "check that the right column is mapped, or correct the cell".to_owned(),
            ),
            Self::Scientific => (
                "money/scientific",
                "is in scientific notation, which a spreadsheet uses when it drops digits"
                    .to_owned(),
                "export the file again and load it without opening it in a spreadsheet".to_owned(),
            ),
            Self::TooFine { decimals, allowed } => (
                "money/too-fine",
                format!("has {decimals} {TOO_FINE} {allowed}"),
                "correct the amount; if the file really counts finer, state that in its mapping"
                    .to_owned(),
            ),
            Self::Marks(format) => (
                "money/marks",
                format!("does not fit the column's format {format}"),
                "correct the cell, or state the column's number format in the mapping".to_owned(),
            ),
            Self::Signs => (
                "money/signs",
                "has more than one sign or an unclosed parenthesis".to_owned(),
                "write the amount with one sign, such as -5.00 or (5.00)".to_owned(),
            ),
            Self::OtherCurrency(currency) => (
                "money/other-currency",
                format!("carries the sign of another currency than {currency}"),
                "correct the currency of the row or the sign in the cell".to_owned(),
            ),
            Self::OutOfRange => (
                "money/out-of-range",
                "has more than 28 digits".to_owned(),
                "check that the right column is mapped: this looks like an id".to_owned(),
            ),
        }
    }
}

/// The sentence without the cell's text.
impl fmt::Display for AmountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, why, remedy) = self.words();
        write!(f, "the amount {why}; {remedy}")
    }
}

impl std::error::Error for AmountError {}

impl From<MoneyError> for AmountError {
    fn from(_: MoneyError) -> Self {
        Self::OutOfRange
    }
}
