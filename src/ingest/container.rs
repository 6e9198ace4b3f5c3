//! Containers: sources that are no text at all, told apart by their first bytes and refused by name.

use super::encoding::is_utf16;
use super::packed::{Packed, markup};
use crate::error::Error;

/// What a source is, if its first bytes say that it is no text.
struct Kind {
    magic: &'static [u8],
    /// Where the magic stands.
    at: usize,
    code: &'static str,
    what: &'static str,
    remedy: &'static str,
}

const NOT_A_TABLE: &str = "ingest/not-a-table";
const CONTAINER: &str = "ingest/unsupported-container";

const SAVE_AS_CSV: &str = "open it in the spreadsheet program and save it as CSV UTF-8";
const UNPACK: &str = "unpack it and add the files that it holds";
const EXPORT: &str = "export the table that it shows from its source as CSV";
const TABLE_INSTEAD: &str = "add the table that it belongs to, as CSV or JSON";

const KINDS: &[Kind] = &[
    Kind::new(b"\x89PNG\r\n\x1a\n", NOT_A_TABLE, "a PNG picture", TABLE_INSTEAD),
    Kind::new(b"\xff\xd8\xff", NOT_A_TABLE, "a JPEG picture", TABLE_INSTEAD),
    Kind::new(b"GIF87a", NOT_A_TABLE, "a GIF picture", TABLE_INSTEAD),
    Kind::new(b"GIF89a", NOT_A_TABLE, "a GIF picture", TABLE_INSTEAD),
    Kind { at: 8, ..Kind::new(b"WEBP", NOT_A_TABLE, "a WebP picture", TABLE_INSTEAD) },
    Kind { at: 4, ..Kind::new(b"ftyphei", NOT_A_TABLE, "an HEIC picture", TABLE_INSTEAD) },
    Kind::new(b"%PDF-", CONTAINER, "a PDF document", EXPORT),
    Kind::new(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        CONTAINER,
        "an Excel workbook of the old kind (.xls) or one with a password",
        SAVE_AS_CSV,
    ),
    Kind::new(b"\x1f\x8b", CONTAINER, "a gzip archive", UNPACK),
    Kind::new(b"7z\xbc\xaf\x27\x1c", CONTAINER, "a 7z archive", UNPACK),
    Kind::new(b"Rar!\x1a\x07", CONTAINER, "a RAR archive", UNPACK),
    Kind::new(b"\xfd7zXZ\0", CONTAINER, "an xz archive", UNPACK),
    Kind::new(b"\x28\xb5\x2f\xfd", CONTAINER, "a zstd archive", UNPACK),
    Kind::new(b"SQLite format 3\0", CONTAINER, "an SQLite database", EXPORT),
    Kind::new(b"PAR1", CONTAINER, "a Parquet file", EXPORT),
    Kind::new(b"{\\rtf", CONTAINER, "an RTF document", EXPORT),
];

impl Kind {
    const fn new(
        magic: &'static [u8],
        code: &'static str,
        what: &'static str,
        remedy: &'static str,
    ) -> Self {
        Kind { magic, at: 0, code, what, remedy }
    }
}

/// Refuses a source whose head shows that it is no text; `complete` if the head is all of it.
///
/// # Errors
/// `ingest/empty`, `ingest/not-a-table` or `ingest/unsupported-container`: what it is and what to do.
pub fn refuse(head: &[u8], complete: bool) -> Result<(), Error> {
    let content = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if complete && content.iter().all(|b| b.is_ascii_whitespace()) {
        return Err(Error::new("ingest/empty", "the file is empty")
            .remedy_is("export it again, or leave it out"));
    }
    let known =
        |kind: &&Kind| head.get(kind.at..).is_some_and(|bytes| bytes.starts_with(kind.magic));
    if let Some(kind) = KINDS.iter().find(known) {
        return Err(refusal(kind.code, kind.what, kind.remedy));
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        let (what, remedy) = zipped(head);
        return Err(refusal(CONTAINER, what, remedy));
    }
    match markup(head) {
        Some(Packed::Html) => return Err(refusal(CONTAINER, "a web page", EXPORT)),
        Some(_) => return Err(refusal(CONTAINER, "an XML document", EXPORT)),
        None => {}
    }
    if head.get(257..).is_some_and(|rest| rest.starts_with(b"ustar")) {
        return Err(refusal(CONTAINER, "a tar archive", UNPACK));
    }
    if !is_utf16(head) && is_binary(head) {
        return Err(refusal(NOT_A_TABLE, "binary data of an unknown kind", TABLE_INSTEAD));
    }
    Ok(())
}

fn refusal(code: &'static str, what: &str, remedy: &str) -> Error {
    Error::new(code, format!("this is {what}, not a text table"))
        .remedy_is(remedy)
        .arg("what", what)
}

/// What a zip archive holds, by the names of its first entries.
fn zipped(head: &[u8]) -> (&'static str, &'static str) {
    let holds = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
    if holds(b"application/vnd.oasis.opendocument.spreadsheet") {
        ("an OpenDocument spreadsheet (.ods)", SAVE_AS_CSV)
    } else if holds(b"xl/") {
        ("an Excel workbook (.xlsx)", SAVE_AS_CSV)
    } else if holds(b"word/") {
        ("a Word document", EXPORT)
    } else if holds(b"[Content_Types].xml") {
        ("an Office document, perhaps an Excel workbook (.xlsx)", SAVE_AS_CSV)
    } else {
        ("a zip archive", UNPACK)
    }
}

/// Control characters that no text has; NULs are left to the readers, which report them.
fn is_binary(head: &[u8]) -> bool {
    let control = |b: &&u8| matches!(b, 0x01..=0x08 | 0x0e..=0x1a | 0x1c..=0x1f);
    let controls = head.iter().filter(control).count();
    controls > 0 && controls * 20 >= head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_and_what(head: &[u8]) -> Option<(&'static str, String)> {
        refuse(head, true).err().map(|e| {
            assert!(!e.remedy().is_empty());
            (e.code(), e.message().to_owned())
        })
    }

    #[test]
    fn what_is_no_table_is_named() {
        let ods = b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK";
        let cases: &[(&[u8], &str, &str)] = &[
            (b"", "ingest/empty", "empty"),
            (b"\xef\xbb\xbf", "ingest/empty", "empty"),
            (b" \r\n\t\n", "ingest/empty", "empty"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "ingest/not-a-table", "PNG"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "ingest/not-a-table", "JPEG"),
            (b"GIF89a\x01\0", "ingest/not-a-table", "GIF"),
            (b"RIFF\x24\0\0\0WEBPVP8 ", "ingest/not-a-table", "WebP"),
            (b"PK\x03\x04\x14\0[Content_Types].xml..xl/workbook.xml", CONTAINER, "Excel workbook"),
            (b"PK\x03\x04\x14\0....orders.csv", CONTAINER, "zip archive"),
            (ods, CONTAINER, "OpenDocument"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", CONTAINER, "old kind"),
            (b"%PDF-1.7\n", CONTAINER, "PDF"),
            (b"\x1f\x8b\x08\0", CONTAINER, "gzip"),
            (b"\r\n<!DOCTYPE HTML><html>", CONTAINER, "web page"),
            (b"\xef\xbb\xbf<?xml version='1.0'?>", CONTAINER, "XML"),
            (b"\x01\x02\x03\x04\xff\xfe\x05\x06", "ingest/not-a-table", "binary"),
        ];
        for (head, code, what) in cases {
            let (found, message) = code_and_what(head).unwrap();
            assert_eq!(found, *code, "{message}");
            assert!(message.contains(what), "{message}");
        }
    }

    #[test]
    fn text_passes() {
        let cases: &[&[u8]] = &[
            b"a,b\n",
            b"GIF,amount\n",
            b"PK,name\n1,x\n",
            b"<b>,c\n",
            b"PAR,1\n",
            b"[\"a\x7f\"]",
            b"a\0,\0b\0\n\0",
            "金额,备注\n".as_bytes(),
            b"\xff\xfe\x01\x4e\x0b\x4e\x0c\x00",
            b"id,note\n1,\x1b[1m bold terminal text that someone pasted into the note column\n",
        ];
        for head in cases {
            assert_eq!(code_and_what(head), None);
        }
        assert_eq!(refuse(b"   ", false), Ok(()));
    }
}
