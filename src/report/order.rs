//! Decides the order of everything in a document: by side, instant and identity, never by file or
//! line, so that the same rows in other files give the same document.

use crate::entry::{Entries, Identity, Side};
use crate::ids::EntryId;

/// The place of an entry among all entries.
pub(crate) type Place = (Side, (i64, Identity));

/// The place of an entry.
pub(crate) fn place(entries: &Entries, id: EntryId) -> Place {
    (entries.side(id), entries.age_key(id))
}

/// All entries in document order.
#[derive(Debug)]
pub struct CanonicalOrder(Vec<EntryId>);

impl CanonicalOrder {
    /// No entries yet.
    pub(crate) fn none() -> Self {
        Self(Vec::new())
    }

    /// Sorts the entries of a run.
    pub fn of(entries: &Entries) -> Self {
        let mut ids: Vec<EntryId> = entries.ids().collect();
        entries.sort(&mut ids);
        Self(ids)
    }

    /// The entries, in order.
    pub fn ids(&self) -> &[EntryId] {
        &self.0
    }
}
