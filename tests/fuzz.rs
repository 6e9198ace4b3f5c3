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
    unreachable_pub,
    reason = "helpers of tests"
)]

#[path = "../fuzz/src/targets.rs"]
mod targets;

use std::fs;
use std::path::{Path, PathBuf};

/// How many files the corpus of each target has.
const SIZES: [(&str, usize); 10] = [
    ("amounts", 17),
    ("bai2", 4),
    ("camt", 4),
    ("csv", 19),
    ("encoding", 9),
    ("json", 11),
    ("mt940", 5),
    ("ofx", 4),
    ("profiles", 6),
    ("xlsx", 8),
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
