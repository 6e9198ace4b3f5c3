//! Decides which payments of this run name a row that an earlier run has closed (重复核销).
//!
//! A row names another by the provider's transaction id, or by a reference or order number in the
//! same currency and scope. A reference is a name only where one closed row of a side has it: what
//! many rows share (a customer's account, a subscription) names none of them. An order that has the
//! number of a closed one is the same order again only if it has its amount; money that comes in
//! again for a closed order is a second claim whatever the amount.
//!
//! Only payments claim: a refund, a chargeback, a fee or a payout of something that was closed is
//! no second claim on it.

use super::Carried;
use super::read::Name;
use crate::entry::{Disposition, Earlier, Entries, Side, Status};
use crate::ids::EntryId;
use crate::matching::claim;

/// The entries that name a row which was closed before, in reading order; `scopes` by source.
pub(crate) fn find_claims(
    entries: &Entries,
    carried: &Carried,
    scopes: &[&str],
) -> Vec<(EntryId, Earlier)> {
    if carried.closed_count() == 0 {
        return Vec::new();
    }
    let ids = entries.ids().filter(|id| may_claim(entries, *id));
    ids.filter_map(|id| Some((id, named_by(entries, carried, scopes, id)?))).collect()
}

/// Whether an entry says that a payment was due, or came in.
fn may_claim(entries: &Entries, id: EntryId) -> bool {
    let status = entries.status(id);
    entries.disposition(id) == Disposition::Open
        && entries.kind(id).is_payment()
        && matches!(entries.side(id), Side::Orders | Side::Settlement)
        && status.is_paid()
        && status != Status::Voided
}

fn named_by(entries: &Entries, carried: &Carried, scopes: &[&str], id: EntryId) -> Option<Earlier> {
    let (amount, currency) = claim(entries, id);
    let own_side = entries.side(id);
    let scope = scopes.get(usize::from(entries.source(id).0)).copied().unwrap_or_default();
    let find = |name: Name, text: &str| {
        let mut found = carried.named(name, text, currency);
        found.retain(|(_, other)| other.is_empty() || scope.is_empty() || other == scope);
        found.into_iter().map(|(earlier, _)| earlier).collect::<Vec<_>>()
    };
    let transactions = find(Name::Transaction, entries.transaction_id(id));
    if let Some(found) = preferred(transactions, own_side) {
        return Some(found);
    }
    let texts = [entries.reference(id), entries.order_number(id)];
    for name in [Name::Exact, Name::Normalised] {
        for text in texts {
            let found = find(name, text);
            let mut sides = [other(own_side), own_side].into_iter().filter_map(|side| {
                let mut of_side = found.iter().filter(|earlier| earlier.side == side);
                let only = of_side.next()?;
                of_side.next().is_none().then_some(only)
            });
            let fits = |one: &&Earlier| own_side == Side::Settlement || one.amount == amount;
            if let Some(found) = sides.find(fits) {
                return Some(found.clone());
            }
        }
    }
    None
}

/// A row of the other side, if there is one.
fn preferred(found: Vec<Earlier>, own: Side) -> Option<Earlier> {
    let place = found.iter().position(|earlier| earlier.side != own).unwrap_or(0);
    found.into_iter().nth(place)
}

fn other(side: Side) -> Side {
    if side == Side::Orders { Side::Settlement } else { Side::Orders }
}
