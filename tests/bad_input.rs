//! Files, rows and settings that cannot be used: each gets a message that says what, where and what
//! to do, and whatever else can be used is reconciled all the same.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use crossfoot::engine::Settings;
use crossfoot::entry::Side;
use crossfoot::error::Error;
use crossfoot::export::CsvExport;
use crossfoot::limits;
use serde_json::Value;
use support::{Source, assert_proven, document, elements, json, resealed, run, verdict};

const ORDERS: &str = "order_id,date,total,currency\nA-1,2026-02-01,12.00,USD\n";
const LINES: &str = "order_id,date,amount,fee,net,currency\nA-1,2026-02-01,12.00,-0.50,11.50,USD\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x06\0\0\0";
const WORKBOOK: &[u8] = b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0[Content_Types].xml";

fn orders(name: &str, bytes: impl Into<Vec<u8>>) -> Source {
    Source::new(name, Side::Orders, bytes)
}

fn lines(bytes: impl Into<Vec<u8>>) -> Source {
    Source::new("lines.csv", Side::Settlement, bytes)
}

/// The error of files that cannot be used.
fn refused(settings: &Settings, sources: &[Source]) -> Error {
    match run(settings, sources) {
        Err(error) => error,
        Ok(run) => panic!("not refused: {:?}", run.sources),
    }
}

/// A message holds all of these; the last is what to do.
fn assert_says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "“{part}” is not in: {message}");
    }
}

#[test]
fn files_that_are_no_tables_are_refused() {
    let table: [(&str, &[u8], &[&str]); 7] = [
        ("empty.csv", b"", &["empty.csv: ", "is empty", "export it again, or leave it out"]),
        ("blank.csv", b"\n \n\n", &["blank.csv: ", "is empty", "export it again"]),
        ("photo.csv", PNG, &["photo.csv: ", "a PNG picture", "add the table that it belongs to"]),
        ("book.csv", WORKBOOK, &["book.csv: ", "Excel workbook", "save it as CSV UTF-8"]),
        ("cut.json", b"{\"data\":[{\"id\":1,", &["cut.json:1:", "not valid JSON", "export the file again"]),
        (
            "unknown.csv",
            b"when,what\n1,2\n",
            &["unknown.csv:1: ", "found: when, what", "--columns 'unknown.csv: "],
        ),
        (
            "mfs.csv",
            b"transaction_id,transaction_reference,currency,amount_received,fee_deduction,net_amount\nT,A-1,KES,1.00,0.00,1.00\n",
            &["mfs.csv: ", "a file of the side settlement", "give it as settlement"],
        ),
    ];
    for (name, bytes, parts) in table {
        let error = refused(&Settings::default(), &[orders(name, bytes), lines(LINES)]);
        assert_says(&error.to_string(), parts);
        assert!(!error.remedy().is_empty(), "{error}");
    }
}

#[test]
fn what_was_said_about_a_file_must_fit_it() {
    let mut wrong_name = lines(LINES);
    wrong_name.profile = Some("mfs-afrika-settlement".to_owned());
    let mut wrong_profile = lines(LINES);
    wrong_profile.profile = Some("wechat-trade-bill".to_owned());
    let with_columns = |columns: &str| {
        let mut source = lines(LINES);
        source.columns = Some(columns.to_owned());
        source
    };
    let table: [(Source, &[&str]); 6] = [
        (wrong_name, &["no profile \"mfs-afrika-settlement\"", "use mfs-africa-settlement"]),
        (
            wrong_profile,
            &[
                "lines.csv:1: ",
                "no columns of the profile wechat-trade-bill",
                "name the profile of the file",
            ],
        ),
        (
            with_columns("lines.csv: reference=order_no"),
            &["lines.csv:1: ", "no column \"order_no\"", "did you mean order_id?"],
        ),
        (
            with_columns("lines.csv: refrence=order_id"),
            &["column 12: ", "no field \"refrence\"", "did you mean reference"],
        ),
        (
            with_columns("lines.csv: amount=amount:cents"),
            &["no hint “cents”", "use one of major, minor, neg, abs"],
        ),
        (
            with_columns("reference=order_id"),
            &["the file's name is missing", "write --columns 'FILE: "],
        ),
    ];
    for (source, parts) in table {
        let error = refused(&Settings::default(), &[orders("orders.csv", ORDERS), source]);
        assert_says(&error.to_string(), parts);
    }
}

#[test]
fn terms_must_be_what_they_claim() {
    type Set = fn(&mut Settings, String);
    let contract: Set = |settings, text| settings.contract = Some(text);
    let rates: Set = |settings, text| settings.rates = Some(text);
    let rules: Set = |settings, text| settings.rules = Some(text);
    let as_of: Set = |settings, text| settings.as_of = Some(text);
    let zone: Set = |settings, text| settings.timezone = Some(text);
    let currency: Set = |settings, text| settings.currency = Some(text);
    let table: [(Set, &str, &[&str]); 9] = [
        (
            contract,
            "schema = 1\n[[fee]]\ncurrency = \"KES\"\npercent = 1.5\n",
            &["line 4, column 11: ", "`fee.percent`", "put quotes around the number"],
        ),
        (
            contract,
            "schema = 1\n[settlement]\ncycle = \"two days\"\n",
            &["line 3, column 9: ", "\"two days\"", "such as \"T+2\""],
        ),
        (
            contract,
            "schema = 2\n",
            &["line 1", "schema 2 is unknown", "this version reads `schema = 1`"],
        ),
        (
            rates,
            "date,base,quote,rate\n2026-02-31,KES,USD,0.0077\n",
            &["line 2, column date: ", "“2026-02-31” is no date", "write it as 2026-02-03"],
        ),
        (rates, "day,base,quote,rate\n", &["no column “date”"]),
        (
            rules,
            "[tolerance]\npercnt = \"1\"\n",
            &["line 2: ", "percnt", "absolute, percent, combine"],
        ),
        (as_of, "31/02/2026", &["31/02/2026 is no date", "YYYY-MM-DD"]),
        (zone, "Mars/Base", &["no time zone Mars/Base", "such as Asia/Shanghai"]),
        (currency, "KSH", &["KSH is no ISO 4217 currency", "such as KES"]),
    ];
    for (set, text, parts) in table {
        let mut settings = Settings::default();
        set(&mut settings, text.to_owned());
        let error = refused(&settings, &[orders("orders.csv", ORDERS), lines(LINES)]);
        assert_says(&error.to_string(), parts);
    }
}

/// The source of a document, and that every row of it is in one place.
fn source<'d>(document: &'d Value, file: &str) -> &'d Value {
    let sources = document["sources"].as_array().unwrap();
    let source = sources.iter().find(|source| source["file"] == file).expect("a source");
    let rows = |place: &str| source["rows"][place].as_u64().unwrap();
    assert_eq!(rows("read"), rows("entries") + rows("structural") + rows("rejected"), "{source}");
    source
}

/// Good rows around bad ones, each bad row with what must be said about it.
const BAD_ROWS: [(&str, &[&str]); 8] = [
    ("A-2,2026-02-01", &["2 cells", "4 columns", "complete the row"]),
    ("A-3,2026-02-01,12.345,USD", &["column total", "12.345", "3 decimals", "correct the amount"]),
    ("A-4,2026-02-01,5.00,ZZZ", &["column currency", "ZZZ", "ISO 4217", "write its code"]),
    ("A-5,31/02/2026,5.00,USD", &["column date", "31/02/2026", "no day 31", "correct the cell"]),
    ("A-6,2026-02-01,twelve,USD", &["column total", "twelve", "not an amount", "correct the cell"]),
    ("A-7,2026-02-01,,USD", &["nothing says how much", "total is empty", "fill in the amount"]),
    ("A-8,2026-02-01,5.00,", &["column currency"]),
    ("A-9,2026-02-01,99999999999999999999999999999999999999,USD", &["column total"]),
];

/// The codes of these rows.
const CODES: [&str; 8] = [
    "UNPARSEABLE",
    "PRECISION_ERROR",
    "UNPARSEABLE",
    "BAD_DATE",
    "UNPARSEABLE",
    "UNPARSEABLE",
    "UNPARSEABLE",
    "UNPARSEABLE",
];

#[test]
fn a_bad_row_is_kept_and_the_others_are_reconciled() {
    for (bad, parts) in BAD_ROWS {
        let text = format!("{ORDERS}{bad}\nB-1,2026-02-02,7.00,USD\n");
        let sources = [orders("orders.csv", text), lines(LINES)];
        let run = run(&Settings::default(), &sources).unwrap_or_else(|e| panic!("{bad}: {e}"));
        let written = document(&run);
        assert_proven(&written, bad);
        let document = json(&written);
        let source = source(&document, "orders.csv");
        assert_eq!(source["rows"]["rejected"], 1, "{bad}");
        assert_eq!(source["rejected"][0]["row"], "orders.csv:3", "{bad}");
        assert_eq!(source["rejected"][0]["raw"], bad);
        assert_says(source["rejected"][0]["reason"].as_str().unwrap(), parts);
        // 12.00 + 7.00 ordered; 11.50 came for A-1.
        let usd = &document["summary"]["per_currency"][0];
        let figures = [&usd["expected"], &usd["received"], &usd["difference"]];
        assert_eq!(figures, ["19.00", "11.50", "-7.50"], "{bad}");
        assert_eq!(document["summary"]["counts"]["matched"], 2, "{bad}");
        assert!(!run.nothing_open(), "a rejected row is for a person to look at: {bad}");
    }
}

#[test]
fn all_bad_rows_together_lose_nothing() {
    let rows: Vec<&str> = BAD_ROWS.iter().map(|(row, _)| *row).collect();
    let text = format!("{ORDERS}{}\nB-1,2026-02-02,7.00,USD\n", rows.join("\n"));
    let run = run(&Settings::default(), &[orders("orders.csv", text), lines(LINES)]).unwrap();
    let written = document(&run);
    assert_proven(&written, "bad rows");
    let document = json(&written);
    let source = source(&document, "orders.csv");
    assert_eq!(source["rows"]["read"], 11);
    assert_eq!(source["rows"]["structural"], 1, "the header");
    assert_eq!(source["rows"]["entries"], 2);
    let raw: Vec<&str> =
        source["rejected"].as_array().unwrap().iter().map(|r| r["raw"].as_str().unwrap()).collect();
    assert_eq!(raw, rows, "each bad row as it stands in the file");
    let codes: Vec<&str> = elements(source, "rejected")
        .iter()
        .map(|rejected| rejected["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, CODES);
    let by_code = serde_json::json!({"BAD_DATE": 1, "PRECISION_ERROR": 1, "UNPARSEABLE": 6});
    assert_eq!(source["rejected_by_code"], by_code);
    assert_eq!(document["summary"]["counts"]["by_code"]["UNPARSEABLE"], 6);
    // The table has them behind the entries, and a wrong code is found.
    let table = CsvExport::new(&run).next_chunk(100).unwrap();
    let table = String::from_utf8(table).unwrap();
    let line = table.lines().find(|line| line.starts_with("orders.csv:6,")).expect("a line");
    assert_says(line, &["rejected", "BAD_DATE", "no day 31", "日期无效"]);
    assert_eq!(table.lines().count(), 1 + 3 + 8, "{table}");
    for (one, other) in [("BAD_DATE", "UNPARSEABLE"), ("PRECISION_ERROR", "BAD_DATE")] {
        let stated = format!("\"code\":\"{one}\"");
        let forged = written.replace(&stated, &format!("\"code\":\"{other}\""));
        let verdict = verdict(&resealed(&forged));
        assert!(verdict.findings().any(|(_, finding)| finding.what.contains("rejected row")));
    }
}

#[test]
fn bad_rows_that_are_not_kept_are_counted_by_code_all_the_same() {
    let kept = limits::REJECTED_KEPT;
    let dates = "A-2,2026-02-30,5.00,USD\n".repeat(kept + 5);
    let text = format!("{ORDERS}{dates}{}", "A-3,2026-02-01,5.005,USD\n".repeat(3));
    let run = run(&Settings::default(), &[orders("orders.csv", text), lines(LINES)]).unwrap();
    let written = document(&run);
    assert_proven(&written, "many bad rows");
    let document = json(&written);
    let source = source(&document, "orders.csv");
    assert_eq!(elements(source, "rejected").len(), kept);
    let by_code = serde_json::json!({"BAD_DATE": kept + 5, "PRECISION_ERROR": 3});
    assert_eq!(source["rejected_by_code"], by_code);
    assert_eq!(document["summary"]["counts"]["by_code"], by_code);
}

#[test]
fn a_bad_line_of_a_provider_is_kept_too() {
    let mfs = "transaction_id,transaction_reference,type,status,currency,amount_received,fee_deduction,settlement_currency,fx_rate,net_amount,created_at\n\
        T1,A-1,payment,SUCCESSFUL,USD,12.00,0.50,USD,1,11.50,2026-02-01T08:00:00Z\n\
        T2,A-2,payment,SUCCESSFUL,USD,1.234,0.00,USD,1,1.23,2026-02-01T08:00:00Z\n\
        T3,A-3,payment,SUCCESSFUL,UGX,100.50,0,UGX,1,100,2026-02-01T08:00:00Z\n\
        T4,A-4,payment,SUCCESSFUL,USD,1.00,0.00,USD,1,1.00,2026-02-30T08:00:00Z\n";
    let sources = [orders("orders.csv", ORDERS), Source::new("mfs.csv", Side::Settlement, mfs)];
    let written = document(&run(&Settings::default(), &sources).unwrap());
    assert_proven(&written, "mfs.csv");
    let document = json(&written);
    let source = source(&document, "mfs.csv");
    assert_eq!(source["profile"], "mfs-africa-settlement");
    let reasons: Vec<String> = source["rejected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rejected| format!("{}: {}", rejected["row"], rejected["reason"]))
        .collect();
    assert_eq!(reasons.len(), 3, "{reasons:#?}");
    assert_says(&reasons[0], &["mfs.csv:3", "column amount_received", "1.234", "3 decimals"]);
    assert_says(&reasons[1], &["mfs.csv:4", "column amount_received", "100.50"]);
    assert_says(&reasons[2], &["mfs.csv:5", "column created_at", "2026-02-30"]);
}

#[test]
fn a_header_without_rows_is_a_file_with_nothing_in_it() {
    let header = "order_id,date,amount,fee,net,currency\n";
    let sources = [orders("orders.csv", ORDERS), lines(header)];
    let written = document(&run(&Settings::default(), &sources).unwrap());
    assert_proven(&written, "a header");
    let document = json(&written);
    let source = source(&document, "lines.csv");
    assert_eq!(source["rows"]["structural"], 1);
    let said: Vec<&str> = source["assumptions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|assumption| assumption["why"].as_str().unwrap())
        .collect();
    assert_says(&said.join("\n"), &["no row under it", "export the file again"]);
    assert_eq!(document["exceptions"][0]["code"], "MISSING_IN_SETTLEMENT");
}

#[cfg(feature = "cli")]
mod command {
    //! The same through the command: the message on standard error, and the exit status.

    use super::*;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Output};

    fn folder(name: &str) -> PathBuf {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bad_input").join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("orders.csv"), ORDERS).unwrap();
        std::fs::write(folder.join("lines.csv"), LINES).unwrap();
        folder
    }

    /// Runs `crossfoot reconcile` in a folder.
    fn reconcile(folder: &Path, arguments: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crossfoot"));
        command.arg("reconcile").args(arguments.split(' ')).current_dir(folder);
        command.output().expect("the command runs")
    }

    fn assert_refused(folder: &Path, arguments: &str, parts: &[&str]) {
        let output = reconcile(folder, arguments);
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments}: {message}");
        assert!(message.starts_with("error: "), "{arguments}: {message}");
        assert!(output.stdout.is_empty(), "{arguments}: no half answer");
        assert_says(&message, parts);
    }

    #[test]
    fn unusable_files_end_with_status_2() {
        let folder = folder("files");
        let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
        write("empty.csv", b"");
        write("photo.csv", PNG);
        write("book.csv", WORKBOOK);
        write("unknown.csv", b"when,what\n1,2\n");
        write("copy.csv", ORDERS.as_bytes());
        for (file, parts) in [
            ("empty.csv", ["empty.csv: ", "is empty"]),
            ("photo.csv", ["photo.csv: ", "a PNG picture"]),
            ("book.csv", ["book.csv: the archive is damaged", "download it again"]),
            ("unknown.csv", ["unknown.csv:1: ", "--columns"]),
            ("missing.csv", ["missing.csv cannot be read", "check that the path is right"]),
            (
                "orders.csv orders.csv",
                ["orders.csv: it is the same file as orders.csv", "once only"],
            ),
            ("orders.csv copy.csv", ["copy.csv: it is the same file as orders.csv", "once only"]),
        ] {
            assert_refused(&folder, &format!("--orders {file} --settlement lines.csv"), &parts);
        }
        // Nor may a file be what was expected and what was received.
        let parts = ["copy.csv: it is the same file as orders.csv", "once only"];
        let both = "--orders orders.csv --settlement copy.csv";
        assert_refused(&folder, both, &parts);
    }

    #[test]
    fn unusable_arguments_end_with_status_2() {
        let folder = folder("arguments");
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
        write("fees.toml", "schema = 1\n[[fee]]\ncurrency = \"KES\"\npercent = 1.5\n");
        write("fx.csv", "date,base,quote,rate\n2026-02-31,KES,USD,0.0077\n");
        write("rules.toml", "[tolerance]\npercnt = \"1\"\n");
        for (arguments, parts) in [
            ("--profile lines.csv=no-such", ["lines.csv: there is no profile", "use "]),
            (
                "--profile other.csv=shopify-orders",
                ["other.csv, which is not read", "as it stands"],
            ),
            ("--profile lines.csv", ["has no =", "FILE=NAME"]),
            ("--columns lines.csv:refrence=order_id", ["no field \"refrence\"", "did you mean"]),
            ("--columns lines.csv:reference=order_no", ["no column \"order_no\"", "did you mean"]),
            ("--contract fees.toml", ["fees.toml:4:11: ", "put quotes around"]),
            ("--contract none.toml", ["none.toml cannot be read", "check that the path is right"]),
            ("--rates fx.csv", ["fx.csv:2:date: ", "write it as"]),
            ("--rules rules.toml", ["rules.toml:2: ", "absolute, percent, combine"]),
            ("--as-of 31/02/2026", ["31/02/2026 is no date", "YYYY-MM-DD"]),
            ("--timezone Mars/Base", ["no time zone Mars/Base", "such as"]),
            ("--currency KSH", ["KSH is no ISO 4217 currency", "such as KES"]),
            ("--out result.txt", ["result.txt has an unknown ending", "end it in .json"]),
        ] {
            let all = format!("--orders orders.csv --settlement lines.csv {arguments}");
            assert_refused(&folder, &all, &parts);
        }
    }

    #[test]
    fn bad_rows_are_shown_with_their_line_and_leave_status_1() {
        let folder = folder("rows");
        let rows: Vec<&str> = BAD_ROWS.iter().map(|(row, _)| *row).collect();
        std::fs::write(folder.join("orders.csv"), format!("{ORDERS}{}\n", rows.join("\n")))
            .unwrap();
        let output = reconcile(&folder, "--orders orders.csv --settlement lines.csv");
        let summary = String::from_utf8_lossy(&output.stdout);
        // All that can be read is matched; the rejected rows keep the status from being 0.
        assert_eq!(output.status.code(), Some(1), "{summary}");
        assert_says(&summary, &["10 rows read = 1 entries + 1 structural + 8 rejected"]);
        for (index, (_, parts)) in BAD_ROWS.iter().enumerate() {
            let place = format!("orders.csv:{}: ", index + 3);
            let line = summary.lines().find(|line| line.contains(&place)).expect("a line");
            assert_says(line, parts);
        }
    }
}
