//! Decides which payments claim a row that an earlier run has closed (重复核销).
//!
//! Which row of an earlier run an entry names is known before the matching. Where the keys of this
//! run found it no partner, the closed row is the one that it means, and no weaker evidence may pair
//! it with another. An order that is not due yet still has its time.

use crate::codes::Code;
use crate::entry::{Disposition, Entries, Side};
use crate::ids::EntryId;
use crate::matching::{Due, Matches};

/// States every such claim.
pub(crate) fn run(entries: &Entries, matches: &mut Matches, due: &Due) {
    let claims = |id: &EntryId| {
        let waits = entries.side(*id) == Side::Orders && due.not_yet(entries, *id).is_some();
        entries.disposition(*id) == Disposition::Open && !waits
    };
    for id in entries.ids_of_earlier().filter(claims) {
        matches.find(Code::DoubleClaim, id, Vec::new());
    }
}
