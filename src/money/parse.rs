//! Which amount a cell of a file states: exactly, or not at all.
//!
//! A cell is read in the number format that its whole column was found to have. Nothing is
//! rounded and nothing is guessed; what cannot be read says why and what to do.

use super::marks::{self, Verdict};
use super::{Amount, AmountError, Currency, DecimalMark, Grouping, NumberFormat};
use crate::limits::AMOUNT_BYTES;

/// Whether the numbers of a column are whole units (dollars) or minor units (cents).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Dollars, shillings, yuan.
    #[default]
    Major,
    /// Cents, fen: the smallest unit of ISO 4217.
    Minor,
}

/// How many decimals a column may have; zeros beyond them are always accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// Those of the currency (none in a column of minor units).
    #[default]
    Exact,
    /// Up to this many, as the profile of the file states; they are kept exactly.
    Finer(u32),
}

/// Reads one cell. `None` is an empty cell: nothing, blanks, or a lone dash.
///
/// # Errors
/// An [`AmountError`] that says why the cell is no exact amount of this currency.
#[inline]
pub fn parse_amount(
    text: &str,
    format: &NumberFormat,
    unit: Unit,
    currency: Currency,
    scale: Scale,
) -> Result<Option<Amount>, AmountError> {
    let exponent = match unit {
        Unit::Major => currency.exponent(),
        Unit::Minor => 0,
    };
    match parse_plain(text.as_bytes(), format.decimal.ascii(), exponent) {
        Some(minor) => Ok(Some(Amount::from_minor(minor))),
        None => parse_any(text, format, exponent, currency, scale),
    }
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const POWERS: [i64; 19] = {
    let mut powers = [1_i64; 19];
    let mut index = 1;
    while index < 19 {
        powers[index] = powers[index - 1] * 10;
        index += 1;
    }
    powers
};

/// The fast path: at most 18 bytes of `-1234.56`, within the currency's decimals or followed by
/// zeros only. `None` means "look closer", never "wrong".
#[inline]
fn parse_plain(bytes: &[u8], decimal: u8, exponent: u32) -> Option<i64> {
    let (negative, digits) = match bytes {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    // 18 digits stay below 10^18, so that nothing below can wrap.
    if digits.len() > 18 || !digits.first()?.is_ascii_digit() {
        return None;
    }
    let mut number = 0_i64;
    let mut fraction: Option<usize> = None;
    for (index, &byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            number = number.wrapping_mul(10).wrapping_add(i64::from(digit));
        } else if byte == decimal && fraction.is_none() {
            fraction = Some(index.wrapping_add(1));
        } else {
            return None;
        }
    }
    let decimals = fraction.map_or(0, |start| digits.len().wrapping_sub(start));
    let minor = if decimals == exponent as usize {
        number
    } else if let Some(missing) = (exponent as usize).checked_sub(decimals) {
        number.checked_mul(*POWERS.get(missing)?)?
    } else {
        let unit = *POWERS.get(decimals.wrapping_sub(exponent as usize))?;
        if number % unit != 0 {
            return None;
        }
        number / unit
    };
    Some(if negative { minor.wrapping_neg() } else { minor })
}

/// The slow twin: every way of writing an amount that real files have.
fn parse_any(
    text: &str,
    format: &NumberFormat,
    exponent: u32,
    currency: Currency,
    scale: Scale,
) -> Result<Option<Amount>, AmountError> {
    if text.len() > AMOUNT_BYTES {
        return Err(AmountError::NotANumber);
    }
    let text = marks::to_ascii(text);
    let Some((negative, core)) = strip(&text, currency)? else { return Ok(None) };
    let (mantissa, decimals) = digits_of(core, format)?;
    let allowed = match scale {
        Scale::Exact => exponent,
        Scale::Finer(finer) => finer.max(exponent),
    };
    if decimals > allowed {
        return Err(AmountError::TooFine { decimals, allowed });
    }
    let mantissa = if negative { -mantissa } else { mantissa };
    Ok(Some(Amount::from_mantissa(mantissa, decimals, exponent)?))
}

/// Takes sign, parentheses and currency off a cell; what is left is its number.
/// `None` for an empty cell.
fn strip(text: &str, currency: Currency) -> Result<Option<(bool, &str)>, AmountError> {
    let mut rest = text.trim();
    if rest.is_empty() || rest == "-" {
        return Ok(None);
    }
    let (mut signs, mut negative, mut opened, mut closed) = (0_u32, false, 0_u32, 0_u32);
    let mut currencies = 0_u32;
    // Each round takes one decoration off, so this ends after as many rounds as the cell has.
    loop {
        rest = rest.trim();
        if let Some(after) = rest.strip_prefix(['-', '+']) {
            negative |= rest.starts_with('-');
            (signs, rest) = (signs.saturating_add(1), after);
        } else if let Some(before) = rest.strip_suffix(['-', '+']) {
            negative |= rest.ends_with('-');
            (signs, rest) = (signs.saturating_add(1), before);
        } else if let Some(after) = rest.strip_prefix('(') {
            (opened, rest) = (opened.saturating_add(1), after);
        } else if let Some(before) = rest.strip_suffix(')') {
            (closed, rest) = (closed.saturating_add(1), before);
        } else {
            match marks::strip(rest, currency) {
                Verdict::None => break,
                Verdict::Fits(inner) => {
                    (currencies, rest) = (currencies.saturating_add(1), inner);
                }
                Verdict::Other => return Err(AmountError::OtherCurrency(currency)),
            }
        }
    }
    if !rest.bytes().any(|byte| byte.is_ascii_digit()) || currencies > 2 {
        return Err(AmountError::NotANumber);
    }
    let in_parentheses = opened == 1 && closed == 1;
    if opened != closed || opened > 1 || signs > 1 || (in_parentheses && signs > 0) {
        return Err(AmountError::Signs);
    }
    Ok(Some((negative || in_parentheses, rest)))
}

/// Mantissa and number of decimals of a bare number, without trailing zeros in the fraction.
fn digits_of(core: &str, format: &NumberFormat) -> Result<(i128, u32), AmountError> {
    if let Some(stray) = core.bytes().find(|byte| !b"0123456789., '".contains(byte)) {
        let scientific = matches!(stray, b'e' | b'E') && is_scientific(core);
        return Err(if scientific { AmountError::Scientific } else { AmountError::NotANumber });
    }
    let (whole, fraction) = match core.split_once(format.decimal.character()) {
        Some((whole, fraction)) => (whole, fraction.trim_end_matches('0')),
        None => (core, ""),
    };
    let well_formed = fraction.bytes().all(|byte| byte.is_ascii_digit())
        && is_whole(whole, format)
        && core.bytes().any(|byte| byte.is_ascii_digit());
    if !well_formed {
        return Err(AmountError::Marks(*format));
    }
    let decimals = u32::try_from(fraction.len()).map_err(|_| AmountError::OutOfRange)?;
    let mut mantissa = 0_i128;
    for digit in whole.bytes().chain(fraction.bytes()).filter(u8::is_ascii_digit) {
        mantissa = mantissa
            .checked_mul(10)
            .and_then(|mantissa| mantissa.checked_add(i128::from(digit & 0x0f)))
            .ok_or(AmountError::OutOfRange)?;
    }
    Ok((mantissa, decimals))
}

/// Whether the digits before the decimal mark are bare, or in groups that cannot be a fraction.
fn is_whole(whole: &str, format: &NumberFormat) -> bool {
    let Some(mark) = whole.bytes().find(|byte| !byte.is_ascii_digit()) else { return true };
    if format.grouping == Grouping::Refused || mark == format.decimal.ascii() {
        return false;
    }
    is_grouped(whole, mark)
}

/// `1,234,567` or, the Indian way, `12,34,567`; a group never starts the number with a zero.
pub(super) fn is_grouped(whole: &str, mark: u8) -> bool {
    let mut groups = whole.split(char::from(mark));
    let (Some(first), Some(last)) = (groups.next(), groups.next_back()) else { return false };
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let all = |width: usize| groups.clone().all(|group| group.len() == width && digits(group));
    let western = matches!(first.len(), 1..=3) && all(3);
    let indian = matches!(first.len(), 1..=2) && all(2);
    !first.starts_with('0')
        && digits(first)
        && last.len() == 3
        && digits(last)
        && (western || indian)
}

fn is_scientific(core: &str) -> bool {
    core.split_once(['e', 'E']).is_some_and(|(mantissa, power)| {
        let power = power.strip_prefix(['+', '-']).unwrap_or(power);
        let number =
            |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',');
        !mantissa.is_empty() && !power.is_empty() && number(mantissa) && number(power)
    })
}

impl DecimalMark {
    pub(super) const fn ascii(self) -> u8 {
        match self {
            Self::Point => b'.',
            Self::Comma => b',',
        }
    }

    pub(super) const fn character(self) -> char {
        self.ascii() as char
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn currency(code: &str) -> Currency {
        Currency::from_code(code).unwrap()
    }

    fn read(text: &str, format: NumberFormat, code: &str) -> Result<Option<Amount>, AmountError> {
        parse_amount(text, &format, Unit::Major, currency(code), Scale::Exact)
    }

    #[test]
    fn amounts_of_real_files_are_read_exactly() {
        let (point, comma) = (NumberFormat::POINT, NumberFormat::COMMA);
        for (text, format, code, expected) in [
            ("1234.56", point, "USD", "1234.56"),
            ("-12", point, "USD", "-12.00"),
            ("12.3", point, "USD", "12.30"),
            (".5", point, "USD", "0.50"),
            ("5.", point, "USD", "5.00"),
            ("-.5", point, "USD", "-0.50"),
            ("0", point, "UGX", "0"),
            ("007.50", point, "USD", "7.50"),
            ("1.234", point, "KWD", "1.234"),
            ("1.2345", point, "CLF", "1.2345"),
            ("1,234.56", point, "USD", "1234.56"),
            ("1,234,567.89", point, "USD", "1234567.89"),
            ("1.234,56", comma, "EUR", "1234.56"),
            ("9.700", comma, "CLP", "9700"),
            ("31070,11", comma, "EUR", "31070.11"),
            ("+31070,11", comma, "EUR", "31070.11"),
            ("-50,00", comma, "EUR", "-50.00"),
            ("1'234.56", point, "CHF", "1234.56"),
            ("1’234.56", point, "CHF", "1234.56"),
            ("1 234,56", comma, "EUR", "1234.56"),
            ("1\u{a0}234\u{a0}567,8", comma, "EUR", "1234567.80"),
            ("1\u{202f}234,56", comma, "EUR", "1234.56"),
            ("12,34,567.89", point, "INR", "1234567.89"),
            ("1,00,000", point, "INR", "100000.00"),
            ("(5.00)", point, "USD", "-5.00"),
            ("($33.62)", point, "USD", "-33.62"),
            ("$(33.62)", point, "USD", "-33.62"),
            ("( 5.00 )", point, "USD", "-5.00"),
            ("5.00-", point, "USD", "-5.00"),
            ("-$5.00", point, "USD", "-5.00"),
            ("$-5.00", point, "USD", "-5.00"),
            ("- $220.00", point, "USD", "-220.00"),
            ("$0.00 ", point, "USD", "0.00"),
            (" 1,149.00 ", point, "USD", "1149.00"),
            ("¥28.16", point, "CNY", "28.16"),
            ("￥２８．１６", point, "CNY", "28.16"),
            ("－１，２３４．５６", point, "USD", "-1234.56"),
            ("\u{2212}12.00", point, "USD", "-12.00"),
            ("12.00 €", point, "EUR", "12.00"),
            ("€12.00", point, "EUR", "12.00"),
            ("USD 12.00", point, "USD", "12.00"),
            ("12.00USD", point, "USD", "12.00"),
            ("US$12.00", point, "USD", "12.00"),
            ("$12.00 USD", point, "USD", "12.00"),
            ("KSh 1,200.00", point, "KES", "1200.00"),
            ("Ksh1,200.00", point, "KES", "1200.00"),
            ("₦1,200", point, "NGN", "1200.00"),
            ("1 200 FCFA", point, "XOF", "1200"),
            ("R$ 1.234,56", comma, "BRL", "1234.56"),
            ("\u{200e}12.00", point, "USD", "12.00"),
            ("12.3400", point, "USD", "12.34"),
            ("100.000", point, "UGX", "100"),
            ("9223372036854775807", point, "UGX", "9223372036854775807"),
            ("-9223372036854775808", point, "UGX", "-9223372036854775808"),
            ("92233720368547758.08", point, "USD", "92233720368547758.08"),
            ("12345678901234567890123456.78", point, "USD", "12345678901234567890123456.78"),
        ] {
            let amount = read(text, format, code).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(amount.unwrap().format(currency(code)), expected, "{text}");
        }
    }

    #[test]
    fn cells_without_an_amount_are_empty() {
        for text in ["", " ", "-", " - ", "\u{a0}", "－", "–", "—", "\u{2212}", "\u{200e}"] {
            assert_eq!(read(text, NumberFormat::POINT, "USD"), Ok(None), "{text:?}");
        }
    }

    #[test]
    fn what_is_not_exactly_an_amount_says_why() {
        use AmountError as E;
        let (point, comma, plain) = (NumberFormat::POINT, NumberFormat::COMMA, NumberFormat::PLAIN);
        for (text, format, code, expected) in [
            ("12.345", point, "USD", E::TooFine { decimals: 3, allowed: 2 }),
            ("12.5", point, "UGX", E::TooFine { decimals: 1, allowed: 0 }),
            ("1.23450", point, "KWD", E::TooFine { decimals: 4, allowed: 3 }),
            ("7.4E+22", point, "USD", E::Scientific),
            ("1e5", point, "USD", E::Scientific),
            ("1,5E3", comma, "USD", E::Scientific),
            ("5.00E", point, "USD", E::NotANumber),
            ("1,23", point, "USD", E::Marks(point)),
            ("0,123", point, "USD", E::Marks(point)),
            ("1,234,56", point, "USD", E::Marks(point)),
            ("1234,567", point, "USD", E::Marks(point)),
            ("1,234 567", point, "USD", E::Marks(point)),
            ("1.234.56", point, "USD", E::Marks(point)),
            ("1.234,56", point, "EUR", E::Marks(point)),
            ("1,234.56", comma, "EUR", E::Marks(comma)),
            ("12.34", comma, "EUR", E::Marks(comma)),
            ("1,234", plain, "USD", E::Marks(plain)),
            (",234", point, "USD", E::Marks(point)),
            ("1,,234", point, "USD", E::Marks(point)),
            ("1.2.3", point, "USD", E::Marks(point)),
            ("123,45,678", point, "INR", E::Marks(point)),
            (".", point, "USD", E::NotANumber),
            ("--5", point, "USD", E::Signs),
            ("-5-", point, "USD", E::Signs),
            ("(-5)", point, "USD", E::Signs),
            ("(5", point, "USD", E::Signs),
            ("5)", point, "USD", E::Signs),
            ("((5))", point, "USD", E::Signs),
            ("€12.00", point, "USD", E::OtherCurrency(currency("USD"))),
            ("12.00 EUR", point, "USD", E::OtherCurrency(currency("USD"))),
            ("$12.00", point, "EUR", E::OtherCurrency(currency("EUR"))),
            ("N/A", point, "USD", E::NotANumber),
            ("abc", point, "USD", E::NotANumber),
            ("12.00 pcs", point, "USD", E::NotANumber),
            ("USD", point, "USD", E::NotANumber),
            ("NaN", point, "USD", E::NotANumber),
            ("1_000", point, "USD", E::NotANumber),
            ("0x10", point, "USD", E::NotANumber),
            ("12:30", point, "USD", E::NotANumber),
            ("2026-02-03", point, "USD", E::NotANumber),
            ("1234567890123456789012345678901", point, "USD", E::OutOfRange),
            (&"9".repeat(100), point, "USD", E::OutOfRange),
            (&"$-".repeat(500_000), point, "USD", E::NotANumber),
        ] {
            assert_eq!(read(text, format, code), Err(expected), "{text}");
        }
    }

    #[test]
    fn the_explanation_names_value_reason_and_remedy() {
        let error = read("12.345", NumberFormat::POINT, "USD").unwrap_err().explain("12.345");
        assert_eq!(error.code(), "money/too-fine");
        assert_eq!(
            error.to_string(),
            "“12.345” has 3 decimals, but this column can have 2; correct the amount; if the file \
             really counts finer, state that in its mapping"
        );
    }

    #[test]
    fn units_and_scale_follow_the_profile() {
        let parse = |text, unit, scale, code| {
            parse_amount(text, &NumberFormat::POINT, unit, currency(code), scale)
                .map(|amount| amount.unwrap().format(currency(code)))
        };
        for (text, unit, scale, code, expected) in [
            ("1234", Unit::Minor, Scale::Exact, "USD", Ok("12.34")),
            ("1234", Unit::Minor, Scale::Exact, "UGX", Ok("1234")),
            ("1,234", Unit::Minor, Scale::Exact, "USD", Ok("12.34")),
            ("1234.00", Unit::Minor, Scale::Exact, "USD", Ok("12.34")),
            ("12.5", Unit::Minor, Scale::Finer(1), "USD", Ok("0.125")),
            ("0.01234", Unit::Major, Scale::Finer(5), "CNY", Ok("0.01234")),
            ("0.01000", Unit::Major, Scale::Exact, "CNY", Ok("0.01")),
            ("1.234", Unit::Major, Scale::Finer(1), "KWD", Ok("1.234")),
            (
                "12.5",
                Unit::Minor,
                Scale::Exact,
                "USD",
                Err(AmountError::TooFine { decimals: 1, allowed: 0 }),
            ),
            (
                "0.012345",
                Unit::Major,
                Scale::Finer(5),
                "CNY",
                Err(AmountError::TooFine { decimals: 6, allowed: 5 }),
            ),
        ] {
            assert_eq!(parse(text, unit, scale, code), expected.map(str::to_owned), "{text}");
        }
    }

    /// What the fast path would be if it were only the slow one.
    fn twin(text: &str, format: &NumberFormat, exponent: u32, code: Currency) -> Option<i64> {
        parse_any(text, format, exponent, code, Scale::Exact).ok()??.as_minor()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(2_000)))]

        #[test]
        fn the_fast_path_agrees_with_the_slow_one(
            text in "[-]?[0-9]{0,12}([.,][0-9]{0,9})?|[-0-9.,]{0,20}",
            exponent in 0_u32..5,
        ) {
            let any = currency("USD");
            for format in [NumberFormat::POINT, NumberFormat::COMMA, NumberFormat::PLAIN] {
                let fast = parse_plain(text.as_bytes(), format.decimal.ascii(), exponent);
                if let Some(minor) = fast {
                    prop_assert_eq!(twin(&text, &format, exponent, any), Some(minor), "{}", text);
                }
            }
        }

        #[test]
        fn the_fast_path_takes_what_it_is_for(minor in -10_i64.pow(15)..10_i64.pow(15)) {
            let usd = currency("USD");
            let text = Amount::from_minor(minor).format(usd);
            prop_assert_eq!(parse_plain(text.as_bytes(), b'.', 2), Some(minor));
        }

        #[test]
        fn what_is_written_is_read_again(minor in any::<i64>(), index in 0_u16..160) {
            let currency = Currency::from_index(index).unwrap();
            let amount = Amount::from_minor(minor);
            let text = amount.format(currency);
            let read = parse_amount(&text, &NumberFormat::PLAIN, Unit::Major, currency, Scale::Exact);
            prop_assert_eq!(read, Ok(Some(amount)));
        }

        #[test]
        fn no_text_breaks_the_parser(text in "\\PC{0,24}|[-+() $€0-9.,'eE]{0,16}") {
            let _ = read(&text, NumberFormat::POINT, "USD");
            let _ = read(&text, NumberFormat::COMMA, "EUR");
        }
    }
}
