//! Unit — one file counts a currency in cents, the other in units.
//!
//! Where nine in ten payments of a file and currency are exactly a hundred times their orders, or a
//! hundredth, the file is read in the wrong unit: that is one mistake and not one in every row.

use std::collections::BTreeMap;

use crate::causes::{Card, Cause, FEWEST, Free};
use crate::codes::Code;
use crate::entry::{Disposition, Entries, Side};
use crate::ids::{EntryId, SourceId};
use crate::money::Currency;

/// The files and currencies whose unit is another one.
pub(super) fn find(entries: &Entries, free: &Free<'_>) -> Vec<Card> {
    let mut wrong: BTreeMap<(SourceId, Currency), Vec<u32>> = BTreeMap::new();
    for (at, item, first) in free.with(Code::UnitMismatch) {
        let rows = item.facts.iter().flat_map(|fact| &fact.rows);
        let line = rows.copied().find(|row| entries.side(*row) == Side::Settlement);
        let key = place(entries, line.unwrap_or(first));
        wrong.entry(key).or_default().push(at);
    }
    wrong.retain(|_, exceptions| exceptions.len() >= FEWEST);
    if wrong.is_empty() {
        return Vec::new();
    }
    let mut all: BTreeMap<(SourceId, Currency), usize> = BTreeMap::new();
    let matched = |id: &EntryId| entries.disposition(*id) == Disposition::Matched;
    for id in entries.ids_on(Side::Settlement).filter(matched) {
        let key = place(entries, id);
        if entries.kind(id).is_payment() && wrong.contains_key(&key) {
            let count = all.entry(key).or_default();
            *count = count.saturating_add(1);
        }
    }
    let mostly = |key: &(SourceId, Currency), wrong: usize| {
        wrong.saturating_mul(10) >= all.get(key).copied().unwrap_or(0).saturating_mul(9)
    };
    wrong
        .into_iter()
        .filter(|(key, exceptions)| mostly(key, exceptions.len()))
        .map(|((_, currency), exceptions)| Card {
            currency: Some(currency),
            ..Card::of(Cause::Unit, exceptions)
        })
        .collect()
}

fn place(entries: &Entries, id: EntryId) -> (SourceId, Currency) {
    (entries.source(id), entries.currency(id))
}
