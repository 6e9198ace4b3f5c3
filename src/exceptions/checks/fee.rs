//! Fee — did the provider charge what the contract says?
//!
//! States `FEE_OVERCHARGE`, `FEE_UNDERCHARGE` or `FEE_MISSING` for a line, matched or open, that
//! the contract has a fee for, and the same for its tax where the contract says that the file shows
//! it apart; `FEE_NOT_REFUNDED` for a refund that gives less of the fee back than it should,
//! `TIER_MISAPPLIED` beside it where the fee is that of another band or tier, and
//! `FEE_UNKNOWN_TYPE` for a row that is a fee of which the contract, which lists such rows, knows
//! nothing. A payment whose fee stands in rows of its own is held against them together. Names the
//! line, and the rows of its fee.

use crate::codes::Code;
use crate::entry::{Entries, Kind};
use crate::exceptions::charged::{self, Judged};
use crate::exceptions::{Fact, Members, Terms, Value};
use crate::fees::Gap;
use crate::ids::EntryId;
use crate::money::Amount;

/// States how the fee of one settlement line differs from the contract; gives what is not known of
/// the line where that decides its fee.
pub(crate) fn check(
    entries: &Entries,
    (line, judged): (EntryId, Judged),
    members: Option<&Members>,
    terms: &Terms,
    facts: &mut Vec<Fact>,
) -> Option<Gap> {
    terms.contract.as_ref()?;
    let is_row = entries.kind(line) == Kind::Fee;
    if is_row && charged::is_of_payment(entries, line, members, terms) {
        return None;
    }
    if is_row && charged::is_unknown(entries, line, terms) {
        let money = (entries.net(line), entries.net_currency(line));
        facts.push(Fact::new(Code::FeeUnknownType, vec![line]).money(money.0, money.1));
        return None;
    }
    let held = match judged {
        Judged::Held(held) => held,
        Judged::NotKnown(gap) => return Some(gap),
        Judged::Silent => return None,
    };
    if held.is_right() {
        return None;
    }
    let currency = if is_row { entries.net_currency(line) } else { entries.currency(line) };
    let mut differs = |code: Code, rows: Vec<EntryId>, due: Amount, stated: Amount| {
        let difference = stated.checked_sub(due).unwrap_or_default();
        facts.push(
            Fact::new(code, rows)
                .values(Value::Amount(due), Value::Amount(stated))
                .money(difference, currency),
        );
    };
    if held.stated != held.due {
        let rows: Vec<EntryId> =
            std::iter::once(line).chain(charged::fee_rows(entries, line, members)).collect();
        let code = code_of(entries.kind(line), held.due, held.stated);
        let charged = held.stated.checked_neg().unwrap_or_default();
        let other_tier = charged::is_of_other_tier(entries, line, charged, terms);
        differs(code, rows.clone(), held.due, held.stated);
        if other_tier {
            differs(Code::TierMisapplied, rows, held.due, held.stated);
        }
    }
    if let Some((due, stated)) = held.tax.filter(|(due, stated)| due != stated) {
        differs(code_of(entries.kind(line), due, stated), vec![line], due, stated);
    }
    None
}

/// What a difference between what is due and what is stated is called.
fn code_of(kind: Kind, due: Amount, stated: Amount) -> Code {
    if stated < due {
        let given_back = kind == Kind::Refund && !due.is_negative() && !due.is_zero();
        return if given_back { Code::FeeNotRefunded } else { Code::FeeOvercharge };
    }
    if stated.is_zero() { Code::FeeMissing } else { Code::FeeUndercharge }
}
