//! Ways to change what a result document says: one figure, word or place at a time, or several that
//! hide each other.

mod amounts;
mod codes;
mod others;
mod pairs;
mod places;
mod totals;

use crossfoot::codes::Code;
use crossfoot::money::Currency;
use rust_decimal::Decimal;

use super::Dice;
use super::paper::{Leaf, List, Object, Paper, Plain, Text, number, object, text, written};

use amounts::*;
use codes::*;
use others::*;
use pairs::*;
use places::*;
pub(crate) use places::{end, without_exception};
use totals::*;

/// What is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Amount,
    Code,
    Disposition,
    Group,
    Total,
    Match,
    /// Anything else: words, evidence, dates, sources, the order of elements.
    Other,
}

/// A way to change a document; `None` where it does not fit this one.
type Change = fn(&mut Paper, &mut Dice) -> Option<()>;

/// A kind of forgery.
#[derive(Clone, Copy)]
pub(crate) struct Forgery {
    pub(crate) name: &'static str,
    pub(crate) subject: Subject,
    pub(crate) change: Change,
}

const fn forgery(subject: Subject, name: &'static str, change: Change) -> Forgery {
    Forgery { name, subject, change }
}

/// All of them.
pub(crate) const ALL: &[Forgery] = &[
    forgery(Subject::Amount, "an amount of an entry", entry_amount),
    forgery(Subject::Amount, "money moved between entries", amount_moved),
    forgery(Subject::Amount, "the amounts of two entries swapped", amounts_swapped),
    forgery(Subject::Amount, "a part of a difference", part_changed),
    forgery(Subject::Amount, "money moved between parts", part_moved),
    forgery(Subject::Amount, "a part moved between matches", part_between_matches),
    forgery(Subject::Amount, "the amount of an exception", exception_amount),
    forgery(Subject::Amount, "a figure of a fact", fact_figure),
    forgery(Subject::Amount, "both figures of a fact", fact_figures),
    forgery(Subject::Code, "a code of a fact", code_replaced),
    forgery(Subject::Code, "the codes of two facts swapped", codes_swapped),
    forgery(Subject::Code, "the headline", headline),
    forgery(Subject::Code, "a fact left out", fact_dropped),
    forgery(Subject::Code, "a fact made up", fact_added),
    forgery(Subject::Code, "a note left out", note_dropped),
    forgery(Subject::Code, "a note made up", note_added),
    forgery(Subject::Code, "an exception left out", exception_dropped),
    forgery(Subject::Code, "the code of a row that was rejected", rejected_code),
    forgery(Subject::Code, "the code of a total", control_code),
    forgery(Subject::Disposition, "a disposition", disposition),
    forgery(Subject::Disposition, "an open entry put aside", open_put_aside),
    forgery(Subject::Disposition, "an entry that was put aside opened", put_aside_opened),
    forgery(Subject::Disposition, "a reason", reason),
    forgery(Subject::Disposition, "the places of two entries swapped", places_swapped),
    forgery(Subject::Disposition, "a pair put aside", pair_put_aside),
    forgery(Subject::Group, "the group of an entry", group),
    forgery(Subject::Group, "a row moved to another match", row_moved),
    forgery(Subject::Match, "two lines swapped between matches", lines_swapped),
    forgery(Subject::Match, "equal lines swapped between matches", equal_lines_swapped),
    forgery(Subject::Match, "a match left out", match_dropped),
    forgery(Subject::Match, "a match twice", match_doubled),
    forgery(Subject::Match, "a match taken apart", match_dissolved),
    forgery(Subject::Match, "a match made up", match_made_up),
    forgery(Subject::Match, "two matches made one", matches_merged),
    forgery(Subject::Match, "a rule", rule),
    forgery(Subject::Match, "a class", class),
    forgery(Subject::Total, "a figure of a total", total_figure),
    forgery(Subject::Total, "money moved between the places of a total", total_moved),
    forgery(Subject::Total, "a total left out", total_dropped),
    forgery(Subject::Total, "a total twice", total_doubled),
    forgery(Subject::Total, "a figure of the summary", summary_figure),
    forgery(Subject::Total, "explained in place of unexplained", summary_moved),
    forgery(Subject::Total, "a count", count),
    forgery(Subject::Total, "whether it balances", balance),
    forgery(Subject::Other, "evidence", evidence),
    forgery(Subject::Other, "any field of an entry", entry_field),
    forgery(Subject::Other, "an entry left out", entry_dropped),
    forgery(Subject::Other, "an entry twice", entry_doubled),
    forgery(Subject::Other, "the names of two rows swapped", names_swapped),
    forgery(Subject::Other, "two elements in the other order", elements_swapped),
    forgery(Subject::Other, "a due date", due),
    forgery(Subject::Other, "an explanation of another row", explanation),
    forgery(Subject::Other, "a candidate", candidate),
    forgery(Subject::Other, "what is said of a source", source),
    forgery(Subject::Other, "what is said of the run", head),
    forgery(Subject::Other, "any text or number", anything),
];

fn pick<T>(dice: &mut Dice, list: &[T]) -> Option<usize> {
    (!list.is_empty()).then(|| dice.below(list.len()))
}

/// One of the elements of a section that fit.
fn one(
    paper: &Paper,
    dice: &mut Dice,
    section: &str,
    fits: impl Fn(&Leaf) -> bool,
) -> Option<usize> {
    let all: Vec<usize> =
        (0..).zip(paper.elements(section)).filter(|(_, e)| fits(e)).map(|(at, _)| at).collect();
    pick(dice, &all).map(|at| all[at])
}

/// Two different elements of a section, the second of which fits the first.
fn two(
    paper: &Paper,
    dice: &mut Dice,
    section: &str,
    fits: impl Fn(&Leaf, &Leaf) -> bool,
) -> Option<(usize, usize)> {
    let list = paper.elements(section);
    let start = pick(dice, list)?;
    (0..list.len()).map(|n| (start + n) % list.len()).find_map(|first| {
        let others: Vec<usize> =
            (0..list.len()).filter(|at| *at != first && fits(&list[first], &list[*at])).collect();
        pick(dice, &others).map(|at| (first, others[at]))
    })
}

fn same(one: &Leaf, other: &Leaf, fields: &[&str]) -> bool {
    fields.iter().all(|field| one.text(field) == other.text(field))
}

/// An amount that is near another one, by the ways in which people and programs err.
fn nudged(dice: &mut Dice, amount: Decimal) -> Decimal {
    let unit = Decimal::new(1, amount.scale());
    match dice.below(6) {
        0 => amount + unit,
        1 => amount - unit,
        2 => amount * Decimal::TEN,
        3 => -amount,
        4 => amount + unit * Decimal::from(9 * (1 + dice.below(99))),
        _ => amount * Decimal::ONE_HUNDRED,
    }
}

/// A text with another digit, or another letter where it has none.
fn altered(dice: &mut Dice, value: &str) -> String {
    let digits: Vec<usize> =
        value.bytes().enumerate().filter(|(_, b)| b.is_ascii_digit()).map(|(at, _)| at).collect();
    match pick(dice, &digits) {
        Some(at) => {
            let mut bytes = value.as_bytes().to_vec();
            let digit = &mut bytes[digits[at]];
            *digit = b'0' + (*digit - b'0' + 1 + u8::try_from(dice.below(9)).unwrap()) % 10;
            String::from_utf8(bytes).unwrap()
        }
        None => format!("{value}x"),
    }
}

/// Writes an amount as the currency of an element wants it.
fn write(element: &mut Leaf, field: &str, amount: Decimal, currency: &str) -> Option<()> {
    let currency = Currency::from_code(currency)?;
    let written = written(amount, currency);
    (element.text(field) != written).then(|| element.set(field, &written))
}

/// The currency of an entry's field.
fn currency_of(entry: &Leaf, field: &str) -> String {
    match (field, entry.text("net_currency")) {
        ("net", paid) if !paid.is_empty() => paid.to_owned(),
        _ => entry.text("currency").to_owned(),
    }
}
