//! What a fee contract can say: the parts that every table of the file becomes.

use rust_decimal::Decimal;

use super::when::When;
use crate::entry::{Kind, named};
use crate::money::{Amount, Currency, Rounding};
use crate::time::Date;

/// The days on which something holds; open where no day is stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Term {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
}

impl Term {
    /// Whether it holds on every day.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.from.is_none() && self.until.is_none()
    }

    /// Whether it holds on a day.
    #[must_use]
    pub fn has(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// Percent of an amount and a fixed part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// Percent of the amount: `2.9` is 2.9 %.
    pub percent: Decimal,
    /// Added to it; it may be finer than the minor unit.
    pub fixed: Amount,
    /// The percentage over the contract's denominator.
    pub(super) factor: i128,
    /// The fixed part over the contract's denominator.
    pub(super) added: i128,
}

/// What a step of a table goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The amount of the line.
    Amount,
    /// The volume of the calendar month before the line's.
    PreviousMonth,
    /// The volume of the line's month so far.
    ThisMonth,
    /// The volume of the line's whole month.
    MonthTotal,
}

/// Steps of rates: bands by the amount of a line, or tiers by the volume of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// What the steps go by.
    pub by: By,
    /// Whether each step's rate is for the part within it, and not for the whole amount.
    pub marginal: bool,
    /// Whether all payment lines of the currency count, and not only those of the fee.
    pub whole_currency: bool,
    /// By their upper ends.
    pub steps: Vec<Step>,
}

/// One step of a [`Ladder`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The largest amount or volume that is in it; `None` for all above the step before.
    pub up_to: Option<Amount>,
    /// What is charged in it.
    pub rate: Rate,
}

impl Ladder {
    /// The step of an amount or volume; `None` above the last.
    #[must_use]
    pub fn step(&self, amount: Amount) -> Option<(usize, &Step)> {
        self.steps.iter().enumerate().find(|(_, s)| s.up_to.is_none_or(|up_to| amount <= up_to))
    }
}

named! {
    /// What becomes of a payment's fee when it is refunded.
    Refund {
        /// The provider keeps it.
        Kept = "kept",
        /// All of it comes back with the refund.
        Returned = "returned",
        /// The share that was refunded comes back.
        ProRata = "pro_rata",
        /// As `pro_rata`, but the fixed part is kept.
        PercentReturned = "percent_returned",
    }
}

named! {
    /// How often a fee is charged.
    Per {
        /// For every line.
        Line = "line",
        /// Once for every payout or batch.
        Batch = "batch",
        /// Once for every calendar month.
        Month = "month",
    }
}

/// How a fee becomes whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoundTo {
    /// The way.
    pub rounding: Rounding,
    /// Decimals of the major unit; the currency's where none are stated.
    pub decimals: Option<u32>,
}

impl RoundTo {
    /// Digits of the minor unit that are rounded away.
    pub(super) fn coarser(self, currency: Currency) -> u32 {
        self.decimals.map_or(0, |decimals| currency.exponent().saturating_sub(decimals))
    }
}

/// One fee or surcharge of a contract, in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fee {
    /// Its table in the file, from 0: tables of several currencies become several fees.
    pub table: usize,
    /// Its name; may be empty.
    pub name: String,
    /// The currency of the lines and of all its amounts; `None` for every currency.
    pub currency: Option<Currency>,
    /// The kinds of lines that are charged.
    pub kinds: Vec<Kind>,
    /// When it holds.
    pub term: Term,
    /// What else must be true of a line.
    pub when: When,
    /// Percent and fixed part.
    pub rate: Rate,
    /// The fixed part is waived below this amount.
    pub fixed_from: Option<Amount>,
    /// Bands or tiers, added to the rate.
    pub ladder: Option<Ladder>,
    /// The least that is charged.
    pub minimum: Option<Amount>,
    /// The most that is charged.
    pub cap: Option<Amount>,
    /// Whether the fee is on top of the line's amount, so that it is charged on itself too.
    pub gross_up: bool,
    /// Whether interchange and scheme fees are added as the file states them.
    pub pass_through: bool,
    /// Percent of the fee that the merchant bears.
    pub merchant_share: Option<Decimal>,
    /// How often it is charged.
    pub per: Per,
    /// What becomes of it when the payment is refunded; `None` where the contract is silent.
    pub refund: Option<Refund>,
    /// Whether it comes back with a chargeback that was won; `None` where the contract is silent.
    pub returned_when_won: Option<bool>,
    /// How it is rounded.
    pub round_to: RoundTo,
}

impl Fee {
    /// Whether it is nothing but a percentage, so that the fee of a part is the part of the fee.
    #[must_use]
    pub fn is_proportional(&self) -> bool {
        self.rate.fixed.is_zero()
            && self.ladder.is_none()
            && self.minimum.is_none()
            && self.cap.is_none()
            && !self.gross_up
            && !self.pass_through
    }
}

/// A tax on fees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tax {
    /// Its name; may be empty.
    pub name: String,
    /// Percent of the fee.
    pub percent: Decimal,
    /// Whether the stated fees contain it already.
    pub included: bool,
    /// Whether the files show it in the tax column, and not in the fee.
    pub apart: bool,
    /// The currency of the lines; `None` for every currency.
    pub currency: Option<Currency>,
    /// The kinds of lines; empty for every kind.
    pub kinds: Vec<Kind>,
    /// When it holds.
    pub term: Term,
    /// What else must be true of a line.
    pub when: When,
    /// The percentage over the contract's tax denominator.
    pub(super) factor: i128,
}
