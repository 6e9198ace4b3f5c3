//! Checks what was carried forward from an earlier run, as far as the document tells: its sources, the
//! rows that were seen before, and the closed rows that somebody claims again.

use crate::codes::Code;
use crate::entry::{Disposition, Identity, NewEntry, Reason, Side, core_of};
use crate::money::Currency;
use crate::time::Date;

use super::Verifier;
use super::cursor::{Cursor, Read};
use super::facts::Fact;
use super::ledger::{Index, Record};
use super::links::Keys;
use super::sources::Source;
use super::values;
use super::verdict::CheckName;

/// The profile of carried sources.
const PROFILE: &str = "carry_forward";

/// From what a source was carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CarriedFrom {
    pub(super) as_of: Date,
    pub(super) closed: u64,
    /// SHA-256 and size of the file.
    pub(super) file: (String, u64),
}

/// A closed row that is claimed again.
#[derive(Debug)]
pub(super) struct Earlier {
    /// Its row and what it claimed, which the words repeat.
    pub(super) figures: [String; 2],
    keys: Keys,
    currency: Currency,
    closed_on: Date,
}

/// Reads what a source says that it was carried from; its checksum and size follow.
pub(super) fn read_source(c: &mut Cursor<'_>) -> Read<Option<(Date, u64)>> {
    if !c.has("carried") {
        return Ok(None);
    }
    c.literal("{")?;
    let as_of = c.word("as_of", Date::from_iso)?;
    let closed = c.count("closed")?;
    c.literal("}")?;
    Ok(Some((as_of, closed)))
}

/// Reads the closed row that an exception speaks of.
pub(super) fn read_earlier(c: &mut Cursor<'_>) -> Read<Option<Earlier>> {
    if !c.has("earlier") {
        return Ok(None);
    }
    c.literal("{")?;
    let row = c.word("row", |row| row.contains(':').then(|| row.to_owned()))?;
    let of_payments = |side: &Side| matches!(side, Side::Orders | Side::Settlement);
    c.word("side", |name| Side::from_name(name).filter(of_payments))?;
    c.word("identity", Identity::parse)?;
    let texts = [c.optional("reference")?, c.optional("transaction_id")?];
    let number = c.optional("order_number")?;
    let [reference, transaction] = &texts;
    let keys = Keys::of([reference, transaction, &number]);
    let amount = c.text("amount")?.value.into_owned();
    let currency = c.word("currency", Currency::from_code)?;
    if values::amount(&amount, currency).is_none() {
        return Err(c.wrong("not an amount with the digits of its currency", &amount));
    }
    let closed_on = c.word("closed_on", Date::from_iso)?;
    c.literal("}")?;
    Ok(Some(Earlier { figures: [row, amount], keys, currency, closed_on }))
}

impl Verifier<'_> {
    /// A source is carried exactly if its profile says so, whole, and from one file of an earlier day.
    pub(super) fn check_carried_source(&mut self, source: &Source, rows: [u64; 4]) {
        let place = || source.file.clone();
        let is_carried = source.carried.is_some();
        let what = "a source is carried forward exactly if its profile says so";
        let shown = (source.profile == PROFILE, is_carried);
        self.findings.equal(CheckName::Sources, what, place, shown);
        let Some(carried) = &source.carried else { return };
        if self.as_of.is_none_or(|as_of| carried.as_of >= as_of) {
            let what = "what was carried forward is not of an earlier day";
            let shown = (carried.as_of.to_string(), "");
            self.findings.differs(CheckName::Sources, what, place, shown);
        }
        let first = self.sources.iter().find_map(|other| other.carried.as_ref());
        if first.is_some_and(|first| first != carried) {
            let what = "what was carried forward is of two files";
            self.findings.differs(CheckName::Sources, what, place, ("", ""));
        }
        let [read, entries, ..] = rows;
        let what = "what was carried forward is not taken up whole";
        self.findings.equal(CheckName::Sources, what, place, (entries, read));
    }

    fn is_carried(&self, record: &Record) -> bool {
        let source = self.sources.get(usize::from(record.source));
        source.is_some_and(|source| source.carried.is_some())
    }

    /// What is wrong with an entry that an earlier run has seen.
    pub(super) fn wrong_before(&self, record: &Record) -> Option<&'static str> {
        let carries = self.sources.iter().any(|source| source.carried.is_some());
        match (record.disposition, record.reason, self.is_carried(record)) {
            (Disposition::ClosedBefore, ..) if !carries => {
                Some("nothing was carried forward that could have closed an entry")
            }
            (Disposition::ClosedBefore, _, true) => Some("an open entry was closed before"),
            (_, Reason::Repeated, false) => {
                Some("only what was carried forward can be in a file again")
            }
            _ => None,
        }
    }

    /// Keeps by what an entry is known again, where anything was carried.
    pub(super) fn keep_core(&mut self, side: Side, new: &NewEntry<'_>, index: Index) {
        if self.sources.iter().any(|source| source.carried.is_some()) {
            let core = core_of(&mut self.fields, side, new);
            self.cores.push((core, index));
        }
    }

    /// After the last entry: of the same rows, as many carried ones give way as files have again.
    pub(super) fn close_carried(&mut self) {
        let mut cores = std::mem::take(&mut self.cores);
        cores.sort_unstable();
        let same = cores.chunk_by(|a, b| a.0 == b.0);
        let wrong: Vec<_> = same.filter_map(|group| self.counted_twice(group)).collect();
        for (index, stated, computed) in wrong {
            let what = "a carried entry gives way exactly to the same row in a file";
            let place = || self.ledger.name(index);
            self.findings.differs(CheckName::Partition, what, place, (stated, computed));
        }
    }

    /// A row of those that are the same, if some are counted twice or not at all, with how many gave
    /// way and how many must.
    fn counted_twice(&self, group: &[(u128, Index)]) -> Option<(Index, usize, usize)> {
        let records = || group.iter().filter_map(|(_, index)| self.ledger.get(*index));
        let first = records().next()?;
        // Without a name, a day on which it was paid out may be all that a row is known by.
        let named = first.occurred_at.is_some() || !first.keys.is_empty();
        let known = |record: &Record| named || record.settled_on.is_some();
        let count = |is: &dyn Fn(&Record) -> bool| records().filter(|record| is(record)).count();
        let carried = count(&|record| self.is_carried(record));
        let gave_way = count(&|record| record.reason == Reason::Repeated);
        let in_files = count(&|record| {
            let closed = record.disposition == Disposition::ClosedBefore;
            !self.is_carried(record) && !closed && known(record)
        });
        let must = carried.min(in_files);
        let (_, index) = group.first()?;
        (gave_way != must).then_some((*index, gave_way, must))
    }

    /// An exception speaks of a closed row exactly if it says that its row claims one.
    pub(super) fn check_earlier(
        &mut self,
        row: Option<Index>,
        facts: &[Fact],
        earlier: Option<&Earlier>,
        place: &str,
    ) {
        let fact = facts.first().filter(|fact| fact.code == Code::DoubleClaim);
        let what = "the row of an earlier run is named exactly if it is claimed again";
        let shown = (earlier.is_some(), fact.is_some());
        self.findings.equal(CheckName::Facts, what, || place.to_owned(), shown);
        let (Some(earlier), Some(fact)) = (earlier, fact) else { return };
        let record = row.and_then(|row| Some((self.ledger.get(row)?, self.ledger.claim(row)?)));
        let shares = record.is_some_and(|(record, (_, currency))| {
            currency == earlier.currency && record.keys.shares(earlier.keys)
        });
        let carried = self.sources.iter().find_map(|source| source.carried.as_ref());
        let in_time = carried.is_some_and(|carried| earlier.closed_on <= carried.as_of);
        if !shares || !in_time || earlier.closed_on.to_string() != fact.expected {
            let what = "the row of an earlier run is not one that this row can claim";
            let shown = (fact.expected.clone(), earlier.closed_on.to_string());
            self.findings.differs(CheckName::Facts, what, || place.to_owned(), shown);
        }
    }
}
