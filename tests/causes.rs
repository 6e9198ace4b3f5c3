//! Exceptions with one cause are one card: what makes a card, and what is only like it.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::indexing_slicing, reason = "helpers of tests")]

mod support;

use std::collections::BTreeMap;

use crossfoot::engine::Settings;
use crossfoot::entry::Side;
use crossfoot::proof::verify::CheckName;
use serde_json::{Value, json as value};
use support::{Source, assert_proven, elements, json, reconcile, verdict};

const ORDERS: &str = "Name,Financial Status,Paid at,Currency,Total,Created at,Refunded Amount,Id,Payment Reference\n";
const LINES: &str = "transaction_id,transaction_reference,type,status,operator,country,currency,amount,amount_received,fee_deduction,settlement_currency,fx_rate,net_amount,created_at,settlement_date,payout_id\n";

/// One percent of what is paid.
const CONTRACT: &str =
    "schema = 1\n[[fee]]\ncurrency = \"KES\"\nkinds = [\"sale\"]\npercent = \"1\"\n";

/// An order and the line that pays it, in cents.
#[derive(Clone, Debug)]
struct Sale {
    order: Option<String>,
    line: Option<String>,
    /// Minutes since the beginning of February.
    minute: u32,
    ordered: u64,
    paid: u64,
    fee: u64,
}

fn decimal(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// A month of so many sales, every three hours, whose fee is one percent.
fn month(sales: u32) -> Vec<Sale> {
    (0..sales)
        .map(|n| {
            let number = format!("KE-{}", 1001 + n);
            let paid = 10_000 + u64::from(n) * 700;
            let (order, line) = (Some(number.clone()), Some(number));
            Sale { order, line, minute: n * 180, ordered: paid, paid, fee: paid / 100 }
        })
        .collect()
}

fn document(sales: &[Sale]) -> String {
    let (mut orders, mut lines) = (ORDERS.to_owned(), LINES.to_owned());
    for sale in sales {
        let (day, minute) = (1 + sale.minute / 1440, sale.minute % 1440);
        let time = format!("{:02}:{:02}:00", minute / 60, minute % 60);
        if let Some(name) = &sale.order {
            let total = decimal(sale.ordered);
            orders += &format!(
                "{name},paid,2026-02-{day:02} {time} +0000,KES,{total},2026-02-{day:02} {time} +0000,0.00,,\n"
            );
        }
        if let Some(name) = &sale.line {
            let (paid, fee) = (decimal(sale.paid), decimal(sale.fee));
            let net = decimal(sale.paid - sale.fee);
            lines += &format!(
                "T-{name},{name},payment,SUCCESSFUL,M-Pesa,KE,KES,{paid},{paid},{fee},KES,1,{net},2026-02-{day:02}T{time}Z,2026-02-{day:02},P1\n"
            );
        }
    }
    let settings = Settings {
        as_of: Some("2026-03-10".to_owned()),
        contract: Some(CONTRACT.to_owned()),
        ..Settings::default()
    };
    let sources = [
        Source::new("orders.csv", Side::Orders, orders),
        Source::new("mfs.csv", Side::Settlement, lines),
    ];
    reconcile(&settings, &sources)
}

/// The causes of a month, without their ids: what, the number of exceptions, and the rest.
fn causes(sales: &[Sale]) -> Vec<Value> {
    let document = document(sales);
    assert_proven(&document, "causes");
    let document = json(&document);
    let known: BTreeMap<&str, &Value> = elements(&document, "exceptions")
        .iter()
        .map(|exception| (exception["id"].as_str().unwrap_or_default(), exception))
        .collect();
    let of = |cause: &Value| {
        let of = elements(cause, "exceptions");
        assert!(of.iter().all(|id| known.contains_key(id.as_str().unwrap_or_default())));
        value!({
            "cause": cause["cause"], "from": cause["from"], "to": cause["to"],
            "store": cause["store"], "currency": cause["currency"],
            "exceptions": of.len(), "amounts": cause["amounts"],
        })
    };
    elements(&document, "causes").iter().map(of).collect()
}

fn card(cause: &str, exceptions: usize, amount: &str) -> Value {
    value!({
        "cause": cause, "from": null, "to": null, "store": null, "currency": null,
        "exceptions": exceptions, "amounts": [{"currency": "KES", "amount": amount}],
    })
}

fn with(mut card: Value, fields: &[(&str, &str)]) -> Value {
    for (name, field) in fields {
        card[*name] = value!(field);
    }
    card
}

#[test]
fn a_run_of_orders_without_lines_is_a_missing_piece_of_the_file() {
    let mut sales = month(60);
    for sale in &mut sales[20..30] {
        sale.line = None;
    }
    // 240.00 to 303.00 in steps of 7.00: ten times 271.50, from 3 February 12:00 to the 4th, 15:00.
    let card = with(card("gap", 10, "-2715.00"), &[("from", "2026-02-03"), ("to", "2026-02-04")]);
    assert_eq!(causes(&sales), [card]);
    // As many single ones.
    let mut single = month(60);
    for sale in single.iter_mut().step_by(6) {
        sale.line = None;
    }
    assert_eq!(causes(&single), [] as [Value; 0]);
}

#[test]
fn a_gap_stands_out_from_single_missing_lines_only_if_it_is_long() {
    // Every fourth order is missing anyway.
    let month = |run: usize| {
        let mut sales = month(120);
        for sale in sales.iter_mut().step_by(4) {
            sale.line = None;
        }
        for sale in &mut sales[41..41 + run] {
            sale.line = None;
        }
        causes(&sales)
    };
    assert_eq!(month(8), [] as [Value; 0]);
    assert_eq!(month(27).len(), 1);
}

#[test]
fn a_file_in_another_unit_is_one_cause() {
    let mut sales = month(30);
    for sale in &mut sales {
        (sale.paid, sale.fee) = (sale.paid * 100, sale.fee * 100);
    }
    // Σ 100.00 + 7.00 n over 30 = 6,045.00; 99 times that is too much.
    let card = with(card("unit", 30, "598455.00"), &[("currency", "KES")]);
    assert_eq!(causes(&sales), [card]);
    // Five of thirty are five mistakes.
    for sale in &mut sales[..25] {
        (sale.paid, sale.fee) = (sale.paid / 100, sale.fee / 100);
    }
    assert_eq!(causes(&sales), [] as [Value; 0]);
}

#[test]
fn lines_of_a_shop_whose_orders_are_not_there_are_one_cause() {
    let mut sales = month(48);
    for (n, sale) in sales.iter_mut().enumerate().filter(|(n, _)| n % 4 == 1) {
        sale.line = Some(format!("SHOP2-{n}"));
        sale.order = None;
    }
    // Twelve of 107.00 + 28.00 n are 3,132.00, less one percent of fee.
    let card = with(card("store", 12, "3100.68"), &[("store", "SHOP2-")]);
    assert_eq!(causes(&sales), [card]);
    // One of them has its order: so the shop's orders are there.
    sales[1].order = sales[1].line.clone();
    assert_eq!(causes(&sales), [] as [Value; 0]);
}

#[test]
fn a_fee_that_is_another_one_since_a_day_is_one_cause() {
    let mut sales = month(64);
    for sale in sales.iter_mut().filter(|sale| sale.minute >= 5 * 1440) {
        sale.fee *= 2;
    }
    // From 6 February on 24 lines of 380.00 + 7.00 n, 11,052.00 in all: one percent of it too much.
    let fields = [("from", "2026-02-06"), ("to", "2026-02-08"), ("currency", "KES")];
    assert_eq!(causes(&sales), [with(card("fee_change", 24, "-110.52"), &fields)]);
    // Charged from the first day on it is no change; the contract may be another one.
    for sale in sales.iter_mut().filter(|sale| sale.minute < 5 * 1440) {
        sale.fee *= 2;
    }
    assert_eq!(causes(&sales), [] as [Value; 0]);
    // Every second line is no rate.
    let mut sales = month(64);
    for sale in sales.iter_mut().step_by(2).filter(|sale| sale.minute >= 5 * 1440) {
        sale.fee *= 2;
    }
    assert_eq!(causes(&sales), [] as [Value; 0]);
}

#[test]
fn a_cause_that_is_changed_is_found() {
    let mut sales = month(60);
    for sale in &mut sales[20..30] {
        sale.line = None;
    }
    let document = document(&sales);
    let cause = json(&document)["causes"][0].clone();
    let ids: Vec<&str> = support::strings(&cause["exceptions"]).collect();
    let line = document.lines().find(|line| line.contains("\"cause\":\"gap\"")).unwrap_or_default();
    let changes = [
        ("\"amount\":\"-2715.00\"".to_owned(), "\"amount\":\"-2715.01\"".to_owned()),
        ("\"cause\":\"gap\"".to_owned(), "\"cause\":\"store\"".to_owned()),
        ("\"from\":\"2026-02-03\"".to_owned(), "\"from\":\"2026-02-02\"".to_owned()),
        (format!(",\"{}\"", ids[9]), String::new()),
        (format!("\"{}\"", ids[9]), format!("\"{}\"", ids[8])),
        ("10 orders in a row".to_owned(), "11 orders in a row".to_owned()),
    ];
    for (from, to) in changes {
        let changed = line.replace(&from, &to);
        assert_ne!(changed, line, "{from}");
        let found = verdict(&document.replace(line, &changed));
        let of_causes = found.checks.iter().find(|check| check.name == CheckName::Causes);
        assert!(of_causes.is_some_and(|check| !check.ok), "{from} → {to}");
    }
    // Without the card, rows say that they are in a gap that nobody states.
    let without = verdict(&document.replace(&format!("{line}\n"), ""));
    assert!(!without.holds);
}
