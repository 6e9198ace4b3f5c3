//! Decides whether each balance that a statement prints follows from the row before it.

use std::collections::BTreeMap;

use super::cells::tidy;
use super::controls::counted;
use super::plan::Plan;
use super::record::Record;
use super::report::Control;
use crate::entry::NewEntry;
use crate::money::{Amount, Currency, Scale, Unit, parse_amount};

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
