//! Reads every golden case of `tests/golden/profiles/` and compares what became of it.
//!
//! A case is a folder `<profile>/<case>/` with `case.toml` (`it = "…"` and what the user would have
//! said: `side`, `currency`, `timezone`, `columns`, `mapping`), one input, and `expected.json`. A
//! near miss says what it is taken for (`recognised_as`), or the code of the error that names what
//! is missing (`refused`), or only that it is none of the profile's (`not_recognised = true`); the
//! last two have no `expected.json`.
//! With `CROSSFOOT_BLESS=1` the expected files are written anew; read the difference before you
//! commit it.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crossfoot::entry::{Entries, Side};
use crossfoot::ids::EntryId;
use crossfoot::ingest::columns_flag::parse_columns;
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::mapping::parse_mapping;
use crossfoot::ingest::reader::{EntryReader, Mapping, SourceSpec, read_whole};
use crossfoot::ingest::report::SourceReport;
use crossfoot::ingest::shipped::profiles;
use crossfoot::ingest::unpack::{Options, needed, parts};
use crossfoot::money::Currency;
use crossfoot::time::Zone;
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    it: String,
    side: Option<String>,
    currency: Option<String>,
    timezone: Option<String>,
    columns: Option<String>,
    mapping: Option<String>,
    /// The profile by which a near miss is read.
    recognised_as: Option<String>,
    /// The code of the error, where it is read by none.
    refused: Option<String>,
    /// It is read by another profile or by none, whichever.
    #[serde(default)]
    not_recognised: bool,
}

/// A case, its input, and where it stands.
struct Golden {
    folder: PathBuf,
    /// The profile by which it is to be read.
    profile: String,
    /// The profile whose case it is.
    of: String,
    refused: Option<String>,
    not_recognised: bool,
    spec: SourceSpec,
    bytes: Vec<u8>,
}

/// The cases that are read.
fn golden() -> Vec<Golden> {
    let is_read = |case: &Golden| case.refused.is_none() && !case.not_recognised;
    all_cases().into_iter().filter(is_read).collect()
}

fn all_cases() -> Vec<Golden> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/profiles");
    let mut cases = Vec::new();
    for profile in sorted(&root) {
        for folder in sorted(&profile) {
            let name = profile.file_name().unwrap().to_str().unwrap().to_owned();
            cases.push(load(folder, name));
        }
    }
    cases
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn load(folder: PathBuf, profile: String) -> Golden {
    let case: Case = toml::from_str(&fs::read_to_string(folder.join("case.toml")).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    assert!(!case.it.is_empty());
    let own = ["case.toml", "expected.json"];
    let inputs: Vec<PathBuf> = sorted(&folder)
        .into_iter()
        .filter(|path| !own.contains(&path.file_name().unwrap().to_str().unwrap()))
        .collect();
    let [input] = inputs.as_slice() else { panic!("{}: one input", folder.display()) };
    let mut spec = SourceSpec::new(input.file_name().unwrap().to_str().unwrap());
    spec.side = case.side.map(|side| Side::from_name(&side).unwrap());
    spec.currency = case.currency.map(|code| Currency::from_code(&code).unwrap());
    if let Some(zone) = case.timezone {
        spec.zone = Zone::parse(&zone).unwrap();
    }
    if let Some(columns) = case.columns {
        let flag = parse_columns(&columns).unwrap();
        assert_eq!(flag.file, spec.name);
        spec.mapping = Some(Mapping { profile: flag.mapping, completes: true });
    }
    if let Some(mapping) = case.mapping {
        let profile = parse_mapping(&mapping).unwrap();
        spec.mapping = Some(Mapping { profile, completes: false });
    }
    let bytes = prepared(&spec.name, fs::read(input).unwrap());
    let read_by = case.recognised_as.unwrap_or_else(|| profile.clone());
    let Case { refused, not_recognised, .. } = case;
    Golden { folder, profile: read_by, of: profile, refused, not_recognised, spec, bytes }
}

/// A text as it is, or the records that a statement or a workbook of one part becomes.
fn prepared(name: &str, bytes: Vec<u8>) -> Vec<u8> {
    if !needed(&bytes) {
        return bytes;
    }
    let options = Options { password: None, decoder: native_decoder };
    let parts = parts(name, &bytes, options).unwrap();
    let [part] = parts.as_slice() else { panic!("{name}: one part") };
    assert_eq!(part.problem, None, "{name}");
    part.bytes.clone()
}

/// What became of a source, one thing a line.
fn document(report: &SourceReport, entries: &Entries) -> String {
    let rows = report.rows;
    let lines = |values: Vec<Value>| {
        let lines: Vec<String> = values.iter().map(|value| format!("\n    {value}")).collect();
        format!("[{}\n  ]", lines.join(","))
    };
    let parts = [
        ("profile", json!(report.profile).to_string()),
        ("side", json!(report.side.name()).to_string()),
        ("encoding", json!(report.encoding).to_string()),
        (
            "currencies",
            json!(report.currencies.iter().map(|c| c.code()).collect::<Vec<_>>()).to_string(),
        ),
        (
            "rows",
            json!({"read": rows.read, "entries": rows.entries, "structural": rows.structural,
                "rejected": rows.rejected})
            .to_string(),
        ),
        (
            "controls",
            lines(
                report
                    .controls
                    .iter()
                    .map(|c| json!({"name": c.name, "stated": c.stated, "computed": c.computed, "ok": c.ok}))
                    .collect(),
            ),
        ),
        (
            "assumptions",
            lines(
                report
                    .assumptions
                    .iter()
                    .map(|a| json!({"what": a.what, "value": a.value, "why": a.why}))
                    .collect(),
            ),
        ),
        (
            "rejected",
            lines(
                report
                    .rejected
                    .iter()
                    .map(|r| json!({"row": r.row, "code": r.code.name(), "reason": r.reason, "raw": r.raw}))
                    .collect(),
            ),
        ),
        (
            "broken_lines",
            json!(report.broken_lines.iter().map(|id| entries.row(*id)).collect::<Vec<_>>())
                .to_string(),
        ),
        ("entries", lines(entries.ids().map(|id| entry(entries, id)).collect())),
    ];
    let parts: Vec<String> =
        parts.iter().map(|(name, value)| format!("  \"{name}\": {value}")).collect();
    format!("{{\n{}\n}}\n", parts.join(",\n"))
}

/// What an entry says; what is empty or zero is left out.
fn entry(entries: &Entries, id: EntryId) -> Value {
    let (currency, net_currency) = (entries.currency(id), entries.net_currency(id));
    let mut fields = Map::new();
    let mut put = |name: &str, value: String| {
        if !value.is_empty() {
            fields.insert(name.to_owned(), Value::String(value));
        }
    };
    put("row", format!("{}{}", entries.row(id), entries.part(id).name()));
    put("kind", entries.kind(id).name().to_owned());
    put("status", entries.status(id).name().to_owned());
    put("amount", entries.amount(id).format(currency));
    put("currency", currency.code().to_owned());
    let money = [("fee", entries.fee(id)), ("tax", entries.tax(id))];
    for (name, amount) in money.into_iter().filter(|(_, amount)| !amount.is_zero()) {
        put(name, amount.format(currency));
    }
    if entries.net(id) != entries.amount(id) || net_currency != currency {
        put("net", format!("{} {net_currency}", entries.net(id).format(net_currency)));
    }
    let original = entries.original(id).map(|(a, c)| format!("{} {c}", a.format(c)));
    put("original", original.unwrap_or_default());
    put("fx_rate", entries.fx_rate(id).map(|rate| rate.to_string()).unwrap_or_default());
    put("occurred_at", entries.occurred_at(id).map(|at| at.to_string()).unwrap_or_default());
    if entries.occurred_at(id).is_some() && !entries.has_time(id) {
        put("date_only", "true".to_owned());
    }
    if entries.offset_minutes(id) != 0 {
        put("offset_minutes", entries.offset_minutes(id).to_string());
    }
    put("settled_on", entries.settled_on(id).map(|on| on.to_string()).unwrap_or_default());
    for (name, text) in [
        ("reference", entries.reference(id)),
        ("transaction_id", entries.transaction_id(id)),
        ("order_number", entries.order_number(id)),
        ("batch", entries.batch(id)),
        ("method", entries.method(id)),
        ("country", entries.country(id)),
        ("memo", entries.memo(id)),
    ] {
        put(name, text.to_owned());
    }
    Value::Object(fields)
}

fn read(spec: &SourceSpec, bytes: &[u8]) -> (SourceReport, Entries) {
    let mut entries = Entries::default();
    let report = read_whole(spec.clone(), bytes, native_decoder, &mut entries)
        .unwrap_or_else(|error| panic!("{error}"));
    (report, entries)
}

#[test]
fn every_case_becomes_what_is_expected() {
    let bless = std::env::var_os("CROSSFOOT_BLESS").is_some();
    for case in golden() {
        let (report, entries) = read(&case.spec, &case.bytes);
        assert!(report.rows.ties(), "{}: {:?}", case.folder.display(), report.rows);
        assert_eq!(report.drift, None, "{}: nothing was renamed", case.folder.display());
        let found = document(&report, &entries);
        let path = case.folder.join("expected.json");
        if bless {
            fs::write(&path, &found).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(found, expected, "{}", case.folder.display());
        let plain = report.profile.split('+').next().unwrap();
        assert!(plain == case.profile || plain == "mapping", "{}: {plain}", case.folder.display());
    }
}

#[test]
fn near_misses_are_refused_by_code() {
    for case in all_cases() {
        let Some(code) = &case.refused else { continue };
        let mut entries = Entries::default();
        let error = read_whole(case.spec, &case.bytes, native_decoder, &mut entries).unwrap_err();
        assert_eq!(error.code(), code, "{}: {error}", case.folder.display());
    }
}

#[test]
fn near_misses_are_not_recognised() {
    for case in all_cases().into_iter().filter(|case| case.not_recognised) {
        let mut entries = Entries::default();
        if let Ok(report) = read_whole(case.spec, &case.bytes, native_decoder, &mut entries) {
            assert_ne!(report.profile, case.of, "{}", case.folder.display());
        }
    }
}

#[test]
fn every_profile_has_a_case() {
    let covered: BTreeSet<String> = golden().into_iter().map(|case| case.of).collect();
    let shipped: BTreeSet<String> = profiles().iter().map(|p| p.name.clone()).collect();
    assert_eq!(covered, shipped);
}

/// The identities of the entries, sorted: what a file says, wherever its rows stand. Equal rows
/// stand in it as often as the file has them.
fn identities(entries: &Entries) -> Vec<String> {
    let mut all: Vec<String> =
        entries.ids().map(|id| entries.identity(id).hash.to_string()).collect();
    all.sort();
    all
}

#[test]
fn chunks_do_not_change_what_is_read() {
    for case in golden() {
        let (whole, entries) = read(&case.spec, &case.bytes);
        for size in [1, 7, 64] {
            let mut pieces = Entries::default();
            let mut reader =
                EntryReader::open(case.spec.clone(), &case.bytes, true, native_decoder).unwrap();
            pieces.begin_source(reader.side());
            for chunk in case.bytes.chunks(size) {
                reader.push(chunk, &mut pieces).unwrap();
            }
            let report = reader.finish(&mut pieces).unwrap();
            assert_eq!(report.rows, whole.rows, "{} by {size}", case.folder.display());
            assert_eq!(report.controls, whole.controls, "{} by {size}", case.folder.display());
            assert_eq!(identities(&pieces), identities(&entries));
        }
    }
}

#[test]
fn an_evidence_pass_decides_what_the_whole_head_decides() {
    for case in golden() {
        let (whole, entries) = read(&case.spec, &case.bytes);
        let mut apart = Entries::default();
        let json = case.spec.name.ends_with(".json");
        // The head is all there is, but the reader is not told so.
        let mut reader =
            EntryReader::open(case.spec.clone(), &case.bytes, false, native_decoder).unwrap();
        assert!(!json || reader.needs_evidence());
        if reader.needs_evidence() {
            reader.observe(&case.bytes).unwrap();
            reader.end_evidence().unwrap();
        }
        apart.begin_source(reader.side());
        reader.push(&case.bytes, &mut apart).unwrap();
        let report = reader.finish(&mut apart).unwrap();
        assert_eq!(report.assumptions, whole.assumptions, "{}", case.folder.display());
        assert_eq!(identities(&apart), identities(&entries));
    }
}

#[test]
fn the_order_of_rows_does_not_change_what_is_read() {
    // Cases whose rows stand alone: no totals at the end, no row that inherits from another.
    let cases = [
        "mfs-africa-settlement/csv",
        "mfs-africa-settlement/near-miss",
        "shopify-payments-transactions/payout",
        "adyen-settlement-detail/batch",
        "generic-settlement/french",
        "generic-settlement/columns",
        "square-items/day",
        "stripe-itemized/payout",
        "razorpay-settlement/report",
        "checkout-settlement/breakdown",
    ];
    for case in golden().iter().filter(|c| cases.iter().any(|name| c.folder.ends_with(name))) {
        let (whole, entries) = read(&case.spec, &case.bytes);
        let text = String::from_utf8(case.bytes.clone()).unwrap();
        let (header, rows) = text.split_once('\n').unwrap();
        let mut rows: Vec<&str> = rows.lines().collect();
        for step in 1..rows.len() {
            rows.rotate_left(step);
            rows.swap(0, step);
            let shuffled = format!("{header}\n{}\n", rows.join("\n"));
            let (report, moved) = read(&case.spec, shuffled.as_bytes());
            assert_eq!(report.rows, whole.rows, "{}", case.folder.display());
            assert_eq!(identities(&moved), identities(&entries), "{shuffled}");
        }
    }
}
