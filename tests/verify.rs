//! The verifier against a month that was written by hand: it holds, and every change is found.
//!
//! The checksums are made here, by code that shares nothing with the verifier, so that a tamperer
//! who recomputes all of them can be played.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use std::collections::BTreeMap;

use crossfoot::entry::{Kind, Part, Side, Status};
use crossfoot::money::{Amount, Currency};
use crossfoot::proof::verify::{CheckName, Verdict, Verifier, verify};
use crossfoot::time::Date;
use serde_json::Value;
use sha2::{Digest, Sha256};
use xxhash_rust::xxh3::xxh3_128;

/// A month with every disposition, two currencies and a conversion; checksums are `?`.
const MONTH: &str = include_str!("golden/proof/month.json");

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn check(document: &str) -> Verdict {
    verify(document.as_bytes()).expect("a slice can be read")
}

fn show(verdict: &Verdict) -> String {
    verdict.findings().map(|(check, f)| format!("{}: {f:?}\n", check.name())).collect()
}

/// The hash of what an entry says: every field with its number and length.
fn identity_hash(entry: &Value) -> u128 {
    let text = |name: &str| entry[name].as_str().unwrap_or("");
    let mut bytes = Vec::new();
    let mut add = |field: u8, value: &[u8]| {
        if !value.is_empty() {
            bytes.push(field);
            bytes.extend_from_slice(&u32::try_from(value.len()).unwrap().to_le_bytes());
            bytes.extend_from_slice(value);
        }
    };
    let currency = Currency::from_code(text("currency")).unwrap();
    let net_currency = Currency::from_code(text("net_currency")).unwrap_or(currency);
    let minor = |name: &str, currency: Currency| {
        let amount: rust_decimal::Decimal = text(name).parse().unwrap_or_default();
        let minor = Amount::from_major(amount, currency).unwrap().as_minor().unwrap();
        if minor == 0 { Vec::new() } else { minor.to_le_bytes().to_vec() }
    };
    let part = text("row").split_once('/').map_or(String::new(), |(_, part)| format!("/{part}"));
    let status = Status::from_name(text("status")).unwrap_or(Status::Unstated);
    add(1, &[Side::from_name(text("side")).unwrap() as u8]);
    let kind = Kind::from_name(text("kind")).unwrap() as u8;
    add(2, &[kind, Part::from_name(&part).unwrap() as u8]);
    add(3, &[status as u8]);
    add(4, text("reference").as_bytes());
    add(5, text("transaction_id").as_bytes());
    add(6, text("order_number").as_bytes());
    add(7, &minor("amount", currency));
    add(8, &minor("fee", currency));
    add(9, &minor("tax", currency));
    add(10, &minor("net", net_currency));
    add(11, text("currency").as_bytes());
    add(12, text("net_currency").as_bytes());
    add(15, text("fx_rate").as_bytes());
    if let Ok(instant) = chrono::DateTime::parse_from_rfc3339(text("occurred_at")) {
        add(16, &instant.timestamp_micros().to_le_bytes());
        add(17, &[u8::from(entry["date_only"].is_null())]);
        let offset = i16::try_from(entry["offset_minutes"].as_i64().unwrap_or(0)).unwrap();
        add(18, &offset.to_le_bytes());
    }
    if let Some(date) = Date::from_iso(text("settled_on")) {
        add(19, &date.0.to_le_bytes());
    }
    add(20, text("batch").as_bytes());
    add(21, text("method").as_bytes());
    add(22, text("country").as_bytes());
    add(23, text("memo").as_bytes());
    xxh3_128(&bytes)
}

/// Puts `value` in place of what the field of this name holds.
fn set(line: &str, field: &str, value: &str) -> String {
    let (before, rest) = line.split_once(&format!("\"{field}\":\"")).expect("the field");
    let (_, after) = rest.split_once('"').expect("the end of the text");
    format!("{before}\"{field}\":\"{value}\"{after}")
}

fn is_entry(line: &str) -> bool {
    line.starts_with("{\"row\":") && line.contains("\"identity\":")
}

fn element(line: &str) -> &str {
    line.strip_suffix(',').unwrap_or(line)
}

/// Recomputes the identities of entries.
fn with_identities(document: &str) -> String {
    let mut seen: BTreeMap<u128, u32> = BTreeMap::new();
    let lines = document.lines().map(|line| {
        if !is_entry(line) {
            return line.to_owned();
        }
        let entry: Value = serde_json::from_str(element(line)).expect("an entry");
        let hash = identity_hash(&entry);
        let ordinal = seen.entry(hash).and_modify(|n| *n += 1).or_insert(0);
        set(line, "identity", &format!("{hash:032x}-{ordinal}"))
    });
    lines.map(|line| line + "\n").collect()
}

/// Recomputes every checksum: of sections, sources and the whole.
fn with_checksums(document: &str) -> String {
    let lines: Vec<&str> = document.lines().collect();
    let entries: Vec<&str> = lines.iter().copied().filter(|line| is_entry(line)).collect();
    let names: Vec<(String, String)> = entries
        .iter()
        .map(|line| {
            let entry: Value = serde_json::from_str(element(line)).expect("an entry");
            let text = |name: &str| format!("\"{}\"", entry[name].as_str().unwrap());
            (text("row"), text("identity"))
        })
        .collect();
    let nameless = |line: &str| {
        names.iter().fold(element(line).to_owned(), |line, (row, id)| line.replace(row, id)) + "\n"
    };
    let mut sections: BTreeMap<&str, String> = BTreeMap::new();
    let mut section = "";
    let mut out: Vec<String> = Vec::new();
    for line in &lines {
        let name = line.trim_start_matches("\"summary\":{").trim_start_matches("\"proof\":{");
        if let Some(name) = name.strip_prefix('"').filter(|_| line.ends_with('[')) {
            section = if name.starts_with("per_currency") {
                "summary"
            } else if name.starts_with("balanced") {
                "totals"
            } else {
                name.split('"').next().unwrap()
            };
            sections.entry(section).or_default();
            out.push((*line).to_owned());
        } else if line.starts_with('{') && section == "sources" {
            let (body, _) = line.split_once(",\"certificate\"").expect("a certificate");
            let file: Value = serde_json::from_str(element(line)).expect("a source");
            let own = format!("{{\"row\":\"{}:", file["file"].as_str().unwrap());
            let own = entries.iter().filter(|line| line.starts_with(&own));
            let entries: String = own.map(|line| element(line).to_owned() + "\n").collect();
            let sealed = format!("{}\n{body}\n{entries}", lines[0]);
            out.push(set(line, "certificate", &sha256(sealed.as_bytes())));
        } else if line.starts_with('{') && !section.is_empty() {
            *sections.get_mut(section).unwrap() += &nameless(line);
            out.push((*line).to_owned());
        } else if let Some(counts) = line.strip_prefix("],\"counts\":") {
            *sections.get_mut(section).unwrap() += counts.strip_suffix("},").unwrap();
            *sections.get_mut(section).unwrap() += "\n";
            out.push((*line).to_owned());
        } else if line.starts_with("],\"sections\"") {
            let sums = sections.iter().filter(|(name, _)| **name != "sources");
            out.push(sums.fold((*line).to_owned(), |line, (name, lines)| {
                set(&line, name, &sha256(lines.as_bytes()))
            }));
        } else {
            out.push((*line).to_owned());
        }
    }
    with_result(&(out.join("\n") + "\n"))
}

/// Recomputes the checksum of the whole.
fn with_result(document: &str) -> String {
    let Some((before, after)) = document.rsplit_once("\"result_sha256\":\"") else {
        return document.to_owned();
    };
    let (_, after) = after.split_once('"').expect("its end");
    let empty = format!("{before}\"result_sha256\":\"\"{after}");
    format!("{before}\"result_sha256\":\"{}\"{after}", sha256(empty.as_bytes()))
}

fn month() -> String {
    with_checksums(&with_identities(MONTH))
}

#[test]
fn a_month_that_is_right_holds() {
    let verdict = check(&month());
    assert!(verdict.holds, "{}", show(&verdict));
    let counts = verdict.counts;
    assert_eq!((counts.sources, counts.entries, counts.matches, counts.exceptions), (2, 20, 5, 5));
    assert_eq!(verdict.checks.len(), CheckName::ALL.len());
}

#[test]
fn it_does_not_matter_in_which_pieces_it_comes() {
    let document = month();
    let whole = check(&document);
    for size in [1, 7, 1000] {
        let mut verifier = Verifier::new();
        document.as_bytes().chunks(size).for_each(|piece| verifier.push(piece));
        assert_eq!(verifier.finish(), whole, "pieces of {size}");
    }
}

/// The document with the digit at `at` one higher, 9 becoming 0.
fn next_digit(document: &str, at: usize) -> String {
    let mut bytes = document.as_bytes().to_vec();
    bytes[at] = b'0' + (bytes[at] - b'0' + 1) % 10;
    String::from_utf8(bytes).expect("digits are ASCII")
}

/// What stands before and at a place, for a failure that can be read.
fn near(document: &str, at: usize) -> String {
    String::from_utf8_lossy(&document.as_bytes()[at.saturating_sub(60)..=at]).into_owned()
}

fn digits(document: &str) -> Vec<usize> {
    document.bytes().enumerate().filter(|(_, b)| b.is_ascii_digit()).map(|(at, _)| at).collect()
}

#[test]
fn no_digit_can_be_changed_also_where_the_checksum_of_the_whole_is_made_to_fit() {
    let document = month();
    let all = digits(&document);
    assert!(all.len() > 2_500, "{}", all.len());
    for at in all {
        let changed = next_digit(&document, at);
        let near = near(&changed, at);
        // The plain change is the easier one, so a part of them is enough.
        assert!(at % 8 != 0 || !check(&changed).holds, "{near}");
        let verdict = check(&with_result(&changed));
        // Of the checksum itself nothing is left to find once it was recomputed.
        let own = with_result(&changed) == document;
        assert!(own || !verdict.holds, "recomputed: {near}");
    }
}

/// Fields on which nothing else in a document depends, so that only checksums protect them: the
/// engine's version, what a source was, keys shown as evidence, rows that are offered.
fn is_free(before: &str, line: &str) -> bool {
    let field = before.rsplit("\":").nth(1).and_then(|text| text.rsplit('"').next());
    let field = if before.ends_with("\":") { None } else { field };
    let free = ["value", "rule", "due", "why", "sha256", "raw", "reason", "bytes", "stated"];
    let heads = line.starts_with("{\"schema\"") || line.starts_with("],\"sections\"");
    let source = line.starts_with("{\"file\"");
    heads
        || source
        || before.contains("\"candidates\"")
        || field.is_some_and(|field| free.contains(&field))
        || (before.starts_with("{\"id\":\"x") && !before.contains(','))
}

#[test]
fn no_figure_can_be_changed_also_where_every_checksum_is_made_to_fit() {
    let document = month();
    let mut changes = 0;
    for at in digits(&document) {
        let start = document[..at].rfind('\n').map_or(0, |at| at + 1);
        let line = document[start..].lines().next().unwrap();
        if is_free(&document[start..at], line) {
            continue;
        }
        let changed = next_digit(&document, at);
        // A line that cannot be read any more is found by reading it.
        let readable = changed.lines().filter(|line| is_entry(line));
        let readable =
            readable.clone().all(|line| serde_json::from_str::<Value>(element(line)).is_ok());
        let sealed = if readable { with_checksums(&changed) } else { changed };
        let verdict = check(&sealed);
        let near = near(&document, at);
        assert!(!verdict.holds, "{near}");
        let seals = [CheckName::Seal, CheckName::Sections, CheckName::Certificates];
        let other = verdict.checks.iter().any(|c| !c.ok && !seals.contains(&c.name));
        assert!(other || !readable, "only by a checksum: {near}");
        changes += 1;
    }
    assert!(changes > 1_500, "{changes}");
}

/// What a tamperer changes, and the check that must find it with all checksums and identities
/// recomputed.
#[test]
fn a_change_of_meaning_is_found_where_identities_and_checksums_are_made_to_fit() {
    let swap = |line: &str, a: &str, b: &str| line.replace(a, "\0").replace(b, a).replace('\0', b);
    type Change<'a> = (&'a str, CheckName, Box<dyn Fn(&str) -> String + 'a>);
    let on = |start: &'static str, from: &'static str, to: &'static str| {
        move |document: &str| {
            let line = document.lines().find(|line| line.starts_with(start)).expect(start);
            assert!(line.contains(from), "{from}");
            document.replacen(line, &line.replacen(from, to, 1), 1)
        }
    };
    let everywhere =
        |from: &'static str, to: &'static str| move |document: &str| document.replace(from, to);
    let changes: Vec<Change<'_>> = vec![
        (
            "the amount of an order",
            CheckName::Totals,
            Box::new(on("{\"row\":\"orders.csv:2\"", "1000.00", "1100.00")),
        ),
        (
            "the net of a line",
            CheckName::Matches,
            Box::new(on("{\"row\":\"mfs.csv:2\"", "985.00", "985.01")),
        ),
        (
            "the currency of an order",
            CheckName::Totals,
            Box::new(on("{\"row\":\"orders.csv:2\"", "KES", "USD")),
        ),
        (
            "a refund that becomes a reversal",
            CheckName::Totals,
            Box::new(on("{\"row\":\"mfs.csv:5\"", "\"refund\"", "\"reversal\"")),
        ),
        (
            "an open order that is left out",
            CheckName::Partition,
            Box::new(on(
                "{\"row\":\"orders.csv:6\"",
                "\"disposition\":\"open\"",
                "\"disposition\":\"excluded\",\"reason\":\"not_paid\"",
            )),
        ),
        (
            "a reason",
            CheckName::Summary,
            Box::new(on("{\"row\":\"mfs.csv:9\"", "provider_fee", "own_balance")),
        ),
        (
            "the group of an entry",
            CheckName::Partition,
            Box::new(on("{\"row\":\"orders.csv:2\"", "m0000000000000001-0", "m0000000000000002-0")),
        ),
        (
            "two orders swapped between matches",
            CheckName::Partition,
            Box::new(|document: &str| {
                let lines = document.lines().map(|line| match line.starts_with("{\"id\":\"m") {
                    true => swap(line, "\"orders.csv:2\"", "\"orders.csv:3\""),
                    false => line.to_owned(),
                });
                lines.map(|line| line + "\n").collect()
            }),
        ),
        (
            "two orders swapped between matches, and their groups with them",
            CheckName::Matches,
            Box::new(|document: &str| {
                let lines = document.lines().map(|line| {
                    if line.starts_with("{\"id\":\"m") {
                        swap(line, "\"orders.csv:2\"", "\"orders.csv:3\"")
                    } else if line.starts_with("{\"row\":\"orders.csv:") {
                        swap(line, "m0000000000000001-0", "m0000000000000002-0")
                    } else {
                        line.to_owned()
                    }
                });
                lines.map(|line| line + "\n").collect()
            }),
        ),
        (
            "a row that is in two matches",
            CheckName::Partition,
            Box::new(on("{\"id\":\"m0000000000000001-0\"", "\"mfs.csv:2\"", "\"mfs.csv:3\"")),
        ),
        (
            "a row that no entry has",
            CheckName::Names,
            Box::new(on("{\"id\":\"m0000000000000001-0\"", "\"mfs.csv:2\"", "\"mfs.csv:99\"")),
        ),
        (
            "money moved from unexplained to a fee",
            CheckName::Summary,
            Box::new(on(
                "{\"id\":\"m0000000000000002-0\"",
                "\"-7.00\",\"currency\":\"KES\"},{\"part\":\"unexplained\",\"amount\":\"-50.00\"",
                "\"-56.00\",\"currency\":\"KES\"},{\"part\":\"unexplained\",\"amount\":\"-1.00\"",
            )),
        ),
        (
            "a code that is the opposite",
            CheckName::Facts,
            Box::new(everywhere("FEE_OVERCHARGE", "FEE_UNDERCHARGE")),
        ),
        (
            "a code of the other side",
            CheckName::Facts,
            Box::new(|document: &str| {
                let lines = document.lines().map(|line| match line.starts_with("{\"id\":\"x5\"") {
                    true => line.replace("MISSING_IN_ORDERS", "MISSING_IN_SETTLEMENT"),
                    false => line.to_owned(),
                });
                lines.map(|line| line + "\n").collect()
            }),
        ),
        (
            "a code that is counted under another name",
            CheckName::Counts,
            Box::new(on(
                "{\"id\":\"x3\"",
                "\"DUPLICATE_IN_SETTLEMENT\",\"rows\"",
                "\"MISSING_IN_ORDERS\",\"rows\"",
            )),
        ),
        (
            "another headline",
            CheckName::Facts,
            Box::new(on(
                "{\"id\":\"x4\"",
                "\"code\":\"FEE_OVERCHARGE\",\"state\"",
                "\"code\":\"LATE_SETTLEMENT\",\"state\"",
            )),
        ),
        (
            "the amount of an exception",
            CheckName::Facts,
            Box::new(on(
                "{\"id\":\"x1\"",
                "\"amount\":\"-50.00\",\"currency\":\"KES\",\"facts\"",
                "\"amount\":\"-5.00\",\"currency\":\"KES\",\"facts\"",
            )),
        ),
        (
            "an exception that annotates another match",
            CheckName::Partition,
            Box::new(on("{\"id\":\"x1\"", "m0000000000000002-0", "m0000000000000001-0")),
        ),
        (
            "a note that becomes an exception",
            CheckName::Facts,
            Box::new(on("{\"id\":\"x4\"", "LATE_SETTLEMENT", "ROUNDING")),
        ),
        (
            "a total",
            CheckName::Totals,
            Box::new(on(
                "{\"side\":\"orders\",\"kind\":\"sale\",\"currency\":\"UGX\"",
                "\"20000\"",
                "\"20001\"",
            )),
        ),
        (
            "a total that is left out",
            CheckName::Totals,
            Box::new(|document: &str| {
                let lines = document.lines().filter(|line| !line.contains("\"USD\",\"measure\""));
                lines.map(|line| format!("{line}\n")).collect()
            }),
        ),
        (
            "what was received",
            CheckName::Summary,
            Box::new(on("{\"currency\":\"KES\"", "2491.00", "2591.00")),
        ),
        ("a count", CheckName::Counts, Box::new(on("],\"counts\"", "\"notes\":1", "\"notes\":2"))),
        (
            "rows that were read and are nowhere",
            CheckName::Sources,
            Box::new(on("{\"file\":\"mfs.csv\"", "\"read\":12", "\"read\":13")),
        ),
        (
            "a control total that is said to fit",
            CheckName::Sources,
            Box::new(on("{\"file\":\"mfs.csv\"", "12.30", "12.40")),
        ),
        (
            "a document that says it does not balance",
            CheckName::Balance,
            Box::new(everywhere("\"balanced\":true", "\"balanced\":false")),
        ),
        (
            "an entry in transit that was due",
            CheckName::Partition,
            Box::new(everywhere("2026-03-03", "2026-02-28")),
        ),
        (
            "an explanation with another figure",
            CheckName::Facts,
            Box::new(everywhere("KES 50.00 too little", "KES 5.00 too little")),
        ),
        (
            "two matches in the other order",
            CheckName::Order,
            Box::new(|document: &str| {
                let mut lines: Vec<&str> = document.lines().collect();
                let at = lines.iter().position(|line| line.starts_with("{\"id\":\"m")).unwrap();
                lines.swap(at, at + 1);
                lines.join("\n") + "\n"
            }),
        ),
        (
            "two entries in the other order",
            CheckName::Order,
            Box::new(|document: &str| {
                let mut lines: Vec<&str> = document.lines().collect();
                let at = lines.iter().position(|line| is_entry(line)).unwrap();
                lines.swap(at, at + 1);
                lines.join("\n") + "\n"
            }),
        ),
    ];
    let document = month();
    for (what, by, change) in changes {
        let changed = change(&document);
        assert_ne!(changed, document, "{what}");
        let verdict = check(&with_checksums(&with_identities(&changed)));
        assert!(!verdict.holds, "{what}");
        let found: Vec<_> = verdict.checks.iter().filter(|c| !c.ok).map(|c| c.name).collect();
        assert!(found.contains(&by), "{what} is found by {found:?}:\n{}", show(&verdict));
        let seals = [CheckName::Seal, CheckName::Sections, CheckName::Certificates];
        assert!(!found.iter().any(|c| seals.contains(c)), "{what}: {}", show(&verdict));
    }
}

#[test]
fn a_broken_document_is_a_finding_with_its_line() {
    let document = month();
    let cases: Vec<(String, &str)> = vec![
        (String::new(), "line 0"),
        ("not json\n".to_owned(), "line 1,"),
        ("\u{feff}".to_owned() + &document, "line 1,"),
        (document.replacen("\"schema\":1", "\"schema\":2", 1), "line 1,"),
        (document.replacen("\"sources\":[", "\"sources\": [", 1), "line 2,"),
        (
            document.replacen("{\"row\":\"orders.csv:2\"", "{\"x\":1,\"row\":\"orders.csv:2\"", 1),
            "line 12,",
        ),
        (document.replacen("\"1000.00\"", "1000.00", 1), "line 12,"),
        (document.replacen("\"1000.00\"", "\"1000.0\"", 1), "line 12,"),
        (document.replacen("\"reason\":\"not_paid\"", "\"reason\":null", 1), "line 20,"),
        (document.replacen("\"kind\":\"refund\"", "\"kind\":\"gift\"", 1), "line 15,"),
        (document.replacen("\n]", ",\n]", 1), "line 5,"),
        (document.replacen("},\n{\"row\"", "}\n{\"row\"", 1), "line 13,"),
        (document.trim_end().to_owned(), "line"),
        (document.clone() + "\n", "line"),
        (document[..document.len() / 2].to_owned(), "line"),
        (document.replace('\n', "\r\n"), "line 1,"),
        (format!("{{{}", "\"a\":[".repeat(10_000)), "line 1,"),
    ];
    for (broken, place) in cases {
        assert_ne!(broken, document);
        let verdict = check(&broken);
        assert!(!verdict.holds);
        let at = verdict.findings().any(|(_, finding)| finding.place.starts_with(place));
        assert!(at, "{place}: {}", show(&verdict));
    }
    let mut bytes = document.into_bytes();
    bytes[400] = 0xff;
    assert!(!verify(bytes.as_slice()).expect("read").holds, "not UTF-8");
}

#[test]
fn a_row_name_is_given_once() {
    let twice = month().replacen("\"orders.csv:8\"", "\"orders.csv:7\"", 1);
    let verdict = check(&twice);
    let names = verdict.checks.iter().find(|check| check.name == CheckName::Names).expect("listed");
    assert_eq!((names.ok, names.findings[0].place.as_str()), (false, "orders.csv:7"));
}

#[test]
fn findings_are_capped_and_counted() {
    let document = month();
    let line = document.lines().find(|line| is_entry(line)).expect("an entry");
    let many = document.replacen(line, &vec![line; 500].join("\n"), 1);
    let verdict = check(&many);
    let order = verdict.checks.iter().find(|check| check.name == CheckName::Order).expect("listed");
    assert_eq!((order.failures, order.findings.len()), (499, 100));
}
