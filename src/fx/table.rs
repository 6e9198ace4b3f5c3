//! Reads a table of exchange rates: CSV or JSON, one dated rate a row, with its place in errors.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Rates;
use super::rates::Stated;
use crate::error::{Column, Error};
use crate::limits::{RATE_DIGITS, RATE_ROWS};
use crate::money::Currency;
use crate::time::Date;

const COLUMNS: [&str; 4] = ["date", "base", "quote", "rate"];

/// One row as it is written.
struct Row<'t> {
    date: &'t str,
    base: &'t str,
    quote: &'t str,
    rate: &'t str,
    source: &'t str,
}

#[derive(Deserialize)]
struct JsonRow {
    date: String,
    base: String,
    quote: String,
    rate: Box<RawValue>,
    #[serde(default)]
    source: String,
}

#[derive(Deserialize)]
struct JsonObject {
    rates: Vec<JsonRow>,
}

/// Reads a table in either form, told by its first character.
pub(super) fn read(text: &[u8]) -> Result<Rates, Error> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[' | b'{') => read_json(text),
        _ => read_csv(text),
    }
}

fn read_csv(csv: &[u8]) -> Result<Rates, Error> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(csv);
    let header = reader.headers().map_err(|error| unreadable(csv, &error))?;
    let mut columns = [0_usize; 4];
    for (column, name) in columns.iter_mut().zip(COLUMNS) {
        *column = header.iter().position(|cell| cell == name).ok_or_else(|| {
            Error::new("fx/header", format!("the rate table has no column “{name}”"))
                .at_line(1)
                .remedy_is("its first line must name the columns: date,base,quote,rate")
        })?;
    }
    let source = header.iter().position(|cell| cell == "source");
    let mut rates = Rates::default();
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(|error| unreadable(csv, &error))?;
        let line = line_of(csv, record.position());
        let cell = |column: usize| record.get(column).unwrap_or_default();
        let [date, base, quote, rate] = columns.map(cell);
        let row = Row { date, base, quote, rate, source: source.map(cell).unwrap_or_default() };
        add(&mut rates, index, &row).map_err(|error| error.at_line(line))?;
    }
    Ok(rates)
}

/// `[{"date": …, "base": …, "quote": …, "rate": …, "source": …}, …]`, or that list as `rates` of an
/// object. A rate may be a number or a text: its digits are kept as they are written.
fn read_json(json: &[u8]) -> Result<Rates, Error> {
    let text = std::str::from_utf8(json).map_err(|_| {
        Error::new("fx/json", "the rate table is not UTF-8 text").remedy_is("save it in UTF-8")
    })?;
    // Which of the two it is, so that an error speaks of the row and not of the choice.
    let rows: Vec<JsonRow> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).map_err(|error| no_json(&error))?
    } else {
        let table: JsonObject = serde_json::from_str(text).map_err(|error| no_json(&error))?;
        table.rates
    };
    let mut rates = Rates::default();
    for (index, row) in rows.iter().enumerate() {
        let raw = row.rate.get();
        let rate = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(raw);
        let row =
            Row { date: &row.date, base: &row.base, quote: &row.quote, rate, source: &row.source };
        let element = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
        add(&mut rates, index, &row).map_err(|error| error.at_line(element))?;
    }
    Ok(rates)
}

fn no_json(error: &serde_json::Error) -> Error {
    let shown = error.to_string();
    let message = shown.rsplit_once(" at line ").map_or(shown.as_str(), |(message, _)| message);
    let line = u32::try_from(error.line()).unwrap_or(u32::MAX);
    let column = u32::try_from(error.column()).unwrap_or(u32::MAX);
    Error::new("fx/json", format!("the rate table cannot be read as JSON: {message}"))
        .at_line(line)
        .at_column(Column::Number(column))
        .remedy_is("write a list of objects with date, base, quote and rate")
}

fn add(rates: &mut Rates, index: usize, row: &Row<'_>) -> Result<(), Error> {
    if index >= RATE_ROWS {
        return Err(Error::new("fx/too-many-rows", format!("more than {RATE_ROWS} rates"))
            .remedy_is("keep the currencies and years that the files cover"));
    }
    let wrong = |name: &str, value: &str, why: &str, remedy: &str| {
        Error::new("fx/value", format!("“{value}” {why}"))
            .remedy_is(remedy)
            .at_column(Column::Name(name.to_owned()))
            .arg("value", value)
    };
    let currency = |name: &str, code: &str| {
        Currency::from_code(code)
            .ok_or_else(|| wrong(name, code, "is no ISO 4217 currency", "write a code such as KES"))
    };
    let day = Date::from_iso(row.date)
        .ok_or_else(|| wrong("date", row.date, "is no date", "write it as 2026-02-03"))?;
    let pair = (currency("base", row.base)?, currency("quote", row.quote)?);
    if pair.0 == pair.1 {
        let remedy = "a rate needs two currencies";
        return Err(wrong("quote", row.quote, "is the base currency too", remedy));
    }
    let rate = read_rate(row.rate).ok_or_else(|| {
        let why = "is no positive number of at most 18 digits";
        wrong("rate", row.rate, why, "write it with a decimal point, such as 129.53")
    })?;
    let source = rates.source_number(row.source);
    match rates.insert(pair, day, Stated { rate, source }) {
        Some(other) if other.rate != rate => {
            let Row { base, quote, .. } = row;
            let first = other.rate;
            let why =
                format!("is a second rate for {base} to {quote} on {day}; the first is {first}");
            Err(wrong("rate", row.rate, &why, "keep one of them"))
        }
        _ => Ok(()),
    }
}

/// A positive decimal in plain notation.
fn read_rate(text: &str) -> Option<Decimal> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number = Decimal::from_str_exact(text).ok().filter(|_| plain)?.normalize();
    let fits = number.mantissa() < 10_i128.checked_pow(RATE_DIGITS)?;
    (number > Decimal::ZERO && fits).then_some(number)
}

/// The line on which a record starts; the reader's position is still before the empty lines that
/// it skipped.
fn line_of(csv: &[u8], position: Option<&csv::Position>) -> u32 {
    let Some(position) = position else { return 1 };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let skipped = csv.iter().skip(start).take_while(|byte| matches!(byte, b'\r' | b'\n'));
    let empty = skipped.filter(|byte| **byte == b'\n').count();
    let line = position.line().saturating_add(u64::try_from(empty).unwrap_or(u64::MAX));
    u32::try_from(line).unwrap_or(u32::MAX)
}

fn unreadable(csv: &[u8], error: &csv::Error) -> Error {
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the row has {len} cells, the header {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "the row is not UTF-8 text".to_owned(),
        _ => format!("the table cannot be read: {error}"),
    };
    Error::new("fx/row", message)
        .at_line(line_of(csv, error.position()))
        .remedy_is("write the table as CSV in UTF-8 with the columns date,base,quote,rate")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(rates: &Rates, date: &str, base: &str, quote: &str) -> Option<String> {
        let currency = |code| Currency::from_code(code).unwrap();
        let rate = rates.lookup(Date::from_iso(date)?, currency(base), currency(quote))?;
        let source = rates.source(&rate);
        Some(format!("{} {} {source}", rate.rate, rate.date).trim_end().to_owned())
    }

    #[test]
    fn columns_may_come_in_any_order_among_others() {
        let rates = Rates::parse(b"rate,source,quote,base,date\n0.9,ECB,EUR,USD,2026-02-01\n");
        let got = lookup(&rates.unwrap(), "2026-02-01", "USD", "EUR");
        assert_eq!(got.as_deref(), Some("0.9 2026-02-01 ECB"));
        assert!(Rates::parse(b"date,base,quote,rate\n").unwrap().is_empty());
    }

    #[test]
    fn errors_name_line_column_and_remedy() {
        let head = "date,base,quote,rate\n2026-02-01,USD,KES,129.5\n";
        for (table, expected) in [
            (
                "",
                "1: the rate table has no column “date”; its first line must name the columns: \
                  date,base,quote,rate",
            ),
            (
                "day,base,quote,rate\n",
                "1: the rate table has no column “date”; its first line \
                  must name the columns: date,base,quote,rate",
            ),
            ("H2026-02-30,USD,KES,1", "3:date: “2026-02-30” is no date; write it as 2026-02-03"),
            (
                "H\n\n2026-02-03,usd,KES,1",
                "5:base: “usd” is no ISO 4217 currency; write a code \
                  such as KES",
            ),
            (
                "H2026-02-03,USD,USD,1",
                "3:quote: “USD” is the base currency too; a rate needs two \
                  currencies",
            ),
            (
                "H2026-02-03,USD,KES,\"1,5\"",
                "3:rate: “1,5” is no positive number of at most 18 \
                  digits; write it with a decimal point, such as 129.53",
            ),
            (
                "H2026-02-01,USD,KES,130",
                "3:rate: “130” is a second rate for USD to KES on \
                  2026-02-01; the first is 129.5; keep one of them",
            ),
            (
                "H2026-02-03,USD,KES",
                "3: the row has 3 cells, the header 4; write the table as \
                  CSV in UTF-8 with the columns date,base,quote,rate",
            ),
        ] {
            let error = Rates::parse(table.replace('H', head).as_bytes()).unwrap_err();
            assert_eq!(
                error.in_file("fx.csv").to_string(),
                format!("fx.csv:{expected}"),
                "{table}"
            );
        }
        for rate in ["0", "-1", "1e3", "", "1.2.3", "1234567890123456789", "+1", "１"] {
            let table = format!("{head}2026-02-03,USD,KES,{rate}");
            assert!(Rates::parse(table.as_bytes()).is_err(), "{rate}");
        }
        for rate in ["1", "0.000000000000000001", "123456789012345678", "129.5300000000000000000"] {
            let table = format!("{head}2026-02-03,USD,KES,{rate}");
            assert!(Rates::parse(table.as_bytes()).is_ok(), "{rate}");
        }
    }

    #[test]
    fn json_keeps_the_digits_of_a_rate() {
        for json in [
            r#"[{"date": "2026-02-01", "base": "USD", "quote": "KES", "rate": "129.50"}]"#,
            r#" {"rates": [{"date": "2026-02-01", "base": "USD", "quote": "KES", "rate": 129.50}]}"#,
        ] {
            let rates = Rates::parse(json.as_bytes()).unwrap();
            let got = lookup(&rates, "2026-02-01", "USD", "KES");
            assert_eq!(got.as_deref(), Some("129.5 2026-02-01"));
        }
        let row = |rate: &str| {
            format!(r#"[{{"date":"2026-02-01","base":"USD","quote":"KES","rate":{rate}}}]"#)
        };
        let exact = Rates::parse(row("0.000000000000000001").as_bytes()).unwrap();
        let got = lookup(&exact, "2026-02-01", "USD", "KES");
        assert_eq!(got.as_deref(), Some("0.000000000000000001 2026-02-01"));
        for (json, expected) in [
            (row("1e3"), "1:rate: “1e3” is no positive number of at most 18 digits"),
            (row("-1"), "1:rate: “-1” is no positive number of at most 18 digits"),
            (row("null"), "1:rate: “null” is no positive number of at most 18 digits"),
            (
                r#"[{"date":"2026-02-01"}]"#.to_owned(),
                "1:22: the rate table cannot be read as JSON: missing field `base`",
            ),
            (
                r#"{"rate":[]}"#.to_owned(),
                "1:11: the rate table cannot be read as JSON: missing field `rates`",
            ),
            (
                "[".to_owned(),
                "1:1: the rate table cannot be read as JSON: EOF while parsing a list",
            ),
        ] {
            let error = Rates::parse(json.as_bytes()).unwrap_err().in_file("f").to_string();
            let error = error.strip_prefix("f:").unwrap();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
