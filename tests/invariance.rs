//! The order of rows, the order of files, and how a month is cut into files change nothing that a
//! result says; nor does the size of the pieces in which it is read and worked off.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod support;

use crossfoot::entry::Side;
use proptest::prelude::*;
use support::small_month::{lines_file, orders_file, small_month, terms};
use support::{
    Dice, Month, Pace, Source, assert_same, cases, document, month, reconcile, run_at,
    without_names,
};

/// A file as its header and its records; further rows of an order stay with its first.
struct Sheet<'t> {
    header: &'t str,
    records: Vec<String>,
}

impl<'t> Sheet<'t> {
    /// No cell of the samples has a line break in it.
    fn new(text: &'t str) -> Self {
        let (header, rows) = text.split_once('\n').expect("a header");
        let shop = header.starts_with("Name,Email,Financial Status,");
        let mut records: Vec<String> = Vec::new();
        for row in rows.lines() {
            let continues = shop && row.split(',').nth(2) == Some("");
            match records.last_mut().filter(|_| continues) {
                Some(record) => record.push_str(&format!("{row}\n")),
                None => records.push(format!("{row}\n")),
            }
        }
        Self { header, records }
    }

    fn file(&self, name: &str, side: Side, records: &[String]) -> Source {
        Source::new(name, side, format!("{}\n{}", self.header, records.concat()))
    }
}

fn text(source: &Source) -> &str {
    std::str::from_utf8(&source.bytes).unwrap()
}

/// The month with its rows shuffled, in other files, in another order.
fn rearranged(month: &Month, dice: &mut Dice) -> Vec<Source> {
    let mut sources = Vec::new();
    for source in &month.sources {
        let mut sheet = Sheet::new(text(source));
        dice.shuffle(&mut sheet.records);
        let cut = dice.below(sheet.records.len() + 1);
        let (one, other) = sheet.records.split_at(cut);
        sources.push(sheet.file(&format!("b-{}", source.name), source.side, one));
        sources.push(sheet.file(&format!("a-{}", source.name), source.side, other));
    }
    dice.shuffle(&mut sources);
    sources
}

#[test]
fn rows_and_files_of_a_sample_month_in_another_order() {
    for (seed, orders) in [(1, 300), (2, 300), (3, 120), (4, 40), (5, 7), (6, 1)] {
        let month = month(seed, orders);
        let expected = without_names(&reconcile(&month.settings, &month.sources));
        let mut dice = Dice(seed);
        for round in 0..3 {
            let sources = rearranged(&month, &mut dice);
            let found = without_names(&reconcile(&month.settings, &sources));
            assert_same(&found, &expected, &format!("seed {seed}, round {round}"));
        }
    }
}

#[test]
fn shuffling_is_not_undone_by_the_comparison() {
    let month = month(1, 40);
    let sources = rearranged(&month, &mut Dice(1));
    let (one, other) =
        (reconcile(&month.settings, &month.sources), reconcile(&month.settings, &sources));
    assert_ne!(one, other, "the rows have other names");
    let mut fewer = month.sources.clone();
    let shorter = text(&fewer[1]).rsplitn(3, '\n').nth(2).unwrap().to_owned();
    fewer[1].bytes = shorter.into_bytes();
    let fewer = reconcile(&month.settings, &fewer);
    assert_ne!(without_names(&one), without_names(&fewer), "a line less is seen");
}

#[test]
fn the_size_of_pieces_and_steps() {
    let month = month(11, 150);
    let lengths: Vec<usize> = month.sources.iter().map(|source| source.bytes.len()).collect();
    assert!(lengths[0] > 64 << 10, "larger than the head from which formats are decided");
    let expected = reconcile(&month.settings, &month.sources);
    for (chunk, budget) in [(1, 1_000_000), (7, 37), (64 << 10, 1), (1 << 20, 37)] {
        let run = run_at(&month.settings, &month.sources, Pace { chunk, budget }).unwrap();
        assert!(document(&run) == expected, "pieces of {chunk} bytes, steps of {budget}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(1_000), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_and_files_of_small_months_in_another_order(month in small_month(), seed: u64) {
        let expected = without_names(&reconcile(&terms(), &month.sources()));
        let mut dice = Dice(seed);
        let mut shuffled = month.clone();
        dice.shuffle(&mut shuffled.orders);
        dice.shuffle(&mut shuffled.lines);
        let (some, others) = shuffled.orders.split_at(dice.below(month.orders.len() + 1));
        let (these, those) = shuffled.lines.split_at(dice.below(month.lines.len() + 1));
        let mut sources = vec![
            orders_file("z.csv", some),
            orders_file("y.csv", others),
            lines_file("x.csv", these),
            lines_file("w.csv", those),
        ];
        dice.shuffle(&mut sources);
        let found = without_names(&reconcile(&terms(), &sources));
        assert_same(&found, &expected, "another order");
    }

    #[test]
    fn pieces_and_steps_of_small_months(month in small_month(), chunk in 1..200_usize, budget in 1..40_u32) {
        let expected = reconcile(&terms(), &month.sources());
        let run = run_at(&terms(), &month.sources(), Pace { chunk, budget }).unwrap();
        prop_assert_eq!(document(&run), expected);
    }
}
