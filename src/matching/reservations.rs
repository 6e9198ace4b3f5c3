//! Decides which reservations on a buyer's account were never collected (预授权未完成).
//!
//! A reservation moves no money and stays left out. Banks let it lapse after some days, so one that
//! is older than that, and of which no line of the provider says that it was collected, cancelled
//! or reversed, is money that the seller is about to lose.

use std::collections::{BTreeMap, BTreeSet};

use crate::codes::Code;
use crate::entry::{Entries, Kind, Reason, Side, Status};
use crate::ids::EntryId;
use crate::limits::RESERVATION_DAYS;
use crate::matching::matches::Figures;
use crate::matching::{Matches, normalise};
use crate::time::Date;

/// States every reservation that is older than a reservation lasts and was not collected.
pub(crate) fn run(entries: &Entries, matches: &mut Matches, as_of: Option<Date>) {
    let Some(as_of) = as_of else { return };
    for id in waiting(entries) {
        let Some(date) = entries.local_date(id) else { continue };
        let last = Date(date.0.saturating_add(RESERVATION_DAYS));
        if last < as_of {
            let figures = Figures::Dates(date, last);
            matches.find_with(Code::PreauthNotCaptured, id, Vec::new(), figures);
        }
    }
}

/// Reservations of which no line says that they were collected or given up, in reading order.
pub(crate) fn waiting(entries: &Entries) -> Vec<EntryId> {
    let is_reservation = |id: &EntryId| {
        entries.kind(*id) == Kind::Preauth && entries.reason(*id) == Reason::Authorisation
    };
    let waiting: Vec<EntryId> = entries.ids_on(Side::Settlement).filter(is_reservation).collect();
    if waiting.is_empty() {
        return waiting;
    }
    let mut by_key: BTreeMap<Vec<u8>, Vec<EntryId>> = BTreeMap::new();
    for id in &waiting {
        for key in keys(entries, *id) {
            by_key.entry(key).or_default().push(*id);
        }
    }
    let mut ended = BTreeSet::new();
    for line in entries.ids_on(Side::Settlement).filter(|id| ends(entries, *id)) {
        for key in keys(entries, line) {
            ended.extend(by_key.get(&key).into_iter().flatten().copied());
        }
    }
    waiting.into_iter().filter(|id| !ended.contains(id)).collect()
}

/// Whether a line says what became of a reservation.
fn ends(entries: &Entries, id: EntryId) -> bool {
    let kind = entries.kind(id);
    let says = kind.is_payment() || matches!(kind, Kind::Void | Kind::Reversal);
    says && !matches!(entries.status(id), Status::Failed | Status::Pending)
}

/// What a line and its reservation have in common: any of these, within a scope.
fn keys(entries: &Entries, id: EntryId) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for name in [entries.reference(id), entries.order_number(id)] {
        let mut key = Vec::new();
        normalise(name, &mut key);
        all.push(key);
    }
    let transaction = entries.transaction_id_bytes(id);
    // No normalised name begins like this, so that no name is taken for a transaction.
    all.push(if transaction.is_empty() { Vec::new() } else { [b"=", transaction].concat() });
    all.retain(|key| !key.is_empty());
    all.iter_mut().for_each(|key| entries.add_scope(id, key));
    all
}
