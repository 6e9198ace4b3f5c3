//! Keeps which entries were carried forward from an earlier run, and which name a row that an earlier
//! run has closed: few do.

use super::Entries;
use crate::entry::{Earlier, IdentityFields, core_of};
use crate::ids::EntryId;

impl Entries {
    /// Says that the entries pushed from now on are those that an earlier run left open.
    pub(crate) fn begin_carried(&mut self) {
        self.first_carried = Some(EntryId(self.len));
    }

    /// The first entry that was carried forward: those behind it are, too.
    pub(crate) fn first_carried(&self) -> Option<EntryId> {
        self.first_carried
    }

    /// Whether an entry was carried forward from an earlier run.
    pub fn is_carried(&self, id: EntryId) -> bool {
        self.first_carried.is_some_and(|first| first <= id)
    }

    /// The hash of what stays the same while the state of an entry moves on.
    pub(crate) fn core(&self, id: EntryId, fields: &mut IdentityFields) -> u128 {
        core_of(fields, self.side(id), &self.as_new(id))
    }

    /// Notes which row of an earlier run each entry names, in reading order; forgets what was noted.
    pub(crate) fn note_earlier(&mut self, earlier: Vec<(EntryId, Earlier)>) {
        self.earlier = earlier;
    }

    /// The entries that name a row which was closed in an earlier run, in reading order.
    pub fn ids_of_earlier(&self) -> impl Iterator<Item = EntryId> + '_ {
        self.earlier.iter().map(|(id, _)| *id)
    }

    /// The row of an earlier run that an entry names.
    pub fn earlier(&self, id: EntryId) -> Option<&Earlier> {
        let at = self.earlier.partition_point(|(other, _)| *other < id);
        self.earlier.get(at).filter(|(other, _)| *other == id).map(|(_, earlier)| earlier)
    }
}
