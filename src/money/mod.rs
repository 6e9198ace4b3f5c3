//! What money is: an exact amount, a currency, and the few operations that keep both true.
//!
//! Amounts are counted in minor units and never pass through a float. They are added only where
//! the currencies are equal, and rounded only by a named mode.

mod amount;
mod amount_error;
mod currency;
mod marks;
mod number_format;
mod parse;
mod rounding;
mod totals;

use std::fmt;

pub use amount::Amount;
pub use amount_error::AmountError;
pub use currency::Currency;
pub use number_format::{DecimalMark, Grouping, NumberDecision, NumberFormat, NumberVotes, Seen};
pub use parse::{Scale, Unit, parse_amount};
pub use rounding::{Rounding, round_minor, round_ratio};
pub use totals::Totals;

/// An amount together with its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// How much, in minor units of the currency.
    pub amount: Amount,
    /// Of which currency.
    pub currency: Currency,
}

impl Money {
    /// An amount of a currency.
    #[must_use]
    pub const fn new(amount: Amount, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// The exact sum.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] for two currencies, [`MoneyError::OutOfRange`] if the sum
    /// is too large.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let amount = self.amount.checked_add(other.amount).ok_or(MoneyError::OutOfRange)?;
        Ok(Self { amount, ..self })
    }

    /// The exact difference `self - other`.
    ///
    /// # Errors
    /// As [`checked_add`](Self::checked_add).
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let amount = self.amount.checked_sub(other.amount).ok_or(MoneyError::OutOfRange)?;
        Ok(Self { amount, ..self })
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency })
    }
}

/// `12.34 USD`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.amount.write_to(f, self.currency)?;
        write!(f, " {}", self.currency)
    }
}

/// Why an operation on money was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// Two currencies cannot be added or compared.
    CurrencyMismatch {
        /// The currency of the first operand.
        left: Currency,
        /// The currency of the second operand.
        right: Currency,
    },
    /// The exact result has more digits than an amount can hold (28).
    OutOfRange,
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CurrencyMismatch { left, right } => write!(
                f,
                "{left} and {right} cannot be added: convert one of them with a stated rate first"
            ),
            Self::OutOfRange => {
                f.write_str("the amount has more than 28 digits: check the unit of the column")
            }
        }
    }
}

impl std::error::Error for MoneyError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(minor: i64, code: &str) -> Money {
        Money::new(Amount::from_minor(minor), Currency::from_code(code).unwrap())
    }

    #[test]
    fn only_equal_currencies_add() {
        assert_eq!(money(5, "USD").checked_add(money(7, "USD")), Ok(money(12, "USD")));
        assert_eq!(money(5, "USD").checked_sub(money(7, "USD")), Ok(money(-2, "USD")));
        let mixed = money(5, "USD").checked_add(money(7, "KES"));
        assert_eq!(
            mixed.unwrap_err().to_string(),
            "USD and KES cannot be added: convert one of them with a stated rate first"
        );
        assert!(money(0, "USD").checked_sub(money(0, "KES")).is_err());
        assert_eq!(money(-1205, "USD").to_string(), "-12.05 USD");
    }
}
