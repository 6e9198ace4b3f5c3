//! Store — the orders of a store are not in the files.
//!
//! Shops mark their numbers: `SHOP2-1001`. Where several payments whose reference begins so have no
//! order, none of them has one, no order begins so either, and other payments have theirs, the order
//! file of that shop was not added.

use std::collections::BTreeMap;

use crate::causes::{Card, Cause, FEWEST, Free};
use crate::codes::Code;
use crate::entry::{Disposition, Entries, Side};
use crate::ids::EntryId;

/// So many payments must have an order: of less nothing can be said.
const ENOUGH: usize = 20;

/// Longer beginnings are part of the number.
const LONGEST: usize = 16;

/// The marks of shops whose orders nobody has.
pub(super) fn find(entries: &Entries, free: &Free<'_>) -> Vec<Card> {
    let mut alone: BTreeMap<(u16, &str), Vec<u32>> = BTreeMap::new();
    for (at, _, line) in free.with(Code::MissingInOrders) {
        if let Some(mark) = mark(entries, line) {
            alone.entry((entries.scope(line), mark)).or_default().push(at);
        }
    }
    alone.retain(|_, exceptions| exceptions.len() >= FEWEST);
    if alone.is_empty() {
        return Vec::new();
    }
    let mut paid = 0_usize;
    for id in entries.ids() {
        let matched = entries.disposition(id) == Disposition::Matched;
        let is_line = entries.side(id) == Side::Settlement && entries.kind(id).is_payment();
        if is_line && matched {
            paid = paid.saturating_add(1);
        }
        if (matched || entries.side(id) == Side::Orders)
            && let Some(mark) = mark(entries, id)
        {
            alone.remove(&(entries.scope(id), mark));
        }
    }
    if paid < ENOUGH {
        return Vec::new();
    }
    alone
        .into_iter()
        .map(|((_, mark), exceptions)| Card {
            store: mark.to_owned(),
            ..Card::of(Cause::Store, exceptions)
        })
        .collect()
}

/// What stands before the digits at the end of an entry's reference: a mark, if it has a letter.
fn mark(entries: &Entries, id: EntryId) -> Option<&str> {
    let number = match entries.reference(id) {
        "" => entries.order_number(id),
        reference => reference,
    };
    let mark = number.trim_end_matches(|digit: char| digit.is_ascii_digit());
    let is_mark =
        mark.len() < number.len() && mark.len() <= LONGEST && mark.chars().any(char::is_alphabetic);
    is_mark.then_some(mark)
}
