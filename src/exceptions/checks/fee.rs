//! Fee — did the provider charge what the contract says?
//!
//! States `FEE_OVERCHARGE`, `FEE_UNDERCHARGE` or `FEE_MISSING` for a line, matched or open, that
//! the contract has a fee for, computed on the line's own amount. Names the line.

use crate::codes::Code;
use crate::entry::Entries;
use crate::exceptions::difference::contract_fee;
use crate::exceptions::{Fact, Terms, Value};
use crate::ids::EntryId;

/// States how the fee of one settlement line differs from the contract.
pub(crate) fn check(entries: &Entries, line: EntryId, terms: &Terms, facts: &mut Vec<Fact>) {
    let Some(due) = contract_fee(entries, line, terms) else { return };
    let stated = entries.fee(line);
    if stated == due {
        return;
    }
    let code = if stated.is_zero() {
        Code::FeeMissing
    } else if stated < due {
        Code::FeeOvercharge
    } else {
        Code::FeeUndercharge
    };
    let difference = stated.checked_sub(due).unwrap_or_default();
    facts.push(
        Fact::new(code, vec![line])
            .values(Value::Amount(due), Value::Amount(stated))
            .money(difference, entries.currency(line)),
    );
}
