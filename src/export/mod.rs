//! Files out: tables for people and their spreadsheets.

mod csv;
mod guard;

pub use csv::{CsvExport, HEADER};
pub use guard::guarded;
