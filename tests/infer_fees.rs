//! `crossfoot infer-fees` as a person uses it, on a made-up gateway's file.

#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PROGRAM: &str = env!("CARGO_BIN_EXE_crossfoot");

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("infer_fees").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn crossfoot(folder: &Path, arguments: &[&str]) -> Output {
    let run = Command::new(PROGRAM).current_dir(folder).args(arguments).output();
    run.expect("the command runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What is said of a file, and the contract that is written.
fn inferred(folder: &Path, arguments: &[&str]) -> (String, String) {
    let all = [&["infer-fees", "--out", "fees.toml", "--settlement"], arguments].concat();
    let run = crossfoot(folder, &all);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let contract = std::fs::read_to_string(folder.join("fees.toml")).unwrap();
    (text(&run.stdout), contract)
}

/// A month of a made-up gateway: cards cost 2.9 % + 0.30 until the 15th and 2.4 % + 0.30 from then
/// on, wallets 1 %, at most 5.00; one line is charged 1.00 too much, and one method has two lines.
fn month() -> (String, String) {
    let mut lines = String::from("id,order,kind,method,gross,fee,currency,at\n");
    let mut orders = String::from("order,total,currency,at\n");
    for n in 0..120_i64 {
        let gross = 1_000 + n * n * 7 % 91_000 + n * 13;
        let day = n / 4 + 1;
        let (method, fee) = match n % 3 {
            0 => ("wallet", ((gross + 50) / 100).min(500)),
            _ if day < 15 => ("card", (gross * 29 + 500) / 1_000 + 30),
            _ => ("card", (gross * 24 + 500) / 1_000 + 30),
        };
        let fee = if n == 50 { fee + 100 } else { fee };
        let major = |minor: i64| format!("{}.{:02}", minor / 100, minor % 100);
        let at = format!("2026-03-{day:02}T10:{:02}:00Z", n % 60);
        let (gross, fee) = (major(gross), major(fee));
        let _ = writeln!(lines, "t{n},o{n},payment,{method},{gross},{fee},USD,{at}");
        let _ = writeln!(orders, "o{n},{gross},USD,{at}");
    }
    for n in 0..2 {
        let at = "2026-03-20T12:00:00Z";
        let _ = writeln!(lines, "v{n},w{n},payment,voucher,{n}3.10,1.{n}7,USD,{at}");
        let _ = writeln!(orders, "w{n},{n}3.10,USD,{at}");
    }
    (lines, orders)
}

const COLUMNS: &str = "gateway.csv: transaction_id=id, reference=order, type=kind, method=method, \
     amount=gross, fee=fee:neg, currency=currency, occurred_at=at:iso";

#[test]
fn a_contract_comes_out_that_a_reconciliation_takes() {
    let folder = folder("month");
    let (lines, orders) = month();
    std::fs::write(folder.join("gateway.csv"), lines).unwrap();
    std::fs::write(folder.join("orders.csv"), orders).unwrap();
    let (said, contract) = inferred(&folder, &["gateway.csv", "--columns", COLUMNS]);
    for expected in [
        "USD sale, method card: 79 of 80 lines to the minor unit",
        "  2.9 % + 0.30",
        "from 2026-03-15: 2.4 % + 0.30",
        "exception gateway.csv:52: ",
        "USD sale, method voucher: not determined: 2 lines: 2 unknowns leave no check",
        "USD sale, method wallet: 40 of 40 lines to the minor unit\n  1 %, at most 5.00",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}\n{contract}");
    }
    let orders = "orders.csv: reference=order, amount=total, currency=currency, occurred_at=at:iso";
    let run = crossfoot(
        &folder,
        &[
            "reconcile",
            "--orders",
            "orders.csv",
            "--settlement",
            "gateway.csv",
            "--columns",
            COLUMNS,
            "--columns",
            orders,
            "--contract",
            "fees.toml",
            "--out",
            "result.json",
        ],
    );
    assert_eq!(run.status.code(), Some(1), "{}", text(&run.stderr));
    let result = std::fs::read_to_string(folder.join("result.json")).unwrap();
    assert_eq!(result.matches("\"code\":\"FEE_OVERCHARGE\",\"state\"").count(), 1, "{result}");
    assert!(!result.contains("FEE_UNDERCHARGE"), "{result}");
}

#[test]
fn what_was_found_is_said_in_chinese() {
    let folder = folder("chinese");
    std::fs::write(folder.join("gateway.csv"), month().0).unwrap();
    let (said, _) =
        inferred(&folder, &["gateway.csv", "--columns", COLUMNS, "--language", "zh-Hans"]);
    for expected in [
        "USD 销售，支付方式 card：80 行中 79 行分毫不差\n  2.9 % + 0.30\n",
        "  2026-03-15 起：2.4 % + 0.30\n",
        "  例外 gateway.csv:52：",
        "USD 销售，支付方式 voucher：无法确定：2 行，2 个未知数，无从核对\n",
        "USD 销售，支付方式 wallet：40 行中 40 行分毫不差\n  1 %，最高 5.00\n",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
    let latin = said.lines().find(|line| line.chars().all(|c| c.is_ascii() && c != '%'));
    assert_eq!(latin, None, "{said}");
}

#[test]
fn the_same_file_in_another_order_gives_the_same() {
    let folder = folder("order");
    let (lines, _) = month();
    let mut rows: Vec<&str> = lines.lines().collect();
    std::fs::write(folder.join("gateway.csv"), &lines).unwrap();
    let (_, contract) = inferred(&folder, &["gateway.csv", "--columns", COLUMNS]);
    rows[1..].reverse();
    rows[1..].rotate_left(17);
    std::fs::write(folder.join("gateway.csv"), rows.join("\n")).unwrap();
    let (_, again) = inferred(&folder, &["gateway.csv", "--columns", COLUMNS]);
    assert_eq!(contract, again);
}

#[test]
fn a_file_without_fees_is_refused() {
    let folder = folder("none");
    std::fs::write(folder.join("a.csv"), "id,kind,gross,currency\n1,payout,3.00,USD\n").unwrap();
    let columns = "a.csv: transaction_id=id, type=kind, amount=gross, currency=currency";
    let all = ["infer-fees", "--settlement", "a.csv", "--columns", columns];
    let run = crossfoot(&folder, &all);
    assert_eq!(run.status.code(), Some(2), "{}", text(&run.stdout));
    assert!(text(&run.stderr).contains("has an amount and a fee"), "{}", text(&run.stderr));
}
