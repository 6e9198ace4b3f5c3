//! Decides which rows of this run's files an earlier run has seen: exports overlap.
//!
//! A row is known again by what stays the same while its state moves on: an order that has been
//! refunded since is still that order. Rows that are the same are counted and not told apart. Of
//! those in the files, as many as earlier runs have closed are closed before; as many of the rest as
//! were carried forward are the carried ones, which then give way to the files, where the newer state
//! stands; more are new.

use super::Carried;
use super::line::is_recognisable;
use super::read::Known;
use crate::entry::{Disposition, Entries, IdentityFields, Reason};
use crate::ids::EntryId;
use crate::sort;

/// A row with its number among equal ones.
type Row = (Known, u32, EntryId);

/// Decides the ends of rows that earlier runs have seen.
pub(crate) fn recognise(entries: &mut Entries, carried: &Carried) {
    let Some(first) = entries.first_carried() else { return };
    let mut fields = IdentityFields::default();
    let mut row = |entries: &Entries, id: EntryId| {
        let identity = entries.identity(id);
        let known = Known { core: entries.core(id, &mut fields), hash: identity.hash };
        (known, identity.ordinal, id)
    };
    let mut closed: Vec<Known> = carried.closed_rows().collect();
    closed.sort_unstable();
    let mut waiting: Vec<Row> =
        (first.0..entries.len()).map(|id| row(entries, EntryId(id))).collect();
    sort::sort(&mut waiting);
    let has = |known: &Known| {
        let core = known.core;
        closed.binary_search_by_key(&core, |one| one.core).is_ok()
            || waiting.binary_search_by_key(&core, |(one, ..)| one.core).is_ok()
    };
    let ids = (0..first.0).map(EntryId).filter(|id| is_recognisable(entries, *id));
    let mut seen: Vec<Row> =
        ids.map(|id| row(entries, id)).filter(|(known, ..)| has(known)).collect();
    sort::sort(&mut seen);
    for same in seen.chunk_by(|a, b| a.0.core == b.0.core) {
        let Some((Known { core, .. }, ..)) = same.first().copied() else { continue };
        let from = closed.partition_point(|one| one.core < core);
        let to = closed.partition_point(|one| one.core <= core);
        let gone = closed.get(from..to).unwrap_or_default();
        let from = waiting.partition_point(|(one, ..)| one.core < core);
        let to = waiting.partition_point(|(one, ..)| one.core <= core);
        let open = waiting.get(from..to).unwrap_or_default();
        tell(entries, same, gone, open);
    }
}

/// Decides the ends of rows that are the same, those that are equal in everything first. All lists
/// are sorted.
fn tell(entries: &mut Entries, seen: &[Row], closed: &[Known], open: &[Row]) {
    let (again, rest, gone) = equal(seen, closed, |known| known.hash);
    let (here, rest, open) = equal(&rest, open, |(known, ..)| known.hash);
    let (later, rest) = rest.split_at(gone.len().min(rest.len()));
    for (_, _, id) in again.iter().map(|(row, _)| row).chain(later) {
        entries.dispose(*id, Disposition::ClosedBefore, Reason::None);
    }
    let here = here.iter().map(|(_, waiting)| waiting);
    for (_, _, id) in here.chain(open.iter().zip(rest).map(|(waiting, _)| waiting)) {
        entries.dispose(*id, Disposition::Excluded, Reason::Repeated);
    }
}

/// The rows that are equal to one of a list, each with it; the other rows; and the rest of the list.
fn equal<T: Copy>(
    rows: &[Row],
    list: &[T],
    hash: fn(&T) -> u128,
) -> (Vec<(Row, T)>, Vec<Row>, Vec<T>) {
    let (mut found, mut others, mut left) = (Vec::new(), Vec::new(), Vec::new());
    let mut list = list.iter().copied().peekable();
    for row in rows {
        while let Some(before) = list.next_if(|one| hash(one) < row.0.hash) {
            left.push(before);
        }
        match list.next_if(|one| hash(one) == row.0.hash) {
            Some(one) => found.push((*row, one)),
            None => others.push(*row),
        }
    }
    left.extend(list);
    (found, others, left)
}
