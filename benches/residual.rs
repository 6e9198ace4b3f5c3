//! How long matching without a reference takes: `cargo bench --bench residual`, best of three.
//!
//! 20,000 orders and about as many lines without references, with a million candidate pairs and
//! more: of equal amounts; within a tolerance, whether the amounts come near each other, at random,
//! in steps, or where a tenth of the lines did not come; and all of one amount on one day.
#![allow(clippy::print_stdout, reason = "a measurement is printed")]

use crossfoot::entry::{Entries, Kind, NewEntry, Side};
use crossfoot::matching::{
    Class, Due, Matcher, Matches, Numbering, Terms, Tolerance, WithoutReference,
};
use crossfoot::money::{Amount, Currency};
use crossfoot::time::Instant as Moment;
use std::collections::BTreeMap;
use std::error::Error;
use std::time::{Duration, Instant};

const ROWS: u32 = 20_000;
const RUNS: usize = 3;
const BUDGET: u32 = 20_000;
const MINUTE: i64 = 60_000_000;

/// Amount in minor units and minute of a row.
type Rule = fn(i64) -> (i64, i64);

struct Shape {
    what: &'static str,
    tolerance: i64,
    lines: u32,
    order: Rule,
    line: Rule,
}

/// A number below `end` that looks random (Knuth's multiplicative hash).
fn scattered(row: i64, salt: i64, end: i64) -> i64 {
    let mixed = (row.wrapping_mul(31).wrapping_add(salt)).wrapping_mul(2_654_435_761) ^ (row >> 3);
    (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15_u64.cast_signed()) >> 24).rem_euclid(end)
}

const SHAPES: [Shape; 7] = [
    Shape {
        what: "400 amounts, 1,000,000 pairs",
        tolerance: 0,
        lines: ROWS,
        order: |i| (1 + i % 400, i % 1_440),
        line: |i| (1 + i % 400, i % 997),
    },
    Shape {
        what: "near amounts, 1,000,000 pairs",
        tolerance: 25,
        lines: ROWS,
        order: |i| (1_000 + i, i * 7_919 % 1_440),
        line: |i| (1_000 + i + i * 7_907 % 19 - 9, i * 6_007 % 1_440),
    },
    Shape {
        what: "amounts at random, 1,000,000 pairs",
        tolerance: 25,
        lines: ROWS,
        order: |i| (1_000 + scattered(i, 1, 20_000), scattered(i, 2, 1_440)),
        line: |i| (1_000 + scattered(i, 3, 20_000), scattered(i, 4, 1_440)),
    },
    Shape {
        what: "the same, a tenth of the lines missing",
        tolerance: 28,
        lines: ROWS / 10 * 9,
        order: |i| (1_000 + scattered(i, 1, 20_000), scattered(i, 2, 1_440)),
        line: |i| (1_000 + scattered(i, 3, 20_000), scattered(i, 4, 1_440)),
    },
    Shape {
        what: "the same, a tenth more lines",
        tolerance: 23,
        lines: ROWS / 10 * 11,
        order: |i| (1_000 + scattered(i, 1, 20_000), scattered(i, 2, 1_440)),
        line: |i| (1_000 + scattered(i, 3, 20_000), scattered(i, 4, 1_440)),
    },
    Shape {
        what: "amounts in steps of 25, 1,000,000 pairs",
        tolerance: 25,
        lines: ROWS,
        order: |i| (1_000 + 25 * scattered(i, 1, 1_200), scattered(i, 2, 1_440)),
        line: |i| (1_000 + 25 * scattered(i, 3, 1_200), scattered(i, 4, 1_440)),
    },
    Shape {
        what: "one amount, 400,000,000 pairs",
        tolerance: 0,
        lines: ROWS,
        order: |i| (999, i % 1_440),
        line: |i| (999, i % 1_440),
    },
];

fn main() -> Result<(), Box<dyn Error>> {
    for shape in &SHAPES {
        let mut best: Option<(Duration, String)> = None;
        for _ in 0..RUNS {
            let (time, outcome) = measure(shape)?;
            if best.as_ref().is_none_or(|(least, _)| time < *least) {
                best = Some((time, outcome));
            }
        }
        let (time, outcome) = best.unwrap_or_default();
        println!("{:<42}{:>6} ms  {outcome}", shape.what, time.as_millis());
    }
    Ok(())
}

fn measure(shape: &Shape) -> Result<(Duration, String), Box<dyn Error>> {
    let currency = Currency::from_code("KES").ok_or("no such currency")?;
    let mut entries = Entries::default();
    let sides = [(Side::Orders, ROWS, shape.order), (Side::Settlement, shape.lines, shape.line)];
    for (side, rows, rule) in sides {
        entries.begin_source(side);
        for row in 0..rows {
            let (amount, minute) = rule(i64::from(row));
            let mut entry = NewEntry::new(row, Kind::Sale, currency);
            entry.amount = Amount::from_minor(amount);
            entry.net = entry.amount;
            entry.occurred_at = Some(Moment(minute * MINUTE));
            entries.push(&entry).map_err(|full| format!("{full:?}"))?;
        }
    }
    let mut numbering = Numbering::default();
    while numbering.step(&mut entries, BUDGET) {}
    let terms = Terms {
        off: Vec::new(),
        due: Due { cycle: None, as_of: None },
        without_reference: WithoutReference { automatic: true, ..WithoutReference::default() },
        tolerance: Tolerance {
            absolute: BTreeMap::from([(currency, Amount::from_minor(shape.tolerance))]),
            ..Tolerance::default()
        },
    };
    let start = Instant::now();
    let mut matcher = Matcher::new(terms);
    while matcher.step(&mut entries, BUDGET) {}
    let time = start.elapsed();
    Ok((time, counted(&matcher.finish())))
}

fn counted(matches: &Matches) -> String {
    let of = |class: Class| matches.ids().filter(|id| matches.class(*id) == class).count();
    let (forced, alike) = (of(Class::Forced), of(Class::Interchangeable));
    format!("{forced} forced, {alike} interchangeable, {} findings", matches.findings().len())
}
