//! Unusable keys — can an open entry be found by any number at all?
//!
//! States `SCIENTIFIC_NOTATION_ID` where a spreadsheet has destroyed an id of the entry, with the
//! digits that it had and those that are left as far as they can be told, and `MISSING_KEY` where an
//! order or a line that should refer to one has neither a reference nor a transaction id nor an
//! order number. Names the entry.

use crate::codes::Code;
use crate::entry::{Entries, Kind, Side};
use crate::exceptions::{Fact, Value};
use crate::ids::EntryId;

/// States why an open entry cannot be found by a number.
pub(crate) fn check(entries: &Entries, id: EntryId, facts: &mut Vec<Fact>) {
    let (amount, currency) = (entries.amount(id), entries.currency(id));
    if entries.has_damaged_id(id) {
        let fact = Fact::new(Code::ScientificNotationId, vec![id]).money(amount, currency);
        let count = |digits: usize| Value::Count(u32::try_from(digits).unwrap_or(u32::MAX));
        // Of a small number nothing is lost but the way in which it was written.
        let left = entries.left_of_damaged(id).filter(|left| left.digits.len() < left.length);
        facts.push(match left {
            Some(left) => fact.values(count(left.length), count(left.digits.len())),
            None => fact,
        });
    } else if refers_to_an_order(entries, id) && has_no_key(entries, id) {
        facts.push(Fact::new(Code::MissingKey, vec![id]).money(amount, currency));
    }
}

fn refers_to_an_order(entries: &Entries, id: EntryId) -> bool {
    use Kind::{Capture, Chargeback, Refund, Reversal, Sale};
    matches!(entries.side(id), Side::Orders | Side::Settlement)
        && matches!(entries.kind(id), Sale | Capture | Refund | Reversal | Chargeback)
}

fn has_no_key(entries: &Entries, id: EntryId) -> bool {
    [entries.reference(id), entries.transaction_id(id), entries.order_number(id)]
        .iter()
        .all(|key| key.is_empty())
}
