//! Decides whether the entries of a document are the rows of its sources, as they were read again.
//!
//! A document proves only that it agrees with itself: whoever changes an amount and everything that
//! follows from it leaves nothing to find. The rows that the sources have cannot be changed with it.

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::entry::{Entries, NewEntry, Part, Side};
use crate::ids::EntryId;
use crate::money::{Amount, Currency};

use super::Verifier;
use super::verdict::CheckName;

/// A source that was read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceRows {
    /// What its rows are named after.
    pub file: String,
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Physical rows: read, entries, structural, rejected.
    pub rows: [u64; 4],
    /// How often each code is stated of the source itself.
    pub codes: BTreeMap<Code, u64>,
}

/// Rows that were read again, and which of them the document has.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    entries: &'a Entries,
    sources: Vec<SourceRows>,
    /// By source, row and part.
    places: Vec<(u64, EntryId)>,
    seen: Vec<bool>,
    /// The source that was read again, for each source of the document.
    known: Vec<Option<u16>>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(entries: &'a Entries, sources: Vec<SourceRows>) -> Self {
        let place = |id| place(entries.source(id).0, entries.row(id), entries.part(id));
        let mut places: Vec<(u64, EntryId)> = entries.ids().map(|id| (place(id), id)).collect();
        places.sort_unstable();
        let seen = vec![false; places.len()];
        Self { entries, sources, places, seen, known: Vec::new() }
    }

    /// The entry of a row of the document's source.
    fn take(&mut self, source: u16, new: &NewEntry<'_>) -> Option<EntryId> {
        let source = (*self.known.get(usize::from(source))?)?;
        let key = place(source, new.row, new.part);
        let at = self.places.binary_search_by_key(&key, |(place, _)| *place).ok()?;
        *self.seen.get_mut(at)? = true;
        self.places.get(at).map(|(_, id)| *id)
    }

    fn name(&self, id: EntryId) -> String {
        let source = self.sources.get(usize::from(self.entries.source(id).0));
        let file = source.map_or("", |source| source.file.as_str());
        format!("{file}:{}{}", self.entries.row(id), self.entries.part(id).name())
    }
}

fn place(source: u16, row: u32, part: Part) -> u64 {
    (u64::from(source) << 48) | (u64::from(row) << 8) | u64::from(part as u8)
}

/// What an entry says that was read.
fn said<'e>(entries: &'e Entries, id: EntryId, new: &NewEntry<'_>) -> NewEntry<'e> {
    NewEntry {
        row: new.row,
        part: new.part,
        offset: new.offset,
        kind: entries.kind(id),
        status: entries.status(id),
        amount: entries.amount(id),
        fee: entries.fee(id),
        tax: entries.tax(id),
        net: entries.net(id),
        currency: entries.currency(id),
        net_currency: entries.net_currency(id),
        original: entries.original(id),
        fx_rate: entries.fx_rate(id),
        occurred_at: entries.occurred_at(id),
        has_time: entries.has_time(id),
        offset_minutes: entries.offset_minutes(id),
        settled_on: entries.settled_on(id),
        transaction_id: entries.transaction_id(id),
        reference: entries.reference(id),
        order_number: entries.order_number(id),
        batch: entries.batch(id),
        method: entries.method(id),
        country: entries.country(id),
        memo: entries.memo(id),
    }
}

/// The fields of an entry, for people.
fn fields(new: &NewEntry<'_>) -> [(&'static str, String); 16] {
    let own = |amount: Amount| amount.format(new.currency);
    let money = |(amount, own): (Amount, Currency)| format!("{own} {}", amount.format(own));
    let shown = |value: Option<String>| value.unwrap_or_default();
    [
        ("kind", new.kind.name().to_owned()),
        ("status", new.status.name().to_owned()),
        ("reference", new.reference.to_owned()),
        ("transaction_id", new.transaction_id.to_owned()),
        ("order_number", new.order_number.to_owned()),
        ("currency", format!("{} {}", new.currency, new.net_currency)),
        ("amount", own(new.amount)),
        ("fee", own(new.fee)),
        ("tax", own(new.tax)),
        ("net", new.net.format(new.net_currency)),
        ("original_amount", shown(new.original.map(money))),
        ("fx_rate", shown(new.fx_rate.map(|rate| rate.to_string()))),
        ("occurred_at", shown(new.occurred_at.map(|at| at.to_string()))),
        ("settled_on", shown(new.settled_on.map(|date| date.to_string()))),
        ("batch", new.batch.to_owned()),
        ("memo", format!("{} {} {}", new.method, new.country, new.memo)),
    ]
}

impl Verifier<'_> {
    /// Holds a source of the document against the one that was read again.
    pub(super) fn check_source_rows(
        &mut self,
        file: &str,
        sha256: &str,
        rows: [u64; 4],
        codes: &BTreeMap<String, u64>,
    ) {
        let Some(read) = &mut self.rows else { return };
        let at = read.sources.iter().position(|source| source.file == file);
        read.known.push(at.and_then(|at| u16::try_from(at).ok()));
        let Some(source) = at.and_then(|at| read.sources.get(at)) else {
            let what = "the file of this source was not given";
            self.findings.differs(CheckName::Rows, what, || file.to_owned(), (file, ""));
            return;
        };
        let place = || file.to_owned();
        if !sha256.is_empty() {
            let shown = (sha256, source.sha256.as_str());
            self.findings.equal(CheckName::Rows, "the checksum of the file", place, shown);
        }
        let names = ["read", "entries", "structural", "rejected"];
        for (name, shown) in names.into_iter().zip(rows.into_iter().zip(source.rows)) {
            self.findings.equal(CheckName::Rows, name, place, shown);
        }
        for code in Code::ALL {
            let stated = codes.get(code.name()).copied().unwrap_or(0);
            let read = source.codes.get(code).copied().unwrap_or(0);
            self.findings.equal(CheckName::Rows, code.name(), place, (stated, read));
        }
    }

    /// Holds an entry of the document against its row.
    pub(super) fn check_row(
        &mut self,
        source: u16,
        side: Side,
        (new, damaged): (&NewEntry<'_>, bool),
        name: &str,
    ) {
        let Some(rows) = &mut self.rows else { return };
        let place = || name.to_owned();
        let Some(id) = rows.take(source, new) else {
            let what = "the file has no such row";
            return self.findings.differs(CheckName::Rows, what, place, (name, ""));
        };
        let read = said(rows.entries, id, new);
        let own = rows.entries.side(id);
        let spoiled = rows.entries.has_damaged_id(id);
        self.findings.equal(CheckName::Rows, "the side", place, (side.name(), own.name()));
        self.findings.equal(CheckName::Rows, "a damaged id", place, (damaged, spoiled));
        if read != *new {
            let mut pairs = fields(new).into_iter().zip(fields(&read));
            let found = pairs.find(|((_, stated), (_, read))| stated != read);
            let ((field, stated), (_, read)) = found.unwrap_or_default();
            let what = format!("`{field}` is not what the row says");
            self.findings.differs(CheckName::Rows, &what, place, (stated, read));
        }
    }

    /// After the last entry: every row is one.
    pub(super) fn close_rows(&mut self) {
        let Some(rows) = &self.rows else { return };
        for (at, source) in rows.sources.iter().enumerate() {
            if !rows.known.iter().any(|known| known.map(usize::from) == Some(at)) {
                let what = "this file is no source of the document";
                let place = || source.file.clone();
                self.findings.differs(CheckName::Rows, what, place, ("", &source.file));
            }
        }
        for ((_, id), _) in rows.places.iter().zip(&rows.seen).filter(|(_, seen)| !**seen) {
            let what = "a row of the files is no entry of the document";
            let place = || rows.name(*id);
            self.findings.differs(CheckName::Rows, what, place, ("", ""));
        }
    }
}
