//! Decides how a field is read from a row: from which columns, in which unit, sign and format.
//!
//! A rule is written as a column name, a list of column names of which the first one present
//! counts, or a table with more to say (see [`FieldRule`]).

use std::collections::BTreeMap;
use std::fmt;

use super::conditions::Where;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// How one field is read. Every part is optional; a column name alone is the commonest rule.
///
/// The value comes from `columns` or `sum`, else from `credit`/`debit`, else from `value`. Column
/// names are compared folded: case, blanks, punctuation and full-width letters do not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldRule {
    /// Alternative names of the column; the first one that the header has counts.
    pub columns: Vec<String>,
    /// Columns that stand in, in this order, for rows whose cell is empty.
    pub or_columns: Vec<String>,
    /// Columns whose amounts are added up; those that the header lacks count nothing.
    pub sum: Vec<String>,
    /// Columns whose amounts are taken off a `sum`.
    pub minus: Vec<String>,
    /// Columns (first present counts) whose amount is added …
    pub credit: Vec<String>,
    /// … and whose amount is taken off.
    pub debit: Vec<String>,
    /// A constant.
    pub value: Option<String>,
    /// A constant where neither the file nor the user states anything; listed as an assumption.
    pub assumed: Option<String>,
    /// Words of a line above the header; the word that follows them is the constant.
    pub preamble: Vec<String>,
    /// The cell is a JSON object or list: the value is that of its first member of this name.
    pub member: Option<String>,
    /// Cells that mean "nothing here", besides an empty one.
    pub empty: Vec<String>,
    /// The cell's text counts up to this only.
    pub until: Option<String>,
    /// Whether the column counts major units (the default) or minor ones.
    pub unit: Unit,
    /// How many decimals the column may have, where that is more than its currency has; kept exactly.
    pub decimals: Option<u32>,
    /// How the sign of the number is to be understood.
    pub sign: Sign,
    /// The number is negative in these rows and positive in all others, whatever its own sign.
    pub negative_where: Where,
    /// Whether a rate is the other way round: units of the original for one of the settlement's.
    pub inverse: bool,
    /// How dates are written: `auto`, `iso`, `unix_s`, `unix_ms`, or a pattern like `%d/%m/%Y`.
    pub format: Option<String>,
    /// The zone of dates without an offset of their own: an IANA name or `+08:00`. Where nothing
    /// names one, a column whose name ends with `UTC` is in it.
    pub zone: Option<String>,
    /// The column that names the zone of each row.
    pub zone_column: Vec<String>,
    /// The column with the time of day, where the date stands alone.
    pub time_columns: Vec<String>,
    /// What that column calls zones, where it is neither their name nor an abbreviation.
    pub zones: BTreeMap<String, String>,
    /// The vocabulary of a word column: the word (folded) and what it means.
    pub words: BTreeMap<String, String>,
    /// Beginnings of words (folded) and what they mean; the longest counts.
    pub prefixes: BTreeMap<String, String>,
    /// What an empty or absent word cell means.
    pub default: Option<String>,
    /// Of the type: what a row of the kind `sale` is whose amount is negative.
    pub negative: Option<String>,
    /// Rules that replace this one on rows of a kind.
    pub on: BTreeMap<String, FieldRule>,
    /// A person mapped it: its columns may feed other fields too.
    pub is_given: bool,
}

/// In what a column counts money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// `12.34` dollars.
    #[default]
    Major,
    /// `1234` cents.
    Minor,
}

impl From<Unit> for crate::money::Unit {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Major => Self::Major,
            Unit::Minor => Self::Minor,
        }
    }
}

/// What the sign of a number in a column means. Entries are signed as the merchant sees them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// Not stated: amounts as under `type`; fees and taxes as the line identity
    /// amount + fee + tax = net says, and where it is silent, a positive number is a charge.
    #[default]
    Auto,
    /// The column is signed as the merchant sees it.
    AsWritten,
    /// The column has the opposite sign: a positive number is a charge.
    Neg,
    /// The number's own sign is ignored: the kind gives the sign of amounts, fees are charges.
    Abs,
    /// The kind gives the sign of positive numbers: refunds, reversals, chargebacks, cancellations,
    /// payouts, fees and reserves are negative.
    Type,
    /// Positive numbers are taken off the amount, in whichever direction the amount goes.
    Deduct,
    /// The sign of the amount.
    LikeAmount,
}

impl FieldRule {
    /// A rule that reads the first present of these columns.
    pub fn from_columns<S: Into<String>>(columns: impl IntoIterator<Item = S>) -> Self {
        Self { columns: columns.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// A rule that gives the same text in every row.
    pub fn constant(value: impl Into<String>) -> Self {
        Self { value: Some(value.into()), ..Self::default() }
    }

    /// Whether it says where the value comes from.
    #[must_use]
    pub fn has_source(&self) -> bool {
        let lists = [&self.columns, &self.sum, &self.credit, &self.debit];
        self.value.is_some() || lists.into_iter().any(|names| !names.is_empty())
    }

    /// This rule with what `answer` says instead: formats, signs, units, zones and words.
    #[must_use]
    pub fn answered(&self, answer: &Self) -> Self {
        let mut rule = self.clone();
        let keep = |new: &Option<String>, old: &Option<String>| new.clone().or_else(|| old.clone());
        rule.format = keep(&answer.format, &self.format);
        rule.zone = keep(&answer.zone, &self.zone);
        rule.default = keep(&answer.default, &self.default);
        rule.decimals = answer.decimals.or(self.decimals);
        if answer.sign != Sign::Auto {
            rule.sign = answer.sign;
        }
        if answer.unit != Unit::Major {
            rule.unit = answer.unit;
        }
        rule.words.extend(answer.words.iter().map(|(word, name)| (word.clone(), name.clone())));
        rule
    }

    /// Every column name that the rule mentions.
    pub fn mentioned(&self) -> impl Iterator<Item = &str> {
        let names = [&self.columns, &self.or_columns, &self.sum, &self.credit, &self.debit];
        let more = [&self.minus, &self.zone_column, &self.time_columns];
        let names = names.into_iter().chain(more).flatten();
        names.chain(self.negative_where.keys()).map(String::as_str)
    }
}

/// The table form of a rule; unknown keys are refused by name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Table {
    #[serde(deserialize_with = "names")]
    columns: Vec<String>,
    #[serde(deserialize_with = "names")]
    or_columns: Vec<String>,
    #[serde(deserialize_with = "names")]
    sum: Vec<String>,
    #[serde(deserialize_with = "names")]
    minus: Vec<String>,
    #[serde(deserialize_with = "names")]
    credit: Vec<String>,
    #[serde(deserialize_with = "names")]
    debit: Vec<String>,
    value: Option<String>,
    assumed: Option<String>,
    #[serde(deserialize_with = "names")]
    preamble: Vec<String>,
    member: Option<String>,
    #[serde(deserialize_with = "names")]
    empty: Vec<String>,
    until: Option<String>,
    unit: Unit,
    decimals: Option<u32>,
    sign: Sign,
    negative_where: Where,
    inverse: bool,
    format: Option<String>,
    zone: Option<String>,
    #[serde(deserialize_with = "names")]
    zone_column: Vec<String>,
    #[serde(deserialize_with = "names")]
    time_columns: Vec<String>,
    zones: BTreeMap<String, String>,
    words: BTreeMap<String, String>,
    prefixes: BTreeMap<String, String>,
    default: Option<String>,
    negative: Option<String>,
    on: BTreeMap<String, FieldRule>,
}

impl From<Table> for FieldRule {
    fn from(table: Table) -> Self {
        Self {
            columns: table.columns,
            or_columns: table.or_columns,
            sum: table.sum,
            minus: table.minus,
            credit: table.credit,
            debit: table.debit,
            value: table.value,
            assumed: table.assumed,
            preamble: table.preamble,
            member: table.member,
            empty: table.empty,
            until: table.until,
            unit: table.unit,
            decimals: table.decimals,
            sign: table.sign,
            inverse: table.inverse,
            negative_where: table.negative_where,
            format: table.format,
            zone: table.zone,
            zone_column: table.zone_column,
            zones: table.zones,
            time_columns: table.time_columns,
            words: table.words,
            prefixes: table.prefixes,
            default: table.default,
            negative: table.negative,
            on: table.on,
            is_given: false,
        }
    }
}

impl<'de> Deserialize<'de> for FieldRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Rule;
        impl<'de> Visitor<'de> for Rule {
            type Value = FieldRule;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a column name, a list of column names, or a table")
            }

            fn visit_str<E>(self, name: &str) -> Result<FieldRule, E> {
                Ok(FieldRule::from_columns([name]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<FieldRule, A::Error> {
                let mut columns: Vec<String> = Vec::new();
                while let Some(name) = list.next_element()? {
                    columns.push(name);
                }
                Ok(FieldRule::from_columns(columns))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FieldRule, A::Error> {
                Table::deserialize(MapAccessDeserializer::new(map)).map(FieldRule::from)
            }
        }
        deserializer.deserialize_any(Rule)
    }
}

/// One name or a list of names.
pub(crate) fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Names;
    impl<'de> Visitor<'de> for Names {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a name or a list of names")
        }

        fn visit_str<E>(self, name: &str) -> Result<Vec<String>, E> {
            Ok(vec![name.to_owned()])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<String>, A::Error> {
            let mut all = Vec::new();
            while let Some(name) = list.next_element()? {
                all.push(name);
            }
            Ok(all)
        }
    }
    deserializer.deserialize_any(Names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_a_list_and_a_table_are_rules() {
        for (text, rule) in [
            (r#""a""#, FieldRule::from_columns(["a"])),
            (r#"["a","b"]"#, FieldRule::from_columns(["a", "b"])),
            (r#"{"columns":"a"}"#, FieldRule::from_columns(["a"])),
            (r#"{"value":"USD"}"#, FieldRule::constant("USD")),
            (
                r#"{"columns":["a"],"unit":"minor","sign":"neg"}"#,
                FieldRule { unit: Unit::Minor, sign: Sign::Neg, ..FieldRule::from_columns(["a"]) },
            ),
        ] {
            assert_eq!(serde_json::from_str::<FieldRule>(text).unwrap(), rule, "{text}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (text, said) in [
            (r#"{"colums":["a"]}"#, "unknown field `colums`"),
            (r#"{"sign":"plus"}"#, "unknown variant `plus`"),
            ("5", "a column name, a list of column names, or a table"),
            (r#"{"sum":5}"#, "a name or a list of names"),
        ] {
            let error = serde_json::from_str::<FieldRule>(text).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
