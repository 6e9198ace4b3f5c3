//! The command as a person uses it: write a month of samples, run the line that was printed, check
//! the proof, and change a digit of the result.

#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use support::{Dice, month, reconcile, resealed, sha256, verdict};

const PROGRAM: &str = env!("CARGO_BIN_EXE_crossfoot");

/// A new empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("command").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn crossfoot(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).output().expect("the command runs")
}

fn status(output: &Output) -> i32 {
    output.status.code().expect("an exit status")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs a line in a shell that finds the command.
fn shell(line: &str) -> Output {
    let bin = Path::new(PROGRAM).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    Command::new("sh").args(["-c", line]).env("PATH", path).output().expect("a shell runs")
}

/// Writes a month and reconciles it by the line that was printed.
fn reconciled(name: &str, orders: &str) -> PathBuf {
    let folder = folder(name);
    let demo =
        crossfoot(&["demo", "--out", folder.to_str().unwrap(), "--seed", "7", "--orders", orders]);
    assert_eq!(status(&demo), 0, "{}", text(&demo.stderr));
    let printed = text(&demo.stdout);
    let line = printed.lines().last().expect("a last line");
    assert!(line.starts_with("crossfoot reconcile "), "{line}");
    let result = folder.join("result.json");
    let run = shell(&format!("{line} --out \"{}\"", result.display()));
    assert_eq!(status(&run), 1, "a month of errors has open exceptions: {}", text(&run.stderr));
    assert!(text(&run.stdout).contains("Proof: holds."), "{}", text(&run.stdout));
    result
}

fn verify(document: &Path) -> Output {
    crossfoot(&["verify", document.to_str().unwrap()])
}

/// Places of digits, the last seal aside, since making it anew would undo the change.
fn digits(document: &str, count: usize) -> Vec<usize> {
    let end = document.rfind("\"result_sha256\"").unwrap();
    let all: Vec<usize> = document[..end]
        .bytes()
        .enumerate()
        .filter(|(_, b)| b.is_ascii_digit())
        .map(|(at, _)| at)
        .collect();
    let mut dice = Dice(2026);
    (0..count).map(|_| all[dice.below(all.len())]).collect()
}

/// The document with another digit at a place.
fn changed(document: &str, at: usize, by: usize) -> String {
    let old = usize::from(document.as_bytes()[at] - b'0');
    let digit = ((old + 1 + by % 9) % 10).to_string();
    format!("{}{digit}{}", &document[..at], &document[at + 1..])
}

/// What stands around a place.
fn around(document: &str, at: usize) -> String {
    let end = (at + 60).min(document.len());
    text(&document.as_bytes()[at.saturating_sub(60)..end])
}

#[test]
fn the_printed_line_reconciles_the_samples_and_a_changed_digit_is_found() {
    // A folder whose name a shell would take apart.
    let result = reconciled("a month's samples", "300");
    let good = verify(&result);
    assert_eq!(status(&good), 0, "{}", text(&good.stdout));
    assert!(text(&good.stdout).contains("the proof holds"), "{}", text(&good.stdout));
    let document = std::fs::read_to_string(&result).unwrap();
    let forged = result.with_file_name("forged.json");
    for (index, at) in digits(&document, 6).into_iter().enumerate() {
        for document in [changed(&document, at, index), resealed(&changed(&document, at, index))] {
            std::fs::write(&forged, &document).unwrap();
            let bad = verify(&forged);
            let around = around(&document, at);
            assert_eq!(status(&bad), 3, "…{around}…: {}", text(&bad.stdout));
            assert!(text(&bad.stdout).contains("DOES NOT HOLD"), "…{around}…");
        }
    }
}

#[test]
fn any_changed_digit_is_found_even_under_a_new_seal() {
    let month = month(7, 40);
    let document = reconcile(&month.settings, &month.sources);
    assert!(verdict(&document).holds);
    assert_eq!(resealed(&document), document, "the seal is made as the engine makes it");
    for (index, at) in digits(&document, 150).into_iter().enumerate() {
        let forged = changed(&document, at, index);
        let around = around(&forged, at);
        assert!(!verdict(&forged).holds, "…{around}…");
        assert!(!verdict(&resealed(&forged)).holds, "under a new seal: …{around}…");
    }
}

#[test]
fn the_command_and_the_library_write_the_same_bytes() {
    let result = reconciled("same bytes", "60");
    let month = month(7, 60);
    let library = reconcile(&month.settings, &month.sources);
    let command = std::fs::read_to_string(&result).unwrap();
    assert_eq!(sha256(command.as_bytes()), sha256(library.as_bytes()));
}

/// `crossfoot verify` with the files of a demo folder, and further arguments.
fn verify_with_files(folder: &Path, more: &[&str]) -> (i32, String) {
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (result, orders, lines) = (at("result.json"), at("orders.csv"), at("mfs.csv"));
    let files = ["verify", &result, "--orders", &orders, "--settlement", &lines];
    let verified = crossfoot(&[&files[..], more].concat());
    (status(&verified), text(&verified.stdout) + &text(&verified.stderr))
}

#[test]
fn a_result_is_held_against_its_files() {
    let result = reconciled("against files", "40");
    let folder = result.parent().unwrap();
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (contract, rates) = (at("fees.toml"), at("fx.csv"));
    let demo =
        crossfoot(&["demo", "--out", folder.to_str().unwrap(), "--seed", "7", "--orders", "40"]);
    let printed = text(&demo.stdout);
    let words: Vec<&str> = printed.split_whitespace().collect();
    let value = |flag: &str| words[words.iter().position(|word| *word == flag).unwrap() + 1];
    let terms = [
        "--contract",
        &contract,
        "--rates",
        &rates,
        "--as-of",
        value("--as-of"),
        "--timezone",
        value("--timezone"),
    ];

    let (status, said) = verify_with_files(folder, &terms);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("ok    Every entry is a row of the files"), "{said}");
    assert!(said.contains("ok    The same files and settings give the same result"), "{said}");

    // Without the terms the rows can still be checked, and it is said that no more was.
    let (status, said) = verify_with_files(folder, &[]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("it was not made again"), "{said}");

    // Other terms are a failure, since they were given.
    let (status, said) = verify_with_files(folder, &terms[..6]);
    assert_eq!(status, 3, "{said}");

    // A cent in the file.
    let lines = std::fs::read_to_string(at("mfs.csv")).unwrap();
    let row = lines.lines().nth(3).unwrap();
    let cells: Vec<&str> = row.split(',').collect();
    let amount = cells.iter().rposition(|cell| cell.contains('.')).unwrap();
    let mut other: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
    other[amount].push('9');
    let changed = lines.replacen(row, &other.join(","), 1);
    std::fs::write(at("mfs.csv"), changed).unwrap();
    let (status, said) = verify_with_files(folder, &[]);
    assert_eq!(status, 3, "{said}");
    assert!(said.contains("FAIL  Every entry is a row of the files"), "{said}");
}

#[test]
fn nothing_open_is_exit_status_0() {
    let folder = folder("clean");
    let orders = folder.join("orders.csv");
    let lines = folder.join("lines.csv");
    std::fs::write(&orders, "order_id,date,total,currency\nA-1,2026-02-01,12.00,USD\n").unwrap();
    std::fs::write(
        &lines,
        "order_id,date,amount,fee,net,currency\nA-1,2026-02-01,12.00,-0.50,11.50,USD\n",
    )
    .unwrap();
    let run = crossfoot(&[
        "reconcile",
        "--orders",
        orders.to_str().unwrap(),
        "--settlement",
        lines.to_str().unwrap(),
    ]);
    assert_eq!(status(&run), 0, "{}{}", text(&run.stdout), text(&run.stderr));
    let summary = text(&run.stdout);
    assert!(summary.contains("USD  expected 12.00, received 11.50, difference -0.50"), "{summary}");
    let document = crossfoot(&[
        "reconcile",
        "--orders",
        orders.to_str().unwrap(),
        "--settlement",
        lines.to_str().unwrap(),
        "--out",
        "-",
    ]);
    assert_eq!(status(&document), 0, "{}", text(&document.stderr));
    let shown = text(&document.stdout);
    assert!(shown.starts_with("{\"schema\":1,") && shown.trim_end().ends_with('}'), "{shown}");
    assert!(!shown.contains("USD  expected"), "no summary between the lines of a document");
}

#[test]
fn a_profile_of_ones_own_reads_the_files_that_it_recognises() {
    let folder = folder("own_profile");
    let at = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let profile = at(
        "acme.json",
        r#"{"schema":1,"name":"acme-payouts","side":"settlement","title":{"en":"Acme","zh-Hans":"Acme"},
            "signature":[["acme_ref","acme_cents"]],"fields":{"reference":"acme_ref",
            "amount":{"columns":"acme_cents","unit":"minor","sign":"as_written"},
            "currency":{"value":"USD"},"occurred_at":{"columns":"day","format":"dmy","zone":"UTC"}}}"#,
    );
    let orders = at("orders.csv", "Order ID,Date,Total,Currency\nA-1,2026-02-01,12.34,USD\n");
    let acme = at("acme.csv", "day,acme_ref,acme_cents\n01/02/2026,A-1,1234\n");
    let result = folder.join("result.json");
    let out = result.to_str().unwrap();
    let run = crossfoot(&[
        "reconcile",
        "--orders",
        &orders,
        "--settlement",
        &acme,
        "--mapping",
        &profile,
        "--out",
        out,
    ]);
    assert_eq!(status(&run), 0, "{}", text(&run.stderr));
    let document = std::fs::read_to_string(&result).unwrap();
    assert!(document.contains(r#""profile":"acme-payouts""#), "{document}");
    assert!(document.contains(r#""profile":"generic-orders""#), "the other file is not its own");

    let listed = crossfoot(&["profiles", &profile]);
    assert_eq!(status(&listed), 0);
    let listed = text(&listed.stdout);
    assert!(
        listed.lines().any(|line| line.starts_with("acme-payouts ") && line.contains("mapping"))
    );

    let bad =
        at("bad.json", r#"{"name":"acme","fields":{"amount":{"columns":"a","unit":"cents"}}}"#);
    let refused = crossfoot(&["profiles", &bad]);
    assert_eq!(status(&refused), 2);
    let said = text(&refused.stderr);
    assert!(said.contains("bad.json") && said.contains("fields.amount.unit"), "{said}");
}
