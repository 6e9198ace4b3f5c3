//! A diagnostic: something a reader noticed about a source and could live with.

/// One remark about a source, in the order of the rows.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Diagnostic {
    /// Stable code, such as `"ingest/unclosed-quote"`.
    pub code: &'static str,
    /// The row that it is about (as [`super::record::Record::row`]); `None` for the whole source.
    pub row: Option<u32>,
    /// One plain English sentence.
    pub message: String,
}

/// Codes of the readers that hand on prepared records; a reader with a new one adds it here.
const CODES: &[&str] = &[
    "ingest/bad-element",
    "ingest/damaged-id",
    "ingest/damaged-number",
    "ingest/error-cell",
    "ingest/merged-cells",
    "ingest/no-result",
    "ingest/repeated-key",
    "ingest/stray-cell",
    REMARK,
];

/// A remark whose code is not known.
const REMARK: &str = "ingest/remark";

/// The code of that name; [`REMARK`] for one that is not known.
pub(super) fn code_named(name: &str) -> &'static str {
    CODES.iter().find(|code| **code == name).copied().unwrap_or(REMARK)
}
