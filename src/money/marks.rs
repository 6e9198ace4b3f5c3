//! Which currency a sign in a cell may stand for, and how exotic characters read in ASCII.

use std::borrow::Cow;

use super::Currency;

/// What stands at the edge of a cell.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict<'a> {
    /// No sign or code of a currency.
    None,
    /// One that fits the row's currency; the rest of the cell.
    Fits(&'a str),
    /// One that belongs to other currencies only.
    Other,
}

/// Signs and the currencies that use them; longer signs stand before their endings. Signs of
/// letters are compared without case. ISO codes are no part of the table: each stands for itself.
const SIGNS: &[(&str, &str)] = &[
    ("US$", "USD"),
    ("AU$", "AUD"),
    ("CA$", "CAD"),
    ("HK$", "HKD"),
    ("NZ$", "NZD"),
    ("NT$", "TWD"),
    ("MX$", "MXN"),
    ("RD$", "DOP"),
    ("A$", "AUD"),
    ("C$", "CAD NIO"),
    ("S$", "SGD"),
    ("R$", "BRL"),
    ("J$", "JMD"),
    ("N$", "NAD"),
    ("Z$", "ZWL"),
    (
        "$",
        "ARS AUD BBD BMD BND BSD BZD CAD CLP COP DOP FJD GYD HKD JMD KYD LRD MXN NAD NIO NZD SBD \
         SGD SRD TTD TWD USD UYU XCD",
    ),
    ("€", "EUR"),
    ("£", "EGP FKP GBP GIP LBP SDG SHP SSP SYP"),
    ("CN¥", "CNY"),
    ("JP¥", "JPY"),
    ("¥", "CNY JPY"),
    ("人民币", "CNY"),
    ("元", "CNY TWD"),
    ("円", "JPY"),
    ("₦", "NGN"),
    ("₹", "INR"),
    ("₩", "KRW KPW"),
    ("원", "KRW"),
    ("฿", "THB"),
    ("₫", "VND"),
    ("₱", "PHP"),
    ("₺", "TRY"),
    ("₽", "RUB"),
    ("₴", "UAH"),
    ("₪", "ILS"),
    ("₡", "CRC"),
    ("₲", "PYG"),
    ("₵", "GHS"),
    ("GH₵", "GHS"),
    ("GH¢", "GHS"),
    ("KSHS", "KES"),
    ("KSH", "KES"),
    ("USHS", "UGX"),
    ("USH", "UGX"),
    ("TSHS", "TZS"),
    ("TSH", "TZS"),
    ("FCFA", "XAF XOF"),
    ("F CFA", "XAF XOF"),
    ("CFA", "XAF XOF"),
    ("RS", "INR LKR MUR NPR PKR SCR"),
    ("RP", "IDR"),
    ("RM", "MYR"),
    ("RMB", "CNY"),
    ("ZŁ", "PLN"),
    ("KR", "DKK ISK NOK SEK"),
    ("KČ", "CZK"),
    ("FT", "HUF"),
    ("FR", "CHF"),
    ("R", "ZAR"),
];

/// Takes one currency sign or ISO code off the front or the end of a cell.
pub(super) fn strip(text: &str, currency: Currency) -> Verdict<'_> {
    let is_mark = |c: char| !c.is_ascii_digit() && !".,'+-()".contains(c);
    let front = text.trim_start_matches(is_mark);
    let back = text.trim_end_matches(is_mark);
    // A point ends an abbreviation (`Rs.500`), but is a decimal mark otherwise (`$.50`).
    let (sign, rest) = match (text.len() - front.len(), text.len() - back.len()) {
        (0, 0) => return Verdict::None,
        (0, length) => (text.split_at(text.len() - length).1, back),
        (length, _) => {
            let sign = text.split_at(length).0;
            let abbreviated = sign.ends_with(char::is_alphabetic) && front.starts_with('.');
            (sign, if abbreviated { front.trim_start_matches('.') } else { front })
        }
    };
    let sign = sign.trim();
    let fits = |codes: &str| codes.split(' ').any(|code| code == currency.code());
    if let Some(written) = Currency::from_code(&sign.to_ascii_uppercase()) {
        return if written == currency { Verdict::Fits(rest) } else { Verdict::Other };
    }
    let upper = sign.to_uppercase();
    match SIGNS.iter().find(|(known, _)| *known == upper) {
        Some((_, codes)) if fits(codes) => Verdict::Fits(rest),
        Some(_) => Verdict::Other,
        None => Verdict::None,
    }
}

/// The cell with full-width characters, dashes, blanks and apostrophes of all kinds as ASCII, and
/// without invisible direction marks.
pub(super) fn to_ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter_map(plain).collect())
}

fn plain(character: char) -> Option<char> {
    Some(match character {
        // Full-width forms stand in the order of ASCII.
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => '-',
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{b4}' => '\'',
        '\u{ffe5}' => '¥',
        '\u{ffe1}' => '£',
        '\u{ffe6}' => '₩',
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => {
            return None;
        }
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_known_currencies_and_no_sign_twice() {
        for (index, (sign, codes)) in SIGNS.iter().enumerate() {
            assert_eq!(*sign, sign.to_uppercase());
            assert!(SIGNS[..index].iter().all(|(other, _)| other != sign), "{sign}");
            for code in codes.split(' ').filter(|code| !code.is_empty()) {
                assert!(Currency::from_code(code).is_some(), "{sign}: {code}");
            }
        }
    }

    #[test]
    fn signs_fit_the_currencies_that_use_them() {
        for (text, code, expected) in [
            ("$5", "USD", Verdict::Fits("5")),
            ("$5", "KES", Verdict::Other),
            ("¥5", "CNY", Verdict::Fits("5")),
            ("¥5", "JPY", Verdict::Fits("5")),
            ("5元", "CNY", Verdict::Fits("5")),
            ("Rs.500", "INR", Verdict::Fits("500")),
            ("Rs. 500", "INR", Verdict::Fits(" 500")),
            ("$.50", "USD", Verdict::Fits(".50")),
            ("usd5", "USD", Verdict::Fits("5")),
            ("5 kr", "SEK", Verdict::Fits("5")),
            ("5 kr", "EUR", Verdict::Other),
            ("5 pcs", "EUR", Verdict::None),
            ("5", "EUR", Verdict::None),
            ("US$5", "CAD", Verdict::Other),
        ] {
            let got = strip(text, Currency::from_code(code).unwrap());
            assert_eq!(got, expected, "{text} in {code}");
        }
    }
}
