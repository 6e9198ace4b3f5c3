//! `PAYOUT_TOTAL_MISMATCH` — do the lines of a payout add up to it?
//!
//! States what the matching found of a payout whose lines the files show whole: what they leave, what
//! was paid, and the difference; of a deposit that names payouts, what they paid and what arrived. Names
//! the oldest row that says that it was paid, or the deposit.

use crate::entry::Entries;
use crate::exceptions::{Fact, Value};
use crate::matching::{Figures, Finding};

/// The fact of a finding about a payout.
pub(crate) fn fact(entries: &Entries, finding: &Finding) -> Fact {
    let fact = Fact::new(finding.code, vec![finding.row]);
    let Figures::Paid(lines, paid) = finding.figures else { return fact };
    let difference = paid.checked_sub(lines).unwrap_or_default();
    fact.values(Value::Amount(lines), Value::Amount(paid))
        .money(difference, entries.net_currency(finding.row))
}
