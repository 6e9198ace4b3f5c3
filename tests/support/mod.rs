//! Runs the engine over files in memory and reads its result documents.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests, each test file uses some of them"
)]

#[cfg(feature = "unpack")]
pub(crate) mod archive;
#[cfg(feature = "unpack")]
pub(crate) mod bombs;
pub(crate) mod forgery;
pub(crate) mod golden;
pub(crate) mod paper;
pub(crate) mod rulebook;
pub(crate) mod sales;
pub(crate) mod sales_files;
pub(crate) mod small_month;

use std::collections::{BTreeMap, BTreeSet};

use crossfoot::demo;
use crossfoot::engine::{Config, Job, Settings};
use crossfoot::entry::Side;
use crossfoot::error::Error;
use crossfoot::export::CarryExport;
use crossfoot::ingest::columns_flag::parse_columns;
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::reader::{Mapping, SourceSpec};
use crossfoot::proof::verify;
use crossfoot::proof::verify::Verdict;
use crossfoot::report::{DocumentWriter, Run};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// How many random cases a test tries: `usual`, or what `PROPTEST_CASES` says, as for the property
/// tests beside the code.
pub(crate) fn cases(usual: u32) -> u32 {
    let said = std::env::var("PROPTEST_CASES").ok();
    said.map_or(usual, |cases| cases.parse().expect("PROPTEST_CASES is a number"))
}

/// One file of a run.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) side: Side,
    pub(crate) bytes: Vec<u8>,
    /// As after `--profile FILE=`.
    pub(crate) profile: Option<String>,
    /// As after `--columns`.
    pub(crate) columns: Option<String>,
    /// As after `--scope FILE=`.
    pub(crate) scope: Option<String>,
    /// As in the variable after `--secret-env`.
    pub(crate) secret: Option<String>,
}

impl Source {
    pub(crate) fn new(name: &str, side: Side, bytes: impl Into<Vec<u8>>) -> Self {
        let (name, bytes) = (name.to_owned(), bytes.into());
        Self { name, side, bytes, profile: None, columns: None, scope: None, secret: None }
    }

    /// The same file as one of a shop, marketplace or account.
    pub(crate) fn of(self, scope: &str) -> Self {
        Self { scope: Some(scope.to_owned()), ..self }
    }

    fn spec(&self) -> Result<SourceSpec, Error> {
        let mut spec = SourceSpec::new(&self.name);
        spec.side = Some(self.side);
        spec.profile.clone_from(&self.profile);
        spec.scope.clone_from(&self.scope);
        self.secret.iter().for_each(|secret| spec.secrets.add(secret));
        if let Some(line) = &self.columns {
            let profile = parse_columns(line)?.mapping;
            spec.mapping = Some(Mapping { profile, completes: true });
        }
        Ok(spec)
    }
}

/// How a run is driven: bytes in one push, entries in one step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) chunk: usize,
    pub(crate) budget: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { chunk: 1 << 20, budget: 1_000_000 }
    }
}

/// Runs files through the engine.
pub(crate) fn run(settings: &Settings, sources: &[Source]) -> Result<Run, Error> {
    run_at(settings, sources, Pace::default())
}

/// Runs files through the engine at a pace.
pub(crate) fn run_at(settings: &Settings, sources: &[Source], pace: Pace) -> Result<Run, Error> {
    let mut job = Job::new(Config::new(settings)?, native_decoder);
    for source in sources {
        job.add_source(source.spec()?, Some(source.bytes.len() as u64));
    }
    while let Some(want) = job.wants() {
        for chunk in sources[want.source].bytes.chunks(pace.chunk) {
            job.push(chunk)?;
        }
        job.end()?;
    }
    while job.step(pace.budget) {}
    let mut run = job.finish().expect("no step is left");
    run.set_sha256(sources.iter().map(|source| sha256(&source.bytes)).collect());
    Ok(run)
}

/// The result document of a run.
pub(crate) fn document(run: &Run) -> String {
    let mut writer = DocumentWriter::new(run);
    let mut bytes = Vec::new();
    while let Some(chunk) = writer.next_chunk(10_000) {
        bytes.extend(chunk);
    }
    String::from_utf8(bytes).expect("a document is UTF-8")
}

/// The carry-forward file of a run.
pub(crate) fn carry(run: &Run) -> String {
    let mut writer = CarryExport::new(run).unwrap_or_else(|error| panic!("{error}"));
    let mut bytes = Vec::new();
    while let Some(chunk) = writer.next_chunk(7) {
        bytes.extend(chunk);
    }
    String::from_utf8(bytes).expect("a carry-forward file is UTF-8")
}

/// The result document of files that can be used.
pub(crate) fn reconcile(settings: &Settings, sources: &[Source]) -> String {
    document(&run(settings, sources).unwrap_or_else(|error| panic!("{error}")))
}

/// The document as JSON.
pub(crate) fn json(document: &str) -> Value {
    serde_json::from_str(document).expect("a document is JSON")
}

/// Checks the proof and says what is wrong with it.
pub(crate) fn assert_proven(document: &str, what: &str) {
    let verdict = verdict(document);
    let findings: Vec<String> = verdict
        .findings()
        .take(5)
        .map(|(check, finding)| format!("{}: {finding:?}", check.name()))
        .collect();
    assert!(verdict.holds, "{what}: the proof does not hold: {findings:#?}");
}

pub(crate) fn verdict(document: &str) -> Verdict {
    verify(document.as_bytes()).expect("memory can be read")
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A document whose last seal was made anew, as somebody would who changed it.
pub(crate) fn resealed(document: &str) -> String {
    const SEAL: &str = "\"result_sha256\":\"";
    let start = document.rfind(SEAL).expect("a seal") + SEAL.len();
    let (head, tail) = (&document[..start], &document[start + 64..]);
    let seal = sha256(format!("{head}{tail}").as_bytes());
    format!("{head}{seal}{tail}")
}

/// The strings of a JSON array.
pub(crate) fn strings(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// The elements of a JSON array.
pub(crate) fn elements<'v>(object: &'v Value, key: &str) -> &'v [Value] {
    object[key].as_array().unwrap_or_else(|| panic!("no list {key}"))
}

/// What a document says about one row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowFindings {
    /// Codes of all facts and notes that name it.
    pub(crate) codes: BTreeSet<String>,
    /// The rows of the other side in its match.
    pub(crate) counterparts: BTreeSet<String>,
}

/// What a document says about every row.
pub(crate) fn findings(document: &Value) -> BTreeMap<String, RowFindings> {
    let mut rows: BTreeMap<String, RowFindings> = BTreeMap::new();
    for entry in elements(document, "entries") {
        let row = entry["row"].as_str().expect("a row").to_owned();
        assert!(rows.insert(row, RowFindings::default()).is_none(), "{entry} is there twice");
    }
    let mut name = |facts: &Value| {
        for fact in facts.as_array().into_iter().flatten() {
            for row in strings(&fact["rows"]) {
                let found = rows.get_mut(row).unwrap_or_else(|| panic!("{row} is no entry"));
                found.codes.insert(fact["code"].as_str().expect("a code").to_owned());
            }
        }
    };
    for found in elements(document, "matches") {
        name(&found["notes"]);
    }
    for payout in elements(document, "payouts") {
        name(&payout["notes"]);
    }
    for exception in elements(document, "exceptions") {
        name(&exception["facts"]);
    }
    for found in elements(document, "matches") {
        for (one, other) in [("orders", "settlement"), ("settlement", "orders")] {
            for row in strings(&found[one]) {
                let counterparts = strings(&found[other]).map(str::to_owned);
                let findings = rows.get_mut(row).unwrap_or_else(|| panic!("{row} is no entry"));
                assert!(findings.counterparts.is_empty(), "{row} is in two matches");
                findings.counterparts = counterparts.collect();
            }
        }
    }
    rows
}

/// A sample month, its settings and its files.
pub(crate) struct Month {
    pub(crate) settings: Settings,
    pub(crate) sources: Vec<Source>,
    pub(crate) truth: Vec<u8>,
}

/// Generates a sample month.
pub(crate) fn month(seed: u64, orders: u32) -> Month {
    let files = demo::generate(&demo::Options { seed, orders });
    let settings = Settings {
        as_of: Some(files.as_of),
        timezone: Some(files.timezone),
        contract: Some(files.fees_toml),
        rates: Some(files.fx_csv),
        ..Settings::default()
    };
    let sources = vec![
        Source::new(demo::ORDERS, Side::Orders, files.orders_csv),
        Source::new(demo::SETTLEMENT, Side::Settlement, files.settlement_csv),
    ];
    Month { settings, sources, truth: files.truth_json }
}

/// Small numbers that look random and are the same in every run (SplitMix64).
#[derive(Clone, Debug)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.roll() % bound as u64).expect("below a usize")
    }

    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }
}

/// What a document says about its rows, whatever they are called and in which files they stood:
/// row names replaced by identities, and what belongs to the files and settings left out.
pub(crate) fn without_names(text: &str) -> Value {
    let mut document = json(text);
    let entries = elements(&document, "entries").iter();
    let identities: BTreeMap<String, String> = entries
        .map(|entry| {
            let own = |key: &str| entry[key].as_str().expect("a string").to_owned();
            (own("row"), own("identity"))
        })
        .collect();
    for left_out in ["sources", "config_sha256"] {
        document.as_object_mut().expect("an object").remove(left_out);
    }
    document["proof"].as_object_mut().expect("an object").remove("result_sha256");
    rename(&mut document, &identities);
    document
}

fn rename(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(name) = names.get(text) {
                text.clone_from(name);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| rename(value, names)),
        Value::Object(object) => object.values_mut().for_each(|value| rename(value, names)),
        _ => {}
    }
}

/// Fails with the first difference of two documents, not with all of both.
pub(crate) fn assert_same(one: &Value, other: &Value, what: &str) {
    if one == other {
        return;
    }
    let mut path = String::new();
    let (one, other) = first_difference(one, other, &mut path);
    panic!("{what}: {path}\n  {one}\n  {other}");
}

fn first_difference<'v>(
    one: &'v Value,
    other: &'v Value,
    path: &mut String,
) -> (&'v Value, &'v Value) {
    match (one, other) {
        (Value::Array(ones), Value::Array(others)) if ones.len() == others.len() => {
            let at = ones.iter().zip(others).position(|(a, b)| a != b).expect("a difference");
            path.push_str(&format!("[{at}]"));
            first_difference(&ones[at], &others[at], path)
        }
        (Value::Object(ones), Value::Object(others)) if ones.keys().eq(others.keys()) => {
            // Sections before their digests.
            let differs = |key: &&String| ones[key.as_str()] != others[key.as_str()];
            let key = ones.keys().filter(differs).min_by_key(|key| *key == "proof");
            let key = key.expect("a difference");
            path.push_str(&format!(".{key}"));
            first_difference(&ones[key], &others[key], path)
        }
        _ => (one, other),
    }
}
