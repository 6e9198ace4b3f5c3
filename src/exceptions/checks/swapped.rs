//! Swapped currencies — do the amounts of a conversion stand with each other's currency?
//!
//! States `FX_CURRENCY_SWAPPED` where a line moved money between the order's currency and another,
//! and the order's figure is the line's in that other currency. Names the order and the line.

use crate::codes::Code;
use crate::entry::Entries;
use crate::exceptions::checks::Sight;
use crate::exceptions::{Fact, Value};
use crate::ids::EntryId;

/// States each payment line of a match whose two amounts are swapped.
pub(crate) fn check(sight: &Sight<'_>, facts: &mut Vec<Fact>) {
    let entries = sight.entries;
    let ([order], lines) = (sight.members.sales.as_slice(), &sight.members.payments) else {
        return;
    };
    for line in lines {
        facts.extend(swapped(entries, *order, *line));
    }
}

fn swapped(entries: &Entries, order: EntryId, line: EntryId) -> Option<Fact> {
    let (original, from) = entries.original(line)?;
    let (ordered, currency) = (entries.amount(order), entries.currency(order));
    let (other, to) = (entries.amount(line), entries.currency(line));
    if from != currency || to == currency || original == ordered {
        return None;
    }
    let same = other.to_major(to) == ordered.to_major(currency) && !ordered.is_zero();
    let difference = original.checked_sub(ordered)?;
    same.then(|| {
        Fact::new(Code::FxCurrencySwapped, vec![order, line])
            .values(Value::Amount(ordered), Value::Amount(original))
            .money(difference, currency)
    })
}

/// States that a line which is alone in its currency has the order's figure, and converts into the
/// order's currency: the names of the two currencies are swapped.
pub(crate) fn open_line(entries: &Entries, line: EntryId, order: EntryId) -> Option<Fact> {
    let (claimed, own) = crate::matching::claim(entries, line);
    let (ordered, currency) = (entries.amount(order), entries.currency(order));
    let to = match entries.original(line) {
        Some(_) => entries.currency(line),
        None => entries.net_currency(line),
    };
    let same = claimed.to_major(own) == ordered.to_major(currency) && !ordered.is_zero();
    (own != currency && to == currency && same).then(|| {
        Fact::new(Code::FxCurrencySwapped, vec![line])
            .values(Value::Currency(currency), Value::Currency(own))
    })
}
