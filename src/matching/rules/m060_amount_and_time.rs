//! M060 amount and time — the same amount within the window, where no reference says otherwise.
//!
//! ## What it matches
//! Open orders and open payment lines of one currency and amount whose times fit the calendar,
//! where the line names no order at all.
//! ## Why it is safe
//! The pairs are the best assignment of all rows of the amount together, never the first that
//! fits. Only what every best assignment has (`forced`), or what differs by rows that are alike in
//! all their money (`interchangeable`), becomes a match, and only if the rules allow matching
//! without a reference; else it is a suggestion on the open rows.
//! ## When it abstains
//! A line that names an order, known or not, is never matched by its amount. Nor is a line with a
//! transaction id paired with an order that has another one. What is left over of interchangeable
//! rows stays open and says of how many it is one; a choice in which the money differs is a
//! question with its nearest candidates.
//! ## Example
//! Orders `KE-1` and `KE-2` over 9.99 on Monday; two lines over 9.99 on Monday without a
//! reference: two matches, `interchangeable`.

use super::Rule;
use crate::codes::Code;
use crate::entry::{Disposition, Entries, Side, Status};
use crate::ids::EntryId;
use crate::limits::CANDIDATES_SHOWN;
use crate::matching::matcher::Terms;
use crate::matching::matches::Figures;
use crate::matching::residual::bucket::{self, Left, Right};
use crate::matching::residual::{Group, Limit, NONE, Outcome, count, get, link};
use crate::matching::resolve::claim;
use crate::matching::{Class, Matches};
use crate::sort;
use crate::time::Date;

/// What the rule pairs by: English, Chinese.
pub const TITLE: (&str, &str) =
    ("same amount within the time window, without a reference", "金额相同且时间相近，无单号");

/// The rule's code, for those who look for it here.
pub const RULE: Rule = Rule::AmountAndTime;

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60;

/// Writes the currency and amount of an entry that may be matched without a reference.
pub(crate) fn key(entries: &Entries, id: EntryId, key: &mut Vec<u8>) {
    key.clear();
    let (amount, currency) = claim(entries, id);
    let Some(minor) = amount.as_minor().filter(|minor| *minor > 0) else { return };
    if may_be_matched(entries, id) {
        key.extend_from_slice(currency.code().as_bytes());
        key.extend_from_slice(&minor.to_le_bytes());
    }
}

fn may_be_matched(entries: &Entries, id: EntryId) -> bool {
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

/// Matches the entries of one currency and amount, or says what could be matched.
pub(crate) fn pair(entries: &mut Entries, matches: &mut Matches, terms: &Terms, ids: &[EntryId]) {
    let (mut orders, mut lines): (Vec<EntryId>, Vec<EntryId>) =
        ids.iter().copied().partition(|id| entries.side(*id) == Side::Orders);
    if lines.iter().any(|line| !entries.transaction_id_bytes(*line).is_empty()) {
        orders.retain(|order| entries.transaction_id_bytes(*order).is_empty());
    }
    if orders.is_empty() || lines.is_empty() {
        return;
    }
    entries.sort(&mut orders);
    entries.sort(&mut lines);
    let outcome = bucket::solve(&lefts(entries, terms, &orders), &rights(entries, &lines));
    let bucket = Bucket { orders, lines, outcome };
    if terms.without_reference.automatic {
        bucket.make(entries, matches);
    }
    bucket.note(entries, matches, terms.without_reference.automatic);
}

/// When an entry happened, in minutes.
fn minute(entries: &Entries, id: EntryId) -> i64 {
    entries.occurred_at(id).map_or(0, |instant| instant.0.div_euclid(MINUTE))
}

/// Orders with their windows: from some days before until some days after the money is due.
fn lefts(entries: &Entries, terms: &Terms, orders: &[EntryId]) -> Vec<Left> {
    let days = &terms.without_reference;
    let mut last = i64::MIN;
    let row = |order: &EntryId| {
        let at = minute(entries, *order);
        let from = at - i64::from(days.days_before) * DAY;
        let due = entries.local_date(*order).map(|date| terms.due.date(date));
        let end = due.map_or(at, |due| (i64::from(due.0) + 1) * DAY - 1);
        let end = end - i64::from(entries.offset_minutes(*order));
        // Orders of several zones may end a little out of turn; windows only move forward.
        last = last.max(end.max(at) + i64::from(days.days_after) * DAY);
        Left { at, from, to: last }
    };
    orders.iter().map(row).collect()
}

/// Lines with numbers that are equal where all their money is.
fn rights(entries: &Entries, lines: &[EntryId]) -> Vec<Right> {
    let money = |line: EntryId| {
        let net = (entries.net(line), entries.net_currency(line));
        (entries.fee(line), entries.tax(line), net, entries.amount(line))
    };
    let mut rights: Vec<Right> =
        lines.iter().map(|line| Right { at: minute(entries, *line), alike: 0 }).collect();
    let mut places: Vec<u32> = (0..count(lines)).collect();
    let at = |place: u32| lines.get(place as usize).copied().map(money);
    sort::sort_by(&mut places, |one, other| at(*one).cmp(&at(*other)));
    for (alike, run) in (0..).zip(places.chunk_by(|one, other| at(*one) == at(*other))) {
        for place in run {
            if let Some(right) = rights.get_mut(*place as usize) {
                right.alike = alike;
            }
        }
    }
    rights
}

/// The rows of one amount and what was decided about them.
struct Bucket {
    orders: Vec<EntryId>,
    lines: Vec<EntryId>,
    outcome: Outcome,
}

impl Bucket {
    fn group(&self, groups: &[u32], row: u32) -> Option<&Group> {
        self.outcome.groups.get(link(groups, row) as usize)
    }

    /// Makes the matches that the data leaves no doubt about.
    fn make(&self, entries: &mut Entries, matches: &mut Matches) {
        for (row, order) in (0..).zip(&self.orders) {
            let line = self.lines.get(link(&self.outcome.mates, row) as usize);
            let group = self.group(&self.outcome.left_groups, row);
            if let (Some(line), Some(group)) = (line, group)
                && group.class != Class::Ambiguous
            {
                let _ = matches.make(entries, RULE, group.class, &[*order, *line]);
            }
        }
    }

    /// Says of each row that stays open what it could have been matched with.
    fn note(&self, entries: &Entries, matches: &mut Matches, automatic: bool) {
        let sides = [
            (&self.orders, &self.lines, &self.outcome.left_groups, &self.outcome.right_groups),
            (&self.lines, &self.orders, &self.outcome.right_groups, &self.outcome.left_groups),
        ];
        for (own, other, groups, other_groups) in sides {
            let ages = Ages::of(entries, own, groups, &self.outcome.groups);
            for (row, id) in (0..).zip(own.iter().copied()) {
                let Some(group) = self.group(groups, row) else { continue };
                if entries.disposition(id) != Disposition::Open {
                    continue;
                }
                let at = link(groups, row);
                let near = || {
                    let in_group = |other: &u32| link(other_groups, *other) == at;
                    nearest(entries, id, other, in_group)
                };
                match (group.class, automatic) {
                    (Class::Ambiguous, _) => {
                        let rows = Figures::Rows(group.lefts, group.rights);
                        matches.find_with(Code::AmbiguousPair, id, near(), rows);
                    }
                    (_, false) => matches.find(Code::LowEvidence, id, near()),
                    (_, true) => {
                        let is_order = entries.side(id) == Side::Orders;
                        let (code, all) = match is_order {
                            true => (Code::MissingInSettlement, group.lefts),
                            false => (Code::MissingInOrders, group.rights),
                        };
                        let rows = Figures::Rows(all, group.pairs);
                        matches.find_with(code, id, Vec::new(), rows);
                        let (oldest, newest) = get(&ages.0, at);
                        let dates = Figures::Dates(Date(oldest), Date(newest));
                        matches.find_with(Code::LowEvidence, id, Vec::new(), dates);
                        if group.limit == Limit::Lag {
                            matches.find(Code::SearchBudgetReached, id, Vec::new());
                        }
                    }
                }
            }
        }
    }
}

/// The first and last day of the rows of each group.
struct Ages(Vec<(i32, i32)>);

impl Ages {
    fn of(entries: &Entries, rows: &[EntryId], of_rows: &[u32], groups: &[Group]) -> Self {
        let mut ages = vec![(i32::MAX, i32::MIN); groups.len()];
        for (row, group) in rows.iter().zip(of_rows) {
            let date = entries.local_date(*row);
            if let (Some(age), Some(date)) = (ages.get_mut(*group as usize), date) {
                *age = (age.0.min(date.0), age.1.max(date.0));
            }
        }
        Self(ages)
    }
}

/// The rows of the other side in one group that are nearest in time to a row, nearest first.
fn nearest(
    entries: &Entries,
    id: EntryId,
    others: &[EntryId],
    in_group: impl Fn(&u32) -> bool,
) -> Vec<EntryId> {
    let at = minute(entries, id);
    let middle = others.partition_point(|other| minute(entries, *other) < at);
    let middle = u32::try_from(middle).unwrap_or(NONE);
    // The rows of a group stand together, but for those that have a partner in every assignment.
    let looked_at = 4 * count(&[(); CANDIDATES_SHOWN]);
    let first = middle.saturating_sub(looked_at);
    let end = middle.saturating_add(looked_at).min(count(others));
    let mut near: Vec<(u64, EntryId)> = (first..end)
        .filter(in_group)
        .filter_map(|other| others.get(other as usize).copied())
        .map(|other| (minute(entries, other).abs_diff(at), other))
        .collect();
    sort::sort_by_key(&mut near, |(apart, other)| (*apart, entries.age_key(*other)));
    near.truncate(CANDIDATES_SHOWN);
    near.into_iter().map(|(_, other)| other).collect()
}

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
