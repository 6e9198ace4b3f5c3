//! Checks where the events ended that a provider pushed: what confirms one is in the settlement, and
//! what is said to be missing is not.

use std::collections::{BTreeMap, BTreeSet};

use crate::entry::{Disposition, Kind, Reason, Side, Status};
use crate::money::Currency;

use super::Verifier;
use super::facts::Fact;
use super::ledger::{Figure, Index, Record};
use super::sums::Sum;
use super::values;
use super::verdict::CheckName;

/// What is said of events whose lines have another amount.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// The event, the lines, and what they are said to come to.
    differing: Vec<(Index, Vec<Index>, Sum)>,
}

/// Whether a reason is one of an event that announced money.
pub(super) fn is_event_reason(reason: Reason) -> bool {
    reason == Reason::Confirmed || is_repeated(reason)
}

/// Whether a reason says that another event says the same.
fn is_repeated(reason: Reason) -> bool {
    matches!(reason, Reason::Redelivered | Reason::SamePayment)
}

/// Which way money goes, as a number.
fn way(kind: Kind) -> u8 {
    match kind {
        Kind::Sale | Kind::Capture | Kind::ChargebackReversal => 1,
        Kind::Refund | Kind::Reversal | Kind::Chargeback => 2,
        Kind::Payout => 3,
        _ => 0,
    }
}

/// Whether a row of the settlement moved money of a buyer, or to the bank.
fn is_settled(record: &Record) -> bool {
    let undecided = matches!(
        record.status,
        Status::Failed | Status::Voided | Status::Pending | Status::Authorized
    );
    record.side == Side::Settlement && way(record.kind) > 0 && !undecided
}

/// The places of an event's and a line's texts that are the same if they belong together, the surest
/// first; of each row they are its transaction id, second number and reference.
const KEYS: [[usize; 2]; 4] = [[0, 0], [1, 0], [1, 1], [2, 2]];

fn text(record: &Record, place: usize) -> u64 {
    let [transaction, number] = record.keys.numbers();
    match place {
        0 => u64::from(transaction),
        1 => u64::from(number),
        _ => record.keys.reference().map_or(0, |(_, exact)| u64::from(exact)),
    }
}

/// By which lines are found: a way, a currency, and a text.
type Key = (u8, Currency, u64);

impl Verifier<'_> {
    /// Keeps what an exception says of an event that was settled with another amount.
    pub(super) fn note_event(&mut self, row: Index, facts: &[Fact], candidates: &[Index]) {
        for fact in facts.iter().filter(|fact| !fact.actual.is_empty()) {
            let currency = fact.money.map(|(_, currency)| currency);
            let actual = currency.and_then(|currency| values::amount(&fact.actual, currency));
            if let Some(actual) = actual {
                self.events.differing.push((row, candidates.to_vec(), Sum::of(actual)));
            }
        }
    }

    /// At the end of the exceptions: every event is held against the lines of the settlement.
    pub(super) fn close_events(&mut self) {
        let of_side = |(index, record): (Index, &Record)| {
            (record.side == Side::Webhook && way(record.kind) > 0).then_some(index)
        };
        let events: Vec<Index> = self.ledger.iter().filter_map(of_side).collect();
        if events.is_empty() {
            return;
        }
        self.check_repeated(&events);
        let mut used: BTreeSet<Index> = BTreeSet::new();
        let differing = std::mem::take(&mut self.events.differing);
        for (event, lines, actual) in &differing {
            self.check_differing(*event, lines, *actual, &used);
            used.extend(lines);
        }
        let differing: BTreeSet<Index> = differing.into_iter().map(|(event, ..)| event).collect();
        let mut left: Vec<Index> =
            events.iter().copied().filter(|event| self.is_confirmed(*event)).collect();
        for places in KEYS {
            let lines = self.lines_by(places[1], &left);
            left.retain(|event| {
                let own = self.lines_of(*event, places[0], &lines, &used);
                let confirming = self.confirming(*event, &own);
                used.extend(confirming.iter().copied());
                confirming.is_empty()
            });
        }
        for event in left {
            let what = "no line of the settlement confirms this event";
            self.findings.differs(CheckName::Partition, what, || self.ledger.name(event), ("", ""));
        }
        let silent = |event: &Index| {
            let ended = self.ledger.get(*event).map(|record| (record.disposition, record.reason));
            match ended {
                Some((Disposition::Open, _)) => !differing.contains(event),
                Some((Disposition::InTransit, _)) => true,
                Some((_, reason)) => reason == Reason::Payout,
                None => false,
            }
        };
        let silent: Vec<Index> = events.iter().copied().filter(silent).collect();
        for places in KEYS {
            let lines = self.lines_by(places[1], &silent);
            for event in &silent {
                if let Some(line) = self.lines_of(*event, places[0], &lines, &used).first() {
                    let what = "a line of the settlement speaks of an event that nothing confirms";
                    let line = self.ledger.name(*line);
                    let place = || self.ledger.name(*event);
                    self.findings.differs(CheckName::Partition, what, place, (line, ""));
                }
            }
        }
    }

    fn is_confirmed(&self, event: Index) -> bool {
        self.ledger.get(event).is_some_and(|record| record.reason == Reason::Confirmed)
    }

    /// An event that says again what another one says: there is one of the same payment that counts.
    fn check_repeated(&mut self, events: &[Index]) {
        let mut counted: BTreeSet<(u8, Currency, u64)> = BTreeSet::new();
        let names = |record: &Record| {
            [0, 1].map(|place| (way(record.kind), record.currency, text(record, place)))
        };
        for record in events.iter().filter_map(|event| self.ledger.get(*event)) {
            let announces =
                !matches!(record.reason, Reason::Failed | Reason::Pending | Reason::Authorisation);
            if announces && !is_repeated(record.reason) {
                counted.extend(names(record).into_iter().filter(|(.., text)| *text != 0));
            }
        }
        for event in events {
            let Some(record) = self.ledger.get(*event).filter(|r| is_repeated(r.reason)) else {
                continue;
            };
            if !names(record).iter().any(|name| counted.contains(name)) {
                let what = "no other event speaks of the payment of an event that is left out";
                let shown = (record.reason.name(), "");
                let place = || self.ledger.name(*event);
                self.findings.differs(CheckName::Partition, what, place, shown);
            }
        }
    }

    /// The lines of the settlement by one of their texts, where an event may ask for it.
    fn lines_by(&self, place: usize, events: &[Index]) -> BTreeMap<Key, Vec<Index>> {
        let mut lines: BTreeMap<Key, Vec<Index>> = BTreeMap::new();
        for event in events.iter().filter_map(|event| self.ledger.get(*event)) {
            for own in [0, 1, 2] {
                lines.entry((way(event.kind), event.currency, text(event, own))).or_default();
            }
        }
        for (index, record) in self.ledger.iter().filter(|(_, record)| is_settled(record)) {
            let Some((_, currency)) = self.ledger.claim(index) else { continue };
            if let Some(found) = lines.get_mut(&(way(record.kind), currency, text(record, place))) {
                found.push(index);
            }
        }
        lines
    }

    /// The lines that an event's text finds and that speak of no other event.
    fn lines_of(
        &self,
        event: Index,
        place: usize,
        lines: &BTreeMap<Key, Vec<Index>>,
        used: &BTreeSet<Index>,
    ) -> Vec<Index> {
        let Some(record) = self.ledger.get(event) else { return Vec::new() };
        let key = (way(record.kind), record.currency, text(record, place));
        let found = lines.get(&key).filter(|_| key.2 != 0);
        let free = |line: &Index| !used.contains(line) && self.share_scope(event, *line);
        found.into_iter().flatten().copied().filter(free).collect()
    }

    fn share_scope(&self, event: Index, line: Index) -> bool {
        let scope = |row: Index| {
            let source = self.ledger.get(row).map(|record| usize::from(record.source));
            source.and_then(|at| self.sources.get(at)).map_or("", |source| source.scope.as_str())
        };
        let [own, other] = [event, line].map(scope);
        own.is_empty() || other.is_empty() || own == other
    }

    /// The lines among some that confirm an event: one of its amount, or all, if they add up to it.
    fn confirming(&self, event: Index, lines: &[Index]) -> Vec<Index> {
        let own = self.ledger.figure(event, Figure::Amount);
        let is_equal = |line: &&Index| self.ledger.claim(**line).is_some_and(|(its, _)| its == own);
        if let Some(line) = lines.iter().find(is_equal) {
            return vec![*line];
        }
        let adds_up = !lines.is_empty() && self.sum_of_lines(lines).equals(Sum::of(own));
        if adds_up { lines.to_vec() } else { Vec::new() }
    }

    fn sum_of_lines(&self, lines: &[Index]) -> Sum {
        let mut sum = Sum::default();
        let amounts = lines.iter().filter_map(|line| self.ledger.claim(*line));
        amounts.for_each(|(amount, _)| sum.add(amount));
        sum
    }

    /// Lines that are said to speak of an event do, and come to what is said.
    fn check_differing(
        &mut self,
        event: Index,
        lines: &[Index],
        actual: Sum,
        used: &BTreeSet<Index>,
    ) {
        let Some(own) = self.ledger.get(event) else { return };
        let joined = |line: &Index| {
            let Some(record) = self.ledger.get(*line).filter(|record| is_settled(record)) else {
                return false;
            };
            let shares = KEYS.iter().any(|[own_place, place]| {
                let text = (text(own, *own_place), text(record, *place));
                text.0 == text.1 && text.0 != 0
            });
            shares
                && way(record.kind) == way(own.kind)
                && self.ledger.claim(*line).is_some_and(|(_, its)| its == own.currency)
                && !used.contains(line)
        };
        if lines.is_empty() || !lines.iter().all(joined) || !self.sum_of_lines(lines).equals(actual)
        {
            let what = "the lines do not speak of this event, or do not come to what is said";
            let shown = (actual.show(own.currency), self.sum_of_lines(lines).show(own.currency));
            let place = || self.ledger.name(event);
            self.findings.differs(CheckName::Facts, what, place, shown);
        }
    }
}
