//! Gives equal rows of one side their ordinals in small steps.
//!
//! Equal rows say the same, so what stands beside them on their physical row tells them apart (the
//! refunds of two equal orders), and where that is equal too, nothing but their place: the first
//! read is first.

use crate::entry::Entries;
use crate::ids::EntryId;
use crate::matching::keys::{KeyTable, unpack};
use crate::sort;

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
    let mut rows: Vec<(u128, u128, EntryId)> = run
        .iter()
        .map(|packed| unpack(*packed))
        .map(|id| (entries.identity(id).hash, hash_of_row(entries, id), id))
        .collect();
    sort::sort(&mut rows);
    for equal in rows.chunk_by(|a, b| a.0 == b.0) {
        for (ordinal, (_, _, id)) in (0_u32..).zip(equal) {
            if ordinal > 0 {
                entries.set_ordinal(*id, ordinal);
            }
        }
    }
}

/// What all entries of an entry's physical row say.
fn hash_of_row(entries: &Entries, id: EntryId) -> u128 {
    let place = |id: EntryId| (entries.source(id), entries.row(id));
    let beside = |other: &EntryId| other.0 < entries.len() && place(*other) == place(id);
    let before = (0..id.0).rev().map(EntryId).take_while(beside).count();
    let first = id.0.saturating_sub(u32::try_from(before).unwrap_or(0));
    (first..entries.len())
        .map(EntryId)
        .take_while(beside)
        .fold(0, |hash: u128, id| hash.rotate_left(7) ^ entries.identity(id).hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{Kind, NewEntry, Part, Side};
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

    /// Two equal orders, of which one was refunded, and two equal refunds of different orders.
    #[test]
    fn what_stands_beside_equal_rows_tells_them_apart() {
        let kes = Currency::from_code("KES").expect("active");
        // Sale and refund of each row, in minor units.
        let rows = [(5, 2), (5, 3), (8, 2)];
        let names = |order: [usize; 3]| {
            let mut entries = Entries::default();
            entries.begin_source(Side::Orders);
            for at in order {
                let (sale, refund) = rows[at];
                for (part, kind, amount) in
                    [(Part::Row, Kind::Sale, sale), (Part::Refund, Kind::Refund, -refund)]
                {
                    let row = entries.len() / 2;
                    let mut entry = NewEntry::new(row, kind, kes);
                    entry.part = part;
                    entry.amount = Amount::from_minor(amount);
                    entries.push(&entry).expect("room");
                }
            }
            let mut numbering = Numbering::default();
            while numbering.step(&mut entries, 3) {}
            let mut names = [[0; 2]; 3];
            for (place, at) in (0_u32..).zip(order) {
                let ordinal = |id| entries.identity(EntryId(id)).ordinal;
                names[at] = [ordinal(2 * place), ordinal(2 * place + 1)];
            }
            names
        };
        let expected = names([0, 1, 2]);
        for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            assert_eq!(names(order), expected, "{order:?}");
        }
    }
}
