//! Reads the information of a movement, `:86:`, in its three dialects: German subfields (`?20`),
//! named parts between slashes (`/EREF/…`), and free text.

use super::movement::is_iban;
use crate::ingest::statement::sheet::{Column, Row};

/// The names of parts between slashes that are understood; others stay in the text.
const PARTS: [&str; 29] = [
    "EREF", "PREF", "KREF", "MARF", "MREF", "CSID", "CRED", "CNTP", "REMI", "SVWZ", "ORDP", "BENM",
    "NAME", "ID", "IBAN", "BIC", "RTRN", "TRTP", "TRCD", "PURP", "ULTD", "ULTC", "ACCW", "ADDR",
    "INIT", "IREF", "EXCH", "CHGS", "OCMT",
];

/// The same at German banks, with a plus behind the name.
const TAGS: [&str; 12] = [
    "EREF+", "KREF+", "MREF+", "CRED+", "DEBT+", "SVWZ+", "ABWA+", "ABWE+", "IBAN+", "BIC+",
    "COAM+", "OAMT+",
];

/// End-to-end ids that mean "none".
const NOT_PROVIDED: [&str; 3] = ["NOTPROVIDED", "NOT PROVIDED", "NONREF"];

/// The lines of one or more `:86:` fields.
#[derive(Debug, Default)]
pub(super) struct Information {
    lines: Vec<String>,
}

impl Information {
    /// Takes the lines of a field.
    pub(super) fn add(&mut self, lines: &[&str]) {
        self.lines.extend(lines.iter().map(|line| (*line).to_owned()));
    }

    /// Writes what it says into the row of its movement.
    pub(super) fn fill(&self, row: &mut Row<'_>) {
        let Some(first) = self.lines.first() else { return };
        if let Some(separator) = structured(first) {
            let text: String = self.lines.concat();
            return german(row, &text, separator);
        }
        let named = self.lines.concat();
        if parts(&named).is_empty() {
            add_memo(row, &free(&self.lines));
        } else {
            slashes(row, &named);
        }
    }
}

/// `166?00…`: a code of three digits, and the character that opens each subfield.
fn structured(line: &str) -> Option<char> {
    let (code, rest) = line.split_at_checked(3)?;
    let separator = rest.chars().next()?;
    let subfield = rest.get(separator.len_utf8()..)?;
    let two_digits = subfield.bytes().take(2).filter(u8::is_ascii_digit).count() == 2;
    let is_code = code.bytes().all(|byte| byte.is_ascii_digit());
    (is_code && two_digits && !separator.is_alphanumeric() && separator != ' ').then_some(separator)
}

fn german(row: &mut Row<'_>, text: &str, separator: char) {
    let mut purpose = String::new();
    let mut name = String::new();
    let mut booking = "";
    for subfield in text.split(separator).skip(1) {
        let Some((number, value)) = subfield.split_at_checked(2) else { continue };
        match number.parse::<u8>().unwrap_or(u8::MAX) {
            0 => booking = value.trim(),
            20..=29 | 60..=63 => purpose.push_str(value),
            31 => row.set(Column::CounterpartyAccount, value.trim().to_owned()),
            32 | 33 => name.push_str(value),
            _ => {}
        }
    }
    if matches!(text.get(..3), Some("805" | "808")) {
        row.set(Column::Kind, "fee");
    }
    let name = name.trim();
    if !name.is_empty() {
        row.set(Column::Counterparty, name.to_owned());
    }
    let tagged = tags(&purpose);
    let mut memo = String::new();
    for (tag, value) in &tagged {
        match *tag {
            "EREF+" => reference(row, Column::EndToEndId, value),
            "KREF+" => reference(row, Column::CustomerReference, value),
            "MREF+" => reference(row, Column::Mandate, value),
            "CRED+" | "DEBT+" | "IBAN+" | "BIC+" => {}
            _ => push(&mut memo, value),
        }
    }
    push(&mut memo, booking);
    add_memo(row, &memo);
}

/// The parts of a purpose, each with its tag; text before the first tag has an empty one.
fn tags(purpose: &str) -> Vec<(&'static str, &str)> {
    let mut starts: Vec<(usize, &'static str)> =
        TAGS.iter().flat_map(|tag| purpose.match_indices(tag).map(|(at, _)| (at, *tag))).collect();
    starts.sort_unstable();
    split_at(purpose, &starts, 0)
}

/// Cuts a text at marks, each given by its start and its name; `around` is what frames a name.
fn split_at<'a>(
    text: &'a str,
    starts: &[(usize, &'static str)],
    around: usize,
) -> Vec<(&'static str, &'a str)> {
    let first = starts.first().map_or(text.len(), |(at, _)| *at);
    let mut found = vec![("", text.get(..first).unwrap_or_default().trim())];
    for (index, (at, name)) in starts.iter().enumerate() {
        let from = at.saturating_add(name.len()).saturating_add(around);
        let to = starts.get(index.saturating_add(1)).map_or(text.len(), |(next, _)| *next);
        found.push((name, text.get(from..to).unwrap_or_default().trim()));
    }
    found
}

/// Where known parts start in a text with slashes.
fn parts(text: &str) -> Vec<(usize, &'static str)> {
    let mut starts = Vec::new();
    for (at, _) in text.match_indices('/') {
        let rest = text.get(at.saturating_add(1)..).unwrap_or_default();
        let name = rest.split('/').next().unwrap_or_default();
        if rest.len() > name.len()
            && let Some(known) = PARTS.iter().find(|part| **part == name)
        {
            starts.push((at, *known));
        }
    }
    starts
}

fn slashes(row: &mut Row<'_>, text: &str) {
    let mut memo = String::new();
    for (name, value) in split_at(text, &parts(text), 2) {
        let value = value.trim_matches('/').trim();
        match name {
            "EREF" => reference(row, Column::EndToEndId, value),
            "PREF" => reference(row, Column::Batch, value),
            "KREF" | "IREF" => reference(row, Column::CustomerReference, value),
            "MARF" | "MREF" => reference(row, Column::Mandate, value),
            "NAME" if !value.is_empty() => row.offer(Column::Counterparty, value.to_owned()),
            "IBAN" => row.offer(Column::CounterpartyAccount, value.to_owned()),
            "CNTP" => counterparty(row, value),
            "REMI" | "SVWZ" => {
                let text = value.trim_start_matches("USTD").trim_start_matches("STRD");
                push(&mut memo, text.trim_matches('/'));
            }
            "RTRN" => {
                row.set(Column::Kind, "reversal");
                push(&mut memo, &format!("returned {value}"));
            }
            "" => push(&mut memo, value),
            _ => {}
        }
    }
    add_memo(row, &memo);
}

/// `account/bank/name/town`.
fn counterparty(row: &mut Row<'_>, value: &str) {
    let mut parts = value.split('/').map(str::trim);
    let account = parts.next().unwrap_or_default();
    if is_iban(account) || account.bytes().any(|byte| byte.is_ascii_digit()) {
        row.offer(Column::CounterpartyAccount, account.to_owned());
    }
    if let Some(name) = parts.nth(1).filter(|name| !name.is_empty()) {
        row.offer(Column::Counterparty, name.to_owned());
    }
}

fn reference(row: &mut Row<'_>, column: Column, value: &str) {
    let value = value.trim();
    if !value.is_empty() && !NOT_PROVIDED.contains(&value) {
        row.set(column, value.to_owned());
    }
}

/// The longest line of a field: a word may go on behind it.
const FULL_LINE: usize = 65;

/// Free text: full lines go on without a blank, others with one.
fn free(lines: &[String]) -> String {
    let mut text = String::new();
    let mut was_full = false;
    for line in lines {
        if !text.is_empty() && !was_full {
            text.push(' ');
        }
        text.push_str(line);
        was_full = line.chars().count() == FULL_LINE;
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn push(memo: &mut String, text: &str) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    if !memo.is_empty() {
        memo.push(' ');
    }
    memo.push_str(text);
}

/// Puts the text behind the details of the movement's own line.
fn add_memo(row: &mut Row<'_>, text: &str) {
    let mut memo = row.get(Column::Memo).to_owned();
    push(&mut memo, text);
    row.set(Column::Memo, memo);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(lines: &[&str], columns: &[Column]) -> Vec<String> {
        let mut row = Row::new("movement", 0, 0);
        let mut information = Information::default();
        information.add(lines);
        information.fill(&mut row);
        columns.iter().map(|column| row.get(*column).to_owned()).collect()
    }

    #[test]
    fn german_subfields() {
        let columns = [
            Column::EndToEndId,
            Column::Mandate,
            Column::Counterparty,
            Column::CounterpartyAccount,
            Column::Memo,
            Column::Kind,
        ];
        for (lines, expected) in [
            (
                vec![
                    "166?00CREDIT?109310?20EREF+PO-2026-00?2117?22SVWZ+Payout",
                    " March?30ABC?31DE0012?32Pay?33Co",
                ],
                ["PO-2026-0017", "", "PayCo", "DE0012", "Payout March CREDIT", ""],
            ),
            (
                vec!["105?00DEBIT?20EREF+NOTPROVIDED?21MREF+M1?22SVWZ+x"],
                ["", "M1", "", "", "x DEBIT", ""],
            ),
            (vec!["805?00FEES?20Flat"], ["", "", "", "", "Flat FEES", "fee"]),
            (vec!["051>00TEXT>20A>21B"], ["", "", "", "", "AB TEXT", ""]),
            // Near misses: no separator, a number, a question.
            (vec!["805 00 text"], ["", "", "", "", "805 00 text", ""]),
            (vec!["12?20text"], ["", "", "", "", "12?20text", ""]),
            (vec!["123?text"], ["", "", "", "", "123?text", ""]),
        ] {
            assert_eq!(cells(&lines, &columns), expected, "{lines:?}");
        }
    }

    #[test]
    fn parts_between_slashes() {
        let columns = [
            Column::EndToEndId,
            Column::Mandate,
            Column::Counterparty,
            Column::CounterpartyAccount,
            Column::Memo,
        ];
        for (lines, expected) in [
            (
                vec![
                    "/EREF/E1//CNTP/NL32ABCD0000012345/ABCDNL2",
                    "A/SHOP BV///REMI/USTD//order 7/",
                ],
                ["E1", "", "SHOP BV", "NL32ABCD0000012345", "order 7"],
            ),
            (
                vec![
                    "/TRTP/SEPA/IBAN/NL32ABCD0000012345/BIC/X/NAME/J DOE/MARF/M9/REMI/hello/EREF/E2",
                ],
                ["E2", "M9", "J DOE", "NL32ABCD0000012345", "hello"],
            ),
            (vec!["/ORDP//NAME/A B//REMI/t"], ["", "", "A B", "", "t"]),
            // Near miss: slashes that frame nothing known.
            (vec!["21.05.26/12.54 SHOP /ABC/x"], ["", "", "", "", "21.05.26/12.54 SHOP /ABC/x"]),
        ] {
            assert_eq!(cells(&lines, &columns), expected, "{lines:?}");
        }
    }

    #[test]
    fn free_text_is_joined_as_it_was_cut() {
        let full = "x".repeat(65);
        for (lines, memo) in [
            (vec!["one", "", "two  three "], "one two three".to_owned()),
            (vec![full.as_str(), "y z"], format!("{full}y z")),
        ] {
            assert_eq!(cells(&lines, &[Column::Memo]), [memo]);
        }
    }
}
