//! Decides what `--columns 'FILE: field=column, …'` says: a mapping in one line.
//!
//! ```text
//! psp.csv: reference=order_no, amount="Gross, EUR":minor, fee=fee:minor:neg, currency='USD',
//!          occurred_at=paid_at@Asia/Shanghai, settled_at=ts:unix_s
//! ```
//!
//! A column name ends at `,` `:` or `@`, or is in double quotes. After `:` come hints, which may be
//! chained: `major` `minor` (unit), `neg` `abs` (sign), `iso` `dmy` `mdy` `unix_s` `unix_ms` or a
//! pattern such as `%d/%m/%Y %H:%M` (date). After `@` comes a zone. A text in single quotes is a
//! constant. `amount=Credit:less=Debit` reads a pair of columns: what came in less what went out.

use super::fields::{Field, Shape};
use super::fold::nearest;
use super::mapping::unknown_field;
use super::profile::Profile;
use super::rule::{FieldRule, Sign, Unit};
use crate::error::{Column, Error};
use crate::time::{DateFormat, Zone};

/// Stable code of every mistake in the flag.
pub const BAD_COLUMNS: &str = "args/bad-columns";

/// A mapping of one file.
#[derive(Clone, Debug)]
pub struct ColumnsFlag {
    /// The file that it is about, as it was written.
    pub file: String,
    /// What it says.
    pub mapping: Profile,
}

/// Reads the flag's value.
///
/// # Errors
/// `args/bad-columns` with the column (character of the value, from 1) of the mistake, or
/// `ingest/bad-mapping` for a field that entries do not have; both with the remedy.
pub fn parse_columns(text: &str) -> Result<ColumnsFlag, Error> {
    let (file, start) = file_of(text)?;
    let mut cursor = Cursor { text, at: start };
    let mut mapping = empty_mapping();
    loop {
        cursor.skip_blanks();
        if cursor.rest().is_empty() {
            break;
        }
        let at = cursor.at;
        let (name, rule) = cursor.field()?;
        if mapping.fields.insert(name.to_owned(), rule).is_some() {
            return Err(cursor
                .mistake(at, &format!("the field {name} is mapped twice"))
                .remedy_is("give each field once"));
        }
        cursor.skip_blanks();
        if !cursor.take(',') && !cursor.rest().is_empty() {
            let near: String = cursor.rest().chars().take(20).collect();
            return Err(cursor
                .mistake(cursor.at, &format!("a comma is expected before “{near}”"))
                .remedy_is("put column names with special characters in double quotes"));
        }
    }
    if mapping.fields.is_empty() {
        return Err(usage("no field is mapped"));
    }
    Ok(ColumnsFlag { file: file.to_owned(), mapping })
}

fn empty_mapping() -> Profile {
    serde_json::from_str(r#"{"name":"columns"}"#)
        .expect("invariant: every part of a profile has a default")
}

/// The file's name, and where the fields begin: the last colon before the first equals sign.
fn file_of(text: &str) -> Result<(&str, usize), Error> {
    let first = text.find('=').ok_or_else(|| usage("there is no “field=column”"))?;
    let before = text.get(..first).unwrap_or_default();
    let colon = before.rfind(':').ok_or_else(|| usage("the file's name is missing"))?;
    let file = before.get(..colon).unwrap_or_default().trim();
    if file.is_empty() {
        return Err(usage("the file's name is missing"));
    }
    Ok((file, colon.saturating_add(1)))
}

fn usage(why: &str) -> Error {
    Error::new(BAD_COLUMNS, format!("--columns: {why}"))
        .remedy_is("write --columns 'FILE: field=column, field=column:hint, …'")
}

/// A place in the flag's value.
struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        let blanks = rest.len().saturating_sub(rest.trim_start().len());
        self.at = self.at.saturating_add(blanks);
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at = self.at.saturating_add(wanted.len_utf8());
        }
        found
    }

    /// A text that ends at one of `ends`, or one in double quotes (`""` is a quote).
    fn word(&mut self, ends: &[char]) -> Result<String, Error> {
        self.skip_blanks();
        if self.rest().starts_with('"') {
            let word = self.quoted('"')?;
            self.skip_blanks();
            return Ok(word);
        }
        let rest = self.rest();
        let word = rest.get(..rest.find(ends).unwrap_or(rest.len())).unwrap_or_default();
        self.at = self.at.saturating_add(word.len());
        Ok(word.trim().to_owned())
    }

    fn quoted(&mut self, quote: char) -> Result<String, Error> {
        let start = self.at;
        self.take(quote);
        let mut word = String::new();
        loop {
            let Some(letter) = self.rest().chars().next() else {
                return Err(self.mistake(start, "a quote is not closed").remedy_is("close it"));
            };
            self.take(letter);
            if letter == quote && !self.take(quote) {
                return Ok(word);
            }
            word.push(letter);
        }
    }

    /// `field=column:hint:hint@zone`.
    fn field(&mut self) -> Result<(&'static str, FieldRule), Error> {
        let at = self.at;
        let name = self.word(&['=', ','])?;
        if !self.take('=') {
            return Err(self
                .mistake(at, &format!("“{name}” has no column"))
                .remedy_is("write field=column"));
        }
        let field = Field::parse(&name)
            .ok_or_else(|| unknown_field("--columns", &name).at_column(self.position(at)))?;
        self.skip_blanks();
        if self.rest().starts_with('\'') {
            return Ok((field.name(), FieldRule::constant(self.quoted('\'')?)));
        }
        let column = self.word(&[',', ':', '@'])?;
        if column.is_empty() {
            return Err(self
                .mistake(at, &format!("{} has no column", field.name()))
                .remedy_is("write field=column"));
        }
        let mut rule = FieldRule::from_columns([column]);
        while self.take(':') {
            let at = self.at;
            self.skip_blanks();
            if field.shape() == Shape::Money && self.rest().starts_with("less=") {
                self.at = self.at.saturating_add("less=".len());
                let debit = self.word(&[',', ':', '@'])?;
                rule.credit = std::mem::take(&mut rule.columns);
                rule.debit = vec![debit];
                continue;
            }
            // A pattern may hold colons; no other hint does.
            let is_pattern = self.rest().starts_with('%');
            let ends: &[char] = if is_pattern { &[',', '@'] } else { &[',', ':', '@'] };
            let hint = self.word(ends)?;
            self.hint(at, field, &hint, &mut rule)?;
        }
        if self.take('@') {
            let at = self.at;
            let zone = self.word(&[','])?;
            self.zone(at, field, zone, &mut rule)?;
        }
        Ok((field.name(), rule))
    }

    fn hint(&self, at: usize, field: Field, hint: &str, rule: &mut FieldRule) -> Result<(), Error> {
        match (hint, field.shape()) {
            ("major", Shape::Money) => rule.unit = Unit::Major,
            ("minor", Shape::Money) => rule.unit = Unit::Minor,
            ("neg", Shape::Money) => rule.sign = Sign::Neg,
            ("abs", Shape::Money) => rule.sign = Sign::Abs,
            (format, Shape::Date) if DateFormat::parse(format).is_some() => {
                rule.format = Some(format.to_owned());
            }
            _ => return Err(self.bad_hint(at, field, hint)),
        }
        Ok(())
    }

    fn zone(
        &self,
        at: usize,
        field: Field,
        zone: String,
        rule: &mut FieldRule,
    ) -> Result<(), Error> {
        if field.shape() != Shape::Date {
            return Err(self
                .mistake(at, &format!("{} is no date, so it has no zone", field.name()))
                .remedy_is("leave out what follows @, or put the column name in double quotes"));
        }
        if Zone::parse(&zone).is_none() {
            return Err(self
                .mistake(at, &format!("there is no zone “{zone}”"))
                .remedy_is("use a name such as Asia/Shanghai, or an offset such as +08:00"));
        }
        rule.zone = Some(zone);
        Ok(())
    }

    fn bad_hint(&self, at: usize, field: Field, hint: &str) -> Error {
        let known: &[&str] = match field.shape() {
            Shape::Money => &["major", "minor", "neg", "abs", "less="],
            Shape::Date => &["iso", "dmy", "mdy", "unix_s", "unix_ms", "%d/%m/%Y"],
            Shape::Text | Shape::Word | Shape::Currency | Shape::Rate => &[],
        };
        let near = nearest(hint, known.iter().copied());
        let remedy = match (near.as_slice(), known) {
            ([], []) => format!(
                "{} takes no hint; put a column name that holds a colon in double quotes",
                field.name()
            ),
            ([], known) => format!("use one of {}", known.join(", ")),
            (near, _) => format!("did you mean {}?", near.join(" or ")),
        };
        self.mistake(at, &format!("{} has no hint “{hint}”", field.name())).remedy_is(remedy)
    }

    fn mistake(&self, at: usize, why: &str) -> Error {
        Error::new(BAD_COLUMNS, format!("--columns: {why}")).at_column(self.position(at))
    }

    /// A place in characters, from 1.
    fn position(&self, at: usize) -> Column {
        let before = self.text.get(..at).unwrap_or_default().chars().count();
        Column::Number(u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str, field: &str) -> FieldRule {
        let flag = parse_columns(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        flag.mapping.fields.get(field).cloned().unwrap_or_else(|| panic!("{text}: no {field}"))
    }

    #[test]
    fn the_design_example_is_read() {
        let flag = parse_columns(
            "psp.csv: reference=order_no, transaction_id=id, type=type, status=status, \
             amount=gross:minor, fee=fee:minor, net=net:minor, currency=ccy, fx_rate=rate, \
             occurred_at=paid_at@Asia/Shanghai, settled_at=ts:unix_s, batch=payout_id, memo=note",
        )
        .unwrap();
        assert_eq!(flag.file, "psp.csv");
        assert_eq!(flag.mapping.fields.len(), 13);
        assert_eq!(flag.mapping.fields["amount"].unit, Unit::Minor);
        assert_eq!(flag.mapping.fields["occurred_at"].zone.as_deref(), Some("Asia/Shanghai"));
        assert_eq!(flag.mapping.fields["settled_at"].format.as_deref(), Some("unix_s"));
    }

    #[test]
    fn names_hints_constants_and_zones() {
        let column = |name: &str| FieldRule::from_columns([name]);
        for (text, field, expected) in [
            ("a.csv:amount=x", "amount", column("x")),
            ("a.csv: amount = Gross Amount ", "amount", column("Gross Amount")),
            (r#"a.csv: amount="Gross, EUR: ""x""""#, "amount", column("Gross, EUR: \"x\"")),
            ("C:\\data\\a.csv: amount=x", "amount", column("x")),
            ("a.csv: currency='USD'", "currency", FieldRule::constant("USD")),
            (
                "a.csv: fee=x:minor:neg",
                "fee",
                FieldRule { unit: Unit::Minor, sign: Sign::Neg, ..column("x") },
            ),
            (r#"a.csv: fee="a:b":abs"#, "fee", FieldRule { sign: Sign::Abs, ..column("a:b") }),
            (
                "a.csv: occurred_at=x:%d/%m/%Y %H:%M@+08:00, memo=y",
                "occurred_at",
                FieldRule {
                    format: Some("%d/%m/%Y %H:%M".into()),
                    zone: Some("+08:00".into()),
                    ..column("x")
                },
            ),
            ("a.csv: settled_on=x", "settled_at", column("x")),
        ] {
            assert_eq!(rule(text, field), expected, "{text}");
        }
        assert_eq!(parse_columns("C:\\data\\a.csv: amount=x").unwrap().file, "C:\\data\\a.csv");
    }

    #[test]
    fn mistakes_have_a_place_and_a_remedy() {
        for (text, said) in [
            ("amount=x", "the file's name is missing; write --columns 'FILE: field=column"),
            ("a.csv: ", "there is no “field=column”"),
            (
                "a.csv: amout=x",
                "column 8: --columns: there is no field \"amout\"; did you mean amount?",
            ),
            ("a.csv: amount=", "amount has no column"),
            ("a.csv: amount=x, fee", "column 18: --columns: “fee” has no column"),
            ("a.csv: amount=x:mineur", "amount has no hint “mineur”; did you mean minor?"),
            ("a.csv: amount=x:unix_s", "use one of major, minor, neg, abs"),
            ("a.csv: memo=x:minor", "memo takes no hint"),
            ("a.csv: memo=x@UTC", "memo is no date"),
            ("a.csv: occurred_at=x@Mars", "there is no zone “Mars”"),
            ("a.csv: occurred_at=x:%d", "occurred_at has no hint “%d”"),
            ("a.csv: amount=\"x", "column 15: --columns: a quote is not closed"),
            ("a.csv: amount=\"x\"y", "a comma is expected before “y”"),
            ("a.csv: amount=x, amount=y", "column 18: --columns: the field amount is mapped twice"),
        ] {
            let error = parse_columns(text).unwrap_err().to_string();
            assert!(error.contains(said), "{text}\n{error}");
        }
    }
}
