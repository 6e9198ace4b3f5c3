//! The guard of workbooks that are archives: inflates once what the reader would inflate, keeps
//! nothing, and decides whether the reader may have it.
//!
//! The directory was checked before; here the headers are not believed: what is inflated is counted.
//! Refused are document types (entities), and lists that reserve more than they hold.

use std::io::{Cursor, Read};

use memchr::memmem;
use zip::ZipArchive;

use super::sheet::{bad_workbook, too_many_texts};
use crate::error::Error;
use crate::ingest::unpack::directory::{Directory, Entry};
use crate::ingest::unpack::members::{Inflated, Member, bad_archive, locked_workbook};
use crate::limits;

/// What the sheets hold that costs a second look.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Findings {
    pub(super) merged: bool,
    /// Formulas without a stored result.
    pub(super) unsolved: bool,
}

/// Bytes that are looked at together; and how much of them is looked at once more with the next.
const CHUNK: usize = 64 << 10;
const OVERLAP: usize = 64;

/// Inflates everything that a reader of workbooks reads.
///
/// # Errors
/// `ingest/bad-archive`, `ingest/bad-workbook`, `ingest/locked-workbook`, `limit/…`.
pub(super) fn check(
    directory: &Directory<'_>,
    archive: &mut ZipArchive<Cursor<&[u8]>>,
) -> Result<Findings, Error> {
    let mut findings = Findings::default();
    for (index, entry) in directory.entries.iter().enumerate() {
        if !is_read(entry) {
            continue;
        }
        if entry.is_locked() {
            return Err(locked_workbook());
        }
        let mut file = archive.by_index(index).map_err(|error| bad_archive(&error.to_string()))?;
        let (size, name) = (Some(entry.size), String::new());
        let member = Member { name, size, most: limits::UNPACKED_BYTES };
        let strings = ends_with(entry, "sharedstrings.xml");
        if strings && entry.size > limits::SHARED_STRINGS_BYTES {
            return Err(too_many_texts());
        }
        scan(&member, &mut file, strings, &mut findings)?;
    }
    Ok(findings)
}

/// XML parts and their relations; pictures and the like are never inflated.
fn is_read(entry: &Entry<'_>) -> bool {
    [".xml", ".rels", ".bin"].iter().any(|end| ends_with(entry, end))
}

fn ends_with(entry: &Entry<'_>, end: &str) -> bool {
    let from = entry.name.len().checked_sub(end.len());
    let tail = from.and_then(|from| entry.name.get(from..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end.as_bytes()))
}

fn scan(
    member: &Member,
    file: &mut dyn Read,
    strings: bool,
    findings: &mut Findings,
) -> Result<(), Error> {
    let mut inflated = Inflated::new(member, file);
    let mut window: Vec<u8> = Vec::with_capacity(CHUNK + OVERLAP);
    let (mut reserved, mut tags) = (None, 0_u64);
    loop {
        let kept = window.len().saturating_sub(OVERLAP);
        window.drain(..kept);
        let before = window.len();
        inflated.up_to(before + CHUNK, &mut window)?;
        let fresh = window.get(before..).unwrap_or_default();
        if fresh.is_empty() {
            break;
        }
        let holds = |pattern: &str| memmem::find(&window, pattern.as_bytes()).is_some();
        if holds("<!DOCTYPE") || holds("<!ENTITY") {
            return Err(bad_workbook("it declares a document type, which no workbook has"));
        }
        findings.merged |= holds("mergeCell ");
        findings.unsolved |=
            ["</f></c>", "</f><v></v>", "</f><v/>", "</f><v />"].into_iter().any(holds);
        if strings {
            reserved = reserved.or_else(|| unique_count(&window));
            tags += memchr::memchr_iter(b'<', fresh).count() as u64;
        }
    }
    if reserved.is_some_and(|reserved| reserved > tags) {
        return Err(bad_workbook("its list of texts is shorter than it says"));
    }
    Ok(())
}

/// How many texts a list says it has.
fn unique_count(window: &[u8]) -> Option<u64> {
    let at = memmem::find(window, b"uniqueCount=")?;
    let rest = window.get(at + b"uniqueCount=\"".len()..)?;
    let digits: String =
        rest.iter().take_while(|b| b.is_ascii_digit()).map(|&b| char::from(b)).collect();
    // More digits than fit are more texts than there are.
    Some(digits.parse().unwrap_or(if digits.is_empty() { 0 } else { u64::MAX }))
}
