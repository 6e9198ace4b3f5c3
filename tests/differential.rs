//! The keyed passes against joins in DuckDB that know nothing of them, on 200 random sets of rows.
//!
//! `CROSSFOOT_DUCKDB` names a Python that has the package `duckdb`; `cargo xtask test` sets one up.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use crossfoot::engine::Settings;
use crossfoot::entry::Side;
use serde_json::{Value, json};
use support::{Dice, Source, elements, reconcile, strings};

/// Sets of rows.
const SETS: u64 = 200;

/// One row of either side.
struct Row {
    reference: String,
    transaction: String,
    number: String,
    minor: u32,
    currency: &'static str,
    minute: usize,
}

/// Rows that share numbers, amounts and transactions far more often than in any real file.
fn rows(dice: &mut Dice, numbers: usize) -> Vec<Row> {
    let count = numbers + dice.below(2 * numbers);
    let mut minutes: Vec<usize> = (0..count).collect();
    dice.shuffle(&mut minutes);
    let row = |minute: usize, dice: &mut Dice| {
        let number = 1 + dice.below(numbers);
        let reference = match dice.below(12) {
            0..=5 => format!("K-{number}"),
            6 => format!("k{number}"),
            7 => format!("order #K-{number}"),
            8 => format!("{number:04}"),
            9 => format!("ORD-{number}"),
            10 => format!("90{number}"),
            _ => String::new(),
        };
        let some = |dice: &mut Dice, often: usize, text: String| match dice.below(often) {
            0 => text,
            _ => String::new(),
        };
        let transaction = format!("T{}", dice.below(2 * numbers));
        let second = match dice.below(2) {
            0 => format!("90{}", 1 + dice.below(numbers)),
            _ => format!("K-{}", 1 + dice.below(numbers)),
        };
        Row {
            transaction: some(dice, 3, transaction),
            number: some(dice, 3, second),
            reference,
            minor: [1_000, 1_000, 1_500, 2_500, 3_500, 100_000][dice.below(6)],
            currency: ["KES", "KES", "KES", "USD"][dice.below(4)],
            minute,
        }
    };
    minutes.into_iter().map(|minute| row(minute, dice)).collect()
}

/// Rows of a set are named by numbers from here.
fn first_row(set: u64) -> u64 {
    set * 10_000
}

/// The rows as a table for the engine; they are added to one for SQL.
fn table(set: u64, rows: &[Row], sql: &mut String) -> String {
    let mut engine = "ref,tx,num,amount,ccy,at\n".to_owned();
    for (at, row) in rows.iter().enumerate() {
        let Row { reference, transaction, number, minor, currency, minute } = row;
        let (major, cents) = (minor / 100, minor % 100);
        let (hour, minutes) = (minute / 60, minute % 60);
        engine.push_str(&format!(
            "{reference},{transaction},{number},{major}.{cents:02},{currency},2026-02-03T{hour:02}:{minutes:02}:00Z\n"
        ));
        sql.push_str(&format!(
            "{set},{},{reference},{transaction},{number},{minor},{currency},{minute}\n",
            first_row(set) + at as u64 + 2
        ));
    }
    engine
}

/// The columns of the tables for SQL.
const HEADER: &str = "dataset,row,reference,tx,number,amount,currency,minute\n";

const COLUMNS: &str = "reference=ref, transaction_id=tx, order_number=num, amount=amount, currency=ccy, occurred_at=at";

/// The matches of the engine: rule, rows of orders, rows of lines.
fn matches(set: u64, [orders, lines]: [&str; 2]) -> Vec<Value> {
    let source = |name: &str, side, text: &str| Source {
        columns: Some(format!("{name}: {COLUMNS}")),
        ..Source::new(name, side, text.as_bytes())
    };
    let sources =
        [source("orders.csv", Side::Orders, orders), source("lines.csv", Side::Settlement, lines)];
    let document: Value =
        serde_json::from_str(&reconcile(&Settings::default(), &sources)).expect("JSON");
    let rows = |found: &Value, side: &str| {
        let numbers = strings(&found[side]).map(|row| row.rsplit(':').next().unwrap());
        let numbers = numbers.map(|number| first_row(set) + number.parse::<u64>().unwrap());
        let mut rows: Vec<u64> = numbers.collect();
        rows.sort_unstable();
        rows
    };
    let matches = elements(&document, "matches").iter();
    matches.map(|m| json!([m["rule"], rows(m, "orders"), rows(m, "settlement")])).collect()
}

#[test]
fn the_keyed_passes_are_joins() {
    let Some(python) = std::env::var_os("CROSSFOOT_DUCKDB") else {
        println!("skipped: CROSSFOOT_DUCKDB names no Python with DuckDB");
        return;
    };
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("differential");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let mut found = Vec::new();
    let mut sql = [(); 2].map(|()| HEADER.to_owned());
    for set in 0..SETS {
        let mut dice = Dice(set);
        let numbers = 2 + dice.below(30);
        let mut side = |sql: &mut String| {
            let rows = rows(&mut dice, numbers);
            table(set, &rows, sql)
        };
        let [orders, lines] = [0, 1].map(|at: usize| side(&mut sql[at]));
        found.extend(matches(set, [&orders, &lines]));
    }
    for (name, table) in ["orders.csv", "lines.csv"].iter().zip(&sql) {
        std::fs::write(folder.join(name), table).unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential/join.py");
    let run = Command::new(python).arg(script).arg(&folder).output().expect("Python starts");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let joined = std::fs::read(folder.join("matches.json")).expect("the matches of SQL");
    let joined: Vec<Value> = serde_json::from_slice(&joined).unwrap();
    let mut rules: BTreeMap<String, u32> = BTreeMap::new();
    for found in &found {
        *rules.entry(found[0].as_str().unwrap().to_owned()).or_default() += 1;
    }
    let [engine, sql]: [BTreeSet<String>; 2] =
        [found, joined].map(|matches| matches.iter().map(Value::to_string).collect());
    let differ: Vec<&String> = engine.symmetric_difference(&sql).collect();
    assert!(differ.is_empty(), "{}: {differ:#?}", folder.display());
    let version = String::from_utf8_lossy(&run.stdout).trim().to_owned();
    println!("{SETS} sets, {} matches {rules:?}, 0 differences (DuckDB {version})", engine.len());
    let rare = rules.values().min().copied().unwrap_or(0);
    assert!(rules.len() == 4 && rare >= 100, "every keyed pass has matches: {rules:?}");
}
