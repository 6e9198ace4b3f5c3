//! Decides, within one key, which line pays which order.
//!
//! The entries of a key are a multiset: equal claims are paired oldest first, and what is left
//! over of equal claims is a duplicate. One order may be paid by several lines and one line may
//! pay several orders, when the sums say so.

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::entry::{Entries, Side};
use crate::ids::EntryId;
use crate::limits::CANDIDATES_SHOWN;
use crate::matching::{Class, Matches, Rule};
use crate::money::{Amount, Currency};
use crate::sort;

/// What is compared with an order: the amount before conversion, where the line was converted.
pub(crate) fn claim(entries: &Entries, id: EntryId) -> (Amount, Currency) {
    entries.original(id).unwrap_or_else(|| (entries.amount(id), entries.currency(id)))
}

/// Resolves the groups of one pass.
#[derive(Debug)]
pub(crate) struct Resolver<'a> {
    pub(crate) entries: &'a mut Entries,
    pub(crate) matches: &'a mut Matches,
    pub(crate) rule: Rule,
}

/// The entries of one key in one currency, each list by age.
#[derive(Debug, Default)]
struct Claims {
    /// Orders without a match.
    orders: Vec<EntryId>,
    /// Orders that an earlier pass matched.
    taken: Vec<EntryId>,
    /// Open payment lines.
    lines: Vec<EntryId>,
}

impl Resolver<'_> {
    /// Matches what a group of entries with one key allows.
    pub(crate) fn group(&mut self, ids: &[EntryId]) {
        if let [order, line] = ids
            && self.pair_of_two(*order, *line)
        {
            return;
        }
        let payments: Vec<EntryId> =
            ids.iter().copied().filter(|id| self.entries.kind(*id).is_payment()).collect();
        let (orders, lines): (Vec<EntryId>, Vec<EntryId>) =
            payments.into_iter().partition(|id| self.entries.side(*id) == Side::Orders);
        if orders.is_empty() || lines.is_empty() {
            return;
        }
        let mut currencies: Vec<Currency> =
            orders.iter().map(|id| claim(self.entries, *id).1).collect();
        sort::sort(&mut currencies);
        currencies.dedup();
        for currency in currencies {
            let claims = self.claims_in(currency, &orders, &lines);
            self.resolve(claims);
        }
        self.note_currency_mismatch(&orders, &lines);
    }

    /// The usual case, without a list: one open order and one open line in one currency.
    fn pair_of_two(&mut self, order: EntryId, line: EntryId) -> bool {
        let entries = &*self.entries;
        let usual = entries.side(order) == Side::Orders
            && entries.side(line) == Side::Settlement
            && entries.kind(order).is_payment()
            && entries.kind(line).is_payment()
            && entries.match_of(order).is_none()
            && entries.match_of(line).is_none()
            && entries.currency(order) == claim(entries, line).1;
        if usual {
            self.make(&[order, line]);
        }
        usual
    }

    fn claims_in(&self, currency: Currency, orders: &[EntryId], lines: &[EntryId]) -> Claims {
        let mut claims = Claims::default();
        for id in orders.iter().filter(|id| claim(self.entries, **id).1 == currency) {
            match self.entries.match_of(*id) {
                Some(_) => claims.taken.push(*id),
                None => claims.orders.push(*id),
            }
        }
        claims.lines.extend(lines.iter().copied().filter(|id| {
            self.entries.match_of(*id).is_none() && claim(self.entries, *id).1 == currency
        }));
        self.entries.sort(&mut claims.orders);
        self.entries.sort(&mut claims.taken);
        self.entries.sort(&mut claims.lines);
        claims
    }

    fn resolve(&mut self, mut claims: Claims) {
        if self.split_payment(&mut claims) || self.combined_payment(&mut claims) {
            return;
        }
        let mut pairs = self.equal_pairs(&mut claims);
        if !claims.orders.is_empty() && !claims.lines.is_empty() {
            self.drop_repeated_lines(&mut claims);
            if let ([order], [_, _, ..]) = (claims.orders.as_slice(), claims.lines.as_slice()) {
                // Parts that do not add up: one match, and the difference is an exception on it.
                let mut members = vec![*order];
                members.append(&mut claims.lines);
                claims.orders.clear();
                self.make(&members);
                return;
            }
            pairs.extend(self.pairs_by_age(&mut claims));
        }
        self.note_duplicates(&claims, &pairs);
    }

    /// One order and several lines that add up to it (分账, instalments).
    fn split_payment(&mut self, claims: &mut Claims) -> bool {
        let ([order], [_, _, ..]) = (claims.orders.as_slice(), claims.lines.as_slice()) else {
            return false;
        };
        let sum = self.sum(&claims.lines);
        if sum != Some(self.entries.amount(*order)) {
            return false;
        }
        let mut members = vec![*order];
        members.append(&mut claims.lines);
        self.make(&members);
        true
    }

    /// Several orders of different numbers and one line that adds up to them.
    fn combined_payment(&mut self, claims: &mut Claims) -> bool {
        let ([first, _, ..], [line]) = (claims.orders.as_slice(), claims.lines.as_slice()) else {
            return false;
        };
        let reference = self.entries.reference(*first);
        let distinct =
            claims.orders.iter().skip(1).all(|o| self.entries.reference(*o) != reference);
        let sum = self.sum(&claims.orders);
        if !distinct || sum != Some(claim(self.entries, *line).0) {
            return false;
        }
        let mut members = std::mem::take(&mut claims.orders);
        members.push(*line);
        self.make(&members);
        true
    }

    fn sum(&self, ids: &[EntryId]) -> Option<Amount> {
        ids.iter().try_fold(Amount::ZERO, |sum, id| sum.checked_add(claim(self.entries, *id).0))
    }

    /// Pairs orders with lines of the same amount, oldest first.
    fn equal_pairs(&mut self, claims: &mut Claims) -> Vec<(EntryId, EntryId)> {
        // By amount, the oldest line last.
        let mut lines: BTreeMap<Amount, Vec<EntryId>> = BTreeMap::new();
        for line in claims.lines.iter().rev() {
            lines.entry(claim(self.entries, *line).0).or_default().push(*line);
        }
        let mut pairs = Vec::new();
        let mut rest = Vec::new();
        for order in std::mem::take(&mut claims.orders) {
            match lines.get_mut(&self.entries.amount(order)).and_then(Vec::pop) {
                Some(line) => {
                    self.make(&[order, line]);
                    pairs.push((order, line));
                }
                None => rest.push(order),
            }
        }
        claims.orders = rest;
        claims.lines.retain(|line| self.entries.match_of(*line).is_none());
        pairs
    }

    /// Lines of one transaction that stand there twice: the later ones are duplicates.
    fn drop_repeated_lines(&mut self, claims: &mut Claims) {
        let entries = &*self.entries;
        let mut first: BTreeMap<(&str, Amount), EntryId> = BTreeMap::new();
        let mut repeated = Vec::new();
        claims.lines.retain(|line| {
            let id = entries.transaction_id(*line);
            let twin = match id {
                "" => *line,
                _ => *first.entry((id, claim(entries, *line).0)).or_insert(*line),
            };
            if twin != *line {
                repeated.push((*line, twin));
            }
            twin == *line
        });
        for (line, twin) in repeated {
            self.matches.find(Code::DuplicateInSettlement, line, vec![twin]);
        }
    }

    /// What is left on both sides, oldest with oldest: the key says that they belong together.
    fn pairs_by_age(&mut self, claims: &mut Claims) -> Vec<(EntryId, EntryId)> {
        let count = claims.orders.len().min(claims.lines.len());
        let orders: Vec<EntryId> = claims.orders.drain(..count).collect();
        let lines: Vec<EntryId> = claims.lines.drain(..count).collect();
        let pairs: Vec<(EntryId, EntryId)> = orders.into_iter().zip(lines).collect();
        for (order, line) in &pairs {
            self.make(&[*order, *line]);
        }
        pairs
    }

    /// What is left of equal claims is a duplicate of the pair that took the place.
    fn note_duplicates(&mut self, claims: &Claims, pairs: &[(EntryId, EntryId)]) {
        if !claims.orders.is_empty() {
            self.note_repeated_orders(claims, pairs);
        }
        if !claims.lines.is_empty() {
            self.note_repeated_lines(claims, pairs);
        }
    }

    fn note_repeated_orders(&mut self, claims: &Claims, pairs: &[(EntryId, EntryId)]) {
        let entries = &*self.entries;
        let what = |order: EntryId| {
            (entries.amount(order), entries.reference(order), entries.stated_scope(order))
        };
        let mut first = BTreeMap::new();
        for order in pairs.iter().map(|(order, _)| *order).chain(claims.taken.iter().copied()) {
            first.entry(what(order)).or_insert(order);
        }
        for order in &claims.orders {
            if let Some(twin) = first.get(&what(*order)) {
                self.matches.find(Code::DuplicateInOrders, *order, vec![*twin]);
            }
        }
    }

    /// Lines of one currency that repeat a line of a pair, or of a match that an earlier pass made.
    fn note_repeated_lines(&mut self, claims: &Claims, pairs: &[(EntryId, EntryId)]) {
        let mut first: BTreeMap<(Amount, Currency), EntryId> = BTreeMap::new();
        for (_, line) in pairs {
            first.entry(claim(self.entries, *line)).or_insert(*line);
        }
        for order in &claims.taken {
            let Some(found) = self.entries.match_of(*order) else { continue };
            for member in self.matches.members(self.entries, found) {
                let is_payment = self.entries.side(member) == Side::Settlement
                    && self.entries.kind(member).is_payment();
                if is_payment {
                    first.entry(claim(self.entries, member)).or_insert(member);
                }
            }
        }
        for line in &claims.lines {
            if let Some(twin) = first.get(&claim(self.entries, *line)) {
                self.matches.find(Code::DuplicateInSettlement, *line, vec![*twin]);
            }
        }
    }

    /// One key, two currencies, no conversion: a question, never a match.
    fn note_currency_mismatch(&mut self, orders: &[EntryId], lines: &[EntryId]) {
        let orders = ByCurrency::of_open(self.entries, orders);
        let lines = ByCurrency::of_open(self.entries, lines);
        for (own, others) in [(&orders, &lines), (&lines, &orders)] {
            for (currency, ids) in &own.0 {
                let candidates = others.beside(*currency);
                if candidates.is_empty() {
                    continue;
                }
                for id in ids {
                    self.matches.find(Code::CurrencyMismatch, *id, candidates.clone());
                }
            }
        }
    }

    fn make(&mut self, members: &[EntryId]) {
        let _ = self.matches.make(self.entries, self.rule, Class::Forced, members);
    }
}

/// Open entries of one key, by the currency of their claims, each list by age.
struct ByCurrency(BTreeMap<Currency, Vec<EntryId>>);

impl ByCurrency {
    fn of_open(entries: &Entries, ids: &[EntryId]) -> Self {
        let mut all: BTreeMap<Currency, Vec<EntryId>> = BTreeMap::new();
        for id in ids.iter().filter(|id| entries.match_of(**id).is_none()) {
            all.entry(claim(entries, *id).1).or_default().push(*id);
        }
        all.values_mut().for_each(|ids| entries.sort(ids));
        Self(all)
    }

    /// Entries of the other currencies: as many of each as are shown.
    fn beside(&self, currency: Currency) -> Vec<EntryId> {
        let others = self.0.iter().filter(|(own, _)| **own != currency);
        others.flat_map(|(_, ids)| ids.iter().take(CANDIDATES_SHOWN).copied()).collect()
    }
}
