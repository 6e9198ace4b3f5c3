//! Simulates months in which everything goes wrong, and holds the engine against what happened.
//!
//! Each seed draws a ledger and what became of its payments on their way into the two files: rows
//! dropped, duplicated, split, merged, delayed and reordered, wrong rates, fees, units, amounts and
//! currencies, references mangled or missing, equal amounts in bulk, a clock that is off, a file
//! that ends in the middle ([`world`]). The files are reconciled by the engine as a user would, with
//! matching without a reference allowed. Then:
//!
//! - nothing is lost and all adds up, which the verifier confirms;
//! - whatever a key decides is matched as it happened, and each fault has its code, no row another;
//! - of the rows without a reference [the oracle](oracle) says which could be identified: no match
//!   among them is false, nearly all of them are matched, and elsewhere nothing is called certain.
//!
//! A test has 2,000 seeds; `CROSSFOOT_SEEDS=FIRST..END` says others.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests, and figures are printed"
)]

mod baselines;
mod judge;
mod oracle;
#[path = "../support/mod.rs"]
mod support;
mod world;

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use judge::{Judge, Tally};
use oracle::Knowable;
use support::{document, run, sales_files, verdict};
use world::World;

/// Simulates one seed.
fn simulate(seed: u64) -> Tally {
    let world = World::draw(seed);
    let sources = sales_files::sources(&world.orders, &world.lines, world.is_cut);
    let run = run(&sales_files::settings(), &sources).expect("files that can be used");
    let mut judge = Judge::new(seed, &world, &run);
    judge.check_conservation();
    judge.check_keyed();
    judge.check_keyless(&Knowable::of(&world));
    judge.check_sets();
    let mut tally = judge.tally;
    if !verdict(&document(&run)).holds {
        tally.violations.push((seed, "the proof does not hold".to_owned()));
    }
    for (way, (right, wrong)) in
        [("first fit", baselines::first_fit(&world)), ("best first", baselines::best_first(&world))]
    {
        tally.count(way, right, wrong);
    }
    tally
}

/// Simulates seeds on all processors.
fn simulate_all(seeds: Range<u64>) -> Tally {
    let next = AtomicU64::new(seeds.start);
    let sum = Mutex::new(Tally::default());
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let mut own = Tally::default();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        break;
                    }
                    own.add(simulate(seed));
                }
                sum.lock().unwrap().add(own);
            });
        }
    });
    let mut sum = sum.into_inner().unwrap();
    sum.violations.sort();
    sum
}

/// A share in hundredths of a percent, as text.
fn percent(part: usize, whole: usize) -> String {
    let share = part * 10_000 / whole.max(1);
    format!("{}.{:02} %", share / 100, share % 100)
}

fn print(tally: &Tally) {
    println!(
        "{} seeds, {} rows; {} codes planted in rows with a key",
        tally.seeds, tally.rows, tally.faults
    );
    println!(
        "keyless rows: {} identifiable, {} not, {} in sets too large to go through",
        tally.identifiable, tally.not_identifiable, tally.too_many
    );
    println!(
        "identifiable pairs matched: {} of {} ({}), {} pairs called forced",
        tally.matched_pairs,
        tally.knowable_pairs,
        percent(tally.matched_pairs, tally.knowable_pairs),
        tally.forced
    );
    println!(
        "automatic pairs of rows that cannot be identified: {}, not the true ones: {}",
        tally.elsewhere, tally.elsewhere_untrue
    );
    println!(
        "payments in several rows without a key: {} of {} found",
        tally.found_sets, tally.sets
    );
    println!(
        "orders without a line where the file was cut: {}, in a gap: {}",
        tally.cut_off, tally.in_gaps
    );
    println!("{:<12}{:>16}{:>16}{:>12}", "", "right pairs", "of all", "wrong");
    for (way, (right, wrong)) in &tally.ways {
        println!("{way:<12}{right:>16}{:>16}{wrong:>12}", percent(*right, tally.true_pairs));
    }
}

/// The same in one line, for a table.
fn figures(tally: &Tally, seeds: &Range<u64>) -> String {
    let share = |way: &str| {
        let (right, wrong) = tally.ways[way];
        format!("{} right and {wrong} wrong", percent(right, tally.true_pairs))
    };
    format!(
        "seeds {seeds:?}, {} rows, {} planted codes found, {} violations; {} of {} identifiable pairs \
         matched, {} pairs forced; {} of {} sums found; of all pairs {}, first fit {}, best first {}",
        tally.rows,
        tally.faults,
        tally.violations.len(),
        tally.matched_pairs,
        tally.knowable_pairs,
        tally.forced,
        tally.found_sets,
        tally.sets,
        share("crossfoot"),
        share("first fit"),
        share("best first"),
    )
}

fn seeds() -> Range<u64> {
    let Ok(said) = std::env::var("CROSSFOOT_SEEDS") else { return 0..2_000 };
    let (first, end) = said.split_once("..").expect("FIRST..END");
    first.parse().expect("a number")..end.parse().expect("a number")
}

#[test]
fn whatever_happens_is_found_and_nothing_is_claimed_that_cannot_be_known() {
    let seeds = seeds();
    let tally = simulate_all(seeds.clone());
    print(&tally);
    println!("figures: {}", figures(&tally, &seeds));
    let first: Vec<_> = tally.violations.iter().take(12).collect();
    assert!(first.is_empty(), "{} violations: {first:#?}", tally.violations.len());
    let (found, all) = (tally.matched_pairs, tally.knowable_pairs);
    assert!(found * 100 >= all * 99, "{found} of {all} pairs that can be known");
    for (what, count) in [
        ("identifiable rows", tally.identifiable),
        ("rows that are not", tally.not_identifiable),
        ("certain pairs", tally.forced),
        ("faults", tally.faults),
        ("orders in gaps", tally.in_gaps),
    ] {
        assert!(count > tally.seeds / 4, "{count} {what} prove nothing");
    }
}

/// Seeds that found a fault once: an order whose line is missing, and a line whose order is, of one
/// price and time, were called a certain pair; so were such an order and the two parts of another.
#[test]
fn two_rows_whose_partners_are_missing_are_no_certain_pair_at_a_usual_price() {
    for seed in [1, 82, 107, 207, 222, 429, 447, 459, 498, 10_524, 13_684, 17_337] {
        assert_eq!(simulate(seed).violations, [], "seed {seed}");
    }
}

/// A seed in which an order whose line is missing and a line of an unknown order have an amount that
/// nobody else has: it is asked whether the number is wrong, and nothing is claimed.
#[test]
fn a_lone_amount_under_another_number_is_a_question() {
    assert_eq!(simulate(14_166).violations, []);
}

/// A seed in which an order over 1,499.00 without its line met a line over 1,499.00 without its order.
#[test]
fn a_price_that_only_two_rows_have_is_no_certain_pair() {
    assert_eq!(simulate(115_281).violations, []);
}

/// Seeds in which an order without its line stands right before those that a cut took theirs.
#[test]
fn an_order_that_is_missing_right_before_a_gap_cannot_be_told_from_it() {
    for seed in [3_058, 12_046, 36_572, 63_216, 133_188] {
        assert_eq!(simulate(seed).violations, [], "seed {seed}");
    }
}
