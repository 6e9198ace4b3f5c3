//! Decides which rows without a common key are the same money, and how sure that is.
//!
//! Integers only: rows are numbers, times are minutes, money is what a pair would leave
//! unexplained. Two solvers share one answer, [`Outcome`]:
//!
//! | solver | for | how |
//! |---|---|---|
//! | [`bucket`] | rows of one amount | the graph stays implicit, so that a dense window costs no pairs |
//! | [`pairs`] | pairs that differ in money or evidence | shortest augmenting paths over listed pairs |
//!
//! [`subset`] is about rows that are several together.
//!
//! The best assignment has most pairs, then least unexplained money, then most evidence: the
//! classes are computed on these three alone. Among equally good ones the pairs that lie closest
//! in time are shown, then the oldest rows; that choice never makes a pair certain.
//!
//! - `forced`: in every best assignment.
//! - `interchangeable`: the best assignments differ, but only by rows that are alike in money.
//! - `ambiguous`: they differ in money too, or the search ended before it was proven.
//!
//! These are classes of the rows that are there. What a pair may be called when rows can be missing
//! from the files is for [`rarity`](super::rarity) to say.

mod alignment;
mod alternating;
pub(crate) mod assign;
pub(crate) mod bucket;
pub(crate) mod certify;
mod likeness;
pub(crate) mod listing;
pub(crate) mod pairs;
pub(crate) mod subset;
#[cfg(test)]
mod tests;

use crate::matching::Class;

/// No row, no group.
pub(crate) const NONE: u32 = u32::MAX;

/// What was decided about the rows of one problem.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The right row of each left row, or [`NONE`].
    pub(crate) mates: Vec<u32>,
    /// The group of each left row; [`NONE`] where no best assignment has it.
    pub(crate) left_groups: Vec<u32>,
    /// The group of each right row; [`NONE`] where no best assignment has it.
    pub(crate) right_groups: Vec<u32>,
    /// Rows between which the best assignments choose.
    pub(crate) groups: Vec<Group>,
    /// What the work came to, in rows and pairs looked at.
    pub(crate) steps: u64,
}

/// Rows that the best assignments pair among each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// How sure its pairs are.
    pub(crate) class: Class,
    /// Left rows.
    pub(crate) lefts: u32,
    /// Right rows.
    pub(crate) rights: u32,
    /// Pairs: the same number in every best assignment.
    pub(crate) pairs: u32,
    /// What a limit left unproven.
    pub(crate) limit: Limit,
}

/// Which limit of the search was reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Limit {
    /// None.
    #[default]
    No,
    /// The pairs are as many and as good as can be, but not proven to be the closest in time.
    Lag,
    /// A better assignment may exist, of at most so many more pairs.
    Pairs(u32),
}

impl Group {
    /// A group without rows.
    pub(crate) fn of(class: Class) -> Self {
        Self { class, lefts: 0, rights: 0, pairs: 0, limit: Limit::No }
    }
}

/// An item of a list of small values; the default for [`NONE`].
pub(crate) fn get<T: Copy + Default>(list: &[T], at: u32) -> T {
    debug_assert!(at == NONE || (at as usize) < list.len(), "a list without the place {at}");
    list.get(at as usize).copied().unwrap_or_default()
}

/// An item of a list of rows or groups; [`NONE`] for [`NONE`].
pub(crate) fn link(list: &[u32], at: u32) -> u32 {
    debug_assert!(at == NONE || (at as usize) < list.len(), "a list without the place {at}");
    list.get(at as usize).copied().unwrap_or(NONE)
}

/// Replaces an item of a list.
pub(crate) fn set<T>(list: &mut [T], at: u32, value: T) {
    debug_assert!((at as usize) < list.len(), "a list without the place {at}");
    if let Some(place) = list.get_mut(at as usize) {
        *place = value;
    }
}

/// Adds to an item of a list.
pub(crate) fn add<T: std::ops::AddAssign>(list: &mut [T], at: u32, more: T) {
    debug_assert!((at as usize) < list.len(), "a list without the place {at}");
    if let Some(place) = list.get_mut(at as usize) {
        *place += more;
    }
}

/// Follows the links of a list to a row that links to itself, and shortens them.
pub(crate) fn find(links: &mut [u32], row: u32) -> u32 {
    let mut at = row;
    loop {
        let next = link(links, at);
        if next == at {
            return at;
        }
        set(links, at, link(links, next));
        at = next;
    }
}

/// The length of a list of rows.
pub(crate) fn count<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(NONE)
}

/// How far two times in minutes lie apart, squared: one long wait is worse than two short ones.
pub(crate) fn lag(one: i64, other: i64) -> u64 {
    // Windows end after a year or two; the bound keeps sums of many pairs within 64 bits.
    let apart = one.abs_diff(other).min(1 << 20);
    apart * apart
}
