//! Reads the line of a movement, `:61:`.
//!
//! `YYMMDD[MMDD]` (R)C|D, the third letter of the currency at some banks, the amount, a code of
//! four characters, the account holder's reference, `//` and the bank's; further lines are details.

use super::{date, decimal};
use crate::ingest::statement::sheet::{Column, Row};

/// What banks write where there is no reference, or where it stands in the information.
const NO_REFERENCE: [&str; 8] =
    ["NONREF", "NOREF", "EREF", "PREF", "MREF", "KREF+", "EREF+", "N/A"];

/// Fills the row with what the lines of the field say.
pub(super) fn fill(row: &mut Row<'_>, lines: &[&str]) {
    let Some((first, further)) = lines.split_first() else { return };
    let Some(parts) = Parts::of(first) else {
        // Kept as it is, so that the row is rejected where its amount is read.
        row.set(Column::Amount, (*first).to_owned());
        return;
    };
    let value = date(parts.value).into_owned();
    row.set(Column::BookedOn, booked(&value, parts.booked));
    row.set(Column::ValueDate, value);
    row.set(Column::Amount, format!("{}{}", parts.mark.sign(), decimal(parts.amount)));
    row.set(Column::Kind, parts.kind());
    row.set(Column::Status, if parts.mark.is_expected { "pending" } else { "booked" });
    row.set(Column::Code, parts.code.to_owned());
    references(row, parts.references);
    let details: Vec<&str> =
        further.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    row.set(Column::Memo, details.join(" "));
}

/// The parts of the first line.
#[derive(Debug, PartialEq, Eq)]
struct Parts<'a> {
    value: &'a str,
    booked: &'a str,
    mark: Mark,
    amount: &'a str,
    code: &'a str,
    references: &'a str,
}

/// Credit or debit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    is_credit: bool,
    is_reversal: bool,
    is_expected: bool,
}

impl Mark {
    /// A reversal of a credit takes away, a reversal of a debit adds.
    fn sign(self) -> &'static str {
        if self.is_credit == self.is_reversal { "-" } else { "" }
    }
}

impl<'a> Parts<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let (value, rest) = line.split_at_checked(6)?;
        let is_date = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_date(value) {
            return None;
        }
        let (booked, rest) = match rest.split_at_checked(4) {
            Some((booked, rest)) if is_date(booked) => (booked, rest),
            _ => ("", rest.trim_start()),
        };
        let (mark, rest) = mark(rest)?;
        // The third letter of the currency.
        let rest = rest.strip_prefix(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(rest);
        let digits = rest.bytes().take_while(|b| b.is_ascii_digit() || b",.".contains(b)).count();
        let (amount, rest) = rest.split_at_checked(digits)?;
        if amount.is_empty() {
            return None;
        }
        let (code, references) = rest.split_at_checked(4).unwrap_or((rest, ""));
        Some(Self { value, booked, mark, amount, code: code.trim(), references })
    }

    fn kind(&self) -> &'static str {
        match self.code.get(1..) {
            _ if self.mark.is_reversal => "reversal",
            Some("RTI") => "reversal",
            Some("CHG" | "COM") => "fee",
            Some("INT") => "interest",
            _ => "movement",
        }
    }
}

fn mark(text: &str) -> Option<(Mark, &str)> {
    let (is_reversal, is_expected, rest) = match text.split_at_checked(1)? {
        ("R", rest) => (true, false, rest),
        ("E", rest) => (false, true, rest),
        _ => (false, false, text),
    };
    let (letter, rest) = rest.split_at_checked(1)?;
    let is_credit = match letter {
        "C" => true,
        "D" => false,
        _ => return None,
    };
    Some((Mark { is_credit, is_reversal, is_expected }, rest))
}

/// The booking date, `MMDD`, in the year that is nearest to the value date.
fn booked(value: &str, booked: &str) -> String {
    let (Some(year), Some(month)) = (value.get(..4), value.get(5..7)) else {
        return value.to_owned();
    };
    let (Some(to_month), Some(day)) = (booked.get(..2), booked.get(2..4)) else {
        return value.to_owned();
    };
    let year: u32 = year.parse().unwrap_or_default();
    let year = match (month, to_month) {
        ("12", "01") => year.saturating_add(1),
        ("01", "12") => year.saturating_sub(1),
        _ => year,
    };
    format!("{year:04}-{to_month}-{day}")
}

/// `account holder's//bank's`; some banks put the counterparty's account and name in the first.
fn references(row: &mut Row<'_>, text: &str) {
    let (own, bank) = text.split_once("//").unwrap_or((text, ""));
    let own = own.trim();
    let (own, name) = match own.split_once("  ") {
        Some((account, name)) => (account.trim_end(), name.trim_start()),
        None => (own, ""),
    };
    if !name.is_empty() {
        row.set(Column::Counterparty, name.to_owned());
    }
    if is_iban(own) {
        row.set(Column::CounterpartyAccount, own.to_owned());
    } else if !own.is_empty() && !NO_REFERENCE.contains(&own) {
        row.set(Column::CustomerReference, own.to_owned());
    }
    let bank = bank.trim();
    if !bank.is_empty() && !NO_REFERENCE.contains(&bank) {
        row.set(Column::BankReference, bank.to_owned());
    }
}

/// Two letters, two digits, and 11 to 30 letters or digits.
pub(super) fn is_iban(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes, [a, b, c, d, rest @ ..]
        if a.is_ascii_uppercase() && b.is_ascii_uppercase()
        && c.is_ascii_digit() && d.is_ascii_digit()
        && (11..=30).contains(&rest.len())
        && rest.iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: &str, columns: &[Column]) -> Vec<String> {
        let mut row = Row::new("movement", 0, 0);
        fill(&mut row, &line.lines().collect::<Vec<_>>());
        columns.iter().map(|column| row.get(*column).to_owned()).collect()
    }

    #[test]
    fn dates_marks_and_amounts() {
        let columns = [Column::ValueDate, Column::BookedOn, Column::Amount, Column::Kind];
        for (line, expected) in [
            ("2403120313D65,00NTRFNONREF", ["2024-03-12", "2024-03-13", "-65.00", "movement"]),
            ("240312C65,NTRFNONREF", ["2024-03-12", "2024-03-12", "65", "movement"]),
            ("240312    DD212,39NMSCNONREF//", ["2024-03-12", "2024-03-12", "-212.39", "movement"]),
            ("2312310102CR300,NTRFX", ["2023-12-31", "2024-01-02", "300", "movement"]),
            ("2401021231CN0,01NTRFX", ["2024-01-02", "2023-12-31", "0.01", "movement"]),
            ("2403120312RCR204,88NRTIX", ["2024-03-12", "2024-03-12", "-204.88", "reversal"]),
            ("2403120312RD5,00NTRFX", ["2024-03-12", "2024-03-12", "5.00", "reversal"]),
            (
                "2403120312C000000001213,28N044012",
                ["2024-03-12", "2024-03-12", "000000001213.28", "movement"],
            ),
            ("2403120312D1,65NCHGNONREF", ["2024-03-12", "2024-03-12", "-1.65", "fee"]),
            // Kept as they are, to be rejected with their reason.
            ("1602300301DR6,00N024NONREF", ["2016-02-30", "2016-03-01", "-6.00", "movement"]),
            ("2403120312X5,00NTRF", ["", "", "2403120312X5,00NTRF", ""]),
            ("240312C,NTRFX", ["2024-03-12", "2024-03-12", "", "movement"]),
            ("é", ["", "", "é", ""]),
            ("240312C1,2,3NTRF", ["2024-03-12", "2024-03-12", "1,2,3", "movement"]),
        ] {
            assert_eq!(cells(line, &columns), expected, "{line}");
        }
    }

    #[test]
    fn references_and_details() {
        let columns = [
            Column::CustomerReference,
            Column::BankReference,
            Column::CounterpartyAccount,
            Column::Counterparty,
            Column::Memo,
        ];
        for (line, expected) in [
            ("240312C1,00NTRFPO-55//B9\n/TRCD/1/", ["PO-55", "B9", "", "", "/TRCD/1/"]),
            ("240312C1,00NTRFNONREF//B9", ["", "B9", "", "", ""]),
            ("240312C1,00NTRFEREF", ["", "", "", "", ""]),
            (
                "240312C1,00NOVBNL47ABCD0123456789\nj doe",
                ["", "", "NL47ABCD0123456789", "", "j doe"],
            ),
            ("240312C1,00N0440121470966      A. Person", ["0121470966", "", "", "A. Person", ""]),
            ("240312C1,00FMSC01916//NONREF\n2013", ["01916", "", "", "", "2013"]),
        ] {
            assert_eq!(cells(line, &columns), expected, "{line}");
        }
    }
}
