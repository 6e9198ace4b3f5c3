//! Settlement cycle — was the money paid out on the day on which it was due?
//!
//! States `LATE_SETTLEMENT` for a payment line whose settlement date is after the due date: the
//! order's day, as its file writes it or by the provider's accounting clock, plus the cycle that the
//! contract has for the line's channel, and the days of grace that it allows. Where the contract asks
//! for it, states `EARLY_SETTLEMENT` for a line that was paid out before it was due. Names the line.

use crate::codes::Code;
use crate::exceptions::checks::Sight;
use crate::exceptions::{Fact, Value};
use crate::ids::EntryId;
use crate::time::Date;

/// States each payment line that was paid out on another day than agreed.
pub(crate) fn check(sight: &Sight<'_>, facts: &mut Vec<Fact>) {
    let (entries, due) = (sight.entries, &sight.terms.due);
    let Some(settlement) = &due.cycle else { return };
    for line in sight.members.payments.iter().copied() {
        let Some(settled) = entries.settled_on(line) else { continue };
        let of = |order: &EntryId| settlement.due_of(entries, *order, line);
        let Some(date) = sight.members.sales.iter().filter_map(of).max() else { continue };
        let code = if settled > settlement.latest(entries, line, date) {
            Code::LateSettlement
        } else if settled < date && settlement.report_early {
            Code::EarlySettlement
        } else {
            continue;
        };
        facts.push(fact(code, line, date, settled));
    }
}

fn fact(code: Code, line: EntryId, due: Date, settled: Date) -> Fact {
    Fact::new(code, vec![line]).values(Value::Date(due), Value::Date(settled))
}
