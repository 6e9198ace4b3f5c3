//! Decides which reader reads a format that is one text: statements and XML.

use super::super::packed::Packed;
use super::super::prepared::Origin;
use super::super::record::{Counts, RecordSink};
use super::super::statement::{bai2, camt, look, mt940, ofx};
use crate::error::Error;

/// A reader of one text: it gives its records to the sink, and says what it counted: `lines` of the
/// text or elements, and `blank` ones among them (`records` are counted by the sink).
pub(super) type ReadText = fn(&str, &mut dyn RecordSink) -> Result<Counts, Error>;

/// The reader of a text.
///
/// # Errors
/// `ingest/unsupported-container` where there is none.
pub(super) fn reader(kind: Packed, text: &str) -> Result<(Origin, ReadText), Error> {
    let found: Option<(Origin, ReadText)> = match kind {
        Packed::Xml => xml(text),
        Packed::Statement(origin) => statement(origin).map(|read| (origin, read)),
        _ => None,
    };
    found.ok_or_else(|| {
        let what = "a statement of a kind that is not read";
        Error::new("ingest/unsupported-container", format!("this is {what}, not a text table"))
            .remedy_is("export the table that it shows from its source as CSV")
            .arg("what", what)
    })
}

/// XML is told apart by its root and its namespace; what is no statement is read by its paths.
fn xml(text: &str) -> Option<(Origin, ReadText)> {
    Some(if look::is_camt(text) {
        (Origin::Camt053, camt::read)
    } else if look::is_ofx(text) {
        (Origin::Ofx, ofx::read)
    } else {
        (Origin::Xml, super::xml::read)
    })
}

/// Statements, by what `packed` found them to be.
fn statement(origin: Origin) -> Option<ReadText> {
    match origin {
        Origin::Mt940 | Origin::Mt942 => Some(mt940::read),
        Origin::Bai2 => Some(bai2::read),
        Origin::Ofx => Some(ofx::read),
        Origin::Camt053 => Some(camt::read),
        _ => None,
    }
}
