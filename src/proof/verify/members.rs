//! Checks that a match says of its rows what they show: their amounts, their states, and the days on
//! which they stand.

use crate::codes::Code;
use crate::entry::{Kind, Side};

use super::Verifier;
use super::facts::Fact;
use super::ledger::{Index, Ledger, MatchName, Record};
use super::sums::Sum;
use super::verdict::CheckName;

/// Instants that are further apart are two events.
const SAME_EVENT_MICROS: u64 = 15 * 60 * 1_000_000;

/// The rows of a match by the part that they play.
#[derive(Debug, Default)]
pub(super) struct Members {
    sales: Vec<Index>,
    recorded: Vec<Index>,
    payments: Vec<Index>,
    returns: Vec<Index>,
    chargebacks: Vec<Index>,
}

/// What must be said about a match, by what its rows show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wants {
    /// That the two sides do not agree about what happened.
    status: bool,
    /// That the amounts differ; not if a note says that they are within the tolerance, or that each
    /// of several lines was rounded.
    amount: bool,
    /// That more was given back than was paid.
    over: bool,
}

impl Members {
    pub(super) fn of(ledger: &Ledger, rows: &[Index]) -> Self {
        let mut members = Self::default();
        for index in rows {
            let Some(record) = ledger.get(*index) else { continue };
            let list = match (record.side, record.kind) {
                (Side::Orders, kind) if kind.is_return() => &mut members.recorded,
                (Side::Orders, _) => &mut members.sales,
                (_, kind) if kind.is_payment() => &mut members.payments,
                (_, Kind::Refund | Kind::Reversal) => &mut members.returns,
                (_, Kind::Chargeback | Kind::ChargebackReversal) => &mut members.chargebacks,
                _ => continue,
            };
            list.push(*index);
        }
        members
    }

    /// What must be said about them.
    pub(super) fn wants(&self, ledger: &Ledger, notes: &[Fact]) -> Wants {
        let noted = |code: Code| notes.iter().any(|note| note.code == code);
        let returned = !noted(Code::WithinTolerance) && self.returns_differ(ledger);
        let paid =
            !noted(Code::WithinTolerance) && !noted(Code::Rounding) && self.payments_differ(ledger);
        Wants {
            status: self.states_differ(ledger),
            amount: paid || returned,
            over: self.more_was_given_back(ledger),
        }
    }

    /// More went back to the buyer or his bank than came, where all is in one currency.
    fn more_was_given_back(&self, ledger: &Ledger) -> bool {
        let first = self.payments.first().and_then(|row| ledger.claim(*row));
        let Some((_, currency)) = first else { return false };
        if self.returns.is_empty() && self.chargebacks.is_empty() {
            return false;
        }
        let lists = [&self.payments, &self.returns, &self.chargebacks];
        let claims = lists.into_iter().flatten().map(|row| ledger.claim(*row));
        let mut left = Sum::default();
        for claim in claims {
            let Some((amount, _)) = claim.filter(|(_, own)| *own == currency) else { return false };
            left.add(amount);
        }
        left.is_negative()
    }

    /// The provider has a payment of an order that was not paid or was cancelled, or gave back what
    /// the orders do not know of.
    fn states_differ(&self, ledger: &Ledger) -> bool {
        let voided =
            self.recorded.iter().any(|row| ledger.get(*row).is_some_and(|r| r.kind == Kind::Void));
        let kept = voided && self.returns.is_empty();
        let unpaid =
            self.sales.iter().any(|row| ledger.get(*row).is_some_and(|r| !r.status.is_paid()));
        let paid_all_the_same = !self.payments.is_empty() && (unpaid || kept);
        let unknown = self.recorded.is_empty() && !self.returns.is_empty();
        !self.sales.is_empty() && (paid_all_the_same || unknown)
    }

    fn amounts_differ(&self, ledger: &Ledger) -> bool {
        self.payments_differ(ledger) || self.returns_differ(ledger)
    }

    fn payments_differ(&self, ledger: &Ledger) -> bool {
        differ(ledger, &self.sales, &self.payments)
    }

    fn returns_differ(&self, ledger: &Ledger) -> bool {
        differ(ledger, &self.recorded, &self.returns)
    }

    /// The payments that stand on another day than their order, though they are one event.
    fn shifted(&self, ledger: &Ledger) -> Vec<[Index; 2]> {
        let timed = |index: Index| -> Option<&Record> {
            ledger.get(index).filter(|record| record.has_time && record.occurred_at.is_some())
        };
        let Some(first) = self.sales.first().copied() else { return Vec::new() };
        let Some(order) = timed(first) else { return Vec::new() };
        let is_shifted = |line: &&Index| {
            timed(**line).zip(order.occurred_at).is_some_and(|(line, ordered)| {
                let apart = line.occurred_at.map_or(u64::MAX, |paid| paid.0.abs_diff(ordered.0));
                apart <= SAME_EVENT_MICROS && line.local_date() != order.local_date()
            })
        };
        self.payments.iter().filter(is_shifted).map(|line| [first, *line]).collect()
    }
}

/// Whether the claims of both sides are there and do not add up to the same.
fn differ(ledger: &Ledger, one: &[Index], other: &[Index]) -> bool {
    let sum = |rows: &[Index]| {
        let mut sum = Sum::default();
        rows.iter().filter_map(|row| ledger.claim(*row)).for_each(|claim| sum.add(claim.0));
        sum
    };
    !one.is_empty() && !other.is_empty() && !sum(one).equals(sum(other))
}

impl Wants {
    /// Whether something must be said.
    pub(super) fn anything(self) -> bool {
        self.status || self.amount || self.over
    }

    /// What is missing among the facts about the match.
    fn missing(self, facts: &[Fact]) -> Option<&'static str> {
        let says = |codes: &[Code]| facts.iter().any(|fact| codes.contains(&fact.code));
        if self.status != says(&[Code::StatusMismatch]) {
            return Some(
                "whether the two sides disagree about what happened is not what the rows say",
            );
        }
        if self.over != says(&[Code::RefundOverOriginal]) {
            return Some("whether more was given back than was paid is not what the rows say");
        }
        let amounts = [
            Code::AmountOver,
            Code::AmountUnder,
            Code::PartialSettlement,
            Code::UnitMismatch,
            Code::SignMismatch,
        ];
        (self.amount && !says(&amounts)).then_some("the amounts differ, and no fact says so")
    }
}

impl Verifier<'_> {
    /// Holds the notes of a match against its rows; gives what its exception must say.
    pub(super) fn check_rows_and_notes(
        &mut self,
        name: MatchName,
        rows: &[Index],
        (notes, tolerance): (&[Fact], bool),
    ) -> Wants {
        let members = Members::of(&self.ledger, rows);
        // Of rows without a time only their file's cut-off tells it, which the rows do not show.
        let timed = |row: &Index| self.ledger.get(*row).is_some_and(|record| record.has_time);
        let stated: Vec<&[Index]> = notes
            .iter()
            .filter(|note| note.code == Code::CutoffShift && note.rows.iter().all(timed))
            .map(|note| note.rows.as_slice())
            .collect();
        let shifted = members.shifted(&self.ledger);
        if !stated.iter().copied().eq(shifted.iter().map(<[Index; 2]>::as_slice)) {
            let what = "the payments on another accounting day are not those that are noted";
            let shown = (stated.len(), shifted.len());
            self.findings.differs(CheckName::Facts, what, || name.to_string(), shown);
        }
        let noted = notes.iter().any(|note| note.code == Code::WithinTolerance);
        if noted && !tolerance && !members.amounts_differ(&self.ledger) {
            let what = "nothing of this match is within a tolerance";
            self.findings.differs(CheckName::Facts, what, || name.to_string(), ("", ""));
        }
        members.wants(&self.ledger, notes)
    }

    /// Holds the facts about a match against what must be said of it.
    pub(super) fn check_wanted(&mut self, wants: Wants, facts: &[Fact], place: &str) {
        if let Some(what) = wants.missing(facts) {
            self.findings.differs(CheckName::Facts, what, || place.to_owned(), ("", ""));
        }
    }
}
