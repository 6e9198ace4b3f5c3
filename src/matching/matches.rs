//! Keeps the matches: which rule found each, how certain it is, and which entries it holds.

use crate::codes::Code;
use crate::entry::{Disposition, Entries, Reason, named};
use crate::ids::{EntryId, MatchId};
use crate::matching::Rule;
use crate::money::Amount;
use crate::sort;
use crate::time::Date;

named! {
    /// How certain a match is (DESIGN §2.2).
    Class {
        /// In every best assignment.
        Forced = "forced",
        /// Other assignments give the same rows, count and money.
        Interchangeable = "interchangeable",
        /// The data cannot tell.
        Ambiguous = "ambiguous",
    }
}

/// The figures of a finding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Figures {
    /// None.
    #[default]
    None,
    /// Rows that are alike, and how many of them have a partner; of an ambiguous choice, the
    /// orders and the lines.
    Rows(u32, u32),
    /// The days of the oldest and the newest row that it may be.
    Dates(Date, Date),
    /// How many digits a damaged id had, and how many of them are left.
    Digits(u32, u32),
    /// What the lines of a payout leave, and what was paid, in the currency of its net.
    Paid(Amount, Amount),
}

/// Something that the matching noticed about an entry that it left open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub code: Code,
    /// The open entry.
    pub row: EntryId,
    /// The entries of either side that it was weighed against.
    pub candidates: Vec<EntryId>,
    /// What the words about it need besides.
    pub figures: Figures,
}

/// One match: 10 bytes, and a chain through the entries' column.
#[derive(Clone, Copy, Debug)]
struct Row {
    rule: Rule,
    class: Class,
    head: EntryId,
}

/// Rows in one chunk: the list grows without copying.
const CHUNK: usize = 1 << 14;

/// All matches of a run, and what was noticed on the way.
#[derive(Debug, Default)]
pub struct Matches {
    chunks: Vec<Vec<Row>>,
    len: u32,
    findings: Vec<Finding>,
}

impl Matches {
    /// The number of matches.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether there is no match.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Every match, in the order in which it was found.
    pub fn ids(&self) -> impl Iterator<Item = MatchId> + use<> {
        (0..self.len).map(MatchId)
    }

    /// Makes a match of open entries.
    pub(crate) fn make(
        &mut self,
        entries: &mut Entries,
        rule: Rule,
        class: Class,
        members: &[EntryId],
    ) -> Option<MatchId> {
        let id = MatchId(self.len);
        let mut head = None;
        for member in members {
            debug_assert!(entries.match_of(*member).is_none(), "an entry has one place");
            entries.put_in_match(*member, id, head);
            head = Some(*member);
        }
        if (self.len as usize).is_multiple_of(CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        self.chunks.last_mut()?.push(Row { rule, class, head: head? });
        self.len = self.len.saturating_add(1);
        Some(id)
    }

    /// Adds an open entry to a match.
    pub(crate) fn attach(&mut self, entries: &mut Entries, to: MatchId, entry: EntryId) {
        debug_assert!(entries.match_of(entry).is_none(), "an entry has one place");
        let index = to.0 as usize;
        if let Some(row) = self.chunks.get_mut(index / CHUNK).and_then(|c| c.get_mut(index % CHUNK))
        {
            entries.put_in_match(entry, to, Some(row.head));
            row.head = entry;
        }
    }

    fn row(&self, id: MatchId) -> Option<&Row> {
        let index = id.0 as usize;
        self.chunks.get(index / CHUNK)?.get(index % CHUNK)
    }

    /// The rule that found the match.
    pub fn rule(&self, id: MatchId) -> Rule {
        self.row(id).map_or(Rule::Reference, |row| row.rule)
    }

    /// How certain the match is.
    pub fn class(&self, id: MatchId) -> Class {
        self.row(id).map_or(Class::Forced, |row| row.class)
    }

    /// The entries of a match, in no order.
    pub fn members<'a>(
        &self,
        entries: &'a Entries,
        id: MatchId,
    ) -> impl Iterator<Item = EntryId> + use<'a> {
        let mut next = self.row(id).map(|row| row.head);
        std::iter::from_fn(move || {
            let current = next?;
            next = entries.next_in_match(current);
            Some(current)
        })
    }

    /// Records what was noticed about an open entry.
    pub(crate) fn find(&mut self, code: Code, row: EntryId, candidates: Vec<EntryId>) {
        self.find_with(code, row, candidates, Figures::None);
    }

    /// Records what was noticed about an open entry, with figures.
    pub(crate) fn find_with(
        &mut self,
        code: Code,
        row: EntryId,
        candidates: Vec<EntryId>,
        figures: Figures,
    ) {
        self.findings.push(Finding { code, row, candidates, figures });
    }

    /// What was noticed about entries that stayed open.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Gives a finding a better name.
    pub(crate) fn rename(&mut self, place: usize, code: Code) {
        if let Some(finding) = self.findings.get_mut(place) {
            finding.code = code;
        }
    }

    /// The entries about which there is a finding, sorted.
    pub(crate) fn rows_found(&self) -> Vec<EntryId> {
        let mut rows: Vec<EntryId> = self.findings.iter().map(|finding| finding.row).collect();
        sort::sort(&mut rows);
        rows
    }

    /// Forgets findings about entries that a later pass matched, and sorts the rest by entry.
    pub(crate) fn settle_findings(&mut self, entries: &Entries) {
        let stands = |f: &Finding| match entries.disposition(f.row) {
            Disposition::Open => true,
            // A reservation moves no money, and may be lost all the same; a payout may be wrong, or
            // may never have arrived.
            Disposition::Excluded => matches!(
                f.code,
                Code::PreauthNotCaptured | Code::PayoutTotalMismatch | Code::LateSettlement
            ),
            // A payout that arrived may still not be what its lines leave.
            Disposition::Matched => f.code == Code::PayoutTotalMismatch,
            _ => false,
        };
        self.findings.retain(stands);
        sort::sort_by_key(&mut self.findings, |f| (f.row, f.code));
        self.findings.dedup_by(|a, b| {
            let same = a.row == b.row && a.code == b.code;
            if same {
                b.candidates.extend(a.candidates.iter().copied());
            }
            same
        });
    }
}

/// Leaves an entry out, with a reason.
pub(crate) fn exclude(entries: &mut Entries, id: EntryId, reason: Reason) {
    entries.dispose(id, Disposition::Excluded, reason);
}
