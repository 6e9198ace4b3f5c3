//! Amount — was as much credited as was ordered?
//!
//! States `AMOUNT_OVER`, `AMOUNT_UNDER`, `WITHIN_TOLERANCE` or, where the figures say why they
//! differ, `UNIT_MISMATCH` (one is exactly 100 times the other), `SIGN_MISMATCH` (the same with
//! the other sign), `ROUNDING` (several lines, at most a minor unit for each) or
//! `PARTIAL_SETTLEMENT` (several lines, and a part is still to come).
//! Compared are gross amounts in the order's currency: sales and the refunds that both sides know.
//! Names the order and its payment lines; where the sale agrees and the refund does not, the
//! recorded refund and the refund lines.

use crate::codes::Code;
use crate::entry::Entries;
use crate::exceptions::checks::Sight;
use crate::exceptions::{Fact, Value};
use crate::ids::EntryId;
use crate::matching::claim;
use crate::money::Amount;

/// States how the amounts of a match differ.
pub(crate) fn check(sight: &Sight<'_>, facts: &mut Vec<Fact>) {
    let (entries, members) = (sight.entries, sight.members);
    let (Some(sale), Some(_)) = (members.sales.first(), members.payments.first()) else { return };
    let currency = entries.currency(*sale);
    let Some(sold) = sum(entries, &members.sales) else { return };
    let Some(paid) = sum(entries, &members.payments) else { return };
    if sold != paid {
        let rows: Vec<EntryId> = members.sales.iter().chain(&members.payments).copied().collect();
        let code = diagnose(sight, sold, paid);
        facts.push(fact(code, rows, sold, paid, currency));
    }
    let Some(recorded) = sum(entries, &members.recorded) else { return };
    let Some(returned) = sum(entries, members.known_returns()) else { return };
    let both = !members.recorded.is_empty() && !members.returns.is_empty();
    if both && recorded != returned {
        let rows: Vec<EntryId> = members.recorded.iter().chain(&members.returns).copied().collect();
        let code = over_or_under(sight, recorded, returned);
        facts.push(fact(code, rows, recorded, returned, currency));
    }
}

fn fact(
    code: Code,
    rows: Vec<EntryId>,
    expected: Amount,
    actual: Amount,
    currency: crate::money::Currency,
) -> Fact {
    let difference = actual.checked_sub(expected).unwrap_or_default();
    Fact::new(code, rows)
        .values(Value::Amount(expected), Value::Amount(actual))
        .money(difference, currency)
}

/// Gross in the order's currency.
fn sum(entries: &Entries, ids: &[EntryId]) -> Option<Amount> {
    ids.iter().try_fold(Amount::ZERO, |sum, id| sum.checked_add(claim(entries, *id).0))
}

/// The first explanation that fits to the minor unit, else the plain difference.
fn diagnose(sight: &Sight<'_>, sold: Amount, paid: Amount) -> Code {
    let hundredfold = paid.is_scaled_by(sold, 100) || sold.is_scaled_by(paid, 100);
    if hundredfold && !sold.is_zero() && !paid.is_zero() {
        return Code::UnitMismatch;
    }
    if sold.checked_neg() == Some(paid) {
        return Code::SignMismatch;
    }
    let several = sight.members.payments.len() > 1;
    let difference = paid.checked_sub(sold).unwrap_or_default();
    match over_or_under(sight, sold, paid) {
        Code::AmountUnder | Code::AmountOver if sight.members.is_rounding(difference) => {
            Code::Rounding
        }
        Code::AmountUnder if several => Code::PartialSettlement,
        code => code,
    }
}

fn over_or_under(sight: &Sight<'_>, expected: Amount, actual: Amount) -> Code {
    let currency = sight.members.sales.first().map(|id| sight.entries.currency(*id));
    let difference = actual.checked_sub(expected).unwrap_or_default();
    let within = currency
        .is_some_and(|currency| sight.terms.tolerance.allows(difference, expected, currency));
    match difference.is_negative() {
        _ if within => Code::WithinTolerance,
        true => Code::AmountUnder,
        false => Code::AmountOver,
    }
}
