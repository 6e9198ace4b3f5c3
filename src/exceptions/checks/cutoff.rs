//! Cut-off (日切) — is one payment on two accounting days?
//!
//! Notes `CUTOFF_SHIFT` where the order's date, as its file writes it, is not the line's date, as
//! its file writes it, and the two instants are at most 15 minutes apart. Names both rows. Only
//! where both files give a time of day. It is for information: no money is missing.

use crate::codes::Code;
use crate::exceptions::checks::Sight;
use crate::exceptions::{Fact, Value};

/// Instants that are further apart are two events.
const SAME_EVENT_MICROS: u64 = 15 * 60 * 1_000_000;

/// Notes each payment line that stands on another day than its order.
pub(crate) fn check(sight: &Sight<'_>, facts: &mut Vec<Fact>) {
    let entries = sight.entries;
    let Some(order) = sight.members.sales.first().copied() else { return };
    if !entries.has_time(order) {
        return;
    }
    let (Some(ordered), Some(day)) = (entries.occurred_at(order), entries.local_date(order)) else {
        return;
    };
    for line in sight.members.payments.iter().copied() {
        let (Some(paid), Some(date)) = (entries.occurred_at(line), entries.local_date(line)) else {
            continue;
        };
        let near = paid.0.abs_diff(ordered.0) <= SAME_EVENT_MICROS;
        if entries.has_time(line) && near && date != day {
            facts.push(
                Fact::new(Code::CutoffShift, vec![order, line])
                    .values(Value::Date(day), Value::Date(date)),
            );
        }
    }
}
