//! Fee change — since a day, the provider charges another fee than the contract says.
//!
//! Where from a day on nine in ten payments of one method and currency are charged too much (or too
//! little), and of those before it at most one in ten was, a rate has changed: the contract is out of
//! date, or the provider is wrong once and not in every row.

use std::collections::BTreeMap;

use crate::causes::{Card, Cause, FEWEST, Free};
use crate::codes::Code;
use crate::entry::{Entries, Side};
use crate::ids::{EntryId, SourceId};
use crate::money::Currency;
use crate::time::Date;

/// File, currency, and the number of the method.
type Place = (SourceId, Currency, u32);

/// Payments of a day: all, and the exceptions of those whose fee is off.
#[derive(Debug, Default)]
struct Day {
    all: usize,
    off: Vec<u32>,
}

/// The days since which a fee is another one.
pub(super) fn find(entries: &Entries, free: &Free<'_>) -> Vec<Card> {
    let codes = [Code::FeeOvercharge, Code::FeeUndercharge];
    codes.into_iter().flat_map(|code| of_code(entries, free, code)).collect()
}

fn of_code(entries: &Entries, free: &Free<'_>, code: Code) -> Vec<Card> {
    let mut places: BTreeMap<Place, BTreeMap<Date, Day>> = BTreeMap::new();
    for (at, _, line) in free.with(code) {
        if let (true, Some(date)) = (is_payment(entries, line), entries.local_date(line)) {
            let days = places.entry(place(entries, line)).or_default();
            days.entry(date).or_default().off.push(at);
        }
    }
    let count = |days: &BTreeMap<Date, Day>| days.values().map(|day| day.off.len()).sum::<usize>();
    places.retain(|_, days| count(days) >= FEWEST);
    if places.is_empty() {
        return Vec::new();
    }
    for line in entries.ids_on(Side::Settlement).filter(|id| is_payment(entries, *id)) {
        let Some(days) = places.get_mut(&place(entries, line)) else { continue };
        if let Some(date) = entries.local_date(line) {
            let day = days.entry(date).or_default();
            day.all = day.all.saturating_add(1);
        }
    }
    places.into_iter().filter_map(|((_, currency, _), days)| card(currency, &days)).collect()
}

/// The card of one method and currency: the first day from which on nearly all are off.
fn card(currency: Currency, days: &BTreeMap<Date, Day>) -> Option<Card> {
    let (mut all, mut off) = (0_usize, 0_usize);
    let mut since = None;
    for (date, day) in days.iter().rev() {
        all = all.saturating_add(day.all);
        off = off.saturating_add(day.off.len());
        let is_off = |off: usize, all: usize| off.saturating_mul(10) >= all.saturating_mul(9);
        if is_off(off, all) && is_off(day.off.len(), day.all) && !day.off.is_empty() {
            since = Some((*date, all, off));
        }
    }
    let (since, from_then, off_then) = since?;
    let before = all.saturating_sub(from_then);
    let off_before = off.saturating_sub(off_then);
    let changed = before >= FEWEST && off_before.saturating_mul(10) <= before;
    if off_then < FEWEST || !changed {
        return None;
    }
    let mut exceptions: Vec<u32> =
        days.range(since..).flat_map(|(_, day)| day.off.iter().copied()).collect();
    crate::sort::sort(&mut exceptions);
    exceptions.dedup();
    let to = days.keys().next_back().copied();
    let currency = Some(currency);
    Some(Card { from: Some(since), to, currency, ..Card::of(Cause::FeeChange, exceptions) })
}

fn is_payment(entries: &Entries, id: EntryId) -> bool {
    entries.side(id) == Side::Settlement && entries.kind(id).is_payment()
}

fn place(entries: &Entries, id: EntryId) -> Place {
    (entries.source(id), entries.currency(id), entries.method_number(id))
}
