//! Suggests what a row may belong to whose id a spreadsheet has destroyed: open rows of the other
//! side with the same money and an id that has the digits which are left.
//!
//! The digits that are left are no key: ids of one day share many of them. So they never match, and
//! whoever looks at the row sees what fits.

use std::collections::{BTreeMap, BTreeSet};

use crate::codes::Code;
use crate::entry::{DamagedId, Disposition, Entries, Side};
use crate::ids::EntryId;
use crate::limits::CANDIDATES_SHOWN;
use crate::matching::resolve::claim;
use crate::matching::{Figures, Matches};
use crate::money::{Amount, Currency};
use crate::sort;

/// What rows must have in common: the side of the row with the whole id, the scope, the money, and
/// what is left of the id.
type Digits = (Side, u16, Currency, Amount, DamagedId);

/// Adds a suggestion to each open row with a damaged id that something fits, and to what fits it.
pub(crate) fn run(entries: &Entries, matches: &mut Matches) {
    let mut wanted: BTreeMap<Digits, Vec<EntryId>> = BTreeMap::new();
    let mut shapes = BTreeSet::new();
    for (id, damaged) in entries.damaged_ids().iter().filter(|(id, _)| may_match(entries, *id)) {
        shapes.insert((damaged.digits.len(), damaged.rounded));
        let key = key_of(entries, *id, other(entries.side(*id)), damaged.clone());
        wanted.entry(key).or_default().push(*id);
    }
    if wanted.is_empty() {
        return;
    }
    let mut found: BTreeMap<EntryId, (DamagedId, Vec<EntryId>)> = BTreeMap::new();
    for id in entries.ids().filter(|id| may_match(entries, *id)) {
        let ids = [entries.reference(id), entries.transaction_id(id), entries.order_number(id)];
        for (kept, rounded) in &shapes {
            for whole in ids {
                let Some(left) = DamagedId::of_whole(whole, *kept, *rounded) else { continue };
                let key = key_of(entries, id, entries.side(id), left);
                for row in wanted.get(&key).into_iter().flatten() {
                    add(&mut found, *row, &key.4, id);
                    add(&mut found, id, &key.4, *row);
                }
            }
        }
    }
    for (row, (left, mut fits)) in found {
        sort::sort_by_key(&mut fits, |id| entries.age_key(*id));
        fits.truncate(CANDIDATES_SHOWN);
        let digits = [left.length, left.digits.len()].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
        matches.find_with(Code::LowEvidence, row, fits, Figures::Digits(digits[0], digits[1]));
    }
}

fn add(
    found: &mut BTreeMap<EntryId, (DamagedId, Vec<EntryId>)>,
    row: EntryId,
    left: &DamagedId,
    fits: EntryId,
) {
    let (_, all) = found.entry(row).or_insert_with(|| (left.clone(), Vec::new()));
    // Many rows of one amount and one number are shown by a few.
    if all.len() < 8 * CANDIDATES_SHOWN && !all.contains(&fits) {
        all.push(fits);
    }
}

fn may_match(entries: &Entries, id: EntryId) -> bool {
    entries.disposition(id) == Disposition::Open
        && matches!(entries.side(id), Side::Orders | Side::Settlement)
        && entries.kind(id).is_payment()
}

fn other(side: Side) -> Side {
    if side == Side::Orders { Side::Settlement } else { Side::Orders }
}

fn key_of(entries: &Entries, id: EntryId, side: Side, left: DamagedId) -> Digits {
    let (amount, currency) = claim(entries, id);
    (side, entries.scope(id), currency, amount, left)
}
