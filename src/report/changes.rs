//! Decides what became of the matches of an earlier result: which are new, which are gone, and whose
//! rows have other partners now. What a change of the rules did, before anybody relies on it.
//!
//! Rows are the same rows if they say the same (their identities), wherever they stand.

use std::collections::BTreeMap;
use std::io::BufRead;

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::entry::Side;
use crate::error::Error;
use crate::money::{Amount, Currency};
use crate::report::Run;
use crate::report::order::place;
use crate::sort;

/// Money by currency; `None` where a sum is beyond the range of exact numbers, and so is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Money(BTreeMap<Currency, Option<Amount>>);

impl Money {
    /// Adds an amount.
    pub fn add(&mut self, currency: Currency, amount: Option<Amount>) {
        let sum = self.0.entry(currency).or_insert(Some(Amount::ZERO));
        *sum = sum.zip(amount).and_then(|(sum, amount)| sum.checked_add(amount));
    }

    /// The sums, by currency.
    pub fn sums(&self) -> impl Iterator<Item = (Currency, Option<Amount>)> + '_ {
        self.0.iter().map(|(currency, sum)| (*currency, *sum))
    }
}

/// The entries of one match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pairing {
    /// The code of its rule.
    pub rule: String,
    /// The rows of its orders.
    pub orders: Vec<String>,
    /// Its other rows.
    pub lines: Vec<String>,
    /// The gross of its orders.
    pub money: Money,
    /// The identities of its rows, sorted.
    identities: Vec<String>,
}

/// Matches of the earlier result and of the new one that share rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// What the earlier result has.
    pub before: Vec<Pairing>,
    /// What the new one has.
    pub after: Vec<Pairing>,
}

/// Everything that changed, in the order of the new result's matches, then of the earlier one's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Matches of rows that were in none.
    pub gained: Vec<Change>,
    /// Matches whose rows are in none now.
    pub lost: Vec<Change>,
    /// Rows that have other partners.
    pub repaired: Vec<Change>,
    /// Matches of the same rows.
    pub unchanged: u64,
}

/// What is read of an entry.
#[derive(Deserialize)]
struct Row {
    row: String,
    side: String,
    identity: String,
    amount: String,
    currency: String,
}

/// What is read of a match.
#[derive(Deserialize)]
struct Match {
    rule: String,
    orders: Vec<String>,
    settlement: Vec<String>,
    #[serde(default)]
    bank: Vec<String>,
}

impl Changes {
    /// Compares a run with an earlier result document.
    ///
    /// # Errors
    /// `diff/not-a-result` with the line that cannot be understood, `file/not-read`.
    pub fn since(earlier: impl BufRead, run: &Run) -> Result<Self, Error> {
        Ok(Self::between(read(earlier)?, matches(run)))
    }

    fn between(before: Vec<Pairing>, after: Vec<Pairing>) -> Self {
        let mut groups = Groups::new(before.len().saturating_add(after.len()));
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, pairing) in after.iter().chain(&before).enumerate() {
            for identity in &pairing.identities {
                match first.get(identity.as_str()) {
                    Some(other) => groups.join(*other, place),
                    None => drop(first.insert(identity, place)),
                }
            }
        }
        let mut found: BTreeMap<usize, Change> = BTreeMap::new();
        let all = after.into_iter().map(Ok).chain(before.into_iter().map(Err)).enumerate();
        for (place, pairing) in all {
            let change = found.entry(groups.root(place)).or_default();
            match pairing {
                Ok(pairing) => change.after.push(pairing),
                Err(pairing) => change.before.push(pairing),
            }
        }
        let mut changes = Self::default();
        found.into_values().for_each(|change| changes.sort_in(change));
        changes
    }

    fn sort_in(&mut self, change: Change) {
        match (change.before.as_slice(), change.after.as_slice()) {
            ([before], [after]) if before.identities == after.identities => {
                self.unchanged = self.unchanged.saturating_add(1);
            }
            ([], _) => self.gained.push(change),
            (_, []) => self.lost.push(change),
            _ => self.repaired.push(change),
        }
    }
}

/// Matches that share rows, directly or through others; the root of a group is its least place.
struct Groups(Vec<usize>);

impl Groups {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, place: usize) -> usize {
        let mut root = place;
        while let Some(next) = self.0.get(root).copied().filter(|next| *next != root) {
            root = next;
        }
        if let Some(own) = self.0.get_mut(place) {
            *own = root;
        }
        root
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(root) = self.0.get_mut(one.max(other)) {
            *root = one.min(other);
        }
    }
}

/// The matches of a run.
fn matches(run: &Run) -> Vec<Pairing> {
    let mut ids: Vec<_> = run.matches.ids().collect();
    sort::sort_by_key(&mut ids, |id| {
        let members = run.matches.members(&run.entries, *id);
        members.map(|member| place(&run.entries, member)).min()
    });
    let of = |id| {
        let mut members: Vec<_> = run.matches.members(&run.entries, id).collect();
        run.entries.sort(&mut members);
        let mut pairing = Pairing::new(run.matches.rule(id).name());
        for member in members {
            let entries = &run.entries;
            let identity = entries.identity(member).to_string();
            let money = (entries.amount(member), entries.currency(member));
            let is_order = entries.side(member) == Side::Orders;
            pairing.add(run.row_name(member), identity, is_order.then_some(money));
        }
        pairing.finished()
    };
    ids.into_iter().map(of).collect()
}

impl Pairing {
    fn new(rule: &str) -> Self {
        let (orders, lines, identities) = (Vec::new(), Vec::new(), Vec::new());
        Self { rule: rule.to_owned(), orders, lines, money: Money::default(), identities }
    }

    fn add(&mut self, row: String, identity: String, ordered: Option<(Amount, Currency)>) {
        self.identities.push(identity);
        let Some((amount, currency)) = ordered else { return self.lines.push(row) };
        self.orders.push(row);
        self.money.add(currency, Some(amount));
    }

    fn finished(mut self) -> Self {
        sort::sort(&mut self.identities);
        self
    }
}

/// The matches of a result document, which has one element a line.
fn read(mut document: impl BufRead) -> Result<Vec<Pairing>, Error> {
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let mut pairings = Vec::new();
    let (mut section, mut number, mut line) = (Section::Other, 0_u32, String::new());
    let mut ended = false;
    loop {
        line.clear();
        let count = document.read_line(&mut line).map_err(|error| {
            Error::new("file/not-read", format!("the earlier result cannot be read: {error}"))
        })?;
        if count == 0 {
            break;
        }
        number = number.saturating_add(1);
        let text = line.trim_end();
        let element = text.strip_suffix(',').unwrap_or(text);
        match (section, element) {
            _ if number == 1 && !text.starts_with("{\"schema\":1,") => {
                return Err(not_a_result(number));
            }
            (_, "\"entries\":[") => section = Section::Entries,
            (_, "\"matches\":[") => section = Section::Matches,
            _ if text.starts_with(']') => {
                ended |= section == Section::Matches;
                section = Section::Other;
            }
            (Section::Entries, element) => {
                let row: Row = serde_json::from_str(element).map_err(|_| not_a_result(number))?;
                rows.insert(row.row.clone(), row);
            }
            (Section::Matches, element) => {
                let found = serde_json::from_str(element).map_err(|_| not_a_result(number))?;
                pairings.push(pairing(&found, &rows).ok_or_else(|| not_a_result(number))?);
            }
            (Section::Other, _) => {}
        }
    }
    if ended { Ok(pairings) } else { Err(not_a_result(number)) }
}

/// Where a line of a document stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Entries,
    Matches,
    Other,
}

fn pairing(found: &Match, rows: &BTreeMap<String, Row>) -> Option<Pairing> {
    let mut pairing = Pairing::new(&found.rule);
    for name in found.orders.iter().chain(&found.settlement).chain(&found.bank) {
        let row = rows.get(name)?;
        let ordered = match row.side == Side::Orders.name() {
            true => {
                let currency = Currency::from_code(&row.currency)?;
                let amount = Decimal::from_str_exact(&row.amount).ok()?;
                Some((Amount::from_major(amount, currency).ok()?, currency))
            }
            false => None,
        };
        pairing.add(name.clone(), row.identity.clone(), ordered);
    }
    Some(pairing.finished())
}

fn not_a_result(line: u32) -> Error {
    Error::new("diff/not-a-result", "the earlier result is no result document")
        .at_line(line)
        .remedy_is("name a result that `crossfoot reconcile --out RESULT.json` wrote")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_beyond_exact_numbers_is_not_a_smaller_one() {
        let [kes, ngn] = ["KES", "NGN"].map(|code| Currency::from_code(code).expect("active"));
        let large: Decimal = Decimal::MAX / Decimal::from(100);
        let large = Amount::from_major(large.trunc(), kes).expect("in range");
        let mut money = Money::default();
        for (currency, amount) in [(kes, large), (ngn, Amount::from_minor(5)), (kes, large)] {
            money.add(currency, Some(amount));
        }
        money.add(kes, Some(Amount::from_minor(1)));
        let sums: Vec<_> = money.sums().collect();
        assert_eq!(sums, [(kes, None), (ngn, Some(Amount::from_minor(5)))]);
    }
}
