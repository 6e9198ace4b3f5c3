//! Decides what the columns of a table without a header are, by their values alone: a proposal that
//! a person is asked to confirm.
//!
//! The first column of dates is when it happened and a second one when it was settled; the first
//! column of amounts is the amount; a column of currency codes is the currency; the first text is
//! the memo, and the last column of names with digits and without blanks is the reference.

use std::collections::BTreeMap;

use super::fields::Field;
use super::layout::Header;
use super::profile::Profile;
use super::record::Rows;
use super::rule::FieldRule;
use super::shipped::generic;
use super::synonyms;
use crate::entry::Side;
use crate::money::NumberVotes;
use crate::time::{DateDecision, DateVotes};

/// Rows that are looked at.
const LOOKED_AT: usize = 50;

/// The row of a header that is not there: every row of the file stands under it.
pub(super) const NO_HEADER: u32 = 0;

/// The columns by their places, for a table without a header.
pub(super) fn header(rows: &Rows) -> Header {
    let width = rows.rows.iter().take(LOOKED_AT).map(|row| row.cells.len()).max().unwrap_or(0);
    let names: Vec<String> = (1..=width).map(|number| format!("column {number}")).collect();
    Header::new(names.iter().map(String::as_str))
}

/// How a table without a header may be read: its fields and their columns; `None` if its first row
/// does not look like one of dates and amounts.
pub(super) fn fields(rows: &Rows) -> Option<Vec<(Field, usize)>> {
    let first = rows.rows.first().filter(|_| rows.columns.is_empty())?;
    let mut found: BTreeMap<Field, usize> = BTreeMap::new();
    for column in 0..first.cells.len() {
        let cells = rows.rows.iter().take(LOOKED_AT).filter_map(|row| row.cells.get(column));
        let cells: Vec<&str> = cells.map(|cell| cell.trim()).filter(|c| !c.is_empty()).collect();
        let Some(field) = field_of(&cells, &found) else { continue };
        if field == Field::Reference {
            found.insert(field, column);
        } else {
            found.entry(field).or_insert(column);
        }
    }
    let has = |field: Field| found.contains_key(&field);
    let enough = has(Field::OccurredAt) && has(Field::Amount);
    enough
        .then(|| Field::ALL.iter().filter_map(|field| Some((*field, *found.get(field)?))).collect())
}

/// The profile that reads it so.
pub(super) fn profile(side: Side, rows: &Rows) -> Option<Profile> {
    let header = header(rows);
    let mut profile = generic(side).clone();
    for rule in profile.fields.values_mut() {
        rule.columns = Vec::new();
        (rule.credit, rule.debit) = (Vec::new(), Vec::new());
    }
    for (field, column) in fields(rows)? {
        let name = header.name(column).to_owned();
        match profile.fields.get_mut(field.name()) {
            Some(rule) => rule.columns = vec![name],
            None => {
                profile.fields.insert(field.name().to_owned(), FieldRule::from_columns([name]));
            }
        }
    }
    Some(profile)
}

/// What a column of these values may hold.
fn field_of(cells: &[&str], found: &BTreeMap<Field, usize>) -> Option<Field> {
    if cells.is_empty() {
        return None;
    }
    if cells.iter().all(|cell| cell.len() == 3 && synonyms::currency(cell).is_some()) {
        return Some(Field::Currency);
    }
    if are_dates(cells) {
        let is_second = found.contains_key(&Field::OccurredAt);
        return Some(if is_second { Field::SettledAt } else { Field::OccurredAt });
    }
    if are_amounts(cells) {
        return (!found.contains_key(&Field::Amount)).then_some(Field::Amount);
    }
    let is_name = |cell: &&str| {
        cell.bytes().any(|byte| byte.is_ascii_digit()) && !cell.contains(char::is_whitespace)
    };
    Some(if cells.iter().all(is_name) { Field::Reference } else { Field::Memo })
}

fn are_dates(cells: &[&str]) -> bool {
    let mut votes = DateVotes::default();
    cells.iter().for_each(|cell| votes.observe(cell));
    let shaped = |cell: &&str| {
        let marks = cell.bytes().filter(|byte| matches!(byte, b'-' | b'/' | b'.')).count();
        marks >= 2 && cell.len() >= 6 && cell.bytes().any(|byte| byte.is_ascii_digit())
    };
    cells.iter().all(shaped) && !matches!(votes.decide(), DateDecision::NoDates { .. })
}

/// Numbers with a decimal mark somewhere: whole numbers alone may be anything.
fn are_amounts(cells: &[&str]) -> bool {
    let mut votes = NumberVotes::default();
    let is_number = |cell: &&str| {
        cell.bytes().any(|byte| byte.is_ascii_digit())
            && cell.chars().all(|letter| {
                letter.is_ascii_digit() || ".,-+()' \u{a0}\u{2212}$€£¥".contains(letter)
            })
    };
    cells.iter().for_each(|cell| votes.observe(cell));
    let marked = votes.point.cells > 0 || votes.comma.cells > 0 || votes.either.cells > 0;
    marked && cells.iter().all(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lines: &[&str]) -> String {
        let rows = Rows::of_lines(lines, '|');
        let shown = |(field, column): (Field, usize)| format!("{}={}", field.name(), column + 1);
        let fields = fields(&rows).unwrap_or_default();
        fields.into_iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn columns_are_told_by_their_values() {
        for (lines, fields) in [
            (
                &[
                    "31/12/2025|Payment|EUR|1,525.00|-1.00|Shop||INV1",
                    "30/12/2025|Fee|EUR|-5.00|0.00|Bank||",
                ][..],
                "reference=8 amount=4 currency=3 occurred_at=1 memo=2",
            ),
            (
                &["A-1|2026-01-05|2026-01-07|10.00|USD"],
                "reference=1 amount=4 currency=5 occurred_at=2 settled_at=3",
            ),
            // A header, whole numbers, or no date: nothing is proposed.
            (&["Date|Amount", "2026-01-05|10.00"], ""),
            (&["2026-01-05|10|20"], ""),
            (&["red|5.00"], ""),
        ] {
            assert_eq!(found(lines), fields, "{lines:?}");
        }
    }
}
