//! Decides what came in: rows and money by side, kind and currency, counted as the entries are
//! read and before anything is matched, so that the proof can hold the end against the beginning.

use std::collections::BTreeMap;

use crate::entry::{Kind, Side};
use crate::money::{Amount, Currency};

/// What a total is about. The net has its own currency, since a line may be paid out in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TotalKey {
    /// The side of the source.
    pub side: Side,
    /// What the entries do.
    pub kind: Kind,
    /// The currency of amount, fee and tax.
    pub currency: Currency,
    /// The currency of the net.
    pub net_currency: Currency,
}

/// Rows and money under one key, in minor units of the key's currencies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TotalRow {
    /// Entries.
    pub rows: u64,
    /// Σ amount.
    pub amount: Amount,
    /// Σ fee.
    pub fee: Amount,
    /// Σ tax.
    pub tax: Amount,
    /// Σ net.
    pub net: Amount,
}

impl TotalRow {
    /// Adds one entry's figures; `None` if a sum leaves the range of exact numbers.
    pub fn add(&mut self, amount: Amount, fee: Amount, tax: Amount, net: Amount) -> Option<()> {
        self.rows = self.rows.saturating_add(1);
        self.amount = self.amount.checked_add(amount)?;
        self.fee = self.fee.checked_add(fee)?;
        self.tax = self.tax.checked_add(tax)?;
        self.net = self.net.checked_add(net)?;
        Some(())
    }

    /// Adds another total of the same key.
    pub fn merge(&mut self, other: &Self) -> Option<()> {
        self.rows = self.rows.saturating_add(other.rows);
        self.amount = self.amount.checked_add(other.amount)?;
        self.fee = self.fee.checked_add(other.fee)?;
        self.tax = self.tax.checked_add(other.tax)?;
        self.net = self.net.checked_add(other.net)?;
        Some(())
    }
}

/// Totals by key. There are few keys and runs of the same one, so a short list is searched.
#[derive(Clone, Debug, Default)]
pub struct InputTotals {
    rows: Vec<(TotalKey, TotalRow)>,
    last: usize,
}

impl InputTotals {
    /// The total under `key`, made when it is first asked for.
    pub fn entry(&mut self, key: TotalKey) -> &mut TotalRow {
        let hit = self.rows.get(self.last).is_some_and(|(k, _)| *k == key);
        if !hit {
            self.last = self.rows.iter().position(|(k, _)| *k == key).unwrap_or_else(|| {
                self.rows.push((key, TotalRow::default()));
                self.rows.len().saturating_sub(1)
            });
        }
        let place = self.rows.get_mut(self.last);
        &mut place.expect("invariant: `last` was found or pushed above").1
    }

    /// All totals, sorted by key.
    pub fn sorted(&self) -> BTreeMap<TotalKey, TotalRow> {
        self.rows.iter().copied().collect()
    }
}
