//! A record: one row of a source as text cells, with the place where it starts.
//!
//! Readers push records into a [`RecordSink`]; what the cells mean is decided by the sink.

use std::ops::ControlFlow;

use super::diagnostic::Diagnostic;

/// Whether the sink wants more records: `Continue(())`, or `Break(())` to stop reading.
pub type Flow = ControlFlow<()>;

/// One row of a source, borrowed for the time of one call.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    row: u32,
    offset: u64,
    raw: &'a str,
    text: &'a str,
    spans: &'a [Span],
}

/// Start and end of one cell, in bytes of [`Record`]'s text.
pub type Span = (u32, u32);

impl<'a> Record<'a> {
    /// A record whose cells are `spans` of `text`; `raw` is the row as it is written in the source.
    ///
    /// A span that does not lie on character boundaries of `text` reads as an empty cell.
    #[must_use]
    pub fn new(row: u32, offset: u64, raw: &'a str, text: &'a str, spans: &'a [Span]) -> Self {
        Record { row, offset, raw, text, spans }
    }

    /// The physical line on which the record starts (text), or its element (JSON), from 1.
    #[must_use]
    pub fn row(&self) -> u32 {
        self.row
    }

    /// Bytes from the start of the source to the start of the record.
    ///
    /// Exact for UTF-8 and JSON; for GB18030 and UTF-16 it counts the decoded text as UTF-8.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The row as it is written, quotes and all, without its line terminator.
    #[must_use]
    pub fn raw(&self) -> &'a str {
        self.raw
    }

    /// How many cells the row has; rows of one table may differ.
    #[must_use]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether the row has no cells at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The cell at `index` from 0, unescaped and untrimmed; `None` behind the last one.
    #[inline(always)]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&'a str> {
        let &(start, end) = self.spans.get(index)?;
        Some(self.text.get(start as usize..end as usize).unwrap_or_default())
    }

    /// The spans of all cells.
    pub(super) fn spans_into(&self, spans: &mut Vec<Span>) {
        spans.extend_from_slice(self.spans);
    }

    /// The spans of these cells, in this order; an empty one for `None` and behind the last cell.
    pub(super) fn order_into(&self, order: &[Option<usize>], spans: &mut Vec<Span>) {
        let span = |at: &Option<usize>| at.and_then(|at| self.spans.get(at)).copied();
        spans.extend(order.iter().map(|at| span(at).unwrap_or_default()));
    }

    /// The same record with other cells.
    pub(super) fn with_spans<'s>(&self, spans: &'s [Span]) -> Record<'s>
    where
        'a: 's,
    {
        Record { spans, ..*self }
    }

    /// All cells in order.
    pub fn cells(&self) -> impl ExactSizeIterator<Item = &'a str> + Clone + use<'a> {
        let text = self.text;
        self.spans
            .iter()
            .map(move |&(start, end)| text.get(start as usize..end as usize).unwrap_or_default())
    }
}

/// What takes the records of one source, in file order.
pub trait RecordSink {
    /// Called once before the first record by formats that name their columns (JSON): the records'
    /// cells are in this order. Text tables do not call it: their header is one of the records.
    fn columns(&mut self, names: &[String]) {
        let _ = names;
    }

    /// Takes one record.
    fn record(&mut self, record: &Record<'_>) -> Flow;

    /// Takes something that the reader noticed and could live with.
    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        let _ = diagnostic;
    }
}

/// What a reader has read so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records given to the sink.
    pub records: u32,
    /// Lines without a single character outside quotes; they are no records.
    pub blank: u32,
    /// Physical lines (text) or elements (JSON).
    pub lines: u32,
}

/// A sink that keeps the records of a source, all or the first ones: for samples and small files.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// What [`RecordSink::columns`] was given; empty for text tables.
    pub columns: Vec<String>,
    /// The records in file order.
    pub rows: Vec<Row>,
    /// The diagnostics in the order in which they came.
    pub diagnostics: Vec<Diagnostic>,
    limit: Option<usize>,
}

/// One record that outlives the reader's buffers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// As [`Record::row`].
    pub row: u32,
    /// As [`Record::offset`].
    pub offset: u64,
    /// As [`Record::raw`].
    pub raw: String,
    /// As [`Record::cells`].
    pub cells: Vec<String>,
}

impl Rows {
    /// Keeps up to `limit` records and then stops the reader.
    #[must_use]
    pub fn up_to(limit: usize) -> Self {
        Rows { limit: Some(limit), ..Rows::default() }
    }

    /// The rows of a table that a test writes down.
    #[cfg(test)]
    pub(crate) fn of_lines(lines: &[&str], separator: char) -> Self {
        let row = |(line, row): (&&str, u32)| Row {
            row,
            offset: 0,
            raw: (*line).to_owned(),
            cells: line.split(separator).map(str::to_owned).collect(),
        };
        Rows { rows: lines.iter().zip(1..).map(row).collect(), ..Rows::up_to(lines.len()) }
    }
}

impl RecordSink for Rows {
    fn columns(&mut self, names: &[String]) {
        self.columns = names.to_vec();
    }

    fn record(&mut self, record: &Record<'_>) -> Flow {
        self.rows.push(Row {
            row: record.row(),
            offset: record.offset(),
            raw: record.raw().to_owned(),
            cells: record.cells().map(str::to_owned).collect(),
        });
        let full = self.limit.is_some_and(|limit| self.rows.len() >= limit);
        if full { Flow::Break(()) } else { Flow::Continue(()) }
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}
