//! What brute force over all assignments says.

use std::collections::BTreeMap;

use super::super::pairs::{Problem, total};
use super::super::{NONE, Outcome};
use crate::matching::Class;

/// Everything about a small problem that follows from the list of its best assignments.
pub(super) struct Truth {
    /// The cheapest of the best, with lag and places.
    pub(super) total: (std::cmp::Reverse<u32>, u64, i64, u64, u64),
    /// The group of each row (left rows first), by its first row; `NONE` for rows in none.
    groups: Vec<u32>,
    classes: BTreeMap<u32, Class>,
}

impl Truth {
    pub(super) fn of(problem: &Problem) -> Self {
        let mut all = Vec::new();
        let mut mates = vec![NONE; problem.left_alike.len()];
        list(problem, 0, 0, &mut mates, &mut all);
        let cost = |mates: &Vec<u32>| {
            let (pairs, money, evidence, _, _) = total(problem, mates);
            (pairs, money, evidence)
        };
        let least = all.iter().map(cost).min().expect("nobody has a partner: that is one");
        let best: Vec<Vec<u32>> = all.into_iter().filter(|mates| cost(mates) == least).collect();
        let groups = groups(problem, &best);
        let classes = groups
            .iter()
            .filter(|group| **group != NONE)
            .map(|group| (*group, class(problem, &best, &groups, *group)))
            .collect();
        let total = best.iter().map(|mates| total(problem, mates)).min().expect("one at least");
        Self { total, groups, classes }
    }

    /// Holds an outcome against the truth.
    pub(super) fn check(&self, outcome: &Outcome, what: &str) {
        let found: Vec<u32> =
            outcome.left_groups.iter().chain(&outcome.right_groups).copied().collect();
        let mut firsts: BTreeMap<u32, u32> = BTreeMap::new();
        let named: Vec<u32> = (0..)
            .zip(&found)
            .map(|(row, group)| match *group {
                NONE => NONE,
                group => *firsts.entry(group).or_insert(row),
            })
            .collect();
        assert_eq!(named, self.groups, "groups of {what}: {outcome:?}");
        for (group, first) in &firsts {
            let group = &outcome.groups[*group as usize];
            assert_eq!(group.class, self.classes[first], "class in {what}: {outcome:?}");
        }
        assert_eq!(firsts.len(), outcome.groups.len(), "no empty group in {what}");
    }
}

/// Every assignment there is.
fn list(problem: &Problem, left: u32, taken: u32, mates: &mut Vec<u32>, all: &mut Vec<Vec<u32>>) {
    if left as usize == mates.len() {
        all.push(mates.clone());
        return;
    }
    mates[left as usize] = NONE;
    list(problem, left + 1, taken, mates, all);
    for pair in problem.graph.pairs_of(left) {
        let right = problem.graph.targets[pair as usize];
        if taken & (1 << right) == 0 {
            mates[left as usize] = right;
            list(problem, left + 1, taken | (1 << right), mates, all);
        }
    }
    mates[left as usize] = NONE;
}

/// Rows that hang together by pairs that are in some best assignment.
fn groups(problem: &Problem, best: &[Vec<u32>]) -> Vec<u32> {
    let lefts = u32::try_from(problem.left_alike.len()).expect("small");
    let rows = problem.left_alike.len() + problem.right_alike.len();
    let mut groups = vec![NONE; rows];
    let mut used: Vec<(u32, u32)> = best
        .iter()
        .flat_map(|mates| (0..).zip(mates.iter().copied()).filter(|(_, mate)| *mate != NONE))
        .collect();
    used.sort_unstable();
    used.dedup();
    for (left, right) in &used {
        groups[*left as usize] = *left;
        groups[(lefts + right) as usize] = lefts + right;
    }
    loop {
        let before = groups.clone();
        for (left, right) in &used {
            let (l, r) = (*left as usize, (lefts + right) as usize);
            let first = groups[l].min(groups[r]);
            groups[l] = first;
            groups[r] = first;
        }
        if groups == before {
            return groups;
        }
    }
}

/// The class of a group, by its definition.
fn class(problem: &Problem, best: &[Vec<u32>], groups: &[u32], group: u32) -> Class {
    let lefts = problem.left_alike.len();
    let kinds = |mates: &Vec<u32>| {
        let mut kinds: Vec<(Option<u32>, Option<u32>)> = Vec::new();
        for (left, mate) in mates.iter().enumerate().filter(|(l, _)| groups[*l] == group) {
            let other = (*mate != NONE).then(|| problem.right_alike[*mate as usize]);
            kinds.push((Some(problem.left_alike[left]), other));
        }
        for (right, alike) in problem.right_alike.iter().enumerate() {
            let right = u32::try_from(right).expect("small");
            if groups[lefts + right as usize] == group && !mates.contains(&right) {
                kinds.push((None, Some(*alike)));
            }
        }
        kinds.sort_unstable();
        kinds
    };
    let chosen = |mates: &Vec<u32>| -> Vec<(usize, u32)> {
        let pairs = mates.iter().copied().enumerate();
        pairs.filter(|(left, mate)| groups[*left] == group && *mate != NONE).collect()
    };
    let (first, rest) = best.split_first().expect("one at least");
    if rest.iter().all(|other| chosen(other) == chosen(first)) {
        Class::Forced
    } else if rest.iter().all(|other| kinds(other) == kinds(first)) {
        Class::Interchangeable
    } else {
        Class::Ambiguous
    }
}
