//! Files around what the fuzzer makes up: sound where they are not about it.

use std::io::Write as _;

/// Cuts at the first `mark`.
pub fn cut<'d>(data: &'d [u8], mark: &[u8]) -> Option<(&'d [u8], &'d [u8])> {
    let at = data.windows(mark.len()).position(|window| window == mark)?;
    Some((&data[..at], &data[at + mark.len()..]))
}

/// A workbook of these parts, each after a line `== NAME`; one part without a name is its sheet.
/// What a workbook in XML cannot do without is added. Parts are stored, not deflated.
pub fn workbook(data: &[u8]) -> Vec<u8> {
    let mut parts: Vec<(String, &[u8])> = Vec::new();
    let mut rest = data;
    if !rest.starts_with(MARK) {
        let (sheet, more) = cut(rest, b"\n== ").unwrap_or((rest, &[]));
        parts.push(("xl/worksheets/sheet1.xml".to_owned(), sheet));
        rest = more;
    }
    rest = rest.strip_prefix(MARK).unwrap_or(rest);
    while !rest.is_empty() && parts.len() < 16 {
        let (part, more) = cut(rest, b"\n== ").unwrap_or((rest, &[]));
        let (name, content) = cut(part, b"\n").unwrap_or((part, &[]));
        parts.push((String::from_utf8_lossy(name).into_owned(), content));
        rest = more;
    }
    let has = |wanted: &str| parts.iter().any(|(name, _)| name == wanted);
    let added: &[(&str, &str)] = if has("content.xml") {
        &[("mimetype", "application/vnd.oasis.opendocument.spreadsheet")]
    } else if has("xl/workbook.bin") {
        &[("[Content_Types].xml", TYPES), ("xl/_rels/workbook.bin.rels", RELS)]
    } else {
        &[
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", ROOT),
            ("xl/workbook.xml", BOOK),
            ("xl/_rels/workbook.xml.rels", RELS),
        ]
    };
    let missing = added.iter().filter(|(name, _)| !has(name));
    let mut files: Vec<(&str, &[u8])> =
        missing.map(|(name, text)| (*name, text.as_bytes())).collect();
    files.extend(parts.iter().map(|(name, content)| (name.as_str(), *content)));
    zip(&files)
}

const MARK: &[u8] = b"== ";
const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
const ROOT: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;

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

/// An old workbook (OLE2) whose stream is this, in sectors of 512 bytes.
pub fn compound(stream: &[u8]) -> Vec<u8> {
    const END: u32 = 0xffff_fffe;
    let size = stream.len().max(4_096);
    // Sector 0 is the table, 1 the directory; the stream comes behind them.
    let last = size.div_ceil(512) as u32 + 1;
    let mut out = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    out.resize(24, 0);
    for word in [0x3e_u16, 3, 0xfffe, 9, 6, 0, 0, 0] {
        out.extend(word.to_le_bytes());
    }
    for word in [0, 1, 1, 0, 4_096, END, 0, END, 0, 0] {
        out.extend(word.to_le_bytes());
    }
    out.resize(512, 0xff);
    for sector in 0..128 {
        let next = match sector {
            0 => 0xffff_fffd,
            1 => END,
            _ if sector == last => END,
            _ if sector < last => sector + 1,
            _ => u32::MAX,
        };
        out.extend(next.to_le_bytes());
    }
    for (name, kind, start, size) in [("Root Entry", 5, END, 0), ("Workbook", 2, 2, size)] {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(64, 0);
        entry.extend([2 * (name.len() as u8 + 1), 0, kind, 1]);
        entry.resize(116, 0);
        entry.extend(start.to_le_bytes());
        entry.extend((size as u64).to_le_bytes());
        out.extend(entry);
    }
    out.resize(3 * 512, 0);
    out.extend(stream);
    out.resize(512 * (last as usize + 2), 0);
    out
}
