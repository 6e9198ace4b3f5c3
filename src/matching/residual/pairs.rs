//! Decides the best assignment over listed pairs that differ in money or evidence, in steps.
//!
//! First what counts: most pairs, least unexplained money, most evidence. The prices of that
//! assignment say which pairs are in any of the best ones ([`certify`](super::certify)). Among
//! those the pairs closest in time are chosen, then the oldest rows.

use super::assign::{Assignment, Graph};
use super::certify::{Certificate, certify};
use super::{Group, Limit, NONE, Outcome, add, count, find, get, link, set};
use crate::limits::{ASSIGNMENT_ROWS, ASSIGNMENT_STEPS_PER_PAIR};
use crate::matching::Class;

/// Two rows that may be the same money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) left: u32,
    pub(crate) right: u32,
    /// What it would leave unexplained, in minor units, without a sign; below [`MONEY`].
    pub(crate) money: u64,
    /// What speaks for it besides amount and time; more is better.
    pub(crate) evidence: u8,
    /// How far the rows lie apart in time.
    pub(crate) lag: u64,
}

/// Most unexplained money of a pair, in minor units: beyond, nobody would look at it.
pub(crate) const MONEY: u64 = 1 << 44;

/// Bits of the sums over all rows: evidence, money, and the two of the closest pairs.
const EVIDENCE_BITS: u32 = 29;
const MONEY_BITS: u32 = 65;
const PLACE_BITS: u32 = 42;
const LAG_BITS: u32 = 61;

/// Rows and their pairs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Problem {
    pub(crate) graph: Graph,
    pub(crate) pairs: Vec<Pair>,
    /// Rows of a side with the same number are alike in all their money.
    pub(crate) left_alike: Vec<u32>,
    pub(crate) right_alike: Vec<u32>,
    /// Left rows that have more pairs than are listed.
    pub(crate) cut: Vec<bool>,
}

impl Problem {
    /// A problem; `pairs` are sorted by left row, then by right row, each row's place is its age,
    /// and there are at most [`ASSIGNMENT_ROWS`] rows.
    pub(crate) fn new(left_alike: Vec<u32>, right_alike: Vec<u32>, pairs: Vec<Pair>) -> Self {
        debug_assert!(left_alike.len() + right_alike.len() <= ASSIGNMENT_ROWS, "sums stay exact");
        let mut starts = vec![0; left_alike.len() + 1];
        for pair in &pairs {
            add(&mut starts, pair.left + 1, 1);
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let targets = pairs.iter().map(|pair| pair.right).collect();
        let graph = Graph { starts, targets, rights: count(&right_alike) };
        let cut = vec![false; left_alike.len()];
        Self { graph, pairs, left_alike, right_alike, cut }
    }

    /// Pairs, then money, then evidence: lower is better, and every pair is worth more than all
    /// money, all money more than all evidence.
    fn costs(&self) -> Vec<i128> {
        let cost = |pair: &Pair| {
            (i128::from(pair.money.min(MONEY)) << EVIDENCE_BITS)
                - i128::from(pair.evidence)
                - (1 << (EVIDENCE_BITS + MONEY_BITS))
        };
        self.pairs.iter().map(cost).collect()
    }

    /// The connected part of each left row, named by one of them.
    fn parts(&self) -> Vec<u32> {
        let lefts = self.graph.lefts();
        let mut links: Vec<u32> = (0..lefts).collect();
        let mut owner = vec![NONE; self.right_alike.len()];
        for pair in &self.pairs {
            match link(&owner, pair.right) {
                NONE => set(&mut owner, pair.right, pair.left),
                other => {
                    let (one, other) = (find(&mut links, pair.left), find(&mut links, other));
                    set(&mut links, one.max(other), one.min(other));
                }
            }
        }
        (0..lefts).map(|left| find(&mut links, left)).collect()
    }
}

#[derive(Debug)]
enum Phase {
    /// The best assignment by pairs, money, evidence.
    Best(Vec<i128>, Assignment),
    /// The closest pairs among those of all best assignments.
    Closest(Choice),
    Done,
}

/// The pairs between which the best assignments choose.
#[derive(Debug)]
struct Choice {
    graph: Graph,
    costs: Vec<i128>,
    assignment: Assignment,
}

/// An assignment with classes, on its way.
#[derive(Debug)]
pub(crate) struct Solver {
    problem: Problem,
    parts: Vec<u32>,
    phase: Phase,
    looks_per_pair: u64,
    outcome: Outcome,
}

impl Solver {
    /// Nothing is decided yet.
    pub(crate) fn new(problem: Problem) -> Self {
        Self::limited(problem, ASSIGNMENT_STEPS_PER_PAIR)
    }

    /// Nothing is decided yet, and each pair may be looked at so often on an average.
    pub(crate) fn limited(problem: Problem, looks_per_pair: u64) -> Self {
        let parts = problem.parts();
        let assignment = Assignment::new(&problem.graph, parts.clone(), looks_per_pair);
        let phase = Phase::Best(problem.costs(), assignment);
        Self { problem, parts, phase, looks_per_pair, outcome: Outcome::default() }
    }

    /// Looks at about `budget` pairs; `false` once all is decided.
    pub(crate) fn step(&mut self, budget: u64) -> bool {
        match &mut self.phase {
            Phase::Best(costs, assignment) => {
                if !assignment.step(&self.problem.graph, costs, budget) {
                    let certificate = certify(&self.problem, &self.parts, costs, assignment);
                    self.choose(certificate);
                }
            }
            Phase::Closest(choice) => {
                if !choice.assignment.step(&choice.graph, &choice.costs, budget) {
                    self.show_closest();
                }
            }
            Phase::Done => return false,
        }
        !matches!(self.phase, Phase::Done)
    }

    /// What was decided, once [`Solver::step`] has said that all is.
    pub(crate) fn finish(self) -> Outcome {
        self.outcome
    }

    /// Takes over the best assignment and begins to choose among its equals.
    fn choose(&mut self, certificate: Certificate) {
        let steps = match &self.phase {
            Phase::Best(_, assignment) => assignment.steps,
            _ => 0,
        };
        let open = |pair: &Pair| {
            let group = link(&certificate.outcome.left_groups, pair.left);
            certificate.outcome.groups.get(group as usize).is_some_and(Group::leaves_a_choice)
        };
        let mut costs = Vec::new();
        let mut targets = Vec::new();
        let mut starts = vec![0];
        for left in 0..self.problem.graph.lefts() {
            for at in self.problem.graph.pairs_of(left) {
                let pair = get(&self.problem.pairs, at);
                if get(&certificate.possible, at) && open(&pair) {
                    let must = i128::from(get::<bool>(&certificate.left_must, left))
                        + i128::from(get::<bool>(&certificate.right_must, pair.right));
                    targets.push(pair.right);
                    costs.push(closeness(&pair) - (must << (PLACE_BITS + LAG_BITS)));
                }
            }
            starts.push(count(&targets));
        }
        self.outcome = certificate.outcome;
        self.outcome.steps += steps;
        if targets.is_empty() {
            self.phase = Phase::Done;
            return;
        }
        let graph = Graph { starts, targets, rights: self.problem.graph.rights };
        let assignment = Assignment::new(&graph, self.parts.clone(), self.looks_per_pair);
        self.phase = Phase::Closest(Choice { graph, costs, assignment });
    }

    /// Shows the closest pairs of each group; where a limit was reached, those that are known.
    fn show_closest(&mut self) {
        let Phase::Closest(choice) = std::mem::replace(&mut self.phase, Phase::Done) else {
            return;
        };
        let assignment = choice.assignment;
        self.outcome.steps += assignment.steps;
        let mut pairs = vec![0_u32; self.outcome.groups.len()];
        for (left, mate) in (0..).zip(&assignment.mates).filter(|(_, mate)| **mate != NONE) {
            let group = link(&self.outcome.left_groups, left);
            add(&mut pairs, group, u32::from(*mate != NONE));
        }
        for left in 0..self.problem.graph.lefts() {
            let at = link(&self.outcome.left_groups, left);
            let Some(group) = self.outcome.groups.get_mut(at as usize) else { continue };
            if !group.leaves_a_choice() {
                continue;
            }
            if assignment.is_proven(link(&self.parts, left)) && get(&pairs, at) == group.pairs {
                set(&mut self.outcome.mates, left, link(&assignment.mates, left));
            } else {
                group.limit = Limit::Lag;
            }
        }
    }
}

/// The closest pairs first, then those of the oldest rows.
fn closeness(pair: &Pair) -> i128 {
    (i128::from(pair.lag) << PLACE_BITS) + i128::from(pair.left) + i128::from(pair.right)
}

/// The exact cost of shown pairs: how many, money, evidence, lag, places.
#[cfg(test)]
pub(crate) fn total(
    problem: &Problem,
    mates: &[u32],
) -> (std::cmp::Reverse<u32>, u64, i64, u64, u64) {
    let chosen = problem.pairs.iter().filter(|pair| link(mates, pair.left) == pair.right);
    chosen.fold((std::cmp::Reverse(0), 0, 0, 0, 0), |sum, pair| {
        (
            std::cmp::Reverse(sum.0.0 + 1),
            sum.1 + pair.money,
            sum.2 - i64::from(pair.evidence),
            sum.3 + pair.lag,
            sum.4 + u64::from(pair.left) + u64::from(pair.right),
        )
    })
}

impl Group {
    /// Whether several best assignments are known of, so that one has to be chosen.
    fn leaves_a_choice(&self) -> bool {
        self.class != Class::Forced && !matches!(self.limit, Limit::Pairs(_))
    }

    /// A group whose pairs are not proven to be the best.
    pub(crate) fn unproven(pairs: u32) -> Self {
        Self { limit: Limit::Pairs(pairs), ..Self::of(Class::Ambiguous) }
    }
}
