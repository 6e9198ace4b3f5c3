//! Chargeback — did the buyer's bank take a payment back?
//!
//! States `CHARGEBACK` for each chargeback line that no later line of the same match gives back.
//! Names the chargeback line. Its money is unexplained: only the seller can say what it was.

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::entry::Kind;
use crate::exceptions::Fact;
use crate::exceptions::checks::Sight;
use crate::money::Amount;

/// States each chargeback that was not won.
pub(crate) fn check(sight: &Sight<'_>, facts: &mut Vec<Fact>) {
    let entries = sight.entries;
    let lines = &sight.members.chargebacks;
    let mut won: BTreeMap<Amount, u32> = BTreeMap::new();
    for line in lines.iter().filter(|id| entries.kind(**id) == Kind::ChargebackReversal) {
        *won.entry(entries.amount(*line)).or_default() += 1;
    }
    for line in lines.iter().filter(|id| entries.kind(**id) == Kind::Chargeback) {
        let back = entries.amount(*line).checked_neg();
        match back.and_then(|back| won.get_mut(&back)).filter(|left| **left > 0) {
            Some(left) => *left -= 1,
            None => facts.push(
                Fact::new(Code::Chargeback, vec![*line])
                    .money(entries.amount(*line), entries.currency(*line)),
            ),
        }
    }
}
