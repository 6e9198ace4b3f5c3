//! M050 reference list — one line pays several orders and names them all.
//!
//! ## What it matches
//! An open payment line whose reference is a list of order numbers joined by `+`, `,`, `;` or
//! `|`, and every one of those orders.
//! ## Why it is safe
//! Every part must be the number of exactly one open order in the line's currency. A list of
//! which one part is unknown is left open.
//! ## When it abstains
//! A reference that is an order number as a whole was matched before this rule runs.
//! ## Example
//! Orders `KE-1` and `KE-2`, and a line `KE-1+KE-2` over their sum.
//! ## 中文
//! 一笔流水列出几个订单号，且每一个都是订单：这些订单与这笔流水成为一组。

use std::collections::BTreeMap;

use super::Rule;
use crate::entry::{Disposition, Entries, Side};
use crate::ids::EntryId;
use crate::matching::resolve::claim;
use crate::matching::{Class, Matches, normalise};

/// What the rule pairs by: English, Chinese.
pub const TITLE: (&str, &str) = ("a line that names several orders", "一笔结算对应多个订单");

const SEPARATORS: [char; 4] = ['+', ',', ';', '|'];

/// Matches every line that names several open orders.
pub(crate) fn run(entries: &mut Entries, matches: &mut Matches) {
    let mut lines: Vec<EntryId> = entries
        .ids()
        .filter(|id| {
            entries.disposition(*id) == Disposition::Open
                && entries.side(*id) == Side::Settlement
                && entries.kind(*id).is_payment()
                && entries.reference(*id).contains(SEPARATORS)
        })
        .collect();
    if lines.is_empty() {
        return;
    }
    entries.sort(&mut lines);
    let orders = orders_named(entries, &lines);
    for line in lines {
        if let Some(mut members) = orders_of(entries, &orders, line) {
            members.push(line);
            let _ = matches.make(entries, Rule::ReferenceList, Class::Forced, &members);
        }
    }
}

/// The parts of a line's list, normalised, within the line's scope.
fn parts(entries: &Entries, line: EntryId) -> Vec<Vec<u8>> {
    entries
        .reference(line)
        .split(SEPARATORS)
        .map(|part| {
            let mut key = Vec::new();
            normalise(part, &mut key);
            entries.add_scope(line, &mut key);
            key
        })
        .collect()
}

/// Open orders by normalised number, for the numbers that some line names.
fn orders_named(entries: &Entries, lines: &[EntryId]) -> BTreeMap<Vec<u8>, Vec<EntryId>> {
    let mut named: BTreeMap<Vec<u8>, Vec<EntryId>> = BTreeMap::new();
    for line in lines {
        for part in parts(entries, *line) {
            named.entry(part).or_default();
        }
    }
    let mut key = Vec::new();
    for id in entries.ids() {
        let open = entries.disposition(id) == Disposition::Open
            && entries.side(id) == Side::Orders
            && entries.kind(id).is_payment();
        if open {
            normalise(entries.reference(id), &mut key);
            entries.add_scope(id, &mut key);
            if let Some(orders) = named.get_mut(&key) {
                orders.push(id);
            }
        }
    }
    named
}

/// The orders that a line names, if every part is exactly one open order in its currency.
fn orders_of(
    entries: &Entries,
    orders: &BTreeMap<Vec<u8>, Vec<EntryId>>,
    line: EntryId,
) -> Option<Vec<EntryId>> {
    let currency = claim(entries, line).1;
    let mut found: Vec<EntryId> = Vec::new();
    for part in parts(entries, line) {
        match orders.get(&part)?.as_slice() {
            [order]
                if entries.match_of(*order).is_none()
                    && entries.currency(*order) == currency
                    && !found.contains(order) =>
            {
                found.push(*order);
            }
            _ => return None,
        }
    }
    (found.len() > 1).then_some(found)
}
