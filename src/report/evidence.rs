//! Says why a match was made: the fields that agree, as both sides write them.

use crate::entry::{Entries, Side};
use crate::ids::{EntryId, MatchId};
use crate::matching::rules::m110_payout_to_bank::common_name;
use crate::matching::{Matches, Rule, claim, normalise};
use crate::money::Amount;

/// One reason for a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What agrees: `transaction_id`, `reference`, `order_number`, `normalised_reference`,
    /// `reference_list`, `amount`, `sum`, `mistyped_reference` or `payout`.
    pub kind: &'static str,
    /// The value on which both sides agree.
    pub value: String,
    /// How the orders write it, where that differs.
    pub orders: String,
    /// How the settlement writes it, where that differs.
    pub settlement: String,
}

/// The payment that is alone on its side, and the sum of the others.
fn whole(entries: &Entries, members: &[EntryId]) -> Option<EntryId> {
    let of = |side: Side| {
        let payments = |m: &&EntryId| entries.side(**m) == side && entries.kind(**m).is_payment();
        let mut members = members.iter().filter(payments);
        members.next().copied().filter(|_| members.next().is_none())
    };
    of(Side::Settlement).or_else(|| of(Side::Orders))
}

fn money(entries: &Entries, id: EntryId) -> String {
    let (amount, currency) = claim(entries, id);
    format!("{} {}", currency.code(), amount.format(currency))
}

/// Amounts that are nearly the same.
fn of_amounts(entries: &Entries, order: EntryId, line: EntryId) -> Evidence {
    let (orders, settlement) = (money(entries, order), money(entries, line));
    Evidence { kind: "amount", value: settlement.clone(), orders, settlement }
}

/// Why payouts and deposits are the same money: a name that both have, or their amount.
fn of_payout(entries: &Entries, members: &[EntryId]) -> Evidence {
    let (kind, value) = match common_name(entries, members) {
        Some(name) => ("payout", name),
        None => {
            let arrived = members.iter().copied().filter(|m| entries.side(*m) == Side::Bank);
            let currency = members.first().map(|m| entries.currency(*m).code()).unwrap_or_default();
            let sum =
                arrived.map(|m| entries.amount(m)).try_fold(Amount::ZERO, Amount::checked_add);
            let shown = members.first().zip(sum).map(|(m, sum)| sum.format(entries.currency(*m)));
            let kind = if members.len() == 2 { "amount" } else { "sum" };
            (kind, format!("{currency} {}", shown.unwrap_or_default()))
        }
    };
    Evidence { kind, value, orders: String::new(), settlement: String::new() }
}

/// The reasons for a match.
pub fn evidence(entries: &Entries, matches: &Matches, id: MatchId) -> Vec<Evidence> {
    let rule = matches.rule(id);
    let members: Vec<_> = matches.members(entries, id).collect();
    if rule == Rule::PayoutToBank {
        return vec![of_payout(entries, &members)];
    }
    let oldest = |side: Side| {
        members
            .iter()
            .copied()
            .filter(|m| entries.side(*m) == side && entries.kind(*m).is_payment())
            .min_by_key(|m| entries.age_key(*m))
    };
    let (Some(order), Some(line)) = (oldest(Side::Orders), oldest(Side::Settlement)) else {
        return Vec::new();
    };
    let (written, stated) = (entries.reference(order), entries.reference(line));
    let (kind, value) = match rule {
        Rule::TransactionId => ("transaction_id", entries.transaction_id(line).to_owned()),
        Rule::OrderNumber if entries.order_number(order) == stated => {
            ("order_number", stated.to_owned())
        }
        Rule::OrderNumber => ("order_number", entries.order_number(line).to_owned()),
        Rule::NormalisedReference => {
            let mut key = Vec::new();
            normalise(written, &mut key);
            ("normalised_reference", String::from_utf8(key).unwrap_or_default())
        }
        Rule::AmountAndTime => ("amount", money(entries, line)),
        Rule::SubsetSum => ("sum", money(entries, whole(entries, &members).unwrap_or(line))),
        Rule::AmountWithinTolerance => return vec![of_amounts(entries, order, line)],
        Rule::ReferenceList => ("reference_list", stated.to_owned()),
        Rule::MistypedReference => ("mistyped_reference", stated.to_owned()),
        Rule::Reference | Rule::Lifecycle | Rule::PayoutToBank => ("reference", stated.to_owned()),
    };
    let differs = matches!(rule, Rule::NormalisedReference | Rule::MistypedReference);
    vec![Evidence {
        kind,
        value,
        orders: if differs { written.to_owned() } else { String::new() },
        settlement: if differs { stated.to_owned() } else { String::new() },
    }]
}
