//! Decides whether all best assignments of a group are the same but for rows that are alike.
//!
//! Rows that are alike in money have the same number, and the kind of a pair is the two numbers of
//! its rows. All assignments that use only the group's pairs have the same pairs of each kind if,
//! and only if, every kind can be written as a share of the left row plus a share of the right row
//! (the assignments span all solutions of the equations "each row once", and only sums of those
//! equations are constant on them). Kinds are added up as 64-bit numbers that depend on nothing
//! but the two rows' numbers, and modulo 2^64.

use super::{NONE, get, link, set};

/// No row: the partner of a row that stays alone.
const NOBODY: u32 = NONE;

/// Shares of rows as differences to the first row of their group.
#[derive(Debug)]
pub(crate) struct Shares {
    parents: Vec<u32>,
    /// What a row's share is more than its parent's.
    above: Vec<u64>,
    /// The share of a group's first row, where a row that may stay alone says it.
    known: Vec<Option<u64>>,
    unlike: Vec<bool>,
}

/// The number of a kind of pair.
pub(crate) fn kind(left: u32, right: u32) -> u64 {
    // The mixing function of splitmix64 (Steele, Lea, Flood 2014).
    let mut mixed = (u64::from(left) << 32 | u64::from(right)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl Shares {
    /// So many rows, each a group of its own.
    pub(crate) fn new(rows: u32) -> Self {
        let len = rows as usize;
        Self {
            parents: (0..rows).collect(),
            above: vec![0; len],
            known: vec![None; len],
            unlike: vec![false; len],
        }
    }

    /// The group of a row, and what its share is more than that of the group's first row.
    fn find(&mut self, row: u32) -> (u32, u64) {
        let (mut at, mut above) = (row, 0_u64);
        loop {
            let parent = link(&self.parents, at);
            if parent == at {
                return (at, above);
            }
            let grand = link(&self.parents, parent);
            if grand != parent {
                let sum = get(&self.above, at).wrapping_add(get(&self.above, parent));
                set(&mut self.above, at, sum);
                set(&mut self.parents, at, grand);
            }
            above = above.wrapping_add(get(&self.above, at));
            at = link(&self.parents, at);
        }
    }

    /// The first row of a row's group.
    pub(crate) fn group(&mut self, row: u32) -> u32 {
        self.find(row).0
    }

    /// A pair: the share of `left` less that of `right` (which counts negative) is its kind.
    pub(crate) fn pair(&mut self, left: u32, right: u32, kind: u64) {
        let (first, above_first) = self.find(left);
        let (other, above_other) = self.find(right);
        if first == other {
            let holds = above_first == kind.wrapping_add(above_other);
            self.note(first, holds);
            return;
        }
        // left = first + above_first = kind + other + above_other
        let gap = kind.wrapping_add(above_other).wrapping_sub(above_first);
        set(&mut self.parents, first, other);
        set(&mut self.above, first, gap);
        self.note(other, !get(&self.unlike, first));
    }

    /// A row that may stay alone; call it when all pairs are known.
    pub(crate) fn alone(&mut self, row: u32, is_left: bool, alike: u32) {
        let share = match is_left {
            true => kind(alike, NOBODY),
            false => kind(NOBODY, alike).wrapping_neg(),
        };
        let (first, above) = self.find(row);
        let share = share.wrapping_sub(above);
        let Some(known) = self.known.get_mut(first as usize) else { return };
        let holds = *known.get_or_insert(share) == share;
        self.note(first, holds);
    }

    fn note(&mut self, group: u32, holds: bool) {
        if !holds {
            set(&mut self.unlike, group, true);
        }
    }

    /// Whether all best assignments of a row's group have the same pairs of each kind.
    pub(crate) fn are_alike(&mut self, row: u32) -> bool {
        let group = self.group(row);
        !get(&self.unlike, group)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows 0 to 9 are left, 10 to 19 right, each of a kind.
    fn shares(kinds: [u32; 20], pairs: &[(u32, u32)], alone: &[u32]) -> Shares {
        let mut shares = Shares::new(20);
        for (left, right) in pairs {
            let (one, other) = (get(&kinds, *left), get(&kinds, *right));
            shares.pair(*left, *right, kind(one, other));
        }
        for row in alone {
            shares.alone(*row, *row < 10, get(&kinds, *row));
        }
        shares
    }

    #[test]
    fn groups_are_alike_as_long_as_no_circle_says_otherwise() {
        const SQUARE: [(u32, u32); 4] = [(0, 10), (0, 11), (1, 10), (1, 11)];
        let kinds = |rows: &[u32]| {
            let mut kinds = [0; 20];
            rows.iter().for_each(|row| set(&mut kinds, *row, 1));
            kinds
        };
        let with = |more: &[(u32, u32)]| [&SQUARE[..], more].concat();
        for (what, rows, pairs, alone, alike) in [
            ("one kind", kinds(&[]), with(&[]), vec![], true),
            ("lefts differ", kinds(&[1]), with(&[]), vec![], true),
            ("rights differ", kinds(&[11]), with(&[]), vec![], true),
            ("both differ", kinds(&[1, 11]), with(&[]), vec![], false),
            ("both differ, no circle", kinds(&[1, 11]), SQUARE[..3].to_vec(), vec![], true),
            (
                "joined to another group later",
                kinds(&[1, 11]),
                with(&[(5, 15), (5, 10)]),
                vec![],
                false,
            ),
            ("another group joins it", kinds(&[1, 11]), with(&[(5, 15), (0, 15)]), vec![], false),
            ("lefts that are alike may be alone", kinds(&[11]), with(&[]), vec![0, 1], true),
            ("lefts that differ may be alone", kinds(&[1]), with(&[]), vec![0, 1], false),
            ("rights that are alike may be alone", kinds(&[1]), with(&[]), vec![10, 11], true),
            ("rights that differ may be alone", kinds(&[11]), with(&[]), vec![10, 11], false),
        ] {
            let mut shares = shares(rows, &pairs, &alone);
            assert_eq!(shares.are_alike(0), alike, "{what}");
            assert_eq!(shares.group(0), shares.group(11), "{what}");
            assert!(shares.are_alike(7), "a row that is in no pair");
        }
    }
}
