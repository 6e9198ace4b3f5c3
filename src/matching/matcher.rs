//! Runs the passes in their order, in steps small enough that a cancel is answered at once.

#[cfg(test)]
mod partitions;

use crate::codes::Code;
use crate::entry::{Disposition, Entries, Side};
use crate::ids::EntryId;
use crate::limits::CANDIDATES_SHOWN;
use crate::matching::keys::{Chains, KeyTable, Room, told_apart};
use crate::matching::leftovers::{Due, decide, set_aside};
use crate::matching::rarity::Census;
use crate::matching::resolve::Resolver;
use crate::matching::rules::m010_transaction_id::TransactionId;
use crate::matching::rules::m020_reference::Reference;
use crate::matching::rules::m030_order_number::{LineOrderNumber, OrderNumber};
use crate::matching::rules::m040_normalised_reference::NormalisedReference;
use crate::matching::rules::m055_mistyped_reference::Slips;
use crate::matching::rules::m070_amount_within_tolerance::Near;
use crate::matching::rules::m080_subset_sum::Sums;
use crate::matching::rules::{
    KeyedRule, m050_reference_list, m060_amount_and_time, m100_lifecycle, m110_payout_to_bank,
};
use crate::matching::surviving_digits;
use crate::matching::{Matches, Rule, Tolerance, WithoutReference};
use crate::matching::{announced, claims, other_reference, reservations, reversed};
use crate::money::Amount;

/// What the matching needs to know besides the entries.
#[derive(Clone, Debug)]
pub struct Terms {
    /// When money must be there.
    pub due: Due,
    /// Passes that do not run.
    pub off: Vec<Rule>,
    /// Whether and how far apart rows are matched without a reference.
    pub without_reference: WithoutReference,
    /// How far amounts may differ.
    pub tolerance: Tolerance,
}

/// What a step works on.
#[derive(Debug)]
enum Phase {
    SetAside(u32),
    Collect(By, u32, KeyTable),
    Chain(By, KeyTable, Chains),
    Pair(By, u32, Chains),
    ReferenceList,
    CollectSlips(u32, Slips),
    PairSlips(Slips),
    CollectNear(u32, Near),
    PairNear(Near),
    CollectSums(u32, Sums),
    PairSums(Sums),
    Lifecycle,
    Leftovers(u32),
    Done,
}

/// What entries are brought together by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// The key of a pass.
    Key(Pass),
    /// Amount and currency, without a key.
    Amount,
}

/// The keyed passes, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    TransactionId,
    Reference,
    OrderNumber,
    LineOrderNumber,
    NormalisedReference,
}

impl Pass {
    fn next(self) -> Option<Self> {
        Some(match self {
            Self::TransactionId => Self::Reference,
            Self::Reference => Self::OrderNumber,
            Self::OrderNumber => Self::LineOrderNumber,
            Self::LineOrderNumber => Self::NormalisedReference,
            Self::NormalisedReference => return None,
        })
    }

    fn rule(self) -> Rule {
        match self {
            Self::TransactionId => TransactionId::RULE,
            Self::Reference => Reference::RULE,
            Self::OrderNumber => OrderNumber::RULE,
            Self::LineOrderNumber => LineOrderNumber::RULE,
            Self::NormalisedReference => NormalisedReference::RULE,
        }
    }

    /// Calls a function with the rule of the pass.
    fn with<T>(self, call: impl RuleCall<T>) -> T {
        match self {
            Self::TransactionId => call.call::<TransactionId>(),
            Self::Reference => call.call::<Reference>(),
            Self::OrderNumber => call.call::<OrderNumber>(),
            Self::LineOrderNumber => call.call::<LineOrderNumber>(),
            Self::NormalisedReference => call.call::<NormalisedReference>(),
        }
    }
}

/// Something to do with whichever rule it is.
trait RuleCall<T> {
    fn call<R: KeyedRule>(self) -> T;
}

/// The matching of one run.
#[derive(Debug)]
pub struct Matcher {
    terms: Terms,
    phase: Phase,
    matches: Matches,
    /// Entries about which a keyed pass has a question, sorted.
    asked: Vec<EntryId>,
    /// Amounts of all payments, where rows may be matched without a reference.
    census: Census,
}

impl Matcher {
    /// A matching that has not begun.
    pub fn new(terms: Terms) -> Self {
        let (phase, matches) = (Phase::SetAside(0), Matches::default());
        Self { terms, phase, matches, asked: Vec::new(), census: Census::default() }
    }

    /// Works on about `budget` entries; `false` once everything has its place.
    pub fn step(&mut self, entries: &mut Entries, budget: u32) -> bool {
        self.phase = match std::mem::replace(&mut self.phase, Phase::Done) {
            Phase::SetAside(from) => {
                let end = from.saturating_add(budget).min(entries.len());
                (from..end).for_each(|id| set_aside(entries, EntryId(id)));
                if end < entries.len() { Phase::SetAside(end) } else { begin(Pass::TransactionId) }
            }
            Phase::Collect(By::Key(pass), 0, _)
                if self.terms.off.contains(&pass.rule()) || !pass.with(HasKeys { entries }) =>
            {
                after(pass)
            }
            Phase::Collect(by, from, mut table) => {
                let end = from.saturating_add(budget).min(entries.len());
                match by {
                    By::Key(pass) => pass.with(Collect { entries, table: &mut table, from, end }),
                    By::Amount => self.collect_amounts(entries, &mut table, from, end),
                }
                if end < entries.len() {
                    Phase::Collect(by, end, table)
                } else {
                    Phase::Chain(by, table, Chains::new(entries.len()))
                }
            }
            Phase::Chain(by, mut table, mut chains) => {
                let left = chain(&mut table, &mut chains, budget);
                if left { Phase::Chain(by, table, chains) } else { Phase::Pair(by, 0, chains) }
            }
            Phase::Pair(by, from, mut chains) => {
                let end = from.saturating_add(budget).min(entries.len());
                let (chains_in, matches) = (&mut chains, &mut self.matches);
                match by {
                    By::Key(pass) => {
                        pass.with(Pair { entries, matches, chains: chains_in, from, end });
                    }
                    By::Amount => self.pair_amounts(entries, chains_in, from, end),
                }
                match by {
                    _ if end < entries.len() => Phase::Pair(by, end, chains),
                    By::Key(pass) => after(pass),
                    By::Amount => self.after_amounts(),
                }
            }
            Phase::ReferenceList => {
                if !self.terms.off.contains(&Rule::ReferenceList) {
                    m050_reference_list::run(entries, &mut self.matches);
                }
                claims::run(entries, &mut self.matches, &self.terms.due);
                surviving_digits::run(entries, &mut self.matches);
                self.asked = self.matches.rows_found();
                Phase::CollectSlips(0, Slips::default())
            }
            Phase::CollectSlips(from, mut slips) => {
                let end = from.saturating_add(budget).min(entries.len());
                for id in (from..end).map(EntryId) {
                    if self.terms.without_reference.automatic {
                        self.census.add(entries, id);
                    }
                    if self.asked.binary_search(&id).is_err() {
                        slips.add(entries, id);
                    }
                }
                if end < entries.len() {
                    Phase::CollectSlips(end, slips)
                } else {
                    slips.sort();
                    self.census.sort();
                    self.census.weigh(&|_| 0);
                    Phase::PairSlips(slips)
                }
            }
            Phase::PairSlips(mut slips) => {
                let terms = (&self.terms, &self.census);
                if slips.step(entries, &mut self.matches, terms, budget) {
                    Phase::PairSlips(slips)
                } else {
                    self.asked = self.matches.rows_found();
                    Phase::Collect(By::Amount, 0, KeyTable::new())
                }
            }
            Phase::CollectNear(from, mut near) => {
                let end = from.saturating_add(budget).min(entries.len());
                let nobody_asked = |id: &EntryId| self.asked.binary_search(id).is_err();
                let ids = (from..end).map(EntryId).filter(nobody_asked);
                ids.for_each(|id| near.add(entries, &self.terms, id));
                if end < entries.len() {
                    Phase::CollectNear(end, near)
                } else {
                    near.sort();
                    self.census.weigh(&|(currency, minor)| {
                        self.terms.tolerance.limit(Amount::from_minor(minor), currency)
                    });
                    Phase::PairNear(near)
                }
            }
            Phase::PairNear(mut near) => {
                let left =
                    near.step(entries, &mut self.matches, (&self.terms, &self.census), budget);
                if left { Phase::PairNear(near) } else { self.then_sums() }
            }
            Phase::CollectSums(from, mut sums) => {
                let end = from.saturating_add(budget).min(entries.len());
                let nobody_asked = |id: &EntryId| self.asked.binary_search(id).is_err();
                let ids = (from..end).map(EntryId).filter(nobody_asked);
                ids.for_each(|id| sums.add(entries, &self.terms, id));
                if end < entries.len() {
                    Phase::CollectSums(end, sums)
                } else {
                    sums.sort(entries);
                    Phase::PairSums(sums)
                }
            }
            Phase::PairSums(mut sums) => {
                let terms = (&self.terms, &self.census);
                let left = sums.step(entries, &mut self.matches, terms, budget);
                if left { Phase::PairSums(sums) } else { Phase::Lifecycle }
            }
            Phase::Lifecycle => {
                m100_lifecycle::run(entries, &mut self.matches);
                reversed::run(entries, &mut self.matches);
                reservations::run(entries, &mut self.matches, self.terms.due.as_of);
                other_reference::run(entries, &mut self.matches, &self.terms);
                m110_payout_to_bank::run(entries, &mut self.matches);
                announced::run(entries, &mut self.matches, &self.terms.due);
                self.matches.settle_findings(entries);
                Phase::Leftovers(0)
            }
            Phase::Leftovers(from) => {
                let end = from.saturating_add(budget).min(entries.len());
                for id in from..end {
                    decide(entries, &self.matches, &self.terms.due, EntryId(id));
                }
                if end < entries.len() { Phase::Leftovers(end) } else { Phase::Done }
            }
            Phase::Done => Phase::Done,
        };
        !matches!(self.phase, Phase::Done)
    }

    /// Adds the amounts of entries that may go without a key and that nobody has asked about.
    fn collect_amounts(&self, entries: &Entries, table: &mut KeyTable, from: u32, end: u32) {
        let mut key = Vec::new();
        for id in (from..end).map(EntryId) {
            let is_open = entries.disposition(id) == Disposition::Open;
            if is_open && self.asked.binary_search(&id).is_err() {
                m060_amount_and_time::key(entries, id, &mut key);
                table.add(id, &key);
            }
        }
    }

    /// Pairs the equal amounts of which the first stands in a range of entries.
    fn pair_amounts(&mut self, entries: &mut Entries, chains: &mut Chains, from: u32, end: u32) {
        let key = m060_amount_and_time::key;
        let pair = |entries: &mut Entries, matches: &mut Matches, ids: &[EntryId]| {
            m060_amount_and_time::pair(entries, matches, (&self.terms, &self.census), ids);
        };
        walk(entries, &mut self.matches, chains, from..end, key, pair);
    }

    /// What comes after equal amounts.
    fn after_amounts(&mut self) -> Phase {
        if self.terms.tolerance.is_none() {
            return self.then_sums();
        }
        self.asked = self.matches.rows_found();
        Phase::CollectNear(0, Near::default())
    }

    /// Goes on to sums, of rows that nobody has asked about.
    fn then_sums(&mut self) -> Phase {
        self.asked = self.matches.rows_found();
        Phase::CollectSums(0, Sums::default())
    }

    /// A share of the work that is done, in thousandths.
    pub fn progress(&self, entries: &Entries) -> u32 {
        let of = |from: u32, share: u32| {
            let total = u64::from(entries.len().max(1));
            u32::try_from(u64::from(from).saturating_mul(u64::from(share)) / total).unwrap_or(0)
        };
        match &self.phase {
            Phase::SetAside(from) => of(*from, 50),
            Phase::Collect(By::Key(pass), from, _) => 50 + 150 * (*pass as u32) + of(*from, 50),
            Phase::Chain(By::Key(pass), ..) => 100 + 150 * (*pass as u32),
            Phase::Pair(By::Key(pass), from, _) => 120 + 150 * (*pass as u32) + of(*from, 70),
            Phase::ReferenceList => 800,
            Phase::CollectSlips(from, _) => 801 + of(*from, 7),
            Phase::PairSlips(_) => 809,
            Phase::Collect(By::Amount, from, _) => 810 + of(*from, 15),
            Phase::Chain(By::Amount, ..) => 825,
            Phase::Pair(By::Amount, from, _) => 827 + of(*from, 7),
            Phase::CollectNear(from, _) => 835 + of(*from, 5),
            Phase::PairNear(_) => 840,
            Phase::CollectSums(from, _) => 841 + of(*from, 5),
            Phase::PairSums(_) => 847,
            Phase::Lifecycle => 850,
            Phase::Leftovers(from) => 900 + of(*from, 100),
            Phase::Done => 1000,
        }
    }

    /// The matches, once [`Matcher::step`] has said that all is done.
    pub fn finish(self) -> Matches {
        self.matches
    }
}

/// The beginning of a keyed pass.
fn begin(pass: Pass) -> Phase {
    Phase::Collect(By::Key(pass), 0, KeyTable::new())
}

/// What comes after a keyed pass.
fn after(pass: Pass) -> Phase {
    pass.next().map_or(Phase::ReferenceList, begin)
}

/// Links the entries of the next buckets; whether there are more.
fn chain(table: &mut KeyTable, chains: &mut Chains, budget: u32) -> bool {
    let mut done = 0_usize;
    while done < budget as usize {
        let Some(bucket) = table.next_bucket() else { return false };
        done = done.saturating_add(bucket.len()).saturating_add(1);
        chains.link(&bucket);
    }
    true
}

/// Whether both sides have an entry with a key of the pass: if not, there is nothing to pair.
struct HasKeys<'a> {
    entries: &'a Entries,
}

impl RuleCall<bool> for HasKeys<'_> {
    fn call<R: KeyedRule>(self) -> bool {
        let Self { entries } = self;
        let mut key = Vec::new();
        let mut has = |side| {
            entries.ids_on(side).filter(|id| entries.kind(*id).is_payment()).any(|id| {
                write_key::<R>(entries, id, &mut key);
                !key.is_empty()
            })
        };
        // After the first passes hardly a line is open, and that is quickly seen.
        has(Side::Settlement) && has(Side::Orders)
    }
}

/// Adds the keys of a range of entries to a pass's table.
struct Collect<'a> {
    entries: &'a Entries,
    table: &'a mut KeyTable,
    from: u32,
    end: u32,
}

impl RuleCall<()> for Collect<'_> {
    fn call<R: KeyedRule>(self) {
        let mut key = Vec::new();
        for id in (self.from..self.end).map(EntryId) {
            if self.entries.kind(id).is_payment() {
                write_key::<R>(self.entries, id, &mut key);
                self.table.add(id, &key);
            }
        }
    }
}

/// Orders keep their key when they are matched, so that a second line for them is noticed.
fn write_key<R: KeyedRule>(entries: &Entries, id: EntryId, key: &mut Vec<u8>) {
    key.clear();
    match (entries.side(id), entries.disposition(id)) {
        (Side::Orders, Disposition::Open | Disposition::Matched) => R::order_key(entries, id, key),
        (Side::Settlement, Disposition::Open) => R::line_key(entries, id, key),
        _ => {}
    }
    entries.add_scope(id, key);
}

/// Matches the groups of which the first entry stands in a range.
struct Pair<'a> {
    entries: &'a mut Entries,
    matches: &'a mut Matches,
    chains: &'a mut Chains,
    from: u32,
    end: u32,
}

impl RuleCall<()> for Pair<'_> {
    fn call<R: KeyedRule>(self) {
        let Self { entries, matches, chains, from, end } = self;
        walk(entries, matches, chains, from..end, write_key::<R>, pair_group::<R>);
    }
}

/// Calls `pair` for each set of entries with exactly the same key of which the first is in a range.
fn walk(
    entries: &mut Entries,
    matches: &mut Matches,
    chains: &mut Chains,
    range: std::ops::Range<u32>,
    key: fn(&Entries, EntryId, &mut Vec<u8>),
    pair: impl Fn(&mut Entries, &mut Matches, &[EntryId]),
) {
    let (mut ids, mut room) = (Vec::new(), Room::default());
    for first in range.map(EntryId) {
        chains.take(first, &mut ids);
        if ids.is_empty() {
            continue;
        }
        let of = |id, out: &mut Vec<u8>| key(entries, id, out);
        if room.all_same(&ids, &of) {
            pair(entries, matches, &ids);
        } else {
            for set in told_apart(&ids, &of) {
                pair(entries, matches, &set);
            }
        }
    }
}

fn pair_group<R: KeyedRule>(entries: &mut Entries, matches: &mut Matches, ids: &[EntryId]) {
    if let [order, _] = ids
        && entries.side(*order) == Side::Orders
    {
        return Resolver { entries, matches, rule: R::RULE }.group(ids);
    }
    let (mut orders, lines): (Vec<EntryId>, Vec<EntryId>) =
        ids.iter().copied().partition(|id| entries.side(*id) == Side::Orders);
    if R::allows(entries, &orders) {
        Resolver { entries, matches, rule: R::RULE }.group(ids);
    } else {
        entries.sort(&mut orders);
        orders.truncate(CANDIDATES_SHOWN);
        for line in lines {
            matches.find(Code::AmbiguousPair, line, orders.clone());
        }
    }
}
