//! Status — do both sides say the same about what became of the order?
//!
//! States `STATUS_MISMATCH` where the provider settled a payment that the orders call unpaid or
//! cancelled (掉单), and where the provider gave money back that the order file does not know of.
//! Names the order and the lines.

use crate::codes::Code;
use crate::entry::{Kind, Status};
use crate::exceptions::checks::Sight;
use crate::exceptions::{Fact, Value};
use crate::ids::EntryId;

/// States where the two sides disagree about an order.
pub(crate) fn check(sight: &Sight<'_>, facts: &mut Vec<Fact>) {
    let (entries, members) = (sight.entries, sight.members);
    for sale in &members.sales {
        let status = entries.status(*sale);
        let cancelled = members.recorded.iter().any(|id| entries.kind(*id) == Kind::Void);
        let kept = cancelled && members.returns.is_empty();
        if !members.payments.is_empty() && (!status.is_paid() || kept) {
            let mut rows = vec![*sale];
            rows.extend(&members.payments);
            facts.push(
                Fact::new(Code::StatusMismatch, rows)
                    .values(Value::Status(status), Value::Status(Status::Paid)),
            );
        }
    }
    let Some(sale) = members.sales.first() else { return };
    for line in members.unknown_returns() {
        facts.push(returned(sight, *sale, *line));
    }
}

/// Money went back, and the order file does not say so.
fn returned(sight: &Sight<'_>, sale: EntryId, line: EntryId) -> Fact {
    let entries = sight.entries;
    let actual =
        if entries.kind(line) == Kind::Reversal { Status::Voided } else { Status::Refunded };
    Fact::new(Code::StatusMismatch, vec![sale, line])
        .values(Value::Status(entries.status(sale)), Value::Status(actual))
        .money(entries.amount(line), entries.currency(line))
}
