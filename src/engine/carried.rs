//! Puts the open entries of an earlier run into this one, as sources of their own.

use std::collections::BTreeMap;

use crate::decisions::Carried;
use crate::decisions::carry::PROFILE;
use crate::entry::{Entries, Side};
use crate::error::Error;
use crate::ingest::report::{CarriedFrom, RowCounts, SourceReport};

/// Pushes the carried entries behind those that were read, and says what became of each source: one
/// for each side and scope, and orders always, so that every result says what it was carried from.
///
/// # Errors
/// When a limit of the columns is reached.
pub(crate) fn push(carried: &Carried, entries: &mut Entries) -> Result<Vec<SourceReport>, Error> {
    let mut places: BTreeMap<(Side, String), ()> = BTreeMap::new();
    places.insert((Side::Orders, String::new()), ());
    for open in carried.open() {
        places.insert((open.side(), open.scope().to_owned()), ());
    }
    let places = places.into_keys();
    places.map(|(side, scope)| push_source(carried, entries, side, &scope)).collect()
}

fn push_source(
    carried: &Carried,
    entries: &mut Entries,
    side: Side,
    scope: &str,
) -> Result<SourceReport, Error> {
    entries.begin_source(side);
    let mut report = empty(carried, side, scope);
    let mut last = 0;
    for open in carried.open().filter(|open| open.side() == side && open.scope() == scope) {
        let Some(entry) = open.entry() else { continue };
        let id = entries.push(&entry).map_err(|full| {
            Error::new("limit/entries", full.to_string())
                .remedy_is("reconcile a shorter period at a time")
                .in_file(&report.file)
        })?;
        if open.is_damaged() {
            entries.note_damaged(id);
        }
        if entry.row != last {
            report.rows.read = report.rows.read.saturating_add(1);
            last = entry.row;
        }
        if let Err(place) = report.currencies.binary_search(&entry.currency) {
            report.currencies.insert(place, entry.currency);
        }
    }
    report.rows.entries = report.rows.read;
    Ok(report)
}

fn empty(carried: &Carried, side: Side, scope: &str) -> SourceReport {
    SourceReport {
        file: format!("{}#{}", carried.file, side.name()),
        side,
        scope: scope.to_owned(),
        profile: PROFILE.to_owned(),
        carried: Some(CarriedFrom { as_of: carried.as_of, closed: carried.closed_count() as u64 }),
        encoding: "utf-8".to_owned(),
        bytes: carried.bytes(),
        currencies: Vec::new(),
        rows: RowCounts::default(),
        controls: Vec::new(),
        drift: None,
        assumptions: Vec::new(),
        accounts: Vec::new(),
        rejected: Vec::new(),
        rejected_by_code: BTreeMap::new(),
        broken_lines: Vec::new(),
        pieces: Vec::new(),
        diagnostics: Vec::new(),
    }
}
