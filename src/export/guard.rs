//! Decides which text a spreadsheet might run as a formula, and keeps it from doing so.
//!
//! A reference such as `=cmd|…` in a provider's file must stay a text. Numbers are left alone: an
//! apostrophe before `-12.50` would ruin every fee.

use std::borrow::Cow;

/// The text as it may stand in a cell: with an apostrophe before what looks like a formula.
pub fn guarded(text: &str) -> Cow<'_, str> {
    let start = text.trim_start_matches([' ', '\u{a0}', '\u{3000}']).chars().next();
    let formula =
        matches!(start, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠'));
    if formula && !is_number(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Whether the whole text is a plain decimal number.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all(whole) && all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text_and_numbers_stay_numbers() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+254 700", "'+254 700"),
            ("-cmd", "'-cmd"),
            ("＝1", "'＝1"),
            (" =1", "' =1"),
            ("\t=1", "'\t=1"),
            ("-12.50", "-12.50"),
            ("+254700", "+254700"),
            ("KE-1001", "KE-1001"),
            ("-1-2", "'-1-2"),
            ("", ""),
        ] {
            assert_eq!(guarded(text), expected, "{text:?}");
        }
    }
}
