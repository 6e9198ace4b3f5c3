//! Reads BAI2 cash management files: groups of accounts with stated figures, movements, and control
//! totals on three levels, which are recomputed here, since they count records and sum up raw
//! numbers of every kind.

mod fields;
mod records;

use std::borrow::Cow;

use rust_decimal::Decimal;

use self::fields::Fields;
use self::records::{Raw, records};
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
    for raw in records(text) {
        reader.take(&raw);
    }
    Ok(reader.sheet.finish("BAI2", text, sink))
}

/// What a level has summed up so far; `None` once a number was none or left the exact range.
#[derive(Clone, Copy, Debug)]
struct Level {
    total: Option<Decimal>,
    records: usize,
    members: usize,
}

impl Default for Level {
    fn default() -> Self {
        Self { total: Some(Decimal::ZERO), records: 0, members: 0 }
    }
}

impl Level {
    fn add(&mut self, amount: &str) {
        if !amount.is_empty() {
            let amount = Decimal::from_str_exact(amount).ok();
            self.total = self.total.and_then(|total| total.checked_add(amount?));
        }
    }

    /// Takes a finished level below into account.
    fn take(&mut self, below: &Level) {
        self.total = self.total.and_then(|total| total.checked_add(below.total?));
        self.records = self.records.saturating_add(below.records);
        self.members = self.members.saturating_add(1);
    }
}

#[derive(Debug, Default)]
struct Reader<'t> {
    sheet: Sheet<'t>,
    file: Level,
    group: Level,
    account: Level,
    group_currency: String,
    as_of: String,
    number: String,
    currency: String,
    part: u32,
}

impl<'t> Reader<'t> {
    fn take(&mut self, raw: &Raw<'t>) {
        let mut fields = raw.fields();
        let record = match raw.code {
            "01" => "file header",
            "02" => "group header",
            "03" => "account",
            "16" => MOVEMENT,
            "49" => "account trailer",
            "98" => "group trailer",
            "99" => "file trailer",
            _ => "unknown record",
        };
        match raw.code {
            "01" => self.file = Level { records: raw.count, ..Level::default() },
            "02" => self.open_group(raw, &mut fields),
            "03" | "16" | "49" => {
                if raw.code == "03" {
                    self.open_account(&mut fields);
                }
                self.account.records = self.account.records.saturating_add(raw.count);
            }
            "98" => self.group.records = self.group.records.saturating_add(raw.count),
            _ => self.file.records = self.file.records.saturating_add(raw.count),
        }
        let mut row = self.row(record, raw);
        match raw.code {
            "03" => self.figures(&mut row, &mut fields),
            "16" => self.movement(&mut row, &mut fields),
            "49" => {
                let account = format!("account {}", self.number);
                check(&mut row, &account, &self.account, &mut fields, None);
                self.group.take(&std::mem::take(&mut self.account));
            }
            "98" => {
                check(&mut row, "group", &self.group, &mut fields, Some("accounts"));
                self.file.take(&std::mem::take(&mut self.group));
            }
            "99" => check(&mut row, "file", &self.file, &mut fields, Some("groups")),
            _ => {}
        }
        self.sheet.push(row);
    }

    fn row(&self, record: &'static str, raw: &Raw<'t>) -> Row<'t> {
        let mut row = Row::new(record, raw.from, raw.to);
        let in_account = matches!(raw.code, "03" | "16" | "49");
        if in_account {
            row.set(Column::Account, self.number.clone());
            row.set(Column::Part, self.part.to_string());
            row.set(Column::Currency, self.currency.clone());
            row.set(Column::BookedOn, self.as_of.clone());
        }
        row
    }

    /// `02,receiver,originator,status,date,time,currency,modifier`.
    fn open_group(&mut self, raw: &Raw<'t>, fields: &mut Fields<'_>) {
        self.group = Level { records: raw.count, ..Level::default() };
        let date = fields.nth(3);
        self.as_of = iso(date);
        fields.skip(1);
        self.group_currency = fields.next().trim().to_owned();
    }

    /// `03,account,currency`, and then its figures.
    fn open_account(&mut self, fields: &mut Fields<'_>) {
        self.account = Level::default();
        self.part = self.part.saturating_add(1);
        self.number = fields.next().trim().to_owned();
        let own = fields.next().trim();
        let of_group = self.group_currency.as_str();
        let currency = [own, of_group, "USD"].into_iter().find(|code| !code.is_empty());
        self.currency = currency.unwrap_or_default().to_owned();
    }

    /// `type,amount,count,funds…`, once for each figure.
    fn figures(&mut self, row: &mut Row<'t>, fields: &mut Fields<'_>) {
        while !fields.is_over() {
            let code = fields.next().trim();
            let amount = fields.next().trim();
            let count = fields.next().trim();
            fields.skip_funds();
            self.account.add(amount);
            let what = match code {
                "010" => What::Opening,
                "015" => What::Closing,
                "045" => What::Available,
                "100" => What::Credits,
                "400" => What::Debits,
                _ => continue,
            };
            if !amount.is_empty() {
                let count = Some(count).filter(|count| !count.is_empty());
                let on = Some(self.as_of.as_str()).filter(|on| !on.is_empty());
                let on = on.filter(|_| matches!(what, What::Opening | What::Closing));
                row.state(&Stated { count, on, ..Stated::new(what, unsigned(amount)) });
            }
        }
    }

    /// `16,type,amount,funds…,bank reference,customer reference,text`.
    fn movement(&mut self, row: &mut Row<'t>, fields: &mut Fields<'_>) {
        let code = fields.next().trim().to_owned();
        let amount = fields.next().trim();
        self.account.add(amount);
        if let Some(value) = fields.skip_funds() {
            row.set(Column::ValueDate, iso(value));
        }
        let bank = fields.next().trim().to_owned();
        let customer = fields.next().trim().to_owned();
        describe(row, fields.rest());
        row.set(Column::BankReference, bank);
        row.set(Column::CustomerReference, customer);
        row.set(Column::Status, "booked");
        row.set(Column::Kind, kind(&code));
        let amount = unsigned(amount);
        match is_credit(&code) {
            Some(true) => row.set(Column::Amount, amount.to_owned()),
            Some(false) => row.set(Column::Amount, negated(amount)),
            // Loans and remarks: no movement of the account.
            None => row.set(Column::Record, "information"),
        }
        row.set(Column::Code, code);
    }
}

/// Compares a trailer with what its level came to.
fn check(
    row: &mut Row<'_>,
    level: &str,
    sums: &Level,
    fields: &mut Fields<'_>,
    members: Option<&str>,
) {
    let total = fields.next().trim();
    let shown = |number: Option<Decimal>| {
        number.map_or_else(|| "not a number".to_owned(), |number| number.to_string())
    };
    let stated = Decimal::from_str_exact(total).ok();
    let stated = stated.map_or_else(|| total.to_owned(), |number| number.to_string());
    let mut state = |name: &str, stated: &str, found: &str| {
        row.state(&Stated { name, found: Some(found), ..Stated::new(What::Check, stated) });
    };
    state(&format!("{level} control total"), &stated, &shown(sums.total));
    if let Some(members) = members {
        state(&format!("{level} {members}"), plain(fields.next()), &sums.members.to_string());
    }
    state(&format!("{level} records"), plain(fields.next()), &sums.records.to_string());
}

/// A count without leading zeros.
fn plain(count: &str) -> &str {
    let short = count.trim().trim_start_matches('0');
    if short.is_empty() && !count.trim().is_empty() { "0" } else { short }
}

/// The text of a movement; lines such as `EREF: …` name their content.
fn describe(row: &mut Row<'_>, lines: Vec<&str>) {
    let mut memo = String::new();
    for line in lines {
        let line = line.trim();
        let (name, value) = line.split_once(": ").unwrap_or(("", line));
        match (name, value.trim()) {
            (_, "") => continue,
            ("EREF", value) => row.set(Column::EndToEndId, value.to_owned()),
            ("CRNM" | "DBNM", value) => row.offer(Column::Counterparty, value.to_owned()),
            ("CACT" | "DACT", value) => row.offer(Column::CounterpartyAccount, value.to_owned()),
            ("CREF" | "CABA" | "DABA" | "CBIC" | "DBIC" | "IDNM" | "CHKN", _) => {}
            _ => {
                if !memo.is_empty() {
                    memo.push(' ');
                }
                memo.push_str(if name == "REMI" { value.trim() } else { line });
            }
        }
    }
    let memo: Vec<&str> = memo.split_whitespace().collect();
    row.set(Column::Memo, memo.join(" "));
}

/// 100 to 399 and 920 to 959 add, 400 to 699 and 960 to 999 take away.
fn is_credit(code: &str) -> Option<bool> {
    match code.parse::<u16>().ok()? {
        100..=399 | 920..=959 => Some(true),
        400..=699 | 960..=999 => Some(false),
        _ => None,
    }
}

fn kind(code: &str) -> &'static str {
    match code {
        "698" | "699" | "561" | "564" => "fee",
        "354" | "654" => "interest",
        "252" | "255" | "257" | "261" | "266" | "552" | "555" | "557" => "reversal",
        _ => "movement",
    }
}

fn unsigned(amount: &str) -> &str {
    amount.strip_prefix('+').unwrap_or(amount)
}

fn negated(amount: &str) -> String {
    match amount.strip_prefix('-') {
        Some(positive) => positive.to_owned(),
        None => format!("-{amount}"),
    }
}

/// `260301` as an ISO date; what is none stays as it is.
fn iso(date: &str) -> String {
    let date: Cow<'_, str> = match date.trim() {
        long if long.len() == 8 => Cow::Owned(long.get(2..).unwrap_or_default().to_owned()),
        short => Cow::Borrowed(short),
    };
    match [date.get(..2), date.get(2..4), date.get(4..6)] {
        [Some(year), Some(month), Some(day)] if date.len() == 6 => {
            format!("20{year}-{month}-{day}")
        }
        _ => date.into_owned(),
    }
}

#[cfg(test)]
mod tests;
