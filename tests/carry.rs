//! What a run leaves to the next one: January is reconciled, its carry-forward file is taken up by
//! February, and both together say what one run over both would say.

#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crossfoot::engine::Settings;
use crossfoot::entry::Side;
use rust_decimal::Decimal;
use serde_json::Value;
use support::{Source, assert_proven, carry, document, elements, json, month, run, sha256};

const PROGRAM: &str = env!("CARGO_BIN_EXE_crossfoot");

/// A new empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("carry").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs a line of arguments in a folder: the exit status, and what was said.
fn crossfoot(folder: &Path, line: &str) -> (i32, String) {
    let arguments = line.split_whitespace();
    let run = Command::new(PROGRAM).args(arguments).current_dir(folder).output();
    let Output { status, stdout, stderr } = run.expect("the command runs");
    let text = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (status.code().expect("an exit status"), text)
}

const JANUARY: [(&str, &str); 2] = [
    (
        "jan-orders.csv",
        "Order ID,Total,Date,Currency\n\
         KE-1,1500.00,2026-01-10 10:00:00,KES\n\
         KE-2,700.00,2026-01-31 10:00:00,KES\n\
         KE-3,300.00,2026-01-20 10:00:00,KES\n",
    ),
    (
        "jan-mfs.csv",
        "Transaction ID,Type,Order ID,Amount,Fee,Date,Currency\n\
         T1,charge,KE-1,1500.00,0.00,2026-01-10 10:01:00,KES\n\
         T9,charge,KE-9,90.00,0.00,2026-01-11 10:01:00,KES\n\
         T3,charge,KE-3,300.00,0.00,2026-01-20 10:01:00,KES\n",
    ),
];

/// KE-2 is paid late, KE-1 again, KE-3 and T3 stand in both exports, KE-9 arrives at last.
const FEBRUARY: [(&str, &str); 2] = [
    (
        "feb-orders.csv",
        "Order ID,Total,Date,Currency\n\
         KE-3,300.00,2026-01-20 10:00:00,KES\n\
         KE-9,90.00,2026-01-11 10:00:00,KES\n\
         KE-5,50.00,2026-02-03 10:00:00,KES\n",
    ),
    (
        "feb-mfs.csv",
        "Transaction ID,Type,Order ID,Amount,Fee,Date,Currency\n\
         T3,charge,KE-3,300.00,0.00,2026-01-20 10:01:00,KES\n\
         T2,charge,KE-2,700.00,0.00,2026-02-01 10:01:00,KES\n\
         T8,charge,KE-1,1500.00,0.00,2026-02-02 10:01:00,KES\n\
         T5,charge,KE-5,50.00,0.00,2026-02-03 10:01:00,KES\n",
    ),
];

const IN_JANUARY: &str = "reconcile --orders jan-orders.csv --settlement jan-mfs.csv";
const IN_FEBRUARY: &str = "reconcile --orders feb-orders.csv --settlement feb-mfs.csv";

/// A folder with the files of both months and `jan.crossfoot`.
fn january(name: &str) -> PathBuf {
    let folder = folder(name);
    for (file, text) in JANUARY.iter().chain(&FEBRUARY) {
        std::fs::write(folder.join(file), text).unwrap();
    }
    let line = format!("{IN_JANUARY} --as-of 2026-01-31 --out jan.crossfoot");
    let (status, said) = crossfoot(&folder, &line);
    assert_eq!(status, 1, "two rows are open: {said}");
    folder
}

/// The entries of a document: their row, and where each ended.
fn ends(document: &Value) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let entries = elements(document, "entries").iter();
    entries
        .map(|entry| {
            let reason = text(&entry["reason"]);
            (text(&entry["row"]), format!("{} {reason}", text(&entry["disposition"])))
        })
        .map(|(row, end)| (row, end.trim().to_owned()))
        .collect()
}

#[test]
fn february_takes_up_what_january_left() {
    let folder = january("two-months");
    let line = format!("{IN_FEBRUARY} --as-of 2026-02-28 --carry jan.crossfoot --out feb.json");
    let (status, said) = crossfoot(&folder, &line);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("Proof: holds."), "{said}");
    assert!(said.contains("carried forward from 2026-01-31"), "{said}");
    let text = std::fs::read_to_string(folder.join("feb.json")).unwrap();
    assert_proven(&text, "February");
    let document = json(&text);
    let expected = [
        ("feb-mfs.csv:2", "closed_before"),
        ("feb-mfs.csv:3", "matched"),
        ("feb-mfs.csv:4", "open"),
        ("feb-mfs.csv:5", "matched"),
        ("feb-orders.csv:2", "closed_before"),
        ("feb-orders.csv:3", "matched"),
        ("feb-orders.csv:4", "matched"),
        ("jan.crossfoot#orders:2", "matched"),
        ("jan.crossfoot#settlement:3", "matched"),
    ];
    let expected = expected.map(|(row, end)| (row.to_owned(), end.to_owned()));
    assert_eq!(ends(&document), expected.into_iter().collect());
    let [only] = elements(&document, "exceptions") else { panic!("one exception: {text}") };
    assert_eq!(only["code"], "DOUBLE_CLAIM");
    assert_eq!(only["amount"], "1500.00");
    assert_eq!(only["earlier"]["row"], "jan-orders.csv:2");
    assert_eq!(only["earlier"]["closed_on"], "2026-01-31");
    for words in ["en", "zh-Hans"] {
        let words = only["explanation"][words].as_str().unwrap();
        assert!(words.contains("jan-orders.csv:2") && words.contains("2026-01-31"), "{words}");
    }

    let files = "--orders feb-orders.csv --settlement feb-mfs.csv --as-of 2026-02-28";
    let line = format!("verify feb.json {files} --carry jan.crossfoot");
    let (status, said) = crossfoot(&folder, &line);
    assert_eq!(status, 0, "{said}");
    let (status, said) = crossfoot(&folder, &format!("verify feb.json {files}"));
    assert_eq!(status, 3, "without what was carried it cannot be made again: {said}");
}

#[test]
fn what_is_closed_stays_closed_in_every_later_month() {
    let folder = january("three-months");
    let line = format!("{IN_FEBRUARY} --as-of 2026-02-28 --carry jan.crossfoot --out feb");
    assert_eq!(crossfoot(&folder, &line).0, 1);
    let february = std::fs::read_to_string(folder.join("feb/carry.crossfoot")).unwrap();
    let head = json(february.lines().next().unwrap());
    let january = std::fs::read(folder.join("jan.crossfoot")).unwrap();
    assert_eq!(head["previous"]["sha256"], sha256(&january));
    assert_eq!(head["previous"]["as_of"], "2026-01-31");
    assert_eq!((&head["open"], &head["closed"]), (&Value::from(1), &Value::from(4 + 6)));

    // March has January's order and line again, and its line under a number of its own.
    std::fs::write(folder.join("mar-orders.csv"), JANUARY[0].1).unwrap();
    let again = JANUARY[1].1.replace("T1,charge,KE-1", "T7,charge,KE-1");
    std::fs::write(folder.join("mar-mfs.csv"), again).unwrap();
    let line = "reconcile --orders mar-orders.csv --settlement mar-mfs.csv --as-of 2026-03-31 \
                --carry feb/carry.crossfoot --out mar.json";
    let (status, said) = crossfoot(&folder, line);
    assert_eq!(status, 1, "{said}");
    let document = json(&std::fs::read_to_string(folder.join("mar.json")).unwrap());
    let open: Vec<&str> = elements(&document, "exceptions")
        .iter()
        .map(|exception| {
            assert_eq!(exception["code"], "DOUBLE_CLAIM", "{exception}");
            exception["rows"][0].as_str().unwrap()
        })
        .collect();
    assert_eq!(open, ["mar-mfs.csv:2", "carry.crossfoot#settlement:2"]);
    let closed = ends(&document).values().filter(|end| *end == "closed_before").count();
    assert_eq!(closed, 3 + 2, "all orders of January, and its other two lines");
}

/// What changes a text.
type Change = fn(&str) -> String;

#[test]
fn a_file_that_no_run_wrote_so_is_refused() {
    let folder = january("refused");
    let whole = std::fs::read_to_string(folder.join("jan.crossfoot")).unwrap();
    let cases: [(&str, Change, &str); 9] = [
        ("an amount", |text| text.replacen("700.00", "701.00", 1), "its seal is broken"),
        ("cut off", |text| text[..text.len() - 1].to_owned(), "is cut off"),
        (
            "a line is gone",
            |text| {
                let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
                lines.remove(2);
                lines.concat()
            },
            "its seal is broken",
        ),
        (
            "the seal is gone",
            |text| {
                let end = text.trim_end().rfind('\n').unwrap();
                text[..=end].to_owned()
            },
            "is cut off",
        ),
        (
            "sealed again",
            |text| resealed(&text.replacen("700.00", "701.00", 1)),
            "crossfoot:2: no run writes",
        ),
        (
            "a row too few",
            |text| resealed(&text.replacen("\"open\":2", "\"open\":3", 1)),
            "crossfoot:1: no run writes",
        ),
        (
            "another schema",
            |text| resealed(&text.replacen("\"schema\":1", "\"schema\":2", 1)),
            "its schema is 2",
        ),
        ("a result", |_| "{\"schema\":1,\"engine\":{}}\n".to_owned(), "no carry-forward file"),
        ("a table", |_| JANUARY[0].1.to_owned(), "no carry-forward file"),
    ];
    for (what, change, expected) in cases {
        std::fs::write(folder.join("bad.crossfoot"), change(&whole)).unwrap();
        let line = format!("{IN_FEBRUARY} --as-of 2026-02-28 --carry bad.crossfoot");
        let (status, said) = crossfoot(&folder, &line);
        assert_eq!(status, 2, "{what}: {said}");
        assert!(said.contains(expected) && said.contains("bad.crossfoot"), "{what}: {said}");
        assert!(!said.contains("Proof"), "{what}: {said}");
    }
    for (as_of, expected) in [
        ("--as-of 2026-01-31", "it is as of 2026-01-31, and this run is as of 2026-01-31"),
        ("--as-of 2025-12-31", "and this run is as of 2025-12-31"),
    ] {
        let line = format!("{IN_FEBRUARY} {as_of} --carry jan.crossfoot");
        let (status, said) = crossfoot(&folder, &line);
        assert_eq!(status, 2, "{said}");
        assert!(said.contains(expected), "{said}");
    }
    // Without a date the files say which day it is: the same month again is not a later one.
    let line = format!("{IN_JANUARY} --as-of 2026-02-01 --out feb.crossfoot");
    assert_eq!(crossfoot(&folder, &line).0, 1);
    let (status, said) = crossfoot(&folder, &format!("{IN_JANUARY} --carry feb.crossfoot"));
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("it is as of 2026-02-01, and this run is as of 2026-02-01"), "{said}");
}

/// A file whose seal was made anew.
fn resealed(text: &str) -> String {
    let end = text.trim_end().rfind('\n').unwrap() + 1;
    let sealed = &text[..end];
    format!("{sealed}{{\"sha256\":\"{}\"}}\n", sha256(sealed.as_bytes()))
}

/// The rows of a file, further rows of an order with its first.
fn records(text: &str) -> (&str, Vec<String>) {
    let (header, rows) = text.split_once('\n').unwrap();
    let shop = header.starts_with("Name,Email,Financial Status,");
    let mut records: Vec<String> = Vec::new();
    for row in rows.lines() {
        let continues = shop && row.split(',').nth(2) == Some("");
        match records.last_mut().filter(|_| continues) {
            Some(record) => record.push_str(&format!("{row}\n")),
            None => records.push(format!("{row}\n")),
        }
    }
    (header, records)
}

/// The files of a month in two parts that have some records in common.
fn in_two(sources: &[Source], overlap: usize) -> [Vec<Source>; 2] {
    let part = |source: &Source, later: bool| {
        let text = String::from_utf8(source.bytes.clone()).unwrap();
        let (header, records) = records(&text);
        let cut = records.len() / 2;
        let part = match later {
            true => &records[cut.saturating_sub(overlap)..],
            false => &records[..cut],
        };
        let name = if later { "later" } else { "first" };
        let file = format!("{header}\n{}", part.concat());
        Source::new(&format!("{name}-{}", source.name), source.side, file)
    };
    [false, true].map(|later| sources.iter().map(|source| part(source, later)).collect())
}

/// Expected and received of each currency.
fn sums(document: &Value) -> BTreeMap<String, [Decimal; 2]> {
    let summaries = elements(&document["summary"], "per_currency").iter();
    let number = |value: &Value| value.as_str().unwrap().parse::<Decimal>().unwrap();
    summaries
        .map(|one| {
            let both = [number(&one["expected"]), number(&one["received"])];
            (one["currency"].as_str().unwrap().to_owned(), both)
        })
        .collect()
}

/// What the first run counts, and the second again, since it was left open.
fn left_open(document: &Value) -> BTreeMap<String, [Decimal; 2]> {
    let mut sums: BTreeMap<String, [Decimal; 2]> = BTreeMap::new();
    for entry in elements(document, "entries").iter().filter(|one| one["disposition"] == "open") {
        let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        let number = |key: &str| text(key).parse::<Decimal>().unwrap();
        let net_currency =
            if text("net_currency").is_empty() { "currency" } else { "net_currency" };
        match text("side").as_str() {
            "orders" => sums.entry(text("currency")).or_default()[0] += number("amount"),
            "settlement" => sums.entry(text(net_currency)).or_default()[1] += number("net"),
            _ => {}
        }
    }
    sums
}

#[test]
fn two_runs_say_what_one_run_over_both_months_says() {
    let mut carried_and_matched = 0;
    for seed in 0..24 {
        let month = month(seed, 90);
        let one = json(&document(&run(&month.settings, &month.sources).unwrap()));
        let first_half =
            Settings { as_of: Some("2026-02-17".to_owned()), ..month.settings.clone() };
        for overlap in [0, 12] {
            let what = format!("seed {seed}, {overlap} records in both");
            let [first, later] = in_two(&month.sources, overlap);
            let before = run(&first_half, &first).unwrap();
            let file = carry(&before);
            let before = document(&before);
            assert_proven(&before, &what);
            let settings = Settings {
                carry: Some(file.clone()),
                carry_name: Some("first.crossfoot".to_owned()),
                ..month.settings.clone()
            };
            let after = run(&settings, &later).unwrap();
            let next = carry(&after);
            let after = document(&after);
            assert_proven(&after, &what);
            let (before, after) = (json(&before), json(&after));
            every_row_ends_once((&before, &file), (&after, &next), &what);
            if overlap == 0 {
                let both = elements(&before, "entries").len() + elements(&after, "entries").len();
                let twice = count(&file, "open");
                assert_eq!(both - twice, elements(&one, "entries").len(), "{what}");
            }
            let mut two = sums(&before);
            for (currency, [expected, received]) in sums(&after) {
                let sums = two.entry(currency).or_default();
                sums[0] += expected;
                sums[1] += received;
            }
            for (currency, [expected, received]) in left_open(&before) {
                let sums = two.entry(currency).or_default();
                sums[0] -= expected;
                sums[1] -= received;
            }
            assert_eq!(two, sums(&one), "{what}");
            let matched = ends(&after)
                .into_iter()
                .filter(|(row, end)| row.starts_with("first.crossfoot#") && end == "matched");
            carried_and_matched += matched.count();
        }
    }
    assert!(carried_and_matched > 100, "{carried_and_matched} carried rows found their partner");
}

/// A number of the first line.
fn count(file: &str, key: &str) -> usize {
    let head = json(file.lines().next().unwrap());
    usize::try_from(head[key].as_u64().unwrap()).unwrap()
}

/// Every row of the first run is closed, carried, or moved no money; every carried one ends in the
/// second, and no row is closed twice.
fn every_row_ends_once((before, file): (&Value, &str), (after, next): (&Value, &str), what: &str) {
    let before = ends(before);
    let nothing = ["excluded failed", "excluded pending", "excluded authorisation"];
    let moved_nothing = before.values().filter(|end| nothing.contains(&end.as_str())).count();
    let (open, closed) = (count(file, "open"), count(file, "closed"));
    assert!(open + closed <= before.len(), "{what}");
    assert!(open + closed + moved_nothing >= before.len(), "{what}");
    let after = ends(after);
    let carried = after.keys().filter(|row| row.starts_with("first.crossfoot#")).count();
    assert_eq!(carried, open, "{what}");
    let lines: Vec<Value> =
        next.lines().map(json).filter(|line| line["closed"].is_string()).collect();
    let of_first = file.lines().filter(|line| line.starts_with("{\"closed\"")).count();
    let new = after.values().filter(|end| {
        matches!(
            end.as_str(),
            "matched" | "excluded provider_fee" | "excluded own_balance" | "excluded payout"
        )
    });
    assert_eq!(lines.len(), of_first + new.count(), "{what}");
}

#[test]
fn equal_rows_are_counted_and_not_told_apart() {
    let settings = |as_of: &str| Settings { as_of: Some(as_of.to_owned()), ..Settings::default() };
    let lines = |name: &str, rows: usize| {
        let row = "T1,charge,KE-1,10.00,0.00,2026-01-10 10:01:00,KES\n";
        let head = "Transaction ID,Type,Order ID,Amount,Fee,Date,Currency\n";
        Source::new(name, Side::Settlement, format!("{head}{}", row.repeat(rows)))
    };
    let order = "Order ID,Total,Date,Currency\nKE-1,10.00,2026-01-10 10:00:00,KES\n";
    let orders = || Source::new("jan-orders.csv", Side::Orders, order);
    // January: three equal lines, of which one is closed. February has so many of them.
    let january = run(&settings("2026-01-31"), &[orders(), lines("jan.csv", 3)]).unwrap();
    let file = carry(&january);
    for (rows, closed, repeated, open) in
        [(0, 0, 0, 2), (1, 1, 0, 2), (2, 1, 1, 2), (3, 1, 2, 2), (4, 1, 2, 3)]
    {
        let terms = Settings { carry: Some(file.clone()), ..settings("2026-02-28") };
        let text = document(&run(&terms, &[lines("feb.csv", rows), orders()]).unwrap());
        assert_proven(&text, "equal rows");
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (row, end) in ends(&json(&text)) {
            if !row.starts_with("jan-orders") {
                *counts.entry(end).or_default() += 1;
            }
        }
        let expected = [("closed_before", closed), ("excluded repeated", repeated), ("open", open)];
        let expected = expected.into_iter().filter(|(_, count)| *count > 0);
        let expected = expected.map(|(end, count)| (end.to_owned(), count)).collect();
        assert_eq!(counts, expected, "{rows} lines in February");
    }
}

/// A month of a shop and its payments.
fn shop(name: &str, scope: &str, rows: [&str; 2]) -> [Source; 2] {
    let orders = format!("Order ID,Total,Date,Currency\n{}", rows[0]);
    let lines = format!("Transaction ID,Type,Order ID,Amount,Fee,Date,Currency\n{}", rows[1]);
    [
        Source::new(&format!("{name}-orders.csv"), Side::Orders, orders).of(scope),
        Source::new(&format!("{name}-lines.csv"), Side::Settlement, lines).of(scope),
    ]
}

fn as_of(date: &str) -> Settings {
    Settings { as_of: Some(date.to_owned()), ..Settings::default() }
}

/// The codes of a document, and their rows.
fn codes(document: &Value) -> Vec<String> {
    let said = |one: &Value| {
        format!("{} {}", one["code"].as_str().unwrap(), one["rows"][0].as_str().unwrap())
    };
    elements(document, "exceptions").iter().map(said).collect()
}

#[test]
fn a_number_was_closed_in_its_own_shop() {
    let row = |shop: &str| format!("T-{shop},charge,1001,10.00,0.00,2026-01-10 10:01:00,USD\n");
    let order = "1001,10.00,2026-01-10 10:00:00,USD\n";
    let january = shop("jan", "north", [order, &row("a")]);
    let file = carry(&run(&as_of("2026-01-31"), &january).unwrap());
    for (scope, expected) in [
        ("north", vec!["DOUBLE_CLAIM feb-lines.csv:2", "MISSING_IN_ORDERS feb-lines.csv:3"]),
        ("south", vec!["MISSING_IN_ORDERS feb-lines.csv:2", "MISSING_IN_ORDERS feb-lines.csv:3"]),
    ] {
        let lines = "T-b,charge,1001,10.00,0.00,2026-02-10 10:01:00,USD\n\
                     T-c,charge,1002,5.00,0.00,2026-02-11 10:01:00,USD\n";
        let order = "1003,7.00,2026-02-10 10:00:00,USD\n";
        let paid = "T-d,charge,1003,7.00,0.00,2026-02-12 10:01:00,USD\n";
        let february = shop("feb", scope, [order, &format!("{lines}{paid}")]);
        let terms = Settings { carry: Some(file.clone()), ..as_of("2026-02-28") };
        let text = document(&run(&terms, &february).unwrap());
        assert_proven(&text, scope);
        assert_eq!(codes(&json(&text)), expected, "{scope}");
    }
}

#[test]
fn a_payout_of_january_arrives_in_february() {
    let head = "Transaction ID,Type,Order ID,Amount,Fee,Date,Currency,Payout ID\n";
    let order = "KE-1,1500.00,2026-01-30 10:00:00,KES\n";
    let lines = format!(
        "{head}T1,charge,KE-1,1500.00,0.00,2026-01-30 10:01:00,KES,PO-7\n\
         PO-7,payout,,-1500.00,0.00,2026-01-31 10:00:00,KES,PO-7\n"
    );
    let bank = |rows: &str| {
        let text = format!("Date,Description,Amount,Currency,Balance\n{rows}");
        Source::new("bank.csv", Side::Bank, text)
    };
    let [orders, _] = shop("jan", "", [order, ""]);
    let lines = Source::new("jan-lines.csv", Side::Settlement, lines);
    let files = [orders, lines, bank("2026-01-02,RENT,-10.00,KES,990.00\n")];
    let january = run(&as_of("2026-01-31"), &files).unwrap();
    let file = carry(&january);
    assert_eq!((count(&file, "open"), count(&file, "closed")), (2, 2), "{file}");
    let terms = Settings { carry: Some(file), ..as_of("2026-02-28") };
    let deposit = bank("2026-02-03,MFS PO-7 SETTLEMENT,1500.00,KES,2490.00\n");
    let text = document(&run(&terms, &[deposit]).unwrap());
    assert_proven(&text, "a deposit of February");
    let document = json(&text);
    let [found] = elements(&document, "matches") else { panic!("one match: {text}") };
    assert_eq!((&found["rule"], &found["bank"][0]), (&"M110".into(), &"bank.csv:2".into()));
    assert_eq!(codes(&document), ["MISSING_IN_SETTLEMENT carried#bank:3"], "the rent stays open");
}

#[test]
fn no_tier_is_told_by_the_open_lines_of_the_month_before() {
    let line = |id: &str, order: &str, [amount, fee, net]: [&str; 3], day: &str| {
        format!(
            "{id},{order},payment,SUCCESSFUL,M-Pesa,KE,KES,{amount},{amount},{fee},KES,1,{net},{day}T09:15:00Z,{day},\n"
        )
    };
    let file = |name: &str, rows: String| {
        let head = "transaction_id,transaction_reference,type,status,operator,country,currency,amount,amount_received,fee_deduction,settlement_currency,fx_rate,net_amount,created_at,settlement_date,payout_id\n";
        Source::new(name, Side::Settlement, format!("{head}{rows}"))
    };
    let contract = "schema = 1\n[[fee]]\ncurrency = \"KES\"\ntier_by = \"previous_month\"\n\
                    tiers = [ { up_to = 500, percent = 2 }, { percent = \"1.5\" } ]\n";
    let terms = |date: &str| Settings { contract: Some(contract.to_owned()), ..as_of(date) };
    // January came to 1100.00, of which 100.00 is for an order that nobody knows.
    let [orders, _] = shop("jan", "", ["KE-1,1000.00,2026-01-01 09:00:00,KES\n", ""]);
    let known = line("T1", "KE-1", ["1000.00", "20.00", "980.00"], "2026-01-01");
    let unknown = line("T9", "KE-9", ["100.00", "2.00", "98.00"], "2026-01-01");
    let january = run(&terms("2026-01-31"), &[orders, file("jan.csv", known + &unknown)]).unwrap();
    let carried = carry(&january);
    assert_eq!(count(&carried, "open"), 1, "{carried}");
    let [orders, _] = shop("feb", "", ["KE-2,1000.00,2026-02-01 09:00:00,KES\n", ""]);
    let paid = line("T2", "KE-2", ["1000.00", "15.00", "985.00"], "2026-02-01");
    let terms = Settings { carry: Some(carried), ..terms("2026-02-28") };
    let text = document(&run(&terms, &[orders, file("feb.csv", paid)]).unwrap());
    assert_proven(&text, "a month with tiers");
    assert_eq!(codes(&json(&text)), ["MISSING_IN_ORDERS carried#settlement:2"]);
}
