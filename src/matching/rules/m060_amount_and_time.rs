//! M060 amount and time — the same amount within the window, where no reference says otherwise.
//!
//! ## What it matches
//! Open orders and open payment lines of one currency and amount whose times fit the calendar,
//! where the line names no order at all.
//! ## Why it is safe
//! The pairs are the best assignment of all rows of the amount together, never the first that
//! fits. Only what every best assignment has, or what differs by rows that are alike in all their
//! money (`interchangeable`), becomes a match, and only if the rules allow matching without a
//! reference; else it is a suggestion on the open rows. A pair is called `forced` only if its
//! amount is [rare](crate::matching::rarity): a row whose own partner is missing from the files may
//! meet another row of a usual price, and then only the money is known.
//! ## When it abstains
//! A line that names an order, known or not, is never matched by its amount. Nor is a line with a
//! transaction id paired with an order that has another one. What is left over of interchangeable
//! rows stays open and says of how many it is one; a choice in which the money differs is a
//! question with its nearest candidates.
//! ## Example
//! Orders `KE-1` and `KE-2` over 9.99 on Monday; two lines over 9.99 on Monday without a
//! reference: two matches, `interchangeable`.
//! ## 中文
//! 流水没有单号，金额与币种相同、时间符合结算日历：对同一金额的全部行求整体最优。只有规则允许自动时才成为匹配，否则只是建议；换一种配法金额不变的称为可互换；文件可能缺行，因此只有全部文件中再无同额他笔、且金额很少重复时才称为唯一（`forced`）。

use super::Rule;
use crate::entry::Entries;
use crate::ids::EntryId;
use crate::limits::CANDIDATES_SHOWN;
use crate::matching::Matches;
use crate::matching::matcher::Terms;
use crate::matching::rarity::Census;
use crate::matching::residual::bucket::{self, Left, Right};
use crate::matching::residual::{NONE, count, link};
use crate::matching::resolve::claim;
use crate::matching::without_reference::{Decided, Sure, alike, may_be_matched, minute, sides};
use crate::sort;

/// What the rule pairs by: English, Chinese.
pub const TITLE: (&str, &str) =
    ("same amount within the time window, without a reference", "金额相同且时间相近，无单号");

/// The rule's code, for those who look for it here.
pub const RULE: Rule = Rule::AmountAndTime;

/// Writes the currency and amount of an entry that may be matched without a reference.
pub(crate) fn key(entries: &Entries, id: EntryId, key: &mut Vec<u8>) {
    key.clear();
    let (amount, currency) = claim(entries, id);
    let Some(minor) = amount.as_minor().filter(|minor| *minor > 0) else { return };
    if may_be_matched(entries, id) {
        key.extend_from_slice(currency.code().as_bytes());
        key.extend_from_slice(&minor.to_le_bytes());
        entries.add_scope(id, key);
    }
}

/// Matches the entries of one currency and amount, or says what could be matched.
pub(crate) fn pair(
    entries: &mut Entries,
    matches: &mut Matches,
    (terms, census): (&Terms, &Census),
    ids: &[EntryId],
) {
    let (orders, lines) = sides(entries, ids);
    if orders.is_empty() || lines.is_empty() {
        return;
    }
    let outcome = bucket::solve(&lefts(entries, terms, &orders), &rights(entries, &lines));
    let decided = Decided { rule: RULE, orders, lines, outcome };
    let near = |entries: &Entries, is_order, row| nearest(entries, &decided, is_order, row);
    let sure = |order, line| census.is_telling(order, line, &|_| 0);
    let sure: Option<Sure<'_>> = terms.without_reference.automatic.then_some(&sure);
    decided.apply(entries, matches, sure, &near);
}

/// Orders with their windows.
fn lefts(entries: &Entries, terms: &Terms, orders: &[EntryId]) -> Vec<Left> {
    let mut last = i64::MIN;
    let row = |order: &EntryId| {
        let due = entries.local_date(*order).map(|date| terms.due.date(date));
        let (from, to) = terms.without_reference.window(entries, *order, due);
        // Orders of several zones may end a little out of turn; windows only move forward.
        last = last.max(to);
        Left { at: minute(entries, *order), from, to: last }
    };
    orders.iter().map(row).collect()
}

/// Lines with numbers that are equal where all their money is.
fn rights(entries: &Entries, lines: &[EntryId]) -> Vec<Right> {
    let row = |(line, alike): (&EntryId, u32)| Right { at: minute(entries, *line), alike };
    lines.iter().zip(alike(entries, lines)).map(row).collect()
}

/// The rows of the other side in the group of a row that are nearest in time, nearest first.
fn nearest(entries: &Entries, decided: &Decided, is_order: bool, row: u32) -> Vec<EntryId> {
    let Decided { orders, lines, outcome, .. } = decided;
    let (ids, groups, others, other_groups) = match is_order {
        true => (orders, &outcome.left_groups, lines, &outcome.right_groups),
        false => (lines, &outcome.right_groups, orders, &outcome.left_groups),
    };
    let Some(at) = ids.get(row as usize).map(|id| minute(entries, *id)) else { return Vec::new() };
    let middle = others.partition_point(|other| minute(entries, *other) < at);
    let middle = u32::try_from(middle).unwrap_or(NONE);
    // Between the rows of a group stand only such as have a partner in every assignment.
    let looked_at = 4 * u32::try_from(CANDIDATES_SHOWN).unwrap_or(0);
    let end = middle.saturating_add(looked_at).min(count(others));
    let mut near: Vec<(u64, EntryId)> = (middle.saturating_sub(looked_at)..end)
        .filter(|other| link(other_groups, *other) == link(groups, row))
        .filter_map(|other| others.get(other as usize).copied())
        .map(|other| (minute(entries, other).abs_diff(at), other))
        .collect();
    sort::sort_by_key(&mut near, |(apart, other)| (*apart, entries.age_key(*other)));
    near.truncate(CANDIDATES_SHOWN);
    near.into_iter().map(|(_, other)| other).collect()
}
