//! Decides how sure each pair is, from the prices of a best assignment.
//!
//! A pair is in some best assignment only if it costs exactly the prices of its rows; a row stays
//! alone in one only if its price is nothing. Among those pairs another best assignment is a walk
//! in circles that leaves and takes pairs in turn, where staying alone is a row that takes all.
//! So a pair is possible exactly when its ends lie in one strongly connected component (Tarjan),
//! a chosen pair whose ends do not is forced, and the possible pairs that hang together are the
//! groups between which nothing more can be known.

use super::assign::{Graph, Settled};
use super::likeness::{Shares, kind};
use super::pairs::Problem;
use super::{Group, NONE, Outcome, add, count, get, link, set};
use crate::matching::Class;

/// What the best assignments have in common.
#[derive(Debug)]
pub(crate) struct Certificate {
    /// The pairs of one of them, with groups and classes.
    pub(crate) outcome: Outcome,
    /// Pairs that are in at least one.
    pub(crate) possible: Vec<bool>,
    /// Rows that have a partner in all.
    pub(crate) left_must: Vec<bool>,
    pub(crate) right_must: Vec<bool>,
}

/// Reads the certificate off a best assignment and its prices.
pub(crate) fn certify(problem: &Problem, parts: &[u32], best: Settled) -> Certificate {
    let proofs = Proofs::of(problem, parts, &best);
    let net = Net { graph: &problem.graph, best: &best, proofs: &proofs };
    let components = Components::of(&net);
    let mut possible = vec![false; best.tight.len()];
    let mut steps = best.steps + components.steps;
    for left in 0..problem.graph.lefts() {
        for pair in problem.graph.pairs_of(left) {
            steps += 1;
            let right = link(&problem.graph.targets, pair);
            let same = components.left(left) == components.right(&net, right);
            let chosen = link(&best.mates, left) == right;
            set(&mut possible, pair, chosen || (same && net.is_tight(left, pair)));
        }
    }
    let may_be_alone = |chosen: u32, is_free: bool, component: u32| {
        chosen == NONE || (is_free && component == components.nobody(&net))
    };
    let left_must: Vec<bool> = (0..problem.graph.lefts())
        .map(|left| {
            let is_free = get(&best.left_free, left);
            !may_be_alone(link(&best.mates, left), is_free, components.left(left))
        })
        .collect();
    let right_must: Vec<bool> = (0..problem.graph.rights)
        .map(|right| {
            let is_free = get(&best.right_free, right);
            let chosen = link(&best.right_mates, right);
            !may_be_alone(chosen, is_free, components.right(&net, right))
        })
        .collect();
    let mut certificate = Certificate {
        outcome: Outcome { mates: best.mates, steps, ..Outcome::default() },
        possible,
        left_must,
        right_must,
    };
    certificate.group(problem, parts, &proofs);
    certificate
}

/// Which parts of the problem are proven, and how far the others may be from the best.
#[derive(Debug)]
struct Proofs {
    /// By the left row that names the part; `None` is proven.
    gaps: Vec<Option<u32>>,
    left_proven: Vec<bool>,
    right_proven: Vec<bool>,
}

impl Proofs {
    fn of(problem: &Problem, parts: &[u32], best: &Settled) -> Self {
        let lefts = problem.graph.lefts();
        let mut gaps: Vec<Option<u32>> = vec![None; lefts as usize];
        let mut alone = vec![0_u32; lefts as usize];
        let mut left_proven = vec![true; lefts as usize];
        let mut right_proven = vec![true; problem.right_alike.len()];
        for left in 0..lefts {
            let part = link(parts, left);
            if !get::<bool>(&best.proven, part) || get(&problem.cut, left) {
                set(&mut gaps, part, Some(0));
            }
            let has_pairs = !problem.graph.pairs_of(left).is_empty();
            add(&mut alone, part, u32::from(has_pairs && link(&best.mates, left) == NONE));
        }
        for left in 0..lefts {
            let part = link(parts, left);
            if get(&gaps, part).is_none() {
                continue;
            }
            // Each further pair needs a left row that is alone now.
            set(&mut gaps, part, Some(get(&alone, part)));
            set(&mut left_proven, left, false);
            for pair in problem.graph.pairs_of(left) {
                set(&mut right_proven, link(&problem.graph.targets, pair), false);
            }
        }
        Self { gaps, left_proven, right_proven }
    }
}

/// The net in which another best assignment is a walk in circles.
#[derive(Debug)]
struct Net<'a> {
    graph: &'a Graph,
    best: &'a Settled,
    proofs: &'a Proofs,
}

impl Net<'_> {
    fn is_tight(&self, left: u32, pair: u32) -> bool {
        get(&self.proofs.left_proven, left) && get(&self.best.tight, pair)
    }

    /// Nodes: left rows, right rows, and the row that stands for staying alone.
    fn nodes(&self) -> u32 {
        self.graph.lefts() + self.graph.rights + 1
    }

    fn nobody(&self) -> u32 {
        self.nodes() - 1
    }

    /// The node that comes after `node`, from the `cursor`-th way on; moves the cursor behind it.
    fn next(&self, node: u32, cursor: &mut u32) -> Option<u32> {
        let lefts = self.graph.lefts();
        if node == self.nobody() {
            return self.next_of_nobody(cursor);
        }
        match node.checked_sub(lefts) {
            Some(right) => self.next_of_right(right, cursor),
            None => self.next_of_left(node, cursor),
        }
    }

    /// A left row takes a pair that it has not, or stays alone.
    fn next_of_left(&self, left: u32, cursor: &mut u32) -> Option<u32> {
        let pairs = self.graph.pairs_of(left);
        let mate = link(&self.best.mates, left);
        while *cursor < count_of(&pairs) {
            let pair = pairs.start + *cursor;
            *cursor += 1;
            let right = link(&self.graph.targets, pair);
            if right != mate && self.is_tight(left, pair) {
                return Some(self.graph.lefts() + right);
            }
        }
        let first = *cursor == count_of(&pairs);
        *cursor += u32::from(first);
        let alone = mate != NONE && get(&self.best.left_free, left);
        (first && alone && get(&self.proofs.left_proven, left)).then(|| self.nobody())
    }

    /// A right row leaves its pair, or leaves being alone.
    fn next_of_right(&self, right: u32, cursor: &mut u32) -> Option<u32> {
        let first = *cursor == 0 && get(&self.proofs.right_proven, right);
        *cursor = 1;
        match link(&self.best.right_mates, right) {
            NONE => first.then(|| self.nobody()),
            left => first.then_some(left),
        }
    }

    /// Left rows that are alone may be so no more, and right rows may be alone instead.
    fn next_of_nobody(&self, cursor: &mut u32) -> Option<u32> {
        let lefts = self.graph.lefts();
        while *cursor < self.nobody() {
            let node = *cursor;
            *cursor += 1;
            let found = match node.checked_sub(lefts) {
                None => link(&self.best.mates, node) == NONE && get(&self.proofs.left_proven, node),
                Some(right) => {
                    link(&self.best.right_mates, right) != NONE
                        && get(&self.best.right_free, right)
                        && get(&self.proofs.right_proven, right)
                }
            };
            if found {
                return Some(node);
            }
        }
        None
    }
}

fn count_of(range: &std::ops::Range<u32>) -> u32 {
    range.end - range.start
}

/// The strongly connected components of a net, by Tarjan's method without recursion.
#[derive(Debug)]
struct Components {
    of: Vec<u32>,
    steps: u64,
}

/// What Tarjan's method knows of a node.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// In which order it was met, from 1; 0 while it was not.
    order: u32,
    /// The earliest node on the stack that it reaches.
    low: u32,
    cursor: u32,
    waits: bool,
}

impl Components {
    fn left(&self, left: u32) -> u32 {
        link(&self.of, left)
    }

    fn right(&self, net: &Net<'_>, right: u32) -> u32 {
        link(&self.of, net.graph.lefts() + right)
    }

    fn nobody(&self, net: &Net<'_>) -> u32 {
        link(&self.of, net.nobody())
    }

    fn of(net: &Net<'_>) -> Self {
        let mut found = Self { of: vec![NONE; net.nodes() as usize], steps: 0 };
        let mut seen = vec![Seen::default(); net.nodes() as usize];
        let mut met = 0;
        let mut waiting = Vec::new();
        let mut way = Vec::new();
        for root in 0..net.nodes() {
            if get(&seen, root).order == 0 {
                way.push(root);
                found.walk(net, &mut seen, &mut met, &mut way, &mut waiting);
            }
        }
        found
    }

    fn walk(
        &mut self,
        net: &Net<'_>,
        seen: &mut [Seen],
        met: &mut u32,
        way: &mut Vec<u32>,
        waiting: &mut Vec<u32>,
    ) {
        while let Some(node) = way.last().copied() {
            self.steps += 1;
            let mut here = get(seen, node);
            if here.order == 0 {
                *met += 1;
                here = Seen { order: *met, low: *met, cursor: 0, waits: true };
                waiting.push(node);
            }
            let next = net.next(node, &mut here.cursor);
            set(seen, node, here);
            match next {
                Some(next) if get(seen, next).order == 0 => way.push(next),
                Some(next) => {
                    let there = get(seen, next);
                    if there.waits {
                        here.low = here.low.min(there.order);
                        set(seen, node, here);
                    }
                }
                None => {
                    way.pop();
                    if let Some(before) = way.last().copied() {
                        let mut above = get(seen, before);
                        above.low = above.low.min(here.low);
                        set(seen, before, above);
                    }
                    if here.low == here.order {
                        self.close(seen, node, waiting);
                    }
                }
            }
        }
    }

    /// The nodes met since `node` are one component.
    fn close(&mut self, seen: &mut [Seen], node: u32, waiting: &mut Vec<u32>) {
        while let Some(member) = waiting.pop() {
            let mut there = get(seen, member);
            there.waits = false;
            set(seen, member, there);
            set(&mut self.of, member, node);
            if member == node {
                return;
            }
        }
    }
}

impl Certificate {
    /// Groups the rows that hang together by possible pairs, and classifies them.
    fn group(&mut self, problem: &Problem, parts: &[u32], proofs: &Proofs) {
        let lefts = problem.graph.lefts();
        let mut shares = Shares::new(lefts + problem.graph.rights);
        for left in 0..lefts {
            for pair in problem.graph.pairs_of(left).filter(|pair| get(&self.possible, *pair)) {
                let right = link(&problem.graph.targets, pair);
                let kind = kind(get(&problem.left_alike, left), get(&problem.right_alike, right));
                shares.pair(left, lefts + right, kind);
            }
        }
        let rights = problem.graph.rights;
        for left in (0..lefts).filter(|left| !get(&self.left_must, *left)) {
            shares.alone(left, true, get(&problem.left_alike, left));
        }
        for right in (0..rights).filter(|right| !get(&self.right_must, *right)) {
            shares.alone(lefts + right, false, get(&problem.right_alike, right));
        }
        self.name_groups(problem, parts, proofs, &mut shares);
        self.classify(problem, proofs, &mut shares);
    }

    /// Numbers the groups in the order of their first left rows; a row that is alone in every best
    /// assignment is in none.
    fn name_groups(
        &mut self,
        problem: &Problem,
        parts: &[u32],
        proofs: &Proofs,
        shares: &mut Shares,
    ) {
        let (lefts, rights) = (problem.graph.lefts(), problem.graph.rights);
        let mut names = vec![NONE; (lefts + rights) as usize];
        let outcome = &mut self.outcome;
        outcome.left_groups = vec![NONE; lefts as usize];
        outcome.right_groups = vec![NONE; rights as usize];
        for left in 0..lefts {
            for pair in problem.graph.pairs_of(left).filter(|pair| get(&self.possible, *pair)) {
                let first = shares.group(left);
                if link(&names, first) == NONE {
                    set(&mut names, first, count(&outcome.groups));
                    let gap = get(&proofs.gaps, link(parts, left));
                    outcome.groups.push(match gap {
                        None => Group::of(Class::Forced),
                        Some(gap) => Group::unproven(gap),
                    });
                }
                let name = link(&names, first);
                set(&mut outcome.left_groups, left, name);
                set(&mut outcome.right_groups, link(&problem.graph.targets, pair), name);
            }
        }
    }

    fn classify(&mut self, problem: &Problem, proofs: &Proofs, shares: &mut Shares) {
        let outcome = &mut self.outcome;
        let sides = [&outcome.left_groups, &outcome.right_groups];
        for (is_left, rows) in [true, false].into_iter().zip(sides) {
            for group in rows {
                if let Some(group) = outcome.groups.get_mut(*group as usize) {
                    group.lefts += u32::from(is_left);
                    group.rights += u32::from(!is_left);
                }
            }
        }
        for left in 0..problem.graph.lefts() {
            let group = link(&outcome.left_groups, left);
            let Some(group) = outcome.groups.get_mut(group as usize) else { continue };
            group.pairs += u32::from(link(&outcome.mates, left) != NONE);
            if !get(&proofs.left_proven, left) {
                continue;
            }
            let one_pair = group.lefts == 1 && group.rights == 1;
            group.class = match (one_pair && get(&self.left_must, left), shares.are_alike(left)) {
                (true, _) => Class::Forced,
                (false, true) => Class::Interchangeable,
                (false, false) => Class::Ambiguous,
            };
        }
    }
}
