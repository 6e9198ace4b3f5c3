//! Decides the one table that every bank statement becomes: its columns, what each row is, and the
//! number by which a person finds a row.

use std::borrow::Cow;

use crate::ingest::record::{Counts, Record, RecordSink, Span};
use crate::ingest::stated::Stated;

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// What the row is: `movement`, or a word for the structure around the movements.
    Record,
    /// The account.
    Account,
    /// The statement's own number.
    Statement,
    /// Which statement of the file it is, from 1: numbers may repeat.
    Part,
    /// ISO 4217.
    Currency,
    /// Signed as the account holder sees it.
    Amount,
    /// Balances and totals that the row states, see [`Stated`].
    Figures,
    /// ISO date, with a time and an offset where the bank gives them.
    BookedOn,
    /// ISO date.
    ValueDate,
    /// `movement`, `fee`, `interest`, or `reversal`.
    Kind,
    /// The bank's own code for the kind of booking.
    Code,
    /// `booked` or `pending`.
    Status,
    /// The reference that travels with a payment from end to end.
    EndToEndId,
    /// The account holder's reference.
    CustomerReference,
    /// The bank's reference.
    BankReference,
    /// The mandate of a direct debit.
    Mandate,
    /// The batch of payments that was booked as one.
    Batch,
    /// Who paid or was paid.
    Counterparty,
    /// Their account.
    CounterpartyAccount,
    /// What the payment is for.
    Memo,
    /// The amount before conversion.
    OriginalAmount,
    /// Its currency.
    OriginalCurrency,
    /// The exchange rate.
    Rate,
}

/// The names of the columns, in the order of [`Column`]; the first is that of the format, so that a
/// profile can tell it.
pub const COLUMNS: [&str; 23] = [
    "",
    "account",
    "statement",
    "part",
    "currency",
    "amount",
    "figures",
    "booked on",
    "value date",
    "kind",
    "code",
    "status",
    "end-to-end id",
    "customer reference",
    "bank reference",
    "mandate",
    "batch",
    "counterparty",
    "counterparty account",
    "memo",
    "original amount",
    "original currency",
    "rate",
];

/// The cell of [`Column::Record`] in rows that move money.
pub const MOVEMENT: &str = "movement";

/// One row on its way into the table.
#[derive(Clone, Debug)]
pub struct Row<'t> {
    /// Where it starts in the text.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    cells: [Cow<'t, str>; COLUMNS.len()],
}

impl<'t> Row<'t> {
    /// A row of this kind at these bytes of the text.
    pub fn new(record: &'static str, from: usize, to: usize) -> Self {
        let mut row = Self { from, to, cells: Default::default() };
        row.set(Column::Record, record);
        row
    }

    /// Fills a cell.
    pub fn set(&mut self, column: Column, text: impl Into<Cow<'t, str>>) {
        if let Some(cell) = self.cells.get_mut(column as usize) {
            *cell = text.into();
        }
    }

    /// Fills a cell that is still empty.
    pub fn offer(&mut self, column: Column, text: impl Into<Cow<'t, str>>) {
        if self.get(column).is_empty() {
            self.set(column, text);
        }
    }

    /// The cell as far as it is filled.
    pub fn get(&self, column: Column) -> &str {
        self.cells.get(column as usize).map_or("", AsRef::as_ref)
    }

    /// Adds a stated figure.
    pub fn state(&mut self, figure: &Stated<'_>) {
        if let Some(cell) = self.cells.get_mut(Column::Figures as usize) {
            figure.write(cell.to_mut());
        }
    }

    /// Puts the counterparty in front of the memo, since an entry keeps one text.
    fn join_memo(&mut self) {
        let name = self.get(Column::Counterparty);
        let memo = self.get(Column::Memo);
        if !name.is_empty() && !memo.contains(name) {
            let joined =
                if memo.is_empty() { name.to_owned() } else { format!("{name} · {memo}") };
            self.set(Column::Memo, joined);
        }
    }
}

/// The table while a statement is read.
#[derive(Debug, Default)]
pub struct Sheet<'t> {
    rows: Vec<Row<'t>>,
}

impl<'t> Sheet<'t> {
    /// Takes the next row.
    pub fn push(&mut self, row: Row<'t>) {
        self.rows.push(row);
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// A row that was pushed before.
    pub fn row_mut(&mut self, index: usize) -> Option<&mut Row<'t>> {
        self.rows.get_mut(index)
    }

    /// Gives all rows to a sink. They are named by the line on which they start or, where a line
    /// holds several, by their number.
    pub fn finish(mut self, format: &str, text: &str, sink: &mut dyn RecordSink) -> Counts {
        let mut names: Vec<String> = COLUMNS.iter().map(|name| (*name).to_owned()).collect();
        if let Some(first) = names.first_mut() {
            format.clone_into(first);
        }
        sink.columns(&names);
        let numbers = numbers(text, &self.rows);
        let mut counts = Counts::default();
        let (mut cells, mut spans): (String, Vec<Span>) = (String::new(), Vec::new());
        for (row, number) in self.rows.iter_mut().zip(numbers) {
            row.join_memo();
            cells.clear();
            spans.clear();
            for cell in &row.cells {
                let from = cells.len();
                cells.push_str(cell);
                spans.push((to_u32(from), to_u32(cells.len())));
            }
            counts.records = counts.records.saturating_add(1);
            counts.lines = counts.lines.max(number);
            let raw = text.get(row.from..row.to).unwrap_or_default().trim_end();
            let offset = row.from as u64;
            if sink.record(&Record::new(number, offset, raw, &cells, &spans)).is_break() {
                break;
            }
        }
        counts
    }
}

/// The line of each row, if each starts on a line of its own; else 1, 2, 3, …
fn numbers(text: &str, rows: &[Row<'_>]) -> Vec<u32> {
    let (mut line, mut at) = (1u32, 0usize);
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let between = text.as_bytes().get(at..row.from).unwrap_or_default();
        let breaks = between.iter().filter(|&&byte| byte == b'\n').count();
        line = line.saturating_add(to_u32(breaks));
        at = at.max(row.from);
        lines.push(line);
    }
    let apart = lines.iter().zip(lines.iter().skip(1)).all(|(one, next)| one < next);
    if apart { lines } else { (1..=to_u32(rows.len())).collect() }
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::Rows;

    #[test]
    fn rows_are_named_by_their_line_or_by_their_number() {
        for (text, starts, expected) in [
            ("a\nb\n\nc", vec![0, 2, 5], vec![1, 2, 4]),
            ("a b\nc", vec![0, 2, 4], vec![1, 2, 3]),
            ("", vec![], vec![]),
        ] {
            let mut sheet = Sheet::default();
            for start in starts {
                sheet.push(Row::new("x", start, start + 1));
            }
            let mut rows = Rows::default();
            sheet.finish("X", text, &mut rows);
            let found: Vec<u32> = rows.rows.iter().map(|row| row.row).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn the_names_stand_in_the_order_of_the_columns() {
        for (column, name) in [
            (Column::Account, "account"),
            (Column::Figures, "figures"),
            (Column::EndToEndId, "end-to-end id"),
            (Column::Memo, "memo"),
            (Column::Rate, "rate"),
        ] {
            assert_eq!(COLUMNS[column as usize], name);
        }
        assert_eq!(Column::Rate as usize + 1, COLUMNS.len());
    }
}
