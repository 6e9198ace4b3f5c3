//! The bank side of a run: its lines are counted, open and proven, never added to what a settlement
//! received; balances before and after prove the movements between them.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod support;

use crossfoot::engine::Settings;
use crossfoot::entry::Side;
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::unpack::{Options, parts};
use serde_json::{Value, json as object};
use support::{Source, assert_proven, json, reconcile};

fn bank(name: &str, text: &str) -> Source {
    let options = Options { password: None, decoder: native_decoder };
    let parts = parts(name, text.as_bytes(), options).unwrap();
    Source::new(name, Side::Bank, parts[0].bytes.clone())
}

/// The document of a run, which the verifier has held against its own sums.
fn run(sources: &[Source]) -> Value {
    let document = reconcile(&Settings::default(), sources);
    assert_proven(&document, "a run with a bank");
    json(&document)
}

/// One page of transactions; each as id, time and signed amount.
fn page(rows: &[(&str, &str, i64)]) -> String {
    let rows: Vec<Value> = rows
        .iter()
        .map(|(id, at, amount)| {
            object!({"transaction_id": id, "account_no": "8801", "transaction_time": at,
                "direction": if *amount < 0 { "DEBIT" } else { "CREDIT" },
                "amount": format!("{}.00", amount.abs()), "currency": "SGD", "status": "SUCCESS"})
        })
        .collect();
    object!({"code": 0, "data": {"page": 1, "items": rows}}).to_string()
}

fn balance(at: &str, balance: &str, frozen: &str) -> String {
    object!({"code": 0, "data": {"account_no": "8801", "currency": "SGD", "balance": balance,
        "available": "100.00", "frozen": frozen, "as_of": at}})
    .to_string()
}

fn controls(document: &Value) -> Vec<(String, String, String, bool)> {
    let text = |control: &Value, name: &str| control[name].as_str().unwrap().to_owned();
    let sources = document["sources"].as_array().unwrap().iter();
    sources
        .flat_map(|source| source["controls"].as_array().unwrap())
        .map(|control| {
            let ok = control["ok"].as_bool().unwrap();
            (text(control, "name"), text(control, "stated"), text(control, "computed"), ok)
        })
        .collect()
}

#[test]
fn balances_before_and_after_prove_the_pages_between() {
    let pages = [
        page(&[("T1", "2026-03-01T10:00:00+08:00", 50), ("T2", "2026-03-02T10:00:00+08:00", -20)]),
        page(&[("T3", "2026-03-03T10:00:00+08:00", 70), ("T0", "2026-02-28T10:00:00+08:00", 9)]),
    ];
    for (closing, ok) in [("200.00", true), ("209.00", false)] {
        let sources = [
            bank("before.json", &balance("2026-02-28T23:59:59+08:00", "100.00", "0.00")),
            bank("page-1.json", &pages[0]),
            bank("page-2.json", &pages[1]),
            bank("after.json", &balance("2026-03-03T23:59:59+08:00", closing, "100.00")),
        ];
        let document = run(&sources);
        let name = "8801, SGD: balance of 2026-02-28 + movements = balance of 2026-03-03";
        let found = controls(&document).into_iter().find(|control| control.0 == name);
        assert_eq!(found.unwrap(), (name.to_owned(), closing.to_owned(), "200.00".to_owned(), ok));
        let frozen = controls(&document)
            .into_iter()
            .filter(|control| control.0.ends_with("frozen funds"))
            .map(|control| (control.1, control.3))
            .collect::<Vec<_>>();
        assert_eq!(frozen, [("0.00".to_owned(), true), ("100.00".to_owned(), ok)]);
        let balances = document["sources"][3]["balances"].as_array().unwrap();
        let held = balances.iter().find(|balance| balance["balance"] == "frozen").unwrap();
        assert_eq!(held["amount"], "100.00");
        // What the last response says is frozen stands on a line of its own, behind the totals.
        let totals = document["proof"]["totals"].as_array().unwrap();
        let frozen = object!({"measure": "frozen", "side": "bank", "account": "8801",
            "currency": "SGD", "on": "2026-03-03", "amount": "100.00"});
        assert_eq!(totals.iter().filter(|total| total["measure"] == "frozen").count(), 1);
        assert_eq!(totals.last().unwrap(), &frozen);
    }
}

#[test]
fn bank_lines_have_totals_of_their_own() {
    let statement = ":20:A\n:25:NL00\n:28C:1/1\n:60F:C260301EUR100,00\n:61:2603020302C48,00NTRFPO-1//B1\n:61:2603020302D3,00NCHGNONREF\n:61:2603020302EC7,00NTRFNONREF\n:62F:C260302EUR145,00\n-\n";
    let orders = "Order ID,Date,Total,Currency\nA1,2026-03-01,50.00,EUR\n";
    let lines = "Order ID,Date,Amount,Fee,Net,Currency\nA1,2026-03-01,50.00,-2.00,48.00,EUR\n";
    let document = run(&[
        Source::new("orders.csv", Side::Orders, orders),
        Source::new("lines.csv", Side::Settlement, lines),
        bank("statement.sta", statement),
    ]);
    let money = &document["summary"]["per_currency"][0];
    assert_eq!((&money["expected"], &money["received"]), (&object!("50.00"), &object!("48.00")));
    assert_eq!(document["summary"]["counts"]["bank"], 3);
    let totals = document["proof"]["totals"].as_array().unwrap();
    let line = |kind: &str| {
        let found = totals.iter().find(|total| {
            total["side"] == "bank" && total["kind"] == kind && total["measure"] == "amount"
        });
        let total = found.unwrap();
        ["input", "open", "excluded"].map(|name| total[name].as_str().unwrap().to_owned())
    };
    assert_eq!(line("transfer"), ["55.00", "48.00", "7.00"]);
    assert_eq!(line("fee"), ["-3.00", "-3.00", "0.00"]);
    assert_eq!(document["proof"]["balanced"], true);
    let about: Vec<&str> = document["exceptions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["explanation"]["en"].as_str().unwrap())
        .collect();
    assert!(about.iter().any(|text| text.starts_with("EUR 48.00 arrived in the bank account")));
    assert!(
        about.iter().any(|text| text.starts_with("EUR 3.00 left the bank account")),
        "{about:?}"
    );
}
