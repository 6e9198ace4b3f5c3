//! A finished run: everything that pages, documents and exports are made of.

use std::collections::BTreeMap;

use crate::entry::{Disposition, Entries, Part, Side};
use crate::exceptions::{Exceptions, PartName, Target, Terms};
use crate::ids::{EntryId, MatchId};
use crate::ingest::report::SourceReport;
use crate::ingest::stated::What;
use crate::matching::Matches;
use crate::money::{Amount, Currency};
use crate::proof::{Frozen, Totals};
use crate::sort;
use crate::time::Date;

/// The rules of matching and of the codes; a change of any result changes it.
pub const RULESET: &str = "1";

/// A finished run.
#[derive(Debug)]
pub struct Run {
    /// The last day that the run looked at.
    pub as_of: Option<Date>,
    /// The zone in which `as_of` is a day.
    pub timezone: String,
    /// SHA-256 of the configuration.
    pub config_sha256: String,
    /// What became of each source, in the order in which they were added.
    pub sources: Vec<SourceReport>,
    /// SHA-256 of each source's bytes; empty until it is known.
    pub sha256: Vec<String>,
    /// All entries.
    pub entries: Entries,
    /// The matches.
    pub matches: Matches,
    /// What is wrong.
    pub exceptions: Exceptions,
    /// The totals at the end.
    pub totals: Totals,
    /// What the lines were held against.
    pub terms: Terms,
}

/// Expected, received, and why they differ, in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrencySummary {
    /// The currency.
    pub currency: Currency,
    /// What the orders say.
    pub expected: Amount,
    /// What the settlement says.
    pub received: Amount,
    /// Received − expected.
    pub difference: Amount,
    /// The explained parts.
    pub explained: Vec<(PartName, Amount)>,
    /// The rest.
    pub unexplained: Amount,
    /// Whether the parts and the rest add up to the difference.
    pub ties: bool,
}

impl Run {
    /// Expected, received, and why they differ, by currency.
    pub fn per_currency(&self) -> Vec<CurrencySummary> {
        let mut currencies: Vec<Currency> = self.totals.sides.keys().copied().collect();
        currencies.extend(self.exceptions.total.parts().map(|part| part.currency));
        currencies.extend(self.exceptions.insights.currencies());
        sort::sort(&mut currencies);
        currencies.dedup();
        currencies.into_iter().map(|currency| self.currency_summary(currency)).collect()
    }

    fn currency_summary(&self, currency: Currency) -> CurrencySummary {
        let sides = self.totals.sides.get(&currency).copied().unwrap_or_default();
        let difference = sides.received.checked_sub(sides.expected);
        let total = &self.exceptions.total;
        let mut explained: Vec<(PartName, Amount)> = total
            .parts()
            .filter(|part| part.currency == currency && part.part != PartName::Unexplained)
            .map(|part| (part.part, part.amount))
            .collect();
        sort::sort_by_key(&mut explained, |(part, _)| part.name());
        let unexplained = total.part(PartName::Unexplained, currency);
        let sum = explained.iter().try_fold(unexplained, |sum, (_, a)| sum.checked_add(*a));
        CurrencySummary {
            currency,
            expected: sides.expected,
            received: sides.received,
            difference: difference.unwrap_or_default(),
            explained,
            unexplained,
            ties: difference.is_some() && sum == difference && !total.overflowed(),
        }
    }

    /// What is frozen on the accounts whose balances the sources state.
    pub fn frozen(&self) -> Vec<Frozen> {
        let stated = self.sources.iter().flat_map(SourceReport::balances);
        let frozen = stated.filter(|(_, figure)| figure.what == What::Frozen);
        let figures = frozen.map(|(account, figure)| Frozen {
            account: account.account.clone(),
            currency: account.currency,
            at: figure.at,
            on: figure.on,
            amount: figure.amount,
        });
        Frozen::last(figures)
    }

    /// Whether all that came in has a place, every currency ties, and every row is counted once.
    pub fn balanced(&self) -> bool {
        self.totals.tie()
            && self.per_currency().iter().all(|summary| summary.ties)
            && self.sources.iter().all(|source| source.rows.ties())
    }

    /// Whether nothing is left for a person to do.
    pub fn nothing_open(&self) -> bool {
        self.exceptions.items.is_empty()
            && self.sources.iter().all(|s| s.rows.rejected == 0 && s.controls.iter().all(|c| c.ok))
    }

    /// Entries by side and by disposition.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for id in self.entries.ids() {
            *counts.sides.entry(self.entries.side(id)).or_default() += 1;
            *counts.ends.entry(self.entries.disposition(id)).or_default() += 1;
        }
        counts
    }

    /// The name of an entry's row: `file:row`, and which entry of the row it is.
    pub fn row_name(&self, id: EntryId) -> String {
        let source = usize::from(self.entries.source(id).0);
        let file = self.sources.get(source).map_or("", |source| source.file.as_str());
        let part: Part = self.entries.part(id);
        format!("{file}:{}{}", self.entries.row(id), part.name())
    }

    /// The name of a match: after its oldest order, or else its oldest line.
    pub fn match_name(&self, id: MatchId) -> String {
        let members = self.matches.members(&self.entries, id);
        let first = members.min_by_key(|m| (self.entries.side(*m), self.entries.age_key(*m)));
        first.map_or_else(String::new, |first| self.named_after("m", first))
    }

    /// The name of an exception: after its match or row.
    pub fn exception_name(&self, target: Target) -> String {
        match target {
            Target::Match(id) => self.match_name(id).replacen('m', "xm", 1),
            Target::Row(id) => self.named_after("x", id),
        }
    }

    fn named_after(&self, letter: &str, id: EntryId) -> String {
        let identity = self.entries.identity(id);
        format!("{letter}{:016x}-{}", identity.hash >> 64, identity.ordinal)
    }
}

/// Entries by side and by disposition.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Entries by side.
    pub sides: BTreeMap<Side, u64>,
    /// Entries by disposition.
    pub ends: BTreeMap<Disposition, u64>,
}
