//! Gathers the cells of a sheet into rows, in the order of the sheet, and says what was noticed.

use super::spread::{Spread, cell_name};
use super::value::{Damage, Value};
use crate::error::Error;
use crate::ingest::diagnostic::Diagnostic;
use crate::ingest::record::{Counts, Flow, Record, RecordSink, Span};
use crate::limits;

/// Takes the cells of one sheet, row by row.
pub(super) struct Sheet<'s> {
    sink: &'s mut dyn RecordSink,
    /// The row at hand, from 0, and its cells.
    row: Option<u32>,
    cells: Vec<String>,
    damaged: Vec<(u32, Damage)>,
    /// Cells that a row has at least: as many as the widest row so far.
    width: usize,
    /// The first row of that width.
    widest: u32,
    spread: Spread,
    rows: u32,
    /// Cells with and without a text, of all rows.
    filled: u64,
    empty: u64,
    failure: Option<Error>,
    /// Rows whose numbers were noisy, and the first of them.
    noisy: Option<(u32, u32)>,
    text: String,
    spans: Vec<Span>,
}

impl<'s> Sheet<'s> {
    pub(super) fn new(sink: &'s mut dyn RecordSink) -> Self {
        Self {
            sink,
            row: None,
            cells: Vec::new(),
            damaged: Vec::new(),
            width: 0,
            widest: 0,
            spread: Spread::default(),
            rows: 0,
            filled: 0,
            empty: 0,
            failure: None,
            noisy: None,
            text: String::new(),
            spans: Vec::new(),
        }
    }

    /// Takes a cell; rows come in order, cells of a row in any. `Break` when no more are wanted.
    ///
    /// # Errors
    /// `ingest/bad-workbook` for rows out of order, `limit/columns`.
    pub(super) fn cell(&mut self, row: u32, column: u32, value: Value) -> Result<Flow, Error> {
        if value.text.is_empty() {
            return Ok(Flow::Continue(()));
        }
        if self.row != Some(row) {
            if self.row.is_some_and(|last| last > row) {
                return Err(
                    bad_workbook("its rows are out of order").at_line(row.saturating_add(1))
                );
            }
            if self.end_row().is_break() {
                return Ok(Flow::Break(()));
            }
            self.row = Some(row);
        }
        let at = column as usize;
        if at >= limits::COLUMNS {
            return Err(Error::new("limit/columns", "the row has too many cells")
                .remedy_is(format!("a table may have up to {} columns", limits::COLUMNS))
                .at_line(row.saturating_add(1))
                .arg("columns", limits::COLUMNS));
        }
        if self.cells.len() <= at {
            self.cells.resize(at + 1, String::new());
        }
        if let Some(damage) = value.damage {
            self.damaged.push((column, damage));
        }
        if let Some(cell) = self.cells.get_mut(at) {
            *cell = value.text;
        }
        Ok(Flow::Continue(()))
    }

    fn end_row(&mut self) -> Flow {
        let Some(row) = self.row.take() else { return Flow::Continue(()) };
        let number = row.saturating_add(1);
        if self.cells.len() > self.width {
            (self.width, self.widest) = (self.cells.len(), number);
        }
        self.text.clear();
        self.spans.clear();
        let mut from = 0;
        for cell in &self.cells {
            self.text.push_str(cell);
            let to = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
            self.spans.push((from, to));
            from = to;
        }
        self.spans.resize(self.width, (from, from));
        self.rows = self.rows.saturating_add(1);
        let filled = self.cells.iter().filter(|cell| !cell.is_empty()).count();
        self.filled += filled as u64;
        self.empty += (self.width - filled) as u64;
        if self.empty > limits::EMPTY_CELLS + 16 * self.filled {
            self.failure = Some(self.too_empty().at_line(number));
            return Flow::Break(());
        }
        self.remark(number);
        if let Some(column) = self.spread.row(row, &self.cells) {
            let name = cell_name(number, column);
            let message = format!("{name} stands alone, far from the rest of the sheet");
            let code = "ingest/stray-cell";
            self.sink.diagnostic(Diagnostic { code, row: Some(number), message });
        }
        self.cells.clear();
        self.sink.record(&Record::new(number, 0, "", &self.text, &self.spans))
    }

    /// What makes a sheet too wide is often one forgotten cell, which is named.
    fn too_empty(&self) -> Error {
        let cell = cell_name(self.widest, self.width.saturating_sub(1));
        let message = format!("the sheet is next to nothing but empty cells, up to {cell}");
        Error::new("limit/cells", message)
            .remedy_is("delete what stands far from the table, and save it again")
            .arg("cell", cell)
            .arg("cells", limits::EMPTY_CELLS)
    }

    /// Says what is wrong with cells of the row, in front of it.
    fn remark(&mut self, row: u32) {
        for (column, damage) in std::mem::take(&mut self.damaged) {
            let name = column_name(column);
            let (code, message) = match damage {
                Damage::Noise => {
                    let (_, count) = self.noisy.get_or_insert((row, 0));
                    *count = count.saturating_add(1);
                    continue;
                }
                Damage::LostDigits => (
                    "ingest/damaged-id",
                    format!(
                        "{name}{row} is a number of more than 15 digits: its last ones are lost"
                    ),
                ),
                Damage::Error => {
                    ("ingest/error-cell", format!("{name}{row} has an error in place of a value"))
                }
            };
            self.sink.diagnostic(Diagnostic { code, row: Some(row), message });
        }
    }

    /// Says that several rows share the cells of the first.
    pub(super) fn merged(&mut self, first: u32, last: u32, column: u32) {
        if last <= first {
            return;
        }
        let (name, first, last) =
            (column_name(column), first.saturating_add(1), last.saturating_add(1));
        let message =
            format!("{name}{first} to {name}{last} are merged: only {name}{first} has the value");
        let code = "ingest/merged-cells";
        self.sink.diagnostic(Diagnostic { code, row: Some(first), message });
    }

    /// Says that a formula has no stored result.
    pub(super) fn unsolved(&mut self, row: u32, column: u32) {
        let (name, row) = (column_name(column), row.saturating_add(1));
        let message = format!("{name}{row} is a formula whose result is not stored in the file");
        self.sink.diagnostic(Diagnostic { code: "ingest/no-result", row: Some(row), message });
    }

    /// Ends the sheet and counts its rows: `lines` down to the last one with a value.
    ///
    /// # Errors
    /// `limit/cells` for a sheet of next to nothing but empty cells, `limit/spread` for a few cells
    /// that are far apart.
    pub(super) fn finish(mut self) -> Result<Counts, Error> {
        let last = self.row.map(|row| row.saturating_add(1));
        let _ = self.end_row();
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        self.spread.decide()?;
        if let Some((row, count)) = self.noisy {
            let message = format!(
                "numbers with more digits than a spreadsheet vouches for are read as it shows \
                 them: {count} in all, the first in row {row}"
            );
            let code = "ingest/damaged-number";
            self.sink.diagnostic(Diagnostic { code, row: Some(row), message });
        }
        let lines = last.unwrap_or(0);
        Ok(Counts { records: self.rows, blank: lines.saturating_sub(self.rows), lines })
    }
}

/// `A`, …, `Z`, `AA`, … of a column from 0.
pub(super) fn column_name(column: u32) -> String {
    let mut name = Vec::new();
    let mut rest = column.saturating_add(1);
    while rest > 0 {
        let digit = (rest - 1) % 26;
        name.push(char::from(b'A' + u8::try_from(digit).unwrap_or_default()));
        rest = (rest - 1) / 26;
    }
    name.iter().rev().collect()
}

/// A workbook whose list of texts is larger than [`limits::SHARED_STRINGS_BYTES`].
pub(super) fn too_many_texts() -> Error {
    let megabytes = limits::SHARED_STRINGS_BYTES >> 20;
    let message = format!("the texts of the workbook have more than {megabytes} MB");
    Error::new("limit/cells", message)
        .remedy_is("save it as CSV, or split it")
        .arg("megabytes", megabytes)
}

/// A workbook that cannot be what it says.
pub(super) fn bad_workbook(why: &str) -> Error {
    Error::new("ingest/bad-workbook", format!("the workbook is damaged: {why}"))
        .remedy_is("open it in the spreadsheet program and save it again, or save it as CSV")
        .arg("why", why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::Rows;

    fn text(text: &str) -> Value {
        Value { text: text.to_owned(), damage: None }
    }

    #[test]
    fn cells_become_rows_as_wide_as_the_widest_so_far() {
        let mut rows = Rows::default();
        let mut sheet = Sheet::new(&mut rows);
        let cells = [
            (1, 0, "note"),
            (4, 1, "b"),
            (4, 0, "a"),
            (4, 2, "c"),
            (5, 0, "1"),
            (5, 1, ""),
            (9, 3, "x"),
        ];
        for (row, column, value) in cells {
            assert!(sheet.cell(row, column, text(value)).unwrap().is_continue());
        }
        assert_eq!(sheet.finish().unwrap(), Counts { records: 4, blank: 6, lines: 10 });
        let found: Vec<_> = rows.rows.iter().map(|r| (r.row, r.cells.join("|"))).collect();
        let expected = [(2, "note"), (5, "a|b|c"), (6, "1||"), (10, "|||x")];
        assert_eq!(found, expected.map(|(row, cells)| (row, cells.to_owned())));
    }

    #[test]
    fn rows_out_of_order_and_far_columns_are_refused() {
        let mut rows = Rows::default();
        let mut sheet = Sheet::new(&mut rows);
        assert!(sheet.cell(5, 0, text("a")).is_ok());
        assert_eq!(sheet.cell(4, 0, text("a")).unwrap_err().code(), "ingest/bad-workbook");
        let far = u32::try_from(limits::COLUMNS).unwrap();
        assert_eq!(sheet.cell(6, far, text("a")).unwrap_err().code(), "limit/columns");
    }

    #[test]
    fn columns_have_letters() {
        for (column, name) in
            [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
        {
            assert_eq!(column_name(column), name);
        }
    }
}
