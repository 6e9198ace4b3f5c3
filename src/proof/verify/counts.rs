//! Holds the stated numbers of entries, matches and exceptions against those that were read.

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::entry::{Disposition, Side};

use super::Verifier;
use super::cursor::{Cursor, Read};
use super::verdict::CheckName;

/// What the document says it has.
#[derive(Debug, Default)]
pub(super) struct StatedCounts {
    names: Vec<(&'static str, u64)>,
    by_code: BTreeMap<String, u64>,
}

/// Reads the object of counts.
pub(super) fn read(c: &mut Cursor<'_>) -> Read<StatedCounts> {
    let mut counts = StatedCounts::default();
    c.literal("{")?;
    for name in ["orders", "settlement"] {
        counts.names.push((name, c.count(name)?));
    }
    for name in ["bank", "webhook"] {
        let count = if c.has(name) { c.number()? } else { 0 };
        counts.names.push((name, count));
    }
    for name in [
        "matches",
        "matched",
        "open",
        "in_transit",
        "excluded",
        "closed_before",
        "rejected",
        "exceptions",
        "notes",
    ] {
        counts.names.push((name, c.count(name)?));
    }
    c.field("by_code")?;
    counts.by_code = by_code(c)?;
    c.literal("}")?;
    Ok(counts)
}

/// Reads an object of codes and how often each is stated.
pub(super) fn by_code(c: &mut Cursor<'_>) -> Read<BTreeMap<String, u64>> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    c.literal("{")?;
    while !c.skip("}") {
        if !counts.is_empty() {
            c.literal(",")?;
        }
        let code = c.string()?.value;
        if Code::from_name(&code).is_none() {
            return Err(c.wrong("unknown code", &code));
        }
        if counts.keys().next_back().is_some_and(|last| **last >= *code) {
            return Err(c.wrong("the codes are not sorted", &code));
        }
        c.literal(":")?;
        let count = c.number()?;
        counts.insert(code.into_owned(), count);
    }
    Ok(counts)
}

impl Verifier<'_> {
    /// Compares every count.
    pub(super) fn compare_counts(&mut self) {
        let stated = std::mem::take(&mut self.stated_counts);
        for (name, stated) in stated.names {
            let computed = self.count_of(name);
            let place = || "counts".to_owned();
            self.findings.equal(CheckName::Counts, name, place, (stated, computed));
        }
        for code in Code::ALL {
            let of = |counts: &BTreeMap<String, u64>| counts.get(code.name()).copied().unwrap_or(0);
            let place = || "counts.by_code".to_owned();
            let of_sources = self.sources.iter().map(|source| of(&source.codes));
            let computed = of_sources.fold(of(&self.by_code), u64::saturating_add);
            let shown = (of(&stated.by_code), computed);
            self.findings.equal(CheckName::Counts, code.name(), place, shown);
        }
    }

    fn count_of(&self, name: &str) -> u64 {
        let entries = |wanted: &dyn Fn(Side, Disposition) -> bool| {
            let found =
                self.ledger.iter().filter(|(_, record)| wanted(record.side, record.disposition));
            u64::try_from(found.count()).unwrap_or(u64::MAX)
        };
        if let Some(side) = Side::from_name(name) {
            return entries(&|own, _| own == side);
        }
        if let Some(disposition) = Disposition::from_name(name) {
            return entries(&|_, own| own == disposition);
        }
        match name {
            "matches" => self.matches.len(),
            "exceptions" => self.exceptions.count,
            "notes" => self.notes,
            _ => self.sources.iter().fold(0, |sum, source| sum.saturating_add(source.rejected)),
        }
    }
}
