//! Decides which pairs of one amount are shown: as many as can be, and of those the closest.
//!
//! Where windows only move forward and long waits cost more than their share, crossed pairs are
//! never better than the same rows uncrossed. So the best assignment is an alignment of two
//! sorted lists, and a table of prefixes finds it. Only cells from which as many pairs as can be
//! are still within reach are filled: when nearly every row has a partner, that is a narrow band.

use super::bucket::{Part, Span};
use super::{NONE, count, get, lag, set};
use crate::limits::{ALIGNMENT_CELLS, ALIGNMENT_CELLS_PER_ROW};

/// Pairs without crossings.
#[derive(Debug)]
pub(crate) struct Aligned {
    /// The right row of each left row, or [`NONE`].
    pub(crate) mates: Vec<u32>,
    /// Whether no other pairs of that number are closer.
    pub(crate) closest: bool,
    /// Rows and cells looked at.
    pub(crate) steps: u64,
}

/// Aligns the rows of a part: by age alone where the table would be too large.
pub(crate) fn align(part: &Part<'_>) -> Aligned {
    let (lefts, rights) = (count(part.lefts), count(part.rights));
    let mates = by_age(part);
    let pairs = mates.iter().map(|mate| u32::from(*mate != NONE)).sum::<u32>();
    let rows = u64::from(lefts) + u64::from(rights);
    let band = band(part, lefts - pairs, rights - pairs);
    let cells: u64 = band.iter().map(|(from, to)| u64::from(to - from)).sum();
    if cells > ALIGNMENT_CELLS.min(rows * ALIGNMENT_CELLS_PER_ROW) {
        return Aligned { mates, closest: false, steps: rows };
    }
    Aligned { mates: table(part, &band), closest: true, steps: rows + cells }
}

/// As many pairs as can be: each left row takes the first right row that is left in its window.
fn by_age(part: &Part<'_>) -> Vec<u32> {
    let mut next = 0;
    part.spans
        .iter()
        .map(|(from, to)| {
            next = next.max(*from);
            if next >= *to {
                return NONE;
            }
            next += 1;
            next - 1
        })
        .collect()
}

/// The numbers of right rows that an alignment may have passed after each left row, as a range
/// that is empty where the left row has no pair in any.
///
/// It has passed at most as many rows without a pair as must stay alone at the end, and before
/// and after the window of the left row nothing is decided.
fn band(part: &Part<'_>, alone_left: u32, alone_right: u32) -> Vec<Span> {
    let spans = (1..).zip(&part.spans);
    spans
        .map(|(passed, (from, to)): (u32, _)| {
            let low = passed.saturating_sub(alone_left).max(*from);
            let high = passed.saturating_add(alone_right).min(*to);
            (low, high.saturating_add(1).max(low))
        })
        .collect()
}

/// What the best alignment of two prefixes comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Value {
    pairs: u32,
    lag: u64,
    /// Places of the paired rows: small when they are old.
    places: u64,
}

impl Value {
    fn with(self, left: u32, right: u32, lag: u64) -> Self {
        Self {
            pairs: self.pairs + 1,
            lag: self.lag + lag,
            places: self.places + u64::from(left) + u64::from(right),
        }
    }

    fn beats(&self, other: &Self) -> bool {
        (other.pairs, self.lag, self.places) < (self.pairs, other.lag, other.places)
    }
}

/// The last step of the best alignment of two prefixes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Move {
    #[default]
    LeaveLeft,
    LeaveRight,
    Pair,
}

/// One row of the table.
#[derive(Debug, Default)]
struct Line {
    from: u32,
    values: Vec<Value>,
}

impl Line {
    /// The value of a prefix; beyond the end nothing is gained.
    fn value(&self, passed: u32) -> Option<Value> {
        let at = (passed.checked_sub(self.from)? as usize).min(self.values.len().checked_sub(1)?);
        self.values.get(at).copied()
    }
}

fn table(part: &Part<'_>, band: &[Span]) -> Vec<u32> {
    let mut moves: Vec<Move> = Vec::new();
    let mut line = Line { from: 0, values: vec![Value::default()] };
    let mut fresh = Line::default();
    for (left, (low, high)) in (0..).zip(band.iter().copied()).filter(|(_, (low, high))| low < high)
    {
        fresh.from = low;
        fresh.values.clear();
        for passed in low..high {
            let (value, step) = best(part, &line, &fresh, left, passed);
            fresh.values.push(value);
            moves.push(step);
        }
        std::mem::swap(&mut line, &mut fresh);
    }
    trace(band, &moves)
}

/// The best alignment of the rows up to `left` with the first `passed` right rows.
fn best(part: &Part<'_>, before: &Line, now: &Line, left: u32, passed: u32) -> (Value, Move) {
    let mut best = (before.value(passed).unwrap_or_default(), Move::LeaveLeft);
    let mut offer = |value: Option<Value>, step: Move| {
        if let Some(value) = value.filter(|value| value.beats(&best.0)) {
            best = (value, step);
        }
    };
    if let Some(right) = passed.checked_sub(1) {
        if passed > now.from {
            offer(now.value(right), Move::LeaveRight);
        }
        let (from, to) = get(&part.spans, left);
        if (from..to).contains(&right) {
            let wait = lag(get(part.lefts, left).at, get(part.rights, right).at);
            let value = before.value(right).map(|value| value.with(left, right, wait));
            offer(value, Move::Pair);
        }
    }
    best
}

/// Follows the moves back from the end.
fn trace(band: &[Span], moves: &[Move]) -> Vec<u32> {
    let mut mates = vec![NONE; band.len()];
    let mut start = moves.len();
    let mut passed = NONE;
    for left in (0..count(band)).rev() {
        let (low, high) = get(band, left);
        if low >= high {
            continue;
        }
        start -= (high - low) as usize;
        passed = passed.min(high - 1);
        loop {
            match moves.get(start + passed.saturating_sub(low) as usize) {
                Some(Move::LeaveRight) => passed -= 1,
                Some(Move::Pair) => {
                    passed -= 1;
                    set(&mut mates, left, passed);
                    break;
                }
                _ => break,
            }
        }
    }
    mates
}
