//! Files that look small and are not: each with what must become of it.

use super::archive::{Entry, described, end, gzip, zip};

/// A hostile file.
pub(crate) struct Bomb {
    pub(crate) name: &'static str,
    /// What the file is called.
    pub(crate) file: &'static str,
    pub(crate) bytes: Vec<u8>,
    /// The code of the error; empty where it is harmless and is read.
    pub(crate) code: &'static str,
}

/// All of them.
pub(crate) fn bombs() -> Vec<Bomb> {
    let bomb = |name, file, code, bytes| Bomb { name, file, bytes, code };
    let zeros = vec![b'0'; 100 << 20];
    let many = Entry::stored("a.csv", b"");
    let corners = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>"#;
    let cell = |row: u32, column: &str| format!(r#"<c r="{column}{row}"><v>{row}</v></c>"#);
    let table: String = (1..=1_000)
        .map(|row| format!(r#"<row r="{row}">{}{}</row>"#, cell(row, "A"), cell(row, "B")))
        .collect();
    let stray = format!(r#"{table}<row r="1048576">{}</row>"#, cell(1_048_576, "XFD"));
    let wide: String = (1..20_000)
        .map(|row| format!("<row r=\"{row}\"><c r=\"XFD{row}\"><v>1</v></c></row>"))
        .collect();
    let strings = format!("<sst>{}</sst>", "<si><t>x</t></si>".repeat(6_000_000));
    let claimed = r#"<sst uniqueCount="4000000000" count="1"><si><t>x</t></si></sst>"#;
    let laughs = r#"<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>"#;
    vec![
        bomb("deflate", "a.zip", "limit/unpacked", zip(&[Entry::deflated("a.csv", &zeros)])),
        bomb("gzip", "a.csv.gz", "limit/unpacked", gzip(&zeros)),
        bomb("many entries", "a.zip", "limit/archive-entries", zip(&vec![many; 60_000])),
        bomb("lying header", "a.zip", "ingest/bad-archive", lying(&zeros)),
        bomb("overlapping entries", "a.zip", "ingest/bad-archive", overlapping()),
        bomb(
            "huge shared strings",
            "a.xlsx",
            "limit/unpacked",
            workbook("", "", &[("xl/sharedStrings.xml", strings.as_str())]),
        ),
        bomb(
            "claimed shared strings",
            "a.xlsx",
            "ingest/bad-workbook",
            workbook("", "", &[("xl/sharedStrings.xml", claimed)]),
        ),
        bomb("A1:XFD1048576, two corners", "a.xlsx", "limit/spread", workbook("", corners, &[])),
        bomb("A1:XFD1048576, a table and a stray cell", "a.xlsx", "", workbook("", &stray, &[])),
        bomb("A1:XFD1048576, only stated", "a.xlsx", "", workbook("", &table, &[])),
        bomb("A1:XFD1048576, every row", "a.xlsx", "limit/cells", workbook("", &wide, &[])),
        bomb("repeated rows", "a.ods", "limit/cells", document(1_048_576, 1)),
        bomb("repeated cells", "a.ods", "limit/cells", document(100_000, 16_000)),
        bomb(
            "billion laughs, workbook",
            "a.xlsx",
            "ingest/bad-workbook",
            workbook(laughs, "", &[]),
        ),
        bomb(
            "billion laughs, XML",
            "a.xml",
            "ingest/bad-xml",
            format!("<?xml version=\"1.0\"?>{laughs}<l><x>&c;</x><x>&c;</x></l>").into_bytes(),
        ),
    ]
}

/// The headers say a thousand bytes, and a hundred million come.
fn lying(content: &[u8]) -> Vec<u8> {
    zip(&[Entry { size: 1_000, ..Entry::deflated("a.csv", content) }])
}

/// Twenty entries of the directory share the bytes of one.
fn overlapping() -> Vec<u8> {
    let content = "order,amount\n1,2.00\n".repeat(50_000);
    let entry = Entry::stored("a.csv", content.as_bytes());
    let mut out = zip(std::slice::from_ref(&entry));
    out.truncate(30 + entry.name.len() + entry.data.len());
    let start = out.len();
    let directory = described(&entry, 0).repeat(20);
    out.extend(&directory);
    out.extend(end(20, directory.len(), start));
    out
}

/// A workbook with one sheet; `prolog` stands in front of the sheet's root.
pub(crate) fn workbook(prolog: &str, rows: &str, more: &[(&str, &str)]) -> Vec<u8> {
    const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relation = |kind: &str, target: &str| {
        format!(
            r#"<?xml version="1.0"?><Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{KIND}/{kind}" Target="{target}"/></Relationships>"#
        )
    };
    let (package, parts) = (
        relation("officeDocument", "xl/workbook.xml"),
        relation("worksheet", "worksheets/sheet1.xml"),
    );
    let book = format!(
        r#"<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{KIND}"><sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>"#
    );
    let sheet = format!(
        r#"<?xml version="1.0"?>{prolog}<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>"#
    );
    let types = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
    let mut entries = vec![
        Entry::deflated("[Content_Types].xml", types.as_bytes()),
        Entry::deflated("_rels/.rels", package.as_bytes()),
        Entry::deflated("xl/workbook.xml", book.as_bytes()),
        Entry::deflated("xl/_rels/workbook.xml.rels", parts.as_bytes()),
        Entry::deflated("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    entries.extend(more.iter().map(|(name, text)| Entry::deflated(name, text.as_bytes())));
    zip(&entries)
}

/// An OpenDocument spreadsheet in which one row repeats, and its one cell too.
fn document(rows: u32, cells: u32) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="S"><table:table-row table:number-rows-repeated="{rows}"><table:table-cell table:number-columns-repeated="{cells}" office:value-type="string"><text:p>{}</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#,
        "x".repeat(30)
    );
    let manifest = r#"<?xml version="1.0"?><manifest:manifest xmlns:manifest="m"/>"#;
    zip(&[
        Entry::stored("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        Entry::deflated("content.xml", content.as_bytes()),
        Entry::deflated("META-INF/manifest.xml", manifest.as_bytes()),
    ])
}
