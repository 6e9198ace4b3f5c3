//! Holds the result of a run against what really happened.

use std::collections::{BTreeMap, BTreeSet};

use crossfoot::codes::Code;
use crossfoot::entry::{Disposition, Entries, Side};
use crossfoot::ids::EntryId;
use crossfoot::matching::{Class, Rule};
use crossfoot::report::Run;

use crate::oracle::Knowable;
use crate::support::sales::Truth;
use crate::world::World;

/// What many seeds came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) seeds: usize,
    pub(crate) rows: usize,
    /// Rows with a key to which something happened.
    pub(crate) faults: usize,
    /// Keyless rows by what can be known of them.
    pub(crate) identifiable: usize,
    pub(crate) not_identifiable: usize,
    pub(crate) too_many: usize,
    /// Pairs of identifiable rows: how many there are, and how many were matched.
    pub(crate) knowable_pairs: usize,
    pub(crate) matched_pairs: usize,
    pub(crate) forced: usize,
    /// Automatic pairs outside the identifiable rows, and those of them that are not true.
    pub(crate) elsewhere: usize,
    pub(crate) elsewhere_untrue: usize,
    /// Orders around or behind the place where a file was cut, and those of them that are said to be
    /// in a gap.
    pub(crate) cut_off: usize,
    pub(crate) in_gaps: usize,
    /// Payments in several rows without a key, and those that were found.
    pub(crate) sets: usize,
    pub(crate) found_sets: usize,
    /// Pairs of all keyless rows by each way to match: true ones, others.
    pub(crate) ways: BTreeMap<&'static str, (usize, usize)>,
    pub(crate) true_pairs: usize,
    /// What must never happen, with the seed.
    pub(crate) violations: Vec<(u64, String)>,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.seeds += other.seeds;
        self.rows += other.rows;
        self.faults += other.faults;
        self.identifiable += other.identifiable;
        self.not_identifiable += other.not_identifiable;
        self.too_many += other.too_many;
        self.knowable_pairs += other.knowable_pairs;
        self.matched_pairs += other.matched_pairs;
        self.forced += other.forced;
        self.elsewhere += other.elsewhere;
        self.elsewhere_untrue += other.elsewhere_untrue;
        self.true_pairs += other.true_pairs;
        self.cut_off += other.cut_off;
        self.in_gaps += other.in_gaps;
        self.sets += other.sets;
        self.found_sets += other.found_sets;
        for (way, (right, wrong)) in other.ways {
            self.count(way, right, wrong);
        }
        self.violations.extend(other.violations);
    }

    pub(crate) fn count(&mut self, way: &'static str, right: usize, wrong: usize) {
        let sum = self.ways.entry(way).or_default();
        *sum = (sum.0 + right, sum.1 + wrong);
    }
}

/// The result of one seed, with rows by their places in the world.
pub(crate) struct Judge<'a> {
    world: &'a World,
    run: &'a Run,
    ids: BTreeMap<(Side, usize), EntryId>,
    codes: BTreeMap<EntryId, BTreeSet<Code>>,
    pub(crate) tally: Tally,
    seed: u64,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(seed: u64, world: &'a World, run: &'a Run) -> Self {
        let entries = &run.entries;
        let ids = entries.ids().map(|id| (place(entries, id), id)).collect();
        let mut codes: BTreeMap<EntryId, BTreeSet<Code>> = BTreeMap::new();
        let facts = run.exceptions.items.iter().flat_map(|exception| &exception.facts);
        for fact in facts.chain(run.exceptions.notes.iter().map(|note| &note.fact)) {
            for row in fact.rows.iter().filter(|_| !fact.code.is_info()) {
                codes.entry(*row).or_default().insert(fact.code);
            }
        }
        let rows = world.orders.len() + world.lines.len();
        let tally = Tally { seeds: 1, rows, ..Tally::default() };
        Self { world, run, ids, codes, tally, seed }
    }

    fn violation(&mut self, what: String) {
        self.tally.violations.push((self.seed, what));
    }

    /// The codes of a row, without those that are rightly there whatever happened to it: the question
    /// whether another number is meant, where exactly one row of each side has this amount and both
    /// are open; and that a piece of the file is missing, where it was cut.
    fn codes_of(&self, side: Side, at: usize) -> BTreeSet<Code> {
        let mut found = self.codes.get(&self.ids[&(side, at)]).cloned().unwrap_or_default();
        if found.contains(&Code::ReferenceMismatch) && self.is_chance(side, at) {
            found.remove(&Code::ReferenceMismatch);
        }
        if side == Side::Orders && self.may_be_cut_off(at) {
            found.remove(&Code::FileGap);
        }
        found
    }

    /// Whether the line of an order may have been cut off, or is missing right before those that were:
    /// nobody can tell it from them.
    fn may_be_cut_off(&self, order: usize) -> bool {
        let Some(cut) = self.world.cut_from() else { return false };
        let minute = self.world.orders[order].minute;
        let between = self
            .world
            .orders
            .iter()
            .enumerate()
            .filter(|(_, other)| (minute + 1..=cut).contains(&other.minute));
        let is_there = |at: usize| {
            let id = self.ids[&(Side::Orders, at)];
            self.run.entries.disposition(id) == Disposition::Matched
        };
        !between.into_iter().any(|(at, _)| is_there(at))
    }

    fn is_chance(&self, side: Side, at: usize) -> bool {
        let World { orders, lines, .. } = self.world;
        let sum = match side {
            Side::Orders => (orders[at].currency, orders[at].amount),
            _ => (lines[at].currency, lines[at].amount),
        };
        let of_orders =
            (0..orders.len()).filter(|at| (orders[*at].currency, orders[*at].amount) == sum);
        let of_lines =
            (0..lines.len()).filter(|at| (lines[*at].currency, lines[*at].amount) == sum);
        let (Some(order), Some(line)) = (one(of_orders), one(of_lines)) else { return false };
        [(Side::Orders, order), (Side::Settlement, line)]
            .iter()
            .all(|place| self.run.entries.disposition(self.ids[place]) == Disposition::Open)
    }

    /// Nothing may be lost, and everything must add up.
    pub(crate) fn check_conservation(&mut self) {
        if !self.run.balanced() {
            self.violation("does not balance".to_owned());
        }
        let read = self.ids.len();
        let rejected: u64 = self.run.sources.iter().map(|source| source.rows.rejected).sum();
        if read != self.tally.rows || rejected != u64::from(self.world.is_cut) {
            let rows = self.tally.rows;
            self.violation(format!("{read} entries of {rows} rows, {rejected} rejected"));
        }
        let open = |id: &EntryId| self.run.entries.match_of(*id).is_some();
        let unequal = self
            .ids
            .values()
            .filter(|id| open(id) != (self.run.entries.disposition(**id) == Disposition::Matched));
        if unequal.count() > 0 {
            self.violation("a row is in two places".to_owned());
        }
    }

    /// What a key holds together is one match, and every fault of it has its code.
    pub(crate) fn check_keyed(&mut self) {
        let mut deals: Vec<BTreeSet<EntryId>> = vec![BTreeSet::new(); self.world.deals];
        let orders = self.world.orders.iter().map(|order| &order.truth).enumerate();
        let lines = self.world.lines.iter().map(|line| &line.truth).enumerate();
        let orders = orders.map(|(at, truth)| (Side::Orders, at, truth));
        for (side, at, truth) in orders.chain(lines.map(|(at, t)| (Side::Settlement, at, t))) {
            let Truth::Keyed { deal, codes } = truth else { continue };
            let id = self.ids[&(side, at)];
            if let Some(deal) = deal {
                deals[*deal].insert(id);
            } else if self.run.entries.match_of(id).is_some() {
                self.violation(format!("{side:?} {at} is matched"));
            }
            let expected: BTreeSet<Code> = codes.iter().copied().collect();
            self.tally.faults += expected.len();
            let found = self.codes_of(side, at);
            if found != expected {
                self.violation(format!("{side:?} {at}: {found:?} instead of {expected:?}"));
            }
        }
        for deal in deals {
            let first = deal.first().expect("a deal has rows");
            let found: BTreeSet<EntryId> = match self.run.entries.match_of(*first) {
                Some(id) => self.run.matches.members(&self.run.entries, id).collect(),
                None => BTreeSet::new(),
            };
            if found != deal {
                self.violation(format!("a match of {found:?} instead of {deal:?}"));
            }
        }
    }

    /// What is matched without a key is true wherever the truth could be known, and is called
    /// certain nowhere else.
    pub(crate) fn check_keyless(&mut self, known: &Knowable) {
        let (orders, lines) = (&self.world.orders, &self.world.lines);
        let mut pairs = vec![0_usize; known.groups.len()];
        let (mut right, mut all) = (0, 0);
        for (class, order, line) in self.pairs() {
            let is_true = orders[order].truth.partner() == Some(line);
            all += 1;
            right += usize::from(is_true);
            self.tally.forced += usize::from(class == Class::Forced);
            let group = (known.of_order.get(&order), known.of_line.get(&line));
            let what = format!("{class:?} {order} = {line} over {}", orders[order].amount);
            match group {
                (Some(one), Some(other)) if one == other => pairs[*one] += 1,
                (None, None) if known.too_many > 0 => {}
                _ => self.violation(format!("{what}: in no best assignment")),
            }
            let identifiable = group.0.is_some_and(|group| known.groups[*group].is_identifiable);
            if class == Class::Forced && !is_true {
                self.violation(format!("{what}: it is not"));
            }
            self.tally.elsewhere += usize::from(!identifiable);
            self.tally.elsewhere_untrue += usize::from(!identifiable && !is_true);
        }
        self.tally.count("crossfoot", right, all - right);
        for (group, pairs) in known.groups.iter().zip(pairs) {
            let rows = group.orders.len() + group.lines.len();
            if !group.is_identifiable {
                self.tally.not_identifiable += rows;
                continue;
            }
            self.tally.identifiable += rows;
            self.tally.knowable_pairs += group.pairs;
            self.tally.matched_pairs += pairs;
            if pairs > group.pairs {
                self.violation(format!("{pairs} pairs of {group:?}"));
            }
        }
        for (truth, is_alone) in [(orders.len(), &known.alone.0), (lines.len(), &known.alone.1)] {
            debug_assert!(is_alone.iter().all(|row| *row < truth), "rows of the world");
            self.tally.identifiable += is_alone.len();
        }
        self.tally.identifiable += known.without_candidate.len();
        self.tally.too_many += known.too_many;
        self.tally.true_pairs +=
            orders.iter().filter(|order| order.truth.partner().is_some()).count();
        for order in &known.without_candidate {
            self.tally.faults += 1;
            if self.may_be_cut_off(*order) {
                let codes = self.codes.get(&self.ids[&(Side::Orders, *order)]);
                self.tally.cut_off += 1;
                self.tally.in_gaps +=
                    usize::from(codes.is_some_and(|codes| codes.contains(&Code::FileGap)));
            }
            let id = self.ids[&(Side::Orders, *order)];
            let found = self.codes_of(Side::Orders, *order);
            // Part of a sum, which is judged as such.
            let is_matched = self.run.entries.match_of(id).is_some();
            let others =
                [Code::MissingInSettlement, Code::AmbiguousSubset, Code::SearchBudgetReached];
            let is_said = found.contains(&Code::MissingInSettlement)
                && found.iter().all(|code| others.contains(code));
            if !is_matched && !is_said {
                self.violation(format!("order {order} is missing, not {found:?}"));
            }
        }
    }

    /// Rows that were matched because they add up are one payment.
    pub(crate) fn check_sets(&mut self) {
        let sets: BTreeSet<BTreeSet<EntryId>> = self
            .world
            .sets
            .iter()
            .map(|(orders, lines)| {
                let orders = orders.iter().map(|row| self.ids[&(Side::Orders, *row)]);
                orders.chain(lines.iter().map(|row| self.ids[&(Side::Settlement, *row)])).collect()
            })
            .collect();
        let Run { entries, matches, .. } = self.run;
        self.tally.sets += sets.len();
        for id in matches.ids().filter(|id| matches.rule(*id) == Rule::SubsetSum) {
            let found: BTreeSet<EntryId> = matches.members(entries, id).collect();
            if sets.contains(&found) {
                self.tally.found_sets += 1;
            } else if matches.class(id) == Class::Interchangeable {
                // Of a price that others have: only the money is claimed, and the truth is missing.
                self.tally.elsewhere += 1;
                self.tally.elsewhere_untrue += 1;
            } else {
                let amounts: Vec<_> =
                    found.iter().map(|id| (entries.side(*id), entries.amount(*id))).collect();
                self.violation(format!("{:?} sum of {amounts:?}", matches.class(id)));
            }
        }
    }

    /// The pairs that were matched without a key: class, order, line.
    fn pairs(&self) -> Vec<(Class, usize, usize)> {
        let Run { entries, matches, .. } = self.run;
        let keyless = |id: &_| matches!(matches.rule(*id), Rule::AmountAndTime);
        let pair = |id| {
            let mut members: Vec<_> =
                matches.members(entries, id).map(|row| place(entries, row)).collect();
            members.sort_unstable();
            (matches.class(id), members[0].1, members[1].1)
        };
        matches.ids().filter(keyless).map(pair).collect()
    }
}

/// The only one of some places.
fn one(mut places: impl Iterator<Item = usize>) -> Option<usize> {
    places.next().filter(|_| places.next().is_none())
}

/// The side of an entry, and its place there.
fn place(entries: &Entries, id: EntryId) -> (Side, usize) {
    (entries.side(id), entries.row(id) as usize - 2)
}
