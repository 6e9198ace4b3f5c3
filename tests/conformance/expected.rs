//! Holds the reader to what `expected/*.json` says of each sample: written by reading the files,
//! before the reader knew them. A file without an expectation in a listed folder is a failure; a
//! sheet of a workbook is called `book.xlsx#Sheet`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crossfoot::entry::Entries;
use crossfoot::ingest::detect::choose;
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::layout::{Header, mapped};
use crossfoot::ingest::reader::{SourceSpec, read_whole};
use crossfoot::ingest::shipped::profile;
use crossfoot::ingest::source::{Layout, sample};
use crossfoot::ingest::unpack::{Options, parts};
use crossfoot::limits::HEAD_LINES;
use crossfoot::money::{Amount, Currency};
use serde::Deserialize;

/// What is expected of a file.
#[derive(Deserialize)]
#[serde(untagged)]
enum Expectation {
    Refused(Refused),
    Read(Box<Expected>),
}

/// A file that holds no money: the code of the error, and what it is instead.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    refused: String,
    since: String,
}

/// What a file must become. What is left out is not asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    profile: String,
    side: String,
    header_row: Option<u32>,
    /// What the user says, where the file names no currency.
    currency: Option<String>,
    /// Fields and their columns. Further fields may be found, but none of the same columns.
    #[serde(default)]
    fields: BTreeMap<String, Vec<String>>,
    /// Read, entries, structural, rejected.
    rows: Option<[u64; 4]>,
    /// Σ net by currency.
    #[serde(default)]
    net: BTreeMap<String, String>,
    /// Σ net by kind.
    #[serde(default)]
    kinds: BTreeMap<String, String>,
    /// Stated, computed, and whether they agree.
    #[serde(default)]
    controls: BTreeMap<String, (String, String, bool)>,
    /// Rows whose amount, fee and tax are not their net.
    broken_lines: Option<Vec<u32>>,
    /// How many of the values are damaged, by code.
    #[serde(default)]
    diagnostics: BTreeMap<String, u32>,
    /// What has to be asked.
    #[serde(default)]
    questions: Vec<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/expected")
}

#[test]
fn every_sample_becomes_what_was_written_down() {
    let Some(root) = super::samples() else { return };
    let mut failures = Vec::new();
    for list in fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()) {
        let text = fs::read_to_string(&list).unwrap();
        let all: BTreeMap<String, Expectation> = serde_json::from_str(&text).unwrap();
        let provider = root.join(list.file_stem().unwrap());
        for (file, expectation) in all {
            let bytes = bytes_of(&provider, &file);
            failures.extend(match expectation {
                Expectation::Read(expected) => differences(&file, &bytes, &expected),
                Expectation::Refused(refused) => accepted(&file, &bytes, &refused),
            });
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A file whose currency nobody states is asked about, once, and each of its rows is counted.
#[test]
fn a_file_without_a_currency_asks_for_it() {
    let Some(root) = super::samples() else { return };
    let mut asked = 0;
    for list in fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()) {
        let text = fs::read_to_string(&list).unwrap();
        let all: BTreeMap<String, Expectation> = serde_json::from_str(&text).unwrap();
        for (file, expectation) in all {
            let Expectation::Read(expected) = expectation else { continue };
            let (Some(_), Some([read, entries, ..])) = (&expected.currency, expected.rows) else {
                continue;
            };
            let bytes = bytes_of(&root.join(list.file_stem().unwrap()), &file);
            let mut none = Entries::default();
            let spec = SourceSpec::new(&file);
            let report = read_whole(spec, &bytes, native_decoder, &mut none).unwrap();
            assert!(report.rows.ties() && report.rows.read == read, "{file}: {:?}", report.rows);
            let questions = report.assumptions.iter().filter_map(|found| found.question.as_ref());
            let currency = questions.filter(|one| one.path == "fields.currency.value").count();
            assert_eq!((currency, none.len()), (1, 0), "{file}");
            assert!(report.rows.rejected >= entries, "{file}: {:?}", report.rows);
            asked += 1;
        }
    }
    assert!(asked >= 5, "{asked} files without a currency");
}

/// A file, or a sheet of a workbook.
fn bytes_of(folder: &Path, name: &str) -> Vec<u8> {
    let Some((book, _)) = name.split_once('#') else { return fs::read(folder.join(name)).unwrap() };
    let options = Options { password: None, decoder: native_decoder };
    let found = parts(book, &fs::read(folder.join(book)).unwrap(), options).unwrap();
    let part = found.into_iter().find(|part| part.name == name);
    part.unwrap_or_else(|| panic!("{name} is no sheet")).bytes
}

/// What is wrong with how a file was refused that holds no money.
fn accepted(file: &str, bytes: &[u8], expected: &Refused) -> Vec<String> {
    let mut entries = Entries::default();
    let must = &expected.refused;
    match read_whole(SourceSpec::new(file), bytes, native_decoder, &mut entries) {
        Err(error) if error.code() == must => Vec::new(),
        Err(error) => vec![format!("{file}: is refused as {}, must be {must}", error.code())],
        Ok(report) => {
            vec![format!("{file}: is read as {}, but {}", report.profile, expected.since)]
        }
    }
}

/// What differs from what was expected, in words.
fn differences(file: &str, bytes: &[u8], expected: &Expected) -> Vec<String> {
    let mut found = Vec::new();
    let mut spec = SourceSpec::new(file);
    spec.currency = expected.currency.as_deref().and_then(Currency::from_code);
    let mut entries = Entries::default();
    let report = match read_whole(spec, bytes, native_decoder, &mut entries) {
        Ok(report) => report,
        Err(error) => return vec![format!("{error}")],
    };
    let mut same = |what: &str, is: &str, must: &str| {
        if is != must {
            found.push(format!("{file}: {what} is {is}, must be {must}"));
        }
    };
    same("profile", &report.profile, &expected.profile);
    same("side", report.side.name(), &expected.side);
    let (header_row, mut fields) = mapping(file, bytes);
    // What a dictionary found is listed; that of a table without a header is nowhere else.
    if let Some(listed) = report.assumptions.iter().find(|found| found.what == "columns") {
        fields.clear();
        for (field, column) in listed.value.split(", ").filter_map(|pair| pair.split_once(" = ")) {
            fields.entry(field.to_owned()).or_default().push(column.to_owned());
        }
    }
    if expected.header_row.is_some() {
        same("header row", &format!("{header_row:?}"), &format!("{:?}", expected.header_row));
    }
    let none = Vec::new();
    for (field, columns) in &expected.fields {
        let is = fields.get(field).unwrap_or(&none);
        same(field, &is.join(" + "), &columns.join(" + "));
    }
    let rows = report.rows;
    if let Some(must) = expected.rows {
        let is = [rows.read, rows.entries, rows.structural, rows.rejected];
        same("rows", &format!("{is:?}"), &format!("{must:?}"));
    }
    let sum = |of: &dyn Fn(crossfoot::ids::EntryId) -> bool| {
        let ids = entries.ids().filter(|id| of(*id));
        let net = |id| entries.net(id);
        ids.map(net).fold(Amount::ZERO, |sum, net| sum.checked_add(net).unwrap())
    };
    for (code, must) in &expected.net {
        let currency = Currency::from_code(code).unwrap();
        let is = sum(&|id| entries.net_currency(id) == currency).format(currency);
        same(&format!("net in {code}"), &is, must);
    }
    for (kind, must) in &expected.kinds {
        let currency = report.currencies.first().copied().unwrap();
        let is = sum(&|id| entries.kind(id).name() == kind).format(currency);
        same(&format!("net of {kind}"), &is, must);
    }
    for (name, (stated, computed, ok)) in &expected.controls {
        let control = report.controls.iter().find(|control| control.name == *name);
        let is = control.map(|c| format!("{} / {} {}", c.stated, c.computed, c.ok));
        same(name, &is.unwrap_or_default(), &format!("{stated} / {computed} {ok}"));
    }
    if let Some(must) = &expected.broken_lines {
        let is: Vec<u32> = report.broken_lines.iter().map(|id| entries.row(*id)).collect();
        same("lines that do not tie", &format!("{is:?}"), &format!("{must:?}"));
    }
    for (code, must) in &expected.diagnostics {
        let is = report.diagnostics.iter().filter(|diagnostic| diagnostic.code == code).count();
        same(code, &is.to_string(), &must.to_string());
    }
    for question in &expected.questions {
        let asked = report.assumptions.iter().any(|a| a.what == *question && a.is_question());
        same(&format!("question {question}"), &asked.to_string(), "true");
    }
    found
}

/// The header's row, and the columns of each field.
fn mapping(file: &str, bytes: &[u8]) -> (Option<u32>, BTreeMap<String, Vec<String>>) {
    let layout = Layout::detect(file, bytes, true, native_decoder).unwrap();
    let rows = sample(file, bytes, true, layout, HEAD_LINES, native_decoder).unwrap();
    let guess = choose(file, &rows, None).unwrap();
    let header = guess.header(&rows);
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (field, column) in mapped(profile(guess.profile).unwrap(), &header) {
        let columns = fields.entry(field.name().to_owned()).or_default();
        columns.push(Header::name(&header, column).to_owned());
    }
    (guess.header_row, fields)
}

#[test]
fn every_file_of_the_listed_folders_has_an_expectation() {
    let Some(root) = super::samples() else { return };
    let keys = |path: &Path| -> Vec<String> {
        let all: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        all.into_keys().collect()
    };
    // Those of Western providers are listed in one file, by their path.
    let western = keys(&folder().with_file_name("west.json"));
    for list in fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()) {
        let provider = list.file_stem().unwrap().to_str().unwrap();
        let here = keys(&list);
        for path in fs::read_dir(root.join(provider)).unwrap() {
            let file = path.unwrap().file_name().into_string().unwrap();
            let sheet = format!("{file}#");
            assert!(
                here.iter().any(|name| *name == file || name.starts_with(&sheet))
                    || western.contains(&format!("{provider}/{file}")),
                "{provider}/{file}"
            );
        }
    }
}
