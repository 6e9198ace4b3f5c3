//! The reader of delimited text: characters in, in chunks of any size, records out.
//!
//! Lines whose quotes are simple are cut where they lie in the chunk, without a copy. Everything
//! else (a doubled quote, text behind a closing quote, a record that spans two chunks) goes through
//! the state machine of `csv-core`; tests hold that both cut the same cells.

use std::ops::ControlFlow::{Break, Continue};

use super::diagnostic::Diagnostic;
use super::dialect::{Dialect, Quoting};
use super::open_record::{self, OpenRecord};
use super::record::{Counts, Flow, Record, RecordSink, Span};
use super::separators::{BLOCK, Separators};
use crate::error::Error;
use crate::limits;

/// Reads one delimited text; `push` its chunks, then `finish`.
///
/// After `Break` or an error it must not be used again.
#[derive(Debug)]
pub struct DelimitedReader {
    dialect: Dialect,
    separators: Separators,
    /// Offset of the next character to be pushed.
    offset: u64,
    /// The physical line on which the next record starts.
    line: u32,
    /// The last line end was a CR, so an LF right behind it belongs to it.
    after_cr: bool,
    spans: Vec<Span>,
    open: OpenRecord,
    recoveries: u32,
    counts: Counts,
    nul: Nul,
}

/// NUL characters are reported once, with the first row that has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nul {
    Unseen,
    Expected,
    Reported,
}

impl DelimitedReader {
    /// A reader of a text that starts `offset` bytes into its source (behind a byte order mark).
    #[must_use]
    pub fn new(dialect: Dialect, offset: u64) -> Self {
        DelimitedReader {
            dialect,
            separators: Separators::new(dialect.delimiter, dialect.quoting == Quoting::Double),
            offset,
            line: 1,
            after_cr: false,
            spans: Vec::new(),
            open: OpenRecord::new(dialect),
            recoveries: 0,
            counts: Counts::default(),
            nul: Nul::Unseen,
        }
    }

    /// Reads the next chunk of text, cut anywhere.
    ///
    /// # Errors
    /// `limit/record`, `limit/columns` or `limit/rows`, with the line.
    pub fn push(&mut self, text: &str, sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        let base = self.offset;
        self.offset += text.len() as u64;
        self.run(text, base, sink)
    }

    /// Ends the text: gives the sink the last record where no line end closed it.
    ///
    /// # Errors
    /// As [`DelimitedReader::push`].
    pub fn finish(&mut self, sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        while self.open.is_open() {
            let flow = if self.open.close() { self.emit_open(sink)? } else { self.recover(sink)? };
            if flow.is_break() {
                return Ok(flow);
            }
        }
        Ok(Continue(()))
    }

    /// What has been read so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts { lines: self.line.saturating_sub(1), ..self.counts }
    }

    /// The physical line of the next character.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.line.saturating_add(self.open.line_ends())
    }

    /// Reads `text`, which starts `base` bytes into the source.
    fn run(&mut self, text: &str, base: u64, sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        // A fold, unlike a search, is done on 16 bytes at a time in wasm.
        if self.nul == Nul::Unseen && text.bytes().fold(u8::MAX, u8::min) == 0 {
            self.nul = Nul::Expected;
        }
        let mut at = 0;
        loop {
            if !self.open.is_open() {
                match self.lines(text, at, base, sink)? {
                    Stop::Done => return Ok(Continue(())),
                    Stop::Broken => return Ok(Break(())),
                    Stop::Careful(start) => {
                        at = start;
                        self.open.begin(base + start as u64);
                    }
                }
            }
            let rest = text.get(at..).unwrap_or_default();
            if rest.is_empty() {
                return Ok(Continue(()));
            }
            let (taken, complete) = self.open.feed(rest);
            at += taken;
            let flow = if self.open.is_oversized() {
                self.recover(sink)?
            } else if complete {
                self.emit_open(sink)?
            } else {
                Continue(())
            };
            if flow.is_break() {
                return Ok(flow);
            }
        }
    }

    /// The fast path: gives out the complete records with simple quotes from `start` on.
    fn lines(
        &mut self,
        text: &str,
        start: usize,
        base: u64,
        sink: &mut dyn RecordSink,
    ) -> Result<Stop, Error> {
        let bytes = text.as_bytes();
        let delimiter = self.dialect.delimiter;
        let mut cut = self.cut(bytes, start);
        let mut block = start;
        self.spans.clear();
        while block < bytes.len() {
            let mut mask = self.separators.mask(bytes, block);
            while mask != 0 {
                let at = block + mask.trailing_zeros() as usize;
                mask &= mask - 1;
                let Some(&byte) = bytes.get(at) else { break };
                if cut.quoted == Quoted::Inside {
                    if !cut.inside(byte, bytes.get(at + 1).copied(), delimiter) {
                        return Ok(Stop::Careful(cut.start));
                    }
                } else if byte == delimiter {
                    if !cut.ticked {
                        self.spans.push(cut.span(at));
                        cut.next_cell(at + 1);
                    } else if bytes.get(at + 1) == Some(&b'`') {
                        self.spans.push(cut.span(at));
                        cut.next_cell(at + 2);
                    }
                } else if byte == b'"' {
                    cut.quote(at);
                } else {
                    if let Some(stop) = self.line_end(text, &cut, at, base, sink)? {
                        return Ok(stop);
                    }
                    self.after_cr = byte == b'\r';
                    cut = self.cut(bytes, at + 1);
                }
            }
            block += BLOCK;
        }
        Ok(if cut.start < bytes.len() { Stop::Careful(cut.start) } else { Stop::Done })
    }

    /// A cut for the line that starts at `start`.
    #[inline]
    fn cut(&self, bytes: &[u8], start: usize) -> Cut {
        let ticked = self.dialect.quoting == Quoting::BackTick && bytes.get(start) == Some(&b'`');
        Cut { start, cell: start + usize::from(ticked), ticked, quoted: Quoted::No, line_ends: 0 }
    }

    /// Takes the line end at `at`: gives out the record, or counts a blank line.
    #[inline]
    fn line_end(
        &mut self,
        text: &str,
        cut: &Cut,
        at: usize,
        base: u64,
        sink: &mut dyn RecordSink,
    ) -> Result<Option<Stop>, Error> {
        if at == cut.start {
            let half_of_crlf = self.after_cr && text.as_bytes().get(at) == Some(&b'\n');
            if !half_of_crlf {
                self.counts.blank += 1;
                self.next_line(1)?;
            }
            return Ok(None);
        }
        if at - cut.start > limits::RECORD_BYTES {
            return Ok(Some(Stop::Careful(cut.start)));
        }
        self.spans.push(cut.span(at));
        let raw = text.get(cut.start..at).unwrap_or_default();
        let record = Record::new(self.line, base + cut.start as u64, raw, raw, &self.spans);
        check_columns(&record)?;
        report_nul(&mut self.nul, &record, sink);
        let flow = sink.record(&record);
        self.spans.clear();
        self.counts.records += 1;
        self.next_line(cut.line_ends + 1)?;
        Ok(flow.is_break().then_some(Stop::Broken))
    }

    /// Gives out the record that the careful path completed.
    fn emit_open(&mut self, sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        self.open.cut(&mut self.spans);
        let record = self.open.record(self.line, &self.spans);
        check_columns(&record)?;
        report_nul(&mut self.nul, &record, sink);
        let flow = sink.record(&record);
        let lines = open_record::count_line_ends(record.raw()) + 1;
        self.spans.clear();
        self.counts.records += 1;
        self.after_cr = self.open.ends_with_cr();
        self.open.clear();
        self.next_line(lines)?;
        Ok(flow)
    }

    /// Reads the first line of a record whose quote is never closed without quotes, and what
    /// follows as if nothing had happened: one bad line must not swallow the others.
    fn recover(&mut self, sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        let offset = self.open.offset();
        let raw = self.open.abandon();
        let end = raw.find(['\r', '\n']).unwrap_or(raw.len());
        if end > limits::RECORD_BYTES {
            return Err(Error::new("limit/record", "a line is longer than 1 MiB")
                .remedy_is("check that this is a table with one record per line")
                .at_line(self.line)
                .arg("bytes", limits::RECORD_BYTES));
        }
        let row = self.line;
        let (first, rest) = raw.split_at(end);
        sink.diagnostic(Diagnostic {
            code: "ingest/unclosed-quote",
            row: Some(row),
            message: "a quote on this line is never closed; the line is read without quotes".into(),
        });
        open_record::cut_plain(first, self.dialect.delimiter, &mut self.spans);
        let record = Record::new(row, offset, first, first, &self.spans);
        check_columns(&record)?;
        report_nul(&mut self.nul, &record, sink);
        let flow = sink.record(&record);
        self.spans.clear();
        self.counts.records += 1;
        self.next_line(1)?;
        if flow.is_break() {
            return Ok(flow);
        }
        self.recoveries += 1;
        if self.recoveries >= limits::QUOTE_RECOVERIES {
            self.ignore_quotes(sink);
        }
        self.after_cr = rest.starts_with('\r');
        let rest = rest.get(1..).unwrap_or_default();
        self.run(rest, offset + end as u64 + 1, sink)
    }

    /// From here on quotes are text.
    fn ignore_quotes(&mut self, sink: &mut dyn RecordSink) {
        self.dialect.quoting = Quoting::Off;
        self.separators = Separators::new(self.dialect.delimiter, false);
        self.open = OpenRecord::new(self.dialect);
        sink.diagnostic(Diagnostic {
            code: "ingest/quotes-ignored",
            row: Some(self.line),
            message: "too many quotes are never closed; from this line on quotes are text".into(),
        });
    }

    /// Moves on by `count` physical lines.
    #[inline]
    fn next_line(&mut self, count: u32) -> Result<(), Error> {
        self.line = self.line.checked_add(count).filter(|&n| n <= limits::SOURCE_ROWS).ok_or_else(
            || {
                Error::new("limit/rows", "the file has more lines than can be counted")
                    .remedy_is("split the file")
                    .arg("rows", limits::SOURCE_ROWS)
            },
        )?;
        Ok(())
    }
}

/// Why the fast path stopped.
enum Stop {
    /// At the end of the text, between two records.
    Done,
    /// The record that starts here needs the careful path.
    Careful(usize),
    /// The sink wants no more.
    Broken,
}

/// A line while it is being cut, in bytes of the chunk.
struct Cut {
    start: usize,
    cell: usize,
    ticked: bool,
    quoted: Quoted,
    /// Line ends inside its quotes.
    line_ends: u32,
}

#[derive(PartialEq, Eq)]
enum Quoted {
    No,
    Inside,
    Closed,
}

impl Cut {
    /// The cell that ends at `at`, relative to the line.
    #[inline]
    fn span(&self, at: usize) -> Span {
        let quote = usize::from(self.quoted == Quoted::Closed);
        let from = self.cell + quote - self.start;
        let to = at - quote - self.start;
        (open_record::to_u32(from), open_record::to_u32(to))
    }

    #[inline]
    fn next_cell(&mut self, at: usize) {
        self.cell = at;
        self.quoted = Quoted::No;
    }

    /// A quote opens a cell only as its first character.
    #[inline]
    fn quote(&mut self, at: usize) {
        if at == self.cell && self.quoted == Quoted::No {
            self.quoted = Quoted::Inside;
        }
    }

    /// Takes a separator inside quotes; false where this needs the careful path.
    #[inline]
    fn inside(&mut self, byte: u8, next: Option<u8>, delimiter: u8) -> bool {
        if byte == b'"' {
            self.quoted = Quoted::Closed;
            return next.is_some_and(|b| b == delimiter || b == b'\n' || b == b'\r');
        }
        if byte == b'\n' || (byte == b'\r' && next != Some(b'\n')) {
            self.line_ends += 1;
        }
        true
    }
}

fn check_columns(record: &Record<'_>) -> Result<(), Error> {
    if record.len() <= limits::COLUMNS {
        return Ok(());
    }
    Err(Error::new("limit/columns", format!("the line has {} cells", record.len()))
        .remedy_is(format!("a table may have up to {} columns", limits::COLUMNS))
        .at_line(record.row())
        .arg("columns", record.len()))
}

#[inline]
fn report_nul(nul: &mut Nul, record: &Record<'_>, sink: &mut dyn RecordSink) {
    if *nul == Nul::Expected && record.raw().as_bytes().contains(&0) {
        *nul = Nul::Reported;
        sink.diagnostic(Diagnostic {
            code: "ingest/nul",
            row: Some(record.row()),
            message: "the line holds NUL characters; they are kept as they are".into(),
        });
    }
}

#[cfg(test)]
mod tests;
