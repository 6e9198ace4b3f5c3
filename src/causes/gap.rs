//! Gap — a page or a day of a file is missing.
//!
//! Rows of one side follow each other in time. Where a run of them has nothing on the other side,
//! while around it nearly every row has, a piece of the other file is missing and not so many single
//! rows. Rows of one instant count as one, so that a file with days only has gaps of whole days.
//!
//! A run counts from [`FEWEST`] rows on, if the rows outside of all such runs would have one of its
//! length by chance less than once in a million files, and if the other file has at least
//! [`ENOUGH`] rows for the same shop.

use crate::causes::{Card, Cause, FEWEST, Free};
use crate::codes::{Code, Family};
use crate::entry::{Disposition, Entries, Side};
use crate::exceptions::{Exception, Exceptions, Fact, Value};
use crate::ids::EntryId;
use crate::sort;
use crate::time::Instant;

/// So many rows must have their counterpart: of less nothing can be said.
const ENOUGH: u64 = 20;

/// Chances are counted in parts of 2⁶⁰.
const ONE: u128 = 1 << 60;

/// Once in so many files is no chance.
const FILES: u128 = 1_000_000;

/// A row of one side, in time.
#[derive(Clone, Copy, Debug)]
struct Row {
    scope: u16,
    at: Instant,
    /// The exception that says that it has no counterpart.
    missing: Option<(u32, EntryId)>,
}

/// Runs of rows that follow each other and have nothing on the other side.
pub(super) fn find(entries: &Entries, free: &Free<'_>) -> Vec<Card> {
    let of_orders = of_side(entries, free, Side::Orders, Code::MissingInSettlement);
    let of_lines = of_side(entries, free, Side::Settlement, Code::MissingInOrders);
    of_orders.into_iter().chain(of_lines).collect()
}

fn of_side(entries: &Entries, free: &Free<'_>, side: Side, code: Code) -> Vec<Card> {
    let missing: Vec<(u32, EntryId)> = free
        .with(code)
        .filter(|(_, item, id)| {
            entries.side(*id) == side && entries.kind(*id).is_payment() && is_certain(item, code)
        })
        .map(|(at, _, id)| (at, id))
        .collect();
    if missing.len() < FEWEST {
        return Vec::new();
    }
    let alone = missing.iter().filter_map(|(at, id)| {
        let missing = Some((*at, *id));
        Some(Row { scope: entries.scope(*id), at: entries.occurred_at(*id)?, missing })
    });
    let matched = entries.ids_on(side).filter(|id| {
        entries.disposition(*id) == Disposition::Matched && entries.kind(*id).is_payment()
    });
    let matched = matched.filter_map(|id| {
        Some(Row { scope: entries.scope(id), at: entries.occurred_at(id)?, missing: None })
    });
    let mut rows: Vec<Row> = alone.chain(matched).collect();
    rows.sort_unstable_by_key(|row| (row.scope, row.at));
    rows.chunk_by(|one, other| one.scope == other.scope)
        .flat_map(|rows| runs(entries, rows))
        .collect()
}

/// Whether it is this row that has no counterpart. Of equal rows that were paired oldest first
/// the last are left over, one after the other: that is no gap.
fn is_certain(item: &Exception, code: Code) -> bool {
    item.facts.iter().all(|fact| match fact.code.family() {
        Family::Decision => false,
        _ => fact.code != code || fact.expected.is_none(),
    })
}

/// The gaps of one shop.
fn runs(entries: &Entries, rows: &[Row]) -> Vec<Card> {
    let mut runs: Vec<Vec<(u32, EntryId)>> = vec![Vec::new()];
    for moment in rows.chunk_by(|one, other| one.at == other.at) {
        let Some(last) = runs.last_mut() else { continue };
        if moment.iter().all(|row| row.missing.is_some()) {
            last.extend(moment.iter().filter_map(|row| row.missing));
        } else if !last.is_empty() {
            runs.push(Vec::new());
        }
    }
    runs.retain(|run| run.len() >= FEWEST);
    let in_runs = runs.iter().map(Vec::len).sum();
    let elsewhere = rows.len().saturating_sub(in_runs) as u64;
    let missing = rows.iter().filter(|row| row.missing.is_some()).count();
    let missing = missing.saturating_sub(in_runs) as u64;
    if elsewhere.saturating_sub(missing) < ENOUGH {
        return Vec::new();
    }
    runs.retain(|run| is_no_accident(run.len(), missing, elsewhere));
    runs.into_iter().map(|run| card(entries, &run)).collect()
}

/// Whether so long a run of missing rows is to be expected less than once in a million files, where
/// `missing` of all rows elsewhere are missing.
fn is_no_accident(run: usize, missing: u64, all: u64) -> bool {
    // One more of each, so that a file in which nothing is missing proves no more than it can.
    let (missing, all) = (u128::from(missing) + 1, u128::from(all) + 2);
    let mut expected = ONE.saturating_mul(all);
    for _ in 0..run {
        if expected <= ONE / FILES {
            return true;
        }
        // At most 2⁶⁰ × 2³² × 2³².
        expected = expected.saturating_mul(missing) / all;
    }
    expected <= ONE / FILES
}

fn card(entries: &Entries, run: &[(u32, EntryId)]) -> Card {
    let mut exceptions: Vec<u32> = run.iter().map(|(at, _)| *at).collect();
    sort::sort(&mut exceptions);
    let days = || run.iter().filter_map(|(_, id)| entries.local_date(*id));
    Card { from: days().min(), to: days().max(), ..Card::of(Cause::Gap, exceptions) }
}

/// Adds to the exceptions of a gap that they are part of one.
pub(super) fn tell(entries: &Entries, exceptions: &mut Exceptions, card: &Card) {
    let (Some(from), Some(to)) = (card.from, card.to) else { return };
    for at in &card.exceptions {
        let Some(item) = exceptions.items.get_mut(*at as usize) else { continue };
        let Some(row) = item.facts.first().and_then(|fact| fact.rows.first()).copied() else {
            continue;
        };
        let fact = Fact::new(Code::FileGap, vec![row])
            .values(Value::Date(from), Value::Date(to))
            .money(entries.amount(row), entries.currency(row));
        item.facts.push(fact);
        sort::sort_by_key(&mut item.facts, |fact| fact.code.headline_key());
        let count = exceptions.by_code.entry(Code::FileGap).or_default();
        *count = count.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_no_accident_from_a_length_on_that_the_rest_decides() {
        for (missing, all, shortest) in [
            // One in a hundred is missing anyway: 1,000 × 0.01^k < 0.000001.
            (9, 998, 5),
            // One in ten: 1,000 × 0.1^k.
            (99, 998, 9),
            // Every second row: 1,000 × 0.5^k.
            (499, 998, 30),
            // Nothing else is missing, and there is little else: 22 × (1/22)^k.
            (0, 20, 6),
        ] {
            let run = (1..100).find(|run| is_no_accident(*run, missing, all));
            assert_eq!(run, Some(shortest), "{missing} of {all}");
        }
    }

    #[test]
    fn many_rows_do_not_overflow() {
        assert!(is_no_accident(60, u64::from(u32::MAX) / 2, u64::from(u32::MAX)));
        assert!(!is_no_accident(20, u64::from(u32::MAX) / 2, u64::from(u32::MAX)));
    }
}
