//! What must hold for every month whatever is in it: nothing is lost, nothing is counted twice, the
//! proof holds, and currencies do not touch each other.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod support;

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;
use support::small_month::{SmallMonth, small_month, terms};
use support::{
    assert_proven, assert_same, cases, document, elements, json, reconcile, run, strings,
    without_names,
};

/// No number of one currency occurs in another one, and nothing is converted.
fn apart(mut month: SmallMonth) -> SmallMonth {
    let suffix = |text: &'static str, currency: &str| -> &'static str {
        match (text, currency) {
            ("", _) | (_, "KES") => text,
            ("K-1", _) => "N-1",
            ("K-2", _) => "N-2",
            ("T1", _) => "U1",
            ("T2", _) => "U2",
            _ => "N-3",
        }
    };
    for order in &mut month.orders {
        order.number = suffix(order.number, order.currency);
        order.payment = suffix(order.payment, order.currency);
    }
    for line in &mut month.lines {
        line.reference = suffix(line.reference, line.currency);
        line.id = suffix(line.id, line.currency);
        line.settles_in = line.currency;
    }
    month
}

/// The elements that are about rows of a currency.
fn about(document: &Value, section: &str, currency: &str) -> Vec<Value> {
    let entries = elements(document, "entries").iter();
    let rows: BTreeSet<&str> = entries
        .filter(|entry| entry["currency"] == currency)
        .map(|entry| entry["row"].as_str().unwrap())
        .collect();
    let names = |element: &Value| {
        let own = element["row"].as_str().into_iter();
        let lists = ["rows", "orders", "settlement"];
        own.chain(lists.iter().flat_map(|list| strings(&element[*list])))
            .any(|row| rows.contains(row))
            || (section == "totals" && element["currency"] == currency)
    };
    let list = if section == "totals" { &document["proof"] } else { document };
    elements(list, section).iter().filter(|element| names(element)).cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(1_000), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_and_the_proof_holds(month in small_month()) {
        let run = run(&terms(), &month.sources()).unwrap();
        prop_assert!(run.balanced());
        let text = document(&run);
        assert_proven(&text, "a small month");
        let document = json(&text);
        prop_assert_eq!(&document["proof"]["balanced"], true);
        let rows: u64 = elements(&document, "sources")
            .iter()
            .map(|source| source["rows"]["entries"].as_u64().unwrap() + source["rows"]["rejected"].as_u64().unwrap())
            .sum();
        prop_assert_eq!(rows, (month.orders.len() + month.lines.len()) as u64);
    }

    #[test]
    fn no_entry_is_in_two_matches_and_each_open_one_has_an_exception(month in small_month()) {
        let document = json(&reconcile(&terms(), &month.sources()));
        let mut matched = BTreeSet::new();
        for found in elements(&document, "matches") {
            for row in strings(&found["orders"]).chain(strings(&found["settlement"])) {
                prop_assert!(matched.insert(row.to_owned()), "{} is in two matches", row);
            }
        }
        let mut alone = BTreeSet::new();
        for exception in elements(&document, "exceptions") {
            if exception["match"].is_null() {
                let row = exception["rows"][0].as_str().unwrap();
                prop_assert!(alone.insert(row.to_owned()), "{} has two exceptions", row);
            }
        }
        for entry in elements(&document, "entries") {
            let row = entry["row"].as_str().unwrap();
            let end = entry["disposition"].as_str().unwrap();
            prop_assert_eq!(end == "matched", matched.contains(row), "{}", row);
            prop_assert_eq!(end == "open", alone.contains(row), "{}", row);
        }
    }

    #[test]
    fn a_currency_does_not_touch_another(month in small_month()) {
        let month = apart(month);
        let both = without_names(&reconcile(&terms(), &month.sources()));
        for (kept, gone) in [("KES", "NGN"), ("NGN", "KES")] {
            let alone = without_names(&reconcile(&terms(), &month.without(gone).sources()));
            for section in ["entries", "matches", "exceptions", "in_transit", "totals"] {
                let (one, other) =
                    (about(&both, section, kept), about(&alone, section, kept));
                assert_same(&Value::Array(one), &Value::Array(other), section);
            }
            let summary = |document: &Value| -> Value {
                let all = elements(&document["summary"], "per_currency").iter();
                all.filter(|summary| summary["currency"] == kept).cloned().collect()
            };
            assert_same(&summary(&both), &summary(&alone), "summary");
        }
    }
}
