//! Rest — is money of a match unexplained that nothing else was said about?
//!
//! States `AMOUNT_OVER` or `AMOUNT_UNDER` for the match as a whole where its difference has a rest
//! and no other fact says where it comes from: an adjustment by the provider, a chargeback given
//! back that was never taken, several small differences that are too much together. A
//! `WITHIN_TOLERANCE` or `ROUNDING` that the rest contradicts goes. Names every row of the match.

use crate::codes::{Code, Family};
use crate::exceptions::checks::Sight;
use crate::exceptions::{Difference, Fact, PartName, Value};
use crate::money::Amount;

/// States the rest of a match; runs after all other checks.
pub(crate) fn check(sight: &Sight<'_>, difference: &Difference, facts: &mut Vec<Fact>) {
    if facts.iter().any(|fact| accounts_for_money(fact.code)) {
        return;
    }
    let rest = difference.parts().find(|part| part.part == PartName::Unexplained);
    let Some((amount, currency)) = rest.map(|part| (part.amount, part.currency)) else { return };
    let (entries, members) = (sight.entries, sight.members);
    let ordered = members
        .orders()
        .filter(|id| entries.currency(*id) == currency)
        .try_fold(Amount::ZERO, |sum, id| sum.checked_add(entries.amount(id)));
    let Some(expected) = ordered else { return };
    let Some(actual) = expected.checked_add(amount) else { return };
    facts.retain(|fact| !matches!(fact.code, Code::WithinTolerance | Code::Rounding));
    let code = if amount.is_negative() { Code::AmountUnder } else { Code::AmountOver };
    let rows = members.orders().chain(members.lines()).collect();
    facts.push(
        Fact::new(code, rows)
            .values(Value::Amount(expected), Value::Amount(actual))
            .money(amount, currency),
    );
}

/// Whether a fact of this code says why money is unexplained.
fn accounts_for_money(code: Code) -> bool {
    use Code::{FeeMissing, FeeUndercharge, FxRateMissing, TierMisapplied};
    let explains = !matches!(code, FxRateMissing | FeeUndercharge | FeeMissing | TierMisapplied);
    explains && !code.is_info() && code.family() != Family::Time
}
