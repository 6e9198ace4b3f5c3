//! `crossfoot infer-fees` on the real files in the folder that `CROSSFOOT_SAMPLES` names: the rates
//! that they state are verified, and what a few lines determine is found and no more.

#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "helpers of tests"
)]

#[path = "support/samples.rs"]
mod samples;

use std::path::Path;
use std::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_crossfoot");

/// What is said of a real file, and the contract that is written; `None` where there are none.
fn sample(name: &str, file: &str) -> Option<(String, String)> {
    let path = std::fs::canonicalize(samples::samples()?.join(file)).unwrap();
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("infer_{name}.toml"));
    let run = Command::new(PROGRAM)
        .args(["infer-fees", "--settlement"])
        .args([path.as_path(), Path::new("--out"), out.as_path()])
        .output()
        .expect("the command runs");
    let [said, wrong] =
        [run.stdout, run.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert_eq!(run.status.code(), Some(0), "{wrong}");
    Some((said, std::fs::read_to_string(out).unwrap()))
}

fn holds(found: Option<(String, String)>, said: &[&str], written: &[&str]) {
    let Some((text, contract)) = found else { return };
    for expected in said {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    for expected in written {
        assert!(contract.contains(expected), "{expected}\n{contract}");
    }
}

#[test]
fn square_states_its_rates() {
    holds(
        sample("square", "square/transactions_2018.csv"),
        &[
            "USD sale: the stated rate gives 4 of 4 lines exactly",
            "stated rate 3.5 % + 0.15: 3 of 3 lines to the minor unit\n  3.5 % + 0.15\n",
            "stated rate 2.9 % + 0.30: not determined: 1 line",
        ],
        &["# percent = \"3.5\"\n# fixed = \"0.15\""],
    );
}

#[test]
fn wechat_states_its_rates() {
    for (name, file, kinds) in [
        ("wechat", "wechat/trade_all_20210128.csv", &["sale: the stated rate gives 3 of 3"][..]),
        (
            "wechat_refund",
            "wechat/trade_all_refund_excerpt_20240709.csv",
            &["sale: the stated rate gives 1 of 1", "refund: the stated rate gives 1 of 1"],
        ),
        (
            "wechat_2014",
            "wechat/trade_all_2014_official_example.csv",
            &["sale: the stated rate gives 2 of 2"],
        ),
    ] {
        holds(sample(name, file), kinds, &[]);
    }
}

#[test]
fn shopify_is_determined_in_its_own_currency_only() {
    let file = "shopify/payments_transactions_AED_payout_148156579998.csv";
    holds(
        sample("shopify", file),
        &[
            "currencies none: 3 of 3 lines to the minor unit\n  (2.5 % + 1.00) and 5 % tax",
            "currencies SAR>AED: not determined: 2 lines: 2 unknowns leave no check",
        ],
        &["percent = \"2.5\"\nfixed = \"1.00\"", "percent = \"5\"\nshown = \"fee\""],
    );
}

#[test]
fn adyen_is_determined_where_it_is_blended() {
    holds(
        sample("adyen", "adyen/settlement_detail_report_batch_380.csv"),
        &[
            "method ideal: 38 of 38 lines to the minor unit\n  0.25\n",
            "method directEbanking: 19 of 19 lines to the minor unit\n  1 %\n",
            "method bcmc_mobile: 7 of 7 lines to the minor unit\n  0.6 % + 0.07\n",
            "bankTransfer_NL: 29 of 29 lines to the minor unit\n  0.20\n",
            "method visa: not determined: no formula gives nine of ten lines",
            "method cartebancaire: not determined",
        ],
        &[],
    );
}
