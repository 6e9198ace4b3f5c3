//! Quotes: which cells a record with quotes has, and how a line with damaged quotes is still read.
//!
//! A quote opens a cell as its first character and closes it in front of a delimiter or a line end.
//! Any other quote inside such a cell that is not escaped is *stray*: it is kept as text and said.

use super::diagnostic::Diagnostic;
use super::dialect::{Dialect, Quoting};
use super::open_record::{cut_plain, to_u32};
use super::record::Span;

/// What was noticed while a record was cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Quotes inside a quoted cell that neither close it nor are escaped.
    pub(super) stray: bool,
    /// The last cell's quote is not closed.
    pub(super) open: bool,
    /// A quote opens inside a cell and closes at the end of a later one, as where the separator in
    /// front of a quoted cell is missing: the cells may stand under wrong names.
    pub(super) torn: bool,
}

/// How the quotes of a line are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// As the dialect says.
    Written,
    /// Quotes are not escaped at all: only one in front of a delimiter or the end closes a cell.
    Bare,
    /// `\"` is a quote.
    Backslash,
    /// The quote at this position is text.
    Without(usize),
}

/// Cuts a record as its dialect says.
pub(super) fn cut(
    record: &str,
    dialect: Dialect,
    text: &mut String,
    spans: &mut Vec<Span>,
) -> Found {
    read(record, dialect, Reading::Written, text, spans)
}

/// Quotes at the start of a cell that are tried as text, from the left.
const TRIED: usize = 64;

/// How a line with damaged quotes was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repair {
    /// With a stray quote as text, and as many cells as most records have.
    Fits,
    /// Without quotes; whether it then has as many cells as most records have.
    Plain(bool),
}

/// Reads a line whose quotes are damaged in the first way that gives as many cells as most records
/// have; where none does, it is cut at each delimiter.
pub(super) fn repair(
    line: &str,
    dialect: Dialect,
    text: &mut String,
    spans: &mut Vec<Span>,
) -> Repair {
    let fits = |found: Found, spans: &[Span]| {
        !found.open && dialect.width > 1 && spans.len() == usize::from(dialect.width)
    };
    let found = read(line, dialect, Reading::Written, text, spans);
    if fits(found, spans) {
        return Repair::Fits;
    }
    let opening = opening_quotes(line, dialect).take(TRIED).map(Reading::Without);
    for reading in [Reading::Bare, Reading::Backslash].into_iter().chain(opening) {
        let found = read(line, dialect, reading, text, spans);
        if !found.stray && fits(found, spans) {
            return Repair::Fits;
        }
    }
    text.clear();
    text.push_str(line);
    cut_plain(line, dialect, spans);
    Repair::Plain(fits(Found::default(), spans))
}

/// Where a quote stands at the start of a line or behind a delimiter.
fn opening_quotes(line: &str, dialect: Dialect) -> impl Iterator<Item = usize> + '_ {
    let quote = dialect.quoting.quote();
    let mut before = dialect.delimiter;
    line.bytes().enumerate().filter_map(move |(at, byte)| {
        let opens = Some(byte) == quote && before == dialect.delimiter;
        if !(dialect.padded && byte == b' ') {
            before = byte;
        }
        opens.then_some(at)
    })
}

fn read(
    record: &str,
    dialect: Dialect,
    reading: Reading,
    text: &mut String,
    spans: &mut Vec<Span>,
) -> Found {
    text.clear();
    spans.clear();
    let found = Found::default();
    let mut cells = Cells { record, dialect, reading, text, found, half: false, at: 0 };
    loop {
        let from = to_u32(cells.text.len());
        if dialect.padded && !spans.is_empty() && cells.byte(0) == Some(b' ') {
            cells.at += 1;
        }
        let opens = cells.byte(0).is_some() && cells.byte(0) == dialect.quoting.quote();
        if opens && reading != Reading::Without(cells.at) {
            cells.quoted();
        } else {
            cells.plain();
        }
        spans.push((from, to_u32(cells.text.len())));
        if cells.byte(0).is_none() {
            return cells.found;
        }
        cells.at += 1;
    }
}

/// The cells of one record while they are read.
struct Cells<'a> {
    record: &'a str,
    dialect: Dialect,
    reading: Reading,
    text: &'a mut String,
    found: Found,
    /// A cell without quotes around it had one inside.
    half: bool,
    at: usize,
}

impl Cells<'_> {
    #[inline]
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.record.as_bytes().get(self.at + ahead).copied()
    }

    fn keep(&mut self, from: usize, to: usize) {
        self.text.push_str(self.record.get(from..to).unwrap_or_default());
    }

    /// Takes a cell up to the next delimiter.
    fn plain(&mut self) {
        let from = self.at;
        let rest = self.record.as_bytes().get(from..).unwrap_or_default();
        let length = rest.iter().position(|&byte| byte == self.dialect.delimiter);
        self.at = from + length.unwrap_or(rest.len());
        self.keep(from, self.at);
        let cell = self.record.as_bytes().get(from..self.at).unwrap_or_default();
        if self.dialect.quoting == Quoting::Double && cell.contains(&b'"') {
            let odd = cell.iter().filter(|&&byte| byte == b'"').count() % 2 == 1;
            self.found.torn |= self.half && odd && cell.ends_with(b"\"");
            self.half |= odd && !cell.starts_with(b"\"");
        }
    }

    /// Takes a cell that starts with a quote, up to behind the one that closes it.
    fn quoted(&mut self) {
        let quote = self.byte(0);
        let escaped = self.dialect.quoting == Quoting::Backslash
            && self.reading == Reading::Written
            || self.reading == Reading::Backslash;
        self.at += 1;
        let mut from = self.at;
        while let Some(byte) = self.byte(0) {
            if escaped && byte == b'\\' && is_escaped(self.byte(1), quote) {
                self.keep(from, self.at);
                from = self.at + 1;
                self.at += 2;
            } else if Some(byte) != quote {
                self.at += 1;
            } else if self.byte(1).is_none_or(|next| self.ends_cell(next)) {
                self.keep(from, self.at);
                self.at += 1;
                return;
            } else if !escaped && self.byte(1) == quote && self.reading != Reading::Bare {
                self.at += 1;
                self.keep(from, self.at);
                self.at += 1;
                from = self.at;
            } else {
                self.found.stray |= self.reading != Reading::Bare;
                self.at += 1;
            }
        }
        self.at = self.record.len();
        self.keep(from, self.at);
        self.found.open = true;
    }

    #[inline]
    fn ends_cell(&self, next: u8) -> bool {
        next == self.dialect.delimiter || next == b'\n' || next == b'\r'
    }
}

/// Whether a backslash in front of this byte is an escape; elsewhere (`C:\dir`) it is text.
pub(super) fn is_escaped(byte: Option<u8>, quote: Option<u8>) -> bool {
    byte == quote || byte == Some(b'\\')
}

pub(super) fn stray_quote(row: u32) -> Diagnostic {
    Diagnostic {
        code: "ingest/stray-quote",
        row: Some(row),
        message: "a quote on this line is not closed or not escaped; the line is read so that it \
                  has as many cells as the others, with that quote as text"
            .into(),
    }
}

pub(super) fn torn_cell(row: u32) -> Diagnostic {
    Diagnostic {
        code: "ingest/stray-quote",
        row: Some(row),
        message:
            "a quote opens inside a cell and closes in a later one: a separator may be missing, \
                  and cells may stand under the wrong name"
                .into(),
    }
}

pub(super) fn unclosed_quote(row: u32) -> Diagnostic {
    Diagnostic {
        code: "ingest/unclosed-quote",
        row: Some(row),
        message: "a quote on this line is never closed; the line is read without quotes".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, spans: &[Span]) -> String {
        let cell = |&(from, to): &Span| &text[from as usize..to as usize];
        spans.iter().map(cell).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn the_cells_of_a_record() {
        let csv = Dialect::CSV;
        let padded = Dialect { padded: true, ..csv };
        let single = Dialect::new(b';', Quoting::Single);
        let slash = Dialect::new(b',', Quoting::Backslash);
        let fine = Found::default();
        let stray = Found { stray: true, ..fine };
        let open = Found { open: true, ..fine };
        let torn = Found { torn: true, ..fine };
        let cases = [
            ("a,b", csv, "a|b", fine),
            ("", csv, "", fine),
            ("\"a,b\",", csv, "a,b|", fine),
            ("\"a\"\"b\",\"\",\"\"\"\"", csv, "a\"b||\"", fine),
            ("5\" pipe,x", csv, "5\" pipe|x", fine),
            ("\"a\nb\",c", csv, "a\nb|c", fine),
            ("\"a \"b\" c\",d", csv, "a \"b\" c|d", stray),
            ("\"\"a\",d", csv, "\"a|d", stray),
            ("a,\"b,c", csv, "a|b,c", open),
            ("a, \"b, c\", d,  e", padded, "a|b, c|d| e", fine),
            ("a, \"b\"", csv, "a| \"b\"", fine),
            ("'a;''b''';\"c", single, "a;'b'|\"c", fine),
            ("\"a\\\"b\",\"c\\\\\",\"\\é\"", slash, "a\"b|c\\|\\é", fine),
            ("\"a\\", slash, "a\\", open),
            ("1,$2\"x, y\",\"z\"", csv, "1|$2\"x| y\"|z", torn),
            ("5\",6\" and 7\"", csv, "5\"|6\" and 7\"", fine),
        ];
        let (mut text, mut spans) = (String::new(), Vec::new());
        for (record, dialect, expected, found) in cases {
            assert_eq!(cut(record, dialect, &mut text, &mut spans), found, "{record}");
            assert_eq!(shown(&text, &spans), expected, "{record}");
        }
    }

    #[test]
    fn a_damaged_line_is_read_so_that_it_has_its_width() {
        let (read, plain) = (Repair::Fits, Repair::Plain);
        let cases = [
            // A quote too many in front of an unquoted cell, a quoted one, at the end, at the start.
            ("1,\"b,c,\"x, y\",z", 5, "1|\"b|c|x, y|z", read),
            ("1,b,c,\"\"x, y\",z", 5, "1|b|c|\"x, y|z", read),
            ("1,b,c,\"x, y\",\"", 5, "1|b|c|x, y|\"", read),
            ("\"1,b,c,\"x, y\",z", 5, "\"1|b|c|x, y|z", read),
            // Quotes that were not doubled, or escaped in another way.
            ("1,\"48\"\",\"x, y\"", 3, "1|48\"|x, y", read),
            ("1,\"48\\\", wide\",\"x, y\"", 3, "1|48\", wide|x, y", read),
            ("1,\"5\" wide\",z", 3, "1|5\" wide|z", read),
            // Text that starts with a word in quotes.
            ("\"Best\" shoes,5", 2, "\"Best\" shoes|5", read),
            // A separator is missing, too: cut at each, and said to be unreadable.
            ("1,\"b,c,x,y,z", 3, "1|\"b|c|x|y|z", plain(false)),
            ("1,\"b,c", 3, "1|\"b|c", read),
            ("1,\"b,\"c", 3, "1|\"b|\"c", plain(true)),
            ("1,\"b", 0, "1|\"b", plain(false)),
        ];
        let (mut text, mut spans) = (String::new(), Vec::new());
        for (line, width, expected, repaired) in cases {
            let dialect = Dialect::CSV.with_width(width);
            assert_eq!(repair(line, dialect, &mut text, &mut spans), repaired, "{line}");
            assert_eq!(shown(&text, &spans), expected, "{line}");
        }
    }
}
