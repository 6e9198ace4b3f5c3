//! Several exports of one side are one side with a scope each: #1001 of one shop is not #1001 of
//! another, whichever pass looks at it.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod support;

use std::collections::BTreeSet;

use crossfoot::engine::Settings;
use crossfoot::entry::Side;
use serde_json::Value;
use support::{Source, assert_proven, elements, json, reconcile, strings};

fn orders(name: &str, rows: &[&str]) -> Source {
    let rows: String = rows.iter().map(|row| format!("{row},2026-03-01,USD\n")).collect();
    Source::new(name, Side::Orders, format!("Order ID,Total,Date,Currency\n{rows}"))
}

fn lines(name: &str, rows: &[&str]) -> Source {
    let rows: String = rows.iter().map(|row| format!("{row},0.00,2026-03-02,USD\n")).collect();
    let head = "Transaction ID,Type,Order ID,Amount,Fee,Date,Currency\n";
    Source::new(name, Side::Settlement, format!("{head}{rows}"))
}

fn run(settings: &Settings, sources: &[Source]) -> Value {
    let document = reconcile(settings, sources);
    assert_proven(&document, "a run with scopes");
    json(&document)
}

/// The rows of each match, joined by `=`.
fn matches(document: &Value) -> BTreeSet<String> {
    let rows = |found: &Value| -> Vec<String> {
        let both = strings(&found["orders"]).chain(strings(&found["settlement"]));
        let mut rows: Vec<String> = both.map(str::to_owned).collect();
        rows.sort();
        rows
    };
    elements(document, "matches").iter().map(|found| rows(found).join(" = ")).collect()
}

fn codes(document: &Value) -> BTreeSet<String> {
    let code = |found: &Value| {
        let rows: Vec<&str> = strings(&found["rows"]).collect();
        format!("{} {}", found["code"].as_str().unwrap(), rows.join(" "))
    };
    elements(document, "exceptions").iter().map(code).collect()
}

fn set(texts: &[&str]) -> BTreeSet<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_number_means_an_order_of_its_own_shop() {
    let (a, b) = (orders("a.csv", &["1001,10.00"]), orders("b.csv", &["1001,10.00", "1002,5.00"]));
    // The refund names its order only by a number that both shops have.
    let of_b = ["T1,charge,1001,10.00", "T2,refund,1001,-10.00", "T3,charge,1002,5.00"];
    let (of_a, of_b) = (lines("pa.csv", &["T9,charge,1002,7.00"]), lines("pb.csv", &of_b));
    let document = run(
        &Settings::default(),
        &[a.of("shop a"), b.of("shop b"), of_a.of("shop a"), of_b.of("shop b")],
    );
    let paired = set(&["b.csv:2 = pb.csv:2 = pb.csv:3", "b.csv:3 = pb.csv:4"]);
    assert_eq!(matches(&document), paired);
    let open = ["MISSING_IN_ORDERS pa.csv:2", "MISSING_IN_SETTLEMENT a.csv:2"];
    let found = codes(&document);
    assert!(open.iter().all(|code| found.contains(*code)), "{found:?}");
    assert_eq!(document["sources"][1]["scope"], "shop b");
}

#[test]
fn an_order_and_a_line_of_two_shops_may_both_be_alone() {
    let sources = [
        orders("a.csv", &["1001,10.00"]).of("shop a"),
        orders("b.csv", &["2001,10.00"]).of("shop b"),
        lines("pa.csv", &["T1,charge,2001,10.00"]).of("shop a"),
        lines("pb.csv", &["T2,charge,1001,10.00"]).of("shop b"),
    ];
    // The verifier, too, knows that the numbers are those of other orders.
    let document = run(&Settings::default(), &sources);
    assert_eq!(matches(&document), set(&[]));
    assert_eq!(codes(&document).len(), 4);
}

#[test]
fn lists_and_amounts_stay_within_a_shop() {
    let rules = "[without_reference]\nmatch = \"automatic\"\n";
    let settings = Settings { rules: Some(rules.to_owned()), ..Settings::default() };
    let a = orders("a.csv", &["1001,10.00", "1002,5.00", "1003,7.00"]);
    let b = orders("b.csv", &["1001,10.00", "1002,5.00", "1003,7.00"]);
    let of_b = lines("pb.csv", &["T1,charge,1001+1002,15.00", "T2,charge,,7.00"]);
    let of_a = lines("pa.csv", &["T3,charge,9999,1.00"]);
    let document =
        run(&settings, &[a.of("shop a"), b.of("shop b"), of_a.of("shop a"), of_b.of("shop b")]);
    let paired = set(&["b.csv:2 = b.csv:3 = pb.csv:2", "b.csv:4 = pb.csv:3"]);
    assert_eq!(matches(&document), paired);
}

#[test]
fn a_scope_that_one_side_does_not_know_parts_nothing_but_copies() {
    let (a, b) = (orders("a.csv", &["1001,10.00"]), orders("b.csv", &["1001,10.00"]));
    let paid = lines("p.csv", &["T1,charge,1001,10.00"]);
    let asked = |document: &Value, what: &str| {
        let sources = elements(document, "sources");
        let all = sources.iter().flat_map(|source| source["assumptions"].as_array().unwrap());
        all.filter(|found| found["what"] == what).cloned().collect::<Vec<_>>()
    };
    let document = run(&Settings::default(), &[a.clone(), b.clone(), paid.clone()]);
    assert!(codes(&document).contains("DUPLICATE_IN_ORDERS b.csv:2"), "{:?}", codes(&document));
    let shared = asked(&document, "shared order ids");
    assert_eq!((shared.len(), &shared[0]["path"]), (1, &Value::from("scope")));

    let document = run(&Settings::default(), &[a.of("shop a"), b.of("shop b"), paid]);
    assert!(codes(&document).contains("MISSING_IN_SETTLEMENT b.csv:2"), "{:?}", codes(&document));
    assert_eq!(matches(&document), set(&["a.csv:2 = p.csv:2"]));
    assert!(asked(&document, "shared order ids").is_empty());
    assert_eq!(asked(&document, "scope").len(), 2);
}
