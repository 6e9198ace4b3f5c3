//! What a spreadsheet or a wrong encoding did to a file is named in the result, and a damaged id
//! never matches as if it were whole.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod support;

use crossfoot::engine::Settings;
use crossfoot::entry::Side;
use serde_json::Value;
use support::{Source, assert_proven, document, json, run};

const HEADER: &str = "order_id,date,amount,fee,net,currency\n";

/// The result for one order file and one settlement file.
fn reconciled(orders: impl Into<Vec<u8>>, lines: impl Into<Vec<u8>>) -> Value {
    let sources = [
        Source::new("orders.csv", Side::Orders, orders),
        Source::new("lines.csv", Side::Settlement, lines),
    ];
    let written = document(&run(&Settings::default(), &sources).unwrap());
    assert_proven(&written, "lines.csv");
    json(&written)
}

/// The assumptions of the settlement file, as `what: value, why`.
fn said(document: &Value) -> Vec<String> {
    let sources = document["sources"].as_array().unwrap();
    let lines = sources.iter().find(|source| source["file"] == "lines.csv").unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let show =
        |a: &Value| format!("{}: {}, {}", text(&a["what"]), text(&a["value"]), text(&a["why"]));
    lines["assumptions"].as_array().unwrap().iter().map(show).collect()
}

fn matches(document: &Value) -> usize {
    document["matches"].as_array().unwrap().len()
}

/// Orders and lines with these ids, a coin more each.
fn pair(order_ids: &[&str], line_ids: &[&str]) -> (String, String) {
    let mut orders = String::from("order_id,date,total,currency\n");
    let mut lines = String::from(HEADER);
    for (n, id) in order_ids.iter().enumerate() {
        orders += &format!("{id},2026-02-01,{}.00,USD\n", n + 10);
    }
    for (n, id) in line_ids.iter().enumerate() {
        lines += &format!("{id},2026-02-01,{}.00,0.00,{}.00,USD\n", n + 10, n + 10);
    }
    (orders, lines)
}

#[test]
fn a_destroyed_id_is_named_and_is_no_key() {
    let damaged: [(&[&str], &str); 4] = [
        (&["1.23457E+17", "A-2"], "damaged id in order_id: 1.23457E+17, a spreadsheet wrote it as"),
        (&["12-Mar", "A-2"], "damaged id in order_id: 12-Mar, a spreadsheet took it for a date"),
        (&["#N/A", "A-2"], "damaged id in order_id: #N/A, a spreadsheet wrote an error"),
        (
            &["4200001234567890000", "4200001234567990000", "4200001234568890000"],
            "a spreadsheet kept 15 digits of it",
        ),
    ];
    for (ids, sentence) in damaged {
        // The same damage on both sides: equal texts, but not the same order for certain.
        let (orders, lines) = pair(ids, ids);
        let document = reconciled(orders, lines);
        let said = said(&document);
        assert!(said.iter().any(|said| said.contains(sentence)), "{sentence}: {said:#?}");
        let whole = ids.iter().filter(|id| id.starts_with("A-")).count();
        assert_eq!(matches(&document), whole, "{ids:?}");
    }
}

#[test]
fn ids_that_only_look_damaged_are_keys() {
    let ids = ["12E5", "2026-0301", "#1001", "4200001234567891234", "4200001234567892345", "1.5-A"];
    let (orders, lines) = pair(&ids, &ids);
    let document = reconciled(orders, lines);
    assert_eq!(matches(&document), ids.len());
    assert!(said(&document).iter().all(|said| !said.contains("damaged")));
}

#[test]
fn hidden_characters_are_taken_out_of_keys_and_reported() {
    let (orders, lines) = pair(
        &["A-1", "A-2", "A-3", "A-4"],
        &["\u{feff}A-1", "A\u{200b}-2", "A-3\u{a0}", "\u{202d}A-4\u{202c}"],
    );
    let document = reconciled(orders, lines);
    assert_eq!(matches(&document), 4);
    let said = said(&document);
    let sentence = "hidden characters: order_id, characters that nobody sees";
    assert!(said.iter().any(|s| s.starts_with(sentence) && s.contains("4 rows")), "{said:#?}");
}

#[test]
fn a_guessed_encoding_is_said_with_the_next_best() {
    let orders = "order_id,date,total,currency\nA-1,2026-02-01,10.00,USD\n";
    let lines = "order_id,date,amount,fee,net,currency,note\nA-1,2026-02-01,10.00,0.00,10.00,USD,";
    let cases = [
        ("windows-1252", "Hélène à Nîmes"),
        ("windows-1250", "żółć, gęśla"),
        ("windows-1251", "Оплата заказа"),
        ("shift_jis", "クレジットカード"),
    ];
    for (label, note) in cases {
        let text = format!("{lines}\"{note}\"\n");
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
        let document = reconciled(orders, encoding.encode(&text).0.into_owned());
        assert_eq!(matches(&document), 1, "{label}");
        let said = said(&document);
        let wanted = format!("encoding: {label}, ");
        let found = said.iter().any(|said| said.to_lowercase().starts_with(&wanted));
        assert!(found, "{label}: {said:#?}");
    }
}

#[test]
fn damaged_text_is_named_with_its_row() {
    let orders = "order_id,date,total,currency\nA-1,2026-02-01,10.00,USD\n";
    let lines = "order_id,date,amount,fee,net,currency,note\nA-1,2026-02-01,10.00,0.00,10.00,USD,";
    let cases: [(&[u8], &str); 4] = [
        ("a \u{fffd} b\n".as_bytes(), "damaged text: lost-character, column 7 holds"),
        (b"\"x\"y\n", "damaged text: stray-quote, "),
        ("CafÃ©\n".as_bytes(), "damaged text: garbled, column 7 holds “Ã©”"),
        (b"a\0b\n", "damaged text: nul, the line holds NUL characters"),
    ];
    for (note, sentence) in cases {
        let document = reconciled(orders, [lines.as_bytes(), note].concat());
        let said = said(&document);
        let found = said.iter().any(|said| said.starts_with(sentence) && said.ends_with("row 2"));
        assert!(found, "{sentence}: {said:#?}");
    }
}
