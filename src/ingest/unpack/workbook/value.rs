//! Decides which text a cell becomes: numbers by their shortest decimal, dates by their format, and
//! what a spreadsheet did to them is said.
//!
//! A spreadsheet keeps numbers in binary with 15 decimal digits that it vouches for. So an amount
//! is written with at most 15 digits, as the spreadsheet itself shows and exports it, and a whole
//! number of 16 digits or more, mostly an id, has lost its last ones.

use calamine::{CellErrorType, Data, DataRef, ExcelDateTime};

/// A cell as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) damage: Option<Damage>,
}

/// What is known to be wrong with a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    /// A whole number with more digits than a spreadsheet keeps.
    LostDigits,
    /// A number whose last binary digits are noise; they are left out.
    Noise,
    /// The error of a formula.
    Error,
}

/// Digits that a spreadsheet keeps of a number.
const DIGITS: usize = 15;

impl Value {
    fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), damage: None }
    }

    /// `format` is the number format of the cell, where it is known.
    pub(super) fn of_ref(data: &DataRef<'_>, format: Option<&str>) -> Self {
        match data {
            DataRef::Int(value) => whole(value.to_string(), format),
            DataRef::Float(value) => number(*value, format),
            DataRef::String(text) | DataRef::DurationIso(text) => Self::plain(text.as_str()),
            DataRef::DateTimeIso(text) => Self::plain(text.replacen('T', " ", 1)),
            DataRef::SharedString(text) => Self::plain(*text),
            DataRef::Bool(value) => truth(*value),
            DataRef::DateTime(value) => date(value, format),
            DataRef::Error(error) => failed(error),
            DataRef::Empty => Self::default(),
        }
    }

    /// A number that stands as text in the file; `None` where it is none.
    pub(super) fn of_decimal(text: &str) -> Option<Self> {
        text.parse().ok().map(|value| number(value, None))
    }

    pub(super) fn of(data: &Data) -> Self {
        match data {
            Data::Int(value) => whole(value.to_string(), None),
            Data::Float(value) => number(*value, None),
            Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
                Self::plain(text.as_str())
            }
            Data::Bool(value) => truth(*value),
            Data::DateTime(value) => date(value, None),
            Data::Error(error) => failed(error),
            Data::Empty => Self::default(),
        }
    }
}

fn truth(value: bool) -> Value {
    Value::plain(if value { "TRUE" } else { "FALSE" })
}

fn failed(error: &CellErrorType) -> Value {
    Value { text: error.to_string(), damage: Some(Damage::Error) }
}

/// A number without an exponent: the shortest decimal that is this number, or its 15 digits.
fn number(value: f64, format: Option<&str>) -> Value {
    if !value.is_finite() {
        return Value { text: value.to_string(), damage: Some(Damage::Error) };
    }
    let shortest = value.to_string();
    if !shortest.contains('.') {
        return whole(shortest, format);
    }
    if significant(&shortest) <= DIGITS {
        return Value::plain(shortest);
    }
    let rounded = plain_decimal(&format!("{value:.*e}", DIGITS - 1));
    Value { text: rounded, damage: Some(Damage::Noise) }
}

fn whole(text: String, format: Option<&str>) -> Value {
    let text = if text == "-0" { "0".to_owned() } else { text };
    let digits = text.trim_start_matches('-').len();
    if digits > DIGITS {
        return Value { text, damage: Some(Damage::LostDigits) };
    }
    // Ids are kept in their width by a format of zeros.
    let width = format.filter(|format| format.bytes().all(|b| b == b'0')).map_or(0, str::len);
    if width > digits && !text.starts_with('-') {
        return Value::plain(format!("{text:0>width$}"));
    }
    Value::plain(text)
}

/// Digits from the first to the last that is not zero.
fn significant(decimal: &str) -> usize {
    let digits: String = decimal.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').trim_end_matches('0').len()
}

/// `-1.2345e3` as `-1234.5`, without zeros at its end.
fn plain_decimal(scientific: &str) -> String {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    let point = exponent.saturating_add(1);
    let text = match usize::try_from(point) {
        Ok(point) if point >= digits.len() => format!("{digits:0<point$}"),
        Ok(point) if point > 0 => {
            let (before, after) = digits.split_at(point);
            format!("{before}.{after}")
        }
        _ => {
            let zeros = usize::try_from(point.unsigned_abs()).unwrap_or_default();
            format!("0.{}{digits}", "0".repeat(zeros))
        }
    };
    format!("{sign}{text}")
}

/// ISO 8601: a date, a time of day, or both.
fn date(value: &ExcelDateTime, format: Option<&str>) -> Value {
    if value.is_duration() {
        return number(value.as_f64(), None);
    }
    let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
    let mut time = format!("{hour:02}:{minute:02}:{second:02}");
    if milli > 0 {
        time.push_str(&format!(".{milli:03}"));
    }
    let day = format!("{year:04}-{month:02}-{day:02}");
    let at_midnight = (hour, minute, second, milli) == (0, 0, 0, 0);
    let shows = format.map(shown);
    let text = match shows {
        Some((false, true)) => time,
        Some((true, false)) if at_midnight => day,
        Some((true, true)) => format!("{day} {time}"),
        _ if value.as_f64() < 1.0 => time,
        _ if at_midnight => day,
        _ => format!("{day} {time}"),
    };
    Value::plain(text)
}

/// Whether a format shows a date, and a time. `m` is either, and decides nothing.
fn shown(format: &str) -> (bool, bool) {
    let (mut has_date, mut has_time) = (false, false);
    let mut characters = format.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => while characters.next().is_some_and(|c| c != '"') {},
            '[' => while characters.next().is_some_and(|c| c != ']') {},
            '\\' | '_' | '*' => _ = characters.next(),
            'y' | 'Y' | 'd' | 'D' | 'e' | 'E' | '年' | '日' => has_date = true,
            'h' | 'H' | 's' | 'S' | '时' | '秒' => has_time = true,
            // What follows is for negative numbers.
            ';' => break,
            _ => {}
        }
    }
    (has_date, has_time)
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn numbers_are_decimals_of_at_most_15_digits() {
        use Damage::{LostDigits, Noise};
        let cases = [
            (0.0, "0", None),
            (-0.0, "0", None),
            (1234.5, "1234.5", None),
            (-0.07, "-0.07", None),
            (1e-7, "0.0000001", None),
            (0.1 + 0.2, "0.3", Some(Noise)),
            (1_234.560_000_000_000_2, "1234.56", Some(Noise)),
            (-19.9, "-19.9", None),
            (2.0 / 3.0, "0.666666666666667", Some(Noise)),
            (1.0 / 3000.0, "0.000333333333333333", Some(Noise)),
            (99_999_999_999_999.99, "100000000000000", Some(Noise)),
            (123_456_789_012_345.0, "123456789012345", None),
            (1_234_567_890_123_456.0, "1234567890123456", Some(LostDigits)),
            (4.200_001_234_567_891e27, "4200001234567891000000000000", Some(LostDigits)),
            (1e15, "1000000000000000", Some(LostDigits)),
        ];
        for (value, text, damage) in cases {
            let expected = Value { text: text.to_owned(), damage };
            assert_eq!(Value::of(&Data::Float(value)), expected, "{value:e}");
        }
        assert_eq!(Value::of(&Data::Float(f64::NAN)).damage, Some(Damage::Error));
    }

    #[test]
    fn a_format_of_zeros_keeps_the_width() {
        let cases = [("0000000", "0000123"), ("000", "123"), ("0.00", "123"), ("General", "123")];
        for (format, text) in cases {
            assert_eq!(Value::of_ref(&DataRef::Float(123.0), Some(format)).text, text, "{format}");
            assert_eq!(Value::of_ref(&DataRef::Int(123), Some(format)).text, text, "{format}");
        }
        assert_eq!(Value::of_ref(&DataRef::Int(-5), Some("000")).text, "-5");
    }

    #[test]
    fn dates_are_iso_by_their_format_and_both_epochs() {
        let cases = [
            (46_054.0, false, None, "2026-02-01"),
            (46_054.5, false, None, "2026-02-01 12:00:00"),
            (46_054.0, false, Some("yyyy-mm-dd hh:mm:ss"), "2026-02-01 00:00:00"),
            (46_054.0, false, Some("yyyy\"h\"-mm-dd"), "2026-02-01"),
            (46_054.75, false, Some("yyyy-mm-dd"), "2026-02-01 18:00:00"),
            (46_054.75, false, Some("[$-409]h:mm AM/PM"), "18:00:00"),
            (0.25, false, None, "06:00:00"),
            (44_592.0, true, None, "2026-02-01"),
            (44_592.000_011_574_07, true, None, "2026-02-01 00:00:01"),
            (46_054.541_666_666_664, false, None, "2026-02-01 13:00:00"),
            (46_054.000_001_446_76, false, None, "2026-02-01 00:00:00.125"),
            (60.0, false, None, "1900-02-29"),
        ];
        for (serial, is_1904, format, text) in cases {
            let value = ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, is_1904);
            assert_eq!(date(&value, format).text, text, "{serial} {format:?}");
        }
    }

    #[test]
    fn words_pass_and_errors_are_named() {
        let error = Value::of(&Data::Error(CellErrorType::Div0));
        assert_eq!((error.text.as_str(), error.damage), ("#DIV/0!", Some(Damage::Error)));
        assert_eq!(Value::of(&Data::Bool(true)).text, "TRUE");
        assert_eq!(Value::of(&Data::String(" 007 ".to_owned())), Value::plain(" 007 "));
        assert_eq!(Value::of(&Data::Empty), Value::default());
    }
}
