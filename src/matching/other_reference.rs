//! Decides which open rows agree in amount and time and differ in the number that they name.
//!
//! A line that names an order is never matched by its amount. But where an order waits for exactly
//! the amount of a line whose number nobody knows, in the same days, and no other row of the month
//! has that amount, somebody should compare the two: the wrong number may have been written.

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::entry::{Disposition, Entries, Side};
use crate::ids::EntryId;
use crate::matching::matcher::Terms;
use crate::matching::rarity::Census;
use crate::matching::without_reference::{may_be_matched, minute};
use crate::matching::{Matches, claim};
use crate::money::{Amount, Currency};

/// Orders and lines of one amount in a scope.
type Alone = BTreeMap<(u16, Currency, Amount), [Vec<EntryId>; 2]>;

/// States every such pair, on both of its rows.
pub(crate) fn run(entries: &Entries, matches: &mut Matches, terms: &Terms) {
    let asked = matches.rows_found();
    let mut alone = Alone::new();
    for line in entries.ids_on(Side::Settlement).filter(|id| names_an_order(entries, *id)) {
        if asked.binary_search(&line).is_err() {
            let [_, lines] = alone.entry(key(entries, line)).or_default();
            lines.push(line);
        }
    }
    if alone.is_empty() {
        return;
    }
    for order in entries.ids_on(Side::Orders).filter(|id| may_be_matched(entries, *id)) {
        let found = alone.get_mut(&key(entries, order));
        if let Some([orders, _]) = found.filter(|_| asked.binary_search(&order).is_err()) {
            orders.push(order);
        }
    }
    let pairs: Vec<(EntryId, EntryId)> = alone
        .values()
        .filter_map(|found| match found {
            [orders, lines] if orders.len() == 1 => orders.first().copied().zip(one(lines)),
            _ => None,
        })
        .filter(|(order, line)| fits_in_time(entries, terms, *order, *line))
        .collect();
    if pairs.is_empty() {
        return;
    }
    let amounts = Census::of(entries);
    let rare = |id: EntryId| amounts.is_alone(entries, id);
    for (order, line) in pairs.into_iter().filter(|(order, line)| rare(*order) && rare(*line)) {
        matches.find(Code::ReferenceMismatch, order, vec![line]);
        matches.find(Code::ReferenceMismatch, line, vec![order]);
    }
}

fn one(ids: &[EntryId]) -> Option<EntryId> {
    if let [id] = ids { Some(*id) } else { None }
}

fn key(entries: &Entries, id: EntryId) -> (u16, Currency, Amount) {
    let (amount, currency) = claim(entries, id);
    (entries.scope(id), currency, amount)
}

/// Whether a line is an open payment that says which order it is for.
fn names_an_order(entries: &Entries, id: EntryId) -> bool {
    let named =
        !entries.reference_bytes(id).is_empty() || !entries.order_number_bytes(id).is_empty();
    named
        && entries.disposition(id) == Disposition::Open
        && entries.kind(id).is_payment()
        && entries.occurred_at(id).is_some()
}

fn fits_in_time(entries: &Entries, terms: &Terms, order: EntryId, line: EntryId) -> bool {
    let due = entries.local_date(order).map(|date| terms.due.date(date));
    let (from, to) = terms.without_reference.window(entries, order, due);
    (from..=to).contains(&minute(entries, line))
}
