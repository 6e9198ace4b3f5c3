//! Late — was the money paid out after the day on which it was due?
//!
//! States `LATE_SETTLEMENT` for a payment line whose settlement date is after the due date: the
//! order's date, as its file writes it, plus the contract's settlement cycle. Names the line.

use crate::codes::Code;
use crate::exceptions::checks::Sight;
use crate::exceptions::{Fact, Value};

/// States each payment line that was paid out late.
pub(crate) fn check(sight: &Sight<'_>, facts: &mut Vec<Fact>) {
    let (entries, due) = (sight.entries, &sight.terms.due);
    if due.cycle.is_none() {
        return;
    }
    let latest = sight.members.sales.iter().filter_map(|id| entries.local_date(*id)).max();
    let Some(date) = latest.map(|date| due.date(date)) else { return };
    for line in &sight.members.payments {
        if let Some(settled) = entries.settled_on(*line)
            && settled > date
        {
            facts.push(
                Fact::new(Code::LateSettlement, vec![*line])
                    .values(Value::Date(date), Value::Date(settled)),
            );
        }
    }
}
