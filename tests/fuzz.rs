//! Replays the committed corpus of every fuzz target, and asks that nothing of it was lost.
//!
//! What a fuzz run finds is fixed, and its input becomes a file of the corpus.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_possible_truncation,
    unexpected_cfgs,
    unreachable_pub,
    reason = "helpers of tests"
)]

#[path = "../fuzz/src/targets.rs"]
mod targets;

use std::fs;
use std::path::{Path, PathBuf};

use crossfoot::entry::Entries;
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::mapping::parse_mapping;
use crossfoot::ingest::reader::{Mapping, SourceSpec, read_whole};
use crossfoot::ingest::unpack::{Options, parts};
use crossfoot::money::Currency;

/// How many files the corpus of each target has.
const SIZES: [(&str, usize); 13] = [
    ("amounts", 17),
    ("bai2", 4),
    ("camt", 4),
    ("csv", 19),
    ("encoding", 9),
    ("json", 11),
    ("markup", 6),
    ("mt940", 5),
    ("ofx", 4),
    ("profiles", 21),
    ("webhook", 3),
    ("xls", 10),
    ("xlsx", 21),
];

fn files(target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn the_corpus_is_whole_and_passes() {
    assert_eq!(SIZES.map(|(name, _)| name), targets::TARGETS.map(|(name, _)| name));
    for ((name, size), (_, target)) in SIZES.into_iter().zip(targets::TARGETS) {
        let files = files(name);
        assert_eq!(files.len(), size, "files in the corpus of {name}");
        for file in files {
            println!("{}", file.display());
            target(&fs::read(file).unwrap());
        }
    }
}

/// What a seed becomes: the names of its tables behind the file's, or the codes of their problems.
fn parts_of(bytes: &[u8]) -> Vec<String> {
    let options = Options { password: None, decoder: native_decoder };
    match parts("f", bytes, options) {
        Err(error) => vec![error.code().to_owned()],
        Ok(parts) => parts
            .iter()
            .map(|part| match &part.problem {
                Some(problem) => problem.code().to_owned(),
                None => part.name.trim_start_matches('f').to_owned(),
            })
            .collect(),
    }
}

/// Seeds are there to be changed, so that they must get past the doors that a wild guess does not.
#[test]
fn seeds_reach_the_readers() {
    let seed = |name: &str| {
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name)).unwrap()
    };
    let workbooks: [(&str, &[&str]); 7] = [
        ("sheet", &["#S"]),
        ("styles-and-texts", &["#S"]),
        ("several-sheets", &["#A & B", "#old", "ingest/no-table"]),
        ("open-document", &["#A & B", "#S"]),
        ("binary", &["#S", "ingest/no-table"]),
        ("binary-cut-cell", &["ingest/bad-workbook", "ingest/no-table"]),
        ("binary-no-text", &["ingest/bad-workbook", "ingest/no-table"]),
    ];
    for (name, expected) in workbooks {
        let bytes = targets::files::workbook(&seed(&format!("xlsx/{name}")));
        assert_eq!(parts_of(&bytes), expected, "{name}");
    }
    let old: [(&str, &[&str]); 8] = [
        ("stream", &["#S"]),
        ("several-sheets", &["#S", "#old", "ingest/no-table"]),
        ("short-records", &["#S"]),
        ("bad-formula", &["#S"]),
        ("merged-behind-its-end", &["#S"]),
        ("locked", &["ingest/locked-workbook"]),
        ("far-cells", &["limit/cells"]),
        ("cut-texts", &["ingest/bad-workbook"]),
    ];
    for (name, expected) in old {
        let bytes = targets::files::compound(&seed(&format!("xls/{name}")));
        assert_eq!(parts_of(&bytes), expected, "{name}");
    }
    let archives: [(&str, &[&str]); 5] = [
        ("archive", &["!bills/a.csv", "!b.json", "!c.sta"]),
        ("archive-of-chinese-names", &["!账单.csv"]),
        ("archive-with-note", &["!a.csv"]),
        ("archive-locked", &["ingest/password-needed"]),
        ("gzip", &["!content"]),
    ];
    for (name, expected) in archives {
        assert_eq!(parts_of(&seed(&format!("xlsx/{name}"))), expected, "{name}");
    }
    let mut read = 0;
    for file in files("profiles") {
        let bytes = fs::read(&file).unwrap();
        let Some((mapping, table)) = targets::files::cut(&bytes, b"\n---\n") else { continue };
        let profile = parse_mapping(std::str::from_utf8(mapping).unwrap()).unwrap();
        let mut spec = SourceSpec::new("fuzz.csv");
        spec.currency = Currency::from_code("CNY");
        spec.mapping = Some(Mapping { profile, completes: false });
        let mut entries = Entries::default();
        let report = read_whole(spec, table, native_decoder, &mut entries);
        let rows = report.map(|report| report.rows);
        assert!(rows.as_ref().is_ok_and(|rows| rows.entries > 0), "{}: {rows:?}", file.display());
        read += 1;
    }
    assert_eq!(read, 15, "profiles with a table of their own");
}
