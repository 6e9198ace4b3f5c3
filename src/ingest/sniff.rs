//! The sniffer: which dialect the head of a text is written in, by a vote of its records.
//!
//! A dialect wins by the number of records that agree on one width, weighed by how few of their
//! cells still hold another delimiter. One bad row is one vote.

use std::collections::BTreeMap;

use super::delimited::DelimitedReader;
use super::diagnostic::Diagnostic;
use super::dialect::{Dialect, Quoting};
use super::record::{Flow, Record, RecordSink};
use crate::limits;

/// Candidates; of equal votes the earlier wins (a comma may be a decimal sign, a tab hardly ever).
const DELIMITERS: [u8; 4] = [b'\t', b';', b'|', b','];

/// The dialect of a text whose first characters are `head`; `complete` if these are all.
///
/// A text of one column has no delimiter to find; it is read as comma separated.
#[must_use]
pub fn sniff(head: &str, complete: bool) -> Dialect {
    let head = whole_lines(head, complete);
    if is_ticked(head) {
        return Dialect::BACK_TICK;
    }
    let quoting = quote_character(head);
    let with = |delimiter| Dialect::new(delimiter, quoting);
    let delimiter = stated(head).or_else(|| voted(head, with)).unwrap_or(b',');
    let mut dialect = with(delimiter);
    if quotes_are_text(head, delimiter) {
        dialect.quoting = Quoting::Off;
    } else if quoting == Quoting::Double && has_backslashes(head, delimiter) {
        dialect.quoting = Quoting::Backslash;
    }
    dialect.padded = is_padded(head, dialect);
    dialect.with_width(count_votes(head, dialect).weight().map_or(0, |(_, width)| width))
}

/// The quote character that more cells start and end with; few of the rarer one are text.
fn quote_character(head: &str) -> Quoting {
    let [double, single] = [b'"', b'\''].map(|quote| count_pairs(head, quote));
    if single >= MANY && single > double * 4 { Quoting::Single } else { Quoting::Double }
}

/// How many cells could be protected by a quote character: it stands at their start and their end.
fn count_pairs(head: &str, quote: u8) -> u64 {
    let is_edge = |byte: u8| matches!(byte, b'\n' | b'\r') || DELIMITERS.contains(&byte);
    let (mut opening, mut closing) = (0, 0);
    let (mut before, mut last) = (b'\n', b'\n');
    for byte in head.bytes().chain([b'\n']) {
        opening += u64::from(byte == quote && (is_edge(last) || (last == b' ' && is_edge(before))));
        closing += u64::from(last == quote && is_edge(byte));
        (before, last) = (last, byte);
    }
    opening.min(closing)
}

/// Whether quotes inside cells are escaped by backslashes: then more records have the common width,
/// by more than one bad row could make of it.
fn has_backslashes(head: &str, delimiter: u8) -> bool {
    if !head.contains("\\\"") {
        return false;
    }
    let [doubled, slashed] = [Quoting::Double, Quoting::Backslash].map(|quoting| {
        let votes = count_votes(head, Dialect::new(delimiter, quoting));
        votes.weight().map_or(0, |(_, width)| votes.sound(width))
    });
    slashed > doubled + 1
}

/// Whether nearly every delimiter is followed by a blank, also in front of quotes.
fn is_padded(head: &str, dialect: Dialect) -> bool {
    let mut blanks = Blanks::default();
    let plain = Dialect { quoting: Quoting::Off, ..dialect };
    let mut reader = DelimitedReader::new(plain, 0);
    if matches!(reader.push(head, &mut blanks), Ok(Flow::Continue(()))) {
        let _ = reader.finish(&mut blanks);
    }
    blanks.quoted >= MANY && blanks.padded * 20 >= blanks.cells * 19
}

/// Cells behind a delimiter, those that start with a blank, and of these the ones with quotes.
#[derive(Default)]
struct Blanks {
    cells: u64,
    padded: u64,
    quoted: u64,
}

impl RecordSink for Blanks {
    fn record(&mut self, record: &Record<'_>) -> Flow {
        for cell in record.cells().skip(1) {
            self.cells += 1;
            self.padded += u64::from(cell.starts_with(' '));
            self.quoted += u64::from(cell.starts_with(" \""));
        }
        Flow::Continue(())
    }
}

/// The head without the line that its end cuts.
fn whole_lines(head: &str, complete: bool) -> &str {
    match head.rfind(['\n', '\r']) {
        Some(end) if !complete => head.get(..=end).unwrap_or(head),
        _ => head,
    }
}

/// WeChat's bills: many lines start with a back-tick, and each of these has cells that do.
fn is_ticked(head: &str) -> bool {
    let lines = || head.split(['\n', '\r']).filter(|l| !l.is_empty()).take(limits::HEAD_LINES);
    let ticked = lines().filter(|l| l.starts_with('`') && l.contains(",`")).count();
    ticked > 0 && ticked * 4 >= lines().count()
}

/// Excel's own hint, a first line such as `sep=;`.
fn stated(head: &str) -> Option<u8> {
    let line = head.lines().next()?.trim_matches('"');
    let hint = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep="))?;
    match line.get(hint.len()..)?.as_bytes() {
        [delimiter] if DELIMITERS.contains(delimiter) => Some(*delimiter),
        [delimiter, b'"'] if DELIMITERS.contains(delimiter) => Some(*delimiter),
        _ => None,
    }
}

fn voted(head: &str, with: impl Fn(u8) -> Dialect) -> Option<u8> {
    let mut best: Option<(u64, usize, u8)> = None;
    for delimiter in DELIMITERS {
        let votes = count_votes(head, with(delimiter));
        let Some((weight, width)) = votes.weight() else { continue };
        if best.is_none_or(|(w, n, _)| (weight, width) > (w, n)) {
            best = Some((weight, width, delimiter));
        }
    }
    best.map(|(_, _, delimiter)| delimiter)
}

fn count_votes(head: &str, dialect: Dialect) -> Votes {
    let mut votes = Votes {
        delimiter: dialect.delimiter,
        records: 0,
        widths: BTreeMap::new(),
        damaged: BTreeMap::new(),
        is_damaged: false,
    };
    let mut reader = DelimitedReader::new(dialect, 0);
    // What a limit refuses casts no vote; the real reading reports it.
    if let Ok(Flow::Continue(())) = reader.push(head, &mut votes) {
        let _ = reader.finish(&mut votes);
    }
    votes
}

/// The votes for one delimiter.
struct Votes {
    delimiter: u8,
    records: usize,
    /// Per width: records, cells, and those cells that hold another delimiter.
    widths: BTreeMap<usize, (u64, u64, u64)>,
    /// Per width: records whose quotes are damaged.
    damaged: BTreeMap<usize, u64>,
    /// The next record is one.
    is_damaged: bool,
}

impl RecordSink for Votes {
    fn record(&mut self, record: &Record<'_>) -> Flow {
        let (records, cells, foreign) = self.widths.entry(record.len()).or_default();
        *records += 1;
        *cells += record.len() as u64;
        *foreign += record.cells().filter(|cell| is_foreign(cell, self.delimiter)).count() as u64;
        if std::mem::take(&mut self.is_damaged) {
            *self.damaged.entry(record.len()).or_insert(0) += 1;
        }
        self.records += 1;
        if self.records < limits::HEAD_LINES { Flow::Continue(()) } else { Flow::Break(()) }
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.is_damaged |= diagnostic.code.ends_with("-quote");
    }
}

impl Votes {
    /// Records of this width whose quotes are as they should be.
    fn sound(&self, width: usize) -> u64 {
        let records = self.widths.get(&width).map_or(0, |(records, ..)| *records);
        records - self.damaged.get(&width).copied().unwrap_or(0)
    }

    /// The weight of the strongest width, and that width; none if no record has two cells.
    fn weight(&self) -> Option<(u64, usize)> {
        let weigh = |(&width, &(records, cells, foreign)): (&usize, &(u64, u64, u64))| {
            (records * 1000 * (cells - foreign) / cells.max(1), width)
        };
        self.widths.range(2..).map(weigh).max()
    }
}

/// Whether a cell still holds another delimiter; a comma between digits is a number.
fn is_foreign(cell: &str, delimiter: u8) -> bool {
    let cell = cell.trim();
    let number = cell.bytes().all(|b| b.is_ascii_digit() || b"+-.,' ".contains(&b));
    cell.bytes().any(|b| DELIMITERS.contains(&b) && b != delimiter && !(number && b == b','))
}

/// How many one-sided quotes it takes to doubt quoting as such; fewer are damage.
const MANY: u64 = 3;

/// Whether more cells have a quote on one side only than on both: then quotes are text.
fn quotes_are_text(head: &str, delimiter: u8) -> bool {
    let mut sides = Sides::default();
    let mut reader = DelimitedReader::new(Dialect::new(delimiter, Quoting::Off), 0);
    let _ = reader.push(head, &mut sides);
    let one = sides.one + u64::from(sides.inside);
    one > sides.both && one >= MANY
}

/// How the quotes at the edges of cells pair up; delimiters and line ends may stand inside them.
#[derive(Default)]
struct Sides {
    both: u64,
    one: u64,
    inside: bool,
}

impl RecordSink for Sides {
    fn record(&mut self, record: &Record<'_>) -> Flow {
        for cell in record.cells() {
            if self.inside {
                if cell.starts_with('"') && !cell.starts_with("\"\"") && cell.len() > 1 {
                    self.one += 1;
                    self.inside = false;
                } else if cell.ends_with('"') {
                    self.both += 1;
                    self.inside = false;
                }
            }
            if !self.inside && cell.starts_with('"') && cell.len() > 1 {
                let closed = cell.ends_with('"');
                self.both += u64::from(closed);
                self.inside = !closed;
            }
        }
        Flow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dialect_that_most_records_agree_on() {
        let double = |delimiter| Dialect::new(delimiter, Quoting::Double);
        let off = |delimiter| Dialect::new(delimiter, Quoting::Off);
        let single = Dialect::new(b',', Quoting::Single);
        let slash = Dialect::new(b',', Quoting::Backslash);
        let padded = Dialect { padded: true, ..Dialect::CSV };
        let many = |line: &str| format!("id,name,amount\n{}", line.repeat(50));
        let cases = [
            ("".into(), double(b',')),
            ("one\ntwo\n".into(), double(b',')),
            ("a,b\n1,2\n".into(), double(b',')),
            ("a\tb\n1\t2\n".into(), double(b'\t')),
            ("a;b\n1;2\n".into(), double(b';')),
            ("a|b\n1|2\n".into(), double(b'|')),
            ("a;b;c\nx;1,50;2,50\ny;3,00;4,00\n".into(), double(b';')),
            ("x;1,50\ny;3,00\n".into(), double(b';')),
            ("1,5;2,5;3,5\n1,5;2,5;3,5\n".into(), double(b';')),
            ("a,b,c\n\"x;y;z\",\"1\",2\n\"x;y;z\",\"1\",2\n".into(), double(b',')),
            ("号\t,单\t,额\t\n1\t,2\t,3\t\n".into(), double(b',')),
            ("sep=;\na;b,c\n".into(), double(b';')),
            ("\"sep=|\"\na,b|c,d\n".into(), double(b'|')),
            ("Report\nfrom: today, all\n\na;b;c\n1;2;3\n4;5;6\n".into(), double(b';')),
            // One bad row changes nothing.
            (many("1,x,2\n") + "a;b;c;d;e;f;g;h\n", double(b',')),
            (many("1,x,2\n") + "1,\"x,2\n" + &"1,x,2\n".repeat(50), double(b',')),
            (many("1,\"x, y\",2\n") + "1,\"x,2\n", double(b',')),
            // Quotes as text: inches and half-quoted names in a tab file.
            ("id\tname\n1\t\"5\n2\t\"6\n3\t\"7\n".into(), off(b'\t')),
            ("a,b\n1,\"x\ny\"\n2,\"x\nz, \"\"q\"\"\"\n3,x\n".into(), double(b',')),
            ("h,i\n`a,`{\"x\":1,\"y\":2}\nn,s\n`1,`2\n".into(), Dialect::BACK_TICK),
            (many("1,`x`,2\n") + "`a,`b\n", double(b',')),
            // Other quotes and other escapes, by more than one row.
            (many("1,'x, y',2\n"), single),
            (many("1,x,2\n") + "'a,b',1,2\n", double(b',')),
            (many("1,6'5,2\n") + "'12,'13,'14\n", double(b',')),
            ("a,b\n1,\"x\\\"y, z\"\n2,\"5\\\" and 6\\\"\"\n3,\"a\\\", b\"\n".into(), slash),
            (many("1,\"x\",2\n") + "1,\"C:\\\",2\n", double(b',')),
            (many("1,\"x\",2\n") + "1,\"5\\\" y\",2\n", double(b',')),
            (many("1, \"x, y\", 2\n"), padded),
            (many("1, x, 2\n"), double(b',')),
        ];
        for (head, dialect) in cases {
            let found = sniff(&head, true);
            assert_eq!(Dialect { width: 0, ..found }, dialect, "{head}");
        }
        assert_eq!(sniff("a;b\n1;2\nx\n1;2\n", true).width, 2);
    }

    #[test]
    fn a_cut_line_does_not_vote() {
        assert_eq!(sniff("a,b\n1;2;3;4;5;6", false).delimiter, b',');
        assert_eq!(sniff("a;b", false).delimiter, b';');
    }
}
