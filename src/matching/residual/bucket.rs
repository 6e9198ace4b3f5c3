//! Decides which rows of one amount belong together, without listing the pairs.
//!
//! With both sides sorted by time, the right rows in the window of a left row are a range, and
//! both ends of the range only move forward. Everything follows from the ends of these ranges, so
//! that 10,000 equal amounts on one day cost no more than 10,000 rows: most pairs by going through
//! both lists once, the closest ones by an [`alignment`](super::alignment) without crossings, and
//! the classes from what [alternating paths](super::alternating) reach.

use super::{Group, Limit, NONE, Outcome, alignment, alternating, count, get, set};

/// A row that waits for its money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Left {
    /// When it happened, in minutes.
    pub(crate) at: i64,
    /// The first minute at which its partner may have happened.
    pub(crate) from: i64,
    /// The last.
    pub(crate) to: i64,
}

/// A row that may be the money of another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Right {
    /// When it happened, in minutes.
    pub(crate) at: i64,
    /// Rows with the same number are alike in all their money.
    pub(crate) alike: u32,
}

/// A range of rows of the other side: the first, and the one after the last.
pub(crate) type Span = (u32, u32);

/// Rows that are connected by windows, and to no others.
#[derive(Debug)]
pub(crate) struct Part<'a> {
    pub(crate) lefts: &'a [Left],
    pub(crate) rights: &'a [Right],
    /// The right rows in the window of each left row.
    pub(crate) spans: Vec<Span>,
}

/// Decides about rows of one amount.
///
/// Both lists are sorted by time and then by name, and the windows of the left rows only move
/// forward: `from` and `to` never fall. The left rows are alike in money.
pub(crate) fn solve(lefts: &[Left], rights: &[Right]) -> Outcome {
    let mut outcome = Outcome {
        mates: vec![NONE; lefts.len()],
        left_groups: vec![NONE; lefts.len()],
        right_groups: vec![NONE; rights.len()],
        groups: Vec::new(),
        steps: lefts.len() as u64 + rights.len() as u64,
    };
    let spans = spans(lefts, rights);
    let mut first = 0;
    while first < count(lefts) {
        let (start, mut reach) = get(&spans, first);
        let mut end = first + 1;
        while start < reach && end < count(lefts) && get(&spans, end).0 < reach {
            reach = get(&spans, end).1;
            end += 1;
        }
        if start < reach {
            let part = Part {
                lefts: lefts.get(first as usize..end as usize).unwrap_or_default(),
                rights: rights.get(start as usize..reach as usize).unwrap_or_default(),
                spans: (first..end)
                    .map(|left| get(&spans, left))
                    .map(|(from, to)| (from - start, to - start))
                    .collect(),
            };
            part.solve(first, start, &mut outcome);
        }
        first = end;
    }
    outcome
}

/// The right rows in the window of each left row.
fn spans(lefts: &[Left], rights: &[Right]) -> Vec<Span> {
    let (mut from, mut to) = (0, 0);
    lefts
        .iter()
        .map(|left| {
            while from < count(rights) && get(rights, from).at < left.from {
                from += 1;
            }
            to = to.max(from);
            while to < count(rights) && get(rights, to).at <= left.to {
                to += 1;
            }
            (from, to)
        })
        .collect()
}

impl Part<'_> {
    /// Pairs and classifies the rows; `left` and `right` say where the part begins.
    fn solve(&self, left: u32, right: u32, outcome: &mut Outcome) {
        let aligned = alignment::align(self);
        let found = alternating::classify(self, &aligned.mates);
        outcome.steps += aligned.steps + found.steps;
        let base = count(&outcome.groups);
        for (index, mate) in (left..).zip(&aligned.mates) {
            if *mate != NONE {
                set(&mut outcome.mates, index, mate + right);
            }
        }
        let groups = [
            (left, &found.left_groups, &mut outcome.left_groups),
            (right, &found.right_groups, &mut outcome.right_groups),
        ];
        for (start, from, into) in groups {
            for (index, group) in (start..).zip(from).filter(|(_, group)| **group != NONE) {
                set(into, index, group + base);
            }
        }
        outcome.groups.extend(found.groups.into_iter().map(|group| Group {
            // Where nobody is left over, nothing but the order of age could be shown.
            limit: match aligned.closest || group.pairs == group.lefts.max(group.rights) {
                true => Limit::No,
                false => Limit::Lag,
            },
            ..group
        }));
    }

    /// The left rows in whose window each right row is.
    pub(crate) fn right_spans(&self) -> Vec<Span> {
        let (mut from, mut to) = (0, 0);
        (0..count(self.rights))
            .map(|right| {
                while from < count(&self.spans) && get(&self.spans, from).1 <= right {
                    from += 1;
                }
                to = to.max(from);
                while to < count(&self.spans) && get(&self.spans, to).0 <= right {
                    to += 1;
                }
                (from, to)
            })
            .collect()
    }
}
