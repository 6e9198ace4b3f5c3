//! Reconciles every golden case of `tests/golden/` and compares the whole result document.
//!
//! Every matching rule and every code that the engine states has a folder `<RULE or CODE>-<name>/`
//! with cases in which it fires and near misses in which it does not. A case is a folder with
//! `case.toml` ([`golden::Case`]), its files, and `expected.json`, the bytes of the result. What an
//! accountant would say stands under `[expect]`, worked out by hand, and is checked on its own.
//! With `CROSSFOOT_BLESS=1` the expected files are written anew; read the difference before you
//! commit it.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crossfoot::codes::Code;
use crossfoot::matching::Rule;
use serde_json::Value;
use support::golden::{self, Golden, folders, name, sorted};
use support::{assert_proven, elements, findings, json, rulebook, strings};

/// Whether the rule or code of a case's folder is in its document.
fn fires(golden: &Golden, document: &Value) -> bool {
    let about = golden.about.as_str();
    if about == Rule::Lifecycle.name() {
        // It adds to a match: a line that is no payment.
        let entries = elements(document, "entries").iter();
        return entries
            .filter(|entry| entry["side"] == "settlement" && entry["disposition"] == "matched")
            .any(|entry| entry["kind"] != "sale" && entry["kind"] != "capture");
    }
    elements(document, "matches").iter().any(|found| found["rule"] == about)
        || codes_of(document).values().any(|codes| codes.contains(about))
}

/// The codes of every row and file that has any; rows that could not be read have theirs too.
fn codes_of(document: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let rows = findings(document).into_iter().map(|(row, found)| (row, found.codes));
    let mut codes: BTreeMap<String, BTreeSet<String>> = rows.collect();
    for source in elements(document, "sources") {
        let mut add = |place: &Value, code: &Value| {
            let code = code.as_str().map(str::to_owned);
            codes.entry(place.as_str().unwrap().to_owned()).or_default().extend(code);
        };
        for row in elements(source, "rejected") {
            add(&row["row"], &row["code"]);
        }
        add(&source["file"], &source["columns"]["code"]);
        for list in ["controls", "assumptions"] {
            for item in elements(source, list) {
                add(&source["file"], &item["code"]);
            }
        }
    }
    codes.retain(|_, codes| !codes.is_empty());
    codes
}

/// Writes a match as a case does.
fn spelled(found: &Value) -> String {
    let rows = |side: &str| {
        let rows: BTreeSet<&str> = strings(&found[side]).collect();
        rows.into_iter().collect::<Vec<_>>().join(" + ")
    };
    let sides = match rows("bank") {
        bank if bank.is_empty() => [rows("orders"), rows("settlement")],
        bank => [rows("settlement"), bank],
    };
    format!("{} {}", found["rule"].as_str().unwrap(), sides.join(" = "))
}

/// What a document says otherwise than the case.
fn differences(golden: &Golden, document: &Value) -> Vec<String> {
    let expect = &golden.case.expect;
    let mut all = Vec::new();
    let mut compare = |what: &str, found: String, expected: String| {
        if found != expected {
            all.push(format!("{}: {what}: {found}, expected {expected}", golden.place()));
        }
    };
    let matches: BTreeSet<String> = elements(document, "matches").iter().map(spelled).collect();
    compare("matches", format!("{matches:?}"), format!("{:?}", expect.matches));
    let codes = codes_of(document);
    let ends: BTreeMap<String, String> = elements(document, "entries")
        .iter()
        .map(|entry| (entry["row"].as_str().unwrap(), entry["disposition"].as_str().unwrap()))
        .filter(|(row, end)| *end != "matched" && !codes.contains_key(*row))
        .map(|(row, end)| (row.to_owned(), end.to_owned()))
        .collect();
    compare("codes", format!("{codes:?}"), format!("{:?}", expect.codes));
    compare("ends", format!("{ends:?}"), format!("{:?}", expect.ends));
    let (mut explained, mut unexplained) = (BTreeMap::new(), BTreeMap::new());
    for summary in elements(&document["summary"], "per_currency") {
        let currency = summary["currency"].as_str().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        unexplained.insert(currency.to_owned(), text(&summary["unexplained"]));
        for part in elements(summary, "explained") {
            let key = format!("{currency} {}", part["part"].as_str().unwrap());
            explained.insert(key, text(&part["amount"]));
        }
    }
    compare("explained", format!("{explained:?}"), format!("{:?}", expect.explained));
    compare("unexplained", format!("{unexplained:?}"), format!("{:?}", expect.unexplained));
    all
}

#[test]
fn every_case_says_what_an_accountant_would_say() {
    let mut all = Vec::new();
    for golden in golden::all() {
        let result = golden.result();
        assert_proven(&result, &golden.place());
        all.extend(differences(&golden, &json(&result)));
    }
    assert!(all.is_empty(), "{all:#?}");
}

#[test]
fn every_result_is_the_blessed_one() {
    let bless = std::env::var_os("CROSSFOOT_BLESS").is_some();
    let mut differ = Vec::new();
    for golden in golden::all() {
        let result = golden.result();
        let expected = golden.folder.join("expected.json");
        if bless {
            fs::write(&expected, &result).unwrap();
        } else if fs::read_to_string(&expected).is_ok_and(|blessed| blessed == result) {
            continue;
        }
        differ.push(golden.place());
    }
    assert!(bless || differ.is_empty(), "not as blessed: {differ:#?}");
}

#[test]
fn every_folder_has_a_case_that_fires_and_a_near_miss() {
    let mut seen: BTreeMap<String, BTreeSet<bool>> = BTreeMap::new();
    for golden in golden::all() {
        let sentence = &golden.case.it;
        assert!(sentence.ends_with('.') && sentence.len() > 20, "{}: {sentence}", golden.place());
        let fires = fires(&golden, &json(&golden.result()));
        let near_miss = name(&golden.folder).starts_with("near-miss-");
        assert_eq!(fires, !near_miss, "{}: {} fires", golden.place(), golden.about);
        seen.entry(golden.about).or_default().insert(fires);
    }
    for (about, cases) in seen {
        assert_eq!(cases.len(), 2, "{about} wants a case that fires and a near miss");
    }
}

/// The text of all files of a folder under `src/`.
fn sources_under(folder: &str) -> String {
    let mut text = String::new();
    for path in sorted(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder)) {
        if path.is_dir() {
            text.push_str(&sources_under(&format!("{folder}/{}", name(&path))));
        } else {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    text
}

#[test]
fn registry_and_folders_are_one_to_one() {
    let codes = Code::ALL.iter().map(|code| code.name());
    let mut wanted: Vec<&str> = codes.chain(Rule::ALL.iter().map(|rule| rule.name())).collect();
    wanted.sort_unstable();
    let folders = folders();
    let mut found: Vec<&str> =
        folders.iter().map(|path| name(path).split_once('-').expect("CODE-name").0).collect();
    found.sort_unstable();
    assert_eq!(found, wanted);
}

#[test]
fn every_code_is_stated_somewhere() {
    let stating =
        ["exceptions/checks", "matching", "ingest", "engine", "causes"].map(sources_under).concat();
    let stated = |code: &&Code| {
        let variant = format!("Code::{code:?}");
        let ends = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric());
        stating.match_indices(&variant).any(|(at, found)| ends(&stating[at + found.len()..]))
    };
    let unstated: Vec<&Code> = Code::ALL.iter().filter(|code| !stated(code)).collect();
    assert!(unstated.is_empty(), "{unstated:?}");
}

#[test]
fn the_rule_book_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/RULES.md");
    let book = rulebook::book();
    if std::env::var_os("CROSSFOOT_BLESS").is_some() {
        fs::write(&path, &book).unwrap();
        return;
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let line = written.lines().zip(book.lines()).position(|(one, other)| one != other);
    assert!(
        written == book,
        "`cargo xtask rules` writes it anew; line {:?} differs",
        line.map(|n| n + 1)
    );
}

#[test]
fn every_entry_has_words_in_both_languages() {
    let registry = rulebook::source("codes.rs");
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for code in Code::ALL {
        let [english, own] = rulebook::meaning(&registry, *code);
        assert!(english.ends_with('.') && chinese(&own) && own.ends_with('。'), "{code:?}: {own}");
    }
    for rule in Rule::ALL {
        let (_, words) = rulebook::words(*rule);
        let headings = ["What it matches", "Why it is safe", "When it abstains", "Example", "中文"];
        for heading in headings {
            assert!(words.contains(&format!("**{heading}**")), "{rule:?}: {heading}");
        }
    }
}
