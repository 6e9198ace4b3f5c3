//! Holds what the engine finds in the sample months against what was planted in them: for every
//! row the codes of its facts and notes, and its counterparts.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod support;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde_json::Value;
use support::{RowFindings, assert_proven, findings, json, month, reconcile, strings};

/// What was planted in every row, and under which label.
fn planted(truth: &[u8]) -> BTreeMap<String, (String, RowFindings)> {
    let truth: Value = serde_json::from_slice(truth).expect("the truth is JSON");
    let rows = truth["rows"].as_object().expect("rows").iter();
    rows.map(|(row, is)| {
        let own = |list: &Value| strings(list).map(str::to_owned).collect();
        let findings = RowFindings { codes: own(&is["codes"]), counterparts: own(&is["match"]) };
        (row.clone(), (is["label"].as_str().unwrap().to_owned(), findings))
    })
    .collect()
}

/// Reconciles a sample month and compares every row.
fn check(seed: u64, orders: u32) {
    let month = month(seed, orders);
    let text = reconcile(&month.settings, &month.sources);
    let place = format!("seed {seed}, {orders} orders");
    assert_proven(&text, &place);
    let document = json(&text);
    assert_eq!(document["proof"]["balanced"], true, "{place}");
    let (found, planted) = (findings(&document), planted(&month.truth));
    let wrong: Vec<String> = planted
        .iter()
        .filter(|(row, (_, planted))| found.get(*row) != Some(planted))
        .map(|(row, (label, planted))| {
            format!("{row} ({label}): planted {planted:?}, found {:?}", found.get(row))
        })
        .collect();
    let first: Vec<&String> = wrong.iter().take(8).collect();
    assert!(wrong.is_empty(), "{place}: {} rows differ: {first:#?}", wrong.len());
    let extra: Vec<&String> = found.keys().filter(|row| !planted.contains_key(*row)).collect();
    assert!(extra.is_empty(), "{place}: rows that nobody planted: {extra:?}");
    for source in document["sources"].as_array().unwrap() {
        assert_eq!(source["rows"]["rejected"], 0, "{place}: {source}");
    }
}

fn check_seeds(seeds: RangeInclusive<u64>) {
    seeds.for_each(|seed| check(seed, 2_000));
}

// Several tests, so that they run beside each other.

#[test]
fn seeds_1_to_13() {
    check_seeds(1..=13);
}

#[test]
fn seeds_14_to_26() {
    check_seeds(14..=26);
}

#[test]
fn seeds_27_to_38() {
    check_seeds(27..=38);
}

#[test]
fn seeds_39_to_50() {
    check_seeds(39..=50);
}

#[test]
fn months_of_few_orders() {
    for orders in [1, 2, 3, 10, 97] {
        for seed in 1..=8 {
            check(seed, orders);
        }
    }
}

#[test]
fn seeds_from_the_whole_range() {
    for seed in [0, u64::from(u32::MAX), 1 << 63, u64::MAX] {
        check(seed, 500);
    }
}
