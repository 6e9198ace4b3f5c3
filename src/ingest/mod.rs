//! Ingest turns the bytes of a source into records, and records into entries; nothing is lost.
//!
//! Bytes to records: [`source`] puts the encoding and the readers together. What a record means is
//! decided by profiles and mappings.

pub mod container;
pub mod delimited;
pub mod detect;
pub mod diagnostic;
pub mod dialect;
pub mod encoding;
pub mod fields;
pub mod fold;
pub mod json;
pub mod layout;
pub mod mapping;
mod open_record;
pub mod profile;
pub mod record;
pub mod report;
pub mod rule;
mod separators;
pub mod shipped;
pub mod sniff;
pub mod source;
pub mod table;
