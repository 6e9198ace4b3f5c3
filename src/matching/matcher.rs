//! Runs the passes in their order, in steps small enough that a cancel is answered at once.

use crate::codes::Code;
use crate::entry::{Disposition, Entries, Side};
use crate::ids::EntryId;
use crate::matching::keys::{KeyTable, groups};
use crate::matching::leftovers::{Due, decide, set_aside};
use crate::matching::rarity::Census;
use crate::matching::resolve::Resolver;
use crate::matching::rules::m010_transaction_id::TransactionId;
use crate::matching::rules::m020_reference::Reference;
use crate::matching::rules::m030_order_number::{LineOrderNumber, OrderNumber};
use crate::matching::rules::m040_normalised_reference::NormalisedReference;
use crate::matching::rules::m070_amount_within_tolerance::Near;
use crate::matching::rules::{
    KeyedRule, m050_reference_list, m060_amount_and_time, m100_lifecycle,
};
use crate::matching::{Matches, Tolerance, WithoutReference};
use crate::money::Amount;

/// What the matching needs to know besides the entries.
#[derive(Clone, Debug)]
pub struct Terms {
    /// When money must be there.
    pub due: Due,
    /// Whether and how far apart rows are matched without a reference.
    pub without_reference: WithoutReference,
    /// How far amounts may differ.
    pub tolerance: Tolerance,
}

/// What a step works on.
#[derive(Debug)]
enum Phase {
    SetAside(u32),
    Collect(Pass, u32, KeyTable),
    Pair(Pass, KeyTable),
    ReferenceList,
    CollectAmounts(u32, KeyTable),
    PairAmounts(KeyTable),
    CollectNear(u32, Near),
    PairNear(Near),
    Lifecycle,
    Leftovers(u32),
    Done,
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
                if end < entries.len() {
                    Phase::SetAside(end)
                } else {
                    Phase::Collect(Pass::TransactionId, 0, KeyTable::new())
                }
            }
            Phase::Collect(pass, 0, _) if !pass.with(HasKeys { entries }) => after(pass),
            Phase::Collect(pass, from, mut table) => {
                let end = from.saturating_add(budget).min(entries.len());
                pass.with(Collect { entries, table: &mut table, from, end });
                if end < entries.len() {
                    Phase::Collect(pass, end, table)
                } else {
                    Phase::Pair(pass, table)
                }
            }
            Phase::Pair(pass, mut table) => {
                let left = self.pair(pass, entries, &mut table, budget);
                if left { Phase::Pair(pass, table) } else { after(pass) }
            }
            Phase::ReferenceList => {
                m050_reference_list::run(entries, &mut self.matches);
                self.asked = self.matches.rows_found();
                Phase::CollectAmounts(0, KeyTable::new())
            }
            Phase::CollectAmounts(from, mut table) => {
                let end = from.saturating_add(budget).min(entries.len());
                self.collect_amounts(entries, &mut table, from, end);
                if end < entries.len() {
                    Phase::CollectAmounts(end, table)
                } else {
                    self.census.sort();
                    self.census.weigh(&|_| 0);
                    Phase::PairAmounts(table)
                }
            }
            Phase::PairAmounts(mut table) => {
                let left = self.pair_amounts(entries, &mut table, budget);
                if left {
                    Phase::PairAmounts(table)
                } else if self.terms.tolerance.is_none() {
                    Phase::Lifecycle
                } else {
                    self.asked = self.matches.rows_found();
                    Phase::CollectNear(0, Near::default())
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
                if left { Phase::PairNear(near) } else { Phase::Lifecycle }
            }
            Phase::Lifecycle => {
                m100_lifecycle::run(entries, &mut self.matches);
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

    /// Pairs the next buckets of a pass; whether there are more.
    fn pair(
        &mut self,
        pass: Pass,
        entries: &mut Entries,
        table: &mut KeyTable,
        budget: u32,
    ) -> bool {
        let mut done = 0_usize;
        while done < budget as usize {
            let Some(bucket) = table.next_bucket() else { return false };
            done = done.saturating_add(bucket.len()).saturating_add(1);
            pass.with(Pair { entries, matches: &mut self.matches, bucket: &bucket });
        }
        table.buckets_left() > 0
    }

    /// Adds the amounts of entries that may go without a key and that nobody has asked about.
    fn collect_amounts(&mut self, entries: &Entries, table: &mut KeyTable, from: u32, end: u32) {
        let mut key = Vec::new();
        for id in (from..end).map(EntryId) {
            if self.terms.without_reference.automatic {
                self.census.add(entries, id);
            }
            if self.asked.binary_search(&id).is_err() {
                m060_amount_and_time::key(entries, id, &mut key);
                table.add(id, &key);
            }
        }
    }

    /// Pairs the next buckets of equal amounts; whether there are more.
    fn pair_amounts(&mut self, entries: &mut Entries, table: &mut KeyTable, budget: u32) -> bool {
        let mut done = 0_usize;
        while done < budget as usize {
            let Some(bucket) = table.next_bucket() else { return false };
            done = done.saturating_add(bucket.len()).saturating_add(1);
            let key = |id, key: &mut Vec<u8>| m060_amount_and_time::key(entries, id, key);
            for ids in Sets::of(&bucket, &key).iter() {
                let terms = (&self.terms, &self.census);
                m060_amount_and_time::pair(entries, &mut self.matches, terms, ids);
            }
        }
        table.buckets_left() > 0
    }

    /// A share of the work that is done, in thousandths.
    pub fn progress(&self, entries: &Entries) -> u32 {
        let of = |from: u32, share: u32| {
            let total = u64::from(entries.len().max(1));
            u32::try_from(u64::from(from).saturating_mul(u64::from(share)) / total).unwrap_or(0)
        };
        match &self.phase {
            Phase::SetAside(from) => of(*from, 50),
            Phase::Collect(pass, from, _) => 50 + 150 * (*pass as u32) + of(*from, 60),
            Phase::Pair(pass, _) => 120 + 150 * (*pass as u32),
            Phase::ReferenceList => 800,
            Phase::CollectAmounts(from, _) => 810 + of(*from, 20),
            Phase::PairAmounts(_) => 830,
            Phase::CollectNear(from, _) => 835 + of(*from, 5),
            Phase::PairNear(_) => 840,
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

/// What comes after a keyed pass.
fn after(pass: Pass) -> Phase {
    match pass.next() {
        Some(next) => Phase::Collect(next, 0, KeyTable::new()),
        None => Phase::ReferenceList,
    }
}

/// Whether both sides have an entry with a key of the pass: if not, there is nothing to pair.
struct HasKeys<'a> {
    entries: &'a Entries,
}

impl RuleCall<bool> for HasKeys<'_> {
    fn call<R: KeyedRule>(self) -> bool {
        let mut key = Vec::new();
        let (mut order, mut line) = (false, false);
        for id in self.entries.ids() {
            let is_order = self.entries.side(id) == Side::Orders;
            if (is_order && order) || (!is_order && line) || !self.entries.kind(id).is_payment() {
                continue;
            }
            write_key::<R>(self.entries, id, &mut key);
            if !key.is_empty() {
                order |= is_order;
                line |= !is_order;
            }
            if order && line {
                return true;
            }
        }
        false
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

/// Matches the groups of one bucket.
struct Pair<'a> {
    entries: &'a mut Entries,
    matches: &'a mut Matches,
    bucket: &'a [u64],
}

impl RuleCall<()> for Pair<'_> {
    fn call<R: KeyedRule>(self) {
        let key = |id, key: &mut Vec<u8>| write_key::<R>(self.entries, id, key);
        for ids in Sets::of(self.bucket, &key).iter() {
            pair_group::<R>(self.entries, self.matches, ids);
        }
    }
}

/// The sets of entries with one key, kept apart from the entries that they change.
struct Sets {
    ids: Vec<EntryId>,
    ends: Vec<usize>,
}

impl Sets {
    fn of(bucket: &[u64], key: &dyn Fn(EntryId, &mut Vec<u8>)) -> Self {
        let mut sets = Self { ids: Vec::new(), ends: vec![0] };
        groups(bucket, key, |ids| {
            sets.ids.extend_from_slice(ids);
            sets.ends.push(sets.ids.len());
        });
        sets
    }

    fn iter(&self) -> impl Iterator<Item = &[EntryId]> {
        let ends = self.ends.iter().zip(self.ends.iter().skip(1));
        ends.map(|(start, end)| self.ids.get(*start..*end).unwrap_or_default())
    }
}

fn pair_group<R: KeyedRule>(entries: &mut Entries, matches: &mut Matches, ids: &[EntryId]) {
    if let [order, _] = ids
        && entries.side(*order) == Side::Orders
    {
        return Resolver { entries, matches, rule: R::RULE }.group(ids);
    }
    let (orders, lines): (Vec<EntryId>, Vec<EntryId>) =
        ids.iter().copied().partition(|id| entries.side(*id) == Side::Orders);
    if R::allows(entries, &orders) {
        Resolver { entries, matches, rule: R::RULE }.group(ids);
    } else {
        for line in lines {
            matches.find(Code::AmbiguousPair, line, orders.clone());
        }
    }
}
