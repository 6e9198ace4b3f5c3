//! Refund over original — was more given back than was paid?
//!
//! States `REFUND_OVER_ORIGINAL` where the refunds and reversals of a match, and the chargebacks
//! that were not won, come to more than its payments, gross and in the order's currency: a refund
//! that was run twice, or one of a payment that the bank had already taken back. Names the payment
//! lines and the lines that went the other way.

use crate::codes::Code;
use crate::entry::Entries;
use crate::exceptions::checks::Sight;
use crate::exceptions::{Fact, Value};
use crate::ids::EntryId;
use crate::matching::claim;
use crate::money::{Amount, Currency};

/// States what was given back beyond the payments.
pub(crate) fn check(sight: &Sight<'_>, facts: &mut Vec<Fact>) {
    let (entries, members) = (sight.entries, sight.members);
    let Some(first) = members.payments.first() else { return };
    if members.returns.is_empty() && members.chargebacks.is_empty() {
        return;
    }
    let currency = claim(entries, *first).1;
    let back: Vec<EntryId> = members.returns.iter().chain(&members.chargebacks).copied().collect();
    let paid = sum(entries, &members.payments, currency);
    let Some((paid, returned)) = paid.zip(sum(entries, &back, currency)) else { return };
    let Some(returned) = returned.checked_neg().filter(|returned| *returned > paid) else { return };
    let Some(beyond) = paid.checked_sub(returned) else { return };
    let rows = members.payments.iter().copied().chain(back).collect();
    facts.push(
        Fact::new(Code::RefundOverOriginal, rows)
            .values(Value::Amount(paid), Value::Amount(returned))
            .money(beyond, currency),
    );
}

/// Gross in one currency; nothing where a line is in another.
fn sum(entries: &Entries, ids: &[EntryId], currency: Currency) -> Option<Amount> {
    ids.iter().try_fold(Amount::ZERO, |sum, id| {
        let (amount, own) = claim(entries, *id);
        (own == currency).then(|| sum.checked_add(amount)).flatten()
    })
}
