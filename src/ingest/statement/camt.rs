//! Reads camt.053 statements of every version, and camt.052 and .054, which are built alike.
//!
//! A booking of several payments that are all listed becomes one row for each of them, if they sum
//! up to the booking; otherwise the booking stays one row.

mod element;
mod entry;

use quick_xml::Reader as XmlReader;
use quick_xml::events::{BytesStart, Event};
use rust_decimal::Decimal;

use self::element::Element;
use super::sheet::{Column, Row, Sheet};
use crate::error::Error;
use crate::ingest::record::{Counts, RecordSink};
use crate::ingest::stated::{Stated, What};
use crate::limits;

/// Reads a whole file.
///
/// # Errors
/// `ingest/bad-xml` with the line, `limit/nesting`.
pub fn read(text: &str, sink: &mut dyn RecordSink) -> Result<Counts, Error> {
    let mut reader = Reader::default();
    let mut xml = XmlReader::from_str(text);
    loop {
        let from = position(&xml);
        let event =
            xml.read_event().map_err(|error| bad(text, position(&xml), &error.to_string()))?;
        match event {
            Event::Start(start) => {
                reader.open(&start, from).map_err(|error| error.at_line(line(text, from)))?
            }
            Event::Empty(start) => {
                reader.open(&start, from).map_err(|error| error.at_line(line(text, from)))?;
                reader.close(position(&xml));
            }
            Event::End(_) => reader.close(position(&xml)),
            Event::Text(piece) => reader.text.push_str(&piece.into_inner()),
            Event::CData(piece) => reader.text.push_str(&piece.into_inner()),
            Event::GeneralRef(name) => reader.reference(&name.into_inner()),
            Event::Eof if reader.path.is_empty() => break,
            Event::Eof => return Err(bad(text, text.len(), "the end of the file is missing")),
            Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Comment(_) => {}
        }
    }
    Ok(reader.sheet.finish("camt.053", text, sink))
}

fn position(xml: &XmlReader<&[u8]>) -> usize {
    usize::try_from(xml.buffer_position()).unwrap_or(usize::MAX)
}

fn line(text: &str, at: usize) -> u32 {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    let breaks = before.iter().filter(|&&byte| byte == b'\n').count();
    u32::try_from(breaks).unwrap_or(u32::MAX - 1) + 1
}

fn bad(text: &str, at: usize, why: &str) -> Error {
    Error::new("ingest/bad-xml", format!("this is not valid XML: {why}"))
        .remedy_is("export the file again; it may have been cut off or edited by hand")
        .at_line(line(text, at))
}

#[derive(Debug, Default)]
struct Reader<'t> {
    sheet: Sheet<'t>,
    /// The local names of the open elements.
    path: Vec<String>,
    text: String,
    /// The statement, balance, booking or summary that is being collected.
    element: Option<Element>,
    statement: Statement,
}

/// What is known of the statement at hand.
#[derive(Debug, Default)]
struct Statement {
    id: String,
    account: String,
    currency: String,
    part: u32,
    /// The rows of its balances, each with its code.
    balances: Vec<(usize, String, String, String)>,
    /// Numbers of bookings that add and that take away.
    bookings: [usize; 2],
    /// The rows of its summaries, with the numbers of bookings that they state.
    summaries: Vec<(usize, [String; 2])>,
}

/// Elements that become rows, and the depth at which they stand: below the statement.
const COLLECTED: [&str; 3] = ["Bal", "Ntry", "TxsSummry"];

impl<'t> Reader<'t> {
    fn open(&mut self, start: &BytesStart<'_>, from: usize) -> Result<(), Error> {
        self.text.clear();
        let name = start.local_name().as_ref().to_owned();
        if self.path.len() >= limits::JSON_NESTING {
            let depth = limits::JSON_NESTING;
            let message = format!("the XML is nested deeper than {depth}");
            return Err(Error::new("limit/nesting", message)
                .remedy_is("export the statement as camt.053")
                .arg("depth", depth));
        }
        let inside = self.path.last().map(String::as_str).unwrap_or_default();
        if matches!(name.as_str(), "Stmt" | "Rpt" | "Ntfctn") && self.element.is_none() {
            self.end_statement();
            self.begin_statement(from);
        } else if self.element.is_none()
            && matches!(inside, "Stmt" | "Rpt" | "Ntfctn")
            && COLLECTED.contains(&name.as_str())
        {
            self.element = Some(Element::new(name.clone(), from, self.path.len()));
        } else if let Some(element) = &mut self.element
            && name == "TxDtls"
        {
            element.begin_detail(from, self.path.len());
        }
        if let Some(element) = &mut self.element
            && let Some(currency) = start.attributes().flatten().find(|a| a.key.as_ref() == "Ccy")
        {
            element.add(&self.path, &name, "@Ccy", &currency.value);
        }
        self.path.push(name);
        Ok(())
    }

    fn close(&mut self, to: usize) {
        let Some(name) = self.path.pop() else { return };
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        match &mut self.element {
            Some(element) => {
                if !text.is_empty() {
                    element.add(&self.path, &name, "", text);
                }
                if name == "TxDtls" {
                    element.end_detail(to);
                }
                if self.path.len() == element.depth {
                    element.to = to;
                    let element = self.element.take();
                    self.take(element.as_ref());
                }
            }
            None => self.head(&name, text),
        }
        if matches!(name.as_str(), "Stmt" | "Rpt" | "Ntfctn") && self.element.is_none() {
            self.end_statement();
        }
    }

    /// A reference to a character; what a document type would have to explain is kept as it is.
    fn reference(&mut self, name: &str) {
        let letter = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => {
                let code = name.strip_prefix('#').map(|code| match code.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16),
                    None => code.parse(),
                });
                code.and_then(Result::ok).and_then(char::from_u32)
            }
        };
        match letter {
            Some(letter) => self.text.push(letter),
            None => {
                self.text.push('&');
                self.text.push_str(name);
                self.text.push(';');
            }
        }
    }

    /// What a statement says about itself.
    fn head(&mut self, name: &str, text: &str) {
        let path: Vec<&str> = self.path.iter().rev().take(4).map(String::as_str).collect();
        match (path.as_slice(), name) {
            (["Stmt" | "Rpt" | "Ntfctn", ..], "Id") => text.clone_into(&mut self.statement.id),
            (["Id", "Acct", ..], "IBAN") | (["Othr", "Id", "Acct", ..], "Id") => {
                text.clone_into(&mut self.statement.account);
            }
            (["Acct", ..], "Ccy") => text.clone_into(&mut self.statement.currency),
            _ => {}
        }
    }

    fn begin_statement(&mut self, from: usize) {
        let part = self.statement.part.saturating_add(1);
        self.statement = Statement { part, ..Statement::default() };
        let to = from.saturating_add(1);
        let row = self.row("statement", from, to);
        self.sheet.push(row);
    }

    fn row(&self, record: &'static str, from: usize, to: usize) -> Row<'t> {
        let mut row = Row::new(record, from, to);
        row.set(Column::Account, self.statement.account.clone());
        row.set(Column::Statement, self.statement.id.clone());
        row.set(Column::Part, self.statement.part.to_string());
        row.set(Column::Currency, self.statement.currency.clone());
        row
    }

    fn take(&mut self, element: Option<&Element>) {
        let Some(element) = element else { return };
        match element.name.as_str() {
            "Bal" => self.balance(element),
            "Ntry" => self.booking(element),
            _ => self.summary(element),
        }
    }

    /// What a balance is depends on the others: all are settled when the statement ends.
    fn balance(&mut self, element: &Element) {
        let mut row = self.row("balance", element.from, element.to);
        if let Some(currency) = element.get("Amt@Ccy") {
            row.set(Column::Currency, currency.to_owned());
        }
        let amount = signed(element.get("Amt"), element.get("CdtDbtInd"));
        let code = element.get("Tp/CdOrPrtry/Cd").unwrap_or_default().to_owned();
        let on = element.get("Dt/Dt").or_else(|| element.get("Dt/DtTm")).unwrap_or_default();
        row.set(Column::Code, code.clone());
        self.statement.balances.push((self.sheet.count(), code, amount, day(on)));
        self.sheet.push(row);
    }

    fn booking(&mut self, element: &Element) {
        let is_credit = element.get("CdtDbtInd") != Some("DBIT");
        if entry::state(element) == "BOOK"
            && let Some(number) = self.statement.bookings.get_mut(usize::from(!is_credit))
        {
            *number = number.saturating_add(1);
        }
        let rows = entry::rows(element, |record, from, to| self.row(record, from, to));
        rows.into_iter().for_each(|row| self.sheet.push(row));
    }

    fn summary(&mut self, element: &Element) {
        let mut row = self.row("summary", element.from, element.to);
        let mut counts = [String::new(), String::new()];
        let totals = [(What::Credits, "TtlCdtNtries"), (What::Debits, "TtlDbtNtries")];
        for ((what, name), number) in totals.into_iter().zip(&mut counts) {
            if let Some(sum) = element.get(&format!("{name}/Sum")) {
                row.state(&Stated::new(what, sum));
            }
            let stated = element.get(&format!("{name}/NbOfNtries")).unwrap_or_default();
            stated.clone_into(number);
        }
        self.statement.summaries.push((self.sheet.count(), counts));
        self.sheet.push(row);
    }

    fn end_statement(&mut self) {
        let balances = std::mem::take(&mut self.statement.balances);
        let has =
            |codes: &[&str]| balances.iter().any(|(_, code, ..)| codes.contains(&code.as_str()));
        // Interim balances open the pages of a statement, and close them.
        let opened = has(&["OPBD", "PRCD"]);
        let closed = has(&["CLBD"]);
        let mut interim = 0usize;
        let mut opening_seen = false;
        for (row, code, amount, on) in &balances {
            let what = match code.as_str() {
                "OPBD" => What::Opening,
                "PRCD" if !has(&["OPBD"]) => What::Opening,
                "CLBD" => What::Closing,
                "CLAV" => What::Available,
                "ITBD" => {
                    interim = interim.saturating_add(1);
                    match (opened, closed, interim) {
                        (true, false, _) | (false, false, 2..) => What::Closing,
                        (false, _, 1) => What::Opening,
                        _ => continue,
                    }
                }
                _ => continue,
            };
            if what == What::Opening && std::mem::replace(&mut opening_seen, true) {
                continue;
            }
            if let Some(row) = self.sheet.row_mut(*row) {
                let on = Some(on.as_str()).filter(|on| !on.is_empty());
                row.state(&Stated { on, ..Stated::new(what, amount) });
            }
        }
        let found = self.statement.bookings;
        for (row, counts) in std::mem::take(&mut self.statement.summaries) {
            let Some(row) = self.sheet.row_mut(row) else { continue };
            let names = ["number of credit bookings", "number of debit bookings"];
            for ((name, stated), found) in names.into_iter().zip(&counts).zip(found) {
                if !stated.is_empty() {
                    let found = found.to_string();
                    row.state(&Stated {
                        name,
                        found: Some(&found),
                        ..Stated::new(What::Check, stated)
                    });
                }
            }
        }
    }
}

/// An amount with the sign of its indicator.
fn signed(amount: Option<&str>, indicator: Option<&str>) -> String {
    let sign = if indicator == Some("DBIT") { "-" } else { "" };
    format!("{sign}{}", amount.unwrap_or_default())
}

/// The day of a date or time, without the offset that XML allows behind a date.
fn day(text: &str) -> String {
    text.get(..10).unwrap_or(text).to_owned()
}

fn number(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).ok()
}

#[cfg(test)]
mod tests;
