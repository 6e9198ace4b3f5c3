//! Workbooks: every sheet is a part, read by `calamine` behind a guard (OpenDocument and XLSB by
//! readers of our own), with its rows as they stand in the sheet.

mod compound;
mod guard;
mod ods;
mod ole;
mod sheet;
mod spread;
mod texts;
mod value;
mod xlsb;

use std::io::{BufReader, Cursor, Read as _};

use calamine::{Dimensions, Reader as _, Sheet as Metadata, SheetType, SheetVisible, Xls, Xlsx};
use zip::ZipArchive;

use super::directory::Directory;
use super::members::{bad_archive, locked_workbook};
use super::{Task, source_of};
use crate::error::Error;
use crate::ingest::prepared::{Origin, RecordWriter, Source};
use guard::Findings;
use sheet::{Sheet, bad_workbook};
use value::Value;

/// What an archive is that is more than an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Book {
    Xlsx,
    Xlsb,
    OpenDocument,
    /// A text document or slides.
    Document,
}

impl Book {
    /// By the names of the entries; `None` for a plain archive.
    pub(super) fn of(directory: &Directory<'_>) -> Option<Book> {
        let names = directory.entries.iter().map(|entry| {
            String::from_utf8_lossy(entry.name).to_ascii_lowercase().replace('\\', "/")
        });
        let names: Vec<String> = names.collect();
        let has = |name: &str| names.iter().any(|one| one == name);
        if has("[content_types].xml") || has("_rels/.rels") {
            let within = |folder: &str| names.iter().any(|one| one.starts_with(folder));
            let binary = names.iter().any(|one| one.ends_with("workbook.bin"));
            return Some(match binary {
                true => Book::Xlsb,
                false if within("word/") || within("ppt/") => Book::Document,
                false => Book::Xlsx,
            });
        }
        let open = has("content.xml") && (has("mimetype") || has("meta-inf/manifest.xml"));
        open.then_some(Book::OpenDocument)
    }
}

/// Reads the cells of one sheet.
type ReadCells<'r> = &'r mut dyn FnMut(&mut Sheet<'_>) -> Result<(), Error>;

impl Task<'_> {
    /// A workbook that is an archive.
    pub(super) fn book(
        &mut self,
        name: &str,
        bytes: &[u8],
        book: Book,
        directory: &Directory<'_>,
        archive: &mut ZipArchive<Cursor<&[u8]>>,
    ) -> Result<(), Error> {
        if book == Book::Document {
            return Err(document());
        }
        let findings = guard::check(directory, archive)?;
        match book {
            Book::Xlsx => self.xlsx(name, bytes, findings),
            Book::Xlsb => self.xlsb(name, bytes, archive),
            _ => self.open_document(name, bytes, archive),
        }
    }

    fn xlsx(&mut self, name: &str, bytes: &[u8], findings: Findings) -> Result<(), Error> {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(failed)?;
        let source = source_of(Origin::Xlsx, bytes);
        for meta in book.sheets_metadata().to_vec() {
            self.sheet(name, &meta, &source, &mut |sheet| {
                xlsx_cells(&mut book, &meta.name, findings, sheet)
            });
        }
        Ok(())
    }

    fn xlsb(
        &mut self,
        name: &str,
        bytes: &[u8],
        archive: &mut ZipArchive<Cursor<&[u8]>>,
    ) -> Result<(), Error> {
        let book = xlsb::Book::open(archive)?;
        let source = source_of(Origin::Xlsb, bytes);
        for (meta, target) in &book.sheets {
            self.sheet(name, meta, &source, &mut |sheet| book.read(archive, target, sheet));
        }
        Ok(())
    }

    /// An OLE2 document: an old workbook, or one with a password.
    pub(super) fn ole(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let copy = match ole::check(bytes)? {
            ole::Document::Workbook(copy) => copy,
            ole::Document::Locked => return Err(locked_workbook()),
            ole::Document::Other => return Err(document()),
        };
        let mut book: Xls<_> = Xls::new(Cursor::new(copy)).map_err(failed)?;
        let source = source_of(Origin::Xls, bytes);
        for meta in book.sheets_metadata().to_vec() {
            self.sheet(name, &meta, &source, &mut |sheet| {
                let range = book.worksheet_range(&meta.name).map_err(failed)?;
                let (top, left) = range.start().unwrap_or_default();
                for (row, column, data) in range.used_cells() {
                    let at = |from: u32, by: usize| {
                        from.saturating_add(u32::try_from(by).unwrap_or(u32::MAX))
                    };
                    if sheet.cell(at(top, row), at(left, column), Value::of(data))?.is_break() {
                        return Ok(());
                    }
                }
                let merged = book.merge_cells_by_sheet_name(&meta.name).unwrap_or_default();
                tell_merged(sheet, &merged);
                Ok(())
            });
        }
        Ok(())
    }

    fn open_document(
        &mut self,
        name: &str,
        bytes: &[u8],
        archive: &mut ZipArchive<Cursor<&[u8]>>,
    ) -> Result<(), Error> {
        const KIND: &str = "application/vnd.oasis.opendocument.spreadsheet";
        if beginning(archive, "mimetype").is_some_and(|kind| !kind.starts_with(KIND)) {
            return Err(document());
        }
        if beginning(archive, "META-INF/manifest.xml")
            .is_some_and(|manifest| manifest.contains("encryption-data"))
        {
            return Err(locked_workbook());
        }
        let source = source_of(Origin::Ods, bytes);
        let content =
            archive.by_name("content.xml").map_err(|error| bad_archive(&error.to_string()))?;
        let mut tables = ods::Tables::new(BufReader::new(content));
        while let Some((table, hidden)) = tables.next()? {
            let visible = if hidden { SheetVisible::Hidden } else { SheetVisible::Visible };
            let meta = Metadata { name: table, typ: SheetType::WorkSheet, visible };
            let mut broken = false;
            self.sheet(name, &meta, &source, &mut |sheet| {
                let read = tables.read(sheet);
                broken = read.is_err();
                read
            });
            if broken {
                // What follows cannot be told from what is left of this table.
                break;
            }
        }
        Ok(())
    }

    /// One sheet as a part.
    fn sheet(&mut self, book: &str, meta: &Metadata, source: &Source, read: ReadCells<'_>) {
        let title: String =
            meta.name.chars().map(|c| if c.is_control() { '_' } else { c }).collect();
        let name = format!("{book}#{title}");
        self.sink.begin(&name, meta.visible != SheetVisible::Visible);
        let outcome = if meta.typ == SheetType::WorkSheet {
            self.records(source, read)
        } else {
            Err(Error::new("ingest/no-table", "the sheet is a chart or a macro, not a table")
                .remedy_is("choose a sheet that holds a table"))
        };
        self.sink.end(outcome.map_err(|error| error.in_file(&name)));
    }

    fn records(&mut self, source: &Source, read: ReadCells<'_>) -> Result<(), Error> {
        let mut out = |piece: &[u8]| self.sink.bytes(piece);
        let mut writer = RecordWriter::new(source, self.left, &mut out);
        let mut sheet = Sheet::new(&mut writer);
        read(&mut sheet)?;
        let counts = sheet.finish()?;
        writer.finish(counts)
    }
}

fn xlsx_cells(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    findings: Findings,
    sheet: &mut Sheet<'_>,
) -> Result<(), Error> {
    if findings.unsolved {
        let mut cells = book.worksheet_cells_reader(name).map_err(failed)?;
        while let Some(record) = cells.next_cell_with_formula_metadata().map_err(failed)? {
            if record.formula.is_some() && record.value == calamine::DataRef::Empty {
                sheet.unsolved(record.pos.0, record.pos.1);
            }
        }
    }
    if findings.merged {
        tell_merged(sheet, &book.merge_cells_by_sheet_name(name).unwrap_or_default());
    }
    let mut cells = book.worksheet_cells_reader(name).map_err(failed)?;
    let formats: Vec<Option<String>> = cells
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().map(|format| format.format_code.clone()))
        .collect();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(failed)? {
        let (row, column) = cell.get_position();
        let format = formats.get(style).and_then(Option::as_deref);
        let value = Value::of_ref(cell.get_value(), format);
        if sheet.cell(row, column, value)?.is_break() {
            break;
        }
    }
    Ok(())
}

fn tell_merged(sheet: &mut Sheet<'_>, merged: &[Dimensions]) {
    for area in merged {
        sheet.merged(area.start.0, area.end.0, area.start.1);
    }
}

/// The first bytes of an entry.
fn beginning(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Option<String> {
    let mut bytes = Vec::new();
    archive.by_name(name).ok()?.take(64 << 10).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn document() -> Error {
    let what = "a document, but no workbook";
    Error::new("ingest/unsupported-container", format!("this is {what}, not a text table"))
        .remedy_is("export the table that it shows from its source as CSV")
        .arg("what", what)
}

/// What the library says about a workbook.
fn failed(error: impl std::fmt::Display) -> Error {
    let why = error.to_string();
    if why.contains("password protected") { locked_workbook() } else { bad_workbook(&why) }
}
