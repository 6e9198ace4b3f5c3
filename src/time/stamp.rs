//! What one date cell of a file said.

use super::{Date, Instant};

/// A parsed date cell: always a day; an instant only if the cell had a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// The point in time; `None` for a cell that states a day only.
    pub instant: Option<Instant>,
    /// The local day, in the offset that the cell or its column is written in.
    pub date: Date,
    /// Minutes that the writer's clock was ahead of UTC (480 for +08:00).
    pub offset_minutes: i16,
    /// Whether the cell stated a time of day.
    pub has_time: bool,
}
