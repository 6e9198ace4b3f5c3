//! A finished run: everything that pages, documents and exports are made of.

use std::collections::BTreeMap;

use crate::causes::Card;
use crate::codes::Code;
use crate::decisions::Carried;
use crate::entry::{Disposition, Entries, Part, Side};
use crate::exceptions::{Exceptions, FeeTotal, PartName, Target, Terms};
use crate::fees::Month;
use crate::ids::{EntryId, MatchId};
use crate::ingest::report::SourceReport;
use crate::ingest::stated::What;
use crate::matching::{Matches, Payouts};
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
    /// The text of the fee contract; empty if there is none.
    pub contract: String,
    /// What became of each source, in the order in which they were added.
    pub sources: Vec<SourceReport>,
    /// SHA-256 of each source's bytes; empty until it is known.
    pub sha256: Vec<String>,
    /// All entries.
    pub entries: Entries,
    /// The matches.
    pub matches: Matches,
    /// The payouts that the lines name, and whether they add up.
    pub payouts: Payouts,
    /// What is wrong.
    pub exceptions: Exceptions,
    /// What several exceptions have for a cause, in document order.
    pub causes: Vec<Card>,
    /// The totals at the end.
    pub totals: Totals,
    /// What the lines were held against.
    pub terms: Terms,
    /// What was taken up from the run before.
    pub carried: Option<Carried>,
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
    /// States the SHA-256 of each file, in the order in which they were added. That of what was
    /// carried forward is known.
    pub fn set_sha256(&mut self, files: Vec<String>) {
        let own = self.sha256.drain(..).zip(&self.sources);
        let carried = own.filter(|(_, source)| source.carried.is_some()).map(|(own, _)| own);
        self.sha256 = files.into_iter().chain(carried).collect();
    }

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

    /// What was charged by provider, method, currency and month, and then by payout.
    pub fn fees(&self) -> Vec<FeeRow> {
        let mut rows: BTreeMap<FeeKey, FeeRow> = BTreeMap::new();
        for (currency, total) in self.exceptions.charges.totals() {
            let row = FeeRow::of(self, *currency, total);
            match rows.get_mut(&row.key()) {
                Some(known) => known.add(&row),
                None => {
                    rows.insert(row.key(), row);
                }
            }
        }
        rows.into_values().collect()
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
            && self.sources.iter().all(|source| {
                source.codes().is_empty() && source.controls.iter().all(|control| control.ok)
            })
    }

    /// How often each code is stated: of matches and entries, and of the sources themselves.
    pub fn by_code(&self) -> BTreeMap<Code, u64> {
        let mut all = self.exceptions.by_code.clone();
        for (code, count) in self.sources.iter().flat_map(SourceReport::codes) {
            let sum = all.entry(code).or_default();
            *sum = sum.saturating_add(count);
        }
        all
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

    /// The name of a cause: after its first exception.
    pub fn cause_name(&self, card: &Card) -> String {
        let names = self.exceptions_of(card);
        names.first().map_or_else(String::new, |first| first.replacen('x', "c", 1))
    }

    /// The names of a cause's exceptions, in document order.
    pub fn exceptions_of(&self, card: &Card) -> Vec<String> {
        let items = card.exceptions.iter().filter_map(|at| self.exceptions.items.get(*at as usize));
        let mut items: Vec<_> =
            items.filter_map(|item| Some((item.first_row(&self.entries)?, item.target))).collect();
        sort::sort(&mut items);
        items.into_iter().map(|(_, target)| self.exception_name(target)).collect()
    }

    fn named_after(&self, letter: &str, id: EntryId) -> String {
        let identity = self.entries.identity(id);
        format!("{letter}{:016x}-{}", identity.hash >> 64, identity.ordinal)
    }
}

/// Payouts last, then by provider, currency, method or payout, and month.
type FeeKey = (bool, String, &'static str, String, String);

/// What was charged for lines of one provider and currency: in a month by one method, or in a payout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeRow {
    /// The profile of the source.
    pub provider: String,
    /// The currency of the amounts.
    pub currency: &'static str,
    /// Whether `name` is a payout, and not a method.
    pub of_payout: bool,
    /// The method or the payout.
    pub name: String,
    /// `YYYY-MM`; empty for a payout, and where the lines have no date.
    pub month: String,
    /// How many lines.
    pub lines: u64,
    /// What was charged, −.
    pub charged: Amount,
    /// What of it was too much, −.
    pub over: Amount,
    /// What was charged too little, +.
    pub under: Amount,
    /// Lines whose fee the contract does not tell.
    pub not_known: u64,
}

impl FeeRow {
    fn of(run: &Run, currency: Currency, total: &FeeTotal) -> Self {
        let entries = &run.entries;
        let source = run.sources.get(usize::from(entries.source(total.first).0));
        let month = entries.local_date(total.first).filter(|_| !total.of_payout).map(Month::of);
        let name = match total.of_payout {
            true => entries.batch(total.first),
            false => entries.method(total.first),
        };
        Self {
            provider: source.map_or_else(String::new, |source| source.profile.clone()),
            currency: currency.code(),
            of_payout: total.of_payout,
            name: name.to_owned(),
            month: month.map_or_else(String::new, |month| month.to_string()),
            lines: total.lines,
            charged: total.charged,
            over: total.over,
            under: total.under,
            not_known: total.not_known,
        }
    }

    fn key(&self) -> FeeKey {
        let (provider, name) = (self.provider.clone(), self.name.clone());
        (self.of_payout, provider, self.currency, name, self.month.clone())
    }

    /// The same group of another source.
    fn add(&mut self, other: &Self) {
        self.lines = self.lines.saturating_add(other.lines);
        self.not_known = self.not_known.saturating_add(other.not_known);
        for (into, more) in [
            (&mut self.charged, other.charged),
            (&mut self.over, other.over),
            (&mut self.under, other.under),
        ] {
            *into = into.checked_add(more).unwrap_or_default();
        }
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
