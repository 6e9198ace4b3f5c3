//! How long matching without a reference takes: `cargo bench --bench residual`, best of three.
//!
//! 20,000 orders and 20,000 lines without references, with a million candidate pairs: of equal
//! amounts, and within a tolerance; and all of one amount on one day, where every pair is one.
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

fn main() -> Result<(), Box<dyn Error>> {
    let shapes: [(&str, i64, Rule, Rule); 3] = [
        (
            "400 amounts, 1,000,000 pairs",
            0,
            |i| (1 + i % 400, i % 1_440),
            |i| (1 + i % 400, i % 997),
        ),
        (
            "within a tolerance, 1,000,000 pairs",
            25,
            |i| (1_000 + i, i * 7_919 % 1_440),
            |i| (1_000 + i + i * 7_907 % 19 - 9, i * 6_007 % 1_440),
        ),
        ("one amount, 400,000,000 pairs", 0, |i| (999, i % 1_440), |i| (999, i % 1_440)),
    ];
    for (what, tolerance, order, line) in shapes {
        let mut best: Option<(Duration, String)> = None;
        for _ in 0..RUNS {
            let (time, outcome) = measure(tolerance, order, line)?;
            if best.as_ref().is_none_or(|(least, _)| time < *least) {
                best = Some((time, outcome));
            }
        }
        let (time, outcome) = best.unwrap_or_default();
        println!("{what:<40}{:>6} ms  {outcome}", time.as_millis());
    }
    Ok(())
}

fn measure(tolerance: i64, order: Rule, line: Rule) -> Result<(Duration, String), Box<dyn Error>> {
    let currency = Currency::from_code("KES").ok_or("no such currency")?;
    let mut entries = Entries::default();
    for (side, rule) in [(Side::Orders, order), (Side::Settlement, line)] {
        entries.begin_source(side);
        for row in 0..ROWS {
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
            absolute: BTreeMap::from([(currency, Amount::from_minor(tolerance))]),
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
