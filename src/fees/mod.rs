//! What a provider may charge for a line: the fee contract and the fee that it gives, to the cent.
//!
//! A contract is plain TOML (or the same as JSON) that an accountant can read. The first `[[fee]]`
//! that is for a line is its fee, every `[[surcharge]]` that is for it is added, and every `[[tax]]`
//! is charged on the sum. All of it is counted in exact fractions and rounded where the contract
//! says so. Where a line does not say what a condition asks for, its fee is not known; it is never
//! guessed.

mod charge;
mod exact;
mod file;
mod model;
mod settlement;
mod steps;
mod table;
mod volume;
mod when;
mod written;

use rust_decimal::Decimal;

pub use model::{By, Fee, Ladder, Per, Rate, Refund, RoundTo, Step as Tier, Tax, Term};
pub use steps::{Calculation, Kept, Language, Step};
pub use volume::{Group, Month, StatedVolume, Volumes};
pub use when::{Gap, Line, Needs, Pattern, TextField, When};

use crate::calendar::{Listed, Settlement};
use crate::error::Error;
use crate::money::Amount;

/// The agreement with a provider, as `fees.toml` states it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contract {
    name: String,
    version: String,
    source: String,
    settlement: Option<Settlement>,
    fx_tolerance_percent: Option<Decimal>,
    home: Vec<String>,
    round_components: bool,
    fees: Vec<Fee>,
    surcharges: Vec<Fee>,
    taxes: Vec<Tax>,
    volumes: Vec<StatedVolume>,
    /// What all percentages and fixed parts are whole numbers over.
    denominator: i128,
    /// The same of the taxes.
    tax_denominator: i128,
    /// What of a line it asks for.
    needs: Needs,
    /// Whether a tier goes by the volume of a whole currency.
    counts_currencies: bool,
}

/// The bound that decided a fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Neither.
    None,
    /// The fee was raised to the minimum.
    Minimum,
    /// The fee was lowered to the cap.
    Cap,
}

/// A fee by the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    /// What may be charged, in the line's currency; negative where it is to be given back.
    pub fee: Amount,
    /// The tax on it that stands in a column of its own.
    pub tax: Amount,
    /// Which of [`Contract::fees`] gave it.
    pub component: usize,
    /// Whether that fee was raised to its minimum or lowered to its cap.
    pub bound: Bound,
    /// Which of its bands or tiers it was, from 0.
    pub step: Option<usize>,
}

impl Charge {
    /// No charge at all.
    pub(crate) const NONE: Self =
        Self { fee: Amount::ZERO, tax: Amount::ZERO, component: 0, bound: Bound::None, step: None };
}

/// What a contract says of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Nothing: no fee of it is for such lines.
    Silent,
    /// Something, but the line or the files do not say what it depends on.
    NotKnown(Gap),
    /// This.
    Charge(Charge),
}

impl Contract {
    /// Reads a contract from TOML, or from JSON if the text starts as an object does.
    ///
    /// # Errors
    /// The first thing that cannot be used, with its line, its column, its key and what to do.
    pub fn parse(text: &str) -> Result<Self, Error> {
        file::read(text)
    }

    /// The contract's name; empty if it has none.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its version; empty if it has none.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Where its numbers come from; empty if it does not say.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// How long the provider takes to settle, and by which days.
    #[must_use]
    pub fn settlement(&self) -> Option<&Settlement> {
        self.settlement.as_ref()
    }

    /// The contract with further holidays and working days in each of its calendars.
    ///
    /// # Errors
    /// Those of [`Calendar::new`](crate::calendar::Calendar::new).
    pub fn with_days(mut self, listed: &Listed) -> Result<Self, Error> {
        if let Some(settlement) = &mut self.settlement {
            settlement.add_days(listed)?;
        }
        Ok(self)
    }

    /// How far an exchange rate may be from the reference, in percent.
    #[must_use]
    pub fn fx_tolerance_percent(&self) -> Option<Decimal> {
        self.fx_tolerance_percent
    }

    /// The fees, in the order of the file; one for each currency of a table.
    #[must_use]
    pub fn fees(&self) -> &[Fee] {
        &self.fees
    }

    /// What is added to the fees, in the order of the file.
    #[must_use]
    pub fn surcharges(&self) -> &[Fee] {
        &self.surcharges
    }

    /// Whether a tax on the fees stands in a column of its own.
    #[must_use]
    pub fn shows_taxes(&self) -> bool {
        self.taxes.iter().any(|tax| tax.apart)
    }

    /// What of a line it asks for: the rest need not be looked up.
    #[must_use]
    pub fn needs(&self) -> Needs {
        self.needs
    }

    /// The taxes on the fees, in the order of the file.
    #[must_use]
    pub fn taxes(&self) -> &[Tax] {
        &self.taxes
    }
}

#[cfg(test)]
mod tests;
