//! Finds, among rows that may be matched without a number, those that are near in amount and time.

use crate::entry::{Entries, Identity, Side};
use crate::ids::EntryId;
use crate::limits::WHY_NOT_LOOKS;
use crate::matching::{Due, Tolerance, WithoutReference, claim, minute};
use crate::money::Currency;
use crate::sort;

/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// A row with all that decides whom it reaches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) id: EntryId,
    /// What decides between rows that are equally near.
    pub(super) identity: Identity,
    /// Scope and currency: rows of others are never compared.
    pub(super) within: (u16, Currency),
    /// What it is compared by, in minor units.
    pub(super) amount: i64,
    /// When it happened, in minutes.
    pub(super) at: i64,
    /// Of an order: the window of its line.
    window: (i64, i64),
    /// Of an order: by how much its line may differ.
    pub(super) limit: i64,
    /// Whether it is still open.
    pub(super) open: bool,
    /// Whether it names a number of the provider, so that no line with another is its own.
    pub(super) numbered: bool,
}

/// How far the limits are moved, for a question.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reach {
    pub(super) days_before: i64,
    pub(super) days_after: i64,
    pub(super) difference: i64,
}

impl Row {
    /// A payment of a whole positive number of minor units; `None` for any other row.
    pub(super) fn of(
        entries: &Entries,
        id: EntryId,
        (due, rule, tolerance): (&Due, WithoutReference, &Tolerance),
    ) -> Option<Self> {
        let (amount, currency) = claim(entries, id);
        let minor = amount.as_minor().filter(|minor| *minor > 0)?;
        entries.occurred_at(id)?;
        let (mut window, mut limit) = ((0, 0), 0);
        if entries.side(id) == Side::Orders {
            let day = entries.local_date(id).map(|date| due.date(date));
            window = rule.window(entries, id, day);
            limit = i64::try_from(tolerance.limit(amount, currency)).unwrap_or(i64::MAX);
        }
        Some(Self {
            id,
            identity: entries.identity(id),
            within: (entries.scope(id), currency),
            amount: minor,
            at: minute(entries, id),
            window,
            limit,
            open: true,
            numbered: !entries.transaction_id_bytes(id).is_empty(),
        })
    }

    fn place(&self) -> ((u16, Currency), i64, i64) {
        (self.within, self.amount, self.at)
    }

    /// An order's window, moved.
    fn from(&self, reach: Reach) -> i64 {
        self.window.0.saturating_sub(reach.days_before.saturating_mul(DAY))
    }

    fn to(&self, reach: Reach) -> i64 {
        self.window.1.saturating_add(reach.days_after.saturating_mul(DAY))
    }
}

/// Minutes as whole days, rounded up; 0 where there are none.
fn days(minutes: i64) -> i64 {
    minutes.max(0).saturating_add(DAY.saturating_sub(1)).div_euclid(DAY)
}

/// Rows of one side, by scope, currency, amount and time.
#[derive(Debug, Default)]
pub(super) struct Pool(Vec<Row>);

impl Pool {
    pub(super) fn of(mut rows: Vec<Row>) -> Self {
        sort::sort_by(&mut rows, |one, other| {
            one.place().cmp(&other.place()).then(one.identity.cmp(&other.identity))
        });
        Self(rows)
    }

    /// All of them.
    pub(super) fn rows(&self) -> &[Row] {
        &self.0
    }

    /// Whether there is any row in the scope and currency of another.
    pub(super) fn has_any(&self, like: &Row) -> bool {
        let start = self.0.partition_point(|row| row.within < like.within);
        self.0.get(start).is_some_and(|row| row.within == like.within)
    }

    /// Rows of a scope, a currency and an amount, by time.
    pub(super) fn equal(&self, to: &Row) -> &[Row] {
        let key = (to.within, to.amount);
        let start = self.0.partition_point(|row| (row.within, row.amount) < key);
        let end = self.0.partition_point(|row| (row.within, row.amount) <= key);
        self.0.get(start..end).unwrap_or_default()
    }

    /// The rows of other amounts in a scope and currency, nearest amounts first: those below, those
    /// above.
    fn others<'p>(&'p self, to: &Row) -> [Box<dyn Iterator<Item = &'p Row> + 'p>; 2] {
        let key = (to.within, to.amount);
        let start = self.0.partition_point(|row| (row.within, row.amount) < key);
        let end = self.0.partition_point(|row| (row.within, row.amount) <= key);
        let within = to.within;
        let near = move |row: &&Row| row.within == within;
        let below = self.0.get(..start).unwrap_or_default().iter().rev();
        let above = self.0.get(end..).unwrap_or_default().iter();
        [Box::new(below.take_while(near)), Box::new(above.take_while(near))]
    }

    /// On either side the nearest other amount that a row is in time with; only so many are looked at.
    pub(super) fn near(&self, to: &Row, is_order: bool) -> impl Iterator<Item = &Row> {
        let in_time = move |other: &&Row| pair(to, other, is_order).in_time(Reach::default());
        self.others(to).into_iter().filter_map(move |side| side.take(WHY_NOT_LOOKS).find(in_time))
    }

    /// The rows of other amounts that the tolerance lets go; only so many are looked at.
    pub(super) fn within_limit(&self, to: &Row, is_order: bool) -> impl Iterator<Item = &Row> {
        let near = move |other: &&Row| pair(to, other, is_order).in_amount(Reach::default());
        self.others(to).into_iter().flat_map(move |side| side.take_while(near).take(WHY_NOT_LOOKS))
    }

    /// How many rows of the pool a row reaches; one more where more are near than are looked at.
    pub(super) fn reached(&self, by: &Row, is_order: bool, reach: Reach) -> usize {
        let equal = self.equal(by);
        let equal = match is_order {
            true => {
                let start = equal.partition_point(|line| line.at < by.from(reach));
                equal.partition_point(|line| line.at <= by.to(reach)).saturating_sub(start)
            }
            false => {
                let start = equal.partition_point(|order| order.to(reach) < by.at);
                equal.partition_point(|order| order.from(reach) <= by.at).saturating_sub(start)
            }
        };
        let mut found = equal;
        for side in self.others(by) {
            for (looked, other) in side.enumerate() {
                let pair = pair(by, other, is_order);
                if !pair.in_amount(reach) {
                    break;
                }
                if looked >= WHY_NOT_LOOKS || pair.in_time(reach) {
                    found = found.saturating_add(1);
                }
                if looked >= WHY_NOT_LOOKS {
                    break;
                }
            }
        }
        found
    }
}

/// An order and a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'r> {
    pub(super) order: &'r Row,
    pub(super) line: &'r Row,
}

/// Two rows, of which the first is an order or a line.
pub(super) fn pair<'r>(one: &'r Row, other: &'r Row, is_order: bool) -> Pair<'r> {
    match is_order {
        true => Pair { order: one, line: other },
        false => Pair { order: other, line: one },
    }
}

impl Pair<'_> {
    /// Whether the line is within the order's window, moved by `reach`.
    pub(super) fn in_time(self, reach: Reach) -> bool {
        (self.order.from(reach)..=self.order.to(reach)).contains(&self.line.at)
    }

    /// Whether the two differ by no more than is allowed.
    pub(super) fn in_amount(self, reach: Reach) -> bool {
        let apart = self.order.amount.abs_diff(self.line.amount);
        let limit = self.order.limit.max(reach.difference);
        i64::try_from(apart).is_ok_and(|apart| apart <= limit)
    }

    /// What the line has more.
    pub(super) fn difference(self) -> i64 {
        self.line.amount.saturating_sub(self.order.amount)
    }

    /// By how many days the line is before and after the order's window.
    pub(super) fn days_off(self) -> (i64, i64) {
        let (from, to) = self.order.window;
        (days(from.saturating_sub(self.line.at)), days(self.line.at.saturating_sub(to)))
    }
}
