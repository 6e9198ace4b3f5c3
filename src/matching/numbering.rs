//! Gives equal rows of one side their ordinals, in reading order, in small steps.
//!
//! Equal rows say the same, so nothing but their place tells them apart; the first read is 0.

use crate::entry::Entries;
use crate::ids::EntryId;
use crate::matching::keys::{KeyTable, unpack};

/// The numbering of a run's equal rows.
#[derive(Debug)]
pub struct Numbering {
    collected: u32,
    table: KeyTable,
}

impl Default for Numbering {
    fn default() -> Self {
        Self { collected: 0, table: KeyTable::new() }
    }
}

impl Numbering {
    /// Works on about `budget` entries; `false` once all equal rows are numbered.
    pub fn step(&mut self, entries: &mut Entries, budget: u32) -> bool {
        if self.collected < entries.len() {
            let end = self.collected.saturating_add(budget).min(entries.len());
            for id in (self.collected..end).map(EntryId) {
                let hash = entries.identity(id).hash;
                // Any 64 of its bits are as good as others.
                self.table.add_hash(id, u64::try_from(hash >> 64).unwrap_or(0));
            }
            self.collected = end;
            return true;
        }
        let mut done = 0_usize;
        while done < budget as usize {
            let Some(bucket) = self.table.next_bucket() else { return false };
            done = done.saturating_add(bucket.len()).saturating_add(1);
            for run in bucket.chunk_by(|a, b| a >> 32 == b >> 32).filter(|run| run.len() > 1) {
                number(entries, run);
            }
        }
        true
    }

    /// Entries that are collected.
    pub fn progress(&self) -> u32 {
        self.collected
    }
}

/// Numbers the equal rows among entries that share a part of their hash.
fn number(entries: &mut Entries, run: &[u64]) {
    let mut rows: Vec<(u128, EntryId)> = run
        .iter()
        .map(|packed| unpack(*packed))
        .map(|id| (entries.identity(id).hash, id))
        .collect();
    rows.sort_unstable();
    for equal in rows.chunk_by(|a, b| a.0 == b.0) {
        for (ordinal, (_, id)) in (0_u32..).zip(equal) {
            if ordinal > 0 {
                entries.set_ordinal(*id, ordinal);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{Kind, NewEntry, Side};
    use crate::money::{Amount, Currency};

    #[test]
    fn equal_rows_are_numbered_in_reading_order() {
        let kes = Currency::from_code("KES").expect("active");
        let mut entries = Entries::default();
        for side in [Side::Orders, Side::Settlement] {
            entries.begin_source(side);
            for (row, amount) in [5, 7, 5, 5].into_iter().enumerate() {
                let row = u32::try_from(row).expect("small");
                let mut entry = NewEntry::new(row, Kind::Sale, kes);
                entry.amount = Amount::from_minor(amount);
                entries.push(&entry).expect("room");
            }
        }
        let mut numbering = Numbering::default();
        while numbering.step(&mut entries, 3) {}
        let ordinals: Vec<u32> = entries.ids().map(|id| entries.identity(id).ordinal).collect();
        assert_eq!(ordinals, [0, 0, 1, 2, 0, 0, 1, 2], "by side; the row number says nothing");
    }
}
