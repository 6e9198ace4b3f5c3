//! How old open money is, in the buckets of an ageing list (账龄).

use crate::time::Date;

/// The last day of each bucket, counted from the day on which the money was due: paid within a week,
/// a fortnight, a month, two, a quarter; older has no last day.
const LAST: [i64; 6] = [0, 7, 14, 30, 60, 90];

/// The names of all buckets, the youngest first.
pub const BUCKETS: [&str; 7] = ["not_due", "1-7", "8-14", "15-30", "31-60", "61-90", "over_90"];

/// How many days overdue money is, and the bucket of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Age {
    /// Days since it was due; 0 or fewer: not overdue.
    pub days: i64,
    /// The place in [`BUCKETS`].
    pub bucket: usize,
}

impl Age {
    /// The age of money that was due on a day.
    #[must_use]
    pub fn of(due: Date, as_of: Date) -> Self {
        let days = as_of.days_since(due);
        let bucket = LAST.iter().position(|last| days <= *last).unwrap_or(LAST.len());
        Self { days, bucket }
    }

    /// The name of the bucket.
    #[must_use]
    pub fn name(self) -> &'static str {
        BUCKETS.get(self.bucket).copied().unwrap_or("over_90")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_end_on_their_last_day() {
        for (days, name) in [
            (-400, "not_due"),
            (0, "not_due"),
            (1, "1-7"),
            (7, "1-7"),
            (8, "8-14"),
            (14, "8-14"),
            (15, "15-30"),
            (30, "15-30"),
            (31, "31-60"),
            (60, "31-60"),
            (61, "61-90"),
            (90, "61-90"),
            (91, "over_90"),
            (100_000, "over_90"),
        ] {
            let age = Age::of(Date(0), Date(days));
            assert_eq!((age.name(), age.days), (name, i64::from(days)), "{days}");
        }
    }
}
