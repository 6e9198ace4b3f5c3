//! Small instances by the thousand: cost and classes are those of brute force.

use super::super::bucket::{self, Left, Right};
use super::super::pairs::{Pair, Problem, total};
use super::super::{NONE, Outcome};
use super::brute::Truth;
use super::{Numbers, listed, solved};
use crate::matching::Class;

/// Instances of each kind; 100,000 take minutes without optimisation.
fn instances() -> u64 {
    let asked = std::env::var("CROSSFOOT_INSTANCES").ok().and_then(|number| number.parse().ok());
    asked.unwrap_or(4_000)
}

/// Pairs of all densities, with many ties in money, evidence and time.
fn any_problem(numbers: &mut Numbers) -> Problem {
    let (lefts, rights) = (1 + numbers.below(5), 1 + numbers.below(5));
    let density = 2 + numbers.below(7);
    let (money, evidence, times) =
        (1 + numbers.below(3), 1 + numbers.below(3), 1 + numbers.below(6));
    let mut pairs = Vec::new();
    for left in 0..lefts {
        for right in 0..rights {
            if numbers.below(8) < density {
                pairs.push(Pair {
                    left,
                    right,
                    money: u64::from(numbers.below(money)),
                    evidence: u8::try_from(numbers.below(evidence)).expect("small"),
                    lag: u64::from(numbers.below(times)),
                });
            }
        }
    }
    let kinds = 1 + numbers.below(3);
    let left_alike = (0..lefts).map(|_| numbers.below(kinds)).collect();
    let right_alike = (0..rights).map(|_| numbers.below(kinds)).collect();
    Problem::new(left_alike, right_alike, pairs)
}

/// Amounts within a tolerance: the money of a pair is the difference of its rows.
fn amounts(numbers: &mut Numbers) -> Problem {
    let (lefts, rights) = (1 + numbers.below(5), 1 + numbers.below(5));
    let spread = 1 + numbers.below(5);
    let mut side = |rows: u32| -> Vec<u32> { (0..rows).map(|_| numbers.below(spread)).collect() };
    let (left_amounts, right_amounts) = (side(lefts), side(rights));
    let tolerance = numbers.below(3);
    let mut pairs = Vec::new();
    for (left, amount) in (0..).zip(&left_amounts) {
        for (right, other) in (0..).zip(&right_amounts) {
            let money = amount.abs_diff(*other);
            if money <= tolerance {
                let lag = u64::from(numbers.below(9));
                pairs.push(Pair { left, right, money: u64::from(money), evidence: 0, lag });
            }
        }
    }
    Problem::new(left_amounts, right_amounts, pairs)
}

/// Rows of one amount with windows that move forward.
fn bucket(numbers: &mut Numbers) -> (Vec<Left>, Vec<Right>) {
    let (lefts, rights) = (1 + numbers.below(6), 1 + numbers.below(6));
    let span = 1 + numbers.below(14);
    let (before, after) = (1 + numbers.below(4), 1 + numbers.below(7));
    let mut times = |rows: u32| -> Vec<i64> {
        let mut times: Vec<i64> = (0..rows).map(|_| i64::from(numbers.below(span))).collect();
        times.sort_unstable();
        times
    };
    let (left_times, right_times) = (times(lefts), times(rights));
    let (mut from, mut to) = (i64::MIN, i64::MIN);
    let lefts = left_times.iter().map(|at| {
        from = from.max(at - i64::from(numbers.below(before)));
        to = to.max(at + i64::from(numbers.below(after)));
        Left { at: *at, from, to }
    });
    let lefts = lefts.collect();
    let kinds = 1 + numbers.below(2);
    let rights =
        right_times.into_iter().map(|at| Right { at, alike: numbers.below(kinds) }).collect();
    (lefts, rights)
}

/// What must hold of every outcome, whatever the problem.
fn check_shape(outcome: &Outcome, problem: &Problem) {
    for (left, mate) in (0..).zip(&outcome.mates).filter(|(_, mate)| **mate != NONE) {
        let known = problem.pairs.iter().any(|pair| (pair.left, pair.right) == (left, *mate));
        assert!(known, "{left} and {mate} are no pair");
        let group = outcome.left_groups[left as usize];
        assert_eq!(group, outcome.right_groups[*mate as usize], "a pair is in one group");
    }
    for (index, group) in (0..).zip(&outcome.groups) {
        let rows = |rows: &[u32]| rows.iter().filter(|row| **row == index).count();
        assert_eq!(group.lefts as usize, rows(&outcome.left_groups));
        assert_eq!(group.rights as usize, rows(&outcome.right_groups));
        let pairs = outcome.left_groups.iter().zip(&outcome.mates);
        let pairs = pairs.filter(|(g, mate)| **g == index && **mate != NONE).count();
        assert_eq!(group.pairs as usize, pairs);
    }
    let mut mates: Vec<u32> = outcome.mates.iter().copied().filter(|m| *m != NONE).collect();
    let paired = mates.len();
    mates.sort_unstable();
    mates.dedup();
    assert_eq!(mates.len(), paired, "a row has one partner");
}

fn check_pairs(make: fn(&mut Numbers) -> Problem, seeds: u64) {
    let mut seen = [0_u32; 3];
    for seed in 0..seeds {
        let mut numbers = Numbers::new(seed);
        let problem = make(&mut numbers);
        let truth = Truth::of(&problem);
        let what = format!("seed {seed}: {problem:?}");
        let outcome = solved(problem.clone(), 1 + u64::from(numbers.below(40)));
        check_shape(&outcome, &problem);
        assert_eq!(total(&problem, &outcome.mates), truth.total, "cost of {what}");
        truth.check(&outcome, &what);
        outcome.groups.iter().for_each(|group| seen[group.class as usize] += 1);
    }
    let few = u32::try_from(seeds / 100).expect("small");
    assert!(seen.iter().all(|count| *count > few), "each class occurs: {seen:?}");
}

#[test]
fn any_pairs_are_assigned_as_by_brute_force() {
    check_pairs(any_problem, instances());
}

#[test]
fn amounts_within_a_tolerance_are_assigned_as_by_brute_force() {
    check_pairs(amounts, instances());
}

#[test]
fn one_amount_is_aligned_as_by_brute_force_and_as_its_listed_pairs() {
    let mut seen = [0_u32; 3];
    for seed in 0..instances() {
        let (lefts, rights) = bucket(&mut Numbers::new(seed));
        let problem = listed(&lefts, &rights);
        let truth = Truth::of(&problem);
        let what = format!("seed {seed}: {lefts:?} {rights:?}");
        let outcome = bucket::solve(&lefts, &rights);
        check_shape(&outcome, &problem);
        assert_eq!(total(&problem, &outcome.mates), truth.total, "cost of {what}");
        truth.check(&outcome, &what);
        let mates: Vec<u32> = outcome.mates.iter().copied().filter(|m| *m != NONE).collect();
        assert!(mates.is_sorted(), "oldest with oldest: {what}");
        let twin = solved(problem.clone(), 100);
        assert_eq!(total(&problem, &twin.mates), truth.total, "cost of the twin of {what}");
        truth.check(&twin, &what);
        outcome.groups.iter().for_each(|group| seen[group.class as usize] += 1);
    }
    assert!(seen.iter().all(|count| *count > 10), "each class occurs: {seen:?}");
}

/// Rows of one amount at minutes, each with a window of five minutes after it.
fn at(lefts: &[i64], rights: &[(i64, u32)]) -> Outcome {
    let lefts: Vec<Left> = lefts.iter().map(|at| Left { at: *at, from: *at, to: at + 5 }).collect();
    let rights: Vec<Right> =
        rights.iter().map(|(at, alike)| Right { at: *at, alike: *alike }).collect();
    bucket::solve(&lefts, &rights)
}

#[test]
fn what_the_classes_mean() {
    use Class::{Ambiguous, Forced, Interchangeable};
    type Case<'a> = (&'a str, &'a [i64], &'a [(i64, u32)], &'a [u32], &'a [Class]);
    let cases: [Case<'_>; 9] = [
        ("one of each", &[0], &[(1, 0)], &[0], &[Forced]),
        ("outside the window", &[0], &[(6, 0)], &[NONE], &[]),
        ("each in the window of its own only", &[0, 10], &[(1, 0), (12, 0)], &[0, 1], &[Forced; 2]),
        ("both could be either", &[0, 1], &[(2, 0), (3, 0)], &[0, 1], &[Interchangeable]),
        (
            "either way round, though the money differs",
            &[0, 1],
            &[(2, 0), (3, 1)],
            &[0, 1],
            &[Interchangeable],
        ),
        (
            "two wait, one came: the closer is shown",
            &[0, 3],
            &[(4, 0)],
            &[NONE, 0],
            &[Interchangeable],
        ),
        ("two came that are alike", &[0], &[(1, 0), (2, 0)], &[0], &[Interchangeable]),
        ("two came that differ in money", &[0], &[(1, 0), (2, 1)], &[0], &[Ambiguous]),
        (
            "a near one leaves the far one no choice",
            &[0, 4],
            &[(1, 0), (5, 0)],
            &[0, 1],
            &[Forced; 2],
        ),
    ];
    for (what, lefts, rights, mates, classes) in cases {
        let outcome = at(lefts, rights);
        assert_eq!(outcome.mates, mates, "{what}");
        let found: Vec<Class> = outcome.groups.iter().map(|group| group.class).collect();
        assert_eq!(found, classes, "{what}");
    }
}
