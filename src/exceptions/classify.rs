//! Turns the facts of every match and open entry into exceptions and notes, in small steps.

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::entry::{Disposition, Entries, Identity, Reason, Side};
use crate::exceptions::charged::Judged;
use crate::exceptions::checks::{
    OF_A_MATCH, Sight, fee, fx, line_identity, presence, rest, unusable_key,
};
use crate::exceptions::why_not::WhyNot;
use crate::exceptions::{
    Charges, Difference, Fact, Insights, Members, PartName, PayoutNote, Terms,
};
use crate::fees::Gap;
use crate::ids::{EntryId, MatchId, SourceId};
use crate::matching::{Finding, Matches, Rule};
use crate::money::{Amount, Currency};
use crate::sort;

/// What an exception is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A match with something wrong in it.
    Match(MatchId),
    /// An entry that is in no match.
    Row(EntryId),
}

/// What a person may have to act on: one for each match or open entry with something wrong.
#[derive(Clone, Debug)]
pub struct Exception {
    /// What it is about.
    pub target: Target,
    /// Its facts, the headline first.
    pub facts: Vec<Fact>,
    /// The money that is unexplained.
    pub amount: Amount,
    /// Its currency.
    pub currency: Currency,
    /// Entries that it may be about as well.
    pub candidates: Vec<EntryId>,
}

impl Exception {
    /// The code of the headline.
    pub fn code(&self) -> Option<Code> {
        self.facts.first().map(|fact| fact.code)
    }

    /// Where the first of its rows stands in a document.
    pub fn first_row(&self, entries: &Entries) -> Option<(Side, (i64, Identity))> {
        let rows = self.facts.iter().flat_map(|fact| &fact.rows);
        rows.map(|row| (entries.side(*row), entries.age_key(*row))).min()
    }
}

/// A fact of a match that nobody has to act on.
#[derive(Clone, Debug)]
pub struct Note {
    /// The match.
    pub of: MatchId,
    /// What it is.
    pub fact: Fact,
}

/// Everything that is wrong or worth a note, and the difference of the whole run.
#[derive(Debug, Default)]
pub struct Exceptions {
    /// By target: matches in the order in which they were found, then open entries.
    pub items: Vec<Exception>,
    /// By match.
    pub notes: Vec<Note>,
    /// By payout.
    pub of_payouts: Vec<PayoutNote>,
    /// The parts of all differences.
    pub total: Difference,
    /// Ageing, forecast, and what conversions cost.
    pub insights: Insights,
    /// Facts and notes by code.
    pub by_code: BTreeMap<Code, u64>,
    /// Lines of a source whose fee is not known, by what would decide it.
    pub not_known: BTreeMap<(SourceId, Gap), u64>,
    /// What was charged, where there is a contract.
    pub charges: Charges,
    /// By open payment: why it is in no match.
    pub why_not: Vec<(EntryId, WhyNot)>,
}

impl Exceptions {
    /// The exception of a match or entry.
    pub fn of(&self, target: Target) -> Option<&Exception> {
        let at = self.items.binary_search_by_key(&target, |item| item.target).ok()?;
        self.items.get(at)
    }

    /// Why the row of an exception is in no match.
    pub fn why_not_of(&self, target: Target) -> Option<&WhyNot> {
        let Target::Row(id) = target else { return None };
        let at = self.why_not.binary_search_by_key(&id, |(own, _)| *own).ok()?;
        self.why_not.get(at).map(|(_, why)| why)
    }

    fn note_fee(
        &mut self,
        entries: &Entries,
        line: EntryId,
        facts: &[Fact],
        gap: Option<Gap>,
        terms: &Terms,
    ) {
        if terms.contract.is_none() {
            return;
        }
        self.charges.add(entries, line, facts, gap.is_some());
        if let Some(gap) = gap {
            let count = self.not_known.entry((entries.source(line), gap)).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// The notes of a match.
    pub fn notes_of(&self, id: MatchId) -> &[Note] {
        let start = self.notes.partition_point(|note| note.of < id);
        let end = self.notes.partition_point(|note| note.of <= id);
        self.notes.get(start..end).unwrap_or_default()
    }
}

/// The checking of one run: first its matches, then its open entries.
#[derive(Debug)]
pub struct Classifier {
    next_match: u32,
    next_entry: u32,
    members: Members,
    difference: Difference,
    facts: Vec<Fact>,
    found: Exceptions,
}

impl Default for Classifier {
    fn default() -> Self {
        Self::new()
    }
}

impl Classifier {
    /// A checking that has not begun.
    pub fn new() -> Self {
        Self {
            next_match: 0,
            next_entry: 0,
            members: Members::default(),
            difference: Difference::default(),
            facts: Vec::new(),
            found: Exceptions::default(),
        }
    }

    /// Checks about `budget` matches or entries; `false` once all are checked.
    pub fn step(
        &mut self,
        entries: &Entries,
        matches: &Matches,
        terms: &Terms,
        budget: u32,
    ) -> bool {
        if self.next_match < matches.len() {
            let end = self.next_match.saturating_add(budget).min(matches.len());
            for id in self.next_match..end {
                self.check_match(entries, matches, terms, MatchId(id));
            }
            self.next_match = end;
            return true;
        }
        let end = self.next_entry.saturating_add(budget).min(entries.len());
        for id in self.next_entry..end {
            self.check_entry(entries, matches, terms, EntryId(id));
        }
        self.next_entry = end;
        end < entries.len()
    }

    /// What is done, in matches and entries.
    pub fn progress(&self) -> u64 {
        u64::from(self.next_match).saturating_add(u64::from(self.next_entry))
    }

    /// What was found, once [`Classifier::step`] has said that all is checked.
    pub fn finish(self) -> Exceptions {
        self.found
    }

    fn check_match(&mut self, entries: &Entries, matches: &Matches, terms: &Terms, id: MatchId) {
        if matches.rule(id) == Rule::PayoutToBank {
            return self.check_payouts(entries, matches, id);
        }
        self.members.fill(entries, matches, id);
        self.difference.of_match(entries, &self.members, terms);
        self.found.total.merge(&self.difference);
        self.found.insights.of_match(entries, &self.members, terms);
        let sight = Sight { entries, members: &self.members, terms };
        for check in OF_A_MATCH {
            check(&sight, &mut self.facts);
        }
        for (at, line) in self.members.lines().enumerate() {
            let before = self.facts.len();
            let judged = (line, self.difference.judged(at));
            let gap = check_line(entries, judged, Some(&self.members), terms, &mut self.facts);
            let facts = self.facts.get(before..).unwrap_or_default();
            self.found.note_fee(entries, line, facts, gap, terms);
        }
        rest::check(&sight, &self.difference, &mut self.facts);
        if self.facts.is_empty() {
            return;
        }
        let mut facts = std::mem::take(&mut self.facts);
        self.count(&facts);
        for fact in facts.extract_if(.., |fact| fact.code.is_info()) {
            self.found.notes.push(Note { of: id, fact });
        }
        if let Some((amount, currency)) = self.unexplained(entries)
            && !facts.is_empty()
        {
            sort_facts(&mut facts);
            let target = Target::Match(id);
            let candidates = Vec::new();
            self.found.items.push(Exception { target, facts, amount, currency, candidates });
        }
    }

    /// Payouts that arrived: a second leg of money that is counted with its lines, so that all that
    /// can be wrong is that these do not add up.
    fn check_payouts(&mut self, entries: &Entries, matches: &Matches, id: MatchId) {
        let mut members: Vec<EntryId> = matches.members(entries, id).collect();
        entries.sort(&mut members);
        let mut facts = Vec::new();
        for member in members {
            let findings = findings_of(matches, member);
            if !findings.is_empty() {
                presence::check(entries, member, findings, &mut facts);
            }
        }
        let Some(currency) = facts.first().and_then(|fact| fact.currency) else { return };
        self.count(&facts);
        let (amount, candidates) = (Amount::ZERO, Vec::new());
        let target = Target::Match(id);
        self.found.items.push(Exception { target, facts, amount, currency, candidates });
    }

    /// The unexplained money of the match in hand: in the order's currency if there is any.
    fn unexplained(&self, entries: &Entries) -> Option<(Amount, Currency)> {
        let currency = entries.currency(self.members.orders().next()?);
        let rest = self.difference.part(PartName::Unexplained, currency);
        let other = self
            .difference
            .parts()
            .find(|part| part.part == PartName::Unexplained && rest.is_zero())
            .map(|part| (part.amount, part.currency));
        Some(other.unwrap_or((rest, currency)))
    }

    fn check_entry(&mut self, entries: &Entries, matches: &Matches, terms: &Terms, id: EntryId) {
        let net = (entries.net(id), entries.net_currency(id));
        if entries.disposition(id) != Disposition::Matched {
            self.found.insights.of_entry(entries, terms, id);
        }
        match (entries.disposition(id), entries.side(id)) {
            (Disposition::Open, Side::Orders) => {
                let amount = entries.amount(id).checked_neg().unwrap_or_default();
                let money = (amount, entries.currency(id));
                self.open_entry(entries, matches, terms, id, money);
            }
            (Disposition::Open, _) => self.open_entry(entries, matches, terms, id, net),
            (Disposition::Excluded, Side::Settlement) => {
                let reason = entries.reason(id);
                let part = match (reason, entries.kind(id)) {
                    (Reason::ProviderFee, _) => PartName::Fee,
                    (_, crate::entry::Kind::Transfer) => PartName::Transfer,
                    _ => PartName::Reserve,
                };
                if reason == Reason::ProviderFee {
                    self.found.note_fee(entries, id, &[], None, terms);
                }
                if reason.moves_money() {
                    self.found.total.add(part, net.1, net.0);
                } else if !findings_of(matches, id).is_empty() {
                    self.set_aside(entries, matches, id);
                }
            }
            _ => {}
        }
    }

    fn open_entry(
        &mut self,
        entries: &Entries,
        matches: &Matches,
        terms: &Terms,
        id: EntryId,
        (amount, currency): (Amount, Currency),
    ) {
        // Deposits are a second leg of money that the settlement has, and events announce it: they
        // are never added to it.
        if !matches!(entries.side(id), Side::Bank | Side::Webhook) {
            self.found.total.add(PartName::Unexplained, currency, amount);
        }
        let findings = findings_of(matches, id);
        let mut facts = Vec::new();
        presence::check(entries, id, findings, &mut facts);
        unusable_key::check(entries, id, &mut facts);
        if entries.side(id) == Side::Settlement {
            let judged = (id, Judged::of(entries, id, None, terms));
            let gap = check_line(entries, judged, None, terms, &mut facts);
            self.found.note_fee(entries, id, &facts, gap, terms);
        }
        sort_facts(&mut facts);
        self.count(&facts);
        let mut candidates: Vec<EntryId> =
            findings.iter().flat_map(|finding| finding.candidates.iter().copied()).collect();
        entries.sort(&mut candidates);
        candidates.dedup();
        let target = Target::Row(id);
        // Of an event that is settled with another amount, the difference is what is unexplained.
        let apart = facts.first().filter(|fact| is_differing(entries, fact));
        let amount = apart.and_then(|fact| fact.amount).unwrap_or(amount);
        self.found.items.push(Exception { target, facts, amount, currency, candidates });
    }

    /// An entry that is left out since it moved no money or moved it on, and that someone must look at.
    fn set_aside(&mut self, entries: &Entries, matches: &Matches, id: EntryId) {
        let mut facts = Vec::new();
        let findings = findings_of(matches, id);
        presence::check(entries, id, findings, &mut facts);
        sort_facts(&mut facts);
        self.count(&facts);
        let currency = facts.first().and_then(|fact| fact.currency);
        let currency = currency.unwrap_or_else(|| entries.currency(id));
        let (amount, target, candidates) = (Amount::ZERO, Target::Row(id), Vec::new());
        self.found.items.push(Exception { target, facts, amount, currency, candidates });
    }

    fn count(&mut self, facts: &[Fact]) {
        for fact in facts {
            let count = self.found.by_code.entry(fact.code).or_default();
            *count = count.saturating_add(1);
        }
    }
}

/// The questions about a single settlement line.
fn check_line(
    entries: &Entries,
    (line, judged): (EntryId, Judged),
    members: Option<&Members>,
    terms: &Terms,
    facts: &mut Vec<Fact>,
) -> Option<Gap> {
    let gap = fee::check(entries, (line, judged), members, terms, facts);
    fx::check(entries, line, terms, facts);
    line_identity::check(entries, line, facts);
    gap
}

/// Whether a fact says that an event was settled with another amount.
fn is_differing(entries: &Entries, fact: &Fact) -> bool {
    let of_event = fact.rows.first().is_some_and(|row| entries.side(*row) == Side::Webhook);
    of_event && matches!(fact.code, Code::AmountUnder | Code::AmountOver)
}

/// The headline first.
fn sort_facts(facts: &mut [Fact]) {
    sort::sort_by_key(facts, |fact| fact.code.headline_key());
}

fn findings_of(matches: &Matches, id: EntryId) -> &[Finding] {
    let findings = matches.findings();
    let start = findings.partition_point(|f| f.row < id);
    let end = findings.partition_point(|f| f.row <= id);
    findings.get(start..end).unwrap_or_default()
}
