//! Decides how a mapping of a few columns completes a profile: what is mapped counts, the rest is
//! read as the profile says.

use super::fields::Field;
use super::fold::fold;
use super::profile::Profile;
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
    merged.name = format!("{}+columns", base.name);
    merged.fields.retain(|name, _| !mapped.contains(&Field::parse(name)));
    for rule in merged.fields.values_mut() {
        for names in [&mut rule.columns, &mut rule.or_columns, &mut rule.credit, &mut rule.debit] {
            names.retain(|name| !used.contains(&fold(name)));
        }
    }
    for (name, rule) in &mapping.fields {
        merged.fields.insert(name.clone(), rule.clone());
    }
    if mapping.zone.is_some() {
        merged.zone.clone_from(&mapping.zone);
    }
    merged
}

/// Gives the word columns of a mapping that have no vocabulary the one of the generic profile.
pub fn add_vocabulary(mapping: &mut Profile, side: Side) {
    for (name, rule) in &mut mapping.fields {
        let field = Field::parse(name);
        if !matches!(field, Some(Field::Type | Field::Status)) || !rule.words.is_empty() {
            continue;
        }
        let known = generic(side).fields.iter().find(|(name, _)| Field::parse(name) == field);
        if let Some((_, known)) = known {
            rule.words.clone_from(&known.words);
        }
    }
}
