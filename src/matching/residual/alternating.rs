//! Decides how sure the pairs of one amount are, from what alternating paths reach.
//!
//! A path that leaves a left row without a partner along its window, and goes on along pairs, ends
//! at left rows that could be without a partner instead; those rows and all their windows are
//! one choice (Dulmage and Mendelsohn). What no such path reaches, from either side, is paired in
//! every best assignment, and two neighbours there can swap partners exactly when both are in each
//! other's window. A pair that can swap with nobody is forced.

use super::bucket::{Part, Span};
use super::{Group, NONE, count, find, get, link, set};
use crate::matching::Class;

/// The groups of the rows of a part.
#[derive(Debug)]
pub(crate) struct Classified {
    pub(crate) left_groups: Vec<u32>,
    pub(crate) right_groups: Vec<u32>,
    pub(crate) groups: Vec<Group>,
    pub(crate) steps: u64,
}

/// Classifies most possible pairs, which do not cross.
pub(crate) fn classify(part: &Part<'_>, mates: &[u32]) -> Classified {
    let mut right_mates = vec![NONE; part.rights.len()];
    for (left, mate) in (0..).zip(mates).filter(|(_, mate)| **mate != NONE) {
        set(&mut right_mates, *mate, left);
    }
    let right_spans = part.right_spans();
    let mut found = Classified {
        left_groups: vec![NONE; part.lefts.len()],
        right_groups: vec![NONE; part.rights.len()],
        groups: Vec::new(),
        steps: part.lefts.len() as u64 + part.rights.len() as u64,
    };
    // Left rows are alike, so which of them stays over changes no money.
    let alone = reached(mates, &part.spans, &right_mates);
    let Classified { left_groups, right_groups, groups, .. } = &mut found;
    group_alone(&alone, &part.spans, left_groups, right_groups, groups);
    let alone = reached(&right_mates, &right_spans, mates);
    group_alone(&alone, &right_spans, right_groups, left_groups, groups);
    unlike(part, right_groups, &alone, groups);
    group_paired(part, mates, &mut found);
    count_rows(mates, &mut found);
    found
}

/// The rows of one side that could be without a partner: those that have none, and those that an
/// alternating path from them reaches.
fn reached(mates: &[u32], spans: &[Span], other_mates: &[u32]) -> Vec<bool> {
    let mut alone: Vec<bool> = mates.iter().map(|mate| *mate == NONE).collect();
    let mut todo: Vec<u32> = (0..count(mates)).filter(|row| get(&alone, *row)).rev().collect();
    // Where to look for the next row of the other side that was not seen yet.
    let mut unseen: Vec<u32> = (0..=count(other_mates)).collect();
    while let Some(row) = todo.pop() {
        let (from, to) = get(spans, row);
        let mut other = find(&mut unseen, from);
        while other < to {
            set(&mut unseen, other, other + 1);
            let mate = link(other_mates, other);
            if mate != NONE && !get(&alone, mate) {
                set(&mut alone, mate, true);
                todo.push(mate);
            }
            other = find(&mut unseen, other);
        }
    }
    alone
}

/// Makes a group of the rows that could be without a partner, and of all rows in their windows,
/// for each set of windows that overlap.
fn group_alone(
    alone: &[bool],
    spans: &[Span],
    own_groups: &mut [u32],
    other_groups: &mut [u32],
    groups: &mut Vec<Group>,
) {
    let mut reach = 0;
    for row in (0..count(alone)).filter(|row| get(alone, *row)) {
        let (from, to) = get(spans, row);
        if from >= reach {
            groups.push(Group::of(Class::Interchangeable));
            reach = from;
        }
        let group = count(groups) - 1;
        set(own_groups, row, group);
        (reach..to).for_each(|other| set(other_groups, other, group));
        reach = reach.max(to);
    }
}

/// Groups from which right rows stay over that differ in money: which of them matters.
fn unlike(part: &Part<'_>, right_groups: &[u32], alone: &[bool], groups: &mut [Group]) {
    let mut kinds: Vec<Option<u32>> = vec![None; groups.len()];
    for right in (0..count(alone)).filter(|right| get(alone, *right)) {
        let alike = get(part.rights, right).alike;
        let group = link(right_groups, right) as usize;
        if let (Some(kind), Some(group)) = (kinds.get_mut(group), groups.get_mut(group))
            && *kind.get_or_insert(alike) != alike
        {
            group.class = Class::Ambiguous;
        }
    }
}

/// Groups the pairs that are in every best assignment up to swaps.
fn group_paired(part: &Part<'_>, mates: &[u32], found: &mut Classified) {
    let mut before: Option<(u32, u32)> = None;
    let Classified { left_groups, right_groups, groups, .. } = found;
    for (left, right) in (0..).zip(mates.iter().copied()) {
        if right == NONE || link(left_groups, left) != NONE {
            continue;
        }
        let within = |left: u32, right: u32| {
            let (from, to) = get(&part.spans, left);
            (from..to).contains(&right)
        };
        match before.filter(|(l, r)| within(*l, right) && within(left, *r)) {
            Some(_) => {
                if let Some(group) = groups.last_mut() {
                    group.class = Class::Interchangeable;
                }
            }
            None => groups.push(Group::of(Class::Forced)),
        }
        let group = count(groups) - 1;
        set(left_groups, left, group);
        set(right_groups, right, group);
        before = Some((left, right));
    }
}

fn count_rows(mates: &[u32], found: &mut Classified) {
    let groups = &mut found.groups;
    let mut add = |group: u32, change: fn(&mut Group)| {
        if let Some(group) = groups.get_mut(group as usize) {
            change(group);
        }
    };
    for (group, mate) in found.left_groups.iter().zip(mates) {
        add(*group, |group| group.lefts += 1);
        if *mate != NONE {
            add(*group, |group| group.pairs += 1);
        }
    }
    found.right_groups.iter().for_each(|group| add(*group, |group| group.rights += 1));
}
