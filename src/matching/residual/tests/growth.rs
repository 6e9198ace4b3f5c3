//! Twice the rows cost at most 2.6 times the steps, whatever the rows are.

use super::super::bucket::{self, Left, Right};
use super::super::listing::{Listing, Offer, Wish};
use super::super::pairs::{Problem, Solver};
use super::super::{Limit, NONE, Outcome};
use super::{Numbers, solved};
use crate::limits::{ALIGNMENT_CELLS_PER_ROW, ASSIGNMENT_STEPS_PER_PAIR, CANDIDATES_PER_ROW};
use crate::matching::Class;

const DAY: i64 = 24 * 60;

/// So many rows of one amount: `time` says when each happens.
fn rows_at(rows: u32, window: i64, time: impl Fn(i64) -> i64) -> Vec<Left> {
    let row = |index| {
        let at = time(index);
        Left { at, from: at - window, to: at + window }
    };
    (0..i64::from(rows)).map(row).collect()
}

fn rights_at(rows: u32, time: impl Fn(i64) -> i64) -> Vec<Right> {
    (0..i64::from(rows)).map(|index| Right { at: time(index), alike: 0 }).collect()
}

/// Doubles the rows of a shape and counts.
fn assert_growth(what: &str, sizes: [u32; 3], steps: impl Fn(u32) -> u64) {
    let counted = sizes.map(&steps);
    for (one, two) in [(0, 1), (1, 2)] {
        assert_eq!(sizes[two], 2 * sizes[one]);
        let (less, more) = (counted[one], counted[two]);
        assert!(10 * more <= 26 * less, "{what}: {sizes:?} rows took {counted:?} steps");
    }
}

/// What a bucket of `rows` and its counterpart of a share in hundredths costs.
fn bucket_steps(rows: u32, share: u32, window: i64, time: impl Fn(i64) -> i64 + Copy) -> u64 {
    let others = rows * share / 100;
    let stretch = |index: i64| time(index * 100 / i64::from(share));
    let outcome = bucket::solve(&rows_at(rows, window, time), &rights_at(others, stretch));
    let all = u64::from(rows + others);
    let bound = all * (ALIGNMENT_CELLS_PER_ROW + 8);
    assert!(outcome.steps <= bound, "{} steps for {all} rows", outcome.steps);
    outcome.steps
}

#[test]
fn one_amount_grows_with_its_rows() {
    for share in [50, 95, 100, 150] {
        // Tables of fewer rows are below their limit, and the bound of a row holds for them.
        let sizes = [4_000, 8_000, 16_000];
        let grows = |what: &str, window: i64, time: fn(i64) -> i64| {
            let what = format!("{what}, {share} lines for 100 orders");
            assert_growth(&what, sizes, |rows| bucket_steps(rows, share, window, time));
        };
        grows("all at one minute", 0, |_| 0);
        grows("all on one day", DAY, |index| index * DAY / 16_000);
        grows("a dense window", 3 * DAY, |index| index);
        grows("a thin window", 30, |index| index);
        grows("a window of two years", 1 << 20, |index| index * 60);
        grows("bursts", DAY, |index| index / 500 * DAY);
    }
    // Where tables are filled, fewer rows cost no more for each row either.
    for rows in [10, 30, 100, 300, 1_000, 3_000, 10_000] {
        for share in [50, 90, 99, 100, 150] {
            bucket_steps(rows, share, DAY, |index| index);
        }
    }
}

#[test]
fn a_table_that_is_too_large_is_said_and_costs_no_pair() {
    for (rows, others, limit) in [(100, 90, Limit::No), (3_000, 1_500, Limit::Lag)] {
        let outcome = bucket::solve(&rows_at(rows, DAY, |_| 0), &rights_at(others, |_| 9));
        let [group] = outcome.groups.as_slice() else { panic!("one group: {:?}", outcome.groups) };
        assert_eq!((group.limit, group.class), (limit, Class::Interchangeable));
        assert_eq!((group.lefts, group.rights, group.pairs), (rows, others, others));
    }
}

/// Wishes and offers with amounts and times by rules.
fn problem(
    rows: u32,
    others: u32,
    within: u64,
    wish: impl Fn(i64) -> (i64, i64),
    offer: impl Fn(i64) -> (i64, i64),
) -> (Problem, u64) {
    let wishes: Vec<Wish> = (0..rows)
        .map(|left| {
            let (amount, at) = wish(i64::from(left));
            Wish { left, amount, within, at, from: at - DAY, to: at + DAY }
        })
        .collect();
    let mut offers: Vec<Offer> = (0..others)
        .map(|right| {
            let (amount, at) = offer(i64::from(right));
            Offer { amount, at, right }
        })
        .collect();
    offers.sort_unstable();
    let listing = Listing::of(rows, &wishes, &offers, &|_, _| 0);
    let mut problem = Problem::new(vec![0; rows as usize], vec![0; others as usize], listing.pairs);
    problem.cut = listing.cut;
    (problem, listing.steps)
}

#[test]
fn listed_pairs_grow_with_their_rows() {
    type Rule = fn(i64) -> (i64, i64);
    let scattered: Rule = |index| (index * 7_919 % 10_007, index % 60);
    let shapes: [(&str, u64, Rule, Rule); 6] = [
        ("all amounts equal on one day", 5, |i| (999, i % 60), |i| (999, i % 60)),
        ("one day, all amounts within the tolerance", 1 << 40, scattered, scattered),
        ("a dense window of neighbours", 20, |i| (i, 0), |i| (i, 0)),
        ("a chain", 1, |i| (2 * i + 1, 0), |i| (2 * i, 0)),
        ("few amounts", 1, |i| (i % 7, i / 70), |i| (i % 7, i / 70)),
        ("everything elsewhere in time", 1 << 40, |i| (i, 0), |i| (i, 9 * DAY)),
    ];
    for (what, within, wish, offer) in shapes {
        for share in [50, 100, 200] {
            let sizes = [500, 1_000, 2_000];
            let what = format!("{what}, {share} offers for 100 wishes");
            assert_growth(&what, sizes, |rows| {
                let (problem, steps) = problem(rows, rows * share / 100, within, wish, offer);
                let rows = u64::from(rows);
                assert!(steps <= rows * 2 * CANDIDATES_PER_ROW as u64, "{what}: listing");
                let pairs = problem.pairs.len() as u64;
                let outcome = solved(problem, 1_000);
                // Every look that there may be, twice, and the certificate.
                let bound = (pairs + 4 * rows) * (2 * ASSIGNMENT_STEPS_PER_PAIR + 8);
                assert!(outcome.steps <= bound, "{what}: {} steps of {bound}", outcome.steps);
                steps + outcome.steps
            });
        }
    }
}

#[test]
fn a_limit_is_said_and_nothing_behind_it_is_certain() {
    let mut numbers = Numbers::new(7);
    let mut amounts = || i64::from(numbers.below(3_000));
    let wishes: Vec<i64> = (0..300).map(|_| amounts()).collect();
    let offers: Vec<i64> = (0..280).map(|_| amounts()).collect();
    let at = |list: &[i64], index: i64| (list[usize::try_from(index).expect("small")], 0);
    let make = || problem(300, 280, 60, |i| at(&wishes, i), |i| at(&offers, i)).0;
    let pairs = |outcome: &Outcome| outcome.mates.iter().filter(|mate| **mate != NONE).count();
    let best = solved(make(), 1_000);
    let limited = |looks: u64| {
        let mut solver = Solver::limited(make(), looks);
        while solver.step(1_000) {}
        solver.finish()
    };
    let cut = limited(1);
    assert!(pairs(&cut) < pairs(&best), "the limit was too generous to show anything");
    for group in &cut.groups {
        let Limit::Pairs(more) = group.limit else { panic!("{group:?} is not said to be open") };
        assert_eq!(group.class, Class::Ambiguous);
        assert!(pairs(&cut) + more as usize >= pairs(&best), "{more} more at most");
    }
    assert_eq!(limited(ASSIGNMENT_STEPS_PER_PAIR), best);
    assert!(best.groups.iter().all(|group| !matches!(group.limit, Limit::Pairs(_))));
}

#[test]
fn the_size_of_a_step_changes_nothing() {
    let make = || problem(400, 380, 9, |i| (i * 37 % 911, i % 90), |i| (i * 53 % 911, i % 80)).0;
    let whole = solved(make(), u64::MAX);
    assert_eq!(whole, solved(make(), 1));
    assert_eq!(whole, solved(make(), 37));
    assert!(whole.groups.len() > 1);
}
