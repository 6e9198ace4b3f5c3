//! The guard of zip archives: walks the directory and decides, before anything is inflated, whether
//! the archive may be opened at all.
//!
//! Refused are too many entries, too many bytes, too much compression, entries that share bytes, and
//! a directory that the unpacking library would understand in another way.

use std::io::Cursor;

use zip::ZipArchive;

use super::bytes::{u16_at, u32_at, u64_at};
use super::members::bad_archive;
use crate::error::Error;
use crate::ingest::prepared::too_much;
use crate::limits;

/// What is known of an archive without inflating anything.
#[derive(Debug)]
pub(super) struct Directory<'b> {
    pub(super) entries: Vec<Entry<'b>>,
}

/// One entry, as the directory describes it.
#[derive(Debug)]
pub(super) struct Entry<'b> {
    /// Its name as it is written.
    pub(super) name: &'b [u8],
    /// What it will be.
    pub(super) size: u64,
    compressed: u64,
    flags: u16,
    method: u16,
    /// Where its own header stands.
    start: u64,
}

impl Entry<'_> {
    pub(super) fn is_folder(&self) -> bool {
        self.name.ends_with(b"/") || self.name.ends_with(b"\\")
    }

    /// Whether it needs a password.
    pub(super) fn is_locked(&self) -> bool {
        self.flags & 1 == 1
    }

    /// Whether its compression is read: none, deflate, or either under AES.
    pub(super) fn is_readable(&self) -> bool {
        matches!(self.method, 0 | 8 | 99)
    }

    fn is_suspicious(&self) -> bool {
        self.size > limits::ARCHIVE_RATIO_FREE_BYTES
            && self.size > self.compressed.saturating_mul(limits::ARCHIVE_RATIO)
    }
}

/// Where the directory is.
struct End {
    entries: u64,
    start: usize,
    size: usize,
    /// Bytes in front of the archive.
    base: u64,
}

impl<'b> Directory<'b> {
    /// Reads and checks the directory; `most` is what may be inflated.
    ///
    /// # Errors
    /// `ingest/bad-archive`, `limit/archive-entries`, `limit/unpacked`.
    pub(super) fn read(bytes: &'b [u8], most: u64) -> Result<Self, Error> {
        let end = End::find(bytes)?;
        if end.entries > limits::ARCHIVE_ENTRIES as u64 {
            let message = format!("the archive has more than {} files", limits::ARCHIVE_ENTRIES);
            return Err(Error::new("limit/archive-entries", message)
                .remedy_is("unpack it and add the files that you need")
                .arg("entries", limits::ARCHIVE_ENTRIES));
        }
        let stop = end.start.checked_add(end.size).ok_or_else(cut_off)?;
        let mut rest = bytes.get(end.start..stop).ok_or_else(cut_off)?;
        let mut entries = Vec::new();
        for _ in 0..end.entries {
            entries.push(Entry::take(&mut rest, end.base)?);
        }
        let directory = Self { entries };
        directory.check_sizes(bytes.len() as u64, most)?;
        directory.check_places(bytes)?;
        Ok(directory)
    }

    /// Opens the archive, if the library sees in it what was checked here.
    pub(super) fn open<'a>(&self, bytes: &'a [u8]) -> Result<ZipArchive<Cursor<&'a [u8]>>, Error> {
        let failed = |error: zip::result::ZipError| bad_archive(&error.to_string());
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(failed)?;
        let mut same = archive.len() == self.entries.len();
        let readable = self.entries.iter().enumerate().filter(|(_, entry)| entry.is_readable());
        for (index, entry) in readable {
            let file = archive.by_index_raw(index).map_err(failed)?;
            same &= file.size() == entry.size && file.compressed_size() == entry.compressed;
            same &= file.name_raw() == entry.name;
        }
        if same { Ok(archive) } else { Err(bad_archive("it has two directories")) }
    }

    fn check_sizes(&self, whole: u64, most: u64) -> Result<(), Error> {
        let sum = self.entries.iter().try_fold(0_u64, |sum, entry| sum.checked_add(entry.size));
        let Some(sum) = sum.filter(|sum| *sum <= most) else { return Err(too_much()) };
        let bomb = sum > limits::ARCHIVE_RATIO_FREE_BYTES
            && sum > whole.saturating_mul(limits::ARCHIVE_RATIO);
        if bomb || self.entries.iter().any(Entry::is_suspicious) {
            return Err(too_much());
        }
        Ok(())
    }

    /// Every entry lies in the file, and no two share a byte.
    fn check_places(&self, bytes: &[u8]) -> Result<(), Error> {
        let mut places = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let start = usize::try_from(entry.start).map_err(|_| cut_off())?;
            let header = bytes.get(start..).and_then(|rest| rest.get(..30)).ok_or_else(cut_off)?;
            if !header.starts_with(b"PK\x03\x04") {
                return Err(bad_archive("a file in it is not where its directory says"));
            }
            let names = u64::from(u16_at(header, 26)).saturating_add(u64::from(u16_at(header, 28)));
            let data = entry.start.saturating_add(30).saturating_add(names);
            places.push((entry.start, data.saturating_add(entry.compressed)));
        }
        places.sort_unstable();
        let shared = |pair: &[(u64, u64)]| match pair {
            [(_, end), (start, _)] => start < end,
            _ => false,
        };
        if places.windows(2).any(shared) {
            return Err(bad_archive("files in it overlap"));
        }
        let last = places.last().map_or(0, |(_, end)| *end);
        if last > bytes.len() as u64 { Err(cut_off()) } else { Ok(()) }
    }
}

impl<'b> Entry<'b> {
    /// Takes the next entry of the directory off `rest`; `base` bytes stand in front of the archive.
    fn take(rest: &mut &'b [u8], base: u64) -> Result<Self, Error> {
        let header = rest.get(..46).filter(|header| header.starts_with(b"PK\x01\x02"));
        let header = header.ok_or_else(cut_off)?;
        let lengths = [28, 30, 32].map(|at| usize::from(u16_at(header, at)));
        let [name, extra, comment] = lengths;
        let after = rest.get(46..).unwrap_or_default();
        let end = name + extra + comment;
        let (Some(name), Some(extra), Some(next)) =
            (after.get(..name), after.get(name..name + extra), after.get(end..))
        else {
            return Err(cut_off());
        };
        *rest = next;
        let mut large = Large::of(extra);
        // In this order: a field stands in the extra block only if it does not fit here.
        let size = large.or(u32_at(header, 24))?;
        let compressed = large.or(u32_at(header, 20))?;
        let start = large.or(u32_at(header, 42))?.saturating_add(base);
        let (flags, method) = (u16_at(header, 8), u16_at(header, 10));
        Ok(Self { name, size, compressed, flags, method, start })
    }
}

/// The 64-bit fields of an entry.
struct Large<'e>(&'e [u8]);

impl<'e> Large<'e> {
    fn of(mut extra: &'e [u8]) -> Self {
        while let (Some(head), Some(rest)) = (extra.get(..4), extra.get(4..)) {
            let size = usize::from(u16_at(head, 2));
            if u16_at(head, 0) == 1 {
                return Self(rest.get(..size).unwrap_or(rest));
            }
            extra = rest.get(size..).unwrap_or_default();
        }
        Self(&[])
    }

    /// A field, taken from here if it did not fit.
    fn or(&mut self, short: u32) -> Result<u64, Error> {
        if short != u32::MAX {
            return Ok(u64::from(short));
        }
        let (field, rest) = self.0.split_first_chunk::<8>().ok_or_else(cut_off)?;
        self.0 = rest;
        Ok(u64::from_le_bytes(*field))
    }
}

impl End {
    const BYTES: usize = 22;

    /// Finds the end of the directory, which stands at the end of the file, before a comment.
    fn find(bytes: &[u8]) -> Result<Self, Error> {
        let lowest = bytes.len().saturating_sub(Self::BYTES + usize::from(u16::MAX));
        let last = bytes.len().checked_sub(Self::BYTES).ok_or_else(cut_off)?;
        for at in (lowest..=last).rev() {
            let end = bytes.get(at..).unwrap_or_default();
            if end.starts_with(b"PK\x05\x06")
                && at + Self::BYTES + usize::from(u16_at(end, 20)) <= bytes.len()
            {
                return Self::at(bytes, at, end);
            }
        }
        Err(cut_off())
    }

    fn at(bytes: &[u8], at: usize, end: &[u8]) -> Result<Self, Error> {
        if let Some(large) = Self::large(bytes, at) {
            return large;
        }
        let (size, offset) = (u32_at(end, 12), u32_at(end, 16));
        Self::new(u64::from(u16_at(end, 10)), u64::from(size), u64::from(offset), at)
    }

    /// The 64-bit form, which stands in front of the short one.
    fn large(bytes: &[u8], at: usize) -> Option<Result<Self, Error>> {
        let locator = bytes.get(at.checked_sub(20)?..at)?;
        if !locator.starts_with(b"PK\x06\x07") {
            return None;
        }
        let stated = usize::try_from(u64_at(locator, 8)).unwrap_or(usize::MAX);
        let directly_before = at.checked_sub(20 + 56);
        let found = [Some(stated), directly_before].into_iter().flatten().find_map(|at| {
            let end = bytes.get(at..at.checked_add(56)?)?;
            end.starts_with(b"PK\x06\x06").then_some((at, end))
        });
        let Some((at, end)) = found else { return Some(Err(cut_off())) };
        Some(Self::new(u64_at(end, 32), u64_at(end, 40), u64_at(end, 48), at))
    }

    fn new(entries: u64, size: u64, offset: u64, at: usize) -> Result<Self, Error> {
        let size = usize::try_from(size).map_err(|_| cut_off())?;
        let start = at.checked_sub(size).ok_or_else(cut_off)?;
        let base = (start as u64).checked_sub(offset).ok_or_else(cut_off)?;
        Ok(Self { entries, start, size, base })
    }
}

fn cut_off() -> Error {
    bad_archive("it is cut off, or its directory is not where it must be")
}
