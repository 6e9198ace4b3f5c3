//! Prepared records: what a heavy reader made of a sheet or a statement, as a text that the engine
//! streams like any other source.
//!
//! ```text
//! U+001C crossfoot-records-1 US origin US bytes US sha256 RS     what it was made from
//! C US name US name … RS                                         columns, where the format names them
//! R row US raw US cell TAB cell … RS                             a record; an empty raw is its cells;
//!                                                                without cells it ends behind raw
//! D code US row US message RS                                    a diagnostic; no row: the whole
//! E lines US blank RS                                            the end, without which it is cut off
//! ```
//! US is U+001F and RS is U+001E. A tab or one of U+001C to U+001F inside a field is written as
//! U+001C and a digit. So the page and the command read workbooks by the very same code, whichever
//! side of the WebAssembly boundary made the records.

#[cfg(feature = "unpack")]
mod writer;

#[cfg(feature = "unpack")]
pub use writer::RecordWriter;
#[cfg(feature = "unpack")]
pub(super) use writer::too_much;

use super::diagnostic::{self, Diagnostic};
use super::record::{Counts, Flow, Record, RecordSink, Span};
use crate::error::Error;
use crate::limits;

const ESCAPE: char = '\u{1c}';
const FIELD: char = '\u{1f}';
const FRAME: char = '\u{1e}';
const CELL: char = '\t';
const MAGIC: &str = "\u{1c}crossfoot-records-1\u{1f}";

/// Most bytes of one frame: a record with its raw text, every character escaped.
const FRAME_BYTES: usize = 4 * limits::RECORD_BYTES;

/// What records were made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// An Excel workbook of 2007 and later, with macros or without.
    Xlsx,
    /// A binary Excel workbook.
    Xlsb,
    /// An Excel workbook of 97 to 2003, or older.
    Xls,
    /// An OpenDocument spreadsheet.
    Ods,
    /// A table of a web page, as some portals call `.xls`.
    Html,
    /// A list of elements in an XML document.
    Xml,
    /// ISO 20022 bank statement.
    Camt053,
    /// SWIFT customer statement.
    Mt940,
    /// SWIFT interim report.
    Mt942,
    /// BAI2 cash management report.
    Bai2,
    /// Open Financial Exchange, also as QFX.
    Ofx,
}

impl Origin {
    /// All of them.
    pub const ALL: [Origin; 11] = [
        Origin::Xlsx,
        Origin::Xlsb,
        Origin::Xls,
        Origin::Ods,
        Origin::Html,
        Origin::Xml,
        Origin::Camt053,
        Origin::Mt940,
        Origin::Mt942,
        Origin::Bai2,
        Origin::Ofx,
    ];

    /// Its name in results and profiles.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Origin::Xlsx => "xlsx",
            Origin::Xlsb => "xlsb",
            Origin::Xls => "xls",
            Origin::Ods => "ods",
            Origin::Html => "html",
            Origin::Xml => "xml",
            Origin::Camt053 => "camt053",
            Origin::Mt940 => "mt940",
            Origin::Mt942 => "mt942",
            Origin::Bai2 => "bai2",
            Origin::Ofx => "ofx",
        }
    }

    fn from_name(name: &str) -> Option<Origin> {
        Origin::ALL.into_iter().find(|origin| origin.name() == name)
    }
}

/// The first frame: what the records were made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its format.
    pub origin: Origin,
    /// Its size in bytes, as it was read.
    pub bytes: u64,
    /// Its SHA-256 in lower-case hexadecimal: the whole workbook's for a sheet.
    pub sha256: String,
}

impl Source {
    /// The source of prepared records, by the head of their bytes; `None` for any other text.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Source> {
        let rest = head.strip_prefix(MAGIC.as_bytes())?;
        let end = rest.iter().position(|&byte| byte == 0x1e)?;
        let mut fields = std::str::from_utf8(rest.get(..end)?).ok()?.split(FIELD);
        Some(Source {
            origin: Origin::from_name(fields.next()?)?,
            bytes: fields.next()?.parse().ok()?,
            sha256: fields.next()?.to_owned(),
        })
    }
}

/// Reads prepared records, cut anywhere.
#[derive(Debug)]
pub(super) struct PreparedReader {
    source: Source,
    pending: String,
    /// Where `pending` starts.
    offset: u64,
    /// Fields of a frame that has escapes.
    plain: String,
    spans: Vec<Span>,
    counts: Counts,
    ended: bool,
}

impl PreparedReader {
    pub(super) fn new(source: Source) -> Self {
        Self {
            source,
            pending: String::new(),
            offset: 0,
            plain: String::new(),
            spans: Vec::new(),
            counts: Counts::default(),
            ended: false,
        }
    }

    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    pub(super) fn push(&mut self, piece: &str, sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        let mut text = std::mem::take(&mut self.pending);
        text.push_str(piece);
        let mut rest = text.as_str();
        while let Some((frame, after)) = rest.split_once(FRAME) {
            let at = self.offset;
            self.offset += frame.len() as u64 + 1;
            if self.frame(frame, at, sink)?.is_break() {
                return Ok(Flow::Break(()));
            }
            rest = after;
        }
        if rest.len() > FRAME_BYTES {
            return Err(damaged());
        }
        self.pending = rest.to_owned();
        Ok(Flow::Continue(()))
    }

    pub(super) fn finish(&mut self) -> Result<Flow, Error> {
        if self.ended { Ok(Flow::Continue(())) } else { Err(damaged()) }
    }

    fn frame(&mut self, frame: &str, at: u64, sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        if at == 0 {
            return Ok(Flow::Continue(()));
        }
        let mut kind = frame.chars();
        let first = kind.next();
        let rest = kind.as_str();
        match first {
            Some('R') => return self.record(rest, at, sink),
            Some('C') => {
                let names = rest.split(FIELD).skip(1).map(plain);
                sink.columns(&names.collect::<Vec<_>>());
            }
            Some('D') => {
                let mut fields = rest.splitn(3, FIELD).map(plain);
                let mut next = || fields.next().ok_or_else(damaged);
                let (code, row, message) = (next()?, next()?, next()?);
                let (code, row) = (diagnostic::code_named(&code), row.parse().ok());
                sink.diagnostic(Diagnostic { code, row, message });
            }
            Some('E') => {
                let (lines, blank) = rest.split_once(FIELD).ok_or_else(damaged)?;
                let number = |text: &str| text.parse().map_err(|_| damaged());
                (self.counts.lines, self.counts.blank) = (number(lines)?, number(blank)?);
                self.ended = true;
            }
            _ => return Err(damaged()),
        }
        Ok(Flow::Continue(()))
    }

    fn record(&mut self, rest: &str, at: u64, sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        let mut fields = rest.splitn(3, FIELD);
        let mut next = || fields.next().ok_or_else(damaged);
        let (row, raw) = (next()?, next()?);
        let row = row.parse().map_err(|_| damaged())?;
        self.counts.records += 1;
        self.spans.clear();
        self.plain.clear();
        let Ok(cells) = next() else {
            return Ok(sink.record(&Record::new(row, at, &plain(raw), "", &[])));
        };
        let escaped = cells.contains(ESCAPE);
        let mut from = 0;
        for cell in cells.split(CELL) {
            if escaped {
                from = self.plain.len();
                unescape(cell, &mut self.plain);
                self.spans.push((to_u32(from), to_u32(self.plain.len())));
            } else {
                self.spans.push((to_u32(from), to_u32(from + cell.len())));
                from += cell.len() + 1;
            }
        }
        let text = if escaped { self.plain.as_str() } else { cells };
        let own = plain(if raw.is_empty() { cells } else { raw });
        let raw = if raw.is_empty() && !escaped { cells } else { own.as_str() };
        Ok(sink.record(&Record::new(row, at, raw, text, &self.spans)))
    }
}

/// A field without its escapes.
fn plain(field: &str) -> String {
    let mut out = String::with_capacity(field.len());
    unescape(field, &mut out);
    out
}

fn unescape(field: &str, out: &mut String) {
    let mut parts = field.split(ESCAPE);
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let mut characters = part.chars();
        out.push(match characters.next() {
            Some('0') => ESCAPE,
            Some('1') => '\u{1d}',
            Some('2') => FRAME,
            Some('3') => FIELD,
            _ => CELL,
        });
        out.push_str(characters.as_str());
    }
}

fn damaged() -> Error {
    Error::new("ingest/cut-off", "the prepared records are not whole")
        .remedy_is("add the original file again")
}

fn to_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(feature = "unpack")]
#[cfg(test)]
mod tests;
