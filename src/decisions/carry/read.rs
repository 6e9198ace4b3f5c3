//! Reads a carry-forward file: the seal first, then every line.

use serde::Deserialize;
use xxhash_rust::xxh3::xxh3_64;

use sha2::{Digest, Sha256};

use super::line::{EntryLine, Line};
use super::{KIND, SCHEMA};
use crate::entry::{Earlier, IdentityFields, NewEntry, Side, hash_of};
use crate::error::Error;
use crate::limits;
use crate::matching::normalise;
use crate::money::Currency;
use crate::sort;
use crate::time::Date;

/// What an earlier run left: the entries that it left open, and what it closed.
#[derive(Clone, Debug)]
pub struct Carried {
    /// The file's name.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// The last day of the run that wrote it.
    pub as_of: Date,
    text: String,
    /// Where the lines of the open entries start.
    open: Vec<u32>,
    /// What each closed row is known by, and where its line starts.
    closed: Vec<(Known, u32)>,
    /// What closed payments are called, hashed, and their places in `closed`; sorted.
    names: Vec<(u64, u32)>,
}

/// By what a row is known again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Known {
    /// The hash of what stays the same while its state moves on.
    pub(super) core: u128,
    /// The hash of its identity.
    pub(super) hash: u128,
}

/// The first line.
#[derive(Debug, Deserialize)]
struct Head {
    #[serde(default)]
    crossfoot: String,
    #[serde(default)]
    schema: u64,
    #[serde(default)]
    as_of: String,
    #[serde(default)]
    open: u64,
    #[serde(default)]
    closed: u64,
}

/// The last line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seal {
    sha256: String,
}

/// An open entry on its way into a run.
#[derive(Debug)]
pub(crate) struct Open<'a> {
    line: Line<'a>,
}

impl Open<'_> {
    /// The scope of its source.
    pub(crate) fn scope(&self) -> &str {
        &self.line.scope
    }

    /// Its side.
    pub(crate) fn side(&self) -> Side {
        self.line.entry.side().unwrap_or(Side::Orders)
    }

    /// Whether a spreadsheet had destroyed an id of it.
    pub(crate) fn is_damaged(&self) -> bool {
        self.line.entry.damaged_id
    }

    /// The entry.
    pub(crate) fn entry(&self) -> Option<NewEntry<'_>> {
        self.line.entry.as_new(self.line.open)
    }
}

/// How a name is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// The provider's name for the transaction.
    Transaction = 1,
    /// A reference or order number as it is written.
    Exact = 2,
    /// The same without case, prefix and separators.
    Normalised = 3,
}

impl Carried {
    /// Reads a carry-forward file.
    ///
    /// # Errors
    /// `carry/…`: another kind of file, another schema, cut off or changed, or a line that no run
    /// has written.
    pub fn parse(file: &str, text: &str) -> Result<Self, Error> {
        Self::read(text).map_err(|error| error.in_file(file)).map(|mut carried| {
            file.clone_into(&mut carried.file);
            carried
        })
    }

    fn read(text: &str) -> Result<Self, Error> {
        if text.len() as u64 > limits::CARRY_BYTES {
            let most = limits::CARRY_BYTES;
            let message = format!("the carry-forward file is larger than {most} bytes");
            return Err(Error::new("carry/too-large", message)
                .arg("limit", most)
                .remedy_is("start a new chain: run without --carry and write a new file"));
        }
        let head = head(text)?;
        let sealed = sealed(text)?;
        let as_of = Date::from_iso(&head.as_of).ok_or_else(|| bad_line(1))?;
        let mut carried = Self {
            file: String::new(),
            sha256: hex(text),
            as_of,
            text: String::new(),
            open: Vec::new(),
            closed: Vec::new(),
            names: Vec::new(),
        };
        let mut fields = IdentityFields::default();
        let mut start = 0;
        for (number, line) in (1_u32..).zip(sealed.split_inclusive('\n')) {
            if number > 1 {
                let known = carried.add(line, start, &mut fields);
                known.ok_or_else(|| bad_line(number))?;
            }
            start = start.saturating_add(u32::try_from(line.len()).unwrap_or(u32::MAX));
        }
        if (carried.open.len() as u64, carried.closed.len() as u64) != (head.open, head.closed) {
            return Err(bad_line(1));
        }
        sort::sort(&mut carried.names);
        text.clone_into(&mut carried.text);
        Ok(carried)
    }

    /// Takes one line; `None` if no run writes such a line.
    fn add(&mut self, line: &str, start: u32, fields: &mut IdentityFields) -> Option<()> {
        let line: Line<'_> = serde_json::from_str(line).ok()?;
        let (side, identity) = (line.entry.side()?, line.entry.identity()?);
        if line.closed.is_empty() {
            let new = line.entry.as_new(line.open)?;
            if line.open == 0 || hash_of(fields, side, &new) != identity.hash {
                return None;
            }
            self.open.push(start);
            return Some(());
        }
        let closed_on = Date::from_iso(&line.closed)?;
        let (_, currency) = line.entry.claim()?;
        if closed_on > self.as_of || line.open != 0 {
            return None;
        }
        if line.entry.kind()?.is_payment() && matches!(side, Side::Orders | Side::Settlement) {
            let at = u32::try_from(self.closed.len()).ok()?;
            let mut names = names_of(&line.entry, currency);
            names.dedup();
            self.names.extend(names.into_iter().map(|name| (name, at)));
        }
        let core = u128::from_str_radix(&line.core, 16).ok().filter(|_| line.core.len() == 32)?;
        self.closed.push((Known { core, hash: identity.hash }, start));
        Some(())
    }

    /// Says why it cannot come before a run as of a day, if it cannot.
    ///
    /// # Errors
    /// `carry/not-before`
    pub fn must_precede(&self, as_of: Option<Date>) -> Result<(), Error> {
        if as_of.is_some_and(|as_of| self.as_of < as_of) {
            return Ok(());
        }
        let own = as_of.map_or_else(|| "no date".to_owned(), |as_of| as_of.to_string());
        let message = format!("it is as of {}, and this run is as of {own}", self.as_of);
        Err(Error::new("carry/not-before", message)
            .arg("carried", self.as_of)
            .arg("as_of", own)
            .remedy_is("give the file of the period before, or a later --as-of")
            .in_file(&self.file))
    }

    /// The open entries, in the order of the file.
    pub(crate) fn open(&self) -> impl Iterator<Item = Open<'_>> {
        let lines = self.open.iter().filter_map(|start| self.line(*start));
        lines.map(|line| Open { line })
    }

    /// The size of the file.
    pub(crate) fn bytes(&self) -> u64 {
        self.text.len() as u64
    }

    /// How many entries were left open.
    pub fn open_count(&self) -> usize {
        self.open.len()
    }

    /// The lines of closed rows, as they are written.
    pub fn closed_lines(&self) -> impl Iterator<Item = &str> {
        self.closed.iter().filter_map(|(_, start)| self.text_at(*start))
    }

    /// How many rows are closed.
    pub fn closed_count(&self) -> usize {
        self.closed.len()
    }

    /// By what closed rows are known again, in the order of the file.
    pub(super) fn closed_rows(&self) -> impl Iterator<Item = Known> {
        self.closed.iter().map(|(known, _)| *known)
    }

    /// The closed payments of a name in a currency, with their scopes.
    pub(super) fn named(
        &self,
        name: Name,
        text: &str,
        currency: Currency,
    ) -> Vec<(Earlier, String)> {
        let Some(hash) = hash_of_name(name, text, currency) else { return Vec::new() };
        let from = self.names.partition_point(|(known, _)| *known < hash);
        let of_hash = self.names.get(from..).unwrap_or_default().iter();
        let of_hash = of_hash.take_while(|(known, _)| *known == hash);
        let found = of_hash.filter_map(|(_, at)| {
            let (_, start) = self.closed.get(*at as usize)?;
            let line = self.line(*start)?;
            let (amount, own) = line.entry.claim()?;
            let is_called = has_name(&line.entry, name, text) && own == currency;
            let earlier = Earlier {
                row: line.entry.row.clone().into_owned(),
                side: line.entry.side()?,
                identity: line.entry.identity()?,
                closed_on: Date::from_iso(&line.closed)?,
                transaction_id: line.entry.transaction_id.clone().into_owned(),
                reference: line.entry.reference.clone().into_owned(),
                order_number: line.entry.order_number.clone().into_owned(),
                amount,
                currency,
            };
            is_called.then(|| (earlier, line.scope.into_owned()))
        });
        found.take(limits::CANDIDATES_PER_ROW).collect()
    }

    fn text_at(&self, start: u32) -> Option<&str> {
        self.text.get(start as usize..)?.lines().next()
    }

    fn line(&self, start: u32) -> Option<Line<'_>> {
        serde_json::from_str(self.text_at(start)?).ok()
    }
}

/// The first line, if the text is a carry-forward file of a known schema.
fn head(text: &str) -> Result<Head, Error> {
    let first = text.lines().next().unwrap_or_default();
    let head: Option<Head> = serde_json::from_str(first).ok();
    let Some(head) = head.filter(|head| head.crossfoot == KIND) else {
        return Err(Error::new("carry/not-a-carry-forward", "it is no carry-forward file")
            .remedy_is("give the file that an earlier run wrote with --out NAME.crossfoot"));
    };
    if head.schema != SCHEMA {
        let message = format!("its schema is {}, and this version reads {SCHEMA}", head.schema);
        return Err(Error::new("carry/unknown-schema", message)
            .arg("schema", head.schema)
            .remedy_is("use the version of crossfoot that wrote it, or a newer one"));
    }
    Ok(head)
}

/// The text before the seal, which fits.
fn sealed(text: &str) -> Result<&str, Error> {
    let cut = || {
        Error::new("carry/cut-off", "the carry-forward file is cut off: its last line is missing")
            .remedy_is("copy it again, or repeat the run that wrote it")
    };
    let whole = text.strip_suffix('\n').ok_or_else(cut)?;
    let end = whole.rfind('\n').ok_or_else(cut)?.saturating_add(1);
    let (sealed, last) = whole.split_at_checked(end).ok_or_else(cut)?;
    let seal: Seal = serde_json::from_str(last).map_err(|_| cut())?;
    if seal.sha256 != hex(sealed) {
        let message = "the carry-forward file was changed after it was written: its seal is broken";
        return Err(Error::new("carry/broken-seal", message)
            .remedy_is("take the file as it was written, or repeat the run that wrote it"));
    }
    Ok(sealed)
}

fn bad_line(number: u32) -> Error {
    Error::new("carry/bad-line", "no run writes such a line into a carry-forward file")
        .at_line(number)
        .remedy_is("repeat the run that wrote it")
}

fn hex(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a closed payment is called, hashed.
fn names_of(entry: &EntryLine<'_>, currency: Currency) -> Vec<u64> {
    let references = [&entry.reference, &entry.order_number];
    let mut names = vec![hash_of_name(Name::Transaction, &entry.transaction_id, currency)];
    for reference in references {
        names.push(hash_of_name(Name::Exact, reference, currency));
        names.push(hash_of_name(Name::Normalised, reference, currency));
    }
    let mut names: Vec<u64> = names.into_iter().flatten().collect();
    sort::sort(&mut names);
    names
}

/// A name in a currency; `None` for no name.
fn hash_of_name(name: Name, text: &str, currency: Currency) -> Option<u64> {
    let mut key = Vec::new();
    append_name(name, text, &mut key);
    if key.is_empty() {
        return None;
    }
    key.push(name as u8);
    key.extend_from_slice(currency.code().as_bytes());
    Some(xxh3_64(&key))
}

fn append_name(name: Name, text: &str, key: &mut Vec<u8>) {
    match name {
        Name::Normalised => normalise(text, key),
        Name::Transaction | Name::Exact => key.extend_from_slice(text.as_bytes()),
    }
}

fn has_name(entry: &EntryLine<'_>, name: Name, text: &str) -> bool {
    let is_same = |own: &str| {
        let (mut one, mut other) = (Vec::new(), Vec::new());
        append_name(name, own, &mut one);
        append_name(name, text, &mut other);
        one == other
    };
    match name {
        Name::Transaction => is_same(&entry.transaction_id),
        Name::Exact | Name::Normalised => is_same(&entry.reference) || is_same(&entry.order_number),
    }
}
