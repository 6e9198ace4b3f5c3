//! Computes the checksums of the document while its lines go by.

use sha2::{Digest, Sha256};

/// The checksum of a section in the making, and those that are done.
#[derive(Debug, Default)]
pub(super) struct Seals {
    section: Sha256,
    done: Vec<(&'static str, String)>,
}

impl Seals {
    /// Adds a line, without its line end.
    pub(super) fn add(&mut self, line: &[u8]) {
        self.section.update(line);
        self.section.update(b"\n");
    }

    /// Ends a section.
    pub(super) fn close(&mut self, name: &'static str) {
        let sum = hex(std::mem::take(&mut self.section));
        self.done.push((name, sum));
    }

    /// The checksum of a section that has ended.
    pub(super) fn of(&self, name: &str) -> &str {
        self.done.iter().find(|(known, _)| *known == name).map_or("", |(_, sum)| sum)
    }
}

/// The checksum in lower-case hexadecimal.
pub(super) fn hex(sum: Sha256) -> String {
    use std::fmt::Write;
    sum.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether a text is a SHA-256 in lower-case hexadecimal.
pub(super) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}
