//! Cut-off (日切) — is one payment on two accounting days?
//!
//! Notes `CUTOFF_SHIFT` where the order's date, as its file writes it, is not the line's date, as
//! its file writes it, and the two instants are at most 15 minutes apart. Of a file that gives days
//! and no times it is noted where that day is the accounting day of the other file's instant, by the
//! cut-off that is known of the file. Names both rows. It is for information: no money is missing.

use crate::codes::Code;
use crate::entry::Entries;
use crate::exceptions::checks::Sight;
use crate::exceptions::{DayEnd, Fact, Terms, Value};
use crate::ids::EntryId;
use crate::time::Date;

/// Instants that are further apart are two events.
const SAME_EVENT_MICROS: u64 = 15 * 60 * 1_000_000;

/// Notes each payment line that stands on another day than its order.
pub(crate) fn check(sight: &Sight<'_>, facts: &mut Vec<Fact>) {
    let entries = sight.entries;
    let Some(order) = sight.members.sales.first().copied() else { return };
    let (Some(ordered), Some(day)) = (entries.occurred_at(order), entries.local_date(order)) else {
        return;
    };
    for line in sight.members.payments.iter().copied() {
        let (Some(paid), Some(date)) = (entries.occurred_at(line), entries.local_date(line)) else {
            continue;
        };
        if date == day {
            continue;
        }
        let same = match (entries.has_time(order), entries.has_time(line)) {
            (true, true) => paid.0.abs_diff(ordered.0) <= SAME_EVENT_MICROS,
            (true, false) => accounting_day(entries, sight.terms, line, order) == Some(date),
            (false, true) => accounting_day(entries, sight.terms, order, line) == Some(day),
            (false, false) => false,
        };
        if same {
            facts.push(
                Fact::new(Code::CutoffShift, vec![order, line])
                    .values(Value::Date(day), Value::Date(date)),
            );
        }
    }
}

/// The day on which the file of a row without a time books the instant of another row.
fn accounting_day(
    entries: &Entries,
    terms: &Terms,
    of_days: EntryId,
    timed: EntryId,
) -> Option<Date> {
    let source = usize::from(entries.source(of_days).0);
    let instant = entries.occurred_at(timed)?;
    match terms.day_ends.get(source).copied().flatten()? {
        DayEnd::By(clock) => Some(clock.day_of(instant)),
        DayEnd::Ahead(minutes) => {
            Some(instant.date_at(entries.offset_minutes(of_days).checked_add(minutes)?))
        }
    }
}
