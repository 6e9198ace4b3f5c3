//! A thousand forged results: each one is found, also where every checksum, identity, count and
//! total was made to fit.
//!
//! A result is held against itself, then against the rows of its files, and last against the same
//! run made again. What is found by which is printed.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests"
)]

mod support;

use std::collections::BTreeMap;

use crossfoot::engine::{Audit, OtherSettings, Settings};
use crossfoot::entry::Side;
use crossfoot::proof::{CheckName, Verdict};
use crossfoot::report::Run;
use support::forgery::{ALL, Forgery, Subject};
use support::paper::Paper;
use support::{Dice, Source, cases, document, golden, month, run};

/// Checks that do not count as those of the document alone.
const OF_MORE: [CheckName; 5] = [
    CheckName::Seal,
    CheckName::Sections,
    CheckName::Certificates,
    CheckName::Rows,
    CheckName::Repeated,
];

/// Forged documents.
const FORGERIES: u32 = 1_000;

/// A run and what it wrote.
struct Case {
    name: String,
    run: Run,
    document: String,
}

impl Case {
    fn new(name: String, settings: &Settings, sources: &[Source]) -> Self {
        let run = run(settings, sources).unwrap_or_else(|error| panic!("{name}: {error}"));
        let document = document(&run);
        Self { name, run, document }
    }

    fn check(&self, document: &str) -> Verdict {
        let mut audit = Audit::new(&self.run, OtherSettings::Wrong);
        audit.push(document.as_bytes());
        audit.finish()
    }
}

/// A month whose lines have lost every second reference, matched by amount and time.
fn without_references(seed: u64, orders: u32) -> Case {
    let mut month = month(seed, orders);
    let lines = month.sources.iter_mut().find(|source| source.side == Side::Settlement).unwrap();
    let text = String::from_utf8(lines.bytes.clone()).unwrap();
    let column =
        text.lines().next().unwrap().split(',').position(|name| name == "transaction_reference");
    let column = column.expect("the column of references");
    let rows = text.lines().enumerate().map(|(row, line)| {
        let mut cells: Vec<&str> = line.split(',').collect();
        if row > 0 && row % 2 == 0 {
            cells[column] = "";
        }
        cells.join(",") + "\n"
    });
    lines.bytes = rows.collect::<String>().into_bytes();
    month.settings.rules = Some("[without_reference]\nmatch = \"automatic\"\n".to_owned());
    Case::new(format!("month {seed} without references"), &month.settings, &month.sources)
}

fn all_cases() -> Vec<Case> {
    let mut all = Vec::new();
    for (seed, orders) in [(7, 12), (1, 40), (2, 90), (3, 25)] {
        let month = month(seed, orders);
        let name = format!("month {seed} of {orders} orders");
        all.push(Case::new(name, &month.settings, &month.sources));
    }
    all.push(without_references(5, 60));
    all.push(without_references(6, 30));
    for golden in golden::all() {
        all.push(Case::new(golden.place(), &golden.settings(), &golden.sources()));
    }
    all
}

/// How far the forger goes to hide the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Effort {
    /// All checksums.
    Checksums,
    /// Also identities, and the names and orders that follow from them.
    Identities,
    /// Also counts, totals and the summary.
    Totals,
}

fn forge(document: &str, forgery: &Forgery, effort: Effort, dice: &mut Dice) -> Option<String> {
    let mut paper = Paper::parse(document);
    (forgery.change)(&mut paper, dice)?;
    if effort >= Effort::Identities {
        paper.identify();
    }
    if effort == Effort::Totals {
        paper.settle();
    }
    let forged = paper.sealed();
    (forged != document).then_some(forged)
}

#[test]
fn the_forger_makes_everything_fit() {
    for case in all_cases() {
        let mut paper = Paper::parse(&case.document);
        paper.identify();
        paper.settle();
        assert!(paper.sealed() == case.document, "{}", case.name);
        let verdict = case.check(&case.document);
        assert!(verdict.holds, "{}: {:?}", case.name, verdict.findings().next());
    }
}

#[test]
fn every_forgery_is_found() {
    let all = all_cases();
    let mut dice = Dice(1);
    let mut by_check: BTreeMap<&str, u32> = BTreeMap::new();
    let mut first: BTreeMap<&str, u32> = BTreeMap::new();
    let mut needs: BTreeMap<(Subject, &str), [u32; 3]> = BTreeMap::new();
    let (mut made, mut missed) = (0, Vec::new());
    let wanted = cases(FORGERIES);
    let mut tries = 0_usize;
    while made < wanted {
        let forgery = &ALL[tries % ALL.len()];
        tries += 1;
        let case = &all[if dice.below(3) > 0 { dice.below(6) } else { dice.below(all.len()) }];
        let effort = [Effort::Checksums, Effort::Identities, Effort::Totals][dice.below(3)];
        let Some(forged) = forge(&case.document, forgery, effort, &mut dice) else { continue };
        made += 1;
        let verdict = case.check(&forged);
        let failed: Vec<CheckName> =
            verdict.checks.iter().filter(|check| !check.ok).map(|check| check.name).collect();
        for name in &failed {
            *by_check.entry(name.name()).or_default() += 1;
        }
        // That the forger recomputes a checksum wrongly is no merit of the verifier.
        let alone = failed.iter().find(|name| !OF_MORE.contains(name));
        let level = match alone {
            Some(_) => 0,
            None if failed.contains(&CheckName::Rows) => 1,
            None if failed.contains(&CheckName::Repeated) => 2,
            None => {
                missed.push(format!("{}: {} ({effort:?})", case.name, forgery.name));
                continue;
            }
        };
        *first.entry(failed[0].name()).or_default() += 1;
        needs.entry((forgery.subject, forgery.name)).or_default()[level] += 1;
        if level > 0 && std::env::var_os("CROSSFOOT_SHOW_FORGERIES").is_some() {
            println!("{level} {}: {} ({effort:?})", case.name, forgery.name);
            show_difference(&case.document, &forged);
        }
    }
    println!("{made} forgeries, {} missed", missed.len());
    println!("\nfound by the document alone, by the rows, only by making it again:");
    for ((subject, name), [alone, rows, again]) in &needs {
        println!("{subject:?}\t{name}: {alone} {rows} {again}");
    }
    let sum = |level: usize| needs.values().map(|counts| counts[level]).sum::<u32>();
    println!("all: {} {} {}", sum(0), sum(1), sum(2));
    println!("\nfirst check that failed: {first:?}\nall checks that failed: {by_check:?}");
    assert!(missed.is_empty(), "{missed:#?}");
    // What the figures and matches say is told without the matching, but for what only the terms
    // decide: when money was due, what a fee should have been.
    let told = needs.iter().filter(|((subject, _), _)| *subject != Subject::Other);
    let (mut independent, mut again) = (0, 0);
    for (_, [alone, rows, only_again]) in told {
        independent += alone + rows;
        again += only_again;
    }
    assert!(again * 20 < independent, "{again} only by making it again, {independent} without");
}

/// Prints the lines that differ.
fn show_difference(one: &str, other: &str) {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (one, other) = (lines(one), lines(other));
    for line in one.iter().filter(|line| !other.contains(line)) {
        println!("  - {}", line.chars().take(900).collect::<String>());
    }
    for line in other.iter().filter(|line| !one.contains(line)) {
        println!("  + {}", line.chars().take(900).collect::<String>());
    }
}
