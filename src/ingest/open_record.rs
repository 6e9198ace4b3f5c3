//! An open record: one whose end has not been seen yet, or whose quotes are not simple.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::dialect::{Dialect, Quoting};
use super::record::{Record, Span};
use crate::limits;

/// The one record that the careful path works on.
pub(super) struct OpenRecord {
    dialect: Dialect,
    open: bool,
    offset: u64,
    /// The record as it is written, with its line end once that was seen.
    raw: String,
    core: Reader,
    out: Vec<u8>,
    out_len: usize,
    ends: Vec<usize>,
    ends_len: usize,
    text: String,
}

impl OpenRecord {
    pub(super) fn new(dialect: Dialect) -> Self {
        OpenRecord {
            dialect,
            open: false,
            offset: 0,
            raw: String::new(),
            core: core(dialect),
            out: vec![0; 1024],
            out_len: 0,
            ends: vec![0; 64],
            ends_len: 0,
            text: String::new(),
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Starts a record; what is fed first must not be a line end.
    pub(super) fn begin(&mut self, offset: u64) {
        self.open = true;
        self.offset = offset;
    }

    /// Takes text up to the end of the record; returns how much, and whether the end was there.
    pub(super) fn feed(&mut self, text: &str) -> (usize, bool) {
        // Never far beyond the limit, or each unclosed quote would cost the rest of the file.
        let room = (limits::RECORD_BYTES + 4).saturating_sub(self.raw.len());
        let text = text.get(..text.floor_char_boundary(room)).unwrap_or_default();
        let (taken, complete) = match self.dialect.quoting {
            Quoting::Double => self.advance(text.as_bytes()),
            Quoting::Off | Quoting::BackTick => match text.find(['\r', '\n']) {
                Some(end) => (end + 1, true),
                None => (text.len(), false),
            },
        };
        self.raw.push_str(text.get(..taken).unwrap_or_default());
        (taken, complete)
    }

    /// Ends the record at the end of the text; false if a quote is still open.
    pub(super) fn close(&mut self) -> bool {
        self.dialect.quoting != Quoting::Double || self.advance(b"\n").1
    }

    /// Whether the record, without its line end, is longer than a record may be.
    pub(super) fn is_oversized(&self) -> bool {
        self.raw.len() > limits::RECORD_BYTES && self.body().len() > limits::RECORD_BYTES
    }

    /// Whether the record's line end was a CR; an LF may follow.
    pub(super) fn ends_with_cr(&self) -> bool {
        self.raw.ends_with('\r')
    }

    /// Line ends inside the record so far.
    pub(super) fn line_ends(&self) -> u32 {
        count_line_ends(&self.raw)
    }

    /// Finds the cells of the completed record.
    pub(super) fn cut(&mut self, spans: &mut Vec<Span>) {
        self.text.clear();
        match self.dialect.quoting {
            Quoting::Off => cut_plain(self.body(), self.dialect.delimiter, spans),
            Quoting::BackTick => cut_ticked(self.body(), self.dialect.delimiter, spans),
            Quoting::Double => {
                let cells = self.out.get(..self.out_len).unwrap_or_default();
                let cells = std::str::from_utf8(cells)
                    .expect("invariant: text that is cut at ASCII characters stays text");
                self.text.push_str(cells);
                spans.clear();
                let mut from = 0;
                for &to in self.ends.iter().take(self.ends_len) {
                    spans.push((from, to_u32(to)));
                    from = to_u32(to);
                }
            }
        }
    }

    /// The completed record with the cells that [`OpenRecord::cut`] found.
    pub(super) fn record<'a>(&'a self, row: u32, spans: &'a [Span]) -> Record<'a> {
        let raw = self.body();
        let text = if self.dialect.quoting == Quoting::Double { &self.text } else { raw };
        Record::new(row, self.offset, raw, text, spans)
    }

    /// Forgets the record and is ready for the next.
    pub(super) fn clear(&mut self) {
        self.open = false;
        self.raw.clear();
        self.out_len = 0;
        self.ends_len = 0;
    }

    /// Gives up the record and returns what was read of it.
    pub(super) fn abandon(&mut self) -> String {
        let raw = std::mem::take(&mut self.raw);
        self.clear();
        self.core = core(self.dialect);
        raw
    }

    /// The record without its line end.
    fn body(&self) -> &str {
        // Only a complete record ends with a line end outside quotes, and `csv-core` stops behind
        // its first character, so one character is all there is.
        self.raw.strip_suffix(['\r', '\n']).unwrap_or(&self.raw)
    }

    /// Runs the state machine over `input` or up to the record's end.
    fn advance(&mut self, mut input: &[u8]) -> (usize, bool) {
        let mut taken = 0;
        loop {
            let (result, read, wrote, ended) = self.core.read_record(
                input,
                self.out.get_mut(self.out_len..).unwrap_or_default(),
                self.ends.get_mut(self.ends_len..).unwrap_or_default(),
            );
            taken += read;
            input = input.get(read..).unwrap_or_default();
            self.out_len += wrote;
            self.ends_len += ended;
            match result {
                ReadRecordResult::Record => return (taken, true),
                ReadRecordResult::OutputFull => self.out.resize(self.out.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return (taken, false),
            }
        }
    }
}

impl std::fmt::Debug for OpenRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenRecord").field("open", &self.open).field("raw", &self.raw).finish()
    }
}

/// A state machine between two records.
fn core(dialect: Dialect) -> Reader {
    let mut core = ReaderBuilder::new().delimiter(dialect.delimiter).build();
    // The first input of a fresh reader loses a byte order mark; here that would be cell text.
    let _ = core.read_record(b"x\n", &mut [0; 8], &mut [0; 8]);
    core
}

/// Cuts a line at every delimiter.
pub(super) fn cut_plain(line: &str, delimiter: u8, spans: &mut Vec<Span>) {
    spans.clear();
    let mut from = 0;
    for (at, byte) in line.bytes().enumerate() {
        if byte == delimiter {
            spans.push((to_u32(from), to_u32(at)));
            from = at + 1;
        }
    }
    spans.push((to_u32(from), to_u32(line.len())));
}

/// Cuts a line of a back-tick file.
pub(super) fn cut_ticked(line: &str, delimiter: u8, spans: &mut Vec<Span>) {
    if !line.starts_with('`') {
        return cut_plain(line, delimiter, spans);
    }
    spans.clear();
    let mut from = 1;
    for (at, pair) in line.as_bytes().windows(2).enumerate() {
        if *pair == [delimiter, b'`'] {
            spans.push((to_u32(from), to_u32(at)));
            from = at + 2;
        }
    }
    spans.push((to_u32(from), to_u32(line.len())));
}

/// How many line ends (CR, LF or CRLF) a text holds.
pub(super) fn count_line_ends(text: &str) -> u32 {
    let mut count = 0;
    let mut after_cr = false;
    for byte in text.bytes() {
        count += u32::from(byte == b'\r' || (byte == b'\n' && !after_cr));
        after_cr = byte == b'\r';
    }
    count
}

/// Positions inside a record; one that does not fit belongs to a record that is refused anyway.
#[inline]
pub(super) fn to_u32(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
