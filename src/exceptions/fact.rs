//! One thing that is true of some rows, with the figures that show it.

use rust_decimal::Decimal;

use crate::codes::Code;
use crate::entry::Status;
use crate::ids::EntryId;
use crate::money::{Amount, Currency};
use crate::time::Date;

/// A figure or word in a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// Money, in the fact's currency.
    Amount(Amount),
    /// An exchange rate.
    Rate(Decimal),
    /// A day.
    Date(Date),
    /// A state of a row.
    Status(Status),
    /// A currency.
    Currency(Currency),
    /// A number of rows.
    Count(u32),
}

/// What was found about which rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub code: Code,
    /// The rows that it names, orders first.
    pub rows: Vec<EntryId>,
    /// What it should have been.
    pub expected: Option<Value>,
    /// What it is.
    pub actual: Option<Value>,
    /// Received − expected, as far as this fact goes.
    pub amount: Option<Amount>,
    /// The currency of the amounts.
    pub currency: Option<Currency>,
}

impl Fact {
    /// A fact about some rows, without figures.
    pub fn new(code: Code, rows: Vec<EntryId>) -> Self {
        Self { code, rows, expected: None, actual: None, amount: None, currency: None }
    }

    /// Adds what it should have been and what it is.
    #[must_use]
    pub fn values(mut self, expected: Value, actual: Value) -> Self {
        self.expected = Some(expected);
        self.actual = Some(actual);
        self
    }

    /// Adds the money that it is about.
    #[must_use]
    pub fn money(mut self, amount: Amount, currency: Currency) -> Self {
        self.amount = Some(amount);
        self.currency = Some(currency);
        self
    }
}
