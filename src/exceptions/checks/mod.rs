//! Every check: one file, one question about a match or an open entry.

pub mod amount;
pub mod chargeback;
pub mod cutoff;
pub mod fee;
pub mod fx;
pub mod late;
pub mod line_identity;
pub mod payout_total;
pub mod presence;
pub mod refund_over;
pub mod reserves;
pub mod rest;
pub mod split;
pub mod status;
pub mod swapped;
pub mod unusable_key;

use crate::entry::Entries;
use crate::exceptions::{Fact, Members, Terms};

/// What a check of a match sees.
#[derive(Debug)]
pub(crate) struct Sight<'a> {
    pub(crate) entries: &'a Entries,
    pub(crate) members: &'a Members,
    pub(crate) terms: &'a Terms,
}

/// A question about a match. It states what it finds, and nothing if all is well.
pub(crate) type Check = fn(&Sight<'_>, &mut Vec<Fact>);

/// The checks of a match, in any order: precedence decides the headline.
pub(crate) const OF_A_MATCH: &[Check] = &[
    amount::check,
    chargeback::check,
    cutoff::check,
    late::check,
    refund_over::check,
    split::check,
    status::check,
    swapped::check,
];
