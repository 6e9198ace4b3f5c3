//! Keeps of which entries a spreadsheet has destroyed ids, and what is left of those.

use super::Entries;
use crate::entry::damaged::DamagedId;
use crate::ids::EntryId;

impl Entries {
    /// Keeps what is left of a damaged id of an entry, which has no key in its place.
    pub fn keep_damaged(&mut self, id: EntryId, left: DamagedId) {
        self.damaged.push((id, left));
    }

    /// What is left of damaged ids, in reading order.
    pub fn damaged_ids(&self) -> &[(EntryId, DamagedId)] {
        &self.damaged
    }

    /// What is left of a damaged id of an entry; `None` if that cannot be told.
    pub fn left_of_damaged(&self, id: EntryId) -> Option<&DamagedId> {
        let at = self.damaged.partition_point(|(other, _)| *other < id);
        self.damaged.get(at).filter(|(other, _)| *other == id).map(|(_, left)| left)
    }

    /// Notes that a spreadsheet has destroyed an id of an entry. Entries come in reading order.
    pub fn note_damaged(&mut self, id: EntryId) {
        self.spoiled.push(id);
    }

    /// Whether a spreadsheet has destroyed an id of an entry, which has no key in its place.
    pub fn has_damaged_id(&self, id: EntryId) -> bool {
        !self.spoiled.is_empty() && self.spoiled.binary_search(&id).is_ok()
    }
}
