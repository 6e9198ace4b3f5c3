//! Which rates a file states beside its fees, and whether its fees are those rates.
//!
//! Some exports print the percentage, and some the fixed part, of each line (Square, `WeChat` Pay).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::form::{Form, Tax};
use crate::entry::Entries;
use crate::ids::EntryId;
use crate::ingest::table::Table;
use crate::money::{Amount, Currency, Rounding};

/// Headers of a percentage, folded.
const PERCENT: [&str; 6] =
    ["费率", "feepercentagerate", "feerate", "feepercent", "feepercentage", "费率%"];

/// Headers of a fixed part in major units, folded.
const FIXED: [&str; 4] = ["feefixedrate", "fixedfee", "feefixed", "固定手续费"];

/// The rates that the files of a run state, by source and row.
#[derive(Clone, Debug, Default)]
pub struct Stated(BTreeMap<(u16, u32), Rate>);

/// A rate that a line states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    percent: Decimal,
    fixed: Decimal,
}

impl Rate {
    /// `3.5 % + 0.15`.
    #[must_use]
    pub fn text(&self, currency: Currency) -> String {
        let percent = self.percent.normalize();
        match Amount::from_major(self.fixed, currency) {
            Ok(fixed) if !self.fixed.is_zero() => {
                format!("{percent} % + {}", fixed.format(currency))
            }
            _ => format!("{percent} %"),
        }
    }

    /// As a formula, where it is no finer than one can be.
    #[must_use]
    pub fn form(&self, currency: Currency) -> Option<Form> {
        let rate = self.percent.checked_mul(Decimal::from(10_000))?.normalize();
        let fixed = Amount::from_major(self.fixed, currency).ok()?.minor_decimal();
        let fixed = fixed.checked_mul(Decimal::from(100))?.normalize();
        let whole = |number: Decimal| {
            let number = number.fract().is_zero().then_some(number.trunc())?;
            i64::try_from(number.mantissa() / 10_i128.checked_pow(number.scale())?).ok()
        };
        Some(Form::new(whole(rate)?, whole(fixed)?, Tax::None, Rounding::HalfUp))
    }
}

impl Stated {
    /// Takes the rates of a source's table, if it has a column of them.
    pub fn take(&mut self, source: u16, table: &Table) {
        let Some(header) = &table.header else { return };
        let column = |names: &[&str]| {
            let is_one = |cell: &String| names.contains(&folded(cell).as_str());
            header.cells.iter().position(is_one)
        };
        let Some(percent) = column(&PERCENT) else { return };
        let fixed = column(&FIXED);
        for row in &table.rows {
            let cell = |at: usize| row.cells.get(at).and_then(|cell| number(cell));
            let (Some(line), Some(percent)) = (row.row, cell(percent)) else { continue };
            let fixed = fixed.and_then(cell).unwrap_or_default();
            self.0.insert((source, line), Rate { percent, fixed });
        }
    }

    /// The rate that a line states.
    #[must_use]
    pub fn of(&self, entries: &Entries, id: EntryId) -> Option<Rate> {
        self.0.get(&(entries.source(id).0, entries.row(id))).copied()
    }

    /// Whether no file states any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn folded(header: &str) -> String {
    header
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == '%')
        .flat_map(char::to_lowercase)
        .collect()
}

/// The number in a cell, without the signs around it.
fn number(cell: &str) -> Option<Decimal> {
    let digits: String = cell.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    Decimal::from_str_exact(&digits).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_and_are_formulas() {
        let usd = Currency::from_code("USD").unwrap();
        for (percent, fixed, text, form) in [
            ("2.9", "$0.30 ", "2.9 % + 0.30", Some((29_000, 3_000))),
            ("`0.54%", "", "0.54 %", Some((5_400, 0))),
            ("0.00005", "0", "0.00005 %", None),
        ] {
            let fixed = number(fixed).unwrap_or_default();
            let rate = Rate { percent: number(percent).unwrap(), fixed };
            assert_eq!(rate.text(usd), text);
            let got = rate.form(usd).map(|form| (form.rate, form.fixed));
            assert_eq!(got, form, "{percent}");
        }
        assert_eq!(folded("Fee Percentage Rate"), "feepercentagerate");
        assert_eq!(number("-"), None);
    }
}
