//! `SPLIT_MISMATCH`, `SPLIT_INCOMPLETE` — was a payment shared out (分账) as the rules say?
//!
//! Of a payment that a rule shares out, each recipient has a line for his share: a correction of the
//! same order that names him. States a share that is missing and one that is another amount; what
//! went back to the buyer is not shared. Names the payment and the lines of the share.

use crate::codes::Code;
use crate::exceptions::checks::Sight;
use crate::exceptions::split::{Shared, shared};
use crate::exceptions::{Fact, Value};

/// States the shares of a payment that are not as agreed.
pub(crate) fn check(sight: &Sight<'_>, facts: &mut Vec<Fact>) {
    let (entries, members) = (sight.entries, sight.members);
    let Some(payment) = members.payments.first() else { return };
    let currency = entries.currency(*payment);
    for Shared { expected, actual, lines } in shared(entries, members, &sight.terms.splits) {
        let Some(apart) = actual.checked_sub(expected).filter(|apart| !apart.is_zero()) else {
            continue;
        };
        let code = if lines.is_empty() { Code::SplitIncomplete } else { Code::SplitMismatch };
        let rows = members.payments.iter().chain(&lines).copied().collect();
        let values = (Value::Amount(expected), Value::Amount(actual));
        facts.push(Fact::new(code, rows).values(values.0, values.1).money(apart, currency));
    }
}
