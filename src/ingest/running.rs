//! Decides whether each balance that a statement prints follows from the row before it, and the last
//! one from the first.

use std::collections::BTreeMap;

use super::cells::tidy;
use super::conditions::Condition;
use super::controls::counted;
use super::layout::Header;
use super::plan::Plan;
use super::profile::Profile;
use super::record::Record;
use super::report::Control;
use crate::entry::NewEntry;
use crate::money::{Amount, Currency, NumberFormat, Scale, Unit, parse_amount};

/// The balances of one source. A statement lists the oldest row first or the newest; the order in
/// which more balances follow is taken.
#[derive(Debug)]
pub(super) struct Balance {
    column: usize,
    /// Balance and movement of the row before, in each currency.
    last: BTreeMap<Currency, (Amount, Amount)>,
    pairs: u64,
    oldest_first: u64,
    newest_first: u64,
}

impl Balance {
    pub(super) fn new(column: usize) -> Self {
        Self { column, last: BTreeMap::new(), pairs: 0, oldest_first: 0, newest_first: 0 }
    }

    /// Takes a row into account; one without a balance breaks the chain.
    pub(super) fn add(&mut self, plan: &Plan, record: &Record<'_>, entry: &NewEntry<'_>) {
        let currency = entry.net_currency;
        let cell = tidy(record.get(self.column).unwrap_or_default());
        let format = plan.format(self.column);
        let balance = parse_amount(cell, &format, Unit::Major, currency, Scale::Finer(8));
        let moved = if entry.status.is_paid() { entry.net } else { Amount::ZERO };
        let Ok(Some(balance)) = balance else {
            self.last.remove(&currency);
            return;
        };
        let Some((earlier, moved_earlier)) = self.last.insert(currency, (balance, moved)) else {
            return;
        };
        let follows = |from: Amount, by: Amount, to: Amount| from.checked_add(by) == Some(to);
        self.pairs = self.pairs.saturating_add(1);
        let oldest_first = u64::from(follows(earlier, moved, balance));
        let newest_first = u64::from(follows(balance, moved_earlier, earlier));
        self.oldest_first = self.oldest_first.saturating_add(oldest_first);
        self.newest_first = self.newest_first.saturating_add(newest_first);
    }

    /// How many of the balances follow; nothing where no two can be compared.
    pub(super) fn control(&self) -> Option<Control> {
        let held = self.oldest_first.max(self.newest_first);
        (self.pairs > 0).then(|| counted("running balance", self.pairs, held))
    }
}

/// The balances before the first movement and after the last one.
#[derive(Debug)]
pub(super) struct Bounds {
    opening: Condition,
    closing: Condition,
    /// Both as they are written.
    written: [Option<String>; 2],
    /// Σ net, in the currency of the first row; `None` once a row has another one.
    moved: Option<Amount>,
    currency: Option<Currency>,
    format: NumberFormat,
}

impl Bounds {
    pub(super) fn new(profile: &Profile, header: &Header) -> Self {
        Self {
            opening: Condition::if_any(&profile.opening, header),
            closing: Condition::if_any(&profile.closing, header),
            written: [None, None],
            moved: Some(Amount::ZERO),
            currency: None,
            format: NumberFormat::POINT,
        }
    }

    /// Looks at a record that is no row.
    pub(super) fn see(&mut self, record: &Record<'_>) {
        let conditions = [&self.opening, &self.closing];
        for (condition, written) in conditions.into_iter().zip(&mut self.written) {
            if !condition.is_empty() && condition.fits(record) {
                let filled = record.cells().map(tidy).filter(|cell| !cell.is_empty());
                *written = filled.skip(1).last().map(str::to_owned);
            }
        }
    }

    #[inline]
    pub(super) fn add(&mut self, plan: &Plan, entry: &NewEntry<'_>) {
        if self.opening.is_empty() {
            return;
        }
        if self.currency.is_none() {
            self.currency = Some(entry.net_currency);
            let column = plan.amount_columns().first().copied().unwrap_or_default();
            self.format = plan.format(column);
        }
        let fits = self.currency == Some(entry.net_currency);
        let moved = if entry.status.is_paid() { entry.net } else { Amount::ZERO };
        self.moved = self.moved.filter(|_| fits).and_then(|sum| sum.checked_add(moved));
    }

    /// The closing balance, and what the opening one and the movements lead to.
    pub(super) fn control(&self) -> Option<Control> {
        let currency = self.currency?;
        let read = |text: &Option<String>| {
            let scale = Scale::Finer(8);
            parse_amount(text.as_deref()?, &self.format, Unit::Major, currency, scale).ok()?
        };
        let [opening, closing] = &self.written;
        let (opening, closing) = (read(opening)?, read(closing)?);
        let computed = opening.checked_add(self.moved?)?;
        Some(Control {
            name: "opening + movements = closing".to_owned(),
            stated: closing.format(currency),
            computed: computed.format(currency),
            ok: computed == closing,
            of_rows: false,
        })
    }
}
