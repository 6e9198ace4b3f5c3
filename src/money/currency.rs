//! Which currencies exist and how many decimals each one has.
//!
//! Source: ISO 4217, List One (currencies in use) and List Three (withdrawn), as of 2026-01-01.
//! Codes without a minor unit (precious metals, SDR, test codes) are no money a provider settles
//! in, so they are left out and read as unknown.

use std::fmt;

/// A currency of ISO 4217, two bytes wide; ordered by its code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(u16);

/// Code and number of decimals, sorted by code: a currency is an index into this table.
///
/// Currencies withdrawn within the last ten years stay, because files of that time are still
/// reconciled: ANG, BGN, BYR, CUC, HRK, MRO, SLL, STD, VEF, ZWL.
#[rustfmt::skip]
const TABLE: &[(&str, u8)] = &[
    ("AED", 2), ("AFN", 2), ("ALL", 2), ("AMD", 2), ("ANG", 2), ("AOA", 2), ("ARS", 2), ("AUD", 2),
    ("AWG", 2), ("AZN", 2), ("BAM", 2), ("BBD", 2), ("BDT", 2), ("BGN", 2), ("BHD", 3), ("BIF", 0),
    ("BMD", 2), ("BND", 2), ("BOB", 2), ("BOV", 2), ("BRL", 2), ("BSD", 2), ("BTN", 2), ("BWP", 2),
    ("BYN", 2), ("BYR", 0), ("BZD", 2), ("CAD", 2), ("CDF", 2), ("CHE", 2), ("CHF", 2), ("CHW", 2),
    ("CLF", 4), ("CLP", 0), ("CNY", 2), ("COP", 2), ("COU", 2), ("CRC", 2), ("CUC", 2), ("CUP", 2),
    ("CVE", 2), ("CZK", 2), ("DJF", 0), ("DKK", 2), ("DOP", 2), ("DZD", 2), ("EGP", 2), ("ERN", 2),
    ("ETB", 2), ("EUR", 2), ("FJD", 2), ("FKP", 2), ("GBP", 2), ("GEL", 2), ("GHS", 2), ("GIP", 2),
    ("GMD", 2), ("GNF", 0), ("GTQ", 2), ("GYD", 2), ("HKD", 2), ("HNL", 2), ("HRK", 2), ("HTG", 2),
    ("HUF", 2), ("IDR", 2), ("ILS", 2), ("INR", 2), ("IQD", 3), ("IRR", 2), ("ISK", 0), ("JMD", 2),
    ("JOD", 3), ("JPY", 0), ("KES", 2), ("KGS", 2), ("KHR", 2), ("KMF", 0), ("KPW", 2), ("KRW", 0),
    ("KWD", 3), ("KYD", 2), ("KZT", 2), ("LAK", 2), ("LBP", 2), ("LKR", 2), ("LRD", 2), ("LSL", 2),
    ("LYD", 3), ("MAD", 2), ("MDL", 2), ("MGA", 2), ("MKD", 2), ("MMK", 2), ("MNT", 2), ("MOP", 2),
    ("MRO", 2), ("MRU", 2), ("MUR", 2), ("MVR", 2), ("MWK", 2), ("MXN", 2), ("MXV", 2), ("MYR", 2),
    ("MZN", 2), ("NAD", 2), ("NGN", 2), ("NIO", 2), ("NOK", 2), ("NPR", 2), ("NZD", 2), ("OMR", 3),
    ("PAB", 2), ("PEN", 2), ("PGK", 2), ("PHP", 2), ("PKR", 2), ("PLN", 2), ("PYG", 0), ("QAR", 2),
    ("RON", 2), ("RSD", 2), ("RUB", 2), ("RWF", 0), ("SAR", 2), ("SBD", 2), ("SCR", 2), ("SDG", 2),
    ("SEK", 2), ("SGD", 2), ("SHP", 2), ("SLE", 2), ("SLL", 2), ("SOS", 2), ("SRD", 2), ("SSP", 2),
    ("STD", 2), ("STN", 2), ("SVC", 2), ("SYP", 2), ("SZL", 2), ("THB", 2), ("TJS", 2), ("TMT", 2),
    ("TND", 3), ("TOP", 2), ("TRY", 2), ("TTD", 2), ("TWD", 2), ("TZS", 2), ("UAH", 2), ("UGX", 0),
    ("USD", 2), ("USN", 2), ("UYI", 0), ("UYU", 2), ("UYW", 4), ("UZS", 2), ("VED", 2), ("VEF", 2),
    ("VES", 2), ("VND", 0), ("VUV", 0), ("WST", 2), ("XAD", 2), ("XAF", 0), ("XCD", 2), ("XCG", 2),
    ("XOF", 0), ("XPF", 0), ("YER", 2), ("ZAR", 2), ("ZMW", 2), ("ZWG", 2), ("ZWL", 2),
];

impl Currency {
    /// The currency of an upper-case three-letter code, or `None` if ISO 4217 has no such money.
    #[inline]
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let found = TABLE.binary_search_by(|(known, _)| (*known).cmp(code)).ok()?;
        u16::try_from(found).ok().map(Self)
    }

    /// The ISO 4217 code, such as `"KES"`.
    #[inline]
    #[must_use]
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// Decimals of the minor unit: 2 for KES, 0 for UGX, 3 for KWD, 4 for CLF.
    #[inline]
    #[must_use]
    pub fn exponent(self) -> u32 {
        u32::from(self.row().1)
    }

    /// A small number for columns; stable within one build only, so it never leaves a run.
    #[inline]
    #[must_use]
    pub fn index(self) -> u16 {
        self.0
    }

    /// The currency behind an [`index`](Self::index).
    #[inline]
    #[must_use]
    pub fn from_index(index: u16) -> Option<Self> {
        (usize::from(index) < TABLE.len()).then_some(Self(index))
    }

    /// All currencies, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..TABLE.len()).filter_map(|index| u16::try_from(index).ok().map(Self))
    }

    fn row(self) -> (&'static str, u8) {
        *TABLE.get(usize::from(self.0)).expect("invariant: made from an index of the table")
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_currency_finds_itself() {
        assert!(TABLE.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for currency in Currency::all() {
            assert_eq!(Currency::from_code(currency.code()), Some(currency));
            assert_eq!(Currency::from_index(currency.index()), Some(currency));
            assert!(matches!(currency.exponent(), 0 | 2 | 3 | 4));
        }
        assert_eq!(size_of::<Currency>(), 2);
    }

    #[test]
    fn exponents_are_those_of_iso_4217() {
        let with = |exponent| {
            let codes = Currency::all().filter(|c| c.exponent() == exponent).map(Currency::code);
            codes.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            with(0),
            "BIF BYR CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
        );
        assert_eq!(with(3), "BHD IQD JOD KWD LYD OMR TND");
        assert_eq!(with(4), "CLF UYW");
    }

    #[test]
    fn near_codes_are_unknown() {
        for code in ["", "US", "usd", "USDT", "RMB", "CNH", "XAU", "XXX", " USD", "U$D", "ＵＳＤ"]
        {
            assert_eq!(Currency::from_code(code), None, "{code:?}");
        }
    }

    #[test]
    fn order_is_by_code() {
        let (kes, usd) = (Currency::from_code("KES").unwrap(), Currency::from_code("USD").unwrap());
        assert!(kes < usd);
    }
}
