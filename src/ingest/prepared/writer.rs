//! Writes prepared records as a reader gives them, a chunk at a time.

use super::{CELL, ESCAPE, FIELD, FRAME, MAGIC, Source};
use crate::error::Error;
use crate::ingest::diagnostic::Diagnostic;
use crate::ingest::record::{Counts, Flow, Record, RecordSink};
use crate::limits;

/// Bytes that are gathered before they are handed on.
const CHUNK: usize = 256 << 10;

/// Takes records and hands on their bytes.
pub struct RecordWriter<'o> {
    out: &'o mut dyn FnMut(&[u8]),
    text: String,
    written: u64,
    limit: u64,
    records: u32,
    remarks: usize,
    failure: Option<Error>,
}

impl std::fmt::Debug for RecordWriter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordWriter").field("records", &self.records).finish_non_exhaustive()
    }
}

impl<'o> RecordWriter<'o> {
    /// Begins the records of a source; they may have up to `limit` bytes.
    pub fn new(source: &Source, limit: u64, out: &'o mut dyn FnMut(&[u8])) -> Self {
        let Source { origin, bytes, sha256 } = source;
        let text = format!("{MAGIC}{}{FIELD}{bytes}{FIELD}{sha256}{FRAME}", origin.name());
        Self { out, text, written: 0, limit, records: 0, remarks: 0, failure: None }
    }

    /// Ends the records; `counts` are those of the reader.
    ///
    /// # Errors
    /// The limit that was reached, for which the reader was told to stop; `ingest/no-table` where
    /// there was no record at all.
    pub fn finish(mut self, counts: Counts) -> Result<(), Error> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        if self.records == 0 {
            return Err(Error::new("ingest/no-table", "there is no row in it")
                .remedy_is("add a sheet or a file that holds a table"));
        }
        let Counts { lines, blank, .. } = counts;
        self.text.push_str(&format!("E{lines}{FIELD}{blank}{FRAME}"));
        (self.out)(self.text.as_bytes());
        Ok(())
    }

    /// Hands on what was gathered; `Break` once there is too much of it.
    fn flush(&mut self) -> Flow {
        if self.text.len() < CHUNK {
            return Flow::Continue(());
        }
        self.written += self.text.len() as u64;
        (self.out)(self.text.as_bytes());
        self.text.clear();
        if self.written > self.limit {
            self.fail(too_much());
            return Flow::Break(());
        }
        Flow::Continue(())
    }

    fn fail(&mut self, error: Error) {
        self.failure.get_or_insert(error);
    }
}

/// More than may be unpacked.
pub(in crate::ingest) fn too_much() -> Error {
    let megabytes = limits::UNPACKED_BYTES >> 20;
    let message = format!(
        "the file unpacks to more than {megabytes} MB, or to more than {} times its size",
        limits::ARCHIVE_RATIO
    );
    Error::new("limit/unpacked", message)
        .remedy_is("unpack it yourself if you trust it, and add the files that it holds")
        .arg("megabytes", megabytes)
        .arg("ratio", limits::ARCHIVE_RATIO)
}

impl RecordSink for RecordWriter<'_> {
    fn columns(&mut self, names: &[String]) {
        self.text.push('C');
        for name in names {
            self.text.push(FIELD);
            escape(name, &mut self.text);
        }
        self.text.push(FRAME);
    }

    fn record(&mut self, record: &Record<'_>) -> Flow {
        let start = self.text.len();
        self.records += 1;
        self.text.push_str(&format!("R{}{FIELD}", record.row()));
        escape(record.raw(), &mut self.text);
        for (index, cell) in record.cells().enumerate() {
            self.text.push(if index == 0 { FIELD } else { CELL });
            escape(cell, &mut self.text);
        }
        self.text.push(FRAME);
        let size = self.text.len() - start;
        if size > limits::RECORD_BYTES || record.len() > limits::COLUMNS {
            let error = if record.len() > limits::COLUMNS {
                Error::new("limit/columns", "the row has too many cells")
                    .remedy_is(format!("a table may have up to {} columns", limits::COLUMNS))
            } else {
                Error::new("limit/record", "the row is larger than 1 MB")
                    .remedy_is("shorten the texts in it")
            };
            self.fail(error.at_line(record.row()));
            return Flow::Break(());
        }
        self.flush()
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.remarks += 1;
        if self.remarks > limits::DIAGNOSTICS_KEPT {
            return;
        }
        let row = diagnostic.row.map(|row| row.to_string()).unwrap_or_default();
        self.text.push_str(&format!("D{}{FIELD}{row}{FIELD}", diagnostic.code));
        escape(&diagnostic.message, &mut self.text);
        self.text.push(FRAME);
    }
}

fn escape(field: &str, out: &mut String) {
    let special = |c: char| matches!(c, CELL | '\u{1c}'..='\u{1f}');
    let mut rest = field;
    while let Some(at) = rest.find(special) {
        let (before, after) = rest.split_at(at);
        let mut characters = after.chars();
        let digit = match characters.next() {
            Some(ESCAPE) => '0',
            Some('\u{1d}') => '1',
            Some(FRAME) => '2',
            Some(FIELD) => '3',
            _ => '4',
        };
        out.push_str(before);
        out.push(ESCAPE);
        out.push(digit);
        rest = characters.as_str();
    }
    out.push_str(rest);
}
