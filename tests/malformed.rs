//! Holds the readers to malformed files, one folder each under `tests/torture/`: what the table is,
//! which rows become entries, and what is said about the damage.
//!
//! `CROSSFOOT_BLESS=1` writes `expected.json` anew; read it before it is committed.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::fs;
use std::path::{Path, PathBuf};

use crossfoot::entry::{Entries, Side};
use crossfoot::ingest::diagnostic::Diagnostic;
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::reader::{SourceSpec, read_whole};
use crossfoot::ingest::table::read_table;
use crossfoot::limits;
use serde_json::{Value, json};

struct Case {
    folder: PathBuf,
    name: String,
    bytes: Vec<u8>,
    /// The side as which its rows become entries; none: only the table is looked at.
    side: Option<Side>,
}

fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/torture");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders.into_iter().map(Case::open).collect()
}

impl Case {
    fn open(folder: PathBuf) -> Self {
        let text = fs::read_to_string(folder.join("case.toml")).unwrap();
        let case: toml::Table = toml::from_str(&text).unwrap();
        let field = |name: &str| case.get(name).and_then(toml::Value::as_str);
        assert!(field("it").is_some_and(|it| it.ends_with('.')), "{}", folder.display());
        let name = field("file").unwrap().to_owned();
        let bytes = match field("make") {
            Some(recipe) => made(recipe),
            None => fs::read(folder.join(&name)).unwrap(),
        };
        let side = field("side").map(|side| Side::from_name(side).unwrap());
        Case { folder, name, bytes, side }
    }

    /// What the readers make of it.
    fn found(&self) -> Value {
        let mut found = serde_json::Map::new();
        match read_table(&self.name, &self.bytes, native_decoder) {
            Err(error) => {
                let line = error.place().and_then(|place| place.line);
                found.insert("error".into(), json!({"code": error.code(), "line": line}));
                return Value::Object(found);
            }
            Ok(table) => {
                let rows: Vec<Value> =
                    table.rows.iter().take(SHOWN).map(|row| json!(row)).collect();
                found.insert("encoding".into(), json!(table.layout.encoding.to_string()));
                found.insert("header".into(), json!(table.header));
                found.insert("rows".into(), json!(table.rows.len()));
                found.insert("first_rows".into(), json!(rows));
                found.insert("diagnostics".into(), json!(said(&table.diagnostics)));
            }
        }
        if let Some(side) = self.side {
            found.insert("entries".into(), self.entries(side));
        }
        Value::Object(found)
    }

    fn entries(&self, side: Side) -> Value {
        let mut spec = SourceSpec::new(&self.name);
        spec.side = Some(side);
        let mut entries = Entries::default();
        let report = match read_whole(spec, &self.bytes, native_decoder, &mut entries) {
            Ok(report) => report,
            Err(error) => return json!({"error": error.code()}),
        };
        assert!(report.rows.ties(), "{}: {:?}", self.folder.display(), report.rows);
        let shown = entries.ids().take(SHOWN).map(|id| {
            let currency = entries.currency(id);
            let amount = entries.amount(id).format(currency);
            format!("{}: {} {amount} {}", entries.row(id), entries.reference(id), currency.code())
        });
        let shown: Vec<String> = shown.collect();
        let rejected: Vec<String> =
            report.rejected.iter().map(|row| format!("{}: {}", row.row, row.reason)).collect();
        let assumed: Vec<String> = report
            .assumptions
            .iter()
            .map(|a| format!("{}: {}, {}", a.what, a.value, a.why))
            .collect();
        json!({
            "rows": {
                "read": report.rows.read, "entries": report.rows.entries,
                "structural": report.rows.structural, "rejected": report.rows.rejected,
            },
            "first": shown, "rejected": rejected, "assumptions": assumed,
        })
    }
}

/// Rows of each kind that are written out.
const SHOWN: usize = 8;

fn said(diagnostics: &[Diagnostic]) -> Vec<String> {
    let show = |d: &Diagnostic| match d.row {
        Some(row) => format!("{row}: {}", d.code),
        None => d.code.to_owned(),
    };
    diagnostics.iter().take(SHOWN).map(show).collect()
}

/// Files that are too large to be kept.
fn made(recipe: &str) -> Vec<u8> {
    let header = "order_id,date,amount,currency\n";
    match recipe {
        "one-megabyte-cell" => {
            let cell = "x".repeat(limits::RECORD_BYTES);
            format!("{header}{cell},2026-02-01,10.00,USD\n").into_bytes()
        }
        "too-many-columns" => format!("{header}A-1{}\n", ",x".repeat(limits::COLUMNS)).into_bytes(),
        "empty-lines" => {
            format!("{header}{}A-1,2026-02-01,10.00,USD\n", "\n".repeat(100_000)).into_bytes()
        }
        "brackets" => "[".repeat(100_000).into_bytes(),
        other => panic!("no recipe {other}"),
    }
}

#[test]
fn every_case_is_read_as_expected() {
    let cases = cases();
    assert!(cases.len() >= 60, "{} cases", cases.len());
    let bless = std::env::var_os("CROSSFOOT_BLESS").is_some();
    let mut wrong = Vec::new();
    for case in &cases {
        let path = case.folder.join("expected.json");
        let found = serde_json::to_string_pretty(&case.found()).unwrap() + "\n";
        if bless {
            fs::write(&path, &found).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if found != expected {
            wrong.push(format!("{}\n  found {found}\n  not {expected}", case.folder.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_damage_is_silent() {
    // Files that are what they seem; in all others something is said.
    let fine = [
        "amounts-",
        "backslash-escapes",
        "cr-only",
        "csv-named-xlsx",
        "dates-day-first",
        "dates-two",
        "gb",
        "json-empty-list",
        "mixed-line-ends",
        "no-trailing-newline",
        "one-byte",
        "only-header",
        "footer-total",
        "quote-in-the-middle",
        "sep-line",
        "single-quotes",
        "tabs-and-spaces",
        "utf16",
        "empty-lines",
    ];
    for case in cases() {
        let name = case.folder.file_name().unwrap().to_string_lossy().into_owned();
        if fine.iter().any(|fine| name.starts_with(fine)) && name != "garbled" {
            continue;
        }
        let found = case.found();
        // These stand in every file of unknown layout.
        let usual = ["columns: ", "time zone: "];
        let is_usual = |value: &Value| {
            value.as_str().is_some_and(|said| usual.iter().any(|usual| said.starts_with(usual)))
        };
        let list = |value: &Value| value.as_array().is_some_and(|list| !list.iter().all(is_usual));
        let said = found.get("error").is_some()
            || list(&found["diagnostics"])
            || list(&found["entries"]["rejected"])
            || list(&found["entries"]["assumptions"]);
        assert!(said, "{name}: {found:#}");
    }
}
