//! Ingest turns the bytes of a source into records, and records into entries; nothing is lost.
//!
//! Bytes to records: the encoding decides the text, the dialect the cells. What a record means is
//! decided by profiles and mappings.

pub mod delimited;
pub mod detect;
pub mod diagnostic;
pub mod dialect;
pub mod fields;
pub mod fold;
pub mod layout;
pub mod mapping;
mod open_record;
pub mod profile;
pub mod record;
pub mod report;
pub mod rule;
mod separators;
pub mod shipped;
