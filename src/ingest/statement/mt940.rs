//! Reads SWIFT MT940 and MT942 messages in the dialects of many banks.
//!
//! A file is a row of fields, `:tag:` and text up to the next field. Whatever a bank writes around
//! them (SWIFT blocks, names of banks, control characters, a missing `-}`) is kept as structure.
//! A field that is damaged stays a row with the text as it is, so that it is rejected with its
//! reason where its amount or date is read, and costs itself only.

mod information;
mod movement;

use std::borrow::Cow;

use self::information::Information;
use super::look::{self, mt940_tag as tag};
use super::sheet::{Column, MOVEMENT, Row, Sheet};
use crate::error::Error;
use crate::ingest::record::{Counts, RecordSink};
use crate::ingest::stated::{Stated, What};

/// How many lines are looked at behind a `-` for the next field: bounds the work on a hostile file.
const LINES_AHEAD: usize = 200;

/// Reads a whole file.
///
/// # Errors
/// None so far: what is damaged is kept as it is, to be rejected row by row.
pub fn read(text: &str, sink: &mut dyn RecordSink) -> Result<Counts, Error> {
    let mut reader = Reader::default();
    let mut field: Option<Field<'_>> = None;
    let mut last_end = 0;
    for line in lines(text) {
        last_end = line.to;
        if let Some(tag) = tag(line.text) {
            if let Some(done) = field.take() {
                reader.take(&done);
            }
            let rest = line.text.get(tag.len().saturating_add(2)..).unwrap_or_default();
            field = Some(Field { tag, from: line.from, to: line.to, lines: vec![rest] });
        } else if ends_message(line.text, text.get(line.to..).unwrap_or_default()) {
            if let Some(done) = field.take() {
                reader.take(&done);
            }
            reader.structure("message end", line.from, line.to);
        } else if let Some(field) = &mut field {
            field.lines.push(line.text);
            field.to = line.to;
        } else if !line.text.is_empty() {
            reader.structure("heading", line.from, line.to);
        }
    }
    if let Some(mut done) = field.take() {
        done.to = done.to.max(last_end);
        reader.take(&done);
    }
    reader.flush();
    Ok(reader.sheet.finish(if look::is_mt942(text) { "MT942" } else { "MT940" }, text, sink))
}

/// A line, without its end and the control characters around it.
#[derive(Clone, Copy, Debug)]
struct Line<'t> {
    text: &'t str,
    from: usize,
    to: usize,
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut at = 0usize;
    text.split_inclusive(['\n', '\r']).map(move |whole| {
        let (from, to) = (at, at.saturating_add(whole.len()));
        at = to;
        let control = |letter: char| letter.is_control() || letter == '\u{feff}';
        let text = whole.trim_start_matches(control).trim_end_matches(control);
        Line { text, from, to }
    })
}

/// Whether a line ends a message: `-`, `-}…`, or the blocks before the next one. A `-` inside a
/// text is told apart by what follows: further fields of the same message.
fn ends_message(line: &str, rest: &str) -> bool {
    if line.starts_with("-}") || line.starts_with("{1:") || line.starts_with(":940:") {
        return true;
    }
    if line.trim_end() != "-" {
        return false;
    }
    let next = lines(rest).take(LINES_AHEAD).find_map(|line| tag(line.text));
    matches!(next, None | Some("20"))
}

/// One field with all its lines.
#[derive(Debug)]
struct Field<'t> {
    tag: &'t str,
    from: usize,
    to: usize,
    lines: Vec<&'t str>,
}

impl Field<'_> {
    /// Its text in one line, as fields are meant that banks broke by hand.
    fn joined(&self) -> String {
        self.lines.iter().map(|line| line.trim()).collect()
    }
}

/// The message that is being read.
#[derive(Debug, Default)]
struct Reader<'t> {
    sheet: Sheet<'t>,
    account: String,
    statement: String,
    part: u32,
    currency: String,
    /// A movement whose information may still follow.
    movement: Option<(Row<'t>, Information)>,
}

impl<'t> Reader<'t> {
    fn take(&mut self, field: &Field<'t>) {
        if field.tag == "86" {
            return self.information(field);
        }
        self.flush();
        match field.tag {
            "20" => self.begin(field),
            "25" | "25P" => {
                self.account = field.joined();
                self.structure("account", field.from, field.to);
            }
            "28" | "28C" => {
                self.statement = field.joined();
                self.structure("number", field.from, field.to);
            }
            "61" => self.movement(field),
            "60F" | "60M" => self.balance(field, What::Opening),
            "62F" | "62M" => self.balance(field, What::Closing),
            "64" => self.balance(field, What::Available),
            "90C" => self.sum(field, What::Credits),
            "90D" => self.sum(field, What::Debits),
            "34F" => {
                let floor = field.joined();
                if let Some(currency) = floor.get(..3).filter(|text| is_currency(text)) {
                    self.currency = currency.to_owned();
                }
                self.structure("floor limit", field.from, field.to);
            }
            _ => self.structure("remark", field.from, field.to),
        }
    }

    /// `:20:` opens a message: nothing of the one before counts any longer.
    fn begin(&mut self, field: &Field<'t>) {
        self.part = self.part.saturating_add(1);
        self.account.clear();
        self.statement.clear();
        self.currency.clear();
        self.structure("message", field.from, field.to);
    }

    fn row(&self, record: &'static str, from: usize, to: usize) -> Row<'t> {
        let mut row = Row::new(record, from, to);
        row.set(Column::Account, self.account.clone());
        row.set(Column::Statement, self.statement.clone());
        row.set(Column::Part, self.part.to_string());
        row.set(Column::Currency, self.currency.clone());
        row
    }

    fn structure(&mut self, record: &'static str, from: usize, to: usize) {
        self.flush();
        let row = self.row(record, from, to);
        self.sheet.push(row);
    }

    /// `C240312USD17376,67`.
    fn balance(&mut self, field: &Field<'t>, what: What) {
        let text = field.joined();
        let mut row = self.row(what.name(), field.from, field.to);
        let Some((sign, day, currency, amount)) = balance_parts(&text) else {
            row.state(&Stated::new(what, &text));
            self.sheet.push(row);
            return;
        };
        self.currency = currency.to_owned();
        row.set(Column::Currency, self.currency.clone());
        let (day, amount) = (date(day), format!("{sign}{}", decimal(amount)));
        row.state(&Stated { on: Some(&day), ..Stated::new(what, &amount) });
        self.sheet.push(row);
    }

    /// `3PLN0,03`: how many movements, and what they sum up to.
    fn sum(&mut self, field: &Field<'t>, what: What) {
        let text = field.joined();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (count, rest) = text.split_at_checked(digits).unwrap_or(("", ""));
        let (currency, amount) = rest.split_at_checked(3).unwrap_or(("", rest));
        if is_currency(currency) {
            self.currency = currency.to_owned();
        }
        let mut row = self.row(what.name(), field.from, field.to);
        row.state(&Stated { count: Some(count), ..Stated::new(what, &decimal(amount)) });
        self.sheet.push(row);
    }

    fn movement(&mut self, field: &Field<'t>) {
        let mut row = self.row(MOVEMENT, field.from, field.to);
        movement::fill(&mut row, &field.lines);
        self.movement = Some((row, Information::default()));
    }

    /// `:86:` is about the movement before it, or about the whole statement.
    fn information(&mut self, field: &Field<'t>) {
        if let Some((row, information)) = &mut self.movement {
            row.to = field.to;
            information.add(&field.lines);
            return;
        }
        let mut row = self.row("information", field.from, field.to);
        let text = field.joined();
        row.set(Column::Memo, text.clone());
        summary(&mut row, &text);
        self.sheet.push(row);
    }

    /// Gives the movement away once nothing more can be said about it.
    fn flush(&mut self) {
        if let Some((mut row, information)) = self.movement.take() {
            information.fill(&mut row);
            self.sheet.push(row);
        }
    }
}

/// `/SUM/4/4/134,46/36,58/`: numbers and sums of debits and credits, as Dutch banks close with.
fn summary(row: &mut Row<'_>, text: &str) {
    let Some((_, rest)) = text.split_once("/SUM/") else { return };
    let mut parts = rest.split('/');
    let [Some(debits), Some(credits), Some(debit), Some(credit)] =
        [parts.next(), parts.next(), parts.next(), parts.next()]
    else {
        return;
    };
    row.state(&Stated { count: Some(debits), ..Stated::new(What::Debits, &decimal(debit)) });
    row.state(&Stated { count: Some(credits), ..Stated::new(What::Credits, &decimal(credit)) });
}

/// Sign, date, currency and amount of a balance.
fn balance_parts(text: &str) -> Option<(&'static str, &str, &str, &str)> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("C", rest) => ("", rest),
        ("D", rest) => ("-", rest),
        _ => return None,
    };
    let (day, rest) = rest.split_at_checked(6)?;
    let (currency, amount) = rest.split_at_checked(3)?;
    is_currency(currency).then_some((sign, day, currency, amount))
}

fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// `240312` as an ISO date; what is none stays as it is, to be rejected where it is read.
fn date(text: &str) -> Cow<'_, str> {
    let [year, month, day] = [text.get(..2), text.get(2..4), text.get(4..6)];
    match (year, month, day) {
        (Some(year), Some(month), Some(day)) if text.bytes().all(|b| b.is_ascii_digit()) => {
            // Statements are younger than the format, which is of 1980.
            let century = if year < "80" { "20" } else { "19" };
            Cow::Owned(format!("{century}{year}-{month}-{day}"))
        }
        _ => Cow::Borrowed(text),
    }
}

/// `1234,5` with a decimal point; what is no such number stays as it is.
fn decimal(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b',');
    match (plain, text.matches(',').count()) {
        (true, 0 | 1) => match text.strip_suffix(',') {
            Some(whole) => Cow::Borrowed(whole),
            None => Cow::Owned(text.replace(',', ".")),
        },
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests;
