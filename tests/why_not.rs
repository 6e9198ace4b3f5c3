//! The answer to "why not?": the change of the rules that it names does match the two rows, and
//! reaches no more other rows than it says.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crossfoot::engine::Settings;
use crossfoot::entry::Side;
use serde_json::{Value, json as value};
use support::{Dice, Source, assert_proven, cases, elements, json, reconcile};

const ORDERS: &str = "Name,Financial Status,Paid at,Currency,Total,Created at,Refunded Amount,Id,Payment Reference\n";
const LINES: &str = "transaction_id,transaction_reference,type,status,operator,country,currency,amount,amount_received,fee_deduction,settlement_currency,fx_rate,net_amount,created_at,settlement_date,payout_id\n";

/// What the rules say.
#[derive(Clone, Debug)]
struct Rules {
    automatic: bool,
    days_before: u32,
    days_after: u32,
    tolerance: BTreeMap<String, String>,
    percent: Option<String>,
    combine: &'static str,
}

impl Rules {
    fn text(&self) -> String {
        let how = if self.automatic { "automatic" } else { "suggest" };
        let mut text = format!(
            "[without_reference]\nmatch = \"{how}\"\ndays_before = {}\ndays_after = {}\n[tolerance]\n",
            self.days_before, self.days_after
        );
        let limits = self.tolerance.iter().map(|(code, limit)| format!("{code} = \"{limit}\""));
        let limits: Vec<String> = limits.collect();
        let _ = writeln!(
            text,
            "absolute = {{ {} }}\ncombine = \"{}\"",
            limits.join(", "),
            self.combine
        );
        if let Some(percent) = &self.percent {
            let _ = writeln!(text, "percent = \"{percent}\"");
        }
        text
    }

    /// With one setting changed as the answer says.
    fn set(&mut self, setting: &str, to: &str) {
        match setting {
            "without_reference.match" => self.automatic = to == "automatic",
            "without_reference.days_before" => self.days_before = to.parse().unwrap(),
            "without_reference.days_after" => self.days_after = to.parse().unwrap(),
            _ => {
                let currency = setting.strip_prefix("tolerance.absolute.").expect(setting);
                self.tolerance.insert(currency.to_owned(), to.to_owned());
            }
        }
    }
}

fn order(name: &str, minute: usize, currency: &str, cents: usize) -> String {
    let at = time(minute);
    format!("{name},paid,{at},{currency},{}.{:02},{at},0.00,,\n", cents / 100, cents % 100)
}

/// A time in January, so many minutes after its first day began.
fn time(minute: usize) -> String {
    let (day, minute) = (minute / 1440, minute % 1440);
    format!("2026-01-{:02} {:02}:{:02}:00 +0000", day + 1, minute / 60, minute % 60)
}

fn line(id: usize, name: &str, minute: usize, (currency, cents): (&str, usize)) -> String {
    let at = time(minute).replace(' ', "T").replace("T+0000", "Z");
    let amount = format!("{}.{:02}", cents / 100, cents % 100);
    format!(
        "T{id},{name},payment,SUCCESSFUL,M-Pesa,KE,{currency},{amount},{amount},0.00,{currency},,{amount},{at},,P\n"
    )
}

/// A month in which few lines name their order.
fn month(dice: &mut Dice) -> (String, String) {
    let (mut orders, mut lines) = (String::new(), String::new());
    let rows = 4 + dice.below(24);
    for row in 0..rows {
        let name = format!("KE-{}", 1001 + row * 7);
        let currency = if dice.below(5) == 0 { "UGX" } else { "KES" };
        let cents = match dice.below(3) {
            0 => 99_900,
            1 => 100_000 + dice.below(400) * 5,
            _ => 1_000 + dice.below(900_000),
        };
        let cents = if currency == "UGX" { cents / 100 * 100 } else { cents };
        let minute = 2 * 1440 + dice.below(12 * 1440);
        orders.push_str(&order(&name, minute, currency, cents));
        let paid = match dice.below(4) {
            0 => cents + [1, 5, 37, 250][dice.below(4)] * if currency == "UGX" { 100 } else { 1 },
            _ => cents,
        };
        let later = match dice.below(4) {
            0 => minute + dice.below(14 * 1440),
            1 => minute.saturating_sub(dice.below(2 * 1440)),
            _ => minute + dice.below(3 * 1440),
        };
        let named = match dice.below(6) {
            0 => name.clone(),
            1 => format!("XX-{}", 90_001 + row * 13),
            _ => String::new(),
        };
        if dice.below(8) > 0 {
            lines.push_str(&line(row, &named, later, (currency, paid)));
        }
    }
    (orders, lines)
}

fn run(rules: &Rules, orders: &str, lines: &str) -> Value {
    let sources = [
        Source::new("orders.csv", Side::Orders, format!("{ORDERS}{orders}")),
        Source::new("mfs.csv", Side::Settlement, format!("{LINES}{lines}")),
    ];
    let as_of = Some("2026-02-15".to_owned());
    let settings = Settings { as_of, rules: Some(rules.text()), ..Settings::default() };
    let document = reconcile(&settings, &sources);
    assert_proven(&document, "why not");
    json(&document)
}

/// By row: the rows that it is matched with, itself included; none while it is open.
fn partners(document: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in elements(document, "entries") {
        all.insert(entry["row"].as_str().unwrap().to_owned(), BTreeSet::new());
    }
    for found in elements(document, "matches") {
        let sides = ["orders", "settlement"].map(|side| elements(found, side).iter());
        let rows = sides.into_iter().flatten().map(|row| row.as_str().unwrap().to_owned());
        let rows: BTreeSet<String> = rows.collect();
        for row in &rows {
            all.insert(row.clone(), rows.clone());
        }
    }
    all
}

/// The currency of a row.
fn currency(document: &Value, row: &str) -> Value {
    let entries = elements(document, "entries").iter();
    let found = entries.clone().find(|entry| entry["row"] == row).expect(row);
    found["currency"].clone()
}

#[test]
fn the_change_that_is_named_matches_the_two_rows_and_touches_no_more_than_it_says() {
    let mut dice = Dice(11);
    let (mut answers, mut changes, mut kinds) = (0, 0, BTreeMap::<String, u32>::new());
    for case in 0..cases(200) {
        let (orders, lines) = month(&mut dice);
        let limit = |dice: &mut Dice| ["0.05", "2.00"][dice.below(2)].to_owned();
        let rules = Rules {
            automatic: dice.below(2) == 0,
            days_before: u32::try_from(dice.below(3)).unwrap(),
            days_after: u32::try_from(dice.below(4)).unwrap(),
            tolerance: (dice.below(3) == 0)
                .then(|| ("KES".to_owned(), limit(&mut dice)))
                .into_iter()
                .collect(),
            percent: (dice.below(4) == 0).then(|| "0.02".to_owned()),
            combine: ["smaller", "larger"][dice.below(2)],
        };
        let document = run(&rules, &orders, &lines);
        let before = partners(&document);
        for exception in elements(&document, "exceptions") {
            let why = &exception["why_not"];
            if why.is_null() {
                continue;
            }
            answers += 1;
            for gate in elements(why, "gates") {
                *kinds.entry(gate["gate"].as_str().unwrap().to_owned()).or_default() += 1;
            }
            let own = exception["rows"][0].as_str().unwrap();
            let change = why.get("change").map(|_| elements(why, "change"));
            let Some(change) = change else { continue };
            let mut changed = rules.clone();
            for one in change {
                changed.set(one["setting"].as_str().unwrap(), one["value"].as_str().unwrap());
            }
            changes += 1;
            let after = partners(&run(&changed, &orders, &lines));
            let pair = [own, why["row"].as_str().unwrap()].map(str::to_owned);
            let at = format!("case {case}: {why}\n{rules:?}\n{ORDERS}{orders}{LINES}{lines}");
            assert_eq!(after[own], BTreeSet::from(pair.clone()), "{at}");
            let others = before.iter().filter(|(row, _)| {
                !pair.contains(row) && currency(&document, row) == exception["currency"]
            });
            let touched = others.filter(|(row, with)| after[*row] != **with).count();
            let said = why["touches"].as_u64().unwrap();
            assert!(touched as u64 <= said, "{touched} of {said}, {at}");
        }
    }
    println!("{answers} answers, {changes} changes, {kinds:?}");
    assert!(changes * 10 > answers, "{changes} of {answers}");
    assert_eq!(kinds.len(), 6, "every gate is met: {kinds:?}");
}

#[test]
fn an_answer_names_row_gates_and_change() {
    let rules = Rules {
        automatic: true,
        days_before: 1,
        days_after: 3,
        tolerance: BTreeMap::new(),
        percent: None,
        combine: "smaller",
    };
    let orders = [
        order("KE-1", 1440, "KES", 10_000),     // paid five days later
        order("KE-2", 2 * 1440, "KES", 25_050), // paid with 0.05 less
        order("KE-3", 3 * 1440, "KES", 70_000), // paid under another number
        order("KE-4", 4 * 1440, "KES", 900_000),
    ];
    let lines = [
        line(1, "", 6 * 1440 + 1440, ("KES", 10_000)),
        line(2, "", 2 * 1440 + 60, ("KES", 25_045)),
        line(3, "ZZ-77001", 3 * 1440 + 60, ("KES", 70_000)),
    ];
    let document = run(&rules, &orders.concat(), &lines.concat());
    let answers: Vec<Value> = elements(&document, "exceptions")
        .iter()
        .filter(|exception| exception["rows"][0].as_str().unwrap().starts_with("orders.csv"))
        .map(|exception| {
            let mut why = exception["why_not"].clone();
            why.as_object_mut().unwrap().remove("explanation");
            why
        })
        .collect();
    let days = value!([{"setting": "without_reference.days_after", "value": "6"}]);
    let difference = value!([{"setting": "tolerance.absolute.KES", "value": "0.05"}]);
    assert_eq!(
        answers,
        [
            value!({"row": "mfs.csv:2", "gates": [{"gate": "time", "days": "6"}], "change": days, "touches": 0}),
            value!({"row": "mfs.csv:3", "gates": [{"gate": "amount", "amount": "-0.05", "currency": "KES"}],
                    "change": difference, "touches": 0}),
            value!({"row": "mfs.csv:4", "gates": [{"gate": "other_number"}]}),
            value!({"gates": [{"gate": "nothing_near"}]}),
        ]
    );
}
