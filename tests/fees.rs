//! Fees worked out by hand: every shape of a contract, on both sides of each of its boundaries.
//!
//! A case is a folder `tests/fees/<shape>-<name>/` with a contract (`fees.toml`) and lines
//! (`lines.toml`); each line has the sum as a person would do it, and what the fee is, or what is
//! not known.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crossfoot::entry::Kind;
use crossfoot::fees::{Contract, Expected, Language, Line, Volumes};
use crossfoot::money::{Amount, Currency};
use crossfoot::time::Date;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    it: String,
    line: Vec<Written>,
}

/// A line of a case: what the file says of it, and what is expected.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Written {
    kind: String,
    currency: String,
    amount: String,
    date: String,
    settled_on: String,
    method: String,
    country: String,
    card_origin: String,
    store: String,
    channel: String,
    category: String,
    memo: String,
    pair: String,
    passed_through: String,
    /// The amount of the payment that a refund gives back.
    paid: String,
    fee: String,
    tax: String,
    silent: bool,
    not_known: String,
    sum: String,
    text: String,
}

impl Written {
    fn currency(&self, contract: &Contract) -> Currency {
        match self.currency.as_str() {
            "" => contract.fees().first().and_then(|fee| fee.currency).expect("a currency"),
            code => Currency::from_code(code).expect(code),
        }
    }

    fn amount(&self, text: &str, contract: &Contract) -> Amount {
        Amount::from_major(text.parse().expect(text), self.currency(contract)).unwrap()
    }

    fn line<'a>(&'a self, contract: &Contract) -> Line<'a> {
        let kind = if self.kind.is_empty() { "sale" } else { &self.kind };
        let date = |text: &str| (!text.is_empty()).then(|| Date::from_iso(text).expect(text));
        let optional = |text: &str| (!text.is_empty()).then(|| self.amount(text, contract));
        let code = |text: &str| Currency::from_code(text).expect(text);
        Line {
            date: date(&self.date),
            settled_on: date(&self.settled_on),
            method: &self.method,
            country: &self.country,
            card_origin: &self.card_origin,
            store: &self.store,
            channel: &self.channel,
            category: &self.category,
            memo: &self.memo,
            pair: self.pair.split_once('>').map(|(from, to)| (code(from), code(to))),
            passed_through: optional(&self.passed_through),
            ..Line::new(
                Kind::from_name(kind).expect(kind),
                self.currency(contract),
                self.amount(&self.amount, contract),
            )
        }
    }

    fn shown(&self) -> String {
        match (self.silent, self.not_known.as_str()) {
            (true, _) => "silent".to_owned(),
            (false, "") if self.tax.is_empty() => self.fee.clone(),
            (false, "") => format!("{} and {}", self.fee, self.tax),
            (false, gap) => format!("not known: {gap}"),
        }
    }
}

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fees");
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(root).unwrap().map(|item| item.unwrap().path()).collect();
    folders.sort();
    folders
}

fn contract(folder: &Path) -> Contract {
    let text = std::fs::read_to_string(folder.join("fees.toml")).unwrap();
    Contract::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
}

fn case(folder: &Path) -> Case {
    let text = std::fs::read_to_string(folder.join("lines.toml")).unwrap();
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
}

/// The lines of a case, each with the volume of its month before it.
fn counted<'a>(case: &'a Case, contract: &Contract) -> (Vec<(&'a Written, Line<'a>)>, Volumes) {
    let mut volumes = Volumes::of(contract);
    let mut lines: Vec<(&Written, Line<'_>)> =
        case.line.iter().map(|written| (written, written.line(contract))).collect();
    lines.sort_by_key(|(_, line)| line.date);
    lines.iter().filter_map(|(_, line)| line.date).for_each(|date| volumes.see(date));
    for (_, line) in &mut lines {
        line.volume_before = volumes.count(contract, line);
    }
    (lines, volumes)
}

#[test]
fn every_line_has_the_fee_that_was_worked_out_by_hand() {
    let mut wrong = Vec::new();
    for folder in folders() {
        let (contract, case) = (contract(&folder), case(&folder));
        assert!(case.it.ends_with('.'), "{}", folder.display());
        let (lines, volumes) = counted(&case, &contract);
        for (written, line) in lines {
            let currency = line.currency;
            let paid = (!written.paid.is_empty()).then(|| Line {
                kind: Kind::Sale,
                amount: written.amount(&written.paid, &contract),
                ..line
            });
            let line = Line { payment: paid.as_ref(), ..line };
            let found = match contract.charge(&line, &volumes) {
                Expected::Silent => "silent".to_owned(),
                Expected::NotKnown(gap) => format!("not known: {}", gap.name()),
                Expected::Charge(charge) if written.tax.is_empty() && charge.tax.is_zero() => {
                    charge.fee.format(currency)
                }
                Expected::Charge(charge) => {
                    format!("{} and {}", charge.fee.format(currency), charge.tax.format(currency))
                }
            };
            let place = format!("{} {}", folder.display(), written.sum);
            if found != written.shown() {
                wrong.push(format!("{place}: {found}"));
            }
            let calculation = contract.calculation(&line, &volumes);
            let fee = calculation.as_ref().map(|c| c.fee.format(currency)).unwrap_or_default();
            assert_eq!(fee, written.fee, "{place}: the steps lead to another fee");
            let text = calculation.map(|c| c.text(Language::English)).unwrap_or_default();
            if std::env::var_os("CROSSFOOT_SHOW").is_some() {
                println!("{text}");
            }
            assert!(text.contains(&written.fee.replace(',', "")) || text.contains(','), "{text}");
            if !written.text.is_empty() && text != written.text {
                wrong.push(format!("{place}: {text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_shape_has_five_lines_and_every_sum_is_written() {
    let mut shapes = BTreeSet::new();
    for folder in folders() {
        let case = case(&folder);
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        shapes.insert(name.get(..2).unwrap().parse::<u32>().unwrap());
        assert!(case.line.len() >= 5, "{name} has {} lines", case.line.len());
        for line in &case.line {
            let amount = line.fee.trim_start_matches('-');
            assert!(line.sum.contains(amount), "{name}: {} is not in {}", line.fee, line.sum);
            assert!(line.sum.len() > 3, "{name}: the sum of {} is not written", line.amount);
        }
    }
    assert_eq!(shapes, (1..=18).collect());
}
