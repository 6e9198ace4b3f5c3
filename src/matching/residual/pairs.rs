//! Decides the best assignment over listed pairs that differ in money or evidence, in steps.
//!
//! First what counts: most pairs, least unexplained money, most evidence. The prices of that
//! assignment say which pairs are in any of the best ones ([`certify`](super::certify)). Among
//! those the pairs closest in time are chosen, then the oldest rows.

use super::assign::{Assignment, Graph, Settled};
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

/// Costs of so many bits are held in 64, with room for their sums along a way.
const NARROW_BITS: u32 = 60;

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

/// What a pair costs, on three levels: a unit of each is worth more than all pairs that can be
/// chosen together have on the lower ones.
#[derive(Clone, Copy, Debug)]
struct Levels {
    /// What the pair is worth; it is taken off the cost.
    worth: u64,
    middle: u64,
    low: u64,
}

/// The cheapest assignment, in integers that are as narrow as its costs allow.
#[derive(Debug)]
enum Search {
    Narrow(Vec<i64>, Assignment<i64>),
    Wide(Vec<i128>, Assignment<i128>),
}

impl Search {
    /// `together` is how many pairs can be chosen in one part.
    fn new(
        graph: &Graph,
        levels: &[Levels],
        together: u64,
        parts: &[u32],
        looks_per_pair: u64,
    ) -> Self {
        let bits = |level: fn(&Levels) -> u64| {
            let most = u128::from(levels.iter().map(level).max().unwrap_or(0));
            (most * u128::from(together)).checked_ilog2().map_or(0, |log| log + 1)
        };
        let (low, middle) = (bits(|pair| pair.low), bits(|pair| pair.middle));
        let worth = levels.iter().map(|pair| pair.worth).max().unwrap_or(0);
        let cost = |pair: &Levels| {
            (i128::from(pair.middle) << low) + i128::from(pair.low)
                - (i128::from(pair.worth) << (low + middle))
        };
        let parts = parts.to_vec();
        if low + middle + worth.checked_ilog2().unwrap_or(0) < NARROW_BITS {
            let narrow = |pair| i64::try_from(cost(pair)).unwrap_or(i64::MAX);
            let assignment = Assignment::new(graph, parts, looks_per_pair);
            return Self::Narrow(levels.iter().map(narrow).collect(), assignment);
        }
        let assignment = Assignment::new(graph, parts, looks_per_pair);
        Self::Wide(levels.iter().map(cost).collect(), assignment)
    }

    fn step(&mut self, graph: &Graph, budget: u64) -> bool {
        match self {
            Self::Narrow(costs, assignment) => assignment.step(graph, costs, budget),
            Self::Wide(costs, assignment) => assignment.step(graph, costs, budget),
        }
    }

    fn settle(self, graph: &Graph) -> Settled {
        match self {
            Self::Narrow(costs, assignment) => assignment.settle(graph, &costs),
            Self::Wide(costs, assignment) => assignment.settle(graph, &costs),
        }
    }
}

#[derive(Debug)]
enum Phase {
    /// The best assignment by pairs, money, evidence.
    Best(Search),
    /// The closest pairs among those of all best assignments.
    Closest(Graph, Search),
    Done,
}

/// An assignment with classes, on its way.
#[derive(Debug)]
pub(crate) struct Solver {
    problem: Problem,
    parts: Vec<u32>,
    phase: Phase,
    looks_per_pair: u64,
    /// Most pairs that can be chosen in one part.
    together: u64,
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
        let mut most = 0;
        let mut sizes = vec![0_u64; parts.len()];
        for part in &parts {
            add(&mut sizes, *part, 1);
            most = most.max(get(&sizes, *part));
        }
        // Less evidence costs more, so that the levels need no sign.
        let levels = |pair: &Pair| Levels {
            worth: 1,
            middle: pair.money.min(MONEY),
            low: u64::from(u8::MAX - pair.evidence),
        };
        let levels: Vec<Levels> = problem.pairs.iter().map(levels).collect();
        let search = Search::new(&problem.graph, &levels, most, &parts, looks_per_pair);
        let (phase, outcome) = (Phase::Best(search), Outcome::default());
        Self { problem, parts, together: most, phase, looks_per_pair, outcome }
    }

    /// Looks at about `budget` pairs; `false` once all is decided.
    pub(crate) fn step(&mut self, budget: u64) -> bool {
        self.phase = match std::mem::replace(&mut self.phase, Phase::Done) {
            Phase::Best(mut search) => {
                if search.step(&self.problem.graph, budget) {
                    Phase::Best(search)
                } else {
                    let best = search.settle(&self.problem.graph);
                    self.choose(certify(&self.problem, &self.parts, best))
                }
            }
            Phase::Closest(graph, mut search) => {
                if search.step(&graph, budget) {
                    Phase::Closest(graph, search)
                } else {
                    self.show_closest(&search.settle(&graph));
                    Phase::Done
                }
            }
            Phase::Done => Phase::Done,
        };
        !matches!(self.phase, Phase::Done)
    }

    /// What was decided, once [`Solver::step`] has said that all is.
    pub(crate) fn finish(self) -> Outcome {
        self.outcome
    }

    /// Takes over the best assignment and begins to choose among its equals.
    fn choose(&mut self, certificate: Certificate) -> Phase {
        let open = |pair: &Pair| {
            let group = link(&certificate.outcome.left_groups, pair.left);
            certificate.outcome.groups.get(group as usize).is_some_and(Group::leaves_a_choice)
        };
        let mut levels = Vec::new();
        let mut targets = Vec::new();
        let mut starts = vec![0];
        for left in 0..self.problem.graph.lefts() {
            for at in self.problem.graph.pairs_of(left) {
                let pair = get(&self.problem.pairs, at);
                if get(&certificate.possible, at) && open(&pair) {
                    let must = u64::from(get::<bool>(&certificate.left_must, left))
                        + u64::from(get::<bool>(&certificate.right_must, pair.right));
                    targets.push(pair.right);
                    // The closest pairs first, then those of the oldest rows.
                    let place = u64::from(pair.left) + u64::from(pair.right);
                    levels.push(Levels { worth: must, middle: pair.lag, low: place });
                }
            }
            starts.push(count(&targets));
        }
        self.outcome = certificate.outcome;
        if targets.is_empty() {
            return Phase::Done;
        }
        let graph = Graph { starts, targets, rights: self.problem.graph.rights };
        let search = Search::new(&graph, &levels, self.together, &self.parts, self.looks_per_pair);
        Phase::Closest(graph, search)
    }

    /// Shows the closest pairs of each group; where a limit was reached, those that are known.
    fn show_closest(&mut self, closest: &Settled) {
        self.outcome.steps += closest.steps;
        let mut pairs = vec![0_u32; self.outcome.groups.len()];
        for (left, mate) in (0..).zip(&closest.mates).filter(|(_, mate)| **mate != NONE) {
            let group = link(&self.outcome.left_groups, left);
            add(&mut pairs, group, u32::from(*mate != NONE));
        }
        for left in 0..self.problem.graph.lefts() {
            let at = link(&self.outcome.left_groups, left);
            let Some(group) = self.outcome.groups.get_mut(at as usize) else { continue };
            if !group.leaves_a_choice() {
                continue;
            }
            let part = link(&self.parts, left);
            if get(&closest.proven, part) && get(&pairs, at) == group.pairs {
                set(&mut self.outcome.mates, left, link(&closest.mates, left));
            } else {
                group.limit = Limit::Lag;
            }
        }
    }
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
