use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::Value;

use super::oracle::{Record, findings, half_up, records};
use super::*;

fn month(seed: u64, orders: u32) -> Files {
    generate(&Options { seed, orders })
}

/// (label, codes, counterparts) of every row.
fn truth(files: &Files) -> BTreeMap<String, (String, Vec<String>, Vec<String>)> {
    let truth: Value = serde_json::from_slice(&files.truth_json).expect("truth.json is JSON");
    assert_eq!(truth["as_of"].as_str(), Some(files.as_of.as_str()));
    let words = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    let rows = truth["rows"].as_object().unwrap().iter();
    rows.map(|(row, is)| {
        let label = is["label"].as_str().unwrap().to_owned();
        (row.clone(), (label, words(&is["codes"]), words(&is["match"])))
    })
    .collect()
}

/// Rows with a label, and rows with two, per thousand rows.
fn shares(files: &Files) -> (BTreeMap<String, usize>, usize) {
    let rows = truth(files);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut two = 0;
    for (label, _, _) in rows.values() {
        two += usize::from(label.contains(" + "));
        for one in label.split(" + ") {
            *counts.entry(one.to_owned()).or_default() += 1;
        }
    }
    counts.values_mut().for_each(|count| *count = *count * 1_000 / rows.len());
    (counts, two * 1_000 / rows.len())
}

const SIZES: [(u64, u32); 14] = [
    (1, 1),
    (2, 1),
    (3, 2),
    (4, 3),
    (5, 10),
    (6, 10),
    (7, 40),
    (8, 150),
    (9, 299),
    (10, 300),
    (1, 700),
    (7, 2_000),
    (8, 2_000),
    (u64::MAX, 2_000),
];

#[test]
fn the_files_say_what_the_truth_says() {
    for (seed, orders) in SIZES {
        let files = month(seed, orders);
        let (found, planted) = (findings(&files), truth(&files));
        assert!(found.keys().eq(planted.keys()), "rows of seed {seed}, {orders} orders");
        for (row, (label, codes, matched)) in &planted {
            let (found_codes, found_match) = &found[row];
            let place = format!("seed {seed}, {orders} orders, {row}: {label}");
            assert!(found_codes.iter().eq(codes), "{place}: {found_codes:?}, planted {codes:?}");
            assert!(
                found_match.iter().eq(matched),
                "{place}: {found_match:?}, planted {matched:?}"
            );
        }
    }
}

#[test]
fn every_label_is_on_one_row_in_a_hundred_and_two_labels_on_one_in_twenty() {
    for (seed, orders) in [(1, 2_000), (2, 2_000), (7, 2_000), (50, 2_000), (3, 300), (4, 301)] {
        let (counts, two) = shares(&month(seed, orders));
        assert_eq!(counts.len(), 25, "{:?}", counts.keys());
        for (label, per_mille) in counts {
            assert!(per_mille >= 10, "seed {seed}, {orders} orders, {label}: {per_mille} ‰");
        }
        assert!(two >= 50, "seed {seed}, {orders} orders: {two} ‰ with two labels");
    }
}

#[test]
fn a_fifth_of_the_orders_share_amount_currency_and_day() {
    for (seed, orders) in [(1, 300), (2, 2_000), (7, 2_000)] {
        let files = month(seed, orders);
        let mut groups: BTreeMap<[String; 3], BTreeSet<String>> = BTreeMap::new();
        for record in records(&files.orders_csv).iter().filter(|row| !row.get("Total").is_empty()) {
            let day = record.get("Created at").get(..10).unwrap();
            let key = [record.get("Total"), record.get("Currency"), day].map(str::to_owned);
            groups.entry(key).or_default().insert(record.get("Name").to_owned());
        }
        let all: usize = groups.values().map(BTreeSet::len).sum();
        let sharing: usize = groups.values().map(BTreeSet::len).filter(|count| *count > 1).sum();
        assert_eq!(all, orders as usize);
        assert!(sharing * 5 >= all, "seed {seed}: {sharing} of {all}");
        assert!(sharing * 4 <= all * 3, "seed {seed}: {sharing} of {all}");
    }
}

#[test]
fn references_contain_others() {
    let files = month(7, 2_000);
    let orders = records(&files.orders_csv);
    let numbers: BTreeSet<&str> = orders.iter().map(|row| row.get("Name")).collect();
    let longer =
        |number: &&&str| (0..10).any(|digit| numbers.contains(&*format!("{number}{digit}")));
    assert!(numbers.iter().filter(longer).count() >= 50);
    let lines = records(&files.settlement_csv);
    let unknown = |line: &&Record| {
        let reference = line.get("transaction_reference");
        !numbers.contains(reference) && numbers.iter().any(|number| reference.contains(number))
    };
    assert!(lines.iter().filter(unknown).count() >= 20);
}

#[test]
fn the_amounts_of_every_line_tie() {
    for (seed, orders) in SIZES {
        for line in records(&month(seed, orders).settlement_csv) {
            let before = line.amount("amount_received") - line.amount("fee_deduction");
            let net = half_up(before * line.amount("fx_rate"), line.get("settlement_currency"));
            assert_eq!(net, line.amount("net_amount"), "{}", line.get("transaction_id"));
            let silent = line.get("status") == "FAILED" || line.get("type") == "preauth";
            let positive = net > Decimal::ZERO || silent || line.get("type") == "fee";
            assert!(positive, "seed {seed}, line {}", line.line);
        }
    }
}

#[test]
fn payouts_are_the_sum_of_their_lines() {
    let mut unpaid = 0;
    for (seed, orders) in SIZES {
        let mut sums: BTreeMap<String, (Decimal, Decimal)> = BTreeMap::new();
        for line in records(&month(seed, orders).settlement_csv) {
            let net = line.amount("net_amount");
            let sum = sums.entry(line.get("payout_id").to_owned()).or_default();
            match line.get("type") {
                "payout" => sum.1 += net,
                "refund" | "reversal" | "chargeback" => sum.0 -= net,
                _ => sum.0 += net,
            }
        }
        unpaid += usize::from(sums.remove("").is_some_and(|sum| !sum.0.is_zero()));
        for (payout, (lines, paid)) in sums {
            assert_eq!(lines, paid, "seed {seed}, {orders} orders, {payout}");
            assert!(paid > Decimal::ZERO);
        }
    }
    assert!(unpaid <= SIZES.len() / 2, "most months are paid out completely: {unpaid}");
}

#[test]
fn nothing_happens_after_the_day_that_the_run_looks_at() {
    let files = month(7, 2_000);
    let as_of: NaiveDate = files.as_of.parse().unwrap();
    for line in records(&files.settlement_csv) {
        assert!(line.get("created_at") < "2026-02-28T16:00:00Z");
        if let Ok(settled) = line.get("settlement_date").parse::<NaiveDate>() {
            assert!(settled <= as_of);
        }
    }
}

#[test]
fn caps_minimums_and_both_directions_occur() {
    let files = month(7, 2_000);
    let lines = records(&files.settlement_csv);
    let count = |keep: &dyn Fn(&Record) -> bool| lines.iter().filter(|line| keep(line)).count();
    let fee = |currency: &'static str, fee: &'static str| {
        move |line: &Record| line.get("currency") == currency && line.get("fee_deduction") == fee
    };
    assert!(count(&fee("KES", "120.00")) > 20);
    assert!(count(&fee("NGN", "600.00")) > 20);
    assert!(count(&fee("UGX", "500")) > 20);
    assert!(count(&|line| line.get("amount") != line.get("amount_received")) > 50);
    let codes = truth(&files).into_values().flat_map(|(_, codes, _)| codes);
    let codes: BTreeSet<String> = codes.collect();
    assert_eq!(codes.len(), 14, "every code is planted: {codes:?}");
}

/// Otherwise an open line could be the payment of an open order, and the truth would be in doubt.
#[test]
fn no_open_line_has_the_amount_of_an_open_order() {
    let files = month(7, 2_000);
    let truth = truth(&files);
    let open = |row: &str, codes: &[&str]| {
        truth[row].1.iter().any(|code| codes.contains(&code.as_str())) || truth[row].0 == "not due"
    };
    let amounts = |file: &str, rows: &[u8], codes: &[&str], currency: &str, amount: &str| {
        let found = records(rows).into_iter().filter(|row| {
            !row.get(amount).is_empty() && open(&format!("{file}:{}", row.line), codes)
        });
        found.map(|row| (row.get(currency).to_owned(), row.amount(amount))).collect::<BTreeSet<_>>()
    };
    let missing = ["MISSING_IN_SETTLEMENT", "DUPLICATE_IN_ORDERS"];
    let surplus = ["MISSING_IN_ORDERS", "DUPLICATE_IN_SETTLEMENT"];
    let orders = amounts(ORDERS, &files.orders_csv, &missing, "Currency", "Total");
    let lines = amounts(SETTLEMENT, &files.settlement_csv, &surplus, "currency", "amount_received");
    assert!(orders.len() > 50 && lines.len() > 30, "{} {}", orders.len(), lines.len());
    assert!(orders.is_disjoint(&lines));
}

/// FNV-1a over all files.
fn fingerprint(files: &Files) -> u64 {
    let bytes = files
        .named()
        .into_iter()
        .flat_map(|(name, bytes)| name.bytes().chain(bytes.iter().copied()));
    bytes.fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

/// Whoever changes the sample month on purpose writes the new fingerprint here.
#[test]
fn a_seed_gives_the_same_bytes_everywhere() {
    assert_eq!(month(7, 60), month(7, 60));
    assert_ne!(month(7, 60), month(8, 60));
    assert_eq!(
        fingerprint(&month(7, 400)),
        0x9f42_1486_7177_21f9,
        "{:#x}",
        fingerprint(&month(7, 400))
    );
}

#[test]
fn the_command_is_one_that_a_shell_reads_back() {
    let tail = "--as-of 2026-02-28 --timezone Asia/Shanghai";
    let cases = [("d", "d/", ""), ("/data/it's/", "'/data/it'\\''s/", "'"), ("-x", "./-x/", "")];
    for (dir, path, quote) in cases {
        let file = |name: &str| format!("{path}{name}{quote}");
        let (orders, settlement) = (file("orders.csv"), file("mfs.csv"));
        let (contract, rates) = (file("fees.toml"), file("fx.csv"));
        assert_eq!(
            command(dir, "crossfoot"),
            format!(
                "crossfoot reconcile --orders {orders} --settlement {settlement} \
                 --contract {contract} --rates {rates} {tail}"
            )
        );
    }
}
