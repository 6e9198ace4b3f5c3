//! M070 amount within the tolerance — nearly the same amount within the window, without a
//! reference.
//!
//! ## What it matches
//! Open orders and open payment lines of one currency whose amounts differ by no more than the
//! tolerance of the rules and whose times fit the calendar, where the line names no order.
//! ## Why it is safe
//! Equal amounts were taken by M060. What is left is assigned as a whole: most pairs, then least
//! unexplained money, and only pairs that every best assignment has, or that differ by rows that
//! are alike in all their money, become matches, if the rules allow matching without a reference.
//! The difference stays visible on the match.
//! ## When it abstains
//! Without a tolerance. A line that names an order is never matched by its amount. Where several
//! assignments are equally good and differ in money, or where there are more candidates than the
//! search looks at, the rows are a question.
//! ## Example
//! With a tolerance of 0.10: order `KE-1` over 99.95 on Monday, and a line over 99.90 on Tuesday
//! without a reference.
//! ## 中文
//! 同上，但金额相差不超过容差；先求配对最多，再求未解释金额最少。差额在匹配上保持可见。

use super::Rule;
use crate::codes::Code;
use crate::entry::{Entries, Side};
use crate::ids::EntryId;
use crate::limits::{ASSIGNMENT_ROWS, CANDIDATES_SHOWN};
use crate::matching::matcher::Terms;
use crate::matching::rarity::Census;
use crate::matching::residual::count;
use crate::matching::residual::listing::{Listing, Offer, Wish};
use crate::matching::residual::pairs::{Pair, Problem, Solver};
use crate::matching::without_reference::{Decided, Sure, alike, may_be_matched, minute, sides};
use crate::matching::{Matches, claim};
use crate::money::{Amount, Currency};
use crate::sort;

/// What the rule pairs by: English, Chinese.
pub const TITLE: (&str, &str) = (
    "amount within the tolerance and the time window, without a reference",
    "金额在容差内且时间相近，无单号",
);

/// The rule's code, for those who look for it here.
pub const RULE: Rule = Rule::AmountWithinTolerance;

/// Rows of the pass, and the amounts that may settle each: first currency, then amount.
#[derive(Debug, Default)]
pub(crate) struct Near {
    rows: Vec<Reach>,
    next: usize,
    work: Option<Box<Work>>,
}

/// A row with the amounts that it reaches, in minor units of a currency and within a scope.
#[derive(Clone, Copy, Debug)]
struct Reach {
    within: (u16, Currency),
    low: i64,
    high: i64,
    id: EntryId,
}

/// One set of rows that reach each other, being assigned.
#[derive(Debug)]
struct Work {
    orders: Vec<EntryId>,
    lines: Vec<EntryId>,
    pairs: Vec<Pair>,
    solver: Solver,
}

impl Near {
    /// Adds an entry, if it may be matched without a reference.
    pub(crate) fn add(&mut self, entries: &Entries, terms: &Terms, id: EntryId) {
        let (amount, currency) = claim(entries, id);
        let Some(minor) = amount.as_minor().filter(|minor| *minor > 0) else { return };
        if !may_be_matched(entries, id) {
            return;
        }
        let limit = match entries.side(id) {
            Side::Orders => terms.tolerance.limit(amount, currency),
            _ => 0,
        };
        let (low, high) =
            (minor.saturating_sub_unsigned(limit), minor.saturating_add_unsigned(limit));
        self.rows.push(Reach { within: (entries.scope(id), currency), low, high, id });
    }

    /// Sorts the rows; call it when all are added.
    pub(crate) fn sort(&mut self) {
        sort::sort_by_key(&mut self.rows, |row| (row.within, row.low));
    }

    /// Looks at about `budget` pairs; whether there is more to do.
    pub(crate) fn step(
        &mut self,
        entries: &mut Entries,
        matches: &mut Matches,
        (terms, census): (&Terms, &Census),
        budget: u32,
    ) -> bool {
        match &mut self.work {
            Some(work) => {
                if !work.solver.step(u64::from(budget) * 8) {
                    let work = self.work.take();
                    if let Some(work) = work {
                        work.finish(entries, matches, terms, census);
                    }
                }
                true
            }
            None => {
                let end = self.next.saturating_add(budget as usize);
                while self.work.is_none() && self.next < end {
                    let ids = self.next_set();
                    if ids.is_empty() {
                        return false;
                    }
                    self.work = Work::of(entries, matches, terms, &ids).map(Box::new);
                }
                true
            }
        }
    }

    /// Takes the next rows whose amounts reach each other; none at the end.
    fn next_set(&mut self) -> Vec<EntryId> {
        let mut ids = Vec::new();
        let mut reached: Option<((u16, Currency), i64)> = None;
        for row in self.rows.iter().skip(self.next) {
            match reached {
                Some((within, high)) if row.within != within || row.low > high => break,
                _ => {}
            }
            let high = reached.map_or(row.high, |(_, high)| high.max(row.high));
            reached = Some((row.within, high));
            ids.push(row.id);
        }
        self.next = self.next.saturating_add(ids.len());
        ids
    }
}

impl Work {
    fn of(
        entries: &Entries,
        matches: &mut Matches,
        terms: &Terms,
        ids: &[EntryId],
    ) -> Option<Self> {
        let (orders, lines) = sides(entries, ids);
        if orders.is_empty() || lines.is_empty() {
            return None;
        }
        if orders.len().saturating_add(lines.len()) > ASSIGNMENT_ROWS {
            for id in orders.iter().chain(&lines) {
                matches.find(Code::SearchBudgetReached, *id, Vec::new());
            }
            return None;
        }
        let minor = |id: EntryId| claim(entries, id).0.as_minor().unwrap_or(0);
        let wish = |(left, order): (u32, &EntryId)| {
            let due = entries.local_date(*order).map(|date| terms.due.date(date));
            let (from, to) = terms.without_reference.window(entries, *order, due);
            let (amount, currency) = claim(entries, *order);
            let within = terms.tolerance.limit(amount, currency);
            Wish { left, amount: minor(*order), within, at: minute(entries, *order), from, to }
        };
        let wishes: Vec<Wish> = (0..).zip(&orders).map(wish).collect();
        let offer = |(right, line): (u32, &EntryId)| Offer {
            amount: minor(*line),
            at: minute(entries, *line),
            right,
        };
        let mut offers: Vec<Offer> = (0..).zip(&lines).map(offer).collect();
        sort::sort(&mut offers);
        let listing = Listing::of(count(&orders), &wishes, &offers, &|_, _| 0);
        if listing.pairs.is_empty() {
            return None;
        }
        let pairs = listing.pairs.clone();
        let mut problem =
            Problem::new(alike(entries, &orders), alike(entries, &lines), listing.pairs);
        problem.cut = listing.cut;
        Some(Self { orders, lines, pairs, solver: Solver::new(problem) })
    }

    fn finish(self, entries: &mut Entries, matches: &mut Matches, terms: &Terms, census: &Census) {
        let Self { orders, lines, pairs, solver } = self;
        let decided = Decided { rule: RULE, orders, lines, outcome: solver.finish() };
        // By right row, then nearest in money and time.
        let mut by_right: Vec<u32> = (0..count(&pairs)).collect();
        let pair = |at: u32| pairs.get(at as usize).copied().unwrap_or_default();
        sort::sort_by_key(&mut by_right, |at| pair(*at).right);
        let near = |_: &Entries, is_order: bool, row: u32| {
            let (own, others): (Vec<Pair>, &[EntryId]) = match is_order {
                true => {
                    let start = pairs.partition_point(|pair| pair.left < row);
                    let own = pairs.iter().skip(start).take_while(|pair| pair.left == row);
                    (own.copied().collect(), &decided.lines)
                }
                false => {
                    let start = by_right.partition_point(|at| pair(*at).right < row);
                    let own = by_right.iter().skip(start).map(|at| pair(*at));
                    (own.take_while(|pair| pair.right == row).collect(), &decided.orders)
                }
            };
            nearest(own, others, is_order)
        };
        let reach = |(currency, minor)| terms.tolerance.limit(Amount::from_minor(minor), currency);
        let sure = |order, line| census.is_telling(order, line, &reach);
        let sure: Option<Sure<'_>> = terms.without_reference.automatic.then_some(&sure);
        decided.apply(entries, matches, sure, &near);
    }
}

/// The other rows of some pairs, nearest in money and then in time first.
fn nearest(mut pairs: Vec<Pair>, others: &[EntryId], is_order: bool) -> Vec<EntryId> {
    sort::sort_by_key(&mut pairs, |pair| (pair.money, pair.lag, pair.left, pair.right));
    let other = |pair: &Pair| if is_order { pair.right } else { pair.left };
    let ids = pairs.iter().map(|pair| others.get(other(pair) as usize).copied());
    ids.take(CANDIDATES_SHOWN).flatten().collect()
}
