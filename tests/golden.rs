//! Reconciles every golden case of `tests/golden/` and compares the whole result document.
//!
//! Every matching rule and every code that the engine states has a folder `<RULE or CODE>-<name>/`
//! with cases in which it fires and near misses in which it does not. A case is a folder with
//! `case.toml` ([`Case`]), its files, and `expected.json`, the bytes of the result. What an
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
use std::path::{Path, PathBuf};

use crossfoot::codes::Code;
use crossfoot::engine::Settings;
use crossfoot::entry::Side;
use crossfoot::matching::Rule;
use serde::Deserialize;
use serde_json::Value;
use support::{Source, assert_proven, elements, findings, json, reconcile, strings};

/// What `case.toml` says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What the case shows, as a sentence.
    it: String,
    as_of: String,
    timezone: String,
    currency: Option<String>,
    /// Names of files in the folder.
    #[serde(default)]
    orders: Vec<String>,
    #[serde(default)]
    settlement: Vec<String>,
    contract: Option<String>,
    rates: Option<String>,
    rules: Option<String>,
    expect: Expect,
}

/// What must come out, worked out by hand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    /// `"M020 orders.csv:2 = mfs.csv:2 + mfs.csv:3"`.
    matches: BTreeSet<String>,
    /// The codes of every row that has any.
    #[serde(default)]
    codes: BTreeMap<String, BTreeSet<String>>,
    /// The ends of rows that are neither matched nor have a code.
    #[serde(default)]
    ends: BTreeMap<String, String>,
    /// `"KES fee" = "-27.50"`: every explained part.
    #[serde(default)]
    explained: BTreeMap<String, String>,
    /// The unexplained money of every currency in which money moved.
    #[serde(default)]
    unexplained: BTreeMap<String, String>,
}

/// A case and where it stands.
struct Golden {
    /// The rule or code that its folder is about.
    about: String,
    folder: PathBuf,
    case: Case,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// The folders of rules and codes; others (`profiles`, `proof`) belong to other tests.
fn folders() -> Vec<PathBuf> {
    let about = |path: &PathBuf| name(path).starts_with(|letter: char| letter.is_ascii_uppercase());
    sorted(&root()).into_iter().filter(about).collect()
}

fn golden() -> Vec<Golden> {
    let mut all = Vec::new();
    for about in folders() {
        for folder in sorted(&about) {
            let text = fs::read_to_string(folder.join("case.toml")).unwrap();
            let case: Case = toml::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
            let (about, _) = name(&about).split_once('-').expect("CODE-name");
            all.push(Golden { about: about.to_owned(), folder, case });
        }
    }
    all
}

impl Golden {
    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.folder.join(file))
            .unwrap_or_else(|error| panic!("{}: {file}: {error}", self.folder.display()))
    }

    fn settings(&self) -> Settings {
        let text = |file: &Option<String>| file.as_deref().map(|file| self.text(file));
        Settings {
            as_of: Some(self.case.as_of.clone()),
            timezone: Some(self.case.timezone.clone()),
            currency: self.case.currency.clone(),
            contract: text(&self.case.contract),
            rates: text(&self.case.rates),
            rules: text(&self.case.rules),
        }
    }

    fn sources(&self) -> Vec<Source> {
        let of = |files: &[String], side| -> Vec<Source> {
            let read = |file: &String| fs::read(self.folder.join(file)).expect("a file");
            files.iter().map(|file| Source::new(file, side, read(file))).collect()
        };
        let mut sources = of(&self.case.orders, Side::Orders);
        sources.extend(of(&self.case.settlement, Side::Settlement));
        sources
    }

    fn place(&self) -> String {
        self.folder.strip_prefix(root()).unwrap().display().to_string()
    }

    fn result(&self) -> String {
        reconcile(&self.settings(), &self.sources())
    }

    /// Whether the rule or code of the folder is in a document.
    fn fires(&self, document: &Value) -> bool {
        let matches = elements(document, "matches");
        if self.about == Rule::Lifecycle.name() {
            // It adds to a match: a line that is no payment.
            let entries = elements(document, "entries").iter();
            return entries
                .filter(|entry| entry["side"] == "settlement" && entry["disposition"] == "matched")
                .any(|entry| entry["kind"] != "sale" && entry["kind"] != "capture");
        }
        matches.iter().any(|found| found["rule"] == self.about.as_str())
            || findings(document).values().any(|row| row.codes.contains(&self.about))
    }
}

/// Writes a match as a case does.
fn spelled(found: &Value) -> String {
    let rows = |side: &str| {
        let rows: BTreeSet<&str> = strings(&found[side]).collect();
        rows.into_iter().collect::<Vec<_>>().join(" + ")
    };
    format!("{} {} = {}", found["rule"].as_str().unwrap(), rows("orders"), rows("settlement"))
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
    let mut codes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (row, found) in findings(document).into_iter().filter(|(_, row)| !row.codes.is_empty()) {
        codes.insert(row, found.codes);
    }
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
    for golden in golden() {
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
    for golden in golden() {
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
    for golden in golden() {
        let sentence = &golden.case.it;
        assert!(sentence.ends_with('.') && sentence.len() > 20, "{}: {sentence}", golden.place());
        let fires = golden.fires(&json(&golden.result()));
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
fn every_rule_and_every_code_that_is_stated_has_a_folder() {
    let stating = sources_under("exceptions/checks") + &sources_under("matching");
    let stated = |code: &&Code| {
        let variant = format!("Code::{code:?}");
        let ends = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric());
        stating.match_indices(&variant).any(|(at, found)| ends(&stating[at + found.len()..]))
    };
    let codes = Code::ALL.iter().filter(stated).map(|code| code.name());
    let mut wanted: Vec<&str> = codes.chain(Rule::ALL.iter().map(|rule| rule.name())).collect();
    wanted.sort_unstable();
    let folders = folders();
    let mut found: Vec<&str> =
        folders.iter().map(|path| name(path).split_once('-').expect("CODE-name").0).collect();
    found.sort_unstable();
    assert_eq!(found, wanted);
}
