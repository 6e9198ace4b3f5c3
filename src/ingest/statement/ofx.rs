//! Reads OFX and QFX: version 1, which is SGML whose elements need not be closed, and version 2,
//! which is XML, by the same tokens.

mod tokens;

use std::borrow::Cow;

use self::tokens::{Token, tokens};
use super::sheet::{Column, MOVEMENT, Row, Sheet};
use crate::error::Error;
use crate::ingest::record::{Counts, RecordSink};
use crate::ingest::stated::{Stated, What};

/// Reads a whole file.
///
/// # Errors
/// None so far: what is damaged is kept as it is, to be rejected row by row.
pub fn read(text: &str, sink: &mut dyn RecordSink) -> Result<Counts, Error> {
    let mut reader = Reader::default();
    for placed in tokens(text) {
        match placed.token {
            Token::Open(name, value) => reader.open(name, value, placed.from, placed.to),
            Token::Close(name) => reader.close(name, placed.to),
        }
    }
    reader.flush();
    Ok(reader.sheet.finish("OFX", text, sink))
}

/// Inside which aggregate an element stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Inside {
    /// None that matters.
    #[default]
    Nothing,
    /// The statement itself.
    Statement,
    /// The account of the statement.
    Account,
    /// A movement.
    Movement,
    /// The other account of a movement.
    OtherAccount,
    /// The currency before conversion.
    Original,
    /// A balance.
    Balance(What),
}

#[derive(Debug, Default)]
struct Reader<'t> {
    sheet: Sheet<'t>,
    inside: Inside,
    account: String,
    currency: String,
    part: u32,
    /// The row that is being filled: a movement or a balance.
    row: Option<Row<'t>>,
    /// Amount and date of a balance.
    balance: (String, String),
}

impl<'t> Reader<'t> {
    fn open(&mut self, name: &str, value: &'t str, from: usize, to: usize) {
        let value = unescaped(value.trim());
        if !value.is_empty() {
            if let Some(row) = &mut self.row {
                row.to = to;
            }
            return self.leaf(&name.to_ascii_uppercase(), value);
        }
        let inside = match name.to_ascii_uppercase().as_str() {
            "STMTRS" | "CCSTMTRS" | "INVSTMTRS" => {
                self.begin(from, to);
                Inside::Statement
            }
            "BANKACCTFROM" | "CCACCTFROM" | "INVACCTFROM" => Inside::Account,
            "STMTTRN" => {
                self.start(MOVEMENT, from, to);
                Inside::Movement
            }
            "BANKACCTTO" | "CCACCTTO" if self.row.is_some() => Inside::OtherAccount,
            "CURRENCY" | "ORIGCURRENCY" if self.row.is_some() => Inside::Original,
            "LEDGERBAL" => self.start_balance(What::Closing, from, to),
            "AVAILBAL" => self.start_balance(What::Available, from, to),
            _ => return,
        };
        self.inside = inside;
    }

    /// A statement begins; nothing of the one before counts any longer.
    fn begin(&mut self, from: usize, to: usize) {
        self.flush();
        self.part = self.part.saturating_add(1);
        self.account.clear();
        self.currency.clear();
        self.start("statement", from, to);
        self.flush();
    }

    fn start(&mut self, record: &'static str, from: usize, to: usize) {
        self.flush();
        let mut row = Row::new(record, from, to);
        row.set(Column::Account, self.account.clone());
        row.set(Column::Part, self.part.to_string());
        row.set(Column::Currency, self.currency.clone());
        if record == MOVEMENT {
            row.set(Column::Status, "booked");
            row.set(Column::Kind, "movement");
        }
        self.row = Some(row);
    }

    fn start_balance(&mut self, what: What, from: usize, to: usize) -> Inside {
        self.start(what.name(), from, to);
        self.balance = (String::new(), String::new());
        Inside::Balance(what)
    }

    fn leaf(&mut self, name: &str, value: Cow<'t, str>) {
        match (self.inside, name) {
            (_, "CURDEF") => self.currency = value.into_owned(),
            (Inside::Account, "ACCTID") => self.account = value.into_owned(),
            (Inside::Balance(_), "BALAMT") => self.balance.0 = value.into_owned(),
            (Inside::Balance(_), "DTASOF") => self.balance.1 = value.into_owned(),
            (Inside::Movement, _) => self.describe(name, value),
            (Inside::OtherAccount, "ACCTID") => self.fill(Column::CounterpartyAccount, value),
            (Inside::Original, "CURSYM") => self.fill(Column::OriginalCurrency, value),
            (Inside::Original, "CURRATE") => self.fill(Column::Rate, value),
            _ => {}
        }
    }

    fn fill(&mut self, column: Column, value: Cow<'t, str>) {
        if let Some(row) = &mut self.row {
            row.offer(column, value);
        }
    }

    fn describe(&mut self, name: &str, value: Cow<'t, str>) {
        let column = match name {
            "TRNTYPE" => {
                if let Some(kind) = kind(&value) {
                    self.set(Column::Kind, Cow::Borrowed(kind));
                }
                Column::Code
            }
            "DTPOSTED" => return self.set(Column::BookedOn, Cow::Owned(date(&value))),
            "DTAVAIL" => {
                let day: String = date(&value).chars().take(10).collect();
                return self.set(Column::ValueDate, Cow::Owned(day));
            }
            "TRNAMT" => return self.set(Column::Amount, Cow::Owned(decimal(&value))),
            "FITID" => Column::BankReference,
            "REFNUM" | "CHECKNUM" => Column::CustomerReference,
            "NAME" | "PAYEEID" => Column::Counterparty,
            "MEMO" => Column::Memo,
            _ => return,
        };
        self.fill(column, value);
    }

    fn set(&mut self, column: Column, value: Cow<'t, str>) {
        if let Some(row) = &mut self.row {
            row.set(column, value);
        }
    }

    fn close(&mut self, name: &str, to: usize) {
        let name = name.to_ascii_uppercase();
        match name.as_str() {
            "STMTTRN" | "LEDGERBAL" | "AVAILBAL" => {
                if let Some(row) = &mut self.row {
                    row.to = to;
                }
                self.flush();
                self.inside = Inside::Statement;
            }
            "BANKTRANLIST" | "STMTRS" | "CCSTMTRS" | "INVSTMTRS" => {
                self.flush();
                self.inside = Inside::Statement;
            }
            "BANKACCTTO" | "CCACCTTO" | "CURRENCY" | "ORIGCURRENCY" if self.row.is_some() => {
                self.inside = Inside::Movement;
            }
            "BANKACCTFROM" | "CCACCTFROM" | "INVACCTFROM" => self.inside = Inside::Statement,
            _ => {}
        }
    }

    /// Gives the row away that is being filled.
    fn flush(&mut self) {
        let Some(mut row) = self.row.take() else { return };
        if let Inside::Balance(what) = self.inside {
            let (amount, day) = std::mem::take(&mut self.balance);
            let day: String = date(&day).chars().take(10).collect();
            let on = Some(day.as_str()).filter(|day| !day.is_empty());
            row.state(&Stated { on, ..Stated::new(what, &decimal(&amount)) });
        }
        self.sheet.push(row);
        self.inside = Inside::Statement;
    }
}

fn kind(code: &str) -> Option<&'static str> {
    match code.to_ascii_uppercase().as_str() {
        "FEE" | "SRVCHG" => Some("fee"),
        "INT" | "DIV" => Some("interest"),
        _ => None,
    }
}

/// `20260301120000.000[-5:EST]` as `2026-03-01T12:00:00-05:00`. Without an offset only the day is
/// taken: banks write midnight or noon there. What is no date stays as it is.
fn date(text: &str) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    if digits < 8 {
        return text.to_owned();
    }
    let day = format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8));
    let offset = text.split_once('[').and_then(|(_, zone)| offset(zone));
    match offset {
        Some(offset) if digits >= 12 => {
            let seconds = if digits >= 14 { part(12, 14) } else { "00" };
            format!("{day}T{}:{}:{seconds}{offset}", part(8, 10), part(10, 12))
        }
        _ => day,
    }
}

/// `-5:EST]`, `+5.5]` or `0:GMT]` as `-05:00`, `+05:30` or `+00:00`.
fn offset(zone: &str) -> Option<String> {
    let number = zone.split([':', ']']).next()?.trim();
    let (sign, number) = match number.strip_prefix('-') {
        Some(number) => ("-", number),
        None => ("+", number.trim_start_matches('+')),
    };
    let (hours, part) = number.split_once('.').unwrap_or((number, ""));
    let hours: u8 = hours.parse().ok().filter(|hours| *hours <= 14)?;
    let minutes = match part {
        "" | "0" | "00" => 0,
        "25" => 15,
        "5" | "50" | "30" => 30,
        "75" | "45" => 45,
        _ => return None,
    };
    Some(format!("{sign}{hours:02}:{minutes:02}"))
}

/// An amount with a decimal point: OFX allows a comma, and no signs between thousands.
fn decimal(text: &str) -> String {
    let text = text.trim().trim_start_matches('+');
    if text.contains('.') { text.to_owned() } else { text.replacen(',', ".", 1) }
}

/// The text with its entities resolved.
fn unescaped(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix("<![CDATA[").and_then(|t| t.strip_suffix("]]>")).unwrap_or(text);
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let plain = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&nbsp;", " ")];
    let mut text = text.to_owned();
    for (entity, letter) in plain {
        text = text.replace(entity, letter);
    }
    Cow::Owned(text.replace("&amp;", "&"))
}

#[cfg(test)]
mod tests;
