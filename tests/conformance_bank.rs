//! Reads the bank statements in the folder that `CROSSFOOT_SAMPLES` names: every file is recognised
//! by its content, every row has its place, and every stated balance and total is recomputed; those
//! that do not follow from the movements are reported, and no others.
//!
//! The files are not part of the project. Without the folder each test says that it was skipped.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests"
)]

#[path = "support/samples.rs"]
mod samples;

use std::fs;

use crossfoot::entry::{Entries, Side};
use crossfoot::ingest::encoding::native_decoder;
use crossfoot::ingest::reader::{SourceSpec, read_whole};
use crossfoot::ingest::report::SourceReport;
use crossfoot::ingest::unpack::{Options, parts};
use samples::samples;

/// File, profile, rows (entries, structural, rejected), and controls (all, broken).
type Expected = (&'static str, &'static str, [u64; 3], [usize; 2]);

const FILES: &[Expected] = &[
    ("bank_camt053/test-camt053.xml", "camt053", [4, 4, 0], [1, 1]),
    ("bank_mt940/ASNB_mt940.txt", "mt940", [8, 217, 0], [31, 0]),
    ("bank_mt940/betterplace_sepa_mt9401.sta", "mt940", [97, 176, 0], [26, 0]),
    ("bank_mt940/betterplace_with_binary_character.sta", "mt940", [4, 12, 0], [2, 0]),
    ("bank_mt940/citi_mt940.txt", "mt940", [5, 7, 0], [1, 0]),
    ("bank_mt940/jejik_abnamro.sta", "mt940", [10, 18, 0], [2, 2]),
    ("bank_mt940/jejik_postfinance.sta", "mt940", [4, 12, 0], [2, 1]),
    ("bank_mt940/jejik_rabobank.sta", "mt940", [5, 21, 0], [4, 2]),
    ("bank_mt940/jejik_sns.sta", "mt940", [2, 12, 0], [2, 0]),
    ("bank_mt940/mBank_mt940.sta", "mt940", [3, 7, 0], [1, 0]),
    ("bank_mt940/mBank_mt942.sta", "mt942", [3, 8, 0], [4, 0]),
    ("bank_mt940/self-provided_february_30.sta", "mt940", [0, 6, 1], [1, 1]),
    ("bank_mt940/self-provided_whitespace.sta", "mt940", [1, 5, 0], [1, 1]),
    ("bank_mt940/test-ing.940", "mt940", [8, 13, 0], [5, 0]),
    ("bank_mt940/test-sns.940", "mt940", [8, 20, 0], [2, 0]),
    ("bank_bai2/sample1.txt", "bai2", [17, 8, 0], [18, 0]),
    ("bank_bai2/sample3.txt", "bai2", [26, 34, 0], [111, 0]),
    ("bank_bai2/sample4-continuations-newline-delimited.txt", "bai2", [17, 14, 0], [37, 17]),
    ("bank_ofx/test_ofx.ofx", "ofx", [4, 4, 0], [0, 0]),
];

fn read(path: &str) -> Option<SourceReport> {
    let bytes = fs::read(samples()?.join(path)).unwrap();
    let options = Options { password: None, decoder: native_decoder };
    let parts = parts(path, &bytes, options).unwrap();
    let [part] = parts.as_slice() else { panic!("{path}: one part") };
    let mut spec = SourceSpec::new(path);
    spec.side = Some(Side::Bank);
    Some(read_whole(spec, &part.bytes, native_decoder, &mut Entries::default()).unwrap())
}

#[test]
fn every_statement_is_read_and_recomputed() {
    for (path, profile, [entries, structural, rejected], [controls, broken]) in FILES {
        let Some(report) = read(path) else { return };
        assert_eq!(report.profile, *profile, "{path}");
        let rows = report.rows;
        assert_eq!(
            report.drift, None,
            "{path}: no column of a real file is taken for a renamed one"
        );
        assert!(rows.ties(), "{path}: {rows:?}");
        assert_eq!(
            [rows.entries, rows.structural, rows.rejected],
            [*entries, *structural, *rejected],
            "{path}: {:?}",
            report.rejected
        );
        let off: Vec<_> = report.controls.iter().filter(|control| !control.ok).collect();
        assert_eq!([report.controls.len(), off.len()], [*controls, *broken], "{path}: {off:#?}");
    }
}
