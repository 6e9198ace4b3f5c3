//! Decides whether the columns of a file are still those of its format: whether one that the format
//! reads is gone while another one, which the format does not know, holds what it held.
//!
//! Providers rename columns, and a file stays recognisable by the others. What the renamed one held
//! is then missing without a word. A column that is only gone is not enough: many exports leave out
//! what is empty or was not asked for. Nor is one that only came: nobody has to read it.

use super::fields::Field;
use super::headless::NO_HEADER;
use super::layout::{Header, mapped, rule_of};
use super::profile::{Profile, Tested};
use super::report::Drift;
use super::rule::FieldRule;
use super::shipped::generic;
use crate::entry::Side;

/// What changed in the header of a file that was recognised as one of this profile; `None` if
/// nothing did, or if the profile takes any column.
pub(super) fn of(
    profile: &Profile,
    header: &Header,
    header_row: Option<u32>,
    side: Side,
) -> Option<Drift> {
    let layout = !matches!(profile.status, Tested::Generic | Tested::Mapping);
    let has_header = header_row.is_some_and(|row| row != NO_HEADER) && profile.codes.is_none();
    if !layout || !has_header {
        return None;
    }
    let read: Vec<Field> = mapped(profile, header).into_iter().map(|(field, _)| field).collect();
    let known: Vec<usize> = names(profile).filter_map(|name| header.find(name)).collect();
    let mut drift = Drift::default();
    for (field, column) in mapped(generic(side), header) {
        let gone = rule_of(profile, field).filter(|_| matters(field) && !read.contains(&field));
        let Some(name) = gone.and_then(|rule| rule.mentioned().next()) else { continue };
        if known.contains(&column) {
            continue;
        }
        drift.missing.push(name.to_owned());
        drift.unknown.push(header.name(column).to_owned());
    }
    (!drift.missing.is_empty()).then_some(drift)
}

/// Fields without which a row is another one.
fn matters(field: Field) -> bool {
    !matches!(field, Field::Memo | Field::Method | Field::Country)
}

/// The columns that a profile speaks of.
fn names(profile: &Profile) -> impl Iterator<Item = &str> {
    let rules = profile.fields.values();
    let on = profile.fields.values().flat_map(|rule| rule.on.values());
    let also = profile.also.iter().filter_map(|also| also.amount.as_ref());
    let fields = rules.chain(on).chain(also).flat_map(FieldRule::mentioned);
    let checks = profile.checks.iter().flat_map(|check| {
        let sides = check.plus.iter().chain(&check.minus).chain(&check.count_of);
        sides.chain(std::iter::once(&check.left))
    });
    let rows = profile.rows.iter().flat_map(|row| row.condition.keys());
    let others = profile.signature.iter().flatten().chain(&profile.balance);
    fields.chain(checks.chain(rows).chain(others).map(String::as_str))
}
