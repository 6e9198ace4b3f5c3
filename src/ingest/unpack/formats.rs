//! Decides which reader reads a format that is one text: statements and XML.

use super::super::packed::Packed;
use super::super::prepared::Origin;
use super::super::record::{Counts, RecordSink};
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
fn xml(_text: &str) -> Option<(Origin, ReadText)> {
    Some((Origin::Xml, super::xml::read))
}

/// Statements, by what `packed` found them to be.
fn statement(_origin: Origin) -> Option<ReadText> {
    None
}
