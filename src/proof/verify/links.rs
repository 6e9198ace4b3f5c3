//! Checks that the rows of a match belong together by what they say: a common reference,
//! transaction or order number.
//!
//! The matching may join what is spelled differently (`ORD-0017` and `#17`), and the verifier does
//! not know its rules. But no rule of spelling changes the digits of a number, so rows that share
//! none were not joined by a key.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_64;

use crate::entry::Side;
use crate::money::{Amount, Currency};

use super::Verifier;
use super::choices::Class;
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

/// The reason that says: a row of one side is the sum of those of the other.
const SUM: &str = "sum";

/// The reason that says: the references are nearly the same.
const MISTYPED: &str = "mistyped_reference";

/// The texts of a row by which it may be joined, by their places in [`Keys`].
const REFERENCE: usize = 0;
const TRANSACTION: usize = 1;
const NUMBER: usize = 2;

/// Between the numbers of a list.
const SEPARATORS: [char; 4] = ['+', ',', ';', '|'];

/// The texts of a row by which it may be joined, each as the hash of its digits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Keys {
    hashes: [u64; 3],
    /// Each as it is written; 0 if there is none.
    exact: [u32; 3],
    /// Whether a text has no digits, so that nothing can be said about it.
    unknown: bool,
}

impl Keys {
    /// The keys of a row's reference, transaction id and order number.
    pub(super) fn of(texts: [&str; 3]) -> Self {
        let mut keys = Self { exact: texts.map(exact), ..Self::default() };
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

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.exact.iter().all(|exact| *exact == 0)
    }

    /// The reference: its digits, and as it is written.
    pub(super) fn reference(&self) -> Option<(u64, u32)> {
        let ([digits, ..], [exact, ..]) = (self.hashes, self.exact);
        (exact != 0).then_some((digits, exact))
    }

    /// Whether two rows have a key in common, or could have.
    pub(super) fn shares(self, other: Self) -> bool {
        self.unknown || other.unknown || self.iter().any(|hash| other.hashes.contains(&hash))
    }

    /// The transaction id as it is written, and the second number of a row; 0 if there is none.
    pub(super) fn numbers(self) -> [u32; 2] {
        let [_, transaction, number] = self.exact;
        [transaction, number]
    }

    /// Whether two rows have one reference, as it is written.
    pub(super) fn names_the_same(self, other: Self) -> bool {
        self.exact.get(REFERENCE) == other.exact.get(REFERENCE)
            && self.exact.get(REFERENCE) != Some(&0)
    }

    /// Whether one of these texts of the row is written so.
    fn writes(&self, text: &str, fields: &[usize]) -> bool {
        let hash = exact(text);
        fields.iter().any(|field| self.exact.get(*field) == Some(&hash)) && hash != 0
    }
}

/// Whether a key is what is left of a text without spelling: its last letters and digits.
fn ends_in(text: &str, key: &str) -> bool {
    let plain = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => {
            u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c)
        }
        other => other,
    };
    let kept = text.chars().map(plain).filter(|c| c.is_alphanumeric());
    let kept: String = kept.map(|c| c.to_ascii_uppercase()).collect();
    !key.is_empty() && kept.ends_with(key)
}

/// The hash of a text as it is written; 0 if it is empty.
fn exact(text: &str) -> u32 {
    match text {
        "" => 0,
        text => u32::try_from(xxh3_64(text.as_bytes()) >> 32).unwrap_or(u32::MAX).max(1),
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

/// The rules that make matches, and the reason that each gives.
const REASONS: [(&str, &str); 9] = [
    ("M010", "transaction_id"),
    ("M020", "reference"),
    ("M030", "order_number"),
    ("M040", "normalised_reference"),
    ("M050", LISTED),
    ("M055", MISTYPED),
    ("M060", AMOUNT),
    ("M070", AMOUNT),
    ("M080", SUM),
];

/// The rule that only adds to matches.
const LIFECYCLE: &str = "M100";

impl Verifier<'_> {
    /// Holds the rule of a match against the reason that is given, and its class against both.
    pub(super) fn check_rule(
        &mut self,
        name: MatchName,
        rule: &str,
        class: Class,
        evidence: &[Evidence],
    ) {
        let known = REASONS.iter().find(|(code, _)| *code == rule);
        let kinds: Vec<&str> = evidence.iter().map(|reason| reason.kind.as_str()).collect();
        let fits = known.map_or(rule != LIFECYCLE, |(_, kind)| kinds == [*kind]);
        let spelled = evidence.iter().all(|reason| {
            let twice = !reason.orders.is_empty() && !reason.settlement.is_empty();
            let none = reason.orders.is_empty() && reason.settlement.is_empty();
            if matches!(rule, "M040" | "M055" | "M070") { twice } else { none }
        });
        if !fits || known.is_some() && !spelled {
            let what = "the rule of a match is not that of its evidence";
            let shown = (rule, kinds.join(", "));
            self.findings.differs(CheckName::Matches, what, || name.to_string(), shown);
        }
        let keyed = known.is_some_and(|(_, kind)| ![AMOUNT, MISTYPED, SUM].contains(kind));
        if keyed && class != Class::Forced {
            let what = "what shares a key is not interchangeable";
            self.findings.differs(CheckName::Matches, what, || name.to_string(), (rule, "forced"));
        }
    }

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
            let writes = |rows: &[Index], text: &str, fields: &[usize]| {
                rows.iter().any(|row| self.keys(*row).writes(text, fields))
            };
            let value = reason.value.as_str();
            let holds = match reason.kind.as_str() {
                AMOUNT => self.have_amounts([orders, lines], reason),
                SUM => self.add_up([orders, lines], value),
                MISTYPED => {
                    let [ordered, settled] = [&*reason.orders, &*reason.settlement];
                    writes(orders, ordered, &[REFERENCE])
                        && writes(lines, settled, &[REFERENCE])
                        && value == settled
                        && self.have_one_claim([orders, lines])
                }
                LISTED => self.is_listed(orders, value) && writes(lines, value, &[REFERENCE]),
                "transaction_id" => {
                    [orders, lines].iter().all(|rows| writes(rows, value, &[TRANSACTION]))
                }
                "reference" => [orders, lines].iter().all(|rows| writes(rows, value, &[REFERENCE])),
                "order_number" => {
                    let fields = [REFERENCE, NUMBER];
                    [orders, lines].iter().all(|rows| writes(rows, value, &fields))
                }
                _ => {
                    let [ordered, settled] = [&*reason.orders, &*reason.settlement];
                    writes(orders, ordered, &[REFERENCE])
                        && writes(lines, settled, &[REFERENCE])
                        && [ordered, settled].iter().all(|text| ends_in(text, value))
                }
            };
            if !holds {
                let what = "the evidence of a match is not what its rows say";
                let shown = (format!("{} {}", reason.kind, reason.value), String::new());
                self.findings.differs(CheckName::Matches, what, || name.to_string(), shown);
            }
        }
        let alone = if keyed { self.apart([orders, lines]) } else { None };
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

    /// The payments among some rows, added up, by currency.
    fn sum(&self, rows: &[Index]) -> Option<BTreeMap<Currency, Amount>> {
        let mut sums: BTreeMap<Currency, Amount> = BTreeMap::new();
        for row in rows {
            if self.ledger.get(*row)?.kind.is_payment() {
                let (amount, currency) = self.ledger.claim(*row)?;
                let sum = sums.entry(currency).or_default();
                *sum = sum.checked_add(amount)?;
            }
        }
        Some(sums)
    }

    /// Whether the payments of both sides come to the same.
    fn have_one_claim(&self, [orders, lines]: [&[Index]; 2]) -> bool {
        self.sum(orders).is_some_and(|sum| !sum.is_empty() && Some(sum) == self.sum(lines))
    }

    /// Whether the payments of both sides come to the stated sum.
    fn add_up(&self, sides: [&[Index]; 2], stated: &str) -> bool {
        let sum = self.sum(sides[0]).unwrap_or_default();
        let one = sum.iter().next().filter(|_| sum.len() == 1);
        let is_stated = one.is_some_and(|(currency, amount)| {
            stated == format!("{currency} {}", amount.format(*currency))
        });
        is_stated && self.have_one_claim(sides)
    }

    /// Whether rows are of sources that speak of different shops or accounts; a scope counts where
    /// orders and another side have it.
    fn are_of_two_scopes<'a>(&self, rows: impl Iterator<Item = &'a Index>) -> bool {
        let mut scopes = rows.map(|row| self.scope_of(*row));
        let first = scopes.next();
        scopes.any(|scope| Some(scope) != first)
    }

    /// The scope within which a row is matched, as a number; 0: with all that have none.
    pub(super) fn scope_of(&self, row: Index) -> usize {
        if self.sources.iter().all(|source| source.scope.is_empty()) {
            return 0;
        }
        let source = self.ledger.get(row).map(|record| usize::from(record.source));
        let Some(own) = source.and_then(|source| self.sources.get(source)) else { return 0 };
        let is_order = own.side == Side::Orders;
        let mut same = self
            .sources
            .iter()
            .filter(|other| other.scope == own.scope && other.side != Side::Webhook);
        let shared = same.any(|other| (other.side == Side::Orders) != is_order);
        let first = self.sources.iter().position(|other| other.scope == own.scope);
        let number = first.map_or(0, |first| first.saturating_add(1));
        if shared && !own.scope.is_empty() { number } else { 0 }
    }

    fn keys(&self, index: Index) -> Keys {
        self.ledger.get(index).map_or_else(Keys::default, |record| record.keys)
    }

    /// Whether the reference or transaction id of a row is written so.
    pub(super) fn writes_key(&self, row: Index, text: &str) -> bool {
        self.keys(row).writes(text, &[REFERENCE, TRANSACTION])
    }

    /// Whether each order is one of the numbers of a list.
    fn is_listed(&self, orders: &[Index], list: &str) -> bool {
        let numbers: BTreeSet<u64> = list.split(SEPARATORS).filter_map(digits).collect();
        orders.iter().all(|order| {
            let keys = self.keys(*order);
            keys.unknown || keys.iter().any(|hash| numbers.contains(&hash))
        })
    }

    /// A row that no chain of common keys joins with the first.
    fn apart(&self, sides: [&[Index]; 2]) -> Option<Index> {
        let mut rest: Vec<Index> = sides.into_iter().flatten().copied().collect();
        let mut reached: Vec<Index> = rest.pop().into_iter().collect();
        let mut hashes = BTreeSet::new();
        while let Some(row) = reached.pop() {
            let keys = self.keys(row);
            if keys.unknown {
                // Of a text without digits nothing can be said.
                return None;
            }
            hashes.extend(keys.iter());
            let (joined, others): (Vec<Index>, Vec<Index>) = rest.iter().partition(|other| {
                let keys = self.keys(**other);
                keys.unknown || keys.iter().any(|hash| hashes.contains(&hash))
            });
            reached.extend(joined);
            rest = others;
        }
        rest.first().copied()
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
