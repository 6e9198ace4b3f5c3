//! Checks that the rows of a match belong together by what they say: a common reference,
//! transaction or order number.
//!
//! The matching may join what is spelled differently (`ORD-0017` and `#17`), and the verifier does
//! not know its rules. But no rule of spelling changes the digits of a number, so rows that share
//! none were not joined by a key.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_64;

use crate::entry::Side;

use super::Verifier;
use super::ledger::{Index, MatchName};
use super::verdict::CheckName;

/// What a match gives as its reason.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    pub(super) kind: String,
    pub(super) value: String,
    /// As the orders write it, where that differs.
    pub(super) orders: String,
    /// As the settlement writes it, where that differs.
    pub(super) settlement: String,
}

/// Reasons that say: the rows share this key.
const KEYED: &[&str] = &["transaction_id", "reference", "order_number", "normalised_reference"];

/// The reason that says: the line lists the numbers of the orders.
const LISTED: &str = "reference_list";

/// The reason that says: an order and a line have this amount, or nearly, and no reference.
const AMOUNT: &str = "amount";

/// Between the numbers of a list.
const SEPARATORS: [char; 4] = ['+', ',', ';', '|'];

/// The texts of a row by which it may be joined, each as the hash of its digits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Keys {
    hashes: [u64; 3],
    /// Whether a text has no digits, so that nothing can be said about it.
    unknown: bool,
}

impl Keys {
    /// The keys of a row's reference, transaction id and order number.
    pub(super) fn of(texts: [&str; 3]) -> Self {
        let mut keys = Self::default();
        for (text, hash) in texts.into_iter().zip(&mut keys.hashes) {
            match digits(text) {
                Some(own) => *hash = own,
                None => keys.unknown |= !text.is_empty(),
            }
        }
        keys
    }

    fn iter(&self) -> impl Iterator<Item = u64> {
        self.hashes.into_iter().filter(|hash| *hash != 0)
    }

    fn has(&self, hash: u64) -> bool {
        self.unknown || self.hashes.contains(&hash)
    }
}

/// The hash of the digits of a text, without leading zeros; `None` if there are none.
fn digits(text: &str) -> Option<u64> {
    let digits: String = text
        .chars()
        .filter_map(|c| match c {
            '0'..='9' => Some(c),
            // Full-width digits are the same number.
            '０'..='９' => char::from_digit(u32::from(c).checked_sub(u32::from('０'))?, 10),
            _ => None,
        })
        .collect();
    (!digits.is_empty()).then(|| xxh3_64(digits.trim_start_matches('0').as_bytes()).max(1))
}

impl Verifier<'_> {
    /// Holds the reasons of a match against its rows.
    pub(super) fn check_links(
        &mut self,
        name: MatchName,
        [orders, lines]: [&[Index]; 2],
        evidence: &[Evidence],
    ) {
        if self.are_of_two_scopes(orders.iter().chain(lines)) {
            let what = "the rows of a match are of two scopes";
            self.findings.differs(CheckName::Matches, what, || name.to_string(), ("", ""));
        }
        let keyed = evidence.iter().all(|reason| KEYED.contains(&reason.kind.as_str()));
        for reason in evidence {
            let holds = if reason.kind == AMOUNT {
                self.have_amounts([orders, lines], reason)
            } else if reason.kind == LISTED {
                self.is_listed(orders, &reason.value) && self.any_has(lines, &reason.value)
            } else if reason.orders.is_empty() {
                !KEYED.contains(&reason.kind.as_str())
                    || self.any_has(orders, &reason.value) && self.any_has(lines, &reason.value)
            } else {
                self.any_has(orders, &reason.orders) && self.any_has(lines, &reason.settlement)
            };
            if !holds {
                let what = "the evidence of a match is not what its rows say";
                let shown = (format!("{} {}", reason.kind, reason.value), String::new());
                self.findings.differs(CheckName::Matches, what, || name.to_string(), shown);
            }
        }
        let alone = if keyed { self.alone([orders, lines]) } else { None };
        if let Some(alone) = alone {
            let what = "a row shares no reference, transaction or number with its match";
            let shown = (self.ledger.name(alone), String::new());
            self.findings.differs(CheckName::Matches, what, || name.to_string(), shown);
        }
    }

    /// Whether an order and a line have the amounts that are stated: the same, if it is one.
    fn have_amounts(&self, [orders, lines]: [&[Index]; 2], reason: &Evidence) -> bool {
        let has = |rows: &[Index], stated: &str| {
            let mut claims = rows.iter().filter_map(|row| self.ledger.claim(*row));
            claims.any(|(amount, own)| stated == format!("{own} {}", amount.format(own)))
        };
        let (ordered, settled) = match reason.orders.is_empty() {
            true => (&reason.value, &reason.value),
            false => (&reason.orders, &reason.settlement),
        };
        has(orders, ordered) && has(lines, settled) && reason.value == *settled
    }

    /// Whether rows are of sources that speak of different shops or accounts; a scope counts where
    /// orders and another side have it.
    fn are_of_two_scopes<'a>(&self, rows: impl Iterator<Item = &'a Index>) -> bool {
        if self.sources.iter().all(|source| source.scope.is_empty()) {
            return false;
        }
        let mut scopes = rows.filter_map(|row| {
            let source = self.sources.get(usize::from(self.ledger.get(*row)?.source))?;
            let is_order = source.side == Side::Orders;
            let other = self.sources.iter().any(|other| {
                other.scope == source.scope && (other.side == Side::Orders) != is_order
            });
            Some(if other { source.scope.as_str() } else { "" })
        });
        let first = scopes.next();
        scopes.any(|scope| Some(scope) != first)
    }

    fn keys(&self, index: Index) -> Keys {
        self.ledger.get(index).map_or_else(Keys::default, |record| record.keys)
    }

    /// Whether a text is a key of one of the rows.
    fn any_has(&self, rows: &[Index], text: &str) -> bool {
        let hash = digits(text);
        hash.is_none_or(|hash| rows.iter().any(|row| self.keys(*row).has(hash)))
    }

    /// Whether each order is one of the numbers of a list.
    fn is_listed(&self, orders: &[Index], list: &str) -> bool {
        let numbers: BTreeSet<u64> = list.split(SEPARATORS).filter_map(digits).collect();
        orders.iter().all(|order| {
            let keys = self.keys(*order);
            keys.unknown || keys.iter().any(|hash| numbers.contains(&hash))
        })
    }

    /// A row that shares no key with another.
    fn alone(&self, sides: [&[Index]; 2]) -> Option<Index> {
        let rows = || sides.into_iter().flatten();
        let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
        for row in rows() {
            for hash in BTreeSet::from_iter(self.keys(*row).iter()) {
                let count = counts.entry(hash).or_default();
                *count = count.saturating_add(1);
            }
        }
        let mut alone = rows().filter(|row| {
            let keys = self.keys(**row);
            !keys.unknown && keys.iter().all(|hash| counts.get(&hash).is_none_or(|n| *n < 2))
        });
        alone.next().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_change_the_digits() {
        for (one, other) in
            [("ORD-0017", "#17"), ("ke-1001", "KE1001"), ("１７", "No. 017"), ("A1B2", "12")]
        {
            assert_eq!(digits(one), digits(other), "{one} {other}");
        }
        assert_ne!(digits("1001"), digits("1002"));
        assert_ne!(digits("170"), digits("17"), "a zero at the end counts");
        assert_eq!(digits("abc"), None);
        assert!(digits("0").is_some(), "zero is a number");
    }
}
