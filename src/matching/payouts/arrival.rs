//! Decides whether what a provider paid out arrived in the bank account.
//!
//! A payout is missing only where the statements of its currency show the days in which it should have
//! arrived: they begin no later than the day on which it was paid and end no earlier than the last
//! day on which it may arrive. Where several deposits could be it, that is a question about these.

use std::collections::{BTreeMap, BTreeSet};

use crate::codes::Code;
use crate::entry::{Disposition, Entries, Side, named};
use crate::ids::EntryId;
use crate::limits::PAYOUT_DAYS;
use crate::matching::Matches;
use crate::matching::matches::Figures;
use crate::matching::payouts::{Payout, Payouts};
use crate::money::Currency;
use crate::time::Date;

named! {
    /// Whether a payout arrived.
    BankLink {
        /// No row says that it was paid.
        NoPayoutRow = "no_payout_row",
        /// It did, to the minor unit.
        Arrived = "arrived",
        /// A deposit names it and has another amount.
        Differs = "differs",
        /// No statement of its currency is among the files.
        NoBankFile = "no_bank_file",
        /// It may still be on its way.
        InTransit = "in_transit",
        /// A deposit may be it, and may be another.
        Question = "question",
        /// It should be there, and is not.
        Missing = "missing",
        /// The statements do not show the days in which it should have arrived.
        NotShown = "not_shown",
    }
}

/// The first and the last day of the statements of each currency.
#[derive(Clone, Debug, Default)]
pub(super) struct Statements(BTreeMap<Currency, (Date, Date)>);

impl Statements {
    /// Adds a row of a statement.
    pub(super) fn add(&mut self, entries: &Entries, id: EntryId) {
        let Some(on) = entries.local_date(id) else { return };
        let days = self.0.entry(entries.currency(id)).or_insert((on, on));
        *days = (days.0.min(on), days.1.max(on));
    }
}

/// What the deposits that are in no match say of payouts.
struct Said {
    /// A deposit of another amount names them.
    disputed: BTreeSet<EntryId>,
    /// A deposit may be one of them.
    asked: BTreeSet<EntryId>,
}

impl Said {
    fn of(entries: &Entries, matches: &Matches) -> Self {
        let mut said = Self { disputed: BTreeSet::new(), asked: BTreeSet::new() };
        let of_bank = |row: EntryId| entries.side(row) == Side::Bank;
        for finding in matches.findings().iter().filter(|one| of_bank(one.row)) {
            match finding.code {
                Code::PayoutTotalMismatch => said.disputed.extend(&finding.candidates),
                _ => said.asked.extend(&finding.candidates),
            }
        }
        said
    }
}

impl Payouts {
    /// Says of each payout whether it arrived, and states those that should be there and are not.
    pub(crate) fn find_arrivals(
        &mut self,
        entries: &Entries,
        matches: &mut Matches,
        as_of: Option<Date>,
    ) {
        let said = Said::of(entries, matches);
        let mut missing = Vec::new();
        for payout in &mut self.all {
            let days = self.statements.0.get(&payout.currency).copied();
            let due = |row: &EntryId| -> Option<Date> {
                let on = entries.settled_on(*row).or_else(|| entries.local_date(*row))?;
                on.add_days(PAYOUT_DAYS)
            };
            let away: Vec<EntryId> = payout
                .rows
                .iter()
                .copied()
                .filter(|row| {
                    let closed = entries.disposition(*row) == Disposition::ClosedBefore;
                    entries.match_of(*row).is_none() && !closed
                })
                .collect();
            let awaited = |row: &EntryId| due(row).zip(as_of).is_some_and(|(due, now)| now < due);
            let shown = |row: &EntryId| {
                let on = due(row).and_then(|due| due.add_days(PAYOUT_DAYS.saturating_neg()));
                let ends = days.zip(on).zip(due(row));
                ends.is_some_and(|(((first, last), on), due)| first <= on && due <= last)
            };
            let overdue: Vec<EntryId> =
                away.iter().copied().filter(|row| !awaited(row) && shown(row)).collect();
            payout.bank = if payout.rows.is_empty() {
                BankLink::NoPayoutRow
            } else if away.is_empty() {
                BankLink::Arrived
            } else if payout.rows.iter().any(|row| said.disputed.contains(row)) {
                BankLink::Differs
            } else if days.is_none() {
                BankLink::NoBankFile
            } else if away.iter().all(awaited) {
                BankLink::InTransit
            } else if away.iter().any(|row| said.asked.contains(row)) {
                BankLink::Question
            } else if overdue.is_empty() {
                BankLink::NotShown
            } else {
                missing.extend(overdue.into_iter().filter_map(|row| Some((row, due(&row)?))));
                BankLink::Missing
            };
        }
        let Some(as_of) = as_of.filter(|_| !missing.is_empty()) else { return };
        for (row, due) in missing {
            let figures = Figures::Dates(due, as_of);
            matches.find_with(Code::LateSettlement, row, Vec::new(), figures);
        }
        matches.settle_findings(entries);
    }
}

impl Payout {
    /// Whether it arrived in the bank account.
    #[must_use]
    pub fn arrived(&self) -> BankLink {
        self.bank
    }
}
