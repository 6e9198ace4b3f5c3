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
