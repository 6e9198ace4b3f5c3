//! What inference sees of a row: amount and fee in minor units, when, after how much volume, and the
//! fields by which fees may differ.

use super::cluster::Point;

/// A line of one currency and kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// Gross in minor units, not negative.
    pub amount: i64,
    /// The fee in minor units, not negative; what is given back where [`Group::returned`].
    pub fee: i64,
    /// The local date, in days since 1970-01-01.
    pub day: i32,
    /// What was paid in its calendar month before it, in minor units.
    pub volume: i64,
    /// For each field of the group, which of its values.
    pub values: Vec<u16>,
    /// The caller's name for the line.
    pub id: u32,
}

impl Line {
    pub(crate) fn point(&self) -> Point {
        Point { amount: self.amount, fee: self.fee }
    }
}

/// The points of lines, in ascending order.
pub(crate) fn points(lines: &[&Line]) -> Vec<Point> {
    let mut points: Vec<Point> = lines.iter().map(|line| line.point()).collect();
    points.sort_unstable();
    points
}
