//! An open record: one whose end has not been seen yet, or whose quotes are not simple.

use super::dialect::{Dialect, Quoting};
use super::quotes::{self, Found, Repair};
use super::record::{Record, Span};
use crate::limits;

/// The one record that the careful path works on.
pub(super) struct OpenRecord {
    dialect: Dialect,
    open: bool,
    offset: u64,
    /// The record as it is written, with its line end once that was seen.
    raw: String,
    state: State,
    /// Where the first line ends, if it did inside quotes.
    first_line: Option<usize>,
    /// A quote inside quotes neither closed them nor was escaped.
    stray: bool,
    /// What was fed last ends with the first line, on which there was a stray quote.
    at_damage: bool,
    /// The cells, unescaped.
    text: String,
}

/// Where in a cell the next character stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// At its start; after a delimiter one blank may be skipped.
    Start {
        blank: bool,
    },
    /// In a cell without quotes.
    Plain,
    Inside,
    /// Behind a quote inside quotes: what follows says what it was.
    Quote,
    /// Behind a backslash inside quotes.
    Escape,
}

impl OpenRecord {
    pub(super) fn new(dialect: Dialect) -> Self {
        OpenRecord {
            dialect,
            open: false,
            offset: 0,
            raw: String::new(),
            state: State::Start { blank: false },
            first_line: None,
            stray: false,
            at_damage: false,
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
        self.clear();
        self.open = true;
        self.offset = offset;
    }

    /// Takes text up to the end of the record; returns how much, and whether the end was there.
    pub(super) fn feed(&mut self, text: &str) -> (usize, bool) {
        // Never far beyond the limit, or each unclosed quote would cost the rest of the file.
        let room = (limits::RECORD_BYTES + 4).saturating_sub(self.raw.len());
        let text = text.get(..text.floor_char_boundary(room)).unwrap_or_default();
        let (taken, complete) = match self.dialect.quoting {
            Quoting::Off | Quoting::BackTick => match text.find(['\r', '\n']) {
                Some(end) => (end + 1, true),
                None => (text.len(), false),
            },
            Quoting::Double | Quoting::Single | Quoting::Backslash => self.advance(text.as_bytes()),
        };
        self.raw.push_str(text.get(..taken).unwrap_or_default());
        (taken, complete)
    }

    /// Runs over `input` or up to the record's end.
    fn advance(&mut self, input: &[u8]) -> (usize, bool) {
        let Dialect { delimiter, padded, quoting, .. } = self.dialect;
        let quote = quoting.quote().unwrap_or_default();
        self.at_damage = false;
        let mut state = self.state;
        for (at, &byte) in input.iter().enumerate() {
            let line_end = byte == b'\n' || byte == b'\r';
            state = match state {
                State::Inside if byte == quote => State::Quote,
                State::Inside if byte == b'\\' && quoting == Quoting::Backslash => State::Escape,
                State::Inside => {
                    if line_end && self.first_line.is_none() {
                        self.first_line = Some(self.raw.len() + at);
                        if self.stray {
                            self.at_damage = true;
                            self.state = state;
                            return (at + 1, false);
                        }
                    }
                    State::Inside
                }
                State::Escape if quotes::is_escaped(Some(byte), quoting.quote()) => State::Inside,
                // The backslash was text.
                State::Escape if line_end && self.first_line.is_none() => {
                    self.first_line = Some(self.raw.len() + at);
                    State::Inside
                }
                State::Escape => State::Inside,
                State::Quote if byte == quote && quoting != Quoting::Backslash => State::Inside,
                State::Start { .. } if byte == quote => State::Inside,
                State::Start { blank: true } if byte == b' ' => State::Start { blank: false },
                _ if byte == delimiter && state != State::Inside => State::Start { blank: padded },
                _ if line_end => {
                    self.state = state;
                    return (at + 1, true);
                }
                State::Quote => {
                    self.stray = true;
                    State::Inside
                }
                State::Start { .. } | State::Plain => State::Plain,
            };
        }
        self.state = state;
        (input.len(), false)
    }

    /// Whether the record may end where the text does: no quote is open.
    pub(super) fn may_end(&self) -> bool {
        !matches!(self.state, State::Inside | State::Escape)
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
    pub(super) fn cut(&mut self, spans: &mut Vec<Span>) -> Found {
        let body = self.raw.strip_suffix(['\r', '\n']).unwrap_or(&self.raw);
        match self.dialect.quoting {
            Quoting::Off => cut_plain(body, self.dialect, spans),
            Quoting::BackTick => cut_ticked(body, self.dialect, spans),
            _ => return quotes::cut(body, self.dialect, &mut self.text, spans),
        }
        Found::default()
    }

    /// Whether its first line ended just now, inside quotes that look damaged.
    pub(super) fn is_at_damage(&self) -> bool {
        self.at_damage
    }

    /// Whether the second line is a whole record by itself.
    pub(super) fn swallowed_a_line(&self) -> bool {
        let Some(end) = self.first_line else { return false };
        let rest = self.raw.get(end..).unwrap_or_default();
        let rest = rest.trim_start_matches(['\r', '\n']);
        let line = rest.split(['\r', '\n']).next().unwrap_or_default();
        let (mut text, mut spans) = (String::new(), Vec::new());
        let found = quotes::cut(line, self.dialect, &mut text, &mut spans);
        found == Found::default()
            && spans.len() > 1
            && spans.len() == usize::from(self.dialect.width)
    }

    /// Whether it is all on one line.
    pub(super) fn is_one_line(&self) -> bool {
        self.first_line.is_none()
    }

    /// Where the first line ends.
    pub(super) fn first_line_end(&self) -> usize {
        self.first_line.unwrap_or(self.body().len())
    }

    /// Finds the cells of the first line by itself.
    pub(super) fn repair_first_line(&mut self, spans: &mut Vec<Span>) -> Repair {
        let end = self.first_line_end();
        let line = self.raw.get(..end).unwrap_or_default();
        quotes::repair(line, self.dialect, &mut self.text, spans)
    }

    /// The completed record with the cells that [`OpenRecord::cut`] found.
    pub(super) fn record<'a>(&'a self, row: u32, spans: &'a [Span]) -> Record<'a> {
        let raw = self.body();
        let text = if self.dialect.quoting.quote().is_some() { &self.text } else { raw };
        Record::new(row, self.offset, raw, text, spans)
    }

    /// The first line with the cells that [`OpenRecord::repair_first_line`] found.
    pub(super) fn first_line<'a>(&'a self, row: u32, spans: &'a [Span]) -> Record<'a> {
        let raw = self.raw.get(..self.first_line_end()).unwrap_or_default();
        Record::new(row, self.offset, raw, &self.text, spans)
    }

    /// Forgets the record and is ready for the next.
    pub(super) fn clear(&mut self) {
        self.open = false;
        self.raw.clear();
        self.state = State::Start { blank: false };
        self.first_line = None;
        self.stray = false;
        self.at_damage = false;
    }

    /// Gives up the record and returns what was read of it behind its first line.
    pub(super) fn abandon(&mut self) -> String {
        let end = self.first_line_end();
        let rest = self.raw.split_off(end.min(self.raw.len()));
        self.clear();
        rest
    }

    /// The record without its line end.
    fn body(&self) -> &str {
        // Only a complete record ends with a line end outside quotes, and reading stops behind its
        // first character, so one character is all there is.
        self.raw.strip_suffix(['\r', '\n']).unwrap_or(&self.raw)
    }
}

impl std::fmt::Debug for OpenRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenRecord").field("open", &self.open).field("raw", &self.raw).finish()
    }
}

/// Cuts a line at every delimiter.
pub(super) fn cut_plain(line: &str, dialect: Dialect, spans: &mut Vec<Span>) {
    spans.clear();
    let mut from = 0;
    for (at, byte) in line.bytes().enumerate() {
        if byte == dialect.delimiter {
            spans.push((to_u32(from), to_u32(at)));
            let blank = dialect.padded && line.as_bytes().get(at + 1) == Some(&b' ');
            from = at + 1 + usize::from(blank);
        }
    }
    spans.push((to_u32(from), to_u32(line.len())));
}

/// Cuts a line of a back-tick file.
pub(super) fn cut_ticked(line: &str, dialect: Dialect, spans: &mut Vec<Span>) {
    if !line.starts_with('`') {
        return cut_plain(line, dialect, spans);
    }
    spans.clear();
    let mut from = 1;
    for (at, pair) in line.as_bytes().windows(2).enumerate() {
        if *pair == [dialect.delimiter, b'`'] {
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
