//! Decides by which profile and header a source is read: the user's word counts first, then what
//! the columns say.

use super::detect::{choose, header_for, recognise};
use super::fields::Field;
use super::headless;
use super::layout::{Header, rule_of};
use super::mapping::{check_columns, settle_constants};
use super::overlay::{add_vocabulary, overlaid};
use super::profile::{Codes, Profile};
use super::reader::{Mapping, SourceSpec};
use super::record::Rows;
use super::wanted::is_printed;
use super::{shipped, synonyms};
use crate::entry::Side;
use crate::error::Error;

/// How a source is read: its profile, its header, and the header's row.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) profile: Profile,
    pub(super) header: Header,
    /// `None` where records name their own columns (JSON).
    pub(super) header_row: Option<u32>,
    /// The lines above the header, as they are written.
    pub(super) preamble: Vec<String>,
}

impl Found {
    /// By the mapping, else by the profile that the user chose, else by what the columns say.
    ///
    /// # Errors
    /// Those of [`choose`]; `ingest/unknown-profile`, `ingest/unknown-column`.
    pub(super) fn new(spec: &SourceSpec, rows: &Rows) -> Result<Self, Error> {
        if let Some(mapping) = &spec.mapping {
            return Self::by_mapping(spec, mapping, rows);
        }
        if let Some(saved) = saved_for(spec, rows) {
            let mapping = Mapping { profile: saved.clone(), completes: false };
            return Self::by_mapping(spec, &mapping, rows);
        }
        let (profile, header_row) = match &spec.profile {
            Some(name) => {
                let own = spec.own.iter().find(|own| own.name == *name);
                let profile = own.map_or_else(|| named(name), Ok)?;
                let header = header_for(&spec.name, profile, rows);
                (profile, header.map_err(|error| not_of(name, &error))?)
            }
            None => match own_of(spec, rows) {
                Some(found) => found,
                None => {
                    let guess = choose(&spec.name, rows, spec.side)?;
                    (named(guess.profile)?, guess.header_row)
                }
            },
        };
        if header_row == Some(headless::NO_HEADER)
            && let Some(side) = profile.side.as_deref().and_then(Side::from_name)
            && let Some(profile) = headless::profile(side, rows)
        {
            let header = headless::header(rows);
            return Ok(Self { profile, header, header_row, preamble: Vec::new() });
        }
        let header = header_at(profile, rows, header_row);
        let preamble = lines_above(rows, header_row);
        Ok(Self { profile: profile.clone(), header, header_row, preamble })
    }

    /// The currency that the lines above the header name.
    pub(super) fn preamble_currency(&self) -> Option<String> {
        let rule = rule_of(&self.profile, Field::Currency)?;
        let behind = |words: &String| {
            let line = self.preamble.iter().find_map(|line| line.split_once(words.as_str()))?.1;
            let word = line.trim_start().split(|c: char| !c.is_alphanumeric()).next()?;
            synonyms::currency(word).map(|currency| currency.code().to_owned())
        };
        rule.preamble.iter().find_map(behind)
    }

    fn by_mapping(spec: &SourceSpec, mapping: &Mapping, rows: &Rows) -> Result<Self, Error> {
        let mut own = mapping.profile.clone();
        let side = own.side.as_deref().and_then(Side::from_name).or(spec.side);
        let chosen = match spec.profile.as_ref().or(own.base.as_ref()) {
            Some(name) => Some(named(name)?),
            None => {
                let guess = choose(&spec.name, rows, side).ok();
                guess.and_then(|guess| shipped::profile(guess.profile))
            }
        };
        let base = chosen.unwrap_or_else(|| shipped::generic(side.unwrap_or(Side::Orders)));
        // The header is the row that has the mapped columns, or the one that the profile knows.
        let printed = own.fingerprint.as_ref().and_then(|print| header_printed(print, rows));
        let header_row = match printed {
            Some(row) => Some(row),
            None => header_for(&spec.name, &own, rows)
                .or_else(|error| header_for(&spec.name, base, rows).map_err(|_| error))?,
        };
        let header = header_at(&own, rows, header_row);
        settle_constants(&mut own, &header);
        check_columns(&own, &header).map_err(|error| match header_row {
            Some(row) => error.at_line(row),
            None => error,
        })?;
        let base_side = base.side.as_deref().and_then(Side::from_name);
        add_vocabulary(&mut own, side.or(base_side).unwrap_or(Side::Orders));
        let is_part = mapping.completes || own.base.is_some();
        let profile = if is_part { overlaid(base, &own) } else { own };
        Ok(Self { profile, header, header_row, preamble: lines_above(rows, header_row) })
    }
}

/// The first profile of the user's own that recognises the file, for the side that was asked for.
fn own_of<'s>(spec: &'s SourceSpec, rows: &Rows) -> Option<(&'s Profile, Option<u32>)> {
    let of_side = |own: &&Profile| {
        let side = own.side.as_deref().and_then(Side::from_name);
        side.is_none() || spec.side.is_none() || side == spec.side
    };
    let fits = |own: &'s Profile| Some((own, recognise(own, rows)?));
    spec.own.iter().filter(of_side).find_map(fits)
}

/// The row of the header that has a fingerprint.
pub(super) fn header_printed(fingerprint: &str, rows: &Rows) -> Option<u32> {
    let header = |cells: &[String]| Header::new(cells.iter().map(String::as_str));
    let found = rows.rows.iter().find(|row| header(&row.cells).fingerprint() == fingerprint);
    let without = || {
        let fits = headless::header(rows).fingerprint() == fingerprint;
        (fits && headless::fields(rows).is_some()).then_some(headless::NO_HEADER)
    };
    found.map(|found| found.row).or_else(without)
}

/// The saved mapping that is for this file.
fn saved_for<'s>(spec: &'s SourceSpec, rows: &Rows) -> Option<&'s Profile> {
    spec.saved.iter().find(|saved| {
        let side = saved.side.as_deref().and_then(Side::from_name);
        let fits = spec.side.is_none() || side.is_none() || side == spec.side;
        let print = saved.fingerprint.as_deref().filter(|print| !print.is_empty());
        fits && print.is_some_and(|print| is_printed(print, rows))
    })
}

pub(super) fn named(name: &str) -> Result<&'static Profile, Error> {
    shipped::profile(name).ok_or_else(|| {
        let names: Vec<&str> = shipped::profiles().iter().map(|p| p.name.as_str()).collect();
        let near = super::fold::nearest(name, names.iter().copied());
        let remedy = if near.is_empty() { names.join(", ") } else { near.join(" or ") };
        Error::new("ingest/unknown-profile", format!("there is no profile {name:?}"))
            .remedy_is(format!("use {remedy}"))
            .arg("profile", name)
    })
}

/// The file is not what the user said that it is.
pub(super) fn not_of(profile: &str, error: &Error) -> Error {
    let message = format!("the file has no columns of the profile {profile}");
    let mine = Error::new("ingest/not-of-profile", message)
        .remedy_is("name the profile of the file, or none, so that it is recognised by its columns")
        .arg("profile", profile);
    match error.place().and_then(|place| place.line) {
        Some(line) => mine.at_line(line),
        None => mine,
    }
}

fn lines_above(rows: &Rows, header: Option<u32>) -> Vec<String> {
    let above = rows.rows.iter().filter(|row| header.is_some_and(|header| row.row < header));
    above.map(|row| row.raw.clone()).collect()
}

fn header_at(profile: &Profile, rows: &Rows, row: Option<u32>) -> Header {
    if let Some(header) = profile.codes.as_ref().and_then(Codes::header) {
        return header;
    }
    if row == Some(headless::NO_HEADER) {
        return headless::header(rows);
    }
    match row.and_then(|row| rows.rows.iter().find(|found| found.row == row)) {
        Some(found) => Header::new(found.cells.iter().map(String::as_str)),
        None => Header::new(rows.columns.iter().map(String::as_str)),
    }
}
