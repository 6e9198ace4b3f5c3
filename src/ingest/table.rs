//! A table: a source as it was read, before any meaning, for people and for other programs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::diagnostic::Diagnostic;
use super::encoding::OpenDecoder;
use super::guess::Guess;
use super::record::{Counts, Rows};
use super::source::{Layout, Shape, SourceReader};
use crate::error::Error;
use crate::limits;
use crate::sort;

/// A source as it was read: every record is the header or one of the rows.
#[derive(Clone, Debug)]
pub struct Table {
    /// How the bytes were read.
    pub layout: Layout,
    /// The names of the columns; `None` where no row looks like a header.
    pub header: Option<TableRow>,
    /// The other records in file order, also those in front of the header.
    pub rows: Vec<TableRow>,
    /// What the reader noticed; the first [`limits::DIAGNOSTICS_KEPT`].
    pub diagnostics: Vec<Diagnostic>,
    /// What was counted on the way.
    pub counts: Counts,
}

/// One record of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableRow {
    /// The physical line or element, from 1; `None` for the keys of JSON.
    pub row: Option<u32>,
    /// The cells as text.
    pub cells: Vec<String>,
}

/// Reads a whole source into a table; the file's name is for messages and tells JSON.
///
/// # Errors
/// Those of [`SourceReader`].
pub fn read_table(name: &str, bytes: &[u8], open: OpenDecoder) -> Result<Table, Error> {
    let mut rows = Rows::default();
    let mut reader = SourceReader::new(name, open);
    let _ = reader.push(bytes, &mut rows)?;
    let _ = reader.finish(&mut rows)?;
    let layout = reader.layout().ok_or_else(|| Error::new("ingest/empty", "the file is empty"))?;
    let mut table = Table {
        layout,
        header: None,
        rows: Vec::with_capacity(rows.rows.len()),
        diagnostics: rows.diagnostics,
        counts: reader.counts(),
    };
    table.rows.extend(rows.rows.into_iter().map(|r| TableRow { row: Some(r.row), cells: r.cells }));
    table.header = match layout.shape {
        _ if !rows.columns.is_empty() => Some(TableRow { row: None, cells: rows.columns }),
        Shape::Json | Shape::FixedWidth(_) => Some(TableRow { row: None, cells: Vec::new() }),
        Shape::Delimited(_) | Shape::Prepared(_) => {
            let header = find_header(&table.rows).map(|at| table.rows.remove(at));
            table.diagnostics.extend(remarks(header.as_ref(), &table.rows));
            header
        }
    };
    let guess = Guess::of_head(bytes, true).filter(|guess| guess.encoding == layout.encoding);
    if let Some(guess) = guess.or(reader.guess()).filter(|guess| !guess.is_clear()) {
        table.diagnostics.push(Diagnostic {
            code: "ingest/guessed-encoding",
            row: None,
            message: format!("read as {}: {}", guess.encoding, guess.why()),
        });
    }
    sort::sort_by_key(&mut table.diagnostics, |diagnostic| diagnostic.row);
    table.diagnostics.truncate(limits::DIAGNOSTICS_KEPT);
    Ok(table)
}

/// What is not as it is in most rows: a width of their own, a header in their middle, rows in front
/// of the header.
fn remarks(header: Option<&TableRow>, rows: &[TableRow]) -> Vec<Diagnostic> {
    let mut remarks = Vec::new();
    let start = header.and_then(|header| header.row).unwrap_or_default();
    let before = rows.iter().take_while(|row| row.row < Some(start)).count();
    let is_hint = |row: &&TableRow| row.cells.first().is_some_and(|cell| cell == "sep=");
    if let Some(first) = rows.iter().take(before).find(|row| !is_hint(row)) {
        remarks.push(Diagnostic {
            code: "ingest/preamble",
            row: first.row,
            message: format!(
                "{before} rows stand in front of the header, which is on line {start}"
            ),
        });
    }
    let body = rows.get(before..).unwrap_or_default();
    let Some(usual) = commonest_width(header.into_iter().chain(body)) else { return remarks };
    for row in header.into_iter().chain(body) {
        let found = row.cells.len();
        let is_header = header.is_some_and(|header| header.row == row.row);
        if found != usual {
            let what = if is_header { "header" } else { "row" };
            remarks.push(Diagnostic {
                code: "ingest/width",
                row: row.row,
                message: format!("the {what} has {found} cells where most rows have {usual}"),
            });
        } else if !is_header && header.is_some_and(|header| header.cells == row.cells) {
            remarks.push(Diagnostic {
                code: "ingest/repeated-header",
                row: row.row,
                message: "the row repeats the header".into(),
            });
        }
    }
    remarks
}

/// Rows from the top among which the header is looked for.
const HEADER_SEARCH: usize = 100;

/// The header is the first row of nothing but words that is about as wide as most rows are (empty
/// cells at its end aside: many exports end lines with a delimiter). Where no row is that clean, it
/// is the first row of the commonest width, if none of its cells is a number.
fn find_header(rows: &[TableRow]) -> Option<usize> {
    let width = commonest_width(rows.iter())?;
    let is_clean = |row: &TableRow| {
        let cells = named(&row.cells);
        cells.len() * 4 >= width * 3 && cells.iter().all(|cell| is_word(cell))
    };
    let has_no_number = |row: &TableRow| {
        let blank_or_word = |cell: &String| cell.trim().is_empty() || is_word(cell);
        row.cells.iter().all(blank_or_word) && row.cells.iter().any(|cell| is_word(cell))
    };
    let top = rows.get(..HEADER_SEARCH).unwrap_or(rows);
    top.iter().position(is_clean).or_else(|| {
        let first = top.iter().position(|row| row.cells.len() == width)?;
        top.get(first).is_some_and(has_no_number).then_some(first)
    })
}

/// The cells without the empty ones at the end.
fn named(cells: &[String]) -> &[String] {
    let end = cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
    cells.get(..end).unwrap_or(cells)
}

/// The width that most rows of several cells have; of equals the larger.
fn commonest_width<'r>(rows: impl Iterator<Item = &'r TableRow>) -> Option<usize> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(row.cells.len()).or_insert(0u32) += 1;
    }
    let of = |least: usize| counts.range(least..).max_by_key(|&(&width, &count)| (count, width));
    of(2).or_else(|| of(0)).map(|(&width, _)| width)
}

/// Text that is neither empty nor a number, an amount or a date.
fn is_word(cell: &str) -> bool {
    let mut letters = cell.chars().filter(|c| c.is_alphabetic()).peekable();
    let digits = cell.chars().filter(|c| c.is_numeric()).count();
    letters.peek().is_some() && letters.count() > digits
}

impl Table {
    /// Writes the table as one JSON object with one row per line.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::from("{\"dialect\":");
        let dialect = match self.layout.shape {
            Shape::Json => "{\"format\":\"json\"}".to_owned(),
            Shape::Prepared(origin) => format!("{{\"format\":\"{}\"}}", origin.name()),
            Shape::FixedWidth(_) => "{\"format\":\"fixed-width\"}".to_owned(),
            Shape::Delimited(dialect) => {
                let quoting = dialect.quoting.name();
                let delimiter = json(&char::from(dialect.delimiter));
                format!(
                    "{{\"format\":\"delimited\",\"delimiter\":{delimiter},\"quoting\":\"{quoting}\"}}"
                )
            }
        };
        out.push_str(&dialect);
        out.push_str(&format!(",\"encoding\":\"{}\",\n\"header\":", self.layout.encoding));
        out.push_str(&json(&self.header));
        out.push_str(",\n\"rows\":[");
        push_lines(&mut out, self.rows.iter().map(json));
        out.push_str("],\n\"diagnostics\":[");
        push_lines(&mut out, self.diagnostics.iter().map(json));
        out.push_str("]}\n");
        out
    }

    /// Writes the table as CSV: the row number, then the cells, under the header or `1`, `2`, ….
    #[must_use]
    pub fn to_csv(&self) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        let width = self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let names = match &self.header {
            Some(header) => header.cells.clone(),
            None => (1..=width).map(|n| n.to_string()).collect(),
        };
        let name = std::iter::once("row").chain(names.iter().map(String::as_str));
        // Writing into memory does not fail.
        let _ = writer.write_record(name);
        for row in &self.rows {
            let number = row.row.map(|n| n.to_string()).unwrap_or_default();
            let cells = row.cells.iter().map(String::as_str);
            let _ = writer.write_record(std::iter::once(number.as_str()).chain(cells));
        }
        writer.into_inner().unwrap_or_default()
    }
}

fn push_lines(out: &mut String, items: impl Iterator<Item = String>) {
    for (index, item) in items.enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str(&item);
    }
}

/// A value as JSON: strings, numbers and lists of them always have that form.
pub fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::encoding::native_decoder;

    fn table(name: &str, text: &str) -> Table {
        read_table(name, text.as_bytes(), native_decoder).unwrap()
    }

    #[test]
    fn the_header_is_found_behind_a_preamble() {
        let cases = [
            ("id,amount\n1,2.00\n", Some(1)),
            ("1,2.00\n3,4.00\n", None),
            ("Report of 2026\n\nid,amount\n1,2.00\n3,4.00\n", Some(3)),
            ("#a\n#b\n号,金额（元）\n1,2.00\n3,4.00\n", Some(3)),
            ("Code : 10, Name : X 1,\nBalance,,3.00\nDate,Label,Debit\n1,x,2\n", Some(3)),
            ("id,,amount\n1,,2\n", Some(1)),
            ("2026-01-02,shoes,EUR\n2026-01-03,hat,EUR\n", None),
            ("9. note\n\n号,额,注,\n1,2,x,\n1,2,,\n", Some(3)),
            ("号,额,注\n1,2,3,\n1,2,3,\n", Some(1)),
            ("a\nb\nc\nid,name,note\n1,2,\n", Some(4)),
            ("h,i\n`1,`2\n", Some(1)),
        ];
        for (text, line) in cases {
            assert_eq!(table("a.csv", text).header.and_then(|h| h.row), line, "{text}");
        }
    }

    #[test]
    fn every_record_is_the_header_or_a_row() {
        let table = table("a.csv", "x\nid,name\n1,a\n\n2\n3,\"b\nc\",d\n4,\"e\n");
        let rows: Vec<_> = table.rows.iter().map(|r| (r.row.unwrap(), r.cells.len())).collect();
        assert_eq!(rows, [(1, 1), (3, 2), (5, 1), (6, 3), (8, 2)]);
        assert_eq!(table.header.unwrap().row, Some(2));
        let remarks: Vec<_> = table.diagnostics.iter().map(|d| (d.row.unwrap(), d.code)).collect();
        let width = "ingest/width";
        let (before, open) = ("ingest/preamble", "ingest/stray-quote");
        assert_eq!(remarks, [(1, before), (5, width), (6, width), (8, open)]);
        assert_eq!(table.counts, Counts { records: 6, blank: 1, lines: 8 });
    }

    #[test]
    fn what_is_not_as_in_most_rows_is_said() {
        let width = "ingest/width";
        let cases: [(&str, &[(u32, &str)]); 11] = [
            ("id,name\n1,a\n2,b\n", &[]),
            ("id,name,\n1,a,\n2,,\n", &[]),
            ("1,2\n3,4\n", &[]),
            ("id,name\n1,a,\n2,b\n3,c\n", &[(2, width)]),
            ("id,name\n1\n2,c\n", &[(2, width)]),
            ("id,,name\n1,a\n2,b\n", &[(1, width)]),
            ("idname\n1,a\n2,b\n", &[(1, width)]),
            ("id,name\n1,a,\n2,b,\n", &[(1, width)]),
            ("1,2\n3\n4,5\n", &[(2, width)]),
            ("report\n\nid,name\n1,a\n2,b\n", &[(1, "ingest/preamble")]),
            ("id,name\n1,a\nid,name\n2,b\n", &[(3, "ingest/repeated-header")]),
        ];
        for (text, expected) in cases {
            let found = table("a.csv", text).diagnostics;
            let found: Vec<_> = found.iter().map(|d| (d.row.unwrap(), d.code)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn written_as_json_and_csv() {
        let text = "id;note\n1;\"a \"\"b\"\", c\"\n2;\"open\n";
        let table = table("a.csv", text);
        let json = r#"{"dialect":{"format":"delimited","delimiter":";","quoting":"double"},"encoding":"UTF-8",
"header":{"row":1,"cells":["id","note"]},
"rows":[
{"row":2,"cells":["1","a \"b\", c"]},
{"row":3,"cells":["2","\"open"]}],
"diagnostics":[
{"code":"ingest/stray-quote","row":3,"message":"a quote on this line is not closed or not escaped; the line is read so that it has as many cells as the others, with that quote as text"}]}
"#;
        assert_eq!(table.to_json(), json);
        let csv = "row,id,note\n2,1,\"a \"\"b\"\", c\"\n3,2,\"\"\"open\"\n";
        assert_eq!(String::from_utf8(table.to_csv()).unwrap(), csv);
    }

    #[test]
    fn json_has_its_keys_as_header() {
        let table = table("a.json", r#"[{"a":1},{"b":"x"}]"#);
        let json = r#"{"dialect":{"format":"json"},"encoding":"UTF-8",
"header":{"row":null,"cells":["a","b"]},
"rows":[
{"row":1,"cells":["1",""]},
{"row":2,"cells":["","x"]}],
"diagnostics":[]}
"#;
        assert_eq!(table.to_json(), json);
        assert_eq!(String::from_utf8(table.to_csv()).unwrap(), "row,a,b\n1,1,\n2,,x\n");
    }
}
