//! `crossfoot explain` on results that are known: what it says of a row, in both languages.

#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn golden(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(case).join("expected.json")
}

fn explain(case: &str, row: &str, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crossfoot"));
    command.arg("explain").arg(golden(case)).arg(row).args(more);
    command.output().expect("the command runs")
}

#[test]
fn a_row_is_explained_as_a_person_would() {
    let overcharge = "FEE_OVERCHARGE-fee-too-high/five-too-much";
    let tier = "TIER_MISAPPLIED-wrong-fee-tier";
    for (case, row, more, parts) in [
        (
            overcharge,
            "mfs.csv:2",
            &[][..],
            &[
                "mfs.csv:2: settlement, sale, 1000.00 KES",
                "Matched with orders.csv:2 by M020",
                "Received − expected: fee -20.00 KES, unexplained -5.00 KES",
                "Fee by the contract “Kenya”, mfs.csv:2:",
                "1,000.00 × 1.5 % = 15.00 + 5.00 = 20.00 KES",
                "charged 25.00, due 20.00: 5.00 too much",
                "FEE_OVERCHARGE: The contract's fee is KES 20.00",
            ][..],
        ),
        (overcharge, "orders.csv:2", &[], &["1,000.00 × 1.5 % = 15.00 + 5.00 = 20.00 KES"]),
        (
            overcharge,
            "mfs.csv:2",
            &["--language", "zh-Hans"],
            &[
                "已与 orders.csv:2 匹配",
                "实扣 25.00，应扣 20.00：多扣 5.00",
                "FEE_OVERCHARGE: 合同手续费",
            ],
        ),
        (
            "FEE_OVERCHARGE-fee-too-high/on-an-open-line",
            "mfs.csv:3",
            &[],
            &["No match: open", "FEE_OVERCHARGE, MISSING_IN_ORDERS:"],
        ),
        (
            &format!("{tier}/the-tier-of-a-smaller-volume"),
            "mfs.csv:2",
            &[],
            &["1,000.00 × 1.5 % = 15.00 KES (tier the last: 50,000.01 in the month before)"],
        ),
        (
            &format!("{tier}/near-miss-the-volume-is-not-known"),
            "mfs.csv:2",
            &[],
            &["The fee is not known: it depends on volume, which is not given."],
        ),
        (
            "FEE_NOT_REFUNDED-fee-not-given-back/nothing-came-back",
            "mfs.csv:3",
            &[],
            &[
                "given back in proportion: (1,000.00 × 1.5 % + 5.00) × 300.00 / 1,000.00 = -6.00 KES",
                "charged 0.00, due -6.00: 6.00 too much",
            ],
        ),
        (
            "FEE_UNKNOWN_TYPE-unknown-fee/a-fee-that-nobody-agreed-to",
            "mfs.csv:3",
            &[],
            &["Left out: provider_fee"],
        ),
        (
            "M020-reference/near-miss-a-number-inside-another",
            "mfs.csv:2",
            &[],
            &["No fee contract was given.", "No match: open"],
        ),
        (
            "MISSING_IN_SETTLEMENT-due-and-not-there/near-miss-not-due-yet",
            "orders.csv:2",
            &[],
            &["In transit: due on 2026-"],
        ),
    ] {
        let output = explain(case, row, more);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        for part in parts {
            assert!(said.contains(part), "{case} {row}: {part} is not in\n{said}");
        }
    }
}

#[test]
fn what_cannot_be_explained_says_what_to_do() {
    let output = explain("FEE_OVERCHARGE-fee-too-high/five-too-much", "mfs.csv:99", &[]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("has no row mfs.csv:99; write it as the result does, such as mfs.csv:2"),
        "{said}"
    );
    let mut command = Command::new(env!("CARGO_BIN_EXE_crossfoot"));
    let contract = golden("FEE_OVERCHARGE-fee-too-high/five-too-much").with_file_name("fees.toml");
    let output = command.arg("explain").arg(contract).arg("x:1").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("fees.toml: this is no JSON document"), "{said}");
}
