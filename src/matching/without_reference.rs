//! Decides what becomes of rows that were assigned without a reference: matches, where the rules
//! allow it and the data leaves no doubt, and else what is said of the rows that stay open.

use crate::codes::Code;
use crate::entry::{Disposition, Entries, Side, Status};
use crate::ids::EntryId;
use crate::matching::matches::Figures;
use crate::matching::residual::{Group, Limit, Outcome, count, get, link};
use crate::matching::{Class, Matches, Rule, claim};
use crate::money::Currency;
use crate::sort;
use crate::time::Date;

/// Whether matching without a reference is allowed, and how far apart in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithoutReference {
    /// Whether certain pairs become matches; else they are suggestions.
    pub automatic: bool,
    /// How many days before its order a line may be dated: clocks and time zones differ.
    pub days_before: u16,
    /// How many days after its order is due.
    pub days_after: u16,
}

impl Default for WithoutReference {
    fn default() -> Self {
        Self { automatic: false, days_before: 1, days_after: 3 }
    }
}

/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// When an entry happened, in minutes.
pub(crate) fn minute(entries: &Entries, id: EntryId) -> i64 {
    entries.occurred_at(id).map_or(0, |instant| instant.0.div_euclid(60_000_000))
}

/// Whether an entry is open, has a time, and names nothing that would rather be believed.
pub(crate) fn may_be_matched(entries: &Entries, id: EntryId) -> bool {
    let open = entries.disposition(id) == Disposition::Open
        && entries.kind(id).is_payment()
        && entries.occurred_at(id).is_some();
    open && match entries.side(id) {
        Side::Orders => !matches!(
            entries.status(id),
            Status::Voided | Status::Pending | Status::Authorized | Status::Failed
        ),
        Side::Settlement => {
            entries.reference_bytes(id).is_empty() && entries.order_number_bytes(id).is_empty()
        }
        _ => false,
    }
}

/// The orders and lines among some entries, each by age; no orders with a transaction id where
/// lines have one, since theirs is another.
pub(crate) fn sides(entries: &Entries, ids: &[EntryId]) -> (Vec<EntryId>, Vec<EntryId>) {
    let (mut orders, mut lines): (Vec<EntryId>, Vec<EntryId>) =
        ids.iter().copied().partition(|id| entries.side(*id) == Side::Orders);
    if lines.iter().any(|line| !entries.transaction_id_bytes(*line).is_empty()) {
        orders.retain(|order| entries.transaction_id_bytes(*order).is_empty());
    }
    entries.sort(&mut orders);
    entries.sort(&mut lines);
    (orders, lines)
}

impl WithoutReference {
    /// The minutes in which the line of an order may have happened, if its money is due at the
    /// end of a day: from some days before it until some days after that.
    pub(crate) fn window(
        &self,
        entries: &Entries,
        order: EntryId,
        due: Option<Date>,
    ) -> (i64, i64) {
        let at = minute(entries, order);
        let end = due.map_or(at, |due| (i64::from(due.0) + 1) * DAY - 1);
        let end = end - i64::from(entries.offset_minutes(order));
        (at - i64::from(self.days_before) * DAY, end.max(at) + i64::from(self.days_after) * DAY)
    }
}

/// A number for each entry, equal where all the money of two entries is.
pub(crate) fn alike(entries: &Entries, ids: &[EntryId]) -> Vec<u32> {
    let money = |id: EntryId| {
        let net = (entries.net(id), entries.net_currency(id));
        (entries.fee(id), entries.tax(id), net, claim(entries, id))
    };
    let mut places: Vec<u32> = (0..count(ids)).collect();
    let at = |place: u32| ids.get(place as usize).copied().map(money);
    sort::sort_by(&mut places, |one, other| at(*one).cmp(&at(*other)));
    let mut alike = vec![0; ids.len()];
    for (number, run) in (0..).zip(places.chunk_by(|one, other| at(*one) == at(*other))) {
        for place in run {
            if let Some(row) = alike.get_mut(*place as usize) {
                *row = number;
            }
        }
    }
    alike
}

/// Rows and what was decided about them.
#[derive(Debug)]
pub(crate) struct Decided {
    pub(crate) rule: Rule,
    pub(crate) orders: Vec<EntryId>,
    pub(crate) lines: Vec<EntryId>,
    pub(crate) outcome: Outcome,
}

/// Whether an order and a line of these amounts can only be each other's.
pub(crate) type Sure<'a> = &'a dyn Fn((Currency, i64), (Currency, i64)) -> bool;

/// The nearest candidates of a row: whether it is an order, and its place.
pub(crate) type Nearest<'a> = &'a dyn Fn(&Entries, bool, u32) -> Vec<EntryId>;

impl Decided {
    /// Makes matches, if that is allowed, in which case `sure` judges amounts; and says of every other row what it could have been
    /// matched with.
    pub(crate) fn apply(
        &self,
        entries: &mut Entries,
        matches: &mut Matches,
        sure: Option<Sure<'_>>,
        nearest: Nearest<'_>,
    ) {
        if let Some(sure) = sure {
            self.make(entries, matches, sure);
        }
        for is_order in [true, false] {
            let ages = self.ages(entries, is_order);
            let (ids, groups) = self.side(is_order);
            for (row, id) in (0..).zip(ids.iter().copied()) {
                let at = link(groups, row);
                let Some(group) = self.outcome.groups.get(at as usize) else { continue };
                if entries.disposition(id) != Disposition::Open {
                    continue;
                }
                if group.class == Class::Ambiguous || sure.is_none() {
                    let near = nearest(entries, is_order, row);
                    suggest(matches, group, id, near);
                } else {
                    left_over(matches, group, (is_order, id), get(&ages, at));
                }
                if group.limit != Limit::No {
                    matches.find(Code::SearchBudgetReached, id, Vec::new());
                }
            }
        }
    }

    fn side(&self, is_order: bool) -> (&[EntryId], &[u32]) {
        match is_order {
            true => (&self.orders, &self.outcome.left_groups),
            false => (&self.lines, &self.outcome.right_groups),
        }
    }

    /// Makes the matches that the data leaves no doubt about.
    fn make(&self, entries: &mut Entries, matches: &mut Matches, sure: Sure<'_>) {
        let sum = |entries: &Entries, id: EntryId| {
            let (amount, currency) = claim(entries, id);
            (currency, amount.as_minor().unwrap_or(0))
        };
        for (row, order) in (0..).zip(&self.orders) {
            let line = self.lines.get(link(&self.outcome.mates, row) as usize);
            let group = link(&self.outcome.left_groups, row) as usize;
            if let (Some(line), Some(group)) = (line, self.outcome.groups.get(group))
                && group.class != Class::Ambiguous
            {
                let class = match group.class {
                    Class::Forced if !sure(sum(entries, *order), sum(entries, *line)) => {
                        Class::Interchangeable
                    }
                    class => class,
                };
                let _ = matches.make(entries, self.rule, class, &[*order, *line]);
            }
        }
    }

    /// The first and last day of one side of each group.
    fn ages(&self, entries: &Entries, is_order: bool) -> Vec<(i32, i32)> {
        let (ids, groups) = self.side(is_order);
        let mut ages = vec![(i32::MAX, i32::MIN); self.outcome.groups.len()];
        for (id, group) in ids.iter().zip(groups) {
            let date = entries.local_date(*id);
            if let (Some(age), Some(date)) = (ages.get_mut(*group as usize), date) {
                *age = (age.0.min(date.0), age.1.max(date.0));
            }
        }
        ages
    }
}

/// What is said of a row whose partner nobody has allowed, or knows.
fn suggest(matches: &mut Matches, group: &Group, id: EntryId, near: Vec<EntryId>) {
    if group.class == Class::Ambiguous {
        let rows = Figures::Rows(group.lefts, group.rights);
        matches.find_with(Code::AmbiguousPair, id, near, rows);
    } else {
        matches.find(Code::LowEvidence, id, near);
    }
}

/// What is said of a row that is left over of rows that are alike.
fn left_over(
    matches: &mut Matches,
    group: &Group,
    (is_order, id): (bool, EntryId),
    (oldest, newest): (i32, i32),
) {
    let (code, all) = match is_order {
        true => (Code::MissingInSettlement, group.lefts),
        false => (Code::MissingInOrders, group.rights),
    };
    matches.find_with(code, id, Vec::new(), Figures::Rows(all, group.pairs));
    let dates = Figures::Dates(Date(oldest), Date(newest));
    matches.find_with(Code::LowEvidence, id, Vec::new(), dates);
}
