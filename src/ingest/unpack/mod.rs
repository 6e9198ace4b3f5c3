//! Turns one file into parts that the engine reads as sources: the files of an archive as they are,
//! and the sheets of a workbook, web pages, XML and statements as prepared records.
//!
//! | file | parts |
//! |---|---|
//! | text table or JSON | itself: [`needed`] says no |
//! | `a.zip` with `b.csv` | `a.zip!b.csv`, its bytes as they are |
//! | `a.csv.gz` | `a.csv.gz!a.csv` |
//! | `book.xlsx` | `book.xlsx#Sheet` for every sheet, as records; a row is called by its sheet row |
//! | `a.zip` with `book.xlsx` | `a.zip!book.xlsx#Sheet` |
//! | web page, XML, statement | itself, as records |
//!
//! A part that holds no table is a part with an error, so that nothing is left out silently. The
//! SHA-256 of a part of an archive is that of its own bytes; of records it is that of the file that
//! they were made from (the whole workbook, as it lies in the archive), and stands in their head.
//!
//! **A reader of one more text format** is a function `read(&str, &mut dyn RecordSink) ->
//! Result<Counts, Error>` (see [`formats::ReadText`]), one line in `formats.rs`, and, unless it is
//! XML, one line in `STATEMENTS` of `packed.rs` that recognises it by content. Records go to the
//! sink with their row (the line on which they start) and raw text; `sink.columns` comes first where
//! the format names them; codes of diagnostics are listed in `diagnostic.rs`.

mod bytes;
mod directory;
mod formats;
mod gzip;
mod html;
mod members;
mod workbook;
mod xml;

use sha2::{Digest as _, Sha256};

use super::container;
use super::encoding::{Encoding, OpenDecoder, Text};
use super::packed::Packed;
use super::prepared::{Origin, RecordWriter, Source};
use super::record::Flow;
use crate::error::Error;
use crate::limits;

/// What the user says about a file, and what the platform gives.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    /// The password of an archive or a workbook.
    pub password: Option<&'o str>,
    /// Makes the decoders of the rarer encodings.
    pub decoder: OpenDecoder,
}

/// Takes the parts of a file, one after the other.
pub trait PartSink {
    /// A part begins; `hidden` where the file does not show it (a hidden sheet).
    fn begin(&mut self, name: &str, hidden: bool);
    /// Its next bytes.
    fn bytes(&mut self, bytes: &[u8]);
    /// It is complete, or an error says why it is no table; then its bytes mean nothing.
    fn end(&mut self, outcome: Result<(), Error>);
}

/// One part, in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name, with those of the files around it.
    pub name: String,
    /// Whether the file does not show it.
    pub hidden: bool,
    /// A text as it is, or prepared records.
    pub bytes: Vec<u8>,
    /// Why it is no table.
    pub problem: Option<Error>,
}

/// Keeps all parts.
impl PartSink for Vec<Part> {
    fn begin(&mut self, name: &str, hidden: bool) {
        self.push(Part { name: name.to_owned(), hidden, bytes: Vec::new(), problem: None });
    }

    fn bytes(&mut self, bytes: &[u8]) {
        if let Some(part) = self.last_mut() {
            part.bytes.extend_from_slice(bytes);
        }
    }

    fn end(&mut self, outcome: Result<(), Error>) {
        if let (Some(part), Err(problem)) = (self.last_mut(), outcome) {
            part.bytes = Vec::new();
            part.problem = Some(problem);
        }
    }
}

/// Whether a file with this head has to be unpacked before it is read.
#[must_use]
pub fn needed(head: &[u8]) -> bool {
    Packed::of(head).is_some()
}

/// Refuses a file that is too large to be held whole, before it is read.
///
/// # Errors
/// `limit/packed`.
pub fn check_size(bytes: u64) -> Result<(), Error> {
    if bytes <= limits::PACKED_BYTES {
        return Ok(());
    }
    let message = format!("the file is larger than {} MB", limits::PACKED_BYTES >> 20);
    Err(Error::new("limit/packed", message)
        .remedy_is("unpack it, or save the workbook as CSV, and add the files that it holds")
        .arg("bytes", limits::PACKED_BYTES))
}

/// The parts of a file, all in memory.
///
/// # Errors
/// As [`unpack`].
pub fn parts(name: &str, bytes: &[u8], options: Options<'_>) -> Result<Vec<Part>, Error> {
    let mut parts = Vec::new();
    unpack(name, bytes, options, &mut parts)?;
    Ok(parts)
}

/// Gives the parts of a file to `sink`; a plain text is its own only part.
///
/// # Errors
/// `ingest/password-needed` and `ingest/wrong-password`; `ingest/bad-archive`; `limit/…` for a
/// bomb, before anything of it is inflated as far as its directory tells. What is wrong with one
/// part only is said of that part.
pub fn unpack(
    name: &str,
    bytes: &[u8],
    options: Options<'_>,
    sink: &mut dyn PartSink,
) -> Result<(), Error> {
    if needed(bytes) {
        check_size(bytes.len() as u64).map_err(|error| error.in_file(name))?;
    }
    let mut task = Task { options, sink, left: limits::UNPACKED_BYTES, depth: 0 };
    task.file(name, bytes).map_err(|error| error.in_file(name))
}

/// One file being unpacked.
struct Task<'t> {
    options: Options<'t>,
    sink: &'t mut dyn PartSink,
    /// Bytes that may still be inflated.
    left: u64,
    /// How many archives are around the file at hand.
    depth: u32,
}

impl Task<'_> {
    /// Unpacks a file that is at hand as a whole.
    fn file(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        match Packed::of(bytes) {
            None => {
                let head = bytes.get(..limits::HEAD_BYTES).unwrap_or(bytes);
                let refused = container::refuse(head, head.len() == bytes.len());
                self.whole_part(name, bytes, refused)
            }
            Some(Packed::Zip) => self.zip(name, bytes),
            Some(Packed::Gzip) => self.gzip(name, bytes),
            Some(Packed::Ole) => self.ole(name, bytes),
            Some(Packed::Html) => self.html(name, bytes),
            Some(kind) => self.text(name, kind, bytes),
        }
    }

    fn whole_part(
        &mut self,
        name: &str,
        bytes: &[u8],
        outcome: Result<(), Error>,
    ) -> Result<(), Error> {
        self.sink.begin(name, false);
        if outcome.is_ok() {
            self.sink.bytes(bytes);
        }
        self.sink.end(outcome.map_err(|error| error.in_file(name)));
        Ok(())
    }

    /// A format that is one text.
    fn text(&mut self, name: &str, kind: Packed, bytes: &[u8]) -> Result<(), Error> {
        self.sink.begin(name, false);
        let outcome = self.read_text(kind, bytes);
        self.sink.end(outcome.map_err(|error| error.in_file(name)));
        Ok(())
    }

    fn read_text(&mut self, kind: Packed, bytes: &[u8]) -> Result<(), Error> {
        let text = text_of(bytes, self.options.decoder)?;
        let (origin, read) = formats::reader(kind, &text)?;
        let source = source_of(origin, bytes);
        let mut out = |piece: &[u8]| self.sink.bytes(piece);
        let mut writer = RecordWriter::new(&source, self.left, &mut out);
        let counts = read(&text, &mut writer)?;
        writer.finish(counts)
    }
}

/// What stands at the head of records that were made from these bytes.
fn source_of(origin: Origin, bytes: &[u8]) -> Source {
    let digest = Sha256::digest(bytes);
    let sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Source { origin, bytes: bytes.len() as u64, sha256 }
}

/// The characters of a whole text in any encoding that is read.
fn text_of(bytes: &[u8], decoder: OpenDecoder) -> Result<String, Error> {
    let encoding = Encoding::detect(bytes.get(..limits::HEAD_BYTES).unwrap_or(bytes), false)?;
    let body = bytes.strip_prefix(encoding.mark()).unwrap_or(bytes);
    let mut out = String::with_capacity(body.len());
    let mut take = |piece: &str| {
        out.push_str(piece);
        Ok(Flow::Continue(()))
    };
    let mut text = Text::new(encoding, 0, decoder)?;
    let _ = text.push(body, &mut take)?;
    let _ = text.finish(&mut take)?;
    Ok(out)
}
