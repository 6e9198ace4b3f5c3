//! The guard of old workbooks (.xls): walks the records of their stream and decides whether the
//! reader may have them, before it reserves anything.
//!
//! The reader holds every sheet as a full rectangle, so that two cells in far corners would cost
//! half a gigabyte, and believes what records state of their own sizes: it reserves that much, or
//! looks behind their end and stops the program. So here the rectangles are measured, what no table
//! needs is taken out (stated sizes, names, formulas behind their results), and what is cut off is
//! refused; the reader gets a file of our own around what is left.

use std::ops::Range;

use super::super::bytes::{u16_at, u32_at};
use super::compound::{Compound, compound};
use super::sheet::{bad_workbook, too_many_texts};
use super::texts;
use crate::error::Error;
use crate::limits;

/// What an OLE2 document is.
#[derive(Debug)]
pub(super) enum Document {
    /// A workbook that may be read.
    Workbook(Vec<u8>),
    /// A workbook with a password, of either kind.
    Locked,
    /// No workbook at all, such as a Word document or a mail.
    Other,
}

/// Kinds of records (MS-XLS 2.3).
mod kind {
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const END: u16 = 0x000a;
    pub(super) const EXTERN_SHEET: u16 = 0x0017;
    pub(super) const NAME: u16 = 0x0018;
    pub(super) const DATE_MODE: u16 = 0x0022;
    pub(super) const FILE_PASS: u16 = 0x002f;
    pub(super) const CONTINUE: u16 = 0x003c;
    pub(super) const CODE_PAGE: u16 = 0x0042;
    pub(super) const SHEET: u16 = 0x0085;
    pub(super) const NUMBERS: u16 = 0x00bd;
    pub(super) const RICH_TEXT: u16 = 0x00d6;
    pub(super) const MERGED: u16 = 0x00e5;
    pub(super) const TEXTS: u16 = 0x00fc;
    pub(super) const SHARED_TEXT: u16 = 0x00fd;
    pub(super) const DIMENSIONS: u16 = 0x0200;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const TEXT: u16 = 0x0204;
    pub(super) const TRUTH: u16 = 0x0205;
    pub(super) const SHORT_NUMBER: u16 = 0x027e;
    pub(super) const BEGIN: u16 = 0x0809;
    /// None of them: what a record becomes that is taken out.
    pub(super) const NOTHING: u16 = 0xffff;
}

/// How often a stream is walked until nothing more has to be taken out of it: once, and once more to
/// see that; further ones only where sheets share bytes.
const ROUNDS: usize = 4;

/// Looks at a document.
///
/// # Errors
/// `ingest/bad-workbook`, `limit/cells`, `limit/sheets`.
pub(super) fn check(bytes: &[u8]) -> Result<Document, Error> {
    let file = Compound::open(bytes)?;
    if file.find("EncryptedPackage").is_some() {
        return Ok(Document::Locked);
    }
    let Some(entry) = file.find("Workbook").or_else(|| file.find("Book")) else {
        return Ok(Document::Other);
    };
    let mut stream = file.stream(entry)?;
    for _ in 0..ROUNDS {
        let mut walk = Walk::new(&mut stream);
        if !walk.workbook()? {
            return Ok(Document::Locked);
        }
        if !walk.changed {
            return Ok(Document::Workbook(compound("Workbook", &stream)));
        }
    }
    Err(overlap())
}

/// The walk over the records of a workbook's stream.
struct Walk<'s> {
    stream: &'s mut [u8],
    /// Whether anything was taken out.
    changed: bool,
    cells: u64,
    walked: u64,
    /// Lengths of the shared texts, and what their copies take.
    texts: Vec<u64>,
    copied: u64,
}

/// A record: its kind, and where its data stand.
struct Record {
    kind: u16,
    data: Range<usize>,
}

/// The rectangle around cells.
#[derive(Clone, Copy, Default)]
struct Area(Option<(u16, u16, u16, u16)>);

impl Area {
    fn add(&mut self, row: u16, first: u16, last: u16) {
        let (top, left, bottom, right) = self.0.unwrap_or((row, first, row, last));
        self.0 = Some((top.min(row), left.min(first), bottom.max(row), right.max(last)));
    }

    fn cells(self) -> u64 {
        self.0.map_or(0, |(top, left, bottom, right)| {
            (u64::from(bottom - top) + 1) * (u64::from(right.saturating_sub(left)) + 1)
        })
    }
}

impl<'s> Walk<'s> {
    fn new(stream: &'s mut [u8]) -> Self {
        Self { stream, changed: false, cells: 0, walked: 0, texts: Vec::new(), copied: 0 }
    }

    /// Walks the globals and every sheet; false if the workbook is encrypted.
    fn workbook(&mut self) -> Result<bool, Error> {
        let (mut sheets, mut texts) = (Vec::new(), Vec::new());
        // Whether the record before belongs to the list of texts.
        let mut listing = false;
        let mut at = 0;
        while let Some(record) = self.record(at)? {
            at = record.data.end;
            let data = self.data(&record);
            match record.kind {
                kind::FILE_PASS if u16_at(data, 0) != 0 => return Ok(false),
                kind::TEXTS if !texts.is_empty() => {
                    return Err(bad_workbook("it has two lists of texts"));
                }
                kind::TEXTS => texts.push(record.data.clone()),
                kind::CONTINUE if listing => texts.push(record.data.clone()),
                kind::SHEET => {
                    let start = u32_at(data, 0) as usize;
                    if data.len() < 6 || start > self.stream.len() {
                        return Err(bad_workbook("a sheet lies behind its end"));
                    }
                    sheets.push(start);
                }
                kind::NAME | kind::EXTERN_SHEET => self.take_out(&record),
                kind::FILE_PASS | kind::CODE_PAGE | kind::DATE_MODE | kind::BEGIN
                    if data.len() < 2 =>
                {
                    self.take_out(&record);
                }
                kind::END => break,
                _ => {}
            }
            listing = record.kind == kind::TEXTS || (listing && record.kind == kind::CONTINUE);
        }
        self.list(&texts)?;
        if sheets.len() > limits::SHEETS {
            let message = format!("the workbook has more than {} sheets", limits::SHEETS);
            return Err(Error::new("limit/sheets", message)
                .remedy_is("copy the sheets that you need into a workbook of their own")
                .arg("sheets", limits::SHEETS));
        }
        sheets.into_iter().try_for_each(|start| self.sheet(start))?;
        Ok(true)
    }

    /// Measures the shared texts.
    fn list(&mut self, texts: &[Range<usize>]) -> Result<(), Error> {
        let pieces = texts.iter().filter_map(|range| self.stream.get(range.clone()));
        let pieces: Vec<&[u8]> = pieces.collect();
        self.texts =
            texts::lengths(&pieces).ok_or_else(|| bad_workbook("its list of texts is cut off"))?;
        Ok(())
    }

    fn sheet(&mut self, start: usize) -> Result<(), Error> {
        let mut area = Area::default();
        let (mut at, mut depth, mut formulas) = (start, 0_u32, Area::default());
        while let Some(record) = self.record(at)? {
            at = record.data.end;
            let data = self.data(&record);
            let (row, column) = (u16_at(data, 0), u16_at(data, 2));
            match record.kind {
                kind::BEGIN => depth = depth.saturating_add(1),
                kind::END if depth <= 1 => break,
                kind::END => depth -= 1,
                kind::DIMENSIONS => self.take_out(&record),
                kind::MERGED if data.len() < 2 + 8 * usize::from(row) => self.take_out(&record),
                kind::FORMULA => {
                    area.add(row, column, column);
                    formulas.add(row, column, column);
                    self.keep_result(&record)?;
                }
                kind::NUMBERS => {
                    let last = u16_at(data, data.len().saturating_sub(2));
                    area.add(row, column, last.max(column));
                }
                kind::SHARED_TEXT => {
                    let text = u32_at(data, 6) as usize;
                    area.add(row, column, column);
                    let length = self.texts.get(text).copied().unwrap_or(0);
                    self.copied = self.copied.saturating_add(length);
                }
                kind::NUMBER | kind::TEXT | kind::TRUTH | kind::RICH_TEXT | kind::SHORT_NUMBER => {
                    area.add(row, column, column);
                }
                _ => {}
            }
        }
        self.cells = self.cells.saturating_add(area.cells()).saturating_add(formulas.cells());
        self.within_limits()
    }

    fn within_limits(&self) -> Result<(), Error> {
        if self.copied > limits::SHARED_STRINGS_BYTES {
            return Err(too_many_texts());
        }
        if self.cells > limits::HELD_CELLS {
            let message = format!(
                "the sheets of this old workbook span more than {} cells",
                limits::HELD_CELLS
            );
            return Err(Error::new("limit/cells", message)
                .remedy_is("save it as .xlsx or as CSV")
                .arg("cells", limits::HELD_CELLS));
        }
        Ok(())
    }

    /// The record at `at`.
    fn record(&mut self, at: usize) -> Result<Option<Record>, Error> {
        let Some(head) = self.stream.get(at..at.saturating_add(4)) else { return Ok(None) };
        let (kind, size) = (u16_at(head, 0), usize::from(u16_at(head, 2)));
        let data = at + 4..at + 4 + size;
        self.walked += 4 + size as u64;
        // Sheets that share their records would be read again and again.
        if self.walked > (self.stream.len() as u64).saturating_mul(4) {
            return Err(overlap());
        }
        Ok((data.end <= self.stream.len()).then_some(Record { kind, data }))
    }

    fn data(&self, record: &Record) -> &[u8] {
        self.stream.get(record.data.clone()).unwrap_or_default()
    }

    /// Makes a record one that nobody reads.
    fn take_out(&mut self, record: &Record) {
        let at = record.data.start - 4;
        self.write(at..at + 2, &kind::NOTHING.to_le_bytes());
    }

    /// Takes the expression out of a formula, so that only its result is left.
    fn keep_result(&mut self, record: &Record) -> Result<(), Error> {
        let at = record.data.start + 20;
        if at + 2 > record.data.end {
            return Err(bad_workbook("a formula in it is cut off"));
        }
        self.write(at..at + 2, &[0, 0]);
        Ok(())
    }

    fn write(&mut self, at: Range<usize>, bytes: &[u8]) {
        if let Some(place) = self.stream.get_mut(at).filter(|place| **place != *bytes) {
            place.copy_from_slice(bytes);
            self.changed = true;
        }
    }
}

fn overlap() -> Error {
    bad_workbook("its sheets overlap")
}
