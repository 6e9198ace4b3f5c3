//! Ingest turns the bytes of a source into records, and records into entries; nothing is lost.
//!
//! Bytes to records: the encoding decides the text, the dialect the cells. What a record means is
//! decided by profiles and mappings.

pub mod delimited;
pub mod diagnostic;
pub mod dialect;
mod open_record;
pub mod record;
pub mod report;
mod separators;
