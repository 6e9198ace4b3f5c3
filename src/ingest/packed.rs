//! Decides by its first bytes whether a file has to be unpacked before it can be read, and as what.
//!
//! It looks at the content only, never at the name: portals call web pages `.xls`. The heavy
//! readers themselves are in `unpack`, which the page loads as a module of their own.

use super::prepared::Origin;
use super::statement::look;

/// What a file is that has to be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packed {
    /// A zip archive: files, or a workbook (XLSX, XLSM, XLSB, ODS).
    Zip,
    /// A gzip file.
    Gzip,
    /// An OLE2 document: an old workbook, or one with a password.
    Ole,
    /// A web page.
    Html,
    /// An XML document: a statement, or a response of a payment API.
    Xml,
    /// A statement in a text format of its own.
    Statement(Origin),
}

/// Statements that are text but no table, each with what its head looks like. The first that fits
/// counts, so that a look must be sure: no table of cells may pass it.
const STATEMENTS: &[(Look, Origin)] = &[
    (look::is_mt942, Origin::Mt942),
    (look::is_mt940, Origin::Mt940),
    (look::is_bai2, Origin::Bai2),
    (look::is_ofx, Origin::Ofx),
    (look::is_camt, Origin::Camt053),
];

/// Whether a head looks like a format.
type Look = fn(&str) -> bool;

impl Packed {
    /// What a file with this head is; `None` for text that is read as it is, and for what is not
    /// read at all.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Packed> {
        let magics: [(&[u8], Packed); 4] = [
            (b"PK\x03\x04", Packed::Zip),
            (b"PK\x05\x06", Packed::Zip),
            (b"\x1f\x8b", Packed::Gzip),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Packed::Ole),
        ];
        if let Some((_, kind)) = magics.iter().find(|(magic, _)| head.starts_with(magic)) {
            return Some(*kind);
        }
        markup(head).or_else(|| {
            let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
            // The keywords of these formats are ASCII, whatever their texts are written in.
            let ascii: String = text.iter().take(LOOK).map(|&byte| char::from(byte)).collect();
            let found = STATEMENTS.iter().find(|(fits, _)| fits(&ascii));
            found.map(|(_, origin)| Packed::Statement(*origin))
        })
    }
}

/// Bytes of the head that are looked at for a statement.
const LOOK: usize = 4_096;

/// Web pages and XML; both are text, but no table.
#[must_use]
pub(super) fn markup(head: &[u8]) -> Option<Packed> {
    let content = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let start = content.trim_ascii_start();
    let start = start.get(..start.len().min(2048)).unwrap_or(start).to_ascii_lowercase();
    let begins = |names: &[&[u8]]| names.iter().any(|name| start.starts_with(name));
    let holds = |name: &[u8]| start.windows(name.len()).any(|window| window == name);
    if begins(&[b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<meta", b"<style"]) {
        Some(Packed::Html)
    } else if begins(&[b"<?xml", b"<xml", b"<document", b"<!doctype"]) {
        if holds(b"<html") { Some(Packed::Html) } else { Some(Packed::Xml) }
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_decide() {
        let cases: &[(&[u8], Option<Packed>)] = &[
            (b"PK\x03\x04\x14\0", Some(Packed::Zip)),
            (b"PK\x05\x06\0\0", Some(Packed::Zip)),
            (b"\x1f\x8b\x08\0", Some(Packed::Gzip)),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", Some(Packed::Ole)),
            (b"\r\n<!DOCTYPE HTML><html>", Some(Packed::Html)),
            (b"\xef\xbb\xbf<HTML><body>", Some(Packed::Html)),
            (b"<table border=1>", Some(Packed::Html)),
            (b"<?xml version='1.0'?>\n<html xmlns='x'>", Some(Packed::Html)),
            (b"\xef\xbb\xbf<?xml version='1.0'?><Document>", Some(Packed::Xml)),
            (b"<?xml version='1.0'?><response>", Some(Packed::Xml)),
            (b"PK,name\n1,x\n", None),
            (b"<b>,c\n", None),
            (b"tables,<table>\n", None),
            (b"%PDF-1.7", None),
            (b"", None),
        ];
        for (head, kind) in cases {
            assert_eq!(Packed::of(head), *kind, "{}", String::from_utf8_lossy(head));
        }
    }
}
