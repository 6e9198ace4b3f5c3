//! Rows of a month that is made up, with what a person who had seen it all would say of each.

use crossfoot::codes::Code;

use super::Dice;

/// Minutes of a day.
pub(crate) const DAY: i64 = 24 * 60;
/// The orders' clock is ahead of UTC by so many minutes.
pub(crate) const OFFSET: i64 = 180;
/// Days before an order, and after its due day, in which its line is looked for: the defaults.
const DAYS_BEFORE: i64 = 1;
const DAYS_AFTER: i64 = 3;

/// Days from an order to its payout.
pub(crate) const CYCLE: i64 = 2;

/// The currencies: code, fee in hundredths of a percent, fixed fee in minor units.
pub(crate) const CURRENCIES: [(&str, i64, i64); 2] = [("KES", 150, 500), ("NGN", 140, 100)];

/// The reference rate of KES in USD, in millionths.
pub(crate) const RATE: i64 = 7_700;

/// One row of the orders.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) number: String,
    pub(crate) currency: usize,
    pub(crate) amount: i64,
    /// Minutes since the first of the month, UTC.
    pub(crate) minute: i64,
    pub(crate) status: &'static str,
    pub(crate) truth: Truth,
}

/// One line of the settlement.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) reference: String,
    pub(crate) currency: usize,
    pub(crate) amount: i64,
    pub(crate) fee: i64,
    /// What the stated net is off by.
    pub(crate) off: i64,
    /// Paid out in USD at this rate.
    pub(crate) rate: Option<i64>,
    pub(crate) minute: i64,
    /// Days since the first of the month.
    pub(crate) settled: i64,
    pub(crate) truth: Truth,
}

/// What a person who had seen it all would say of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    /// A key decides: the match, by number, and the codes of the row; no match, if it has none.
    Keyed { deal: Option<usize>, codes: Vec<Code> },
    /// Nothing but amount and time can say which row of the other side it belongs to: this one.
    Keyless { partner: Option<usize> },
}

impl Truth {
    pub(crate) fn open(codes: &[Code]) -> Self {
        Self::Keyed { deal: None, codes: codes.to_vec() }
    }

    pub(crate) fn is_keyless(&self) -> bool {
        matches!(self, Self::Keyless { .. })
    }

    /// The row of the other side that it belongs to, if only amount and time say so.
    pub(crate) fn partner(&self) -> Option<usize> {
        match self {
            Self::Keyless { partner } => *partner,
            Self::Keyed { .. } => None,
        }
    }
}

/// The contract's fee, rounded half up.
pub(crate) fn fee(currency: usize, amount: i64) -> i64 {
    let (_, hundredths, fixed) = CURRENCIES[currency];
    (amount * hundredths + 5_000) / 10_000 + fixed
}

/// The local day of an order, since the first of the month.
pub(crate) fn day(order: &Order) -> i64 {
    (order.minute + OFFSET).div_euclid(DAY)
}

/// The local day on which its money is due.
pub(crate) fn due_day(order: &Order) -> i64 {
    day(order) + CYCLE
}

/// Whether a line may be the money of an order, judged by the calendar alone.
pub(crate) fn fits(order: &Order, line: &Line) -> bool {
    let last = (due_day(order) + 1) * DAY - 1 - OFFSET + DAYS_AFTER * DAY;
    (order.minute - DAYS_BEFORE * DAY..=last).contains(&line.minute)
}

/// A number from `low` to `high`.
pub(crate) fn range(dice: &mut Dice, low: i64, high: i64) -> i64 {
    low + i64::try_from(dice.roll() % (high - low + 1).unsigned_abs()).expect("small")
}
