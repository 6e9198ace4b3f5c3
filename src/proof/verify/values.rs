//! Reads amounts, rates and instants, each in the one spelling that a document may use.

use rust_decimal::Decimal;

use crate::money::{Amount, Currency};
use crate::time::{Date, Instant};

/// An amount in major units with exactly the decimals of its currency, or more if it is finer.
pub(crate) fn amount(text: &str, currency: Currency) -> Option<Amount> {
    let amount = Amount::from_major(decimal(text)?, currency).ok()?;
    (amount.format(currency) == text).then_some(amount)
}

/// A plain decimal number.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    let plain = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'-'));
    if plain { Decimal::from_str_exact(text).ok() } else { None }
}

/// A rate above zero.
pub(crate) fn rate(text: &str) -> Option<Decimal> {
    decimal(text).filter(|rate| *rate > Decimal::ZERO && rate.to_string() == text)
}

/// RFC 3339 in UTC as the document writes it, `2026-02-03T04:05:06.5Z`.
pub(crate) fn instant(text: &str) -> Option<Instant> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut parts = clock.split(':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let micros = if fraction.is_empty() { 0 } else { format!("{fraction:0<6}").parse().ok()? };
    let seconds = hour.checked_mul(3600)?.checked_add(minute.checked_mul(60)?)?;
    let of_day = seconds.checked_add(second)?.checked_mul(1_000_000)?.checked_add(micros)?;
    let micros = i128::from(day(date)?).checked_mul(86_400_000_000)?.checked_add(of_day.into())?;
    let instant = Instant(i64::try_from(micros).ok()?);
    // Also refuses the 25th hour and every other spelling of the same instant.
    (instant.to_string() == text).then_some(instant)
}

/// Days since 1970-01-01, also of years that no file can state but arithmetic can reach.
fn day(date: &str) -> Option<i64> {
    /// Days of 400 years, after which the calendar repeats.
    const CYCLE: i64 = 146_097;
    let (sign, plain) = match date.strip_prefix('-') {
        Some(plain) => (-1, plain),
        None => (1, date.strip_prefix('+').unwrap_or(date)),
    };
    let mut parts = plain.split('-');
    let year = parts.next()?.parse::<i64>().ok()?.checked_mul(sign)?;
    let (month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let cycles = year.checked_sub(2000)?.div_euclid(400);
    let known = i32::try_from(year.rem_euclid(400)).ok()?.checked_add(2000)?;
    let date = Date::from_ymd(known, month, day)?;
    i64::from(date.0).checked_add(cycles.checked_mul(CYCLE)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_the_digits_of_their_currency() {
        let read = |text, code| amount(text, Currency::from_code(code).expect("active"));
        assert_eq!(read("-12.30", "USD"), Some(Amount::from_minor(-1230)));
        assert_eq!(read("12", "UGX"), Some(Amount::from_minor(12)));
        assert!(read("0.123", "USD").is_some(), "finer than a cent is exact");
        for (text, code) in [
            ("12.3", "USD"),
            ("12.300", "USD"),
            ("12.0", "UGX"),
            ("-0.00", "USD"),
            ("+1.00", "USD"),
            ("01.00", "USD"),
            (".50", "USD"),
            ("1,000.00", "USD"),
            ("1_0.00", "USD"),
            ("1e2", "USD"),
            ("", "USD"),
        ] {
            assert_eq!(read(text, code), None, "{text} {code}");
        }
    }

    #[test]
    fn instants_come_back_from_their_one_spelling() {
        for micros in
            [0, -1, 1_770_091_506_120_000, 253_402_300_799_999_999, -62_135_596_800_000_000]
        {
            assert_eq!(instant(&Instant(micros).to_string()), Some(Instant(micros)));
        }
        for text in [
            "2026-02-03T04:05:06",
            "2026-02-03T04:05:06+00:00",
            "2026-02-03T04:05:06.50Z",
            "2026-02-03T24:05:06Z",
            "2026-02-30T04:05:06Z",
            "2026-2-03T04:05:06Z",
            "2026-02-03 04:05:06Z",
            "2026-02-03T4:05:06Z",
            "2026-02-03T04:05:06.Z",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
