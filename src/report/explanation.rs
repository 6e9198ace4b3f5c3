//! Decides what is said when somebody asks about one row: where it ended, with what, and why.

use serde::Serialize;

use crate::entry::{Disposition, Kind, Side};
use crate::exceptions::{Members, charged};
use crate::fees::Language;
use crate::ids::{EntryId, MatchId};
use crate::limits::PAGE_ROWS;
use crate::report::rows::{
    ExceptionRow, FactRow, InTransitRow, LineRow, Localised, MatchRow, exception_at, target_of,
};
use crate::report::{Run, evidence};

/// Everything about one entry.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct Explanation<'r> {
    pub line: LineRow<'r>,
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    pub in_match: Option<MatchPart<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<ExceptionRow<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_transit: Option<InTransitRow<'r>>,
    /// How its fee is worked out by the contract, as a person would write it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calculation: Option<Localised>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// The match of an entry.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "documented in the TypeScript twin")]
pub struct MatchPart<'r> {
    pub row: MatchRow<'r>,
    pub lines: Vec<LineRow<'r>>,
    pub evidence: Vec<EvidenceRow>,
    pub notes: Vec<FactRow>,
}

/// A reason for a match.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the evidence")]
pub struct EvidenceRow {
    pub kind: &'static str,
    pub value: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub orders: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub settlement: String,
}

/// Where a row starts in its source, for whoever still has the bytes.
#[derive(Debug, Serialize)]
pub struct Place {
    /// The source, in the order in which they were added.
    pub source: u16,
    /// In bytes.
    pub offset: u32,
}

impl<'r> Explanation<'r> {
    /// What there is to say about an entry; `None` if there is no such entry.
    pub fn of(run: &'r Run, id: EntryId) -> Option<Self> {
        if id.0 >= run.entries.len() {
            return None;
        }
        let entries = &run.entries;
        let source = entries.source(id);
        let report = run.sources.get(usize::from(source.0));
        // Of other encodings the offset counts the decoded text.
        let written_plainly = report.is_some_and(|r| r.encoding.eq_ignore_ascii_case("utf-8"));
        let exception = exception_at(run, target_of(run, id));
        let waits = entries.disposition(id) == Disposition::InTransit;
        Some(Self {
            line: LineRow::of(run, id),
            in_match: entries.match_of(id).and_then(|found| MatchPart::of(run, found)),
            exception: exception.and_then(|row| ExceptionRow::of(run, row)),
            in_transit: waits.then(|| InTransitRow::of(run, id)),
            calculation: calculation(run, id),
            place: written_plainly.then(|| Place { source: source.0, offset: entries.offset(id) }),
        })
    }
}

/// How the fee of a line, or of an order's payment, is worked out; nothing where the contract says
/// nothing of it.
fn calculation(run: &Run, id: EntryId) -> Option<Localised> {
    let entries = &run.entries;
    let members = entries.match_of(id).map(|found| {
        let mut members = Members::default();
        members.fill(entries, &run.matches, found);
        members
    });
    let line = match entries.side(id) {
        Side::Settlement => Some(id).filter(|id| entries.kind(*id) != Kind::Fee),
        _ => members.as_ref().and_then(|members| members.payments.first().copied()),
    };
    let found = charged::calculation(entries, line?, members.as_ref(), &run.terms)?;
    Some(Localised { en: found.text(Language::English), zh: found.text(Language::Chinese) })
}

impl<'r> MatchPart<'r> {
    fn of(run: &'r Run, id: MatchId) -> Option<Self> {
        let mut members = Members::default();
        members.fill(&run.entries, &run.matches, id);
        let all = members.orders().chain(members.lines()).take(PAGE_ROWS);
        let notes = run.exceptions.notes_of(id).iter();
        Some(Self {
            row: MatchRow::of(run, id.0)?,
            lines: all.map(|member| LineRow::of(run, member)).collect(),
            evidence: evidence(&run.entries, &run.matches, id)
                .into_iter()
                .map(|found| EvidenceRow {
                    kind: found.kind,
                    value: found.value,
                    orders: found.orders,
                    settlement: found.settlement,
                })
                .collect(),
            notes: notes.map(|note| FactRow::of(run, &note.fact)).collect(),
        })
    }
}
