//! Decides whether a mapping of one's own makes sense, before any row is read.
//!
//! A mapping is a profile as JSON: the same fields, most of them left out. Mistakes are named with
//! their path in the document, what was expected there, and the nearest names.

use super::fields::{Field, Shape};
use super::fold::{fold, nearest};
use super::json_path::path_at;
use super::layout::Header;
use super::profile::{Also, Codes, Fixed, Profile, RowRule};
use super::rule::{FieldRule, Sign, Unit};
use crate::entry::{Kind, Part, Side, Status};
use crate::error::Error;
use crate::limits;
use crate::money::Currency;
use crate::time::Zone;

/// Stable code of every mistake in a mapping or profile.
pub const BAD_MAPPING: &str = "ingest/bad-mapping";

/// Reads a mapping from JSON.
///
/// # Errors
/// `ingest/bad-mapping` with the line and column of a mistake in the JSON, or with the path of a
/// name that is not known.
pub fn parse_mapping(json: &str) -> Result<Profile, Error> {
    let mut mapping: Profile = serde_json::from_str(json).map_err(|error| unread(json, &error))?;
    if mapping.name.is_empty() {
        "mapping".clone_into(&mut mapping.name);
    }
    mapping.fields.values_mut().for_each(fold_words);
    validate(&mapping)?;
    Ok(mapping)
}

/// What is wrong with the JSON of a mapping, and where.
fn unread(json: &str, error: &serde_json::Error) -> Error {
    let path = path_at(json, error.line(), error.column());
    let at = if path.is_empty() { String::new() } else { format!(" at {path}") };
    Error::new(BAD_MAPPING, format!("the mapping cannot be read{at}: {error}"))
        .at_line(u32::try_from(error.line()).unwrap_or(u32::MAX))
        .remedy_is("correct the mapping; its keys are those of a profile")
        .arg("path", path)
}

/// Words are compared folded.
pub(super) fn fold_words(rule: &mut FieldRule) {
    for words in [&mut rule.words, &mut rule.prefixes] {
        let folded = std::mem::take(words).into_iter();
        *words = folded.map(|(word, meaning)| (fold(&word), meaning)).collect();
    }
}

/// Checks every name that a profile or mapping uses.
///
/// # Errors
/// `ingest/bad-mapping` with the path of the first mistake, in the order of the document's keys.
pub fn validate(profile: &Profile) -> Result<(), Error> {
    if profile.schema != 1 {
        return Err(mistake("schema", &profile.schema.to_string(), "schema 1"));
    }
    if let Some(side) = &profile.side {
        one_of("side", side, Side::ALL.iter().map(|side| side.name()))?;
    }
    if let Some(zone) = &profile.zone {
        zone_is_known("zone", zone)?;
    }
    if let Some(fixed) = &profile.fixed {
        check_fixed(fixed)?;
    }
    for (name, rule) in &profile.fields {
        let path = format!("fields.{name}");
        let field = Field::parse(name).ok_or_else(|| unknown_field(&path, name))?;
        if profile.base.is_none() || rule.has_source() {
            check_rule(&path, field, rule)?;
        } else {
            check_words(&path, field, rule)?;
        }
    }
    for (index, also) in profile.also.iter().enumerate() {
        check_also(&format!("also[{index}]"), also)?;
    }
    for (index, rule) in profile.rows.iter().enumerate() {
        check_rows(&format!("rows[{index}]"), rule)?;
    }
    let kinds = profile.footer.iter().flat_map(|footer| &footer.kinds);
    for kind in kinds {
        one_of("footer.kinds", kind, Kind::ALL.iter().map(|kind| kind.name()))?;
    }
    for (code, decimals) in &profile.minor_units {
        let path = format!("minor_units.{code}");
        if code != "*" && Currency::from_code(code).is_none() {
            return Err(mistake(&path, code, "a currency code of ISO 4217, or *"));
        }
        if *decimals > 8 {
            return Err(mistake(&path, &decimals.to_string(), "at most 8 decimals"));
        }
    }
    profile.codes.as_ref().map_or(Ok(()), check_codes)?;
    match &profile.components {
        Some(rows) if rows.needs.is_empty() => {
            Err(mistake("components.needs", "nothing", "at least one column"))
        }
        _ => Ok(()),
    }
}

fn check_codes(codes: &Codes) -> Result<(), Error> {
    if codes.data.is_empty() {
        return Err(mistake("codes.data", "nothing", "at least one code"));
    }
    for (code, names) in &codes.columns {
        one_of(&format!("codes.columns.{code}"), code, codes.data.iter().map(String::as_str))?;
        if names.is_empty() {
            return Err(mistake(&format!("codes.columns.{code}"), "nothing", "names of cells"));
        }
    }
    for (index, totals) in codes.totals.iter().enumerate() {
        let path = format!("codes.totals[{index}]");
        let known = codes.structure.iter().chain(&codes.section).map(String::as_str);
        one_of(&format!("{path}.code"), &totals.code, known)?;
        if totals.currency == Some(0) || totals.cells.values().any(|at| *at == 0) {
            return Err(mistake(&path, "0", "cells counted from 1, or from -1 at the end"));
        }
    }
    Ok(())
}

fn check_rows(path: &str, rule: &RowRule) -> Result<(), Error> {
    if let Some(kind) = &rule.kind {
        one_of(&format!("{path}.kind"), kind, Kind::ALL.iter().map(|kind| kind.name()))?;
    }
    if let Some(status) = &rule.status {
        let path = format!("{path}.status");
        one_of(&path, status, Status::ALL.iter().map(|status| status.name()))?;
    }
    let says = rule.kind.is_some() || rule.status.is_some();
    if rule.condition.is_empty() || says == rule.structural {
        let expected = "`where`, and either `kind` and `status` or `structural = true`";
        return Err(mistake(path, "another rule", expected));
    }
    Ok(())
}

/// Widths that cut a line into cells.
fn check_fixed(fixed: &Fixed) -> Result<(), Error> {
    let count = fixed.columns.len();
    if !(1..=limits::COLUMNS).contains(&count) {
        let expected = format!("1 to {} columns", limits::COLUMNS);
        return Err(mistake("fixed.columns", &count.to_string(), &expected));
    }
    if let Some((name, _)) = fixed.columns.iter().find(|(_, width)| *width == 0) {
        return Err(mistake("fixed.columns", name, "a width of at least 1"));
    }
    if !(1..=4).contains(&fixed.wide) {
        return Err(mistake("fixed.wide", &fixed.wide.to_string(), "1 to 4 places"));
    }
    Ok(())
}

fn check_also(path: &str, also: &Also) -> Result<(), Error> {
    let parts = Part::ALL.iter().map(|part| part.name().trim_start_matches('/'));
    one_of(&format!("{path}.part"), &also.part, parts.filter(|part| !part.is_empty()))?;
    one_of(&format!("{path}.kind"), &also.kind, Kind::ALL.iter().map(|kind| kind.name()))?;
    if let Some(status) = &also.undoes_status {
        let path = format!("{path}.undoes_status");
        one_of(&path, status, Status::ALL.iter().map(|status| status.name()))?;
    }
    match (&also.amount, &also.undoes_status) {
        (Some(rule), None) => check_rule(&format!("{path}.amount"), Field::Amount, rule),
        (None, Some(_)) => Ok(()),
        _ => Err(mistake(path, "both or neither", "either `amount` or `undoes_status`")),
    }
}

fn check_rule(path: &str, field: Field, rule: &FieldRule) -> Result<(), Error> {
    let sources = [
        !rule.columns.is_empty(),
        !rule.sum.is_empty() || !rule.minus.is_empty(),
        !rule.credit.is_empty() || !rule.debit.is_empty(),
    ];
    let count = sources.iter().filter(|given| **given).count();
    let word_default = field.shape() == Shape::Word && rule.default.is_some();
    let columns_or_pair = sources == [true, false, true];
    let too_many = count > 1 && !columns_or_pair;
    let found = rule.assumed.is_some() || !rule.preamble.is_empty();
    if too_many || (count == 0 && rule.value.is_none() && !word_default && !found) {
        let expected = "exactly one of `columns`, `sum`, `credit`/`debit` and `value`";
        return Err(mistake(path, "another number of sources", expected));
    }
    if field.shape() != Shape::Money {
        let only_money = sources.iter().skip(1).any(|given| *given)
            || rule.unit != Unit::Major
            || rule.sign != Sign::Auto
            || !rule.negative_where.is_empty()
            || rule.decimals.is_some();
        if only_money {
            let expected = "units, signs, sums and debit/credit only with amounts";
            return Err(mistake(path, field.name(), expected));
        }
    }
    let only_dates = rule.format.is_some()
        || rule.zone.is_some()
        || !rule.zone_column.is_empty()
        || !rule.zones.is_empty()
        || !rule.time_columns.is_empty();
    if field.shape() != Shape::Date && only_dates {
        return Err(mistake(path, field.name(), "date formats, times and zones only with dates"));
    }
    if field.shape() != Shape::Currency && found {
        return Err(mistake(path, field.name(), "`assumed` and `preamble` only with currencies"));
    }
    if field.shape() != Shape::Rate && rule.inverse {
        return Err(mistake(path, field.name(), "`inverse` only with the exchange rate"));
    }
    if let Some(zone) = &rule.zone {
        zone_is_known(&format!("{path}.zone"), zone)?;
    }
    for (label, zone) in &rule.zones {
        zone_is_known(&format!("{path}.zones.{label}"), zone)?;
    }
    check_words(path, field, rule)?;
    for (kind, inner) in &rule.on {
        let path = format!("{path}.on.{kind}");
        one_of(&path, kind, Kind::ALL.iter().map(|kind| kind.name()))?;
        check_rule(&path, field, inner)?;
    }
    Ok(())
}

fn check_words(path: &str, field: Field, rule: &FieldRule) -> Result<(), Error> {
    let names: Vec<&str> = match field {
        Field::Type => Kind::ALL.iter().map(|kind| kind.name()).collect(),
        Field::Status => Status::ALL.iter().map(|status| status.name()).collect(),
        _ if rule.words.is_empty()
            && rule.prefixes.is_empty()
            && rule.negative.is_none()
            && rule.default.is_none() =>
        {
            return Ok(());
        }
        _ => {
            let expected = "vocabularies only with type and status";
            return Err(mistake(path, field.name(), expected));
        }
    };
    for (key, words) in [("words", &rule.words), ("prefixes", &rule.prefixes)] {
        for (word, meaning) in words {
            one_of(&format!("{path}.{key}.{word}"), meaning, names.iter().copied())?;
        }
    }
    for (key, meaning) in [("default", &rule.default), ("negative", &rule.negative)] {
        if let Some(meaning) = meaning {
            one_of(&format!("{path}.{key}"), meaning, names.iter().copied())?;
        }
    }
    Ok(())
}

fn zone_is_known(path: &str, zone: &str) -> Result<(), Error> {
    match Zone::parse(zone) {
        Some(_) => Ok(()),
        None => Err(mistake(path, zone, "an IANA zone such as Asia/Shanghai, or +08:00")),
    }
}

fn one_of<'n>(
    path: &str,
    given: &str,
    names: impl Iterator<Item = &'n str> + Clone,
) -> Result<(), Error> {
    if names.clone().any(|name| name == given) {
        return Ok(());
    }
    let all: Vec<&str> = names.collect();
    Err(mistake(path, given, &format!("one of {}", all.join(", "))))
}

fn mistake(path: &str, given: &str, expected: &str) -> Error {
    Error::new(BAD_MAPPING, format!("{path}: {given:?} where {expected} is expected"))
        .remedy_is("correct the mapping")
        .arg("path", path)
        .arg("given", given)
}

/// A shell takes the quotes off `currency='USD'`: a currency code that is no column is a constant.
pub(super) fn settle_constants(mapping: &mut Profile, header: &Header) {
    for (name, rule) in &mut mapping.fields {
        let is_currency = Field::parse(name).is_some_and(|f| f.shape() == Shape::Currency);
        if let ([only], true) = (rule.columns.as_slice(), is_currency)
            && header.find(only).is_none()
            && super::synonyms::currency(only).is_some()
        {
            rule.value = Some(std::mem::take(&mut rule.columns).concat());
        }
    }
}

/// Checks that a file has every column that a mapping names; alternatives need one of them.
///
/// # Errors
/// `ingest/unknown-column` with the nearest names.
pub(super) fn check_columns(mapping: &Profile, header: &Header) -> Result<(), Error> {
    for (field, rule) in &mapping.fields {
        let alternatives = [&rule.columns, &rule.credit, &rule.debit, &rule.zone_column];
        for names in alternatives.into_iter().filter(|names| !names.is_empty()) {
            if header.first(names).is_none() {
                return Err(unknown_column(field, names, header));
            }
        }
        let summed = rule.sum.iter().chain(&rule.minus);
        if let Some(name) = summed.into_iter().find(|name| header.find(name).is_none()) {
            return Err(unknown_column(field, std::slice::from_ref(name), header));
        }
    }
    Ok(())
}

fn unknown_column(field: &str, names: &[String], header: &Header) -> Error {
    let wanted = names.join("\" or \"");
    let near = names
        .first()
        .map(|name| nearest(name, header.names().filter(|name| !name.is_empty())))
        .unwrap_or_default();
    let remedy = if near.is_empty() {
        let all: Vec<&str> = header.names().filter(|name| !name.is_empty()).take(20).collect();
        format!("the columns are {}", all.join(", "))
    } else {
        format!("did you mean {}?", near.join(" or "))
    };
    Error::new("ingest/unknown-column", format!("{field}: there is no column \"{wanted}\""))
        .remedy_is(remedy)
        .arg("field", field)
        .arg("column", wanted)
}

/// The error for a field that entries do not have.
pub(super) fn unknown_field(path: &str, name: &str) -> Error {
    let names = || Field::ALL.iter().map(|field| field.name());
    let near = nearest(name, names());
    let remedy = if near.is_empty() {
        format!("use one of {}", names().collect::<Vec<_>>().join(", "))
    } else {
        format!("did you mean {}?", near.join(" or "))
    };
    Error::new(BAD_MAPPING, format!("{path}: there is no field {name:?}"))
        .remedy_is(remedy)
        .arg("path", path)
        .arg("given", name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_mapping_is_a_profile() {
        let json = r#"{"side":"settlement","fields":{
            "reference":"order_no",
            "amount":{"columns":"gross","unit":"minor"},
            "currency":{"value":"USD"},
            "type":{"columns":["kind"],"words":{"Pay-ment":"sale"},"default":"other"}}}"#;
        let mapping = parse_mapping(json).unwrap();
        assert_eq!(mapping.name, "mapping");
        assert_eq!(mapping.fields["type"].words["payment"], "sale", "words are folded");
    }

    #[test]
    fn mistakes_are_named_with_path_and_remedy() {
        for (json, said) in [
            (
                r#"{"fields":{"amout":"a"}}"#,
                "fields.amout: there is no field \"amout\"; did you mean amount?",
            ),
            (r#"{"fields":{"zzz":"a"}}"#, "use one of reference, transaction_id"),
            (r#"{"side":"left"}"#, "side: \"left\" where one of orders, settlement"),
            (r#"{"schema":2}"#, "schema: \"2\" where schema 1 is expected"),
            (r#"{"fields":{"fee":{}}}"#, "fields.fee: \"another number of sources\""),
            (r#"{"fields":{"fee":{"columns":"a","sum":["b"]}}}"#, "exactly one of"),
            (r#"{"fields":{"memo":{"columns":"a","unit":"minor"}}}"#, "only with amounts"),
            (r#"{"fields":{"memo":{"columns":"a","zone":"UTC"}}}"#, "only with dates"),
            (r#"{"fields":{"occurred_at":{"columns":"a","zone":"Mars/Base"}}}"#, "Mars/Base"),
            (r#"{"fields":{"type":{"columns":"a","words":{"x":"sold"}}}}"#, "fields.type.words.x"),
            (
                r#"{"fields":{"memo":{"columns":"a","words":{"x":"y"}}}}"#,
                "vocabularies only with type and status",
            ),
            (r#"{"fields":{"amount":{"columns":"a","on":{"sold":"b"}}}}"#, "fields.amount.on.sold"),
            (r#"{"fields":{"memo":{"columns":"a","assumed":"USD"}}}"#, "only with currencies"),
            (
                r#"{"fields":{"memo":{"columns":"a","inverse":true}}}"#,
                "only with the exchange rate",
            ),
            (r#"{"fields":{"type":{"columns":"a","prefixes":{"t0":"sold"}}}}"#, "type.prefixes.t0"),
            (r#"{"fields":{"type":{"columns":"a","negative":"back"}}}"#, "fields.type.negative"),
            (r#"{"fields":{"settled_at":{"columns":"a","zones":{"East":"Mars"}}}}"#, "zones.East"),
            (r#"{"minor_units":{"QQQ":2}}"#, "minor_units.QQQ"),
            (r#"{"minor_units":{"*":20}}"#, "at most 8 decimals"),
            (r#"{"codes":{"data":[]}}"#, "codes.data"),
            (r#"{"codes":{"data":["T"],"columns":{"X":["a"]}}}"#, "codes.columns.X"),
            (r#"{"codes":{"data":["T"],"totals":[{"code":"L"}]}}"#, "codes.totals[0].code"),
            (
                r#"{"codes":{"data":["T"],"structure":["L"],"totals":[{"code":"L","cells":{"sum":2}}]}}"#,
                "unknown variant `sum`",
            ),
            (
                r#"{"codes":{"data":["T"],"structure":["L"],"totals":[{"code":"L","cells":{"rows":0}}]}}"#,
                "counted from 1",
            ),
            (r#"{"components":{"key":"a","needs":[]}}"#, "components.needs"),
            (r#"{"feilds":{}}"#, "unknown field `feilds`"),
            (
                r#"{"fields":{"fee":{"columns":"a","unit":"cents"}}}"#,
                "read at fields.fee.unit: unknown",
            ),
            (r#"{"also":[{"part":"fee","kind":7}]}"#, "read at also[0].kind: invalid type"),
            ("{\n\"side\":5}", "2: the mapping cannot be read at side"),
        ] {
            let error = parse_mapping(json).unwrap_err();
            assert_eq!(error.code(), BAD_MAPPING);
            assert!(error.to_string().contains(said), "{json}\n{error}");
        }
    }
}
