//! Decides how a mapping of a few columns completes a profile: what is mapped counts, the rest is
//! read as the profile says.

use super::fields::Field;
use super::fold::fold;
use super::profile::{Numbers, Profile};
use super::rule::FieldRule;
use super::shipped::generic;
use crate::entry::Side;

/// The profile with the mapping's fields in place of its own. A column that the mapping uses is no
/// longer found by a synonym of another field.
#[must_use]
pub fn overlaid(base: &Profile, mapping: &Profile) -> Profile {
    let used: Vec<String> = mapping
        .fields
        .values()
        .flat_map(|rule| rule.mentioned().map(fold).collect::<Vec<_>>())
        .collect();
    let mapped: Vec<Option<Field>> = mapping.fields.keys().map(|name| Field::parse(name)).collect();
    let mut merged = base.clone();
    merged.name = format!("{}+{}", base.name, mapping.name);
    merged.fields.retain(|name, _| !mapped.contains(&Field::parse(name)));
    for rule in merged.fields.values_mut() {
        for names in [&mut rule.columns, &mut rule.or_columns, &mut rule.credit, &mut rule.debit] {
            names.retain(|name| !used.contains(&fold(name)));
        }
    }
    for (name, rule) in &mapping.fields {
        let field = Field::parse(name);
        let known = base.fields.iter().find(|(name, _)| Field::parse(name) == field);
        let mut rule = match known {
            Some((_, known)) if !rule.has_source() => known.answered(rule),
            _ => rule.clone(),
        };
        rule.is_given = rule.is_given || mapping_gives(mapping, name);
        merged.fields.insert(name.clone(), rule);
    }
    if mapping.zone.is_some() {
        merged.zone.clone_from(&mapping.zone);
    }
    merged.scope.clone_from(&mapping.scope);
    if mapping.numbers != Numbers::Auto {
        merged.numbers = mapping.numbers;
    }
    merged
}

/// Whether the mapping itself names the columns of a field.
fn mapping_gives(mapping: &Profile, name: &str) -> bool {
    mapping.fields.get(name).is_some_and(FieldRule::has_source)
}

/// Gives the word columns of a mapping the vocabulary of the generic profile: those that have none of
/// their own, and in a mapping that completes a profile also those whose words answer a few questions.
pub fn add_vocabulary(mapping: &mut Profile, side: Side) {
    let completes = mapping.base.is_some();
    for (name, rule) in &mut mapping.fields {
        let field = Field::parse(name);
        let asked = rule.words.is_empty() || (completes && rule.has_source());
        if !asked || !matches!(field, Some(Field::Type | Field::Status)) {
            continue;
        }
        let known = generic(side).fields.iter().find(|(name, _)| Field::parse(name) == field);
        for (word, meaning) in known.into_iter().flat_map(|(_, known)| &known.words) {
            rule.words.entry(word.clone()).or_insert_with(|| meaning.clone());
        }
    }
}
