//! OpenDocument spreadsheets, streamed: a table at a time, a row at a time.
//!
//! The library for workbooks expands a document into full rectangles first, a hundred million cells
//! at most, which is gigabytes; here a row that repeats a million times is a number. A test holds
//! both to the same cells.

use std::collections::BTreeSet;
use std::io::BufRead;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::sheet::{Sheet, bad_workbook};
use super::value::{Damage, Value};
use crate::error::Error;
use crate::limits;

/// The tables of a document, one after the other.
pub(super) struct Tables<R> {
    xml: Reader<R>,
    buffer: Vec<u8>,
    /// Styles of tables that are not shown.
    hidden: BTreeSet<String>,
    /// Bytes that repeated rows and cells may still take.
    left: u64,
}

/// A cell that has something in it, and how often it stands there.
struct Cell {
    column: u32,
    times: u32,
    value: Value,
}

impl<R: BufRead> Tables<R> {
    pub(super) fn new(content: R) -> Self {
        let mut xml = Reader::from_reader(content);
        let config = xml.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        let left = limits::REPEATED_BYTES;
        Self { xml, buffer: Vec::new(), hidden: BTreeSet::new(), left }
    }

    /// Goes to the next table: its name, and whether it is hidden. `None` behind the last.
    pub(super) fn next(&mut self) -> Result<Option<(String, bool)>, Error> {
        let mut style = String::new();
        loop {
            self.buffer.clear();
            match self.xml.read_event_into(&mut self.buffer).map_err(failed)? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "style" => style = attribute(&tag, "name")?.unwrap_or_default(),
                    "table-properties"
                        if attribute(&tag, "display")?.as_deref() == Some("false") =>
                    {
                        self.hidden.insert(style.clone());
                    }
                    "table" => {
                        let name = attribute(&tag, "name")?.unwrap_or_default();
                        let style = attribute(&tag, "style-name")?.unwrap_or_default();
                        return Ok(Some((name, self.hidden.contains(&style))));
                    }
                    _ => {}
                },
                Event::DocType(_) => return Err(bad_workbook("it declares a document type")),
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// Reads the table that [`Tables::next`] went to.
    pub(super) fn read(&mut self, sheet: &mut Sheet<'_>) -> Result<(), Error> {
        let mut row = 0_u32;
        loop {
            self.buffer.clear();
            match self.xml.read_event_into(&mut self.buffer).map_err(failed)? {
                Event::Start(tag) if tag.local_name().as_ref() == "table-row" => {
                    let times = number(&tag, "number-rows-repeated")?;
                    let cells = self.row()?;
                    for at in 0..if cells.is_empty() { 0 } else { times } {
                        if at > 0 {
                            self.spend(&cells)?;
                        }
                        give(sheet, row.saturating_add(at), &cells)?;
                    }
                    row = row.saturating_add(times);
                }
                // A table inside a cell ends before its own.
                Event::End(tag) if tag.local_name().as_ref() == "table" => return Ok(()),
                Event::Eof => return Err(bad_workbook("it is cut off")),
                _ => {}
            }
        }
    }

    /// The cells of a row that are not empty.
    fn row(&mut self) -> Result<Vec<Cell>, Error> {
        let mut cells = Vec::new();
        let mut column = 0_u32;
        loop {
            self.buffer.clear();
            match self.xml.read_event_into(&mut self.buffer).map_err(failed)? {
                Event::Start(tag)
                    if matches!(tag.local_name().as_ref(), "table-cell" | "covered-table-cell") =>
                {
                    let times = number(&tag, "number-columns-repeated")?;
                    let stated = Stated::of(&tag)?;
                    let value = stated.value(self.text()?);
                    if !value.text.is_empty() {
                        if column.saturating_add(times) as usize > limits::COLUMNS {
                            let limit = limits::COLUMNS;
                            return Err(Error::new("limit/columns", "the row has too many cells")
                                .remedy_is(format!("a table may have up to {limit} columns"))
                                .arg("columns", limit));
                        }
                        cells.push(Cell { column, times, value });
                    }
                    column = column.saturating_add(times);
                }
                Event::End(tag) if tag.local_name().as_ref() == "table-row" => return Ok(cells),
                Event::Eof => return Err(bad_workbook("it is cut off")),
                _ => {}
            }
        }
    }

    /// The text of a cell, its paragraphs on lines of their own; comments are no part of it.
    fn text(&mut self) -> Result<String, Error> {
        let mut text = String::new();
        let (mut depth, mut comment, mut paragraphs) = (1_u32, None, 0_u32);
        while depth > 0 {
            self.buffer.clear();
            let event = self.xml.read_event_into(&mut self.buffer).map_err(failed)?;
            let silent = comment.is_some();
            match event {
                Event::Start(tag) => {
                    depth = depth.saturating_add(1);
                    match tag.local_name().as_ref() {
                        "annotation" => comment = comment.or(Some(depth)),
                        "p" if !silent => {
                            if paragraphs > 0 {
                                text.push('\n');
                            }
                            paragraphs += 1;
                        }
                        "s" if !silent => {
                            let count = number(&tag, "c")?.min(1_000);
                            text.extend((0..count).map(|_| ' '));
                        }
                        "tab" if !silent => text.push('\t'),
                        "line-break" if !silent => text.push('\n'),
                        _ => {}
                    }
                }
                Event::End(_) => {
                    if comment == Some(depth) {
                        comment = None;
                    }
                    depth -= 1;
                }
                Event::Text(piece) if !silent && paragraphs > 0 => {
                    text.push_str(&piece.xml10_content());
                }
                Event::CData(piece) if !silent && paragraphs > 0 => {
                    text.push_str(&piece.xml10_content());
                }
                Event::GeneralRef(reference) if !silent && paragraphs > 0 => {
                    if let Some(c) = reference.resolve_char_ref().map_err(failed)? {
                        text.push(c);
                    } else if let Some(known) =
                        quick_xml::escape::resolve_predefined_entity(&reference)
                    {
                        text.push_str(known);
                    }
                }
                Event::Eof => return Err(bad_workbook("it is cut off")),
                _ => {}
            }
        }
        Ok(text)
    }

    /// Counts what a repeated row takes.
    fn spend(&mut self, cells: &[Cell]) -> Result<(), Error> {
        let bytes = |cell: &Cell| (cell.value.text.len() as u64 + 1) * u64::from(cell.times);
        let spent = cells.iter().map(bytes).sum::<u64>();
        self.left = self.left.checked_sub(spent).ok_or_else(|| {
            let megabytes = limits::REPEATED_BYTES >> 20;
            let message = format!("equal rows repeat to more than {megabytes} MB");
            Error::new("limit/cells", message)
                .remedy_is("delete the rows behind the table, or save it as CSV")
                .arg("megabytes", megabytes)
        })?;
        Ok(())
    }
}

fn give(sheet: &mut Sheet<'_>, row: u32, cells: &[Cell]) -> Result<(), Error> {
    for cell in cells {
        for at in 0..cell.times {
            let _ = sheet.cell(row, cell.column.saturating_add(at), cell.value.clone())?;
        }
    }
    Ok(())
}

/// What the attributes of a cell say about its value.
#[derive(Default)]
struct Stated {
    kind: String,
    value: Option<String>,
    failed: bool,
}

impl Stated {
    fn of(tag: &BytesStart<'_>) -> Result<Self, Error> {
        let mut stated = Self::default();
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(failed)?;
            let value = || {
                attribute
                    .normalized_value(XmlVersion::Implicit1_0)
                    .map(|value| value.into_owned())
                    .map_err(failed)
            };
            match (attribute.key.local_name().as_ref(), attribute.key.prefix()) {
                ("value-type", Some(prefix)) if prefix.as_ref() == "calcext" => {
                    stated.failed |= value()? == "error";
                }
                ("value-type", _) => stated.kind = value()?,
                ("value" | "date-value" | "time-value" | "boolean-value" | "string-value", _) => {
                    stated.value = Some(value()?);
                }
                _ => {}
            }
        }
        Ok(stated)
    }

    fn value(self, text: String) -> Value {
        let plain = |text: String| Value { text, damage: None };
        if self.failed {
            return Value { text, damage: Some(Damage::Error) };
        }
        match (self.kind.as_str(), self.value) {
            ("float" | "percentage" | "currency", Some(value)) => {
                Value::of_decimal(&value).unwrap_or_else(|| plain(value))
            }
            ("date", Some(value)) => plain(value.replacen('T', " ", 1)),
            ("time", Some(value)) => plain(time_of_day(&value).unwrap_or(value)),
            ("boolean", Some(value)) => plain(value.to_uppercase()),
            ("string", Some(value)) => plain(value),
            _ => plain(text),
        }
    }
}

/// `PT10H20M30S` as `10:20:30`.
fn time_of_day(duration: &str) -> Option<String> {
    let rest = duration.strip_prefix("PT")?;
    let (hours, rest) = rest.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?;
    let short = hours.len() <= 2 && minutes.len() <= 2;
    short.then(|| format!("{hours:0>2}:{minutes:0>2}:{seconds:0>2}"))
}

pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, Error> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(failed)?;
        if attribute.key.local_name().as_ref() == name {
            return Ok(Some(
                attribute.normalized_value(XmlVersion::Implicit1_0).map_err(failed)?.into_owned(),
            ));
        }
    }
    Ok(None)
}

/// A count in an attribute; 1 where there is none.
fn number(tag: &BytesStart<'_>, name: &str) -> Result<u32, Error> {
    Ok(attribute(tag, name)?.and_then(|text| text.parse().ok()).unwrap_or(1))
}

fn failed(error: impl std::fmt::Display) -> Error {
    bad_workbook(&error.to_string())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::{BufReader, Cursor};
    use std::path::PathBuf;

    use calamine::{Data, Ods, Reader as _};

    use super::*;
    use crate::ingest::record::Rows;

    type Cells = BTreeMap<(u32, usize), String>;

    /// What this reader makes of every table.
    fn ours(content: impl BufRead) -> BTreeMap<String, Cells> {
        let mut found = BTreeMap::new();
        let mut tables = Tables::new(content);
        while let Some((name, _)) = tables.next().unwrap() {
            let mut rows = Rows::default();
            let mut sheet = Sheet::new(&mut rows);
            tables.read(&mut sheet).unwrap();
            sheet.finish().unwrap();
            let cells = rows.rows.iter().flat_map(|row| {
                let cells = row.cells.iter().enumerate();
                cells.map(|(at, cell)| ((row.row - 1, at), cell.clone()))
            });
            found.insert(name, cells.filter(|(_, cell)| !cell.trim().is_empty()).collect());
        }
        found
    }

    /// What the library makes of them.
    fn theirs(bytes: &[u8]) -> BTreeMap<String, Cells> {
        let mut book: Ods<_> = Ods::new(Cursor::new(bytes)).unwrap();
        let names = book.sheet_names();
        let cells = |name: &str, book: &mut Ods<_>| {
            let range = book.worksheet_range(name).unwrap();
            let (top, left) = range.start().unwrap_or_default();
            let cells: Vec<_> = range
                .used_cells()
                .map(|(row, column, data)| {
                    let text = match data {
                        // Durations are times of day here.
                        Data::DurationIso(text) => time_of_day(text).unwrap_or(text.clone()),
                        Data::DateTimeIso(text) => text.replacen('T', " ", 1),
                        data => Value::of(data).text,
                    };
                    let row = top + u32::try_from(row).unwrap();
                    ((row, left as usize + column), text)
                })
                .collect();
            cells.into_iter().filter(|(_, cell)| !cell.trim().is_empty()).collect::<Cells>()
        };
        names.into_iter().map(|name| (name.clone(), cells(&name, &mut book))).collect()
    }

    #[test]
    fn both_readers_see_the_same_cells() {
        let Some(folder) = std::env::var_os("CROSSFOOT_TORTURE") else { return };
        let mut compared = 0;
        for entry in std::fs::read_dir(PathBuf::from(folder).join("calamine")).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let refused = ["pass_protected.ods", "issue_594_dos.ods"].contains(&name.as_str());
            if !name.ends_with(".ods") || refused {
                continue;
            }
            let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
            let content = archive.by_name("content.xml").unwrap();
            assert_eq!(ours(BufReader::new(content)), theirs(&bytes), "{name}");
            compared += 1;
        }
        assert!(compared > 10, "{compared} documents");
    }

    #[test]
    fn values_are_those_that_are_stated() {
        let content = r#"<d xmlns:table="t" xmlns:office="o" xmlns:text="x" xmlns:c="c">
<style:style style:name="h"><style:table-properties table:display="false"/></style:style>
<table:table table:name="A &amp; B" table:style-name="h"><table:table-row>
<table:table-cell office:value-type="float" office:value="1234.50"><text:p>1,234.50</text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="2026-02-01T10:20:30"><text:p>x</text:p></table:table-cell>
<table:table-cell office:value-type="time" office:time-value="PT9H05M00S"/>
<table:table-cell office:value-type="boolean" office:boolean-value="true"/>
<table:table-cell table:number-columns-repeated="2"/>
<table:table-cell office:value-type="string"><office:annotation><text:p>no</text:p></office:annotation><text:p>a<text:s text:c="2"/>b &lt;</text:p><text:p>c</text:p></table:table-cell>
<table:covered-table-cell/></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string" table:number-columns-repeated="2"><text:p>r</text:p></table:table-cell></table:table-row>
</table:table></d>"#;
        let mut tables = Tables::new(content.as_bytes());
        assert_eq!(tables.next().unwrap(), Some(("A & B".to_owned(), true)));
        let mut rows = Rows::default();
        let mut sheet = Sheet::new(&mut rows);
        tables.read(&mut sheet).unwrap();
        let counts = sheet.finish().unwrap();
        assert_eq!((counts.records, counts.lines), (3, 1_048_003));
        let first = ["1234.5", "2026-02-01 10:20:30", "09:05:00", "TRUE", "", "", "a  b <\nc"];
        assert_eq!(rows.rows[0].cells, first);
        assert_eq!((rows.rows[1].row, rows.rows[2].row), (1_048_002, 1_048_003));
        assert_eq!(rows.rows[2].cells[..3], ["r", "r", ""]);
        assert_eq!(tables.next().unwrap(), None);
    }
}
