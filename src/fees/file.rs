//! How a contract is written as TOML, and what is wrong with one that cannot be used.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::settlement::SettlementTable;
use super::{Contract, Fee};
use crate::calendar::Cycle;
use crate::entry::Kind;
use crate::error::{Column, Error};
use crate::limits::FEES;
use crate::money::{Amount, Currency};
use crate::settings::{Mistake, Settings, without_indices};
use crate::time::{Date, Weekday};

/// Decimals of a percentage: more than any contract has, and few enough for exact products.
const PERCENT_DECIMALS: u32 = 12;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: i64,
    #[serde(default)]
    name: String,
    settlement: Option<SettlementTable>,
    fx: Option<Fx>,
    #[serde(default)]
    fee: Vec<FeeTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fx {
    tolerance_percent: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeeTable {
    currency: Text,
    kinds: Option<Vec<Text>>,
    percent: Option<Text>,
    fixed: Option<Text>,
    minimum: Option<Text>,
    cap: Option<Text>,
}

/// A value that is written as text and has a stated form; read once its path is known.
#[derive(Deserialize)]
pub(super) struct Text(Box<RawValue>);

/// Something that is not as it should be: its path with indices, what, and what to do.
pub(super) struct Wrong {
    path: String,
    message: String,
    remedy: &'static str,
}

impl Wrong {
    pub(super) fn new(path: &str, message: String, remedy: &'static str) -> Self {
        Self { path: path.to_owned(), message, remedy }
    }
}

/// Reads a contract.
pub(super) fn read(toml: &str) -> Result<Contract, Error> {
    let settings = Settings::parse(toml).map_err(unreadable)?;
    let file: File = settings.read().map_err(unreadable)?;
    build(file).map_err(|wrong| {
        let error = Error::new("fees/value", wrong.message).remedy_is(wrong.remedy);
        at(settings.place(&wrong.path), error)
    })
}

fn build(file: File) -> Result<Contract, Wrong> {
    if file.schema != 1 {
        let message = format!("schema {} is unknown", file.schema);
        return Err(Wrong::new("schema", message, "this version reads `schema = 1`"));
    }
    if file.fee.len() > FEES {
        let message = format!("the contract has more than {FEES} fees");
        return Err(Wrong::new(&format!("fee[{FEES}]"), message, "keep those that the files need"));
    }
    let settlement = file.settlement.map(|table| table.build()).transpose()?;
    let tolerance = file.fx.map(|fx| percent(&fx.tolerance_percent, "fx.tolerance_percent"));
    let mut fees: Vec<Fee> = Vec::with_capacity(file.fee.len());
    for (index, table) in file.fee.iter().enumerate() {
        let path = format!("fee[{index}]");
        let fee = build_fee(table, &path)?;
        let twice = |other: &&Fee| {
            other.currency == fee.currency && other.kinds.iter().any(|k| fee.kinds.contains(k))
        };
        if let Some(other) = fees.iter().find(twice) {
            let message = format!("a second `[[fee]]` for {} and the same kind", other.currency);
            let remedy = "give each kind of line one fee per currency";
            return Err(Wrong::new(&path, message, remedy));
        }
        fees.push(fee);
    }
    let fx_tolerance_percent = tolerance.transpose()?;
    Ok(Contract { name: file.name, settlement, fx_tolerance_percent, fees })
}

fn build_fee(table: &FeeTable, path: &str) -> Result<Fee, Wrong> {
    let currency: Currency = table.currency.value(&format!("{path}.currency"))?;
    if table.percent.is_none() && table.fixed.is_none() {
        let message = "the fee has neither `percent` nor `fixed`".to_owned();
        return Err(Wrong::new(path, message, "state one of them, such as percent = \"1.5\""));
    }
    let kinds = match &table.kinds {
        None => vec![Kind::Sale, Kind::Capture],
        Some(kinds) => values(kinds, &format!("{path}.kinds"))?,
    };
    let rate = table.percent.as_ref().map(|text| percent(text, &format!("{path}.percent")));
    // A fixed part may be finer than a cent; what is charged in the end may not.
    let bound = |name: &str, text: &Option<Text>, finer: u32| {
        let decimals = currency.exponent() + finer;
        let read = |text| amount(text, &format!("{path}.{name}"), currency, decimals);
        text.as_ref().map(read).transpose()
    };
    let fee = Fee {
        currency,
        kinds,
        percent: rate.transpose()?.unwrap_or_default(),
        fixed: bound("fixed", &table.fixed, 6)?.unwrap_or_default(),
        minimum: bound("minimum", &table.minimum, 0)?,
        cap: bound("cap", &table.cap, 0)?,
    };
    if fee.minimum.zip(fee.cap).is_some_and(|(minimum, cap)| minimum > cap) {
        let message = "`fee.minimum` is above `fee.cap`".to_owned();
        return Err(Wrong::new(path, message, "swap them or correct one"));
    }
    Ok(fee)
}

fn percent(text: &Text, path: &str) -> Result<Decimal, Wrong> {
    let number = text.value::<Decimal>(path)?.normalize();
    if number < Decimal::ZERO || number > Decimal::ONE_HUNDRED || number.scale() > PERCENT_DECIMALS
    {
        let message = format!("`{}`: {number} is no percentage", without_indices(path));
        return Err(Wrong::new(path, message, "it goes from 0 to 100 with at most 12 decimals"));
    }
    Ok(number)
}

fn amount(text: &Text, path: &str, currency: Currency, decimals: u32) -> Result<Amount, Wrong> {
    let number = text.value::<Decimal>(path)?.normalize();
    let wrong = |why: &str, remedy| {
        Wrong::new(path, format!("`{}`: {number} {why}", without_indices(path)), remedy)
    };
    if number < Decimal::ZERO {
        return Err(wrong("is negative", "fees are written as positive amounts"));
    }
    if number.scale() > decimals {
        let why = format!("has more decimals than {currency} ({})", currency.exponent());
        return Err(wrong(&why, "write the amount in major units of the fee's currency"));
    }
    Amount::from_major(number, currency)
        .map_err(|error| wrong(&error.to_string(), "write a smaller amount"))
}

impl Text {
    /// Integers are exact too, so that `percent = 2` is no trap.
    pub(super) fn value<T: Written>(&self, path: &str) -> Result<T, Wrong> {
        let raw = self.0.get();
        let form = T::FORM;
        let wrong = |what: String, remedy| {
            let message = format!("`{}`: invalid {what}, expected {form}", without_indices(path));
            Wrong::new(path, message, remedy)
        };
        if let Ok(text) = serde_json::from_str::<String>(raw) {
            let what = || wrong(format!("value: string {text:?}"), "correct this value");
            T::read(&text).ok_or_else(what)
        } else if raw.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
            let what = || wrong(format!("type: integer `{raw}`"), "correct this value");
            T::read(raw).ok_or_else(what)
        } else if raw.starts_with(|first: char| first.is_ascii_digit() || first == '-') {
            let remedy =
                "put quotes around the number: a TOML float does not hold every decimal exactly";
            Err(wrong(format!("type: floating point `{raw}`"), remedy))
        } else {
            Err(wrong("type".to_owned(), "correct this value"))
        }
    }
}

/// The values of a list.
pub(super) fn values<T: Written>(texts: &[Text], path: &str) -> Result<Vec<T>, Wrong> {
    let value = |(index, text): (usize, &Text)| text.value(&format!("{path}[{index}]"));
    texts.iter().enumerate().map(value).collect()
}

/// What a text in a contract can be.
pub(super) trait Written: Sized {
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
    const FORM: &'static str = "a cycle such as \"T+2\" (business days), \"D+1\" (calendar days), \
                                \"weekly friday\", \"monthly 5\" or \"month-end\"";
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

/// Syntax, types and names of keys: what the text cannot be read for.
fn unreadable(mistake: Mistake) -> Error {
    let Mistake { path, message, place } = mistake;
    let remedy = if message.starts_with("unknown field") {
        "correct the name or remove the line"
    } else if message.starts_with("missing field") {
        "add the line"
    } else {
        "correct this value"
    };
    let message = if path.is_empty() { message } else { format!("`{path}`: {message}") };
    at(place, Error::new("fees/toml", message).remedy_is(remedy))
}

fn at((line, column): (u32, u32), error: Error) -> Error {
    error.at_line(line).at_column(Column::Number(column))
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
        let settlement = contract.settlement().unwrap();
        assert_eq!(settlement.cycle, Cycle::Business(2));
        let works = |day| settlement.calendar.is_business_day(Date::from_iso(day).unwrap());
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
                 as \"T+2\" (business days), \"D+1\" (calendar days), \"weekly friday\", \
                 \"monthly 5\" or \"month-end\"; correct this value",
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
