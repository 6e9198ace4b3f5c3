//! Ingest turns the bytes of a source into records, and records into entries; nothing is lost.
//!
//! A file that is no plain text is first turned into parts that are (`unpack`: archives, workbooks,
//! XML, statements). Bytes to records: [`source`] puts the encoding and the readers together. What a
//! record means is decided by profiles and mappings.

pub mod accounts;
mod assumed;
mod builder;
mod cells;
mod code_totals;
mod codes;
pub mod columns_flag;
mod components;
pub mod conditions;
pub mod container;
mod controls;
mod damage;
pub mod delimited;
pub mod detect;
pub mod diagnostic;
pub mod dialect;
mod drift;
pub mod encoding;
mod evidence;
pub mod fields;
mod figures;
mod fixed_columns;
pub mod fixed_width;
pub mod fold;
mod found;
pub mod guess;
mod headless;
pub mod json;
mod json_path;
pub mod layout;
mod lead;
mod line_items;
pub mod mapping;
mod open_record;
pub mod overlay;
pub mod packed;
mod plan;
pub mod prepared;
mod printed;
pub mod profile;
pub mod proposal;
pub mod proven;
mod quotes;
pub mod reader;
pub mod record;
mod rejection;
pub mod report;
mod rows;
pub mod rule;
mod running;
mod separators;
pub mod shipped;
pub mod sniff;
pub mod source;
pub mod stated;
pub mod statement;
mod suspect;
pub mod synonyms;
pub mod table;
pub mod totals_rule;
mod unit_price;
#[cfg(feature = "unpack")]
pub mod unpack;
pub mod wanted;
pub mod webhook;
mod words;
