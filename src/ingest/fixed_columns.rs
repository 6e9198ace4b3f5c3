//! Decides where the cells of a line are that a mapping cuts at fixed widths.
//!
//! ```json
//! {"fixed": {"columns": [["code", 3], ["order no", 32], ["amount", 12]], "gap": 1, "wide": 2}}
//! ```
//! A line is read whole and cut here, so that everything behind it is as in any other table. The last
//! cell takes what is left. A line that ends before it stays one cell and is rejected by its width.

use super::diagnostic::Diagnostic;
use super::dialect::{Dialect, Quoting};
use super::fixed_width::end_of;
use super::profile::Fixed;
use super::record::{Flow, Record, RecordSink, Span};
use super::source::Shape;
use crate::error::Error;

/// Lines as they are: no text has this character between its cells.
pub(super) const LINES: Shape =
    Shape::Delimited(Dialect { delimiter: 0x1f, quoting: Quoting::Off, padded: false, width: 1 });

/// Calls `read` with a sink that cuts lines, where a mapping says so.
pub(super) fn cut<T>(
    fixed: Option<&Fixed>,
    sink: &mut dyn RecordSink,
    read: impl FnOnce(&mut dyn RecordSink) -> Result<T, Error>,
) -> Result<T, Error> {
    match fixed {
        Some(fixed) => read(&mut Cutter { fixed, sink, named: false, spans: Vec::new() }),
        None => read(sink),
    }
}

/// Cuts each line, and gives its cells on.
struct Cutter<'a> {
    fixed: &'a Fixed,
    sink: &'a mut dyn RecordSink,
    named: bool,
    spans: Vec<Span>,
}

impl RecordSink for Cutter<'_> {
    fn record(&mut self, record: &Record<'_>) -> Flow {
        if !std::mem::replace(&mut self.named, true) {
            let names = self.fixed.columns.iter().map(|(name, _)| name.clone());
            self.sink.columns(&names.collect::<Vec<_>>());
        }
        let line = record.raw();
        self.spans.clear();
        if spans(self.fixed, line, &mut self.spans).is_none() {
            self.spans.clear();
            self.spans.push((0, place(line.len())));
        }
        let cells = Record::new(record.row(), record.offset(), line, line, &self.spans);
        self.sink.record(&cells)
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.sink.diagnostic(diagnostic);
    }
}

/// Where the cells of a line are; `None` if it ends before its last cell begins.
fn spans(fixed: &Fixed, line: &str, spans: &mut Vec<Span>) -> Option<()> {
    let wide = usize::from(fixed.wide);
    let (_, columns) = fixed.columns.split_last()?;
    let mut from = 0_usize;
    for (_, width) in columns {
        let rest = line.get(from..)?;
        let end = from.saturating_add(end_of(rest, usize::from(*width), wide)?);
        spans.push((place(from), place(end)));
        let gap = end_of(line.get(end..)?, usize::from(fixed.gap), wide)?;
        from = end.saturating_add(gap);
    }
    spans.push((place(from), place(line.len())));
    Some(())
}

fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::Rows;

    fn cells(fixed: &Fixed, line: &str) -> Vec<String> {
        let mut rows = Rows::default();
        let spans = [(0, place(line.len()))];
        let record = Record::new(7, 0, line, line, &spans);
        let flow = cut(Some(fixed), &mut rows, |sink| Ok(sink.record(&record)));
        assert!(flow.unwrap().is_continue());
        assert_eq!(rows.columns.len(), fixed.columns.len());
        assert_eq!((rows.rows[0].row, rows.rows[0].raw.as_str()), (7, line));
        rows.rows.remove(0).cells
    }

    #[test]
    fn cells_are_cut_at_their_widths() {
        let columns = [("a", 3), ("b", 4), ("c", 2)].map(|(name, width)| (name.to_owned(), width));
        let plain = Fixed { columns: columns.to_vec(), gap: 0, wide: 1 };
        let wide = Fixed { gap: 1, wide: 2, ..plain.clone() };
        for (fixed, line, expected) in [
            (&plain, "abc1234xy", vec!["abc", "1234", "xy"]),
            (&plain, "ab  12 xyz more", vec!["ab ", " 12 ", "xyz more"]),
            (&plain, "abc1234", vec!["abc", "1234", ""]),
            (&plain, "abc123", vec!["abc123"]),
            (&plain, "店店店1234x", vec!["店店店", "1234", "x"]),
            (&wide, "a店 1234 x", vec!["a店", "1234", "x"]),
            // A character across a border is damage.
            (&wide, "店店1234 x", vec!["店店1234 x"]),
            (&wide, "abc 1234", vec!["abc 1234"]),
        ] {
            assert_eq!(cells(fixed, line), expected, "{line}");
        }
    }
}
