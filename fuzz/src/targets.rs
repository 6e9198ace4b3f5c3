//! What is fuzzed: each target takes any bytes and must neither panic nor hang nor lose a row.
//!
//! The same functions replay the committed corpus in the ordinary tests (`tests/fuzz.rs`).

use std::io::Write as _;

use crossfoot::entry::{Entries, Side};
use crossfoot::ingest::encoding::{Encoding, native_decoder};
use crossfoot::ingest::mapping::parse_mapping;
use crossfoot::ingest::reader::{Mapping, SourceSpec, read_whole};
use crossfoot::ingest::record::{Counts, RecordSink, Rows};
use crossfoot::ingest::source::SourceReader;
use crossfoot::ingest::statement::{bai2, camt, mt940, ofx};
use crossfoot::ingest::unpack::{Options, parts};
use crossfoot::money::{Currency, NumberFormat, Scale, Unit, parse_amount};
use crossfoot::time::{DateFormat, Zone, parse_stamp};

/// Takes what the fuzzer made up.
pub type Target = fn(&[u8]);

/// Every target with its name.
pub const TARGETS: [(&str, Target); 10] = [
    ("amounts", amounts),
    ("bai2", bai2),
    ("camt", camt),
    ("csv", csv),
    ("encoding", encoding),
    ("json", json),
    ("mt940", mt940),
    ("ofx", ofx),
    ("profiles", profiles),
    ("xlsx", xlsx),
];

/// A text table: its records do not depend on where the bytes are cut, and every row has a place.
fn csv(data: &[u8]) {
    cut_anywhere("fuzz.csv", data);
    read("fuzz.csv", data, None);
}

/// JSON and JSON Lines.
fn json(data: &[u8]) {
    cut_anywhere("fuzz.json", data);
    read("fuzz.json", data, None);
}

/// A workbook: the bytes as they are, and as the sheet of an otherwise sound workbook.
fn xlsx(data: &[u8]) {
    unpacked("fuzz.xlsx", data);
    unpacked("fuzz.xlsx", &workbook(data));
}

/// The characters of a text, in whichever encoding it is found to be, do not depend on where its
/// bytes are cut.
fn encoding(data: &[u8]) {
    let Ok(found) = Encoding::detect(data, true) else { return };
    let mut text = b"id,text\n1,".to_vec();
    text.splice(0..0, found.mark().iter().copied());
    cut_anywhere("fuzz.csv", data);
    text.extend(data);
    cut_anywhere("fuzz.csv", &text);
}

/// Amounts and dates: whatever is read can be written and read again.
fn amounts(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let [usd, jpy] = ["USD", "JPY"].map(|code| Currency::from_code(code).expect("a currency"));
    for (format, unit, currency, scale) in [
        (NumberFormat::POINT, Unit::Major, usd, Scale::Exact),
        (NumberFormat::POINT, Unit::Minor, jpy, Scale::Exact),
        (NumberFormat::POINT, Unit::Major, usd, Scale::Finer(8)),
    ] {
        if let Ok(Some(amount)) = parse_amount(text, &format, unit, currency, scale) {
            let written = amount.format(currency);
            let again = parse_amount(
                &written,
                &NumberFormat::POINT,
                Unit::Major,
                currency,
                Scale::Finer(12),
            );
            assert_eq!(again.ok().flatten(), Some(amount), "{text:?} {written}");
        }
    }
    if let Some(format) = NumberFormat::parse(text) {
        let _ = parse_amount(text, &format, Unit::Major, usd, Scale::Exact);
    }
    let (pattern, cell) = text.split_once('\n').unwrap_or(("iso", text));
    for format in [DateFormat::parse(pattern), Some(DateFormat::Iso), Some(DateFormat::UnixMillis)]
    {
        let Some(format) = format else { continue };
        if let Ok(stamp) = parse_stamp(cell, &format, &Zone::UTC) {
            assert!(stamp.instant.is_some() || !stamp.has_time, "{cell:?}");
        }
    }
    let _ = Zone::parse(text);
}

/// A mapping as JSON, laid over a small table.
fn profiles(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(profile) = parse_mapping(text) else { return };
    let table = b"id,amount,fee,currency,date,type\n1,5.00,-0.10,USD,2026-01-01,payment\n2,x,,,,\n";
    read("fuzz.csv", table, Some(profile));
}

fn mt940(data: &[u8]) {
    statement(data, mt940::read);
}

fn bai2(data: &[u8]) {
    statement(data, bai2::read);
}

fn ofx(data: &[u8]) {
    statement(data, ofx::read);
}

fn camt(data: &[u8]) {
    statement(data, camt::read);
}

type ReadText = fn(&str, &mut dyn RecordSink) -> Result<Counts, crossfoot::error::Error>;

/// A statement: its reader on any text, and the whole way to entries where it is recognised.
fn statement(data: &[u8], reader: ReadText) {
    if let Ok(text) = std::str::from_utf8(data) {
        let mut rows = Rows::default();
        if let Ok(counts) = reader(text, &mut rows) {
            assert_eq!(counts.records as usize, rows.rows.len());
            let apart = rows.rows.windows(2).all(|pair| pair[0].row < pair[1].row);
            assert!(apart, "two rows have one name");
        }
    }
    unpacked("fuzz.sta", data);
}

/// Reads the parts of a file as sources.
fn unpacked(name: &str, data: &[u8]) {
    let options = Options { password: None, decoder: native_decoder };
    let Ok(parts) = parts(name, data, options) else { return };
    for part in parts.iter().filter(|part| part.problem.is_none()).take(4) {
        read(&part.name, &part.bytes, None);
    }
}

/// Reads a source as each side, and asks that every row has a place.
fn read(name: &str, data: &[u8], mapping: Option<crossfoot::ingest::profile::Profile>) {
    for side in [None, Some(Side::Settlement), Some(Side::Bank)] {
        let mut spec = SourceSpec::new(name);
        spec.side = side;
        spec.currency = Currency::from_code("USD");
        spec.mapping = mapping.clone().map(|profile| Mapping { profile, completes: true });
        let mut entries = Entries::default();
        if let Ok(report) = read_whole(spec, data, native_decoder, &mut entries) {
            assert!(report.rows.ties(), "{:?}", report.rows);
        }
    }
}

/// Records are the same in one push and in two.
fn cut_anywhere(name: &str, data: &[u8]) {
    let table = |pieces: &[&[u8]]| {
        let mut rows = Rows::up_to(1_000);
        let mut reader = SourceReader::new(name, native_decoder);
        for piece in pieces {
            if reader.push(piece, &mut rows).map_err(|error| error.code())?.is_break() {
                return Ok(rows.rows);
            }
        }
        let _ = reader.finish(&mut rows).map_err(|error| error.code())?;
        Ok::<_, &str>(rows.rows)
    };
    let at = data.first().map_or(0, |byte| usize::from(*byte)).min(data.len());
    let (one, two) = data.split_at(at);
    assert_eq!(table(&[data]), table(&[one, two]));
}

/// A workbook whose only sheet is these bytes; it is stored, so that changes reach the reader.
fn workbook(sheet: &[u8]) -> Vec<u8> {
    const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
    const ROOT: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#;
    const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    zip(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

/// A zip archive of stored files.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let number = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let (mut body, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let mut common = Vec::new();
        common.extend([20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]);
        for field in [crc.sum(), number(content.len()), number(content.len())] {
            common.extend(field.to_le_bytes());
        }
        common.extend((number(name.len()) as u16).to_le_bytes());
        common.extend([0, 0]);
        let offset = number(body.len());
        let _ = body.write_all(b"PK\x03\x04");
        body.extend(&common);
        body.extend(name.as_bytes());
        body.extend(*content);
        let _ = directory.write_all(b"PK\x01\x02\x14\0");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, size) = (number(body.len()), number(directory.len()));
    body.extend(directory);
    body.extend(b"PK\x05\x06\0\0\0\0");
    for _ in 0..2 {
        body.extend((number(files.len()) as u16).to_le_bytes());
    }
    body.extend(size.to_le_bytes());
    body.extend(start.to_le_bytes());
    body.extend([0, 0]);
    body
}
