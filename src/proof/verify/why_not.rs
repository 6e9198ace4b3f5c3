//! Checks the answer to "why not?" of an open row: that the row which comes nearest is one that
//! could be, and that the figures between the two are theirs.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::entry::Side;
use crate::limits::{WHY_NOT_DAYS, WHY_NOT_PERCENT};
use crate::money::{Amount, Currency};

use super::Verifier;
use super::cursor::{Cursor, Read};
use super::exceptions::{explanation, numbers};
use super::ledger::{Index, Named, Record};
use super::values;
use super::verdict::CheckName;

/// What keeps two rows apart.
const GATES: &[&str] =
    &["nothing_near", "other_number", "amount", "time", "only_suggested", "several"];

/// The answer as the document states it.
#[derive(Debug, Default)]
pub(super) struct WhyNot {
    nearest: Option<Index>,
    gates: Vec<String>,
    amount: Option<(Amount, Currency)>,
    days: Option<i64>,
    change: Vec<(String, String)>,
    words: [String; 2],
    /// All numbers beside the words.
    figures: BTreeSet<Decimal>,
}

/// Reads the answer.
pub(super) fn read(
    verifier: &mut Verifier<'_>,
    c: &mut Cursor<'_>,
    names: &mut Vec<Named>,
) -> Read<WhyNot> {
    let mut why = WhyNot::default();
    c.literal("{")?;
    if c.has("row") {
        why.nearest = verifier.row(c, names)?;
    }
    c.list_of("gates", |c| {
        c.literal("{")?;
        let gate = c.word("gate", |text| GATES.contains(&text).then(|| text.to_owned()))?;
        match gate.as_str() {
            "amount" => {
                why.amount = super::facts::money(c)?;
                why.figures.extend(why.amount.iter().flat_map(|(a, own)| numbers(&a.format(*own))));
            }
            "time" => {
                let days = c.word("days", |text| {
                    text.parse::<i64>().ok().filter(|days| days.to_string() == text)
                })?;
                why.figures.insert(Decimal::from(days.unsigned_abs()));
                why.days = Some(days);
            }
            "several" => {
                why.figures.insert(Decimal::from(c.count("rows")?));
            }
            "nothing_near" => {
                why.figures.extend([WHY_NOT_DAYS, WHY_NOT_PERCENT].map(Decimal::from))
            }
            _ => {}
        }
        why.gates.push(gate);
        c.literal("}")
    })?;
    c.list_of("change", |c| {
        c.literal("{")?;
        let setting = c.text("setting")?.value.into_owned();
        let value = c.text("value")?.value.into_owned();
        why.figures.extend(numbers(&value));
        why.change.push((setting, value));
        c.literal("}")
    })?;
    if !why.change.is_empty() {
        why.figures.insert(Decimal::from(c.count("touches")?));
    }
    why.words = explanation(c, "explanation")?;
    c.literal("}")?;
    Ok(why)
}

impl Verifier<'_> {
    /// Holds the answer for an open row against the two rows.
    pub(super) fn check_why_not(&mut self, row: Index, why: &WhyNot, place: &str) {
        let wrong = self.wrong_answer(row, why).or_else(|| wrong_words(why));
        if let Some((what, stated, computed)) = wrong {
            self.findings.differs(CheckName::Facts, what, || place.to_owned(), (stated, computed));
        }
    }

    fn wrong_answer(&self, row: Index, why: &WhyNot) -> Option<(&'static str, String, String)> {
        let none = String::new;
        let says = |gate: &str| why.gates.iter().any(|own| own == gate);
        let Some(nearest) = why.nearest else {
            let alone = why.gates.len() == 1 && says("nothing_near") && why.change.is_empty();
            return (!alone)
                .then(|| ("an answer without a row says that nothing is near", none(), none()));
        };
        let (own, other) = self.ledger.get(row).zip(self.ledger.get(nearest))?;
        let (claims, scopes) = (
            self.ledger.claim(row).zip(self.ledger.claim(nearest))?,
            (self.scope_of(row), self.scope_of(nearest)),
        );
        let sides = (own.side, other.side);
        let across = [(Side::Orders, Side::Settlement), (Side::Settlement, Side::Orders)];
        let payments = own.kind.is_payment() && other.kind.is_payment();
        if !across.contains(&sides) || !payments || claims.0.1 != claims.1.1 || scopes.0 != scopes.1
        {
            let what = "the nearest row is no payment of the other side in this currency and shop";
            return Some((what, self.ledger.name(nearest), none()));
        }
        let (order, line) = match own.side {
            Side::Orders => ((claims.0, own), (claims.1, other)),
            _ => ((claims.1, other), (claims.0, own)),
        };
        let more = line.0.0.checked_sub(order.0.0)?;
        if says("amount") != why.amount.is_some()
            || why.amount.is_some_and(|said| said != (more, order.0.1))
        {
            let said = why.amount.map_or_else(none, |(amount, own)| amount.format(own));
            let what = "the amount between the two rows is not theirs";
            return Some((what, said, more.format(order.0.1)));
        }
        // Without the gate they may differ by what the tolerance lets go, and it is not known here.
        let apart = days_apart(order.1, line.1);
        if why.days.is_some_and(|days| Some(days) != apart) {
            let show = |days: Option<i64>| days.map_or_else(none, |days| days.to_string());
            return Some((
                "the days between the two rows are not theirs",
                show(why.days),
                show(apart),
            ));
        }
        if says("other_number") && order.1.keys.names_the_same(line.1.keys) {
            return Some(("the two rows name the same number", none(), none()));
        }
        let setting = why.change.iter().find(|(_, value)| value != "automatic");
        let (setting, value) = setting?;
        let fits = match setting.strip_prefix("tolerance.absolute.") {
            Some(code) => {
                let limit = values::amount(value, order.0.1);
                code == order.0.1.code() && says("amount") && limit == Some(more.abs())
            }
            None => {
                let named = ["without_reference.days_before", "without_reference.days_after"];
                let days: Option<i64> = value.parse().ok();
                // The window begins at the order, or on a later day: it never has to be wider.
                let room = apart.map(|apart| apart.abs().saturating_add(1));
                named.contains(&setting.as_str()) && says("time") && days <= room
            }
        };
        (!fits).then(|| ("the change is not that between the two rows", value.clone(), none()))
    }
}

/// By how many days the line's date is after the order's.
fn days_apart(order: &Record, line: &Record) -> Option<i64> {
    let (order, line) = order.local_date().zip(line.local_date())?;
    Some(i64::from(line.0).saturating_sub(i64::from(order.0)))
}

/// The words have the figures of the answer and no others, the same in both languages.
fn wrong_words(why: &WhyNot) -> Option<(&'static str, String, String)> {
    let [mut en, mut zh] = why.words.each_ref().map(|text| numbers(text));
    if let Some(number) = en.iter().chain(&zh).find(|number| !why.figures.contains(number)) {
        let what = "the words have a number that the answer has not";
        return Some((what, number.to_string(), String::new()));
    }
    en.sort_unstable();
    zh.sort_unstable();
    let what = "the words have other numbers in English than in Chinese";
    (en != zh).then(|| (what, String::new(), String::new()))
}
