//! Binary workbooks (.xlsb), streamed: the same parts as an .xlsx, each a list of records.
//!
//! The library for workbooks looks behind the end of records that are cut off, and stops the program;
//! there is no guard that would be simpler than to read the few records that hold cells. A test holds
//! both to the same cells.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{BufReader, Cursor, Read};

use calamine::{
    CellErrorType, DataRef, ExcelDateTime, ExcelDateTimeType, Sheet as Metadata, SheetType,
    SheetVisible,
};
use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use super::super::bytes::{u16_at, u32_at, u64_at};
use super::ods::attribute;
use super::sheet::{Sheet, bad_workbook, too_many_texts};
use super::value::Value;
use crate::error::Error;
use crate::ingest::record::Flow;
use crate::ingest::unpack::members::bad_archive;
use crate::limits;

/// Kinds of records (MS-XLSB 2.3).
mod kind {
    pub(super) const ROW: u16 = 0x0000;
    pub(super) const SHORT_NUMBER: u16 = 0x0002;
    pub(super) const ERROR: u16 = 0x0003;
    pub(super) const TRUTH: u16 = 0x0004;
    pub(super) const NUMBER: u16 = 0x0005;
    pub(super) const TEXT: u16 = 0x0006;
    pub(super) const SHARED_TEXT: u16 = 0x0007;
    pub(super) const FORMULA_TEXT: u16 = 0x0008;
    pub(super) const FORMULA_NUMBER: u16 = 0x0009;
    pub(super) const FORMULA_TRUTH: u16 = 0x000a;
    pub(super) const FORMULA_ERROR: u16 = 0x000b;
    pub(super) const SHARED_ITEM: u16 = 0x0013;
    pub(super) const FORMAT: u16 = 0x002c;
    pub(super) const STYLE: u16 = 0x002f;
    pub(super) const RICH_TEXT: u16 = 0x003e;
    pub(super) const CELLS_END: u16 = 0x0092;
    pub(super) const BOOK: u16 = 0x0099;
    pub(super) const SHEET: u16 = 0x009c;
    pub(super) const STYLES: u16 = 0x0269;
    pub(super) const STYLES_END: u16 = 0x026a;
}

/// Longest record: a cell of 32,767 characters and its formula stay far below.
const RECORD_BYTES: usize = 1 << 20;

/// Most styles: a spreadsheet itself takes no more.
const STYLES: usize = 1 << 16;

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// What is known of a workbook before its sheets are read.
pub(super) struct Book {
    pub(super) sheets: Vec<(Metadata, String)>,
    texts: Vec<String>,
    /// The number format of each style, and how its numbers are shown.
    styles: Vec<Style>,
    is_1904: bool,
}

#[derive(Clone, Debug, Default)]
struct Style {
    format: Option<String>,
    temporal: Option<ExcelDateTimeType>,
}

impl Book {
    /// Reads all but the sheets.
    ///
    /// # Errors
    /// `ingest/bad-workbook`, `limit/sheets`.
    pub(super) fn open(archive: &mut Archive<'_>) -> Result<Self, Error> {
        let mut book = Self {
            sheets: Vec::new(),
            texts: texts(archive)?,
            styles: styles(archive)?,
            is_1904: false,
        };
        let targets = targets(archive)?;
        each(archive, "xl/workbook.bin", &mut |kind, data| {
            match kind {
                kind::BOOK => book.is_1904 = u16_at(data, 0) & 1 == 1,
                kind::SHEET => {
                    let relation = text(data, 8)?;
                    let name = text(data, 12 + 2 * relation.encode_utf16().count())?;
                    let target = targets.get(&relation).cloned().unwrap_or_default();
                    book.sheets.push((metadata(name, u32_at(data, 0), &target), target));
                }
                _ => {}
            }
            if book.sheets.len() > limits::SHEETS {
                let message = format!("the workbook has more than {} sheets", limits::SHEETS);
                return Err(Error::new("limit/sheets", message)
                    .remedy_is("copy the sheets that you need into a workbook of their own")
                    .arg("sheets", limits::SHEETS));
            }
            Ok(Flow::Continue(()))
        })?;
        if book.sheets.is_empty() {
            return Err(bad_workbook("it lists no sheet"));
        }
        Ok(book)
    }

    /// Reads the cells of a sheet.
    pub(super) fn read(
        &self,
        archive: &mut Archive<'_>,
        target: &str,
        sheet: &mut Sheet<'_>,
    ) -> Result<(), Error> {
        let (mut row, mut is_whole) = (0, false);
        each(archive, target, &mut |kind, data| {
            if kind == kind::ROW {
                row = u32_at(data, 0);
                return Ok(Flow::Continue(()));
            }
            if kind == kind::CELLS_END {
                is_whole = true;
                return Ok(Flow::Break(()));
            }
            match self.value(kind, data)? {
                Some(value) => {
                    let flow = sheet.cell(row, u32_at(data, 0), value)?;
                    is_whole |= flow.is_break();
                    Ok(flow)
                }
                None => Ok(Flow::Continue(())),
            }
        })?;
        if is_whole { Ok(()) } else { Err(cut_off()) }
    }

    /// The value of a cell; `None` for what is no cell with a value.
    fn value(&self, kind: u16, data: &[u8]) -> Result<Option<Value>, Error> {
        let style = (u32_at(data, 4) & 0x00ff_ffff) as usize;
        let least = match kind {
            kind::SHORT_NUMBER | kind::SHARED_TEXT => 12,
            kind::NUMBER | kind::FORMULA_NUMBER => 16,
            _ => 9,
        };
        let found = match kind {
            kind::SHORT_NUMBER..=kind::FORMULA_ERROR | kind::RICH_TEXT if data.len() < least => {
                return Err(bad_workbook("a cell in it is cut off"));
            }
            kind::SHORT_NUMBER => return Ok(Some(self.number(short(u32_at(data, 8)), style))),
            kind::NUMBER | kind::FORMULA_NUMBER => {
                return Ok(Some(self.number(f64::from_bits(u64_at(data, 8)), style)));
            }
            kind::ERROR | kind::FORMULA_ERROR => DataRef::Error(error(u16_at(data, 8))),
            kind::TRUTH | kind::FORMULA_TRUTH => DataRef::Bool(data.get(8) != Some(&0)),
            kind::TEXT | kind::FORMULA_TEXT => DataRef::String(text(data, 8)?),
            kind::RICH_TEXT => DataRef::String(text(data, 9)?),
            kind::SHARED_TEXT => {
                let text = self.texts.get(u32_at(data, 8) as usize);
                DataRef::SharedString(
                    text.ok_or_else(|| bad_workbook("a cell names a text that is not there"))?,
                )
            }
            _ => return Ok(None),
        };
        Ok(Some(Value::of_ref(&found, None)))
    }

    fn number(&self, number: f64, style: usize) -> Value {
        let none = Style::default();
        let style = self.styles.get(style).unwrap_or(&none);
        let data = match style.temporal {
            Some(kind) => DataRef::DateTime(ExcelDateTime::new(number, kind, self.is_1904)),
            None => DataRef::Float(number),
        };
        Value::of_ref(&data, style.format.as_deref())
    }
}

fn metadata(name: String, state: u32, target: &str) -> Metadata {
    let visible = match state {
        0 => SheetVisible::Visible,
        1 => SheetVisible::Hidden,
        _ => SheetVisible::VeryHidden,
    };
    let typ = match target.contains("worksheets/") {
        true => SheetType::WorkSheet,
        false => SheetType::ChartSheet,
    };
    Metadata { name, typ, visible }
}

/// A number in 30 bits: a whole number or the head of a fraction, perhaps of hundredths.
fn short(bits: u32) -> f64 {
    let number = if bits & 2 == 0 {
        f64::from_bits(u64::from(bits & !3) << 32)
    } else {
        f64::from(bits.cast_signed() >> 2)
    };
    // Hundredths are moved as decimals, so that no digit is made up.
    let hundredth = (bits & 1 == 1).then(|| format!("{number}e-2").parse().ok()).flatten();
    hundredth.unwrap_or(number)
}

fn error(code: u16) -> CellErrorType {
    match code & 0xff {
        0x00 => CellErrorType::Null,
        0x07 => CellErrorType::Div0,
        0x17 => CellErrorType::Ref,
        0x1d => CellErrorType::Name,
        0x24 => CellErrorType::Num,
        0x2a => CellErrorType::NA,
        0x2b => CellErrorType::GettingData,
        _ => CellErrorType::Value,
    }
}

/// The list of texts; a workbook may have none.
fn texts(archive: &mut Archive<'_>) -> Result<Vec<String>, Error> {
    let (mut texts, mut bytes) = (Vec::new(), 0);
    optional(archive, "xl/sharedStrings.bin", &mut |kind, data| {
        if kind == kind::SHARED_ITEM {
            let text = text(data, 1)?;
            bytes += (text.len() + size_of::<String>()) as u64;
            texts.push(text);
        }
        if bytes > limits::SHARED_STRINGS_BYTES {
            return Err(too_many_texts());
        }
        Ok(Flow::Continue(()))
    })?;
    Ok(texts)
}

/// The styles; a workbook may have none.
fn styles(archive: &mut Archive<'_>) -> Result<Vec<Style>, Error> {
    let (mut formats, mut styles) = (BTreeMap::new(), Vec::new());
    let mut listing = false;
    optional(archive, "xl/styles.bin", &mut |kind, data| {
        match kind {
            kind::FORMAT => _ = formats.insert(u16_at(data, 0), text(data, 2)?),
            kind::STYLES => listing = true,
            kind::STYLES_END => return Ok(Flow::Break(())),
            kind::STYLE if listing => {
                let number = u16_at(data, 2);
                let format = formats.get(&number).cloned();
                let temporal = match (&format, number) {
                    (Some(format), _) => temporal(format),
                    (None, 46) => Some(ExcelDateTimeType::TimeDelta),
                    (None, 14..=22 | 27..=36 | 45 | 47 | 50..=58) => {
                        Some(ExcelDateTimeType::DateTime)
                    }
                    _ => None,
                };
                styles.push(Style { format, temporal });
                if styles.len() > STYLES {
                    return Err(bad_workbook("it has more styles than a workbook may have"));
                }
            }
            _ => {}
        }
        Ok(Flow::Continue(()))
    })?;
    Ok(styles)
}

/// Whether a format shows a date or a time of day, a duration, or neither.
fn temporal(format: &str) -> Option<ExcelDateTimeType> {
    let mut characters = format.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => while characters.next().is_some_and(|c| c != '"') {},
            '\\' | '_' | '*' => _ = characters.next(),
            '[' => {
                let inner: String = characters.by_ref().take_while(|c| *c != ']').collect();
                let is_count = |unit: char| {
                    !inner.is_empty() && inner.chars().all(|c| c.eq_ignore_ascii_case(&unit))
                };
                if ['h', 'm', 's'].into_iter().any(is_count) {
                    return Some(ExcelDateTimeType::TimeDelta);
                }
            }
            'd' | 'm' | 'h' | 'y' | 's' | 'D' | 'M' | 'H' | 'Y' | 'S' => {
                return Some(ExcelDateTimeType::DateTime);
            }
            // What follows is for negative numbers.
            ';' => return None,
            _ => {}
        }
    }
    None
}

/// Where the sheets are, by the ids of their relations.
fn targets(archive: &mut Archive<'_>) -> Result<BTreeMap<String, String>, Error> {
    let mut targets = BTreeMap::new();
    let Some(name) = member(archive, "xl/_rels/workbook.bin.rels") else { return Ok(targets) };
    let file = archive.by_name(&name).map_err(|error| bad_archive(&error.to_string()))?;
    let mut xml = Reader::from_reader(BufReader::new(file));
    xml.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|e| bad_workbook(&e.to_string()))? {
            Event::Start(tag) if tag.local_name().as_ref() == "Relationship" => {
                if let (Some(id), Some(to)) = (attribute(&tag, "Id")?, attribute(&tag, "Target")?) {
                    let target = match to.strip_prefix('/') {
                        Some(whole) => whole.to_owned(),
                        None => format!("xl/{to}"),
                    };
                    targets.insert(id, target);
                }
            }
            Event::Eof => return Ok(targets),
            _ => {}
        }
    }
}

/// Takes a record: its kind and its data.
type Take<'t> = &'t mut dyn FnMut(u16, &[u8]) -> Result<Flow, Error>;

fn optional(archive: &mut Archive<'_>, name: &str, take: Take<'_>) -> Result<(), Error> {
    if member(archive, name).is_some() { each(archive, name, take) } else { Ok(()) }
}

/// Gives the records of a part to `take`, until it wants no more.
fn each(archive: &mut Archive<'_>, name: &str, take: Take<'_>) -> Result<(), Error> {
    let name = member(archive, name).ok_or_else(|| bad_workbook("a part of it is missing"))?;
    let file = archive.by_name(&name).map_err(|error| bad_archive(&error.to_string()))?;
    let mut part = BufReader::new(file);
    let mut data = Vec::new();
    while let Some(kind) = number(&mut part, 2)? {
        let size = number(&mut part, 4)?.ok_or_else(cut_off)? as usize;
        if size > RECORD_BYTES {
            return Err(bad_workbook("a record in it is too long"));
        }
        data.resize(size, 0);
        part.read_exact(&mut data).map_err(|_| cut_off())?;
        let kind = u16::try_from(kind).unwrap_or(u16::MAX);
        if take(kind, &data)?.is_break() {
            return Ok(());
        }
    }
    Ok(())
}

/// The name of a part as the archive writes it, whose letters and slashes may differ.
fn member(archive: &Archive<'_>, name: &str) -> Option<String> {
    let same = |one: &str| one.replace('\\', "/").eq_ignore_ascii_case(name);
    archive.file_names().flatten().find(|one| same(one)).map(Cow::into_owned)
}

/// The kind or the length of a record, in up to `most` bytes of seven bits, of which the highest bit
/// says that another follows; `None` at the end.
fn number(part: &mut dyn Read, most: u32) -> Result<Option<u32>, Error> {
    let mut number = 0;
    for at in 0..most {
        let mut byte = [0];
        if part.read(&mut byte).map_err(|error| bad_archive(&error.to_string()))? == 0 {
            return if at == 0 { Ok(None) } else { Err(cut_off()) };
        }
        number |= u32::from(byte[0] & 0x7f) << (7 * at);
        if byte[0] & 0x80 == 0 {
            break;
        }
    }
    Ok(Some(number))
}

/// A text in UTF-16 behind the count of its units.
fn text(data: &[u8], at: usize) -> Result<String, Error> {
    let count = match u32_at(data, at) {
        // No text at all.
        u32::MAX => 0,
        count => count as usize,
    };
    let from = at.saturating_add(4);
    let units = data.get(from..from.saturating_add(count.saturating_mul(2))).ok_or_else(cut_off)?;
    let units: Vec<u16> = units.chunks_exact(2).map(|unit| u16_at(unit, 0)).collect();
    Ok(String::from_utf16_lossy(&units))
}

fn cut_off() -> Error {
    bad_workbook("it is cut off")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use calamine::{Reader as _, Xlsb};

    use super::*;
    use crate::ingest::record::Rows;

    type Cells = BTreeMap<(u32, usize), String>;

    /// What this reader makes of every sheet; `None` where one is not read.
    fn ours(bytes: &[u8]) -> Option<BTreeMap<String, Cells>> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let book = Book::open(&mut archive).ok()?;
        let mut found = BTreeMap::new();
        let tables = |(meta, _): &&(Metadata, String)| meta.typ == SheetType::WorkSheet;
        for (meta, target) in book.sheets.iter().filter(tables) {
            let mut rows = Rows::default();
            let mut sheet = Sheet::new(&mut rows);
            book.read(&mut archive, target, &mut sheet).ok()?;
            sheet.finish().unwrap();
            let cells = rows.rows.iter().flat_map(|row| {
                let cells = row.cells.iter().enumerate();
                cells.map(|(at, cell)| ((row.row - 1, at), cell.clone()))
            });
            found.insert(meta.name.clone(), cells.filter(|(_, cell)| !cell.is_empty()).collect());
        }
        Some(found)
    }

    /// What the library makes of them; `None` where it gives up.
    fn theirs(bytes: &[u8]) -> Option<BTreeMap<String, Cells>> {
        let mut book: Xlsb<_> = Xlsb::new(Cursor::new(bytes)).ok()?;
        let mut found = BTreeMap::new();
        let mut sheets = book.sheets_metadata().to_vec();
        sheets.retain(|meta| meta.typ == SheetType::WorkSheet);
        for Metadata { name, .. } in sheets {
            let mut cells = Cells::new();
            let mut reader = book.worksheet_cells_reader(&name).ok()?;
            while let Some(cell) = reader.next_cell().ok()? {
                let (row, column) = cell.get_position();
                let text = Value::of_ref(cell.get_value(), None).text;
                cells.insert((row, column as usize), text);
            }
            cells.retain(|_, cell| !cell.is_empty());
            found.insert(name, cells);
        }
        Some(found)
    }

    #[test]
    fn both_readers_see_the_same_cells() {
        let Some(folder) = std::env::var_os("CROSSFOOT_TORTURE") else { return };
        let mut compared = 0;
        for entry in std::fs::read_dir(PathBuf::from(folder).join("calamine")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let bytes = std::fs::read(&path).unwrap();
            if !name.ends_with(".xlsb") || !bytes.starts_with(b"PK") {
                continue;
            }
            let (ours, theirs) = (ours(&bytes), theirs(&bytes));
            assert_eq!(ours, theirs, "{name}");
            compared += u32::from(ours.is_some());
        }
        assert!(compared > 5, "{compared} workbooks");
    }

    #[test]
    fn numbers_in_thirty_bits() {
        for (bits, number) in [
            (5 << 2 | 2, 5.0),
            (1_050 << 2 | 3, 10.5),
            ((-7_i32 << 2).cast_unsigned() | 2, -7.0),
            (0x3ff8_0000, 1.5),
            (0x4059_0000 | 1, 1.0),
        ] {
            assert_eq!(short(bits).to_string(), number.to_string(), "{bits:x}");
        }
    }

    #[test]
    fn formats_show_dates_durations_or_numbers() {
        use ExcelDateTimeType::{DateTime, TimeDelta};
        for (format, expected) in [
            ("yyyy\\-mm\\-dd", Some(DateTime)),
            ("[$-409]h:mm AM/PM", Some(DateTime)),
            ("[hh]:mm", Some(TimeDelta)),
            ("[Red]0.00", None),
            ("0.00\"days\"", None),
            ("\\d0", None),
            ("0;dd", None),
            ("General", None),
        ] {
            assert_eq!(temporal(format), expected, "{format}");
        }
    }
}
