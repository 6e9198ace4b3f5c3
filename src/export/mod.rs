//! Files out: tables for people and their spreadsheets, and the rows that the next run takes up.

mod carry;
mod csv;
mod guard;

pub use carry::CarryExport;
pub use csv::{CsvExport, HEADER};
pub use guard::guarded;
