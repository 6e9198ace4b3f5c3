//! Presence — why is an entry alone?
//!
//! States what the matching noticed about an open entry (`DUPLICATE_*`, `CURRENCY_MISMATCH`,
//! `AMBIGUOUS_PAIR`, `AMBIGUOUS_SUBSET`, `LOW_EVIDENCE`, `REFERENCE_MISMATCH`, `SEARCH_BUDGET_REACHED`,
//! `SETTLED_AFTER_REVERSAL`, `PREAUTH_NOT_CAPTURED`, `DOUBLE_CLAIM`), and, where that is no reason, what its absence from the other side means: `MISSING_IN_SETTLEMENT`,
//! `MISSING_IN_ORDERS`, `REFUND_UNMATCHED`, `REVERSAL_UNMATCHED`, `CHARGEBACK`. Names the entry.

use crate::codes::Code;
use crate::entry::{Entries, Kind, Side};
use crate::exceptions::checks::{payout_total, swapped};
use crate::exceptions::{Fact, Value};
use crate::ids::EntryId;
use crate::matching::{Figures, Finding};

/// States why an open entry is alone; `findings` are those about it.
pub(crate) fn check(entries: &Entries, id: EntryId, findings: &[Finding], facts: &mut Vec<Fact>) {
    let (amount, currency) = (entries.amount(id), entries.currency(id));
    for finding in findings {
        if let (Side::Webhook, Figures::Paid(expected, actual)) =
            (entries.side(id), finding.figures)
        {
            let apart = actual.checked_sub(expected).unwrap_or_default();
            let fact = Fact::new(finding.code, vec![id]).money(apart, currency);
            facts.push(fact.values(Value::Amount(expected), Value::Amount(actual)));
            continue;
        }
        if finding.code == Code::PayoutTotalMismatch {
            facts.push(payout_total::fact(entries, finding));
            continue;
        }
        let mut fact = Fact::new(finding.code, vec![id]).money(amount, currency);
        fact = match finding.figures {
            Figures::None | Figures::Paid(..) => fact,
            Figures::Rows(all, paired) | Figures::Digits(all, paired) => {
                fact.values(Value::Count(all), Value::Count(paired))
            }
            Figures::Dates(oldest, newest) => fact.values(Value::Date(oldest), Value::Date(newest)),
        };
        if finding.code == Code::DoubleClaim
            && let Some(earlier) = entries.earlier(id)
        {
            fact.expected = Some(Value::Date(earlier.closed_on));
        }
        if finding.code == Code::CurrencyMismatch
            && let Some(other) = finding.candidates.first()
        {
            let other = Value::Currency(entries.currency(*other));
            let own = Value::Currency(currency);
            fact = match entries.side(id) {
                Side::Orders => fact.values(own, other),
                _ => fact.values(other, own),
            };
        }
        facts.push(fact);
        let partner = finding.candidates.first().filter(|_| entries.side(id) == Side::Settlement);
        if let (Code::CurrencyMismatch, Some(order)) = (finding.code, partner) {
            facts.extend(swapped::open_line(entries, id, *order));
        }
    }
    // A suggestion does not say why the entry is alone.
    let says_nothing = |finding: &Finding| {
        use Code::{AmbiguousSubset, LowEvidence, ReferenceMismatch, SearchBudgetReached};
        matches!(
            finding.code,
            AmbiguousSubset | LowEvidence | ReferenceMismatch | SearchBudgetReached
        )
    };
    // Of a fee it is said by the check of fees.
    let is_fee = entries.side(id) == Side::Settlement && entries.kind(id) == Kind::Fee;
    if findings.iter().all(says_nothing) && !is_fee {
        facts.push(Fact::new(absence(entries, id), vec![id]).money(amount, currency));
    }
}

/// What it means that nothing on the other side belongs to an entry.
fn absence(entries: &Entries, id: EntryId) -> Code {
    match (entries.side(id), entries.kind(id)) {
        // What arrived at the bank was paid out by a provider, whose file should say so.
        (Side::Orders | Side::Bank | Side::Webhook, _) => Code::MissingInSettlement,
        (_, Kind::Refund) => Code::RefundUnmatched,
        (_, Kind::Reversal) => Code::ReversalUnmatched,
        (_, Kind::Chargeback) => Code::Chargeback,
        _ => Code::MissingInOrders,
    }
}
