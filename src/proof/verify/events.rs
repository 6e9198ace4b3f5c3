//! Checks where the events ended that a provider pushed: what confirms one is in the settlement, and
//! what is said to be missing is not.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_64;

use crate::entry::{Disposition, Kind, Reason, Side, Status};
use crate::money::Currency;

use super::Verifier;
use super::facts::Fact;
use super::ledger::{Figure, Index, Record};
use super::sums::Sum;
use super::values;
use super::verdict::CheckName;

/// What is known of events beyond what every entry has.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// What each says of itself (its memo: what happened, and the name of the event), as a hash.
    names: BTreeMap<Index, u64>,
    /// Events whose lines have another amount: the lines, and what they are said to come to.
    differing: Vec<(Index, Vec<Index>, Sum)>,
}

/// What the events of one payment have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Payment {
    scope: usize,
    kind: Kind,
    currency: Currency,
    number: u32,
}

impl Events {
    /// Keeps the memo of an event.
    pub(super) fn note_name(&mut self, event: Index, memo: &str) {
        if !memo.is_empty() {
            self.names.insert(event, xxh3_64(memo.as_bytes()));
        }
    }
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
            // First those that a single line confirms, whichever event is the older one.
            for confirming in [Self::one_of, Self::all_of] {
                left.retain(|event| {
                    let own = self.lines_of(*event, places[0], &lines, &used);
                    let confirming = confirming(self, *event, &own);
                    used.extend(confirming.iter().copied());
                    confirming.is_empty()
                });
            }
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

    /// Holds what is said of events that repeat another one against what the events say, the oldest
    /// first: the same event again, a payment that is captured by another event, or another event of
    /// a payment.
    fn check_repeated(&mut self, events: &[Index]) {
        let mut named: BTreeSet<(u64, u32, Payment)> = BTreeSet::new();
        let mut first: Vec<(Index, &Record, Payment)> = Vec::new();
        let mut again: BTreeMap<Index, Reason> = BTreeMap::new();
        for event in events {
            let announces = |record: &&Record| {
                use Reason::{Authorisation, Failed, Pending};
                !matches!(record.reason, Failed | Pending | Authorisation)
            };
            let Some(record) = self.ledger.get(*event).filter(announces) else { continue };
            let [transaction, number] = record.keys.numbers();
            let is_payment = record.kind.is_payment() && number != 0;
            let payment = Payment {
                scope: self.place_of_scope(record),
                kind: record.kind,
                currency: record.currency,
                number: if is_payment { number } else { transaction },
            };
            let name = self.events.names.get(event).copied().unwrap_or_default();
            let amount = self.ledger.figure(*event, Figure::Amount);
            let name = xxh3_64(format!("{name} {}", amount.format(record.currency)).as_bytes());
            if transaction != 0
                && self.events.names.contains_key(event)
                && !named.insert((name, transaction, Payment { number: 0, ..payment }))
            {
                again.insert(*event, Reason::Redelivered);
            } else {
                first.push((*event, record, payment));
            }
        }
        let captured: BTreeSet<Payment> = first
            .iter()
            .filter(|(_, record, _)| record.kind == Kind::Capture)
            .map(|(.., payment)| Payment { kind: Kind::Sale, ..*payment })
            .collect();
        let mut said: BTreeSet<Payment> = BTreeSet::new();
        for (event, record, payment) in first {
            let counts = record.kind != Kind::Capture && payment.number != 0;
            if counts && (!said.insert(payment) || captured.contains(&payment)) {
                again.insert(event, Reason::SamePayment);
            }
        }
        for event in events {
            let stated = self.ledger.get(*event).map(|record| record.reason);
            let stated = stated.filter(|reason| is_repeated(*reason));
            let computed = again.get(event).copied();
            if stated != computed {
                let what = "an event says whether another one says the same";
                let name = |reason: Option<Reason>| reason.map_or("", Reason::name);
                let shown = (name(stated), name(computed));
                let place = || self.ledger.name(*event);
                self.findings.differs(CheckName::Partition, what, place, shown);
            }
        }
    }

    /// The first source of the scope of an entry, from 1; 0: it states none.
    fn place_of_scope(&self, record: &Record) -> usize {
        let scope = self.sources.get(usize::from(record.source)).map(|source| &source.scope);
        let Some(scope) = scope.filter(|scope| !scope.is_empty()) else { return 0 };
        let place = self.sources.iter().position(|source| source.scope == *scope);
        place.map_or(0, |place| place.saturating_add(1))
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

    /// The first of some lines that has the amount of an event.
    fn one_of(&self, event: Index, lines: &[Index]) -> Vec<Index> {
        let own = self.ledger.figure(event, Figure::Amount);
        let is_equal = |line: &&Index| self.ledger.claim(**line).is_some_and(|(its, _)| its == own);
        lines.iter().find(is_equal).copied().into_iter().collect()
    }

    /// All of some lines, if they add up to the amount of an event.
    fn all_of(&self, event: Index, lines: &[Index]) -> Vec<Index> {
        let own = Sum::of(self.ledger.figure(event, Figure::Amount));
        let adds_up = !lines.is_empty() && self.sum_of_lines(lines).equals(own);
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
