//! Events that a provider pushed, from the command to the proof: what is signed counts, what is not
//! is refused, nothing else changes, and a forged end of an event is found.

#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crossfoot::entry::Side;
use serde_json::{Value, json};
use support::forgery::{end, without_exception};
use support::paper::Paper;
use support::{Dice, Source, assert_proven, cases, elements, golden, month, reconcile, verdict};

const PROGRAM: &str = env!("CARGO_BIN_EXE_crossfoot");
const SECRET: &str = "whsec_made_up_for_tests";
const VARIABLE: &str = "CROSSFOOT_TEST_SECRET";

/// The folder of a golden case.
fn case(name: &str) -> PathBuf {
    let all = golden::all();
    all.into_iter().find(|case| case.folder.ends_with(name)).expect("a case").folder
}

/// Runs `reconcile` on the files of a case.
fn reconciled(folder: &Path, secret: Option<&str>, more: &[&str]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder).args([
        "reconcile",
        "--orders",
        "orders.csv",
        "--settlement",
        "stripe.json",
        "--webhook",
        "events.ndjson",
        "--as-of",
        "2026-02-10",
    ]);
    command.args(more).env_remove(VARIABLE);
    secret.iter().for_each(|secret| {
        command.env(VARIABLE, secret);
    });
    command.output().expect("the command runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The document on standard output.
fn document(output: &Output) -> String {
    let document = text(&output.stdout);
    assert!(document.starts_with("{\"schema\":1"), "{document} {}", text(&output.stderr));
    assert_proven(&document, "what the command wrote");
    document
}

#[test]
fn the_command_takes_a_log_and_never_shows_the_secret() {
    let folder = case("a-changed-amount-and-no-signature");
    let flag =
        |of: &str| vec!["--secret-env".to_owned(), of.to_owned(), "--out".into(), "-".into()];
    for name in [VARIABLE.to_owned(), format!("events.ndjson={VARIABLE}")] {
        let flags = flag(&name);
        let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
        let output = reconciled(&folder, Some(SECRET), &flags);
        // Rows that were refused have to be looked at.
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        let shown = document(&output);
        assert!(shown.contains("\"by_code\":{\"SIGNATURE_INVALID\":3}"), "{shown}");
        assert!(shown.contains("\"reason\":\"confirmed\""), "{shown}");
        assert!(!shown.contains("whsec") && !text(&output.stderr).contains("whsec"));
        // Another secret: everything is refused, and the run is the same without it.
        let other = reconciled(&folder, Some("whsec_other"), &flags);
        let shown = document(&other);
        assert!(
            shown.contains("\"by_code\":{\"SIGNATURE_INVALID\":4}") && !shown.contains("whsec")
        );
    }
    let unchecked = document(&reconciled(&folder, None, &["--out", "-"]));
    assert!(unchecked.contains("{\"what\":\"signatures\",\"value\":\"not checked\""));
    assert!(!unchecked.contains("SIGNATURE_INVALID"));
    let summary = reconciled(&folder, Some(SECRET), &["--secret-env", VARIABLE]);
    assert!(!text(&summary.stdout).contains("whsec"), "{}", text(&summary.stdout));
}

#[test]
fn a_result_with_events_is_checked_again_with_its_files() {
    let folder = case("an-event-that-was-not-settled");
    let result = Path::new(env!("CARGO_TARGET_TMPDIR")).join("with-events.json");
    let flags =
        ["--secret-env", VARIABLE, "--contract", "fees.toml", "--out", result.to_str().unwrap()];
    let made = reconciled(&folder, Some(SECRET), &flags);
    assert_eq!(made.status.code(), Some(1), "open exceptions: {}", text(&made.stderr));
    let verify = |secret: &str| {
        let mut command = Command::new(PROGRAM);
        let files = ["--orders", "orders.csv", "--settlement", "stripe.json"];
        command.current_dir(&folder).args(["verify", result.to_str().unwrap()]).args(files);
        command.args(["--webhook", "events.ndjson", "--secret-env", VARIABLE]);
        command.args(["--contract", "fees.toml", "--as-of", "2026-02-10"]);
        command.env(VARIABLE, secret).output().expect("the command runs")
    };
    let good = verify(SECRET);
    assert_eq!(good.status.code(), Some(0), "{}", text(&good.stdout));
    assert_eq!(verify("whsec_other").status.code(), Some(3), "other rows than are stated");
}

#[test]
fn what_cannot_be_used_is_said_and_the_secret_is_not() {
    let folder = case("a-changed-amount-and-no-signature");
    for (secret, flags, said) in [
        (None, vec!["--secret-env", VARIABLE], "which is not set"),
        (Some(" "), vec!["--secret-env", VARIABLE], "which is not set"),
        (Some(SECRET), vec!["--secret-env", "other.ndjson=CROSSFOOT_TEST_SECRET"], "is not read"),
    ] {
        let output = reconciled(&folder, secret, &flags);
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(said) && !error.contains("whsec"), "{error}");
    }
    // A secret without a log is a mistake, and so is a log that holds no deliveries.
    let lone = Command::new(PROGRAM)
        .args(["reconcile", "--orders", "o.csv", "--secret-env", VARIABLE])
        .output()
        .unwrap();
    assert_eq!(lone.status.code(), Some(2));
    let none = Command::new(PROGRAM)
        .current_dir(&folder)
        .args(["reconcile", "--webhook", "stripe.json"])
        .output()
        .unwrap();
    assert_eq!(none.status.code(), Some(2));
    assert!(text(&none.stderr).contains("no element is a delivery"), "{}", text(&none.stderr));
}

/// Events of some of the lines of a result: as they are, with another amount, twice, or of payments
/// that nobody knows.
fn events_of(document: &Value, dice: &mut Dice) -> String {
    let mut log = Vec::new();
    let lines = elements(document, "entries").iter().filter(|entry| entry["side"] == "settlement");
    for line in lines {
        let (Some(currency), Some(amount)) = (line["currency"].as_str(), line["amount"].as_str())
        else {
            continue;
        };
        let minor: i64 = amount.replace('.', "").parse().unwrap();
        let story = dice.below(8);
        let minor = if story == 0 { minor + 1 } else { minor };
        let transaction = match story {
            1 => format!("unknown-{}", log.len()),
            _ => line["transaction_id"].as_str().unwrap_or_default().to_owned(),
        };
        let kind = if minor < 0 { "refund.processed" } else { "charge.success" };
        let status = ["success", "failed", "pending"][if story == 2 { dice.below(3) } else { 0 }];
        let (id, reference) = if minor < 0 {
            ("refund_reference", "transaction_reference")
        } else {
            ("id", "reference")
        };
        let body = json!({"event": kind, "data": {
            id: transaction, reference: line["reference"], "amount": minor.abs(), "status": status,
            "currency": currency, "created_at": line["occurred_at"], "domain": "live"}});
        let kept =
            json!({"received_at": line["occurred_at"], "body": body.to_string()}).to_string();
        for _ in 0..=usize::from(story == 3) {
            log.push(kept.clone());
        }
    }
    log.join("\n")
}

/// A document without its events: entries, exceptions, totals, counts and the source itself.
fn without_events(document: &str) -> Value {
    let mut document: Value = serde_json::from_str(document).unwrap();
    let is_event = |row: &Value| row.as_str().is_some_and(|row| row.starts_with("events."));
    let keep = |list: &mut Value, keep: &dyn Fn(&Value) -> bool| {
        list.as_array_mut().unwrap().retain(|element| keep(element));
    };
    keep(&mut document["sources"], &|source| source["side"] != "webhook");
    keep(&mut document["entries"], &|entry| entry["side"] != "webhook");
    keep(&mut document["exceptions"], &|exception| !is_event(&exception["rows"][0]));
    keep(&mut document["in_transit"], &|row| !is_event(&row["row"]));
    keep(&mut document["proof"]["totals"], &|total| total["side"] != "webhook");
    for part in ["sections", "result_sha256"] {
        document["proof"].as_object_mut().unwrap().remove(part);
    }
    document["summary"].as_object_mut().unwrap().remove("counts");
    document
}

#[test]
fn events_change_nothing_about_other_rows() {
    for seed in 0..u64::from(cases(12)) {
        let mut month = month(seed, 60);
        // The last day follows from the files: events do not move it.
        month.settings.as_of = if seed % 3 == 0 { None } else { month.settings.as_of };
        if seed % 4 == 0 {
            for source in &mut month.sources {
                source.scope = (source.side == Side::Orders).then(|| "shop".to_owned());
            }
        }
        let alone = reconcile(&month.settings, &month.sources);
        let log = events_of(&support::json(&alone), &mut Dice(seed));
        let mut events = Source::new("events.ndjson", Side::Webhook, log);
        events.scope = (seed % 4 == 0).then(|| "shop".to_owned());
        month.sources.push(events);
        let together = reconcile(&month.settings, &month.sources);
        assert_proven(&together, &format!("month {seed}"));
        let ends: Vec<&str> = ["confirmed", "redelivered", "failed", "pending"].to_vec();
        let found = ends.iter().filter(|end| together.contains(&format!("\"reason\":\"{end}\"")));
        assert!(found.count() >= 2, "the log says something");
        let same = without_events(&alone) == without_events(&together);
        assert!(same, "month {seed}: another result without its events");
    }
}

/// A few lines and events with few keys and amounts, in any order: the engine and the verifier, which
/// decide on their own, agree about every event.
#[test]
fn whatever_the_keys_are_the_proof_holds() {
    let mut found = std::collections::BTreeMap::<String, usize>::new();
    for seed in 0..u64::from(cases(400)) {
        let mut dice = Dice(seed);
        let mut pick = |all: &[&'static str]| all[dice.below(all.len())];
        let mut lines = "id,number,reference,type,status,amount,currency,date\n".to_owned();
        let mut events = Vec::new();
        for _ in 0..4 {
            let line = [
                pick(&["t1", "t2", "t3"]),
                pick(&["", "p1", "p2"]),
                pick(&["", "R1", "R2"]),
                pick(&["payment", "payment", "refund", "payout"]),
                pick(&["paid", "paid", "paid", "pending", "failed"]),
                pick(&["1.00", "2.00", "3.00", "5.00"]),
                pick(&["USD", "USD", "USD", "EUR"]),
                pick(&["2026-02-01", "2026-02-02"]),
            ];
            lines.push_str(&(line.join(",") + "\n"));
            let (kind, status) = [
                ("charge.succeeded", "succeeded"),
                ("charge.captured", "succeeded"),
                ("charge.failed", "failed"),
                ("refund.created", "succeeded"),
                ("refund.created", "pending"),
                ("payout.paid", "paid"),
            ][pick(&["0", "0", "0", "1", "2", "3", "3", "4", "5"]).parse::<usize>().unwrap()];
            let amount: u32 = pick(&["100", "200", "300", "500"]).parse().unwrap();
            let order = match pick(&["", "R1", "R2"]) {
                "" => json!({}),
                order => json!({ "order_id": order }),
            };
            let at: u32 = pick(&["1770000000", "1770000001"]).parse().unwrap();
            let body = json!({"id": pick(&["e1", "e2", "e3", "e4"]), "object": "event", "created": at,
                "livemode": true, "type": kind, "data": {"object": {
                "id": pick(&["t1", "t2", "t3", "t4"]), "object": "x", "amount": amount,
                "amount_captured": amount, "captured": true, "status": status, "metadata": order,
                "payment_intent": pick(&["p1", "p2", "t1"]), "currency": pick(&["usd", "usd", "eur"])}}});
            events.push(json!({"received_at": "", "body": body.to_string()}).to_string());
        }
        let columns = "lines.csv: transaction_id=id, order_number=number, reference=reference, \
                       type=type, status=status, amount=amount:abs, currency=currency, occurred_at=date:iso";
        let settlement = Source {
            columns: Some(columns.to_owned()),
            ..Source::new("lines.csv", Side::Settlement, lines.clone())
        };
        let mut sources = vec![settlement];
        let logs = if seed % 2 == 0 { 1 } else { 2 };
        for (at, part) in events.chunks(4 / logs).enumerate() {
            let log = Source::new(&format!("{at}.ndjson"), Side::Webhook, part.join("\n"));
            sources.push(if seed % 5 == 0 && at == 1 { log.of("shop") } else { log });
        }
        let document = reconcile(&crossfoot::engine::Settings::default(), &sources);
        let what = format!("seed {seed}: {lines}{}", events.join("\n"));
        assert_proven(&document, &what);
        for entry in elements(&support::json(&document), "entries") {
            if entry["side"] == "webhook" {
                let end = entry["reason"].as_str().or(entry["disposition"].as_str()).unwrap();
                *found.entry(end.to_owned()).or_default() += 1;
            }
        }
    }
    for end in ["confirmed", "redelivered", "same_payment", "open", "payout", "failed", "pending"] {
        assert!(found.get(end).is_some_and(|times| *times > 0), "{end}: {found:?}");
    }
}

/// An end that an event could be given by somebody who wants it to look well, or bad.
#[test]
fn a_forged_end_of_an_event_is_found() {
    let all = golden::all();
    let with_events = all.iter().filter(|case| !case.case.webhook.is_empty());
    let mut tried = 0;
    for case in with_events {
        let document = case.result();
        let entries = Paper::parse(&document).elements("entries").len();
        for at in 0..entries {
            for new in ["confirmed", "redelivered", "same_payment", "payout", "failed", "open"] {
                let mut paper = Paper::parse(&document);
                let entry = &mut paper.section("entries")[at];
                let is_event = entry.text("side") == "webhook";
                if !is_event || [entry.text("reason"), entry.text("disposition")].contains(&new) {
                    continue;
                }
                let row = entry.text("row").to_owned();
                match new {
                    "open" => end(entry, "open", None, None),
                    reason => end(entry, "excluded", Some(reason), None),
                }
                without_exception(&mut paper, &row);
                let moved = |element: &support::paper::Leaf| element.text("row") == row;
                paper.section("in_transit").retain(|element| !moved(element));
                paper.settle();
                tried += 1;
                let forged = paper.sealed();
                let holds = verdict(&forged).holds;
                assert!(!holds, "{}: {row} is said to be {new}", case.place());
            }
        }
    }
    assert!(tried > 60, "{tried} forged ends");
}
