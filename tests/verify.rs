//! The verifier against a month that was written by hand: it holds, and every change is found.
//!
//! The checksums are made by code that shares nothing with the verifier ([`support::paper`]), so that a
//! tamperer who recomputes all of them can be played.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod support;

use std::collections::BTreeMap;

use crossfoot::engine::Settings;
use crossfoot::entry::Side;
use crossfoot::proof::{CheckName, Verdict, Verifier, verify};
use serde_json::Value;
use support::paper::{Leaf, Paper, identity};
use support::{Source, reconcile, sha256, verdict as check};

/// A month with every disposition, two currencies and a conversion; checksums are `?`.
const MONTH: &str = include_str!("golden/proof/month.json");

fn show(verdict: &Verdict) -> String {
    verdict.findings().map(|(check, f)| format!("{}: {f:?}\n", check.name())).collect()
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

/// Recomputes the identities of entries, and the ids of matches and exceptions that follow.
fn with_identities(document: &str) -> String {
    let mut seen: BTreeMap<u128, u32> = BTreeMap::new();
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    let mut renamed: Vec<(String, String)> = Vec::new();
    let mut lines: Vec<String> = Vec::new();
    for line in document.lines() {
        if is_entry(line) {
            let entry = Leaf::parse(element(line));
            let hash = identity(&entry);
            let ordinal = *seen.entry(hash).and_modify(|n| *n += 1).or_insert(0);
            ids.insert(entry.text("row").to_owned(), format!("{:016x}-{ordinal}", hash >> 64));
            lines.push(set(line, "identity", &format!("{hash:032x}-{ordinal}")));
        } else if line.starts_with("{\"id\":") {
            let item: Value = serde_json::from_str(element(line)).expect("a match or exception");
            let text = |name: &str| item[name].as_str().map(str::to_owned);
            let first = [&item["orders"][0], &item["settlement"][0], &item["rows"][0]];
            let first = first.into_iter().find_map(Value::as_str).unwrap();
            let new = ids.get(first).cloned().unwrap_or_default();
            let id = text("id").unwrap();
            if id.starts_with('m') {
                renamed.push((id, format!("m{new}")));
                lines.push(line.to_owned());
            } else {
                let new = text("match").map_or(format!("x{new}"), |name| format!("x{name}"));
                lines.push(set(line, "id", &new));
            }
        } else {
            lines.push(line.to_owned());
        }
    }
    let lines = lines.iter().map(|line| {
        renamed.iter().fold(line.clone(), |line, (old, new)| {
            line.replace(&format!("\"{old}\""), &format!("\"{new}\""))
                .replace(&format!("\"x{old}\""), &format!("\"x{new}\""))
        })
    });
    lines.map(|line| line + "\n").collect()
}

/// Recomputes every checksum: of sections, sources and the whole.
fn with_checksums(document: &str) -> String {
    Paper::parse(document).sealed()
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
    // All but those that need the files.
    let names: Vec<CheckName> = verdict.checks.iter().map(|check| check.name).collect();
    assert_eq!(names, CheckName::ALL[..CheckName::ALL.len() - 2]);
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
    let free = ["rule", "due", "why", "sha256", "raw", "reason", "bytes", "stated"];
    let heads = line.starts_with("{\"schema\"") || line.starts_with("],\"sections\"");
    let source = line.starts_with("{\"file\"");
    heads
        || source
        || before.contains("\"candidates\"")
        || field.is_some_and(|field| free.contains(&field))
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
            "the references of two orders swapped",
            CheckName::Matches,
            Box::new(|document: &str| {
                let lines = document.lines().map(|line| match line.contains("\"orders.csv:") {
                    true if is_entry(line) => {
                        swap(line, "\"reference\":\"1001\"", "\"reference\":\"1002\"")
                    }
                    _ => line.to_owned(),
                });
                lines.map(|line| line + "\n").collect()
            }),
        ),
        (
            "the evidence of a match",
            CheckName::Matches,
            Box::new(on("{\"id\":\"m0000000000000001-0\"", "\"1001\"", "\"1002\"")),
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
            "a rule that its evidence is not of",
            CheckName::Matches,
            Box::new(on("{\"id\":\"m0000000000000001-0\"", "M020", "M010")),
        ),
        (
            "a class that no shared key has",
            CheckName::Matches,
            Box::new(on("{\"id\":\"m0000000000000001-0\"", "forced", "interchangeable")),
        ),
        (
            "a payout that is left out as a fee",
            CheckName::Partition,
            Box::new(on(
                "{\"row\":\"mfs.csv:8\"",
                "\"reason\":\"payout\"",
                "\"reason\":\"provider_fee\"",
            )),
        ),
        (
            "a day that is not noted",
            CheckName::Facts,
            Box::new(|document: &str| {
                let lines = document.lines().map(|line| match line.find("\"notes\":[{") {
                    Some(at) => {
                        let end = if line.ends_with(',') { "," } else { "" };
                        format!("{}\"notes\":[]}}{end}", &line[..at])
                    }
                    None => line.replace("\"notes\":1", "\"notes\":0"),
                });
                lines.map(|line| line.replace("\"CUTOFF_SHIFT\":1,", "") + "\n").collect()
            }),
        ),
        (
            "a number of another order, of which the line says nothing",
            CheckName::Partition,
            Box::new(on("{\"row\":\"mfs.csv:7\"", "\"9999\"", "\"1005\"")),
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
    for (what, by, change) in changes {
        let changed = change(MONTH);
        assert_ne!(changed, MONTH, "{what}");
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
fn a_file_of_which_nothing_can_be_used_is_proven_too() {
    let orders = "order_number,amount,currency\nA-1,twelve,USD\n";
    let sources = [Source::new("orders.csv", Side::Orders, orders)];
    let document = reconcile(&Settings::default(), &sources);
    let verdict = check(&document);
    assert!(verdict.holds, "{}", show(&verdict));
    assert_eq!(verdict.counts.entries, 0, "{document}");
}

#[test]
fn what_the_engine_writes_of_a_generated_month_holds_and_no_part_of_it_can_be_changed() {
    let month = support::month(7, 60);
    let document = reconcile(&month.settings, &month.sources);
    let verdict = check(&document);
    assert!(verdict.holds, "{}", show(&verdict));
    assert!(verdict.counts.exceptions > 10 && verdict.counts.matches > 40);
    // The writer's checksums are those that are made here.
    assert!(with_checksums(&with_identities(&document)) == document);
    // Digits all over the document, in steps that share no factor with its layout.
    for at in digits(&document).into_iter().step_by(509) {
        let changed = next_digit(&document, at);
        assert!(!check(&changed).holds, "{}", near(&changed, at));
        let sealed = with_result(&changed);
        assert!(sealed == document || !check(&sealed).holds, "{}", near(&changed, at));
    }
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
