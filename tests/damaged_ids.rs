//! A damaged id matches nothing; what has the digits that are left of it, and the same money, is a
//! suggestion on both rows.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod support;

use crossfoot::engine::Settings;
use crossfoot::entry::Side;
use serde_json::Value;
use support::{Source, assert_proven, elements, json, reconcile, strings};

/// The suggestions: row, code, candidates, and why they are there.
fn suggestions(orders: &str, lines: &str) -> Vec<(String, Vec<String>)> {
    let orders = format!("Order ID,Total,Date,Currency\n{orders}");
    let lines = format!("Transaction ID,Type,Order ID,Amount,Fee,Date,Currency\n{lines}");
    let sources = [
        Source::new("orders.csv", Side::Orders, orders),
        Source::new("lines.csv", Side::Settlement, lines),
    ];
    let document = reconcile(&Settings::default(), &sources);
    assert_proven(&document, "a run with damaged ids");
    let document = json(&document);
    assert!(elements(&document, "matches").is_empty(), "nothing is matched by a damaged id");
    let mut found = Vec::new();
    for exception in elements(&document, "exceptions") {
        let facts = exception["facts"].as_array().unwrap();
        let is_suggestion = |fact: &&Value| fact["code"] == "LOW_EVIDENCE";
        let Some(fact) = facts.iter().find(is_suggestion) else { continue };
        let candidates = exception["candidates"].as_array().unwrap();
        assert!(candidates.iter().all(|one| one["why"] == "surviving_digits"), "{exception}");
        let rows = candidates.iter().map(|one| one["row"].as_str().unwrap().to_owned());
        let row = strings(&fact["rows"]).next().unwrap().to_owned();
        found.push((format!("{row} {}/{}", fact["actual"], fact["expected"]), rows.collect()));
    }
    found.sort();
    found
}

fn row(text: &str, candidates: &[&str]) -> (String, Vec<String>) {
    (text.to_owned(), candidates.iter().map(|one| (*one).to_owned()).collect())
}

#[test]
fn what_is_left_of_an_exponent_suggests_and_never_matches() {
    let orders = "123456789012345678,10.00,2026-03-01,USD\n\
        123456389012345678,10.00,2026-03-01,USD\n\
        123456789912345678,11.00,2026-03-01,USD\n\
        12345678901234567,10.00,2026-03-01,USD\n";
    let lines = "T1,charge,1.23457E+17,10.00,0.00,2026-03-09,USD\n";
    // The second order has other digits, the third another amount, the fourth another length.
    assert_eq!(
        suggestions(orders, lines),
        [
            row("lines.csv:2 \"6\"/\"18\"", &["orders.csv:2"]),
            row("orders.csv:2 \"6\"/\"18\"", &["lines.csv:2"])
        ]
    );
}

#[test]
fn fifteen_digits_suggest_what_has_them() {
    let orders =
        "4200001234567890123,10.00,2026-03-01,USD\n4200001234567880456,10.00,2026-03-01,USD\n";
    let cut = ["4200001234567890000", "4200001234567880000", "4200001234567870000"];
    let lines: String =
        cut.iter().map(|id| format!("T{id}x,charge,{id},10.00,0.00,2026-03-09,USD\n")).collect();
    assert_eq!(
        suggestions(orders, &lines),
        [
            row("lines.csv:2 \"15\"/\"19\"", &["orders.csv:2"]),
            row("lines.csv:3 \"15\"/\"19\"", &["orders.csv:3"]),
            row("orders.csv:2 \"15\"/\"19\"", &["lines.csv:2"]),
            row("orders.csv:3 \"15\"/\"19\"", &["lines.csv:3"]),
        ]
    );
}
