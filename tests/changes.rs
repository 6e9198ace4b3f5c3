//! What a change of the rules did to the matches of an earlier result.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use crossfoot::engine::Settings;
use crossfoot::entry::Side;
use crossfoot::report::changes::{Change, Changes};
use support::{Source, document, run};

const COLUMNS: &str =
    "reference=ref, order_number=num, amount=amount, currency=ccy, occurred_at=at";

fn file(name: &str, side: Side, rows: &[&str]) -> Source {
    let text = format!("ref,num,amount,ccy,at\n{}\n", rows.join("\n"));
    Source { columns: Some(format!("{name}: {COLUMNS}")), ..Source::new(name, side, text) }
}

/// One order and line by reference; a line that is one order by its spelling and another by its
/// second number; two orders and a line without a number.
fn sources() -> Vec<Source> {
    let orders = [
        "K-1,,10.00,USD,2026-02-02T08:00:00Z",
        "K-2,,20.00,USD,2026-02-02T09:00:00Z",
        "K-3,,9.99,USD,2026-02-01T10:00:00Z",
        "K-4,,9.99,USD,2026-02-04T10:00:00Z",
        "K-5,,21.00,USD,2026-02-02T10:00:00Z",
    ];
    let lines = [
        "K-1,,10.00,USD,2026-02-02T08:01:00Z",
        "order #k2,K-5,20.00,USD,2026-02-02T09:01:00Z",
        ",,9.99,USD,2026-02-04T12:00:00Z",
    ];
    vec![file("orders.csv", Side::Orders, &orders), file("lines.csv", Side::Settlement, &lines)]
}

fn settings(rules: &str) -> Settings {
    let as_of = Some("2026-02-20".to_owned());
    Settings { as_of, rules: Some(rules.to_owned()), ..Settings::default() }
}

const NONE: &str = "";
const AUTOMATIC: &str = "[without_reference]\nmatch = \"automatic\"\ndays_after = 1\n";
const NO_NUMBERS: &str = "[passes]\noff = [\"M030\"]\n";
const LETTERS: &str = "[passes]\noff = [\"M030\", \"M040\"]\n";

/// The changes from one set of rules to another, as `rule rows money` with a sign.
fn changes(old: &str, new: &str, sources: &[Source]) -> [Vec<String>; 3] {
    let earlier = document(&run(&settings(old), &self::sources()).unwrap());
    let new = run(&settings(new), sources).unwrap();
    let changes = Changes::since(earlier.as_bytes(), &new).unwrap();
    let spelled = |list: &[Change]| {
        let of = |change: &Change| {
            [('-', &change.before), ('+', &change.after)]
                .into_iter()
                .flat_map(|(sign, pairings)| pairings.iter().map(move |p| (sign, p)))
                .map(|(sign, p)| {
                    let money = p.money.sums().map(|(own, sum)| {
                        let sum = sum.expect("a sum of a few orders is exact");
                        format!("{own} {}", sum.format(own))
                    });
                    let money = money.collect::<Vec<_>>().join(" ");
                    let sides = [p.orders.join("+"), p.lines.join("+")].join(" = ");
                    format!("{sign}{} {sides} {money}", p.rule)
                })
                .collect::<Vec<_>>()
        };
        list.iter().flat_map(of).collect()
    };
    [spelled(&changes.gained), spelled(&changes.lost), spelled(&changes.repaired)]
}

#[test]
fn matches_are_gained_lost_and_paired_otherwise() {
    let none: Vec<String> = Vec::new();
    let all = sources();
    assert_eq!(changes(NONE, NONE, &all), [none.clone(), none.clone(), none.clone()]);
    let nameless = "M060 orders.csv:5 = lines.csv:4 USD 9.99";
    let spelled = "M040 orders.csv:3 = lines.csv:3 USD 20.00";
    let numbered = "M030 orders.csv:6 = lines.csv:3 USD 21.00";
    assert_eq!(
        changes(NONE, AUTOMATIC, &all),
        [vec![format!("+{nameless}")], none.clone(), none.clone()]
    );
    assert_eq!(
        changes(NO_NUMBERS, LETTERS, &all),
        [none.clone(), vec![format!("-{spelled}")], none.clone()]
    );
    assert_eq!(
        changes(NO_NUMBERS, NONE, &all),
        [none.clone(), none.clone(), vec![format!("-{spelled}"), format!("+{numbered}")]]
    );
}

#[test]
fn rows_are_the_same_wherever_they_stand() {
    let mut moved = sources();
    let text = String::from_utf8(moved[1].bytes.clone()).unwrap();
    let (head, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.reverse();
    moved[1].bytes = format!("{head}\n{}\n", rows.join("\n")).into_bytes();
    let none: Vec<String> = Vec::new();
    assert_eq!(changes(AUTOMATIC, AUTOMATIC, &moved), [none.clone(), none.clone(), none]);
}

#[test]
fn what_is_no_result_is_refused_with_its_line() {
    let run = run(&settings(NONE), &sources()).unwrap();
    let whole = document(&run);
    let cut = &whole[..whole.find("\"exceptions\"").unwrap() - 4];
    let broken = whole.replacen("\"identity\"", "\"identities\"", 1);
    for (text, line) in [("", 0), ("{}", 1), ("{\"schema\":2}", 1), (cut, 20), (&broken, 13)] {
        let error = Changes::since(text.as_bytes(), &run).expect_err(text);
        assert_eq!(error.code(), "diff/not-a-result");
        let place = error.place().and_then(|place| place.line).unwrap_or(0);
        assert!(line <= 1 && place == line || line > 1 && place > 1, "{place}: {text}");
    }
}
