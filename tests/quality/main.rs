//! Measures how much of a mixed month is matched rightly, beside the plain way of doing it.
//!
//! Months are made up ([`months`]); the engine and [the plain way](baseline) both say which orders
//! each line pays. Links are right if they are true; of rows that are alike in amount as many as there
//! really are, whichever they are, since any of them is the same money. Of every level and size the
//! engine must be above the plain way in the mean of F1, below it in no set of seeds, and have no
//! link that is wrong.
//!
//! `cargo xtask bench --only quality` prints the table for more seeds (`CROSSFOOT_MONTHS`).

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests, and figures are printed"
)]

mod baseline;
mod months;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};

use crossfoot::entry::Side;
use months::Month;
use support::{run, sales_files};

/// Percent of unusual payments, and payments of a month.
const LEVELS: [usize; 5] = [2, 5, 10, 20, 30];
const SIZES: [usize; 2] = [300, 1_000];
/// Months of a set.
const MONTHS: u64 = 5;

type Links = Vec<(usize, usize)>;

/// Links that were found, that are right, and that there are.
#[derive(Clone, Copy, Debug, Default)]
struct Score {
    found: usize,
    right: usize,
    all: usize,
}

impl Score {
    /// Twice the right ones of all that were found and that there are, in millionths.
    fn f1(self) -> usize {
        2_000_000 * self.right / (self.found + self.all).max(1)
    }

    fn wrong(self) -> usize {
        self.found - self.right
    }

    fn add(&mut self, other: Self) {
        self.found += other.found;
        self.right += other.right;
        self.all += other.all;
    }

    fn of(month: &Month, links: &Links) -> Self {
        let truth: BTreeSet<_> = month.links.iter().copied().collect();
        let found: BTreeSet<_> = links.iter().copied().collect();
        let mut right = truth.intersection(&found).count();
        // Pairs of one amount, by that amount: found and not true, true and not found.
        let mut alike: BTreeMap<(usize, i64), [usize; 2]> = BTreeMap::new();
        for (side, links) in
            [found.difference(&truth), truth.difference(&found)].into_iter().enumerate()
        {
            for (order, line) in links {
                let (order, line) = (&month.orders[*order], &month.lines[*line]);
                if (order.currency, order.amount) == (line.currency, line.amount) {
                    alike.entry((order.currency, order.amount)).or_default()[side] += 1;
                }
            }
        }
        right += alike.values().map(|[found, missed]| found.min(missed)).sum::<usize>();
        Self { found: found.len(), right, all: truth.len() }
    }
}

/// The links of the engine's matches.
fn engine(month: &Month) -> Links {
    let sources = sales_files::sources(&month.orders, &month.lines, false);
    let run = run(&sales_files::settings(), &sources).expect("files that can be used");
    let mut links = Links::new();
    for id in run.matches.ids() {
        let members = run.matches.members(&run.entries, id);
        let (orders, lines): (Vec<_>, Vec<_>) =
            members.partition(|member| run.entries.side(*member) == Side::Orders);
        let row = |member: &_| run.entries.row(*member) as usize - 2;
        for order in orders.iter().map(row) {
            links.extend(lines.iter().map(|line| (order, row(line))));
        }
    }
    links
}

/// The engine and the plain way on one set of seeds.
fn measure(level: usize, size: usize, seeds: std::ops::Range<u64>) -> [Score; 2] {
    let mut scores = [Score::default(); 2];
    for seed in seeds {
        let month = Month::draw(seed, size, level);
        scores[0].add(Score::of(&month, &engine(&month)));
        scores[1].add(Score::of(&month, &baseline::links(&month)));
    }
    scores
}

fn share(millionths: usize) -> String {
    format!("{}.{:04}", millionths / 1_000_000, millionths % 1_000_000 / 100)
}

#[test]
fn a_mixed_month_is_matched_better_than_by_keys_and_equal_amounts() {
    let sets: u64 = match std::env::var("CROSSFOOT_MONTHS") {
        Ok(months) => months.parse::<u64>().expect("a number").div_ceil(MONTHS),
        Err(_) => 2,
    };
    println!("F1 and wrong links of {} months each", sets * MONTHS);
    println!("{:<28}{:>10}{:>7}{:>12}{:>7}", "", "crossfoot", "", "plain way", "");
    for size in SIZES {
        for level in LEVELS {
            let mut sums = [Score::default(); 2];
            for set in 0..sets {
                let scores = measure(level, size, set * MONTHS..(set + 1) * MONTHS);
                let [ours, plain] = scores;
                let what = format!("{size} orders, {level} %, set {set}: {ours:?} {plain:?}");
                assert_eq!(ours.wrong(), 0, "{what}");
                assert!(ours.f1() >= plain.f1(), "{what}");
                sums.iter_mut().zip(scores).for_each(|(sum, score)| sum.add(score));
            }
            let [ours, plain] = sums;
            println!(
                "{:<28}{:>10}{:>7}{:>12}{:>7}",
                format!("{size} orders, {level} % unusual"),
                share(ours.f1()),
                ours.wrong(),
                share(plain.f1()),
                plain.wrong()
            );
            assert!(ours.f1() > plain.f1(), "{size} orders, {level} %: {ours:?} {plain:?}");
        }
    }
}
