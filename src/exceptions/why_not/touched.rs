//! Counts the rows whose matching could change if a limit of the rules were wider.
//!
//! Rows are matched together with all that they reach, and all that these reach: a new partner for
//! one row can change the partner of another. So rows are joined into crowds, and a crowd counts as a
//! whole as soon as one of its rows has a partner within reach that it had not before.

use std::collections::BTreeMap;

use super::pool::Row;
use crate::money::Currency;
use crate::sort;

/// A limit of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Limit {
    /// None is moved: pairs that are only suggested are matched.
    Now,
    /// How many days before its order a line may be.
    DaysBefore,
    /// How many days after.
    DaysAfter,
    /// By how much amounts may differ.
    Tolerance,
}

/// By how much each limit must be moved until a row has a partner that it had not; `None` where it
/// gets none so.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Least {
    /// It has one already, which is only suggested.
    pub(super) now: bool,
    pub(super) days_before: Option<i64>,
    pub(super) days_after: Option<i64>,
    pub(super) difference: Option<i64>,
}

/// A row of the crowd.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    pub(super) row: Row,
    pub(super) least: Least,
}

impl Member {
    fn least(&self, limit: Limit) -> Option<i64> {
        if self.least.now {
            return Some(0);
        }
        match limit {
            Limit::Now => None,
            Limit::DaysBefore => self.least.days_before,
            Limit::DaysAfter => self.least.days_after,
            Limit::Tolerance => self.least.difference,
        }
    }
}

/// A limit that is moved by so much, and a currency whose rows are counted.
pub(super) type Question = (Currency, Limit, i64);

/// How many rows are touched, for each question.
pub(super) fn touched(mut members: Vec<Member>, asked: &[Question]) -> BTreeMap<Question, usize> {
    let key = |member: &Member| (member.row.within, member.row.amount);
    sort::sort_by_key(&mut members, key);
    let mut questions: Vec<Question> = asked.to_vec();
    sort::sort(&mut questions);
    questions.dedup();
    let mut all = BTreeMap::new();
    for of_currency in questions.chunk_by(|one, other| one.0 == other.0) {
        let Some((currency, ..)) = of_currency.first().copied() else { continue };
        let own: Vec<Member> =
            members.iter().filter(|member| member.row.within.1 == currency).copied().collect();
        let joined = joined(&own);
        for of_limit in of_currency.chunk_by(|one, other| one.1 == other.1) {
            answer(&own, &joined, of_limit, &mut all);
        }
    }
    all
}

/// Answers questions of one currency and limit, the least first.
fn answer(
    members: &[Member],
    joined: &[bool],
    questions: &[Question],
    all: &mut BTreeMap<Question, usize>,
) {
    let Some((_, limit, _)) = questions.first().copied() else { return };
    let mut crowds = Crowds::of(joined, members.len());
    let mut reached = in_order(members, |_, member| member.least(limit)).into_iter().peekable();
    let gap = |at: usize, member: &Member| {
        let next = members.get(at.checked_add(1)?)?;
        let joins = limit == Limit::Tolerance && member.row.within == next.row.within;
        joins.then(|| next.row.amount.saturating_sub(member.row.amount))
    };
    let mut gaps = in_order(members, gap).into_iter().peekable();
    for question in questions {
        while let Some((_, at)) = gaps.next_if(|(gap, _)| *gap <= question.2) {
            crowds.join(at, at.saturating_add(1));
        }
        while let Some((_, at)) = reached.next_if(|(least, _)| *least <= question.2) {
            crowds.touch(at);
        }
        all.insert(*question, crowds.touched);
    }
}

/// Places with a value, the least first.
fn in_order(
    members: &[Member],
    value: impl Fn(usize, &Member) -> Option<i64>,
) -> Vec<(i64, usize)> {
    let values = members.iter().enumerate();
    let mut all: Vec<(i64, usize)> =
        values.filter_map(|(at, member)| Some((value(at, member)?, at))).collect();
    all.sort_unstable();
    all
}

/// Whether each row is in one crowd with the next, by the limits as they are: an order with all that
/// its tolerance spans.
fn joined(members: &[Member]) -> Vec<bool> {
    let mut joined = vec![false; members.len()];
    let mut spans: Vec<i32> = vec![0; members.len().saturating_add(1)];
    for member in members {
        let (within, amount, limit) = (member.row.within, member.row.amount, member.row.limit);
        let (low, high) = (amount.saturating_sub(limit), amount.saturating_add(limit));
        let key = |other: &Member| (other.row.within, other.row.amount);
        let first = members.partition_point(|other| key(other) < (within, low));
        let after = members.partition_point(|other| key(other) <= (within, high));
        for (at, step) in [(first, 1), (after.saturating_sub(1), -1)] {
            if let Some(span) = spans.get_mut(at) {
                *span = span.saturating_add(step);
            }
        }
    }
    let mut open = 0_i32;
    for (joined, span) in joined.iter_mut().zip(spans) {
        open = open.saturating_add(span);
        *joined = open > 0;
    }
    joined
}

/// Rows that are matched together, joined step by step.
struct Crowds {
    parent: Vec<usize>,
    size: Vec<usize>,
    is_touched: Vec<bool>,
    /// Rows of all crowds that are touched.
    touched: usize,
}

impl Crowds {
    fn of(joined: &[bool], len: usize) -> Self {
        let mut crowds = Self {
            parent: (0..len).collect(),
            size: vec![1; len],
            is_touched: vec![false; len],
            touched: 0,
        };
        for (at, _) in joined.iter().enumerate().filter(|(_, joined)| **joined) {
            crowds.join(at, at.saturating_add(1));
        }
        crowds
    }

    fn root(&mut self, of: usize) -> usize {
        let mut at = of;
        while let Some(up) = self.parent.get(at).copied().filter(|up| *up != at) {
            let above = self.parent.get(up).copied().unwrap_or(up);
            if let Some(parent) = self.parent.get_mut(at) {
                *parent = above;
            }
            at = above;
        }
        at
    }

    fn size(&self, root: usize) -> usize {
        self.size.get(root).copied().unwrap_or(0)
    }

    fn is_touched(&self, root: usize) -> bool {
        self.is_touched.get(root).copied().unwrap_or(false)
    }

    fn touch(&mut self, at: usize) {
        let root = self.root(at);
        if !self.is_touched(root)
            && let Some(is_touched) = self.is_touched.get_mut(root)
        {
            *is_touched = true;
            self.touched = self.touched.saturating_add(self.size(root));
        }
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if one == other || other >= self.parent.len() {
            return;
        }
        let (large, small) =
            if self.size(one) < self.size(other) { (other, one) } else { (one, other) };
        match (self.is_touched(large), self.is_touched(small)) {
            (true, false) => self.touched = self.touched.saturating_add(self.size(small)),
            (false, true) => {
                self.touched = self.touched.saturating_add(self.size(large));
                if let Some(is_touched) = self.is_touched.get_mut(large) {
                    *is_touched = true;
                }
            }
            _ => {}
        }
        let size = self.size(large).saturating_add(self.size(small));
        if let (Some(parent), Some(of)) = (self.parent.get_mut(small), self.size.get_mut(large)) {
            *parent = large;
            *of = size;
        }
    }
}
