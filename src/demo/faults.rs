//! Decides what a planted error looks like on a line: a wrong amount, unit, fee or reference.

use super::contract::{contract_fee, uncapped_fee};
use super::labels::Code;
use super::market::store;
use super::provider::Line;
use super::rng::Rng;

/// Too much or too little, by 2 to 25 percent.
pub(super) fn differ(rng: &mut Rng, line: &mut Line) -> Code {
    let grain = store(line.store).grain;
    let percent = rng.between(2, 25);
    let mut difference = (line.received * percent / 100 / grain * grain).max(grain);
    if difference == line.fee {
        difference += grain;
    }
    let over = rng.percent(40);
    let received = if over { line.received + difference } else { line.received - difference };
    // Sometimes the payer was charged in full, and less than that was credited.
    let charged_in_full = !over && rng.percent(50);
    let amount = if charged_in_full { line.amount } else { received };
    reprice(line, amount, received);
    if over { Code::AmountOver } else { Code::AmountUnder }
}

/// Minor units taken for major ones, or the other way round.
pub(super) fn mistake_unit(rng: &mut Rng, line: &mut Line) {
    let smaller = line.received / 100;
    let possible =
        line.received % 100 == 0 && contract_fee(store(line.store).currency, smaller) * 3 < smaller;
    let received = if possible && rng.percent(40) { smaller } else { line.received * 100 };
    reprice(line, received, received);
}

/// More than the contract allows: the cap forgotten, or some tenths of a percent on top.
pub(super) fn overcharge(rng: &mut Rng, line: &Line) -> i64 {
    let store = store(line.store);
    let unit = 10_i64.pow(store.currency.exponent);
    let uncapped = uncapped_fee(store.currency, line.received);
    if uncapped >= line.fee + unit && rng.percent(60) {
        return uncapped;
    }
    let extra = line.received * rng.between(3, 12) / 1_000;
    line.fee + extra.max(unit / 5).max(store.grain / 4).max(2)
}

/// The order's number as a person would retype it.
pub(super) fn damage(rng: &mut Rng, number: &str) -> String {
    let plain = number.replace('-', "");
    match rng.below(10) {
        0 => number.to_lowercase(),
        1 => format!("ORDER {number}"),
        2 => format!("order#{}", number.to_lowercase()),
        3 => format!("INV-{number}"),
        4 => plain,
        5 => format!("Ref: {number}"),
        6 => number.chars().map(full_width).collect(),
        7 => format!("TXN {}", number.replace('-', " ")),
        8 => format!("Order No. {plain}"),
        _ => format!("#{}", plain.to_lowercase()),
    }
}

fn full_width(letter: char) -> char {
    u32::from(letter).checked_add(0xFEE0).and_then(char::from_u32).unwrap_or(letter)
}

/// Other amounts on a line, with the fee that the contract asks for them.
fn reprice(line: &mut Line, amount: i64, received: i64) {
    line.amount = amount;
    line.received = received;
    line.fee = contract_fee(store(line.store).currency, received);
}
