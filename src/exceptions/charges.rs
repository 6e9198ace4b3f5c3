//! What was charged, and how much of it was too much or too little: by provider, method, currency
//! and month, and by payout.

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::entry::{Entries, Kind};
use crate::exceptions::Fact;
use crate::fees::Month;
use crate::ids::{EntryId, SourceId};
use crate::money::{Amount, Currency};
use crate::time::Date;

/// Which lines are added up together. The numbers are those of the entries' own lists of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    Month(u32, Option<Month>),
    Payout(u32),
}

type Group = (SourceId, Currency, By);

/// The fees of some lines; − when charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeTotal {
    /// One of the lines, which tells what they have in common.
    pub first: EntryId,
    /// Whether they have a payout in common, and not a method and a month.
    pub of_payout: bool,
    /// How many.
    pub lines: u64,
    /// What was charged.
    pub charged: Amount,
    /// What of it was too much.
    pub over: Amount,
    /// What was charged too little, positive.
    pub under: Amount,
    /// Lines whose fee the contract does not tell.
    pub not_known: u64,
}

/// The fees of a run, added up as its lines are checked.
#[derive(Clone, Debug, Default)]
pub struct Charges {
    places: BTreeMap<Group, usize>,
    totals: Vec<FeeTotal>,
    /// The groups that were found last: lines of one group mostly follow each other.
    last_month: Option<(Group, usize)>,
    last_payout: Option<(Group, usize)>,
    /// The day that was looked at last.
    day: Option<(Date, Month)>,
    overflow: bool,
}

impl Charges {
    /// Adds a line, what was found about its fee, and whether that is not known.
    pub(crate) fn add(&mut self, entries: &Entries, line: EntryId, facts: &[Fact], gap: bool) {
        let is_row = entries.kind(line) == Kind::Fee;
        let (charged, currency) = match is_row {
            true => (entries.net(line), entries.net_currency(line)),
            false => (entries.fee(line), entries.currency(line)),
        };
        let (mut over, mut under) = (Amount::ZERO, Amount::ZERO);
        for fact in facts {
            let into = match fact.code {
                Code::FeeOvercharge | Code::FeeNotRefunded | Code::FeeUnknownType => &mut over,
                Code::FeeUndercharge | Code::FeeMissing => &mut under,
                _ => continue,
            };
            let sum = fact.amount.and_then(|amount| into.checked_add(amount));
            self.overflow |= sum.is_none();
            *into = sum.unwrap_or_default();
        }
        let month = entries.local_date(line).map(|date| self.month(date));
        let source = entries.source(line);
        let by_month = By::Month(entries.method_number(line), month);
        let payout = entries.batch_number(line);
        let by_payout = (payout != 0).then_some(By::Payout(payout));
        for by in std::iter::once(by_month).chain(by_payout) {
            let at = self.place((source, currency, by), line);
            let Some(total) = self.totals.get_mut(at) else { continue };
            total.lines = total.lines.saturating_add(1);
            total.not_known = total.not_known.saturating_add(u64::from(gap));
            for (into, amount) in
                [(&mut total.charged, charged), (&mut total.over, over), (&mut total.under, under)]
            {
                let sum = into.checked_add(amount);
                self.overflow |= sum.is_none();
                *into = sum.unwrap_or_default();
            }
        }
    }

    /// The month of a day.
    fn month(&mut self, date: Date) -> Month {
        match self.day {
            Some((day, month)) if day == date => month,
            _ => {
                let month = Month::of(date);
                self.day = Some((date, month));
                month
            }
        }
    }

    /// Where the total of a group stands.
    fn place(&mut self, group: Group, line: EntryId) -> usize {
        let of_payout = matches!(group.2, By::Payout(_));
        let last = if of_payout { &mut self.last_payout } else { &mut self.last_month };
        if let Some((known, at)) = last
            && *known == group
        {
            return *at;
        }
        let next = self.totals.len();
        let at = *self.places.entry(group).or_insert(next);
        if at == next {
            let (lines, not_known) = (0, 0);
            let (charged, over, under) = (Amount::ZERO, Amount::ZERO, Amount::ZERO);
            let first = line;
            let total = FeeTotal { first, of_payout, lines, charged, over, under, not_known };
            self.totals.push(total);
        }
        *last = Some((group, at));
        at
    }

    /// The totals; none where a sum left the range of exact numbers.
    pub fn totals(&self) -> impl Iterator<Item = (&Currency, &FeeTotal)> {
        let all = self.places.iter().filter(|_| !self.overflow);
        all.filter_map(|((_, currency, _), at)| Some((currency, self.totals.get(*at)?)))
    }
}
