//! How a contract is written as TOML, and what is wrong with one that cannot be used.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};
use toml::Spanned;

use super::{Contract, Fee};
use crate::calendar::{Calendar, Cycle};
use crate::entry::Kind;
use crate::error::{Column, Error};
use crate::limits::FEES;
use crate::money::{Amount, Currency};
use crate::time::{Date, Weekday};

/// Decimals of a percentage: more than any contract has, and few enough for exact products.
const PERCENT_DECIMALS: u32 = 12;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: Spanned<i64>,
    #[serde(default)]
    name: String,
    settlement: Option<Spanned<Settlement>>,
    fx: Option<Fx>,
    #[serde(default)]
    fee: Vec<Spanned<FeeTable>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settlement {
    cycle: Text<Cycle>,
    weekend: Option<Vec<Text<Weekday>>>,
    #[serde(default)]
    holidays: Vec<Text<Date>>,
    #[serde(default)]
    working_days: Vec<Text<Date>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fx {
    tolerance_percent: Spanned<Text<Decimal>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeeTable {
    currency: Text<Currency>,
    kinds: Option<Vec<Text<Kind>>>,
    percent: Option<Spanned<Text<Decimal>>>,
    fixed: Option<Spanned<Text<Decimal>>>,
    minimum: Option<Spanned<Text<Decimal>>>,
    cap: Option<Spanned<Text<Decimal>>>,
}

/// Something that is not as it should be: what, what to do, and where in the text.
type Wrong = (Range<usize>, String, &'static str);

/// Reads a contract.
pub(super) fn read(toml: &str) -> Result<Contract, Error> {
    let file: File = toml::from_str(toml).map_err(|error| unreadable(toml, error))?;
    build(file).map_err(|(span, message, remedy)| {
        at(toml, &span, Error::new("fees/value", message).remedy_is(remedy))
    })
}

fn build(file: File) -> Result<Contract, Wrong> {
    if *file.schema.get_ref() != 1 {
        let message = format!("schema {} is unknown", file.schema.get_ref());
        return Err((file.schema.span(), message, "this version reads `schema = 1`"));
    }
    if let Some(fee) = file.fee.get(FEES) {
        let message = format!("the contract has more than {FEES} fees");
        return Err((fee.span(), message, "keep those that the files need"));
    }
    let settlement = file.settlement.map(build_settlement).transpose()?;
    let fx_tolerance_percent =
        file.fx.map(|fx| percent(&fx.tolerance_percent, "fx.tolerance_percent")).transpose()?;
    let mut fees: Vec<Fee> = Vec::with_capacity(file.fee.len());
    for table in file.fee {
        let span = table.span();
        let fee = build_fee(table.into_inner(), &span)?;
        let twice = |other: &&Fee| {
            other.currency == fee.currency && other.kinds.iter().any(|k| fee.kinds.contains(k))
        };
        if let Some(other) = fees.iter().find(twice) {
            let message = format!("a second `[[fee]]` for {} and the same kind", other.currency);
            return Err((span, message, "give each kind of line one fee per currency"));
        }
        fees.push(fee);
    }
    Ok(Contract { name: file.name, settlement, fx_tolerance_percent, fees })
}

fn build_settlement(table: Spanned<Settlement>) -> Result<(Cycle, Calendar), Wrong> {
    let span = table.span();
    let table = table.into_inner();
    let values = |texts: Vec<Text<Date>>| texts.into_iter().map(|day| day.0);
    let weekend = table.weekend.map_or_else(
        || vec![Weekday::Saturday, Weekday::Sunday],
        |days| days.into_iter().map(|day| day.0).collect(),
    );
    let calendar = Calendar::new(weekend, values(table.holidays), values(table.working_days))
        .map_err(|error| {
            let message = format!("`settlement`: {}", error.message());
            (span, message, "correct the weekend, the holidays or the working days")
        })?;
    Ok((table.cycle.0, calendar))
}

fn build_fee(table: FeeTable, span: &Range<usize>) -> Result<Fee, Wrong> {
    let currency = table.currency.0;
    if table.percent.is_none() && table.fixed.is_none() {
        let message = "the fee has neither `percent` nor `fixed`".to_owned();
        return Err((span.clone(), message, "state one of them, such as percent = \"1.5\""));
    }
    let whole = currency.exponent();
    // A fixed part may be finer than a cent; what is charged in the end may not.
    let bound = |name, value: &Option<_>| {
        value.as_ref().map(|value| amount(name, value, currency, whole)).transpose()
    };
    let fixed = table.fixed.as_ref().map(|value| amount("fixed", value, currency, whole + 6));
    let fee = Fee {
        currency,
        kinds: table.kinds.map_or_else(
            || vec![Kind::Sale, Kind::Capture],
            |kinds| kinds.into_iter().map(|kind| kind.0).collect(),
        ),
        percent: table.percent.map_or(Ok(Decimal::ZERO), |text| percent(&text, "fee.percent"))?,
        fixed: fixed.transpose()?.unwrap_or_default(),
        minimum: bound("minimum", &table.minimum)?,
        cap: bound("cap", &table.cap)?,
    };
    if fee.minimum.zip(fee.cap).is_some_and(|(minimum, cap)| minimum > cap) {
        let message = "`fee.minimum` is above `fee.cap`".to_owned();
        return Err((span.clone(), message, "swap them or correct one"));
    }
    Ok(fee)
}

fn percent(text: &Spanned<Text<Decimal>>, name: &str) -> Result<Decimal, Wrong> {
    let number = text.get_ref().0.normalize();
    if number < Decimal::ZERO || number > Decimal::ONE_HUNDRED || number.scale() > PERCENT_DECIMALS
    {
        let message = format!("`{name}`: {number} is no percentage");
        return Err((text.span(), message, "it goes from 0 to 100 with at most 12 decimals"));
    }
    Ok(number)
}

fn amount(
    name: &str,
    text: &Spanned<Text<Decimal>>,
    currency: Currency,
    decimals: u32,
) -> Result<Amount, Wrong> {
    let number = text.get_ref().0.normalize();
    let wrong =
        |why: String, remedy| (text.span(), format!("`fee.{name}`: {number} {why}"), remedy);
    if number < Decimal::ZERO {
        return Err(wrong("is negative".to_owned(), "fees are written as positive amounts"));
    }
    if number.scale() > decimals {
        let why = format!("has more decimals than {currency} ({})", currency.exponent());
        return Err(wrong(why, "write the amount in major units of the fee's currency"));
    }
    Amount::from_major(number, currency)
        .map_err(|error| wrong(error.to_string(), "write a smaller amount"))
}

/// A value that is written as text and has a stated form.
struct Text<T>(T);

/// What a text in a contract can be.
trait Written: Sized {
    const FORM: &'static str;
    fn read(text: &str) -> Option<Self>;
}

impl Written for Decimal {
    const FORM: &'static str = "an exact decimal in quotes, such as \"1.5\"";
    fn read(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
        Self::from_str_exact(text).ok().filter(|_| plain)
    }
}

impl Written for Cycle {
    const FORM: &'static str = "a cycle such as \"T+2\" (business days) or \"D+1\" (calendar days)";
    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl Written for Weekday {
    const FORM: &'static str = "a weekday such as \"saturday\"";
    fn read(text: &str) -> Option<Self> {
        Self::from_name(text)
    }
}

impl Written for Date {
    const FORM: &'static str = "a date in quotes, such as \"2026-02-17\"";
    fn read(text: &str) -> Option<Self> {
        Self::from_iso(text)
    }
}

impl Written for Currency {
    const FORM: &'static str = "an ISO 4217 code such as \"KES\"";
    fn read(text: &str) -> Option<Self> {
        Self::from_code(text)
    }
}

impl Written for Kind {
    const FORM: &'static str = "a kind of line such as \"sale\", \"capture\" or \"refund\"";
    fn read(text: &str) -> Option<Self> {
        Self::from_name(text)
    }
}

impl<'de, T: Written> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor(PhantomData))
    }
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: Written> Visitor<'_> for TextVisitor<T> {
    type Value = Text<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::FORM)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text<T>, E> {
        T::read(text).map(Text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    /// Integers are exact too, so that `percent = 2` is no trap.
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Text<T>, E> {
        T::read(&number.to_string())
            .map(Text)
            .ok_or_else(|| E::invalid_type(de::Unexpected::Signed(number), &self))
    }
}

/// The error of the TOML reader with the key it is about.
fn unreadable(toml: &str, mut error: toml::de::Error) -> Error {
    let span = error.span().unwrap_or(0..0);
    // Without its input, the error names the key in a line of its own.
    error.set_input(None);
    let shown = error.to_string();
    let key = shown.lines().find_map(|line| line.strip_prefix("in `")?.strip_suffix('`'));
    let what = error.message();
    let message = key.map_or_else(|| what.to_owned(), |key| format!("`{key}`: {what}"));
    let remedy = if what.contains("floating point") {
        "put quotes around the number: a TOML float does not hold every decimal exactly"
    } else if what.starts_with("unknown field") {
        "correct the name or remove the line"
    } else if what.starts_with("missing field") {
        "add the line"
    } else {
        "correct this value"
    };
    at(toml, &span, Error::new("fees/toml", message).remedy_is(remedy))
}

/// Adds line and column of a place in the text.
fn at(toml: &str, span: &Range<usize>, error: Error) -> Error {
    let before = toml.get(..span.start).unwrap_or(toml);
    let number = |count: usize| u32::try_from(count.saturating_add(1)).unwrap_or(u32::MAX);
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count());
    error.at_line(number(line)).at_column(Column::Number(number(column)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_contract_is_read() {
        let contract = Contract::parse(
            "schema = 1\nname = \"Agreement\"\n[settlement]\ncycle = \"T+2\"\n\
             weekend = [\"friday\", \"saturday\"]\nholidays = [\"2026-02-17\"]\n\
             working_days = [\"2026-02-20\"]\n[fx]\ntolerance_percent = \"0.5\"\n\
             [[fee]]\ncurrency = \"KES\"\npercent = 2\nfixed = \"5.00\"\ncap = 120\n",
        )
        .unwrap();
        assert_eq!(contract.name(), "Agreement");
        let (cycle, calendar) = contract.settlement().unwrap();
        assert_eq!(*cycle, Cycle::Business(2));
        let works = |day| calendar.is_business_day(Date::from_iso(day).unwrap());
        assert!(works("2026-02-15") && works("2026-02-20") && !works("2026-02-17"));
        assert!(!works("2026-02-21"));
        assert_eq!(contract.fx_tolerance_percent(), Some(Decimal::new(5, 1)));
        let [fee] = contract.fees() else { panic!() };
        assert_eq!(
            (fee.percent, fee.kinds.as_slice()),
            (Decimal::TWO, &[Kind::Sale, Kind::Capture][..])
        );
        assert_eq!(fee.cap, Some(Amount::from_minor(12_000)));

        let least = Contract::parse("schema = 1").unwrap();
        assert_eq!((least.settlement(), least.fx_tolerance_percent()), (None, None));
    }

    #[test]
    fn errors_name_line_column_key_and_remedy() {
        let fee = "schema = 1\n[[fee]]\ncurrency = \"KES\"\n";
        for (toml, expected) in [
            (
                format!("{fee}percent = 1.5\n"),
                "4:11: `fee.percent`: invalid type: floating point `1.5`, expected an exact \
                 decimal in quotes, such as \"1.5\"; put quotes around the number: a TOML float \
                 does not hold every decimal exactly",
            ),
            (
                format!("{fee}percent = \"1,5\"\n"),
                "4:11: `fee.percent`: invalid value: string \"1,5\", expected an exact decimal in \
                 quotes, such as \"1.5\"; correct this value",
            ),
            (
                format!("{fee}percent = \"101\"\n"),
                "4:11: `fee.percent`: 101 is no percentage; it goes from 0 to 100 with at most 12 \
                 decimals",
            ),
            (
                format!("{fee}fixed = \"-5\"\n"),
                "4:9: `fee.fixed`: -5 is negative; fees are written as positive amounts",
            ),
            (
                format!("{fee}fixed = \"1\"\ncap = \"120.005\"\n"),
                "5:7: `fee.cap`: 120.005 has more decimals than KES (2); write the amount in \
                 major units of the fee's currency",
            ),
            (
                format!("{fee}fixed = \"1\"\nminimum = \"2\"\ncap = \"1\"\n"),
                "2:1: `fee.minimum` is above `fee.cap`; swap them or correct one",
            ),
            (
                fee.to_owned(),
                "2:1: the fee has neither `percent` nor `fixed`; state one of them, such as \
                 percent = \"1.5\"",
            ),
            (
                format!(
                    "{fee}fixed = \"1\"\n[[fee]]\ncurrency = \"KES\"\nkinds = [\"capture\"]\nfixed = \"2\"\n"
                ),
                "5:1: a second `[[fee]]` for KES and the same kind; give each kind of line one \
                 fee per currency",
            ),
            (
                format!("{fee}percentage = \"1\"\n"),
                "4:1: `fee`: unknown field `percentage`, expected one of `currency`, `kinds`, \
                 `percent`, `fixed`, `minimum`, `cap`; correct the name or remove the line",
            ),
            (
                "schema = 1\n[[fee]]\ncurrency = \"KSH\"\nfixed = \"1\"\n".to_owned(),
                "3:12: `fee.currency`: invalid value: string \"KSH\", expected an ISO 4217 code \
                 such as \"KES\"; correct this value",
            ),
            (
                format!("{fee}kinds = [\"sale\", \"sales\"]\nfixed = \"1\"\n"),
                "4:18: `fee.kinds`: invalid value: string \"sales\", expected a kind of line such \
                 as \"sale\", \"capture\" or \"refund\"; correct this value",
            ),
            (
                "schema = 2\n".to_owned(),
                "1:10: schema 2 is unknown; this version reads `schema = 1`",
            ),
            ("".to_owned(), "1:1: missing field `schema`; add the line"),
            (
                "schema = 1\n[settlement]\ncycle = \"2 days\"\n".to_owned(),
                "3:9: `settlement.cycle`: invalid value: string \"2 days\", expected a cycle such \
                 as \"T+2\" (business days) or \"D+1\" (calendar days); correct this value",
            ),
            (
                "schema = 1\n[settlement]\ncycle = \"T+2\"\nholidays = [\"2026-02-30\"]\n"
                    .to_owned(),
                "4:13: `settlement.holidays`: invalid value: string \"2026-02-30\", expected a \
                 date in quotes, such as \"2026-02-17\"; correct this value",
            ),
            (
                "schema = 1\n[fx]\ntolerance_percent = \"-1\"\n".to_owned(),
                "3:21: `fx.tolerance_percent`: -1 is no percentage; it goes from 0 to 100 with at \
                 most 12 decimals",
            ),
        ] {
            let error = Contract::parse(&toml).unwrap_err().in_file("");
            assert_eq!(
                error.in_file("fees.toml").to_string(),
                format!("fees.toml:{expected}"),
                "{toml}"
            );
        }
        let unclosed = Contract::parse("schema = 1\nname = \"x\n").unwrap_err();
        assert_eq!(unclosed.place().unwrap().line, Some(2));
        let full = Contract::parse(
            "schema = 1\n[settlement]\ncycle = \"T+2\"\nholidays = [\"2026-02-17\"]\n\
             working_days = [\"2026-02-17\"]\n",
        );
        assert_eq!(
            full.unwrap_err().message(),
            "`settlement`: 2026-02-17 is listed as a holiday and as a working day"
        );
    }
}
