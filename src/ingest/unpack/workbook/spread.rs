//! Decides whether the cells of a sheet stand together as a table, and which of them stand alone.
//!
//! What a sheet states of its own range is often wrong and not looked at; the cells count. A table
//! with one forgotten cell far away is read, and that cell is named; cells that only span a huge
//! rectangle between them are no table.

use super::sheet::column_name;
use crate::error::Error;
use crate::limits;

/// Columns between two cells of a row that still stand together: tables have empty columns.
const NEAR: usize = 16;

/// Where the cells of the rows so far stand.
#[derive(Debug, Default)]
pub(super) struct Spread {
    /// The rectangle around them: rows and columns, from 0.
    area: Option<Area>,
    /// Row and column of the first cell of the last row.
    last: Option<(u32, usize)>,
    /// Rows whose cells stand beside each other, or under one of the row before.
    together: u32,
}

#[derive(Clone, Copy, Debug)]
struct Area {
    top: u32,
    bottom: u32,
    left: usize,
    right: usize,
}

impl Spread {
    /// Takes a row with its cells from column A on; the column of the cell in it that stands alone,
    /// far from all others.
    pub(super) fn row(&mut self, row: u32, cells: &[String]) -> Option<usize> {
        let mut filled = cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
        let first = filled.next()?.0;
        let (mut right, mut beside, mut alone) = (first, false, None);
        for (column, _) in filled {
            let gap = column - right;
            beside |= gap <= NEAR;
            if gap > limits::STRAY_GAP {
                alone = Some(column);
            }
            right = column;
        }
        if right == first && self.is_far(row, first) {
            alone = Some(first);
        }
        let under = self.last.is_some_and(|(above, column)| above + 1 == row && column == first);
        self.together = self.together.saturating_add(u32::from(beside || under));
        self.last = Some((row, first));
        let area = self.area.get_or_insert(Area { top: row, bottom: row, left: first, right });
        area.bottom = row;
        area.left = area.left.min(first);
        area.right = area.right.max(right);
        alone
    }

    /// Whether a cell is far below or far right of all rows so far.
    fn is_far(&self, row: u32, column: usize) -> bool {
        let gap = |to: usize, from: usize| to.saturating_sub(from) > limits::STRAY_GAP;
        self.area
            .is_some_and(|area| gap(row as usize, area.bottom as usize) || gap(column, area.right))
    }

    /// Decides at the end of the sheet.
    ///
    /// # Errors
    /// `limit/spread` for a few cells that span a huge rectangle.
    pub(super) fn decide(&self) -> Result<(), Error> {
        let Some(Area { top, bottom, left, right }) = self.area else { return Ok(()) };
        let cells = (u64::from(bottom - top) + 1).saturating_mul((right - left) as u64 + 1);
        if cells <= limits::SPREAD_CELLS || self.together >= 2 {
            return Ok(());
        }
        let name = |row: u32, column: usize| cell_name(row.saturating_add(1), column);
        let (from, to) = (name(top, left), name(bottom, right));
        let message = format!("the few cells of the sheet span {from}:{to} and make no table");
        Err(Error::new("limit/spread", message)
            .remedy_is("delete the cells that stand far from the table, and save it again")
            .arg("from", from)
            .arg("to", to)
            .arg("cells", limits::SPREAD_CELLS))
    }
}

/// The name of a cell, of its row from 1 and its column from 0.
pub(super) fn cell_name(row: u32, column: usize) -> String {
    format!("{}{row}", column_name(u32::try_from(column).unwrap_or(u32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Row and column, from 0.
    type At = (u32, usize);

    const LAST_ROW: u32 = 1_048_575;
    const LAST_COLUMN: usize = 16_383;

    /// Cells by row and column: those that stand alone, and what is decided.
    fn outcome(cells: &[At]) -> (Vec<String>, Result<(), String>) {
        let (mut spread, mut alone) = (Spread::default(), Vec::new());
        for row in cells.chunk_by(|one, other| one.0 == other.0) {
            let mut texts = vec![String::new(); row.last().unwrap().1 + 1];
            row.iter().for_each(|(_, column)| texts[*column] = "x".to_owned());
            let found = spread.row(row[0].0, &texts);
            alone.extend(found.map(|column| cell_name(row[0].0 + 1, column)));
        }
        (alone, spread.decide().map_err(|error| error.to_string()))
    }

    #[test]
    fn a_table_is_read_whatever_else_stands_far_away() {
        let table: Vec<At> = (0..4).flat_map(|row| [(row, 0), (row, 3)]).collect();
        let list = [(0, 2), (1, 2), (2, 2)];
        let with = |table: &[At], more: &[At]| [table, more].concat();
        let cases: [(Vec<At>, &[&str]); 10] = [
            (table.clone(), &[]),
            (with(&table, &[(LAST_ROW, LAST_COLUMN)]), &["XFD1048576"]),
            (with(&table, &[(LAST_ROW, 0)]), &["A1048576"]),
            (with(&table, &[(4, LAST_COLUMN)]), &["XFD5"]),
            (with(&table, &[(4, 0), (4, 2), (4, LAST_COLUMN)]), &["XFD5"]),
            (with(&list, &[(LAST_ROW, LAST_COLUMN)]), &["XFD1048576"]),
            // A second table far below, and a total not quite so far.
            (with(&table, &[(LAST_ROW, 0), (LAST_ROW, 1)]), &[]),
            (with(&table, &[(900, 3)]), &[]),
            // Two cells that span little.
            (vec![(0, 0), (999, 999)], &[]),
            (vec![], &[]),
        ];
        for (cells, alone) in cases {
            let (found, decided) = outcome(&cells);
            assert_eq!((found, decided), (alone.iter().map(ToString::to_string).collect(), Ok(())));
        }
    }

    #[test]
    fn a_few_cells_far_apart_are_no_table() {
        let corners = [(0, 0), (0, LAST_COLUMN), (LAST_ROW, 0), (LAST_ROW, LAST_COLUMN)];
        let header = [(0, 0), (0, 1), (0, 2), (LAST_ROW, LAST_COLUMN)];
        let cases: [(&[At], &str); 4] = [
            (&[corners[0], corners[3]], "A1:XFD1048576"),
            (&corners, "A1:XFD1048576"),
            (&[(1, 1), (LAST_ROW - 1, LAST_COLUMN - 1)], "B2:XFC1048575"),
            // A header alone is no table either.
            (&header, "A1:XFD1048576"),
        ];
        for (cells, range) in cases {
            let (_, decided) = outcome(cells);
            assert!(decided.as_ref().is_err_and(|why| why.contains(range)), "{decided:?}");
        }
    }
}
