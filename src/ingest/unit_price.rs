//! Decides whether the amounts of orders look like prices of one piece: another column is always
//! amount × quantity, or what was paid is.
//!
//! Rows of one piece say nothing about it; only those of several are looked at.

use rust_decimal::Decimal;

use super::cells::tidy;
use super::plan::Plan;
use super::record::Record;
use super::report::{Assumption, Piece};
use crate::limits;
use crate::money::{Currency, NumberFormat, Scale, Unit, parse_amount};

/// What the rows of several pieces show.
#[derive(Debug)]
pub(super) struct UnitPrice {
    quantity: usize,
    amount: usize,
    /// Rows of several pieces whose amount is a number.
    rows: u32,
    /// Columns that are amount × quantity in all of them, with how many of them differ from the
    /// amount.
    totals: Vec<usize>,
    pieces: Vec<Piece>,
}

impl UnitPrice {
    /// Asks the question of a plan that reads amounts from one column, beside one of quantities.
    pub(super) fn of(plan: &Plan) -> Option<Self> {
        let quantity = plan.quantity?;
        let amount = plan.amount.only_column().filter(|amount| *amount != quantity)?;
        Some(Self { quantity, amount, rows: 0, totals: Vec::new(), pieces: Vec::new() })
    }

    /// Takes a row into account.
    pub(super) fn observe(&mut self, plan: &Plan, record: &Record<'_>) {
        let cell = |column: usize| tidy(record.get(column).unwrap_or_default());
        let pieces = cell(self.quantity).parse::<u32>().unwrap_or_default();
        if !(2..=limits::PIECES).contains(&pieces) || self.pieces.len() >= limits::PIECES_KEPT {
            return;
        }
        let formats = [NumberFormat::POINT, NumberFormat::COMMA];
        let read = formats
            .into_iter()
            .find_map(|format| Some((format, number(cell(self.amount), &format)?)));
        let Some((format, amount)) = read.filter(|(_, amount)| !amount.is_zero()) else { return };
        self.pieces.push(Piece { row: record.row(), pieces });
        let is_total = |column: &usize| {
            *column != self.amount
                && *column != self.quantity
                && number(cell(*column), &format) == amount.checked_mul(Decimal::from(pieces))
        };
        if self.rows == 0 {
            self.totals = (0..plan.header.width()).filter(is_total).collect();
        } else {
            self.totals.retain(is_total);
        }
        self.rows = self.rows.saturating_add(1);
    }

    /// What has to be asked: one row may be chance, two are not.
    pub(super) fn decide(&self, plan: &Plan) -> Option<Assumption> {
        let total = plan.header.name(*self.totals.first().filter(|_| self.rows > 1)?);
        let amount = plan.header.name(self.amount);
        let why = format!(
            "in all {} rows with a quantity of two or more, {total} is {amount} × {}",
            self.rows,
            plan.header.name(self.quantity)
        );
        let asked = Assumption::new("price of one piece", amount, why);
        Some(asked.asks("fields.amount.columns", &[amount, total]))
    }

    /// How many pieces rows are about, for what was paid for them.
    pub(super) fn into_pieces(self) -> Vec<Piece> {
        self.pieces
    }
}

/// A number as it is written; the currency does not matter, since only products are compared.
fn number(text: &str, format: &NumberFormat) -> Option<Decimal> {
    let currency = Currency::from_code("USD")?;
    let amount = parse_amount(text, format, Unit::Major, currency, Scale::Finer(6)).ok()??;
    Some(amount.minor_decimal())
}
