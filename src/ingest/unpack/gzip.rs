//! A gzip file: one file inside, inflated as far as the limits allow.

use std::io::Read;

use flate2::bufread::MultiGzDecoder;

use super::Task;
use super::members::{Member, bad_archive};
use crate::error::Error;
use crate::limits;

impl Task<'_> {
    /// Unpacks a gzip file; its one part is called by the name in its header, or by its own name
    /// without `.gz`.
    pub(super) fn gzip(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let mut reader = MultiGzDecoder::new(bytes);
        let mut first = [0; 1];
        let failed = |error: std::io::Error| bad_archive(&error.to_string());
        let begun = reader.read(&mut first).map_err(failed)?;
        let inner = reader.header().and_then(|header| header.filename()).unwrap_or_default();
        let inner = match String::from_utf8_lossy(inner) {
            found if found.is_empty() => inner_name(name),
            found => found.rsplit(['/', '\\']).next().unwrap_or_default().to_owned(),
        };
        let first = first.get(..begun).unwrap_or_default();
        let ratio = (bytes.len() as u64).saturating_mul(limits::ARCHIVE_RATIO);
        let member = Member {
            name: format!("{name}!{inner}"),
            size: None,
            most: self.left.min(ratio.max(limits::ARCHIVE_RATIO_FREE_BYTES)),
        };
        self.member(&member, &mut first.chain(reader))
    }
}

/// `a.csv` of `a.csv.gz`.
fn inner_name(name: &str) -> String {
    let last = name.rsplit(['/', '!']).next().unwrap_or(name);
    let cut = last.len().saturating_sub(3);
    match (last.get(..cut), last.get(cut..)) {
        (Some(stem), Some(end)) if end.eq_ignore_ascii_case(".gz") && !stem.is_empty() => {
            stem.to_owned()
        }
        _ => "content".to_owned(),
    }
}
