//! The reader of delimited text: characters in, in chunks of any size, records out.
//!
//! Lines whose quotes are simple are cut where they lie in the chunk, without a copy. Everything
//! else (an escaped quote, text behind a closing quote, a record that spans two chunks) takes the
//! careful path of [`super::open_record`]; tests hold that both cut the same cells.
//!
//! A damaged line never takes others with it: where a quote swallows the line behind it, the line is
//! read by itself, and said to be damaged.

use std::borrow::Cow;
use std::ops::ControlFlow::{Break, Continue};

use super::diagnostic::Diagnostic;
use super::dialect::{Dialect, Quoting};
use super::open_record::{self, OpenRecord};
use super::quotes::{Repair, stray_quote, torn_cell, unclosed_quote};
use super::record::{Counts, Flow, Record, RecordSink, Span};
use super::separators::{BLOCK, Separators};
use super::suspect::Suspect;
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
    /// Bytes that were read once more because of an unclosed quote.
    read_again: usize,
    counts: Counts,
    suspect: Suspect,
}

impl DelimitedReader {
    /// A reader of a text that starts `offset` bytes into its source (behind a byte order mark).
    #[must_use]
    pub fn new(dialect: Dialect, offset: u64) -> Self {
        DelimitedReader {
            dialect,
            separators: Separators::new(dialect.delimiter, dialect.quoting.quote()),
            offset,
            line: 1,
            after_cr: false,
            spans: Vec::new(),
            open: OpenRecord::new(dialect),
            read_again: 0,
            counts: Counts::default(),
            suspect: Suspect::default(),
        }
    }

    /// Reads the next chunk of text, cut anywhere.
    ///
    /// # Errors
    /// `limit/record`, `limit/columns` or `limit/rows`, with the line.
    pub fn push(&mut self, text: &str, sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        let base = self.offset;
        self.offset += text.len() as u64;
        self.run(Piece { text: Cow::Borrowed(text), base, at: 0 }, sink)
    }

    /// Ends the text: gives the sink the last record where no line end closed it.
    ///
    /// # Errors
    /// As [`DelimitedReader::push`].
    pub fn finish(&mut self, sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        while self.open.is_open() {
            let (flow, rest) =
                if self.open.may_end() { self.end_open(sink)? } else { self.recover(sink)? };
            let flow = match rest {
                Some(rest) if flow.is_continue() => self.run(rest, sink)?,
                _ => flow,
            };
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

    /// Reads a piece of text, and in front of what is left of it those that have to be read again.
    fn run(&mut self, piece: Piece<'_>, sink: &mut dyn RecordSink) -> Result<Flow, Error> {
        self.suspect.look(&piece.text, piece.base, self.open.is_open());
        let mut pieces = vec![piece];
        while let Some(mut piece) = pieces.pop() {
            match self.run_piece(&mut piece, sink)? {
                (Break(()), _) => return Ok(Break(())),
                (Continue(()), None) => {}
                (Continue(()), Some(again)) => {
                    if piece.at < piece.text.len() {
                        pieces.push(piece);
                    }
                    pieces.push(again);
                }
            }
        }
        Ok(Continue(()))
    }

    /// Reads one piece to its end, or up to where something has to be read again first.
    fn run_piece(
        &mut self,
        piece: &mut Piece<'_>,
        sink: &mut dyn RecordSink,
    ) -> Result<(Flow, Option<Again>), Error> {
        let text: &str = &piece.text;
        loop {
            if !self.open.is_open() {
                match self.lines(text, piece.at, piece.base, sink)? {
                    Stop::Done => return Ok((Continue(()), None)),
                    Stop::Broken => return Ok((Break(()), None)),
                    Stop::Careful(start) => {
                        piece.at = start;
                        self.open.begin(piece.base + start as u64);
                    }
                }
            }
            let rest = text.get(piece.at..).unwrap_or_default();
            if rest.is_empty() {
                return Ok((Continue(()), None));
            }
            let (taken, complete) = self.open.feed(rest);
            piece.at += taken;
            let (flow, again) = if self.open.is_oversized() {
                self.recover(sink)?
            } else if complete {
                self.end_open(sink)?
            } else if self.open.is_at_damage() {
                match self.open.repair_first_line(&mut self.spans) {
                    Repair::Plain(false) => (Continue(()), None),
                    repair => self.take_first_line(repair, sink)?,
                }
            } else {
                (Continue(()), None)
            };
            if flow.is_break() || again.is_some() {
                return Ok((flow, again));
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
        let Dialect { delimiter, padded, quoting, .. } = self.dialect;
        let (quote, slash) = (quoting.quote(), quoting == Quoting::Backslash);
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
                    let escaped = slash && at > 0 && bytes.get(at - 1) == Some(&b'\\');
                    if escaped || !cut.inside(byte, bytes.get(at + 1).copied(), self.dialect) {
                        return Ok(Stop::Careful(cut.start));
                    }
                } else if byte == delimiter {
                    if !cut.ticked {
                        self.spans.push(cut.span(at));
                        let blank = padded && bytes.get(at + 1) == Some(&b' ');
                        cut.next_cell(at + 1 + usize::from(blank));
                    } else if bytes.get(at + 1) == Some(&b'`') {
                        self.spans.push(cut.span(at));
                        cut.next_cell(at + 2);
                    }
                } else if Some(byte) == quote {
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
        Cut {
            start,
            cell: start + usize::from(ticked),
            ticked,
            quoted: Quoted::No,
            line_ends: 0,
            has_quote_in_text: false,
        }
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
        if at - cut.start > limits::RECORD_BYTES || cut.has_quote_in_text {
            return Ok(Some(Stop::Careful(cut.start)));
        }
        self.spans.push(cut.span(at));
        let raw = text.get(cut.start..at).unwrap_or_default();
        let record = Record::new(self.line, base + cut.start as u64, raw, raw, &self.spans);
        check_columns(&record)?;
        self.suspect.report(&record, sink);
        let flow = sink.record(&record);
        self.spans.clear();
        self.counts.records += 1;
        self.next_line(cut.line_ends + 1)?;
        Ok(flow.is_break().then_some(Stop::Broken))
    }

    /// Ends the record that the careful path completed: gives it out, or its first line only.
    fn end_open(&mut self, sink: &mut dyn RecordSink) -> Result<(Flow, Option<Again>), Error> {
        let found = self.open.cut(&mut self.spans);
        let width = usize::from(self.dialect.width);
        let fits = width == 0 || self.spans.len() == width;
        if (found.stray || !fits) && !(self.open.is_one_line() && (fits || !found.stray)) {
            let repair = self.open.repair_first_line(&mut self.spans);
            let stands_alone = !fits && repair != Repair::Plain(false);
            if stands_alone || self.open.swallowed_a_line() {
                return self.take_first_line(repair, sink);
            }
            self.open.cut(&mut self.spans);
        }
        if found.stray {
            sink.diagnostic(stray_quote(self.line));
        } else if found.torn {
            sink.diagnostic(torn_cell(self.line));
        }
        let record = self.open.record(self.line, &self.spans);
        check_columns(&record)?;
        self.suspect.report(&record, sink);
        let flow = sink.record(&record);
        let lines = open_record::count_line_ends(record.raw()) + 1;
        self.spans.clear();
        self.counts.records += 1;
        self.after_cr = self.open.ends_with_cr();
        self.open.clear();
        self.next_line(lines)?;
        Ok((flow, None))
    }

    /// Reads the first line of a record whose quote is never closed by itself, and what follows as
    /// if nothing had happened: one bad line must not swallow the others.
    fn recover(&mut self, sink: &mut dyn RecordSink) -> Result<(Flow, Option<Again>), Error> {
        if self.open.first_line_end() > limits::RECORD_BYTES {
            return Err(Error::new("limit/record", "a line is longer than 1 MiB")
                .remedy_is("check that this is a table with one record per line")
                .at_line(self.line)
                .arg("bytes", limits::RECORD_BYTES));
        }
        let repair = self.open.repair_first_line(&mut self.spans);
        self.take_first_line(repair, sink)
    }

    /// Gives out the first line of the open record, of which the cells were found, and gives back
    /// what is behind it.
    fn take_first_line(
        &mut self,
        repair: Repair,
        sink: &mut dyn RecordSink,
    ) -> Result<(Flow, Option<Again>), Error> {
        let row = self.line;
        sink.diagnostic(match repair {
            Repair::Fits => stray_quote(row),
            Repair::Plain(_) => unclosed_quote(row),
        });
        let record = self.open.first_line(row, &self.spans);
        check_columns(&record)?;
        self.suspect.report(&record, sink);
        let flow = sink.record(&record);
        let base = self.open.offset() + record.raw().len() as u64 + 1;
        self.spans.clear();
        self.counts.records += 1;
        self.next_line(1)?;
        let rest = self.open.abandon();
        self.after_cr = rest.starts_with('\r');
        self.read_again += rest.len();
        if self.read_again >= limits::QUOTE_RECOVERIES as usize * limits::RECORD_BYTES {
            self.ignore_quotes(sink);
        }
        let text = rest.get(1..).unwrap_or_default().to_owned();
        Ok((flow, (!text.is_empty()).then_some(Piece { text: Cow::Owned(text), base, at: 0 })))
    }

    /// From here on quotes are text.
    fn ignore_quotes(&mut self, sink: &mut dyn RecordSink) {
        self.dialect.quoting = Quoting::Off;
        self.separators = Separators::new(self.dialect.delimiter, None);
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

/// Text that is to be read.
struct Piece<'t> {
    text: Cow<'t, str>,
    /// Where it starts in the source, in bytes.
    base: u64,
    /// How much of it was read.
    at: usize,
}

/// Text that was read as part of a record and turned out not to be.
type Again = Piece<'static>;

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
    has_quote_in_text: bool,
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
        } else {
            self.has_quote_in_text = true;
        }
    }

    /// Takes a separator inside quotes; false where this needs the careful path.
    #[inline]
    fn inside(&mut self, byte: u8, next: Option<u8>, dialect: Dialect) -> bool {
        if Some(byte) == dialect.quoting.quote() {
            self.quoted = Quoted::Closed;
            return next.is_some_and(|b| b == dialect.delimiter || b == b'\n' || b == b'\r');
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

#[cfg(test)]
mod tests;
