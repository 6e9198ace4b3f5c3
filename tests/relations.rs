//! How a result follows from another one: the sides exchanged, every amount a hundred times as large,
//! one pair more.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use crossfoot::engine::Settings;
use crossfoot::entry::Side;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;
use serde_json::Value;
use support::small_month::{Line, Order, small_month, terms};
use support::{
    Dice, Source, assert_proven, cases, elements, findings, json, reconcile, strings, without_names,
};

/// What a number of an order has on either side.
#[derive(Clone, Copy, Debug)]
enum Story {
    Equal,
    /// The other side has so much more, in minor units.
    Other(i64),
    Hundredfold,
    OnlyHere,
    OnlyThere,
    /// The same row again, here or there.
    AgainHere,
    AgainThere,
}

/// Rows of a month without fees, conversions and due dates: number, amount, currency, minute.
#[derive(Clone, Debug)]
struct Plain {
    here: Vec<Row>,
    there: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    reference: String,
    minor: i64,
    currency: &'static str,
    minute: usize,
}

fn story() -> impl Strategy<Value = (Story, i64, &'static str, bool)> {
    let stories = prop_oneof![
        3 => Just(Story::Equal),
        2 => select(&[-250_i64, -60, 1, 40, 700][..]).prop_map(Story::Other),
        1 => Just(Story::Hundredfold),
        1 => Just(Story::OnlyHere),
        1 => Just(Story::OnlyThere),
        1 => Just(Story::AgainHere),
        1 => Just(Story::AgainThere),
    ];
    let amounts = select(&[999_i64, 999, 1_500, 2_500, 120_000][..]);
    (stories, amounts, select(&["KES", "KES", "NGN"][..]), any::<bool>())
}

/// A month of up to twelve numbers; no two rows have one minute, so that nothing is a tie.
fn plain() -> impl Strategy<Value = Plain> {
    (vec(story(), 0..12), any::<u64>()).prop_map(|(stories, seed)| {
        let mut plain = Plain { here: Vec::new(), there: Vec::new() };
        for (number, (story, minor, currency, spelled)) in stories.into_iter().enumerate() {
            let row = |reference: String, minor| Row { reference, minor, currency, minute: 0 };
            let here = row(format!("K-{number}"), minor);
            let there = match spelled {
                true => format!("order #k{number}"),
                false => format!("K-{number}"),
            };
            let there = |minor| row(there.clone(), minor);
            let (here, there) = match story {
                Story::Equal => (vec![here], vec![there(minor)]),
                Story::Other(more) => (vec![here], vec![there(minor + more)]),
                Story::Hundredfold => (vec![here], vec![there(100 * minor)]),
                Story::OnlyHere => (vec![here], vec![]),
                Story::OnlyThere => (vec![], vec![there(minor)]),
                Story::AgainHere => (vec![here.clone(), here], vec![there(minor)]),
                Story::AgainThere => (vec![here], vec![there(minor), there(minor)]),
            };
            plain.here.extend(here);
            plain.there.extend(there);
        }
        let mut minutes: Vec<usize> = (0..60).collect();
        Dice(seed).shuffle(&mut minutes);
        let rows = plain.here.iter_mut().chain(&mut plain.there);
        rows.zip(minutes).for_each(|(row, minute)| row.minute = minute);
        plain
    })
}

const COLUMNS: &str = "reference=ref, amount=amount, currency=ccy, occurred_at=at";

fn file(name: &str, side: Side, rows: &[Row], times: i64) -> Source {
    let mut text = "ref,amount,ccy,at\n".to_owned();
    for Row { reference, minor, currency, minute } in rows {
        let amount = Decimal::new(minor * times, 2);
        text.push_str(&format!("{reference},{amount},{currency},2026-02-03T10:{minute:02}:00Z\n"));
    }
    Source { columns: Some(format!("{name}: {COLUMNS}")), ..Source::new(name, side, text) }
}

/// Settings with a tolerance in minor units, and pairs without a reference made where asked.
fn settings(tolerance: i64, automatic: bool) -> Settings {
    let limit = Decimal::new(tolerance, 2);
    let mut rules = format!("[tolerance]\nabsolute = {{ KES = \"{limit}\", NGN = \"{limit}\" }}\n");
    if automatic {
        rules.push_str("[without_reference]\nmatch = \"automatic\"\n");
    }
    Settings { as_of: Some("2026-02-10".to_owned()), rules: Some(rules), ..Settings::default() }
}

fn amount(value: &Value) -> Decimal {
    value.as_str().unwrap().parse().unwrap()
}

/// Every match: its rule and class, the rows of `sides`, and the parts of its difference times a
/// factor.
fn matches(document: &Value, sides: [&str; 2], times: Decimal) -> BTreeSet<String> {
    let spelled = |found: &Value| {
        let rows = sides.map(|side| strings(&found[side]).collect::<BTreeSet<&str>>());
        let parts: Vec<String> = elements(found, "difference")
            .iter()
            .map(|part| {
                let amount = (amount(&part["amount"]) * times).normalize();
                format!("{} {amount} {}", part["part"], part["currency"])
            })
            .collect();
        format!("{} {} {rows:?} {parts:?}", found["rule"], found["class"])
    };
    elements(document, "matches").iter().map(spelled).collect()
}

/// The figures of a currency times a factor: what `expected` and `received` are called is up to the
/// caller.
fn summary(document: &Value, names: [&str; 2], times: [Decimal; 2]) -> BTreeSet<String> {
    let of = |summary: &Value| {
        let [one, other] = names.map(|name| (amount(&summary[name]) * times[0]).normalize());
        let rest = (amount(&summary["unexplained"]) * times[1]).normalize();
        let difference = (amount(&summary["difference"]) * times[1]).normalize();
        format!("{} {one} {other} {difference} {rest}", summary["currency"])
    };
    elements(&document["summary"], "per_currency").iter().map(of).collect()
}

/// What a code is called where the sides are exchanged.
fn mirrored(code: &str) -> String {
    match code {
        "MISSING_IN_SETTLEMENT" => "MISSING_IN_ORDERS",
        "MISSING_IN_ORDERS" => "MISSING_IN_SETTLEMENT",
        "DUPLICATE_IN_SETTLEMENT" => "DUPLICATE_IN_ORDERS",
        "DUPLICATE_IN_ORDERS" => "DUPLICATE_IN_SETTLEMENT",
        "AMOUNT_OVER" => "AMOUNT_UNDER",
        "AMOUNT_UNDER" => "AMOUNT_OVER",
        other => other,
    }
    .to_owned()
}

fn codes(document: &Value) -> BTreeMap<String, BTreeSet<String>> {
    findings(document).into_iter().map(|(row, found)| (row, found.codes)).collect()
}

/// The elements of one document that the other has not.
fn more(one: &Value, other: &Value, section: &str) -> Vec<Value> {
    let known: BTreeSet<String> = elements(other, section).iter().map(Value::to_string).collect();
    let all = elements(one, section).iter();
    all.filter(|element| !known.contains(&element.to_string())).cloned().collect()
}

/// A pair whose number and amount nothing else has.
fn fresh() -> (Order, Line) {
    let order = Order {
        number: "Z-9000001",
        status: "paid",
        currency: "KES",
        total: 987_654_321,
        refunded: 0,
        minute: 1,
        payment: "",
        articles: 1,
    };
    let line = Line {
        id: "T9000001",
        reference: "Z-9000001",
        kind: "payment",
        status: "SUCCESSFUL",
        currency: "KES",
        settles_in: "KES",
        amount: 987_654_321,
        fee: 150,
        off: 0,
        rate: 770,
        minute: 2,
        paid_out: 0,
    };
    (order, line)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(1_000), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn exchanged_sides_mirror_every_sign(plain in plain()) {
        let run = |[here, there]: [Side; 2]| {
            let sources = [file("a.csv", here, &plain.here, 1), file("b.csv", there, &plain.there, 1)];
            let document = reconcile(&settings(50, false), &sources);
            assert_proven(&document, "a plain month");
            json(&document)
        };
        let one = run([Side::Orders, Side::Settlement]);
        let other = run([Side::Settlement, Side::Orders]);
        let minus = -Decimal::ONE;
        prop_assert_eq!(
            matches(&one, ["orders", "settlement"], Decimal::ONE),
            matches(&other, ["settlement", "orders"], minus)
        );
        prop_assert_eq!(
            summary(&one, ["expected", "received"], [Decimal::ONE, Decimal::ONE]),
            summary(&other, ["received", "expected"], [Decimal::ONE, minus])
        );
        let turned = codes(&other).into_iter();
        let turned = turned.map(|(row, codes)| (row, codes.iter().map(|code| mirrored(code)).collect()));
        prop_assert_eq!(codes(&one), turned.collect::<BTreeMap<String, BTreeSet<String>>>());
    }

    #[test]
    fn a_hundred_times_the_amounts_and_the_tolerance_change_nothing_else(
        plain in plain(),
        nameless in vec(any::<bool>(), 24),
    ) {
        let mut plain = plain;
        for (row, nameless) in plain.there.iter_mut().zip(nameless) {
            if nameless {
                row.reference.clear();
            }
        }
        let run = |times: i64| {
            let sources = [
                file("a.csv", Side::Orders, &plain.here, times),
                file("b.csv", Side::Settlement, &plain.there, times),
            ];
            json(&reconcile(&settings(50 * times, true), &sources))
        };
        let (one, hundred) = (run(1), run(100));
        let times = Decimal::ONE_HUNDRED;
        let sides = ["orders", "settlement"];
        prop_assert_eq!(matches(&one, sides, times), matches(&hundred, sides, Decimal::ONE));
        let figures = ["expected", "received"];
        prop_assert_eq!(
            summary(&one, figures, [times, times]),
            summary(&hundred, figures, [Decimal::ONE, Decimal::ONE])
        );
        prop_assert_eq!(codes(&one), codes(&hundred));
        let ends = |document: &Value| -> BTreeMap<String, String> {
            let entries = elements(document, "entries").iter();
            entries.map(|entry| (entry["row"].to_string(), entry["disposition"].to_string())).collect()
        };
        prop_assert_eq!(ends(&one), ends(&hundred));
    }

    #[test]
    fn one_pair_more_changes_only_itself(month in small_month()) {
        let before = without_names(&reconcile(&terms(), &month.sources()));
        let mut more_rows = month.clone();
        let (order, line) = fresh();
        more_rows.orders.push(order);
        more_rows.lines.push(line);
        let after = without_names(&reconcile(&terms(), &more_rows.sources()));
        for section in ["entries", "matches", "exceptions", "in_transit"] {
            prop_assert_eq!(more(&before, &after, section), Vec::<Value>::new(), "{}", section);
        }
        let entries = more(&after, &before, "entries");
        prop_assert!(entries.iter().all(|entry| entry["reference"] == "Z-9000001"), "{:?}", entries);
        prop_assert_eq!(entries.len(), 2);
        let matches = more(&after, &before, "matches");
        prop_assert_eq!(matches.len(), 1);
        prop_assert_eq!(more(&after, &before, "exceptions"), Vec::<Value>::new());
    }
}
