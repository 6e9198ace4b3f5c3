//! Decides which words of a file mean the same: names of currencies and of total lines.
//!
//! The names of columns are data: they stand in the profiles `generic-orders` and
//! `generic-settlement`.

use super::fold::fold;
use crate::money::Currency;

/// Other ways to write a currency. Signs that several currencies share (`$`, `¥`, `kr`) are left
/// out on purpose.
const CURRENCIES: &[(&str, &str)] = &[
    ("RMB", "CNY"),
    ("人民币", "CNY"),
    ("CNH", "CNY"),
    ("元", "CNY"),
    ("美元", "USD"),
    ("US$", "USD"),
    ("USD$", "USD"),
    ("港币", "HKD"),
    ("HK$", "HKD"),
    ("欧元", "EUR"),
    ("€", "EUR"),
    ("EURO", "EUR"),
    ("英镑", "GBP"),
    ("£", "GBP"),
    ("日元", "JPY"),
    ("KSH", "KES"),
    ("KSHS", "KES"),
    ("₦", "NGN"),
    ("NAIRA", "NGN"),
    ("USH", "UGX"),
    ("UGSH", "UGX"),
    ("TSH", "TZS"),
    ("GH₵", "GHS"),
    ("₵", "GHS"),
    ("GHC", "GHS"),
    ("R$", "BRL"),
    ("₹", "INR"),
];

/// Words that begin a line of totals, folded.
const TOTALS: &[&str] = &[
    "total",
    "totals",
    "subtotal",
    "grandtotal",
    "sum",
    "summary",
    "合计",
    "总计",
    "小计",
    "汇总",
    "總計",
    "合計",
    "soma",
    "suma",
    "somme",
    "totaux",
    "totalgeneral",
    "totalgeral",
];

/// The currency of a code or of another way to write it.
#[must_use]
pub fn currency(text: &str) -> Option<Currency> {
    Currency::from_code(text).or_else(|| {
        let upper = text.trim().to_uppercase();
        let code = CURRENCIES.iter().find(|(name, _)| *name == upper);
        Currency::from_code(code.map_or(upper.as_str(), |(_, code)| code))
    })
}

/// Whether a cell is the label of a line of totals.
#[must_use]
pub fn is_total(cell: &str) -> bool {
    let folded = fold(cell);
    TOTALS.contains(&folded.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_have_other_names_but_shared_signs_have_none() {
        for (text, code) in [
            ("USD", Some("USD")),
            ("usd", Some("USD")),
            (" kes ", Some("KES")),
            ("RMB", Some("CNY")),
            ("人民币", Some("CNY")),
            ("KSh", Some("KES")),
            ("$", None),
            ("¥", None),
            ("XXX", None),
            ("US", None),
            ("", None),
        ] {
            assert_eq!(currency(text).map(Currency::code), code, "{text}");
        }
    }

    #[test]
    fn labels_of_totals_are_whole_words() {
        for (cell, is) in [
            ("Total", true),
            ("合计：", true),
            ("GRAND TOTAL", true),
            ("Total Wine Ltd", false),
            ("", false),
        ] {
            assert_eq!(is_total(cell), is, "{cell}");
        }
    }
}
