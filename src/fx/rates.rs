//! Which reference rate held on a day: the latest that the table states on or before it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::error::{Column, Error};
use crate::limits::{RATE_DIGITS, RATE_ROWS};
use crate::money::Currency;
use crate::time::Date;

/// A table of dated reference rates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rates(BTreeMap<(Currency, Currency), BTreeMap<Date, Decimal>>);

/// A rate that the table gives for a pair of currencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Units of the quote currency for one unit of the base.
    pub rate: Decimal,
    /// The day of the table's row.
    pub date: Date,
    /// Whether the table has the opposite pair only; the rate is then 1 ÷ the stated one, to 18
    /// significant digits.
    pub inverse: bool,
}

const COLUMNS: [&str; 4] = ["date", "base", "quote", "rate"];

impl Rates {
    /// Reads a CSV table with the columns `date,base,quote,rate` in any order: ISO dates, ISO 4217
    /// codes, units of the quote currency for one unit of the base with a decimal point.
    ///
    /// # Errors
    /// The first unusable row, with its line, its column and what to do.
    pub fn parse(csv: &[u8]) -> Result<Self, Error> {
        let csv = csv.strip_prefix(b"\xef\xbb\xbf").unwrap_or(csv);
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
        let mut rates = Self::default();
        for (index, record) in reader.records().enumerate() {
            let record = record.map_err(|error| unreadable(csv, &error))?;
            let line = line_of(csv, record.position());
            if index >= RATE_ROWS {
                return Err(Error::new("fx/too-many-rows", format!("more than {RATE_ROWS} rates"))
                    .at_line(line)
                    .remedy_is("keep the currencies and years that the files cover"));
            }
            let [date, base, quote, rate] =
                columns.map(|column| record.get(column).unwrap_or_default());
            rates.add(date, base, quote, rate).map_err(|error| error.at_line(line))?;
        }
        Ok(rates)
    }

    /// The latest rate on or before a day; a pair that the table has only the other way round is
    /// inverted. `None` if there is none yet; equal currencies have none.
    #[must_use]
    pub fn lookup(&self, date: Date, base: Currency, quote: Currency) -> Option<Rate> {
        let latest = |pair| {
            let (date, rate) = self.0.get(&pair)?.range(..=date).next_back()?;
            Some((*date, *rate))
        };
        if let Some((date, rate)) = latest((base, quote)) {
            return Some(Rate { rate, date, inverse: false });
        }
        let (date, stated) = latest((quote, base))?;
        let rate = Decimal::ONE.checked_div(stated)?.round_sf(RATE_DIGITS)?.normalize();
        Some(Rate { rate, date, inverse: true })
    }

    /// Whether the table is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(&mut self, date: &str, base: &str, quote: &str, rate: &str) -> Result<(), Error> {
        let wrong = |name: &str, value: &str, why: &str, remedy: &str| {
            let message = format!("“{value}” {why}");
            Error::new("fx/value", message)
                .remedy_is(remedy)
                .at_column(Column::Name(name.to_owned()))
                .arg("value", value)
        };
        let currency = |name: &str, code: &str| {
            Currency::from_code(code).ok_or_else(|| {
                wrong(name, code, "is no ISO 4217 currency", "write a code such as KES")
            })
        };
        let day = Date::from_iso(date)
            .ok_or_else(|| wrong("date", date, "is no date", "write it as 2026-02-03"))?;
        let pair = (currency("base", base)?, currency("quote", quote)?);
        if pair.0 == pair.1 {
            let remedy = "a rate needs two currencies";
            return Err(wrong("quote", quote, "is the base currency too", remedy));
        }
        let number = read_rate(rate).ok_or_else(|| {
            let why = "is no positive number of at most 18 digits";
            wrong("rate", rate, why, "write it with a decimal point, such as 129.53")
        })?;
        match self.0.entry(pair).or_default().insert(day, number) {
            Some(other) if other != number => Err(wrong(
                "rate",
                rate,
                &format!("is a second rate for {base} to {quote} on {day}; the first is {other}"),
                "keep one of them",
            )),
            _ => Ok(()),
        }
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
        Some(format!("{} {}{}", rate.rate, rate.date, if rate.inverse { " inverse" } else { "" }))
    }

    #[test]
    fn the_latest_rate_on_or_before_the_day_holds() {
        let table = b"\xef\xbb\xbfdate,base,quote,rate\r\n2026-02-01,USD,KES,129.50\r\n\
                      2026-02-05,USD,KES,130\r\n2026-02-03,USD,NGN,1500.25\r\n\
                      2026-02-02,KES,USD,0.0077\r\n2026-02-05,USD,KES,130.0\r\n";
        let rates = Rates::parse(table).unwrap();
        for (date, base, quote, expected) in [
            ("2026-01-31", "USD", "KES", None),
            ("2026-02-01", "USD", "KES", Some("129.5 2026-02-01")),
            ("2026-02-04", "USD", "KES", Some("129.5 2026-02-01")),
            ("2026-02-05", "USD", "KES", Some("130 2026-02-05")),
            ("2027-01-01", "USD", "KES", Some("130 2026-02-05")),
            // The stated direction wins; only before its first day the other one is inverted.
            ("2026-02-02", "KES", "USD", Some("0.0077 2026-02-02")),
            ("2026-02-01", "KES", "USD", Some("0.00772200772200772201 2026-02-01 inverse")),
            ("2026-02-03", "NGN", "USD", Some("0.000666555574070988169 2026-02-03 inverse")),
            ("2026-02-03", "USD", "EUR", None),
            ("2026-02-03", "USD", "USD", None),
        ] {
            assert_eq!(lookup(&rates, date, base, quote).as_deref(), expected, "{date} {base}");
        }
    }

    #[test]
    fn columns_may_come_in_any_order_among_others() {
        let rates = Rates::parse(b"rate,source,quote,base,date\n0.9,ECB,EUR,USD,2026-02-01\n");
        let got = lookup(&rates.unwrap(), "2026-02-01", "USD", "EUR");
        assert_eq!(got.as_deref(), Some("0.9 2026-02-01"));
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
}
