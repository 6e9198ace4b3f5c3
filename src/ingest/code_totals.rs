//! Decides what the totals have to be that records of a code print, such as a section's footer or
//! a trailer at the end of the file.

use std::collections::BTreeMap;

use super::cells::tidy;
use super::figures::stated;
use super::plan::Plan;
use super::profile::{self, Total};
use super::record::Record;
use super::report::Control;
use super::synonyms;
use crate::entry::{Kind, NewEntry};
use crate::money::{Amount, Currency};

/// The totals of one source.
#[derive(Debug, Default)]
pub(super) struct CodeTotals {
    rules: Vec<profile::CodeTotals>,
    file: Tallies,
    section: Tallies,
    sections: u32,
    printed: Vec<Printed>,
}

type Tallies = BTreeMap<Currency, Tally>;

/// What the rows of a currency add up to; a sum is `None` once it left the exact range.
#[derive(Clone, Copy, Debug)]
struct Tally {
    rows: u64,
    payouts: u64,
    credits: Option<Amount>,
    debits: Option<Amount>,
    fee_credits: Option<Amount>,
    fee_debits: Option<Amount>,
    payout: Option<Amount>,
}

impl Tally {
    const ZERO: Self = Self {
        rows: 0,
        payouts: 0,
        credits: Some(Amount::ZERO),
        debits: Some(Amount::ZERO),
        fee_credits: Some(Amount::ZERO),
        fee_debits: Some(Amount::ZERO),
        payout: Some(Amount::ZERO),
    };

    fn add(&mut self, entry: &NewEntry<'_>) {
        let put = |sum: &mut Option<Amount>, amount: Amount| {
            *sum = sum.and_then(|sum| sum.checked_add(amount.abs()));
        };
        self.rows = self.rows.saturating_add(1);
        if entry.kind == Kind::Payout {
            self.payouts = self.payouts.saturating_add(1);
            put(&mut self.payout, entry.amount);
        }
        let negative = entry.amount.is_negative();
        put(if negative { &mut self.debits } else { &mut self.credits }, entry.amount);
        let negative = entry.fee.is_negative();
        put(if negative { &mut self.fee_debits } else { &mut self.fee_credits }, entry.fee);
    }

    fn amount(&self) -> Option<Amount> {
        self.credits?.checked_sub(self.debits?)
    }

    fn sum(&self, total: Total) -> Option<Amount> {
        match total {
            Total::Credits => self.credits,
            Total::Debits => self.debits,
            Total::FeeCredits => self.fee_credits,
            Total::FeeDebits => self.fee_debits,
            Total::Payout => self.payout,
            Total::Amount => self.amount()?.checked_add(self.payout?),
            // Both speak of what comes on top of the balance before the rows.
            Total::Opening | Total::Closing => {
                let fees = self.fee_credits?.checked_sub(self.fee_debits?)?;
                self.amount()?.checked_add(fees)
            }
            Total::Rows | Total::Movements | Total::Payouts => None,
        }
    }

    fn count(&self, total: Total) -> u64 {
        match total {
            Total::Payouts => self.payouts,
            Total::Movements => self.rows.saturating_sub(self.payouts),
            _ => self.rows,
        }
    }
}

/// A total that the whole file has to come to; it is compared at the end.
#[derive(Debug)]
struct Printed {
    code: String,
    total: Total,
    currency: Option<Currency>,
    stated: String,
    amount: Option<Amount>,
    opening: Amount,
    /// The number of the section and its rows, where it speaks of one.
    section: Option<(u32, Tallies)>,
}

impl CodeTotals {
    pub(super) fn new(codes: Option<&profile::Codes>) -> Self {
        let rules = codes.map_or_else(Vec::new, |codes| codes.totals.clone());
        Self { rules, ..Self::default() }
    }

    /// Takes an entry into account.
    pub(super) fn add(&mut self, entry: &NewEntry<'_>) {
        if !self.rules.is_empty() {
            for tallies in [&mut self.file, &mut self.section] {
                tallies.entry(entry.currency).or_insert(Tally::ZERO).add(entry);
            }
        }
    }

    /// A section begins: its rows are counted anew.
    pub(super) fn begin_section(&mut self) {
        self.section.clear();
        self.sections = self.sections.saturating_add(1);
    }

    /// Reads the totals that a record prints.
    pub(super) fn read(&mut self, plan: &Plan, record: &Record<'_>) {
        let code = tidy(record.get(0).unwrap_or_default());
        let Some(rule) = self.rules.iter().find(|rule| rule.code == code) else { return };
        let word = rule.currency.map(|at| cell(record, i32::try_from(at).unwrap_or(i32::MAX)));
        let only = self.file.keys().next().copied().filter(|_| self.file.len() == 1);
        let currency = match word {
            Some(word) => synonyms::currency(word),
            None => only,
        };
        let number = |at: i32| Some(stated(cell(record, at), plan, currency?)).flatten();
        let opening = rule.cells.get(&Total::Opening);
        let opening = opening.and_then(|at| signed(record, *at, number(*at)?));
        for (&total, &at) in &rule.cells {
            let text = cell(record, at);
            if total == Total::Opening || text.is_empty() {
                continue;
            }
            let is_count = matches!(total, Total::Rows | Total::Movements | Total::Payouts);
            let amount = if is_count { None } else { number(at) };
            let amount = amount.and_then(|amount| match total {
                Total::Closing => signed(record, at, amount),
                _ => Some(amount),
            });
            if (word.is_some() && currency.is_none()) || (!is_count && amount.is_none()) {
                continue;
            }
            let currency = currency.filter(|_| word.is_some() || !is_count);
            self.printed.push(Printed {
                code: code.to_owned(),
                total,
                currency,
                stated: text.to_owned(),
                amount,
                opening: opening.unwrap_or_default(),
                section: rule.section.then(|| (self.sections, self.section.clone())),
            });
        }
    }

    /// What is printed and what it has to be.
    pub(super) fn finish(&self) -> impl Iterator<Item = Control> {
        self.printed.iter().map(|printed| printed.control(&self.file, self.sections > 1))
    }
}

impl Printed {
    fn control(&self, file: &Tallies, many: bool) -> Control {
        let (mut name, mut tallies) = (self.code.clone(), file);
        if let Some((number, section)) = &self.section {
            tallies = section;
            if many {
                name.push_str(&format!(" of section {number}"));
            }
        }
        if let Some(currency) = self.currency {
            name.push_str(&format!(", {currency}"));
        }
        name.push_str(": ");
        name.push_str(self.total.words());
        let (Some(amount), Some(currency)) = (self.amount, self.currency) else {
            let of = tallies.iter().filter(|(code, _)| self.currency.is_none_or(|c| c == **code));
            let rows: u64 = of.map(|(_, tally)| tally.count(self.total)).sum();
            let computed = rows.to_string();
            let ok = super::controls::same_number(&self.stated, &computed);
            let stated = self.stated.clone();
            return Control { name, stated, computed, ok, of_rows: false };
        };
        let tally = tallies.get(&currency).unwrap_or(&Tally::ZERO);
        let computed = tally.sum(self.total).and_then(|sum| self.opening_and(sum));
        let text = computed.map_or_else(|| "too large".to_owned(), |sum| sum.format(currency));
        let ok = computed == Some(amount);
        let stated = amount.format(currency);
        Control { name, stated, computed: text, ok, of_rows: false }
    }

    fn opening_and(&self, sum: Amount) -> Option<Amount> {
        if self.total == Total::Closing { self.opening.checked_add(sum) } else { Some(sum) }
    }
}

impl Total {
    fn words(self) -> &'static str {
        match self {
            Self::Rows | Self::Movements => "rows",
            Self::Payouts => "payouts",
            Self::Credits => "credits",
            Self::Debits => "debits",
            Self::FeeCredits => "fees given back",
            Self::FeeDebits => "fees",
            Self::Amount => "amount",
            Self::Payout => "paid out",
            Self::Opening => "opening balance",
            Self::Closing => "closing balance = opening balance + rows",
        }
    }
}

/// The cell at a place from 1, or from -1 at the end.
fn cell<'r>(record: &Record<'r>, at: i32) -> &'r str {
    let from_start = usize::try_from(at).ok().and_then(|at| at.checked_sub(1));
    let back = usize::try_from(at.unsigned_abs()).unwrap_or(usize::MAX);
    let index = from_start.or_else(|| record.len().checked_sub(back));
    tidy(index.and_then(|index| record.get(index)).unwrap_or_default())
}

/// A balance with the sign in the cell before it.
fn signed(record: &Record<'_>, at: i32, balance: Amount) -> Option<Amount> {
    let sign = cell(record, at.checked_sub(1)?);
    if sign.eq_ignore_ascii_case("DR") { balance.checked_neg() } else { Some(balance) }
}
