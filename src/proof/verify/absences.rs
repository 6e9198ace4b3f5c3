//! Checks why an open row says that it is alone: by what it is, and by the rows that it could belong
//! to.

use std::collections::{BTreeMap, BTreeSet};

use crate::codes::{Code, Family};
use crate::entry::{Disposition, Kind, Reason, Side};
use crate::money::Currency;

use super::Verifier;
use super::facts::{self, Fact};
use super::ledger::{Index, MatchName, Record};
use super::verdict::CheckName;

/// Open rows by the reason that they give.
#[derive(Debug, Default)]
pub(super) struct Absences {
    /// Payment lines whose order nobody knows.
    lines: Vec<Index>,
    /// Orders that are alone for another reason than that no line is there.
    asked: BTreeSet<Index>,
    /// Payments that are there again, with the rows that they may repeat, and whether they are said
    /// to come after a reversal.
    again: Vec<(Index, Vec<Index>, bool)>,
}

/// What it means that nothing on the other side belongs to a row.
fn absence(record: &Record) -> Code {
    match (record.side, record.kind) {
        (Side::Orders | Side::Bank | Side::Webhook, _) => Code::MissingInSettlement,
        (_, Kind::Refund) => Code::RefundUnmatched,
        (_, Kind::Reversal) => Code::ReversalUnmatched,
        (_, Kind::Chargeback) => Code::Chargeback,
        (_, Kind::Fee) => Code::FeeUnknownType,
        _ => Code::MissingInOrders,
    }
}

/// Whether a code says that there is a row on the other side, or the same one again.
fn is_question(code: Code) -> bool {
    use Code::{AmbiguousSubset, LowEvidence, ReferenceMismatch, SearchBudgetReached};
    let weak =
        matches!(code, AmbiguousSubset | LowEvidence | ReferenceMismatch | SearchBudgetReached);
    use Code::{CurrencyMismatch, DuplicateInOrders, DuplicateInSettlement, SettledAfterReversal};
    let again = matches!(code, DuplicateInOrders | DuplicateInSettlement | SettledAfterReversal);
    again
        || code == Code::DoubleClaim
        || code == CurrencyMismatch
        || code == Code::PayoutTotalMismatch
        || code.family() == Family::Decision && !weak
}

impl Verifier<'_> {
    /// Holds what is said of an open row against what it is.
    pub(super) fn check_absence(
        &mut self,
        row: Index,
        (facts, candidates): (&[Fact], &[Index]),
        place: &str,
    ) {
        let Some(record) = self.ledger.get(row) else { return };
        let alone = absence(record);
        let (side, kind) = (record.side, record.kind);
        let absences = [
            Code::MissingInSettlement,
            Code::MissingInOrders,
            Code::RefundUnmatched,
            Code::ReversalUnmatched,
            Code::Chargeback,
        ];
        let other = facts.iter().find(|f| absences.contains(&f.code) && f.code != alone);
        // A fee that is known and too high is open for that.
        let too_high = |code: Code| kind == Kind::Fee && code == Code::FeeOvercharge;
        let says = facts.iter().any(|fact| fact.code == alone || too_high(fact.code));
        let event = side == Side::Webhook;
        let differs = |code: Code| matches!(code, Code::AmountUnder | Code::AmountOver);
        let asked = facts.iter().any(|fact| is_question(fact.code) || event && differs(fact.code));
        if let Some(other) = other {
            let what = "an open row is alone for a reason of another kind of row";
            let shown = (other.code.name(), alone.name());
            self.findings.differs(CheckName::Facts, what, || place.to_owned(), shown);
        }
        if says == asked {
            let what = "an open row says once why it is alone";
            self.findings.differs(CheckName::Facts, what, || place.to_owned(), ("", alone.name()));
        }
        let unusable = [Code::ScientificNotationId, Code::MissingKey];
        let said = facts.iter().map(|fact| fact.code).filter(|code| unusable.contains(code));
        if !said.eq(facts::key_of(record)) {
            let what = "an open row says once why it cannot be found by a number";
            let wanted = facts::key_of(record).map_or("", Code::name);
            self.findings.differs(CheckName::Facts, what, || place.to_owned(), ("", wanted));
        }
        if event {
            self.note_event(row, facts, candidates);
        }
        let twins = facts.iter().filter(|fact| !self.has_partner(row, fact.code, candidates));
        let twins: Vec<&str> = twins.map(|fact| fact.code.name()).collect();
        for code in twins {
            let what = "no candidate is the row that this code speaks of";
            self.findings.differs(CheckName::Facts, what, || place.to_owned(), (code, ""));
        }
        let said = facts
            .iter()
            .map(|fact| fact.code)
            .find(|code| matches!(code, Code::DuplicateInSettlement | Code::SettledAfterReversal));
        if let Some(code) = said.filter(|_| kind.is_payment()) {
            let reversed = code == Code::SettledAfterReversal;
            self.absences.again.push((row, candidates.to_vec(), reversed));
        }
        if asked {
            self.absences.asked.insert(row);
        } else if side == Side::Settlement && kind.is_payment() {
            self.absences.lines.push(row);
        }
    }

    /// Whether a candidate is the row that a code speaks of: the same claim again, or the same number
    /// in another currency.
    fn has_partner(&self, row: Index, code: Code, candidates: &[Index]) -> bool {
        let Some((own, claim)) = self.ledger.get(row).zip(self.ledger.claim(row)) else {
            return false;
        };
        let mut others = candidates
            .iter()
            .filter(|other| **other != row)
            .filter_map(|other| self.ledger.get(*other).zip(self.ledger.claim(*other)));
        match code {
            // The number that they share may be that of the order alone.
            Code::DuplicateInOrders | Code::DuplicateInSettlement | Code::SettledAfterReversal => {
                others.any(|(other, its)| other.side == own.side && its == claim)
            }
            Code::CurrencyMismatch => others.any(|(other, its)| {
                other.side != own.side && its.1 != claim.1 && other.keys.shares(own.keys)
            }),
            // The same money under another number.
            Code::ReferenceMismatch => others.any(|(other, its)| {
                other.side != own.side && its == claim && !other.keys.names_the_same(own.keys)
            }),
            _ => true,
        }
    }

    /// At the end: a payment that is there again came after a reversal of it exactly if it says so.
    pub(super) fn close_repeats(&mut self) {
        let again = std::mem::take(&mut self.absences.again);
        if again.is_empty() {
            return;
        }
        let mut reversals: BTreeMap<MatchName, Vec<Index>> = BTreeMap::new();
        for (index, record) in self.ledger.iter().filter(|(_, r)| r.kind == Kind::Reversal) {
            if let Some(group) = record.group {
                reversals.entry(group).or_default().push(index);
            }
        }
        for (row, twins, stated) in again {
            let undone = twins.iter().any(|twin| {
                let group = self.ledger.get(*twin).and_then(|record| record.group);
                let own = group.and_then(|group| reversals.get(&group));
                own.into_iter().flatten().any(|reversal| self.undid_before(*reversal, row))
            });
            if undone != stated {
                let what = "a payment that is there again says whether it had been reversed";
                let place = || self.ledger.name(row);
                let shown = (stated.to_string(), undone.to_string());
                self.findings.differs(CheckName::Facts, what, place, shown);
            }
        }
    }

    /// Whether a reversal took the money of a line before that line happened.
    fn undid_before(&self, reversal: Index, line: Index) -> bool {
        let records = self.ledger.get(reversal).zip(self.ledger.get(line));
        let times = records.and_then(|(one, other)| one.occurred_at.zip(other.occurred_at));
        let claims = self.ledger.claim(reversal).zip(self.ledger.claim(line));
        times.is_some_and(|(reversed, again)| reversed <= again)
            && claims
                .is_some_and(|(back, own)| (back.0.checked_neg(), back.1) == (Some(own.0), own.1))
    }

    /// At the end: a line of an unknown order and an order without a line do not name one number.
    pub(super) fn close_absences(&mut self) {
        let mut lines: BTreeMap<(u64, u32, Currency, usize), Index> = BTreeMap::new();
        for line in &self.absences.lines {
            let key = self.ledger.get(*line).and_then(|record| record.keys.reference());
            if let (Some((digits, exact)), Some((_, currency))) = (key, self.ledger.claim(*line)) {
                lines.insert((digits, exact, currency, self.scope_of(*line)), *line);
            }
        }
        for (order, record) in self.ledger.iter() {
            let alone = record.side == Side::Orders
                && record.kind.is_payment()
                && !matches!(record.disposition, Disposition::Matched | Disposition::ClosedBefore)
                && record.reason != Reason::Repeated
                && !self.absences.asked.contains(&order);
            let Some((digits, exact)) = record.keys.reference().filter(|_| alone) else { continue };
            let key = (digits, exact, record.currency, self.scope_of(order));
            if let Some(line) = lines.get(&key) {
                let what = "an order and a line of one reference are both alone";
                let place = || self.ledger.name(order);
                let line = self.ledger.name(*line);
                self.findings.differs(CheckName::Partition, what, place, (line, ""));
            }
        }
    }
}
