//! Reads the real files of Western and Indian providers in the folder that `CROSSFOOT_SAMPLES`
//! names, all of them: each is recognised, each row ends somewhere, every control total is
//! recomputed, and exactly those that the files break are reported as broken.
//!
//! The expectations stand in `tests/conformance/west.json`, a line per file: the profile; the rows
//! read, entered, structural and rejected; Σ net by currency; how many controls hold; and each
//! broken one with what is stated and computed. `CROSSFOOT_BLESS=1` writes the file anew; read the
//! difference before you commit it. The test prints the same as a table.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests"
)]

#[path = "support/samples.rs"]
mod samples;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crossfoot::entry::Entries;
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::reader::{SourceSpec, read_whole};
use crossfoot::money::{Amount, Currency};
use samples::samples;
use serde_json::{Value, json};

const FOLDERS: &[&str] = &[
    "adyen",
    "amazon",
    "braintree_json",
    "checkout_com",
    "dlocal",
    "gr4vy",
    "paypal",
    "shopify",
    "square",
    "stripe",
    "trustly",
    "venmo",
];

/// Files that hold no rows of money; `expected/` says as what they are refused.
const NO_TABLES: &[&str] = &["amazon/fee-codes.json"];

/// Files that state no currency: the user does.
const STATED: &[(&str, &str)] = &[("shopify/orders_export_multirow_subset.csv", "USD")];

fn files(root: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for folder in FOLDERS {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            files.push(format!("{folder}/{name}"));
        }
    }
    // Workbooks are unpacked before they are read; they are not of this test.
    files.retain(|file| !NO_TABLES.contains(&file.as_str()) && !file.ends_with(".xlsx"));
    files.sort();
    files
}

/// What became of a file, as its line in the expectations.
fn outcome(root: &Path, file: &str) -> Value {
    let mut spec = SourceSpec::new(file.rsplit('/').next().unwrap());
    let stated = STATED.iter().find(|(known, _)| *known == file);
    spec.currency = stated.and_then(|(_, code)| Currency::from_code(code));
    let bytes = fs::read(root.join(file)).unwrap();
    let mut entries = Entries::default();
    let report = read_whole(spec, &bytes, native_decoder, &mut entries)
        .unwrap_or_else(|error| panic!("{file}: {error}"));
    let rows = report.rows;
    assert!(rows.ties(), "{file}: {rows:?}");
    let mut net: BTreeMap<Currency, Amount> = BTreeMap::new();
    for id in entries.ids() {
        let sum = net.entry(entries.net_currency(id)).or_insert(Amount::ZERO);
        *sum = sum.checked_add(entries.net(id)).unwrap();
    }
    let net: BTreeMap<&str, String> =
        net.iter().map(|(code, sum)| (code.code(), sum.format(*code))).collect();
    let broken: BTreeMap<&str, [&str; 2]> = report
        .controls
        .iter()
        .filter(|control| !control.ok)
        .map(|control| (control.name.as_str(), [control.stated.as_str(), &control.computed]))
        .collect();
    assert_eq!(report.drift, None, "no column of a real file is taken for a renamed one");
    json!({
        "profile": report.profile,
        "rows": [rows.read, rows.entries, rows.structural, rows.rejected],
        "net": net,
        "controls": report.controls.len(),
        "broken": broken,
        "broken_lines": report.broken_lines.iter().map(|id| entries.row(*id)).collect::<Vec<_>>(),
    })
}

#[test]
fn every_western_file_becomes_what_is_expected() {
    let Some(root) = samples() else { return };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/west.json");
    let found: BTreeMap<String, Value> =
        files(&root).into_iter().map(|file| (file.clone(), outcome(&root, &file))).collect();
    for (file, outcome) in &found {
        println!("{file}: {outcome}");
    }
    if std::env::var_os("CROSSFOOT_BLESS").is_some() {
        let lines: Vec<String> =
            found.iter().map(|(file, outcome)| format!("{}: {outcome}", json!(file))).collect();
        fs::write(&path, format!("{{\n{}\n}}\n", lines.join(",\n"))).unwrap();
    }
    let expected: BTreeMap<String, Value> =
        serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (file, outcome) in &found {
        assert_eq!(outcome, &expected[file], "{file}");
    }
}
