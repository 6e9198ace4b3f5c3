//! Decides what a carry-forward file (结转) says, and whether it is whole and unchanged.
//!
//! ```text
//! {"crossfoot":"carry-forward","schema":1,"engine":{…},"as_of":"2026-01-31","timezone":"UTC",
//!  "previous":{"as_of":"2025-12-31","sha256":"…"},"open":2,"closed":1}           one line
//! {"open":1,"scope":"shop","entry":{…}}                   an entry as a result document writes it
//! {"closed":"2026-01-31","rule":"M020","entry":{"row":"mfs.csv:2","identity":"…",…},"core":"…"}
//! {"sha256":"…"}                                          SHA-256 of all bytes before this line
//! ```
//! The open entries are the next run's to take up, each with every field, so that its identity is
//! computed again. Closed rows are kept with what names them, those of earlier periods too: no later
//! run may claim them again. Their `core` is the hash of what stays the same while a row's state moves
//! on, by which it is known when a later export has it with another status. `previous` is the file that the run itself took up, so that a chain of
//! periods can be followed.

mod claims;
mod line;
mod read;
mod recognise;

pub(crate) use claims::find_claims;
pub use read::Carried;
pub(crate) use recognise::recognise;

/// The profile of the sources that carried entries stand in.
pub const PROFILE: &str = "carry_forward";

/// What the first line calls the file.
pub const KIND: &str = "carry-forward";

/// The schema that is written, and the only one that is read.
pub const SCHEMA: u64 = 1;
