//! Tables of a web page, as portals write them and call them `.xls`: read as browsers do, whatever
//! is not closed or not quoted.

use super::{Task, source_of, text_of};
use crate::error::Error;
use crate::ingest::diagnostic::Diagnostic;
use crate::ingest::prepared::{Origin, RecordWriter};
use crate::ingest::record::{Counts, Record, RecordSink as _};
use crate::limits;

/// A table with its rows.
#[derive(Debug, Default)]
struct Table {
    rows: Vec<Vec<String>>,
    /// Rows (from 1) whose cells reach into the next.
    tall: Vec<u32>,
    cells: u64,
}

impl Task<'_> {
    /// A web page: its table is a part under the page's own name, several are numbered.
    pub(super) fn html(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let text = text_of(bytes, self.options.decoder)?;
        let source = source_of(Origin::Html, bytes);
        let tables: Vec<Table> = tables(&text)?.into_iter().filter(Table::is_data).collect();
        if tables.is_empty() {
            let what = "a web page without a table";
            return Err(Error::new("ingest/no-table", format!("this is {what}"))
                .remedy_is("export the table from its source as CSV"));
        }
        let several = tables.len() > 1;
        for (index, table) in tables.iter().enumerate() {
            let part = if several { format!("{name}#{}", index + 1) } else { name.to_owned() };
            self.sink.begin(&part, false);
            let mut out = |piece: &[u8]| self.sink.bytes(piece);
            let mut writer = RecordWriter::new(&source, self.left, &mut out);
            let counts = table.give(&mut writer);
            let outcome = writer.finish(counts);
            self.sink.end(outcome.map_err(|error| error.in_file(&part)));
        }
        Ok(())
    }
}

impl Table {
    /// Pages are laid out in tables too: one has rows and columns.
    fn is_data(&self) -> bool {
        self.rows.iter().filter(|row| row.len() > 1).count() > 1
    }

    fn give(&self, writer: &mut RecordWriter<'_>) -> Counts {
        let mut counts = Counts::default();
        let width = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        for row in &self.tall {
            let message = "a cell reaches over several rows: only the first has its value";
            let code = "ingest/merged-cells";
            writer.diagnostic(Diagnostic { code, row: Some(*row), message: message.to_owned() });
        }
        for (row, cells) in (1_u32..).zip(&self.rows) {
            counts.lines = row;
            if cells.iter().all(String::is_empty) {
                counts.blank += 1;
                continue;
            }
            let mut text = String::new();
            let mut spans = Vec::with_capacity(width);
            for at in 0..width {
                let from = u32::try_from(text.len()).unwrap_or(u32::MAX);
                text.push_str(cells.get(at).map_or("", String::as_str));
                spans.push((from, u32::try_from(text.len()).unwrap_or(u32::MAX)));
            }
            if writer.record(&Record::new(row, 0, "", &text, &spans)).is_break() {
                break;
            }
        }
        counts
    }
}

/// A table that is being read.
#[derive(Default)]
struct Open {
    table: Table,
    row: Option<Vec<String>>,
    cell: Option<String>,
    /// Columns that the cell takes.
    span: usize,
    /// For every column, how many further rows a cell above reaches into.
    below: Vec<u32>,
}

impl Open {
    fn begin_row(&mut self) {
        self.end_row();
        self.row = Some(Vec::new());
    }

    fn begin_cell(&mut self, columns: usize, rows: u32) {
        self.end_cell();
        self.skip_taken();
        let row = self.row.get_or_insert_default();
        if rows > 1 {
            let at = row.len();
            if self.below.len() < at + columns {
                self.below.resize(at + columns, 0);
            }
            self.below.iter_mut().skip(at).take(columns).for_each(|below| *below = rows);
            let number = u32::try_from(self.table.rows.len()).unwrap_or(u32::MAX);
            self.table.tall.push(number.saturating_add(1));
        }
        self.cell = Some(String::new());
        self.span = columns;
    }

    /// Leaves the columns empty into which cells above reach.
    fn skip_taken(&mut self) {
        let row = self.row.get_or_insert_default();
        while self.below.get(row.len()).is_some_and(|below| *below > 0) {
            row.push(String::new());
        }
    }

    fn end_cell(&mut self) {
        if let Some(cell) = self.cell.take() {
            let lines = cell.split('\n');
            let lines: Vec<String> =
                lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
            let row = self.row.get_or_insert_default();
            row.push(lines.join("\n").trim_matches('\n').to_owned());
            row.resize(row.len() + self.span - 1, String::new());
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        if self.row.is_some() {
            self.skip_taken();
        }
        if let Some(row) = self.row.take() {
            self.table.cells += row.len() as u64 + 1;
            self.table.rows.push(row);
            self.below.iter_mut().for_each(|below| *below = below.saturating_sub(1));
        }
    }
}

/// The tables of a page, also those inside others, in the order in which they end.
fn tables(text: &str) -> Result<Vec<Table>, Error> {
    let mut found = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        say(&mut open, before);
        rest = tag.get(1..).unwrap_or_default();
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let (name, attributes, after) = split_tag(rest);
        let Some(after) = after else {
            say(&mut open, "<");
            continue;
        };
        rest = after;
        match name.to_ascii_lowercase().as_str() {
            "script" | "style" => rest = behind(rest, name),
            "table" if open.len() >= limits::JSON_NESTING => {
                return Err(Error::new(
                    "limit/nesting",
                    "the tables of the page are nested too deep",
                )
                .remedy_is("export the table from its source as CSV")
                .arg("depth", limits::JSON_NESTING));
            }
            "table" => open.push(Open::default()),
            "/table" => close(&mut open, &mut found),
            "tr" => {
                with(&mut open, Open::begin_row);
                check(&open, &found)?;
            }
            "/tr" => with(&mut open, Open::end_row),
            "td" | "th" => {
                let count = |key| number_of(attributes, key).clamp(1, 1_000);
                let (columns, rows) = (count("colspan"), count("rowspan"));
                with(&mut open, |open| open.begin_cell(columns as usize, rows));
                check(&open, &found)?;
            }
            "/td" | "/th" => with(&mut open, Open::end_cell),
            "br" | "br/" | "/p" | "/div" => say(&mut open, "\n"),
            _ => {}
        }
    }
    say(&mut open, rest);
    while !open.is_empty() {
        close(&mut open, &mut found);
    }
    Ok(found)
}

fn with(open: &mut [Open], act: impl FnOnce(&mut Open)) {
    if let Some(open) = open.last_mut() {
        act(open);
    }
}

fn close(open: &mut Vec<Open>, found: &mut Vec<Table>) {
    if let Some(mut done) = open.pop() {
        done.end_row();
        found.push(done.table);
    }
}

/// Adds text to the cell at hand.
fn say(open: &mut [Open], text: &str) {
    if let Some(cell) = open.last_mut().and_then(|open| open.cell.as_mut()) {
        unescape(text, cell);
    }
}

/// Name and attributes of a tag, and what follows it; `None` where it is no tag.
fn split_tag(text: &str) -> (&str, &str, Option<&str>) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '!' | '?' | ':' | '-');
    if !text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
        return ("", "", None);
    }
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let mut quote = None;
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            (None, '>') => {
                let attributes = rest.get(..at).unwrap_or_default();
                return (name, attributes, rest.get(at + 1..));
            }
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    (name, "", None)
}

/// What stands from the closing tag of this name on.
fn behind<'t>(text: &'t str, name: &str) -> &'t str {
    let closes = |at: &usize| {
        let tag = text.get(at + 2..).and_then(|rest| rest.get(..name.len()));
        tag.is_some_and(|tag| tag.eq_ignore_ascii_case(name))
    };
    let at = text.match_indices("</").map(|(at, _)| at).find(closes);
    at.and_then(|at| text.get(at..)).unwrap_or_default()
}

/// Refuses cells that span more than there is.
fn check(open: &[Open], found: &[Table]) -> Result<(), Error> {
    let cells = open.iter().map(|open| open.table.cells).sum::<u64>()
        + found.iter().map(|table| table.cells).sum::<u64>();
    let widest = open.last().and_then(|open| open.row.as_ref()).map_or(0, Vec::len);
    if cells > limits::HELD_CELLS {
        let message = format!("the tables span more than {} cells", limits::HELD_CELLS);
        return Err(Error::new("limit/cells", message)
            .remedy_is("export a shorter period, or export the table as CSV")
            .arg("cells", limits::HELD_CELLS));
    }
    if widest > limits::COLUMNS {
        return Err(Error::new("limit/columns", "the row has too many cells")
            .remedy_is(format!("a table may have up to {} columns", limits::COLUMNS))
            .arg("columns", limits::COLUMNS));
    }
    Ok(())
}

fn number_of(attributes: &str, key: &str) -> u32 {
    let lower = attributes.to_ascii_lowercase();
    let Some((_, value)) = lower.split_once(&format!("{key}=")) else { return 1 };
    let digits: String =
        value.trim_start_matches(['"', '\'']).chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(1)
}

/// Entities that tables of money use.
const ENTITIES: &[(&str, &str)] = &[
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("yen", "¥"),
    ("euro", "€"),
    ("pound", "£"),
    ("cent", "¢"),
    ("minus", "\u{2212}"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("middot", "·"),
];

fn unescape(text: &str, out: &mut String) {
    let mut parts = text.split('&');
    // Line breaks of the source are no line breaks of the page.
    let mut add = |piece: &str| {
        if piece == "\n" { out.push('\n') } else { out.push_str(&piece.replace(['\n', '\r'], " ")) }
    };
    add(parts.next().unwrap_or_default());
    for part in parts {
        match part.split_once(';').and_then(|(name, rest)| Some((entity(name)?, rest))) {
            Some((character, rest)) => {
                add(&character);
                add(rest);
            }
            None => {
                add("&");
                add(part);
            }
        }
    }
}

fn entity(name: &str) -> Option<String> {
    if let Some(code) = name.strip_prefix('#') {
        let hex = code.strip_prefix(['x', 'X']);
        let number = hex.map_or_else(|| code.parse(), |hex| u32::from_str_radix(hex, 16));
        return number.ok().and_then(char::from_u32).map(String::from);
    }
    ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(page: &str) -> Vec<Vec<String>> {
        let mut tables = tables(page).unwrap();
        assert_eq!(tables.len(), 1, "{page}");
        tables.remove(0).rows
    }

    #[test]
    fn tables_are_read_as_browsers_read_them() {
        let cases: &[(&str, &[&[&str]])] = &[
            ("<table><tr><td>a</td><td>b</td></tr></table>", &[&["a", "b"]]),
            ("<TABLE border=1><TR><TH>a<TH>b<TR><TD>1<TD>2", &[&["a", "b"], &["1", "2"]]),
            ("x<table>y<thead><tr><td> a \n b </td></tr></thead>z</table>", &[&["a b"]]),
            ("<table><tr><td colspan='2'>a</td><td>b</table>", &[&["a", "", "b"]]),
            (
                "<table><tr><td rowspan=2>a<td>b<tr><td>c<tr><td>d</table>",
                &[&["a", "b"], &["", "c"], &["d"]],
            ),
            ("<table><tr><td>a<br>b<br/>c</table>", &[&["a\nb\nc"]]),
            (
                "<table><tr><td>&nbsp;&yen;1&amp;2&#65;&#x42;&unknown; &</td></tr></table>",
                &[&["¥1&2AB&unknown; &"]],
            ),
            ("<table><!-- <tr><td>x --><tr><td title=\"a>b\">1</table>", &[&["1"]]),
            ("<table><tr><td><style>td{}</style><script>'<td>'</script>1</table>", &[&["1"]]),
            ("<table><tr><td>1 < 2 <> 3</table>", &[&["1 < 2 <> 3"]]),
        ];
        for (page, expected) in cases {
            assert_eq!(rows(page), *expected, "{page}");
        }
    }

    #[test]
    fn layout_is_no_table_and_several_tables_are_told_apart() {
        let page = "<table><tr><td><table><tr><td>a<td>b<tr><td>1<td>2</table></table>";
        let found = tables(page).unwrap();
        let data: Vec<bool> = found.iter().map(Table::is_data).collect();
        assert_eq!(data, [true, false]);
    }

    #[test]
    fn deep_nesting_is_refused() {
        let page = "<table><tr><td>".repeat(100);
        assert_eq!(tables(&page).unwrap_err().code(), "limit/nesting");
    }
}
