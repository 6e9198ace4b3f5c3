//! Both solvers against brute force over all assignments, and the growth of their work.
//!
//! `CROSSFOOT_INSTANCES` says how many instances are tried; `cargo xtask test --deep` sets it.

mod brute;
mod growth;
mod listing;
mod small;

use super::pairs::{Pair, Problem, Solver};
use super::{Outcome, bucket};

/// Numbers that look random and are always the same (Knuth's linear congruences, upper half).
struct Numbers(u64);

impl Numbers {
    fn new(seed: u64) -> Self {
        let mut numbers = Self(seed.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(3_037));
        numbers.below(2);
        numbers
    }

    /// A number below `end`.
    fn below(&mut self, end: u32) -> u32 {
        let state = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = state.wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(((self.0 >> 32) * u64::from(end)) >> 32).expect("below a u32")
    }
}

fn solved(problem: Problem, budget: u64) -> Outcome {
    let mut solver = Solver::new(problem);
    while solver.step(budget) {}
    solver.finish()
}

/// The pairs of a bucket, listed.
fn listed(lefts: &[bucket::Left], rights: &[bucket::Right]) -> Problem {
    let mut pairs = Vec::new();
    for (left, row) in (0..).zip(lefts) {
        for (right, other) in (0..).zip(rights) {
            if (row.from..=row.to).contains(&other.at) {
                let lag = super::lag(row.at, other.at);
                pairs.push(Pair { left, right, money: 0, evidence: 0, lag });
            }
        }
    }
    let alike = rights.iter().map(|right| right.alike).collect();
    Problem::new(vec![0; lefts.len()], alike, pairs)
}
